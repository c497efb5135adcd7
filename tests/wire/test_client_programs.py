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
from venue_server.wire.chain import ResponseEntry, genesis, seal_entry
from venue_server.wire.console_orders import AllowLogin, ConsoleHello, SignIn, SignOut, VerifyLedger
from venue_server.wire.console_views import (
    Board,
    Done,
    RoomChanged,
    RoomView,
    SeatChanged,
    SeatView,
    SignedIn,
    VenueChanged,
    VenueView,
)
from venue_server.wire.messages import PROTOCOL_VERSION, PaperSeal, Refused, TimePing, TimePong
from venue_server.wire.names import Mode, Role, SeatLink, SittingState, SubmitKind
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.station_messages import (
    AcknowledgeRules,
    CandidateBrief,
    ConfirmIdentity,
    Heartbeat,
    LoggedIn,
    LogIn,
    LoginAllowed,
    PaperOffer,
    PaperOpened,
    PaperReady,
    Save,
    SaveAck,
    SittingView,
    StationHello,
    Submit,
    SubmitReceipt,
)
from venue_server.wire.wiping_orders import PaperWiped

SITTING = SittingView(
    "sit-1",
    SittingState.LOGGED_IN,
    CandidateBrief("考生", "0101", "1***X", "R1", "01"),
    None,
    0,
    "",
)


def entry(seq: int, text: str) -> ResponseEntry:
    return seal_entry(
        ResponseEntry("sit-1", seq, "response", "i1", {"R": [text]}, {}, 5, genesis("sit-1"))
    )


@pytest.fixture
def hello() -> StationHello:
    return StationHello(PROTOCOL_VERSION, "test", "", "sit-1", 7)


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
    station: StationClient, lan: Any, recorder: Any, hello: StationHello
) -> None:
    def rule(peer: Any, message: Any) -> None:
        if isinstance(message, TimePing):
            peer.say(TimePong(message.n, message.mono_ms, 1_800_000_000_000.0, 1.0))
            if message.n == 1:  # more follow if the line is slow
                peer.say(LoginAllowed("R1"))

    lan.rule = rule
    assert await recorder.messages.get() == LoginAllowed("R1")
    assert lan.heard.get_nowait() == hello
    assert station.clock.known
    assert abs(station.clock.now_ms() - 1_800_000_000_000) < 5_000


async def test_h08_every_new_connection_says_hello_again(
    station: StationClient, lan: Any, recorder: Any, hello: StationHello
) -> None:
    assert await lan.heard.get() == hello
    (await lan.peers.get()).hang_up()
    await recorder.downs.get()
    while (heard := await lan.heard.get()) != hello:
        assert isinstance(heard, TimePing)


async def test_a_stations_conversations(station: StationClient, lan: Any, recorder: Any) -> None:
    def rule(peer: Any, message: Any) -> None:
        match message:
            case LogIn(n=n, id_number="wrong"):
                peer.say(Refused(n, RefusalCode.ID_MISMATCH))
            case LogIn(n=n) | ConfirmIdentity(n=n) | AcknowledgeRules(n=n):
                peer.say(LoggedIn(n, SITTING))
            case Submit(n=n, kind=kind, head=head):
                peer.say(SubmitReceipt(n, "sit-1", kind, head, "CODE", 9))
            case Save(entries=entries):
                peer.say(SaveAck("sit-1", entries[-1].seq, entries[-1].hash))
            case _:
                pass

    lan.rule = rule
    await recorder.ups.get()
    assert await station.log_in("0101", "wrong") == Refusal(RefusalCode.ID_MISMATCH)
    assert isinstance(await station.log_in("0101", "right"), LoggedIn)
    assert isinstance(await station.confirm_identity("sit-1"), LoggedIn)
    assert isinstance(await station.acknowledge_rules("sit-1", "v1"), LoggedIn)
    assert station.save("sit-1", [entry(1, "A"), entry(2, "B")])
    assert await recorder.messages.get() == SaveAck("sit-1", 2, entry(2, "B").hash)
    receipt = await station.submit("sit-1", SubmitKind.AUTO, 2, "h")
    assert isinstance(receipt, SubmitReceipt)
    assert receipt.head == "h"


