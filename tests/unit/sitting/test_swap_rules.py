"""Who may be moved where (F12, F13, C06): pure rules of a station swap."""

from typing import Any

import pytest

from venue_server.sitting.rows import Sitting
from venue_server.sitting.swapping.rules import (
    Asked,
    Swap,
    Target,
    Unusable,
    last_holder,
    may_bring_tail,
    may_swap,
    unusable,
)
from venue_server.wire.names import SessionState, SittingState
from venue_server.wire.refusals import RefusalCode

ASKED = Asked("键盘失灵", True)


def sitting(
    seat: str, state: SittingState = SittingState.IN_PROGRESS, machine: str = "", room: str = "R1"
) -> Sitting:
    rest: tuple[Any, ...] = (None,) * 10
    return Sitting(f"s.{seat}", "s", room, seat, f"36{seat}", state, machine, *rest)


def swap(seat: str, to: str, machine: str = "old", held: bool = True) -> Swap:
    return Swap(1, "s", f"s.{seat}", "R1", 1, seat, machine, held, to, f"m{to}", 0, "", "x", "a,b")


def target(seat: str, online: bool = True, has_paper: bool = True) -> Target:
    return Target(f"m{seat}", "R1", seat, online, has_paper)


ROOM = [
    sitting("01"),
    sitting("02"),
    sitting("03", SittingState.LATE_REFUSED),
    sitting("04", SittingState.SCHEDULED),
]


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (target("91"), None),
        (target("01"), None),  # back at the own seat
        (target("02"), Unusable.SEAT_OF_ANOTHER),
        (target("03"), None),  # nobody comes there any more
        (target("04"), Unusable.SEAT_OF_ANOTHER),  # somebody still may
        (target("92"), Unusable.IN_USE),
        (target("91", online=False), Unusable.OFFLINE),
        (target("91", has_paper=False), Unusable.NO_PAPER),
    ],
)
def test_f12_a_spare_is_connected_ready_and_nobodys(wanted: Target, why: Unusable | None) -> None:
    assert unusable(wanted, "s.01", ROOM, [swap("02", "92")]) is why


def test_f12_only_the_last_swap_of_a_candidate_counts() -> None:
    assert unusable(target("92"), "s.01", ROOM, [swap("02", "93")]) is None
    assert unusable(target("93"), "s.01", ROOM, [swap("02", "93")]) is Unusable.IN_USE
    assert unusable(target("93"), "s.02", ROOM, [swap("02", "93")]) is None, "their own place"


@pytest.mark.parametrize(
    ("state", "session", "ended", "code"),
    [
        (SittingState.ADMITTED, SessionState.LOGIN_ALLOWED, False, None),
        (SittingState.RULES_ACK, SessionState.ARMED, False, None),
        (SittingState.IN_PROGRESS, SessionState.STARTED, False, None),
        (SittingState.IN_PROGRESS, SessionState.STARTED, True, RefusalCode.SITTING_ENDED),
        (SittingState.IN_PROGRESS, SessionState.ENDED, False, RefusalCode.SITTING_ENDED),
        (SittingState.SUBMITTED, SessionState.STARTED, False, RefusalCode.SITTING_ENDED),
        (SittingState.SCHEDULED, SessionState.STARTED, False, RefusalCode.NOT_ADMITTED),
    ],
)
def test_f12_from_the_door_to_the_own_end(
    state: SittingState, session: SessionState, ended: bool, code: RefusalCode | None
) -> None:
    refusal = may_swap(sitting("01", state), session, ended, "R1", ASKED)
    assert (refusal.code if refusal else None) is code


@pytest.mark.parametrize(
    ("room", "asked", "code"),
    [
        ("R2", ASKED, RefusalCode.ROOM_NOT_YOURS),
        ("R1", Asked("  ", True), RefusalCode.SWAP_REASON_MISSING),
        ("R1", Asked("x", False), RefusalCode.PERSON_UNCONFIRMED),
    ],
)
def test_c06_nobody_is_moved_without_room_reason_and_person(
    room: str, asked: Asked, code: RefusalCode
) -> None:
    refusal = may_swap(sitting("01"), SessionState.STARTED, False, room, asked)
    assert refusal is not None and refusal.code is code


def test_f13_only_the_last_holder_continues_and_only_until_the_next_log_in() -> None:
    never_used = swap("01", "93", machine="m92", held=False)
    swaps = [swap("01", "92", machine="m01"), never_used]
    assert last_holder(swaps) == "m01", "at 92 nobody had logged in"
    assert may_bring_tail(sitting("01"), swaps, "m01")
    assert not may_bring_tail(sitting("01"), swaps, "m92")
    assert not may_bring_tail(sitting("01", machine="m93"), swaps, "m01")
    assert not may_bring_tail(sitting("01"), [], "")
    assert last_holder([]) == ""
