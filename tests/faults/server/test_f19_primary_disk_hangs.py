"""The primary disk hangs without an error: nothing is acknowledged, everybody is told (F19, R3)."""

from typing import Any

from venue_server.wire.alarms import AlarmCode


async def test_f19_r3_a_primary_disk_that_hangs_acknowledges_nothing(disk_load: Any) -> None:
    await disk_load.begin()
    disk_load.fault("primary", "hang")
    await disk_load.alarm(AlarmCode.PRIMARY_HANGS)
    await disk_load.nothing_more_is_acknowledged()
    disk_load.fault("primary", "")
    await disk_load.silence(AlarmCode.PRIMARY_HANGS)
    await disk_load.goes_on()
    await disk_load.judge()
