"""换机 at the console: the wizard of two people, the seats, and what the office decides."""

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit

from invigilator_app.screens.second_dialog import SecondDialog
from invigilator_app.screens.swap_dialog import SwapDialog
from tests.screens.console.hands import dialog, press, sign_second
from venue_server.wire.console_views import Done, SeatView
from venue_server.wire.names import SeatLink, SittingState
from venue_server.wire.swap_orders import (
    DecideBranch,
    GetSpares,
    GetSwaps,
    ImportStationJournal,
    Keep,
    SwapStation,
)

SPARES = {"spares": [{"seat_no": "91", "why": ""}, {"seat_no": "92", "why": "OFFLINE"}]}
BRANCH = {
    "sitting_id": "s1.01",
    "room_id": "01",
    "seat_no": "01",
    "machine_id": "station-old",
    "machine_seat": "01",
    "verdict": "PEOPLE",
    "open": True,
    "items": [{"item_id": "Q07", "at_ms": 1_795_309_500_000, "stand": "CONFLICT"}],
}
SWAP = {
    "at_ms": 1_795_309_400_000,
    "room_id": "01",
    "from_seat": "01",
    "to_seat": "91",
    "reason": "键盘失灵",
    "persons": "inv-01-1,admin-a",
}


SWAPS = {"swaps": [SWAP], "branches": [BRANCH]}


def room_with_swap(make):
    """Seat 05 goes on at the spare 91."""
    seats = [
        msgspec.structs.replace(seat, moved_to="91") if seat.seat_no == "05" else seat
        for seat in make.mixed_seats(1)
    ]
    spare = SeatView("91", "station-91", SeatLink.ONLINE, "open", guest_of="05")
    return make.board(seats={"r1": [*seats, spare], "r2": make.mixed_seats(2)})


def wizard(start, make, qtbot, spares=SPARES, language="zh"):
    line = make.FakeLine()
    line.replies[GetSpares] = lambda order: Done(0, spares)
    console = start(line, language=language)
    console.sign_in("jiankao1")
    page = console.window.duty.rooms
    seat = next(
        each.seat_no
        for each in make.mixed_seats(1)
        if each.state is SittingState.IN_PROGRESS and each.sitting_id
    )
    page.jump(seat)
    console.until(page.swap.isEnabled)
    press(qtbot, page.swap)
    console.until(lambda: any(d.isVisible() for d in console.window.findChildren(SwapDialog)))
    return console, dialog(console, SwapDialog)


def office(start, make, qtbot, who, language="zh", size=(1280, 1024), zoom=100):
    line = make.FakeLine(first=room_with_swap(make))
    line.replies[GetSwaps] = lambda order: Done(0, SWAPS)
    console = start(line, language=language, size=size, zoom=zoom)
    console.sign_in(who)
    duty = console.window.duty
    duty.open_page(duty.admin)
    duty.admin.tabs.setCurrentWidget(duty.admin.swaps)
    console.until(lambda: duty.admin.swaps.branches.rowCount() == 1)
    return console, duty.admin.swaps


def test_f12_a_swap_takes_a_spare_a_reason_the_comparison_and_two_people(
    start, make, qtbot
) -> None:
    console, asked = wizard(start, make, qtbot)
    assert [asked.spare.itemText(at) for at in range(asked.spare.count())] == ["91"]
    assert not asked.sign.isEnabled()
    asked.reason.setText("键盘失灵")
    assert not asked.sign.isEnabled() and "照片" in asked.problem.text()
    qtbot.keyClick(asked.compared, Qt.Key.Key_Space)
    sign_second(qtbot, console, make, "admin")
    console.until(lambda: "已换机" in console.window.duty.rooms.outcome.head.text())
    sent = console.line.orders[-1]
    assert isinstance(sent, SwapStation)
    assert (sent.seat_no, sent.reason, sent.person_confirmed) == ("91", "键盘失灵", True)
    assert sent.second.person_id == "admin"


