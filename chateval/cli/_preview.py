"""`chateval preview`."""

import asyncio
import time
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Sequence
from pathlib import Path

from chateval.cli._complain import complain
from chateval.cli._tasks_file import tasks_file_of
from chateval.config import project_root
from chateval.errors import ChatevalError
from chateval.preview import Exhibit, Source, serve_preview

PORT = 3999


def run(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    tasks_file = options.tasks_file or tasks_file_of(options.task, project_root())
    source = Source(options.task, _short(tasks_file), options.data)
    try:
        asyncio.run(serve_preview(source, options.port, _Teller(source)))
    except KeyboardInterrupt:
        print("\nThe preview has ended; nothing of it is left.")
    return 0


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="chateval preview",
        description="Show a task in the browser as workers see it, on sample dialogues and with no study around it. "
        "Open pages follow when the task's definition, its instructions or the dialogues change. Nothing that is "
        "entered is kept.",
    )
    parser.add_argument("task", metavar="TASK", help="its name, as in empathy")
    parser.add_argument(
        "--tasks-file",
        type=Path,
        metavar="FILE",
        help="where it is defined; default: task_config/TASK/annotation_tasks.yaml if that is there, else "
        "task_config/annotation_buckets.json",
    )
    parser.add_argument("--port", type=_port, default=PORT, help=f"where to serve it on this machine; default: {PORT}")
    parser.add_argument(
        "--data", type=Path, metavar="FILE", help="dialogues to show, as JSON lines; default: a built-in one"
    )
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise ArgumentTypeError(f"{text!r} is no port; write a number from 1024 to 65535, or 0 for any that is free")
    return int(text)


def _short(path: Path) -> Path:
    """As complaints should name it."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


class _Teller:
    """Says in the terminal how the preview fares."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def is_ready(self, url: str, exhibit: Exhibit) -> None:
        print(f"{self._source.task}, as {self._source.tasks_file} defines it:\n\n  {url}\n")
        print("Open pages follow what you change. When you are done with one, open the link again.")
        print("Ctrl-C ends the preview.", flush=True)
        self._note(exhibit)

    def is_shown_anew(self, exhibit: Exhibit) -> None:
        print(f"{_now()}  Changed: open pages begin anew.", flush=True)
        self._note(exhibit)

    def stays(self, error: ChatevalError) -> None:
        print(f"{_now()}  Changed, and not shown, for this is to be mended first:", flush=True)
        complain(error)

    def _note(self, exhibit: Exhibit) -> None:
        for notice in exhibit.notices:
            print(f"\n{notice}", flush=True)


def _now() -> str:
    return time.strftime("%H:%M:%S")
