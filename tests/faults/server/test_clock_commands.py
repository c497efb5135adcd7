"""``clock show`` and ``clock forget``: the way out when the sources go on disagreeing (F7)."""

import asyncio
from typing import Any

import pytest

from venue_server import __main__ as program
from venue_server.commands.setup import alone
from venue_server.wire.console_orders import GetStatus


async def test_f7_the_kept_time_is_shown_and_forgotten_only_while_the_server_is_stopped(
    world: Any, kit: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    await world.until(lambda: (world.data / "clock-mark.json").exists())
    data = ["--data", str(world.data)]
    await world.stop()
    with alone(world.data):  # as a running server would
        assert await asyncio.to_thread(program.main, ["clock", "forget", *data]) != 0
    assert (world.data / "clock.json").exists()
    world.headquarters_moves(-3_600_000)
    capsys.readouterr()
    assert await asyncio.to_thread(program.main, ["clock", "show", *data]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("headquarters: 可信 / trusted · ±")
    assert await asyncio.to_thread(program.main, ["clock", "forget", *data]) == 0
    for folder in (world.data, world.data / "second"):
        assert not list(folder.glob("clock*.json"))
    assert await asyncio.to_thread(program.main, ["clock", "show", *data]) == 0
    assert "不可信" in capsys.readouterr().out
    (reset,) = world.events("clock.reset")
    assert reset["data"]["state"] == "TRUSTED"
    await world.start()
    chief = await world.console(kit.CHIEF)
    await chief.board(lambda b: b.venue.clock_state == "TRUSTED", "headquarters' time")
    assert abs(world.now_ms() - world.headquarters_ms()) < 1_000


async def test_f7_status_shows_state_uncertainty_age_and_the_wall_clocks_lead(
    world: Any, kit: Any
) -> None:
    admin = await world.console(kit.ADMIN)
    await admin.board(lambda b: b.venue.clock_state == "TRUSTED", "trusted time")
    status = await admin.order(GetStatus(0))
    rows = {row[0]: row[1:] for row in status["sections"][0]["rows"]}
    text, verdict = rows["时间状态 / time"]
    assert verdict == "ok"
    for part in ("可信 / trusted", "±", "agreed", "system clock"):
        assert part in text
