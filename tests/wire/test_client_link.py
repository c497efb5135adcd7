"""The link: comes up, stays up, notices, comes back, and says the truth about it."""

import asyncio
import datetime
import socket
import ssl
from contextlib import suppress
from typing import Any

import aiohttp
import pytest
import uvloop

from venue_server.client import backoff, link_state
from venue_server.client import link as link_module
from venue_server.client.addresses import Address, AddressBook
from venue_server.client.endpoint import TlsEndpoint, UnixEndpoint
from venue_server.client.link import Link
from venue_server.client.link_state import (
    DeadlineMissed,
    Down,
    DownCause,
    LinkDown,
    LinkState,
    UnexpectedReply,
)
from venue_server.wire.codec import decode_to_console, decode_to_station
from venue_server.wire.console_orders import GetStatus, SignOut
from venue_server.wire.console_views import Done
from venue_server.wire.frames import Message
from venue_server.wire.messages import MAX_FRAME, Refused, TimePing, TimePong
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.station_messages import LoginAllowed
from venue_server.wire.wiping_orders import PaperWiped


def station_link(identity: Any, recorder: Any, port: int | None = None) -> Link[Any]:
    book = None if port is None else AddressBook([f"127.0.0.1:{port}"])
    return Link(
        TlsEndpoint(identity, book), "/station", decode_to_station, recorder, jitter=lambda: 0.0
    )


def console_link(identity: Any, recorder: Any) -> Link[Any]:
    return Link(TlsEndpoint(identity), "/console", decode_to_console, recorder, lambda: 0.0)


def pong(peer: Any, message: Any) -> None:
    if isinstance(message, TimePing):
        peer.say(TimePong(message.n, message.mono_ms, 5.0, 1.0))


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_module, "QUIET_S", 0.05)
    monkeypatch.setattr(backoff, "FIRST_S", 0.02)
    monkeypatch.setattr(backoff, "REFUSED_S", 0.02)


async def test_comes_up_and_speaks_both_ways(
    venue: Any, lan: Any, recorder: Any, running: Any
) -> None:
    link = running(station_link(venue.machine("s1", lan.port), recorder))
    assert not link.send(PaperWiped("p"))
    await recorder.ups.get()
    assert link.send(PaperWiped("p"))
    assert await lan.heard.get() == PaperWiped("p")
    (await lan.peers.get()).say(LoginAllowed("R1"))
    assert await recorder.messages.get() == LoginAllowed("R1")


async def test_tls_13_with_the_machines_own_certificate(
    venue: Any, lan: Any, recorder: Any, running: Any
) -> None:
    running(station_link(venue.machine("s1", lan.port), recorder))
    peer = await lan.peers.get()
    tls = peer.socket.get_extra_info("ssl_object")
    assert tls.version() == "TLSv1.3"
    assert dict(pair for (pair,) in tls.getpeercert()["subject"])["commonName"] == "s1"


async def test_answers_find_their_requests_in_any_order(
    venue: Any, lan: Any, recorder: Any, running: Any
) -> None:
    asked: list[tuple[Any, Any]] = []

    def backwards(peer: Any, message: Any) -> None:
        asked.append((peer, message))
        if len(asked) == 3:
            for there, each in reversed(asked):
                there.say(Done(each.n, {"n": each.n}))

    lan.rule = backwards
    link = running(console_link(venue.machine("c1", lan.port, "console"), recorder))
    await recorder.ups.get()
    answers = await asyncio.gather(*(link.request(GetStatus(0)) for _ in range(3)))
    assert [answer.re for answer in answers] == [answer.result["n"] for answer in answers]
    assert len({answer.re for answer in answers}) == 3


async def test_a_refusal_is_a_value(venue: Any, lan: Any, recorder: Any, running: Any) -> None:
    lan.rule = lambda peer, m: peer.say(Refused(m.n, RefusalCode.NOT_SIGNED_IN, "x"))
    link = running(console_link(venue.machine("c1", lan.port, "console"), recorder))
    await recorder.ups.get()
    assert await link.request(GetStatus(0)) == Refusal(RefusalCode.NOT_SIGNED_IN, "x")


