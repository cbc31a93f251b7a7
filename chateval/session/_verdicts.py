"""What becomes of a message from a page."""

from dataclasses import dataclass

from chateval.session._record import Entry


@dataclass(frozen=True, slots=True)
class Accepted:
    """The message becomes this entry; it is to be acknowledged once that is committed."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The message was taken before; it is to be acknowledged again, and nothing else."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """The message changes nothing; `text` tells the worker why."""

    text: str
