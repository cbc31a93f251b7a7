"""`chateval new`: what it writes works before anything in it was changed."""

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from chateval.annotation import Choice, Scale, TurnTask, read_tasks
from chateval.bots import Request, build_bot
from chateval.config import BotRuntime, ParlAIBot, Study, load_study
from chateval.dialogue import Speaker, Turn

from .conftest import ROOT

if TYPE_CHECKING:
    from .conftest import Call

PAIRS = """\
{"tasks": {
  "better": {"kind": "pair", "questions": [{"kind": "choice", "id": "preferred", "options": ["left", "right"]}]},
  "ranked": {"kind": "turn", "questions": [{"kind": "ranking", "id": "best"}]}
}}
"""


def load(project: Path, conf: str) -> Study:
    return load_study([f"conf={conf}", f'task_dir="{project}"'], project / "hydra_configs", check_port=False)


@pytest.fixture
def project(tmp_path: Path, chateval: "Call") -> Path:
    """A folder with a new task in it, and nothing else."""
    assert chateval("new", "task", "mood", "--dir", tmp_path).status == 0
    return tmp_path


def test_a_new_task_is_one_that_can_be_read(project: Path) -> None:
    [task] = read_tasks(project / "task_config" / "mood" / "annotation_tasks.yaml").values()

    assert isinstance(task, TurnTask)
    assert [type(question) for question in task.questions] == [Choice, Scale]


def test_editors_find_the_schema_of_a_new_task(project: Path) -> None:
    """The first line leads to it, also in a folder that is no copy of the project."""
    path = project / "task_config" / "mood" / "annotation_tasks.yaml"
    schema = path.parent / path.read_text().splitlines()[0].partition("$schema=")[2]

    assert json.loads(schema.read_text())["title"] == "Annotation tasks"


def test_each_question_of_a_new_task_has_its_section_of_the_instructions(project: Path) -> None:
    """`has_help` leads there."""
    [task] = read_tasks(project / "task_config" / "mood" / "annotation_tasks.yaml").values()
    instructions = (project / "task_config" / "mood" / "instructions" / "mood.md").read_text()

    assert all(f"{{#{question.id}}}" in instructions for question in task.questions)


def test_a_new_task_alone_makes_a_study(chateval: "Call", project: Path) -> None:
    answer = chateval("new", "study", "mood", "--dir", project)

    study = load(project, "mood")
    assert study.annotation is not None
    [group] = study.annotation.groups
    [task] = group.datapoints[0].tasks
    assert (answer.status, task.id, study.annotation.units) == (0, "mood", {"mood_sample": 1})
    assert "help-fits" in task.instructions_html
    assert study.notices == ()


def test_a_study_of_another_name_takes_the_tasks_data(chateval: "Call", project: Path) -> None:
    chateval("new", "study", "second", "--task", "mood", "--dir", project)

    annotation = load(project, "second").annotation
    assert annotation is not None
    assert [group.group_id for group in annotation.groups] == ["mood_sample"]


def test_a_study_about_a_task_without_data_gets_a_sample(chateval: "Call", project: Path) -> None:
    """Ranking and comparing need more than a dialogue; the sample brings it."""
    (project / "task_config" / "annotation_buckets.json").write_text(PAIRS)

    for task in ("better", "ranked"):
        assert chateval("new", "study", f"try_{task}", "--task", task, "--dir", project).status == 0
        assert load(project, f"try_{task}").annotation is not None


def test_people_chat_with_a_new_bot_and_do_a_new_task(chateval: "Call", project: Path) -> None:
    """The three together: nothing else is needed for a study."""
    chateval("new", "bot", "echo_well", "--dir", project)
    answer = chateval("new", "study", "talk", "--chat", "--task", "mood", "--dir", project)

    collection = load(project, "talk").collection
    assert collection is not None
    assert collection.online_task is not None
    assert (answer.status, collection.online_task.id, collection.conditions[0].bots) == (0, "mood", ("echo_well",))


def test_two_bots_are_compared(chateval: "Call", project: Path) -> None:
    (project / "task_config" / "annotation_buckets.json").write_text(PAIRS)
    for bot in ("one", "two"):
        chateval("new", "bot", bot, "--dir", project)

    answer = chateval("new", "study", "both", "--chat", "--task", "better", "--dir", project)

    collection = load(project, "both").collection
    assert collection is not None
    assert (answer.err, collection.conditions[0].bots) == ("", ("one", "two"))


def test_studies_get_ports_of_their_own(chateval: "Call", project: Path) -> None:
    """They can then run at the same time, also beside those that are there."""
    for name in ("a", "b"):
        chateval("new", "study", name, "--task", "mood", "--dir", project)
    shipped = {
        str(yaml.safe_load(path.read_text())["mephisto"]["architect"]["port"])
        for path in (ROOT / "hydra_configs" / "conf").glob("*.yaml")
    }

    ports = {str(load(project, name).server.port) for name in ("a", "b")}
    assert len(ports - shipped) == 2


