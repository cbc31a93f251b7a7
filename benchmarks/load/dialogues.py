"""Dialogues to be labelled, made up of words: the same number always gives the same dialogue."""

import json
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_TEXT = (
    "the a and of to in it is was that for on with as at by this from they have not but what all were when we there "
    "weather garden train city music letter window dinner friend morning question answer story colour river summer "
    "think walk carry open remember paint travel listen wonder quiet bright early strange little"
)
WORDS = _TEXT.split()
WORDS_PER_TURN = (6, 22)


def dialogue(number: int, turns: int) -> list[list[str]]:
    """Turns as `[speaker, text]`, some 80 characters each."""
    draw = random.Random(number)  # noqa: S311  (a draw to be repeated, not a secret)
    return [
        ["user" if turn % 2 == 0 else "system", f"{' '.join(draw.choices(WORDS, k=draw.randint(*WORDS_PER_TURN)))}."]
        for turn in range(turns)
    ]


def write_data(path: Path, dialogues: Iterable[list[list[str]]], tasks: tuple[str, ...]) -> None:
    """A `data_jsonl` of dialogues, each a group of its own."""
    with path.open("w") as out:
        for number, turns in enumerate(dialogues):
            name = f"d{number}"
            point: dict[str, Any] = {"dialogue_id": name, "group_id": name, "annotation_tasks": list(tasks)}
            out.write(json.dumps({**point, "turns": turns}) + "\n")
