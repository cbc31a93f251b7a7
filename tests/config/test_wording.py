"""How a study has the wording of what people type checked."""

from typing import TYPE_CHECKING

import pytest

from chateval.config import WordingChecks, describe

if TYPE_CHECKING:
    from .labs import Lab

ON = "mephisto.blueprint.check_acceptability=true"
NAMES = "mephisto.blueprint.acceptability_checks"
WORDS = "mephisto.blueprint.safety_word_list"
BLOCK = "mephisto.blueprint.block_qualification=careless"
THEIRS = "data/parlai/OffensiveLanguage/OffensiveLanguage.txt"


def test_nothing_is_checked_unless_a_study_says_so(lab: "Lab") -> None:
    assert lab.collection().wording is None
    assert "Wording" not in describe(lab.load())


def test_without_a_list_of_words_a_study_is_told_what_to_put_where(lab: "Lab") -> None:
    """ParlAI would hang here while it tries to download one."""
    text = lab.problem(ON).text

    assert f"put ParlAI's into {lab.folder / THEIRS}" in text
    assert "write acceptability_checks: [min_words, all_caps, exact_match]." in text


def test_the_list_that_parlai_has_is_used(lab: "Lab") -> None:
    lab.write(THEIRS, "darn\nGo Away\n\ndarn\n")

    assert lab.collection(ON, BLOCK).wording == WordingChecks(None, ("darn", "go away"))


def test_a_list_of_one_s_own_is_used_and_belongs_to_the_study(lab: "Lab") -> None:
    """Another list judges by another measure: a run does not go on with it."""
    hashes = []
    for word in ("darn", "drat"):
        lab.write("words.txt", word)
        study = lab.load(ON, BLOCK, f"{WORDS}=words.txt")
        assert study.collection is not None
        assert study.collection.wording == WordingChecks(None, (word,))
        hashes.append(study.config_hash)

    assert hashes[0] != hashes[1]


def test_checks_can_be_chosen(lab: "Lab") -> None:
    study = lab.load(ON, BLOCK, f"{NAMES}=[min_words,all_caps]")

    assert study.collection is not None
    assert study.collection.wording == WordingChecks(("min_words", "all_caps"), ())
    assert "Wording     checked by min_words, all_caps\n" in describe(study)


def test_a_check_that_is_none_is_told_with_those_there_are(lab: "Lab") -> None:
    text = lab.problem(ON, f"{NAMES}=[all_cap]").text

    assert "There is no check 'all_cap'. Did you mean 'all_caps'?" in text
    assert "penalize_greetings" in text


@pytest.mark.parametrize(("words", "told"), [(b"\n \n", "holds no phrase"), (b"\xff\xfe", "is not UTF-8")])
def test_a_list_that_will_not_do_is_told(lab: "Lab", words: bytes, told: str) -> None:
    (lab.folder / "words.txt").write_bytes(words)

    assert told in lab.problem(ON, f"{WORDS}=words.txt").text


def test_a_study_that_blocks_nobody_says_so(lab: "Lab") -> None:
    """Whoever expects workers to be kept out would find out when it is too late."""
    notices = lab.load(ON, f"{NAMES}=[min_words]").notices

    assert any("no block_qualification is named" in notice for notice in notices)


def test_what_belongs_to_checks_that_are_off_is_told(lab: "Lab") -> None:
    notices = lab.load(f"{NAMES}=[min_words]").notices

    assert "Without check_acceptability, nothing reads acceptability_checks." in notices
