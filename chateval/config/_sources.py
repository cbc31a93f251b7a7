"""Which file and line, or which override, set a key."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from chateval.config._project import shown
from chateval.config._yaml import YamlError, read_yaml


@dataclass(frozen=True)
class Piece:
    """One file of a composed study, and the group that its keys belong to (`mephisto.task`; empty for the root)."""

    path: Path
    group: str


@dataclass
class Sources:
    """Where each key was set, by dotted key; the last setting wins, as in Hydra."""

    main: str
    _places: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, main: str, pieces: Sequence[Piece], overrides: dict[str, str]) -> "Sources":
        places: dict[str, str] = {}
        for piece in pieces:
            prefix = f"{piece.group}." if piece.group else ""
            for key, line in _lines(piece.path).items():
                places[f"{prefix}{key}"] = f"{shown(piece.path)}, line {line}, {prefix}{key}"
        places |= {key: f"command line, {written}" for key, written in overrides.items()}
        return cls(main, places)

    def is_given(self, key: str) -> bool:
        """Whether the study or an override sets the key, be it to its default."""
        return key in self._places

    def where(self, key: str) -> str:
        return self._places.get(key, f"{self.main}, {key}")


def _lines(path: Path) -> dict[str, int]:
    try:
        return read_yaml(path).lines
    except YamlError:  # Hydra read it, by its own lights; only the line numbers are lost
        return {}
