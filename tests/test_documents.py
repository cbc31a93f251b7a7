"""What the documents say is there, is there."""

import re
import textwrap
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import get_type_hints

import pytest

from chateval.analysis._export import _TABLES
from chateval.annotation import read_attention_checks, read_groups, read_onboarding, read_tasks, read_training
from chateval.cli._main import VERBS
from chateval.config import load_study
from chateval.config._settings import StudySettings

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "parlai_internal").glob("*.md")])
PROSE_AND_CODE = "\n".join(path.read_text() for path in DOCUMENTS)
README = (ROOT / "README.md").read_text()
LINK = re.compile(r"\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"")

PATH = re.compile(r"`((?:chateval|tests|scripts|docs|frontend|hydra_configs|task_config)/[\w./-]+)`")


def local_links(path: Path) -> Iterator[str]:
    for found in LINK.finditer(path.read_text()):
        target = found[1] or found[2]
        if not re.match(r"[a-z]+:", target):
            yield target


def anchors(path: Path) -> set[str]:
    """The headings of a document, as links name them."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    """A dead link is found by the one reader who needed it."""
    for target in local_links(path):
        name, _, anchor = target.partition("#")
        file = path.parent / name if name else path
        assert file.exists(), target
        assert not anchor or anchor in anchors(file), target


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\bmake ([a-z][a-z-]+)\b(?= |`|;|$)", README, re.MULTILINE))))
def test_every_make_target_named_in_the_readme_exists(target: str) -> None:
    """They are the first thing that anyone types."""
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


def test_every_verb_that_is_named_exists() -> None:
    named = set(re.findall(r"(?:`|bin/)chateval ([a-z]+)", PROSE_AND_CODE))

    assert {"check", "export", "runs"} <= named
    assert named <= set(VERBS)


def test_every_study_named_in_the_readme_exists() -> None:
    """All but those that its reader makes."""
    named = set(re.findall(r"conf=(\w+)", README)) - {"tea_talk", "kindness"}
    files = set(re.findall(r"hydra_configs/conf/(\w+)\.yaml", README)) - {"tea_talk", "kindness"}

    assert all((ROOT / "hydra_configs" / "conf" / f"{name}.yaml").exists() for name in named | files)


def test_every_study_is_named_in_the_readme() -> None:
    """What nobody is told of, nobody starts."""
    studies = {path.stem for path in (ROOT / "hydra_configs" / "conf").glob("*.yaml")}

    assert studies <= set(re.findall(r"`(\w+)`", README))


@pytest.fixture
def followed_readme(tmp_path: Path) -> Path:
    """A project in which somebody has done what the README says about a task of one's own."""
    for name, text in re.findall(r"`([\w/]+kindness[\w./]*)`:\n\n```\w+\n(.*?)```", README, re.DOTALL):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    study = tmp_path / "hydra_configs" / "conf" / "kindness.yaml"
    [more] = re.findall(r"under `blueprint`:\n\n```yaml\n(    use_screening_task.*?)```", README, re.DOTALL)
    study.with_stem("trained").write_text(study.read_text().replace("  task:\n", f"{more}  task:\n"))
    return tmp_path


@pytest.mark.parametrize("conf", ["kindness", "trained"])
def test_a_task_made_from_the_readme_alone_is_one(followed_readme: Path, conf: str) -> None:
    """Someone who defines a first task has nothing else to go by."""
    study = load_study(
        [f"conf={conf}", f"task_dir={followed_readme}"], followed_readme / "hydra_configs", check_port=False
    )

    assert study.annotation is not None
    [[task], *_] = [point.tasks for group in study.annotation.groups for point in group.datapoints]
    assert [question.id for question in task.questions] == ["treats", "warmth"]
    assert all(f"help-{question.id}" in task.instructions_html for question in task.questions)
    assert {quota.name: quota.needed for quota in study.quotas} == {"picnic": 2, "exam": 1}
    assert (study.screening is not None, study.golds is not None) == (conf == "trained", conf == "trained")
    assert study.notices == ()


LABELLING = (ROOT / "docs" / "labelling.md").read_text()


@pytest.mark.parametrize("block", re.findall(r"```yaml\n((?:tasks:|- ).*?)```", LABELLING, re.DOTALL))
def test_the_questions_of_the_guide_are_questions(block: str, tmp_path: Path) -> None:
    """They are there to be copied."""
    path = tmp_path / "example.yaml"
    if block.startswith("- question:"):
        path.write_text(block)
        assert read_attention_checks(path)
        return
    questions = f"tasks:\n  example:\n    kind: turn\n    questions:\n{textwrap.indent(block, ' ' * 6)}"
    path.write_text(block if block.startswith("tasks:") else questions)

    assert read_tasks(path)


def test_the_data_of_the_guide_is_data(tmp_path: Path) -> None:
    """Each kind of file, in the order in which the guide comes to them, about the task with which it begins."""
    buckets, data, training, onboarding = (
        tmp_path / name for name in ("buckets.json", "data.jsonl", "training.json", "onboarding.json")
    )
    blocks = re.findall(r"```json\n(.*?)```", LABELLING, re.DOTALL)
    for path, text in zip((buckets, data, training, onboarding), blocks, strict=True):
        path.write_text(text)
    tasks = read_tasks(buckets)

    assert [group.group_id for group in read_groups(data, tasks)] == ["g1"]
    assert [len(point.keys) for point in read_training(training, tasks)] == [2]
    assert read_onboarding(onboarding, tasks["politeness"]).max_failures_allowed == 1


def setting_names(kind: type) -> Iterator[str]:
    hints = get_type_hints(kind)
    for item in fields(kind):
        if is_dataclass(hints[item.name]):
            yield from setting_names(hints[item.name])
        else:
            yield item.name


def test_every_key_is_documented_and_no_other() -> None:
    """A key without a row is found by reading code; a row without a key costs an evening."""
    rows = set(re.findall(r"^\| `(\w+)` \|", (ROOT / "docs" / "configuration.md").read_text(), re.MULTILINE))
    names = set(setting_names(StudySettings)) - {"_blueprint_type"}

    assert (names - rows, rows - names) == (set(), set())


def test_the_example_of_a_study_is_one(tmp_path: Path) -> None:
    """It is there to be copied."""
    text = (ROOT / "docs" / "configuration.md").read_text()
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "example.yaml").write_text(text.partition("```yaml\n")[2].partition("```")[0])

    study = load_study(["conf=example", f"data_dir={tmp_path}"], tmp_path, check_port=False)

    assert study.task.name == "my_study"


@pytest.mark.parametrize(("table", "columns"), [table[:2] for table in _TABLES], ids=[table[0] for table in _TABLES])
def test_the_columns_of_every_table_are_documented(table: str, columns: list[str]) -> None:
    """Data outlives the memory of what its columns meant."""
    text = (ROOT / "docs" / "data.md").read_text()
    [cell] = re.findall(rf"^\| `{table}` \| [^|]+ \| (`run_id`, .*) \|$", text, re.MULTILINE)

    assert re.findall(r"`(\w+)`", cell) == columns


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_and_files_that_are_named_exist(path: Path) -> None:
    """Documents age by renaming."""
    named = re.findall(
        r"`((?:chateval|tests|scripts|docs|frontend|hydra_configs|task_config)/[\w./-]+)`", path.read_text()
    )

    missing = [name for name in named if not (ROOT / name).exists() and "kindness" not in name]

    assert missing == []


def test_pictures_are_small() -> None:
    """Everyone who clones the project takes them along."""
    sizes = {path.name: path.stat().st_size for path in (ROOT / "docs" / "images").iterdir()}

    assert {name: size for name, size in sizes.items() if size >= 200_000} == {}
