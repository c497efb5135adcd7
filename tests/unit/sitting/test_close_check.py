"""The close check: each of its ten points, closed and open, with who must act (K04, L04-L11)."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venue_server.gateway.close_screen import close_screen
from venue_server.records.close_check import DayFacts, close_check
from venue_server.records.leftovers_io import HEAD, in_the_clear
from venue_server.records.retention import retention
from venue_server.wire.close_texts import TITLES
from venue_server.wire.day_records import OpenPoint
from venue_server.wire.names import Role
from venue_server.wire.remarks import Remark, RemarkCode

DONE = DayFacts(
    session_id="s1",
    ended=True,
    present=40,
    undecided=[],
    sealed_present=40,
    unsigned_rooms=[],
    unanswered={"R1": 0},
    copies=2,
    receipt=True,
    wiped=True,
)


def test_a_finished_day_is_closed_in_all_ten_points() -> None:
    points = close_check(DONE)
    assert [point.number for point in points] == list(range(1, 11))
    assert all(point.closed for point in points)
    assert (
        close_screen({"s1": points}, {"s1": retention("", False, None)}, 7, "ab" * 32)["closed"]
        is True
    )


@pytest.mark.parametrize(
    ("number", "changes", "code", "who"),
    [
        (1, {"ended": False}, RemarkCode.SESSION_NOT_ENDED, {Role.CHIEF}),
        (1, {"undecided": ["3601"]}, RemarkCode.NO_OUTCOME, {Role.CHIEF}),
        (2, {"sealed_present": None}, RemarkCode.NOT_SEALED_YET, {Role.CHIEF, Role.SYSADMIN}),
        (2, {"sealed_present": 39}, RemarkCode.BUNDLES_DIFFER, {Role.CHIEF, Role.SYSADMIN}),
        (
            3,
            {"unsigned_rooms": ["R1"]},
            RemarkCode.RECORD_NOT_SIGNED,
            {Role.INVIGILATOR, Role.CHIEF},
        ),
        (
            3,
            {"unanswered": {"R1": 2}},
            RemarkCode.NEVER_ANSWERED_POINT,
            {Role.INVIGILATOR, Role.CHIEF},
        ),
        (4, {"copies": 1}, RemarkCode.COPIES_FEW, {Role.SYSADMIN}),
        (5, {"receipt": False}, RemarkCode.NO_RECEIPT, {Role.SYSADMIN}),
        (
            6,
            {"points": [OpenPoint("I02", Remark(RemarkCode.NO_ANSWERS), [Role.ROVING])]},
            RemarkCode.NO_ANSWERS,
            {Role.ROVING},
        ),
        (6, {"code_unconfirmed": ["A"]}, RemarkCode.CODE_NOT_CONFIRMED, {Role.SYSADMIN}),
        (7, {"media_out": ["U1"]}, RemarkCode.MEDIUM_NOT_BACK, {Role.SYSADMIN}),
        (8, {"wiped": False}, RemarkCode.NOT_WIPED, {Role.SYSADMIN}),
        (8, {"left_behind": ["answer key"]}, RemarkCode.LEFT_BEHIND, {Role.SYSADMIN}),
        (9, {"ledger_problem": "line 3"}, RemarkCode.LEDGER_BROKEN, {Role.CHIEF, Role.SYSADMIN}),
        (10, {"reserves_lost": ["p2/R"]}, RemarkCode.RESERVE_LOST, {Role.CHIEF, Role.SYSADMIN}),
    ],
)
def test_each_point_opens_by_itself_and_names_who_must_act(
    number: int, changes: dict[str, Any], code: RemarkCode, who: set[Role]
) -> None:
    points = close_check(replace(DONE, **changes))
    assert [point.number for point in points if not point.closed] == [number]
    (still,) = points[number - 1].open
    assert (still.about.code, set(still.who)) == (code, who)
    screen = close_screen({"s1": points}, {"s1": retention("", False, None)}, 7, "ab" * 32)
    assert screen["closed"] is False
    assert still.about.text("zh") in str(screen["next"])
    assert still.about.text("en") in str(screen["sections"])


def test_l09_a_hand_over_record_stands_for_the_receipt() -> None:
    assert all(p.closed for p in close_check(replace(DONE, receipt=False, handed_over=True)))


@given(
    present=st.integers(0, 200),
    sealed=st.one_of(st.none(), st.integers(0, 200)),
    copies=st.integers(0, 4),
    needed=st.integers(1, 4),
)
def test_k03_l04_bundles_and_copies_close_only_when_they_are_enough(
    present: int, sealed: int | None, copies: int, needed: int
) -> None:
    facts = replace(
        DONE, present=present, sealed_present=sealed, copies=copies, copies_needed=needed
    )
    points = close_check(facts)
    assert len(points) == len(TITLES)
    assert points[1].closed == (sealed == present)
    assert points[3].closed == (copies >= needed)


def test_l10_the_scan_finds_a_paper_in_the_clear_wherever_it_lies(tmp_path: Path) -> None:
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "ciphertext").write_bytes(b"\x8f" * HEAD)
    assert in_the_clear(tmp_path) == []
    (tmp_path / "papers" / "item").write_bytes(b'<?xml version="1.0"?><qti-assessment-item/>')
    (tmp_path / "p.zip").write_bytes(b"PK\x03\x04" + bytes(26) + b"imsmanifest.xml")
    (tmp_path / "link").symlink_to(tmp_path / "p.zip")
    assert in_the_clear(tmp_path) == ["p.zip", "papers/item"]
