"""Who is told of an upload, and how often: only of changes, and nobody of nothing (L09, P10)."""

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import pytest

from venue_server.gateway import upload_keeper
from venue_server.gateway.hub import Hub
from venue_server.gateway.upload_keeper import METRICS, UploadKeeper
from venue_server.storage.engine import StoreFault
from venue_server.wire.upload_orders import Uploads, UploadStage, UploadView

MB = 1_000_000
ONE = UploadView("S1", "b" * 32, UploadStage.SENDING, 40 * MB, 10 * MB, asked=True)


class Shop:
    """What the keeper looks at: a plan, the uploads, the hub."""

    def __init__(self) -> None:
        self.hub = Hub()
        self.now: Uploads | None = Uploads([ONE], 40 * MB, 10 * MB)
        self.looks = 0
        sittings = SimpleNamespace(plan=object())
        self.parts = SimpleNamespace(sittings=sittings, hub=self.hub)
        self.uploads = SimpleNamespace(progress=self._progress)

    def _progress(self) -> Uploads:
        self.looks += 1
        if self.now is None:
            raise StoreFault("it hangs")
        return self.now

    async def told(self) -> bool:
        """Were consoles to be told of uploads since the last time?"""
        self.hub.venue_changed()
        _seats, _venue, uploads = await self.hub.changes()
        return uploads


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def keeper(shop: Shop, tmp_path: Path) -> UploadKeeper:
    return UploadKeeper(cast(Any, shop), tmp_path)


async def test_l09_consoles_hear_of_changes_and_of_nothing_else(
    shop: Shop, keeper: UploadKeeper
) -> None:
    keeper.look()
    assert await shop.told() and shop.hub.uploads == shop.now
    for _ in range(5):
        keeper.look()
    assert not await shop.told(), "nothing moved"
    moved = msgspec.structs.replace(ONE, confirmed=11 * MB)
    shop.now = Uploads([moved], 40 * MB, 11 * MB)
    keeper.look()
    assert await shop.told()


async def test_l09_before_a_plan_there_is_nothing_to_look_at(
    shop: Shop, keeper: UploadKeeper
) -> None:
    shop.parts.sittings.plan = None
    keeper.look()
    assert shop.looks == 0 and shop.hub.uploads is None


async def test_r3_a_store_that_does_not_answer_ends_no_keeper(
    shop: Shop, keeper: UploadKeeper, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What was told last stays; it goes on once the store answers."""
    assert upload_keeper.LOOK_S >= 2, "a console is told at a bounded rate, not of every piece"
    monkeypatch.setattr(upload_keeper, "LOOK_S", 0.001)
    shop.now = None
    running = asyncio.create_task(keeper.run())
    async with asyncio.timeout(30):
        while shop.looks < 3:  # noqa: ASYNC110  # its own pace
            await asyncio.sleep(0.001)
        assert shop.hub.uploads is None
        shop.now = Uploads([ONE], 40 * MB, 10 * MB)
        while not (tmp_path / METRICS).exists():  # noqa: ASYNC110
            await asyncio.sleep(0.001)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert 'kaodian_upload_confirmed_bytes{session="S1"} 10000000' in (
        tmp_path / METRICS
    ).read_text(encoding="utf-8")
