"""Group B, assignment, recusal and training: the whole group's law in one table.

Each line asks the rule that the server itself asks; the expected value is written out.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.unit.requirements.register import Row, built, without_a_row
from venue_server.records.incidents.rules import (
    IncidentEntry,
    may_add,
    may_close,
    may_open,
    standing,
)
from venue_server.sitting.states import DATA_NEXT
from venue_server.staff.draw import Drawable, DrawDocument, DrawInput, check, draw
from venue_server.staff.duty.effective import effective
from venue_server.staff.duty.names import RecusalKind, RecusalScope
from venue_server.staff.duty.rows import Decision, Declaration, Duty
from venue_server.staff.duty.rules import (
    SessionFacts,
    assignment_problem,
    decision_problem,
    declaration_problem,
    draw_problem,
    drawables,
    unanswered,
    undecided,
)
from venue_server.staff.permissions import may, may_second
from venue_server.staff.person import NO_ROOM, Person
from venue_server.staff.readiness import PeopleFacts, staff_findings
from venue_server.staff.roster import RosterEntry
from venue_server.wire.incidents import IncidentFacts, IncidentKind, IncidentStep, Severity
from venue_server.wire.names import DataState, MediaClass, Role
from venue_server.wire.refusals import Refusal

NINE = 1_795_309_200_000  # 2026-11-22 09:00 in Beijing
MIDNIGHT = NINE - 9 * 3_600_000
SEED = "5e" * 32
FACTS = SessionFacts(("s1",), NINE, ("01", "02"), {"T1": "01"}, doors_shut=True, over=False)


def person(person_id: str, *roles: Role, rooms: tuple[str, ...] = ()) -> Person:
    return Person(person_id, person_id, frozenset(roles), frozenset(rooms), NINE, planned=True)


CHIEF = person("chief", Role.CHIEF)
DEPUTY = person("deputy", Role.DEPUTY)
ADMIN = person("admin", Role.SYSADMIN)
I1 = person("i1", Role.INVIGILATOR, rooms=("01",))
I2 = person("i2", Role.INVIGILATOR, rooms=("01",))
ROVE = person("rove", Role.ROVING, rooms=("01", "02"))
LOOKS = person("looks", Role.INSPECTOR)
VENUE = (CHIEF, ADMIN, I1, I2)
ROSTER = {
    one.person_id: RosterEntry(
        one.person_id, one.name, one.roles, gender=gender, computer_capable=True, trained=True
    )
    for one, gender in zip(VENUE, ("F", "M", "F", "M"), strict=True)
}


def code(refusal: Refusal | None) -> str:
    return refusal.code.value if refusal else "allowed"


def ready(*people: Person, roster: Any = ROSTER, **facts: Any) -> Callable[[], object]:
    """(requirement, blocks the start) of every finding about room 01."""
    known: dict[str, Any] = {"drawn": True, "agreed": frozenset(ROSTER), **facts}
    asked = PeopleFacts(1, roster, **known)
    return lambda: [(one.code, one.blocking) for one in staff_findings(people, ["01"], NINE, asked)]


def trained_on(**kinds: str) -> dict[str, RosterEntry]:
    return ROSTER | {"i1": replace(ROSTER["i1"], trained_on=kinds)}


WITH_LISTENING = {"kind": MediaClass.AUDIO, "day": "2026-11-22"}
UNTRAINED = ROSTER | {"i1": replace(ROSTER["i1"], trained=False)}


# ---- B02 ---------------------------------------------------------------------------------


def drawing(at_ms: int, before: int = 0, reason: str = "", **facts: bool) -> Callable[[], object]:
    return lambda: code(draw_problem(replace(FACTS, **facts), at_ms, before, reason))  # type: ignore[arg-type]


def people(*capable: bool, not_in: tuple[str, ...] = ()) -> list[Drawable]:
    """p0, p1 …; the first is recused from ``not_in``."""
    return [
        Drawable(f"p{n}", computer_capable=can, not_in=list(not_in) if n == 0 else [])
        for n, can in enumerate(capable)
    ]


def drawn(rooms: list[str], who: list[Drawable], seed: str = SEED) -> Any:
    return draw(DrawInput("s1", rooms, who, any(one.computer_capable for one in who), seed))


def document() -> DrawDocument:
    given = DrawInput("s1", ["01", "02"], people(*[True] * 8), True, SEED)
    result = draw(given)
    assert result is not None
    return DrawDocument(given, result)


def tampered() -> bool:
    """The first of room 01 and the first spare have changed places."""
    kept = document()
    rooms, spares = kept.result.rooms, kept.result.spares
    moved = {**rooms, "01": [spares[0], rooms["01"][1]]}
    return check(DrawDocument(kept.input, type(kept.result)(moved, [rooms["01"][0]], [])))


def second(first: Person, other: Person, order: str) -> Callable[[], object]:
    return lambda: code(may_second(first, other, order))


def order(who: Person, name: str) -> Callable[[], object]:
    return lambda: code(may(who, name, "01"))


def moved(who: Person | None, room: str, reason: str = "F21") -> Callable[[], object]:
    return lambda: code(assignment_problem(who, room, reason, FACTS))


# ---- B03 ---------------------------------------------------------------------------------


def declares(kind: str, about: str = "", reason: str = "cousin") -> Callable[[], object]:
    return lambda: code(declaration_problem(kind, about, reason, FACTS))


def decides(scope: str, *rooms: str, reason: str = "kin") -> Callable[[], object]:
    return lambda: code(decision_problem(scope, rooms, reason, FACTS))


def decision(scope: RecusalScope, *rooms: str, at_ms: int = NINE) -> Decision:
    return Decision("s1", "i1", scope, frozenset(rooms), "kin", "chief", at_ms)


def declared(kind: RecusalKind, at_ms: int = NINE) -> Declaration:
    return Declaration("s1", "i1", kind, "T1", "cousin", at_ms)


def recused(scope: RecusalScope, *rooms: str) -> Person:
    return effective([I1], Duty(decisions=(decision(scope, *rooms),)), NINE)[0]


def barred_from(scope: RecusalScope, *rooms: str) -> Callable[[], object]:
    """(person, rooms they are not drawn to) of i1 and i2 after the decision about i1."""
    given = decision(scope, *rooms)
    now = effective([I1, I2], Duty(decisions=(given,)), NINE)
    return lambda: [
        (one.person_id, one.not_in) for one in drawables(now, (), {}, [given], FACTS.rooms)
    ]


# ---- B07 ---------------------------------------------------------------------------------

POWER = IncidentFacts(
    what="停电", action="更换插座", cause="插座松动", started_at_ms=NINE, ended_at_ms=NINE
)


def opens(kind: IncidentKind, **facts: Any) -> Callable[[], object]:
    return lambda: code(may_open(kind, IncidentFacts(**facts)))


def incident(facts: IncidentFacts, severity: Severity, *more: IncidentEntry) -> Any:
    first = IncidentEntry(
        IncidentStep.OPENED, NINE, "i1", IncidentKind.POWER, severity, facts=facts
    )
    return standing("E1", "s1", "01", "", [first, *more])


def closes(severity: Severity = Severity.MAJOR, result: str = "ok", **facts: Any) -> Any:
    changed = {name: getattr(POWER, name) for name in POWER.__struct_fields__} | facts
    return lambda: code(may_close(incident(IncidentFacts(**changed), severity), result))


CLOSED = IncidentEntry(IncidentStep.CLOSED, NINE + 1, "chief", result="ok")

TABLE = [
    Row("B01", "everybody is trained", ready(*VENUE), []),
    Row("B01", "an untrained invigilator warns", ready(*VENUE, roster=UNTRAINED), [("B01", False)]),
    Row(
        "B01",
        "trained for this kind, on the very day",
        ready(*VENUE, roster=trained_on(AUDIO="2026-11-22"), **WITH_LISTENING),
        [],
    ),
    Row(
        "B01",
        "trained a day later",
        ready(*VENUE, roster=trained_on(AUDIO="2026-11-23"), **WITH_LISTENING),
        [("B01", False)],
    ),
    Row(
        "B01",
        "trained for another kind only",
        ready(*VENUE, roster=trained_on(NORMAL="2026-11-01"), **WITH_LISTENING),
        [("B01", False)],
    ),
    Row(
        "B01",
        "where headquarters wants it, that blocks",
        ready(
            *VENUE,
            roster=trained_on(NORMAL="2026-11-01"),
            untrained_block=True,
            **WITH_LISTENING,
        ),
        [("B01", True)],
    ),
    Row("B01", "without a roster nobody can know", ready(*VENUE, roster={}), []),
    Row("B02", "a millisecond before the day", drawing(MIDNIGHT - 1), "PPL-10"),
    Row("B02", "at 00:00 of the day", drawing(MIDNIGHT), "allowed"),
    Row("B02", "when a room is in use", drawing(NINE, doors_shut=False), "PPL-11"),
    Row("B02", "when the session is over", drawing(NINE, over=True), "PPL-11"),
    Row("B02", "again without a reason", drawing(NINE, 1, " "), "REL-13"),
    Row("B02", "again with a reason", drawing(NINE, 1, "ill"), "allowed"),
    Row("B02", "the same seed gives the same rooms", lambda: check(document()), True),
    Row("B02", "a changed result does not follow from its seed", tampered, False),
    Row(
        "B02", "three people for two rooms", lambda: drawn(["01", "02"], people(*[True] * 3)), None
    ),
    Row(
        "B02",
        "two rooms and one who knows computers",
        lambda: drawn(["01", "02"], people(True, False, False, False)),
        None,
    ),
    Row(
        "B02",
        "four of six are placed, nobody twice, two are spares",
        lambda: [
            len(set().union(*drawn(["01", "02"], people(*[True] * 6)).rooms.values())),
            len(drawn(["01", "02"], people(*[True] * 6)).spares),
        ],
        [4, 2],
    ),
    Row("B02", "the chief draws", order(CHIEF, "DrawRooms"), "allowed"),
    Row("B02", "an invigilator draws", order(I1, "DrawRooms"), "STF-04"),
    Row("B02", "the deputy confirms", second(CHIEF, DEPUTY, "DrawRooms"), "allowed"),
    Row("B02", "the chief confirms alone", second(CHIEF, CHIEF, "DrawRooms"), "STF-06"),
    Row("B02", "an invigilator confirms", second(CHIEF, I1, "DrawRooms"), "STF-04"),
    Row("B02", "an override with a reason", moved(I1, "02"), "allowed"),
    Row("B02", "an override without one", moved(I1, "02", " "), "REL-13"),
    Row("B02", "an override to no room of the session", moved(I1, "03"), "PPL-16"),
    Row("B02", "an override of somebody who supervises nowhere", moved(ADMIN, "02"), "PPL-16"),
    Row("B02", "an override by one alone", second(CHIEF, CHIEF, "AssignRoom"), "STF-06"),
    Row("B02", "rooms that were not drawn warn", ready(*VENUE, drawn=False), [("B02", False)]),
    Row("B03", "no relation", declares("NONE", reason=""), "allowed"),
    Row("B03", "a candidate of the session", declares("CANDIDATE", "T1"), "allowed"),
    Row("B03", "a candidate nobody knows", declares("CANDIDATE", "T2"), "PPL-09"),
    Row("B03", "a relation without its reason", declares("ROOM", "01", " "), "PPL-09"),
    Row("B03", "a word that is no declaration", declares("PERHAPS"), "PPL-09"),
    Row(
        "B03",
        "all who work must declare, who only looks need not",
        lambda: unanswered([CHIEF, ADMIN, I1, ROVE, LOOKS], [declared(RecusalKind.NONE)]),
        ["chief", "admin", "rove"],
    ),
    Row("B03", "somebody here did not declare", ready(*VENUE, unanswered=["i1"]), [("B03", True)]),
    Row("B03", "a relation is not decided", ready(*VENUE, undecided=["i1"]), [("B03", True)]),
    Row(
        "B03",
        "a relation that is declared after the decision is open again",
        lambda: [
            len(
                undecided(
                    [declared(RecusalKind.CANDIDATE, NINE + later)],
                    [decision(RecusalScope.NONE)],
                )
            )
            for later in (-1, 0, 1)
        ],
        [0, 0, 1],
    ),
    Row("B03", "a decision without a reason", decides("VENUE", reason=" "), "PPL-09"),
    Row("B03", "out of rooms, and names none", decides("ROOMS"), "PPL-09"),
    Row("B03", "out of a room of the session", decides("ROOMS", "01"), "allowed"),
    Row("B03", "the chief decides", order(CHIEF, "DecideRecusal"), "allowed"),
    Row("B03", "the deputy decides", order(DEPUTY, "DecideRecusal"), "STF-04"),
    Row(
        "B03",
        "recused from the venue: no order any more",
        order(recused(RecusalScope.VENUE), "Admit"),
        "PPL-04",
    ),
    Row(
        "B03",
        "recused from the own room: not in it any more",
        order(recused(RecusalScope.ROOMS, "01"), "Admit"),
        "STF-05",
    ),
    Row(
        "B03",
        "and then in no room rather than in all",
        lambda: recused(RecusalScope.ROOMS, "01").rooms,
        {NO_ROOM},
    ),
    Row("B03", "the draw leaves them out", barred_from(RecusalScope.VENUE), [("i2", [])]),
    Row(
        "B03",
        "the draw keeps them out of the room",
        barred_from(RecusalScope.ROOMS, "01"),
        [("i1", ["01"]), ("i2", [])],
    ),
    Row(
        "B03",
        "drawn with one who may not: only to the other room",
        lambda: {
            "p0"
            in drawn(["01", "02"], people(*[True] * 4, not_in=("01",)), f"{n:064x}").rooms["02"]
            for n in range(50)
        },
        {True},
    ),
    Row(
        "B03",
        "one room, one of two recused",
        lambda: drawn(["01"], people(True, True, not_in=("01",))),
        None,
    ),
    Row(
        "B05",
        "an undertaking that is missing warns",
        ready(*VENUE, agreed=frozenset({"chief", "admin", "i1"})),
        [("B05", False)],
    ),
    Row("B05", "who only looks signs none here", ready(*VENUE, LOOKS), []),
    Row("B05", "the chief records it", order(CHIEF, "RecordAgreement"), "allowed"),
    Row("B05", "an invigilator records it", order(I1, "RecordAgreement"), "STF-04"),
    Row(
        "B06",
        "from collecting only to collected",
        lambda: DATA_NEXT[DataState.COLLECTING],
        {DataState.COLLECTED},
    ),
    Row(
        "B06",
        "from collected only to backed up",
        lambda: DATA_NEXT[DataState.COLLECTED],
        {DataState.BACKED_UP},
    ),
    Row(
        "B06",
        "nothing but what was backed up and sealed goes up",
        lambda: [
            {here for here, there in DATA_NEXT.items() if state in there}
            for state in (DataState.UPLOADING, DataState.SEALED)
        ],
        [{DataState.SEALED}, {DataState.BACKED_UP}],
    ),
    Row("B07", "no word of what happened", opens(IncidentKind.POWER), "INC-02"),
    Row("B07", "what happened", opens(IncidentKind.POWER, what="停电"), "allowed"),
    Row(
        "B07",
        "a defective item without its number",
        opens(IncidentKind.PAPER, what="缺图"),
        "INC-02",
    ),
    Row("B07", "with its number", opens(IncidentKind.PAPER, what="缺图", item_no="12"), "allowed"),
    Row(
        "B07",
        "an end a millisecond before the start",
        opens(IncidentKind.POWER, what="停电", started_at_ms=NINE, ended_at_ms=NINE - 1),
        "INC-02",
    ),
    Row("B07", "closed with all there is to say", closes(), "allowed"),
    Row("B07", "closed without a result", closes(result=" "), "INC-02"),
    Row("B07", "closed without a measure", closes(action=""), "INC-02"),
    Row("B07", "closed without a cause", closes(cause=""), "INC-02"),
    Row("B07", "closed without its measured end", closes(ended_at_ms=0), "INC-02"),
    Row("B07", "closed before it was reported", closes(Severity.SEVERE), "INC-04"),
    Row(
        "B07",
        "closed twice",
        lambda: code(may_close(incident(POWER, Severity.MAJOR, CLOSED), "ok")),
        "INC-03",
    ),
    Row(
        "B07",
        "made less grave than it was",
        lambda: code(may_add(incident(POWER, Severity.SEVERE), POWER, Severity.MAJOR)),
        "INC-05",
    ),
]


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_group_b(row: Row) -> None:
    assert row.outcome() == row.expected


def test_group_b_has_a_line_for_all_that_is_built() -> None:
    assert len(built("B")) >= 6, "the register was not understood"
    assert not without_a_row("B", TABLE)
