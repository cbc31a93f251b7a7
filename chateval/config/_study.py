"""A study that has been checked: what every other part of the system reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from chateval.annotation import AttentionCheck, Datapoint, Group, Rule, Task
from chateval.config._conditions import Condition
from chateval.config.bots import BotSpec
from chateval.dialogue import Context
from chateval.pictures import PictureContext, Wanted, plan


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
class TimeLimits:
    """How long a participant may take."""

    turn_seconds: int
    answer_seconds: int
    """For the questions and labels after a dialogue, or for all labels of a unit."""
    gone_seconds: int
    """How long someone may be gone before their place is given away."""


@dataclass(frozen=True)
class PageTexts:
    """What the page shows of the researcher's, safe to be put into it."""

    instructions_html: str
    left_pane_html: str


@dataclass(frozen=True)
class Quota:
    """What sessions are counted by: a condition's name, or a group's id; and how many are wanted."""

    name: str
    needed: int


@dataclass(frozen=True)
class ChatPictures:
    """The pictures that dialogues are about."""

    folder: Path
    contexts: Mapping[str, PictureContext]
    """By the short ids of the pictures."""
    partners: tuple[Condition, ...]
    """Who is met at each picture. `needed` is how many sessions a run has with them at the most, 0 for any number."""
    evals_per_combination: int
    most: int | None
    """How many sessions a run has at the most; None for as many as combinations need."""
    stack_folder: Path | None
    """Where it is kept for other data directories which combinations were met, and by whom."""
    includes_persona: bool = False
    """Whether the two are given the personas that a picture brings along."""

    def context(self, picture: str) -> Context:
        """What a dialogue about a picture, by its short id, begins with."""
        return self.contexts[picture].context(include_persona=self.includes_persona)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Every picture with every partner."""
        each = self.evals_per_combination
        return tuple(Condition(one.bots, each, picture) for one in self.partners for picture in self.contexts)

    def quotas(self, done: Mapping[str, int]) -> tuple[Quota, ...]:
        """What a run needs, given how many sessions of each combination there have been."""
        partners = {one.partner: one.needed or None for one in self.partners}
        wanted = Wanted(tuple(self.contexts), partners, self.evals_per_combination, self.most)
        return tuple(Quota(name, needed) for name, needed in plan(wanted, done).items())


@dataclass(frozen=True)
class Opening:
    """How dialogues begin."""

    mode: str
    """`hi`, the name of a ParlAI task, or the path of a file of contexts."""
    contexts: tuple[Context, ...]
    """What sessions begin with, one each; empty where there is nothing, or where they are yet to be made."""
    seed: int
    """The seed of their order."""
    includes_persona: bool
    """Whether the two are given their personas."""
    task: str = ""
    """The ParlAI task that they come from."""
    file: Path | None = None
    """Where what was drawn from the task is kept; to be made where it is not there."""

    @property
    def is_hi(self) -> bool:
        return self.mode == "hi"

    @property
    def lacks_contexts(self) -> bool:
        """Whether they have to be drawn from the task before anyone can begin."""
        return bool(self.task) and not self.contexts


@dataclass(frozen=True)
class WordingChecks:
    """What is looked for in what people type."""

    names: tuple[str, ...] | None
    """The checks, by their names in ParlAI; None for those that ParlAI does with such an opening."""
    unsafe_phrases: tuple[str, ...]
    """What the check `safety` looks for."""


@dataclass(frozen=True)
class Delivery:
    """How partners' replies come to the page; people's and bots' alike."""

    is_streamed: bool = False
    """Whether their text is shown while it is being written."""
    characters_per_second: float = 0
    """How fast all partners seem to type; 0 for no rhythm."""
    minimum_seconds: float = 0
    begins_with_waiting: bool = False
    """Whether every partner seems to be yet to come at first: where some are people, who may be."""
    waiting_seconds: float = 0
    """For how long they all seem so at the least."""

    def seconds_for(self, text: str, *, is_first: bool = False) -> float:
        """How long after a reply was asked for it is shown at the earliest."""
        typing = len(text) / self.characters_per_second if self.characters_per_second else 0
        return max(self.minimum_seconds, typing) + (self.waiting_seconds if is_first else 0)


@dataclass(frozen=True)
class Collection:
    """How dialogues are collected, and which labels go with them. `conditions` all name equally many bots: 1 or 2."""

    minimum_turns: int
    conditions: tuple[Condition, ...]
    opening: Opening
    rating_questions: tuple[str, ...]
    delivery: Delivery
    online_task: Task | None
    """Labelled turn by turn while the dialogue goes on."""
    offline_tasks: tuple[tuple[Task, ...], ...]
    """Labelled after a dialogue: for the first and the second dialogue of a session each."""
    pair_tasks: tuple[Task, ...]
    """Labelled last, with both dialogues side by side."""
    pictures: ChatPictures | None = None
    """What dialogues are about; None where they are about anything."""
    wording: WordingChecks | None = None
    """How the wording of what people type is checked; None where it is not."""

    @cached_property
    def by_name(self) -> Mapping[str, Condition]:
        """The conditions, of which a study of pictures has thousands."""
        return {condition.name: condition for condition in self.conditions}

    @property
    def dialogues_per_session(self) -> int:
        return len(self.conditions[0].bots)

    @property
    def sessions_needed(self) -> int:
        return sum(condition.needed for condition in self.conditions)


@dataclass(frozen=True)
class StaticAnnotation:
    """Dialogues from a file, to be labelled."""

    groups: tuple[Group, ...]
    units: Mapping[str, int]
    """How many people label each group, by its id; 0 for a group that is left out."""
    shuffles: bool
    """Whether each worker meets the datapoints of a group in an order of their own."""


@dataclass(frozen=True)
class Screening:
    """A training that comes before the first real unit."""

    qualification: str
    failed_qualification: str
    max_units: int | None
    """How many workers may take it; None for any number."""
    dialogues: tuple[Datapoint, ...]
    rule: Rule


@dataclass(frozen=True)
class Golds:
    """Units with known answers, mixed in among the others."""

    qualification_base: str
    groups: tuple[Group, ...]
    min_golds: int
    """How many come before a worker's first real unit."""
    max_units: int | None
    """How many may be handed out in all; None for any number."""
    max_incorrect: int
    """How many a worker may fail and go on."""
    allowed_mistakes: int
    """How many turns of one gold unit may be wrong and the unit still count as passed."""


@dataclass(frozen=True)
class OnboardingStage:
    """Dialogues with known answers, within a worker's first session."""

    qualification: str
    failed_qualification: str
    datapoints: tuple[Datapoint, ...]
    rule: Rule
    attempts: int
    """How often a worker may try."""


@dataclass(frozen=True)
class AttentionChecks:
    """Questions with an obvious answer, sprinkled among the others."""

    checks: tuple[AttentionCheck, ...]
    per_unit: int
    max_failed: int | None
    """How many a worker may fail and go on, over all their units; None for any number."""


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
    pictures_dir: Path | None = None
    """Where `Picture.file` begins, in a study that shows pictures."""


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
    limits: TimeLimits
    page: PageTexts
    collection: Collection | None
    """Exactly one of this and `annotation` is there."""
    annotation: StaticAnnotation | None
    screening: Screening | None
    golds: Golds | None
    onboarding: OnboardingStage | None
    attention: AttentionChecks | None
    quotas: tuple[Quota, ...]
    """What is wanted, in order: the conditions, or the groups that anyone is to label."""
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