def test_f12_without_a_spare_nothing_can_be_signed(start, make, qtbot) -> None:
    _console, asked = wizard(start, make, qtbot, {"spares": [{"seat_no": "92", "why": "OFFLINE"}]})
    asked.reason.setText("键盘失灵")
    asked.compared.setChecked(True)
    assert not asked.sign.isEnabled() and "没有可用的备用机" in asked.problem.text()


def test_f12_the_seats_say_where_the_candidate_sits(start, make) -> None:
    console = start(make.FakeLine(first=room_with_swap(make)))
    console.sign_in("jiankao1")
    page = console.window.duty.rooms
    page.jump("05")
    assert page.details.values["moved"].text() == "换机：05→91"
    page.jump("91")
    assert page.details.values["moved"].text() == "备用机，供机位 05 使用"
    spoken = page.map.seats.data(page.map.seats.index_of("05"))
    assert "换机到 91" in spoken


def test_f24_the_chief_decides_with_a_reason_and_an_administrator(start, make, qtbot) -> None:
    console, tab = office(start, make, qtbot, "zhukao")
    assert "两机均作答" in tab.branches.item(0, 3).text()
    assert not tab.chain.isEnabled()
    tab.branches.setCurrentCell(0, 0)
    press(qtbot, tab.branch)
    asked = dialog(console, SecondDialog)
    asked.findChildren(QLineEdit)[0].setText("监控确认")
    sign_second(qtbot, console, make, "admin")
    console.until(lambda: any(isinstance(each, DecideBranch) for each in console.line.orders))
    (sent,) = [each for each in console.line.orders if isinstance(each, DecideBranch)]
    assert (sent.sitting_id, sent.machine_id, sent.keep) == ("s1.01", "station-old", Keep.BRANCH)
    assert sent.reason == "监控确认"


def test_l02_an_administrator_takes_a_dead_stations_journals_in(start, make, qtbot) -> None:
    console, tab = office(start, make, qtbot, "admin")
    taken = {
        "sitting_id": "s1.01",
        "verdict": "TAKEN",
        "journal_seq": 9,
        "server_seq": 7,
        "now_seq": 9,
        "kept_aside": 0,
        "damaged": False,
    }
    console.line.replies[ImportStationJournal] = lambda order: Done(0, {"journals": [taken]})
    assert not tab.take.isEnabled()
    tab.folder.setText("/media/stick")
    press(qtbot, tab.take)
    sign_second(qtbot, console, make, "zhukao")
    console.until(lambda: "7 → 9" in tab.outcome.text.text())


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "zh",
            (
                "日志缺第 2 至 3 条",
                "第 5-7 条已丢失",
                "s2.01：不是本考点",
                "（不明）：日志或其密钥",
            ),
        ),
        (
            "en",
            ("lacks 2 to 3", "5-7 lost", "s2.01: not of this venue", "(not known): the journal"),
        ),
    ],
)
def test_f25_what_a_journal_lacks_and_why_one_was_not_taken_is_said(
    start, make, qtbot, language, words
) -> None:
    console, tab = office(start, make, qtbot, "admin", language)
    counts = {"journal_seq": 1, "server_seq": 3, "now_seq": 3, "kept_aside": 2}
    none = dict.fromkeys(counts, 0)
    found = [
        {"sitting_id": "s1.01", "verdict": "TAKEN", **counts, "damaged": True}
        | {"gap_from": 2, "gap_to": 3, "lost": "5-7"},
        {"sitting_id": "s2.01", "verdict": "FOREIGN", **none, "damaged": False},
        {"sitting_id": "", "verdict": "UNREADABLE", **none, "damaged": True},
    ]
    console.line.replies[ImportStationJournal] = lambda order: Done(0, {"journals": found})
    tab.folder.setText("/media/stick")
    press(qtbot, tab.take)
    sign_second(qtbot, console, make, "zhukao")
    console.until(lambda: all(each in tab.outcome.text.text() for each in words))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "zh",
            (
                "s1.01（✓ 已验签 station-1）",
                "s1.02（✗ 有未签名的改动 station-2）",
                "；2 条未经证明，已另存待裁定 [SWP-12]",
                "s1.03（△ 无签名）：未并入作答；该导出没有完成",
            ),
        ),
        (
            "en",
            (
                "s1.01 (✓ signed station-1)",
                "s1.02 (✗ altered behind the signature station-2)",
                "; 2 not proved, kept aside for two people [SWP-12]",
                "s1.03 (△ no signature): no answer was merged; the export was cut short",
            ),
        ),
    ],
)
def test_f25_what_a_signature_proves_is_said_for_every_journal(
    start, make, qtbot, language, words
) -> None:
    console, tab = office(start, make, qtbot, "admin", language)
    counts = {"journal_seq": 1, "server_seq": 1, "now_seq": 1, "kept_aside": 0, "damaged": False}
    found = [
        {"sitting_id": "s1.01", "verdict": "TAKEN", **counts}
        | {"proof": "SIGNED", "signed_by": "station-1"},
        {"sitting_id": "s1.02", "verdict": "TAKEN", **counts, "unproved": 2, "code": "SWP-12"}
        | {"proof": "ALTERED", "signed_by": "station-2"},
        {"sitting_id": "s1.03", "verdict": "REFUSED", **counts, "code": "SWP-11"}
        | {"proof": "UNSIGNED", "unfinished": True},
    ]
    console.line.replies[ImportStationJournal] = lambda order: Done(0, {"journals": found})
    tab.folder.setText("/media/stick")
    press(qtbot, tab.take)
    sign_second(qtbot, console, make, "zhukao")
    console.until(lambda: all(each in tab.outcome.text.text() for each in words))
    title = {"zh": "有未经证明的数据，未全部导入", "en": "Not all was taken in: some is not proved"}
    assert title[language] in tab.outcome.head.text()


