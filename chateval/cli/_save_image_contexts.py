"""`scripts/save_image_contexts.py`: pictures for people and bots to talk about, saved to a folder."""

import sys
import time
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from chateval.config import project_root
from chateval.errors import PictureError
from chateval.pictures import COMMAND, MAX_BYTES, MAX_SIDE
from chateval.pictures.saving import Found, Saved, Saving, pictures_of_files, pictures_of_pickle, pictures_of_task

PARLAIS_NUMBER = 10
"""How many examples ParlAI looks at unless told."""
SAY_SECONDS = 2.0
MOST_TOLD = 20

DESCRIPTION = f"""\
Save pictures, each once, with a context for each, to a folder that a study names in image_context_path.

  --task FOLDER             the pictures in a folder; captions in NAME.txt beside each, or all in captions.jsonl
  --task FILE.jsonl         those that JSON lines name: {{"file": "...", "caption": "..."}}
  --task NAME               a task of ParlAI; further arguments are those of `parlai display_data`

Pictures are turned upright, freed of metadata, and made no larger than {MAX_SIDE} pixels a side and {MAX_BYTES:,}
bytes. What is saved already stays; a run that was stopped is begun again with the same command."""


def run(arguments: Sequence[str]) -> int:
    parser = ArgumentParser(
        prog=COMMAND,
        description=DESCRIPTION,
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--task", "-t", metavar="TASK", help="where the pictures come from")
    parser.add_argument(
        "--num-examples",
        "-n",
        "-ne",
        type=int,
        metavar="N",
        help=f"how many pictures the folder is to hold (default: {PARLAIS_NUMBER} of a ParlAI task, all of your own)",
    )
    parser.add_argument(
        "--image-context-path",
        type=Path,
        metavar="DIR",
        help="the folder to save them to (default: task_config/image_contexts)",
    )
    parser.add_argument("--datapath", "-dp", type=Path, metavar="DIR", help="ParlAI's data (default: data/parlai)")
    parser.add_argument("--from-pickle", type=Path, metavar="FILE", help="convert the file of ParlAI's own script")
    parser.add_argument(
        "--i-trust-this-file",
        action="store_true",
        help="read that pickle, although reading one runs whatever its maker has put into it",
    )
    options, others = parser.parse_known_args(arguments)
    pictures, most = _source(options, others)
    folder = options.image_context_path or project_root() / "task_config" / "image_contexts"
    saved = Saving(folder).save(pictures, most, _Progress(most))
    _sum_up(saved, most, folder)
    return 0 if saved.total else 1


def _source(options: Namespace, others: Sequence[str]) -> tuple[Iterator[Found], int | None]:
    most: int | None = options.num_examples
    if most is not None and most < 1:
        most = None
    if options.from_pickle is not None:
        if not options.i_trust_this_file:
            raise PictureError(
                f"{options.from_pickle} is a pickle: reading it runs whatever its maker has put into it. If you made "
                "it, or trust who did, add --i-trust-this-file."
            )
        _refuse_others(others, "--from-pickle")
        return pictures_of_pickle(options.from_pickle), most
    if not options.task:
        raise PictureError(
            "Which pictures? Write --task and a folder, a .jsonl file, or a task of ParlAI; --help tells more."
        )
    own = Path(options.task).expanduser()
    if own.is_dir() or own.suffix == ".jsonl" or "/" in options.task:
        _refuse_others([name for name in others if not _is_of_parlai(name)], f"--task {options.task}")
        return pictures_of_files(own), most
    datapath = options.datapath or project_root() / "data" / "parlai"
    number = PARLAIS_NUMBER if options.num_examples is None else most
    return pictures_of_task(options.task, others, datapath), number


def _is_of_parlai(argument: str) -> bool:
    """Whether something is of use for tasks of ParlAI alone, and harmless here."""
    return argument in {"--datatype", "-dt"} or not argument.startswith("-")


def _refuse_others(others: Sequence[str], what: str) -> None:
    if others:
        raise PictureError(f"{others[0]!r} is no option for {what}. --help shows those there are.")


class _Progress:
    """Says how far the saving has come: in place on a terminal, else a line now and then."""

    def __init__(self, most: int | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._said_at = clock()

    def __call__(self, saved: Saved) -> None:
        is_live = sys.stdout.isatty()
        if not is_live and self._clock() - self._said_at < SAY_SECONDS:
            return
        self._said_at = self._clock()
        of = f" of {self._most}" if self._most is not None else ""
        print(f"{saved.total}{of} saved", end="\r" if is_live else "\n", flush=True)


def _counted(number: int) -> str:
    return "1 picture" if number == 1 else f"{number} pictures"


def _sum_up(saved: Saved, most: int | None, folder: Path) -> None:
    for text in saved.refused[:MOST_TOLD]:
        print(text, file=sys.stderr)
    if len(saved.refused) > MOST_TOLD:
        print(f"... and {len(saved.refused) - MOST_TOLD} more are left out.", file=sys.stderr)
    print(f"{_counted(saved.total)} in {folder}: {saved.new} new, {saved.known} from before, ", end="")
    print(f"{saved.repeated} that were there already, {len(saved.refused)} left out.")
    if most is not None and saved.total < most:
        print(f"There are no more than these; --num-examples asked for {most}.")
    if saved.without_caption:
        print(
            f"{_counted(saved.without_caption)} without a caption. A caption is what people hear who do not see the "
            "picture, and all that a bot knows of it that does not see. Write captions into contexts.jsonl."
        )
    if saved.total:
        print(f"In a study: image_context_path: {folder}")
