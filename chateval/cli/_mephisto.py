"""`chateval mephisto`."""

from collections.abc import Sequence
from pathlib import Path

from chateval.compat import mephisto_main
from chateval.config import project_root


def run(arguments: Sequence[str]) -> int:
    """Hand over to Mephisto, on the data in `--data-dir DIR` if that comes first, else in the project's `data/`."""
    from chateval.crowd import register_abstractions  # noqa: PLC0415  (imports Mephisto)

    rest, data_dir = list(arguments), project_root() / "data"
    if rest[:1] == ["--data-dir"] and len(rest) > 1:
        data_dir, rest = Path(rest[1]), rest[2:]
    data_dir.mkdir(parents=True, exist_ok=True)
    register_abstractions()
    return mephisto_main(rest, data_dir)
