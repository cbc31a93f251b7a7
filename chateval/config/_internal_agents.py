"""Where ParlAI agents of a study's own are looked for: `parlai_internal/agents/<name>/<name>.py`."""

import re
from collections.abc import Sequence
from pathlib import Path

from chateval.config._project import shown

_INTERNAL = re.compile(r"(?:^|\s)--?(?:m|model)[=\s]\s*internal:([^\s\"']+)")


def fault_of_internal_agent(options: str, roots: Sequence[Path]) -> str:
    """What is wrong with the agent of one's own that a ParlAI option string names; empty where nothing is.

    The module is read and not run, so that a study can be checked without ParlAI.
    """
    found = _INTERNAL.search(options)
    if found is None or ":" in found[1]:
        return ""
    folder, _, variant = found[1].partition("/")
    module = variant or folder
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*", module) or not folder.isidentifier():
        return f"internal:{found[1]} is no name for an agent. Name it as a Python module, as in internal:examplebot."
    folders = [root / "parlai_internal" / "agents" / folder for root in roots]
    files = [place / name for place in folders for name in _modules(module, variant)]
    home = folders[0] / f"{module}.py"
    existing = [path for path in files if path.is_file()]
    class_name = agent_class_name(module)
    if not existing:
        return (
            f"internal:{found[1]} is not there. Put its code into {shown(home)}, with the agent as class"
            f" {class_name} in it, or correct the name."
        )
    text = existing[0].read_text(encoding="utf-8", errors="replace")
    if class_name in text or "import *" in text:
        return ""
    return f"{shown(existing[0])} has no class {class_name}, by which ParlAI finds internal:{found[1]}. Name it so."


def agent_class_name(module: str) -> str:
    """ParlAI's rule: `my_bot` holds `MyBotAgent`."""
    return "".join(f"{word[:1].upper()}{word[1:]}" for word in module.split("_")) + "Agent"


def _modules(module: str, variant: str) -> list[str]:
    return [f"{module}.py"] if variant else ["agents.py", f"{module}.py"]
