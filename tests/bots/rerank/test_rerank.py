import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from chateval.bots import Bot, Progress, Reply, Request, Watch, build_bots, watch_nothing
from chateval.bots._means import Means
from chateval.bots._turnstile import Turnstile
from chateval.bots.rerank import RankingBot, build_rerank_bot
from chateval.config import BotRuntime, RerankBot, ScriptedBot
from chateval.dialogue import Turn, Usage
from chateval.errors import BotError

Turns = Callable[..., list[Turn]]


class Proposer:
    """Says its lines in the order in which it is asked: text, replies, or errors; None never comes."""

    def __init__(self, name: str, *lines: str | Reply | Exception | None) -> None:
        self.name = name
        self._lines: Iterator[str | Reply | Exception | None] = iter(lines)
        self.asked: list[str] = []
        self.forgotten: list[str] = []
        self.watches: list[Watch] = []
        self.cancelled = 0

    def identity(self) -> Mapping[str, str]:
        return {"kind": "proposer"}

    async def reply(self, request: Request, watch: Watch = watch_nothing) -> Reply:
        self.asked.append(request.dialogue_id)
        self.watches.append(watch)
        line = next(self._lines)
        if isinstance(line, Exception):
            raise line
        if line is None:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                self.cancelled += 1
                raise
        return line if isinstance(line, Reply) else Reply(str(line))

    def forget(self, dialogue_id: str, *, is_finished: bool = False) -> None:
        self.forgotten.append(dialogue_id)

    async def close(self) -> None:
        raise AssertionError


@pytest.fixture
def ranking(runtime: BotRuntime) -> Callable[..., RankingBot]:
    def make(*bots: Bot, task_dir: Path | None = None, **keys: object) -> RankingBot:
        spec = replace(RerankBot("best", bots=tuple(bot.name for bot in bots), candidates=2, ranker="length"), **keys)
        own = replace(runtime, task_dir=task_dir or runtime.task_dir)
        return build_rerank_bot(spec, Means(own, Turnstile(1), {bot.name: bot for bot in bots}))

    return make


Ranking = Callable[..., RankingBot]


async def test_the_best_of_all_candidates_is_said(ranking: Ranking, turns: Turns) -> None:
    """Of all bots; here the longest is best."""
    bot = ranking(Proposer("a", "one", "one two"), Proposer("b", "one two three", "x"))

    assert (await bot.reply(Request("d", turns("hi")))).text == "one two three"


async def test_of_equals_the_first_is_said(ranking: Ranking, turns: Turns) -> None:
    """The same candidates always lead to the same reply."""
    assert (await ranking(Proposer("a", "x y", "z w")).reply(Request("d", turns("hi")))).text == "x y"


async def test_candidates_have_dialogues_of_their_own_and_all_are_forgotten(ranking: Ranking, turns: Turns) -> None:
    """A bot that keeps what it has said would believe that it said every candidate."""
    proposer = Proposer("a", "x", "y")
    bot = ranking(proposer)
    await bot.reply(Request("d", turns("hi")))
    bot.forget("d", is_finished=True)

    assert len({*proposer.asked, "d"}) == 3
    assert proposer.forgotten == proposer.asked


async def test_candidates_that_fail_are_left_out(
    ranking: Ranking, turns: Turns, caplog: pytest.LogCaptureFixture
) -> None:
    """One bad sample of five is no reason to have nothing to say."""
    bot = ranking(
        Proposer("a", BotError("too long"), "x"), Proposer("b", Reply("", ends_dialogue=True), RuntimeError())
    )

    assert (await bot.reply(Request("d", turns("hi")))).text == "x"
    assert "1 of 4 candidates came; one failed" in caplog.text


async def test_where_all_fail_the_bot_fails_with_the_last_reason(ranking: Ranking, turns: Turns) -> None:
    """The desk asks again."""
    with pytest.raises(BotError, match=r"none of its 2 candidates came\. The last: too long"):
        await ranking(Proposer("a", BotError("empty"), BotError("too long"))).reply(Request("d", turns("hi")))


