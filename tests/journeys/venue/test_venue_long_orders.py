"""An order that takes long holds up neither its console's line nor the clock (F18, R3)."""

import asyncio
from typing import Any

import pytest

from tests.journeys.venue.venue_machines import patiently
from venue_server.client import link
from venue_server.intake.service import Intake
from venue_server.rehearsal.headquarters_side import SESSION_ID
from venue_server.wire.intake_orders import FetchPackages, GetIntake, OpenReceipt
from venue_server.wire.refusals import Refusal, RefusalCode


async def test_d18_a_console_stays_connected_while_its_order_takes_long(
    world: Any, kit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link, "QUIET_S", 0.5)  # the line is given up after two such spells
    begun, go = asyncio.Event(), asyncio.Event()

    async def fetch(_intake: Intake, _two: object) -> Refusal:
        begun.set()
        await go.wait()
        return Refusal(RefusalCode.RECEIPT_NOT_OPEN)

    monkeypatch.setattr(Intake, "fetch", fetch)
    console = await world.console(kit.ADMIN)
    await world.plan(console)
    world.go(kit.DAY.at(-60))
    await console.order(OpenReceipt(0, SESSION_ID, world.second(kit.CHIEF)))
    order = asyncio.create_task(console.client.order(FetchPackages(0), timeout_s=60))
    behind = asyncio.create_task(console.client.order(GetIntake(0), timeout_s=60))
    await patiently(begun.wait())
    await asyncio.sleep(0)
    loop = asyncio.get_running_loop()
    quiet_over = loop.time() + 2.0  # four spells of silence
    while loop.time() < quiet_over:
        assert not order.done(), order.result()
        await asyncio.sleep(0.05)
    assert not behind.done(), "orders of one console keep their order"
    go.set()
    done = await patiently(order)
    assert isinstance(done, Refusal)
    assert done.code is RefusalCode.RECEIPT_NOT_OPEN
    await patiently(behind)
