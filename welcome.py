"""Launch a study: `python welcome.py conf=collect_dialogues`; `--help` tells more."""

from chateval.cli import leave, welcome

if __name__ == "__main__":
    leave(welcome())
