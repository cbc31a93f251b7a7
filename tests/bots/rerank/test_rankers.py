import asyncio
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

import pytest

from chateval.bots.rerank._rankers import consensus, length, novelty, ranker_named
from chateval.dialogue import Context, Turn
from chateval.errors import BotError

Turns = Callable[..., list[Turn]]

HOOKS = """
import threading

async def shortest(context, turns, candidates):
    return [-len(text) - len(turns) for text in candidates]

def few(context, turns, candidates):
    return [1.0]

def endless(context, turns, candidates):
    return [float("nan")] * len(candidates)

may_go_on = threading.Event()

def patient(context, turns, candidates):
    return [may_go_on.wait(5)]

def broken(context, turns, candidates):
    return candidates[99]
"""


@pytest.fixture
def hooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    tmp_path.joinpath("my_ranking_functions.py").write_text(HOOKS, encoding="utf-8")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    return "my_ranking_functions"


def best(scores: Sequence[float]) -> int:
    return max(range(len(scores)), key=lambda place: scores[place])


def test_consensus_prefers_what_others_say_too() -> None:
    """A sample that went astray is like none of the others."""
    scores = consensus(Context(), (), ["I like cats.", "Purple!", "I like big cats.", "I  LIKE cats."])

    assert scores[0] == scores[3] > scores[2] > scores[1]
    assert all(0 <= score <= 1 for score in scores)


def test_consensus_of_equals_is_whole_and_of_one_is_nothing() -> None:
    """The two ends of its scale."""
    assert consensus(Context(), (), ["yes", "yes"]) == [1, 1]
    assert consensus(Context(), (), ["yes"]) == [0]
    assert consensus(Context(), (), ["", "yes"]) == [0, 0]


def test_novelty_prefers_what_nobody_has_said(turns: Turns) -> None:
    """A bot that repeats itself or its partner bores people."""
    history = turns("i like cats", "what is your name")

    assert novelty(Context(), history, ["What is your name", "i like dogs", "rain falls"]) == pytest.approx(
        [0, (1 / 3 + 1 / 2 + 1) / 3, 1]
    )


def test_length_counts_words() -> None:
    """Not letters: a long word is no longer reply."""
    assert length(Context(), (), ["a b c", "abcdefgh", ""]) == [3, 1, 0]


async def test_a_function_of_ones_own_may_be_async(hooks: str, turns: Turns) -> None:
    """It may ask a model on a server."""
    rank = ranker_named("bot", f"{hooks}:shortest")

    assert await rank(Context(), turns("hi"), ["aa", "b"]) == [-3, -2]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("few", r"gave \[1.0\] for 2 candidates\. It is to give a finite number for each"),
        ("endless", r"gave \[nan, nan\] for 2"),
        ("broken", "broke: IndexError: list index out of range"),
    ],
)
async def test_a_function_that_gives_no_scores_is_told(hooks: str, name: str, reason: str) -> None:
    """It is the researcher's own, and the bot's error would not lead there."""
    with pytest.raises(BotError, match=rf"'bot': its ranker {hooks}:{name} {reason}"):
        await ranker_named("bot", f"{hooks}:{name}")(Context(), (), ["a", "b"])


def test_a_function_that_is_not_there_is_told_when_the_bot_is_built(hooks: str) -> None:
    """Not when the first worker waits for it."""
    with pytest.raises(BotError, match=r"has no function 'shortst'\. Did you mean 'shortest'\?"):
        ranker_named("bot", f"{hooks}:shortst")


async def test_ranking_holds_up_nobody(hooks: str) -> None:
    """A hundred long candidates take seconds to compare."""
    rank = ranker_named("bot", f"{hooks}:patient")
    ranking = asyncio.create_task(rank(Context(), (), ["a"]))
    await asyncio.sleep(0)
    import_module(hooks).may_go_on.set()

    assert await ranking == [1]