async def test_a_stations_one_way_messages(station: StationClient, lan: Any, recorder: Any) -> None:
    assert not station.heartbeat(0, 0, "WAITING")
    await recorder.ups.get()
    seal = PaperSeal("P1", "A", "12ab", True)
    assert station.paper_ready(PaperOffer(seal, "/papers/P1/A", 3, "ff"))
    assert station.paper_opened("sit-1", 5)
    assert station.heartbeat(1, 2, "ANSWER", ["FOCUS_LOST"])
    assert station.paper_wiped("P1")
    heard = [await lan.heard.get() for _ in range(6)]
    assert heard[2:] == [
        PaperReady("P1", "A", "ff"),
        PaperOpened("sit-1", 5),
        Heartbeat(1, 2, "ANSWER", ["FOCUS_LOST"]),
        PaperWiped("P1"),
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


def seat(number: str, answered: int = 0) -> SeatView:
    return SeatView(number, f"s{number}", SeatLink.ONLINE, answered=answered)


def room(submitted: int = 0) -> RoomView:
    return RoomView("R1", "1", None, None, False, None, 2, 0, 0, 0, submitted, 0)


def whole_venue(armed: bool = False) -> VenueView:
    return VenueView(
        "v", "考点", Mode.REHEARSAL, "hq", True, "s", None, None, None, [], release_armed=armed
    )


def test_the_board_follows_what_is_told() -> None:
    board = BoardState()
    assert not board.current
    assert board.apply(Board(whole_venue(), [room()], {"R1": [seat("01"), seat("02")]}))
    assert board.current
    assert board.apply(SeatChanged("R1", seat("02", 5)))
    assert board.apply(SeatChanged("R2", seat("01")))
    assert board.apply(RoomChanged(room(1)))
    assert board.apply(VenueChanged(whole_venue(armed=True)))
    assert not board.apply(Done(1))
    assert board.seats["R1"]["02"].answered == 5
    assert board.seats["R1"]["01"].answered == 0
    assert board.rooms["R1"].submitted == 1
    assert board.venue is not None
    assert board.venue.release_armed
    assert board.apply(Board(whole_venue(), [], {}))
    assert board.seats == {}


async def test_sign_in_order_board_and_sign_out(
    console: ConsoleClient, lan: Any, recorder: Any
) -> None:
    def rule(peer: Any, message: Any) -> None:
        match message:
            case SignIn(n=n, password="wrong"):
                peer.say(Refused(n, RefusalCode.SIGN_IN_FAILED))
            case SignIn(n=n, person_id=person):
                peer.say(SignedIn(n, person, "主考", [Role.CHIEF], []))
                peer.say(Board(whole_venue(), [room()], {"R1": [seat("01")]}))
            case AllowLogin(n=n):
                peer.say(Done(n, {"stations": 12}))
            case SignOut(n=n):
                peer.say(Done(n))
            case _:
                pass

    lan.rule = rule
    await recorder.ups.get()
    assert await lan.heard.get() == ConsoleHello(PROTOCOL_VERSION, "test")
    assert await console.sign_in("chief", "wrong") == Refusal(RefusalCode.SIGN_IN_FAILED)
    assert console.signed_in is None
    signed_in = await console.sign_in("chief", "right")
    assert console.signed_in == signed_in
    assert isinstance(await recorder.messages.get(), Board)
    assert recorder.boards == 1
    assert console.board.seats["R1"]["01"] == seat("01")
    done = await console.order(AllowLogin(0, "R1"))
    assert isinstance(done, Done)
    assert done.result == {"stations": 12}
    assert isinstance(await console.sign_out(), Done)
    assert console.signed_in is None
    assert console.board.seats == {}


async def test_a_lost_connection_ends_the_sign_in_and_marks_the_board_old(
    console: ConsoleClient, lan: Any, recorder: Any
) -> None:
    def rule(peer: Any, message: Any) -> None:
        match message:
            case SignIn(n=n):
                peer.say(Board(whole_venue(), [room()], {}))
                peer.say(SignedIn(n, "chief", "主考", [Role.CHIEF], []))
            case VerifyLedger():
                peer.hang_up()
            case _:
                pass

    lan.rule = rule
    await recorder.ups.get()
    await console.sign_in("chief", "right")
    assert console.board.current
    with pytest.raises(LinkDown):
        await console.order(VerifyLedger(0))
    await recorder.downs.get()
    assert console.signed_in is None
    assert not console.board.current
    assert console.board.rooms  # still shown, marked old
