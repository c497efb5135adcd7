"""Is the primary store's disk a place that holds answers (H07, R3)?

A full or read-only disk still has what was written; one that hangs, fails or is another one has
nothing that anybody could count on. As with the second copy the truth about answers says so at
once, from what was known before: such a disk cannot be asked.
"""

from dataclasses import replace

from venue_server.gateway.desk_parts import DeskParts
from venue_server.records.answer_places import Held
from venue_server.stations.presence import StationNow
from venue_server.wire.alarms import Alarm, AlarmCode

_STILL_THERE = ("full", "no space", "readonly", "read-only", "too large")


def is_gone(alarm: Alarm) -> bool:
    """Does this alarm about the primary mean that its answers are not there?"""
    if alarm.code in (AlarmCode.PRIMARY_ELSEWHERE, AlarmCode.PRIMARY_HANGS):
        return True
    said = alarm.args.get("system", "").lower()
    return alarm.code is AlarmCode.PRIMARY_FAILING and not any(
        each in said for each in _STILL_THERE
    )


def look_at_primary(parts: DeskParts) -> bool:
    """Look now, within a bound, and remember since when it is gone. Is it?"""
    gone = any(map(is_gone, parts.disks.primary_alarms()))
    if not gone:
        parts.sources.primary_gone_since_ms = 0
    elif not parts.sources.primary_gone_since_ms:
        parts.sources.primary_gone_since_ms = parts.clock.now_ms()
    return gone


def without_primary(held: Held, station: StationNow | None) -> Held:
    """What was known of a sitting before, with the primary a place that holds nothing. The
    station's own journal has what it said that it has."""
    said = station.last_seq if station is not None else 0
    return replace(held, server=0, station=max(held.station, said))
