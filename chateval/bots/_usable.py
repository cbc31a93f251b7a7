"""What passes as a reply."""

import reprlib

from chateval.errors import BotError

MAX_REPLY_CHARACTERS = 10_000


def usable_reply(bot_name: str, reply: object) -> str:
    """The reply without white space around it.

    Raises:
        BotError: it is no text, is empty, or is longer than anyone would read.
    """
    if not isinstance(reply, str):
        raise BotError(
            f"Bot {bot_name!r} replied with {shortened(reply)}; a reply is text. Look at what the bot returns."
        )
    text = reply.strip()
    if not text:
        raise BotError(f"Bot {bot_name!r} gave an empty reply; a reply holds at least one visible character.")
    if len(text) > MAX_REPLY_CHARACTERS:
        raise too_long(bot_name, len(text))
    if any(0xD800 <= ord(character) <= 0xDFFF for character in text):
        raise BotError(f"Bot {bot_name!r} gave a reply with half a character (a lone surrogate), which is no text.")
    return text


def too_long(bot_name: str, characters: int) -> BotError:
    return BotError(
        f"Bot {bot_name!r} gave a reply of {characters:,} characters; at most {MAX_REPLY_CHARACTERS:,} are shown. "
        "Limit the length in the bot's options."
    )


def shortened(value: object) -> str:
    """What a bot returned, fit for a log: nobody knows how large it is, or whether it can be printed."""
    return reprlib.repr(value)
