"""The session machine along its timeline, sampled around every boundary (G*, H*, F11-F13)."""

from typing import Any

import pytest

from candidate_station.session import effects as fx
from candidate_station.session import inputs as ins
from candidate_station.session.intents import (
    AgreeRules,
    AskSubmit,
    CancelSubmit,
    ChangeAnswer,
    ConfirmDetails,
    ConfirmSubmit,
    EnterLogin,
    GoTo,
    RaiseHand,
    RejectDetails,
    Step,
    ToggleFlag,
)
from candidate_station.session.notices import Alert, Notice
from candidate_station.session.screen_state import SaveState, Screen
from candidate_station.session.transitions import TRANSITIONS, move
from venue_server.wire.messages import Refused, Timing
from venue_server.wire.names import SeatAlert, SittingState, SubmitKind
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.station_messages import (
    AcknowledgeRules,
    FormKey,
    SaveAck,
    SessionChanged,
    Submit,
    SubmitReceipt,
    WrappingKey,
)
from venue_server.wire.wiping_orders import WipePaper

START = 1_800_000_000_000
CLOSED_UNTIL, END = START + 4_500_000, START + 5_400_000


def answer(item_id: str, value: str) -> ChangeAnswer:
    return ChangeAnswer(item_id, {"R": [value]}, {"R": ["B", "A"]})


def sent(bench: Any, kind: type) -> list[Any]:
    messages = [e.message for e in bench.done if isinstance(e, fx.SendMessage)]
    return [message for message in messages if isinstance(message, kind)]


# ---- before the start --------------------------------------------------------------------------


def test_f11_the_login_screen_comes_only_on_the_command(bench: Any) -> None:
    assert bench.screen is Screen.CONNECTING
    bench.server.login_allowed = False
    bench.connect()
    assert bench.flush().screen is Screen.WAITING
    bench.want(EnterLogin("2601", "11X"))
    assert bench.screen is Screen.WAITING and bench.server.state is None
    bench.allow_login()
    assert bench.screen is Screen.LOGIN


@pytest.mark.parametrize(
    "code", [RefusalCode.WRONG_SEAT, RefusalCode.NOT_ADMITTED, RefusalCode.ALREADY_LIVE]
)
def test_f12_f13_a_refused_login_stays_and_shows_why(bench: Any, code: RefusalCode) -> None:
    bench.to_screen(Screen.LOGIN)
    bench.server.refuse_login = code
    state = bench.want(EnterLogin("2601", "11X"))
    assert state.screen is Screen.LOGIN
    assert state.refusal == Refusal(code, "02")
    bench.server.refuse_login = None
    state = bench.want(EnterLogin("2601", "11X"))
    assert (state.screen, state.refusal) == (Screen.CONFIRM, None)
    assert state.candidate is not None and state.candidate.name == "李明"


def test_h01_rules_are_acknowledged_with_the_version_of_the_text(bench: Any) -> None:
    bench.to_screen(Screen.RULES)
    assert bench.want(AgreeRules()).screen is Screen.COUNTDOWN
    (acknowledged,) = sent(bench, AcknowledgeRules)
    assert acknowledged.text_version


def test_details_that_are_not_theirs_go_back_to_login_and_are_reported(bench: Any) -> None:
    bench.to_screen(Screen.CONFIRM)
    assert bench.want(RejectDetails()).screen is Screen.LOGIN
    bench.tick(3)
    bench.flush()
    assert SeatAlert.DETAILS_REJECTED in bench.server.heartbeats[-1].alerts
    assert bench.want(EnterLogin("2601", "11X")).screen is Screen.CONFIRM


def test_a_question_is_asked_again_when_no_answer_comes(bench: Any) -> None:
    bench.to_screen(Screen.CONFIRM)
    bench.feed(ins.Wanted(ConfirmDetails()))
    bench.to_server.clear()
    bench.tick(9)
    bench.flush()
    assert bench.screen is Screen.CONFIRM
    bench.tick(2)
    assert bench.flush().screen is Screen.RULES


def test_a_question_lost_with_the_link_is_asked_at_the_next_meeting(bench: Any) -> None:
    bench.to_screen(Screen.RULES)
    bench.cut()
    state = bench.want(AgreeRules())
    assert (state.screen, state.online) == (Screen.RULES, False)
    bench.connect()
    assert bench.flush().screen is Screen.COUNTDOWN


