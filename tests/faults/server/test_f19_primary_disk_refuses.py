"""The primary disk is full, read-only or broken: no acknowledgement, all told (F19, R3)."""

from typing import Any

from venue_server.wire.alarms import AlarmCode


async def test_f19_r3_a_primary_disk_that_is_full_read_only_or_broken(disk_load: Any) -> None:
    await disk_load.begin()
    for error in ("ENOSPC", "EROFS", "EIO"):
        disk_load.fault("primary", error)
        await disk_load.alarm(AlarmCode.PRIMARY_FAILING)
        await disk_load.nothing_more_is_acknowledged()
        disk_load.fault("primary", "")
        await disk_load.silence(AlarmCode.PRIMARY_FAILING)
        await disk_load.goes_on()
    await disk_load.judge()
