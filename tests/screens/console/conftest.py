"""A realistic venue of 40 seats a room, and a line that speaks the real message structs."""

import asyncio
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication
from shiboken6 import delete

from invigilator_app.actions.orders import Answer, NoAnswer, Order
from invigilator_app.app import load_language
from invigilator_app.board.view import BoardMessage
from invigilator_app.desk import Desk
from invigilator_app.link.bridge import Bridge
from invigilator_app.link.port import Line, LinePhase, PortListener
from invigilator_app.screens.texts import Texts
from invigilator_app.screens.window import ConsoleWindow
from venue_server.wire.codec import decode_console, decode_to_console, encode
from venue_server.wire.console_orders import SignIn
from venue_server.wire.console_views import (
    Board,
    ConsoleWelcome,
    Done,
    ReadyLine,
    RoomView,
    SeatView,
    SignedIn,
    VenueView,
)
from venue_server.wire.frames import Message, Second
from venue_server.wire.messages import PaperSeal, Refused, SessionBrief, Timing
from venue_server.wire.names import (
    DataState,
    MediaClass,
    Mode,
    PackageState,
    ReadyKind,
    ReadyVerdict,
    Role,
    SeatLink,
    SessionState,
    SittingState,
    SubmitKind,
)
from venue_server.wire.people_orders import ChangePassword
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.wiping_orders import AtRisk

START = 1_795_309_200_000  # 2026-11-22 09:00 Beijing time
MINUTE = 60_000
TIMING = Timing(START, START + 5 * MINUTE, START + 75 * MINUTE, START + 90 * MINUTE)
_FAMILY = "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗"
_GIVEN = "伟芳秀英敏静丽强磊军洋勇艳杰娟涛明超霞平"


def brief(mode: Mode = Mode.REHEARSAL, media: MediaClass = MediaClass.NORMAL) -> SessionBrief:
    return SessionBrief(
        "20261122-1",
        "2026年度经济专业技术资格考试",
        "JJ-02",
        "工商管理专业知识和实务（中级）",
        START,
        5400,
        media,
        mode,
    )


def name(at: int) -> str:
    if at == 16:
        return "古丽娜尔·买买提江"
    if at == 22:
        return "欧阳震华"
    return _FAMILY[at % 20] + _GIVEN[(at * 7) % 20] + (_GIVEN[(at * 3 + 5) % 20] if at % 3 else "")


def seat(at: int, room_no: int = 1, **changes: object) -> SeatView:
    """Seat ``at`` (1-based) of a running room, answering unless changed."""
    fields: dict[str, object] = {
        "seat_no": f"{at:02}",
        "station_id": f"st-{room_no}{at:03}",
        "link": SeatLink.ONLINE,
        "paper": "open",
        "ticket_no": f"3601{room_no:03}{at:05}",
        "name": name(at),
        "sitting_id": f"s-{room_no}-{at}",
        "state": SittingState.IN_PROGRESS,
        "answered": (at * 13) % 80,
        "unsynced": 0,
        "last_seen_ms": START + 40 * MINUTE,
    }
    return SeatView(**(fields | changes))  # type: ignore[arg-type]


def mixed_seats(room_no: int = 1, count: int = 40) -> list[SeatView]:
    """A room with every state a seat can be in."""
    special: dict[int, dict[str, object]] = {
        3: {"state": SittingState.ABSENT, "paper": "verified", "answered": 0},
        5: {"state": SittingState.SCHEDULED, "paper": "verified", "answered": 0},
        7: {
            "link": SeatLink.OFFLINE,
            "unsynced": 12,
            "last_seen_ms": START + 38 * MINUTE,
            "at_risk": AtRisk(12, START + 38 * MINUTE, 57, START + 20 * MINUTE, unheard=True),
        },
        9: {"alerts": ["HAND_RAISED"]},
        12: {"state": SittingState.ADMITTED, "paper": "none", "answered": 0},
        14: {"state": SittingState.LOGGED_IN, "paper": "verified", "answered": 0},
        15: {"state": SittingState.RULES_ACK, "paper": "keyed", "answered": 0},
        18: {"state": SittingState.SUBMITTED, "submit_kind": SubmitKind.EARLY},
        19: {"state": SittingState.EXITED, "submit_kind": SubmitKind.EARLY},
        21: {"state": SittingState.IDENTITY_DOUBT, "answered": 0},
        24: {"alerts": ["DUPLICATE_LOGIN:2-017"]},
        27: {"unsynced": 23},
        30: {"alerts": ["USB_INSERTED:1-4 0951:1666"]},
        40: {"ticket_no": "", "name": "", "sitting_id": "", "state": None, "answered": 0},
    }
    return [seat(at, room_no, **special.get(at, {})) for at in range(1, count + 1)]


