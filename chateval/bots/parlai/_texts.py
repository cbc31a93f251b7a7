"""What an agent said, as people write."""

from typing import Any

HALF_A_CHARACTER = "\N{REPLACEMENT CHARACTER}"


def text_of(agent: Any, action: Any) -> object:
    """The text of an action, with upper case and spaces as people write them."""
    text = (action or {}).get("text")
    return as_people_write(agent, text) if isinstance(text, str) else text


def as_people_write(agent: Any, text: str) -> str:
    """As in ParlAI's own chats with people, text is put in lower case and then gets its capitals and spaces.

    But not where the agent's option `dict_lower` says that it knows its capitals.
    """
    from parlai.utils.strings import normalize_reply  # noqa: PLC0415  (takes seconds)

    if not agent.opt.get("dict_lower", True):
        return text
    normal: str = normalize_reply(text)
    return normal


def text_so_far(agent: Any, tokens: list[int]) -> str:
    """The text of a reply that is not complete yet."""
    return as_people_write(agent, agent._v2t(tokens).rstrip(HALF_A_CHARACTER)).strip()  # noqa: SLF001
