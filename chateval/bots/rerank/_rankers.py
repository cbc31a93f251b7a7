"""What says which candidate is best."""

import asyncio
import inspect
import math
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence

from chateval.annotation import load_hook
from chateval.dialogue import Context, Turn
from chateval.errors import AnnotationFormatError, BotError

Ranker = Callable[[Context, Sequence[Turn], Sequence[str]], Awaitable[list[float]]]
"""Given what there is before a dialogue, its turns, and candidates for the next: a score for each, the best highest."""

CHARACTER_GRAMS = range(1, 7)
WORD_GRAMS = range(1, 4)


def ranker_named(bot_name: str, name: str) -> Ranker:
    """One of ours, or a function `package.module:function`, which may be async.

    Raises:
        BotError: the function cannot be loaded.
    """
    own = {"consensus": consensus, "length": length, "novelty": novelty}.get(name)
    if own is not None:
        return _checked(bot_name, name, own)
    try:
        return _checked(bot_name, name, load_hook(name))
    except AnnotationFormatError as error:
        raise BotError(f"Bot {bot_name!r} has no ranker: {error}") from error


def consensus(_: Context, __: Sequence[Turn], candidates: Sequence[str]) -> list[float]:
    """How much a candidate has in common with the others on average, from 0 to 1.

    This is minimum Bayes risk (Kumar and Byrne, "Minimum Bayes-risk decoding for statistical machine translation",
    NAACL 2004): each candidate stands for what the reply might have been, and that one wins that is least wrong on
    average. Likeness is an F1 score of character n-grams with n from 1 to 6, averaged over n, much as in chrF (Popovic,
    WMT 2015).
    """
    grams = [_character_grams(candidate) for candidate in candidates]
    return [
        # Summed exactly: candidates that are equally like the others are not told apart by rounding.
        math.fsum(_likeness(one, other) for place, other in enumerate(grams) if place != number)
        / max(len(grams) - 1, 1)
        for number, one in enumerate(grams)
    ]


def length(_: Context, __: Sequence[Turn], candidates: Sequence[str]) -> list[float]:
    """How many words a candidate has."""
    return [float(len(candidate.split())) for candidate in candidates]


def novelty(_: Context, turns: Sequence[Turn], candidates: Sequence[str]) -> list[float]:
    """Which share of a candidate's word n-grams, with n from 1 to 3, nobody has said before; averaged over n."""
    said: set[tuple[str, ...]] = set()
    for turn in turns:
        said.update(gram for size in WORD_GRAMS for gram in _word_grams(turn.text, size))
    return [_new_share(candidate, said) for candidate in candidates]


def _checked(bot_name: str, name: str, score: Callable[..., object]) -> Ranker:
    async def rank(context: Context, turns: Sequence[Turn], candidates: Sequence[str]) -> list[float]:
        try:
            if inspect.iscoroutinefunction(score):
                scores = await score(context, turns, candidates)
            else:
                scores = await asyncio.to_thread(score, context, turns, candidates)
            numbers = [float(number) for number in scores]
        except Exception as error:  # the function is the researcher's own, and may fail in any way
            raise BotError(f"Bot {bot_name!r}: its ranker {name} broke: {type(error).__name__}: {error}") from error
        if len(numbers) != len(candidates) or not all(map(math.isfinite, numbers)):
            raise BotError(
                f"Bot {bot_name!r}: its ranker {name} gave {numbers} for {len(candidates)} candidates. "
                "It is to give a finite number for each, in their order."
            )
        return numbers

    return rank


def _character_grams(text: str) -> list[Counter[str]]:
    plain = " ".join(text.casefold().split())
    return [Counter(plain[place : place + size] for place in range(len(plain) - size + 1)) for size in CHARACTER_GRAMS]


def _likeness(one: Sequence[Counter[str]], other: Sequence[Counter[str]]) -> float:
    shares = []
    for mine, theirs in zip(one, other, strict=True):
        total = mine.total() + theirs.total()
        if total:
            shares.append(2 * (mine & theirs).total() / total)
    return sum(shares) / len(shares) if shares else 0.0


def _word_grams(text: str, size: int) -> list[tuple[str, ...]]:
    words = text.casefold().split()
    return [tuple(words[place : place + size]) for place in range(len(words) - size + 1)]


def _new_share(text: str, said: set[tuple[str, ...]]) -> float:
    shares = []
    for size in WORD_GRAMS:
        grams = _word_grams(text, size)
        if grams:
            shares.append(sum(gram not in said for gram in grams) / len(grams))
    return sum(shares) / len(shares) if shares else 0.0