async def test_another_kind_of_answer_is_an_error(
    venue: Any, lan: Any, recorder: Any, running: Any
) -> None:
    lan.rule = lambda peer, m: peer.say(TimePong(m.n, 0, 0, 1))
    link = running(console_link(venue.machine("c1", lan.port, "console"), recorder))
    await recorder.ups.get()
    with pytest.raises(UnexpectedReply):
        await link.ask(SignOut(0), Done)


async def test_a_late_answer_misses_its_deadline_but_is_heard(
    venue: Any, lan: Any, recorder: Any, running: Any
) -> None:
    link = running(console_link(venue.machine("c1", lan.port, "console"), recorder))
    await recorder.ups.get()
    with pytest.raises(DeadlineMissed):
        await link.request(GetStatus(0), timeout_s=0.02)
    number = (await lan.heard.get()).n
    (await lan.peers.get()).say(Done(number))
    assert await recorder.messages.get() == Done(number)


async def test_requests_fail_when_the_link_drops_or_is_down(
    venue: Any, lan: Any, recorder: Any, running: Any
) -> None:
    lan.rule = lambda peer, m: peer.hang_up()
    link = running(console_link(venue.machine("c1", lan.port, "console"), recorder))
    with pytest.raises(LinkDown):
        await link.request(GetStatus(0))
    await recorder.ups.get()
    with pytest.raises(LinkDown) as caught:
        await link.request(GetStatus(0))
    assert caught.value.down.cause is DownCause.LOST
    assert not link._waiting


async def test_r10_back_after_a_server_restart(
    venue: Any, lan: Any, recorder: Any, running: Any
) -> None:
    link = running(station_link(venue.machine("s1", lan.port), recorder))
    await recorder.ups.get()
    await lan.stop()
    assert (await recorder.downs.get()).cause is DownCause.LOST
    assert not link.send(PaperWiped("while down"))
    await lan.start()
    await recorder.ups.get()
    assert link.send(PaperWiped("after"))
    assert await lan.heard.get() == PaperWiped("after")  # nothing was kept from before


async def test_rotates_to_the_address_that_answers(
    venue: Any, lan: Any, recorder: Any, running: Any
) -> None:
    with socket.socket() as dead:
        dead.bind(("127.0.0.1", 0))
        book = AddressBook([f"127.0.0.1:{dead.getsockname()[1]}", f"127.0.0.1:{lan.port}"])
        endpoint = TlsEndpoint(venue.machine("s1"), book)
        running(Link(endpoint, "/station", decode_to_station, recorder, lambda: 0.0))
        down = await recorder.until(LinkState.DISCONNECTED)
        assert down.cause is DownCause.UNREACHABLE
        await recorder.until(LinkState.UP)
    assert book.known()[0].port == lan.port


async def test_no_address_yet_then_a_hint(
    venue: Any, lan: Any, recorder: Any, running: Any, impatient: None
) -> None:
    book = AddressBook()
    link = running(
        Link(TlsEndpoint(venue.machine("s1"), book), "/station", decode_to_station, recorder)
    )
    assert link.down.cause is DownCause.NO_ADDRESS
    book.learn(Address("127.0.0.1", lan.port))
    await recorder.until(LinkState.UP)


# ---- silence -----------------------------------------------------------------------------


def test_r04_a_cut_cable_is_noticed_within_six_seconds() -> None:
    assert link_module.QUIET_S * link_module.QUIET_SPELLS < 6.0


async def test_r04_a_cut_cable_shows_as_silence_and_heals(
    venue: Any, cable: Any, recorder: Any, running: Any, impatient: None
) -> None:
    link = running(station_link(venue.machine("s1"), recorder, cable.port))
    await recorder.ups.get()
    cable.cut()
    assert (await recorder.downs.get()).cause is DownCause.SILENT
    assert not link.up
    cable.plug()
    await recorder.ups.get()


