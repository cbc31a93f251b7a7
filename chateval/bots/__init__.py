"""Bots: whoever answers turns that is not a person.

`build_bots` makes them from a study's `model_opts.yaml`; `Desk` is what a session asks for replies. Importing this
package imports no model library: each is imported by the factory that needs it.
"""

from chateval.bots._bot import Bot, Progress, QueuedBot, Reply, Request, Watch, watch_nothing
from chateval.bots._build import build_bot, build_bots
from chateval.bots._desk import Desk
from chateval.bots._scripted import Script, ScriptBot, lines_in_order

__all__ = [
    "Bot",
    "Desk",
    "Progress",
    "QueuedBot",
    "Reply",
    "Request",
    "Script",
    "ScriptBot",
    "Watch",
    "build_bot",
    "build_bots",
    "lines_in_order",
    "watch_nothing",
]
