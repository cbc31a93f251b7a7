"""The `chateval` command: one verb to a module, imported when it is used."""

from chateval.cli._leave import leave
from chateval.cli._main import command, main, save_image_contexts, welcome

__all__ = ["command", "leave", "main", "save_image_contexts", "welcome"]
