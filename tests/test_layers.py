"""Packages import downward only."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "chateval"

LAYERS: tuple[frozenset[str], ...] = (
    frozenset({"errors"}),
    frozenset({"dialogue", "wire", "compat"}),
    frozenset({"annotation", "pictures"}),
    frozenset({"config"}),
    frozenset({"worlds", "bots", "allocation", "analysis", "openings"}),
    frozenset({"session", "router"}),
    frozenset({"crowd", "preview", "services", "finetune"}),
    frozenset({"cli"}),
    frozenset({"__main__"}),
)
BORDERS = {
    "mephisto": {"crowd", "compat"},
    "parlai": {"bots", "compat", "openings", "pictures"},
    "torch": {"bots", "compat"},
    "transformers": {"bots", "finetune", "compat"},
    "ray": {"bots"},
    "openai": {"bots"},
    "httpx": {"bots"},
    "PIL": {"bots", "pictures"},
    "sqlalchemy": {"session"},
    "starlette": {"router", "bots"},
    "hydra": {"config"},
    "pyarrow": {"analysis"},
}


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names if node.module == "chateval")


def modules() -> list[tuple[str, Path]]:
    return [(path.relative_to(ROOT).parts[0].removesuffix(".py"), path) for path in sorted(ROOT.rglob("*.py"))]


def layer(package: str) -> int:
    return next(number for number, packages in enumerate(LAYERS) if package in packages)


@pytest.mark.parametrize(("package", "path"), [m for m in modules() if m[0] != "__init__"], ids=lambda v: str(v)[-40:])
def test_a_module_imports_only_from_below(package: str, path: Path) -> None:
    """Once one import points upward, the next reader can no longer tell what depends on what."""
    for name in imports(path):
        parts = name.split(".")
        if parts[0] != "chateval" or len(parts) == 1 or parts[1] == package:
            continue
        assert layer(parts[1]) < layer(package), f"{path.name} imports {name}"


@pytest.mark.parametrize(("platform", "packages"), BORDERS.items(), ids=BORDERS)
def test_each_platform_is_imported_at_its_border_alone(platform: str, packages: set[str]) -> None:
    """What one package alone touches, one package alone has to change with."""
    users = {package for package, path in modules() if any(n.split(".")[0] == platform for n in imports(path))}

    assert users <= packages


def test_the_router_imports_nothing_of_ours_but_the_wire() -> None:
    """It can be deployed alone."""
    ours = {name for p, path in modules() if p == "router" for name in imports(path) if name.startswith("chateval.")}

    assert {name.split(".")[1] for name in ours} == {"router", "wire"}
