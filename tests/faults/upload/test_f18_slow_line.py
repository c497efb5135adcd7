"""The line is slow, stands still, comes back, breaks; the server restarts in the middle: what is
told of the upload is what headquarters confirmed, and none of it is sent again (L08, L09, F18)."""

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Any

import pytest

from venue_server.upload import schedule
from venue_server.upload.delivery import Delivery
from venue_server.upload.outcome import Uploaded, UploadPending
from venue_server.upload.progress import STALL_S
from venue_server.upload.service import UploadService
from venue_server.upload.tus import CHUNK_SIZE, SMALLEST
from venue_server.upload.under_way import UnderWay
from venue_server.wire.upload_orders import UploadStage, UploadView

ESSAY = 6_000_000
BESIDE = 100_000
"""What handshakes, headers and questions take besides the pieces themselves."""
Until = Callable[[Callable[[], bool]], Awaitable[None]]


class Gate:
    """A TCP way to headquarters that lets so many bytes through and then holds them back."""

    def __init__(self, upstream: int) -> None:
        self._upstream = upstream
        self.passed = 0
        self._allowed = 0
        self._more = asyncio.Event()
        self._broken = False
        self._writers: list[asyncio.StreamWriter] = []

    def allow(self, count: int) -> None:
        """So many bytes more may pass from now on."""
        self._broken = False
        self._allowed = self.passed + count
        self._more.set()

    def cut(self) -> None:
        """Every connection is reset, also one that begins after this, until something may pass
        again; what was held back is gone."""
        self._broken = True
        for each in self._writers:
            each.transport.abort()
        self._more.set()

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self._upstream)
        if self._broken:
            writer.transport.abort()
            up_writer.transport.abort()
            return
        self._writers += [writer, up_writer]
        await asyncio.gather(
            self._pump(reader, up_writer, True),
            self._pump(up_reader, writer, False),
            return_exceptions=True,
        )

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, held: bool
    ) -> None:
        try:
            while data := await reader.read(16384):
                while held and self.passed + len(data) > self._allowed:
                    self._more.clear()
                    await self._more.wait()
                    if writer.transport.is_closing():
                        return
                self.passed += len(data) if held else 0
                writer.write(data)
                await writer.drain()
        finally:
            writer.close()


class Line:
    """A venue whose upload goes through a gate, with a monotonic clock that a test sets."""

    def __init__(self, world: Any, kit: Any, gate: Gate) -> None:
        self.world, self.kit, self.gate = world, kit, gate
        self.steady_s = 1000.0
        self.watch()

    def watch(self, timeout_s: float = 120) -> None:
        """The services anew, as a new process would make them."""
        world = self.world
        world.configure(Delivery(timeout_s=timeout_s, receipt_wait_s=20))
        world.upload = self.service()

    def service(self) -> UploadService:
        world = self.world
        return UploadService(
            world.store,
            world.ledger,
            world.settings,
            lambda: world.now_ms,
            lambda least, _most: least,
            lambda: self.steady_s,
        )

    def begin(self) -> "asyncio.Task[Any]":
        return asyncio.create_task(self.world.upload.upload(self.kit.SESSION))

    def view(self) -> UploadView:
        (one,) = self.world.upload.progress().bundles
        return one

    def pass_time(self, seconds: float) -> None:
        self.steady_s += seconds
        self.world.now_ms += int(seconds * 1000)


@asynccontextmanager
async def gated(world: Any, kit: Any, service: int) -> AsyncIterator[Line]:
    gate = Gate(service)
    server = await asyncio.start_server(gate.handle, "127.0.0.1", 0)
    world.base_url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    try:
        yield Line(world, kit, gate)
    finally:
        gate.cut()
        server.close()
        await server.wait_closed()


@pytest.fixture
async def line(world: Any, kit: Any, service: int) -> AsyncIterator[Line]:
    async with gated(world, kit, service) as made:
        await world.sealed(ESSAY)
        yield made


