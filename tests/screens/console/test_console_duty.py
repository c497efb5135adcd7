"""值班与签到 and labels of backup media: what is seen, which orders go out (A10-A14, L04)."""

from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from invigilator_app.printing.backup_labels import backup_labels
from invigilator_app.printing.people_sheets import duty_card
from venue_server.wire.backup_orders import BackupLabel, Backups, GetBackups
from venue_server.wire.console_views import Done
from venue_server.wire.duty_orders import (
    DutyView,
    EnterShift,
    GetDuty,
    PresenceView,
    ShiftView,
    StaffHere,
    WithdrawShift,
)
from venue_server.wire.names import Role
from venue_server.wire.people_orders import GetPeople
from venue_server.wire.people_views import OrganisationBook, PeopleView, PersonView

HOUR = 3_600_000
BEGINS = 1_795_258_800_000
SHIFT = ShiftView(4, "xitong1", "安宁", "考务办公室", "0791-12345", BEGINS, BEGINS + 8 * HOUR)
VIEW = DutyView(
    hours=[(BEGINS, BEGINS + 17 * HOUR)],
    until_ms=BEGINS + 17 * HOUR,
    override_ms=0,
    shifts=[SHIFT],
    gaps=[(BEGINS + 8 * HOUR, BEGINS + 17 * HOUR)],
    present=[
        PresenceView("jiankao1", "李文静", "B-07", BEGINS, 0),
        PresenceView("jiankao3", "陈强", "B-09", BEGINS, BEGINS + HOUR),
    ],
)
PEOPLE = PeopleView(
    "s",
    [
        PersonView(
            "xitong1",
            "安宁",
            [Role.SYSADMIN],
            [Role.SYSADMIN],
            [],
            here=True,
            active=True,
            planned=True,
        )
    ],
    [],
    {},
    [],
    0,
    [],
)
LABEL = BackupLabel(
    session_id="s",
    line="南昌考区-第一考点-第1考场-s",
    exam_title="经济专业技术资格考试",
    subject_title="经济基础",
    start_ms=BEGINS,
    number=1,
    total=2,
    target="backup-1",
    medium_id="m-1",
    serial="SER<1>",
    file="s.tar",
    size=10,
    sha256="ab" * 32,
    digest="ab" * 8,
    verified_at_ms=BEGINS,
    took_ms=1,
    keeper="档案室",
)


def done(value: Any) -> Any:
    return lambda _order: Done(0, msgspec.json.decode(msgspec.json.encode(value)))


@pytest.fixture
def open_tab(start: Any, make: Any) -> Any:
    """The duty page of a console where the chief is signed in: (console, tab)."""

    def begin(**options: Any) -> tuple[Any, Any]:
        line = make.FakeLine()
        line.replies = {GetDuty: done(VIEW), GetPeople: done(PEOPLE)}
        console = start(line, **options)
        console.sign_in("zhukao")
        duty = console.window.duty
        duty.open_page(duty.admin)
        duty.admin.tabs.setCurrentWidget(duty.admin.duty)
        console.until(lambda: duty.admin.duty.view is not None and duty.admin.duty.who.count())
        return console, duty.admin.duty

    return begin


def test_a10_a_scanner_types_a_badge_and_enter(open_tab: Any) -> None:
    console, tab = open_tab()
    QTest.keyClicks(tab.badge, "B-07")
    QTest.keyClick(tab.badge, Qt.Key.Key_Return)
    console.until(lambda: StaffHere(0, "B-07", here=True) in console.line.orders)
    assert tab.badge.text() == "", "ready for the next one"
    QTest.keyClick(tab.badge, Qt.Key.Key_Return)
    tab.badge.setText("B-09")
    tab.left.click()
    console.until(lambda: StaffHere(0, "B-09", here=False) in console.line.orders)
    assert sum(isinstance(each, StaffHere) for each in console.line.orders) == 2, "nothing empty"


def test_a13_a14_hours_gaps_and_shifts_are_said_in_words(open_tab: Any) -> None:
    _console, tab = open_tab()
    assert "现在是值班时段" in tab.hours.text()
    assert tab.gaps.text().startswith("△ 无人值班")
    assert tab.shifts.item(0, 3).text() == "考务办公室"
    assert tab.present.item(1, 4).text() != ""


def test_a13_the_chief_enters_and_withdraws_a_shift(open_tab: Any) -> None:
    console, tab = open_tab()
    assert not tab.enter.isEnabled(), "where?"
    tab.place.setText("监控室")
    tab.enter.click()
    wanted = EnterShift(0, "xitong1", "监控室", "", BEGINS, BEGINS + 17 * HOUR)
    console.until(lambda: wanted in console.line.orders)
    tab.shifts.selectRow(0)
    assert not tab.withdraw.isEnabled(), "why?"
    tab.reason.setText("换人")
    tab.withdraw.click()
    console.until(lambda: WithdrawShift(0, 4, "换人") in console.line.orders)


def test_a13_the_duty_card_has_the_shifts() -> None:
    book = OrganisationBook("考点", "考试", "p", [VIEW.hours[0]], [], [])
    assert "值班班次" not in duty_card(book)
    assert "0791-12345" in duty_card(msgspec.structs.replace(book, shifts=[SHIFT]))


def test_l04_a_label_has_place_medium_serial_and_the_whole_digest(open_tab: Any) -> None:
    html = backup_labels([LABEL])
    for said in (LABEL.line, "SER&lt;1&gt;", "ab" * 32, "档案室", "1 / 2", "密封人"):
        assert said in html
    assert "没有校验过的备份" in backup_labels([])
    console, _tab = open_tab()
    prints = console.window.duty.admin.prints
    console.window.duty.admin.tabs.setCurrentWidget(prints)
    saved: list[str] = []
    prints._save = lambda _name, html: saved.append(html)
    console.line.replies[GetBackups] = done(Backups([], [LABEL], 1))
    prints.labels.click()
    console.until(lambda: bool(saved))
    assert LABEL.line in saved[0]
