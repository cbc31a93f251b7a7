"""Commands that worlds yield, events that they are sent.

A world that yields an `Ask` is sent the event that answers it; one that yields a `Show` is sent None at once. Events
are what the journal keeps, so their fields and tags are a storage format: add, never rename.
"""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, Protocol

from msgspec import Struct

from chateval.annotation import AttentionCheck, Datapoint, Grade, Sheet, Span, TurnKey
from chateval.dialogue import Context, Turn, Usage


class Outcome(StrEnum):
    """How a session ended."""

    COMPLETED = "completed"
    LEFT = "left"
    TIMED_OUT = "timed_out"
    BOT_FAILED = "bot_failed"
    QUALIFIED = "qualified"
    """A training was passed."""
    NOT_QUALIFIED = "not_qualified"
    """A training, or an onboarding, was gone through and not passed."""

    @property
    def is_paid(self) -> bool:
        """Whether the worker did what was asked of them, as far as it was up to them."""
        return self not in {Outcome.LEFT, Outcome.TIMED_OUT}


class Question(Struct, frozen=True):
    """A question about a finished dialogue, answered on a scale from `low` to `high`, both included."""

    id: str
    text: str
    low: int = 1
    high: int = 5


@dataclass(frozen=True, slots=True)
class OpenDialogue:
    dialogue: int
    minimum_turns: int
    context: Context = field(default_factory=Context)


@dataclass(frozen=True, slots=True)
class Say:
    """The world itself puts a turn into the dialogue."""

    dialogue: int
    turn: Turn


@dataclass(frozen=True, slots=True)
class ShowDialogue:
    """A dialogue that was held before. `names` are those of the person and of the bot in it."""

    dialogue: int
    turns: tuple[Turn, ...]
    names: tuple[str, str]
    bot_persona: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenLabels:
    """From now on the turns of a dialogue are labelled while it goes on."""

    sheet: Sheet


@dataclass(frozen=True, slots=True)
class ShowTurnToLabel:
    part: int
    turn: int


@dataclass(frozen=True, slots=True)
class ShowFeedback:
    """How a part was done; a `grade` without turns tells the number of mistakes and no answers."""

    part: int
    grade: Grade
    mistakes: int


@dataclass(frozen=True, slots=True)
class AskForConsent:
    pass


@dataclass(frozen=True, slots=True)
class AskPerson:
    """Ask the person for a turn. `turns_taken` counts what they have said so far, the opening apart.

    With a `sheet`, they label turns meanwhile, and what it requires comes before they may go on.
    """

    dialogue: int
    turns_taken: int
    may_finish: bool
    sheet: Sheet | None = None


@dataclass(frozen=True, slots=True)
class AskBot:
    """Ask a bot for a turn. With a `sheet`, the person may label earlier turns meanwhile."""

    dialogue: int
    bot: str
    turns_taken: int
    sheet: Sheet | None = None


@dataclass(frozen=True, slots=True)
class AskForRatings:
    dialogue: int
    questions: tuple[Question, ...]


LabelMode = Literal["label", "practice", "correction"]


