"""Makes Mephisto 1.1.1 and ParlAI 1.7.2 run on Python 3.11 to 3.13 beside current packages.

Call `prepare_mephisto` and `prepare_parlai` before the first import of the platform that they are named after. Each
patch is one function whose docstring says what breaks, why, and when the patch can go. Importing this package imports
neither platform and patches nothing.
"""

from chateval.compat._mephisto import import_mephisto_alone, prepare_mephisto
from chateval.compat._mephisto_cli import mephisto_main
from chateval.compat._parlai import prepare_parlai
from chateval.compat._transformers import prepare_transformers

__all__ = ["import_mephisto_alone", "mephisto_main", "prepare_mephisto", "prepare_parlai", "prepare_transformers"]
