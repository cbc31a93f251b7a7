"""What an agent is told, in ParlAI's words."""

from collections.abc import Iterator
from typing import Any

from chateval.bots.parlai._pictures import PictureLoader
from chateval.dialogue import Context, Picture, Speaker, Turn

NOBODY = "SYSTEM"
"""Who says in ParlAI's chats what nobody says."""
NOTHING_SAID = "__SILENCE__"
"""What ParlAI's dialogues have for a partner who has not said anything yet."""


class Messages:
    """Makes messages for the agents of one bot, as ParlAI's chats with people do.

    Before all else comes one message with the bot's persona and what both know of the situation, a line each. A picture
    goes with that message and with all that the person says, or, for agents that read only, its caption is a line of
    the first.
    """

    def __init__(self, pictures: PictureLoader | None) -> None:
        self._pictures = pictures

    def of_context(self, context: Context, *, is_first: bool) -> Any | None:
        """What there is before the dialogue; None where that is nothing, or a mere picture that is still to come.

        `is_first` says that the agent is to speak without anyone having said anything.
        """
        picture = context.picture
        text = "\n".join(self._lines(context))
        if text or (is_first and picture is not None and self._pictures is not None):
            return self._message(NOBODY, text, picture)
        return None

    def of_turn(self, turn: Turn, context: Context) -> Any:
        return self._message(turn.speaker.value, turn.text, context.picture if turn.speaker is Speaker.USER else None)

    def of_silence(self) -> Any:
        """What an agent hears that is to begin, with nothing to begin from."""
        return self._message(NOBODY, NOTHING_SAID, None)

    def _lines(self, context: Context) -> Iterator[str]:
        yield from (f"your persona: {line.strip()}" for line in context.bot_persona)
        if context.background:
            yield context.background.strip()
        if context.picture is not None and self._pictures is None and context.picture.caption:
            yield context.picture.caption.strip()

    def _message(self, speaker: str, text: str, picture: Picture | None) -> Any:
        from parlai.core.message import Message  # noqa: PLC0415  (takes seconds)

        message = Message({"id": speaker, "text": text, "episode_done": False})
        if picture is not None and self._pictures is not None:
            message["image"] = self._pictures.load(picture)
        return message
