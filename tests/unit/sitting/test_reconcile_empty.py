"""A sitting that two people closed with nothing saved is an outcome, not a hole (L02, K07)."""

from dataclasses import replace

import pytest

from venue_server.records.reconciliation import ChainEnd, reconcile
from venue_server.sitting.rows import Sitting
from venue_server.wire.chain import genesis
from venue_server.wire.names import SittingState, SubmitKind

SITTING = Sitting(
    sitting_id="s",
    session_id="am",
    room_id="01",
    seat_no="01",
    ticket_no="00101",
    state=SittingState.SUBMITTED,
    machine_id="station-1",
    admitted_at_ms=1,
    logged_in_at_ms=2,
    confirmed_at_ms=3,
    rules_ack_at_ms=4,
    opened_at_ms=5,
    submitted_at_ms=6,
    submit_kind=SubmitKind.FORCED,
    final_seq=0,
    final_head=genesis("s"),
    exited_at_ms=None,
)


def test_l02_a_forced_hand_in_of_nothing_is_an_empty_bundle_with_its_reason() -> None:
    result = reconcile("am", [SITTING], lambda _one: "张三", {})
    assert result.consistent
    assert result.rows[0].bundles == 1
    assert result.rows[0].problem.text() == "强制交卷，没有作答数据"


@pytest.mark.parametrize("chains", [{}, {"s": ChainEnd(2, "b" * 64, 1)}])
def test_l02_answers_that_were_handed_in_and_are_not_here_still_block(
    chains: dict[str, ChainEnd],
) -> None:
    handed_in = replace(SITTING, final_seq=3, final_head="a" * 64)
    result = reconcile("am", [handed_in], lambda _one: "张三", chains)
    assert not result.consistent
    assert result.rows[0].bundles == 0
