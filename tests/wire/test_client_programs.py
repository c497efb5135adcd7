"""StationClient and ConsoleClient: hello, time, typed conversations, the board."""

from typing import Any

import msgspec
import pytest

from venue_server.client.console import BoardState, ConsoleClient
from venue_server.client.endpoint import TlsEndpoint
from venue_server.client.link_state import LinkDown
from venue_server.client.station import (
    SAVE_FRAME_BYTES,
    SAVE_FRAME_ENTRIES,
    StationClient,
    save_parts,
)
from venue_server.client.time_sync import BURST
from venue_server.wire import messages as m
from venue_server.wire.chain import ResponseEntry, genesis, seal_entry
from venue_server.wire.names import Mode, Role, SeatLink, SittingState, SubmitKind
from venue_server.wire.refusals import Refusal, RefusalCode

SITTING = m.SittingView(
    "sit-1",
    SittingState.LOGGED_IN,
    m.CandidateBrief("考生", "0101", "1***X", "R1", "01"),
    None,
    0,
    "",
)


def entry(seq: int, text: str) -> ResponseEntry:
    return seal_entry(
        ResponseEntry("sit-1", seq, "response", "i1", {"R": [text]}, {}, 5, genesis("sit-1"))
    )


@pytest.fixture
def hello() -> m.StationHello:
    return m.StationHello(m.PROTOCOL_VERSION, "test", "", "sit-1", 7)


@pytest.fixture
async def station(venue: Any, lan: Any, recorder: Any, running: Any, hello: Any) -> StationClient:
    endpoint = TlsEndpoint(venue.machine("s1", lan.port))
    client: StationClient = running(StationClient(endpoint, recorder, lambda: hello))
    return client


@pytest.fixture
async def console(venue: Any, lan: Any, recorder: Any, running: Any) -> ConsoleClient:
    endpoint = TlsEndpoint(venue.machine("c1", lan.port, "console"))
    client: ConsoleClient = running(ConsoleClient(endpoint, recorder, "test"))
    return client


async def test_hello_first_then_the_time(
    station: StationClient, lan: Any, recorder: Any, hello: m.StationHello
) -> None:
    def rule(peer: Any, message: Any) -> None:
        if isinstance(message, m.TimePing):
            peer.say(m.TimePong(message.n, message.mono_ms, 1_800_000_000_000.0, 1.0))
            if message.n == BURST:
                peer.say(m.LoginAllowed("R1"))

    lan.rule = rule
    assert await recorder.messages.get() == m.LoginAllowed("R1")
    assert lan.heard.get_nowait() == hello
    assert station.clock.known
    assert abs(station.clock.now_ms() - 1_800_000_000_000) < 5_000


async def test_h08_every_new_connection_says_hello_again(
    station: StationClient, lan: Any, recorder: Any, hello: m.StationHello
) -> None:
    assert await lan.heard.get() == hello
    (await lan.peers.get()).hang_up()
    await recorder.downs.get()
    while (heard := await lan.heard.get()) != hello:
        assert isinstance(heard, m.TimePing)


async def test_a_stations_conversations(station: StationClient, lan: Any, recorder: Any) -> None:
    def rule(peer: Any, message: Any) -> None:
        match message:
            case m.LogIn(n=n, id_number="wrong"):
                peer.say(m.Refused(n, RefusalCode.ID_MISMATCH))
            case m.LogIn(n=n) | m.ConfirmIdentity(n=n) | m.AcknowledgeRules(n=n):
                peer.say(m.LoggedIn(n, SITTING))
            case m.Submit(n=n, kind=kind, head=head):
                peer.say(m.SubmitReceipt(n, "sit-1", kind, head, "CODE", 9))
            case m.Save(entries=entries):
                peer.say(m.SaveAck("sit-1", entries[-1].seq, entries[-1].hash))
            case _:
                pass

    lan.rule = rule
    await recorder.ups.get()
    assert await station.log_in("0101", "wrong") == Refusal(RefusalCode.ID_MISMATCH)
    assert isinstance(await station.log_in("0101", "right"), m.LoggedIn)
    assert isinstance(await station.confirm_identity("sit-1"), m.LoggedIn)
    assert isinstance(await station.acknowledge_rules("sit-1", "v1"), m.LoggedIn)
    assert station.save("sit-1", [entry(1, "A"), entry(2, "B")])
    assert await recorder.messages.get() == m.SaveAck("sit-1", 2, entry(2, "B").hash)
    receipt = await station.submit("sit-1", SubmitKind.AUTO, 2, "h")
    assert isinstance(receipt, m.SubmitReceipt)
    assert receipt.head == "h"


async def test_a_stations_one_way_messages(station: StationClient, lan: Any, recorder: Any) -> None:
    assert not station.heartbeat(0, 0, "WAITING")
    await recorder.ups.get()
    seal = m.PaperSeal("P1", "A", "12ab", True)
    assert station.paper_ready(m.PaperOffer(seal, "/papers/P1/A", 3, "ff"))
    assert station.paper_opened("sit-1", 5)
    assert station.heartbeat(1, 2, "ANSWER", ["FOCUS_LOST"])
    assert station.paper_wiped("P1")
    heard = [await lan.heard.get() for _ in range(6)]
    assert heard[2:] == [
        m.PaperReady("P1", "A", "ff"),
        m.PaperOpened("sit-1", 5),
        m.Heartbeat(1, 2, "ANSWER", ["FOCUS_LOST"]),
        m.PaperWiped("P1"),
    ]


