"""Guesses at what was meant."""

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """` Did you mean 'x'?`, or nothing where no known word is near. Begins with a space, so that it can be appended."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.55)
    return f" Did you mean {near[0]!r}?" if near else ""


def listed(names: Iterable[str]) -> str:
    """The names, sorted, for the middle of a sentence."""
    return ", ".join(sorted(names)) or "none"
