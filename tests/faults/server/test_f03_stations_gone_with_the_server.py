"""F3 with F1 or F16: a power cut takes the server and stations; the server alone comes back."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from venue_server.gateway import lost_stations, not_back
from venue_server.wire.credit_orders import GetInterruptions
from venue_server.wire.incidents import IncidentKind
from venue_server.wire.names import SeatLink


def _sockets(folder: str, names: list[str]) -> list[str]:
    return [each for each in names if (Path(folder) / each).is_socket()]


def breakdowns(world: Any) -> list[str]:
    """The incidents over stations lost in number; the server's own end opens another."""
    opened = [each["data"] for each in world.events("incident.opened")]
    return [each["incident"] for each in opened if each["kind"] != IncidentKind.SERVER]


async def power_cut(world: Any, dark: list[Any]) -> None:
    """Everything as it lies on the disk at one instant; the stations in ``dark`` stay off."""
    as_it_was = world.folder / "as-it-was"
    shutil.copytree(world.data, as_it_was, ignore=_sockets)
    for station in dark:
        world.stations.remove(station)

    async def start() -> None:
        for station in dark:
            await station.close()
        shutil.rmtree(world.data)
        as_it_was.rename(world.data)
        await world.start()

    await world.restart_as(start)


async def test_f3_i04_stations_that_went_with_the_server_are_away_and_not_unknown(
    exam_day: Any, kit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The board says 断线 at once; later the silence is noted, and many at once are an incident."""
    day, world = exam_day, exam_day.world
    monkeypatch.setattr(not_back, "RETURN_S", 2.0)
    monkeypatch.setattr(lost_stations, "STAYS_S", 0.0)
    await day.first.save(kit.Chain(day.first.sitting_id).add(world.now_ms(), kind="open"))
    await power_cut(world, [day.first, day.other])
    chief = await world.console(kit.CHIEF)
    await chief.board(
        lambda b: b.seats["01"]["01"].link is SeatLink.OFFLINE, "away at once, not new"
    )
    assert chief.client.board.seats["01"]["01"].last_seen_ms > 0
    assert world.events("station.down") == []
    await world.until(lambda: breakdowns(world) != [])
    assert {one["actor"] for one in await world.recorded("station.down", 2)} == {
        day.first.machine_id,
        day.other.machine_id,
    }
    log = (await chief.order(GetInterruptions(0)))["interruptions"]
    assert [(one["cause"], one["end_ms"]) for one in log] == [("SERVER", None)] * 2


async def test_f3_stations_that_come_back_were_never_away(
    exam_day: Any, kit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All return in time: no incident, no station down."""
    day, world = exam_day, exam_day.world
    monkeypatch.setattr(not_back, "RETURN_S", 1.0)
    monkeypatch.setattr(lost_stations, "STAYS_S", 0.0)
    monkeypatch.setattr(lost_stations, "LOOK_S", 0.1)
    await power_cut(world, [])
    chief = await world.console(kit.CHIEF)
    await chief.board(lambda b: b.seats["02"]["02"].link is SeatLink.ONLINE, "back")
    await day.next_save(day.first, kit.Chain(day.first.sitting_id), "A")
    looked: list[float] = []
    monkeypatch.setattr(
        lost_stations.LostStations, "look", lambda _self, _one, at: _looked(looked, at)
    )
    await world.until(lambda: len(looked) > 1)
    assert world.events("station.down") == breakdowns(world) == []


async def _looked(looked: list[float], at: float) -> None:
    looked.append(at)
