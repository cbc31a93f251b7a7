"""What ParlAI takes for unacceptable wording, told from the texts that one person has typed into one dialogue.

The rules and the names of violations are those of ParlAI's `AcceptabilityChecker` and of the word matcher that it asks,
so that data of both can be laid side by side. What is given here must be what the person typed: openings and seeds are
nobody's fault.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

USUAL_CHECKS = ("min_words", "all_caps", "exact_match", "safety")
"""Those that ParlAI does in every chat."""
GREETINGS_CHECK = "penalize_greetings"
"""For dialogues that have begun already: who greets there has not read what came before."""
ALL_CHECKS = (*USUAL_CHECKS, GREETINGS_CHECK)

MINIMUM_MEAN_WORDS = 3

_GREETINGS = frozenset({"hi", "hii", "hiii", "hiiii", "hai", "hello", "hey", "howdy", "greetings"})
_PREFIXES = tuple(
    prefix + hyphen for prefix in ("de", "dis", "ex", "mis", "pre", "non", "semi", "sub", "un") for hyphen in ("", "-")
)
_SUFFIXES = (
    *("a", "able", "as", "dom", "ed", "er", "ers", "ery", "es", "est", "ful"),
    *("fy", "ies", "ify", "in", "ing", "ish", "less", "ly", "s", "y"),
)
_HARMLESS = frozenset({"butter", "buttery", "spicy", "spiced", "spices", "spicier", "spicing", "twinkies"})
_TOKEN_MARKS = re.compile(r"([.,;:!?])")
_PUNCTUATION = re.compile(r"""[!"#$%&()*+,\-./:;<=>?@\[\]\\^`{|}~_']""")
_ARTICLES = re.compile(r"\b(a|an|the)\b")


@dataclass(frozen=True, slots=True)
class Acceptability:
    """Which checks are done, by their names in ParlAI; `unsafe_phrases` are what `safety` looks for."""

    checks: tuple[str, ...]
    unsafe_phrases: tuple[str, ...] = ()


def violations(texts: Sequence[str], rules: Acceptability) -> tuple[str, ...]:
    """What is wrong with a person's texts, under ParlAI's names; nothing is wrong where nothing was typed.

    `unsafe:3` is about the third text, counted from 1.
    """
    return tuple(_violations(texts, rules)) if texts else ()


def _violations(texts: Sequence[str], rules: Acceptability) -> Iterator[str]:
    if "min_words" in rules.checks and sum(len(text.split()) for text in texts) < MINIMUM_MEAN_WORDS * len(texts):
        yield "under_min_length"
    if GREETINGS_CHECK in rules.checks and next(iter(texts[0].lower().split()), "") in _GREETINGS:
        yield "starts_with_greeting"
    shouted = sum(text == text.upper() for text in texts)
    if "all_caps" in rules.checks and (shouted > 1 or shouted == len(texts)):
        yield "too_much_all_caps"
    if "exact_match" in rules.checks and _plain(texts[0]) in map(_plain, texts[1:]):
        yield "exact_match"
    if "safety" in rules.checks:
        phrases = _phrases(rules.unsafe_phrases)
        yield from (f"unsafe:{number}" for number, text in enumerate(texts, start=1) if phrases.are_in(text))


def _plain(text: str) -> str:
    """A text without case, punctuation, articles and spare blanks."""
    return " ".join(_ARTICLES.sub(" ", _PUNCTUATION.sub(" ", text.lower())).split())


@dataclass(frozen=True, slots=True)
class _Phrases:
    """Sequences of words, and how many words the longest has."""

    known: frozenset[tuple[str, ...]]
    longest: int

    def are_in(self, text: str) -> bool:
        words = _words(text.lower())
        return any(
            tuple(words[start : start + length]) in self.known
            for start in range(len(words))
            for length in range(1, min(self.longest, len(words) - start) + 1)
        )


@lru_cache(maxsize=4)
def _phrases(listed: tuple[str, ...]) -> _Phrases:
    """The phrases of a list, and each with the beginnings and endings that words of this kind take."""
    forms = (form for phrase in listed for form in _forms(phrase) if form not in _HARMLESS)
    known = frozenset(words for form in forms if (words := tuple(_words(form))))
    return _Phrases(known, max(map(len, known), default=0))


def _forms(phrase: str) -> Iterator[str]:
    yield phrase
    yield from (prefix + phrase for prefix in _PREFIXES)
    yield from (phrase + suffix for suffix in _SUFFIXES)


def _words(text: str) -> list[str]:
    return _TOKEN_MARKS.sub(r" \1 ", text).split()
