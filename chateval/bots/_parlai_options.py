"""A bot's option string, read as ParlAI's command line reads it."""

import shlex
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn

from chateval.config import BotRuntime, ParlAIBot
from chateval.errors import BotError


def parse_options(spec: ParlAIBot, runtime: BotRuntime) -> Any:
    """The `parlai.core.opt.Opt` that the option string stands for.

    Each call has a parser of its own, reads neither `sys.argv` nor the environment, and names the data path, which is
    `runtime.datapath` unless the options say otherwise. As ParlAI's chats with people do it, `runtime.override_opt` and
    `runtime.model_parallel` stand in for ParlAI's defaults and for what is stored with a model; the bot's own options
    win over them.

    Raises:
        BotError: ParlAI has no such option, or its value is not allowed.
    """
    arguments = _split(spec)
    parser = _new_parser(spec)
    parser.set_params(**_defaults(runtime))
    parser.add_extra_args(arguments)
    _refuse_unknown(spec, parser.parse_known_args(arguments)[1], _long_options(parser))
    opt = parser.parse_args(arguments)
    _refuse_missing_model(spec, opt)
    return opt


def _split(spec: ParlAIBot) -> list[str]:
    try:
        return shlex.split(spec.options)
    except ValueError as error:
        raise _wrong(spec, f"{error}. Options are written as in a shell; quote a value that holds spaces") from error


def _defaults(runtime: BotRuntime) -> dict[str, Any]:
    own = {"datapath": str(runtime.datapath.absolute()), "model_parallel": runtime.model_parallel}
    return own | {name.replace("-", "_"): value for name, value in runtime.override_opt.items()}


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


def _refuse_unknown(spec: ParlAIBot, unknown: list[str], known: Iterable[str]) -> None:
    if not unknown:
        return
    option = unknown[0].partition("=")[0]
    near = get_close_matches(option, list(known), n=3)
    hint = f"; did you mean {' or '.join(near)}?" if near else ". Its agent defines no such option"
    raise _wrong(spec, f"{option!r} is unknown{hint}")


def _long_options(parser: Any) -> list[str]:
    """Every option with two dashes; ParlAI also registers `-mf` as `--mf`."""
    return [option for action in parser._actions for option in action.option_strings]  # noqa: SLF001


def _refuse_missing_model(spec: ParlAIBot, opt: Any) -> None:
    model_file = opt.get("model_file")
    if model_file is None and opt.get("model") is None:
        raise _wrong(spec, "neither --model nor --model-file is given; one of them says which agent answers")
    if model_file is not None and not Path(model_file).exists():
        raise _wrong(spec, f"the model file {model_file} does not exist. Check --model-file")


def _wrong(spec: ParlAIBot, text: str) -> BotError:
    end = "" if text.endswith(("?", ".")) else "."
    return BotError(f"Bot {spec.name!r} cannot be built from the options {spec.options!r}: {text}{end}")
