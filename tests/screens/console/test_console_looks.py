"""What people see: nothing clipped at 150 %, no Chinese left in English, colour never alone."""

import re
from collections.abc import Iterator

import msgspec
import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QTabBar,
    QTableWidget,
)

from invigilator_app.board.seat_state import SeatDisplay
from invigilator_app.board.view import RoomBoard
from invigilator_app.link.port import Line, LinePhase
from invigilator_app.screens import theme
from invigilator_app.screens.reason_dialog import ReasonDialog
from invigilator_app.screens.seat_map import SeatMap
from invigilator_app.screens.seat_style import STYLES, Shape
from invigilator_app.screens.second_dialog import SecondDialog
from invigilator_app.screens.texts import Texts
from invigilator_app.screens.theme import sheet
from tests.screens.console.sight import clipped, cut_off, visible
from venue_server.client.link_state import Down, DownCause
from venue_server.client.link_words import explained
from venue_server.wire.alarms import Alarm, AlarmCode
from venue_server.wire.console_orders import (
    Admit,
    GetRoomRecord,
    GetStatus,
    ListEnrolments,
    Reconcile,
)
from venue_server.wire.console_views import Done
from venue_server.wire.incident_orders import GetIncidents, GetViolations
from venue_server.wire.inspection_orders import GetInspection
from venue_server.wire.messages import Refused
from venue_server.wire.names import (
    DataState,
    PackageState,
    ReadyVerdict,
    SessionState,
    SittingState,
)
from venue_server.wire.record_orders import GetCloseCheck, GetStatistics
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.wiping_orders import GetAnswers, GetHoldings

CJK = re.compile(r"[\u2e80-\u2fff\u3005-\u3007\u3400-\u9fff\uf900-\ufaff]")


INSPECTED = {
    "state": "SEAL_BROKEN",
    "checks": [
        {
            "check_id": "STA-APP",
            "title": "考试机程序一致 / the same program at every station",
            "mandatory": True,
            "asked": False,
            "expected": "a1b2",
            "measured": "7 / 8",
            "verdict": "FAIL",
            "names": ["r1-07"],
            "person": "admin",
            "at_ms": 1_795_309_200_000,
            "run": 1,
        }
    ],
    "open": ["STA-APP"],
}


