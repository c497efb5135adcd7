"""The real driver: enrolment, TLS, journal, sealed paper and time, against a server on sockets."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from candidate_station.answers.journal import JournalError
from candidate_station.answers.shelf import Shelf
from candidate_station.session.driver import StationDriver
from candidate_station.session.intents import (
    AgreeRules,
    ChangeAnswer,
    ConfirmDetails,
    EnterLogin,
    GoTo,
)
from candidate_station.session.screen_state import SaveState, Screen, ScreenState
from candidate_station.session.settings import StationSettings
from venue_server.wire.names import SittingState
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.wiping_orders import WipePaper


class Seat:
    """A driver and what its window would show."""

    def __init__(self, folder: Path, venue: Any) -> None:
        settings = StationSettings(
            folder, f"127.0.0.1:{venue.port}", f"127.0.0.1:{venue.enrol_port}", discovery=False
        )
        self.codes: list[str] = []
        self.state: ScreenState | None = None
        self._changed = asyncio.Event()
        self.driver = StationDriver(settings, self._show, tick_s=0.05)

    def _show(self, state: ScreenState) -> None:
        self.state = state
        if state.enrol_code:
            self.codes.append(state.enrol_code)
        self._changed.set()

    async def until(
        self, wanted: Callable[[ScreenState], bool], seconds: float = 10
    ) -> ScreenState:
        async with asyncio.timeout(seconds):
            while self.state is None or not wanted(self.state):
                self._changed.clear()
                await self._changed.wait()
        return self.state

    async def screen(self, screen: Screen, seconds: float = 10) -> ScreenState:
        return await self.until(lambda state: state.screen is screen, seconds)

    async def log_in(self) -> None:
        await self.screen(Screen.LOGIN)
        self.driver.post(EnterLogin("2601", "11X"))
        await self.screen(Screen.CONFIRM)
        self.driver.post(ConfirmDetails())
        await self.screen(Screen.RULES)
        self.driver.post(AgreeRules())
        await self.screen(Screen.COUNTDOWN)

    async def answer(self, item_id: str, value: str, wanted: SaveState) -> None:
        name = {"q1": "R", "q2": "T", "q3": "E", "q4": "L"}[item_id]
        self.driver.post(ChangeAnswer(item_id, {name: [value]}, {}))
        await self.until(
            lambda state: (
                state.save_state is wanted
                and self.driver.values(item_id) == {name: [value]}
                and (wanted is not SaveState.SYNCED or state.unsynced == 0)
            )
        )


@asynccontextmanager
async def seated(folder: Path, venue: Any) -> Any:
    seat = Seat(folder, venue)
    life = asyncio.create_task(seat.driver.run())
    try:
        yield seat
    finally:
        seat.driver.stop()
        await life


async def eventually(wanted: Callable[[], bool], seconds: float = 10) -> None:
    """For what no event tells: the far side's memory, the disk."""
    async with asyncio.timeout(seconds):
        while not wanted():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


async def test_the_whole_way_with_a_server_crash_in_the_middle(tmp_path: Path, lan: Any) -> None:
    venue = await lan(rate=20, lead_s=2.5, lasts_s=4)
    venue.hesitates = True
    async with seated(tmp_path / "st", venue) as seat:
        await seat.log_in()
        assert seat.codes[-1] == venue.codes[0]
        (server,) = venue.servers.values()
        await venue.release()
        assert seat.driver.paper is None
        state = await seat.screen(Screen.ANSWER)
        assert state.exam_now_ms >= venue.start_ms
        paper = seat.driver.paper
        assert paper is not None
        assert paper.item("q1", seat.driver.sitting_id).displayed["R"]
        await seat.answer("q2", "北京", SaveState.SYNCED)
        await venue.close()
        await seat.until(lambda state: not state.online)
        await seat.answer("q3", "断网作答", SaveState.LOCAL)
        assert all(e.item_id != "q3" for e in server.entries)
        await venue.open()
        await seat.until(lambda state: state.online and state.unsynced == 0)
        assert server.entries[-1].values == {"E": ["断网作答"]}
        state = await seat.screen(Screen.RECEIPT)
        assert state.receipt_code and server.state is SittingState.SUBMITTED
        assert seat.driver.paper is None
        assert abs(server.opened_at[0] - venue.start_ms) < 200 * venue.rate
        plain = "断网作答".encode()
        assert not any(plain in path.read_bytes() for path in tmp_path.rglob("*.journal"))
        await venue.say(WipePaper("p1", server.sitting_id))
        await eventually(lambda: bool(server.wiped))
        left = [name for name in files(tmp_path / "st") if not name.startswith("identity/")]
        assert left == []
        assert not any("journal-keys" in name for name in files(tmp_path / "st"))


