"""What passes as a reply."""

from chateval.errors import BotError

MAX_REPLY_CHARACTERS = 10_000


def usable_reply(bot_name: str, reply: object) -> str:
    """The reply without white space around it.

    Raises:
        BotError: it is no text, is empty, or is longer than anyone would read.
    """
    if not isinstance(reply, str):
        raise BotError(f"Bot {bot_name!r} replied with {reply!r}; a reply is text. Look at what the bot returns.")
    if any(0xD800 <= ord(character) <= 0xDFFF for character in reply):
        raise BotError(f"Bot {bot_name!r} gave a reply with half a character (a lone surrogate), which is no text.")
    text = reply.strip()
    if not text:
        raise BotError(f"Bot {bot_name!r} gave an empty reply; a reply holds at least one visible character.")
    if len(text) > MAX_REPLY_CHARACTERS:
        raise BotError(
            f"Bot {bot_name!r} gave a reply of {len(text):,} characters; at most {MAX_REPLY_CHARACTERS:,} are shown. "
            "Limit the length in the bot's options."
        )
    return text