async def test_an_idle_link_stays_up_by_pings(
    venue: Any, lan: Any, recorder: Any, running: Any, impatient: None
) -> None:
    link = running(station_link(venue.machine("s1", lan.port), recorder))
    for _ in range(2 * link_module.QUIET_SPELLS):
        await lan.pinged.get()
    assert link.up
    assert recorder.downs.empty()


async def test_the_servers_pings_are_answered(
    venue: Any, lan: Any, recorder: Any, running: Any
) -> None:
    running(station_link(venue.machine("s1", lan.port), recorder))
    peer = await lan.peers.get()
    peer._soon(peer.socket.ping(b"are you there"))
    peer.say(LoginAllowed("R1"))
    await recorder.messages.get()
    # autoping is off at the test's server, so the pong arrives as a frame of its own
    assert await asyncio.wait_for(lan.ponged.get(), 5) == b"are you there"


async def test_r09_a_server_that_stops_reading_is_left(
    venue: Any, lan: Any, recorder: Any, running: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_module, "QUEUE_BYTES", 50_000)
    link = running(station_link(venue.machine("s1", lan.port), recorder))
    await recorder.ups.get()
    taken = [link.send(PaperWiped("x" * 9_000)) for _ in range(7)]
    assert taken == [True] * 5 + [False] * 2
    assert (await recorder.downs.get()).cause is DownCause.CONGESTED
    await recorder.ups.get()
    assert link.send(PaperWiped("again"))


async def test_congestion_in_a_callback_and_a_refusal_at_once(
    venue: Any, lan: Any, recorder: Any, running: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_module, "QUEUE_BYTES", 0)
    link = running(station_link(venue.machine("s1", lan.port), recorder))
    recorder.on_message = lambda message: link.send(PaperWiped("x"))
    (await lan.peers.get()).say(Refused(0, RefusalCode.NOT_ENROLLED))
    assert (await recorder.downs.get()).cause is DownCause.CONGESTED
    assert await recorder.ups.get()


