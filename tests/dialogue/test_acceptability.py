"""Which wording is not acceptable: ParlAI's rules, told from what was typed."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chateval.compat import prepare_parlai
from chateval.dialogue import ALL_CHECKS, Acceptability, violations

PHRASES = ("darn", "butter", "go away", "mean. spirited", "a cup of nails", "ill-bred")
RULES = Acceptability(ALL_CHECKS, PHRASES)

WORDS = st.sampled_from(
    [
        *("hi", "Hey", "howdy,", "HELLO", "a", "the", "tea!", "NO", "well", "darn", "undarned", "un-darn", "darning?"),
        *("go", "away", "aways", "mean.", "spirited", "a", "cup", "of", "nails", "buttery", "ill-bred", "...", "42"),
    ]
)
TEXTS = st.lists(st.lists(WORDS, min_size=1, max_size=7).map(" ".join), min_size=1, max_size=5)


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """ParlAI's own, with a list of ours: its constructor would download one."""
    prepare_parlai()
    from parlai.crowdsourcing.utils.acceptability import AcceptabilityChecker  # noqa: PLC0415  (takes seconds)
    from parlai.utils.safety import OffensiveStringMatcher  # noqa: PLC0415

    path: Path = tmp_path_factory.mktemp("words") / "list.txt"
    path.write_text("\n".join(PHRASES))
    checker = AcceptabilityChecker.__new__(AcceptabilityChecker)
    checker.offensive_lang_detector = OffensiveStringMatcher(str(path))
    checker.min_words_violation_threshold = AcceptabilityChecker.DEFAULT_MIN_WORDS_THRESHOLD
    return checker


@settings(max_examples=300, deadline=None)
@given(texts=TEXTS)
@example(texts=["Tea, please!", "a tea please"])
@example(texts=["NO NO NO"])
@example(texts=["x", "y"])
def test_the_rules_are_those_of_parlai(checker: Any, texts: list[str]) -> None:
    """Data of both can be laid side by side only if a violation means the same in both."""
    theirs = checker.check_messages(texts, is_worker_0=True, violation_types=ALL_CHECKS)

    assert ",".join(violations(texts, RULES)) == theirs


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["yes", "no"], ("under_min_length",)),
        (["Hello there, my friend"], ("starts_with_greeting",)),
        (["I SAID SO", "AND AGAIN I DID", "fine then, be so"], ("too_much_all_caps",)),
        (["I like the tea.", "So you do?", "i like tea"], ("exact_match",)),
        (["I like this tea.", "Do undarn this sock", "What a buttery taste"], ("unsafe:2",)),
        (["", ""], ("under_min_length", "too_much_all_caps", "exact_match")),
        ([], ()),
        (["I like this tea.", "Do you like it too?"], ()),
    ],
)
def test_each_rule_has_its_name(texts: list[str], expected: tuple[str, ...]) -> None:
    assert violations(texts, RULES) == expected


def test_what_is_not_asked_for_is_not_looked_at() -> None:
    assert violations(["HI", "HI"], Acceptability(("exact_match",))) == ("exact_match",)
