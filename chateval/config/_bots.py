"""The bots of a study, as `model_opts.yaml` defines them."""

import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from chateval.config._complaints import Complaints
from chateval.config._conditions import is_bot_name
from chateval.config._internal_agents import fault_of_internal_agent
from chateval.config._nearest import did_you_mean, listed
from chateval.config._project import shown
from chateval.config._read import read_settings
from chateval.config._rules import Delay, Flag, Lines
from chateval.config._yaml import YamlError, YamlFile, read_yaml

_LATER_KINDS = ("human", "openai", "ray", "transformers")
_MODEL = re.compile(r"(^|\s)--?(m|mf|o|model|model[-_]file|init[-_]model|init[-_]opt)[=\s]\s*\S")


@dataclass(frozen=True)
class ParlAIBot:
    """A bot that ParlAI makes from its option string, as in `--model internal:examplebot`."""

    name: str
    options: str


@dataclass(frozen=True)
class ScriptedBot:
    """A bot that says its lines in turn and begins anew after the last; or, as an echo, what its partner said."""

    name: str
    lines: tuple[str, ...] = ()
    delay_seconds: float = 0
    """How long it takes over each reply."""
    echo: bool = False


BotSpec = ParlAIBot | ScriptedBot


@dataclass(frozen=True, kw_only=True)
class _ScriptedSettings:
    lines: Lines = ()
    delay_seconds: Delay = 0
    echo: Flag = False


def read_bots(
    path: Path, names: Iterable[str], agent_roots: tuple[Path, ...], complaints: Complaints
) -> tuple[BotSpec, ...]:
    """The named bots, sorted by name. Others in the file are not looked at, beyond their names."""
    file = _read(path, complaints)
    if file is None:
        return ()
    reader = _BotReader(file, agent_roots, complaints)
    for key in file.repeated:
        reader.report(key, "It is written twice, and only one of the two would count. Remove one or rename it.")
    for name in file.value:
        if not is_bot_name(str(name)):
            reader.report(str(name), f"{name!r} is no name for a bot. Use letters, digits, and the signs _ . - only.")
    specs = (reader.read(name) for name in sorted(set(names)))
    return tuple(spec for spec in specs if spec is not None)


def _read(path: Path, complaints: Complaints) -> YamlFile | None:
    key = "mephisto.blueprint.model_opt_path"
    try:
        file = read_yaml(path)
    except YamlError as error:
        if error.line:
            complaints.at(f"{shown(path)}, line {error.line}", str(error))
        else:
            complaints.about(key, f"{shown(path)}: {error} Name a YAML file that defines the bots.")
        return None
    if not isinstance(file.value, Mapping):
        complaints.at(
            shown(path), "The file defines no bots. Write a line such as examplebot: --model internal:examplebot"
        )
        return None
    return file


@dataclass(frozen=True)
class _BotReader:
    file: YamlFile
    agent_roots: tuple[Path, ...]
    complaints: Complaints

    def report(self, key: str, text: str) -> None:
        self.complaints.at(f"{shown(self.file.path)}, line {self.file.lines.get(key, 1)}, {key}", text)

    def read(self, name: str) -> BotSpec | None:
        defined = [str(key) for key in self.file.value]
        if name not in defined:
            where = f"{shown(self.file.path)} defines: {listed(defined)}."
            text = f"There is no bot {name!r}.{did_you_mean(name, defined)} {where} Use one of these or add it there."
            self.complaints.about("mephisto.blueprint.conversations_needed_string", text)
            return None
        match next(value for key, value in self.file.value.items() if str(key) == name):
            case str() as options:
                return self._parlai(name, options)
            case {"kind": kind, **rest}:
                return self._of_kind(name, kind, rest)
            case value:
                text = f"{value!r} defines no bot. Write a ParlAI option string, or kind: and what belongs to it."
                self.report(name, text)
                return None

    def _of_kind(self, name: str, kind: Any, rest: Mapping[Any, Any]) -> BotSpec | None:
        match kind:
            case "parlai":
                self._check_keys(name, rest, ("options",))
                return self._parlai(name, str(rest.get("options") or ""))
            case "scripted":
                return self._scripted(name, rest)
            case _ if kind in _LATER_KINDS:
                text = (
                    f"Bots of the kind {kind!r} are not available in this version. Use kind: parlai or kind: scripted."
                )
            case _:
                near = did_you_mean(str(kind), ("parlai", "scripted", *_LATER_KINDS))
                text = f"There is no kind of bot {kind!r}.{near} Use kind: parlai or kind: scripted."
        self.report(f"{name}.kind", text)
        return None

    def _parlai(self, name: str, options: str) -> ParlAIBot | None:
        if fault := _fault_of_options(options) or fault_of_internal_agent(options, self.agent_roots):
            self.report(name, fault)
            return None
        return ParlAIBot(name, options.strip())

    def _scripted(self, name: str, rest: Mapping[Any, Any]) -> ScriptedBot:
        self._check_keys(name, rest, [item.name for item in fields(_ScriptedSettings)])
        read = read_settings(_ScriptedSettings, rest, self.report, f"{name}.")
        if bool(read.lines) == read.echo:
            self.report(name, "A scripted bot needs something to say. Give it lines: with a list, or echo: true.")
        return ScriptedBot(name, read.lines, read.delay_seconds, read.echo)

    def _check_keys(self, name: str, rest: Mapping[Any, Any], known: Iterable[str]) -> None:
        for key in map(str, rest):
            if key not in known:
                text = f"There is no key {key!r} for this kind of bot.{did_you_mean(key, known)}"
                self.report(f"{name}.{key}", f"{text} It has: {listed(known)}.")


def _fault_of_options(options: str) -> str:
    try:
        shlex.split(options)
    except ValueError as error:
        return f"{options.strip()!r} is no ParlAI option string: {error}. Close the quote."
    if not _MODEL.search(options):
        return f"{options.strip()!r} names no model. Write ParlAI options with --model or --model-file in them."
    return ""
