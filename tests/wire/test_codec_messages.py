"""Frames: what goes out comes back, what is unsound comes back as one kind of refusal (R9)."""

import json
from typing import get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from venue_server.wire import codec
from venue_server.wire.chain import ResponseEntry
from venue_server.wire.console_orders import (
    ConsoleMessage,
    EnterCodeShare,
    GetStatus,
    ImportPlan,
    SignIn,
)
from venue_server.wire.console_views import ToConsole
from venue_server.wire.frames import Message, Second
from venue_server.wire.messages import MAX_FRAME, Refused, TimePing, TimePong
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.station_messages import (
    Heartbeat,
    Save,
    StationHello,
    StationMessage,
    ToStation,
)

ENTRY = ResponseEntry(
    "s1-001", 1, "response", "Q01", {"R": ["甲", "𠮷"]}, {"R": ["B", "A"]}, 5, "p"
)


@pytest.mark.parametrize(
    ("decode", "message"),
    [
        (codec.decode_station, StationHello(1, "1.0", "ab", "s1-001", 7)),
        (codec.decode_station, Save("s1-001", [ENTRY])),
        (codec.decode_station, Heartbeat(1, 2, "answering", ["HAND_RAISED"])),
        (codec.decode_console, ImportPlan(3, "/plan", Second("b", "p"))),
        (codec.decode_to_station, TimePong(1, 2.5, 3.5, 60.0)),
        (codec.decode_to_console, Refused(4, RefusalCode.SAME_PERSON, "b")),
    ],
)
def test_what_is_encoded_is_decoded(decode: object, message: Message) -> None:
    assert callable(decode)
    text = codec.encode(message)
    assert decode(text) == message
    assert decode(text.encode()) == message


@pytest.mark.parametrize("union", [StationMessage, ToStation, ConsoleMessage, ToConsole])
def test_every_message_is_named_by_its_tag(union: object) -> None:
    kinds = get_args(union)
    assert len({kind.__struct_config__.tag for kind in kinds}) == len(kinds)
    assert all(kind.__struct_config__.tag == kind.__name__ for kind in kinds)


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "null",
        "[]",
        "{",
        '"TimePing"',
        "{}",
        '{"t":"TimePing"}',
        '{"t":"TimePing","n":"1","mono_ms":0}',
        '{"t":"TimePing","n":1.5,"mono_ms":0}',
        '{"t":"Nobody","n":1}',
        '{"t":"SignIn","n":1,"person_id":"a","password":"b"}',
        '{"t":["TimePing"],"n":1,"mono_ms":0}',
        '{"t":"Save","sitting_id":"s","entries":{}}',
        '{"t":"Save","sitting_id":"s","entries":[{"seq":1}]}',
        "[" * 100_000,
        '{"t":"TimePing","x":' + "[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_r9_an_unsound_frame_is_malformed(frame: str | bytes) -> None:
    found = codec.decode_station(frame)
    assert isinstance(found, Refusal)
    assert found.code is RefusalCode.MESSAGE_MALFORMED


def test_r9_one_side_never_takes_the_other_sides_messages() -> None:
    for message in (GetStatus(1), SignIn(1, "a", "b"), TimePong(1, 0, 0, 1)):
        found = codec.decode_station(codec.encode(message))
        assert isinstance(found, Refusal), message
    assert isinstance(codec.decode_console(codec.encode(Save("s", []))), Refusal)


def test_fields_of_a_newer_version_are_passed_over() -> None:
    body = json.loads(codec.encode(TimePing(1, 2.0))) | {"colour": "blue", "deep": {"a": [1]}}
    assert codec.decode_station(json.dumps(body)) == TimePing(1, 2.0)


def test_r9_the_bound_on_a_frame_is_exact_and_checked_before_parsing() -> None:
    room = MAX_FRAME - len(codec.encode(StationHello(1, "")))
    whole = codec.encode(StationHello(1, "x" * room))
    assert len(whole) == MAX_FRAME
    assert isinstance(codec.decode_station(whole), StationHello)
    for frame in (whole + " ", (whole + " ").encode(), "[" * (MAX_FRAME + 1)):
        found = codec.decode_station(frame)
        assert isinstance(found, Refusal)
        assert found.code is RefusalCode.MESSAGE_TOO_LARGE


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_r9_no_bytes_do_anything_but_decode_or_be_refused(data: bytes) -> None:
    for decode in (codec.decode_station, codec.decode_console):
        found = decode(data)
        assert isinstance(found, Refusal | Message)


@settings(max_examples=40, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["t", "n", "entries", "seq", "sitting_id"]), inner)
        ),
        max_leaves=12,
    ),
    st.sampled_from([kind.__name__ for kind in get_args(StationMessage)]),
)
def test_r9_no_json_does_anything_but_decode_or_be_refused(value: object, tag: str) -> None:
    body = value | {"t": tag} if isinstance(value, dict) else value
    found = codec.decode_station(msgspec.json.encode(body))
    assert isinstance(found, Refusal | Message)


def test_o03_what_a_person_types_in_secret_is_in_no_repr() -> None:
    secrets = (
        SignIn(1, "a", "geheim"),
        ImportPlan(1, "/plan", Second("b", "geheim")),
        EnterCodeShare(1, "s1", "geheim words"),
    )
    for message in secrets:
        assert "geheim" not in repr(message)
        assert "geheim" not in f"{message}"
