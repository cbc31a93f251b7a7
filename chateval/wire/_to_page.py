"""The messages that a worker's page receives."""

from typing import Literal

import msgspec
from msgspec import Raw, Struct

from chateval.wire._from_page import LabelValue


class RatingQuestion(Struct, frozen=True):
    """One question of a scale from `low` to `high`, both included."""

    id: str
    text: str
    low: int = 1
    high: int = 5


class ConsentAsked(Struct, tag_field="kind", tag="consent_asked", frozen=True):
    seq: int


class PictureView(Struct, frozen=True):
    """A picture that a dialogue is about. `source` is a data URL; it is empty where the picture cannot be read."""

    id: str
    caption: str
    source: str = ""


class DialogueOpened(Struct, tag_field="kind", tag="dialogue_opened", frozen=True):
    """A dialogue begins. The persona is this person's own; their partner's is never shown."""

    seq: int
    dialogue: int
    minimum_turns: int
    persona: tuple[str, ...] = ()
    background: str = ""
    picture: PictureView | None = None


class Turn(Struct, tag_field="kind", tag="turn", frozen=True):
    """An utterance that the record holds. `id` is the page's own id of a turn that the page sent, else empty."""

    seq: int
    dialogue: int
    speaker: Literal["user", "system"]
    text: str
    id: str = ""


class TurnAsked(Struct, tag_field="kind", tag="turn_asked", frozen=True):
    """Whose turn it is. A bot's turn that is asked for shows as typing.

    `turns_taken` counts what this person has said; `seconds_left` is counted from the sending of this message, and None
    where no limit applies.
    """

    seq: int
    dialogue: int
    seat: Literal["person", "bot"]
    turns_taken: int
    may_finish: bool
    seconds_left: float | None = None


class RatingsAsked(Struct, tag_field="kind", tag="ratings_asked", frozen=True):
    seq: int
    dialogue: int
    questions: tuple[RatingQuestion, ...]
    seconds_left: float | None = None


class ShownTurn(Struct, frozen=True):
    speaker: Literal["user", "system"]
    text: str


class DialogueShown(Struct, tag_field="kind", tag="dialogue_shown", frozen=True):
    """A dialogue that was held before, whole. `names` are those of its speakers, by `user` and `system`."""

    seq: int
    dialogue: int
    turns: tuple[ShownTurn, ...]
    names: dict[Literal["user", "system"], str]
    bot_persona: tuple[str, ...] = ()


class LabelPart(Struct, frozen=True):
    """One task to be done on one dialogue, or on two side by side, left first.

    `task` is a task of `chateval.annotation`, as that package encodes it; it holds no key. `turns` are those to be
    labelled, empty where the task is about whole dialogues. `replies` are what a ranking without options ranks.
    """

    part: int
    dialogues: tuple[int, ...]
    turns: tuple[int, ...]
    task: Raw
    replies: tuple[str, ...] = ()


class LabelsAsked(Struct, tag_field="kind", tag="labels_asked", frozen=True):
    """Parts to be labelled in any order and handed in together.

    In the mode `online` the chat goes on meanwhile, `turns` are empty, and turns to be labelled are told one by one.
    `practice` is training: feedback comes after it, and `correction` then asks to put right what was wrong.
    """

    seq: int
    stage: int
    stages: int
    mode: Literal["online", "label", "practice", "correction"]
    parts: tuple[LabelPart, ...]
    seconds_left: float | None = None


class TurnToLabel(Struct, tag_field="kind", tag="turn_to_label", frozen=True):
    """In the mode `online`: a turn has come that is to be labelled."""

    seq: int
    part: int
    turn: int


class Labelled(Struct, tag_field="kind", tag="labelled", frozen=True):
    """An answer that the record holds now; None where it was taken back. `id` is that of the page's message."""

    seq: int
    part: int
    turn: int | None
    question: str
    value: LabelValue
    id: str = ""


class FeedbackItem(Struct, frozen=True):
    """How one turn's answers were: right or wrong, which alternatives are right, and why."""

    part: int
    turn: int
    is_right: bool
    alternatives: tuple[dict[str, LabelValue], ...]
    explanation: str


