import subprocess
import sys

import pytest

HEAVY = "{'torch', 'parlai', 'transformers', 'openai', 'ray', 'mephisto', 'numpy', 'PIL', 'httpx'}"


BUILDING = """
from pathlib import Path
from chateval.bots import build_bots
from chateval.config import BotRuntime, HumanBot, ScriptedBot
runtime = BotRuntime(False, 1, {}, Path(), Path())
assert len(build_bots([ScriptedBot('a', ('x',)), HumanBot('b')], runtime)) == 2
"""


@pytest.mark.parametrize("code", ["import chateval.bots", BUILDING], ids=["importing", "building"])
def test_no_library_is_loaded_that_no_bot_needs(code: str) -> None:
    """The first page is served before torch is imported, and a study without models never does."""
    code = f"{code}\nimport sys; print(sorted({HEAVY} & set(sys.modules)))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
