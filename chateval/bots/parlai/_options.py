"""A bot's option string, read as ParlAI's command line reads it."""

import os
import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn

from chateval.config import BotRuntime, ParlAIBot
from chateval.errors import BotError


def parse_options(spec: ParlAIBot, runtime: BotRuntime) -> Any:
    """The `parlai.core.opt.Opt` that the option string stands for.

    Each call has a parser of its own, reads neither `sys.argv` nor the environment and leaves both as they were, and
    names the data path, which is `runtime.datapath` unless the options say otherwise. As ParlAI's chats with people do
    it, `runtime.override_opt` and `runtime.model_parallel` stand in for ParlAI's defaults and for what is stored with a
    model; the bot's own options win over them.

    Raises:
        BotError: ParlAI has no such option, or its value is not allowed.
    """
    arguments = _split(spec)
    with _environment_kept():
        parser = _new_parser(spec)
        parser.set_params(**_defaults(runtime))
        parser.add_extra_args(arguments)
        _refuse_unknown(spec, arguments, parser)
        opt = parser.parse_args(arguments)
    _refuse_missing_model(spec, opt)
    return opt


def _split(spec: ParlAIBot) -> list[str]:
    """The words of the option string; of `--name=value`, which ParlAI lets a stored option win over, two words."""
    try:
        words = shlex.split(spec.options)
    except ValueError as error:
        raise _wrong(spec, f"{error}. Options are written as in a shell; quote a value that holds spaces") from error
    return [part for word in words for part in _parts(word)]


def _parts(word: str) -> Sequence[str]:
    name, equals, value = word.partition("=")
    is_option = word.startswith("-") and equals and value and not value.startswith("-") and " " not in name
    return (name, value) if is_option else (word,)


def _defaults(runtime: BotRuntime) -> dict[str, Any]:
    """Agents are here to talk: none is to prepare for training, as ParlAI's `datatype` says, or to skip its replies."""
    own = {
        "datapath": str(runtime.datapath.absolute()),
        "datatype": "valid",
        "model_parallel": runtime.model_parallel,
        "skip_generation": False,
    }
    return own | {name.replace("-", "_"): value for name, value in runtime.override_opt.items()}


@contextmanager
def _environment_kept() -> Iterator[None]:
    """ParlAI's parser writes the data path of one bot where it reads that of the next."""
    before = {name: value for name, value in os.environ.items() if name.startswith("PARLAI_")}
    try:
        yield
    finally:
        for name in [name for name in os.environ if name.startswith("PARLAI_")]:
            del os.environ[name]
        os.environ.update(before)


def _new_parser(spec: ParlAIBot) -> Any:
    from parlai.core.params import ParlaiParser  # noqa: PLC0415  (takes seconds)

    class Parser(ParlaiParser):  # type: ignore[misc]
        """ParlAI's parser, but that it raises where that ends the program."""

        def error(self, message: str) -> NoReturn:
            raise _wrong(spec, message)

        def exit(self, status: int = 0, message: str | None = None) -> NoReturn:  # noqa: ARG002
            raise _wrong(spec, message or "asking for help is no option of a bot")

        def print_help(self, file: Any = None) -> None:
            """Say nothing: what ParlAI prints here is a thousand lines long."""

    return Parser(add_parlai_args=True, add_model_args=True)


def _refuse_unknown(spec: ParlAIBot, arguments: Sequence[str], parser: Any) -> None:
    """Name each word that ParlAI has no use for, but those that may be values of an unknown option before them."""
    unknown = parser.parse_known_args(list(arguments))[1]
    options = [word.partition("=")[0] for word in unknown if word.startswith("-")]
    known = sorted({option for action in parser._actions for option in action.option_strings})  # noqa: SLF001
    texts = [_unknown(option, known) for option in options] or [_stray(word, arguments) for word in unknown[:1]]
    if texts:
        raise _wrong(spec, " ".join(texts))


def _unknown(option: str, known: Sequence[str]) -> str:
    near = get_close_matches(option, known, n=3)
    hint = f"; did you mean {' or '.join(near)}?" if near else ". Its agent defines no such option."
    return f"{option!r} is unknown{hint}"


def _stray(word: str, arguments: Sequence[str]) -> str:
    """An option before it has all the values it takes."""
    before = arguments[arguments.index(word) - 1] if word in arguments[1:] else ""
    if before.startswith("-"):
        return f"{before!r} takes no value, and {word!r} follows it. Leave one of them out."
    return f"{word!r} is unknown: no option takes it. Quote a value that holds spaces."


def _refuse_missing_model(spec: ParlAIBot, opt: Any) -> None:
    model_file = opt.get("model_file")
    if model_file is None and opt.get("model") is None:
        raise _wrong(spec, "neither --model nor --model-file is given; one of them says which agent answers")
    if model_file is not None and not Path(model_file).exists():
        raise _wrong(spec, f"the model file {model_file} does not exist. Check --model-file")


def _wrong(spec: ParlAIBot, text: str) -> BotError:
    end = "" if text.endswith(("?", ".")) else "."
    return BotError(f"Bot {spec.name!r} cannot be built from the options {spec.options!r}: {text}{end}")
