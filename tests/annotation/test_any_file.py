"""Whatever a file holds, its reader either reads it or says what is wrong: a traceback helps no researcher."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chateval.annotation._attention import read_attention_checks
from chateval.annotation._data_files import read_groups, read_units
from chateval.annotation._onboarding import read_onboarding
from chateval.annotation._training import read_golds, read_training
from chateval.errors import AnnotationFormatError

from .known_tasks import FACTS, TASKS

NAMES = """
    user system manners facts mood order rude fact uses true n/a dialogue_id group_id annotation_tasks turns turns2 data
    replies bot_persona remaining pass_criteria manners_q quality order_q _disjunction options question kind dialog text
    agent_idx answers min_correct answer id when then labels
"""
KEYS = st.sampled_from(NAMES.split())
WORDS = st.sampled_from(["", *NAMES.split()[:11]])
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-2, 6), st.floats(allow_nan=False), WORDS)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=12
)
ANSWERS = st.dictionaries(KEYS, VALUES, max_size=3) | VALUES
NEARLY_TURNS = st.lists(st.tuples(WORDS, WORDS) | st.tuples(WORDS, WORDS, ANSWERS, WORDS), max_size=4)
NEARLY_TASKS = st.lists(st.sampled_from(list(TASKS)), min_size=1, max_size=1)
NEARLY_POINTS = st.fixed_dictionaries(
    {"dialogue_id": WORDS, "annotation_tasks": NEARLY_TASKS, "turns": NEARLY_TURNS},
    optional={"group_id": WORDS, "turns2": NEARLY_TURNS, "replies": VALUES, "pass_criteria": SCALARS},
)
UTTERANCES = st.fixed_dictionaries({"text": WORDS, "agent_idx": st.integers(0, 1)}, optional={"answers": ANSWERS})
NEARLY_ONBOARDING = st.fixed_dictionaries({"dialog": st.lists(st.lists(UTTERANCES) | UTTERANCES, max_size=3)})
KINDS = st.sampled_from(["choice", "checks", "scale", "ranking"])
QUESTIONS = st.fixed_dictionaries({"kind": KINDS, "id": WORDS}, optional={"options": st.lists(WORDS)})
NEARLY_CHECKS = st.lists(st.fixed_dictionaries({"question": QUESTIONS, "answer": VALUES}), max_size=3)

READERS: dict[str, tuple[Callable[[Path], Any], st.SearchStrategy[Any]]] = {
    "data": (lambda path: read_groups(path, TASKS), NEARLY_POINTS),
    "units": (read_units, VALUES),
    "training": (lambda path: read_training(path, TASKS), st.dictionaries(WORDS, NEARLY_POINTS, max_size=2)),
    "golds": (lambda path: read_golds(path, TASKS), NEARLY_POINTS),
    "onboarding": (lambda path: read_onboarding(path, FACTS), NEARLY_ONBOARDING),
    "checks": (read_attention_checks, NEARLY_CHECKS),
}


@pytest.mark.parametrize("name", READERS)
def test_every_file_is_read_or_refused_with_a_reason(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    reader, nearly = READERS[name]
    path = tmp_path_factory.mktemp(name) / "file.json"

    said: list[str] = []

    @given(nearly | VALUES)
    def read(value: object) -> None:
        path.write_text(json.dumps(value), encoding="utf-8")
        try:
            reader(path)
        except AnnotationFormatError as error:
            said.append(str(error))

    read()

    assert said
    assert all(str(path) in message for message in said)