async def test_the_slow_are_not_waited_for_when_one_is_there(ranking: Ranking, turns: Turns) -> None:
    """They are given up, so that nobody computes them in vain."""
    slow = Proposer("b", None, None)
    bot = ranking(Proposer("a", "x", "x y"), slow, wait_seconds=0.01)

    assert (await bot.reply(Request("d", turns("hi")))).text == "x y"
    assert slow.cancelled == 2


async def test_a_worker_who_leaves_gives_all_candidates_up(ranking: Ranking, turns: Turns) -> None:
    """Five times the work would go on for nobody."""
    slow = Proposer("a", None, None)
    task = asyncio.create_task(ranking(slow).reply(Request("d", turns("hi"))))
    while len(slow.asked) < 2:
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert slow.cancelled == 2


async def test_what_all_candidates_took_is_counted(ranking: Ranking, turns: Turns) -> None:
    """It is what the reply cost, whichever was said."""
    bot = ranking(Proposer("a", Reply("x", Usage(3, 2, 1, 0.5)), Reply("y", Usage(3, 4, 2, 0.25))))

    assert (await bot.reply(Request("d", turns("hi")))).usage == Usage(6, 6, 3, 0.75)


async def test_a_cost_that_is_known_in_part_is_not_known(ranking: Ranking, turns: Turns) -> None:
    """Half of a price is a wrong price."""
    bot = ranking(Proposer("a", Reply("x", Usage(3, 2, cost_usd=0.5)), Reply("y", Usage(3, 4))))

    assert (await bot.reply(Request("d", turns("hi")))).usage == Usage(6, 6)


async def test_its_progress_is_that_of_the_furthest(ranking: Ranking, turns: Turns) -> None:
    """The clock of an attempt runs while anyone works at it; no candidate's text is shown before it is chosen."""
    told: list[tuple[Progress, str]] = []
    proposer = Proposer("a", None, None)
    task = asyncio.create_task(
        ranking(proposer).reply(Request("d", turns("hi")), lambda state, text: told.append((state, text)))
    )
    while len(proposer.watches) < 2:
        await asyncio.sleep(0)
    one, other = proposer.watches
    one(Progress.QUEUED, "")
    other(Progress.QUEUED, "")
    other(Progress.STARTED, "hel")
    one(Progress.STARTED, "")
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert told == [(Progress.QUEUED, ""), (Progress.STARTED, "")]


async def test_candidates_that_are_all_alike_are_told_once(
    ranking: Ranking, turns: Turns, caplog: pytest.LogCaptureFixture
) -> None:
    """A bot that does not sample has nothing to choose among, and costs five times as much."""
    bot = ranking(Proposer("a", *"xxxxxy"))
    for _ in range(3):
        await bot.reply(Request("d", turns("hi")))

    assert caplog.text.count("all 2 candidates of 'a' are the same") == 1


async def test_all_candidates_can_be_kept_with_their_scores(ranking: Ranking, turns: Turns, tmp_path: Path) -> None:
    """Whoever studies rankers needs those that were not said."""
    bot = ranking(Proposer("a", "x", "y z", "v", "w"), task_dir=tmp_path, candidates_file="kept/candidates.jsonl")
    await bot.reply(Request("d", turns("hi")))
    await bot.reply(Request("e", turns("hi", "v", "so")))

    lines = (tmp_path / "kept/candidates.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 2
    assert json.loads(lines[0]) == {
        "dialogue_id": "d",
        "turn": 1,
        "said": 1,
        "candidates": [{"bot": "a", "text": "x", "score": 1}, {"bot": "a", "text": "y z", "score": 2}],
    }


async def test_a_study_builds_it_after_those_it_is_made_of(runtime: BotRuntime, turns: Turns) -> None:
    """They are bots of the study like others; a wrapper may wrap a wrapper."""
    specs = [
        RerankBot("a", bots=("b", "z"), candidates=1, ranker="length"),
        RerankBot("b", bots=("z",), candidates=2),
        ScriptedBot("z", ("one", "two three")),
    ]
    bots = build_bots(specs, runtime)

    assert (await bots["a"].reply(Request("d", turns("hi", "one", "you")))).text == "two three"
    assert bots["a"].identity()["b.z.kind"] == "scripted"
    assert bots["a"].identity()["ranker"] == "length"
