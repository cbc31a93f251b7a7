"""Contexts that are drawn once and kept, so that the next launch need not load ParlAI for them."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from chateval.config import Study
from chateval.dialogue import Context, write_contexts
from chateval.errors import ConfigError
from chateval.openings._drawing import draw_contexts

logger = logging.getLogger(__name__)


def with_contexts(study: Study) -> Study:
    """The study with the contexts of its ParlAI task, drawn and kept where no launch before has done so.

    Drawing takes seconds: it imports ParlAI and reads the task's data. Nothing is downloaded.

    Raises:
        ConfigError: the task or its data is not there or gives no context, or they cannot be written down.
    """
    collection = study.collection
    if collection is None or not collection.opening.lacks_contexts:
        return study
    opening = collection.opening
    contexts = draw_contexts(opening.task, study.bot_runtime)
    if opening.file is not None:
        _keep(contexts, opening.file)
        logger.info("%d contexts of the ParlAI task %s are kept in %s.", len(contexts), opening.task, opening.file)
    return replace(study, collection=replace(collection, opening=replace(opening, contexts=contexts)))


def _keep(contexts: Sequence[Context], file: Path) -> None:
    """Write them all or nothing: half of a file would pass for the whole."""
    partial = file.with_suffix(".part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("w", encoding="utf-8") as out:
            write_contexts(contexts, out)
        partial.replace(file)
    except OSError as error:
        raise ConfigError(
            f"{file} cannot be written: {error.strerror}. Make room, or name another data_dir."
        ) from error
