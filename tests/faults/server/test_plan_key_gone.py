"""The venue's key is another one than its plan was sealed to: no start on half a plan (O08)."""

from typing import Any

import pytest

from venue_server.foundation import StartFault
from venue_server.wire import hpke
from venue_server.wire.console_orders import ImportPlan
from venue_server.wire.refusals import RefusalCode


@pytest.fixture
async def sealed(world: Any, kit: Any) -> Any:
    """A venue that imported a sealed plan."""
    admin = await world.console(kit.ADMIN)
    public = (world.data / "keys/venue.hpke.pub").read_text().strip()
    file = world.headquarters.write_plan(
        world.cast, kit.DAY, world.folder / "sealed.json", venue_public=public
    )
    assert world.cast.candidates[0].name not in file.read_text()
    await admin.order(ImportPlan(0, str(file), world.second(kit.ADMIN_B)))
    return world


async def test_o08_a_sealed_plan_is_known_again_after_a_restart(sealed: Any, kit: Any) -> None:
    await sealed.restart()
    chief = await sealed.console(kit.CHIEF)
    name = sealed.candidate("01", "01").name
    await chief.board(lambda board: any(each.name == name for each in board.seats["01"].values()))


async def test_o08_with_another_key_the_server_says_so_and_starts_again_with_its_own(
    sealed: Any, kit: Any
) -> None:
    await sealed.stop()
    file = sealed.data / "keys/venue.hpke"
    own = file.read_bytes()
    file.write_bytes(hpke.generate().private_raw())
    with pytest.raises(StartFault) as fault:
        await sealed.start()
    assert fault.value.refusal.code is RefusalCode.PLAN_SEALED_ELSEWHERE
    file.write_bytes(own)
    await sealed.start()
    assert await sealed.console(kit.CHIEF)
