"""The time of a room at the console: one key stops, an extension has headquarters' consent."""

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QSpinBox

from invigilator_app.board.deadlines import admission_over, deadlines
from invigilator_app.screens.approval_dialog import ApprovalDialog
from invigilator_app.screens.reason_dialog import ReasonDialog
from invigilator_app.screens.second_dialog import SecondDialog
from tests.screens.console.hands import dialog, press, sign_second
from venue_server.wire.console_views import Done
from venue_server.wire.names import SessionState
from venue_server.wire.roomtime_orders import (
    Approval,
    ConfirmExtension,
    ExtendTime,
    ExtendTimeOffline,
    GetRoomTimes,
    HoldRoom,
    ResumeTime,
    StartRoom,
    SuspendTime,
)


def running(make, now_min=40, **timing):
    """Both rooms in the exam; room 1's timing as given."""
    changed = msgspec.structs.replace(make.room(1).timing, **timing)
    rooms = [make.room(1, timing=changed), make.room(2)]
    return make.FakeLine(now=make.START + now_min * make.MINUTE, first=make.board(rooms=rooms))


def opened(start, line, who="zhukao"):
    console = start(line)
    console.sign_in(who)
    return console, console.window.duty.rooms.time


def given(console, kind, count=1):
    """The orders of a kind, once the line has as many."""

    def found():
        return [each for each in console.line.orders if isinstance(each, kind)]

    console.until(lambda: len(found()) >= count)
    return found()


def reason(qtbot, console, text="停电"):
    console.until(lambda: any(d.isVisible() for d in console.window.findChildren(ReasonDialog)))
    asked = dialog(console, ReasonDialog)
    assert not asked.yes.isEnabled()
    asked.reason.setText(text)
    press(qtbot, asked.yes)


@pytest.mark.parametrize(
    ("modifier", "room_id"),
    [(Qt.KeyboardModifier.NoModifier, "r1"), (Qt.KeyboardModifier.ShiftModifier, "")],
)
def test_f17_one_key_and_a_reason_stop_the_room_or_all(
    start, qtbot, make, modifier, room_id
) -> None:
    console, _ = opened(start, running(make))
    qtbot.keyClick(console.window, Qt.Key.Key_F8, modifier)
    reason(qtbot, console)
    (order,) = given(console, SuspendTime)
    assert (order.room_id, order.reason) == (room_id, "停电")


def test_f16_a_standing_room_is_named_and_resumed_with_the_others(start, qtbot, make) -> None:
    line = running(make, 50, suspended_at_ms=make.START + 30 * make.MINUTE)
    console, bar = opened(start, line)
    assert "‖" in bar.now.text() and "20:00" in bar.now.text()
    qtbot.keyClick(console.window, Qt.Key.Key_F9)
    reason(qtbot, console, "来电")
    (order,) = given(console, ResumeTime)
    assert order.room_id == ""


