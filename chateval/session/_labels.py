"""Labels between the page and the world: what is shown of a sheet, and which answers are taken."""

from collections.abc import Iterable

import msgspec
from msgspec import Raw

from chateval import wire
from chateval.annotation import Gap, Grade, PairTask, Part, Sheet, Span, TurnTask, grade
from chateval.session._verdicts import Refusal
from chateval.worlds import AskForLabels, Labelled, TimeSpent

_encode = msgspec.json.Encoder().encode

LabelValue = str | int | list[str | Span] | None

_UNPRINTABLE = dict.fromkeys({*range(32), *range(127, 160)} - set(map(ord, "\t\n\r")))
"""Control characters, NUL among them: nobody can see them, and databases and table programs trip over them."""


def printable(text: str) -> str:
    return text.translate(_UNPRINTABLE)


def label_parts(sheet: Sheet) -> tuple[wire.LabelPart, ...]:
    return tuple(label_part(part) for part in sheet.parts)


def label_part(part: Part) -> wire.LabelPart:
    return wire.LabelPart(part.number, part.dialogues, part.turns, Raw(_encode(part.task)), part.replies)


def feedback_items(part: int, graded: Grade) -> tuple[wire.FeedbackItem, ...]:
    return tuple(
        wire.FeedbackItem(
            part,
            turn.turn,
            turn.is_right,
            tuple({name: on_wire(value) for name, value in one.items()} for one in turn.alternatives),
            turn.explanation,
        )
        for turn in graded.turns
    )


def on_wire(value: LabelValue) -> wire.LabelValue:
    if not isinstance(value, list):
        return value
    return [wire.LabelSpan(item.start, item.end, item.label) if isinstance(item, Span) else item for item in value]


def taken_label(sheet: Sheet, message: wire.Label) -> Labelled | Refusal:
    """The event that an answer becomes, or why it cannot be taken."""
    value = _from_wire(message.value)
    reason = sheet.refusal(message.part, message.turn, message.question, value)
    if reason is not None:
        return Refusal(reason)
    return Labelled(message.part, message.turn, message.question, value, times(message.spent))


def refusal_to_hand_in(ask: AskForLabels) -> Refusal | None:
    """Why a sheet cannot be handed in as it stands; None where it can."""
    gaps = ask.sheet.missing()
    if gaps:
        return Refusal(_what_is_missing(ask.sheet, gaps))
    for part in ask.sheet.parts:
        keys = ask.keys.get(part.number)
        if keys is not None and (wrong := grade(part.task, ask.sheet.answers(part.number), keys).mistakes):
            return Refusal(f"{_counted(wrong, 'turn')} still to be put right before you go on.")
    return None


def times(spent: Iterable[wire.Spent]) -> tuple[TimeSpent, ...]:
    return tuple(TimeSpent(one.part, one.turn, one.active_seconds, one.idle_seconds) for one in spent)


def _from_wire(value: wire.LabelValue) -> LabelValue:
    if isinstance(value, str):
        return printable(value)
    if not isinstance(value, list):
        return value
    return [Span(item.start, item.end, item.label) if isinstance(item, wire.LabelSpan) else item for item in value]


def _what_is_missing(sheet: Sheet, gaps: tuple[Gap, ...]) -> str:
    """In words that someone without a pointer to the place can use: the part, and its first turn that lacks answers."""
    first = gaps[0]
    parts = [part.number for part in sheet.parts]
    task = next(part.task for part in sheet.parts if part.number == first.part)
    place = "" if len(parts) == 1 else f" in part {parts.index(first.part) + 1} of {len(parts)}"
    if isinstance(task, TurnTask) and first.turn is not None:
        turns = len({(gap.part, gap.turn) for gap in gaps})
        return f"{_counted(turns, 'turn')} still without all answers, the first of them turn {first.turn + 1}{place}."
    what = "the comparison" if isinstance(task, PairTask) else "the dialogue"
    return f"{_counted(len(gaps), 'question')} still open, the first of them about {what}{place}."


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun} is" if number == 1 else f"{number} {noun}s are"
