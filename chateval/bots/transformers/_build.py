"""From the description of a checkpoint to the bot."""

from chateval.bots._bot import Bot
from chateval.bots._means import Means
from chateval.compat import prepare_transformers
from chateval.config import TransformersBot
from chateval.errors import BotError, MissingDependencyError


def build_transformers_bot(spec: TransformersBot, means: Means) -> Bot:
    """Load the checkpoint.

    Raises:
        BotError: it cannot be loaded as described.
        MissingDependencyError: a package is missing.
    """
    prepare_transformers()
    try:
        from chateval.bots.transformers._bot import CheckpointBot  # noqa: PLC0415  (takes seconds)
        from chateval.bots.transformers._checkpoint import load_checkpoint  # noqa: PLC0415
        from chateval.bots.transformers._continuous import ContinuousBot  # noqa: PLC0415
        from chateval.bots.transformers._identity import identity_of  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise MissingDependencyError(
            f"Bot {spec.name!r} needs the package {error.name!r}, which is not installed. "
            "Install it: pip install 'chateval[transformers]'"
        ) from error
    try:
        checkpoint = load_checkpoint(spec)
        identity = identity_of(spec, checkpoint, means.runtime.task_dir)
        kind = ContinuousBot if spec.batching == "continuous" else CheckpointBot
        return kind(spec, checkpoint, means, identity)
    except BotError:
        raise
    except Exception as error:  # what a checkpoint holds is foreign, and may fail in any way
        raise BotError(f"Bot {spec.name!r}: {spec.model} cannot be loaded: {type(error).__name__}: {error}") from error
