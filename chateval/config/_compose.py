"""From a study's name and overrides to plain values, by way of Hydra."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hydra import compose, initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from hydra.errors import HydraException, MissingConfigException
from hydra.types import RunMode
from omegaconf import DictConfig
from omegaconf.errors import OmegaConfBaseException
from yaml import YAMLError

from chateval.config._complaints import Complaints
from chateval.config._overrides import Overrides, quoted
from chateval.config._project import absolute, shown
from chateval.config._registration import GROUP_TYPES, PRIMARY, register_configs
from chateval.config._resolve import resolve
from chateval.config._sources import Piece, Sources
from chateval.config._unavailable import no_such_group_type
from chateval.config._yaml import line_of, reason_of
from chateval.errors import Problem, StudyProblemsError


@dataclass(frozen=True)
class Composed:
    """A study's values before they are checked."""

    values: dict[str, Any]
    sources: Sources
    complaints: Complaints


@dataclass(frozen=True)
class _Composition:
    config: DictConfig
    pieces: tuple[Piece, ...]


def compose_study(overrides: Overrides, roots: Sequence[Path]) -> Composed:
    """Raises StudyProblemsError where Hydra cannot compose the study at all, with every problem known by then."""
    register_configs()
    problems = list(overrides.problems)
    asked = overrides.for_hydra()
    main = shown(_find(roots, f"conf/{overrides.conf}"))
    for _ in range(len(GROUP_TYPES) + 1):
        try:
            composition = _compose(asked, roots)
            break
        except MissingConfigException as error:
            group, _, name = (error.missing_cfg_file or "").rpartition("/")
            problems.append(_missing(main, group, name, error))
            if (replacement := _replacement(group, asked)) is None:
                raise StudyProblemsError(problems) from error
            asked = replacement
        except _COMPOSITION_ERRORS as error:
            raise StudyProblemsError([*problems, _broken(main, error)]) from error
    if "conf" in composition.config:
        raise StudyProblemsError([*problems, Problem(f"{main}, line 1", _NO_PACKAGE)])
    _make_task_dir_absolute(composition.config)
    sources = Sources.read(main, composition.pieces, overrides.values)
    complaints = Complaints(sources)
    for problem in problems:
        complaints.at(problem.where, problem.text)
    return Composed(resolve(composition.config, complaints), sources, complaints)


_COMPOSITION_ERRORS = (
    HydraException,
    OmegaConfBaseException,
    YAMLError,
    # What a file of an unforeseen shape sets off inside Hydra:
    AssertionError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
)

_NO_PACKAGE = (
    "The file holds no study that Hydra could put into its place. Make #@package _global_ its first line, and write the"
    " study's keys below it."
)


def _compose(overrides: list[str], roots: Sequence[Path]) -> _Composition:
    first, *others = roots
    everything = [*overrides, f"hydra.searchpath=[{','.join(quoted(f'file://{root}') for root in others)}]"]
    with initialize_config_dir(str(first), version_base="1.3"):
        config = compose(PRIMARY, everything)
        defaults = (
            GlobalHydra.instance().config_loader().compute_defaults_list(PRIMARY, everything, RunMode.RUN).defaults
        )
    found = ((default, _find(roots, str(default.config_path))) for default in defaults)
    pieces = tuple(Piece(path, default.package or "") for default, path in found if path.is_file())
    return _Composition(config, pieces)


def _make_task_dir_absolute(config: DictConfig) -> None:
    """Before others refer to it, so that `${task_dir}/x` is no relative path, to be looked for below `task_dir`."""
    with suppress(OmegaConfBaseException):
        if isinstance(config.task_dir, str):
            config.task_dir = str(absolute(config.task_dir))


def _find(roots: Sequence[Path], config_path: str) -> Path:
    candidates = [root / f"{config_path}.yaml" for root in roots]
    return next((path for path in candidates if path.is_file()), candidates[0])


def _missing(main: str, group: str, name: str, error: MissingConfigException) -> Problem:
    kind = group.removeprefix("mephisto/")
    if kind in GROUP_TYPES:
        return Problem(f"{main}, defaults, /{group}", no_such_group_type(kind, name))
    reason = str(error).partition("\n")[0]
    return Problem(f"{main}, defaults", f"{reason.rstrip('.')}. Correct the name under defaults, or remove the line.")


def _replacement(group: str, asked: list[str]) -> list[str] | None:
    """The overrides with a group that exists, so that the rest of the study can be checked all the same."""
    kind = group.removeprefix("mephisto/")
    chosen = f"{group}={GROUP_TYPES.get(kind)}"
    if kind not in GROUP_TYPES or chosen in asked:
        return None
    return [*(text for text in asked if text.partition("=")[0].lstrip("+") != group), chosen]


def _broken(main: str, error: Exception) -> Problem:
    if isinstance(error, YAMLError):
        mark = getattr(error, "problem_mark", None)
        name = shown(Path(mark.name)) if mark is not None else main
        return Problem(f"{name}, line {line_of(error)}", reason_of(error))
    lines = [line.strip() for line in str(error.__cause__ or error).splitlines()]
    reason = " ".join([line for line in lines if line and not line.startswith(("full_key", "object_type"))][:2])
    return Problem(main, f"Hydra cannot compose this study: {reason.rstrip('.')}. Correct the file or the override.")
