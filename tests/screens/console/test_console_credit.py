"""One seat's time and exceptions at the console (I07, I10, G01, H06)."""

from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QSpinBox

from invigilator_app.screens.credit_dialog import CreditDialog
from invigilator_app.screens.reason_dialog import ReasonDialog
from invigilator_app.screens.second_dialog import SecondDialog
from venue_server.wire.console_views import Done, SeatChanged
from venue_server.wire.credit_orders import (
    Credit,
    CreditReason,
    DecideTime,
    EndBreak,
    ExitReason,
    ExitSpecially,
    GapCause,
    GetCredits,
    GetLostTime,
    LostTime,
    ProposeTime,
    ReopenSitting,
    RevokeTime,
    StartBreak,
)

MINUTE = 60_000
ANSWERING, HANDED_IN = "01", "18"


def credit(make: Any, approved: bool | None = None, number: int = 7) -> Credit:
    return Credit(
        number,
        "s-1-1",
        "r1",
        "01",
        "3601",
        360,
        330_000,
        "POWER",
        "停电",
        "",
        "jiankao1",
        make.START,
        approved,
    )


@pytest.fixture
def venue(start: Any, make: Any) -> Any:
    """A console whose server measured five and a half minutes at every seat."""

    def begin(person: str = "jiankao1", **looks: Any) -> Any:
        gap = LostTime(GapCause.STATION, make.START, make.START + 330_000, 330_000, 0)
        answer = Done(0, msgspec.to_builtins({"gaps": [gap], "credits": [credit(make)]}))
        listed = [credit(make, True, 6), credit(make)]
        line = make.FakeLine(
            replies={
                GetLostTime: lambda _order: answer,
                GetCredits: lambda _order: Done(0, msgspec.to_builtins({"credits": listed})),
            }
        )
        console = start(line, **looks)
        console.sign_in(person)
        return console

    return begin


def opened(console: Any, qtbot: Any, seat_no: str = "") -> CreditDialog:
    rooms = console.window.duty.rooms
    if seat_no:
        rooms.jump(seat_no)
    qtbot.keyClick(console.window, Qt.Key.Key_F12)
    console.until(lambda: rooms.credit_dialog is not None)
    dialog = rooms.credit_dialog
    assert isinstance(dialog, CreditDialog)
    console.until(lambda: dialog.credits.rowCount() > 0)
    return dialog


def last(console: Any, kind: type) -> Any:
    """The last order of a kind, once it was placed."""
    console.until(lambda: any(isinstance(each, kind) for each in console.line.orders))
    return next(each for each in reversed(console.line.orders) if isinstance(each, kind))


def sign(console: Any, dialog: CreditDialog) -> None:
    """The second person signs, after the reason was typed."""
    second = dialog.findChild(SecondDialog)
    assert second is not None
    second.findChildren(QLineEdit)[0].setText("误触")
    second.person.setText("jiankao2")
    second.password.setText("correct horse battery")
    second.sign.click()


def test_i07_the_invigilator_proposes_what_was_measured(venue: Any, qtbot: Any) -> None:
    console = venue()
    dialog = opened(console, qtbot, ANSWERING)
    assert dialog.gaps.item(0, 3).text() == "5.5 分钟"
    assert not dialog.approve.isEnabled(), "proposing and deciding are two people's"
    dialog.reason.setCurrentIndex(dialog.reason.findData(CreditReason.POWER.value))
    dialog.propose.click()
    assert last(console, ProposeTime) == ProposeTime(0, "r1", "s-1-1", CreditReason.POWER)
    console.until(lambda: "等待主考" in dialog.outcome.head.text())


def test_i07_the_chief_decides_from_the_list_of_all_rooms(venue: Any, qtbot: Any) -> None:
    console = venue("zhukao")
    dialog = opened(console, qtbot)
    assert dialog.credits.item(0, 4).text() == "△ 待批准", "what waits comes first"
    assert not dialog.propose.isVisible()
    dialog.approve.click()
    assert last(console, DecideTime) == DecideTime(0, 7, True)
    console.until(lambda: "已批准" in dialog.outcome.head.text())


def approved(make: Any) -> Credit:
    return msgspec.structs.replace(credit(make, True, 6), seconds=1800)


