"""The router: faces the public, holds connections and nothing else.

It imports nothing of ours but the wire schema, so that it can be deployed alone: `python -m chateval.router`.
"""

from chateval.router._app import create_app
from chateval.router._link import RouterLink

__all__ = ["RouterLink", "create_app"]
