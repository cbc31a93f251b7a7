"""Bots: whoever answers turns that is not a person.

`build_bots` makes them from a study's `model_opts.yaml`; `Desk` is what a session asks for replies. Importing this
package imports no model library: each is imported by the factory that needs it.
"""

from chateval.bots._bot import Bot, Progress, Reply, Request, Watch, watch_nothing
from chateval.bots._build import build_bot, build_bots
from chateval.bots._desk import Desk
from chateval.bots._human import Matchmaker
from chateval.bots._scripted import Script, ScriptBot, lines_in_order
from chateval.bots._terms import Terms, terms_of
from chateval.bots._threads import THREAD_NAME, is_any_at_work
from chateval.bots._trial import GREETING, Trial, try_bot

__all__ = [
    "GREETING",
    "THREAD_NAME",
    "Bot",
    "Desk",
    "Matchmaker",
    "Progress",
    "Reply",
    "Request",
    "Script",
    "ScriptBot",
    "Terms",
    "Trial",
    "Watch",
    "build_bot",
    "build_bots",
    "is_any_at_work",
    "lines_in_order",
    "terms_of",
    "try_bot",
    "watch_nothing",
]
