"""The simulation: real stations, simulated candidates, and a ground truth of its own."""

import asyncio
import json
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from candidate_station.inspection.facts import Asked
from candidate_station.paper import (
    ChoiceInteraction,
    ExtendedTextInteraction,
    InlineChoiceInteraction,
    Option,
    PreparedItem,
    TextEntryInteraction,
    accept_values,
)
from candidate_station.simulation.answering import change_item
from candidate_station.simulation.candidate import Credential, credential_for
from candidate_station.simulation.deeds import Deed, read_deed
from candidate_station.simulation.machine import InventedMachine
from venue_server.wire.names import SittingState
from venue_server.wire.start_code import seal_start_code
from venue_server.wire.wiping_orders import WipePaper

OPTIONS = tuple(Option(name, name) for name in "ABCD")
ITEM = PreparedItem(
    "q",
    "",
    "zh",
    "",
    (
        ChoiceInteraction("S", False, 0, 1, "vertical", "", OPTIONS),
        ChoiceInteraction("M", True, 0, 2, "vertical", "", OPTIONS),
        ChoiceInteraction("U", True, 0, 0, "vertical", "", OPTIONS),
        InlineChoiceInteraction("L", OPTIONS),
        TextEntryInteraction("I", "integer", 0, "", ""),
        TextEntryInteraction("F", "float", 0, "", ""),
        TextEntryInteraction("T", "string", 0, "", ""),
        ExtendedTextInteraction("E", 0, 0, "plain", "", ""),
    ),
)


def test_random_answers_are_always_acceptable_and_vary() -> None:
    rng, values, seen = Random(3), {}, set()
    for _ in range(400):
        values = change_item(ITEM, rng, values)
        assert accept_values(ITEM, values) == values
        seen.add(json.dumps(values, ensure_ascii=False))
        if values["I"]:
            int(values["I"][0])
        if values["F"]:
            float(values["F"][0])
    assert len(seen) > 200
    assert any(ord(letter) > 0x4E00 for text in seen for letter in text)


def test_an_item_without_a_question_needs_no_answer() -> None:
    assert change_item(PreparedItem("q", "", "zh", "", ()), Random(1), {}) == {}


def test_f12_candidates_sit_where_their_ticket_says() -> None:
    people = [
        Credential("260101", "1"),
        Credential("260102", "2"),
        Credential("269999", "3", seat_no="07"),
        Credential("270001", "4", room_id="R2"),
    ]
    assert credential_for(people, "R1", "02") is people[1]
    assert credential_for(people, "R1", "07") is people[2]
    assert credential_for(people, "R2", "01") is people[3]
    assert credential_for(people, "R1", "01") is people[0]
    assert credential_for(people, "R1", "50") is None
    assert credential_for(people, "R1", "") is None


def test_c11_a_made_up_machine_is_restarted_and_cabled(tmp_path: Path) -> None:
    machine = InventedMachine(tmp_path / "station", program="a" * 64)
    told = machine.facts(Asked(1, "token-1"))
    assert (told.default_route, told.token, told.token_survived) == (False, "token-1", False)
    assert told.calibrated and told.sleep_off and {each.verdict for each in told.findings} == {"OK"}
    machine.boot()
    machine.cable_to_the_internet(True)
    told = machine.facts(Asked(2))
    assert (told.default_route, told.token, told.token_survived) == (True, "token-1", True)
    machine.cable_to_the_internet(False)
    assert not machine.facts(Asked(3)).default_route


def test_a_line_that_is_no_deed_does_nothing() -> None:
    assert read_deed('{"do": "unplug", "index": 3}') == Deed("unplug", 3)
    assert read_deed("nonsense") is None
    assert read_deed('{"index": 3}') is None


async def start(tmp_path: Path, venue: Any, stations: int) -> asyncio.subprocess.Process:
    people = [{"ticket_no": f"26{n:02d}01", "id_number": "1"} for n in range(stations)]
    (tmp_path / "people.json").write_text(json.dumps(people))
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "candidate_station.simulate",
        f"--stations={stations}",
        f"--data={tmp_path / 'stations'}",
        f"--server=127.0.0.1:{venue.port}",
        f"--enrol=127.0.0.1:{venue.enrol_port}",
        f"--candidates={tmp_path / 'people.json'}",
        f"--report={tmp_path / 'report.jsonl'}",
        "--seed=7",
        "--early=0.5",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )


def journalled(folder: Path) -> int:
    """Bytes in all journals."""
    return sum(path.stat().st_size for path in folder.rglob("*.journal"))


