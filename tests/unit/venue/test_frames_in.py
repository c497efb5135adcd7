"""Reading a client's WebSocket frames: RFC 6455 sections 5 and 7, whatever the pieces (R9)."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venue_server.gateway.frames_in import (
    PROTOCOL_ERROR,
    TOO_BIG,
    FrameError,
    FrameReader,
    Opcode,
    unmasked,
)

LARGEST = 200_000
messages = st.lists(
    st.tuples(
        st.sampled_from([Opcode.TEXT, Opcode.BINARY, Opcode.PING, Opcode.PONG]),
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
def test_every_message_comes_out_whole_however_it_is_cut(
    sent: list[tuple[Opcode, bytes, bytes]], cuts: list[int]
) -> None:
    sent = [
        (opcode, payload if opcode < Opcode.CLOSE else payload[:125], mask)
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


def test_a_message_in_pieces_is_put_together_with_control_frames_between() -> None:
    wire = (
        frame(Opcode.TEXT, b"one ", first=0)
        + frame(Opcode.PING, b"?")
        + frame(Opcode.CONTINUATION, b"two ", first=0)
        + frame(Opcode.CONTINUATION, b"three")
        + frame(Opcode.TEXT, b"next")
    )
    assert FrameReader(LARGEST).feed(wire) == [
        (Opcode.PING, b"?"),
        (Opcode.TEXT, b"one two three"),
        (Opcode.TEXT, b"next"),
    ]


@pytest.mark.parametrize(
    ("wire", "code"),
    [
        (frame(Opcode.TEXT, b"x", first=0xC0), PROTOCOL_ERROR),  # compressed
        (frame(3, b"x"), PROTOCOL_ERROR),  # no such opcode
        (b"\x81\x01x", PROTOCOL_ERROR),  # not masked
        (frame(Opcode.PING, b"x" * 126), PROTOCOL_ERROR),
        (frame(Opcode.PING, b"x", first=0), PROTOCOL_ERROR),
        (frame(Opcode.CONTINUATION, b"x"), PROTOCOL_ERROR),
        (frame(Opcode.TEXT, b"x", first=0) + frame(Opcode.TEXT, b"y"), PROTOCOL_ERROR),
        (frame(Opcode.TEXT, b"x" * (LARGEST + 1))[:14], TOO_BIG),  # told by its head alone
        (struct.pack(">BBQ", 0x81, 0xFF, 1 << 63), TOO_BIG),
        (
            frame(Opcode.TEXT, b"x" * LARGEST, first=0) + frame(Opcode.CONTINUATION, b"y"),
            TOO_BIG,
        ),
    ],
)
def test_r9_what_breaks_the_protocol_is_named(wire: bytes, code: int) -> None:
    with pytest.raises(FrameError) as broken:
        FrameReader(LARGEST).feed(wire)
    assert broken.value.code == code


@given(st.binary(max_size=300))
def test_r9_any_bytes_are_read_or_refused(wire: bytes) -> None:
    reader = FrameReader(100)
    try:
        found = reader.feed(wire)
    except FrameError:
        return
    assert all(len(payload) <= 125 for _opcode, payload in found)


def test_unmasking_is_the_exclusive_or_with_the_repeated_key() -> None:
    """RFC 6455, 5.7: a masked "Hello"."""
    assert unmasked(b"\x37\xfa\x21\x3d", b"\x7f\x9f\x4d\x51\x58") == b"Hello"
