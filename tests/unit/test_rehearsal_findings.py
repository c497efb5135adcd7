"""The judge of a rehearsed day must be able to say no: every rule, with what it rests on gone."""

import hashlib
from dataclasses import replace
from typing import Any

import pytest

from venue_server.ledger.catalogue import Event
from venue_server.rehearsal.day_findings import RULES, Day, findings
from venue_server.rehearsal.options import DAY_MS, morning_after
from venue_server.staff.draw import Drawable, DrawDocument, DrawInput, document_hash, draw
from venue_server.staff.duty.rules import midnight_before
from venue_server.wire.canonical import canonical

START = 1_795_738_754_609
SITTING, TICKET, ABSENT, LATE = "s.02", "02", "07", "08"


def _document() -> DrawDocument:
    people = [Drawable(f"inv-{n}", "FM"[n % 2], not_in=["01"] * (n == 1)) for n in range(1, 5)]
    given = DrawInput("s", ["01"], people, False, "ab" * 32)
    result = draw(given)
    assert result is not None
    return DrawDocument(given, result)


DRAW = _document()
CONTENT = {"room_id": "01"}
SHEET = hashlib.sha256(canonical(CONTENT)).hexdigest()


def _lines() -> list[tuple[Event, str, dict[str, Any]]]:
    """The shortest day that satisfies every rule: event, actor, data."""
    word = {"sitting": SITTING, "room": "01"}
    return [
        (Event.PLAN_IMPORTED, "admin-a,admin-b", {}),
        (Event.CODE_ISSUED, "admin-a,chief-1", {"person": "inv-1"}),
        (Event.PASSWORD_SET, "inv-1", {}),
        (Event.RECUSAL_DECIDED, "chief-1", {"person": "inv-1", "rooms": ["01"]}),
        (Event.INSPECTION_RUN, "admin-a", {"failed": ["STA-INTERNET"]}),
        (Event.INSPECTION_RUN, "admin-a", {"failed": []}),
        (Event.VENUE_SEALED, "admin-a", {"second": "chief-1"}),
        (Event.SEAL_CHECKED, "", {"minutes_before": 5, "holds": True}),
        (
            Event.ROOMS_DRAWN,
            "chief-1,deputy-1",
            {"document_sha256": document_hash(DRAW), "seed": DRAW.input.seed},
        ),
        (Event.MEDIUM_HANDED_OUT, "deputy-1", {"medium": "m", "second": "admin-a"}),
        (Event.RECEIPT_OPENED, "admin-a", {"supervisor": "chief-1"}),
        (Event.RECEIPT_CLOSED, "admin-a", {"outcome": "COMPLETE"}),
        (Event.RECEIPT_SIGNED, "chief-1", {}),
        (Event.ADMITTED_IN_DOUBT, "inv-2,inv-3", {"doubt": "d"}),
        (Event.DOUBT_SETTLED, "inv-2,inv-3", {"doubt": "d", "verified": True}),
        (Event.ITEM_KEPT, "inv-2,inv-3", {"receipt": "W1"}),
        (Event.VISITOR_APPROVED, "chief-1", {"visitor": "F1"}),
        (Event.VISITOR_IN, "inv-2", {"visitor": "F1"}),
        (Event.VISITOR_OUT, "inv-2", {"visitor": "F1"}),
        (Event.LOGIN_REFUSED, "station-8", {"code": "ADM-08"}),
        (Event.SEAL_WITNESSED, "inv-2,inv-3", {"room": "01"}),
        (Event.RELEASE_ARMED, "chief-1", {"second": "admin-a", "without": []}),
        (Event.SESSION_STARTED, "", {}),
        (Event.ADMISSION_REFUSED, "inv-2", {"ticket": LATE, "code": "ADM-01"}),
        (
            Event.STATION_SWAPPED,
            "inv-2,admin-b",
            {"sitting": SITTING, "from_machine": "old", "to_machine": "spare"},
        ),
        (Event.BREAK_BEGUN, "inv-2", word),
        (Event.BREAK_ENDED, "inv-2", word),
        (
            Event.TIME_APPROVED,
            "chief-1",
            {"sitting": SITTING, "seconds": 300, "proposed_by": "inv-2"},
        ),
        (Event.SESSION_ENDED, "", {"absent": [ABSENT, LATE]}),
        (Event.BACKED_UP, "", {"sha256": "bb"}),
        (Event.ITEM_RETURNED, "inv-2,inv-3", {"receipt": "W1"}),
        (Event.SEALED, "chief-1,admin-a", {}),
        (Event.RECEIPT_MATCHED, "", {}),
        (Event.MEDIUM_RETURNED, "deputy-1", {"medium": "m", "second": "admin-a"}),
        (Event.WIPED, "admin-a,chief-1", {}),
    ]


def _entries(lines: list[tuple[Event, str, dict[str, Any]]]) -> list[dict[str, Any]]:
    return [
        {"seq": seq, "at_ms": START, "event": event.value, "actor": actor, "data": data}
        for seq, (event, actor, data) in enumerate(lines, start=1)
    ]


def _records() -> dict[str, Any]:
    signed = [
        {"person_id": person, "role": role, "content_hash": SHEET}
        for person, role in [
            *((each, "INVIGILATOR") for each in DRAW.result.rooms["01"]),
            ("chief-1", "CHIEF"),
        ]
    ]
    return {
        "export": {
            "session": {"planned_start_ms": START},
            "seating": [
                {
                    "sitting_id": SITTING,
                    "machines": [{"machine_id": "old"}, {"machine_id": "spare"}],
                }
            ],
            "statistics": [{"scheduled": 8, "present": 6, "absent": 2}],
        },
        "incidents": [{"closed_at_ms": 1, "result": "恢复", "reports": [{}]}],
        "violations": {
            "records": [{"candidate": "REFUSED", "witnesses": ["a", "b"], "chief": "c"}]
        },
        "room_records": {"01": {"content": CONTENT, "content_hash": SHEET, "signatures": signed}},
    }


