"""Pictures that people and bots talk about: the folder that they are kept in, and how a page is sent one.

`chateval.pictures.saving` makes such a folder. Reading one takes no library for pictures.
"""

from chateval.pictures._combinations import Wanted, combination, partner_of, picture_of, plan
from chateval.pictures._contexts import (
    COMMAND,
    CONTEXTS_FILE,
    MAX_BYTES,
    MAX_SIDE,
    PictureSet,
    fault_of,
    read_contexts,
)
from chateval.pictures._format import PictureContext, context_from_line, line_of, short_id
from chateval.pictures._sources import PictureSources
from chateval.pictures._stack_file import STACK_FILE, Look, Stack, read_stack, worker_digest, write_stack

__all__ = [
    "COMMAND",
    "CONTEXTS_FILE",
    "MAX_BYTES",
    "MAX_SIDE",
    "STACK_FILE",
    "Look",
    "PictureContext",
    "PictureSet",
    "PictureSources",
    "Stack",
    "Wanted",
    "combination",
    "context_from_line",
    "fault_of",
    "line_of",
    "partner_of",
    "picture_of",
    "plan",
    "read_contexts",
    "read_stack",
    "short_id",
    "worker_digest",
    "write_stack",
]
