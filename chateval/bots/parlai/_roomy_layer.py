"""A cache of a transformer that grows without being copied."""

from typing import Any

import torch
from transformers.cache_utils import DynamicLayer


class RoomyLayer(DynamicLayer):  # type: ignore[misc]
    """A layer of a cache with room for tokens to come, where the library's own is copied whole for each token.

    Keys and values have the shape (rows, heads, columns, width of a head).
    """

    keys: Any
    values: Any

    def __init__(self, keys: Any, values: Any, used: int) -> None:
        super().__init__()
        self.dtype, self.device, self.is_initialized = keys.dtype, keys.device, True
        self._room: tuple[Any, Any] = (keys, values)
        self._use(used)

    def rows(self, first: int, last: int, used: int) -> "RoomyLayer":
        """A layer for some of the rows, that writes into this one."""
        keys, values = self._room
        return RoomyLayer(keys[first:last], values[first:last], used)

    def let_go(self) -> None:
        """Free its memory; it is of no use afterwards."""
        self._room = (None, None)
        self.keys = self.values = None

    def update(self, key_states: Any, value_states: Any, *_: Any, **__: Any) -> tuple[Any, Any]:
        used, new = self.get_seq_length(), key_states.shape[2]
        if used + new > self._room[0].shape[2]:
            more = torch.nn.functional.pad
            keys, values = self._room
            self._room = (more(keys, (0, 0, 0, used + new)), more(values, (0, 0, 0, used + new)))
        self._use(used + new)
        self.keys[:, :, used:] = key_states
        self.values[:, :, used:] = value_states
        return self.keys, self.values

    def get_seq_length(self) -> int:
        return int(self.keys.shape[2])

    def _use(self, columns: int) -> None:
        keys, values = self._room
        self.keys = keys[:, :, :columns]
        self.values = values[:, :, :columns]
