"""The first bytes at the main door: sound upgrades of stations, and everybody else's requests."""

from collections.abc import Callable
from typing import Any, cast

import pytest

from venue_server.gateway.main_door import HEAD_BYTES, MainDoor, upgrade_key
from venue_server.gateway.station_socket import accepted

KEY = b"dGhlIHNhbXBsZSBub25jZQ=="  # RFC 6455, 1.3
SOUND = (
    b"GET /station HTTP/1.1\r\nHost: venue\r\nUpgrade: WebSocket\r\n"
    b"Connection: keep-alive, Upgrade\r\nSec-WebSocket-Key: " + KEY + b"\r\n"
    b"Sec-WebSocket-Version: 13\r\n\r\n"
)


class Wire:
    """A transport that remembers."""

    def __init__(self) -> None:
        self.written = b""
        self.protocol: Any = None
        self.ended = ""

    def set_protocol(self, protocol: Any) -> None:
        self.protocol = protocol

    def write(self, data: bytes) -> None:
        self.written += data

    def close(self) -> None:
        self.ended = self.ended or "closed"

    def abort(self) -> None:
        self.ended = "aborted"


class Others:
    """In the place of aiohttp."""

    def __init__(self) -> None:
        self.got = b""
        self.transport: Any = None

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.got += data


class Scene:
    """A door with one fresh connection."""

    def __init__(self) -> None:
        self.wire, self.others = Wire(), Others()
        self.entered: list[tuple[bytes, bytes]] = []
        self.door = MainDoor(
            cast(Callable[[], Any], lambda: self.others),
            lambda _transport, key, rest: self.entered.append((key, rest)),
            60.0,
        )
        self.door.connection_made(cast(Any, self.wire))


async def test_an_upgrade_of_a_station_comes_in_whatever_the_pieces() -> None:
    for size in (1, 7, len(SOUND) + 5):
        scene = Scene()
        sent = SOUND + b"frame"
        for at in range(0, len(sent), size):
            if scene.entered:  # another protocol reads now
                break
            scene.door.data_received(sent[at : at + size])
        assert scene.entered[0][0] == KEY
        assert b"frame".startswith(scene.entered[0][1])
        scene.door.connection_lost(None)


def test_the_answer_is_that_of_the_rfc() -> None:
    assert b"\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" in accepted(KEY)


@pytest.mark.parametrize("path", [b"/console", b"/papers/a/b", b"/station2", b"/station/", b"/"])
async def test_every_other_request_is_handed_on_whole(path: bytes) -> None:
    scene = Scene()
    request = b"GET " + path + b" HTTP/1.1\r\nHost: venue\r\n\r\n"
    for byte in request[:20]:
        if scene.wire.protocol is None:
            scene.door.data_received(bytes((byte,)))
    assert scene.wire.protocol is scene.others and scene.others.transport is scene.wire
    assert request.startswith(scene.others.got) and scene.entered == []
    scene.door.connection_lost(None)


@pytest.mark.parametrize(
    ("there", "instead"),
    [
        (b"Upgrade: WebSocket\r\n", b""),
        (b"Upgrade: WebSocket", b"Upgrade: h2c"),
        (b"keep-alive, Upgrade", b"keep-alive"),
        (b"Version: 13", b"Version: 8"),
        (KEY, b"short"),
        (KEY, b"!!!!"),
        (b"Host: venue\r\n", b""),
        (b"Host: venue", b"no colon"),
        (b"Host:", b"Host :"),
    ],
)
async def test_r9_an_unsound_upgrade_is_refused(there: bytes, instead: bytes) -> None:
    scene = Scene()
    scene.door.data_received(SOUND.replace(there, instead))
    assert scene.wire.written.startswith(b"HTTP/1.1 400") and scene.wire.ended == "closed"
    assert scene.entered == []
    scene.door.connection_lost(None)


async def test_r9_a_head_without_end_is_cut_off() -> None:
    scene = Scene()
    scene.door.data_received(b"GET /station HTTP/1.1\r\n" + b"X: y\r\n" * HEAD_BYTES)
    assert scene.wire.ended == "closed" and scene.wire.written == b""
    scene.door.connection_lost(None)


async def test_r9_who_is_being_refused_is_not_heard_again() -> None:
    """The refusal is noted first; what the peer sends meanwhile begins nothing."""
    scene = Scene()
    scene.door.data_received(SOUND)
    scene.door.data_received(SOUND)
    scene.door.data_received(b"GET /console HTTP/1.1\r\n\r\n")
    assert len(scene.entered) == 1 and scene.wire.protocol is None
    scene.door.connection_lost(None)


async def test_the_key_of_a_sound_head() -> None:
    assert upgrade_key(SOUND) == KEY


async def test_a_server_that_stops_waits_for_nobody_who_has_not_said_what_it_wants() -> None:
    undecided, decided = Scene(), Scene()
    undecided.door.data_received(SOUND[:7])
    decided.door.data_received(SOUND)
    for scene in (undecided, decided):
        scene.door.leave()
    assert undecided.wire.ended == "aborted" and not decided.wire.ended
    for scene in (undecided, decided):
        scene.door.connection_lost(None)
    shaking = MainDoor(cast(Callable[[], Any], Others), lambda *_: None, 60.0)
    shaking.leave()
    wire = Wire()
    shaking.connection_made(cast(Any, wire))
    assert wire.ended == "aborted", "also who is in the middle of a handshake"
    shaking.connection_lost(None)


class ClosedTwice(Wire):
    """As asyncio's of Python 3.11.2: it has let go of its protocol."""

    def abort(self) -> None:
        raise AttributeError("'NoneType' object has no attribute '_abort'")


async def test_r9_who_was_closed_twice_holds_up_no_server_that_stops() -> None:
    door = MainDoor(cast(Callable[[], Any], Others), lambda *_: None, 60.0)
    door.connection_made(cast(Any, ClosedTwice()))
    door.abandon()
    door.connection_lost(None)
