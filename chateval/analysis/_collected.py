"""What a study has collected, as plain records. All times are in seconds since the epoch."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chateval.dialogue import Turn


@dataclass(frozen=True)
class CollectedTurn:
    turn: Turn
    at: float


@dataclass(frozen=True)
class CollectedDialogue:
    """One dialogue of a session; `position` counts from 0 in the order held."""

    dialogue_id: str
    position: int
    bot: str
    turns: tuple[CollectedTurn, ...]
    ratings: Mapping[str, int]


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
