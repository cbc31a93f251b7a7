"""The router as a server: the app, behind protocols that keep their limits."""

import logging
import resource
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import uvicorn

from chateval import wire
from chateval.router._app import create_app
from chateval.router._door import Door
from chateval.router._limits import Limits
from chateval.router._logs import Sparing
from chateval.router._protocols import RouterConfig

SPARE_FILES = 128
"""File descriptors that are left for serving files and for the process itself."""


@dataclass(frozen=True)
class Options:
    """Where the page lies and is served; `frame_ancestors` are the origins, beside its own, that may frame it."""

    page_dir: Path
    hostname: str = "localhost"
    port: int = 3000
    frame_ancestors: Sequence[str] = ()
    limits: Limits = field(default_factory=Limits)


def create_server(options: Options, secret: str) -> uvicorn.Server:
    """The server, not yet running; `secret` is what the operator must show."""
    limits = _within_reach(options.limits)
    config = RouterConfig(
        create_app(options.page_dir, secret, limits=limits, frame_ancestors=options.frame_ancestors),
        door=Door(limits),
        host=options.hostname,
        port=options.port,
        log_level="warning",
        access_log=False,
        proxy_headers=False,  # anyone can write X-Forwarded-For
        server_header=False,
        ws_max_size=wire.MAX_MESSAGE_BYTES,
        ws_per_message_deflate=False,  # costs more than it saves on short messages, and admits bombs
        timeout_graceful_shutdown=2,
    )
    for name in ("uvicorn.error", "asyncio"):
        logging.getLogger(name).addFilter(Sparing())
    return uvicorn.Server(config)


def _within_reach(limits: Limits) -> Limits:
    """Ask for as many file descriptors as may be had, and admit no more connections than they allow."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    if most == resource.RLIM_INFINITY:
        return limits
    return replace(limits, connections=min(limits.connections, max(1, most - SPARE_FILES)))