def test_h08_a_long_backlog_is_sent_in_frames_of_bounded_size() -> None:
    backlog = [entry(seq, "长" * 20_000) for seq in range(1, 30)]
    parts = save_parts(backlog)
    assert [e for part in parts for e in part] == backlog
    assert len(parts) > 1
    for part in parts:
        assert len(msgspec.json.encode(part)) < SAVE_FRAME_BYTES + 1000
    assert save_parts([]) == []
    short = [entry(seq, "A") for seq in range(1, 2 * SAVE_FRAME_ENTRIES + 2)]
    assert [len(p) for p in save_parts(short)] == [SAVE_FRAME_ENTRIES, SAVE_FRAME_ENTRIES, 1]
    essay = entry(1, "x" * (2 * SAVE_FRAME_BYTES))
    assert save_parts([essay, entry(2, "y")]) == [[essay], [entry(2, "y")]]


# ---- console -----------------------------------------------------------------------------


def seat(number: str, answered: int = 0) -> m.SeatView:
    return m.SeatView(number, f"s{number}", SeatLink.ONLINE, answered=answered)


def room(submitted: int = 0) -> m.RoomView:
    return m.RoomView("R1", "1", None, None, False, None, 2, 0, 0, 0, submitted, 0)


def whole_venue(armed: bool = False) -> m.VenueView:
    return m.VenueView(
        "v", "考点", Mode.REHEARSAL, "hq", True, "s", None, None, None, [], release_armed=armed
    )


def test_the_board_follows_what_is_told() -> None:
    board = BoardState()
    assert not board.current
    assert board.apply(m.Board(whole_venue(), [room()], {"R1": [seat("01"), seat("02")]}))
    assert board.current
    assert board.apply(m.SeatChanged("R1", seat("02", 5)))
    assert board.apply(m.SeatChanged("R2", seat("01")))
    assert board.apply(m.RoomChanged(room(1)))
    assert board.apply(m.VenueChanged(whole_venue(armed=True)))
    assert not board.apply(m.Done(1))
    assert board.seats["R1"]["02"].answered == 5
    assert board.seats["R1"]["01"].answered == 0
    assert board.rooms["R1"].submitted == 1
    assert board.venue is not None
    assert board.venue.release_armed
    assert board.apply(m.Board(whole_venue(), [], {}))
    assert board.seats == {}


async def test_sign_in_order_board_and_sign_out(
    console: ConsoleClient, lan: Any, recorder: Any
) -> None:
    def rule(peer: Any, message: Any) -> None:
        match message:
            case m.SignIn(n=n, password="wrong"):
                peer.say(m.Refused(n, RefusalCode.SIGN_IN_FAILED))
            case m.SignIn(n=n, person_id=person):
                peer.say(m.SignedIn(n, person, "主考", [Role.CHIEF], []))
                peer.say(m.Board(whole_venue(), [room()], {"R1": [seat("01")]}))
            case m.AllowLogin(n=n):
                peer.say(m.Done(n, {"stations": 12}))
            case m.SignOut(n=n):
                peer.say(m.Done(n))
            case _:
                pass

    lan.rule = rule
    await recorder.ups.get()
    assert await lan.heard.get() == m.ConsoleHello(m.PROTOCOL_VERSION, "test")
    assert await console.sign_in("chief", "wrong") == Refusal(RefusalCode.SIGN_IN_FAILED)
    assert console.signed_in is None
    signed_in = await console.sign_in("chief", "right")
    assert console.signed_in == signed_in
    assert isinstance(await recorder.messages.get(), m.Board)
    assert recorder.boards == 1
    assert console.board.seats["R1"]["01"] == seat("01")
    done = await console.order(m.AllowLogin(0, "R1"))
    assert isinstance(done, m.Done)
    assert done.result == {"stations": 12}
    assert isinstance(await console.sign_out(), m.Done)
    assert console.signed_in is None
    assert console.board.seats == {}


async def test_a_lost_connection_ends_the_sign_in_and_marks_the_board_old(
    console: ConsoleClient, lan: Any, recorder: Any
) -> None:
    def rule(peer: Any, message: Any) -> None:
        match message:
            case m.SignIn(n=n):
                peer.say(m.Board(whole_venue(), [room()], {}))
                peer.say(m.SignedIn(n, "chief", "主考", [Role.CHIEF], []))
            case m.VerifyLedger():
                peer.hang_up()
            case _:
                pass

    lan.rule = rule
    await recorder.ups.get()
    await console.sign_in("chief", "right")
    assert console.board.current
    with pytest.raises(LinkDown):
        await console.order(m.VerifyLedger(0))
    await recorder.downs.get()
    assert console.signed_in is None
    assert not console.board.current
    assert console.board.rooms  # still shown, marked old
