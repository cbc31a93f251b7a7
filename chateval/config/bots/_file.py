"""A `model_opts.yaml` without a study around it."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from chateval.config._complaints import Complaints
from chateval.config._project import checkout, project_root
from chateval.config._sources import Sources
from chateval.config._yaml import YamlError, read_yaml
from chateval.config.bots._read import BotSpec, read_bots
from chateval.errors import ConfigError, StudyProblemsError

_AGENTS = Path("parlai_internal", "agents")


def bot_names(path: Path) -> tuple[str, ...]:
    """The names of all bots in a file, as they stand there.

    Raises:
        ConfigError: the file cannot be read, or is no mapping of names to bots.
    """
    try:
        value = read_yaml(path).value
    except YamlError as error:
        where = f"{path}, line {error.line}" if error.line else f"{path}"
        raise ConfigError(f"{where}: {error}") from error
    if not isinstance(value, Mapping) or not value:
        raise ConfigError(f"{path}: The file defines no bots. Write a line such as examplebot: --model repeat_label")
    return tuple(map(str, value))


def load_bots(path: Path, names: Iterable[str]) -> tuple[BotSpec, ...]:
    """The named bots of a file, checked as those of a study are, and those that they are made of; sorted by name.

    Raises:
        ConfigError: with all that is wrong with them, a paragraph each.
    """
    key = "mephisto.blueprint."
    places = {f"{key}conversations_needed_string": "--bots", f"{key}model_opt_path": str(path)}
    complaints = Complaints(Sources(str(path), places))
    roots = tuple(dict.fromkeys((agents_root(path), project_root(), checkout())))
    specs = read_bots(path, names, roots, complaints)
    try:
        complaints.raise_if_any()
    except StudyProblemsError as error:
        raise ConfigError(str(error)) from error
    return specs


def agents_root(path: Path) -> Path:
    """The nearest folder around the file that holds `parlai_internal/agents`; the project's where none does."""
    folders = path.absolute().parents
    return next((folder for folder in folders if (folder / _AGENTS).is_dir()), project_root())
