"""The pages of the evening at 150 % on the smallest screen: places of answers, sealing, hand-over,
keeping and wiping, with every dialog of two that they ask with (L01, L04, L09-L11, M01-M07)."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QDialog

from invigilator_app.screens.second_dialog import SecondDialog
from tests.screens import venue_answers
from tests.screens.console.sight import cut_off
from venue_server.wire.backup_orders import GetBackups
from venue_server.wire.console_orders import UploadSession
from venue_server.wire.console_views import Done
from venue_server.wire.handover_orders import GetHandOvers
from venue_server.wire.names import DataState, PackageState, SessionState
from venue_server.wire.record_orders import GetCloseCheck
from venue_server.wire.swap_orders import GetSwaps
from venue_server.wire.wiping_orders import (
    GetAnswers,
    GetHoldings,
    GetWipeCertificate,
    GetWipeCheck,
)

SMALLEST = {"zoom": 150, "size": (1366, 768)}
SWAP = {
    "at_ms": 1_795_309_400_000,
    "room_id": "01",
    "from_seat": "01",
    "to_seat": "91",
    "reason": "键盘失灵，更换后仍不能输入",
    "persons": "inv-01-1,admin-a",
}
BRANCH = {
    "sitting_id": "s1.01",
    "room_id": "01",
    "seat_no": "01",
    "machine_id": "station-old",
    "machine_seat": "01",
    "verdict": "PEOPLE",
    "open": True,
    "items": [
        {"item_id": f"Q{at:02}", "at_ms": SWAP["at_ms"], "stand": "CONFLICT"} for at in (7, 8)
    ],
}


def hand_over_standing() -> dict[str, Any]:
    """One session, exported to a medium, whose upload does not succeed."""
    one = {
        "session_id": venue_answers.SESSION,
        "state": "EXPORTED",
        "exports": [{"medium": "U-01", "at_ms": 1}],
        "hand_overs": [],
    }
    rows = [["上报 / upload", "6 次未成 / 6 attempts failed", "wait"]]
    return {"sections": [{"title": one["session_id"], "rows": rows}], "sessions": [one]}


@pytest.fixture
def evening(start: Any, make: Any) -> Callable[..., Any]:
    """A console after the end; ``data``: how far the answers are."""

    def begin(data: DataState, who: str = "both", **looks: Any) -> Any:
        venue = make.venue(
            session_state=SessionState.ENDED,
            package_state=PackageState.ENDED,
            data_state=data,
        )
        room = make.room(1, session_state=SessionState.ENDED, present=37, absent=2)
        first = make.board(venue, [room], {"r1": make.mixed_seats(1)})
        line = make.FakeLine(now=make.START + 95 * make.MINUTE, first=first)
        told = {
            GetAnswers: venue_answers.answers(True),
            GetBackups: venue_answers.backups(),
            GetHoldings: venue_answers.holdings(),
            GetWipeCheck: venue_answers.wipe_check(),
            GetWipeCertificate: venue_answers.wipe_certificate(),
            GetCloseCheck: venue_answers.closing(),
            GetHandOvers: hand_over_standing(),
            GetSwaps: {"swaps": [SWAP], "branches": [BRANCH]},
        }
        line.replies = {kind: lambda _o, told=told: Done(0, told) for kind, told in told.items()}
        console = start(line, **(SMALLEST | looks))
        console.sign_in(who)
        return console

    return begin


def bring_up(console: Any, name: str) -> Any:
    """An administrator's tab, with what it shows."""
    duty = console.window.duty
    duty.open_page(duty.admin)
    tab = getattr(duty.admin, name)
    duty.admin.tabs.setCurrentWidget(tab)
    shown: dict[str, Callable[[], bool]] = {
        "answers": lambda: tab.people.rowCount() == 37,
        "swaps": lambda: tab.branches.rowCount() == 1,
        "close_check": lambda: tab.table.rowCount() > 10,
        "hand_over": lambda: tab.session.count() == 1,
        "kept": lambda: tab.session.count() == 2,
    }
    console.until(shown[name])
    return tab


