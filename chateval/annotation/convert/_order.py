"""What is to be made of the sources."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["data", "screen", "gold"]
"""`data_jsonl`, `screen_json` or `gold_jsonl`."""


@dataclass(frozen=True)
class Order:
    """What is to be made of the sources."""

    kind: Kind
    tasks: tuple[str, ...]
    """Names; data may have several, the others have one."""
    persona: tuple[str, ...] = ()
    """For dialogues that bring none of their own."""
    users: tuple[str, ...] = ()
    systems: tuple[str, ...] = ()
    """Names in the sources."""
    sheets: tuple[str, ...] = ()
    """Of workbooks; none named means all."""
    ignored: tuple[str, ...] = ()
    """Columns to be left out."""
    allowed_mistakes: int | None = None
    """Of each training or gold dialogue; None leaves it to the study."""
