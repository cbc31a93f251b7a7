"""What makes the transformers library a quiet guest."""

from types import ModuleType

from chateval.compat._imports import when_imported
from chateval.compat._logs import Forward


class _Prepared:
    """What has been prepared in this process."""

    is_patched = False


def prepare_transformers() -> None:
    """Keep transformers off the terminal, also where it has been imported. Calling it again changes nothing.

    What it logs goes to the standard logger `chateval.transformers`: errors as errors, all else at level DEBUG.
    """
    if _Prepared.is_patched:
        return
    _Prepared.is_patched = True
    when_imported("transformers.utils.logging", log_elsewhere)


def log_elsewhere(transformers_logging: ModuleType) -> None:
    """Take away the handler that writes to the standard error output, and the bars that show how weights are loaded.

    Both come between what the program has to say. Can go when the library leaves the terminal to the program.
    """
    transformers_logging.get_logger()  # makes the library's own logger, if nobody has
    transformers_logging.disable_default_handler()
    transformers_logging.disable_propagation()  # as it is but where the environment says that this is a test machine
    transformers_logging.add_handler(Forward("chateval.transformers"))
    transformers_logging.disable_progress_bar()
