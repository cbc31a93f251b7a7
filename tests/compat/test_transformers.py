import json
import subprocess
import sys

CODE = """
import json, logging
from chateval.compat import prepare_transformers

records = []

class Keep(logging.Handler):
    def emit(self, record):
        records.append((record.levelname, record.getMessage()))

logging.getLogger("chateval.transformers").addHandler(Keep())
logging.getLogger("chateval.transformers").setLevel(logging.DEBUG)
prepare_transformers()
from transformers.utils import logging as theirs

theirs.get_logger("transformers.somewhere").warning("a fact of no interest")
theirs.get_logger("transformers.somewhere").error("a broken model")
print(json.dumps([records, theirs.is_progress_bar_enabled()]))
"""


def test_transformers_keeps_off_the_terminal() -> None:
    """What it has to say is for the log: a warning is a detail, an error an error."""
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)

    records, has_bars = json.loads(done.stdout)
    assert records == [["DEBUG", "a fact of no interest"], ["ERROR", "a broken model"]]
    assert not has_bars
    assert done.stderr == ""
