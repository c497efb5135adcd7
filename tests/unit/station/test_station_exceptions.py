"""A station whose people were given more time, a break, or their hand-in back (I08, H06, I10)."""

from typing import Any

import msgspec
import pytest

from candidate_station.session import inputs as ins
from candidate_station.session.intents import AskSubmit, ChangeAnswer, ConfirmSubmit
from candidate_station.session.notices import Alert, Notice
from candidate_station.session.screen_state import Screen
from venue_server.wire.messages import Timing
from venue_server.wire.names import SittingState
from venue_server.wire.station_messages import BreakChanged, SittingChanged, TimingChanged

START = 1_800_000_000_000
CLOSED_UNTIL = START + 4_500_000
END = START + 5_400_000


def answer(value: str) -> ChangeAnswer:
    return ChangeAnswer("q1", {"R": [value]}, {})


def changed(bench: Any, **values: Any) -> SittingChanged:
    """What the desk pushes when people changed the sitting."""
    return SittingChanged(msgspec.structs.replace(bench.server.view(None), **values))


def handed_in(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    bench.want(answer("A"))
    bench.at(CLOSED_UNTIL)
    bench.want(AskSubmit())
    assert bench.want(ConfirmSubmit()).screen is Screen.RECEIPT


def reopen(bench: Any) -> None:
    bench.server.state = SittingState.IN_PROGRESS
    bench.server.receipts.clear()
    bench.tell(changed(bench, reopened_seq=len(bench.server.entries)))


def test_i08_h03_more_time_is_said_as_long_as_the_candidate_answers(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    longer = Timing(START, START + 300_000, CLOSED_UNTIL, END + 420_000)
    bench.server.timing = longer
    state = bench.tell(TimingChanged("s1", longer, 420))
    assert state.credited_s == 420 and state.remaining_s == 5400 + 420
    assert bench.tick(3600.0).credited_s == 420


def test_i07_credit_that_was_taken_back_is_said_and_shortens_by_that_much(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    longer = Timing(START, START + 300_000, CLOSED_UNTIL, END + 1_800_000)
    bench.tell(TimingChanged("s1", longer, 1800))
    shorter = Timing(START, START + 300_000, CLOSED_UNTIL, END + 180_000)
    state = bench.tell(TimingChanged("s1", shorter, 180, 1620))
    assert (state.timing, state.credited_s, state.revoked_s) == (shorter, 180, 1620)
    assert state.remaining_s == 5400 + 180 and Notice.CREDIT_REVOKED in state.notices
    assert state.screen is Screen.ANSWER
    state = bench.tick(3600.0)
    assert state.revoked_s == 1620 and Notice.CREDIT_REVOKED not in state.notices


@pytest.mark.parametrize(
    ("end_ms", "revoked_s"),
    [
        (END + 180_000 - 1, 1620),  # more than was taken back
        (END + 180_000, 0),  # nobody took anything back
        (END - 1, 1620),
    ],
)
def test_i07_nothing_else_shortens_along_with_it(bench: Any, end_ms: int, revoked_s: int) -> None:
    bench.to_screen(Screen.ANSWER)
    longer = Timing(START, START + 300_000, CLOSED_UNTIL, END + 1_800_000)
    bench.tell(TimingChanged("s1", longer, 1800))
    shorter = Timing(START, START + 300_000, CLOSED_UNTIL, end_ms)
    state = bench.tell(TimingChanged("s1", shorter, 180, revoked_s))
    assert state.timing == longer
    bench.tick(3)
    bench.flush()
    assert Alert.TIME_SHORTENED in bench.server.heartbeats[-1].alerts


def test_i07_the_same_revocation_shortens_only_once(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    bench.tell(TimingChanged("s1", Timing(START, 0, CLOSED_UNTIL, END + 600_000), 600))
    once = Timing(START, 0, CLOSED_UNTIL, END + 300_000)
    assert bench.tell(TimingChanged("s1", once, 300, 300)).timing == once
    again = Timing(START, 0, CLOSED_UNTIL, END)
    assert bench.tell(TimingChanged("s1", again, 300, 300)).timing == once


def test_i07_a_station_that_was_away_learns_it_and_hands_in_what_it_took(bench: Any) -> None:
    """It used the time; the new end is over when it comes back, and its answers stay."""
    bench.to_screen(Screen.ANSWER)
    bench.tell(TimingChanged("s1", Timing(START, 0, CLOSED_UNTIL, END + 600_000), 600))
    bench.cut()
    bench.at(END + 300_000)
    bench.want(answer("C"))
    bench.server.timing = Timing(START, 0, CLOSED_UNTIL, END)
    bench.server.revoked_s = 600
    bench.connect()
    bench.flush()
    for _ in range(60):  # stations hand in one after the other
        bench.tick(1)
        bench.flush()
    assert bench.screen is Screen.RECEIPT
    assert [each.values for each in bench.server.entries if each.values.get("R")] == [{"R": ["C"]}]


def test_h06_a_break_hides_the_paper_and_takes_nothing_while_time_runs(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    bench.want(answer("A"))
    state = bench.tell(BreakChanged("s1", True))
    assert state.screen is Screen.AWAY and state.input_locked
    assert state.item_id == "" and state.navigator == ()
    entries = len(bench.server.entries)
    bench.want(answer("B"))
    assert len(bench.server.entries) == entries
    assert bench.tick(60.0).remaining_s == 5400 - 60
    state = bench.tell(BreakChanged("s1", False))
    assert state.screen is Screen.ANSWER and state.item_id == "q1"


def test_h06_who_is_out_at_the_end_is_handed_in_all_the_same(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    bench.tell(BreakChanged("s1", True))
    bench.at(END)
    assert bench.flush().screen is Screen.RECEIPT


def test_i10_a_hand_in_given_back_opens_the_paper_on_the_same_item(bench: Any) -> None:
    handed_in(bench)
    first = bench.state.receipt_code
    reopen(bench)
    assert bench.screen is Screen.ANSWER and bench.state.item_id == "q1"
    bench.want(answer("B"))
    bench.want(AskSubmit())
    state = bench.want(ConfirmSubmit())
    assert state.screen is Screen.RECEIPT and state.receipt_code != first
    kinds = [entry.kind for entry in bench.server.entries]
    assert kinds == ["open", "response", "submit", "open", "response", "submit"]


def test_i10_the_receipt_was_lost_and_the_hand_in_given_back_meanwhile(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    bench.at(CLOSED_UNTIL)
    bench.want(AskSubmit())
    bench.feed(ins.Wanted(ConfirmSubmit()))
    while bench.server.state is not SittingState.SUBMITTED:
        bench.serve_one() if bench.to_server else bench.hear_one()
    bench.to_station.clear()
    assert bench.screen is Screen.SUBMITTING
    reopen(bench)
    assert bench.screen is Screen.ANSWER
    bench.want(answer("B"))
    assert bench.server.entries[-1].values == {"R": ["B"]}


def test_g01_who_leaves_while_the_room_is_closed_sees_a_receipt(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    bench.want(answer("A"))
    bench.server.state = SittingState.EXITED
    state = bench.tell(changed(bench))
    assert state.screen is Screen.RECEIPT
    bench.want(answer("B"))
    assert bench.server.entries[-1].values == {"R": ["A"]}
