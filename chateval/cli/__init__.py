"""The `chateval` command: one verb to a module, imported when it is used."""

from chateval.cli._main import main, welcome

__all__ = ["main", "welcome"]