async def eventually(wanted: Callable[[], bool]) -> None:
    """For what no event tells: the far side's memory, the disk."""
    async with asyncio.timeout(20):
        while not wanted():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


class Events:
    """The simulation's standard output, read as it comes."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.all: list[dict[str, Any]] = []

    def named(self, event: str) -> list[dict[str, Any]]:
        return [each for each in self.all if each["event"] == event]

    async def count(self, event: str, count: int) -> None:
        assert self._process.stdout is not None
        async with asyncio.timeout(60):
            while len(self.named(event)) < count:
                line = await self._process.stdout.readline()
                assert line, f"ended before {count} x {event}: {self.all[-3:]}"
                self.all.append(json.loads(line))


async def test_three_stations_and_a_server_crash_lose_nothing(tmp_path: Path, lan: Any) -> None:
    venue = await lan(rate=150, lead_s=5, lasts_s=6)
    process = await start(tmp_path, venue, 3)
    events = Events(process)
    await events.count("logged_in", 3)
    assert len(events.named("enrol_code")) == len(events.named("enrolled")) == 3
    await venue.release()
    await events.count("opened", 3)
    await eventually(lambda: all(len(s.entries) >= 3 for s in venue.servers.values()))
    await venue.close()
    before = journalled(tmp_path)
    await eventually(lambda: journalled(tmp_path) > before)
    await venue.open()
    await events.count("submitted", 3)
    for opened in events.named("opened"):
        assert 0 <= opened["exam_ms"] - venue.start_ms < 500 * venue.rate
        assert 0 < opened["key_mono_s"] <= opened["mono_s"]
    for machine_id, server in venue.servers.items():
        await venue._say(machine_id, WipePaper("p1", server.sitting_id))
    await events.count("ended", 1)
    assert await process.wait() == 0
    assert len(events.named("wiped")) == 3
    lines = [json.loads(line) for line in (tmp_path / "report.jsonl").read_text().splitlines()]
    for server in venue.servers.values():
        assert server.state is SittingState.SUBMITTED
        (truth,) = [
            line
            for line in lines
            if line["event"] == "sitting" and line["sitting_id"] == server.sitting_id
        ]
        assert truth["acked"] == [[entry.seq, entry.hash] for entry in server.entries]
        assert (truth["unacked"], truth["wiped"]) == (0, True)
        assert truth["submitted"]["head"] == server.head
        final = {e.item_id: e.values for e in server.entries if e.kind == "response"}
        assert truth["answers"] == final
        assert len(final) >= 2
        acked = [
            line
            for line in lines
            if line["event"] == "acked" and line["sitting_id"] == server.sitting_id
        ]
        assert [line["seq"] for line in acked] == list(range(1, len(server.entries) + 1))
        assert all(0 <= line["latency_ms"] < 5000 for line in acked)


async def test_e04_a_candidate_types_the_start_code_when_it_is_told(
    tmp_path: Path, lan: Any
) -> None:
    venue = await lan(rate=20, lead_s=3, lasts_s=120)
    process = await start(tmp_path, venue, 1)
    events = Events(process)
    await events.count("logged_in", 1)
    (server,) = venue.servers.values()
    server.start_code = seal_start_code("048151", "aa")
    await venue.release()

    def asks_after_the_start() -> bool:
        shown = [each.screen for each in server.heartbeats[beats:]]
        return bool(shown) and venue.exam_ms() > venue.start_ms and shown[-1] == "START_CODE"

    await eventually(lambda: bool(venue.exam_ms() > venue.start_ms))
    beats = len(server.heartbeats)
    await eventually(asks_after_the_start)
    assert server.opened_at == []
    assert process.stdin is not None
    process.stdin.write(b'{"do": "code", "code": "048151"}\n')
    await events.count("opened", 1)
    process.stdin.write(b"stop\n")
    await events.count("ended", 1)
    assert await process.wait() == 0
    assert events.named("opened")[0]["exam_ms"] > venue.start_ms


@pytest.mark.parametrize("how", ["line", "SIGTERM"])
async def test_it_stops_when_told(tmp_path: Path, lan: Any, how: str) -> None:
    venue = await lan(rate=1, lead_s=600, lasts_s=600)
    process = await start(tmp_path, venue, 1)
    events = Events(process)
    await events.count("ready", 1)
    if how == "line":
        assert process.stdin is not None
        process.stdin.write(b"stop\n")
    else:
        process.terminate()
    await events.count("ended", 1)
    assert await process.wait() == 0
