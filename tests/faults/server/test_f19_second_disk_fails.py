"""The second disk hangs, refuses or is slow: one copy, an alarm, caught up later (F19, R3).

One exam for all of it, because the states follow each other on a real day as well.
"""

from typing import Any

from venue_server.wire.alarms import AlarmCode


async def test_f19_r3_a_second_disk_that_hangs_refuses_or_is_slow(disk_load: Any) -> None:
    await disk_load.begin()
    for fault, code in (
        ("hang", AlarmCode.SECOND_HANGS),
        ("ENOSPC", AlarmCode.SECOND_FAILING),
        ("EROFS", AlarmCode.SECOND_FAILING),
        ("EIO", AlarmCode.SECOND_FAILING),
    ):
        disk_load.fault("second", fault)
        await disk_load.alarm(code)
        await disk_load.goes_on()
        assert not disk_load.chief.client.board.venue.backup_ready
        disk_load.fault("second", "")
        await disk_load.silence(code)
        await disk_load.goes_on()
    disk_load.fault("second", "slow 200")
    await disk_load.goes_on()
    disk_load.fault("second", "")
    await disk_load.judge()


async def test_r3_a_server_starts_while_its_second_disk_hangs(disk_load: Any) -> None:
    """Killed, or switched on, beside a device that answers looks and no write: doors open, answers
    are taken, everybody is told, and it is caught up once it answers."""
    await disk_load.begin(lambda: disk_load.fault("second", "hang"))
    await disk_load.alarm(AlarmCode.SECOND_HANGS)
    disk_load.fault("second", "")
    await disk_load.silence(AlarmCode.SECOND_HANGS, AlarmCode.SECOND_MISSING)
    await disk_load.judge()
