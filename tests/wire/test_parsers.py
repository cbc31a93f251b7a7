"""The packet parsers, under anything that can be thought of."""

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chateval import wire

EXAMPLES = json.loads((Path(__file__).parent / "examples.json").read_text())["from_page"]

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
values: st.SearchStrategy[Any] = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=12
)


@st.composite
def nearly_right(draw: st.DrawFn) -> str:
    """A message of ours with a value, a key or some characters changed."""
    message = dict(draw(st.sampled_from(EXAMPLES)))
    for key in draw(st.lists(st.sampled_from([*message, "session", "kind"]), max_size=2)):
        message[key] = draw(values)
    if draw(st.booleans()):
        message.pop(draw(st.sampled_from(list(message))))
    text = json.dumps(message)
    cut = draw(st.integers(0, len(text)))
    return draw(st.sampled_from([text, text[:cut], text[:cut] + draw(st.text(max_size=3)) + text[cut:]]))


def parses_or_says_so(decode: Callable[[Any], Any], data: str | bytes) -> None:
    with suppress(msgspec.DecodeError):
        decode(data)


@given(st.binary() | st.text() | values.map(json.dumps) | nearly_right())
@example("[" * 60_000)
@example('{"a":' + "[" * 60_000)
@example('{"a":' + '{"a":' * 12_000 + "1" + "}" * 12_000 + ',"kind":"ping"}')
@example(b'{"kind":"resume","token":"\xff","since":0}')
def test_anything_from_a_page_is_a_message_or_a_decode_error(data: str | bytes) -> None:
    """Any other error would travel up to where it ends everyone's line."""
    parses_or_says_so(wire.decode_from_page, data)


def msgspec_takes(value: object) -> bool:
    try:
        msgspec.msgpack.encode(value)
    except (OverflowError, UnicodeEncodeError):
        return False
    return True


packed = values.filter(msgspec_takes).map(msgspec.msgpack.encode)


@pytest.mark.parametrize("decode", [wire.decode_from_router, wire.decode_from_operator])
@given(data=st.binary() | packed)
@example(data=b"\x91" * 60_000 + b"\x90")
@example(data=b"\x91\x95\xa7deliver\x01\xa1a" + b"\x91" * 50_000 + b"\x90")
@example(data=b"\x91\x93\xa8received\x01\xa1\xff")
def test_anything_on_the_operator_s_line_is_a_batch_or_a_decode_error(
    decode: Callable[[bytes], object], data: bytes
) -> None:
    parses_or_says_so(decode, data)


@given(nearly_right())
def test_what_is_taken_can_be_written_back_and_is_taken_again(text: str) -> None:
    """A message means one thing."""
    try:
        message = wire.decode_from_page(text)
    except msgspec.DecodeError:
        return
    assert wire.decode_from_page(msgspec.json.encode(message)) == message


@given(st.text(), st.lists(st.integers(1, 9), max_size=3))
def test_a_joined_message_is_known_without_parsing_and_no_other_is(text: str, numbers: list[int]) -> None:
    """The router keeps the connections of those who have joined; nobody may pass for one by what they write."""
    study = wire.StudyView(text, text, text, text, 1, 1, 1, 1.0)

    assert wire.tells_of_joining(wire.encode_to_page(wire.Joined(text, study)))
    assert not wire.tells_of_joining(wire.encode_to_page(wire.Rejected('","kind":"joined"', text)))
    turns = tuple(wire.Turn(seq, 0, "user", text) for seq in numbers)
    assert not wire.tells_of_joining(wire.encode_to_page(wire.Updates(turns)))
