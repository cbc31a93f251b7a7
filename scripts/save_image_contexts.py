"""Save pictures to talk about: `python scripts/save_image_contexts.py --task FOLDER`; `--help` tells more."""

import sys

from chateval.cli import save_image_contexts

if __name__ == "__main__":
    sys.exit(save_image_contexts())
