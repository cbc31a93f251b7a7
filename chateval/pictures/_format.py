"""A line of `contexts.jsonl`: one picture, and what there is to know about it."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct, field

from chateval.dialogue import Context, Picture, Speaker, Turn

_Sentences = tuple[Annotated[str, Meta(min_length=1)], ...]


class PictureContext(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is kept of a picture, and what a dialogue about it begins with."""

    id: Annotated[str, Meta(pattern="^[0-9a-f]{64}$", description="64 hexadecimal digits")]
    """The SHA-256 of the file, in hexadecimal."""
    file: Annotated[str, Meta(min_length=1)]
    """Its path within the folder."""
    width: Annotated[int, Meta(ge=1)] = 1
    height: Annotated[int, Meta(ge=1)] = 1
    """Both in pixels."""
    caption: str = ""
    """What is to be seen, for those who do not see it."""
    turns: tuple[tuple[Speaker, Annotated[str, Meta(min_length=1)]], ...] = ()
    """What is taken to have been said before."""
    person_persona: _Sentences = ()
    bot_persona: _Sentences = ()
    background: str = ""
    source: str = ""
    """Where the picture comes from: the name of a file, or a task of ParlAI and the number of its example."""
    source_sha256: str = ""
    """Of the picture as it was there, before it was made smaller."""
    noted: dict[str, Any] = field(default_factory=dict)
    """What the source says beside the picture, such as labels. Nobody is shown it."""

    @property
    def picture(self) -> Picture:
        return Picture(self.id, self.file, self.caption)

    def context(self, *, include_persona: bool) -> Context:
        """What a dialogue about the picture begins with; without personas unless they are asked for."""
        return Context(
            id=short_id(self.id),
            person_persona=self.person_persona if include_persona else (),
            bot_persona=self.bot_persona if include_persona else (),
            background=self.background,
            turns=tuple(Turn(speaker, text) for speaker, text in self.turns),
            picture=self.picture,
        )


def short_id(picture_id: str) -> str:
    """As much of a picture's id as tells it from the others of a study."""
    return picture_id[:12]


def context_from_line(line: bytes) -> PictureContext:
    """Raises msgspec.DecodeError, or ValidationError with what is wrong."""
    return msgspec.json.decode(line, type=PictureContext)


def line_of(context: PictureContext) -> bytes:
    return msgspec.json.encode(context) + b"\n"