def test_f25_what_is_not_proved_is_accepted_with_a_reason_and_for_once(start, make, qtbot) -> None:
    console, tab = office(start, make, qtbot, "admin")
    console.line.replies[ImportStationJournal] = lambda order: Done(0, {"journals": []})
    tab.folder.setText("/media/disk")
    qtbot.keyClick(tab.accept, Qt.Key.Key_Space)
    assert tab.accept.isChecked() and not tab.take.isEnabled(), "a reason is wanted"
    tab.reason.setText("整机损坏，硬盘一直由两人保管")
    press(qtbot, tab.take)
    said = [each.text() for each in dialog(console, SecondDialog).findChildren(QLabel)]
    assert any("无法证明来源" in each for each in said)
    sign_second(qtbot, console, make, "zhukao")
    console.until(lambda: any(isinstance(e, ImportStationJournal) for e in console.line.orders))
    (sent,) = [each for each in console.line.orders if isinstance(each, ImportStationJournal)]
    assert (sent.accept_unproved, sent.reason) == (True, "整机损坏，硬盘一直由两人保管")
    assert not tab.accept.isChecked()


def test_f25_a_branch_that_nothing_proves_does_not_go_by_the_machines_name(
    start, make, qtbot
) -> None:
    line = make.FakeLine(first=room_with_swap(make))
    unproved = BRANCH | {"machine_id": "unproved:station-7", "machine_seat": ""}
    line.replies[GetSwaps] = lambda order: Done(0, {"swaps": [], "branches": [unproved]})
    console = start(line)
    console.sign_in("zhukao")
    duty = console.window.duty
    duty.open_page(duty.admin)
    duty.admin.tabs.setCurrentWidget(duty.admin.swaps)
    tab = duty.admin.swaps
    console.until(lambda: tab.branches.rowCount() == 1)
    assert tab.branches.item(0, 2).text() == "△ 未经证明（自称 station-7）"


def test_rarer_orders_are_in_a_menu_whatever_the_size_of_the_screen(start, make) -> None:
    """What stands below a seat's details may be out of sight; the menu names it with its key."""
    console = start(make.FakeLine())
    console.sign_in("both")
    page = console.window.duty.rooms
    menu = page.more.menu()
    menu.aboutToShow.emit()
    shown = {entry.text(): entry.isEnabled() for entry in menu.actions()}
    assert shown == {each.text(): each.isEnabled() for each in (page.swap, page.credit, page.book)}
    assert len(shown) == 3
