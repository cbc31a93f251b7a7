"""A study that has been checked: what every other part of the system reads."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from chateval.config._bots import BotSpec
from chateval.config._conditions import Condition


@dataclass(frozen=True)
class TaskRules:
    """How the work is offered, and on what terms. A limit of 0 is no limit."""

    name: str
    title: str
    description_html: str
    reward_usd: float
    tags: tuple[str, ...]
    assignment_seconds: int
    lifetime_seconds: int
    patience_seconds: int
    """How long a run waits for its next finished session before it stops by itself."""
    allowed_concurrent: int
    maximum_units_per_worker: int
    max_num_concurrent_units: int


@dataclass(frozen=True)
class Server:
    """Where the page is served."""

    hostname: str
    port: int


@dataclass(frozen=True)
class Collection:
    """How dialogues are collected. `conditions` all name equally many bots: 1 or 2."""

    minimum_turns: int
    turn_seconds: int
    answer_seconds: int
    gone_seconds: int
    """How long someone may be gone before their place is given away."""
    conditions: tuple[Condition, ...]
    opening: Literal["hi"]
    rating_questions: tuple[str, ...]
    instructions_html: str
    left_pane_html: str

    @property
    def dialogues_per_session(self) -> int:
        return len(self.conditions[0].bots)

    @property
    def sessions_needed(self) -> int:
        return sum(condition.needed for condition in self.conditions)


@dataclass(frozen=True)
class BotRuntime:
    """What bots are loaded with."""

    model_parallel: bool
    max_concurrent_responses: int
    override_opt: dict[str, Any]
    datapath: Path
    """ParlAI's folder for data and models."""
    task_dir: Path
    """Holds `parlai_internal/agents`, where there are any."""


@dataclass(frozen=True)
class Admission:
    """Who may take part."""

    block_qualification: str | None
    allowed_worker_qualification: str | None
    blocklist: frozenset[str]


@dataclass(frozen=True)
class Study:
    """One YAML file and its overrides, checked and resolved."""

    conf: str
    task: TaskRules
    server: Server
    provider: str
    requester_name: str
    collection: Collection
    bots: tuple[BotSpec, ...]
    """The bots that the conditions name, in order of name."""
    bot_runtime: BotRuntime
    admission: Admission
    requires_signed_links: bool
    """Whether a link must be signed to lead into the study."""
    seed: int
    context_seed: int | None
    task_dir: Path
    data_dir: Path
    chat_data_folder: Path | None
    journal_url: str | None
    """The database that keeps the journal; None for the one that the data directory has."""
    log_level: str
    monitoring_seconds: int
    """How often a run that nobody watches in a terminal reports how it stands."""
    resolved: dict[str, Any]
    """The whole config but `journal_url`, with every default and reference filled in, for storage with the run."""
    resolved_yaml: str
    config_hash: str
    """The SHA-256 of `resolved` as JSON with sorted keys, in hexadecimal."""
    notices: tuple[str, ...]
    """What the researcher should know before launching, in whole sentences."""
