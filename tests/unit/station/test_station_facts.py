"""At a station: its facts go to the server at every welcome; nobody at work is disturbed."""

from typing import Any

import pytest

from candidate_station.inspection.facts import Asked, gather
from candidate_station.session.effects import CheckMachine, SendMessage
from candidate_station.session.inputs import FactsFound, LinkDown, Now, Received
from candidate_station.session.screen_state import Screen
from venue_server.wire.inspection_orders import RunStationCheck, StationEcho, StationProbe


def effects(bench: Any, happened: Any) -> list[Any]:
    return list(bench.machine.handle(happened, bench.now()))


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("station")
    return gather(folder, Asked(), root=folder / "no such root")


def test_c08_a_check_is_asked_for_and_answered_when_nobody_works_here(
    bench: Any, facts: Any
) -> None:
    bench.to_screen(Screen.LOGIN)
    asked = Received(RunStationCheck(7, "token"))
    assert CheckMachine(7, "token") in effects(bench, asked)
    assert SendMessage(facts) in effects(bench, FactsFound(facts))
    bench.feed(LinkDown())
    assert SendMessage(facts) not in effects(bench, FactsFound(facts)), "nobody listens"


def test_c08_a_candidate_at_work_is_not_disturbed(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    found = effects(bench, Received(RunStationCheck(7, "token")))
    assert not any(isinstance(each, CheckMachine) for each in found)
    assert bench.screen is Screen.ANSWER


def test_c08_a_probe_is_answered_at_once_with_the_stations_own_time(bench: Any) -> None:
    bench.to_screen(Screen.ANSWER)
    now = bench.now()
    found = bench.machine.handle(Received(StationProbe(3)), now)
    assert SendMessage(StationEcho(3, now.exam_ms)) in found
    unknown = bench.machine.handle(Received(StationProbe(4)), Now(now.mono_s, None))
    assert SendMessage(StationEcho(4, 0)) in unknown
