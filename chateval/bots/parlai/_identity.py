"""What tells later which agent it was."""

import hashlib
import inspect
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from chateval.bots.parlai._agents import CHECKOUT
from chateval.config import BotRuntime, ParlAIBot


def identity_of(spec: ParlAIBot, runtime: BotRuntime, agent: Any) -> dict[str, str]:
    """Options, class, and digests of the code, the model, and what stands beside it."""
    kind = type(agent)
    identity = {"kind": "parlai", "options": spec.options, "class": f"{kind.__module__}:{kind.__qualname__}"}
    source = inspect.getsourcefile(kind)
    if source is not None:
        identity["source_file"] = _relative(Path(source), runtime)
        identity["source_sha256"] = _sha256(Path(source))
        if kind.__module__.startswith("parlai_internal."):
            identity["folder_sha256"] = _sha256_of_folder(Path(source).parent)
    identity |= _model(agent)
    packages = ("parlai", "torch", "transformers")
    return identity | {package: version(package) for package in packages if package in sys.modules}


def _model(agent: Any) -> dict[str, str]:
    """Of a `--model-file`, that file, its options and its dictionary; of a `--model-name`, its folder."""
    identity = {}
    model_file = agent.opt.get("model_file")
    if model_file is not None:
        identity["model_file"] = str(model_file)
        for key, end in (("model_file", ""), ("model_opt", ".opt"), ("model_dict", ".dict")):
            path = Path(f"{model_file}{end}")
            if path.is_file():
                identity[f"{key}_sha256"] = _sha256(path)
    model_name = agent.opt.get("model_name")
    if isinstance(model_name, str) and Path(model_name).is_dir():
        identity["model_name"] = model_name
        identity["model_name_sha256"] = _sha256_of_folder(Path(model_name))
    return identity


def _relative(path: Path, runtime: BotRuntime) -> str:
    """The path as the project sees it: what comes before says nothing on another machine."""
    import parlai  # noqa: PLC0415  (takes seconds)

    for root in (Path(parlai.__file__).parents[1], runtime.task_dir.absolute(), CHECKOUT):
        if path.is_relative_to(root):
            return path.relative_to(root).as_posix()
    return path.name


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sha256_of_folder(folder: Path) -> str:
    """One digest of all files of an agent: its lines and helpers are part of what it is."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.parent.name != "__pycache__")
    listing = "".join(f"{_sha256(path)}  {path.relative_to(folder).as_posix()}\n" for path in files)
    return hashlib.sha256(listing.encode()).hexdigest()
