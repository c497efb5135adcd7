"""Group A, organisation, roles and counts: the whole group's law in one table.

Each line asks the rule that the server itself asks; the expected value is written out.
"""

from collections.abc import Callable
from dataclasses import replace

import pytest

from invigilator_app.printing.badges import badge_sheet
from invigilator_app.printing.people_sheets import duty_card
from tests.unit.requirements.register import Row, built, without_a_row
from venue_server.staff.duty.effective import effective
from venue_server.staff.duty.hours import duty_hours
from venue_server.staff.duty.names import AssignedBy
from venue_server.staff.duty.rows import Assignment, Delegation, Duty
from venue_server.staff.permissions import RULES, may, may_second, sees
from venue_server.staff.person import Person
from venue_server.staff.readiness import PeopleFacts, staff_findings
from venue_server.staff.roster import RosterEntry, changes, merged, rooms_of, roster_problem
from venue_server.wire.names import Role
from venue_server.wire.people_views import OrganisationBook, OrganisationEntry

NINE = 1_795_309_200_000  # 2026-11-22 09:00 in Beijing
HOUR = 3_600_000


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
AGREED = frozenset(ROSTER)


def ready(
    *people: Person, min_sysadmin: int = 1, **entries: RosterEntry
) -> Callable[[], list[tuple[str, bool]]]:
    """(requirement, blocks the start) of every finding about room 01."""
    facts = PeopleFacts(min_sysadmin, ROSTER | entries, drawn=True, agreed=AGREED)
    return lambda: [(one.code, one.blocking) for one in staff_findings(people, ["01"], NINE, facts)]


def code(who: Person, order: str, room: str = "01") -> Callable[[], str]:
    def ask() -> str:
        refusal = may(who, order, room)
        return refusal.code.value if refusal else "allowed"

    return ask


def second(first: Person, other: Person, order: str) -> Callable[[], str]:
    def ask() -> str:
        refusal = may_second(first, other, order)
        return refusal.code.value if refusal else "allowed"

    return ask


def chiefs(at_ms: int) -> Callable[[], list[str]]:
    """Who is chief while the post is the deputy's from nine to ten."""
    post = Delegation(1, Role.CHIEF, "chief", "deputy", NINE, NINE + HOUR, "ill", "a,b")
    return lambda: [
        one.person_id
        for one in effective([CHIEF, DEPUTY], Duty((post,)), at_ms)
        if Role.CHIEF in one.roles
    ]


def drawn_to(room: str) -> Person:
    """The invigilator of room 01 after a draw put them elsewhere."""
    placed = Assignment("s", "i1", room, AssignedBy.DRAW, "", "a,b", NINE)
    return effective([I1], Duty(assignments=(placed,)), NINE)[0]


def signed(*entries: RosterEntry) -> Callable[[], str]:
    return lambda: roster_problem(entries, ["01", "02"])


def entry(person_id: str, *roles: Role, **more: str) -> RosterEntry:
    return RosterEntry(person_id, person_id, frozenset(roles), **more)  # type: ignore[arg-type]


BOOK = OrganisationBook(
    "第七中学考点",
    "考试",
    "plan-1",
    [(NINE - 14 * HOUR, NINE + 3 * HOUR)],
    [
        OrganisationEntry("周正", [Role.CHIEF], "", "中心", "13900000001", "B-01", []),
        OrganisationEntry("王医生", [], "医务", "医院", "13900000002", "", []),
    ],
    [],
)


def merged_chiefs() -> list[str]:
    found = merged([[entry("old", Role.CHIEF)], [entry("new", Role.CHIEF)]])
    return [name for name, one in found.items() if Role.CHIEF in one.roles]


def inspector_orders() -> set[str]:
    given = {order for order in RULES if may(LOOKS, order, "01") is None}
    return {order for order in given if not order.startswith("Get")}


def new_accounts(*entries: RosterEntry) -> Callable[[], list[tuple[str, bool]]]:
    return lambda: [(each.after.person_id, each.after.planned) for each in changes([], entries)]


