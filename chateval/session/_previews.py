"""What a page shows of tasks before anyone has agreed to anything."""

from chateval import wire
from chateval.annotation import Task, sample_datapoint
from chateval.session._labels import label_part
from chateval.worlds import Layout, ShowDialogue


def task_preview(tasks: tuple[Task, ...]) -> wire.TaskPreview | None:
    """The tasks on dialogues that are built in: nobody sees any data before they have accepted."""
    if not tasks:
        return None
    layout, dialogues, parts = Layout(seed=0), list[wire.SampleDialogue](), list[wire.LabelPart]()
    for task in tasks:
        shown, work = layout.of(sample_datapoint(task), "label")
        dialogues += map(_sample, shown)
        parts += map(label_part, work.sheet.parts)
    return wire.TaskPreview(tuple(dialogues), tuple(parts))


def _sample(shown: ShowDialogue) -> wire.SampleDialogue:
    user, system = shown.names
    turns = tuple(wire.ShownTurn(turn.speaker.value, turn.text) for turn in shown.turns)
    return wire.SampleDialogue(turns, {"user": user, "system": system}, shown.bot_persona)
