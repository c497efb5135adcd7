"""The primary disk hangs, refuses or is slow: no acknowledgement, all told, nothing lost (F19, R3).

One exam for all of it, because the states follow each other on a real day as well.
"""

from typing import Any

from venue_server.wire.alarms import AlarmCode


async def test_f19_r3_a_primary_disk_that_hangs_refuses_or_is_slow(disk_load: Any) -> None:
    await disk_load.begin()
    for fault, code in (
        ("hang", AlarmCode.PRIMARY_HANGS),
        ("ENOSPC", AlarmCode.PRIMARY_FAILING),
        ("EROFS", AlarmCode.PRIMARY_FAILING),
        ("EIO", AlarmCode.PRIMARY_FAILING),
    ):
        disk_load.fault("primary", fault)
        await disk_load.alarm(code)
        await disk_load.nothing_more_is_acknowledged()
        disk_load.fault("primary", "")
        await disk_load.silence(code)
        await disk_load.goes_on()
    for milliseconds in (15, 200):
        disk_load.fault("primary", f"slow {milliseconds}")
        await disk_load.goes_on()
    alarms = {each.code for each in disk_load.chief.client.board.venue.alarms}
    assert AlarmCode.PRIMARY_FAILING not in alarms, "slow is not broken"
    disk_load.fault("primary", "")
    await disk_load.judge()
