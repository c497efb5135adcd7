"""The second disk hangs without an error: the exam goes on with one copy and says so (F19, R3)."""

from typing import Any

from venue_server.wire.alarms import AlarmCode


async def test_f19_r3_a_second_disk_that_hangs_is_given_up_and_caught_up(disk_load: Any) -> None:
    await disk_load.begin()
    disk_load.fault("second", "hang")
    await disk_load.alarm(AlarmCode.SECOND_HANGS)
    await disk_load.goes_on()
    assert not disk_load.chief.client.board.venue.backup_ready
    disk_load.fault("second", "")
    await disk_load.silence(AlarmCode.SECOND_HANGS)
    await disk_load.goes_on()
    await disk_load.judge()
