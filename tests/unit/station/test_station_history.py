"""A history too long for one message comes in parts: taken whole, or nothing goes on (H08, F3)."""

from typing import Any

import msgspec
import pytest

from candidate_station.answers.answer_chain import AnswerChain
from candidate_station.session import inputs as ins
from candidate_station.session.effects import AppendEntries, SendMessage
from candidate_station.session.intents import EnterLogin
from candidate_station.session.notices import Notice
from candidate_station.session.screen_state import Screen
from venue_server.wire.messages import Refused, Timing
from venue_server.wire.names import SittingState
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.station_messages import GetHistory, History, Save, TimingChanged

PART = 3
START = 1_800_000_000_000
TIMING = Timing(START, START + 300_000, START + 1_800_000, START + 7_200_000)


def spare_seat(bench: Any, entries: int) -> None:
    """A candidate with this many answers at the server, before a station that has none."""
    chain = AnswerChain("s1")
    for number in range(entries):
        chain.add("response", f"q{number % 4 + 1}", {"R": [str(number)]}, {}, 1_000 + number)
    bench.server.entries = list(chain.entries)
    bench.server.part = PART
    bench.server.state = SittingState.IN_PROGRESS
    bench.server.sees_sitting = False
    bench.connect()
    bench.flush()
    bench.server.sees_sitting = True


def log_in(bench: Any) -> None:
    """Log in and hear the answer, but no part of the history beyond the first."""
    bench.feed(ins.Wanted(EnterLogin("2601", "11X")))
    bench.serve_one()
    bench.hear_one()


def sent(bench: Any) -> list[Any]:
    return [effect.message for effect in bench.done if isinstance(effect, SendMessage)]


def asked(bench: Any) -> list[int]:
    return [m.after for m in sent(bench) if isinstance(m, GetHistory)]


@pytest.mark.parametrize("entries", [1, PART, PART + 1, 10 * PART])
def test_h08_a_spare_station_asks_until_it_has_every_answer(bench: Any, entries: int) -> None:
    spare_seat(bench, entries)
    bench.want(EnterLogin("2601", "11X"))
    assert bench.screen is Screen.COUNTDOWN
    assert bench.disk["s1"] == bench.server.entries
    assert asked(bench) == list(range(PART, entries, PART))
    assert max(len(e.entries) for e in bench.done if isinstance(e, AppendEntries)) <= PART
    assert bench.state.unsynced == 0
    assert not [m for m in sent(bench) if isinstance(m, Save)], "nothing is sent back"


@pytest.mark.parametrize("parts", range(5))
@pytest.mark.parametrize("restart", [False, True])
def test_h08_cut_after_any_part_it_goes_on_from_there(
    bench: Any, parts: int, restart: bool
) -> None:
    spare_seat(bench, 5 * PART)
    log_in(bench)
    for _ in range(parts):
        assert Notice.RESTORING in bench.state.notices
        assert bench.screen is Screen.LOGIN, "nothing goes on before the chain is whole"
        bench.serve_one()
        bench.hear_one()
    held = min(5, parts + 1) * PART
    assert len(bench.disk["s1"]) == held, "what came is in the journal"
    bench.restart() if restart else bench.cut()
    assert bench.machine.hello().last_seq == held
    bench.connect()
    bench.flush()
    assert bench.screen is Screen.COUNTDOWN
    assert bench.disk["s1"] == bench.server.entries
    assert sorted(set(asked(bench))) == asked(bench), "no part was fetched twice"
    assert Notice.RESTORING not in bench.state.notices


def test_f24_a_part_that_does_not_fit_stops_the_station(bench: Any) -> None:
    spare_seat(bench, 3 * PART)
    wrong = msgspec.structs.replace(bench.server.entries[5], values={"R": ["forged"]})
    bench.server.entries[5] = wrong
    bench.want(EnterLogin("2601", "11X"))
    assert (bench.screen, bench.state.refusal.code) == (Screen.BLOCKED, RefusalCode.CHAIN_BROKEN)
    assert len(bench.disk["s1"]) == PART, "what fitted is kept"


def test_f24_a_server_that_lacks_what_it_named_is_not_asked_for_ever(bench: Any) -> None:
    spare_seat(bench, 2 * PART)
    log_in(bench)
    number = bench.to_server.popleft().n
    bench.tell(History(number, "s1", []))
    assert (bench.screen, bench.state.refusal.code) == (Screen.BLOCKED, RefusalCode.CHAIN_BROKEN)
    assert not bench.to_server


def test_h08_a_refused_part_blocks_and_a_late_one_changes_nothing(bench: Any) -> None:
    spare_seat(bench, 2 * PART)
    log_in(bench)
    number = bench.to_server.popleft().n
    bench.tell(History(number + 7, "s1", bench.server.entries[PART:]))
    assert len(bench.disk["s1"]) == PART
    bench.tell(Refused(number, RefusalCode.SITTING_UNKNOWN))
    assert (bench.screen, bench.state.refusal.code) == (
        Screen.BLOCKED,
        RefusalCode.SITTING_UNKNOWN,
    )


def test_i02_more_time_granted_meanwhile_counts_when_the_history_is_whole(bench: Any) -> None:
    spare_seat(bench, 3 * PART)
    bench.server.timing = TIMING
    log_in(bench)
    later = msgspec.structs.replace(TIMING, end_ms=TIMING.end_ms + 60_000)
    bench.server.timing = later
    bench.feed(ins.Received(TimingChanged("s1", later)))
    bench.flush()
    assert bench.state.timing == later
    assert "TIME_SHORTENED" not in bench.server.heartbeats[-1].alerts
