"""Human evaluation of chatbots: people talk with bots in a browser, and their dialogues come out as data.

Importing this package starts nothing and imports neither Mephisto nor ParlAI nor torch.
"""

__version__ = "0.1.0"
