"""What dialogues begin with, drawn from ParlAI's tasks: once for each task, and kept as a file of contexts.

Importing this package does not import ParlAI.
"""

from chateval.openings._keeping import with_contexts

__all__ = ["with_contexts"]