def room(room_no: int = 1, **changes: object) -> RoomView:
    fields: dict[str, object] = {
        "room_id": f"r{room_no}",
        "name": f"第{room_no}考场",
        "session": brief(),
        "session_state": SessionState.STARTED,
        "login_allowed": True,
        "timing": TIMING,
        "scheduled": 39,
        "admitted": 36,
        "present": 35,
        "absent": 1,
        "submitted": 2,
        "answers_at_risk": 35,
        "invigilators_present": 2,
    }
    return RoomView(**(fields | changes))  # type: ignore[arg-type]


def venue(**changes: object) -> VenueView:
    fields: dict[str, object] = {
        "venue_id": "3601-07",
        "venue_name": "南昌市第七中学考点",
        "mode": Mode.REHEARSAL,
        "clock_source": "国家授时中心",
        "clock_trusted": True,
        "session_id": "20261122-1",
        "session_state": SessionState.STARTED,
        "package_state": PackageState.RELEASED,
        "data_state": DataState.COLLECTING,
        "seals": [PaperSeal("JJ02-2026-1", "A", "7F3A-91C4-0B2E", True)],
        "release_at_ms": START,
        "release_armed": True,
        "release_key_present": True,
        "stations_ready": 79,
        "stations_total": 80,
        "backup_ready": True,
    }
    return VenueView(**(fields | changes))  # type: ignore[arg-type]


TWO_SEALS = [
    PaperSeal("JJ02-2026-1", "A", "7F3A91C4", True),
    PaperSeal("JJ02-2026-1", "B", "0B2E55D1", True),
]
RESERVES = [PaperSeal("JJ02-2026-R", "R", "C0FFEE42", True)]


def ready_lines(**verdicts: ReadyVerdict) -> list[ReadyLine]:
    """The server's go/no-go board: everything GO but what is named."""
    return [
        ReadyLine(
            kind,
            verdicts.get(kind.value, ReadyVerdict.GO),
            78 if kind is ReadyKind.STATIONS else 0,
            80 if kind is ReadyKind.STATIONS else 0,
            ["r1-12"] if verdicts.get(kind.value) is ReadyVerdict.OVERRIDE else [],
        )
        for kind in ReadyKind
    ]


def board(
    of: VenueView | None = None,
    rooms: list[RoomView] | None = None,
    seats: dict[str, list[SeatView]] | None = None,
) -> Board:
    return Board(
        of or venue(),
        rooms if rooms is not None else [room(1), room(2, name="第2考场（语音室）")],
        seats if seats is not None else {"r1": mixed_seats(1), "r2": mixed_seats(2)},
    )


PEOPLE = {
    "zhukao": SignedIn(0, "zhukao", "周立新", [Role.CHIEF], []),
    "admin": SignedIn(0, "admin", "陈晓东", [Role.SYSADMIN], []),
    "both": SignedIn(0, "both", "Sun Zheng", [Role.CHIEF, Role.SYSADMIN], []),
    "jiankao1": SignedIn(0, "jiankao1", "李文静", [Role.INVIGILATOR], ["r1"]),
    "liudong": SignedIn(0, "liudong", "刘洋", [Role.ROVING], ["r1"]),
    "zhuren": SignedIn(0, "zhuren", "吴建国", [Role.ZONE_DIRECTOR], []),
    "xunshi": SignedIn(0, "xunshi", "赵国强", [Role.INSPECTOR], []),
}
PASSWORD = "correct horse battery"
ONE_TIME_CODE = "ABCD-EFGH-JKMN"


def through_second(person_id: str) -> Second:
    """The second signature as it should arrive."""
    return Second(person_id, PASSWORD)


def through_the_wire(message: Message) -> object:
    """What the other side would decode: every test message is a legal frame."""
    read = decode_to_console if isinstance(message, _TO_CONSOLE) else decode_console
    return read(encode(message))


_TO_CONSOLE = (Board, Done, Refused, SignedIn, ConsoleWelcome)


