"""A sitting of many long essay revisions comes back whole, over cut connections (H08, F3)."""

from typing import Any

from venue_server.wire.chain import ResponseEntry, follows, genesis
from venue_server.wire.codec import encode_frame
from venue_server.wire.messages import HISTORY_BYTES, MAX_FRAME
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.station_messages import History, StationHello

REVISION = "文" * 40_000  # 120 KB
REVISIONS = 90


async def long_sitting(day: Any, kit: Any) -> Any:
    """More than 10 MiB of acknowledged revisions of one essay."""
    chain = kit.Chain(day.first.sitting_id)
    for number in range(0, REVISIONS, 10):
        added = [chain.add(day.world.now_ms(), f"{number + k}{REVISION}") for k in range(10)]
        ack = await day.first.save(*added)
        assert ack.head == chain.head
    assert sum(len(entry.values["RESPONSE"][0].encode()) for entry in chain.entries) > 10 << 20
    return chain


class Spare:
    """What a station without any answer puts together, part by part."""

    def __init__(self, sitting_id: str) -> None:
        self.sitting_id = sitting_id
        self.entries: list[ResponseEntry] = []
        self.largest = 0

    def take(self, part: list[ResponseEntry]) -> None:
        for entry in part:
            last = self.entries[-1].hash if self.entries else genesis(self.sitting_id)
            assert follows(entry, len(self.entries), last)
            self.entries.append(entry)
        self.largest = max(self.largest, len(encode_frame(History(0, self.sitting_id, part))))

    async def ask(self, station: Any) -> None:
        answer = await station.client.history(self.sitting_id, len(self.entries))
        assert isinstance(answer, History), answer
        self.take(answer.entries)


async def test_h08_ten_mebibytes_of_revisions_reach_a_spare_station(
    exam_day: Any, kit: Any
) -> None:
    day = exam_day
    chain = await long_sitting(day, kit)
    logged = await day.first.log_in()
    spare = Spare(day.first.sitting_id)
    spare.take(logged.sitting.history)
    assert 0 < len(spare.entries) < REVISIONS
    while len(spare.entries) < logged.sitting.seq:
        await spare.ask(day.first)
    assert spare.entries == chain.entries
    assert spare.largest < 2 * HISTORY_BYTES < MAX_FRAME
    assert (await day.first.client.history(spare.sitting_id, REVISIONS)).entries == []
    assert day.first.heard.downs == [], "one connection carried all of it"


async def test_h08_cut_after_every_part_it_goes_on_and_never_repeats(
    exam_day: Any, kit: Any
) -> None:
    day, world = exam_day, exam_day.world
    chain = await long_sitting(day, kit)
    spare = Spare(day.first.sitting_id)
    station, cuts = day.first, 0
    while len(spare.entries) < REVISIONS:
        await station.close()
        world.stations.remove(station)
        cuts += 1
        hello = StationHello(1, "test", "", spare.sitting_id, len(spare.entries))
        station = await world.connect(station.identity, "01", "01", hello)
        view = (await station.welcome()).sitting
        spare.take(view.history)
        if len(spare.entries) < view.seq:
            await spare.ask(station)
    assert spare.entries == chain.entries
    assert cuts > 10


async def test_f13_no_other_machine_gets_a_history(exam_day: Any, kit: Any) -> None:
    day = exam_day
    chain = kit.Chain(day.first.sitting_id)
    await day.next_save(day.first, chain, "mine")
    answer = await day.other.client.history(day.first.sitting_id, 0)
    assert isinstance(answer, Refusal)
    assert answer.code is RefusalCode.SITTING_UNKNOWN
