"""Rules of a day's duties: effective posts and rooms, recusals, delegations, second factor."""

from dataclasses import replace

import pytest

from venue_server.staff import totp
from venue_server.staff.accounts import code_as_issued, new_code
from venue_server.staff.duty.effective import effective
from venue_server.staff.duty.hours import duty_hours
from venue_server.staff.duty.names import AssignedBy, RecusalKind, RecusalScope
from venue_server.staff.duty.rows import Assignment, Decision, Declaration, Delegation, Duty
from venue_server.staff.duty.rules import (
    DAY_MS,
    LONGEST_DELEGATION_MS,
    SessionFacts,
    Wanted,
    decision_problem,
    declaration_problem,
    delegation_problem,
    draw_problem,
    may_end,
    midnight_before,
    unanswered,
    undecided,
)
from venue_server.staff.person import NO_ROOM, Person
from venue_server.staff.roster import RosterEntry, changes, merged, roster_problem
from venue_server.wire.names import Role
from venue_server.wire.refusals import RefusalCode

NOW = 1_800_000_000_000
MINUTE = 60_000
FACTS = SessionFacts(("s1", "s2"), NOW, ("01", "02"), {"T1": "01"}, doors_shut=True, over=False)


def person(
    person_id: str, *roles: Role, rooms: tuple[str, ...] = (), active: bool = True
) -> Person:
    return Person(person_id, person_id, frozenset(roles), frozenset(rooms), NOW, active)


CHIEF, DEPUTY = person("chief", Role.CHIEF), person("deputy", Role.DEPUTY)
ADMIN, OTHER = person("admin", Role.SYSADMIN), person("other", Role.SYSADMIN)
INV = person("inv", Role.INVIGILATOR, rooms=(NO_ROOM,))
ROVE = person("rove", Role.ROVING, rooms=("01", "02"))
DIRECTOR = person("director", Role.ZONE_DIRECTOR)
EVERYONE = [CHIEF, DEPUTY, ADMIN, OTHER, INV, ROVE, DIRECTOR]


def post(role: Role = Role.CHIEF, giver: str = "chief", taker: str = "deputy") -> Delegation:
    return Delegation(1, role, giver, taker, NOW, NOW + MINUTE, "r", "a,b")


def now_is(duty: Duty, at_ms: int = NOW, people: list[Person] | None = None) -> dict[str, Person]:
    return {one.person_id: one for one in effective(people or EVERYONE, duty, at_ms)}


# ---- posts -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at_ms", "runs"), [(-1, False), (0, True), (59_999, True), (60_000, False)]
)
def test_a02_a_deputy_is_chief_exactly_for_the_time(at_ms: int, runs: bool) -> None:
    found = now_is(Duty((post(),)), NOW + at_ms)
    assert (Role.CHIEF in found["deputy"].roles) is runs
    assert (Role.CHIEF in found["chief"].roles) is not runs
    assert sum(Role.CHIEF in one.roles for one in found.values()) == 1, "A01 at every instant"


def test_a01_a_post_comes_back_when_it_is_ended_or_its_taker_may_not_act() -> None:
    handed = replace(post(), until_ms=0)
    assert Role.CHIEF in now_is(Duty((handed,)), NOW + 90 * DAY_MS)["deputy"].roles
    ended = replace(handed, ended_at_ms=NOW, ended_by="chief")
    assert Role.CHIEF in now_is(Duty((ended,)))["chief"].roles
    gone = [replace(one, active=one.person_id != "deputy") for one in EVERYONE]
    assert Role.CHIEF in now_is(Duty((handed,)), people=gone)["chief"].roles


def test_n03_an_administrators_post_is_added_to_its_taker() -> None:
    found = now_is(Duty((post(Role.SYSADMIN, "admin", "deputy"),)))
    assert found["deputy"].roles == {Role.DEPUTY, Role.SYSADMIN}
    assert found["admin"].roles == {Role.SYSADMIN}