async def test_an_oversized_message_is_a_bug_of_the_sender(
    venue: Any, lan: Any, recorder: Any, running: Any
) -> None:
    link = running(station_link(venue.machine("s1", lan.port), recorder))
    await recorder.ups.get()
    with pytest.raises(ValueError, match="PaperWiped"):
        link.send(PaperWiped("大" * (MAX_FRAME // 3)))


async def test_unreadable_messages_are_passed_over(
    venue: Any, lan: Any, recorder: Any, running: Any, caplog: pytest.LogCaptureFixture
) -> None:
    running(station_link(venue.machine("s1", lan.port), recorder))
    peer = await lan.peers.get()
    peer.say_text('{"t":"FromTheFuture","secret":"glyph"}')
    peer.say(LoginAllowed("R1"))
    assert await recorder.messages.get() == LoginAllowed("R1")
    assert "unreadable" in caplog.text
    assert "glyph" not in caplog.text


# ---- trust -------------------------------------------------------------------------------


async def test_r09_a_server_of_another_ca_is_not_trusted(
    make_venue: Any, lan: Any, recorder: Any, running: Any
) -> None:
    stranger = make_venue("other").machine("s1", lan.port)
    running(station_link(stranger, recorder))
    down = await recorder.until(LinkState.DISCONNECTED)
    assert down.cause is DownCause.UNTRUSTED_SERVER
    assert lan.peers.empty()


async def test_r09_a_server_of_another_name_is_not_trusted(
    venue: Any, lan: Any, recorder: Any, running: Any
) -> None:
    await lan.stop()
    lan.context = venue.server_context(dns="elsewhere.invalid")
    await lan.start()
    running(station_link(venue.machine("s1", lan.port), recorder))
    down = await recorder.until(LinkState.DISCONNECTED)
    assert down.cause is DownCause.UNTRUSTED_SERVER


async def test_r09_another_server_under_the_venues_name_gets_no_station(
    venue: Any,
    make_venue: Any,
    lan: Any,
    lan_server: Any,
    recorder: Any,
    running: Any,
    impatient: None,
) -> None:
    """A server that somebody set up for the same venue on another machine, or an impostor: it
    announces itself as the venue's, answers first, has the right name and takes any certificate.
    The station stays with the authority it pinned, and finds its own server behind it."""
    impostor = lan_server(make_venue("impostor"))
    impostor.context = impostor.venue.server_context(verify=False)
    await impostor.start()
    book = AddressBook([f"127.0.0.1:{impostor.port}"])
    for port in (2, 3):
        book.learn(Address("127.0.0.1", port))  # and forged announcements of it
    book.learn(Address("127.0.0.1", lan.port))
    endpoint = TlsEndpoint(venue.machine("s1"), book)
    running(Link(endpoint, "/station", decode_to_station, recorder, lambda: 0.0))
    down = await recorder.until(LinkState.DISCONNECTED)
    assert down.cause is DownCause.UNTRUSTED_SERVER
    await recorder.until(LinkState.UP)
    assert book.known()[0].port == lan.port, "next time the real one is asked first"
    assert impostor.peers.empty() and impostor.heard.empty(), "it was told nothing"
    await impostor.stop()


async def test_r09_a_machine_cannot_pose_as_the_server(
    venue: Any, lan: Any, recorder: Any, running: Any
) -> None:
    impostor = venue.machine("s9")
    await lan.stop()
    lan.context.load_cert_chain(impostor.pem_path)
    await lan.start()
    running(station_link(venue.machine("s1", lan.port), recorder))
    down = await recorder.until(LinkState.DISCONNECTED)
    assert down.cause is DownCause.UNTRUSTED_SERVER


async def test_r05_a_machine_whose_clock_is_wrong_still_connects(
    venue: Any, lan: Any, recorder: Any, running: Any
) -> None:
    await lan.stop()
    lan.context = venue.server_context(age=datetime.timedelta(days=40))
    await lan.start()
    running(station_link(venue.machine("s1", lan.port), recorder))
    assert await recorder.ups.get()


async def test_r09_a_foreign_client_certificate_is_a_refusal(
    venue: Any, make_venue: Any, lan: Any, recorder: Any, running: Any, impatient: None
) -> None:
    foreign = make_venue("other").machine("s1", lan.port, ca_pem=venue.ca_pem)
    link = running(station_link(foreign, recorder))
    down = await recorder.until(LinkState.REFUSED)
    assert down == Down(DownCause.REFUSED, refusal=Refusal(RefusalCode.NOT_ENROLLED))
    assert link.state is LinkState.REFUSED
    await recorder.until(LinkState.REFUSED)  # it goes on asking


async def test_an_unknown_machine_is_refused_until_it_is_enrolled(
    venue: Any, lan: Any, recorder: Any, running: Any, impatient: None
) -> None:
    lan.status = 403
    running(station_link(venue.machine("s1", lan.port), recorder))
    down = await recorder.until(LinkState.REFUSED)
    assert down.refusal == Refusal(RefusalCode.NOT_ENROLLED)
    lan.status = 101
    await recorder.until(LinkState.UP)


@pytest.mark.parametrize(
    ("status", "cause"),
    [(503, DownCause.BUSY), (429, DownCause.BUSY), (404, DownCause.NOT_A_SERVER)],
)
async def test_other_answers_to_the_upgrade(
    venue: Any, lan: Any, recorder: Any, running: Any, status: int, cause: DownCause
) -> None:
    lan.status = status
    running(station_link(venue.machine("s1", lan.port), recorder))
    assert (await recorder.until(LinkState.DISCONNECTED)).cause is cause


@pytest.mark.parametrize("told", [True, False])
async def test_r09_revoked_while_connected(
    venue: Any, lan: Any, recorder: Any, running: Any, told: bool
) -> None:
    running(station_link(venue.machine("s1", lan.port), recorder))
    peer = await lan.peers.get()
    if told:  # the client hangs up by itself
        peer.say(Refused(0, RefusalCode.NOT_ENROLLED))
    else:
        peer.hang_up(link_state.POLICY_VIOLATION)
    down = await recorder.until(LinkState.REFUSED)
    assert down.refusal == Refusal(RefusalCode.NOT_ENROLLED)
    assert await recorder.downs.get() == down


async def test_an_unnumbered_refusal_alone_ends_nothing(
    venue: Any, lan: Any, recorder: Any, running: Any
) -> None:
    running(station_link(venue.machine("s1", lan.port), recorder))
    peer = await lan.peers.get()
    peer.say(Refused(0, RefusalCode.SAVE_NOT_DURABLE))
    assert (await recorder.messages.get()).code is RefusalCode.SAVE_NOT_DURABLE
    peer.hang_up()
    assert (await recorder.downs.get()).cause is DownCause.LOST


async def test_one_hang_up_may_be_a_stopping_server_two_are_a_refusal(
    venue: Any, lan: Any, recorder: Any, running: Any, impatient: None
) -> None:
    lan.hang_ups = 1000
    running(station_link(venue.machine("s1", lan.port), recorder))
    assert (await recorder.until(LinkState.DISCONNECTED)).cause is DownCause.LOST
    assert (await recorder.until(LinkState.REFUSED)).cause is DownCause.REFUSED
    lan.hang_ups = 0
    await recorder.until(LinkState.UP)


def test_a_failure_of_the_world_is_no_refusal() -> None:
    assert link_state.failed_attempt(TimeoutError(), 5).cause is DownCause.UNREACHABLE
    bad = aiohttp.ClientPayloadError()
    assert link_state.failed_attempt(bad, 5).cause is DownCause.NOT_A_SERVER


@pytest.mark.parametrize("reason", ["TLSV13_ALERT_CERTIFICATE_REQUIRED", "TLSV1_ALERT_UNKNOWN_CA"])
def test_an_alert_about_the_certificate_is_a_refusal_at_once(reason: str) -> None:
    alert = ssl.SSLError(1, "alert")
    alert.reason = reason
    wrapped = aiohttp.ClientOSError(1, "alert")
    wrapped.__cause__ = alert
    for error in (alert, wrapped):
        assert link_state.failed_attempt(error, 0).cause is DownCause.REFUSED


@pytest.mark.parametrize(
    ("behaviour", "cause"),
    [
        ("talks without TLS", DownCause.UNTRUSTED_SERVER),
        ("hangs up at once", DownCause.UNREACHABLE),
        ("says nothing", DownCause.UNREACHABLE),
    ],
)
async def test_r09_whatever_answers_on_the_lan_the_link_lives_on(
    venue: Any,
    recorder: Any,
    running: Any,
    monkeypatch: pytest.MonkeyPatch,
    behaviour: str,
    cause: DownCause,
) -> None:
    monkeypatch.setattr(link_module, "CONNECT_S", 0.2)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if behaviour == "talks without TLS":
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        elif behaviour == "says nothing":
            await reader.read()
            await reader.read()
        writer.close()

    stranger = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = stranger.sockets[0].getsockname()[1]
    running(station_link(venue.machine("s1", port), recorder))
    for _ in range(2):
        assert (await recorder.until(LinkState.DISCONNECTED)).cause is cause
    stranger.close()


@pytest.mark.parametrize(
    "answer",
    [
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: https://elsewhere.invalid/\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n"
        b"Sec-WebSocket-Accept: wrong\r\n\r\n",
        b"HTTP/1.1 101 Sw",
    ],
)
async def test_whatever_the_venues_server_answers_the_link_lives_on(
    venue: Any, recorder: Any, running: Any, answer: bytes
) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            await writer.drain()
        writer.close()

    odd = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=venue.server_context())
    running(station_link(venue.machine("s1", odd.sockets[0].getsockname()[1]), recorder))
    for _ in range(2):
        state, down = await recorder.states.get()
        while state is LinkState.CONNECTING:
            state, down = await recorder.states.get()
        assert state in (LinkState.DISCONNECTED, LinkState.REFUSED)
        assert down.cause is not DownCause.CLOSED
    odd.close()


# ---- the end -----------------------------------------------------------------------------


async def test_close_while_up_while_waiting_and_before_running(
    venue: Any, lan: Any, recorder: Any
) -> None:
    identity = venue.machine("s1", lan.port)
    link = station_link(identity, recorder)
    task = asyncio.create_task(link.run())
    await recorder.ups.get()
    await link.close()
    await task
    assert (await recorder.downs.get()).cause is DownCause.CLOSED
    assert link.state is LinkState.CLOSED

    await lan.stop()
    link = station_link(identity, recorder)
    task = asyncio.create_task(link.run())
    await recorder.until(LinkState.DISCONNECTED)
    await link.close()
    await task
    assert recorder.downs.empty()  # never was up

    link = station_link(identity, recorder)
    await link.close()
    assert link.state is LinkState.CLOSED
    await link.run()  # has nothing to do any more


async def test_cancelling_is_not_closing(venue: Any, lan: Any, recorder: Any) -> None:
    link = station_link(venue.machine("s1", lan.port), recorder)
    task = asyncio.create_task(link.run())
    await recorder.ups.get()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert link.state is LinkState.CLOSED


async def test_a_bug_in_the_handler_is_not_swallowed(venue: Any, lan: Any, recorder: Any) -> None:
    def bug(_message: Message) -> None:
        raise KeyError("bug")

    recorder.on_message = bug
    link = station_link(venue.machine("s1", lan.port), recorder)
    task = asyncio.create_task(link.run())
    (await lan.peers.get()).say(LoginAllowed("R1"))
    with pytest.raises(KeyError):
        await task
    assert link.state is LinkState.CLOSED


def test_every_state_is_reachable_and_only_closed_is_final() -> None:
    reachable = set().union(*link_state.TRANSITIONS.values()) | {LinkState.DISCONNECTED}
    assert reachable == set(LinkState) == set(link_state.TRANSITIONS)
    finals = [state for state, then in link_state.TRANSITIONS.items() if not then]
    assert finals == [LinkState.CLOSED]


# ---- the other transports ----------------------------------------------------------------


async def test_the_command_line_uses_a_unix_socket(
    venue: Any, lan_server: Any, recorder: Any, running: Any, tmp_path: Any
) -> None:
    server = lan_server(venue)
    server.unix = tmp_path / "control"
    server.rule = lambda peer, m: peer.say(Done(m.n, {"ok": True}))
    await server.start()
    endpoint = UnixEndpoint(server.unix)
    link = running(Link(endpoint, "/console", decode_to_console, recorder))
    await recorder.ups.get()
    assert await link.request(GetStatus(0)) == Done(1, {"ok": True})
    await server.stop()
    assert (await recorder.downs.get()).cause is DownCause.LOST


def test_the_same_link_runs_on_uvloop(venue: Any, lan_server: Any, recorder: Any) -> None:
    async def day() -> None:
        server = lan_server(venue)
        server.rule = pong
        await server.start()
        link = station_link(venue.machine("s1", server.port), recorder)
        task = asyncio.create_task(link.run())
        await recorder.ups.get()
        assert await link.request(TimePing(0, 1.0)) == TimePong(1, 1.0, 5.0, 1.0)
        await server.stop()
        assert (await recorder.downs.get()).cause is DownCause.LOST
        await server.start()
        await recorder.ups.get()
        await link.close()
        await task
        await server.stop()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(day())