def plain(make, over: bool):
    """A line whose every datum is ASCII, so that any Chinese on the screen is the program's."""
    at = make.START + (95 if over else -5) * make.MINUTE
    state = SessionState.ENDED if over else SessionState.LOGIN_ALLOWED
    brief = msgspec.structs.replace(make.brief(), exam_title="Exam", subject_title="Subject")
    seats = [
        msgspec.structs.replace(seat, name=f"Person {seat.seat_no}" if seat.name else "")
        for seat in make.mixed_seats(1)
    ]
    seats[29] = msgspec.structs.replace(seats[29], alerts=["FOCUS_LOST"])
    if not over:
        seats = [
            msgspec.structs.replace(
                seat, state=SittingState.RULES_ACK if seat.ticket_no else None, submit_kind=None
            )
            for seat in seats
        ]
    line = make.FakeLine(
        now=at,
        first=make.board(
            make.venue(
                venue_name="Venue 7",
                clock_source="headquarters",
                clock_state="HOLDOVER",
                clock_uncertainty_ms=1_250,
                clock_age_s=94 * 60,
                session_state=state,
                package_state=PackageState.ENDED if over else PackageState.COMPLETE,
                release_armed=False,
                seals=make.TWO_SEALS,
                reserves=make.RESERVES,
                ready=[]
                if over
                else make.ready_lines(
                    STATIONS=ReadyVerdict.OVERRIDE,
                    RECEIPT=ReadyVerdict.WARN,
                    RELEASE_KEY=ReadyVerdict.WAIT,
                ),
                data_state=DataState.BACKED_UP if over else None,
                alarms=[Alarm(AlarmCode.BACKUP_MISSING, {"folder": "/srv/kaodian/backup-2"})],
            ),
            [make.room(1, name="Room 1", session=brief, session_state=state)],
            {"r1": seats},
        ),
    )
    line.welcome = msgspec.structs.replace(line.welcome, venue_name="Venue 7")
    line.replies = {
        Admit: lambda order: Refused(0, RefusalCode.ADMISSION_CLOSED),
        GetStatus: lambda order: Done(
            0,
            {
                "sections": [{"title": "考点 / venue", "rows": [["台账 / ledger", "12", "wait"]]}],
                "next": ["监考 / invigilate", "上报 / upload"],
            },
        ),
        ListEnrolments: lambda order: Done(0, {"waiting": []}),
        GetInspection: lambda order: Done(0, INSPECTED),
        GetIncidents: lambda order: Done(0, {"incidents": []}),
        GetViolations: lambda order: Done(0, {"violations": [], "observations": []}),
        Reconcile: lambda order: Done(
            0,
            {
                "session_id": "s",
                "rows": [],
                "scheduled": 39,
                "present": 37,
                "absent": 2,
                "consistent": True,
            },
        ),
        GetRoomRecord: lambda order: Done(
            0,
            {
                "record": {"Present": 37, "Note": "-"},
                "content_hash": "9f" * 32,
                "signatures": [],
                "required": ["CHIEF", "INVIGILATOR"],
                "points": [
                    {"point": "a", "about": {"code": "RMK-90", "args": {"ticket": "360100100005"}}}
                ],
            },
        ),
        GetCloseCheck: lambda order: Done(
            0,
            {
                "closed": False,
                "sections": [
                    {
                        "title": "s",
                        "rows": [
                            [
                                "1 结果 / 1 everyone has exactly one outcome",
                                "已办结 / closed",
                                "ok",
                            ],
                            [
                                "3 签名 / 3 every room record is signed",
                                "缺 / room 1: missing",
                                "bad",
                            ],
                        ],
                    }
                ],
                "next": ["主考：签名 / chief: room 1: signatures are missing"],
            },
        ),
        GetAnswers: lambda order: Done(
            0,
            {
                "session_id": "s",
                "sections": [
                    {
                        "title": "作答去向 / answers",
                        "rows": [
                            ["考点只有一处的作答 / on one disk only", "57", "bad"],
                            ["考试机失联的作答 / stations silent", "1", "wait"],
                        ],
                    }
                ],
                "rows": [answers_of(7, 12, 57), answers_of(8, 0, 0)],
            },
        ),
        GetHoldings: lambda order: Done(0, HELD),
        GetStatistics: lambda order: Done(
            0,
            {
                "rows": [
                    {
                        "scheduled": 39,
                        "present": 37,
                        "absent": 2,
                        "room_id": "r1",
                        "session_id": "s",
                    },
                    {"scheduled": 39, "present": 37, "absent": 2},
                ],
                "warnings": [
                    {"code": "RMK-113", "args": {"room": "r1", "count": "9", "percent": "30"}}
                ],
            },
        ),
    }
    return line


HELD = {
    "sessions": [
        {
            "session_id": "s",
            "home": True,
            "begun": False,
            "wiped": False,
            "hold": "",
            "published_on": None,
            "due": [],
            "destroyed": [],
        }
    ],
    "sections": [{"title": "s", "rows": [["清除 / wiping", "未清除 / not wiped", "wait"]]}],
    "next": ["[s] 系统管理员、主考：清除 / [s] administrator and chief: wipe"],
}


def answers_of(seat_no: int, only_station: int, one_disk: int) -> dict[str, object]:
    return {
        "room_id": "r1",
        "seat_no": f"{seat_no:02}",
        "ticket_no": f"3601001000{seat_no:02}",
        "place": "STATION" if only_station else "SECOND",
        "station": 69,
        "server": 57,
        "second": 0 if one_disk else 57,
        "backup": 0,
        "backups": 0,
        "headquarters": 0,
        "only_station": only_station,
        "station_since_ms": 1_795_310_000_000 if only_station else 0,
        "one_disk": one_disk,
        "disk_since_ms": 1_795_310_000_000 if one_disk else 0,
        "unheard": bool(only_station),
    }


