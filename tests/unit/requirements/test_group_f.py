"""Group F, identity, tickets and admission: the whole group's law in one table.

Each line asks the rule or the service that the server itself asks; the expected value is written
out. Instants are in milliseconds around the planned start.
"""

from pathlib import Path

import pytest

from tests.unit.papers import test_notice as notices
from tests.unit.requirements import door_stories as told
from tests.unit.requirements.door_scenes import (
    ADMIN,
    CHIEF,
    DOORS_MS,
    I1,
    I2,
    LATE_MS,
    OTHERS,
    code,
    correct,
    door,
    doors_open,
    doubts,
    noted,
    order,
    screen,
    second,
    story,
)
from tests.unit.requirements.register import Row, built
from tests.unit.sitting.conftest import MINUTE
from tests.unit.sitting.test_swap_rules import sitting, swap
from venue_server.sitting.identity import has_valid_checksum, same_number
from venue_server.sitting.swapping.rules import may_bring_tail
from venue_server.staff.permissions import RULES
from venue_server.wire.names import (
    DoubtKind,
    IdDocument,
    MediaClass,
    NameCheck,
    PersonCheck,
    SittingState,
)

ELSEWHERE = {
    "F08": "tests/screens/console/test_console_door.py::"
    "test_f08_a_scanned_ticket_shows_photo_data_and_the_rare_character",
}
"""What only a screen shows: the photo beside the person, the scanner, the ticks."""

PERSON, NAME, NUMBER = DoubtKind.PERSON, DoubtKind.NAME, DoubtKind.NUMBER

