"""The plan's tools and a candidate's arrangements reach the station, and nobody else's (H05)."""

import json
from typing import Any

from venue_server.wire.canonical import canonical
from venue_server.wire.console_orders import ImportPlan
from venue_server.wire.signed import sign


async def test_h05_tools_and_arrangements_of_the_signed_plan_reach_their_station(
    world: Any, kit: Any
) -> None:
    admin = await world.console(kit.ADMIN)
    file = world.headquarters.write_plan(world.cast, kit.DAY, world.folder / "tools.json")
    payload = json.loads(file.read_bytes())["payload"]
    session = payload["sessions"][0]
    session["tools"] = ["CALCULATOR"]
    ticket = world.candidate("01", "01").ticket_no
    for each in session["candidates"]:
        each["arrangements"] = ["LARGE_FONT"] if each["ticket_no"] == ticket else []
    file.write_bytes(canonical(sign(payload, world.keys.signing)))
    await admin.order(ImportPlan(0, str(file), world.second(kit.ADMIN_B)))
    await world.receive(admin)
    stations = [await world.station(admin, *place) for place in (("01", "01"), ("02", "02"))]
    rooms = await world.invigilators()
    await world.open_doors(rooms, *stations)
    mine, other = stations
    assert mine.sitting.candidate.arrangements == ["LARGE_FONT"]
    assert other.sitting.candidate.arrangements == []
    await mine.close()
    again = await world.connect(mine.identity, "01", "01")
    assert (await again.welcome()).session.tools == ["CALCULATOR"]
