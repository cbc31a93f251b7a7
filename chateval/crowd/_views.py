"""What pages are shown of a study, by what their session is."""

from collections.abc import Callable
from typing import Literal

from chateval import wire
from chateval.annotation import Task
from chateval.config import Study
from chateval.crowd._scripts import SCREENING, study_tasks
from chateval.pictures import PictureSources, short_id
from chateval.session import task_preview

Work = Literal["chat", "labels", "training"]


class Views:
    """A gold unit looks like any other; only a training says that it is one."""

    def __init__(self, study: Study) -> None:
        tasks = study_tasks(study)
        self._work = _view(study, "chat" if study.collection is not None else "labels", tasks)
        screened = study.screening.dialogues if study.screening is not None else ()
        trained = {task.id: task for datapoint in screened for task in datapoint.tasks}
        self._training = _view(study, "training", tuple(trained.values()))

    def of(self, condition: str) -> wire.StudyView:
        return self._training if condition == SCREENING else self._work


def _view(study: Study, work: Work, tasks: tuple[Task, ...]) -> wire.StudyView:
    chats = study.collection
    return wire.StudyView(
        title=study.task.title,
        description_html=study.task.description_html,
        instructions_html=study.page.instructions_html,
        left_pane_html=study.page.left_pane_html,
        dialogues=chats.dialogues_per_session if chats is not None else _dialogues(study, work),
        minimum_turns=chats.minimum_turns if chats is not None else 0,
        turn_seconds=study.limits.turn_seconds if chats is not None else 0,
        reward_usd=study.task.reward_usd,
        work=work,
        session_seconds=study.task.assignment_seconds,
        preview=task_preview(tasks),
    )


def _dialogues(study: Study, work: Work) -> int:
    if work == "training":
        return len(study.screening.dialogues) if study.screening is not None else 0
    groups = study.annotation.groups if study.annotation is not None else ()
    return max((sum(len(one.dialogues) for one in group.datapoints) for group in groups), default=0)


def picture_source(study: Study) -> Callable[[str], str] | None:
    """Says what a page shows of a picture, by its id; nothing in a study without pictures."""
    pictures = study.collection.pictures if study.collection is not None else None
    if pictures is None:
        return None
    sources, contexts = PictureSources(pictures.folder), pictures.contexts

    def source(picture_id: str) -> str:
        context = contexts.get(short_id(picture_id))
        return sources.source(context.file) if context is not None else ""

    return source
