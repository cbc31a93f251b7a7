"""What is stored with a run, so that one can tell later which model it was."""

import hashlib
import json
from importlib.metadata import version
from pathlib import Path

from chateval.bots.transformers._checkpoint import Checkpoint
from chateval.config import TransformersBot


def identity_of(spec: TransformersBot, checkpoint: Checkpoint, task_dir: Path) -> dict[str, str]:
    """Digests, versions and options. Of a folder, the path as the project sees it: what comes before says nothing."""
    model = checkpoint.model
    folder, root = Path(spec.model), task_dir.absolute()
    identity = {"kind": "transformers", "model": spec.model, "class": type(model).__name__}
    if folder.is_dir():
        identity["model"] = folder.relative_to(root).as_posix() if folder.is_relative_to(root) else folder.name
        identity["folder_sha256"] = _sha256_of_folder(folder)
    else:
        identity["revision"] = spec.revision or "main"
        identity["commit"] = str(getattr(model.config, "_commit_hash", None) or "unknown")
    return identity | {
        "parameters": str(model.num_parameters()),
        "dtype": str(model.dtype).removeprefix("torch."),
        "device": str(model.device),
        "quantization": _written(spec.quantization),
        "load_options": _written(spec.load_options),
        "system_prompt": spec.system_prompt,
        "template": "plain" if checkpoint.is_plain else checkpoint.template,
        "template_options": _written(spec.template_options),
        "generation": _written(checkpoint.generation.to_diff_dict()),
        "stop": _written(checkpoint.stops),
        "seed": str(spec.seed),
        "context_tokens": str(checkpoint.window),
        "transformers": version("transformers"),
        "torch": version("torch"),
    }


def _written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def _sha256_of_folder(folder: Path) -> str:
    """One digest of all files of a checkpoint, hidden ones apart."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    listing = "".join(f"{_sha256(path)}  {path.relative_to(folder).as_posix()}\n" for path in files)
    return hashlib.sha256(listing.encode()).hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
