"""What a study that is written well becomes."""

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from chateval.config import Condition, Quota, ScriptedBot, Study, TimeLimits, known_confs, load_study, project_root
from chateval.errors import StudyProblemsError

if TYPE_CHECKING:
    from .labs import Lab


@pytest.fixture(scope="module")
def study(shared_lab: "Lab") -> Study:
    return shared_lab.load()


def test_a_study_carries_what_its_file_says(study: Study) -> None:
    """Everything else in the system reads the study and not the file."""
    assert study.conf == "small"
    assert study.task.name == "small"
    assert study.task.tags == ("chat", "talk")
    assert study.task.reward_usd == 1.5
    assert study.collection is not None
    assert study.collection.conditions == (Condition(("alice",), 3), Condition(("bob",), 2))
    assert study.quotas == (Quota("alice", 3), Quota("bob", 2))
    assert study.bots == (ScriptedBot("alice", ("Hello.", "And then?")), ScriptedBot("bob", (), 2, echo=True))


def test_defaults_are_those_of_the_seed_platform(study: Study) -> None:
    """A YAML file holds only what differs, and must mean here what it meant there."""
    assert study.collection is not None
    assert study.collection.minimum_turns == 6
    assert study.limits == TimeLimits(turn_seconds=180, answer_seconds=300, gone_seconds=600)
    assert (study.seed, study.server.hostname, study.server.port) == (42, "localhost", 3000)
    assert (study.task.assignment_seconds, study.task.allowed_concurrent) == (1800, 0)


def test_an_override_wins_over_the_file(lab: "Lab") -> None:
    """Trying a variant must not need a file of its own."""
    assert lab.collection("mephisto.blueprint.num_turns=2").minimum_turns == 2


def test_a_plus_before_an_override_changes_nothing(lab: "Lab") -> None:
    """Hydra wants it for some keys and refuses it for others; here it is always allowed."""
    assert lab.collection("+mephisto.blueprint.num_turns=2").minimum_turns == 2


def test_a_port_may_be_text_or_number(lab: "Lab") -> None:
    """Mephisto types it as text, and half of all studies write a number."""
    assert (
        lab.load("mephisto.architect.port='3012'").server.port == lab.load("mephisto.architect.port=3012").server.port
    )


def test_a_pair_is_one_session_with_two_dialogues(lab: "Lab") -> None:
    """The costs are counted in sessions and the data in dialogues."""
    needed = 'mephisto.blueprint.conversations_needed_string="alice|bob:4"'
    collection = lab.collection(needed, "mephisto.blueprint.num_bots=2")
    assert (collection.sessions_needed, collection.dialogues_per_session) == (4, 2)


def test_rating_questions_are_split_at_the_bar(lab: "Lab") -> None:
    """ParlAI's way to ask several questions."""
    collection = lab.collection("mephisto.blueprint.final_rating_question='Was it fun? | Was it clear?'")
    assert collection.rating_questions == ("Was it fun?", "Was it clear?")


def test_options_of_a_mapping_may_be_added(lab: "Lab") -> None:
    """override_opt holds ParlAI's options, which we do not know."""
    study = lab.load("mephisto.blueprint.override_opt.beam_size=3")
    assert study.bot_runtime.override_opt == {"beam_size": 3}


def test_the_resolved_config_holds_no_references(study: Study) -> None:
    """A stored config must say what was used, on any machine."""
    assert "${" not in study.resolved_yaml
    assert yaml.safe_load(study.resolved_yaml) == study.resolved
    assert study.resolved["mephisto"]["blueprint"]["do_external_annotations"] is False
    assert study.resolved["mephisto"]["task"]["submission_timeout"] == 600


def test_the_hash_is_that_of_the_resolved_config(study: Study) -> None:
    """Whoever has the stored config can check it."""
    written = json.dumps(study.resolved, sort_keys=True).encode()
    assert study.config_hash == hashlib.sha256(written).hexdigest()


def test_the_hash_ignores_how_a_value_is_spelled(lab: "Lab") -> None:
    """Two runs of one configuration must be seen to be that."""
    plain = lab.load("mephisto.blueprint.num_turns=4")
    assert plain.config_hash == lab.load("mephisto.blueprint.num_turns='4'").config_hash
    assert plain.config_hash != lab.load("mephisto.blueprint.num_turns=5").config_hash


def test_data_goes_below_the_task_dir_unless_told_otherwise(lab: "Lab", tmp_path: Path) -> None:
    """A researcher finds the data beside the study, or where they wanted it."""
    assert lab.load().data_dir == lab.folder / "data"
    study = lab.load(f"data_dir={tmp_path}/else")
    assert (study.data_dir, study.bot_runtime.datapath) == (tmp_path / "else", tmp_path / "else/parlai")