def wanted(**changes: object) -> Wanted:
    start = Wanted(Role.CHIEF, CHIEF, DEPUTY, NOW + MINUTE, "r", CHIEF, DEPUTY)
    return replace(start, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (wanted(), None),
        (wanted(first=DIRECTOR), None),
        (wanted(until_ms=0), None),
        (wanted(role=Role.SYSADMIN, giver=ADMIN, taker=OTHER, first=OTHER), None),
        (wanted(role=Role.SYSADMIN, giver=ADMIN, taker=DEPUTY, second=OTHER), None),
        (
            wanted(role=Role.SYSADMIN, giver=ADMIN, taker=DEPUTY),
            RefusalCode.DELEGATION_INVALID,  # the heads among themselves
        ),
        (wanted(first=ADMIN), RefusalCode.DELEGATION_INVALID),
        (wanted(taker=ADMIN), RefusalCode.DELEGATION_INVALID),
        (wanted(taker=CHIEF), RefusalCode.PERSON_UNKNOWN),
        (wanted(taker=None), RefusalCode.PERSON_UNKNOWN),
        (wanted(giver=ADMIN, first=ADMIN), RefusalCode.DELEGATION_INVALID),
        (wanted(reason=" "), RefusalCode.REASON_MISSING),
        (wanted(until_ms=NOW), RefusalCode.DELEGATION_INVALID),
        (wanted(until_ms=NOW + LONGEST_DELEGATION_MS + 1), RefusalCode.DELEGATION_INVALID),
        (wanted(taker=replace(DEPUTY, active=False)), RefusalCode.DELEGATION_INVALID),
        (wanted(role=Role.SYSADMIN, giver=ADMIN, taker=INV), RefusalCode.DELEGATION_INVALID),
        (wanted(role=Role.ROVING, giver=ROVE, taker=DEPUTY), RefusalCode.DELEGATION_INVALID),
    ],
)
def test_a01_a03_who_may_do_whose_post(asked: Wanted, code: RefusalCode | None) -> None:
    refusal = delegation_problem(asked, EVERYONE, Duty(), NOW)
    assert (refusal.code if refusal else None) is code


def test_a02_a_post_that_is_away_is_not_given_twice() -> None:
    refusal = delegation_problem(wanted(), EVERYONE, Duty((post(),)), NOW)
    assert refusal is not None
    after = delegation_problem(wanted(until_ms=0), EVERYONE, Duty((post(),)), NOW + MINUTE)
    assert after is None


def test_a02_who_may_end_it() -> None:
    assert [one.person_id for one in EVERYONE if may_end(post(), one)] == [
        "chief",
        "deputy",
        "director",
    ]
    admins = post(Role.SYSADMIN, "admin", "other")
    assert {one.person_id for one in EVERYONE if may_end(admins, one)} == {
        "chief",
        "admin",
        "other",
        "director",
    }


# ---- rooms and recusals ------------------------------------------------------------------


def placed(person_id: str, room_id: str) -> Assignment:
    return Assignment("s1", person_id, room_id, AssignedBy.DRAW, "", "a,b", NOW)


def test_a08_the_last_assignment_is_the_whole_area() -> None:
    found = now_is(Duty((), (placed("inv", "01"), placed("inv", "02"))))
    assert found["inv"].rooms == {"02"}
    assert now_is(Duty())["inv"].rooms == {NO_ROOM}


def test_f21_a_roving_one_who_steps_in_supervises_the_room() -> None:
    found = now_is(Duty((), (placed("rove", "01"),)))
    assert found["rove"].roles == {Role.ROVING, Role.INVIGILATOR}
    assert found["rove"].rooms == {"01"}
    spare = now_is(Duty((), (placed("rove", NO_ROOM),)))
    assert spare["rove"].roles == {Role.ROVING}


