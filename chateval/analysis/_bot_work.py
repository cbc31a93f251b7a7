"""What bots' turns took: columns of the tables of turns and of dialogues."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from chateval.analysis._collected import BotWork

BOT_WORK: Mapping[str, Literal["whole", "number"]] = {
    "bot_seconds": "number",
    "bot_first_text_seconds": "number",
    "bot_attempts": "whole",
    "bot_input_tokens": "whole",
    "bot_output_tokens": "whole",
    "bot_cached_tokens": "whole",
    "bot_cost_usd": "number",
}
"""The columns and their kinds. Each is None where it is not known."""


def of_turn(work: BotWork | None) -> tuple[Any, ...]:
    """The columns of one turn; a person's have none."""
    if work is None:
        return (None,) * len(BOT_WORK)
    shared, usage = (work.seconds, work.first_text_seconds, work.attempts), work.usage
    if usage is None:
        return (*shared, None, None, None, None)
    return (*shared, usage.input_tokens, usage.output_tokens, usage.cached_tokens, usage.cost_usd)


def of_dialogue(works: Iterable[BotWork]) -> tuple[Any, ...]:
    """The sums over a dialogue. What is not known of one turn is not known of the whole: half a sum would mislead."""
    rows = [of_turn(work) for work in works]
    if not rows:
        return of_turn(None)
    return tuple(None if None in column else sum(column) for column in zip(*rows, strict=True))
