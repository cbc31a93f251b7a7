"""What pages see of a partner who is at their turn."""

import asyncio

import pytest

from chateval import wire
from chateval.bots import Progress
from chateval.session._signs import CHARACTERS_PER_SECOND, PAUSE_SECONDS, Signs

from .conftest import until


@pytest.fixture
def told() -> list[wire.PartnerState]:
    return []


def seen(told: list[wire.PartnerState]) -> list[tuple[str, str]]:
    return [(sign.state, sign.text) for sign in told]


async def test_a_reply_that_just_comes_needs_no_sign(told: list[wire.PartnerState]) -> None:
    """The page shows it as typing already; a sign for each turn would double what is sent."""
    signs = Signs(0, told.append)
    for progress in (Progress.QUEUED, Progress.STARTED):
        signs(progress, "Hello, and a lot more that nobody is to see yet")

    assert told == []
    assert signs.current() is None


async def test_a_partner_who_is_yet_to_come_is_told_once_and_so_is_their_coming(told: list[wire.PartnerState]) -> None:
    signs = Signs(1, told.append)
    await asyncio.sleep(0)
    for _ in range(3):
        signs(Progress.WAITING, "")
    signs(Progress.STARTED, "")

    await until(lambda: len(told) == 2)

    assert seen(told) == [("waiting", ""), ("typing", "")]
    assert {sign.dialogue for sign in told} == {1}


async def test_a_wait_that_a_study_wants_is_shown_whoever_the_partner_is(told: list[wire.PartnerState]) -> None:
    """A bot that is there at once, in a study where people may have to be waited for."""
    signs = Signs(0, told.append, is_waiting=True, waiting_seconds=0.2)
    signs(Progress.STARTED, "")
    await until(lambda: len(told) == 1)
    start = asyncio.get_running_loop().time()
    await until(lambda: len(told) == 2)

    assert seen(told) == [("waiting", ""), ("typing", "")]
    assert asyncio.get_running_loop().time() - start > 0.1


async def test_of_many_pieces_of_text_the_first_and_the_newest_are_told(told: list[wire.PartnerState]) -> None:
    """A model may bring a hundred pieces a second, each to hundreds of pages."""
    signs = Signs(0, told.append, is_streamed=True)
    await asyncio.sleep(0)
    for length in range(1, 1_001):
        signs(Progress.STARTED, "x" * length)
    assert seen(told) == [("typing", "x")]

    await until(lambda: len(told) == 2)

    assert told[1].text == "x" * 1_000


async def test_the_pace_is_kept(told: list[wire.PartnerState]) -> None:
    loop, pieces = asyncio.get_running_loop(), 0
    signs = Signs(0, told.append, is_streamed=True)
    start = loop.time()
    while loop.time() - start < 3.5 * PAUSE_SECONDS:
        pieces += 1
        signs(Progress.STARTED, f"piece {pieces}")
        await asyncio.sleep(0.001)

    assert pieces > 20
    assert 2 <= len(told) <= 4
    signs.close()


async def test_a_long_text_is_cut_and_told_more_seldom(told: list[wire.PartnerState]) -> None:
    """A bot that says 10 MB must not have them sent ten times a second."""
    signs = Signs(0, told.append, is_streamed=True)
    await asyncio.sleep(0)
    start = asyncio.get_running_loop().time()
    signs(Progress.STARTED, "x" * 10_000_000)
    signs(Progress.STARTED, "y" * 10_000_000)
    await until(lambda: len(told) == 2)

    assert [len(sign.text) for sign in told] == [wire.MAX_TEXT_CHARACTERS] * 2
    assert asyncio.get_running_loop().time() - start >= 0.9 * wire.MAX_TEXT_CHARACTERS / CHARACTERS_PER_SECOND
    signs.close()


async def test_nothing_follows_the_turn_itself(told: list[wire.PartnerState]) -> None:
    """Neither what was about to be told nor what a bot says too late."""
    signs = Signs(0, told.append, is_streamed=True)
    await asyncio.sleep(0)
    signs(Progress.STARTED, "He")
    signs(Progress.STARTED, "Hello")
    signs.close()
    signs(Progress.STARTED, "Hello there")
    await asyncio.sleep(1.5 * PAUSE_SECONDS)

    assert seen(told) == [("typing", "He")]
    assert signs.current() is None


async def test_a_page_that_comes_meanwhile_is_told_how_long_it_has_been_so(told: list[wire.PartnerState]) -> None:
    signs = Signs(0, told.append)
    signs(Progress.WAITING, "")
    await asyncio.sleep(0.06)

    sign = signs.current()

    assert sign is not None
    assert (sign.state, sign.seconds > 0) == ("waiting", True)
    signs.close()