def test_b03_a_decision_takes_rooms_or_the_person_away() -> None:
    def decided(scope: RecusalScope, *rooms: str) -> Decision:
        return Decision("s1", "rove", scope, frozenset(rooms), "r", "chief", NOW)

    assert now_is(Duty(decisions=(decided(RecusalScope.ROOMS, "01"),)))["rove"].rooms == {"02"}
    both = decided(RecusalScope.ROOMS, "01", "02")
    assert now_is(Duty(decisions=(both,)))["rove"].rooms == {NO_ROOM}, "never: all rooms"
    assert not now_is(Duty(decisions=(decided(RecusalScope.VENUE),)))["rove"].active
    later = (decided(RecusalScope.ROOMS, "01"), decided(RecusalScope.NONE))
    assert now_is(Duty(decisions=later))["rove"].rooms == {"01", "02"}


@pytest.mark.parametrize(
    ("kind", "about", "reason", "right"),
    [
        ("NONE", "", "", True),
        ("CANDIDATE", "T1", "兄妹", True),
        ("CANDIDATE", "T9", "兄妹", False),
        ("CANDIDATE", "T1", " ", False),
        ("ROOM", "02", "同事", True),
        ("ROOM", "09", "同事", False),
        ("VENUE", "", "出题", True),
        ("OTHER", "", "x", False),
    ],
)
def test_b03_a_declaration_says_all_it_must(
    kind: str, about: str, reason: str, right: bool
) -> None:
    assert (declaration_problem(kind, about, reason, FACTS) is None) is right


def test_b03_a_decision_names_rooms_exactly_when_it_is_about_rooms() -> None:
    assert decision_problem("ROOMS", ["01"], "r", FACTS) is None
    assert decision_problem("VENUE", [], "r", FACTS) is None
    for scope, rooms, reason in (
        ("ROOMS", [], "r"),
        ("ROOMS", ["09"], "r"),
        ("VENUE", ["01"], "r"),
        ("NONE", [], ""),
        ("WHAT", [], "r"),
    ):
        assert decision_problem(scope, rooms, reason, FACTS) is not None


def test_b03_what_is_still_open() -> None:
    def said(person_id: str, kind: RecusalKind, at_ms: int = NOW) -> Declaration:
        return Declaration("s1", person_id, kind, "", "r", at_ms)

    told = [said("inv", RecusalKind.VENUE), said("rove", RecusalKind.NONE)]
    assert unanswered(EVERYONE, told) == ["chief", "deputy", "admin", "other"]
    assert [each.person_id for each in undecided(told, [])] == ["inv"]
    decision = Decision("s1", "inv", RecusalScope.NONE, frozenset(), "r", "chief", NOW)
    assert undecided(told, [decision]) == []
    again = [*told, said("inv", RecusalKind.ROOM, NOW + 1)]
    assert [each.person_id for each in undecided(again, [decision])] == ["inv"]


# ---- the day -----------------------------------------------------------------------------


def test_b02_the_day_begins_at_midnight_in_beijing() -> None:
    midnight = midnight_before(NOW)
    assert (midnight + 8 * 3_600_000) % DAY_MS == 0
    assert midnight <= NOW < midnight + DAY_MS
    early = draw_problem(FACTS, midnight - 1, 0, "")
    assert early is not None
    assert early.code is RefusalCode.DRAW_NOT_TODAY
    assert draw_problem(FACTS, midnight, 0, "") is None
    again = draw_problem(FACTS, NOW, 1, " ")
    assert again is not None
    assert again.code is RefusalCode.REASON_MISSING
    assert draw_problem(FACTS, NOW, 1, "r") is None
    late = draw_problem(replace(FACTS, doors_shut=False), NOW, 0, "")
    assert late is not None
    assert late.code is RefusalCode.DRAW_TOO_LATE


def test_a14_duty_from_the_evening_before_to_an_hour_after_the_end() -> None:
    hour = 3_600_000
    midnight = midnight_before(NOW)
    morning = (midnight + 9 * hour, midnight + 11 * hour)
    evening = (midnight + 14 * hour, midnight + 16 * hour)
    later = (morning[0] + 5 * DAY_MS, morning[1] + 5 * DAY_MS)
    assert duty_hours([later, evening, morning]) == [
        (midnight - 5 * hour, midnight + 17 * hour),
        (midnight + 5 * DAY_MS - 5 * hour, midnight + 5 * DAY_MS + 12 * hour),
    ]
    assert duty_hours([]) == []


