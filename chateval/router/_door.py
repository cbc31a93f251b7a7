"""Who is let in: counts connections, and makes room by dropping those that have shown least."""

import asyncio
from collections import Counter
from ipaddress import ip_address

from chateval.router._limits import Limits


class Door:
    """Every connection passes it. Those that have not joined a session are strangers, and the first to go."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._strangers: dict[asyncio.Transport, str] = {}
        self._known: dict[asyncio.Transport, str] = {}
        self._per_address: Counter[str] = Counter()

    def admits(self, transport: asyncio.Transport) -> bool:
        """Take a new connection in, dropping the oldest stranger where it is full."""
        address = _address(transport)
        if address and self._per_address[address] >= self.limits.connections_per_address:
            return False
        if len(self._strangers) + len(self._known) >= self.limits.connections:
            oldest = next(iter(self._strangers), None)
            if oldest is None:
                return False
            self.forget(oldest)
            oldest.abort()
        self._strangers[transport] = address
        self._per_address[address] += 1
        return True

    def keep(self, transport: asyncio.Transport) -> None:
        """A connection has proved itself; does nothing for one that is gone."""
        address = self._strangers.pop(transport, None)
        if address is not None:
            self._known[transport] = address

    def forget(self, transport: asyncio.Transport) -> None:
        """A connection is gone; does nothing for one that was told before."""
        for group in (self._strangers, self._known):
            address = group.pop(transport, None)
            if address is not None:
                self._per_address[address] -= 1
                if not self._per_address[address]:
                    del self._per_address[address]


def _address(transport: asyncio.Transport) -> str:
    """Where a connection comes from, by its socket and not by any header; empty where that tells nothing."""
    peer = transport.get_extra_info("peername")
    if not isinstance(peer, tuple) or ip_address(peer[0].partition("%")[0]).is_loopback:
        return ""
    return str(peer[0])