@dataclass(frozen=True, slots=True)
class AskForLabels:
    """Ask for everything on a sheet. In a `correction`, every answer must come to agree with the `keys`, by part."""

    sheet: Sheet
    mode: LabelMode
    stage: int
    stages: int
    keys: Mapping[int, Mapping[int, TurnKey]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AskForVerdict:
    """Ask whether these grades, oldest first, are good enough; whoever drives the world answers with `Judged`."""

    grades: tuple[Grade, ...]


@dataclass(frozen=True, slots=True)
class AskForSubmission:
    pass


Show = OpenDialogue | ShowDialogue | Say | OpenLabels | ShowTurnToLabel | ShowFeedback
Ask = AskForConsent | AskPerson | AskBot | AskForRatings | AskForLabels | AskForVerdict | AskForSubmission
Command = Show | Ask


class Consented(Struct, tag="consented", frozen=True):
    pass


class Spoke(Struct, tag="spoke", frozen=True):
    """The seat that was asked, person or bot, took its turn; of a bot's, what is known of how it came about."""

    text: str
    seconds: float | None = None
    """From being asked to the reply, waits and further attempts included."""
    first_text_seconds: float | None = None
    """From being asked to the first piece of text; None where the reply came as a whole."""
    usage: Usage | None = None
    source: str = ""
    """Whoever spoke, where a bot speaks for someone else: the dialogue of the person behind it."""
    attempts: int = 1
    """How often a bot was asked for it: those that failed, and those that repeated its last turn, are counted."""


class Finished(Struct, tag="finished", frozen=True):
    """The person ended the dialogue, having reached its minimum."""


class PartnerFinished(Struct, tag="partner_finished", frozen=True):
    """The person behind a bot ended the dialogue, having reached its minimum; there will be no reply."""


class Rated(Struct, tag="rated", frozen=True):
    answers: dict[str, int]


class TimeSpent(Struct, frozen=True):
    """How long a person was at one turn of one part, as their page measured it; their idle time apart."""

    part: int
    turn: int | None
    active_seconds: float
    idle_seconds: float = 0.0


class Labelled(Struct, tag="labelled", frozen=True):
    """One answer was given, changed, or, with None, taken back."""

    part: int
    turn: int | None
    question: str
    value: str | int | list[str | Span] | None
    spent: tuple[TimeSpent, ...] = ()


class LabelsDone(Struct, tag="labels_done", frozen=True):
    """Everything that a sheet asks for was handed in."""

    spent: tuple[TimeSpent, ...] = ()


class Judged(Struct, tag="judged", frozen=True):
    """The verdict that was asked for."""

    is_passed: bool
    note: str = ""


class Submitted(Struct, tag="submitted", frozen=True):
    comment: str = ""


class Left(Struct, tag="left", frozen=True):
    pass


class TimedOut(Struct, tag="timed_out", frozen=True):
    pass


class BotFailed(Struct, tag="bot_failed", frozen=True):
    reason: str


Event = (
    Consented
    | Spoke
    | Finished
    | PartnerFinished
    | Rated
    | Labelled
    | LabelsDone
    | Judged
    | Submitted
    | Left
    | TimedOut
    | BotFailed
)

Play = Generator[Command, Event | None, Outcome]


Purpose = Literal["chat", "label", "training", "onboarding"]


@dataclass(frozen=True, slots=True, eq=False)
class PlacedCheck:
    """An attention check as it stands in a part: under a name that tells nothing. Each is equal to itself alone."""

    part: int
    turn: int | None
    question: str
    check: AttentionCheck


@dataclass(frozen=True, slots=True)
class LabelWork:
    """A sheet, and what it is about. `datapoint` is None for dialogues of this very session."""

    sheet: Sheet
    purpose: Purpose
    datapoint: Datapoint | None = None
    sources: Mapping[int, int] = field(default_factory=dict)
    """Dialogue number to which it is in the datapoint: 1, or 2 for `turns2`; left comes first on a page."""
    checks: tuple[PlacedCheck, ...] = ()


class World(Protocol):
    """A script being played."""

    bots: tuple[str, ...]
    """The bot of each dialogue, in the order in which they are held; none where dialogues are only labelled."""

    @property
    def work(self) -> Sequence[LabelWork]:
        """What was labelled so far, in the order in which it was asked for."""
        ...

    def play(self) -> Play: ...

    def turns(self, dialogue: int) -> Sequence[Turn]:
        """The dialogue so far: the world's own list, not a copy."""
        ...

    def context(self, dialogue: int) -> Context:
        """What a dialogue begins with."""
        ...

    def opening(self, dialogue: int) -> Sequence[Turn]:
        """The turns that a dialogue begins with, which neither the person nor the bot has said."""
        ...


class Script(Struct, tag_field="world", frozen=True):
    """Everything that a world is made from; stored with the session. Each world's script is a subclass."""
