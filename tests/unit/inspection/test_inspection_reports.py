"""C08: whoever asks stations waits for those that are there, not for one that went meanwhile."""

import asyncio
from typing import Any, cast

from venue_server.stations.inspection.reports import PROBES, StationReports
from venue_server.wire.frames import Message
from venue_server.wire.inspection_orders import RunStationCheck, StationEcho, StationProbe


class Store:
    """Holds nothing, and is always quick."""

    def read(self, _run: Any) -> dict[str, Any]:
        return {}

    async def write(self, _run: Any) -> None:
        return None


def reports(sent: list[tuple[str, Message]]) -> StationReports:
    return StationReports(
        cast(Any, Store()),
        cast(Any, None),
        lambda: 0,
        lambda: 0.0,
        lambda: 1.0,
        lambda machine_id, message: sent.append((machine_id, message)),
    )


async def test_c08_a_station_that_goes_is_not_waited_for() -> None:
    sent: list[tuple[str, Message]] = []
    asked = reports(sent)
    asking = asyncio.create_task(asked.ask(["m1"], False, "a"))
    async with asyncio.timeout(10):
        while not sent:  # noqa: ASYNC110
            await asyncio.sleep(0)
        assert isinstance(sent[0][1], RunStationCheck) and not asking.done()
        asked.gone("m1")
        await asking


async def test_c08_the_others_are_probed_to_the_end_when_one_goes() -> None:
    sent: list[tuple[str, Message]] = []
    asked = reports(sent)
    probing = asyncio.create_task(asked.probe(["m1", "m2"]))
    async with asyncio.timeout(10):
        while len(sent) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0)
        asked.gone("m1")
        answered = 0
        while not probing.done():
            for machine_id, message in sent[answered:]:
                assert isinstance(message, StationProbe)
                if machine_id == "m2":
                    asked.echo("m2", StationEcho(message.n, 0))
            answered = len(sent)
            await asyncio.sleep(0)
    assert len(asked.probed("m2").round_trips) == PROBES
    assert [machine_id for machine_id, _ in sent].count("m1") == 1
    again = asyncio.create_task(asked.ask(["m1"], False, "a"))
    await asyncio.sleep(0)
    assert not again.done(), "it is back, and is asked like any other"
    again.cancel()
