"""What is labelled: dialogues, pairs of them, and, for training and gold units, what is right about them."""

from msgspec import Struct

from chateval.annotation._tasks import Task, Value
from chateval.dialogue import Turn


class ShownDialogue(Struct, frozen=True):
    """A dialogue as labellers see it; `source` says which it is in its datapoint: 1, or 2 for `turns2`."""

    turns: tuple[Turn, ...]
    source: int = 1


class TurnKey(Struct, frozen=True):
    """What is right about one turn: any of the alternatives, each question id to value; `{}` is "nothing applies"."""

    alternatives: tuple[dict[str, Value], ...]
    explanation: str = ""


class Datapoint(Struct, frozen=True, kw_only=True):
    """One dialogue, or two side by side, and the tasks to be done on it, in the file's order.

    `keys` hold the right answers of a training or gold datapoint, by turn; they never leave the operator.
    """

    dialogue_id: str
    group_id: str
    dialogues: tuple[ShownDialogue, ...]
    tasks: tuple[Task, ...]
    bot_persona: tuple[str, ...] = ()
    replies: tuple[str, ...] = ()
    """Candidate replies to the last turn, for a `Ranking` without options; their ids are "1", "2", ..."""
    keys: dict[int, TurnKey] = {}
    allowed_mistakes: int | None = None
    """The file's own `pass_criteria`; None leaves it to the study's rule."""


class Group(Struct, frozen=True):
    """What one unit holds: the datapoints of one `group_id`."""

    group_id: str
    datapoints: tuple[Datapoint, ...]
