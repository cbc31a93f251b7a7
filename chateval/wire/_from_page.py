"""The messages that a worker's page sends."""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from chateval.wire._bounds import MAX_LABEL_ITEMS, MAX_LINK_CHARACTERS, MAX_TEXT_CHARACTERS

MessageId = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+\Z")]
"""Made by the page, unique within its session; the same id sent again is answered again and changes nothing."""

LinkId = Annotated[str, Meta(max_length=MAX_LINK_CHARACTERS)]
Text = Annotated[str, Meta(max_length=MAX_TEXT_CHARACTERS)]
Seq = Annotated[int, Meta(ge=0)]


class Join(Struct, tag_field="kind", tag="join", forbid_unknown_fields=True, frozen=True):
    """Take, or come back to, the place that a link names. `expires` and `signature` are a signed link's."""

    worker_id: LinkId
    assignment_id: LinkId
    since: Seq = 0
    expires: Annotated[int, Meta(ge=0, le=2**53 - 1)] = 0
    signature: Annotated[str, Meta(max_length=128)] = ""


class Resume(Struct, tag_field="kind", tag="resume", forbid_unknown_fields=True, frozen=True):
    """Go on with the session of a token; `since` is the last update that the page has."""

    token: Annotated[str, Meta(max_length=128)]
    since: Seq = 0


class Consent(Struct, tag_field="kind", tag="consent", forbid_unknown_fields=True, frozen=True):
    id: MessageId


class Say(Struct, tag_field="kind", tag="say", forbid_unknown_fields=True, frozen=True):
    id: MessageId
    dialogue: Annotated[int, Meta(ge=0, le=1)]
    text: Text


class Finish(Struct, tag_field="kind", tag="finish", forbid_unknown_fields=True, frozen=True):
    """End a dialogue that has reached its minimum number of turns."""

    id: MessageId
    dialogue: Annotated[int, Meta(ge=0, le=1)]


class Answer(Struct, tag_field="kind", tag="answer", forbid_unknown_fields=True, frozen=True):
    """Ratings of one dialogue: question id to a point of its scale."""

    id: MessageId
    dialogue: Annotated[int, Meta(ge=0, le=1)]
    answers: Annotated[dict[Annotated[str, Meta(max_length=64)], int], Meta(max_length=64)]


class LabelSpan(Struct, forbid_unknown_fields=True, frozen=True):
    """A stretch of a turn's text, in code points, `end` not included."""

    start: Annotated[int, Meta(ge=0, le=2**31)]
    end: Annotated[int, Meta(ge=0, le=2**31)]
    label: Annotated[str, Meta(max_length=200)] = ""


Number = Annotated[int, Meta(ge=-(2**31), le=2**31)]
OptionId = Annotated[str, Meta(max_length=200)]
LabelValue = Text | Number | Annotated[list[OptionId | LabelSpan], Meta(max_length=MAX_LABEL_ITEMS)] | None
"""An answer as `chateval.annotation` has it; None takes it back."""

PartNumber = Annotated[int, Meta(ge=0, le=10_000)]
TurnNumber = Annotated[int, Meta(ge=0, le=100_000)] | None
"""None for a question about the whole dialogue, or a pair."""


class Spent(Struct, forbid_unknown_fields=True, frozen=True):
    """How long a person has been at one turn of one part since they last said so, their idle time apart."""

    part: PartNumber
    turn: TurnNumber
    active_seconds: Annotated[float, Meta(ge=0, le=1e6)]
    idle_seconds: Annotated[float, Meta(ge=0, le=1e6)] = 0.0


Times = Annotated[tuple[Spent, ...], Meta(max_length=MAX_LABEL_ITEMS)]


class Label(Struct, tag_field="kind", tag="label", forbid_unknown_fields=True, frozen=True):
    """Answer, change or take back one answer."""

    id: MessageId
    part: PartNumber
    turn: TurnNumber
    question: Annotated[str, Meta(max_length=220)]
    value: LabelValue
    spent: Times = ()


class SubmitLabels(Struct, tag_field="kind", tag="submit_labels", forbid_unknown_fields=True, frozen=True):
    """Hand in every part that is asked for."""

    id: MessageId
    spent: Times = ()


class Submit(Struct, tag_field="kind", tag="submit", forbid_unknown_fields=True, frozen=True):
    id: MessageId
    comment: Text = ""


class Leave(Struct, tag_field="kind", tag="leave", forbid_unknown_fields=True, frozen=True):
    """Give the place back."""

    id: MessageId


class Ping(Struct, tag_field="kind", tag="ping", forbid_unknown_fields=True, frozen=True):
    """Answered by the router itself, so that a page notices a dead connection."""


SessionMessage = Consent | Say | Finish | Answer | Label | SubmitLabels | Submit | Leave
FromPage = Join | Resume | SessionMessage | Ping

_decoder: msgspec.json.Decoder[FromPage] = msgspec.json.Decoder(FromPage)


def decode_from_page(text: str | bytes) -> FromPage:
    """Parse one message from a page.

    Raises:
        msgspec.DecodeError: it is not JSON, names no known kind, or breaks the kind's schema.
    """
    try:
        return _decoder.decode(text)
    except (RecursionError, UnicodeError) as error:  # what is skipped on the way to `kind` may be nested at will
        raise msgspec.DecodeError("JSON is nested too deeply, or is no UTF-8") from error