async def test_l11_a_station_that_died_while_it_wiped_ends_it_when_it_is_told_again(
    tmp_path: Path, lan: Any
) -> None:
    venue = await lan(rate=20, lead_s=2.5, lasts_s=4)
    async with seated(tmp_path / "st", venue) as seat:
        await seat.log_in()
        (server,) = venue.servers.values()
        await venue.release()
        await seat.screen(Screen.RECEIPT, 60)
    (key,) = (tmp_path / "st").glob("identity/journal-keys/*.key")
    key.unlink()  # the first step of the destruction; here it died
    server.sees_sitting = False  # its session is over
    async with seated(tmp_path / "st", venue) as seat:
        await seat.until(lambda state: state.online, 60)
        await venue.say(WipePaper("p1", server.sitting_id))
        await eventually(lambda: bool(server.wiped), 60)
        assert [n for n in files(tmp_path / "st") if not n.startswith("identity/")] == []


async def test_h10_a_restarted_station_is_at_the_same_item(tmp_path: Path, lan: Any) -> None:
    venue = await lan(rate=1, lead_s=0.8, lasts_s=600)
    async with seated(tmp_path / "st", venue) as seat:
        await seat.log_in()
        await venue.release()
        await seat.screen(Screen.ANSWER)
        await seat.answer("q2", "上海", SaveState.SYNCED)
        seat.driver.post(GoTo("q3"))
        await seat.until(lambda state: state.item_id == "q3" and state.unsynced == 0)
    async with seated(tmp_path / "st", venue) as seat:
        state = await seat.screen(Screen.ANSWER)
        assert (state.item_id, seat.codes) == ("q3", [])
        assert seat.driver.values("q2") == {"T": ["上海"]}
        (server,) = venue.servers.values()
        await eventually(lambda: len(server.entries) == 4)
    assert [entry.kind for entry in server.entries] == ["open", "response", "visit", "open"]


async def test_a_key_for_another_station_does_not_open_the_paper(tmp_path: Path, lan: Any) -> None:
    venue = await lan(rate=1, lead_s=0.5, lasts_s=600)
    async with seated(tmp_path / "st", venue) as seat:
        await seat.log_in()
        ((machine_id, public),) = venue.hpke.items()
        async with seated(tmp_path / "other", venue) as other:
            await other.screen(Screen.LOGIN)
        venue.hpke[machine_id] = venue.hpke["st02"]
        await venue.release()
        state = await seat.screen(Screen.BLOCKED)
        assert state.refusal is not None
        assert state.refusal.code is RefusalCode.RELEASE_SECRET_WRONG
        venue.hpke[machine_id] = public
        await venue.release()
        await seat.screen(Screen.ANSWER)


async def test_rotten_ciphertext_on_the_disk_is_fetched_again(tmp_path: Path, lan: Any) -> None:
    venue = await lan(rate=1, lead_s=1, lasts_s=600)
    async with seated(tmp_path / "st", venue) as seat:
        await seat.log_in()
        await seat.until(lambda state: state.seal is not None)
        papers = tmp_path / "st" / "papers"
        await eventually(lambda: any(papers.glob("*.sealed")))
        await venue.release()
        next(papers.glob("*.sealed")).write_bytes(b"rotten")
        await seat.screen(Screen.ANSWER)


async def test_f19_a_failing_disk_is_shown_and_heals(
    tmp_path: Path, lan: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    venue = await lan(rate=1, lead_s=0.5, lasts_s=600)
    async with seated(tmp_path / "st", venue) as seat:
        await seat.log_in()
        await venue.release()
        await seat.screen(Screen.ANSWER)
        with monkeypatch.context() as broken:

            def refuse(*_: object) -> None:
                raise JournalError("no space")

            broken.setattr(Shelf, "append", refuse)
            await seat.answer("q2", "x", SaveState.FAILED)
        await seat.until(lambda state: state.save_state is SaveState.SYNCED)


async def test_a_slow_disk_never_stops_the_loop(
    tmp_path: Path, lan: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    venue = await lan(rate=1, lead_s=0.5, lasts_s=600)
    gate = threading.Event()
    real = Shelf.append

    def slow(shelf: Shelf, sitting_id: str, entries: Any) -> None:
        gate.wait(20)
        real(shelf, sitting_id, entries)

    async with seated(tmp_path / "st", venue) as seat:
        await seat.log_in()
        await venue.release()
        await seat.screen(Screen.ANSWER)
        monkeypatch.setattr(Shelf, "append", slow)
        (server,) = venue.servers.values()
        before = len(server.heartbeats)
        seat.driver.post(ChangeAnswer("q2", {"T": ["x"]}, {}))
        await seat.until(lambda state: state.save_state is SaveState.NOTHING)
        await eventually(lambda: len(server.heartbeats) >= before + 1)
        assert seat.state is not None and seat.state.save_state is SaveState.NOTHING
        gate.set()
        await seat.until(lambda state: state.save_state is SaveState.SYNCED)


async def test_stop_before_and_without_a_server(tmp_path: Path) -> None:
    settings = StationSettings(tmp_path, "127.0.0.1:1", "127.0.0.1:1", discovery=False)
    states: list[ScreenState] = []
    driver = StationDriver(settings, states.append)
    driver.stop()
    await driver.run()
    assert all(state.screen is Screen.CONNECTING for state in states)
    driver.post(AgreeRules())
    driver.stop()
