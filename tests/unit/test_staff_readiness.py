"""The READY rules about people (A01-A04)."""

from dataclasses import replace

import pytest

from venue_server.staff.person import Person
from venue_server.staff.readiness import Finding, PeopleFacts, staff_findings
from venue_server.staff.roster import RosterEntry
from venue_server.wire.names import MediaClass, Role

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


# ---- with a signed roster ----------------------------------------------------------------


def signed(**changes: dict[str, object]) -> dict[str, RosterEntry]:
    """Everyone on the roster, trained; one woman and one man with computer skills in each room."""
    found = {}
    for at, one in enumerate(FULL):
        facts: dict[str, object] = {
            "gender": "FM"[at % 2],
            "computer_capable": at % 2 == 0,
            "trained": True,
        }
        facts |= changes.get(one.person_id, {})
        found[one.person_id] = RosterEntry(one.person_id, one.name, one.roles, **facts)  # type: ignore[arg-type]
    return found


def facts(**changes: object) -> PeopleFacts:
    start = PeopleFacts(
        roster=signed(), drawn=True, agreed=frozenset(one.person_id for one in FULL)
    )
    return replace(start, **changes)  # type: ignore[arg-type]


PLANNED = [replace(one, planned=True) for one in FULL]


def told(given: PeopleFacts, people: list[Person] | None = None) -> list[tuple[str, str, bool]]:
    findings = staff_findings(people or PLANNED, ["R1", "R2"], TODAY, given)
    return [(one.code, one.room_id, one.blocking) for one in findings]


def test_a_venue_as_its_roster_says_has_no_findings() -> None:
    assert told(facts()) == []


def test_a03_headquarters_may_want_more_administrators() -> None:
    assert told(facts(min_sysadmin=2)) == [("A03", "", True)]


def test_a05_one_with_computer_skills_in_each_room_where_the_roster_knows() -> None:
    unskilled = signed(i1={"computer_capable": False})
    assert told(facts(roster=unskilled)) == [("A05", "R1", True)]
    nobody = {name: replace(one, computer_capable=False) for name, one in unskilled.items()}
    assert told(facts(roster=nobody)) == [], "a roster that says nothing asks nothing"


def test_a06_alike_is_only_a_warning() -> None:
    assert told(facts(roster=signed(i2={"gender": "F"}))) == [("A06", "R1", False)]
    assert told(facts(roster=signed(i2={"gender": ""}))) == []


def test_b01_b05_and_local_additions_are_warnings() -> None:
    assert told(facts(roster=signed(i4={"trained": False}))) == [("B01", "", False)]
    assert told(facts(agreed=frozenset())) == [("B05", "", False)]
    local = [*PLANNED, person("extra", Role.ROVING, rooms=("R1",))]
    assert set(told(facts(), local)) == {("A15", "", False), ("B05", "", False)}


DAY = "2026-11-22"


def trained_on(**kinds: str) -> dict[str, RosterEntry]:
    return signed(i4={"trained_on": kinds, "trained": False})


def test_b01_training_counts_for_its_own_kind_of_session_and_by_its_day() -> None:
    roster = trained_on(NORMAL=DAY, AUDIO="2026-11-23")
    assert told(facts(roster=roster, day=DAY)) == []
    assert told(facts(roster=roster, day="2026-11-21")) == [("B01", "", False)], "a day too late"
    assert told(facts(roster=roster, day=DAY, kind=MediaClass.AUDIO)) == [("B01", "", False)]
    assert told(facts(roster=roster, day="2026-11-23", kind=MediaClass.AUDIO)) == []
    assert told(facts(roster=roster, day=DAY, kind=MediaClass.VIDEO)) == [("B01", "", False)]


def test_b01_a_roster_that_only_says_trained_means_every_kind() -> None:
    assert told(facts(kind=MediaClass.VIDEO, day=DAY)) == []
    named = signed(i4={"trained_on": {"NORMAL": DAY}})
    assert told(facts(roster=named, kind=MediaClass.VIDEO, day=DAY)) == [("B01", "", False)]


def test_b01_whoever_was_trained_for_another_kind_is_named_apart() -> None:
    roster = trained_on(NORMAL=DAY) | {"i3": signed(i3={"trained": False})["i3"]}
    given = facts(roster=roster, kind=MediaClass.AUDIO, day=DAY)
    said = [each.remark.text("zh") for each in staff_findings(PLANNED, ["R1", "R2"], TODAY, given)]
    assert said == ["未参加考务培训：i3", "未按期参加语音类考试考务培训：i4"]


def test_b01_headquarters_may_let_an_untrained_person_stand_in_the_way() -> None:
    given = facts(roster=trained_on(AUDIO=DAY), day=DAY, untrained_block=True)
    assert told(given) == [("B01", "", True)]
    assert told(facts(roster=trained_on(NORMAL=DAY), day=DAY, untrained_block=True)) == []


def test_b02_rooms_that_were_not_drawn_are_a_warning() -> None:
    assert told(facts(drawn=False)) == [("B02", "", False)]


def test_b03_everyone_here_has_answered_and_every_relation_is_decided() -> None:
    assert told(facts(unanswered=["i1", "absent"])) == [("B03", "", True)]
    assert told(facts(unanswered=["absent"])) == [], "whoever never came need not"
    assert told(facts(undecided=["i2"])) == [("B03", "", True)]
    gone = [replace(one, active=one.person_id != "i2") for one in PLANNED]
    assert ("B03", "", True) not in told(facts(undecided=["i2"]), gone)


def test_a04_whoever_may_not_act_does_not_count() -> None:
    gone = [replace(one, active=one.person_id != "i4") for one in PLANNED]
    assert told(facts(), gone) == [("A04", "R2", True)]