@dataclass
class FakeLine:
    """A ConsolePort without a network. ``replies`` maps an order's type to its answer."""

    now: int = START + 40 * MINUTE
    welcome: ConsoleWelcome = field(
        default_factory=lambda: ConsoleWelcome("南昌市第七中学考点", Mode.REHEARSAL)
    )
    first: Board | None = None
    replies: dict[type, Callable[[Order], Answer]] = field(default_factory=dict)
    orders: list[Order] = field(default_factory=list)
    begin: Line = field(default_factory=lambda: Line(LinePhase.SIGN_IN))
    listener: PortListener | None = None
    factors: dict[str, str] = field(default_factory=dict)  # second factors by account
    renewed: list[ChangePassword] = field(default_factory=list)

    async def run(self, listener: PortListener) -> None:
        self.listener = listener
        listener.line(self.begin)
        listener.welcome(self.welcome)
        await asyncio.Event().wait()

    async def change_password(
        self, person_id: str, present: str, password: str, totp: str = ""
    ) -> Done | Refused | None:
        sent = through_the_wire(ChangePassword(1, person_id, present, password, totp))
        assert isinstance(sent, ChangePassword)
        if sent.present != ONE_TIME_CODE:
            return Refused(1, RefusalCode.SIGN_IN_FAILED)
        self.renewed.append(sent)
        return Done(1)

    async def sign_in(
        self, person_id: str, password: str, totp: str = ""
    ) -> SignedIn | Refused | None:
        sent = through_the_wire(SignIn(1, person_id, password, totp))
        assert isinstance(sent, SignIn)
        if password == ONE_TIME_CODE:
            return Refused(1, RefusalCode.PASSWORD_TO_SET)
        if person_id in self.factors and sent.totp != self.factors[person_id]:
            wrong = RefusalCode.TOTP_WRONG if sent.totp else RefusalCode.TOTP_NEEDED
            return Refused(1, wrong)
        if sent.person_id not in PEOPLE or sent.password != PASSWORD:
            return Refused(1, RefusalCode.SIGN_IN_FAILED)
        self.tell(Line(LinePhase.ON_DUTY))
        self.send(self.first or board())
        return PEOPLE[sent.person_id]

    async def sign_out(self) -> None:
        self.tell(Line(LinePhase.SIGN_IN))

    async def order(self, order: Order) -> Answer:
        decoded = through_the_wire(order)
        assert decoded == order, "the order is not what the contract says"
        self.orders.append(order)
        reply = self.replies.get(type(order))
        answer = reply(order) if reply else Done(0)
        if not isinstance(answer, NoAnswer):
            assert through_the_wire(answer) == answer
        return answer

    def now_ms(self) -> int | None:
        return self.now

    def send(self, message: BoardMessage) -> None:
        """As the loop's thread would call it."""
        assert self.listener is not None
        self.listener.board(message)

    def tell(self, line: Line) -> None:
        assert self.listener is not None
        self.listener.line(line)


@dataclass
class Console:
    """A whole console over a fake line."""

    line: FakeLine
    bridge: Bridge
    window: ConsoleWindow
    desk: Desk
    qtbot: object

    def sign_in(self, person_id: str) -> None:
        form = self.window.sign_in.form
        with self.qtbot.waitSignal(self.bridge.board_changed):  # type: ignore[attr-defined]
            form.person.setText(person_id)
            form.password.setText(PASSWORD)
            form.enter.click()

    def until(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(true)  # type: ignore[attr-defined]

    def board(self, message: BoardMessage) -> None:
        with self.qtbot.waitSignal(self.bridge.board_changed):  # type: ignore[attr-defined]
            self.line.send(message)


@pytest.fixture
def make() -> object:
    """The builders of this file, because test files do not import each other."""
    import sys

    return sys.modules[__name__]


@pytest.fixture
def start(qtbot) -> Iterator[Callable[..., Console]]:
    """Start a console: ``start(line, language=..., zoom=..., size=...)``."""
    running: list[Console] = []
    translators = []

    def begin(
        line: FakeLine | None = None,
        language: str = "zh",
        zoom: int = 100,
        size: tuple[int, int] = (1280, 1024),
    ) -> Console:
        app = QApplication.instance()
        translators.append(load_language(app, language))
        line = line or FakeLine()
        bridge = Bridge(line)
        window = ConsoleWindow(Texts(language), zoom)
        desk = Desk(bridge, window)
        window.resize(*size)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        with qtbot.waitSignal(bridge.welcomed):
            bridge.start()
        console = Console(line, bridge, window, desk, qtbot)
        running.append(console)
        return console

    yield begin
    for console in running:
        console.bridge.stop()
        console.window.close()
        delete(console.window)
    # What the next one builds is styled once, at its end, and not at every step.
    QApplication.instance().setStyleSheet("")
    for translator in translators:
        if translator is not None:
            QApplication.instance().removeTranslator(translator)
