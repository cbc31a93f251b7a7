"""Packets that name what is not theirs, come twice, or are no packets at all."""

import json

import pytest

from .conftest import LiveStudy, Visitor


@pytest.mark.parametrize("key", ["session", "session_id", "worker_id", "unit_id", "agent_id", "token", "connection"])
async def test_no_message_can_name_another_session(live: LiveStudy, key: str) -> None:
    """What a page says goes to the session of its own connection, or nowhere."""
    async with live.page() as victim, live.page() as attacker:
        await victim.begin(f"victim {key}")
        await attacker.begin(f"attacker {key}")
        await attacker.tell(kind="say", id="m", dialogue=0, text="in your name", **{key: f"victim {key}"})

        assert (await attacker.hears("rejected"))["id"] == ""
        await victim.say("mine", "m1")


async def test_who_has_not_joined_can_say_nothing(live: LiveStudy) -> None:
    async with live.page() as page:
        await page.tell(kind="say", id="m", dialogue=0, text="anyone?")

        assert await page.hears("rejected") == {"kind": "rejected", "id": "m", "text": "Join a session first."}


async def test_the_token_of_a_finished_session_shows_its_end_and_takes_nothing(live: LiveStudy) -> None:
    async with live.page() as page:
        token = await page.begin("finished")
        await page.say("hello", "m")
        await page.finish()
    async with live.page() as page:
        before = await page.history(token)
        for message in (
            {"kind": "say", "dialogue": 0, "text": "more"},
            {"kind": "leave"},
            {"kind": "submit", "comment": ""},
        ):
            await page.tell(id="late", **message)
            assert "ended" in (await page.hears("rejected"))["text"]
        after = await page.history(token)

    assert before[-1]["kind"] == "ended"
    assert [update["seq"] for update in before] == [update["seq"] for update in after]


async def test_a_guessed_token_leads_nowhere(live: LiveStudy) -> None:
    """Tokens have 256 bits; what comes close is worth as little as what does not."""
    async with live.page() as page:
        token = await page.begin("guessed")
    guesses = [
        "",
        "0",
        token[:-1],
        token + "A",
        token.swapcase(),
        token[::-1],
        f" {token}",
        "' OR 1=1 --",
        "../" + token,
    ]
    async with live.page() as page:
        for guess in guesses:
            await page.tell(kind="resume", token=guess, since=0)
            assert (await page.hears("joined", "refused"))["reason"] == "unknown_session"


async def test_a_replayed_packet_changes_nothing(live: LiveStudy) -> None:
    async with live.page() as page:
        token = await page.begin("replayed")
        await page.say("once", "m")
        for _ in range(5):
            await page.tell(kind="say", id="m", dialogue=0, text="once")
            assert await page.hears("ack") == {"kind": "ack", "id": "m"}
        turns = [update for update in await page.history(token) if update["kind"] == "turn"]

    assert [turn["text"] for turn in turns].count("once") == 2  # the person's, and the parrot's


BROKEN = [
    "",
    "{",
    "null",
    "[]",
    '"text"',
    "NaN",
    '{"kind":"say"}',
    '{"kind":["say"]}',
    '{"kind":"unknown"}',
    '{"kind":"resume","token":7,"since":0}',
    '{"kind":"resume","token":"x","since":-1}',
    '{"kind":"resume","token":"x","since":' + "9" * 5_000 + "}",
    '{"kind":"say","id":"a\\n","dialogue":0,"text":"x"}',
    '{"kind":"say","id":"a","dialogue":0,"text":"\\ud800"}',
    '{"kind":"say","id":"\\u0000","dialogue":0,"text":"x"}',
    '{"deep":' + "[" * 30_000 + "]" * 30_000 + ',"kind":"ping"}',
    '{"kind":"answer","id":"a","dialogue":0,"answers":' + '{"a":' * 10_000,
    "\0",
    "\ufeff{}",
]


@pytest.mark.parametrize("text", BROKEN, ids=lambda text: repr(text[:40]))
async def test_what_cannot_be_read_is_refused_and_the_line_stays(live: LiveStudy, text: str) -> None:
    """One broken packet must not end anybody's line, least of all the operator's."""
    async with live.page() as page:
        await page.socket.send(text)

        assert (await page.hears("rejected", "operator"))["kind"] == "rejected"
        await page.tell(kind="resume", token="still there?", since=0)
        assert (await page.hears("refused"))["reason"] == "unknown_session"


async def test_bytes_that_are_no_text_end_their_own_connection(live: LiveStudy) -> None:
    async with live.page() as page:
        await page.socket.send(b"\xff\xfe", text=True)
        await page.socket.wait_closed()

        assert page.socket.close_code == 1007


async def test_nul_and_other_control_characters_do_not_reach_the_record(live: LiveStudy) -> None:
    """Nobody can see them, and databases and table programs trip over them."""
    async with live.page() as page:
        token = await page.begin("control")
        await page.say("a\0b\x1b[31m\nc", "m")

        assert "ab[31m\nc" in [update.get("text") for update in await page.history(token)]


@pytest.mark.parametrize("worker", ["x" * 201, "a\nb", "a\0b", "a\x1b[2Jb", "a\u202eb", "a\u200bb"])
async def test_an_id_that_is_long_or_cannot_be_seen_is_refused_with_a_reason(live: LiveStudy, worker: str) -> None:
    """Ids go into logs, tables and Mephisto's records."""
    async with live.page() as page:
        refused = await page.join(worker)

    assert refused["reason"] == "bad_link"


async def test_an_id_that_looks_like_code_is_an_id(live: LiveStudy) -> None:
    async with live.page() as page:
        for worker in (
            "<script>alert(1)</script>",
            "'; DROP TABLE workers; --",
            "../../etc/passwd",
            "${jndi:ldap://x}",
        ):
            assert (await page.join(worker))["kind"] == "joined"


async def test_html_is_the_text_that_it_was_written_as(live: LiveStudy) -> None:
    """The page shows text as text (see its own tests); nothing on the way may turn it into anything else."""
    html = '<script>alert(1)</script><img src=x onerror=alert(2)>&amp;"</b>'
    async with live.page() as page:
        token = await page.begin("html")
        await page.say(html, "m")
        said = [update["text"] for update in await page.history(token) if update["kind"] == "turn"]

    assert said.count(html) == 2  # the person's, and the parrot's


async def test_a_history_longer_than_a_page_s_message_reaches_the_page(live: LiveStudy) -> None:
    """A worker with much to say must not be able to break the operator's line by asking for all of it at once."""
    async with live.page() as page:
        token = await page.begin("talkative")
        for number in range(4):
            await page.say("x" * 10_000, f"m{number}")
        assert len(json.dumps(await page.history(token))) > 64 * 1024
        await _is_well(page)


async def _is_well(page: Visitor) -> None:
    await page.tell(kind="resume", token="nobody", since=0)
    assert (await page.hears("refused", "operator"))["kind"] == "refused"
