"""A machine whose sitting moved away, and the one at which it goes on (F2, F13)."""

from typing import Any

import msgspec

from candidate_station.answers.answer_chain import AnswerChain
from candidate_station.session.intents import ChangeAnswer, EnterLogin, GoTo
from candidate_station.session.notices import Notice
from candidate_station.session.screen_state import Screen
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.station_messages import LoginAllowed
from venue_server.wire.swap_orders import SittingMoved, TakeAnswers


def answer(item: str, *values: str) -> ChangeAnswer:
    return ChangeAnswer(item, {"R": list(values)}, {})


def move_away(bench: Any, settled: bool = True) -> None:
    bench.server.moved_to, bench.server.settled = "91", settled
    bench.server.sees_sitting = False


def test_f13_the_live_machine_stops_at_once_and_says_where_the_candidate_sits(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    bench.want(answer("q1", "A"))
    move_away(bench)
    state = bench.tell(SittingMoved(bench.server.moved()))
    assert state.screen is Screen.BLOCKED
    assert state.refusal == Refusal(RefusalCode.SITTING_MOVED, "91")
    assert "91" in state.refusal.text("zh")
    assert not bench.machine.shows_paper
    before = list(bench.server.entries)
    bench.want(answer("q1", "B"))
    assert bench.server.entries == before and bench.server.tail == []
    assert "s1" not in bench.disk, "nothing was left to settle"
    assert bench.server.wiped == [], "the paper stays: it may be a spare again"
    assert bench.tell(LoginAllowed("R1")).screen is Screen.LOGIN


def test_f13_a_revived_machine_hands_its_tail_over_and_keeps_it_until_it_is_settled(
    bench: Any,
) -> None:
    bench.to_screen(Screen.ANSWER)
    bench.want(answer("q1", "A"))
    bench.cut()
    for number in range(150):
        bench.want(answer("q1", str(number)))
    tail = bench.disk["s1"][len(bench.server.entries) :]
    move_away(bench, settled=False)
    bench.restart()
    bench.connect()
    state = bench.flush()
    while bench.server.tail != tail:
        state = bench.tick(1)
        bench.flush()
    assert state.screen is Screen.BLOCKED
    assert bench.state.unsynced == 0
    assert bench.disk["s1"][-1] == tail[-1], "kept until people decided"
    bench.server.settled = True
    bench.tell(SittingMoved(bench.server.moved(tail[-1])))
    assert "s1" not in bench.disk


def test_f13_a_lost_answer_to_the_tail_only_repeats_it(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    bench.cut()
    bench.want(answer("q1", "A"))
    tail = bench.disk["s1"][len(bench.server.entries) :]
    move_away(bench)
    bench.connect()
    bench.serve_one()
    bench.hear_one()
    bench.cut()
    assert bench.server.tail == []
    bench.connect()
    bench.flush()
    bench.tick(6)
    bench.flush()
    assert bench.server.tail == tail


def branch_of(bench: Any, base: int, *answers: tuple[str, str]) -> TakeAnswers:
    """What a forerunner had behind the entries both share."""
    other = AnswerChain("s1", bench.server.entries[:base])
    for item, value in answers:
        other.add("response", item, {"R": [value]}, {}, 1)
    return TakeAnswers("s1", base, list(other.between(base, other.seq)))


def test_f13_the_machine_at_work_enters_what_its_forerunner_never_sent(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    bench.want(GoTo("q1"))
    base = len(bench.server.entries)
    bench.want(answer("q2", "mine"))
    bench.want(GoTo("q1"))
    state = bench.tell(branch_of(bench, base, ("q2", "theirs"), ("q3", "theirs")))
    assert bench.machine.values("q3") == {"R": ["theirs"]}
    assert bench.machine.values("q2") == {"R": ["mine"]}, "answered here meanwhile"
    assert state.item_id == "q1", "the candidate stays where they were"
    assert Notice.ANSWERS_RETURNED in state.notices
    bench.flush()
    count = len(bench.server.entries)
    bench.tell(branch_of(bench, base, ("q2", "theirs"), ("q3", "theirs")))
    bench.flush()
    assert len(bench.server.entries) == count, "again is harmless"


def test_f13_the_item_on_the_screen_waits_until_it_is_left(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    bench.want(GoTo("q2"))
    base = len(bench.server.entries)
    offered = branch_of(bench, base, ("q2", "theirs"))
    bench.tell(offered)
    assert bench.machine.values("q2") == {}
    bench.want(GoTo("q1"))
    bench.tell(offered)
    assert bench.machine.values("q2") == {"R": ["theirs"]}


def test_f12_back_at_the_own_seat_the_sitting_goes_on(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    bench.want(answer("q1", "A"))
    move_away(bench)
    bench.tell(SittingMoved(bench.server.moved()))
    bench.server.moved_to, bench.server.sees_sitting = "", True
    bench.tell(LoginAllowed("R1"))
    state = bench.want(EnterLogin("2601", "11X"))
    assert (state.screen, bench.machine.values("q1")) == (Screen.ANSWER, {"R": ["A"]})
    assert msgspec.structs.asdict(bench.server.entries[-1])["kind"] == "open"
