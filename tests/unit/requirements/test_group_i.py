"""Group I, incidents and what they do to time: the whole group's law in one table.

Each line asks the rule or the service that the server itself asks; the expected value is written
out. The day lasts 90 minutes; instants are minutes after its start.
"""

from dataclasses import replace

import msgspec
import pytest

from tests.unit.requirements.incident_plays import (
    GOING_ON,
    HQ,
    LATER,
    MS,
    NOTE,
    OPEN,
    POWER,
    READY,
    REPORTED,
    SEVERE,
    SILENT,
    about,
    answered_on_after_it_was_revoked,
    before_the_next,
    closes,
    confirmed,
    contained,
    credited,
    credited_after_the_end,
    decided_twice,
    extended,
    frozen,
    incident,
    lost,
    raises,
    reopened,
    reopened_at_work,
    reported,
    revoked,
    revoked_before_it_was_approved,
    revoked_in_another_room,
    seven_minutes_more,
    standing_still,
    suspended,
    without,
)
from tests.unit.requirements.order_plays import said, taken
from tests.unit.requirements.register import Row, built, without_a_row
from tests.unit.requirements.venue_day import (
    ADMIN,
    CHIEF,
    DEPUTY,
    DIRECTOR,
    DONE,
    INSPECTOR,
    INVIGILATOR,
    at_the_venue,
    ordered_by,
    seconded_by,
    told,
    wants,
)
from tests.unit.sitting.conftest import MINUTE, START
from venue_server.ledger.catalogue import Event
from venue_server.records.incidents import rules
from venue_server.records.incidents.automatic import stations_lost
from venue_server.release.schedule import may_release
from venue_server.sitting.credit.lost_time import Act, room_events, whole_minutes
from venue_server.sitting.credit.rules import may_propose, wanted, within_cap
from venue_server.wire.console_orders import LiftFreezeTogether
from venue_server.wire.credit_orders import ReopenSitting
from venue_server.wire.incidents import (
    GraveClass,
    IncidentKind,
)
from venue_server.wire.names import SessionState
from venue_server.wire.roomtime_orders import ExtendTime, ExtendTimeOffline
from venue_server.wire.session_orders import OrderKind

