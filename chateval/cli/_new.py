"""`chateval new`."""

import keyword
import re
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Sequence
from pathlib import Path

from chateval.cli._new_bot import make_bot
from chateval.cli._new_study import StudyOrder, make_study
from chateval.cli._new_task import make_task
from chateval.config import project_root
from chateval.errors import ConfigError

NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*")
EPILOG = """\
  task   a task of your own: its questions, its instructions, and a dialogue to try it on
  study  a study in which people label dialogues of a file or, with --chat, hold them
  bot    a bot of your own, as a ParlAI agent

What is written works as it is, and is made to be changed. Nothing is overwritten."""


def run(arguments: Sequence[str]) -> int:
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.what != "study" and (options.chat or options.task or options.bot):
        parser.error("--task, --chat and --bot are for a new study.")
    if options.bot and not options.chat:
        parser.error("--bot is for a study in which people chat: add --chat.")
    _check_name(options.name)
    project: Path = options.dir or project_root()
    if options.what == "task":
        make_task(options.name, project)
    elif options.what == "bot":
        make_bot(options.name, project)
    else:
        make_study(StudyOrder(options.name, project, options.task, tuple(options.bot), is_chat=options.chat))
    return 0


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="chateval new",
        description="Write a working task, study or bot, to be changed into your own.",
        epilog=EPILOG,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("what", choices=("task", "study", "bot"))
    parser.add_argument("name", metavar="NAME", help="letters, digits and _, as in kindness_turns")
    parser.add_argument(
        "--task", default="", metavar="TASK", help="what the study is about; default: the task of its name"
    )
    parser.add_argument("--chat", action="store_true", help="a study in which people chat")
    parser.add_argument("--bot", action="append", default=[], help="whom they chat with; repeatable, for a pair")
    parser.add_argument("--dir", type=Path, metavar="DIR", help="the project's folder; default: this one")
    return parser


def _check_name(name: str) -> None:
    if not NAME.fullmatch(name) or keyword.iskeyword(name):
        raise ConfigError(
            f"{name!r} cannot be a name here, for it names files, keys and, for a bot, a Python module. Use letters, "
            "digits and single underscores, and begin with a letter, as in kindness_turns."
        )