async def test_a_new_bot_answers(chateval: "Call", tmp_path: Path) -> None:
    chateval("new", "bot", "echo_well", "--dir", tmp_path)
    entry = yaml.safe_load((tmp_path / "task_config" / "model_opts.yaml").read_text())
    runtime = BotRuntime(
        model_parallel=False, max_concurrent_responses=1, override_opt={}, datapath=tmp_path, task_dir=tmp_path
    )

    bot = build_bot(ParlAIBot("echo_well", entry["echo_well"]), runtime)
    first, second = [Turn(Speaker.USER, "Hi!")], [Turn(Speaker.USER, "And you?")]
    replies = [(await bot.reply(Request("d1", first))).text, (await bot.reply(Request("d2", second))).text]
    await bot.close()

    assert replies[0] == "Tell me more about that."
    assert replies[1] != replies[0]


def test_comments_among_the_bots_stay(chateval: "Call", tmp_path: Path) -> None:
    options = tmp_path / "task_config" / "model_opts.yaml"
    options.parent.mkdir()
    options.write_text("# Mine.\nold: {kind: scripted, echo: true} # says it back")

    chateval("new", "bot", "fresh", "--dir", tmp_path)

    text = options.read_text()
    assert text.startswith("# Mine.\nold: {kind: scripted, echo: true} # says it back\n")
    assert list(yaml.safe_load(text)) == ["old", "fresh"]


def test_a_list_of_bots_that_takes_no_entry_is_left_alone(chateval: "Call", tmp_path: Path) -> None:
    options = tmp_path / "task_config" / "model_opts.yaml"
    options.parent.mkdir()
    options.write_text("{old: {kind: scripted, echo: true}}\n")

    answer = chateval("new", "bot", "fresh", "--dir", tmp_path)

    assert (answer.status, options.read_text()) == (2, "{old: {kind: scripted, echo: true}}\n")
    assert not (tmp_path / "parlai_internal").exists()


def test_what_is_written_passes_the_linter(chateval: "Call", tmp_path: Path) -> None:
    """It is the first code that a newcomer reads and copies."""
    chateval("new", "bot", "echo_well", "--dir", tmp_path)
    config = ("--config", str(ROOT / "pyproject.toml"))

    for check in (("check", *config), ("format", "--check", *config)):
        command = [sys.executable, "-m", "ruff", *check, "--no-cache", str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout


@pytest.mark.parametrize("what", [("task", "mood"), ("study", "mood"), ("bot", "mood")])
def test_nothing_is_overwritten(chateval: "Call", project: Path, what: tuple[str, str]) -> None:
    """An afternoon of editing would be gone."""
    chateval("new", *what, "--dir", project)
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}

    answer = chateval("new", *what, "--dir", project)

    assert answer.status == 2
    assert "already" in answer.err
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("name", ["my-task", "../up", "1st", "class", "a__b", "", "ärger"])
def test_names_that_could_not_be_used_are_refused(chateval: "Call", tmp_path: Path, name: str) -> None:
    answer = chateval("new", "bot", name, "--dir", tmp_path)

    assert answer.status == 2
    assert "cannot be a name" in answer.err
    assert list(tmp_path.iterdir()) == []


def test_a_study_that_could_not_be_launched_is_not_written(chateval: "Call", project: Path) -> None:
    """A chat has no replies to rank, which the check of the study says."""
    (project / "task_config" / "annotation_buckets.json").write_text(PAIRS)
    chateval("new", "bot", "one", "--dir", project)
    before = {path for path in project.rglob("*") if path.is_file()}

    answer = chateval("new", "study", "talk", "--chat", "--task", "ranked", "--dir", project)

    assert answer.status == 2
    assert "ranks replies" in answer.err
    assert {path for path in project.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("study", "lost"), "There is no task 'lost'"),
        (("study", "talk", "--chat"), "Make one with `chateval new bot NAME`"),
        (("study", "talk", "--chat", "--bot", "nobody"), "no bot 'nobody'"),
        (("study", "talk", "--bot", "nobody"), "add --chat"),
        (("task", "talk", "--chat"), "are for a new study"),
    ],
)
def test_what_is_missing_is_named(chateval: "Call", tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    answer = chateval("new", *arguments, "--dir", tmp_path)

    assert answer.status == 2
    assert said in " ".join(answer.err.split())
    assert list(tmp_path.iterdir()) == []


def test_the_project_itself_takes_a_study_by_its_name_alone(chateval: "Call", tmp_path: Path) -> None:
    """Without a task of that name, it is about an example that is there to be changed."""
    folder = tmp_path / "task_config"
    folder.mkdir()
    (folder / "annotation_buckets.json").write_text((ROOT / "task_config" / "annotation_buckets.json").read_text())

    answer = chateval("new", "study", "first", "--dir", tmp_path)

    annotation = load(tmp_path, "first").annotation
    assert annotation is not None
    assert (answer.status, annotation.groups[0].datapoints[0].tasks[0].id) == (0, "quality_likert")
