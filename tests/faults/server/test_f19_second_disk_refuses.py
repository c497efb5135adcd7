"""The second disk is full, read-only or broken: one copy, an alarm, caught up (F19, R3)."""

from typing import Any

from venue_server.wire.alarms import AlarmCode


async def test_f19_r3_a_second_disk_that_is_full_read_only_or_broken(disk_load: Any) -> None:
    await disk_load.begin()
    for error in ("ENOSPC", "EROFS", "EIO"):
        disk_load.fault("second", error)
        await disk_load.alarm(AlarmCode.SECOND_FAILING)
        await disk_load.goes_on()
        disk_load.fault("second", "")
        await disk_load.silence(AlarmCode.SECOND_FAILING)
        await disk_load.goes_on()
    await disk_load.judge()