@pytest.mark.parametrize("key_before_ms", [0, 1, 60_000])
def test_e01_the_paper_opens_at_the_instant_not_with_the_key(
    bench: Any, key_before_ms: int
) -> None:
    bench.to_screen(Screen.COUNTDOWN)
    bench.at(START - key_before_ms - 1)
    bench.release()
    assert bench.screen is Screen.COUNTDOWN and bench.state.item_id == ""
    assert not bench.machine.shows_paper
    assert bench.machine.next_instant_ms(bench.now()) == START
    assert bench.at(START - 1).screen is Screen.COUNTDOWN
    assert bench.server.opened_at == []
    assert bench.at(START).screen is Screen.ANSWER
    assert bench.machine.shows_paper
    bench.flush()
    assert bench.server.opened_at == [START]


def test_a_paper_unsealed_late_is_shown_at_once(bench: Any) -> None:
    bench.to_screen(Screen.COUNTDOWN)
    bench.auto = False
    bench.release()
    assert bench.at(START + 50).screen is Screen.COUNTDOWN
    bench.finish_opening()
    assert bench.screen is Screen.ANSWER


def test_a_paper_unsealed_for_nobody_is_forgotten(bench: Any) -> None:
    bench.to_screen(Screen.COUNTDOWN)
    bench.auto = False
    bench.release()
    bench.at(END)
    bench.finish_opening()
    assert isinstance(bench.done[-1], fx.ClosePaper)
    assert not bench.machine.shows_paper


def test_a_later_start_moves_the_opening(bench: Any) -> None:
    bench.to_screen(Screen.COUNTDOWN)
    bench.release()
    later = Timing(START + 60_000, START + 360_000, CLOSED_UNTIL + 60_000, END + 60_000)
    bench.set_timing(later)
    assert bench.at(START + 59_999).screen is Screen.COUNTDOWN
    assert bench.at(START + 60_000).screen is Screen.ANSWER


def test_one_who_logs_in_late_goes_right_in_after_the_rules(bench: Any) -> None:
    bench.server.timing, bench.server.released = Timing(START, START, CLOSED_UNTIL, END), True
    bench.at(START + 200_000)
    bench.to_screen(Screen.RULES)
    assert bench.want(AgreeRules()).screen is Screen.ANSWER


def test_without_a_key_the_start_waits_and_says_so(bench: Any) -> None:
    bench.to_screen(Screen.COUNTDOWN)
    state = bench.at(START + 5)
    assert state.screen is Screen.COUNTDOWN and Notice.KEY_AWAITED in state.notices
    bench.release()
    assert bench.screen is Screen.ANSWER


def test_a_key_under_an_older_wrapping_key_is_used_with_that_one(bench: Any) -> None:
    bench.to_screen(Screen.RULES)
    bench.set_timing(Timing(START, START + 300_000, CLOSED_UNTIL, END))
    bench.release()
    bench.tell(WrappingKey("p1", "A", "newer"))
    bench.want(AgreeRules())
    (opening,) = [effect for effect in bench.done if isinstance(effect, fx.OpenPaper)]
    assert (opening.wrapping.sealed, opening.form_key.wrapped) == ("sealed", "wrapped")


# ---- answering ---------------------------------------------------------------------------------


