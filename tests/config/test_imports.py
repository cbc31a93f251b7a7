"""What importing the package does, and does not."""

import ast
import inspect
import subprocess
import sys

import pytest

from chateval.config import _annotation_settings, _collection_settings, _settings

HEAVY = ("mephisto", "parlai", "torch")


def _run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def test_importing_imports_nothing_heavy() -> None:
    """`--help` must not take ten seconds."""
    code = f"import sys, chateval.config; print([name for name in {HEAVY} if name in sys.modules])"
    assert _run(code) == "[]"


def test_loading_imports_nothing_heavy() -> None:
    """Mephisto installs a plugin by which Hydra would import it, and with it ask for a folder on the terminal."""
    load = "chateval.config.load_study(['conf=collect_dialogues', 'mephisto.blueprint.use_golds=true'])"
    code = f"""
import sys, chateval.config
try:
    {load}
except chateval.errors.StudyProblemsError as error:
    assert 'use_golds' in str(error)
print([name for name in {HEAVY} if name in sys.modules])
"""
    assert _run(code) == "[]"


def test_importing_registers_nothing() -> None:
    """Registration is something that someone calls."""
    code = "import chateval.config; from hydra.core.config_store import ConfigStore; print(ConfigStore.instance().repo)"
    assert "study" not in _run(code)


@pytest.mark.parametrize("module", [_annotation_settings, _collection_settings, _settings])
def test_every_key_has_a_line_of_prose(module: object) -> None:
    """The settings are the manual of the YAML file."""
    tree = ast.parse(inspect.getsource(module))  # type: ignore[arg-type]
    for group in (node for node in tree.body if isinstance(node, ast.ClassDef)):
        for field, after in zip(group.body, [*group.body[1:], None], strict=True):
            if isinstance(field, ast.AnnAssign):
                assert isinstance(after, ast.Expr), f"{group.name}.{ast.unparse(field.target)}"
