"""What keeps ParlAI 1.7.2 from running beside current packages, and from being a quiet guest."""

import logging
from importlib import resources
from types import ModuleType, SimpleNamespace
from typing import Any

from chateval.compat._imports import add_stub, is_importable, when_imported


class _Prepared:
    """What has been prepared in this process."""

    is_patched = False


def prepare_parlai() -> None:
    """Make ParlAI importable; call it before the first `import parlai`. Calling it again changes nothing.

    What ParlAI logs goes to the standard logger `parlai`: errors as errors, all else at level DEBUG.
    """
    if _Prepared.is_patched:
        return
    _Prepared.is_patched = True
    provide_pkg_resources()
    keep_chat_service_log_out_of_working_directory()
    when_imported("parlai.nn.lr_scheduler", allow_verbose)
    when_imported("parlai.utils.logging", log_as_others_do)


def provide_pkg_resources() -> None:
    """Provide the two functions of `pkg_resources` with which `parlai.core.opt` finds its bundled option files.

    setuptools 82 and later do not ship this module any more. Can go when ParlAI uses `importlib.resources`.
    """
    if not is_importable("pkg_resources"):
        add_stub("pkg_resources", resource_exists=_resource_exists, resource_filename=_resource_filename)


def _resource_exists(package: str, name: str) -> bool:
    return resources.files(package).joinpath(name).is_file()


def _resource_filename(package: str, name: str) -> str:
    return str(resources.files(package).joinpath(name))


def keep_chat_service_log_out_of_working_directory() -> None:
    """Replace `parlai.chat_service.utils.logging`, which on import starts a file `<time>.log` in the working directory.

    It also sends the whole process's log there. The stand-in has the same functions and logs as other modules do. Can
    go when ParlAI leaves the configuration of logs to the program.
    """
    logger = logging.getLogger("parlai.chat_service")

    def print_and_log(level: int, message: str, should_print: bool = False) -> None:
        logger.log(max(level, logging.INFO) if should_print else level, message)

    add_stub(
        "parlai.chat_service.utils.logging",
        logger=logger,
        set_is_debug=lambda is_debug: None,  # noqa: ARG005
        set_log_level=logger.setLevel,
        print_and_log=print_and_log,
    )


def allow_verbose(lr_scheduler: ModuleType) -> None:
    """Let ParlAI's scheduler pass `verbose=True` to torch's `ReduceLROnPlateau`, which torch 2.7 and later refuse.

    Only the name `optim` in ParlAI's module is replaced. Can go when ParlAI drops the argument.
    """
    schedulers = lr_scheduler.optim.lr_scheduler

    class ReduceLROnPlateau(schedulers.ReduceLROnPlateau):  # type: ignore[misc, name-defined]
        def __init__(self, *args: Any, verbose: bool = False, **options: Any) -> None:  # noqa: ARG002
            super().__init__(*args, **options)

    own = SimpleNamespace(**{**vars(schedulers), "ReduceLROnPlateau": ReduceLROnPlateau})
    lr_scheduler.optim = SimpleNamespace(  # type: ignore[attr-defined]
        **{**vars(lr_scheduler.optim), "lr_scheduler": own}
    )


def log_as_others_do(parlai_logging: ModuleType) -> None:
    """Hand ParlAI's log records to the standard logger `parlai`.

    ParlAI's own logger stands outside the standard hierarchy and writes every option of every bot to the standard
    output, between what the program has to say. Can go when ParlAI uses `logging.getLogger`.
    """
    parlai_logging.logger.removeHandler(parlai_logging.logger.streamHandler)
    parlai_logging.logger.addHandler(_Forward())


class _Forward(logging.Handler):
    """Passes records on: errors as they are, anything less as DEBUG."""

    def emit(self, record: logging.LogRecord) -> None:
        level = record.levelno if record.levelno >= logging.ERROR else logging.DEBUG
        logger = logging.getLogger("parlai")
        if logger.isEnabledFor(level):
            logger.log(level, "%s", record.getMessage(), exc_info=record.exc_info)
