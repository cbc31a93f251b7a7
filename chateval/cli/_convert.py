"""`chateval convert`."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from chateval.annotation import read_tasks
from chateval.annotation.convert import Kind, Order, convert
from chateval.config import project_root

FORMATS = """\
A table has the names of its columns in the first row, and then a turn in each:

  turn         what is said; the only column that is needed
  speaker      user, system, or names; without it, the user begins and the two take turns
  dialogue_id  in the first row of each dialogue; without it, a sheet or file is one dialogue
  group_id     dialogues of one group go to the same people; without it, each is on its own
  persona      in the first row of a dialogue, a sentence a line
  selection    the right answer to a turn: options by id or text, with commas between; question=option where a task
               has several questions; a > b > c to rank; none where nothing applies; several answers that are all
               right on lines of their own
  explanation  why that is the right answer

A transcript has lines of `Speaker: utterance`, and an empty line between dialogues. Who speaks first is the user,
unless --user or --system say otherwise.
"""


def run(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    tasks = read_tasks(options.tasks_file or project_root() / "task_config" / "annotation_buckets.json")
    done = convert(options.source, _order(options), tasks, options.out)
    answers = "" if options.to == "data" else f", {done.keys} with right answers"
    dialogues = f"{done.dialogues} dialogue{'s' * (done.dialogues != 1)}"
    print(f"{options.out}: {dialogues} of {done.turns} turns in all{answers}.")
    return 0


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="chateval convert",
        description="Make dialogues to be labelled, training dialogues or gold units of spreadsheets (CSV, XLSX) and "
        "plain text transcripts.\nNothing is written unless all can be used.",
        epilog=FORMATS,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("source", nargs="+", type=Path, metavar="SOURCE", help="a file, or a folder of files")
    parser.add_argument("--to", required=True, choices=get_args(Kind), help="data_jsonl, screen_json or gold_jsonl")
    parser.add_argument("--task", required=True, metavar="NAME[,NAME]", help="the tasks that the dialogues are for")
    parser.add_argument("--out", required=True, type=Path, metavar="FILE", help="the file to write")
    parser.add_argument("--tasks-file", type=Path, metavar="FILE", help="where the tasks are defined")
    _add_details(parser)
    return parser


_REPEATABLE = {
    "--persona": ("SENTENCE", "what the bot is, for dialogues that do not say"),
    "--user": ("NAME", "who the user is, in the sources"),
    "--system": ("NAME", "who the system is, in the sources"),
    "--sheet": ("NAME", "a sheet to be read, instead of all"),
    "--ignore": ("COLUMN", "a column to be left out"),
}


def _add_details(parser: ArgumentParser) -> None:
    for option, (what, meaning) in _REPEATABLE.items():
        parser.add_argument(option, action="append", default=[], metavar=what, help=f"{meaning}; repeatable")
    parser.add_argument("--allowed-mistakes", type=_count, metavar="N", help="in each training or gold dialogue")


def _count(text: str) -> int:
    if not text.isdecimal():
        raise ArgumentTypeError(f"{text!r} is no number of mistakes; write a whole number, 0 or more")
    return int(text)


def _order(options: Namespace) -> Order:
    return Order(
        kind=options.to,
        tasks=tuple(filter(None, map(str.strip, options.task.split(",")))),
        persona=tuple(options.persona),
        users=tuple(options.user),
        systems=tuple(options.system),
        sheets=tuple(options.sheet),
        ignored=tuple(options.ignore),
        allowed_mistakes=options.allowed_mistakes,
    )