def all_is_read(console: Any, page: str) -> None:
    """Layouts settle in the event loop, later on a busy machine."""
    found: list[str] = []

    def nothing_cut() -> bool:
        found[:] = cut_off(console, page)
        return not found

    try:
        console.until(nothing_cut)
    finally:
        assert found == []


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", ["answers", "swaps", "close_check", "hand_over", "kept"])
def test_h07_pages_about_answers_are_read_whole(evening: Any, name: str, language: str) -> None:
    console = evening(DataState.BACKED_UP, language=language)
    bring_up(console, name)
    all_is_read(console, name)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("name", "press"),
    [
        ("hand_over", "export"),
        ("hand_over", "over"),
        ("kept", "scores"),
        ("kept", "hold"),
        ("swaps", "take"),
    ],
)
def test_l10_every_dialog_of_two_fits_the_smallest_screen(
    evening: Any, qtbot: Any, name: str, press: str, language: str
) -> None:
    console = evening(DataState.BACKED_UP, language=language)
    tab = bring_up(console, name)
    if name != "kept":
        tab.folder.setText("/media/u1")
    getattr(tab, press).click()
    (asked,) = [each for each in console.window.findChildren(SecondDialog) if each.isVisible()]
    all_is_read(console, press)
    asked.sign.click()  # nothing is filled in: what is wrong is said, and is read as well
    assert asked.isVisible() and asked.problem.isVisible()
    all_is_read(console, f"{press} refused")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_l11_the_check_and_the_certificate_come_into_sight(evening: Any, language: str) -> None:
    console = evening(DataState.BACKED_UP, language=language)
    tab = bring_up(console, "kept")
    tab.session.setCurrentText(venue_answers.EARLIER)
    for pressed in (tab.check, tab.wiped):
        pressed.click()
        console.until(lambda: tab.proof.isVisible() and not tab.proof.visibleRegion().isEmpty())
        all_is_read(console, "kept with proof")


def test_m07_a_shut_button_says_why_before_anybody_presses_it(evening: Any) -> None:
    console = evening(DataState.BACKED_UP, language="zh", zoom=100, size=(1280, 1024))
    tab = bring_up(console, "kept")
    assert tab.session.currentText() == venue_answers.SESSION
    assert not tab.wipe.isEnabled() and "未取得上报回执" in tab.wipe.toolTip()
    shut = tab.destroying["answers"]
    assert not shut.isEnabled() and "成绩公布日期未录入" in shut.toolTip()
    tab.session.setCurrentText(venue_answers.EARLIER)
    assert not tab.wipe.isEnabled() and "已经清除" in tab.wipe.toolTip()
    assert tab.wiped.isEnabled() and not tab.wiped.toolTip()
    assert shut.toolTip() == "保管期未满"


def test_m01_how_long_things_are_kept_is_told_and_is_no_point_to_close(evening: Any) -> None:
    console = evening(DataState.BACKED_UP, language="zh", zoom=100, size=(1280, 1024))
    table = bring_up(console, "close_check").table
    rows = [[table.item(y, x).text() for x in range(1, 4)] for y in range(table.rowCount())]
    assert ["保管期限：作答数据", "· 供查阅", "自成绩公布起24个月"] in rows
    assert ["9 台账校验通过", "✓ 已办结", ""] in rows


def test_h07_those_at_risk_stand_first_and_it_is_said_what_to_do(evening: Any) -> None:
    console = evening(DataState.BACKED_UP, language="zh", zoom=100, size=(1280, 1024))
    tab = bring_up(console, "answers")
    assert [tab.people.item(at, 1).text() for at in range(3)] == ["07", "11", "01"]
    said = tab.outcome.text.text()
    assert "勿关该机" in said and "第二块盘" in said


def test_l09_an_upload_that_waits_says_why_in_words(evening: Any) -> None:
    console = evening(DataState.SEALED, language="zh", zoom=100, size=(1280, 1024))
    waits = {"attempts": 6, "next_attempt_ms": 1_795_320_000_000, "problem": "no receipt yet"}
    console.line.replies[UploadSession] = lambda _order: Done(0, {"pending": waits})
    page = console.window.duty.data
    console.window.duty.open_page(page)
    page.upload.click()
    (asked,) = [each for each in page.findChildren(QDialog) if each.isVisible()]
    asked.yes.click()
    console.until(lambda: "等待总部出具回执" in page.outcome.text.text())
    assert "6 次" in page.outcome.text.text()


def test_a_result_far_below_comes_into_sight(evening: Any, qtbot: Any) -> None:
    """The import's button stands at the end of a long page, its result at the top."""
    console = evening(DataState.BACKED_UP, language="zh")
    tab = bring_up(console, "swaps")
    tab.take.setFocus()
    tab.outcome.warn("已导入，有日志不完整")
    console.until(lambda: not tab.outcome.visibleRegion().isEmpty())