@pytest.fixture
def after_a_wrong_entry(start: Any, make: Any) -> Any:
    """A console whose server lists half an hour that was approved, and an undecided revocation."""

    def begin(person: str, heard: bool = True, **looks: Any) -> Any:
        asked = msgspec.structs.replace(
            credit(make), revokes=6, seconds=1620, note="应为3分钟，录成30分钟"
        )
        decided = msgspec.structs.replace(
            asked,
            approved=True,
            taken_s=1499,
            end_before_ms=make.START,
            end_after_ms=make.START - 1499_000,
        )
        listed = {"credits": [approved(make), asked]}
        told = {"credit": decided, "heard": heard}
        line = make.FakeLine(
            replies={
                GetLostTime: lambda _order: Done(0, msgspec.to_builtins(listed)),
                GetCredits: lambda _order: Done(0, msgspec.to_builtins(listed)),
                DecideTime: lambda _order: Done(0, msgspec.to_builtins(told)),
            }
        )
        console = start(line, **looks)
        console.sign_in(person)
        return console

    return begin


def test_i07_the_invigilator_proposes_to_take_a_wrong_entry_back(
    after_a_wrong_entry: Any, qtbot: Any
) -> None:
    console = after_a_wrong_entry("jiankao1")
    dialog = opened(console, qtbot, ANSWERING)
    assert dialog.credits.item(1, 2).text() == "−27"
    dialog.credits.selectRow(1)
    assert not dialog.revoke.isEnabled(), "a revocation is not taken back"
    dialog.credits.selectRow(0)
    dialog.revoke.click()
    asking = dialog.findChild(ReasonDialog)
    assert asking is not None and not asking.yes.isEnabled(), "not without a reason"
    asking.reason.setText("应为3分钟")
    asking.findChildren(QSpinBox)[0].setValue(27)
    asking.yes.click()
    assert last(console, RevokeTime) == RevokeTime(0, "r1", 6, "应为3分钟", 1620)


@pytest.mark.parametrize("heard", [True, False])
def test_i07_the_chief_sees_both_ends_and_whether_the_station_heard(
    after_a_wrong_entry: Any, qtbot: Any, heard: bool
) -> None:
    console = after_a_wrong_entry("zhukao", heard)
    dialog = opened(console, qtbot)
    rows = range(dialog.credits.rowCount())
    dialog.credits.selectRow(next(at for at in rows if dialog.credits.item(at, 2).text()[0] == "−"))
    dialog.approve.click()
    assert last(console, DecideTime) == DecideTime(0, 7, True)
    console.until(lambda: "已撤销" in dialog.outcome.head.text())
    said = dialog.outcome.text.text()
    assert "改为" in said and ("未连接" in said) is not heard


def test_h06_a_break_begins_and_ends_at_the_seat(venue: Any, qtbot: Any, make: Any) -> None:
    console = venue()
    dialog = opened(console, qtbot, ANSWERING)
    dialog.out.click()
    assert last(console, StartBreak) == StartBreak(0, "r1", "s-1-1")
    seat = console.window.duty.rooms.state.room.seats[ANSWERING]
    console.board(SeatChanged("r1", msgspec.structs.replace(seat, alerts=["SEAT_AWAY"])))
    console.until(lambda: "返回" in dialog.out.text())
    dialog.out.click()
    assert last(console, EndBreak) == EndBreak(0, "r1", "s-1-1")


def test_i10_the_chief_and_another_undo_a_hand_in(venue: Any, qtbot: Any, make: Any) -> None:
    console = venue("zhukao")
    dialog = opened(console, qtbot, HANDED_IN)
    assert not dialog.leave.isEnabled()
    dialog.reopen.click()
    sign(console, dialog)
    second = make.through_second("jiankao2")
    assert last(console, ReopenSitting) == ReopenSitting(0, "s-1-18", "误触", second)


def test_g01_the_chief_and_another_let_somebody_leave(venue: Any, qtbot: Any, make: Any) -> None:
    console = venue("zhukao")
    dialog = opened(console, qtbot, ANSWERING)
    assert not dialog.reopen.isEnabled()
    dialog.leave.click()
    signing = dialog.findChild(SecondDialog)
    assert signing is not None
    cause = signing.findChildren(QComboBox)[0]
    cause.setCurrentIndex(cause.findData(ExitReason.EVACUATION.value))
    sign(console, dialog)
    order = ExitSpecially(
        0, "s-1-1", ExitReason.EVACUATION, "误触", make.through_second("jiankao2")
    )
    assert last(console, ExitSpecially) == order


@pytest.mark.parametrize(("language", "zoom"), [("zh", 100), ("en", 150)])
def test_nothing_of_it_is_larger_than_the_smallest_screen(
    venue: Any, qtbot: Any, language: str, zoom: int
) -> None:
    console = venue("zhukao", language=language, zoom=zoom, size=(1366, 768))
    dialog = opened(console, qtbot, ANSWERING)
    assert dialog.width() <= 1366 and dialog.height() <= 768
    for each in (dialog.propose, dialog.approve, dialog.revoke, dialog.reopen, dialog.leave):
        assert each.width() >= each.sizeHint().width()
