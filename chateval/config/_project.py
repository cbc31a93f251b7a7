"""Where the project lies, and which studies it holds."""

import os
from contextlib import suppress
from pathlib import Path

from chateval.errors import Problem, StudyProblemsError

CONFIGS = "hydra_configs"
TASK_CONFIG = "task_config"


def checkout() -> Path:
    """The folder that holds this package, and beside it the shipped studies, texts and bots."""
    return Path(__file__).resolve().parents[2]


def project_root() -> Path:
    """The current folder if it holds `hydra_configs/`, else the folder that this package was checked out into."""
    here = Path.cwd()
    return here if (here / CONFIGS).is_dir() else checkout()


def config_roots(config_dir: Path | None = None) -> tuple[Path, ...]:
    """The folders with a `conf/` that are searched for studies, first match wins.

    A `config_dir` that is itself named `conf` stands for the folder above it. Raises StudyProblemsError where there is
    no such folder.
    """
    own = (project_root() / CONFIGS).resolve()
    if config_dir is None:
        return (own,)
    return tuple(dict.fromkeys((_checked(config_dir), own)))


def _checked(config_dir: Path) -> Path:
    folder = config_dir.expanduser().resolve()
    if (folder / "conf").is_dir():
        return folder
    if folder.name == "conf" and folder.is_dir():
        return folder.parent
    reason = "has no folder conf in it" if folder.is_dir() else "is no folder"
    text = f"{config_dir} {reason}. Name a folder whose studies are in conf/, as in {config_dir}/conf/<name>.yaml."
    raise StudyProblemsError([Problem("--config-dir", text)])


def known_confs(config_dir: Path | None = None) -> tuple[str, ...]:
    """The names that `conf=` takes, sorted."""
    return tuple(sorted({path.stem for root in config_roots(config_dir) for path in (root / "conf").glob("*.yaml")}))


def absolute(path: str) -> Path:
    """A path as seen from the current folder, with `~` filled in and symbolic links left as they are."""
    return Path(os.path.abspath(Path(path).expanduser()))  # noqa: PTH100 - Path.absolute() keeps "..", resolve() no links


def is_file(path: Path) -> bool:
    """Also of a name that no file can have, such as one that is too long."""
    with suppress(OSError):
        return path.is_file()
    return False


def shown(path: Path) -> str:
    """A path as a person would write it: relative to the current folder where it lies in it."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
