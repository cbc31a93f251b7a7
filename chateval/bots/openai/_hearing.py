"""Taking in a reply, whole or piece by piece."""

from collections.abc import AsyncIterable
from dataclasses import dataclass
from typing import Any

from chateval.bots._bot import Progress, Watch
from chateval.bots._usable import MAX_REPLY_CHARACTERS, usable_reply
from chateval.errors import BotError


@dataclass
class Heard:
    """What has come of a reply so far. Fields of a completion may be missing or of any type: nobody has checked it."""

    text: str = ""
    refusal: str = ""
    finish_reason: str = ""
    """Empty for a stream that has not come to its end."""
    is_answer: bool = False
    usage: Any = None
    is_calling_tools: bool = False

    def take(self, completion: Any, part: str) -> bool:
        """Take in a completion, whose text is in `message`, or a piece of one, in `delta`; whether there was text."""
        self.usage = getattr(completion, "usage", None) or self.usage
        choices = getattr(completion, "choices", None)
        choice = choices[0] if isinstance(choices, list) and choices else None
        said = getattr(choice, part, None)
        self.is_answer |= said is not None
        self.finish_reason = _text(getattr(choice, "finish_reason", None)) or self.finish_reason
        self.refusal += _text(getattr(said, "refusal", None))
        self.is_calling_tools |= bool(getattr(said, "tool_calls", None) or getattr(said, "function_call", None))
        if part == "message" and said is not None:
            self.finish_reason = self.finish_reason or "stop"
        text = _text(getattr(said, "content", None))
        self.text += text
        return bool(text)


async def hear_pieces(name: str, heard: Heard, pieces: AsyncIterable[Any], watch: Watch) -> None:
    """Take in a stream into `heard`, showing what has come so far.

    Raises:
        BotError: the text is longer than anyone would read; the rest is not waited for.
        BotError: there is no stream.
    """
    has_pieces = False
    async for piece in pieces:
        has_pieces = True
        if heard.take(piece, "delta"):
            if len(heard.text) > MAX_REPLY_CHARACTERS:
                usable_reply(name, heard.text)
            watch(Progress.STARTED, heard.text.lstrip())
    if not has_pieces:
        raise BotError(
            f"Bot {name!r}: the endpoint closed the stream without a word. If it cannot stream, write stream: false."
        )


def reply_text(name: str, heard: Heard) -> str:
    """The text of a whole reply.

    Raises:
        BotError: the model said nothing, refused, called a tool, or was broken off.
    """
    text = heard.text.strip()
    if not heard.is_answer:
        raise BotError(f"Bot {name!r}: the endpoint sent what is no answer of the protocol. See what listens there.")
    match heard.finish_reason:
        case "content_filter":
            raise BotError(f"Bot {name!r}: the endpoint's content filter held back the reply.")
        case "tool_calls" | "function_call":
            raise BotError(f"Bot {name!r} called a tool instead of replying. Take tools out of extra_body.")
        case "":
            raise BotError(f"Bot {name!r}: the reply broke off before it was whole, after {len(text):,} characters.")
        case "length" if not text:
            raise BotError(
                f"Bot {name!r} used up all tokens of a reply before it said anything. Raise max_tokens in options, or "
                "have the model think less."
            )
    if heard.refusal and not text:
        raise BotError(f"Bot {name!r} refused to reply: {heard.refusal.strip()[:300]}")
    if heard.is_calling_tools and not text:
        raise BotError(f"Bot {name!r} called a tool instead of replying. Take tools out of extra_body.")
    return usable_reply(name, heard.text)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
