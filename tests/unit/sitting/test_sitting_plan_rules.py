"""Rules of the signed plan: names, staff, figures, linked sessions; each broken one is named."""

import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venue_server.sitting.person_names import LOOK_ALIKES, MAX_NAME, name_problem
from venue_server.sitting.plan import Plan
from venue_server.sitting.plan_reading import read_plan, shaped_plan
from venue_server.sitting.plan_rules import plan_problems
from venue_server.wire.refusals import Refusal, RefusalCode

Payload = dict[str, Any]

STAFF = {"person_id": "inv-1", "name": "张三", "roles": ["INVIGILATOR"], "rooms": ["R1"]}


def _first(plan: Payload) -> Payload:
    candidate: Payload = plan["sessions"][0]["candidates"][0]
    return candidate


def _link(plan: Payload, **changes: Any) -> None:
    first = plan["sessions"][0]
    first["group"] = "g1"
    later = {**first, "session_id": "s2", "start_ms": first["start_ms"] + 2 * 3_600_000}
    plan["sessions"].append({**later, **changes})


def _other_seat(plan: Payload) -> None:
    _link(plan)
    moved = [dict(one) for one in plan["sessions"][1]["candidates"]]
    moved[0]["room_id"], moved[3]["room_id"] = "R2", "R1"
    plan["seats"] += [
        {"room_id": "R2", "seat_no": "01", "x": 9, "y": 0},
        {"room_id": "R1", "seat_no": "04", "x": 9, "y": 0},
    ]
    plan["sessions"][1]["candidates"] = moved


def _another_person(plan: Payload) -> None:
    _link(plan)
    others = [dict(one) for one in plan["sessions"][1]["candidates"]]
    others[0]["name"] = "另一人"
    plan["sessions"][1]["candidates"] = others


def _staff(**changes: Any) -> Callable[[Payload], None]:
    return lambda plan: plan.update(staff=[STAFF, {**STAFF, "person_id": "inv-2", **changes}])


def _figure(**changes: Any) -> Callable[[Payload], None]:
    return lambda plan: plan.update(thresholds=changes)


def _session(**changes: Any) -> Callable[[Payload], None]:
    return lambda plan: plan["sessions"][0].update(changes)


def _candidate(**changes: Any) -> Callable[[Payload], None]:
    return lambda plan: _first(plan).update(changes)


def _room_twice(plan: Payload) -> None:
    plan["rooms"].append(plan["rooms"][0])


def _seat_twice(plan: Payload) -> None:
    plan["seats"].append(plan["seats"][0])


def _session_twice(plan: Payload) -> None:
    plan["sessions"].append(plan["sessions"][0])


