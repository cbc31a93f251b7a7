"""Which verb, and what becomes of errors."""

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import NoReturn

from chateval.cli._complain import complain
from chateval.cli._leave import leave
from chateval.errors import ChatevalError

USER_ERROR = 2

VERBS = {
    "run": "launch a study: chateval run conf=collect_dialogues",
    "check": "check a study without launching it, and say what it will collect and cost",
    "invite": "print signed links, one for each worker",
    "runs": "list past runs, show their configuration, or compare two",
    "new": "write a working task, study or bot, to be changed: chateval new task kindness",
    "preview": "show a task on sample dialogues in the browser, again each time that its definition is changed",
    "serve": "host the bots of a model_opts.yaml on Ray Serve, for studies here or elsewhere",
    "convert": "make dialogues to be labelled, training or gold units of spreadsheets and transcripts",
    "export": "write what was collected as JSONL, CSV and Parquet",
    "doctor": "check that a data directory agrees with itself, and mend what does not",
    "mephisto": "Mephisto's own command, with our blueprint known to it",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status: 0, 1 for what a check found, or 2 for what the user can mend."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser = ArgumentParser(
        prog="chateval",
        description="Human evaluation of chatbots.\n\n"
        + "\n".join(f"  {verb:9} {does}" for verb, does in VERBS.items()),
        formatter_class=RawDescriptionHelpFormatter,
        epilog="`chateval VERB --help` tells more of each.",
    )
    parser.add_argument("verb", choices=VERBS, metavar="VERB")
    verb = parser.parse_args(given[:1]).verb
    return _guarded(verb, given[1:])


def command() -> NoReturn:
    """The `chateval` command, as a process."""
    leave(main())


def welcome(arguments: Sequence[str] | None = None) -> int:
    """`welcome.py`: the same as `chateval run`."""
    return _guarded("run", list(sys.argv[1:] if arguments is None else arguments))


def save_image_contexts(arguments: Sequence[str] | None = None) -> int:
    """`scripts/save_image_contexts.py`."""
    return _guarded("save_image_contexts", list(sys.argv[1:] if arguments is None else arguments))


def _guarded(verb: str, arguments: Sequence[str]) -> int:
    run: Callable[[Sequence[str]], int] = import_module(f"chateval.cli._{verb}").run
    try:
        return run(arguments)
    except ChatevalError as error:
        complain(error)
        return USER_ERROR
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 1
