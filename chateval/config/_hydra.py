"""Hydra's own ways to look at a study: `--cfg job`, `--info`, `--help`, `--shell-completion`."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import hydra
from omegaconf import DictConfig

from chateval.config._project import config_roots
from chateval.config._registration import PRIMARY, register_configs


def hydra_main(arguments: Sequence[str]) -> int:
    """Hand the command line, without the program's name, to Hydra, which prints what was asked for.

    Launches no study and writes no file. Returns the exit status.
    """
    register_configs()
    (root,) = config_roots()
    entry = hydra.main(version_base="1.3", config_path=str(root), config_name=PRIMARY)(_do_nothing)
    with _command_line(arguments):
        try:
            entry()
        except SystemExit as stop:
            return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    return 0


def _do_nothing(_config: DictConfig) -> None:
    """Hydra wants a task to run; looking at a study runs none."""


@contextmanager
def _command_line(arguments: Sequence[str]) -> Iterator[None]:
    """Hydra reads its arguments from `sys.argv` alone."""
    before = sys.argv
    sys.argv = [before[0], *arguments]
    try:
        yield
    finally:
        sys.argv = before