def test_f16_while_a_room_stands_its_deadlines_come_no_nearer(make) -> None:
    timing = msgspec.structs.replace(make.TIMING, suspended_at_ms=make.START + 2 * make.MINUTE)
    room = make.room(1, timing=timing)
    left = [each.left_ms // make.MINUTE for each in deadlines(room, make.START + 50 * make.MINUTE)]
    assert left == [0, 3, 73, 88]
    assert not admission_over(room, make.START + 50 * make.MINUTE)


def test_f16_a_room_that_goes_on_soon_says_when(start, make) -> None:
    line = running(
        make,
        50,
        suspended_at_ms=make.START + 30 * make.MINUTE,
        resumes_at_ms=make.START + 51 * make.MINUTE,
    )
    _, bar = opened(start, line)
    assert "09:51:00" in bar.now.text() and bar.stop.isEnabled()


def test_g08_a_room_is_held_before_the_release_and_started_afterwards(start, qtbot, make) -> None:
    rooms = [make.room(1, session_state=SessionState.LOGIN_ALLOWED), make.room(2)]
    line = make.FakeLine(now=make.START - 5 * make.MINUTE, first=make.board(rooms=rooms))
    console, bar = opened(start, line)
    assert bar.hold.isEnabled() and not bar.start.isEnabled()
    bar.hold.trigger()
    reason(qtbot, console, "门锁故障")
    (order,) = given(console, HoldRoom)
    assert (order.room_id, order.reason) == ("r1", "门锁故障")


def test_g08_a_held_room_has_no_deadlines_but_its_start(start, qtbot, make) -> None:
    rooms = [make.room(1, held=True, timing=None), make.room(2)]
    line = make.FakeLine(now=make.START + 5 * make.MINUTE, first=make.board(rooms=rooms))
    console, bar = opened(start, line)
    assert "暂缓开考" in bar.now.text()
    bar.start.trigger()
    reason(qtbot, console, "已开门")
    (order,) = given(console, StartRoom)
    assert (order.room_id, order.at_ms) == ("r1", 0)


def fill(asked) -> None:
    asked.authority.setText("人社部考试中心")
    asked.reference.setText("考中心函〔2026〕7号")
    asked.approver.setText("王主任")


def test_i02_an_extension_is_only_given_with_headquarters_whole_consent(start, qtbot, make) -> None:
    line = running(make)
    console, bar = opened(start, line)
    bar.extend.trigger()
    asked = dialog(console, ApprovalDialog)
    fill(asked)
    assert not asked.yes.isEnabled(), "no reason yet"
    _scope, minutes, why = fields(asked)
    minutes.setValue(20)
    why.setText("停电")
    assert asked.yes.isEnabled()
    asked.reference.setText(" ")
    assert not asked.yes.isEnabled()
    fill(asked)
    press(qtbot, asked.yes)
    (order,) = given(console, ExtendTime)
    at = make.START + 40 * make.MINUTE
    assert order == ExtendTime(
        order.n, 20, "停电", Approval("人社部考试中心", "考中心函〔2026〕7号", "王主任", at), "r1"
    )


def fields(asked):
    return (
        asked.findChild(QComboBox, "extension-scope"),
        asked.findChild(QSpinBox, "extension-minutes"),
        asked.findChild(QLineEdit, "extension-why"),
    )


def test_i02_offline_two_people_sign(start, qtbot, make) -> None:
    line = running(make)
    console, bar = opened(start, line)
    bar.offline.trigger()
    asked = dialog(console, SecondDialog)
    scope, minutes, why = fields(asked)
    scope.setCurrentIndex(1)
    minutes.setValue(15)
    why.setText("停电，外线中断")
    sign_second(qtbot, console, make, "admin")
    (order,) = given(console, ExtendTimeOffline)
    assert (order.minutes, order.reason, order.room_id) == (15, "停电，外线中断", "")
    assert order.second.person_id == "admin"


def test_i02_what_waits_for_headquarters_is_confirmed_with_its_number(start, qtbot, make) -> None:
    line = running(make)
    pending = {
        "extension_id": 3,
        "room_id": "",
        "length_ms": 900_000,
        "reason": "停电",
        "confirmed_at_ms": None,
    }
    done = {**pending, "extension_id": 2, "confirmed_at_ms": make.START}
    line.replies[GetRoomTimes] = lambda _order: Done(
        0, {"session_id": "s", "extensions": [done, pending]}
    )
    console, bar = opened(start, line)
    bar.confirm.trigger()
    console.until(lambda: bool(console.window.findChildren(ApprovalDialog)))
    asked = dialog(console, ApprovalDialog)
    fill(asked)
    press(qtbot, asked.yes)
    (order,) = given(console, ConfirmExtension)
    assert (order.extension_id, order.approval.ref_no) == (3, "考中心函〔2026〕7号")


@pytest.mark.parametrize("who", ["jiankao1", "admin"])
def test_only_chief_and_deputy_see_the_row(start, make, who) -> None:
    _console, bar = opened(start, running(make), who)
    assert not bar.isVisible()
