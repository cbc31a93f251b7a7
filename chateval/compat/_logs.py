"""Logs of libraries that would write to the terminal themselves."""

import logging


class Forward(logging.Handler):
    """Passes records on to a standard logger: errors as they are, anything less as DEBUG."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def emit(self, record: logging.LogRecord) -> None:
        level = record.levelno if record.levelno >= logging.ERROR else logging.DEBUG
        logger = logging.getLogger(self._name)
        if logger.isEnabledFor(level):
            logger.log(level, "%s", record.getMessage(), exc_info=record.exc_info)
