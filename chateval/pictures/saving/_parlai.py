"""Pictures of a task of ParlAI. The only code that loads ParlAI for pictures."""

from argparse import SUPPRESS
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any, NoReturn

from chateval.compat import prepare_parlai
from chateval.errors import PictureError
from chateval.pictures.saving._acts import found_in
from chateval.pictures.saving._save import Found

DATATYPE = "train:ordered"
_CHANGE_NO_PICTURE = ("--display-add-fields", "--max-display-len", "--ignore-agent-reply")
"""Arguments of `display_data` about how it prints."""


def pictures_of_task(task: str, arguments: Sequence[str], datapath: Path) -> Iterator[Found]:
    """The pictures of a task in its order, one for each example; `arguments` are those of `parlai display_data`.

    `datapath` is where ParlAI keeps its data unless the arguments say otherwise. A task whose data is not there may
    download it.

    Raises:
        PictureError: ParlAI has no such task or option, or cannot load the data.
    """
    prepare_parlai()
    try:
        yield from _pictures(task, arguments, datapath)
    except PictureError:
        raise
    except (Exception, SystemExit) as error:
        raise PictureError(
            f"ParlAI cannot load the task {task!r}: {type(error).__name__}: {error} Its data belongs into {datapath}, "
            "or into what --datapath names. Pictures of your own need no ParlAI: --task FOLDER."
        ) from error


def _pictures(task: str, arguments: Sequence[str], datapath: Path) -> Iterator[Found]:
    from parlai.core.worlds import create_task  # noqa: PLC0415  (takes seconds)

    opt = _options(task, arguments, datapath)
    with redirect_stdout(StringIO()):  # ParlAI's own remarks
        world = create_task(opt, _listener(opt))
    for number in range(_most(world)):
        with redirect_stdout(StringIO()):
            world.parley()
        act = world.get_acts()[0]
        if act.get("image") is not None:
            yield found_in(act, f"{task}/{opt['datatype']}#{number}")
        if world.epoch_done():
            return


def _most(world: Any) -> int:
    """One time around: of data that is drawn at random, there is no other end."""
    return int(world.num_examples() or 0)


def _options(task: str, arguments: Sequence[str], datapath: Path) -> Any:
    from parlai.core.params import ParlaiParser  # noqa: PLC0415  (takes seconds)

    class Parser(ParlaiParser):  # type: ignore[misc]
        """ParlAI's parser, but that it raises where that ends the program."""

        def error(self, message: str) -> NoReturn:
            raise PictureError(f"ParlAI does not take these options for the task {task!r}: {message}.")

    parser = Parser(add_parlai_args=True, add_model_args=False)
    parser.set_params(task=task, datapath=str(datapath.absolute()), datatype=DATATYPE, image_mode="raw")
    for unused in _CHANGE_NO_PICTURE:
        parser.add_argument(unused, help=SUPPRESS)
    given = ["--task", task, *arguments]
    parser.add_extra_args(given)
    opt = parser.parse_args(given)
    if opt["image_mode"] != "raw":
        text = f"--image-mode is {opt['image_mode']!r}, and pictures are kept as they are: leave it out."
        raise PictureError(f"{text} A bot's own option says in which form it is given them.")
    if opt["datatype"] == "train":
        opt["datatype"] = DATATYPE  # each example once, in order
    return opt


def _listener(opt: Any) -> Any:
    from parlai.agents.repeat_label.repeat_label import RepeatLabelAgent  # noqa: PLC0415  (takes seconds)

    return RepeatLabelAgent(opt)
