import subprocess
import sys


def test_importing_bots_loads_no_model_library() -> None:
    """The first page is served before torch is imported."""
    heavy = "{'torch', 'parlai', 'transformers', 'mephisto', 'numpy'}"
    code = f"import sys, chateval.bots; print(sorted({heavy} & set(sys.modules)))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
