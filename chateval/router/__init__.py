"""The router: faces the public, holds connections and nothing else.

It imports nothing of ours but the wire schema, so that it can be deployed alone: `python -m chateval.router`.
"""

from chateval.router._app import create_app
from chateval.router._limits import Limits
from chateval.router._link import RouterLink
from chateval.router._server import Options, create_server

__all__ = ["Limits", "Options", "RouterLink", "create_app", "create_server"]