BROKEN: dict[str, tuple[Callable[[Payload], None], str]] = {
    "account twice": (_staff(person_id="inv-1"), "staff: an account stands twice"),
    "account no id": (_staff(person_id="../x"), "not an identifier: '../x'"),
    "no role, no duties": (_staff(roles=[]), "staff inv-2: neither a role nor duties"),
    "role twice": (_staff(roles=["CHIEF", "CHIEF"]), "staff inv-2: a role stands twice"),
    "no such room": (_staff(rooms=["R9"]), "staff inv-2: a room that does not exist"),
    "gender": (_staff(gender="x"), "staff inv-2: gender is F, M or empty"),
    "staff name": (
        _staff(name=""),
        "staff inv-2: a name is empty or longer than 50 characters",
    ),
    "trained for no kind": (
        _staff(trained_on={"DANCING": "2026-11-15"}),
        "staff inv-2: trained_on is a kind of session and a date YYYY-MM-DD",
    ),
    "trained on no day": (
        _staff(trained_on={"AUDIO": "2026-11-31"}),
        "staff inv-2: trained_on is a kind of session and a date YYYY-MM-DD",
    ),
    "two zones": (
        lambda plan: plan.update(zone="一考区\n二考区"),
        "zone: one line of at most 60 characters",
    ),
    "endless rules": (
        lambda plan: plan.update(posted={"room_rules": "静" * 20_001}),
        "posted.room_rules: at most 20000 characters",
    ),
    "share over 100": (
        _figure(spare_percent=101),
        "thresholds.spare_percent must be from 0 to 100",
    ),
    "no administrator": (
        _figure(min_sysadmin=0),
        "thresholds.min_sysadmin must be from 1 to 100",
    ),
    "steps fall": (
        _figure(interruption_escalate_min=[30, 10]),
        "thresholds.interruption_escalate_min must be growing minutes",
    ),
    "negative extra": (
        _candidate(extra_time_s=-1),
        "s1: 3601123401: extra_time_s must be from 0 to the duration",
    ),
    "unbounded extra": (
        _candidate(extra_time_s=5401),
        "s1: 3601123401: extra_time_s must be from 0 to the duration",
    ),
    "arrangement": (
        _candidate(arrangements=["LARGE_FONT", "DANCING"]),
        "s1: 3601123401: unknown arrangement 'DANCING'",
    ),
    "tool": (_session(tools=["CALCULATOR", "PHONE"]), "s1: unknown tool 'PHONE'"),
    "no number": (_candidate(id_number=" "), "s1: 3601123401: no identity number (F02)"),
    "login before the door closes": (
        _session(login_cutoff_s=299),
        "s1: login_cutoff_s must be from 300 to the duration (F07)",
    ),
    "doors after the start": (
        _session(admission_open_s=-1),
        "s1: doors cannot open after the start (F10)",
    ),
    "dot": (
        _candidate(name="买买提•艾力"),
        "s1: 3601123401: the separator in a name must be U+00B7",
    ),
    "f15 overlap": (
        lambda plan: _link(plan, start_ms=plan["sessions"][0]["start_ms"] + 5_399_999),
        "g1: linked sessions overlap (F15)",
    ),
    "f15 another seat": (
        _other_seat,
        "g1: 3601123401: another seat in a linked session (F15)",
    ),
    "room twice": (_room_twice, "rooms: a room stands twice"),
    "seat twice": (_seat_twice, "seats: a seat stands twice, or in a room that does not exist"),
    "session twice": (_session_twice, "sessions: a session stands twice"),
    "receipt window": (
        _session(receipt_open_ms=2, receipt_close_ms=1),
        "s1: the window for receiving the paper is reversed (D02)",
    ),
    "another person": (_another_person, "s2: 3601123401: another person in another session"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_c06_every_broken_rule_is_refused_by_name(plan_payload: Payload, name: str) -> None:
    change, said = BROKEN[name]
    change(plan_payload)
    plan = shaped_plan(plan_payload)
    assert isinstance(plan, Plan)
    assert said in plan_problems(plan)
    refused = read_plan(plan_payload)
    assert isinstance(refused, Refusal)
    assert refused.code is RefusalCode.PLAN_INVALID


def test_c06_the_list_names_every_place_and_no_person(plan_payload: Payload) -> None:
    for one, wrong in zip(
        plan_payload["sessions"][0]["candidates"], "\u200b\n\u2022", strict=False
    ):
        one["name"] = f"某某{wrong}某"
    plan = shaped_plan(plan_payload)
    assert isinstance(plan, Plan)
    problems = plan_problems(plan)
    assert [each.split(": ")[1] for each in problems] == ["3601123401", "3601123402", "3601123403"]
    assert "某" not in str(problems)


def test_a_full_plan_is_sound(plan_payload: Payload) -> None:
    _link(plan_payload)
    _staff(roles=[], duties="保卫")(plan_payload)
    _candidate(name="阿卜杜拉·买买提", arrangements=["LARGE_FONT"], extra_time_s=1620)(plan_payload)
    _session(tools=["CALCULATOR"], login_cutoff_s=1800)(plan_payload)
    assert isinstance(read_plan(plan_payload), Plan)


def test_a_role_that_does_not_exist_is_refused(plan_payload: Payload) -> None:
    _staff(roles=["KING"])(plan_payload)
    assert isinstance(read_plan(plan_payload), Refusal)


@pytest.mark.parametrize(
    "name",
    [
        "阿卜杜拉·买买提",
        "\U00020164\U0002a6d6\U0003106c",  # rare characters beyond the basic plane (GB 18030-2022)
        "\u4dae\u9fa6\ue863",  # extension A, a later basic one, and a private one of old systems
        "Jean-Luc O'Neill Jr.",
        "名" * 50,
    ],
)
def test_f03_names_of_every_script_and_rare_character_are_sound(name: str) -> None:
    assert name_problem(name) == ""


@pytest.mark.parametrize(
    "name",
    ["", "名" * 51, " 张三", "张三 ", "张\u200b三", "张\x00三", "张\ud800三", "Rene\u0301"]
    + [f"张{dot}三" for dot in sorted(LOOK_ALIKES)],
)
def test_names_that_are_not_the_same_string_everywhere_are_refused(name: str) -> None:
    assert name_problem(name)


@given(st.text(max_size=60))
def test_a_sound_name_survives_gb18030_and_stays_as_it_is(name: str) -> None:
    if not name_problem(name):
        assert name.encode("gb18030").decode("gb18030") == name
        assert unicodedata.normalize("NFC", name) == name
        assert 0 < len(name) <= MAX_NAME
