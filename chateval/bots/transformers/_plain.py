"""How a dialogue is written for a checkpoint that has no chat template."""

CAUSAL_TEMPLATE = (
    "{%- for message in messages -%}"
    "{%- if message.role == 'system' -%}{{ message.content + '\n\n' }}"
    "{%- else -%}{{ ('User: ' if message.role == 'user' else 'Bot: ') + message.content.replace('\n', ' ') + '\n' }}"
    "{%- endif -%}"
    "{%- endfor -%}"
    "{{ 'Bot:' }}"
)
"""The system prompt, then a line for each turn with the name of who says it."""

SEQ2SEQ_TEMPLATE = (
    "{%- for message in messages -%}"
    "{{ message.content if message.role == 'system' else message.content.replace('\n', ' ') }}"
    "{%- if not loop.last -%}{{ '\n' }}{%- endif -%}"
    "{%- endfor -%}"
)
"""The system prompt, then a line for each turn."""

STOPS = ("\nUser:", "\nBot:")
"""Where a model goes on as someone else."""