def walk(console, over: bool) -> Iterator[str]:
    """Bring up every page and dialog in turn; yields its name once it stands."""
    duty = console.window.duty
    duty.rooms.jump("07")
    yield "rooms"
    for tab in ("incidents", "violations", "observations"):
        duty.open_page(duty.incidents)
        duty.incidents.tabs.setCurrentWidget(getattr(duty.incidents, tab))
        yield tab
    if not over:
        duty.open_page(duty.ceremony)
        yield "ceremony"
        duty.ceremony.show_code(True)
        yield "code"
        duty.ceremony.show_code(False)
        duty.ceremony.override.setChecked(True)
        duty.ceremony.arm.click()
        yield "second"
        console.window.findChild(SecondDialog).reject()
        duty.ceremony.safeguards.freeze.click()
        yield "freeze"
        console.window.findChild(ReasonDialog).reject()
        duty.open_page(duty.rooms)
        duty.rooms.admit.click()
        form = duty.rooms.admission
        form.ticket.setText("360100100005")
        form.id_number.textEdited.emit("11010519491231002")
        form.id_checked.setChecked(True)
        form.ticket_checked.setChecked(True)
        form.submit.click()
        console.until(lambda: "ADM-01" in form.outcome.head.text())
        yield "admission"
        form.close()
        return
    duty.open_page(duty.closing)
    duty.closing.reconcile.click()
    console.until(lambda: duty.closing.outcome.isVisible())
    yield "closing"
    duty.open_page(duty.record)
    duty.record.load.click()
    console.until(lambda: duty.record.record is not None)
    yield "record"
    duty.open_page(duty.data)
    yield "data"
    duty.open_page(duty.admin)
    console.until(lambda: duty.admin.status.table.rowCount() == 1)
    for at in range(4):
        duty.admin.tabs.setCurrentIndex(at)
        yield f"admin-{at}"
    for at in range(duty.admin.tabs.count()):
        duty.admin.tabs.setCurrentIndex(at)
        if duty.admin.tabs.currentWidget() is duty.admin.close_check:
            console.until(lambda: duty.admin.close_check.table.rowCount() == 2)
        if duty.admin.tabs.currentWidget() is duty.admin.answers:
            console.until(lambda: duty.admin.answers.people.rowCount() == 2)
        if duty.admin.tabs.currentWidget() is duty.admin.kept:
            console.until(lambda: duty.admin.kept.standing.table.rowCount() == 1)
        if duty.admin.tabs.currentWidget() is duty.admin.prints:
            console.until(lambda: duty.admin.prints.table.rowCount() == 2)
        yield f"admin-{at}"


def texts_of(console) -> list[str]:
    """Every word on the screen, tool tips and column headings included."""
    found: list[str] = []
    for each in visible(console, QLabel) + visible(console, QPushButton):
        found += [each.text(), each.toolTip()]
    found += [each.text() for each in visible(console, QCheckBox)]
    found += [each.placeholderText() for each in visible(console, QLineEdit)]
    for box in visible(console, QComboBox):
        found += [box.itemText(at) for at in range(box.count())]
    for bar in visible(console, QTabBar):
        found += [bar.tabText(at) for at in range(bar.count())]
    for table in visible(console, QTableWidget):
        columns, rows = range(table.columnCount()), range(table.rowCount())
        found += [table.horizontalHeaderItem(at).text() for at in columns]
        found += [table.item(y, x).text() for y in rows for x in columns]
    listed = console.window.duty.rooms.attention.list
    found += [listed.item(at).text() for at in range(listed.count())]
    model = console.window.duty.rooms.map.seats
    for y in range(model.rowCount()):
        found += [str(model.data(model.index(y, x)) or "") for x in range(model.columnCount())]
    return found


def test_the_measure_of_clipping_finds_a_clipped_text(qtbot) -> None:
    wrapped, single = QLabel("word " * 40), QLabel("one long line of words")
    wrapped.setWordWrap(True)
    for each in (wrapped, single):
        qtbot.addWidget(each)
        each.resize(1000, 1000)
        assert not clipped(each)
        each.resize(60, 20)
        assert clipped(each)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("over", [False, True], ids=["before", "after"])
def test_nothing_is_clipped_at_150_percent_on_the_smallest_screen(
    start, make, qtbot, language: str, over: bool
) -> None:
    console = start(plain(make, over), language=language, zoom=150, size=(1366, 768))
    console.sign_in("both")
    for page in walk(console, over):

        def settled(page: str = page) -> None:
            assert console.window.width() == 1366 and console.window.height() == 768, page
            assert faults(console, page, language) == []

        # Layouts settle in the event loop, later on a busy machine.
        qtbot.waitUntil(settled, timeout=10_000)


def faults(console, page: str, language: str) -> list[str]:
    """What is cut off, out of sight, or in the wrong language on the page that is up."""
    wrong = cut_off(console, page)
    if language == "en":
        wrong += [f"{page}: {text}" for text in texts_of(console) if CJK.search(text)]
    return wrong


def test_the_sign_in_page_is_english_in_english(start, make) -> None:
    console = start(plain(make, False), language="en")
    assert [text for text in texts_of(console) if CJK.search(text)] == []
    assert "REHEARSAL" in console.window.sign_in.banner.text()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("phase", [LinePhase.CONNECTING, LinePhase.ENROL_REFUSED])
