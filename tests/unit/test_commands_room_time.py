"""``room …`` on the command line: what is typed becomes the order it says."""

import pytest

from venue_server.__main__ import parser
from venue_server.wire.frames import Message, Second
from venue_server.wire.roomtime_orders import (
    Approval,
    ConfirmExtension,
    ExtendTime,
    ExtendTimeOffline,
    GetRoomTimes,
    GetStartCode,
    HoldRoom,
    ResumeTime,
    StartRoom,
    SuspendTime,
)

AT = "2026-11-22T09:30:00+08:00"
AT_MS = 1_795_311_000_000
APPROVAL = "--authority 部考试中心 --reference 7号 --approver 王主任 --approved-at " + AT
HQ = Approval("部考试中心", "7号", "王主任", AT_MS)
SECOND = Second("admin-a", "x")


@pytest.mark.parametrize(
    ("typed", "order"),
    [
        ("times", GetRoomTimes(0)),
        ("start-code 01", GetStartCode(0, "01")),
        ("hold 02 --reason 门锁", HoldRoom(0, "02", "门锁")),
        ("hold 02 --reason 门锁 --session pm", HoldRoom(0, "02", "门锁", "pm")),
        ("start 02 --reason 已开门", StartRoom(0, "02", "已开门")),
        (f"start 02 --reason 已开门 --at {AT}", StartRoom(0, "02", "已开门", AT_MS)),
        ("suspend --reason 停电", SuspendTime(0, "停电")),
        ("suspend --reason 停电 --room 02", SuspendTime(0, "停电", "02")),
        ("resume --reason 来电", ResumeTime(0, "来电")),
        (f"extend --minutes 20 --reason 停电 {APPROVAL}", ExtendTime(0, 20, "停电", HQ)),
        (
            "extend-offline --minutes 20 --reason 停电 --room 02 --second admin-a",
            ExtendTimeOffline(0, 20, "停电", SECOND, "02"),
        ),
        (f"confirm-extension --extension 3 {APPROVAL}", ConfirmExtension(0, 3, HQ)),
    ],
)
def test_an_order_is_built_from_what_was_typed(typed: str, order: Message) -> None:
    options = parser().parse_args(["room", *typed.split(), "--data", "x", "--person", "chief"])
    assert options.build(options, [SECOND]) == order


@pytest.mark.parametrize(
    "typed",
    [
        "suspend",  # no reason
        "extend --minutes 20 --reason 停电",  # no consent (I02)
        "extend-offline --minutes 20 --reason 停电",  # nobody else
        "extend --minutes many --reason 停电 " + APPROVAL,
        "start 02 --reason 已开门 --at 09:30",
    ],
)
def test_what_is_incomplete_is_not_sent(typed: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["room", *typed.split(), "--data", "x", "--person", "chief"])
    assert "usage" in capsys.readouterr().err