def day() -> Day:
    return Day(
        entries=_entries(_lines()),
        records=_records(),
        draws=[DRAW],
        credited={SITTING: 300},
        absent=[ABSENT, LATE],
        late=LATE,
        free=[],
        backups=["bb"],
        close_open=[],
    )


def broken(found: dict[str, bool]) -> set[str]:
    return {name for name, there in found.items() if not there}


def test_a_day_with_everything_in_it_has_every_finding() -> None:
    assert broken(findings(day())) == set()


GONE = {
    Event.PASSWORD_SET: "accounts_opened_by_code",
    Event.RECUSAL_DECIDED: "recused_kept_out_of_the_room",
    Event.ROOMS_DRAWN: "draw_recomputed_from_its_seed",
    Event.INSPECTION_RUN: "inspection_failed_corrected_sealed",
    Event.SEAL_CHECKED: "seal_held_until_the_start",
    Event.RECEIPT_SIGNED: "receipt_supervised_and_signed",
    Event.DOUBT_SETTLED: "doubt_cleared_by_two",
    Event.ADMISSION_REFUSED: "late_candidate_refused",
    Event.LOGIN_REFUSED: "wrong_seat_refused",
    Event.ITEM_RETURNED: "items_given_back",
    Event.VISITOR_OUT: "visitor_in_and_out",
    Event.SEAL_WITNESSED: "seals_shown_in_every_room",
    Event.RELEASE_ARMED: "release_armed_by_two",
    Event.BREAK_ENDED: "break_begun_and_ended",
    Event.STATION_SWAPPED: "swapped_to_a_spare",
    Event.TIME_APPROVED: "credit_approved_and_shown",
    Event.SESSION_ENDED: "absences_counted",
    Event.BACKED_UP: "backup_verified",
    Event.RECEIPT_MATCHED: "sealed_uploaded_then_wiped",
    Event.MEDIUM_RETURNED: "media_back",
}


@pytest.mark.parametrize("event", GONE)
def test_what_the_ledger_does_not_tell_is_not_found(event: Event) -> None:
    left = [each for each in _lines() if each[0] is not event]
    assert GONE[event] in broken(findings(replace(day(), entries=_entries(left))))


@pytest.mark.parametrize(
    ("event", "name"),
    [
        (Event.PLAN_IMPORTED, "plan_imported_by_two"),
        (Event.ROOMS_DRAWN, "draw_recomputed_from_its_seed"),
        (Event.DOUBT_SETTLED, "doubt_cleared_by_two"),
        (Event.STATION_SWAPPED, "swapped_to_a_spare"),
        (Event.WIPED, "sealed_uploaded_then_wiped"),
        (Event.TIME_APPROVED, "credit_approved_and_shown"),
    ],
)
def test_n03_one_person_alone_is_not_two(event: Event, name: str) -> None:
    alone = [(e, "inv-2" if e is event else actor, data) for e, actor, data in _lines()]
    assert broken(findings(replace(day(), entries=_entries(alone)))) == {name}


def test_b02_another_seed_gives_other_rooms() -> None:
    other = DrawDocument(replace_seed(DRAW.input), DRAW.result)
    assert "draw_recomputed_from_its_seed" in broken(findings(replace(day(), draws=[other])))


def replace_seed(given: DrawInput) -> DrawInput:
    return DrawInput(given.session_id, given.rooms, given.people, False, "cd" * 32)


def test_what_headquarters_opened_must_say_it_too() -> None:
    records = _records()
    records["incidents"][0]["result"] = ""
    records["violations"]["records"][0]["witnesses"] = ["a"]
    records["export"]["statistics"][0]["absent"] = 1
    records["room_records"]["01"]["content"] = {"room_id": "02"}
    assert broken(findings(replace(day(), records=records))) == {
        "incident_reported_and_closed",
        "violation_witnessed_and_signed",
        "absences_counted",
        "sheets_signed_by_all_three",
    }


def test_k01_an_invigilator_of_another_room_signs_for_nobody() -> None:
    records = _records()
    records["room_records"]["01"]["signatures"][0]["person_id"] = "inv-1"
    assert broken(findings(replace(day(), records=records))) == {"sheets_signed_by_all_three"}


def test_the_station_the_medium_and_the_close_check_are_asked_as_well() -> None:
    changed = replace(day(), credited={SITTING: 240}, backups=["cc"], close_open=["wipe"])
    assert broken(findings(changed)) == {
        "credit_approved_and_shown",
        "backup_verified",
        "close_check_nothing_open",
    }


def test_c10_a_seal_broken_before_the_start_did_not_hold() -> None:
    lines = _lines()
    lines.insert(8, (Event.SEAL_BROKEN, "", {}))
    assert broken(findings(replace(day(), entries=_entries(lines)))) == {
        "seal_held_until_the_start"
    }


def test_every_rule_was_shown_to_fail() -> None:
    elsewhere = {
        "plan_imported_by_two",
        "incident_reported_and_closed",
        "violation_witnessed_and_signed",
        "sheets_signed_by_all_three",
        "close_check_nothing_open",
    }
    assert set(RULES) == set(GONE.values()) | elsewhere


@pytest.mark.parametrize("now", [START, START + DAY_MS // 2, midnight_before(START)])
def test_b02_a_rehearsal_begins_on_a_morning_and_never_in_the_past(now: int) -> None:
    begin = morning_after(now)
    assert now < begin <= now + 2 * DAY_MS
    assert midnight_before(begin) == midnight_before(begin + 17 * 3_600_000), "no midnight in it"
