"""Transcripts as dialogues: lines of `Speaker: utterance`, and an empty line between dialogues."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from chateval.annotation._data_reading import Problems, Say, read_text
from chateval.annotation.convert._found import FoundDialogue, FoundTurn

_SPOKEN = re.compile(r"(?P<name>[^\s:][^:]{0,39}?)[ \t]*:(?:\s+(?P<text>.*))?")
"""A name of at most 40 characters and a colon, with a space or nothing after it, so that 12:30 is no name."""


@dataclass
class _Utterance:
    name: str
    say: Say
    lines: list[str] = field(default_factory=list)

    def found(self) -> FoundTurn:
        text = "\n".join(filter(None, self.lines))
        if not text:
            self.say(f"{self.name} says nothing here. Write what was said, or delete the line.")
        return FoundTurn(lambda _: self.say, text, self.name)


def read_transcript(path: Path, name: str, problems: Problems, speakers: Sequence[str] = ()) -> Iterator[FoundDialogue]:
    """The dialogues of a transcript, called `name`, or `name_1`, `name_2` and so on where there are several.

    A line that begins with a space, or names no speaker, goes on with the turn above it. Where `speakers` are given,
    only they are names; else everything before a colon is one.
    """
    names = frozenset(map(str.casefold, speakers))
    found = [utterances for block in _blocks(path) if (utterances := _utterances(block, names, problems))]
    if not found:
        problems.about("")("The file holds no dialogue. Write lines as in `Ann: Hello!`, and an empty one in between.")
    for number, utterances in enumerate(found, start=1):
        dialogue_id = f"{name}_{number}" if len(found) > 1 else name
        yield FoundDialogue(utterances[0].say, dialogue_id, tuple(each.found() for each in utterances))


def _blocks(path: Path) -> Iterator[list[tuple[int, str]]]:
    block: list[tuple[int, str]] = []
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if line.strip():
            block.append((number, line.rstrip()))
        elif block:
            yield block
            block = []
    if block:
        yield block


def _utterances(block: Sequence[tuple[int, str]], names: frozenset[str], problems: Problems) -> list[_Utterance]:
    utterances: list[_Utterance] = []
    for number, line in block:
        say = problems.about(f"line {number}")
        spoken = _SPOKEN.fullmatch(line)
        if spoken and (not names or spoken["name"].casefold() in names):
            utterances.append(_Utterance(spoken["name"], say, [(spoken["text"] or "").strip()]))
        elif utterances:
            utterances[-1].lines.append(line.strip())
        else:
            say(f"{line[:40]!r} names no speaker, and no turn is above it. Write it as in `Ann: Hello!`, or delete it.")
    return utterances