def test_h07_local_only_after_fsync_and_synced_only_after_the_ack(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    bench.auto = False
    bench.feed(ins.Wanted(answer("q1", "A")))
    assert bench.state.save_state is SaveState.NOTHING
    assert not bench.to_server
    bench.finish_append()
    assert bench.state.save_state is SaveState.LOCAL
    bench.serve_one()
    assert bench.state.save_state is SaveState.LOCAL
    bench.hear_one()
    assert (bench.state.save_state, bench.state.unsynced) == (SaveState.SYNCED, 0)


def test_the_same_answer_again_is_no_entry(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    bench.want(answer("q1", "A"))
    bench.want(answer("q1", "A"))
    bench.want(answer("nowhere", "A"))
    assert [entry.kind for entry in bench.server.entries] == ["open", "response"]


def test_h04_navigator_steps_flags_and_counts(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    assert bench.state.item_id == "q1"
    bench.want(Step(-1))
    assert bench.state.item_id == "q1"
    bench.want(Step(1))
    bench.want(answer("q2", "A"))
    bench.want(GoTo("q4"))
    bench.want(ToggleFlag("q4"))
    state = bench.want(Step(1))
    assert (state.item_id, state.unanswered, state.flagged) == ("q4", 3, 1)
    assert [cell.answered for cell in state.navigator] == [False, True, False, False]
    assert [cell.section for cell in state.navigator] == ["一", "一", "二", "二"]
    assert bench.want(ToggleFlag("q4")).flagged == 0


def test_an_answer_too_long_for_a_message_is_said_not_swallowed(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    state = bench.want(answer("q1", "字" * 200_000))
    assert Notice.ANSWER_TOO_LONG in state.notices and state.save_state is SaveState.NOTHING


def test_h08_without_the_server_everything_goes_on_and_is_sent_later(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    bench.want(answer("q1", "A"))
    bench.cut()
    for value in "BCD":
        bench.want(answer("q1", value))
        bench.tick(600)
    state = bench.state
    assert (state.screen, state.online, state.input_locked) == (Screen.ANSWER, False, False)
    assert (state.save_state, state.unsynced) == (SaveState.LOCAL, 3)
    bench.connect()
    assert bench.flush().save_state is SaveState.SYNCED
    assert [e.values for e in bench.server.entries[1:]] == [{"R": [v]} for v in "ABCD"]
    assert bench.server.saved_twice == 0


def test_h08_a_lost_ack_costs_neither_an_answer_nor_a_copy(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    bench.feed(ins.Wanted(answer("q1", "A")))
    bench.serve_one()
    bench.cut()
    assert bench.state.unsynced == 1
    bench.connect()
    bench.flush()
    assert bench.state.unsynced == 0 and bench.server.saved_twice == 0
    assert len(bench.server.entries) == 2


def test_i08_more_time_is_live_and_less_time_is_not_taken(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    bench.at(START + 60_000)
    longer = Timing(START, START + 300_000, CLOSED_UNTIL, END + 420_000)
    state = bench.set_timing(longer)
    assert state.remaining_s == 5400 - 60 + 420
    assert Notice.TIME_CHANGED in state.notices
    state = bench.set_timing(Timing(START, START + 300_000, START + 1, START + 2))
    assert state.timing == longer and state.screen is Screen.ANSWER
    bench.tick(3)
    bench.flush()
    assert Alert.TIME_SHORTENED in bench.server.heartbeats[-1].alerts


def test_a_raised_hand_is_reported_at_once_until_it_is_lowered(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    bench.want(RaiseHand(True))
    assert SeatAlert.HAND_RAISED in bench.server.heartbeats[-1].alerts
    bench.want(RaiseHand(False))
    assert SeatAlert.HAND_RAISED not in bench.server.heartbeats[-1].alerts


def test_v09_what_the_lock_down_notices_is_passed_on_while_true(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    bench.feed(ins.Observed("FOCUS_LOST", True))
    bench.flush()
    assert "FOCUS_LOST" in bench.server.heartbeats[-1].alerts
    bench.feed(ins.Observed("FOCUS_LOST", False))
    bench.flush()
    assert "FOCUS_LOST" not in bench.server.heartbeats[-1].alerts


def test_h04_what_was_typed_just_before_going_on_does_not_bring_the_item_back(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    bench.want(answer("q1", "A"))
    bench.want(GoTo("q2"))
    bench.want(answer("q1", "AB"))  # the page told it late
    assert bench.state.item_id == "q2"
    assert bench.machine.values("q1") == answer("q1", "AB").values


def test_heartbeats_come_every_two_seconds_with_the_truth(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    bench.want(answer("q1", "A"))
    before = len(bench.server.heartbeats)
    for _ in range(20):
        bench.tick(0.5)
        bench.flush()
    assert len(bench.server.heartbeats) - before == 5
    beat = bench.server.heartbeats[-1]
    assert (beat.unsynced, beat.answered, beat.screen) == (0, 1, "ANSWER")


# ---- the gates ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("offset", "may"), [(-1, False), (0, True), (1, True)])
def test_g01_submit_opens_to_the_millisecond(bench: Any, offset: int, may: bool) -> None:
    bench.to_screen(Screen.ANSWER)
    assert bench.at(CLOSED_UNTIL + offset).may_submit is may
    state = bench.want(AskSubmit())
    assert state.screen is (Screen.CONFIRM_SUBMIT if may else Screen.ANSWER)
    assert (Notice.NOT_YET_SUBMITTABLE in state.notices) is not may


def test_g02_closed_to_the_end_means_never_by_hand(bench: Any) -> None:
    bench.to_screen(Screen.COUNTDOWN)
    bench.set_timing(Timing(START, START + 300_000, END, END))
    bench.release()
    bench.at(START)
    for instant in (CLOSED_UNTIL, END - 1):
        assert not bench.at(instant).may_submit
    assert not bench.at(END).may_submit


@pytest.mark.parametrize(("offset", "taken"), [(-1, True), (0, False), (1, False)])
def test_g09_input_locks_at_the_instant(bench: Any, offset: int, taken: bool) -> None:
    """The intent is judged by the instant it is handled, tick or no tick before it."""
    bench.to_screen(Screen.ANSWER)
    bench.mono_s += (END + offset - bench.exam_ms()) / 1000
    bench.want(answer("q1", "A"))
    assert any(entry.kind == "response" for entry in bench.server.entries) is taken
    assert bench.state.screen is (Screen.ANSWER if taken else Screen.RECEIPT)


def test_g09_at_zero_it_hands_in_by_itself_without_asking(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    bench.want(answer("q1", "A"))
    assert bench.at(END - 1).screen is Screen.ANSWER
    assert bench.at(END).screen is Screen.SUBMITTING
    assert bench.flush().screen is Screen.RECEIPT
    (submit,) = sent(bench, Submit)
    assert (submit.kind, submit.seq, submit.head) == (SubmitKind.AUTO, 3, bench.server.head)
    assert bench.server.entries[-1].kind == "submit"
    assert bench.settled == {"s1": bench.server.head}
    assert any(isinstance(effect, fx.ClosePaper) for effect in bench.done)


@pytest.mark.parametrize("screen", [Screen.CONFIRM_SUBMIT, Screen.COUNTDOWN])
def test_g09_it_hands_in_from_wherever_the_candidate_is(bench: Any, screen: Screen) -> None:
    if screen is Screen.COUNTDOWN:
        bench.to_screen(screen)
    else:
        bench.to_screen(Screen.ANSWER)
        bench.at(CLOSED_UNTIL)
        bench.want(AskSubmit())
    assert bench.screen is screen
    bench.at(END)
    assert bench.flush().screen is Screen.RECEIPT


@pytest.mark.parametrize("screen", [Screen.CONFIRM, Screen.RULES])
def test_one_who_never_began_is_told_that_it_is_over(bench: Any, screen: Screen) -> None:
    bench.server.timing = Timing(START, START + 300_000, CLOSED_UNTIL, END)
    bench.to_screen(screen)
    assert bench.at(END - 1).screen is screen
    state = bench.at(END)
    assert state.screen is Screen.BLOCKED
    assert state.refusal == Refusal(RefusalCode.SITTING_ENDED)


def test_g09_the_server_gone_at_zero_locks_keeps_and_hands_in_later(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    bench.cut()
    bench.want(answer("q1", "A"))
    assert bench.at(END).screen is Screen.SUBMITTING
    bench.want(answer("q1", "late"))
    assert bench.tick(11).screen is Screen.SUBMIT_FAILED
    assert bench.want(CancelSubmit()).screen is Screen.SUBMIT_FAILED
    bench.tick(600)
    bench.connect()
    assert bench.flush().screen is Screen.RECEIPT
    assert [e.kind for e in bench.server.entries] == ["open", "response", "submit"]


# ---- handing in --------------------------------------------------------------------------------


def to_confirmation(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    bench.want(answer("q1", "A"))
    bench.want(ToggleFlag("q2"))
    bench.at(CLOSED_UNTIL)
    bench.want(AskSubmit())


def test_g10_two_steps_with_counts_and_a_way_back(bench: Any) -> None:
    to_confirmation(bench)
    assert (bench.state.unanswered, bench.state.flagged) == (3, 1)
    assert bench.want(CancelSubmit()).screen is Screen.ANSWER
    bench.want(AskSubmit())
    state = bench.want(ConfirmSubmit())
    assert state.screen is Screen.RECEIPT
    (submit,) = sent(bench, Submit)
    assert submit.kind is SubmitKind.EARLY
    bench.want(answer("q1", "B"))
    assert bench.server.entries[-1].kind == "submit"


def test_g11_submit_is_sent_only_after_everything_is_acknowledged(bench: Any) -> None:
    to_confirmation(bench)
    bench.feed(ins.Wanted(ConfirmSubmit()))
    assert sent(bench, Submit) == []
    bench.serve_one()
    assert sent(bench, Submit) == []
    bench.hear_one()
    assert len(sent(bench, Submit)) == 1


def test_g11_no_receipt_no_success_and_the_asking_goes_on(bench: Any) -> None:
    to_confirmation(bench)
    bench.feed(ins.Wanted(ConfirmSubmit()))
    bench.serve_one()
    bench.hear_one()
    for _ in range(5):
        bench.to_server.clear()
        bench.tick(3.1)
    assert bench.screen is Screen.SUBMIT_FAILED
    assert len(sent(bench, Submit)) >= 4
    assert bench.flush().screen is Screen.RECEIPT


def test_g11_a_receipt_for_another_head_is_not_believed(bench: Any) -> None:
    to_confirmation(bench)
    bench.feed(ins.Wanted(ConfirmSubmit()))
    wrong = SubmitReceipt(9, "s1", SubmitKind.EARLY, "0" * 64, "0000", 1)
    bench.feed(ins.Received(wrong))
    assert bench.state.refusal == Refusal(RefusalCode.RECEIPT_MISMATCH)
    assert bench.screen is Screen.SUBMIT_FAILED
    assert bench.flush().screen is Screen.RECEIPT


def test_g01_a_server_whose_room_is_still_closed_is_asked_until_it_opens(bench: Any) -> None:
    to_confirmation(bench)
    bench.server.timing = Timing(START, START + 300_000, CLOSED_UNTIL + 2000, END)
    state = bench.want(ConfirmSubmit())
    assert state.screen is Screen.SUBMIT_FAILED
    assert state.refusal is not None and state.refusal.code is RefusalCode.ROOM_CLOSED
    bench.tick(3.1)
    assert bench.flush().screen is Screen.RECEIPT


def test_more_time_before_the_receipt_means_go_on_answering(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    bench.cut()
    assert bench.at(END).screen is Screen.SUBMITTING
    bench.server.timing = Timing(START, START + 300_000, CLOSED_UNTIL, END + 60_000)
    bench.connect()
    assert bench.flush().screen is Screen.ANSWER
    bench.want(answer("q1", "A"))
    bench.at(END + 60_000)
    assert bench.flush().screen is Screen.RECEIPT
    kinds = [entry.kind for entry in bench.server.entries]
    assert kinds == ["open", "submit", "response", "submit"]


def test_a_receipt_lost_with_the_link_comes_with_the_next_welcome(bench: Any) -> None:
    to_confirmation(bench)
    bench.feed(ins.Wanted(ConfirmSubmit()))
    while bench.server.state is not SittingState.SUBMITTED:
        bench.serve_one() if bench.to_server else bench.hear_one()
    bench.cut()
    assert bench.screen is Screen.SUBMITTING
    bench.connect()
    assert bench.flush().screen is Screen.RECEIPT
    assert bench.settled == {"s1": bench.server.head}


# ---- restarts and spares -----------------------------------------------------------------------


def test_h10_a_restart_comes_back_to_the_same_item_and_answers(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    bench.want(answer("q1", "A"))
    bench.want(GoTo("q3"))
    bench.cut()
    bench.want(answer("q3", "offline"))
    bench.restart()
    state = bench.state
    assert state.screen is Screen.CONNECTING and Notice.ANSWERS_FOUND in state.notices
    bench.connect()
    state = bench.flush()
    assert (state.screen, state.item_id, state.unanswered) == (Screen.ANSWER, "q3", 2)
    assert bench.machine.values("q3") == {"R": ["offline"]}
    assert state.unsynced == 0
    kinds = [entry.kind for entry in bench.server.entries]
    assert kinds == ["open", "response", "visit", "response", "open"]


def test_pitfall_3_after_a_reload_nothing_is_synced_until_the_server_says_so(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    bench.want(answer("q1", "A"))
    assert bench.state.save_state is SaveState.SYNCED
    bench.restart()
    assert (bench.state.save_state, bench.state.unsynced) == (SaveState.LOCAL, 2)


def test_a_server_that_lost_answers_is_given_them_again(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    for value in "ABC":
        bench.want(answer("q1", value))
    bench.cut()
    bench.server_loses = True
    del bench.server.entries[2:]
    bench.connect()
    assert bench.flush().unsynced == 0
    assert len(bench.server.entries) == 4


def test_f02_a_spare_station_takes_over_with_every_acknowledged_answer(
    bench: Any, new_bench: Any
) -> None:
    bench.to_screen(Screen.ANSWER)
    bench.want(answer("q1", "A"))
    bench.want(GoTo("q2"))
    spare = new_bench()
    spare.server, spare.mono_s = bench.server, bench.mono_s
    spare.server.sees_sitting = False
    spare.connect()
    assert spare.flush().screen is Screen.LOGIN
    state = spare.want(EnterLogin("2601", "11X"))
    assert (state.screen, state.item_id) == (Screen.ANSWER, "q2")
    assert spare.machine.values("q1") == {"R": ["A"]}
    assert [e.kind for e in spare.disk["s1"]] == ["open", "response", "visit", "open"]
    spare.want(answer("q2", "B"))
    assert len(spare.server.entries) == 5


def test_f24_two_histories_stop_the_station_and_nothing_is_sent_or_lost(
    bench: Any, new_bench: Any
) -> None:
    bench.to_screen(Screen.ANSWER)
    bench.cut()
    bench.want(answer("q1", "mine"))
    spare = new_bench()
    spare.server, spare.mono_s = bench.server, bench.mono_s
    spare.connect()
    spare.flush()
    spare.want(answer("q1", "theirs"))
    before = list(bench.server.entries)
    bench.connect()
    state = bench.flush()
    assert state.screen is Screen.BLOCKED
    assert state.refusal == Refusal(RefusalCode.CHAIN_BROKEN)
    bench.want(answer("q1", "more"))
    bench.at(END)
    bench.tick(30)
    bench.flush()
    assert bench.server.entries == before
    assert bench.disk["s1"][-1].values == {"R": ["mine"]}
    assert Alert.CHAIN_DIVERGED in bench.server.heartbeats[-1].alerts
    assert bench.server.heartbeats[-1].unsynced > 0


def test_an_ack_for_another_history_stops_the_station(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    bench.feed(ins.Received(SaveAck("s1", 1, "0" * 64)))
    assert bench.screen is Screen.BLOCKED


def test_f13_a_sitting_the_server_no_longer_sees_here_is_offered_and_stopped(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    bench.cut()
    bench.want(answer("q1", "A"))
    bench.server.sees_sitting = False
    bench.server.state = SittingState.SUBMITTED
    bench.connect()
    state = bench.flush()
    assert state.screen is Screen.BLOCKED
    assert state.refusal == Refusal(RefusalCode.SITTING_UNKNOWN)
    bench.tick(3)
    bench.flush()
    assert Alert.SAVES_REFUSED in bench.server.heartbeats[-1].alerts
    assert bench.server.heartbeats[-1].unsynced == 1
    bench.server.sees_sitting, bench.server.state = True, SittingState.IN_PROGRESS
    bench.cut()
    bench.connect()
    state = bench.flush()
    assert (state.screen, state.unsynced) == (Screen.ANSWER, 0)


def test_a_restart_in_the_middle_of_an_early_hand_in_finishes_it(bench: Any) -> None:
    to_confirmation(bench)
    bench.cut()
    bench.want(ConfirmSubmit())
    bench.restart()
    bench.connect()
    assert bench.flush().screen is Screen.RECEIPT
    (submit,) = sent(bench, Submit)
    assert submit.kind is SubmitKind.EARLY
    assert sum(entry.kind == "submit" for entry in bench.server.entries) == 1


def test_f01_a_station_off_over_the_end_hands_in_when_it_is_back(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    bench.cut()
    bench.want(answer("q1", "A"))
    bench.restart()
    bench.at(END + 60_000)
    bench.connect()
    assert bench.flush().screen is Screen.RECEIPT
    assert [e.kind for e in bench.server.entries] == ["open", "response", "submit"]


def test_a_damaged_journal_is_reported_and_what_was_behind_the_damage_is_kept(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    for value in "ABC":
        bench.want(answer("q1", value))
    bench.cut()
    bench.want(answer("q1", "D"))
    chain = list(bench.disk["s1"])
    bench.restart()
    bench.machine = type(bench.machine)("1")
    bench.disk["s1"] = chain[:1]
    bench.feed(ins.JournalOpened("s1", tuple(chain[:1]), True, tuple(chain[2:])))
    bench.connect()
    state = bench.flush()
    assert state.screen is Screen.ANSWER
    assert bench.server.entries[4].values == {"R": ["D"]}
    assert bench.disk["s1"][:5] == chain
    bench.tick(3)
    bench.flush()
    assert Alert.JOURNAL_DAMAGED in bench.server.heartbeats[-1].alerts


# ---- faults of the machine ---------------------------------------------------------------------


def test_f19_a_full_disk_shows_failed_and_the_server_is_the_place_left(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    bench.disk_full = True
    state = bench.want(answer("q1", "A"))
    assert (state.save_state, state.input_locked) == (SaveState.FAILED, False)
    assert bench.server.entries[-1].values == {"R": ["A"]}
    bench.cut()
    state = bench.want(answer("q1", "B"))
    assert (state.save_state, state.input_locked) == (SaveState.FAILED, True)
    bench.disk_full = False
    state = bench.tick(2.1)
    assert (state.save_state, state.input_locked) == (SaveState.LOCAL, False)
    assert [e.values for e in bench.disk["s1"]][1:] == [{"R": ["A"]}, {"R": ["B"]}]


def test_f19_a_journal_that_cannot_be_opened_does_not_stop_the_candidate(bench: Any) -> None:
    bench.disk_full = True
    bench.to_screen(Screen.ANSWER)
    state = bench.want(answer("q1", "A"))
    assert (state.save_state, state.unsynced) == (SaveState.FAILED, 0)
    bench.tick(3)
    bench.flush()
    assert Alert.JOURNAL_FAILED in bench.server.heartbeats[-1].alerts
    bench.disk_full = False
    assert bench.tick(2.1).save_state is SaveState.SYNCED
    assert bench.disk["s1"] == bench.server.entries


def test_a_paper_that_does_not_open_blocks_and_a_new_key_frees(bench: Any) -> None:
    bench.to_screen(Screen.COUNTDOWN)
    bench.auto = False
    bench.release()
    bench.at(START)
    refusal = Refusal(RefusalCode.PAPER_INVALID, "q3")
    bench.feed(ins.PaperRefused(refusal))
    assert (bench.screen, bench.state.refusal) == (Screen.BLOCKED, refusal)
    bench.auto = True
    bench.tell(FormKey("p1", "A", "wrapped", START))
    assert bench.screen is Screen.ANSWER


def test_f06_rotten_ciphertext_is_fetched_afresh_and_opens(bench: Any) -> None:
    bench.to_screen(Screen.COUNTDOWN)
    bench.auto = False
    bench.release()
    bench.at(START)
    bench.feed(ins.PaperRefused(Refusal(RefusalCode.CIPHERTEXT_CORRUPT)))
    assert bench.screen is Screen.BLOCKED
    bench.auto = True
    bench.tick(2.1)
    fetches = [e for e in bench.done if isinstance(e, fx.FetchCiphertext)]
    assert fetches[-1].afresh
    assert bench.screen is Screen.ANSWER


def test_a_blocked_paper_still_hands_in_at_the_end(bench: Any) -> None:
    bench.to_screen(Screen.COUNTDOWN)
    bench.auto = False
    bench.release()
    bench.at(START)
    bench.feed(ins.PaperRefused(Refusal(RefusalCode.PAPER_INVALID)))
    bench.auto = True
    bench.at(END)
    assert bench.flush().screen is Screen.RECEIPT


def test_fetching_is_tried_again(bench: Any) -> None:
    bench.auto = False
    bench.connect()
    bench.flush()
    (first,) = [e for e in bench.done if isinstance(e, fx.FetchCiphertext)]
    bench.feed(ins.CiphertextFailed(first.offer))
    bench.tick(1)
    assert sum(isinstance(e, fx.FetchCiphertext) for e in bench.done) == 1
    bench.tick(1.1)
    assert sum(isinstance(e, fx.FetchCiphertext) for e in bench.done) == 2


# ---- the end -----------------------------------------------------------------------------------


def test_l10_wipe_destroys_after_the_receipt_and_reports(bench: Any) -> None:
    to_confirmation(bench)
    bench.want(ConfirmSubmit())
    bench.tell(WipePaper("p1", "s1"))
    assert bench.destroyed == ["p1"] and bench.server.wiped == ["p1"]
    assert "s1" not in bench.disk
    bench.tell(SessionChanged(None))
    assert bench.screen is Screen.WAITING and bench.state.candidate is None


def test_l11_wipe_is_refused_while_an_answer_is_not_acknowledged(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    bench.tell(WipePaper("p1", "s1"))
    assert bench.destroyed == []
    bench.tick(3)
    bench.flush()
    assert Alert.WIPE_REFUSED in bench.server.heartbeats[-1].alerts
    bench.at(END)
    bench.flush()
    assert bench.screen is Screen.RECEIPT
    assert bench.destroyed == ["p1"]


def test_l11_wipe_of_an_unsynced_tail_waits_for_ever(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    bench.cut()
    bench.want(answer("q1", "A"))
    bench.server.state = SittingState.SUBMITTED
    bench.connect()
    bench.flush()
    assert bench.screen is Screen.RECEIPT
    bench.tell(WipePaper("p1", "s1"))
    bench.tick(60)
    bench.flush()
    assert bench.destroyed == [] and len(bench.disk["s1"]) == 2
    assert {Alert.WIPE_REFUSED, Alert.SAVES_REFUSED} <= set(bench.server.heartbeats[-1].alerts)


def test_l11_a_settled_sitting_of_before_a_restart_can_be_wiped(bench: Any) -> None:
    to_confirmation(bench)
    bench.want(ConfirmSubmit())
    bench.restart()
    bench.server.sees_sitting = False
    bench.connect()
    bench.flush()
    bench.tell(WipePaper("p1", "s1"))
    assert bench.server.wiped == ["p1"] and "s1" not in bench.disk


def test_a_station_without_a_candidate_wipes_its_paper(bench: Any) -> None:
    bench.to_screen(Screen.LOGIN)
    bench.tell(WipePaper("p1"))
    assert bench.server.wiped == ["p1"]
    assert bench.state.seal is None


def test_enrolment_shows_the_code_until_it_is_confirmed(bench: Any) -> None:
    bench.feed(ins.Enrolling("ABCD-EFGH"))
    assert (bench.screen, bench.state.enrol_code) == (Screen.ENROL, "ABCD-EFGH")
    bench.feed(ins.Enrolled("st1"))
    assert (bench.screen, bench.state.station_id) == (Screen.CONNECTING, "st1")


def test_a_refused_machine_is_told_why(bench: Any) -> None:
    bench.feed(ins.LinkDown(Refusal(RefusalCode.NOT_ENROLLED)))
    assert bench.state.refusal == Refusal(RefusalCode.NOT_ENROLLED)


def test_why_there_is_no_line_is_said_until_there_is_one(bench: Any) -> None:
    bench.feed(ins.LinkDown(Refusal(RefusalCode.SERVER_UNREACHABLE, "10.0.0.1:7443")))
    assert bench.state.refusal.detail == "10.0.0.1:7443"
    bench.feed(ins.LinkUp())
    assert bench.state.refusal is None


def test_the_table_knows_every_screen_and_forbids_the_rest() -> None:
    over = {Screen.SUSPENDED, Screen.START_CODE}  # shown over others, move none
    assert set(TRANSITIONS) == set(Screen) - over
    for source in TRANSITIONS:
        if source is not Screen.COUNTDOWN:
            allowed = Screen.ANSWER in TRANSITIONS[source]
            assert allowed == (
                source
                in (
                    Screen.CONFIRM_SUBMIT,
                    Screen.AWAY,
                    Screen.SUBMITTING,
                    Screen.SUBMIT_FAILED,
                    Screen.BLOCKED,
                )
            )
    with pytest.raises(AssertionError):
        move(Screen.LOGIN, Screen.ANSWER)


def test_a_refused_number_that_is_not_ours_changes_nothing(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    before = bench.state
    bench.feed(ins.Received(Refused(99, RefusalCode.SITTING_ENDED)))
    assert bench.state == before