class FeedbackGiven(Struct, tag_field="kind", tag="feedback_given", frozen=True):
    """What comes after a training dialogue was handed in, never before."""

    seq: int
    mistakes: int
    items: tuple[FeedbackItem, ...]


class SubmissionAsked(Struct, tag_field="kind", tag="submission_asked", frozen=True):
    seq: int
    seconds_left: float | None = None


class Ended(Struct, tag_field="kind", tag="ended", frozen=True):
    seq: int
    outcome: Literal["completed", "left", "timed_out", "bot_failed", "qualified", "not_qualified"]


Update = (
    ConsentAsked
    | DialogueOpened
    | DialogueShown
    | Turn
    | TurnAsked
    | RatingsAsked
    | LabelsAsked
    | TurnToLabel
    | Labelled
    | FeedbackGiven
    | SubmissionAsked
    | Ended
)


class SampleDialogue(Struct, frozen=True):
    turns: tuple[ShownTurn, ...]
    names: dict[Literal["user", "system"], str]
    bot_persona: tuple[str, ...] = ()


class TaskPreview(Struct, frozen=True):
    """The tasks as they will be, on sample dialogues that are nobody's data; parts name dialogues by position."""

    dialogues: tuple[SampleDialogue, ...]
    parts: tuple[LabelPart, ...]


class StudyView(Struct, frozen=True):
    """What a page shows of the study. The fields that end in `_html` went through the sanitiser."""

    title: str
    description_html: str
    instructions_html: str
    left_pane_html: str
    dialogues: int
    minimum_turns: int
    turn_seconds: int
    reward_usd: float
    work: Literal["chat", "labels", "training"] = "chat"
    """What this session is. A gold unit is `labels`, like any other."""
    session_seconds: int = 0
    preview: TaskPreview | None = None


class Joined(Struct, tag_field="kind", tag="joined", frozen=True):
    """The answer to `join` and `resume`. Keep the token: it alone names the session from here on."""

    token: str
    study: StudyView


class Refused(Struct, tag_field="kind", tag="refused", frozen=True):
    """No place, and why, in a sentence for the worker."""

    reason: Literal[
        "no_worker_id",
        "bad_link",
        "no_places",
        "not_qualified",
        "blocked",
        "too_many_units",
        "too_many_at_once",
        "unknown_session",
        "closing",
        "not_passed",
        "stopped",
        "nothing_new",
        "no_new_picture",
    ]
    text: str


class Updates(Struct, tag_field="kind", tag="updates", frozen=True):
    """What happened in the session, in order; `seq` counts from 1 without gaps."""

    updates: tuple[Update, ...]


class PartnerState(Struct, tag_field="kind", tag="partner", frozen=True):
    """How the partner is getting on with the turn that they are asked for; a hint, which no update repeats.

    `waiting`: they are not there yet. `typing`: they are at it, and `text` is what they have said so far, whole, where
    the study shows that; it may begin anew, and the turn itself comes as an update.
    """

    dialogue: int
    state: Literal["waiting", "typing"]
    text: str = ""
    seconds: float = 0.0
    """For how long that has been so."""


class Acknowledged(Struct, tag_field="kind", tag="ack", frozen=True):
    """The message is committed to the journal."""

    id: str


class Rejected(Struct, tag_field="kind", tag="rejected", frozen=True):
    """The message changed nothing, and sending it again will not help. `id` is empty where none could be read."""

    id: str
    text: str


class OperatorState(Struct, tag_field="kind", tag="operator", frozen=True):
    """From the router: whether the study's operator is there. Join or resume each time that it turns true."""

    attached: bool


class Pong(Struct, tag_field="kind", tag="pong", frozen=True):
    """From the router: the answer to a ping."""


ToPage = Joined | Refused | Updates | PartnerState | Acknowledged | Rejected | OperatorState | Pong

_encoder = msgspec.json.Encoder()


def encode_to_page(message: ToPage) -> str:
    return _encoder.encode(message).decode()


_JOINED = '{"kind":"joined",'


def tells_of_joining(text: str) -> bool:
    """Whether an encoded message is a `joined`, told without parsing it; the encoder writes the tag first."""
    return text.startswith(_JOINED)
