"""Files of contexts: what dialogues begin with, one JSON object a line.

Keys: `id`, `person_persona` and `bot_persona` (lists of sentences), `background` (a sentence or two), `turns` (list of
`[speaker, text]`, the speaker `user` or `system`), `dataset` (where it comes from). Each may be missing; an unknown one
is a mistake.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import IO, Literal

import msgspec

from chateval.dialogue._types import Context, Speaker, Turn
from chateval.errors import DialogueFormatError

MOST_CHARACTERS = 20_000
"""How long a context may be in all: it is sent to pages and read by people before they begin."""

_KEYS = "id, person_persona, bot_persona, background, turns ([speaker, text] pairs), dataset"


class _Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    id: str = ""
    person_persona: tuple[str, ...] = ()
    bot_persona: tuple[str, ...] = ()
    background: str = ""
    turns: tuple[tuple[Literal["user", "system"], str], ...] = ()
    dataset: str = ""


def read_contexts(path: Path) -> tuple[Context, ...]:
    """The contexts of a file, in its order; one without an id is called by the number of its line, from 1.

    Raises:
        DialogueFormatError: a line is no context, or is empty of all that a context can hold; an id comes twice; there
            is no line at all; a context is longer than `MOST_CHARACTERS`. The message names file and line.
    """
    contexts: list[Context] = []
    with path.open("rb") as lines:  # bytes, since msgspec says which of them are no UTF-8
        for number, text in enumerate(lines, start=1):
            if text.strip():
                contexts.append(_context(text, f"{path}, line {number}", number))
    if not contexts:
        raise DialogueFormatError(f"{path} holds no context. Write one JSON object a line, with {_KEYS}.")
    [(name, times)] = Counter(context.id for context in contexts).most_common(1)
    if times > 1:
        raise DialogueFormatError(
            f"{path}: the id {name!r} stands on {times} lines. An id says which context a dialogue had: give each line"
            " its own."
        )
    return tuple(contexts)


def length_of(context: Context) -> int:
    """How many characters a context has in all its texts."""
    texts = (*context.person_persona, *context.bot_persona, context.background, *(turn.text for turn in context.turns))
    return sum(map(len, texts))


def write_contexts(contexts: Iterable[Context], out: IO[str]) -> None:
    """Write a line for each; pictures have files of their own kind and are left out."""
    for context in contexts:
        line = _Line(
            context.id,
            context.person_persona,
            context.bot_persona,
            context.background,
            tuple((turn.speaker.value, turn.text) for turn in context.turns),
            context.dataset,
        )
        out.write(msgspec.json.encode(line).decode() + "\n")


def _context(text: bytes, where: str, number: int) -> Context:
    try:
        line = msgspec.json.decode(text, type=_Line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DialogueFormatError(
            f"{where}: {error}. A line is a JSON object with {_KEYS}; each may be left out."
        ) from error
    turns = tuple(Turn(Speaker(speaker), said.strip()) for speaker, said in line.turns)
    for fault in _faults(line, turns):
        raise DialogueFormatError(f"{where}: {fault}")
    context = Context(
        id=line.id or str(number),
        person_persona=_sentences(line.person_persona),
        bot_persona=_sentences(line.bot_persona),
        background=line.background.strip(),
        turns=turns,
        dataset=line.dataset,
    )
    if length_of(context) > MOST_CHARACTERS:
        raise DialogueFormatError(
            f"{where}: The context has {length_of(context):,} characters, and people have to read it. Shorten it to "
            f"{MOST_CHARACTERS:,} or less."
        )
    return context


def _faults(line: _Line, turns: Sequence[Turn]) -> Iterator[str]:
    if not (line.person_persona or line.bot_persona or line.background.strip() or turns):
        yield "There is nothing in it. A context has a persona, a background or turns; else write no line."
    for at, turn in enumerate(turns):
        if not turn.text:
            yield f"Turn {at} is empty. Write what is said, or leave the turn out."
    for at, (before, after) in enumerate(pairwise(turns)):
        if before.speaker is after.speaker:
            yield f"Turns {at} and {at + 1} are both by {after.speaker.value!r}. Speakers take turns: join the two."


def _sentences(given: Sequence[str]) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, given)))
