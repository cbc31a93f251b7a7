"""Every key that a study can set, with its default: one dataclass for each group of the YAML file."""

from dataclasses import dataclass, field

from omegaconf import MISSING

from chateval.config._annotation_settings import (
    AttentionSettings,
    GoldSettings,
    ImageSettings,
    LabelSettings,
    OnboardingSettings,
    ScreeningSettings,
)
from chateval.config._collection_settings import (
    AdmissionSettings,
    ChatSettings,
    PageSettings,
    PartnerSettings,
    UnusedSettings,
)
from chateval.config._rules import (
    Count,
    Dollars,
    Flag,
    FolderPath,
    LogLevel,
    Port,
    Positive,
    Seconds,
    SignedLinks,
    SomeText,
    Text,
)

BLUEPRINT_TYPE = "behavior_analysis_blueprint"
ARCHITECT_TYPE = "local"
PROVIDER_TYPE = "mock"


@dataclass(frozen=True, kw_only=True)
class BlueprintSettings(
    UnusedSettings,
    ImageSettings,
    AttentionSettings,
    GoldSettings,
    OnboardingSettings,
    ScreeningSettings,
    LabelSettings,
    AdmissionSettings,
    PageSettings,
    ChatSettings,
    PartnerSettings,
):
    """`mephisto.blueprint`: what people do."""

    _blueprint_type: Text = BLUEPRINT_TYPE
    """The kind of task, as Mephisto names it. Comes from `defaults`."""


@dataclass(frozen=True, kw_only=True)
class TaskSettings:
    """`mephisto.task`: how the work is offered, and on what terms."""

    task_name: SomeText = MISSING
    """The name that ties runs together: quotas for each worker hold across runs of one name. Needed."""
    task_title: SomeText = MISSING
    """What workers see in a list of tasks, and as the page's title. Needed."""
    task_description: SomeText = MISSING
    """What the work is, in a sentence or two; HTML is allowed. Needed."""
    task_reward: Dollars = MISSING
    """What a worker is paid for one session, in dollars. Needed."""
    task_tags: SomeText = MISSING
    """Words by which workers find the task; commas separate them. Needed."""
    task_lifetime_in_seconds: Seconds = 31 * 24 * 60 * 60
    """How long the task is on offer, in seconds. Default: 31 days."""
    assignment_duration_in_seconds: Seconds = 30 * 60
    """How long a worker may take over one session, in seconds. Default: half an hour."""
    no_submission_patience: Seconds = 12 * 60 * 60
    """How long a run may go without a submission before Mephisto calls it stuck, in seconds. Default: 12 hours."""
    submission_timeout: Seconds = 600
    """How long Mephisto waits for a finished session to be submitted, in seconds. Default: 600."""
    allowed_concurrent: Count = 0
    """How many sessions one worker may have open at a time; 0 for any number. Default: 0."""
    maximum_units_per_worker: Count = 0
    """How many sessions one worker may take under this `task_name`; 0 for any number. Default: 0."""
    max_num_concurrent_units: Count = 0
    """How many sessions may be open at a time in all; 0 for any number. Default: 0."""
    post_install_script: Text = ""
    """A script for building a page of one's own; no effect here. Default: none."""
    force_rebuild: Flag = False
    """Whether to build a page of one's own anew; no effect here. Default: false."""


@dataclass(frozen=True, kw_only=True)
class ArchitectSettings:
    """`mephisto.architect`: where the page is served."""

    _architect_type: Text = ARCHITECT_TYPE
    """The kind of server, as Mephisto names it. Comes from `defaults`."""
    hostname: SomeText = "localhost"
    """The name or address to listen on; `0.0.0.0` for every network of this machine. Default: localhost."""
    port: Port = 3000
    """The port to listen on. Default: 3000."""
    server_type: Text = "node"
    """Which of Mephisto's own routers to run; no effect here. Default: node."""
    server_source_path: FolderPath | None = None
    """The sources of a router of one's own; no effect here. Default: none."""


@dataclass(frozen=True, kw_only=True)
class ProviderSettings:
    """`mephisto.provider`: where workers come from."""

    _provider_type: Text = PROVIDER_TYPE
    """The kind of crowd platform, as Mephisto names it. Comes from `defaults`."""
    requester_name: SomeText = "MOCK_REQUESTER"
    """The account in whose name the task is offered. Default: Mephisto's requester for tests."""


@dataclass(frozen=True, kw_only=True)
class DatabaseSettings:
    """`mephisto.database`: how Mephisto keeps its records."""

    _database_type: Text = "singleton"
    """`singleton` or `local`, as Mephisto names them. Default: singleton."""


@dataclass(frozen=True, kw_only=True)
class MephistoSettings:
    """`mephisto`: the groups that Mephisto knows."""

    blueprint: BlueprintSettings = field(default_factory=BlueprintSettings)
    """What people do."""
    task: TaskSettings = field(default_factory=TaskSettings)
    """How the work is offered."""
    architect: ArchitectSettings = field(default_factory=ArchitectSettings)
    """Where the page is served."""
    provider: ProviderSettings = field(default_factory=ProviderSettings)
    """Where workers come from."""
    database: DatabaseSettings = field(default_factory=DatabaseSettings)
    """How Mephisto keeps its records."""
    log_level: LogLevel = "info"
    """How much is logged. Default: info."""
    datapath: FolderPath | None = None
    """Mephisto's own name for `data_dir`. Default: none."""


@dataclass(frozen=True, kw_only=True)
class MTurkSettings:
    """`mturk`: where older studies keep their blocklist."""

    worker_blocklist_paths: Text | None = None
    """As `mephisto.blueprint.worker_blocklist_paths`; both are read. Default: none."""


@dataclass(frozen=True, kw_only=True)
class StudySettings:
    """The whole of a study's YAML file."""

    mephisto: MephistoSettings = field(default_factory=MephistoSettings)
    """The groups that Mephisto knows."""
    mturk: MTurkSettings = field(default_factory=MTurkSettings)
    """Where older studies keep their blocklist."""
    task_dir: FolderPath = "."
    """The folder of the study's files; bots are looked up in its `parlai_internal/agents`. Default: the project."""
    data_dir: FolderPath = "${task_dir}/data"
    """The folder for everything that a run writes; may be an existing data folder of Mephisto. Default: `data` in
    `task_dir`."""
    journal_url: SomeText | None = None
    """The PostgreSQL database that keeps what happens, as `postgresql+psycopg://USER@HOST/DATABASE`, without the
    password, which belongs into `~/.pgpass` or PGPASSWORD. The data directory remembers it. Default: the journal that
    the data directory has; in a new one, its file `journal.db`."""
    require_signed_links: SignedLinks = "auto"
    """Whether only links made by `chateval invite` lead into the study: `always`, `never`, or `auto`: unless `hostname`
    is this machine alone (localhost, 127.0.0.0/8, ::1). Write `always` behind a proxy on the same machine. Default:
    auto."""
    num_tasks: Count = 5
    """A number that Mephisto's own scripts read; no effect here. Default: 5."""
    monitoring_log_rate: Positive = 30
    """How often a run that is not watched in a terminal reports how it stands, in seconds. Default: 30."""