BLOCKED = [True]
RERUN, CONTINUE = OrderKind.RERUN, OrderKind.CONTINUE
TABLE = [
    Row("I01", "a severe one is closed unreported", closes(incident(severity=SEVERE)), "INC-04"),
    Row("I01", "reported first", closes(incident(REPORTED, severity=SEVERE)), DONE),
    Row("I01", "a lesser one owes no report", closes(incident()), DONE),
    Row(
        "I01",
        "reported to nobody",
        at_the_venue(reported(" ", "电话")),
        ("REL-13", [("I01", True)]),
    ),
    Row(
        "I01",
        "reported in no way",
        at_the_venue(reported("考试中心", "")),
        ("REL-13", [("I01", True)]),
    ),
    Row(
        "I01",
        "reported: only to be closed",
        at_the_venue(reported("考试中心", "电话")),
        (DONE, [("B07", True)]),
    ),
    Row("I01", "made less severe", lambda: told(rules.may_add(incident(), POWER, NOTE)), "INC-05"),
    Row("I01", "an invigilator reports", ordered_by(INVIGILATOR, "ReportIncident"), "STF-04"),
    Row("I01", "the deputy reports", ordered_by(DEPUTY, "ReportIncident"), DONE),
    Row("I02", "headquarters consents", at_the_venue(extended(30, 20)), (DONE, 110, [])),
    *(
        Row(
            "I02",
            f"the consent lacks its {name}",
            at_the_venue(extended(30, 20, lacking)),
            ("TIM-05", 90, []),
        )
        for name, lacking in {
            "authority": msgspec.structs.replace(HQ, authority=" "),
            "number": msgspec.structs.replace(HQ, ref_no=""),
            "person": msgspec.structs.replace(HQ, approver=""),
            "time": msgspec.structs.replace(HQ, approved_at_ms=0),
            "time, which is to come": msgspec.structs.replace(
                HQ, approved_at_ms=START + 31 * MINUTE + 1
            ),
        }.items()
    ),
    Row("I02", "without a consent there is no such order", wants(ExtendTime, "approval"), True),
    Row(
        "I02",
        "offline by two: to be confirmed",
        at_the_venue(extended(30, 20, None)),
        (DONE, 110, BLOCKED),
    ),
    Row("I02", "confirmed once, and not again", at_the_venue(confirmed), ([DONE, "TIM-08"], [])),
    Row("I02", "offline without a second", wants(ExtendTimeOffline, "second"), True),
    Row(
        "I02", "offline, the chief twice", seconded_by(CHIEF, CHIEF, "ExtendTimeOffline"), "STF-06"
    ),
    Row(
        "I02",
        "offline with an invigilator",
        seconded_by(CHIEF, INVIGILATOR, "ExtendTimeOffline"),
        "STF-04",
    ),
    Row(
        "I02",
        "offline with the administrator",
        seconded_by(CHIEF, ADMIN, "ExtendTimeOffline"),
        DONE,
    ),
    Row("I02", "the deputy extends", ordered_by(DEPUTY, "ExtendTime"), "STF-04"),
    Row("I02", "by nothing", at_the_venue(extended(30, 0)), ("TIM-07", 90, [])),
    Row("I02", "by less than nothing", at_the_venue(extended(30, -5)), ("TIM-07", 90, [])),
    Row("I02", "by more than a day", at_the_venue(extended(30, 1441)), ("TIM-07", 90, [])),
    Row(
        "I02", "a millisecond before the end", at_the_venue(extended(90 - MS, 20)), (DONE, 110, [])
    ),
    Row("I02", "at the end: it stays ended", at_the_venue(extended(90, 20)), ("TIM-03", 90, [])),
    Row("I02", "up to the next session's doors", at_the_venue(before_the_next(100)), DONE),
    Row("I02", "a millisecond beyond them", at_the_venue(before_the_next(100 - MS)), "TIM-06"),
    *(
        Row(
            "I04",
            f"class {each.value}, called a note",
            closes(incident(severity=NOTE, grave=each)),
            "INC-04",
        )
        for each in GraveClass
        if each is not GraveClass.NONE
    ),
    Row(
        "I04", "29 of 100 stations lost, from 30 in 100", lambda: rules.are_lost(29, 100, 30), False
    ),
    Row("I04", "30 of 100", lambda: rules.are_lost(30, 100, 30), True),
    Row("I04", "the only one is its own fault", lambda: rules.are_lost(1, 1, 30), False),
    Row("I04", "stations lost", lambda: stations_lost("s1", 3, 9, START).grave.value, "46-5"),
    Row(
        "I04",
        "a damaged journal",
        raises(Event.STATION_ALERT, alert="JOURNAL_DAMAGED"),
        ("SEVERE", "46-5"),
    ),
    Row("I04", "a suspected leak", raises(Event.RELEASE_FROZEN, reason="x"), ("SEVERE", "46-1")),
    Row("I04", "the server starts while nobody sits", raises(Event.SERVER_STARTED, ()), None),
    Row(
        "I05",
        "contained: severe, and its evidence held",
        at_the_venue(contained("泄题")),
        (DONE, "SEVERE", ["I001"]),
    ),
    Row("I05", "without a reason", at_the_venue(contained(" ")), ("REL-13", "MAJOR", [])),
    Row("I05", "an invigilator contains", ordered_by(INVIGILATOR, "ContainIncident"), "STF-04"),
    Row("I05", "the administrator alone freezes", ordered_by(ADMIN, "FreezeRelease"), DONE),
    Row(
        "I05",
        "frozen, nothing is released",
        lambda: told(may_release(replace(READY, frozen=True))),
        "REL-10",
    ),
    Row("I05", "not frozen, it is", lambda: told(may_release(READY)), DONE),
    Row(
        "I05",
        "frozen, again, lifted, again; in capitals without a reason",
        at_the_venue(frozen(*"FffLll")),
        ["REL-13", DONE, "REL-10", "REL-13", DONE, "REL-11"],
    ),
    Row("I05", "thawed without a second", wants(LiftFreezeTogether, "second"), True),
    Row(
        "I05", "the chief thaws as both", seconded_by(CHIEF, CHIEF, "LiftFreezeTogether"), "STF-06"
    ),
    Row("I05", "with the administrator", seconded_by(CHIEF, ADMIN, "LiftFreezeTogether"), "STF-04"),
    Row("I05", "with the zone director", seconded_by(CHIEF, DIRECTOR, "LiftFreezeTogether"), DONE),
    Row(
        "I06",
        "nothing ends; sixty minutes are left as before",
        at_the_venue(suspended),
        (False, 60),
    ),
    Row("I06", "the deputy stops the venue", ordered_by(DEPUTY, "SuspendTime"), DONE),
    Row("I06", "and does not let it go on", ordered_by(DEPUTY, "ResumeTime"), "STF-04"),
    Row(
        "I06",
        "an evacuation without its end",
        closes(incident(kind=IncidentKind.EVACUATION, facts=without("ended_at_ms").facts)),
        "INC-02",
    ),
    Row(
        "I07",
        "what was lost, in whole minutes, up",
        lambda: [whole_minutes(ms) for ms in (0, 1, 60_000, 60_001)],
        [0, 60, 60, 120],
    ),
    Row("I07", "less what was proposed before", lambda: wanted(0, 180_001, 60), 180),
    Row("I07", "nothing was lost", lambda: told(may_propose(0, 0, 0, "x")), "CRD-01"),
    Row(
        "I07", "time taken away", lambda: told(may_propose(wanted(-60, 0, 0), 0, 0, "x")), "CRD-01"
    ),
    Row("I07", "as much as was measured", lambda: told(may_propose(60, 60_000, 0, "")), DONE),
    Row("I07", "more, without words", lambda: told(may_propose(120, 60_000, 0, " ")), "REL-13"),
    Row("I07", "up to the cap", lambda: told(within_cap(1200, 600, 1800, "")), DONE),
    Row("I07", "a second above it", lambda: told(within_cap(1200, 601, 1800, "")), "CRD-02"),
    Row("I07", "with headquarters' number", lambda: told(within_cap(1200, 601, 1800, "7号")), DONE),
    Row("I07", "approved by another person", at_the_venue(credited(5)), (DONE, 95)),
    Row("I07", "two add up", at_the_venue(credited(5, 7)), (DONE, 102)),
    Row("I07", "two above the cap together", at_the_venue(credited(20, 11)), ("CRD-02", 110)),
    Row(
        "I07",
        "by whoever proposed it",
        at_the_venue(credited(5, decided_by="inv-1")),
        ("STF-06", 90),
    ),
    Row("I07", "rejected", at_the_venue(credited(5, approve=False)), (DONE, 90)),
    Row("I07", "rejected, then approved", at_the_venue(decided_twice), "CRD-03"),
    Row("I07", "after the session's end", at_the_venue(credited_after_the_end), "CRD-05"),
    Row("I07", "an invigilator decides", ordered_by(INVIGILATOR, "DecideTime"), "STF-04"),
    Row("I07", "proposes for another room", ordered_by(INVIGILATOR, "ProposeTime", "R2"), "STF-05"),
    Row("I07", "a wrong one, taken back at work", at_the_venue(revoked(30)), (DONE, 90)),
    Row("I07", "three minutes of it", at_the_venue(revoked(30, 3)), (DONE, 97)),
    Row("I07", "more than it was", at_the_venue(revoked(30, 60)), (DONE, 90)),
    Row("I07", "a millisecond before the old end", at_the_venue(revoked(90 - MS)), (DONE, 90)),
    Row("I07", "at the old end", at_the_venue(revoked(90)), (DONE, 90 + 1000 * MS)),
    Row("I07", "four minutes used", at_the_venue(revoked(94 - MS)), (DONE, 94)),
    Row("I07", "the last second", at_the_venue(revoked(100 - 1000 * MS)), ("CRD-09", 100)),
    Row("I07", "used up", at_the_venue(revoked(100)), ("CRD-09", 100)),
    Row("I07", "taken back twice", at_the_venue(revoked(30, times=2)), ("CRD-09", 90)),
    Row("I07", "in two parts", at_the_venue(revoked(30, 3, times=2)), (DONE, 94)),
    Row("I07", "taken back without a reason", at_the_venue(revoked(30, 0, " ")), ("REL-13", 100)),
    Row(
        "I07",
        "taken back by whoever proposed it",
        at_the_venue(revoked(30, decided_by="inv-1")),
        ("STF-06", 100),
    ),
    Row("I07", "taking it back is rejected", at_the_venue(revoked(30, approve=False)), (DONE, 100)),
    Row("I07", "not approved yet", at_the_venue(revoked_before_it_was_approved), "CRD-09"),
    Row("I07", "taken back in another room", at_the_venue(revoked_in_another_room), "STF-05"),
    Row(
        "I07",
        "a station that did not hear of it",
        at_the_venue(answered_on_after_it_was_revoked),
        (90, 100),
    ),
    Row("I07", "an inspector takes back", ordered_by(INSPECTOR, "RevokeTime"), "STF-04"),
    Row(
        "I07", "takes back for another room", ordered_by(INVIGILATOR, "RevokeTime", "R2"), "STF-05"
    ),
    Row(
        "I08", "at the old end the sitting goes on", at_the_venue(seven_minutes_more(90)), "SIT-04"
    ),
    Row("I08", "at the new end it hands in", at_the_venue(seven_minutes_more(97)), DONE),
    Row(
        "I09",
        "a millisecond before half an hour",
        at_the_venue(standing_still(60 - MS)),
        ([], "STARTED"),
    ),
    Row(
        "I09",
        "half an hour: the next level decides",
        at_the_venue(standing_still(60)),
        (["30"], "STARTED"),
    ),
    Row(
        "I09",
        "ten hours: nothing is cancelled",
        at_the_venue(standing_still(630)),
        (["30"], "STARTED"),
    ),
    Row(
        "I09",
        "each threshold of the plan in turn",
        lambda: [
            rules.escalation_min(GOING_ON, (30, 45), START + m * MINUTE) for m in (29, 30, 45)
        ],
        [0, 30, 45],
    ),
    Row(
        "I10",
        "a millisecond before the end, no time given",
        at_the_venue(reopened(90 - MS)),
        (DONE, "IN_PROGRESS", 90),
    ),
    Row("I10", "at the end", at_the_venue(reopened(90)), ("CRD-06", "SUBMITTED", 90)),
    Row("I10", "without a reason", at_the_venue(reopened(81, " ")), ("REL-13", "SUBMITTED", 90)),
    Row(
        "I10",
        "of somebody who left",
        at_the_venue(reopened(81, left=True)),
        ("SIT-04", "EXITED", 90),
    ),
    Row("I10", "of somebody at work", at_the_venue(reopened_at_work), "SIT-04"),
    Row("I10", "without a second", wants(ReopenSitting, "second"), True),
    Row("I10", "the deputy undoes it", ordered_by(DEPUTY, "ReopenSitting"), "STF-04"),
    Row("I10", "the chief as both", seconded_by(CHIEF, CHIEF, "ReopenSitting"), "STF-06"),
    Row(
        "I10",
        "a mistake gives no time back",
        lost(OPEN, Act("submit", 100_000, "EARLY"), LATER),
        [("HAND_IN", 0)],
    ),
    Row(
        "I12",
        "a dead station, from its last sign of life",
        lost(OPEN, Act("open", 360_000), LATER, outages=SILENT),
        [("STATION", 180_000)],
    ),
    Row("I12", "a line away while answers go on", lost(OPEN, LATER, outages=SILENT), [("LINK", 0)]),
    Row(
        "I12",
        "two seats at once are no event of the room",
        lambda: room_events([("a", 1), ("b", 2)], 15),
        {("a", 1): 0, ("b", 2): 0},
    ),
    Row(
        "I12",
        "three are",
        lambda: set(room_events([("a", 1), ("b", 2), ("c", 3)], 15).values()),
        {1},
    ),
    Row("I12", "whose words: the seat, then", about("R1", "01", 1), True),
    Row("I12", "another seat", about("R1", "02", 1), False),
    Row("I12", "another time", about("R1", "01", 6), False),
    *(
        Row("I12", f"an interruption closes without {name}", closes(without(name)), "INC-02")
        for name in ("cause", "action", "started_at_ms", "ended_at_ms")
    ),
    Row("I12", "without a result", closes(incident(), " "), "INC-02"),
    Row("I03", "the first order cancels", taken(said()), "taken"),
    Row("I03", "the same reference again", taken(said(), said()), "ORD-03"),
    Row("I03", "run again after it was cancelled", taken(said(RERUN, "函2号"), said()), "ORD-04"),
    Row("I03", "after the wiping", taken(said(), state=SessionState.WIPED), "ORD-05"),
    Row("I03", "after the sealing", taken(said(), state=SessionState.SEALED), "taken"),
    Row("I11", "everybody goes on later", taken(said(CONTINUE)), "taken"),
    Row("I11", "two go on later", taken(said(CONTINUE, tickets=["T1", "T2"])), "taken"),
    Row("I11", "somebody not registered", taken(said(CONTINUE, tickets=["T9"])), "ORD-07"),
    Row(
        "I11",
        "a third one, by another order",
        taken(said(CONTINUE, "函2号", ["T3"]), said(CONTINUE, tickets=["T1", "T2"])),
        "taken",
    ),
    Row(
        "I11",
        "one of the two, by another order",
        taken(said(CONTINUE, "函2号", ["T2"]), said(CONTINUE, tickets=["T1", "T2"])),
        "ORD-04",
    ),
    Row("I11", "after it was cancelled", taken(said(CONTINUE, "函2号"), said()), "ORD-04"),
    Row(
        "I13",
        "the report points into the video",
        lambda: "C-07 09:12-09:20" in rules.report_text("一", "经济", incident()),
        True,
    ),
]


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_group_i(row: Row) -> None:
    assert row.outcome() == row.expected


def test_group_i_has_a_line_for_all_that_is_built() -> None:
    assert len(built("I")) >= 11, "the register was not understood"
    assert not without_a_row("I", TABLE)
