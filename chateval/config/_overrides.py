"""Overrides as typed on the command line."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from hydra.errors import HydraException

from chateval.config._keys import complaint_about, is_known
from chateval.config._nearest import did_you_mean, listed
from chateval.errors import Problem, StudyProblemsError


@dataclass
class Overrides:
    """What the command line asks for, sorted by kind."""

    conf: str = ""
    groups: list[str] = field(default_factory=list)
    """Choices from groups, and Hydra's own settings, passed on as typed."""
    values: dict[str, str] = field(default_factory=dict)
    """Overrides of single keys, as typed, by dotted key."""
    problems: list[Problem] = field(default_factory=list)

    def for_hydra(self) -> list[str]:
        """All that Hydra is to apply. `++` sets a key whether or not the defaults hold it."""
        values = [text if text.startswith("~") else f"++{text.lstrip('+')}" for text in self.values.values()]
        return [f"conf={quoted(self.conf)}", *self.groups, *values]


def read_overrides(texts: Sequence[str], known_confs: Sequence[str]) -> Overrides:
    """Sort the overrides. Raises StudyProblemsError where no study is chosen: nothing else can be checked then."""
    read = Overrides()
    parser = OverridesParser.create()
    for text in texts:
        try:
            override = parser.parse_override(text)
        except HydraException:
            read.problems.append(Problem(f"command line, {text}", _UNREADABLE))
        else:
            _sort(override, text, read)
    read.problems += _problems_of_conf(read.conf, known_confs)
    if read.conf not in known_confs:
        raise StudyProblemsError(read.problems)
    return read


def quoted(text: str) -> str:
    """Text as a value in Hydra's grammar, whatever signs are in it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


_UNREADABLE = (
    "This is no override that can be read. Write key=value, as in mephisto.blueprint.num_turns=4; put quotes around a"
    " value with commas, spaces or other signs, as in 'mephisto.task.task_title=\"Talk, and rate\"'."
)


def _sort(override: Override, text: str, read: Overrides) -> None:
    key = override.key_or_group
    if override.is_sweep_override():
        read.problems.append(Problem(f"command line, {text}", _sweep(text)))
    elif key == "conf" and not override.is_delete():
        read.conf = str(override.value())
    elif not key:
        read.problems.append(Problem(f"command line, {text}", _UNREADABLE))
    elif "/" in key or key.partition(".")[0] == "hydra":
        read.groups.append(text)
    elif is_known(key):
        read.values[key] = text
    else:
        read.problems.append(Problem(f"command line, {text}", complaint_about(key)))


def _sweep(text: str) -> str:
    key, _, value = text.partition("=")
    return (
        "Commas without quotes ask Hydra for several runs, and a study is one run. Write one value; if the commas"
        f" belong to it, quote it: '{key}=\"{value}\"'."
    )


def _problems_of_conf(conf: str, known: Sequence[str]) -> list[Problem]:
    if conf in known:
        return []
    studies = f"These studies exist: {listed(known)}."
    if conf in {"", "None"}:
        return [Problem("conf", f"No study is named. {studies} Write conf=<name>.")]
    return [Problem(f"command line, conf={conf}", f"There is no study {conf!r}.{did_you_mean(conf, known)} {studies}")]
