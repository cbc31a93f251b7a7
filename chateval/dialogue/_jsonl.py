"""The static-annotation format: one JSON object a line.

Keys: `dialogue_id`, `group_id`, `annotation_tasks` (list of task names), `turns` (list of `[speaker, utterance]`, the
speaker `user` or `system`), `bot_persona` (list of sentences). Unknown keys are kept out of `Dialogue` and allowed.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Literal

import msgspec

from chateval.dialogue._types import Dialogue, Speaker, Turn
from chateval.errors import DialogueFormatError


class _Line(msgspec.Struct, frozen=True):
    dialogue_id: str
    turns: list[tuple[Literal["user", "system"], str]]
    group_id: str = ""
    annotation_tasks: list[str] = []
    bot_persona: list[str] = []


def read_dialogues(path: Path) -> Iterator[Dialogue]:
    """Yield the dialogues of a file, skipping blank lines.

    Raises:
        DialogueFormatError: a line is not a datapoint; the message names file, line and place in the line.
    """
    with path.open("rb") as lines:  # bytes, since msgspec says which of them are no UTF-8
        for number, text in enumerate(lines, start=1):
            if not text.strip():
                continue
            try:
                line = msgspec.json.decode(text, type=_Line)
            except msgspec.DecodeError as error:
                raise DialogueFormatError(
                    f"{path}, line {number}: {error}. A line is a JSON object with dialogue_id, group_id, "
                    "annotation_tasks, turns ([speaker, utterance] pairs) and bot_persona."
                ) from error
            yield Dialogue(
                dialogue_id=line.dialogue_id,
                group_id=line.group_id or line.dialogue_id,
                turns=tuple(Turn(Speaker(speaker), utterance) for speaker, utterance in line.turns),
                annotation_tasks=tuple(line.annotation_tasks),
                bot_persona=tuple(line.bot_persona),
            )


def write_dialogue(dialogue: Dialogue, out: IO[str]) -> None:
    """Write one line."""
    line = _Line(
        dialogue_id=dialogue.dialogue_id,
        group_id=dialogue.group_id,
        annotation_tasks=list(dialogue.annotation_tasks),
        turns=[(turn.speaker.value, turn.text) for turn in dialogue.turns],
        bot_persona=list(dialogue.bot_persona),
    )
    out.write(msgspec.json.encode(line).decode() + "\n")
