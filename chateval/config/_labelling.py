"""Everything in a study that has to do with labels, read and checked."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from chateval.annotation import Task
from chateval.config._attention import read_attention
from chateval.config._golds import read_gold_units
from chateval.config._labels import ChatLabels, read_chat_labels
from chateval.config._onboarding import read_onboarding_stage
from chateval.config._purpose import labels_a_file
from chateval.config._screening import read_screening
from chateval.config._static import read_labelled_file
from chateval.config._study import AttentionChecks, Golds, OnboardingStage, Screening, StaticAnnotation
from chateval.config._study_files import StudyFiles


@dataclass(frozen=True)
class Labelling:
    """As `Study` has it, and by what it is known again."""

    chat: ChatLabels | None = None
    annotation: StaticAnnotation | None = None
    screening: Screening | None = None
    golds: Golds | None = None
    onboarding: OnboardingStage | None = None
    attention: AttentionChecks | None = None
    tasks: tuple[Task, ...] = ()
    """All tasks that are done, each once."""
    files: Mapping[str, str] = field(default_factory=dict)
    """The SHA-256 of each file that decides what is labelled, by the setting that names it."""

    def definitions(self) -> dict[str, str]:
        """The SHA-256 of each task's definition without its instructions, by the task's id."""
        return {task.id: _digest(task) for task in sorted(self.tasks, key=lambda task: task.id)}


def _digest(task: Task) -> str:
    bare = msgspec.structs.replace(task, instructions_html="")
    return hashlib.sha256(msgspec.json.encode(bare, order="deterministic")).hexdigest()


def read_labelling(files: StudyFiles, task_name: str) -> Labelling:
    if files.blueprint.do_collect_dialogue:
        return _of_chats(files)
    if labels_a_file(files.blueprint):
        return _of_a_file(files, task_name)
    return Labelling()


def _of_chats(files: StudyFiles) -> Labelling:
    labels = read_chat_labels(files)
    return Labelling(
        chat=labels,
        onboarding=read_onboarding_stage(files, labels),
        attention=read_attention(files, labels.tasks, has_labels=bool(labels.tasks)),
        tasks=labels.tasks,
        files=dict(files.digests),
    )


def _of_a_file(files: StudyFiles, task_name: str) -> Labelling:
    data = read_labelled_file(files, task_name)
    screening, golds = read_screening(files, data), read_gold_units(files, data)
    if data is not None:
        data.instructions.note_missing()
    tasks = data.instructions.filled() if data is not None else ()
    return Labelling(
        annotation=data.annotation if data is not None else None,
        screening=screening,
        golds=golds,
        attention=read_attention(files, tasks, has_labels=True),
        tasks=tasks,
        files=dict(files.digests),
    )
