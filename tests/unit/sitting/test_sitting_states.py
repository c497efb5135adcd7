"""Transition tables: complete, forward only, with the order of L01."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import pytest

from venue_server.sitting.states import (
    AFTER_END,
    AT_SEAT,
    CLOSED_SITTINGS,
    DATA_NEXT,
    DOORS,
    PACKAGE_NEXT,
    SESSION_NEXT,
    SITTING_NEXT,
)
from venue_server.wire.names import DataState, PackageState, SessionState, SittingState

TABLES: list[tuple[Mapping[Any, frozenset[Any]], type[StrEnum]]] = [
    (SITTING_NEXT, SittingState),
    (SESSION_NEXT, SessionState),
    (DATA_NEXT, DataState),
    (PACKAGE_NEXT, PackageState),
]


@pytest.mark.parametrize(("table", "states"), TABLES)
def test_every_state_stands_in_its_table_and_is_reachable(
    table: Mapping[Any, frozenset[Any]], states: type[StrEnum]
) -> None:
    assert set(table) == set(states)
    first = next(iter(states))
    reached, waiting = {first}, [first]
    while waiting:
        for to in table[waiting.pop()] - reached:
            reached.add(to)
            waiting.append(to)
    assert reached == set(states)


def test_l01_data_moves_one_step_at_a_time_and_back_only_to_be_backed_up_again() -> None:
    """Answers merged after the backup (F24) make it count no more. What came home by hand is wiped
    without an upload (L09)."""
    order = list(DataState)
    for here, following in zip(order, [*order[1:], None], strict=True):
        back = here in (DataState.BACKED_UP, DataState.UPLOADED)  # L03: sealed anew
        again = {DataState.COLLECTED} if back else set()
        by_hand = {DataState.WIPED} if here in (DataState.SEALED, DataState.UPLOADING) else set()
        assert DATA_NEXT[here] == ({following} if following else set()) | again | by_hand


def test_sessions_and_packages_never_go_back() -> None:
    for table, states in TABLES[1:]:
        if states is DataState:
            continue  # test_l01 above
        order = list(states)
        back = [
            (here, to)
            for here in table
            for to in table[here]
            if order.index(to) <= order.index(here)
        ]
        anew = [(SessionState.UPLOADED, SessionState.ENDED)]  # L03, by two people
        assert back == (anew if states is SessionState else [])


def test_g10_i10_a_closed_sitting_is_answered_again_only_when_a_hand_in_is_undone() -> None:
    reopened = {SittingState.EXITED, SittingState.IN_PROGRESS}
    for state in CLOSED_SITTINGS:
        assert SITTING_NEXT[state] <= (reopened if state is SittingState.SUBMITTED else set())


def test_groups_of_states_do_not_overlap() -> None:
    assert not DOORS & AFTER_END
    assert not AT_SEAT & CLOSED_SITTINGS
    assert set(SessionState) == DOORS | AFTER_END | {SessionState.PLANNED}
