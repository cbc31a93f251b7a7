"""`chateval new study`."""

import re
import socket
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from chateval.annotation import PairTask, Task, TurnTask, read_tasks
from chateval.cli import _skeletons as skeletons
from chateval.cli._new_bot import OPTIONS, bots_of
from chateval.cli._new_files import DATA, Files, sample_files, say_what_was_written, take_back, write
from chateval.cli._skeletons import filled
from chateval.cli._tasks_file import BUCKETS, tasks_file_of
from chateval.config import checkout, load_study
from chateval.errors import ConfigError

CONF = Path("hydra_configs") / "conf"
FOLDER = Path("task_config")
EXAMPLE_TASK = "quality_likert"
FIRST_PORT = 3008
_PORT = re.compile(r"^\s*port:\s*['\"]?(\d+)", re.MULTILINE)


@dataclass(frozen=True)
class StudyOrder:
    """What is to be made; an empty `task`, and no `bots`, leave the choice to us."""

    name: str
    project: Path
    task: str = ""
    bots: tuple[str, ...] = ()
    is_chat: bool = False


@dataclass(frozen=True)
class _Chosen:
    """A task, and where it is defined, seen from the project."""

    task: Task
    file: Path

    @property
    def is_of_its_own(self) -> bool:
        return self.file.name != BUCKETS


def make_study(order: StudyOrder) -> None:
    """A study that can be launched as it is.

    Raises:
        ChatevalError: it cannot be made of what there is; nothing is left behind.
    """
    chosen = _task(order)
    text, more = _chat(order, chosen) if order.is_chat else _labels(order, chosen)
    files = {CONF / f"{order.name}.yaml": text, **_base(order), **more}
    write(order.project, files)
    try:
        load_study([f"conf={order.name}", f'task_dir="{order.project}"'], order.project / CONF.parent, check_port=False)
    except BaseException:
        take_back(order.project, list(files))
        raise
    commands = [f"chateval {verb} conf={order.name}" for verb in ("check", "run")]
    preview = [f"chateval preview {chosen.task.id}"] if chosen else []
    say_what_was_written(order.project, list(files), then=(*preview, *commands))


def _task(order: StudyOrder) -> _Chosen | None:
    """The one that is named, or the one of the study's name, or an example; people can chat without any."""
    for name in [order.task] if order.task else [order.name, *([] if order.is_chat else [EXAMPLE_TASK])]:
        path = tasks_file_of(name, order.project)
        tasks = read_tasks(path) if path.is_file() else {}
        if name in tasks:
            return _Chosen(tasks[name], path.relative_to(order.project))
    if order.is_chat and not order.task:
        return None
    name = order.task or order.name
    known = ", ".join(sorted(read_tasks(order.project / FOLDER / BUCKETS))) if _has_buckets(order) else "none"
    raise ConfigError(
        f"There is no task {name!r} in {order.project / FOLDER}. Make it with `chateval new task {name}`, or name one "
        f"of those in {BUCKETS}: {known}."
    )


def _has_buckets(order: StudyOrder) -> bool:
    return (order.project / FOLDER / BUCKETS).is_file()


def _labels(order: StudyOrder, chosen: _Chosen | None) -> tuple[str, Files]:
    if chosen is None:
        raise ConfigError("A study in which people label dialogues needs a task. Name it with --task.")
    settings = [_tasks_setting(chosen)]
    if chosen.is_of_its_own:
        settings.insert(0, f"task_config_path: ${{task_dir}}/{chosen.file.parent}")
    files: Files = {}
    if not (order.project / DATA / f"{order.name}.jsonl").exists():
        if (order.project / DATA / f"{chosen.task.id}.jsonl").exists():
            settings.append(f"data_jsonl: ${{task_dir}}/{DATA / chosen.task.id}.jsonl")
        else:
            files = sample_files(chosen.task, order.name)
    return _filled(skeletons.LABEL_STUDY, order, settings, task=chosen.task.id), files


def _chat(order: StudyOrder, chosen: _Chosen | None) -> tuple[str, Files]:
    bots = _bots(order, 2 if chosen is not None and isinstance(chosen.task, PairTask) else 1)
    settings = [_tasks_setting(chosen), _when(chosen.task, len(bots))] if chosen else []
    what = f"People chat, and do the task {chosen.task.id}." if chosen else "People chat, and say how it was."
    words = {"what": what, "bots": str(len(bots)), "condition": "|".join(bots)}
    return _filled(skeletons.CHAT_STUDY, order, settings, **words), _page_files(order)


def _bots(order: StudyOrder, least: int) -> tuple[str, ...]:
    there = tuple(bots_of(order.project / OPTIONS))
    if unknown := [name for name in order.bots if name not in there]:
        known = ", ".join(there) or "none"
        raise ConfigError(f"{OPTIONS} defines no bot {unknown[0]!r}. Make it with `chateval new bot`. It has: {known}.")
    bots = order.bots or there[:least]
    if len(bots) < least:
        raise ConfigError(
            f"People are to chat with {least} of the bots in {OPTIONS}, and this would be {len(bots)}. Make one with "
            "`chateval new bot NAME`, or name as many with --bot."
        )
    return bots


def _tasks_setting(chosen: _Chosen) -> str:
    return f"annotations_config_path: ${{task_dir}}/{chosen.file}"


def _when(task: Task, dialogues: int) -> str:
    if isinstance(task, TurnTask) and task.turns != "no_indices":
        return f"do_interactive_online_annotations: {task.id} # during the chat, turn by turn"
    pair_or_each = "" if isinstance(task, PairTask) else task.id
    lists = ", ".join([f"[{task.id}]", *[f"[{pair_or_each}]"] * (dialogues - 1)])
    return f"do_interactive_offline_annotations: [{lists}] # after the chat"


def _filled(template: str, order: StudyOrder, settings: list[str], **words: str) -> str:
    own = "".join(f"    {line}\n" for line in settings)
    title = order.name.replace("_", " ").capitalize()
    return filled(template, name=order.name, title=title, port=str(_free_port(order)), own=own, **words)


def _page_files(order: StudyOrder) -> Files:
    """What `base/collection` names, where it is missing."""
    files = {
        FOLDER / "task_description.html": skeletons.CHAT_DESCRIPTION,
        FOLDER / "blocked_workers.txt": skeletons.BLOCKED,
    }
    return {path: text for path, text in files.items() if not (order.project / path).exists()}


def _base(order: StudyOrder) -> Files:
    """What the study is over, in a project that does not have it."""
    path = CONF / "base" / ("collection.yaml" if order.is_chat else "annotation.yaml")
    return {} if (order.project / path).exists() else {path: (checkout() / path).read_text(encoding="utf-8")}


def _free_port(order: StudyOrder) -> int:
    """One that no study names and that nobody listens on."""
    studies = [path for root in (order.project, checkout()) for path in (root / CONF).glob("*.yaml")]
    taken = {int(port) for path in studies for port in _PORT.findall(path.read_text(encoding="utf-8"))}
    return next(port for port in count(FIRST_PORT) if port not in taken and _is_free(port))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("localhost", port)) != 0
