"""What router and operator exchange: batches of envelopes, MessagePack arrays in binary WebSocket messages.

The router names connections; a page never learns the name of its own or of another's, and cannot choose one.
"""

from collections.abc import Sequence
from typing import TypeVar

import msgspec
from msgspec import Struct

OPERATOR_PATH = "/operator"
PAGE_PATH = "/page"
SECRET_VARIABLE = "CHATEVAL_ROUTER_SECRET"  # noqa: S105  (the name of a variable)
"""The environment variable that hands the router the secret which the operator must show."""


class Received(Struct, tag="received", array_like=True, frozen=True):
    """Router to operator: a page said this, unparsed."""

    connection: int
    text: str


class Closed(Struct, tag="closed", array_like=True, frozen=True):
    """Router to operator: a page's connection is gone."""

    connection: int


class Deliver(Struct, tag="deliver", array_like=True, frozen=True):
    """Operator to router: say this to a page."""

    connection: int
    text: str


class CloseConnection(Struct, tag="close", array_like=True, frozen=True):
    """Operator to router: end a page's connection."""

    connection: int


T = TypeVar("T")

FromRouter = Received | Closed
FromOperator = Deliver | CloseConnection

_encoder = msgspec.msgpack.Encoder()
_from_router: msgspec.msgpack.Decoder[list[FromRouter]] = msgspec.msgpack.Decoder(list[FromRouter])
_from_operator: msgspec.msgpack.Decoder[list[FromOperator]] = msgspec.msgpack.Decoder(list[FromOperator])


def encode_batch(envelopes: Sequence[FromRouter] | Sequence[FromOperator]) -> bytes:
    return _encoder.encode(envelopes)


def decode_from_router(data: bytes) -> list[FromRouter]:
    """Raises `msgspec.DecodeError` for anything but a batch from a router."""
    return _decoded(_from_router, data)


def decode_from_operator(data: bytes) -> list[FromOperator]:
    """Raises `msgspec.DecodeError` for anything but a batch from an operator."""
    return _decoded(_from_operator, data)


def _decoded(decoder: msgspec.msgpack.Decoder[T], data: bytes) -> T:
    try:
        return decoder.decode(data)
    except (RecursionError, UnicodeError) as error:
        raise msgspec.DecodeError("MessagePack is nested too deeply, or its text is no UTF-8") from error
