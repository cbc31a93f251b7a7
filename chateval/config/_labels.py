"""The labels of a study that collects dialogues: which task is done when."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from chateval.annotation import Checks, Choice, PairTask, Question, Ranking, Spans, Task, TurnTask, read_tasks
from chateval.config._instructions import Instructions
from chateval.config._nearest import did_you_mean, listed
from chateval.config._offline_names import OFFLINE, offline_names
from chateval.config._project import shown
from chateval.config._study_files import StudyFiles

TASKS = "annotations_config_path"
ONLINE = "do_interactive_online_annotations"


@dataclass(frozen=True)
class ChatLabels:
    """As `Collection` has them; `offline` has one tuple for each dialogue."""

    online: Task | None
    offline: tuple[tuple[Task, ...], ...]
    pairs: tuple[Task, ...] = ()

    @property
    def tasks(self) -> tuple[Task, ...]:
        """All of them, each once."""
        single = (task for of_one in self.offline for task in of_one)
        every = (*([self.online] if self.online else []), *single, *self.pairs)
        return tuple({task.id: task for task in every}.values())


def read_chat_labels(files: StudyFiles) -> ChatLabels:
    """Complains of tasks that there are not, and of tasks that cannot be done when the study wants them."""
    online, offline = files.blueprint.do_interactive_online_annotations, offline_names(files)
    none = ChatLabels(None, tuple(() for _ in offline))
    if not files.blueprint.annotations_config_path and not files.is_in_doubt(TASKS):
        _refuse_names_without_a_file(files, online, offline)
        return none
    tasks = files.read(TASKS, read_tasks, feature="Labelling", is_digested=False)
    if tasks is None:
        return none
    instructions = Instructions(files.path(TASKS), files.complaints)
    reader = _LabelReader(files, tasks, instructions)
    labels = reader.named(online, offline) if online or any(offline) else ChatLabels(reader.parlais(), none.offline)
    instructions.note_missing()
    return labels


def _refuse_names_without_a_file(files: StudyFiles, online: str, offline: Sequence[Sequence[str]]) -> None:
    given = {ONLINE: [online] if online else [], OFFLINE: [name for names in offline for name in names]}
    for key, names in given.items():
        if names:
            text = f"{names[0]!r} is named, and annotations_config_path is empty, which switches labels off."
            files.complain(key, f"{text} Name the file that defines the task, or remove the name.")


@dataclass(frozen=True)
class _LabelReader:
    files: StudyFiles
    tasks: Mapping[str, Task]
    instructions: Instructions

    def parlais(self) -> Task | None:
        """The one task of a file of ParlAI's kind, which is done during the chat without being named."""
        match list(self.tasks.values()):
            case [TurnTask(id="annotations", questions=(Checks(id="buckets"),)) as task]:
                return self.instructions.fill(task)
        return None

    def named(self, online: str, offline: Sequence[Sequence[str]]) -> ChatLabels:
        during = next(iter(self._find(ONLINE, filter(None, [online]))), None)
        if during is not None and not _is_about_turns(during):
            self._refuse_online(during)
        after = [list(self._find(OFFLINE, names)) for names in offline]
        pairs = {task.id: task for of_one in after for task in of_one if isinstance(task, PairTask)}
        if pairs and self.files.blueprint.num_bots == 1:
            text = f"{next(iter(pairs))!r} compares two dialogues, and num_bots is 1."
            self.files.complain(OFFLINE, f"{text} Remove it, or set num_bots to 2 and pair the bots in the conditions.")
        single = tuple(tuple(task for task in of_one if task.id not in pairs) for of_one in after)
        return ChatLabels(during, single, tuple(pairs.values()))

    def _find(self, key: str, names: Iterable[str]) -> Iterator[Task]:
        for name in names:
            if name not in self.tasks:
                known = did_you_mean(name, self.tasks) or f" It defines: {listed(self.tasks)}."
                text = f"There is no task {name!r} in {shown(self.files.path(TASKS))}.{known}"
                self.files.complain(key, f"{text} Correct the name, or define it.")
            elif any(map(_ranks_replies, _all(self.tasks[name].questions))):
                text = f"{name!r} ranks replies that come with dialogues from a file, and a chat has none."
                self.files.complain(key, f"{text} Remove it, or give its ranking options.")
            else:
                yield self.instructions.fill(self.tasks[name])

    def _refuse_online(self, task: Task) -> None:
        by_turn = [name for name, other in self.tasks.items() if _is_about_turns(other)]
        text = f"{task.id!r} is about a dialogue as a whole, and during a chat single turns are labelled. Name it in"
        text += f" {OFFLINE}, or take one of the tasks about turns: {listed(by_turn)}."
        self.files.complain(ONLINE, text)


def _is_about_turns(task: Task) -> bool:
    return isinstance(task, TurnTask) and task.turns != "no_indices"


def _ranks_replies(question: Question) -> bool:
    return isinstance(question, Ranking) and not question.options


def _all(questions: Iterable[Question]) -> Iterator[Question]:
    for question in questions:
        yield question
        if isinstance(question, Choice | Checks | Ranking | Spans):
            for option in question.options:
                yield from _all(option.then)