TABLE = [
    Row("F01", "both documents", door(), "allowed"),
    Row("F01", "no ticket", door(ticket_checked=False), "ADM-03"),
    Row("F01", "no identity document", door(id_checked=False), "ADM-03"),
    Row(
        "F01",
        "the four kinds of documents",
        lambda: [one.value for one in IdDocument],
        ["RESIDENT_ID", "SOCIAL_SECURITY_CARD", "PERMANENT_RESIDENCE", "OTHER"],
    ),
    Row(
        "F01",
        "refused without a trace of admission, then admitted",
        story(told.documents),
        ["ADM-03", "SCHEDULED", "allowed", "ADMITTED"],
    ),
    Row("F01", "who was not admitted logs in", screen(state=SittingState.SCHEDULED), "ADM-07"),
    Row("F02", "the check digit holds", lambda: has_valid_checksum("11010519491231002X"), True),
    Row("F02", "with a small x", lambda: has_valid_checksum("11010519491231002x"), True),
    Row("F02", "it does not", lambda: has_valid_checksum("110105194912310021"), False),
    Row("F02", "mistyped: no doubt, typed again", door(id_number="110105194912310021"), "ADM-12"),
    Row("F02", "somebody else's number", door(id_number=OTHERS), "ADM-05"),
    Row(
        "F02",
        "another number is a doubt",
        doubts(id_number=OTHERS),
        [["NUMBER"], SittingState.IDENTITY_DOUBT],
    ),
    Row(
        "F02",
        "another name is a doubt",
        doubts(name=NameCheck.DIFFERENT),
        [["NAME"], SittingState.IDENTITY_DOUBT],
    ),
    Row(
        "F02",
        "another face is a doubt",
        doubts(person=PersonCheck.DOUBT),
        [["PERSON"], SittingState.IDENTITY_DOUBT],
    ),
    Row("F02", "nothing is a doubt", doubts(), [[], SittingState.ADMITTED]),
    Row(
        "F03",
        "a rare character the registration tells of",
        noted(name=NameCheck.RARE_CHARACTER),
        ["allowed", True, []],
    ),
    Row("F03", "one that it does not tell of", door(name=NameCheck.RARE_CHARACTER), "ADM-13"),
    Row(
        "F03",
        "it excuses no other face",
        noted(name=NameCheck.RARE_CHARACTER, person=PersonCheck.DOUBT),
        ["ADM-13", False, ["PERSON"]],
    ),
    Row(
        "F04",
        "both at once, the name, then the number, the name again",
        story(told.corrections),
        ["ADM-17", "allowed", "ADM-17", "allowed"],
    ),
    Row("F04", "filed, and nothing is changed", story(told.nothing_is_applied), ["allowed", True]),
    Row(
        "F04",
        "without a reason",
        story(lambda _, book: correct(book, "张三", reason=" ")),
        "ADM-18",
    ),
    Row("F04", "without a wish", story(lambda _, book: correct(book)), "ADM-18"),
    Row("F05", "the last millisecond", door(LATE_MS - 1), "allowed"),
    Row("F05", "five minutes after the start", door(LATE_MS), "ADM-01"),
    Row("F05", "a millisecond later", door(LATE_MS + 1), "ADM-01"),
    Row("F05", "late and without documents is late", door(LATE_MS, id_checked=False), "ADM-01"),
    Row(
        "F05",
        "two in agreement, the last millisecond",
        door(LATE_MS - 1, doubted=(PERSON,), by_two=True),
        "allowed",
    ),
    Row(
        "F05",
        "two in agreement, at the cut-off",
        door(LATE_MS, doubted=(PERSON,), by_two=True),
        "ADM-01",
    ),
    Row(
        "F05",
        "a start ten minutes late: before",
        door(10 * MINUTE + LATE_MS - 1, delay_ms=10 * MINUTE),
        "allowed",
    ),
    Row("F05", "and at its cut-off", door(10 * MINUTE + LATE_MS, delay_ms=10 * MINUTE), "ADM-01"),
    Row(
        "F05",
        "in time, at the cut-off and recorded, forty minutes later",
        story(told.late_stays_late),
        ["allowed", "ADM-01", "candidate.admission-refused", "ADM-01", "LATE_REFUSED"],
    ),
    Row("F05", "the effective start counts", story(told.delayed), ["allowed", "ADM-01"]),
    Row(
        "F05",
        "no other order lets anybody in",
        lambda: {name for name in RULES if "Admit" in name or name.endswith("In")},
        {"Admit", "AdmitInDoubt", "VisitorIn"},
    ),
    Row("F06", "audio, the millisecond before", door(-1, MediaClass.AUDIO), "allowed"),
    Row("F06", "audio, at the start", door(0, MediaClass.AUDIO), "ADM-01"),
    Row("F06", "video, the millisecond before", door(-1, MediaClass.VIDEO), "allowed"),
    Row("F06", "video, at the start", door(0, MediaClass.VIDEO), "ADM-01"),
    Row(
        "F06",
        "video, two in agreement",
        door(0, MediaClass.VIDEO, doubted=(NAME,), by_two=True),
        "ADM-01",
    ),
    Row("F07", "admitted in time, logs in at +6:00", screen(6 * MINUTE), "allowed"),
    Row(
        "F07",
        "after a crash, at +40:00",
        screen(40 * MINUTE, state=SittingState.IN_PROGRESS, live_at="old", alive=False),
        "allowed",
    ),
    Row("F07", "the plan's own cut-off, before it", screen(1_799_999, 1800), "allowed"),
    Row("F07", "at it", screen(1_800_000, 1800), "ADM-16"),
    Row(
        "F07",
        "at it, logged in before",
        screen(1_800_000, 1800, SittingState.LOGGED_IN, logged_in=True),
        "allowed",
    ),
    Row("F08", "that belongings were checked is on record", story(told.belongings), True),
    Row(
        "F09",
        "receipts; not back from another room, once, not twice; open until closed",
        story(told.kept),
        [["W0001", "W0002"], ["ADM-19", "allowed", "ADM-19"], [("F09", False)], []],
    ),
    Row(
        "F09",
        "nothing named, nobody's, somebody's of another room",
        story(told.not_kept),
        ["ADM-21", "ADM-04", "ADM-14"],
    ),
    Row("F09", "two of the room keep it", second(I1, I2, "KeepItem"), "allowed"),
    Row("F09", "one alone keeps it", second(I1, I1, "KeepItem"), "STF-06"),
    Row("F09", "an administrator confirms it", second(I1, ADMIN, "KeepItem"), "STF-04"),
    Row("F10", "a millisecond before the doors open", doors_open(DOORS_MS + 1), "ADM-02"),
    Row("F10", "thirty minutes before", doors_open(DOORS_MS), "allowed"),
    Row("F11", "before the room's command", screen(login_rooms=frozenset()), "ADM-06"),
    Row("F11", "another room's command", screen(login_rooms=frozenset({"R2"})), "ADM-06"),
    Row("F11", "after it", screen(), "allowed"),
    Row("F11", "a wrong number learns no seat", screen(id_number=OTHERS, seat_no="02"), "ADM-05"),
    Row(
        "F11",
        "a small x, full width, spaces",
        lambda: same_number("１１０１０５ 19491231 002ｘ", "11010519491231002X"),
        True,
    ),
    Row("F11", "nothing typed is nobody's number", lambda: same_number("", ""), False),
    Row("F11", "an invigilator of the room commands", order(I1, "AllowLogin"), "allowed"),
    Row("F11", "an invigilator of another room", order(I1, "AllowLogin", "R2"), "STF-05"),
    Row("F11", "an administrator", order(ADMIN, "AllowLogin"), "STF-04"),
    Row("F12", "another seat: told the own one", screen(seat_no="02"), ["ADM-08", "R1 01"]),
    Row("F12", "moved to a spare: there", screen(seat_no="91", moved_to="91"), "allowed"),
    Row(
        "F12",
        "moved to a spare: no more at the own seat",
        screen(moved_to="91"),
        ["ADM-08", "R1 91"],
    ),
    Row("F13", "alive at another machine", screen(live_at="m09"), "ADM-09"),
    Row("F13", "that machine is gone", screen(live_at="m09", alive=False), "allowed"),
    Row("F13", "the same machine again", screen(live_at="m01"), "allowed"),
    Row(
        "F13",
        "the old station's late writes, until the next log-in",
        lambda: may_bring_tail(sitting("01"), [swap("01", "91")], "old"),
        True,
    ),
    Row(
        "F13",
        "and after it: kept aside",
        lambda: may_bring_tail(sitting("01", machine="m91"), [swap("01", "91")], "old"),
        False,
    ),
    Row(
        "F13",
        "taken over by an invigilator and an administrator",
        second(I1, ADMIN, "SwapStation"),
        "allowed",
    ),
    Row("F13", "by one alone", second(I1, I1, "SwapStation"), "STF-06"),
    Row("F14", "one alone clears a doubt about the face", door(doubted=(PERSON,)), "ADM-11"),
    Row("F14", "one alone, about the name", door(doubted=(NAME,)), "ADM-11"),
    Row("F14", "a number that fits now is no doubt", door(doubted=(NUMBER,)), "allowed"),
    Row(
        "F14",
        "in doubt, in by two, settled by two of the room only",
        story(told.provisional),
        [
            ["ADM-13", "IDENTITY_DOUBT", "ADM-11", "allowed", "ADMITTED", "ADM-15", "allowed"],
            [("F14", True)],
            [],
        ],
    ),
    Row(
        "F14",
        "not verified: only then the chief's word, and it closes",
        story(told.not_verified),
        ["ADM-15", [("F14", True)], "allowed", []],
    ),
    Row("F14", "two without a doubt", story(told.without_a_doubt), ["ADM-15", "SCHEDULED"]),
    Row("F14", "two invigilators settle", second(I1, I2, "SettleDoubt"), "allowed"),
    Row("F14", "the same one twice", second(I1, I1, "SettleDoubt"), "STF-06"),
    Row("F14", "the chief as the second of two", second(I1, CHIEF, "SettleDoubt"), "STF-04"),
    Row("F14", "an invigilator decides", order(I1, "DecideDoubt"), "STF-04"),
    Row(
        "F14",
        "a correction notice by headquarters' two keys",
        lambda: code(notices.read(notices.built())),
        "allowed",
    ),
    Row(
        "F14",
        "for another venue",
        lambda: code(notices.read(notices.built(venues=["V2"]))),
        "NTC-01",
    ),
    Row(
        "F14",
        "published by the chief and a second",
        second(CHIEF, ADMIN, "PublishNotice"),
        "allowed",
    ),
    Row("F14", "published by the chief alone", second(CHIEF, CHIEF, "PublishNotice"), "STF-06"),
    Row(
        "F15",
        "one admission serves both",
        story(told.one_admission, sessions=told.LINKED),
        ["allowed", "ADMITTED", "ADMITTED"],
    ),
    Row(
        "F15",
        "late for the first, in time for the second",
        story(told.missed_the_first, sessions=told.LINKED),
        ["ADM-01", "SCHEDULED", "allowed", "LATE_REFUSED", "ADMITTED"],
    ),
    Row(
        "F15",
        "a doubt of the first is open in the second",
        story(told.doubt_in_both, sessions=told.LINKED),
        ["SCHEDULED", "ADMITTED", [("F14", True)]],
    ),
]


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_group_f(row: Row) -> None:
    assert row.outcome() == row.expected


def test_group_f_has_a_line_for_all_that_is_built() -> None:
    assert len(built("F")) >= 15, "the register was not understood"
    assert not built("F") - {row.number for row in TABLE}


def test_group_f_what_a_screen_shows_is_tested_there() -> None:
    for place in ELSEWHERE.values():
        path, _, name = place.partition("::")
        source = (Path(__file__).parents[3] / path).read_text(encoding="utf-8")
        assert f"def {name}(" in source, place
