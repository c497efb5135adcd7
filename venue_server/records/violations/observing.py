"""Which of a station's words are observations, and what a session's records are told (V09). Pure
but for what it is given.

Whatever a station says about itself or its candidate asks for help with is none: the rest, words
of a newer station included, is kept for people to look at. None of it is a verdict.
"""

from collections.abc import Mapping, Sequence

from venue_server.records.violations import rules
from venue_server.wire.alarms import Alarm, AlarmCode
from venue_server.wire.day_records import OpenPoint, RecordField, RecordLine
from venue_server.wire.names import Role
from venue_server.wire.remarks import RemarkCode, remark
from venue_server.wire.violations import ObservationView, Verdict, ViolationView

_NOT_OBSERVED = frozenset(
    {
        "HAND_RAISED",
        "DETAILS_REJECTED",
        "JOURNAL_FAILED",
        "JOURNAL_DAMAGED",
        "CHAIN_DIVERGED",
        "SITTING_GONE",
        "SAVES_REFUSED",
        "WIPE_REFUSED",
        "PAPER_REFUSED",
        "HAND_IN_REFUSED",
        "TIME_SHORTENED",
        "RENDERER_DIED",  # a fault of ours
    }
)
_STAFF = [Role.INVIGILATOR, Role.CHIEF]


def is_observation(alert: str) -> bool:
    """Is this word something a person should look at as a candidate's or stranger's doing?"""
    return bool(alert) and alert.partition(":")[0] not in _NOT_OBSERVED


def room_lines(violations: Sequence[ViolationView], room_id: str) -> list[RecordLine]:
    """The lines of one room's record; withdrawn records stand there as withdrawn (V08)."""
    return [
        RecordLine(
            RecordField.VIOLATIONS,
            one.facts.happened_at_ms or one.recorded_at_ms,
            rules.record_text(one),
            grave=rules.is_grave(one),
            violator=one.ticket_no if one.counts else "",
        )
        for one in violations
        if one.room_id == room_id
    ]


def open_points(
    violations: Sequence[ViolationView],
    observations: Sequence[ObservationView],
    present: Mapping[str, str],
    ended: bool,
) -> list[OpenPoint]:
    """Unsigned records block sealing (V06). Undecided observations and, after the end, records of
    somebody who does not count as present (K03) are shown."""
    points = []
    for one in violations:
        said = rules.open_remark(one)
        if said is not None:
            points.append(OpenPoint("V06", said, _STAFF, one.room_id, blocks_sealing=True))
        if ended and one.counts and one.sitting_id not in present:
            what = {"violation": one.violation_id, "ticket": one.ticket_no}
            absent = remark(RemarkCode.VIOLATION_ABSENT, **what)
            points.append(OpenPoint("K03", absent, [Role.CHIEF], one.room_id))
    undecided = [one.room_id for one in observations if one.verdict is Verdict.OPEN]
    for room_id in sorted(set(undecided)):
        count = undecided.count(room_id)
        said = remark(RemarkCode.OBSERVATIONS_OPEN, room=room_id, count=count)
        points.append(OpenPoint("V09", said, _STAFF, room_id))
    return points


def high_shares(
    violations: Sequence[ViolationView], present: Mapping[str, str], percent: int
) -> dict[str, tuple[int, int]]:
    """Rooms in which too many of those present have a violation (Y06): (violators, present)."""
    rooms: dict[str, tuple[int, int]] = {}
    for room_id in sorted(set(present.values())):
        there = [sitting for sitting, room in present.items() if room == room_id]
        caught = {one.sitting_id for one in violations if one.counts} & set(there)
        if rules.share_too_high(len(caught), len(there), percent):
            rooms[room_id] = (len(caught), len(there))
    return rooms


def share_alarms(shares: Mapping[str, tuple[int, int]]) -> list[Alarm]:
    """One alarm a room."""
    return [
        Alarm(
            AlarmCode.VIOLATION_SHARE,
            {"room": room, "violations": str(caught), "present": str(there)},
        )
        for room, (caught, there) in shares.items()
    ]