def test_no_line_says_what_happened_and_what_to_do(start, make, language, phase) -> None:
    """A code, the address and what to check; nothing of the operating system's words."""
    begin = Line(LinePhase.CONNECTING if phase is LinePhase.CONNECTING else LinePhase.ENROLLING)
    console = start(make.FakeLine(begin=begin), language=language, zoom=150, size=(1366, 768))
    why = explained(Down(DownCause.UNREACHABLE, "ClientConnectorError", address="10.0.0.1:7443"))
    console.line.tell(Line(phase, "UNREACHABLE ClientConnectorError", why))
    page = console.window.sign_in
    console.until(lambda: "[LNK-02]" in page.notice.text())
    said = page.notice_head.text() + page.notice.text()
    assert "10.0.0.1:7443" in said and "ClientConnectorError" not in said
    assert bool(CJK.search(said)) == (language == "zh")
    # Layouts settle in the event loop, later on a busy machine.
    console.until(lambda: not clipped(page.notice_head) and not clipped(page.notice))


def test_colour_is_never_alone() -> None:
    """Every seat state has words and a shape of its own, whatever the colours."""
    texts = Texts("zh")
    assert set(STYLES) == set(SeatDisplay)
    shapes = [style.shape for style in STYLES.values()]
    assert len(set(shapes)) == len(shapes)
    assert [state for state, style in STYLES.items() if style.shape is Shape.NONE] == [
        SeatDisplay.EMPTY
    ]
    words = [texts.seat(state) for state in SeatDisplay]
    assert all(words) and len(set(words)) == len(words)


def luminance(color: str) -> float:
    """WCAG 2.2 relative luminance."""
    parts = []
    for value in QColor(color).getRgbF()[:3]:
        parts.append(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4)
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize("state", list(SeatDisplay))
def test_the_words_on_a_seat_are_readable(state: SeatDisplay) -> None:
    style = STYLES[state]
    light, dark = sorted((luminance(style.fill), luminance(style.ink)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_zoom_scales_every_size_but_never_to_nothing() -> None:
    large = sheet(150)
    assert "font-size: 16.50pt" in large and "border: 1px" in large
    assert "@" not in large and "0px" not in large.replace("10px", "").replace("30px", "").replace(
        "20px", ""
    )


def test_zoom_by_keyboard_keeps_all_seats_in_the_map(start, qtbot) -> None:
    console = start()
    console.sign_in("jiankao1")
    footer, rooms = console.window.duty.footer, console.window.duty.rooms
    assert footer.percent.text() == "100%"
    footer.larger.click()
    assert footer.percent.text() == "110%"
    footer.smaller.click()
    assert footer.percent.text() == "100%"
    last = rooms.map.visualRect(rooms.map.seats.index_of("40"))
    assert rooms.map.viewport().rect().contains(last), "40 seats fit without scrolling"


@pytest.mark.parametrize("count", [7, 40, 100])
def test_o02_the_map_comes_to_rest_at_every_size(qtbot, qapp, make, count: int) -> None:
    """A scroll bar that comes and goes must not lay the map out again and again."""
    theme.apply(qapp, 150)
    seat_map = SeatMap(Texts("en"))
    qtbot.addWidget(seat_map)
    seats = {each.seat_no: each for each in make.mixed_seats(1, count)}
    seat_map.set_room(RoomBoard(make.room(1), seats))
    resets: list[int] = []
    seat_map.seats.modelReset.connect(lambda: resets.append(1))
    seat_map.show()
    for height in (150, 230, 330, 420, 520, 565, 567, 620):
        for width in range(700, 1000, 7):
            resets.clear()
            seat_map.resize(width, height)
            assert len(resets) <= 1, (width, height)


def test_at_risk_words_at_a_seat_are_not_cut(start, make) -> None:
    """They take two lines where others take one."""
    console = start(size=(1280, 1024))
    console.sign_in("both")
    console.window.duty.rooms.jump("07")
    chip = console.window.duty.rooms.details.values["unsynced"]
    console.until(lambda: "12" in chip.text() and not clipped(chip))


def test_o02_a_hundred_seats_fit_and_no_word_is_cut(start, make) -> None:
    seats = {"r1": make.mixed_seats(1, 100)}
    first = make.board(make.venue(), [make.room(1, scheduled=99)], seats)
    console = start(make.FakeLine(first=first), size=(1280, 1024))
    console.sign_in("jiankao1")
    seat_map = console.window.duty.rooms.map
    last = seat_map.visualRect(seat_map.seats.index_of("100"))
    assert seat_map.viewport().rect().contains(last)
    delegate = seat_map.itemDelegate()
    needed = delegate.needed(seat_map.font(), delegate.scale)
    assert last.width() >= needed.width() and last.height() >= needed.height()