# ---- roster ------------------------------------------------------------------------------


def test_a15_a_roster_completes_and_never_adds_a_chief() -> None:
    def entry(person_id: str, *roles: Role, area: tuple[str, ...] = ()) -> RosterEntry:
        return RosterEntry(person_id, "名", frozenset(roles), frozenset(area), phone="139")

    signed = [entry("new", Role.CHIEF), entry("inv", Role.INVIGILATOR), entry("cook")]
    found = {each.after.person_id: each for each in changes(EVERYONE, signed)}
    assert sorted(found) == ["chief", "inv", "new"]
    assert found["chief"].after.roles == frozenset(), "the signed roster names the only chief"
    assert found["inv"].after.rooms == {NO_ROOM}
    assert found["new"].before is None
    after = [each.after for each in found.values()]
    assert changes(after, signed) == [], "the second time nothing changes"
    assert "139" not in repr(signed)
    assert roster_problem([entry("r", Role.ROVING, area=("09",))], ["01"])
    assert roster_problem(signed, ["01"]) == ""
    assert roster_problem([entry("a,b", Role.DEPUTY)], []) == "staff: not an identifier: 'a,b'"


def test_a01_of_two_plans_the_later_ones_chief_is_the_chief() -> None:
    def entry(person_id: str, *roles: Role) -> RosterEntry:
        return RosterEntry(person_id, person_id, frozenset(roles))

    first = [entry("a", Role.CHIEF), entry("b", Role.DEPUTY), entry("c", Role.ROVING)]
    second = [entry("b", Role.CHIEF)]
    found = merged([first, second])
    assert {name: one.roles for name, one in found.items()} == {
        "a": frozenset(),
        "b": {Role.CHIEF},
        "c": {Role.ROVING},
    }
    people = [each.after for each in changes([], first)]
    levelled = {each.after.person_id: each.after for each in changes(people, [*found.values()])}
    assert levelled["a"].roles == frozenset()
    assert levelled["b"].roles == {Role.CHIEF}
    people = [levelled.get(one.person_id, one) for one in people]
    assert changes(people, [*found.values()]) == [], "settled, also at every later start"
    assert merged([first, []]) == {one.person_id: one for one in first}


# ---- codes and the second factor ---------------------------------------------------------


def test_a_code_is_read_however_it_was_copied() -> None:
    code = new_code()
    assert len(code_as_issued(code)) == 12
    assert code_as_issued(f" {code.lower()} ") == code_as_issued(code)
    assert code_as_issued("oOiIlL") == "001111"


def test_the_second_factor_is_rfc_6238s() -> None:
    secret = b"12345678901234567890"  # appendix B: 94287082 at 59 s, 07081804 at 1111111109 s
    assert totp.matching_step(secret, "287082", 59_000, 0) == 1
    assert totp.matching_step(secret, "081 804", 1_111_111_109_000, 0) == 37_037_036
    assert totp.matching_step(secret, "287082", 59_000, 1) is None, "each code once"
    assert totp.matching_step(secret, "287082", 59_000 + 60_000, 0) is None
    assert totp.matching_step(secret, "287082", 59_000 + 30_000, 0) == 1, "one step late"
    assert totp.matching_step(secret, "", 59_000, 0) is None


def test_a_second_factor_at_rest_is_one_accounts_of_one_venue() -> None:
    key, secret = bytes(32), totp.new_secret()
    text = totp.sealed(key, "chief", secret)
    assert totp.opened(key, "chief", text) == secret
    assert totp.opened(key, "other", text) is None
    assert totp.opened(b"\1" * 32, "chief", text) is None
    assert totp.opened(key, "chief", "") is None
