"""The READY rules about people (A01-A04)."""

from dataclasses import replace

import pytest

from venue_server.staff.person import Person
from venue_server.staff.readiness import Finding, staff_findings
from venue_server.wire.names import Role

TODAY = 1_790_000_000_000


def person(person_id: str, *roles: Role, rooms: tuple[str, ...] = (), at: int = TODAY) -> Person:
    return Person(person_id, person_id, frozenset(roles), frozenset(rooms), at)


FULL = [
    person("chief", Role.CHIEF),
    person("admin", Role.SYSADMIN),
    person("i1", Role.INVIGILATOR, rooms=("R1",)),
    person("i2", Role.INVIGILATOR, rooms=("R1",)),
    person("i3", Role.INVIGILATOR, rooms=("R2",)),
    person("i4", Role.INVIGILATOR, rooms=("R2",)),
]


def found(people: list[Person]) -> list[tuple[str, str, bool]]:
    findings = staff_findings(people, ["R1", "R2"], TODAY)
    assert all(
        isinstance(one, Finding) and one.remark.text("zh") and one.remark.text("en")
        for one in findings
    )
    return [(one.code, one.room_id, one.blocking) for one in findings]


def without(person_id: str) -> list[Person]:
    return [one for one in FULL if one.person_id != person_id]


def signed_out(person_id: str, at: int) -> list[Person]:
    return [replace(one, signed_in_at_ms=at) if one.person_id == person_id else one for one in FULL]


def test_a_complete_venue_has_no_findings() -> None:
    assert found(FULL) == []


def test_a01_exactly_one_chief() -> None:
    assert found(without("chief")) == [("A01", "", True)]
    assert found([*FULL, person("second", Role.CHIEF)]) == [("A01", "", True)]


@pytest.mark.parametrize("at", [0, TODAY - 1])
def test_a01_the_chief_is_here_today(at: int) -> None:
    assert found(signed_out("chief", at)) == [("A01", "", True)]


def test_a03_an_administrator_who_is_neither_chief_nor_invigilator() -> None:
    assert found(without("admin")) == [("A03", "", True)]
    assert found(signed_out("admin", 0)) == [("A03", "", True)]
    for role in (Role.CHIEF, Role.INVIGILATOR):
        both = [*without("admin"), person("admin", Role.SYSADMIN, role)]
        assert ("A03", "", True) in found(both)


def test_a04_two_invigilators_signed_in_for_each_room() -> None:
    assert found(without("i4")) == [("A04", "R2", True)]
    assert found(signed_out("i1", TODAY - 86_400_000)) == [("A04", "R1", True)]
    assert found(FULL[:2]) == [("A04", "R1", True), ("A04", "R2", True)]


def test_a04_nobody_counts_for_every_room_at_once() -> None:
    everywhere = [person(f"e{n}", Role.INVIGILATOR) for n in range(4)]
    assert found([*FULL[:2], *everywhere]) == [("A04", "R1", True), ("A04", "R2", True)]


def test_a04_other_roles_are_no_invigilators() -> None:
    roving = person("rove", Role.ROVING, rooms=("R2",))
    assert found([*without("i4"), roving]) == [("A04", "R2", True)]


def test_a02_more_than_two_deputies_is_only_a_warning() -> None:
    deputies = [person(f"d{n}", Role.DEPUTY) for n in range(3)]
    assert found([*FULL, *deputies[:2]]) == []
    assert found([*FULL, *deputies]) == [("A02", "", False)]
