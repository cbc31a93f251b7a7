"""Mephisto's own command, made to run."""

from collections.abc import Sequence
from pathlib import Path

from chateval.compat._mephisto import prepare_mephisto


def mephisto_main(argv: Sequence[str], data_dir: Path | None = None) -> int:
    """Run `mephisto ARGV...` (`check`, `review`, `requesters`, ...) on the data in `data_dir`; return the exit status.

    For `data_dir` see `prepare_mephisto`.
    """
    prepare_mephisto(data_dir)
    from mephisto.client.cli import cli  # noqa: PLC0415  (only now can it be imported)

    try:
        cli(args=list(argv), prog_name="chateval mephisto")
    except SystemExit as exit_:
        return exit_.code if isinstance(exit_.code, int) else int(exit_.code is not None)
    return 0
