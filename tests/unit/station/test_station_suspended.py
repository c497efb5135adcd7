"""A station whose room is held, started later, suspended, resumed, extended (G08, F16, F17)."""

from typing import Any

import msgspec
import pytest

from candidate_station.session.intents import (
    AgreeRules,
    AskSubmit,
    ChangeAnswer,
    ConfirmSubmit,
    GoTo,
    RaiseHand,
    Step,
    ToggleFlag,
)
from candidate_station.session.notices import Alert
from candidate_station.session.screen_state import Screen
from venue_server.wire.messages import Timing
from venue_server.wire.names import SittingState, SubmitKind
from venue_server.wire.station_messages import Heartbeat

START = 1_800_000_000_000
PLAIN = Timing(START, START + 300_000, START + 4_500_000, START + 5_400_000)
MINUTE = 60_000


def standing(since: int) -> Timing:
    return msgspec.structs.replace(PLAIN, suspended_at_ms=since)


def resumed(since: int, at: int) -> Timing:
    """What the policy says of a suspension that lay before closure and end."""
    later = at - since
    return Timing(
        PLAIN.effective_start_ms + (later if since < PLAIN.effective_start_ms else 0),
        PLAIN.admission_closes_ms + (later if since < PLAIN.admission_closes_ms else 0),
        PLAIN.closed_until_ms + later,
        PLAIN.end_ms + later,
        since,
        at,
    )


@pytest.fixture
def answering(bench: Any) -> Any:
    """Half an hour into the exam, one answer given."""
    bench.to_screen(Screen.ANSWER)
    bench.want(ChangeAnswer("q1", {"R": ["A"]}, {}))
    bench.at(START + 30 * MINUTE)
    return bench


def test_f16_the_paper_is_hidden_and_the_input_locked_at_once(answering: Any) -> None:
    bench = answering
    bench.set_timing(standing(START + 30 * MINUTE))
    state = bench.state
    assert state.screen is Screen.SUSPENDED
    assert state.input_locked and not state.may_submit and state.item_id == ""
    assert state.navigator == ()
    assert state.remaining_s == 60 * 60


def test_f16_a_clock_estimate_a_little_behind_does_not_delay_it(answering: Any) -> None:
    answering.set_timing(standing(START + 30 * MINUTE + 150))
    assert answering.screen is Screen.SUSPENDED


def test_f16_while_suspended_nothing_ends_however_long(answering: Any) -> None:
    bench = answering
    bench.set_timing(standing(START + 30 * MINUTE))
    for minutes in (76, 90, 91, 600):
        state = bench.at(START + minutes * MINUTE)
        bench.flush()
        assert (state.screen, state.remaining_s) == (Screen.SUSPENDED, 60 * 60)
    assert bench.server.state is SittingState.IN_PROGRESS
    assert bench.machine.next_instant_ms(bench.now()) is None


def test_f16_all_goes_on_at_the_instant_that_was_ordered(answering: Any) -> None:
    bench = answering
    since, at = START + 30 * MINUTE, START + 200 * MINUTE
    bench.set_timing(standing(since))
    bench.at(at - 10_000)
    bench.set_timing(resumed(since, at))
    assert bench.state.screen is Screen.SUSPENDED and bench.state.remaining_s == 60 * 60
    assert bench.machine.next_instant_ms(bench.now()) == at
    assert bench.at(at - 1).screen is Screen.SUSPENDED
    state = bench.at(at)
    assert (state.screen, state.item_id, state.remaining_s) == (Screen.ANSWER, "q1", 60 * 60)
    assert not state.input_locked
    assert bench.at(at + 60 * MINUTE - 1).screen is Screen.ANSWER
    bench.at(at + 60 * MINUTE)
    bench.flush()
    assert bench.screen is Screen.RECEIPT
    assert Alert.TIME_SHORTENED not in bench.server.heartbeats[-1].alerts


def test_f16_what_was_typed_just_before_still_counts_and_nothing_later(answering: Any) -> None:
    bench = answering
    bench.set_timing(standing(START + 30 * MINUTE))
    bench.want(ChangeAnswer("q2", {"R": ["B"]}, {}))
    assert bench.server.entries[-1].values == {"R": ["B"]}
    count = len(bench.server.entries)
    bench.tick(2.0)
    for intent in (
        ChangeAnswer("q2", {"R": ["C"]}, {}),
        GoTo("q3"),
        Step(1),
        ToggleFlag("q1"),
        AskSubmit(),
        ConfirmSubmit(),
    ):
        bench.want(intent)
    assert len(bench.server.entries) == count


def test_f16_the_hand_can_be_raised_while_suspended(answering: Any) -> None:
    answering.set_timing(standing(START + 30 * MINUTE))
    answering.want(RaiseHand(True))
    answering.tick(2.0)
    answering.flush()
    last = answering.server.heartbeats[-1]
    assert isinstance(last, Heartbeat)
    assert "HAND_RAISED" in last.alerts and last.screen == "SUSPENDED"


def test_f17_a_resumption_called_off_takes_nothing_away(answering: Any) -> None:
    bench = answering
    since, at = START + 30 * MINUTE, START + 40 * MINUTE
    bench.set_timing(standing(since))
    bench.set_timing(resumed(since, at))
    bench.set_timing(standing(since))
    assert bench.at(at + MINUTE).screen is Screen.SUSPENDED
    bench.tick(2.0)
    bench.flush()
    assert bench.server.heartbeats[-1].alerts == []
    assert bench.state.remaining_s == 60 * 60


