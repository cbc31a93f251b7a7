"""What a study has collected, as plain records. All times are in seconds since the epoch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from chateval.annotation import Task, Value
from chateval.dialogue import Context, Turn, Usage


@dataclass(frozen=True)
class BotWork:
    """What a bot's turn took, as far as that is known."""

    seconds: float | None
    """From being asked to the reply, waits and further attempts included."""
    first_text_seconds: float | None
    """From being asked to the first piece of text; None where the reply came as a whole."""
    attempts: int
    usage: Usage | None


@dataclass(frozen=True)
class CollectedTurn:
    turn: Turn
    at: float
    work: BotWork | None = None
    """None for turns that are no reply of a bot."""


@dataclass(frozen=True)
class CollectedDialogue:
    """One dialogue of a session; `position` counts from 0 in the order held."""

    dialogue_id: str
    position: int
    bot: str
    turns: tuple[CollectedTurn, ...]
    ratings: Mapping[str, int]
    partner_dialogue_id: str = ""
    """The same dialogue as the person saw it who spoke for the bot; empty where nobody did."""
    context: Context = field(default_factory=Context)
    """What it began with."""
    opening_turns: int = 0
    """How many of the first turns neither the person nor the bot has said."""
    violations: tuple[str, ...] | None = None
    """What was not acceptable in what the person typed, by its names in ParlAI; None where nobody looked."""


@dataclass(frozen=True)
class TurnTimes:
    """How long a person was at one turn, as their page measured it."""

    active_seconds: float
    idle_seconds: float


@dataclass(frozen=True)
class CollectedLabels:
    """One task on one dialogue, or on a pair, as one person has done it; the turn None stands for the whole.

    Of a training or an onboarding, `answers` are those that were graded, not those of the correction after it.
    """

    part: int
    """Its number within the session."""
    purpose: Literal["chat", "label", "training", "onboarding"]
    task: Task
    group_id: str
    dialogue_ids: tuple[str, ...]
    """The one labelled, or the pair, left first."""
    sources: tuple[int, ...]
    """For each of them, which it is in its datapoint: 1, or 2 for `turns2`; 1 for a dialogue of this very session."""
    bots: tuple[str, ...]
    """For each of them, the bot, where the dialogue was held in this very session; else empty texts."""
    turns: tuple[int, ...]
    """Those to be labelled; empty where the task is about whole dialogues."""
    texts: Mapping[int, str]
    """The text of each of those turns, and who said it is told by `speakers`."""
    speakers: Mapping[int, str]
    answers: Mapping[int | None, Mapping[str, Value]]
    answered_at: Mapping[tuple[int | None, str], float]
    times: Mapping[int | None, TurnTimes]
    is_submitted: bool
    is_gold: bool
    are_right: Mapping[int | None, bool]
    """For gold, training and onboarding: whether a turn's answers were right. Else empty."""
    checks: Mapping[str, tuple[int | None, bool]]
    """The attention checks among the questions: id to the turn that it was asked on, and whether it was right."""


@dataclass(frozen=True)
class CollectedSession:
    """One person at one unit; `outcome` is empty while it goes on."""

    run_id: str
    session_id: str
    unit_id: str
    worker_name: str
    assignment_name: str
    condition: str
    outcome: str
    seed: int
    started_at: float
    last_at: float
    dialogues: tuple[CollectedDialogue, ...]
    questions: Mapping[str, str]
    """Question id to the text that people read."""
    comment: str
    labels: tuple[CollectedLabels, ...] = ()
    verdicts: tuple[bool, ...] = ()
    """Of a training, or of the attempts at an onboarding, oldest first."""


@dataclass(frozen=True)
class RunFacts:
    """What is told of a run beside its data."""

    run_id: str
    task_name: str
    conf: str
    started_at: float
    config_yaml: str
    config_hash: str
    seed: int
    versions: Mapping[str, str]
    bots: Mapping[str, Mapping[str, Any]]
    later_bots: Sequence[Mapping[str, Any]] = ()
    """Where the run was continued with other bots: `since` when, and these `bots`; oldest first."""
