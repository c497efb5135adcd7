"""A sitting ended for disorder (V05), as its station lives it: locked, the paper gone, nothing of
the answers deleted, and no way back by a restart or the end of the exam."""

from typing import Any

import msgspec
import pytest

from candidate_station.session.intents import ChangeAnswer
from candidate_station.session.screen_state import Screen
from venue_server.wire.names import SittingState
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.station_messages import SessionChanged, SittingTerminated, Welcome

ENDED = Refusal(RefusalCode.SITTING_TERMINATED)


def terminated(bench: Any) -> Any:
    """The server's side of it, from now on at every hello too."""
    bench.server.state = SittingState.TERMINATED
    bench.server.sees_sitting = False
    hello = bench.server._hello

    def with_lock(message: Any) -> list[Any]:
        first, *rest = hello(message)
        assert isinstance(first, Welcome)
        return [msgspec.structs.replace(first, terminated=True), *rest]

    bench.server._hello = with_lock
    return bench.tell(SittingTerminated("s1"))


@pytest.mark.parametrize("screen", [Screen.CONFIRM, Screen.RULES, Screen.COUNTDOWN, Screen.ANSWER])
def test_v05_the_station_locks_with_a_clear_screen(bench: Any, screen: Screen) -> None:
    bench.to_screen(screen)
    state = terminated(bench)
    assert (state.screen, state.refusal, state.item_id) == (Screen.BLOCKED, ENDED, "")
    assert not bench.machine.shows_paper


def test_v05_another_sittings_end_locks_nobody(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    assert bench.tell(SittingTerminated("s2")).screen is Screen.ANSWER


def test_v05_answers_stay_on_the_disk_and_nothing_opens_it_again(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    bench.want(ChangeAnswer("q1", {"R": ["A"]}, {"R": ["B", "A"]}))
    bench.flush()
    kept = len(bench.disk["s1"])
    terminated(bench)
    bench.at(bench.server.timing.end_ms + 1)
    bench.flush()
    assert (bench.screen, len(bench.disk["s1"])) == (Screen.BLOCKED, kept), "no hand-in of its own"
    bench.restart()
    bench.connect()
    state = bench.flush()
    assert (state.screen, state.refusal) == (Screen.BLOCKED, ENDED)
    assert len(bench.disk["s1"]) == kept


def test_v05_the_next_session_finds_the_seat_free(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    terminated(bench)
    session = msgspec.structs.replace(bench.state.session, session_id="next")
    assert bench.tell(SessionChanged(session)).screen is Screen.WAITING