@pytest.mark.parametrize("plus", ["", "+"])
def test_mephistos_name_for_the_data_dir_is_understood(lab: "Lab", tmp_path: Path, plus: str) -> None:
    """Mephisto's commands take it with a plus."""
    study = lab.load(f"{plus}mephisto.datapath={tmp_path}/db")
    assert study.data_dir == tmp_path / "db"
    assert study.resolved["data_dir"] == study.resolved["mephisto"]["datapath"] == str(tmp_path / "db")


def test_loading_writes_nothing(lab: "Lab", tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hydra would leave an outputs folder and a log wherever it is run."""
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    lab.load(check_port=True)
    assert sorted(tmp_path.rglob("*")) == before


def test_texts_that_a_study_does_not_bring_are_ours(study: Study) -> None:
    """A first study should need no more than a YAML file and a bot."""
    assert "computer program" in study.page.instructions_html
    assert study.page.left_pane_html


def test_texts_in_the_studys_folder_are_used(lab: "Lab") -> None:
    """A study's own consent text must never be replaced by ours."""
    lab.write("task_config/chat_startup_instructions.html", "<h1>Mine</h1>")
    assert lab.load().page.instructions_html == "<h2>Mine</h2>"


def test_a_description_file_that_is_named_is_shown(lab: "Lab") -> None:
    """ParlAI shows the file, and the sentence in the YAML stays for the crowd platform's list."""
    lab.write("about.html", "<p>About</p>")
    assert lab.load("mephisto.blueprint.task_description_file=about.html").task.description_html == "<p>About</p>"
    assert lab.load().task.description_html == "Talk with <b>somebody</b>."


def test_a_description_file_in_a_folder_that_is_named_is_shown(lab: "Lab") -> None:
    """A ParlAI study names its folder and leaves the file names as they are."""
    lab.write("texts/task_description.html", "<p>About</p>")
    lab.write("texts/model_opts.yaml", (lab.folder / "task_config/model_opts.yaml").read_text())
    study = lab.load("mephisto.blueprint.task_config_path=${task_dir}/texts")
    assert study.task.description_html == "<p>About</p>"


def test_a_study_may_build_on_a_base_whatever_the_order(lab: "Lab") -> None:
    """A base that comes before the groups must not be set back to the defaults by them."""
    lab.write("conf/base/slow.yaml", "#@package _global_\nmephisto: {blueprint: {max_resp_time: 900}}\n")
    lab.change(lambda text: text.replace("defaults:\n", "defaults:\n  - base/slow\n"))
    assert lab.load().limits.turn_seconds == 900


def test_mephistos_logging_may_be_chosen(lab: "Lab") -> None:
    """Mephisto's package names this choice and leaves out its file."""
    line = "  - override /hydra/job_logging: mephisto_default\n"
    lab.change(lambda text: text.replace("mephisto:\n", f"{line}mephisto:\n", 1))
    assert lab.load().conf == "small"


def test_studies_elsewhere_are_known_beside_the_shipped_ones(lab: "Lab") -> None:
    """--config-dir adds a place and takes none away; bases are no studies."""
    lab.write("conf/base/slow.yaml", "#@package _global_\n")
    known = known_confs(lab.folder)
    assert {"small", "collect_dialogues", "collect_paired_dialogues"} < set(known)
    assert "slow" not in known


def test_a_conf_folder_may_be_named_itself(lab: "Lab") -> None:
    """People name the folder in which they see their files."""
    assert "small" in known_confs(lab.folder / "conf")


def test_a_place_without_studies_is_refused(tmp_path: Path) -> None:
    """Else the shipped studies would be listed as if they were one's own."""
    with pytest.raises(
        StudyProblemsError, match=r"has no folder conf in it\. Name a folder whose studies are in conf/"
    ):
        known_confs(tmp_path)


def test_the_project_is_the_current_folder_where_it_has_studies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A researcher's project and the checkout of this package need not be one folder."""
    checkout = project_root()
    monkeypatch.chdir(tmp_path)
    assert project_root() == checkout
    (tmp_path / "hydra_configs").mkdir()
    assert project_root() == tmp_path


@pytest.mark.parametrize(("conf", "bots"), [("collect_dialogues", 1), ("collect_paired_dialogues", 2)])
def test_the_shipped_studies_load(conf: str, bots: int) -> None:
    """They are what a newcomer runs first."""
    study = load_study([f"conf={conf}"], check_port=False)
    assert study.collection is not None
    assert study.collection.dialogues_per_session == bots
    assert study.notices == ()
