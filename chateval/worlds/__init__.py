"""Worlds: generators that yield commands, are sent events, and do nothing else.

A world does no I/O, reads no clock and takes its randomness from a seed, so that replaying its events gives its state.
"""

from chateval.worlds._build import AnyScript, build_world
from chateval.worlds._model_chat import ModelChatScript, ModelChatWorld
from chateval.worlds._protocol import (
    Ask,
    AskBot,
    AskForConsent,
    AskForRatings,
    AskForSubmission,
    AskPerson,
    BotFailed,
    Command,
    Consented,
    Event,
    Finished,
    Left,
    OpenDialogue,
    Outcome,
    Play,
    Question,
    Rated,
    Say,
    Script,
    Show,
    Spoke,
    Submitted,
    TimedOut,
    World,
)

__all__ = [
    "AnyScript",
    "Ask",
    "AskBot",
    "AskForConsent",
    "AskForRatings",
    "AskForSubmission",
    "AskPerson",
    "BotFailed",
    "Command",
    "Consented",
    "Event",
    "Finished",
    "Left",
    "ModelChatScript",
    "ModelChatWorld",
    "OpenDialogue",
    "Outcome",
    "Play",
    "Question",
    "Rated",
    "Say",
    "Script",
    "Show",
    "Spoke",
    "Submitted",
    "TimedOut",
    "World",
    "build_world",
]
