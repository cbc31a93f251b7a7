"""What an example of ParlAI says beside its picture."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, cast

from PIL import Image

from chateval.errors import PictureError
from chateval.pictures.saving._save import Found
from chateval.pictures.saving._shrink import MAX_PIXELS, shrink_image

_OWN, _PARTNERS = "your persona:", "partner's persona:"
_NOTED = {
    "text": "text",
    "labels": "labels",
    "eval_labels": "labels",
    "personality": "personality",
    "image_id": "image_id",
}
"""What is kept of an example beside its picture, and under which name."""


def found_in(act: Mapping[str, Any], source: str) -> Found:
    """An example as it is kept: personas where its text has them, a caption where it has one, all else noted.

    `your persona:` in ParlAI's text is what whoever answers is to be, here the bot. What is said in the text is not put
    into anyone's mouth, since in many tasks it is an instruction.
    """
    lines = [line.strip() for line in str(act.get("text") or "").splitlines()]
    return Found(
        source=source,
        digest=partial(_digest, act.get("image")),
        shrink=partial(shrink_image, cast("Image.Image", act.get("image"))),
        caption=_caption(act),
        person_persona=_after(_PARTNERS, lines),
        bot_persona=_after(_OWN, lines) or _personality(act),
        noted={name: _plain(act[field]) for field, name in _NOTED.items() if act.get(field)},
    )


def _digest(image: Any) -> str:
    if not isinstance(image, Image.Image):
        raise PictureError("It has no picture that can be looked at.")
    if image.width * image.height > MAX_PIXELS:
        raise PictureError(f"It has more than {MAX_PIXELS:,} pixels.")
    try:
        return hashlib.sha256(f"{image.mode} {image.size} ".encode() + image.tobytes()).hexdigest()
    except (OSError, ValueError, SyntaxError) as error:
        raise PictureError(f"It is broken: {error}.") from error


def _caption(act: Mapping[str, Any]) -> str:
    caption = act.get("caption") or act.get("image_caption")
    return caption.strip() if isinstance(caption, str) else ""


def _after(beginning: str, lines: Sequence[str]) -> tuple[str, ...]:
    facts = (line[len(beginning) :].strip() for line in lines if line.lower().startswith(beginning))
    return tuple(filter(None, facts))


def _personality(act: Mapping[str, Any]) -> tuple[str, ...]:
    personality = act.get("personality")
    return (personality.strip(),) if isinstance(personality, str) and personality.strip() else ()


def _plain(value: Any) -> Any:
    """As JSON has it; what JSON cannot say, as Python would print it."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Mapping():
            return {str(name): _plain(item) for name, item in value.items()}
        case list() | tuple() | set():
            return [_plain(item) for item in value]
    return str(value)
