"""From a dialogue to the messages of a chat completion."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, Literal

from chateval.bots._prompt import system_text
from chateval.dialogue import Context, Speaker, Turn

Message = dict[str, Any]
BEGIN = "(Begin the conversation.)"
"""Stands for the user's first turn where the bot speaks first: many models answer nothing but a user."""

_ROLES: dict[Speaker, Literal["user", "assistant"]] = {Speaker.USER: "user", Speaker.SYSTEM: "assistant"}


def messages_of(turns: Sequence[Turn], context: Context, system_prompt: str, picture_url: str = "") -> list[Message]:
    """The messages, oldest first; with a `picture_url`, the picture comes with the first of the user's.

    Without one the picture's caption is told. Turns of one speaker that follow one another are one message, since many
    models take speakers in turn only.
    """
    messages = list(_said(turns))
    if not any(message["role"] == "user" for message in messages):
        messages.insert(0, {"role": "user", "content": BEGIN})
    if picture_url:
        first = next(message for message in messages if message["role"] == "user")
        picture = {"type": "image_url", "image_url": {"url": picture_url}}
        first["content"] = [picture, {"type": "text", "text": first["content"]}]
    told = system_text(system_prompt, context, sees_picture=bool(picture_url))
    return [{"role": "system", "content": told}, *messages] if told else messages


def _said(turns: Sequence[Turn]) -> Iterator[Message]:
    for speaker, group in groupby(turns, key=attrgetter("speaker")):
        yield {"role": _ROLES[speaker], "content": "\n".join(turn.text for turn in group)}
