"""What a study may say under `mephisto.blueprint` about labels, screening, gold units and images."""

from dataclasses import dataclass

from chateval.config._rules import Count, FilePath, Flag, FolderPath, Positive, SomeText, TaskLists, Text


@dataclass(frozen=True, kw_only=True)
class LabelSettings:
    """Which labels people give, and to what."""

    annotations_config_path: Text = ""
    """The JSON file that defines the annotation tasks; empty for none. Default: empty."""
    do_interactive_online_annotations: Text = ""
    """The annotation task that is done during the chat, turn by turn; empty for none. Default: empty."""
    do_interactive_offline_annotations: TaskLists = ()
    """The annotation tasks that are done after the chat: one list of names for each dialogue. Default: none."""
    do_external_annotations: Flag | None = None
    """Whether people label dialogues that exist already. One of this and `do_collect_dialogue` is on. Default: off
    where `do_collect_dialogue` is on."""
    data_jsonl: FilePath | None = None
    """The dialogues to be labelled, as JSON lines. Default: none."""


@dataclass(frozen=True, kw_only=True)
class ScreeningSettings:
    """A first task that shows who can do the work."""

    onboarding_qualification: SomeText | None = None
    """The qualification that stands for a passed onboarding; naming it turns onboarding on. Default: none."""
    use_screening_task: Flag = False
    """Whether a worker's first unit is a training that they must pass. Default: false."""
    passed_qualification_name: SomeText | None = None
    """The qualification that stands for a passed training. Default: none."""
    max_screening_units: Positive | None = None
    """How many workers may take the training. Default: none."""
    screen_json: FilePath | None = None
    """The training dialogues with their answers, as JSON. Default: none."""


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
    """How many such units come before the first real one. Default: 1."""
    max_gold_units: Positive | None = None
    """How many such units may be launched in all. Default: none."""
    max_incorrect_golds: Count = 0
    """How many of them a worker may fail and go on. Default: 0."""
    allowed_gold_mistakes: Count = 0
    """How many answers of one such unit may be wrong and the unit still count as passed. Default: 0."""


@dataclass(frozen=True, kw_only=True)
class ImageSettings:
    """Chats about images."""

    image_context_path: FilePath | None = None
    """The file of images and contexts; naming it turns image chat on. Default: none."""
    evals_per_image_model_combo: Positive = 1
    """How many dialogues each pair of image and bot needs. Default: 1."""
    stack_folder: FolderPath | None = None
    """Where the count of pairs used so far is kept. Default: none."""
