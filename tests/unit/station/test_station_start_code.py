"""The room start code at the station (E04): asked once, holds up nothing but the opening."""

from typing import Any

import msgspec
import pytest

from candidate_station.session.intents import ChangeAnswer, EnterStartCode
from candidate_station.session.screen_state import Screen
from candidate_station.session.start_code import LONG_PAUSE_S, PAUSE_S, WRONG_BEFORE_LONG
from venue_server.wire.messages import Timing
from venue_server.wire.names import SittingState
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.start_code import seal_start_code
from venue_server.wire.station_messages import TimingChanged

START = 1_800_000_000_000
END = START + 5_400_000
TIMING = Timing(START, START + 300_000, START + 4_500_000, END)
SEAL = seal_start_code("048151", "aa")
RIGHT, WRONG = EnterStartCode("０48 151"), EnterStartCode("048152")
MINUTE = 60_000


@pytest.fixture
def seated(bench: Any) -> Any:
    """Rules read, nothing released."""
    bench.server.start_code = SEAL
    bench.to_screen(Screen.RULES)
    bench.server.state = SittingState.RULES_ACK
    bench.cut()
    bench.connect()
    bench.flush()
    assert bench.screen is Screen.COUNTDOWN
    return bench


@pytest.fixture
def asked(seated: Any) -> Any:
    """The papers are released, two minutes before the start."""
    seated.at(START - 2 * MINUTE)
    release(seated)
    return seated


def release(bench: Any) -> None:
    bench.server.timing = TIMING
    bench.tell(TimingChanged("s1", TIMING, start_code=SEAL))
    bench.release()


def refusal(bench: Any) -> RefusalCode | None:
    shown = bench.state.refusal
    return shown.code if shown is not None else None


def test_e04_nothing_is_asked_before_the_release(seated: Any) -> None:
    seated.at(START - 2 * MINUTE - 1)
    assert seated.screen is Screen.COUNTDOWN
    seated.want(RIGHT)
    release(seated)
    assert seated.screen is Screen.START_CODE, "a code typed before counts for nothing"


def test_e04_the_right_code_opens_at_once_after_the_start(asked: Any) -> None:
    assert asked.at(START + 3 * MINUTE).screen is Screen.START_CODE
    state = asked.want(RIGHT)
    assert state.screen is Screen.ANSWER
    assert state.remaining_s == 87 * 60, "time ran from the effective start"
    assert asked.server.opened_at == [START + 3 * MINUTE]


def test_e04_a_code_typed_before_the_start_opens_at_the_start_and_not_before(asked: Any) -> None:
    assert asked.want(RIGHT).screen is Screen.COUNTDOWN
    assert asked.at(START - 1).screen is Screen.COUNTDOWN
    assert asked.at(START).screen is Screen.ANSWER


def test_e04_without_the_code_no_time_opens_the_paper(asked: Any) -> None:
    for minute in (0, 1, 89):
        assert asked.at(START + minute * MINUTE).screen is Screen.START_CODE
    assert asked.server.opened_at == [] and asked.server.entries == []
    asked.at(END)
    asked.flush()
    assert asked.screen is not Screen.START_CODE, "the end comes as ever"
    assert asked.server.entries[-1].kind == "submit"


def test_e04_a_wrong_code_is_refused_at_once_and_costs_a_moment(asked: Any) -> None:
    state = asked.want(WRONG)
    assert state.screen is Screen.START_CODE and state.code_paused
    assert refusal(asked) is RefusalCode.START_CODE_WRONG
    asked.want(RIGHT)
    assert asked.screen is Screen.START_CODE, "not looked at during the pause"
    assert not asked.tick(PAUSE_S).code_paused
    assert refusal(asked) is RefusalCode.START_CODE_WRONG, "it stays until the next try"
    asked.want(RIGHT)
    assert asked.screen is Screen.COUNTDOWN and refusal(asked) is None


def test_e04_the_pause_grows_and_never_locks(asked: Any) -> None:
    pauses = []
    for _ in range(WRONG_BEFORE_LONG + 20):
        asked.want(WRONG)
        began = asked.mono_s
        while asked.tick(0.5).code_paused:
            pass
        pauses.append(asked.mono_s - began)
    assert pauses == [PAUSE_S] * (WRONG_BEFORE_LONG - 1) + [LONG_PAUSE_S] * 21
    asked.want(RIGHT)
    assert asked.screen is Screen.COUNTDOWN


def test_e04_it_is_checked_without_the_server(asked: Any) -> None:
    asked.cut()
    asked.at(START)
    asked.want(WRONG)
    assert refusal(asked) is RefusalCode.START_CODE_WRONG
    asked.tick(PAUSE_S)
    assert asked.want(RIGHT).screen is Screen.ANSWER


@pytest.mark.parametrize("heard", [True, False], ids=["server knows", "server never heard"])
def test_e04_a_restart_after_the_opening_does_not_ask_again(asked: Any, heard: bool) -> None:
    asked.at(START)
    if not heard:
        asked.cut()
    asked.want(RIGHT)
    asked.want(ChangeAnswer("q1", {"R": ["A"]}, {}))
    asked.restart()
    asked.connect()
    asked.flush()
    assert (asked.server.state is SittingState.IN_PROGRESS) or not heard
    assert asked.screen is Screen.ANSWER


def test_e04_a_spare_station_does_not_ask_a_candidate_whose_paper_was_open(
    asked: Any, new_bench: Any
) -> None:
    asked.at(START)
    asked.want(RIGHT)
    spare = new_bench(0)
    spare.server = asked.server
    spare.connect()
    spare.flush()
    assert spare.screen is Screen.ANSWER


def test_e04_a_restart_before_the_opening_asks_again(asked: Any) -> None:
    asked.want(RIGHT)
    asked.restart()
    asked.connect()
    asked.flush()
    assert asked.screen is Screen.START_CODE


def test_e04_a_suspension_covers_the_question_and_leaves_it(asked: Any) -> None:
    asked.at(START + MINUTE)
    standing = msgspec.structs.replace(TIMING, suspended_at_ms=START + MINUTE)
    asked.tell(TimingChanged("s1", standing, start_code=SEAL))
    assert asked.screen is Screen.SUSPENDED
    assert asked.want(RIGHT).screen is Screen.SUSPENDED
    later = Timing(
        START, START + 300_000, START + 4_560_000, END + MINUTE, START + MINUTE, START + 2 * MINUTE
    )
    asked.tell(TimingChanged("s1", later, start_code=SEAL))
    assert asked.at(START + 2 * MINUTE).screen is Screen.START_CODE
