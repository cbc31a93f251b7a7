"""What a study may say under `mephisto.blueprint` about collecting dialogues."""

from dataclasses import dataclass, field

from chateval.config._rules import (
    Delay,
    FilePath,
    Flag,
    FolderPath,
    Names,
    Options,
    Positive,
    Seconds,
    SomeText,
    Text,
    TypingRate,
    Whole,
)

_HERE = "${mephisto.blueprint.task_config_path}"


@dataclass(frozen=True, kw_only=True)
class PartnerSettings:
    """Which bots people talk with, and how often."""

    do_collect_dialogue: Flag = False
    """Whether people talk with bots in this study. Default: false."""
    conversations_needed_string: Text | None = None
    """The conditions and the number of sessions that each still needs: `bot1:20,bot2:20`, or for pairs
    `bot1|bot2:20`. With images it says who is met at them, and may be left out for all bots. Needed wherever other
    dialogues are collected."""
    num_bots: Positive = 1
    """How many bots a participant talks with in one session, 1 or 2. Default: 1."""
    model_opt_path: FilePath = f"{_HERE}/model_opts.yaml"
    """The YAML file that defines the bots. Default: `model_opts.yaml` in `task_config_path`."""
    task_model_parallel: Flag = True
    """Whether ParlAI may spread one model over several GPUs. Default: true."""
    max_concurrent_responses: Positive = 64
    """How many replies are worked out at the same time, by all bots together; 1 batches none. Default: 64."""
    override_opt: Options = field(default_factory=dict)
    """ParlAI options for every bot, in place of ParlAI's defaults and of what a model file stores; a bot's own option
    string wins over them. Default: none."""


@dataclass(frozen=True, kw_only=True)
class ChatSettings:
    """How a dialogue goes."""

    num_turns: Positive = 6
    """How many turns a participant takes at the least, in each dialogue; then they may finish. Default: 6."""
    max_resp_time: Seconds = 180
    """How long a participant may take over one turn, in seconds. Default: 180."""
    conversation_start_mode: SomeText = "hi"
    """How a dialogue opens: `hi` for a greeting; `blended_skill_talk`, or `bst`, for two utterances, and personas, of
    ParlAI's; the name of another ParlAI task; or the path of a file of contexts, ending in `.jsonl`. Default: hi."""
    include_persona: Flag = False
    """Whether the bot and the person are given the personas that a context has. Default: false."""
    random_seed: Whole = 42
    """The seed of everything that this study draws at random. Default: 42."""
    context_seed: Whole | None = None
    """A seed for the order of contexts alone. Default: none, so that `random_seed` holds for them too."""
    final_rating_question: Text = (
        "How would you rate your partner in this conversation, from 1 (poor) to 5 (excellent)?"
    )
    """What is asked after each dialogue; `|` separates several questions. Default: one question on the partner."""
    annotation_duration_in_seconds: Seconds = 300
    """How long a participant may take over the questions and labels after a dialogue, or over all labels of a session
    where dialogues come from a file, in seconds. Default: 300; for dialogues from a file,
    `assignment_duration_in_seconds`."""
    disconnect_grace_in_seconds: Seconds = 600
    """How long a participant may be gone from the page before their place is given to someone else, in seconds; who
    comes back in time loses nothing. Default: 600."""
    check_acceptability: Flag = False
    """Whether what people type is checked for its wording, as ParlAI does; who fails gets `block_qualification`.
    Default: false."""
    acceptability_checks: Names | None = None
    """Which checks are done: of min_words, all_caps, exact_match, safety, penalize_greetings. Default: the first four,
    and the last where a dialogue begins with turns or a picture."""
    safety_word_list: FilePath | None = None
    """The phrases that the check `safety` looks for, one a line. Default: ParlAI's list, in its data folder."""
    stream_replies: Flag = False
    """Whether a partner's reply appears while it is being written, as far as the bot tells it. Default: false."""
    typing_characters_per_second: TypingRate = 0
    """A rhythm for all partners: a reply of n characters is shown no earlier than n / this seconds after it was asked
    for, however quickly it came. Default: 0, as soon as it comes."""
    minimum_reply_seconds: Delay = 0
    """How long each reply takes at the least, in seconds; of this and the rhythm the longer holds. Default: 0."""
    minimum_waiting_seconds: Delay = 0
    """For how long every partner seems to be yet to come, at the beginning of a dialogue, in seconds; so that those who
    are people are not told by a wait. Default: 0."""
    chat_data_folder: FolderPath | None = None
    """A folder in which each finished dialogue is saved besides, as ParlAI does. Default: none."""


@dataclass(frozen=True, kw_only=True)
class PageSettings:
    """What the page shows: HTML files, written by the researcher."""

    task_config_path: FolderPath = "${task_dir}/task_config"
    """The folder that the next four files come from unless they are named. Default: `task_config` in `task_dir`."""
    task_description_file: FilePath = f"{_HERE}/task_description.html"
    """What the first page says of the task. Shown instead of `task.task_description` where a study names it, or where
    it lies in a `task_config_path` that the study names."""
    chat_startup_instructions_path: FilePath = f"{_HERE}/chat_startup_instructions.html"
    """What a participant reads and agrees to before the first dialogue. Default: `chat_startup_instructions.html` in
    `task_config_path`; where dialogues come from a file, `label_startup_instructions.html`."""
    left_pane_text_path: FilePath = f"{_HERE}/left_pane_text.html"
    """What stands beside the chat. Default: `left_pane_text.html` in `task_config_path`; where dialogues come from a
    file, `label_left_pane_text.html`."""


@dataclass(frozen=True, kw_only=True)
class AdmissionSettings:
    """Who may take part."""

    block_qualification: SomeText | None = None
    """The qualification whose holders are kept out. Default: none."""
    allowed_worker_qualification: SomeText | None = None
    """The qualification without which nobody gets in. Default: none."""
    worker_blocklist_paths: Text | None = None
    """Files of worker ids to keep out, one id a line; commas separate several files. Default: none."""


@dataclass(frozen=True, kw_only=True)
class UnusedSettings:
    """Keys of the two seed platforms that say how those are built or cut their work up. Read, and without effect."""

    units_per_assignment: Positive = 1
    """How many people take each assignment; `conversations_needed_string` says it here. Default: 1."""
    subtasks_per_unit: Positive = 1
    """How many pieces of work make a unit; `num_bots` says it here. Default: 1."""
    annotation_question: Text = ""
    """The heading above a ParlAI study's checkboxes. Default: none."""
    max_onboard_time: Seconds = 300
    """How long a ParlAI onboarding may take, in seconds; here the session's limit holds for it too. Default: 300."""
    world_file: FilePath | None = None
    """The module of a ParlAI world; worlds are built in here. Default: none."""
    custom_source_dir: FolderPath | None = None
    """The sources of a page of one's own; the page is built in here. Default: none."""
    custom_source_bundle: FilePath | None = None
    """A built page of one's own. Default: none."""
    extra_source_dir: FolderPath | None = None
    """Files to be served beside a page of one's own. Default: none."""
    preview_source: FilePath | None = None
    """HTML for a crowd platform's preview. Default: none."""
    context_csv: FilePath | None = None
    """Contexts for Mephisto's ParlAI chat, as CSV. Default: none."""
    context_jsonl: FilePath | None = None
    """Contexts for Mephisto's ParlAI chat, as JSON lines. Default: none."""
    tips_location: FilePath | None = None
    """Where Mephisto keeps tips from workers. Default: none."""
