"""Group V, violations: the whole group's law in one table.

Each line asks the rule or the service that the server itself asks; the expected value is written
out. The day lasts 90 minutes; instants are minutes after its start.
"""

import pytest

from tests.unit.requirements.register import Row, built, without_a_row
from tests.unit.requirements.venue_day import (
    ADMIN,
    CHIEF,
    DEPUTY,
    DIRECTOR,
    DONE,
    INSPECTOR,
    INVIGILATOR,
    ROVING,
    at_the_venue,
    missing_tests,
    ordered_by,
    seconded_by,
    wants,
)
from tests.unit.requirements.violation_plays import (
    after_it_was_ended,
    decided,
    ended,
    handed_in_as_ended,
    held,
    history,
    items,
    kept,
    observed,
    opens_incident,
    recorded,
    refused_before_two,
    rewritten,
    signed,
    warned,
    words,
)
from tests.unit.sitting.conftest import START
from venue_server.records.retention import retention, why_not_destroyed
from venue_server.wire.incident_orders import (
    LiftHold,
    NoteRefusal,
    ReturnEvidence,
    TakeItem,
    TerminateSitting,
)
from venue_server.wire.order31 import CODES, Article
from venue_server.wire.violations import ViolationFacts

NOBODY = ViolationFacts(facts=" ")
UNASKED, UNSIGNED = ["VIOLATION_UNASKED"], ["VIOLATION_UNSIGNED"]
TAKES = ("candidate signs", "chief signs")
ELSEWHERE = {
    "V07": "tests/faults/server/test_f12_violation.py"
    "::test_f12_v05_terminated_the_station_is_locked_and_the_answers_are_one_bundle",
}
"""Wiping is refused while evidence is held (VIO-08): this takes a whole day."""
EVER = START + 10**12


def destroyed(hold: str) -> object:
    """Why answers and records may not go, thirty years after the scores."""
    return [why_not_destroyed(each, EVER) for each in retention("", False, START, hold)]


