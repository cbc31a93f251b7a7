"""Signed links: made by `chateval invite`, and the only way in where the study says so."""

import re
import subprocess
import sys
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from .conftest import ROOT, LiveStudy


def invited(study: LiveStudy, *options: str) -> list[dict[str, Any]]:
    """What a page reads from the links that the command prints."""
    place = ["--task-name", "collect_dialogues", "--data-dir", str(study.data_dir), "--base-url", study.url]
    command = [sys.executable, "-m", "chateval", "invite", *place, *options]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60).stdout
    queries = [parse_qs(urlsplit(line).query) for line in printed.splitlines()]
    return [
        {**{key: values[0] for key, values in query.items()}, "expires": int(query["expires"][0])} for query in queries
    ]


async def ask(study: LiveStudy, link: dict[str, Any]) -> dict[str, Any]:
    async with study.page() as page:
        await page.tell(kind="join", since=0, **link)
        return await page.hears("joined", "refused")


async def test_an_invited_worker_gets_in_and_nobody_else_does(invited_only: LiveStudy) -> None:
    """Otherwise anyone could take every place, or take part in someone's name."""
    [link, other] = invited(invited_only, "--worker", "Wö 1", "--worker", "W2")
    forged = [
        {"worker_id": "Wö 1", "assignment_id": link["assignment_id"]},
        {**link, "signature": ""},
        {**link, "signature": link["signature"][:-1]},
        {**link, "signature": other["signature"]},
        {**link, "signature": "é" * 43},
        {**link, "worker_id": "W3"},
        {**link, "assignment_id": "another"},
        {**link, "expires": link["expires"] + 1},
        {**link, "worker_id": "Wö", "assignment_id": "1" + link["assignment_id"]},
    ]
    for attempt in forged:
        assert (await ask(invited_only, attempt))["reason"] == "bad_link", attempt

    assert (await ask(invited_only, link))["kind"] == "joined"
    for attempt in forged:  # nor can anyone enter the session, now that it is there
        assert (await ask(invited_only, attempt))["reason"] == "bad_link", attempt


async def test_an_expired_link_takes_no_place_but_leads_back_to_one(invited_only: LiveStudy) -> None:
    """Who began in time must not lose their work to the clock."""
    [link] = invited(invited_only, "--worker", "late", "--valid-hours", "0.0000001")
    assert (await ask(invited_only, link))["reason"] == "bad_link"

    [valid] = invited(invited_only, "--worker", "late")
    first = await ask(invited_only, valid)
    again = await ask(invited_only, link)

    assert (first["kind"], again["kind"]) == ("joined", "joined")
    assert first["token"] == again["token"]


async def test_a_link_of_another_task_or_folder_is_not_ours(invited_only: LiveStudy, live: LiveStudy) -> None:
    [elsewhere] = invited(live, "--worker", "W9")
    [other_task] = invited(invited_only, "--worker", "W9", "--task-name", "another")

    assert (await ask(invited_only, elsewhere))["reason"] == "bad_link"
    assert (await ask(invited_only, other_task))["reason"] == "bad_link"


def test_the_key_is_for_its_owner_alone_and_the_terminal_tells_the_command(invited_only: LiveStudy) -> None:
    key = invited_only.data_dir / "invite.key"

    assert key.stat().st_mode & 0o777 == 0o600
    assert re.search(r"chateval invite --task-name collect_dialogues --data-dir \S+", invited_only.terminal())
    assert "assignment_id=" not in invited_only.terminal()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--worker", "a\nb", "--task-name", "t"], "visible"),
        (["--worker", "W"], "conf="),
        (["--task-name", "t"], "whom"),
        (["--worker", "W", "--task-name", "t", "--valid-hours", "0"], "above 0|more than 0"),
        (["--worker", "W", "--task-name", "t", "--base-url", "javascript:alert(1)"], "will not do"),
    ],
)
def test_an_invitation_that_makes_no_sense_is_explained(live: LiveStudy, options: list[str], said: str) -> None:
    base = [] if "--base-url" in options else ["--base-url", live.url]
    command = [sys.executable, "-m", "chateval", "invite", "--data-dir", str(live.data_dir), *base, *options]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)

    assert result.returncode == 2
    assert re.search(said, result.stderr.replace("\n", " "))