async def test_l09_a_slow_line_that_stands_still_and_comes_back_is_told_as_it_is(
    line: Line, until: Until
) -> None:
    world, gate = line.world, line.gate
    size = line.view().total
    assert line.view().stage is UploadStage.NOT_BEGUN
    gate.allow(CHUNK_SIZE + BESIDE)
    attempt = line.begin()
    await until(lambda: line.view().confirmed == CHUNK_SIZE)
    moved_ms = world.now_ms
    one = line.view()
    assert (one.stage, one.rate, one.left_min) == (UploadStage.SENDING, 0, None), "too early"
    line.pass_time(10)
    one = line.view()
    assert one.rate == round(CHUNK_SIZE / 10)
    assert one.left_min == math.ceil((size - CHUNK_SIZE) / (CHUNK_SIZE / 10) / 60)

    line.pass_time(STALL_S)
    one = line.view()
    assert (one.stage, one.rate, one.left_min) == (UploadStage.STALLED, 0, None)
    assert one.moved_at_ms == moved_ms, "since when nothing has moved"
    assert world.upload.progress().left_min is None
    world.now_ms -= 3_600_000  # the clock is set while it stands still: nothing of it is measured
    assert line.view().stage is UploadStage.STALLED
    world.now_ms += 3_600_000

    gate.allow(CHUNK_SIZE + BESIDE)
    await until(lambda: line.view().confirmed == 2 * CHUNK_SIZE)
    one = line.view()
    assert (one.stage, one.moved_at_ms) == (UploadStage.SENDING, world.now_ms)
    gate.allow(1 << 40)
    assert isinstance(await attempt, Uploaded)
    one = line.view()
    assert (one.stage, one.confirmed, one.left_min) == (UploadStage.HOME, size, 0)
    assert one.moved_at_ms == world.now_ms
    assert gate.passed < size + BESIDE, "no byte went twice"
    assert "upload.failed" not in world.events(), "slow is no fault"


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Every number of bytes that headquarters confirmed, in order."""
    offsets: list[int] = []
    heard = UnderWay.confirmed

    def confirmed(under_way: UnderWay, session_id: str, offset: int) -> None:
        offsets.append(offset)
        heard(under_way, session_id, offset)

    monkeypatch.setattr(UnderWay, "confirmed", confirmed)
    return offsets


async def test_l09_pieces_of_a_slow_line_get_smaller_so_that_it_is_seen_to_move(
    line: Line, said: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every piece counts as slow here."""
    monkeypatch.setattr(schedule, "SLOW_PIECE_S", 0.0)
    line.gate.allow(1 << 40)
    assert isinstance(await line.begin(), Uploaded)
    assert (said[0], said[-1]) == (0, line.view().total)
    pieces = [later - before for before, later in pairwise(said)]
    assert pieces[:2] == [CHUNK_SIZE, CHUNK_SIZE // 4]
    assert set(pieces[2:-1]) == {SMALLEST}


async def test_l09_a_line_too_slow_for_a_whole_piece_gets_there_in_small_ones(
    line: Line, said: list[int]
) -> None:
    """No answer comes in time, twice; each time a little more has arrived. Neither does the pause
    grow as if nothing moved, nor is the next piece as large."""
    world, gate = line.world, line.gate
    line.watch(timeout_s=4)
    for attempt, allowed in enumerate((150_000, 250_000), start=1):
        gate.allow(allowed)
        pending = await line.begin()
        assert isinstance(pending, UploadPending) and pending.attempts == attempt
        gate.cut()
    assert 100_000 < line.view().confirmed < CHUNK_SIZE // 4, "what the first attempt brought"
    assert world.upload.bundle(line.kit.SESSION).failures == 1, "it moved"
    said.clear()
    gate.allow(1 << 40)
    assert isinstance(await line.begin(), Uploaded)
    assert said[1] - said[0] == SMALLEST


async def test_l08_a_restart_in_the_middle_keeps_what_was_confirmed(
    line: Line, until: Until
) -> None:
    world, gate = line.world, line.gate
    size = line.view().total
    gate.allow(2 * CHUNK_SIZE + BESIDE)
    attempt = line.begin()
    await until(lambda: line.view().confirmed == 2 * CHUNK_SIZE)
    moved_ms = world.now_ms
    killed = line.service().progress().bundles[0]
    assert (killed.confirmed, killed.asked) == (0, False), "it must ask, and claims nothing"
    line.pass_time(30)
    world.upload.close()
    gate.cut()
    pending = await attempt
    assert isinstance(pending, UploadPending)

    world.restart()
    line.watch()
    one = line.view()
    assert (one.stage, one.confirmed) == (UploadStage.PAUSED, 2 * CHUNK_SIZE)
    assert (one.moved_at_ms, one.next_attempt_ms) == (moved_ms, pending.next_attempt_ms)
    assert one.problem == pending.problem and one.attempts == 1

    before = gate.passed
    gate.allow(20_000)
    attempt = line.begin()
    await until(lambda: line.view().asked)
    held = line.view().confirmed
    assert 2 * CHUNK_SIZE <= held < 2 * CHUNK_SIZE + BESIDE, "by headquarters' own word"
    assert line.view().rate == 0, "what was there before is no speed"
    gate.allow(1 << 40)
    assert isinstance(await attempt, Uploaded)
    assert gate.passed - before < size - held + BESIDE, "what is confirmed is not sent again"


async def test_l08_what_headquarters_lost_is_not_told_as_confirmed(
    line: Line, until: Until
) -> None:
    world, gate = line.world, line.gate
    gate.allow(CHUNK_SIZE + BESIDE)
    attempt = line.begin()
    await until(lambda: line.view().confirmed == CHUNK_SIZE)
    gate.cut()
    assert isinstance(await attempt, UploadPending)
    assert line.view().confirmed == CHUNK_SIZE
    for file in (world.headquarters.data_dir / "uploads").iterdir():
        file.unlink()
    gate.allow(1 << 40)
    assert isinstance(await line.begin(), UploadPending)
    one = line.view()
    assert (one.stage, one.confirmed, one.problem) == (UploadStage.PAUSED, 0, "HEAD: 404")
    assert isinstance(await line.begin(), Uploaded)
    assert line.view().confirmed == line.view().total
