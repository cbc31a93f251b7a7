"""Launch a study: `python welcome.py conf=collect_dialogues`; `--help` tells more."""

from chateval.cli import welcome

if __name__ == "__main__":
    raise SystemExit(welcome())
