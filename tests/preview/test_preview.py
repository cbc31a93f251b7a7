"""A preview, spoken to over its real router."""

import asyncio
import json
import socket
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from chateval.errors import AnnotationFormatError, RouterError
from chateval.preview import Source, read_exhibit, serve_preview

from .conftest import Page, Preview, Told, previewing

TURNS = [["user", "Hi!"], ["system", "Hello, dear."]]


def point(group_id: str, *tasks: str) -> dict[str, Any]:
    return {"dialogue_id": f"d_{group_id}", "group_id": group_id, "annotation_tasks": list(tasks), "turns": TURNS}


def write_data(folder: Path, *points: dict[str, Any]) -> Path:
    path = folder / "data.jsonl"
    path.write_text("".join(f"{json.dumps(one)}\n" for one in points))
    return path


def question(asked: dict[str, Any]) -> str:
    return str(asked["parts"][0]["task"]["questions"][0]["text"])


async def is_anew(page: Page, sessions: int) -> dict[str, Any]:
    await page.until(lambda page: page.sessions == sessions and bool(page.updates))
    return dict(page.updates[-1])


async def test_the_task_is_asked_on_the_built_in_dialogue(preview: Preview) -> None:
    async with preview.page() as page:
        asked = await page.begin()

    [shown] = [update for update in page.updates if update["kind"] == "dialogue_shown"]
    assert (question(asked), asked["parts"][0]["turns"]) == ("FIRST", [1, 3, 5, 7])
    assert len(shown["turns"]) == 8
    assert page.study["work"] == "labels"


async def test_the_page_itself_is_served(preview: Preview) -> None:
    url = preview.told.url
    body = await asyncio.to_thread(lambda: urllib.request.urlopen(url, timeout=5).read())

    assert b"<title>page</title>" in body


async def test_answers_are_judged_as_in_a_study(preview: Preview) -> None:
    """What must be answered can be tried out."""
    async with preview.page() as page:
        await page.begin()
        await page.say(kind="submit_labels")
        await page.until(lambda page: bool(page.rejected))

    assert "4 turns are still without all answers" in page.rejected[0]


async def test_a_changed_question_comes_to_an_open_page(preview: Preview) -> None:
    """And to where its reader was: past what they had agreed to."""
    async with preview.page() as page:
        await page.begin()
        preview.edit("FIRST", "SECOND")
        asked = await is_anew(page, 2)

    assert (asked["kind"], question(asked)) == ("labels_asked", "SECOND")


async def test_who_has_not_begun_is_asked_to_agree_again(preview: Preview) -> None:
    async with preview.page() as page:
        await page.until_asked("consent_asked")
        preview.edit("FIRST", "SECOND")
        asked = await is_anew(page, 2)

    assert asked["kind"] == "consent_asked"


async def test_changed_instructions_come_too(preview: Preview) -> None:
    """They are Markdown in a file of their own, which may not be there at first."""
    async with preview.page() as page:
        await page.begin()
        (preview.folder / "instructions").mkdir()
        (preview.folder / "instructions" / "kind.md").write_text("Be *strict*.")
        asked = await is_anew(page, 2)

    assert "<em>strict</em>" in asked["parts"][0]["task"]["instructions_html"]


async def test_a_broken_definition_is_told_and_the_page_stays(preview: Preview) -> None:
    """Half-done editing is the rule, and no reason to lose what is shown."""
    async with preview.page() as page:
        await page.begin()
        preview.edit("kind: turn", "kind: turm")
        await preview.until(lambda told: bool(told.errors))
        await page.say(kind="label", part=0, turn=1, question="kind_q", value="kind")
        answer = await page.until_asked("labelled")
    preview.edit("kind: turm", "kind: turn")
    await preview.until(lambda told: len(told.shown) > 1)

    assert (answer["value"], page.sessions) == ("kind", 1)
    assert "turm" in str(preview.told.errors[0])


async def test_a_task_that_goes_missing_is_told(preview: Preview) -> None:
    preview.edit("  kind:\n", "  kindness:\n")
    await preview.until(lambda told: bool(told.errors))

    assert "Did you mean 'kindness'?" in str(preview.told.errors[0])


async def test_a_reload_comes_back_to_the_same_answers(preview: Preview) -> None:
    async with preview.page() as page:
        await page.begin()
        await page.say(kind="label", part=0, turn=1, question="kind_q", value="kind")
        await page.until_asked("labelled")
    async with preview.page() as again:
        await again.until_asked("labelled")

    assert (again.sessions, again.updates[-1]) == (1, page.updates[-1])


async def test_opening_the_link_after_the_end_begins_anew(folder: Path) -> None:
    async with previewing(folder, "other") as preview, preview.page() as page:
        await page.begin()
        await page.finish()
        await page.enter()
        asked = await is_anew(page, 2)

    assert asked["kind"] == "consent_asked"


async def test_each_visit_shows_the_next_dialogue_of_a_file(folder: Path) -> None:
    """Without the tasks that are not previewed, and without dialogues that are not for it."""
    data = write_data(folder, point("g1", "kind", "other"), point("g2", "other"), point("g3", "kind"))
    async with previewing(folder, data=data) as preview:
        for assignment in ("a", "b", "c"):
            async with preview.page(assignment) as page:
                asked = await page.begin()
                assert [part["task"]["kind"] for part in asked["parts"]] == ["turn"]
        assert [[one.dialogue_id for one in group] for group in preview.told.shown[0].groups] == [["d_g1"], ["d_g3"]]


async def test_changed_dialogues_come_too(folder: Path) -> None:
    data = write_data(folder, point("g1", "kind"))
    async with previewing(folder, data=data) as preview, preview.page() as page:
        await page.begin()
        write_data(folder, {**point("g1", "kind"), "turns": [*TURNS, ["user", "A new turn"]]})
        await is_anew(page, 2)

        [shown] = [update for update in page.updates if update["kind"] == "dialogue_shown"]
    assert shown["turns"][-1]["text"] == "A new turn"


async def test_nothing_is_written(preview: Preview) -> None:
    before = {path: path.read_bytes() for path in preview.folder.rglob("*") if path.is_file()}
    async with preview.page() as page:
        await page.begin()

    assert {path: path.read_bytes() for path in preview.folder.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("task", "said"), [("kinder", "Did you mean 'kind'?"), ("xyz", "It defines: better, kind, other.")]
)
def test_an_unknown_task_is_answered_with_what_there_is(folder: Path, task: str, said: str) -> None:
    with pytest.raises(AnnotationFormatError, match="There is no task") as caught:
        read_exhibit(Source(task, folder / "tasks.yaml"))

    assert said in str(caught.value)


def test_a_file_without_dialogues_for_the_task_is_refused(folder: Path) -> None:
    with pytest.raises(AnnotationFormatError, match="annotation_tasks"):
        read_exhibit(Source("kind", folder / "tasks.yaml", write_data(folder, point("g1", "other"))))


async def test_a_port_that_is_taken_is_named(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(RouterError, match=f"port {port} "):
            await serve_preview(Source("kind", folder / "tasks.yaml"), port, Told(), page_dir=folder)


async def test_a_page_that_is_not_built_is_told(folder: Path) -> None:
    (folder / "index.html").unlink()
    with pytest.raises(RouterError, match="make setup"):
        await serve_preview(Source("kind", folder / "tasks.yaml"), 0, Told(), page_dir=folder)
