"""What language models are told before a dialogue."""

from chateval.dialogue import Context


def system_text(system_prompt: str, context: Context, *, sees_picture: bool) -> str:
    """The system prompt, then who the bot is, what both know, and what is to be seen; a paragraph each.

    Who sees the picture needs no caption.
    """
    parts = [system_prompt.strip()]
    if context.bot_persona:
        parts.append("This is who you are:\n" + "\n".join(f"- {line.strip()}" for line in context.bot_persona))
    if context.background.strip():
        parts.append(f"What you and your partner both know: {context.background.strip()}")
    if context.picture is not None and context.picture.caption.strip() and not sees_picture:
        parts.append(f"You and your partner look at a picture: {context.picture.caption.strip()}")
    return "\n\n".join(part for part in parts if part)
