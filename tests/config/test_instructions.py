"""What workers read about a task."""

from typing import TYPE_CHECKING

from .labs import TASKS

if TYPE_CHECKING:
    from chateval.config import Study

    from .labs import Lab

FILE = "task_config/instructions/kind.md"


def instructions(study: "Study") -> str:
    assert study.annotation is not None
    return study.annotation.groups[1].datapoints[0].tasks[0].instructions_html


def test_markdown_becomes_html_with_places_to_be_led_to(lab: "Lab") -> None:
    """A question's help leads to the heading that has its id."""
    assert instructions(lab.load(conf="kindness")) == '<h2 id="help-kind_q">Kind</h2>\n<p>Is it <em>kind</em>?</p>'


def test_tables_and_lists_are_understood(lab: "Lab") -> None:
    """Examples of labels are mostly tables."""
    lab.write(FILE, "| a | b |\n|---|---|\n| 1 | 2 |\n\n1. one\n\n* two\n")
    html = instructions(lab.load(conf="kindness"))
    assert "<td>2</td>" in html
    assert "<ol>" in html
    assert "<ul>" in html


def test_what_runs_is_left_out_and_noted(lab: "Lab") -> None:
    """Instructions travel between labs."""
    lab.write(FILE, "Kind?\n\n<script>alert(1)</script>\n\n[more](javascript:x)\n\n<p onclick='x()'>p</p>\n")
    study = lab.load(conf="kindness")
    assert "script" not in instructions(study)
    assert "onclick" not in instructions(study)
    assert "instructions/kind.md: left out of the page" in study.notices[0]
    assert "<script>, onclick=" in study.notices[0]


def test_a_task_without_instructions_is_noted(lab: "Lab") -> None:
    """People would label by what they think the words mean."""
    (lab.folder / FILE).unlink()
    (lab.folder / "task_config/instructions/quality.md").unlink()
    (notice,) = lab.load(conf="kindness").notices
    assert notice.startswith("Workers are shown no instructions for kind, quality: write them in Markdown, as in ")
    assert notice.endswith("task_config/instructions/kind.md.")


def test_instructions_that_are_not_utf8_are_told(lab: "Lab") -> None:
    """Editors on other systems save other encodings."""
    (lab.folder / FILE).write_bytes("Grüße".encode("latin-1"))
    problem = lab.problem(conf="kindness")
    assert problem.where.endswith("instructions/kind.md")
    assert "not text in UTF-8" in problem.text


def test_a_built_in_task_brings_its_instructions_along(lab: "Lab") -> None:
    """A study of one's own over the shipped tasks need not copy their texts."""
    (lab.folder / FILE).unlink()
    renamed = TASKS.replace("  kind:\n", "  empathy:\n")
    lab.write("task_config/tasks.yaml", renamed)
    data = lab.folder / "task_config/kindness.jsonl"
    data.write_text(data.read_text().replace('"kind"', '"empathy"'))
    assert "<h2" in instructions(lab.load(conf="kindness"))
