"""Reading a client's WebSocket frames: RFC 6455 sections 5 and 7, whatever the pieces (R9)."""

import struct

import pytest
from aiohttp import WSCloseCode, WSMsgType
from hypothesis import given
from hypothesis import strategies as st

from venue_server.gateway.frames_in import FrameReader

LARGEST = 200_000
messages = st.lists(
    st.tuples(
        st.sampled_from([WSMsgType.TEXT, WSMsgType.BINARY, WSMsgType.PING, WSMsgType.PONG]),
        st.binary(max_size=125) | st.integers(126, 70_000).map(lambda size: b"x" * size),
        st.binary(min_size=4, max_size=4),
    ),
    max_size=6,
)


def frame(
    opcode: int, payload: bytes, mask: bytes = b"\x01\x02\x03\x04", first: int = 0x80
) -> bytes:
    """One masked frame; ``first`` has the bits before the opcode."""
    size = len(payload)
    if size <= 125:
        head = bytes((first | opcode, 0x80 | size))
    elif size < 1 << 16:
        head = struct.pack(">BBH", first | opcode, 0x80 | 126, size)
    else:
        head = struct.pack(">BBQ", first | opcode, 0x80 | 127, size)
    mixed = bytes(byte ^ mask[place % 4] for place, byte in enumerate(payload))
    return head + mask + mixed


@given(messages, st.lists(st.integers(1, 4000), min_size=1, max_size=5))
async def test_every_message_comes_out_whole_however_it_is_cut(
    sent: list[tuple[WSMsgType, bytes, bytes]], cuts: list[int]
) -> None:
    sent = [
        (opcode, payload if opcode < WSMsgType.CLOSE else payload[:125], mask)
        for opcode, payload, mask in sent
    ]
    wire = b"".join(frame(*each) for each in sent)
    reader, found, at = FrameReader(LARGEST), [], 0
    for number in range(len(wire)):
        if at >= len(wire):
            break
        size = cuts[number % len(cuts)]
        found += reader.feed(wire[at : at + size])
        at += size
    assert found == [(opcode, payload) for opcode, payload, _mask in sent]


async def test_a_message_in_pieces_is_put_together_with_control_frames_between() -> None:
    wire = (
        frame(WSMsgType.TEXT, b"one ", first=0)
        + frame(WSMsgType.PING, b"?")
        + frame(WSMsgType.CONTINUATION, b"two ", first=0)
        + frame(WSMsgType.CONTINUATION, b"three")
        + frame(WSMsgType.TEXT, b"next")
    )
    assert FrameReader(LARGEST).feed(wire) == [
        (WSMsgType.PING, b"?"),
        (WSMsgType.TEXT, b"one two three"),
        (WSMsgType.TEXT, b"next"),
    ]


@pytest.mark.parametrize(
    ("wire", "code"),
    [
        (frame(WSMsgType.TEXT, b"x", first=0xC0), WSCloseCode.PROTOCOL_ERROR),  # compressed
        (frame(3, b"x"), WSCloseCode.PROTOCOL_ERROR),  # no such opcode
        (frame(WSMsgType.PING, b"x" * 126), WSCloseCode.PROTOCOL_ERROR),
        (frame(WSMsgType.PING, b"x", first=0), WSCloseCode.PROTOCOL_ERROR),
        (frame(WSMsgType.CONTINUATION, b"x"), WSCloseCode.PROTOCOL_ERROR),
        (
            frame(WSMsgType.TEXT, b"x", first=0) + frame(WSMsgType.TEXT, b"y"),
            WSCloseCode.PROTOCOL_ERROR,
        ),
        (
            frame(WSMsgType.TEXT, b"x" * (LARGEST + 1))[:14],
            WSCloseCode.MESSAGE_TOO_BIG,
        ),  # told by its head alone
        (struct.pack(">BBQ", 0x81, 0xFF, 1 << 63), WSCloseCode.MESSAGE_TOO_BIG),
        (
            frame(WSMsgType.TEXT, b"x" * LARGEST, first=0) + frame(WSMsgType.CONTINUATION, b"y"),
            WSCloseCode.MESSAGE_TOO_BIG,
        ),
    ],
)
async def test_r9_what_breaks_the_protocol_is_named(wire: bytes, code: int) -> None:
    reader = FrameReader(LARGEST)
    assert reader.feed(wire) == [] and reader.broken == code
    assert reader.feed(frame(WSMsgType.TEXT, b"after")) == []


async def test_r9_what_came_before_the_break_is_given_back() -> None:
    reader = FrameReader(LARGEST)
    wire = frame(WSMsgType.TEXT, b"sound") + frame(WSMsgType.TEXT, b"x", first=0xC0)
    assert reader.feed(wire) == [(WSMsgType.TEXT, b"sound")]
    assert reader.broken == WSCloseCode.PROTOCOL_ERROR


async def test_a_goodbye_says_its_code() -> None:
    reader = FrameReader(LARGEST)
    assert reader.feed(frame(WSMsgType.CLOSE, struct.pack(">H", 1001))) == [(WSMsgType.CLOSE, 1001)]
    assert FrameReader(LARGEST).feed(frame(WSMsgType.CLOSE, b"")) == [(WSMsgType.CLOSE, 0)]


@given(st.binary(max_size=300))
async def test_r9_any_bytes_are_read_or_refused(wire: bytes) -> None:
    reader = FrameReader(100)
    for kind, payload in reader.feed(wire):
        assert kind == WSMsgType.CLOSE or len(payload) <= 125
