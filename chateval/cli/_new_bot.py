"""`chateval new bot`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from chateval.cli import _skeletons as skeletons
from chateval.cli._new_files import say_what_was_written, take_back, write
from chateval.errors import ConfigError

OPTIONS = Path("task_config") / "model_opts.yaml"


def make_bot(name: str, project: Path) -> None:
    """A ParlAI agent, and its entry below those of `model_opts.yaml`, whose comments stay."""
    options = _with_entry(name, project / OPTIONS)
    folder, words = Path("parlai_internal") / "agents" / name, name.split("_")
    class_name = "".join(f"{word[:1].upper()}{word[1:]}" for word in words) + "Agent"  # by which ParlAI finds it
    title = " ".join(words).capitalize()
    files = {
        folder / "__init__.py": skeletons.filled(skeletons.BOT_PACKAGE, name=name),
        folder / f"{name}.py": skeletons.filled(skeletons.BOT, **{"name": name, "title": title, "class": class_name}),
    }
    write(project, files)
    try:
        (project / OPTIONS).parent.mkdir(parents=True, exist_ok=True)
        (project / OPTIONS).write_text(options, encoding="utf-8")
    except OSError as error:
        take_back(project, list(files))
        raise ConfigError(f"{OPTIONS} cannot be written: {error.strerror}. Let it be written.") from error
    study = f"try_{name}"
    then = (f"chateval new study {study} --chat --bot {name}", f"chateval run conf={study}")
    say_what_was_written(project, [*files, OPTIONS], then=then)


def bots_of(path: Path) -> Mapping[str, Any]:
    """The bots that the file defines, in its order; none where there is no file."""
    return _bots(_text(path), path)


def _with_entry(name: str, path: Path) -> str:
    text = _text(path)
    known = _bots(text, path)
    if name in known:
        raise ConfigError(f"{OPTIONS} defines a bot {name!r} already. Take another name, or remove its entry.")
    begun = text if text.endswith("\n") or not text else f"{text}\n"
    longer = (begun or skeletons.BOTS) + skeletons.filled(skeletons.BOT_ENTRY, name=name)
    try:
        is_grown = set(_bots(longer, path)) == {*known, name}
    except ConfigError:
        is_grown = False
    if not is_grown:
        raise ConfigError(
            f"{OPTIONS} is written in a way that takes no entry at its end, as {{a: ...}} is. Write each bot as a key "
            "at the beginning of a line, and try again."
        )
    return longer


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{OPTIONS} cannot be read: {error}. Let it be read, as text in UTF-8.") from error


def _bots(text: str, path: Path) -> Mapping[str, Any]:
    try:
        bots = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        raise ConfigError(f"{path} is no YAML: {' '.join(str(error).split())}. Mend it first.") from error
    if not isinstance(bots, dict):
        raise ConfigError(f"{path} holds no bots by name. Write `name: options`, one below the other.")
    return bots
