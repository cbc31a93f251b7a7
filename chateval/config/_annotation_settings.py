"""What a study may say under `mephisto.blueprint` about labels, training, gold units and images."""

from dataclasses import dataclass

from chateval.config._rules import (
    Count,
    FilePath,
    Flag,
    FolderPath,
    HookName,
    Positive,
    Share,
    SomeText,
    TaskLists,
    Text,
)


@dataclass(frozen=True, kw_only=True)
class LabelSettings:
    """Which labels people give, and to what."""

    annotations_config_path: Text = ""
    """The file that defines the annotation tasks: JSON as the seed platforms write it, or YAML. Empty switches labels
    off. Default: empty."""
    do_interactive_online_annotations: Text = ""
    """The annotation task that is done during the chat, turn by turn; empty for none. Default: empty, but with ParlAI's
    kind of `annotations_config_path`, and no task for after the chat, the one task of that file."""
    do_interactive_offline_annotations: TaskLists = ()
    """The annotation tasks that are done after the chat: one list of names for each dialogue; where there is one
    dialogue, the names alone will do. Default: none."""
    do_external_annotations: Flag | None = None
    """Whether people label dialogues that exist already. One of this and `do_collect_dialogue` is on. Default: off
    where `do_collect_dialogue` is on."""
    data_jsonl: FilePath | None = None
    """The dialogues to be labelled, as JSON lines. How many people label each group is in `<name>_units.json` beside
    it, where `<name>` is the file's own or `task_name`. Needed with `do_external_annotations`."""


@dataclass(frozen=True, kw_only=True)
class ScreeningSettings:
    """A training that shows who can label dialogues from a file."""

    use_screening_task: Flag = False
    """Whether a worker's first unit is a training that they must pass. Default: false."""
    passed_qualification_name: SomeText | None = None
    """The qualification that stands for a passed training. Default: none."""
    max_screening_units: Positive | None = None
    """How many workers may take the training. Default: any number."""
    screen_json: FilePath | None = None
    """The training dialogues with their answers, as JSON. Default: none."""
    max_screening_mistakes: Count | None = None
    """How many turns of a training dialogue may be wrong. Default: what the file says for each dialogue under
    `pass_criteria`, and 0 where it says nothing."""
    min_screening_score: Share | None = None
    """The share of turns that must be right, over the rounds that count, in place of a number of mistakes. Default:
    none."""
    graded_screening_rounds: Positive = 2
    """How many of the training dialogues count, the last ones; those before them are for practice. Default: 2."""
    screening_rule: HookName | None = None
    """A Python function of one's own that decides who has passed, in place of the three keys above. Default: none."""


@dataclass(frozen=True, kw_only=True)
class OnboardingSettings:
    """A training that shows who can label the dialogues that they have themselves."""

    onboarding_qualification: SomeText | None = None
    """The qualification that stands for a passed onboarding; naming it turns onboarding on. Default: none."""
    onboard_task_data_path: FilePath = "${mephisto.blueprint.task_config_path}/onboard_task_data.json"
    """The onboarding's dialogues with their answers, as JSON. Default: `onboard_task_data.json` in
    `task_config_path`."""
    onboarding_rule: HookName | None = None
    """A Python function of one's own that decides who has passed, in place of the numbers in that file. Default:
    none."""


@dataclass(frozen=True, kw_only=True)
class GoldSettings:
    """Units with known answers, mixed in among the others."""

    use_golds: Flag = False
    """Whether some units have known answers. Default: false."""
    gold_qualification_base: SomeText | None = None
    """The beginning of the names of the qualifications that count right and wrong answers. Default: none."""
    gold_jsonl: FilePath | None = None
    """The units with known answers, as JSON lines. Default: none."""
    min_golds: Count = 1
    """How many such units come before a worker's first real one. Default: 1."""
    max_gold_units: Positive | None = None
    """How many such units may be handed out in all. Default: any number."""
    max_incorrect_golds: Count = 0
    """How many of them a worker may fail and go on. Default: 0."""
    allowed_gold_mistakes: Count = 0
    """How many turns of one such unit may be wrong and the unit still count as passed. Default: 0."""


@dataclass(frozen=True, kw_only=True)
class AttentionSettings:
    """Questions with an obvious answer, sprinkled among the others."""

    attention_checks_path: FilePath | None = None
    """The YAML or JSON file with the questions and their answers; naming it turns them on. Default: none."""
    attention_checks_per_unit: Positive = 1
    """How many of them each session holds. Default: 1."""
    max_failed_attention_checks: Count | None = None
    """How many of them a worker may fail, over all their sessions, and go on. Default: any number."""


@dataclass(frozen=True, kw_only=True)
class ImageSettings:
    """Chats about images."""

    image_context_path: FilePath | None = None
    """The folder of images and contexts that `scripts/save_image_contexts.py` makes, or the `contexts.jsonl` in it;
    naming it has people and bots talk about images. Default: none."""
    evals_per_image_model_combo: Positive = 1
    """How many sessions each image needs with each bot. Default: 1."""
    num_conversations: Count | None = None
    """How many sessions a run collects at the most, spread evenly over images and bots; 0 for as many as are needed.
    Without images, `conversations_needed_string` says it. Default: none."""
    stack_folder: FolderPath | None = None
    """A folder in which `image_stack.json` keeps which images were talked about with which bots, for other data
    directories to go on from. Default: none; the journal counts for itself."""