GONE = replace(I2, active=False)
TABLE = [
    Row("A01", "one chief, here today", ready(*VENUE), []),
    Row("A01", "no chief", ready(ADMIN, I1, I2), [("A01", True)]),
    Row(
        "A01",
        "two chiefs",
        ready(*VENUE, replace(CHIEF, person_id="chief2")),
        [("A01", True), ("B05", False)],
    ),
    Row(
        "A01",
        "a roster with two chiefs",
        signed(entry("a", Role.CHIEF), entry("b", Role.CHIEF)),
        "staff: 2 chiefs (A01)",
    ),
    Row("A01", "a later roster names another chief", merged_chiefs, ["new"]),
    Row("A01", "before the post is handed over", chiefs(NINE - 1), ["chief"]),
    Row("A01", "while it is handed over", chiefs(NINE), ["deputy"]),
    Row("A01", "at the end of the hand-over", chiefs(NINE + HOUR), ["chief"]),
    Row("A02", "a deputy without a delegation arms", code(DEPUTY, "ArmRelease"), "STF-04"),
    Row(
        "A02",
        "three deputies warn only",
        ready(*VENUE, *(replace(DEPUTY, person_id=f"d{n}") for n in range(3))),
        [("A02", False), ("B05", False)],
    ),
    Row("A03", "no administrator", ready(CHIEF, I1, I2), [("A03", True)]),
    Row("A03", "one where two are wanted", ready(*VENUE, min_sysadmin=2), [("A03", True)]),
    Row(
        "A03",
        "a roster where the chief administers",
        signed(entry("a", Role.CHIEF, Role.SYSADMIN)),
        "staff: a is system administrator and more (A03)",
    ),
    Row("A03", "the same person as both of two", second(ADMIN, ADMIN, "ImportPlan"), "STF-06"),
    Row("A04", "one invigilator in the room", ready(CHIEF, ADMIN, I1), [("A04", True)]),
    Row("A04", "the second one's account is shut", ready(CHIEF, ADMIN, I1, GONE), [("A04", True)]),
    Row(
        "A04",
        "the second one came yesterday",
        ready(CHIEF, ADMIN, I1, replace(I2, signed_in_at_ms=NINE - 24 * HOUR)),
        [("A04", True)],
    ),
    Row(
        "A05",
        "nobody in the room knows computers",
        ready(
            *VENUE,
            i1=replace(ROSTER["i1"], computer_capable=False),
            i2=replace(ROSTER["i2"], computer_capable=False),
        ),
        [("A05", True)],
    ),
    Row(
        "A06",
        "two women warn only",
        ready(*VENUE, i2=replace(ROSTER["i2"], gender="F")),
        [("A06", False)],
    ),
    Row(
        "A07",
        "a roving invigilator has the area that was signed",
        lambda: rooms_of(replace(entry("r", Role.ROVING), area=frozenset({"02"}))),
        {"02"},
    ),
    Row("A07", "looks into a room of the area", lambda: sees(ROVE, "02"), True),
    Row("A07", "does not look into another", lambda: sees(ROVE, "03"), False),
    Row("A07", "signs the record of the area", code(ROVE, "SignRoomRecord"), "allowed"),
    Row("A07", "countersigns in the area", code(ROVE, "CountersignIncident", "02"), "allowed"),
    Row("A07", "not in another one", code(ROVE, "CountersignIncident", "03"), "STF-05"),
    Row("A07", "an invigilator does not", code(I1, "CountersignIncident", "01"), "STF-04"),
    Row("A07", "starts no room", code(ROVE, "StartRoom"), "STF-04"),
    Row("A08", "admits in the own room", code(I1, "Admit", "01"), "allowed"),
    Row("A08", "admits in another room", code(I1, "Admit", "02"), "STF-05"),
    Row("A08", "is drawn away: the room before", code(drawn_to("02"), "Admit", "01"), "STF-05"),
    Row("A08", "is drawn away: the room now", code(drawn_to("02"), "Admit", "02"), "allowed"),
    Row("A09", "a head approves a visit", code(DEPUTY, "ApproveVisitor"), "allowed"),
    Row("A09", "an invigilator approves one", code(I1, "ApproveVisitor"), "STF-04"),
    Row("A09", "a visitor to somebody else's room", code(I1, "VisitorIn", "02"), "STF-05"),
    Row(
        "A10",
        "a badge for whoever has a number, and for nobody else",
        lambda: [word in badge_sheet(BOOK) for word in ("B-01", "周正", "主考", "王医生")],
        [True, True, True, False],
    ),
    Row("A11", "a doctor gets no account", new_accounts(entry("doc", duties="医务")), []),
    Row(
        "A11",
        "and stands on the duty card with a telephone",
        lambda: [word in duty_card(BOOK) for word in ("王医生", "医务", "13900000002")],
        [True, True, True],
    ),
    Row(
        "A12",
        "an inspector orders nothing but a look at the ledger",
        inspector_orders,
        {"VerifyLedger"},
    ),
    Row(
        "A12", "after the account's time", code(replace(LOOKS, active=False), "GetStatus"), "PPL-04"
    ),
    Row(
        "A13",
        "the duty card gives the hours",
        lambda: "2026-11-21 19:00 至 2026-11-22 12:00" in duty_card(BOOK),
        True,
    ),
    Row("A13", "the counts are for heads and inspectors", code(LOOKS, "GetFeed"), "allowed"),
    Row("A13", "and not for a room", code(I1, "GetFeed"), "STF-04"),
    Row(
        "A14",
        "from 19:00 the evening before to an hour after the end",
        lambda: duty_hours([(NINE, NINE + 2 * HOUR)]),
        [(NINE - 14 * HOUR, NINE + 3 * HOUR)],
    ),
    Row(
        "A14",
        "two sessions of a day are one stretch",
        lambda: duty_hours([(NINE + 5 * HOUR, NINE + 7 * HOUR), (NINE, NINE + 2 * HOUR)]),
        [(NINE - 14 * HOUR, NINE + 8 * HOUR)],
    ),
    Row(
        "A15",
        "a signed roster makes the accounts",
        new_accounts(entry("a", Role.CHIEF)),
        [("a", True)],
    ),
    Row(
        "A15",
        "somebody who is not on it is called out",
        ready(*VENUE, replace(ROVE, planned=False)),
        [("B05", False), ("A15", False)],
    ),
]


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_group_a(row: Row) -> None:
    assert row.outcome() == row.expected


def test_group_a_has_a_line_for_all_that_is_built() -> None:
    assert len(built("A")) >= 15, "the register was not understood"
    assert not without_a_row("A", TABLE)
