"""The reader of `model_opts.yaml`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from chateval.config._complaints import Complaints
from chateval.config._conditions import is_bot_name
from chateval.config._nearest import did_you_mean, listed
from chateval.config._project import shown
from chateval.config._read import read_settings
from chateval.config._yaml import YamlError, YamlFile, read_yaml
from chateval.config.bots._human import HumanBot
from chateval.config.bots._openai import OpenAIBot
from chateval.config.bots._parlai import ParlAIBot
from chateval.config.bots._ray import RayBot
from chateval.config.bots._rerank import RerankBot, faults_among
from chateval.config.bots._scripted import ScriptedBot
from chateval.config.bots._secrets import REMEDY, secrets_in
from chateval.config.bots._terms import Surroundings
from chateval.config.bots._transformers import TransformersBot

BotSpec = ParlAIBot | ScriptedBot | TransformersBot | OpenAIBot | RayBot | HumanBot | RerankBot

KINDS: Mapping[str, type[BotSpec]] = {
    "parlai": ParlAIBot,
    "scripted": ScriptedBot,
    "transformers": TransformersBot,
    "openai": OpenAIBot,
    "ray": RayBot,
    "human": HumanBot,
    "rerank": RerankBot,
}


def read_bots(
    path: Path, names: Iterable[str], agent_roots: tuple[Path, ...], complaints: Complaints
) -> tuple[BotSpec, ...]:
    """The named bots and those that they are made of, sorted by name.

    Others in the file are not looked at, beyond their names.
    """
    file = _read(path, complaints)
    if file is None:
        return ()
    reader = _BotReader(file, agent_roots, complaints)
    for key in file.repeated:
        reader.report(key, "It is written twice, and only one of the two would count. Remove one or rename it.")
    for name in file.value:
        if not is_bot_name(str(name)):
            reader.report(str(name), f"{name!r} is no name for a bot. Use letters, digits, and the signs _ . - only.")
    read: dict[str, BotSpec | None] = {}
    wanted = sorted(set(names))
    while wanted:
        name = wanted.pop(0)
        spec = read[name] = reader.read(name)
        if isinstance(spec, RerankBot):
            wanted += [bot for bot in spec.bots if bot not in {*read, *wanted}]
    for name, fault in faults_among(read):
        reader.report(f"{name}.{fault.key}", fault.text)
    return tuple(spec for _, spec in sorted(read.items()) if spec is not None)


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
        lines = self.file.lines
        line = lines.get(key) or lines.get(key.rpartition(".")[0], 1)  # a key that is missing has no line of its own
        self.complaints.at(f"{shown(self.file.path)}, line {line}, {key}", text)

    def read(self, name: str) -> BotSpec | None:
        defined = [str(key) for key in self.file.value]
        if name not in defined:
            where = f"{shown(self.file.path)} defines: {listed(defined)}."
            text = f"There is no bot {name!r}.{did_you_mean(name, defined)} {where} Use one of these or add it there."
            self.complaints.about("mephisto.blueprint.conversations_needed_string", text)
            return None
        match next(value for key, value in self.file.value.items() if str(key) == name):
            case str() as options:
                return self._checked(ParlAIBot(name, options.strip()))
            case {"kind": kind, **rest}:
                return self._of_kind(name, kind, rest)
            case Mapping():
                self.report(name, f"The mapping defines no bot, since it has no kind. Add kind: {listed(KINDS)}.")
                return None
            case value:
                text = f"{value!r} defines no bot. Write a ParlAI option string, or kind: and what belongs to it."
                self.report(name, text)
                return None

    def _of_kind(self, name: str, kind: Any, rest: Mapping[Any, Any]) -> BotSpec | None:
        spec_type = KINDS.get(str(kind))
        if spec_type is None:
            near = did_you_mean(str(kind), KINDS)
            self.report(f"{name}.kind", f"There is no kind of bot {kind!r}.{near} There are: {listed(KINDS)}.")
            return None
        values = {str(key): value for key, value in rest.items()}
        hidden = list(secrets_in(values))
        for key in hidden:
            self.report(f"{name}.{key}", f"There is a key or a password here, which the file would give away. {REMEDY}")
        if hidden:
            return None  # whatever else is said might repeat it
        known = [item.name for item in fields(spec_type) if item.name != "name"]
        for key in values:
            if key not in known:
                text = f"There is no key {key!r} for this kind of bot.{did_you_mean(key, known)}"
                self.report(f"{name}.{key}", f"{text} It has: {listed(known)}.")
        wrong: list[tuple[str, str]] = []
        spec = read_settings(spec_type, {**values, "name": name}, lambda *told: wrong.append(told), f"{name}.")
        for told in wrong:
            self.report(*told)
        return None if wrong else self._checked(spec)

    def _checked(self, spec: BotSpec) -> BotSpec | None:
        if isinstance(spec, ParlAIBot):
            spec = replace(spec, options=spec.options.strip())
        names = tuple(str(key) for key in self.file.value)
        faults = list(spec.faults(Surroundings(self.file.path.parent, self.agent_roots, names)))
        for fault in faults:
            self.report(f"{spec.name}.{fault.key}" if fault.key else spec.name, fault.text)
        if isinstance(spec, TransformersBot):
            spec = spec.beside(self.file.path.parent)
        return None if faults else spec
