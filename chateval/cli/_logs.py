"""Where log lines go."""

import logging
import sys

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def set_up_logs(level: str) -> None:
    """Log our own lines at `level` and other packages' from warnings on, all to stderr."""
    logging.basicConfig(stream=sys.stderr, format=FORMAT, level=logging.WARNING, force=True)
    logging.getLogger("chateval").setLevel(level.upper())