TABLE = [
    Row("V01", "facts, and an item that they suggest", at_the_venue(recorded()), (DONE, 1)),
    Row("V01", "no facts", at_the_venue(recorded(facts=NOBODY)), ("VIO-04", 0)),
    Row(
        "V01",
        "an item that the order does not have",
        at_the_venue(recorded("O31-5-1")),
        ("VIO-04", 0),
    ),
    Row("V01", "of a seat where nobody sits", at_the_venue(recorded(seat="02")), ("VIO-03", 0)),
    Row("V01", "of somebody unknown", at_the_venue(recorded(seat="99")), ("SIT-03", 0)),
    Row("V01", "from another room", at_the_venue(recorded(room="R2")), ("STF-05", 0)),
    Row("V01", "suspected, and nothing of a result", at_the_venue(words), [True, False]),
    Row("V01", "an inspector records", ordered_by(INSPECTOR, "RecordViolation"), "STF-04"),
    Row(
        "V01",
        "the roving one, outside the own area",
        ordered_by(ROVING, "RecordViolation", "R2"),
        "STF-05",
    ),
    Row("V02", "items of article 6", items(Article.GENERAL), 10),
    Row(
        "V02",
        "those that presuppose a warning",
        lambda: [each.code for each in CODES.values() if each.warning_required],
        ["O31-6-1", "O31-6-2", "O31-6-4", "O31-6-9"],
    ),
    *(
        Row("V02", f"{item} without a warning", at_the_venue(recorded(item)), ("VIO-02", 0))
        for item in ("O31-6-1", "O31-6-2", "O31-6-4", "O31-6-9")
    ),
    Row("V02", "an item that wants none", at_the_venue(recorded("O31-6-3")), (DONE, 1)),
    Row("V02", "warned before the act", at_the_venue(warned("O31-6-1", -1)), DONE),
    Row("V02", "warned at the same millisecond", at_the_venue(warned("O31-6-1", 0)), DONE),
    Row("V02", "warned a millisecond after the act", at_the_venue(warned("O31-6-1", 1)), "VIO-02"),
    Row("V02", "warned by nobody", at_the_venue(warned("O31-6-1", -1, by="")), "VIO-02"),
    Row("V03", "items of article 7", items(Article.SERIOUS), 6),
    Row(
        "V03",
        "no incident, and kept for two years",
        at_the_venue(opens_incident("O31-7-6")),
        ([], "GRAVE"),
    ),
    Row(
        "V03",
        "a general one is kept as usual",
        at_the_venue(opens_incident("O31-6-3")),
        ([], "NORMAL"),
    ),
    Row("V04", "items of article 8", items(Article.VERY_SERIOUS), 3),
    Row(
        "V04",
        "organised cheating: severe at once, in its class",
        at_the_venue(opens_incident("O31-8-1")),
        ([("SEVERE", "46-2")], "GRAVE"),
    ),
    *(
        Row(
            "V04",
            f"{item}: severe at once",
            at_the_venue(opens_incident(item)),
            ([("SEVERE", "")], "GRAVE"),
        )
        for item in ("O31-8-2", "O31-8-3")
    ),
    Row(
        "V05",
        "a sitting at work, with its answers",
        at_the_venue(ended()),
        (DONE, "TERMINATED", 4, 1),
    ),
    Row("V05", "without a reason", at_the_venue(ended(" ")), ("REL-13", "IN_PROGRESS", None, 0)),
    Row(
        "V05",
        "from another room",
        at_the_venue(ended(room="R2")),
        ("STF-05", "IN_PROGRESS", None, 0),
    ),
    Row(
        "V05",
        "after the hand-in: that one stands",
        at_the_venue(ended(first="handed in", minute=81)),
        ("SIT-04", "SUBMITTED", 9, 0),
    ),
    Row(
        "V05",
        "after the session's end",
        at_the_venue(ended(first="session over", minute=90)),
        ("SES-01", "IN_PROGRESS", None, 0),
    ),
    Row(
        "V05",
        "afterwards: hands in, is ended again, was present",
        at_the_venue(after_it_was_ended),
        ("SIT-02", "SIT-04", True),
    ),
    Row("V05", "a station says so by itself", at_the_venue(handed_in_as_ended), "SIT-04"),
    Row("V05", "without a second", wants(TerminateSitting, "second"), True),
    Row("V05", "the deputy orders it", ordered_by(DEPUTY, "TerminateSitting"), "STF-04"),
    Row("V05", "an invigilator orders it", ordered_by(INVIGILATOR, "TerminateSitting"), "STF-04"),
    Row("V05", "the chief twice", seconded_by(CHIEF, CHIEF, "TerminateSitting"), "STF-06"),
    Row("V05", "with the deputy", seconded_by(CHIEF, DEPUTY, "TerminateSitting"), "STF-04"),
    Row("V05", "with an invigilator", seconded_by(CHIEF, INVIGILATOR, "TerminateSitting"), DONE),
    Row(
        "V05",
        "with another room's invigilator",
        seconded_by(CHIEF, INVIGILATOR, "TerminateSitting", "R2"),
        "STF-05",
    ),
    Row("V06", "the candidate was not asked", at_the_venue(signed()), ([], UNASKED)),
    Row(
        "V06", "the chief signs before", at_the_venue(signed("chief signs")), (["VIO-04"], UNASKED)
    ),
    Row(
        "V06",
        "signed: the chief is missing",
        at_the_venue(signed("candidate signs")),
        ([DONE], UNSIGNED),
    ),
    Row(
        "V06",
        "refused: the chief is missing",
        at_the_venue(signed("candidate refuses")),
        ([DONE], UNSIGNED),
    ),
    Row("V06", "the refusal is witnessed by two", at_the_venue(refused_before_two), ["甲", "乙"]),
    Row("V06", "both signed: it may be sealed", at_the_venue(signed(*TAKES)), ([DONE, DONE], [])),
    Row(
        "V06",
        "the chief signs what is not there any more",
        at_the_venue(signed("candidate signs", "chief signs another")),
        ([DONE, "VIO-05"], UNSIGNED),
    ),
    Row(
        "V06",
        "more evidence voids both signatures",
        at_the_venue(signed(*TAKES, "more evidence")),
        ([DONE, DONE, DONE], UNASKED),
    ),
    Row("V06", "a refusal without a second", wants(NoteRefusal, "second"), True),
    Row(
        "V06", "one person as both", seconded_by(INVIGILATOR, INVIGILATOR, "NoteRefusal"), "STF-06"
    ),
    Row(
        "V06",
        "the administrator as witness",
        seconded_by(INVIGILATOR, ADMIN, "NoteRefusal"),
        "STF-04",
    ),
    Row(
        "V06",
        "another room's invigilator as witness",
        seconded_by(CHIEF, INVIGILATOR, "NoteRefusal", "R2"),
        "STF-05",
    ),
    Row(
        "V06",
        "the roving one, in the own area",
        seconded_by(INVIGILATOR, ROVING, "NoteRefusal"),
        DONE,
    ),
    Row("V06", "the deputy signs for the chief", ordered_by(DEPUTY, "SignViolation"), "STF-04"),
    Row("V06", "an item is taken by two", wants(TakeItem, "second"), True),
    Row("V06", "and given back by two", wants(ReturnEvidence, "second"), True),
    Row(
        "V06",
        "taken, again, back, again",
        at_the_venue(kept(*"ttrr")),
        [DONE, "VIO-04", DONE, "VIO-04"],
    ),
    Row("V06", "an item that nobody describes", at_the_venue(kept("n")), ["VIO-04"]),
    Row(
        "V07",
        "held, with the ledger's head",
        at_the_venue(held(("hold", "复核", ""))),
        ([DONE], [("V001", 64)]),
    ),
    Row("V07", "held for no reason", at_the_venue(held(("hold", " ", ""))), (["REL-13"], [])),
    Row(
        "V07",
        "lifted without a number, with one, again",
        at_the_venue(
            held(("hold", "复核", ""), *(("lift", "复核完", each) for each in (" ", "9号", "9号")))
        ),
        ([DONE, "REL-13", DONE, "VIO-09"], []),
    ),
    Row(
        "V07",
        "nothing is destroyed while it stands",
        lambda: destroyed("来函"),
        ["WIP-06", "WIP-06"],
    ),
    Row("V07", "and may be without it", lambda: destroyed(""), [None, None]),
    Row("V07", "an invigilator holds", ordered_by(INVIGILATOR, "HoldEvidence"), "STF-04"),
    Row("V07", "lifted without a second", wants(LiftHold, "second"), True),
    Row("V07", "lifted with the deputy", seconded_by(CHIEF, DEPUTY, "LiftHold"), "STF-04"),
    Row("V07", "lifted with the zone director", seconded_by(CHIEF, DIRECTOR, "LiftHold"), DONE),
    Row(
        "V08",
        "withdrawn on nothing",
        at_the_venue(signed("withdrawn on nothing")),
        (["REL-13"], UNASKED),
    ),
    Row(
        "V08",
        "withdrawn for no reason",
        at_the_venue(signed("withdrawn for nothing")),
        (["REL-13"], UNASKED),
    ),
    Row(
        "V08",
        "withdrawn on evidence; nothing is added, signed or withdrawn after",
        at_the_venue(signed("withdrawn", "more evidence", "candidate signs", "withdrawn")),
        ([DONE, "VIO-06", "VIO-06", "VIO-06"], []),
    ),
    Row(
        "V08",
        "all of it stays readable, and the room's record says why",
        at_the_venue(history),
        (["RECORDED", "CANDIDATE_SIGNED", "WITHDRAWN"], True),
    ),
    Row(
        "V08", "an entry is neither changed nor deleted", at_the_venue(rewritten), ([True, True], 1)
    ),
    Row("V08", "an invigilator withdraws", ordered_by(INVIGILATOR, "WithdrawViolation"), "STF-04"),
    Row(
        "V09",
        "what a station notices is no violation",
        at_the_venue(observed("FOCUS_LOST")),
        (1, 0, []),
    ),
    Row(
        "V09",
        "a raised hand is not even noticed",
        at_the_venue(observed("HAND_RAISED")),
        (0, 0, []),
    ),
    Row(
        "V09",
        "at a machine where nobody sits",
        at_the_venue(observed("FOCUS_LOST", machine="m02")),
        (0, 0, []),
    ),
    Row("V09", "dismissed with no word", at_the_venue(decided(("R1", "", " "))), (["REL-13"], "")),
    Row("V09", "from another room", at_the_venue(decided(("R2", "", "误报"))), (["VIO-07"], "")),
    Row(
        "V09",
        "to a record that is not there",
        at_the_venue(decided(("R1", "V009", "x"))),
        (["VIO-01"], ""),
    ),
    Row(
        "V09",
        "a person dismisses it, once",
        at_the_venue(decided(("R1", "", "误报"), ("R1", "V001", "x"))),
        ([DONE, "VIO-07"], "DISMISSED"),
    ),
    Row(
        "V09",
        "a person attaches it",
        at_the_venue(decided(("R1", "V001", ""))),
        ([DONE], "ATTACHED"),
    ),
    Row("V09", "the administrator decides", ordered_by(ADMIN, "DecideObservation"), "STF-04"),
]


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_group_v(row: Row) -> None:
    assert row.outcome() == row.expected


def test_group_v_has_a_line_for_all_that_is_built() -> None:
    assert len(built("V")) >= 9, "the register was not understood"
    assert not without_a_row("V", TABLE)
    assert not missing_tests(ELSEWHERE)
