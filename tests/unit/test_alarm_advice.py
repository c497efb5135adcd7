"""What the status page says to do about an alarm of disks, media and the upload (F19, F20, F18)."""

import pytest

from venue_server.wire.alarm_advice import advice
from venue_server.wire.alarms import Alarm, AlarmCode


def test_f19_the_same_step_is_said_once_with_every_code() -> None:
    steps = advice(
        [
            Alarm(AlarmCode.SECOND_MISSING, {"folder": "/second"}),
            Alarm(AlarmCode.SECOND_HANGS, {"folder": "/second", "seconds": "3"}),
            Alarm(AlarmCode.PRIMARY_HANGS, {"folder": "/data", "seconds": "6"}),
        ]
    )
    assert len(steps) == 2
    assert steps[0].startswith("[ALM-02, ALM-86] 系统管理员：") and "自动补齐" in steps[0]
    assert "任何人不得关考试机" in steps[1] and "nobody switches a station off" in steps[1]


ABOUT_STORES = [
    "DISK_LOW",
    "DISK_FILLING",
    "DISK_SLOW",
    "SECOND_MISSING",
    "SECOND_FOREIGN",
    "SECOND_SAME_DEVICE",
    "SECOND_FAILING",
    "SECOND_HANGS",
    "PRIMARY_HANGS",
    "PRIMARY_FAILING",
    "PRIMARY_ELSEWHERE",
    "BACKUP_MISSING",
    "BACKUP_FOREIGN",
    "BACKUP_SAME_DEVICE",
    "BACKUP_FAILING",
    "BACKUP_CHANGED",
    "BUDGET_EXCEEDED",
    "UPLOAD_STAYS_OUT",
]


@pytest.mark.parametrize("name", ABOUT_STORES)
def test_f20_an_alarm_of_stores_media_and_upload_has_a_step_in_both_languages(name: str) -> None:
    code = AlarmCode[name]
    (step,) = advice([Alarm(code, {})])
    chinese, english = step.split(" / ")
    assert code.value in chinese and code.value in english
    assert english.isascii() and not chinese.isascii()


def test_other_alarms_add_no_step() -> None:
    assert advice([Alarm(AlarmCode.NOTICE_ARRIVED, {})]) == []
