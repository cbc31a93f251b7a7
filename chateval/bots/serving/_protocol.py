"""What `kind: ray` bots and `chateval serve` say to one another, over HTTP and in JSON.

`docs/bots.md` describes it for others who would like to speak it.
"""

from collections.abc import Mapping
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta

from chateval.bots._bot import Progress, Reply
from chateval.dialogue import Context, Turn, Usage
from chateval.errors import ServingError

KEY_VARIABLE = "CHATEVAL_SERVING_KEY"
"""The environment variable that holds the secret which both sides share."""

MAX_REQUEST_BYTES = 32 * 2**20
"""A picture in base64, and a very long dialogue."""
MAX_LINE_BYTES = 2**20
"""Of an answer, which is read line by line."""
SILENCE_SECONDS = 5.0
"""While there is nothing to say, the server sends an empty line this often, so that a dead one is told from a slow."""

T = TypeVar("T")


class Asked(msgspec.Struct, omit_defaults=True):
    """The body of `POST /bots/<name>/reply`."""

    dialogue_id: Annotated[str, Meta(min_length=1, max_length=300)]
    turns: Annotated[tuple[Turn, ...], Meta(max_length=10_000)]
    context: Context = Context()
    picture: bytes | None = None
    """The file of the context's picture, since the server does not see the study's folder; base64 in JSON."""


class Said(msgspec.Struct, omit_defaults=True):
    """A whole reply."""

    text: str
    usage: Usage | None = None

    @classmethod
    def of(cls, reply: Reply) -> "Said":
        return cls(reply.text, reply.usage)

    def as_reply(self) -> Reply:
        return Reply(self.text, self.usage)


class Line(msgspec.Struct, omit_defaults=True):
    """One line of an answer: progress, text, or, in the last line, a reply or an error."""

    progress: Progress | None = None
    text: str | None = None
    """What there is of the reply so far."""
    reply: Said | None = None
    error: str | None = None
    is_hopeless: bool = False
    """Of an error: whether asking again would be no use."""

    def encoded(self) -> bytes:
        return msgspec.json.encode(self) + b"\n"


class Offer(msgspec.Struct):
    """A bot that can be asked."""

    name: str
    identity: Mapping[str, str]


class Offers(msgspec.Struct):
    """The answer to `GET /bots`."""

    version: str
    """Of this package, where the bots are."""
    bots: tuple[Offer, ...]


class Refusal(msgspec.Struct):
    """The body of every answer that is not 200 or 204."""

    error: str


def decoded(data: bytes, kind: type[T]) -> T:
    """Raises ServingError, with a sentence on what is wrong where."""
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.ValidationError as error:
        raise ServingError(f"It does not fit the protocol: {error}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ServingError(f"It is no JSON: {error}.") from error
