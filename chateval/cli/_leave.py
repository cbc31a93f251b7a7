"""The end of a command's process."""

import logging
import os
import sys
from typing import NoReturn

from chateval.bots import is_any_at_work


def leave(status: int) -> NoReturn:
    """End the process.

    Where a bot's code still runs in a thread, at once: a model library that is cut off in the middle, while the
    interpreter takes itself apart, brings the process down with a signal.
    """
    if is_any_at_work():
        logging.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    raise SystemExit(status)
