"""Bots that are loaded while people come already."""

import asyncio
from dataclasses import replace

import pytest

from chateval.bots import Desk, Progress, Request, terms_of
from chateval.config import ScriptedBot, Study
from chateval.crowd._loading import load_bots
from chateval.dialogue import Speaker, Turn
from chateval.errors import BotError

from .stages import Open

MUTE = ScriptedBot("listener")
"""It has nothing to say, which is found out when it is loaded."""


class Observer(list[tuple[object, ...]]):
    """Notes what it is told."""

    def loading(self, bot_name: str, place: int, count: int) -> None:
        self.append(("loading", bot_name, place, count))

    def loaded(self, bot_name: str, place: int, count: int, seconds: float) -> None:
        assert 0 <= seconds < 5
        self.append(("loaded", bot_name, place, count))


def empty_desk(study: Study) -> Desk:
    return Desk({}, terms_of(study.bots))


async def test_each_bot_goes_to_the_desk_when_it_is_there(study: Study) -> None:
    """Whoever waited for it is answered, and the terminal tells how far it is."""
    observer, desk, progress = Observer(), empty_desk(study), list[Progress]()
    request = Request("d", [Turn(Speaker.USER, "hi")])
    early = asyncio.create_task(desk.reply("listener", request, lambda now, _: progress.append(now)))
    await asyncio.sleep(0)

    bots = await load_bots(study, desk, observer)

    assert list(bots) == ["listener"]
    assert (await early).text
    assert progress == [Progress.WAITING, Progress.STARTED]
    assert observer == [("loading", "listener", 1, 1), ("loaded", "listener", 1, 1)]


async def test_a_bot_that_cannot_be_loaded_is_raised(study: Study) -> None:
    """The launch ends with it."""
    with pytest.raises(BotError, match="'listener' has nothing to say"):
        await load_bots(replace(study, bots=(MUTE,)), empty_desk(study), Observer())


async def test_nobody_is_told_of_bots_that_are_not_wanted_any_more(study: Study) -> None:
    """The study has been stopped, and its terminal belongs to others."""
    observer = Observer()
    loading = asyncio.create_task(load_bots(study, empty_desk(study), observer))
    await asyncio.sleep(0)
    loading.cancel()
    await asyncio.gather(loading, return_exceptions=True)
    told = list(observer)
    await asyncio.sleep(0.05)

    assert observer == told


async def test_who_came_before_a_bot_that_could_not_be_loaded_goes_on_at_the_next_launch(
    study: Study, open_stage: Open
) -> None:
    """They have read the instructions and agreed to them; all of that stays."""
    async with open_stage(study, empty_desk(study)) as first:
        await first.join(1, "early")
        first.send(1, kind="consent", id="c")
        waiting = await first.heard(1, "partner")
    assert waiting["state"] == "waiting"

    desk = empty_desk(study)
    async with open_stage(study, desk, run_id=first.run_id) as again:
        await again.join(2, "early")
        assert (await again.asked(2, "turn_asked"))["seat"] == "bot"
        await load_bots(study, desk, Observer())
        await again.person_is_asked(2, 0)
