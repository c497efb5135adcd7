"""A disk takes 15 or 200 ms for each sync: later acknowledgements and nothing else (F19, R3)."""

from typing import Any

from venue_server.wire.alarms import AlarmCode


async def test_f19_r3_a_slow_disk_shows_in_latency_only(disk_load: Any) -> None:
    await disk_load.begin()
    for device, milliseconds in (
        ("primary", 15),
        ("second", 15),
        ("second", 200),
        ("primary", 200),
    ):
        disk_load.fault(device, f"slow {milliseconds}")
        await disk_load.goes_on()
        await disk_load.goes_on()
        disk_load.fault(device, "")
    alarms = {each.code for each in disk_load.chief.client.board.venue.alarms}
    assert not alarms & {AlarmCode.PRIMARY_FAILING, AlarmCode.SECOND_FAILING}
    await disk_load.judge()