def test_i02_less_time_is_still_not_taken(answering: Any) -> None:
    bench = answering
    bench.set_timing(
        msgspec.structs.replace(standing(START + 30 * MINUTE), end_ms=PLAIN.end_ms - 1)
    )
    bench.tick(2.0)
    bench.flush()
    assert bench.screen is Screen.ANSWER
    assert bench.server.heartbeats[-1].alerts == ["TIME_SHORTENED"]


def test_f16_a_station_without_the_line_goes_on_and_follows_when_it_is_back(answering: Any) -> None:
    bench = answering
    bench.cut()
    bench.server.timing = standing(START + 30 * MINUTE)
    bench.at(START + 35 * MINUTE)
    bench.want(ChangeAnswer("q2", {"R": ["B"]}, {}))  # it never learnt
    assert bench.screen is Screen.ANSWER
    bench.connect()
    bench.flush()
    assert bench.screen is Screen.SUSPENDED
    assert bench.server.entries[-1].values == {"R": ["B"]}


def test_f16_a_station_that_ended_meanwhile_comes_back_to_its_paper(answering: Any) -> None:
    bench = answering
    bench.cut()
    since, at = START + 80 * MINUTE, START + 120 * MINUTE
    bench.server.timing = standing(since)
    bench.at(PLAIN.end_ms)
    assert bench.screen in (Screen.SUBMITTING, Screen.SUBMIT_FAILED)
    bench.connect()
    bench.flush()
    assert bench.screen is Screen.SUSPENDED
    bench.set_timing(resumed(since, at))
    bench.at(at)
    assert (bench.screen, bench.state.remaining_s) == (Screen.ANSWER, 10 * 60)
    bench.want(ChangeAnswer("q3", {"R": ["D"]}, {}))
    assert bench.server.entries[-1].values == {"R": ["D"]}
    bench.at(at + 10 * MINUTE)
    bench.flush()
    assert bench.server.receipts[-1].kind is SubmitKind.AUTO


def test_f16_a_restart_while_suspended_lands_on_the_same_screen(answering: Any) -> None:
    bench = answering
    bench.server.timing = standing(START + 30 * MINUTE)
    bench.restart()
    bench.at(START + 50 * MINUTE)
    bench.connect()
    bench.flush()
    assert bench.screen is Screen.SUSPENDED
    bench.set_timing(resumed(START + 30 * MINUTE, START + 60 * MINUTE))
    bench.at(START + 60 * MINUTE)
    assert (bench.screen, bench.state.item_id) == (Screen.ANSWER, "q1")


def test_f16_suspended_before_the_start_it_opens_later(bench: Any) -> None:
    bench.to_screen(Screen.COUNTDOWN)
    bench.release()
    since, at = START - MINUTE, START + 9 * MINUTE
    bench.at(since)
    bench.set_timing(standing(since))
    assert bench.at(START).screen is Screen.SUSPENDED
    bench.set_timing(resumed(since, at))
    assert bench.at(at - 1).screen is Screen.SUSPENDED
    assert bench.at(at).screen is Screen.COUNTDOWN
    assert bench.at(at + MINUTE - 1).screen is Screen.COUNTDOWN
    bench.at(at + MINUTE)
    assert bench.screen is Screen.ANSWER


def test_f16_the_question_whether_to_hand_in_is_still_there_afterwards(answering: Any) -> None:
    bench = answering
    bench.at(START + 80 * MINUTE)
    bench.want(AskSubmit())
    since, at = START + 80 * MINUTE, START + 90 * MINUTE
    bench.set_timing(standing(since))
    assert bench.screen is Screen.SUSPENDED
    bench.set_timing(msgspec.structs.replace(resumed(since, at), closed_until_ms=4_500_000 + START))
    assert bench.at(at).screen is Screen.CONFIRM_SUBMIT


def test_g08_without_its_room_s_start_a_released_paper_stays_shut(bench: Any) -> None:
    """A room that is held back: the key may be here, the instant is not."""
    bench.to_screen(Screen.RULES)
    bench.want(AgreeRules())
    bench.release()
    assert bench.at(START + 20 * MINUTE).screen is Screen.COUNTDOWN
    later = START + 25 * MINUTE
    bench.set_timing(Timing(later, later + 300_000, later + 4_500_000, later + 5_400_000))
    assert bench.at(later - 1).screen is Screen.COUNTDOWN
    assert bench.at(later).screen is Screen.ANSWER


def test_i03_a_stopped_session_ends_without_showing_the_paper_again(answering: Any) -> None:
    """Headquarters stopped it: at its end the room stands no more and the hand-in begins."""
    bench = answering
    since = START + 30 * MINUTE
    bench.set_timing(standing(since))
    bench.at(PLAIN.end_ms)
    assert bench.state.screen is Screen.SUSPENDED, "nothing ends while it stands"
    state = bench.set_timing(resumed(since, since))
    assert state.screen is Screen.SUBMITTING or state.receipt_code
    assert state.item_id == ""
    bench.flush()
    assert [entry.kind for entry in bench.disk["s1"]][-1] == "submit"
    assert bench.server.entries[-1].kind == "submit"
