"""A console is lost in the middle of the door (F26): another one takes the room over."""

from typing import Any

from venue_server.wire.console_orders import ConfirmExit
from venue_server.wire.names import SittingState
from venue_server.wire.refusals import RefusalCode


async def test_f26_a_second_console_goes_on_where_the_first_one_died(world: Any, kit: Any) -> None:
    """What was ordered stays ordered; the same person signs in elsewhere and sees it."""
    admin = await world.console(kit.ADMIN)
    await world.plan(admin)
    lost = await world.console("inv-01-1")
    world.go(kit.DAY.at(-20))
    first, second = world.candidate("01", "01"), world.candidate("01", "02")
    await lost.order(world.admission(first))
    await lost.client.close()  # pulled out, nobody signed off

    spare = await world.console("inv-01-1")
    await spare.board(
        lambda board: board.seats["01"]["01"].state is SittingState.ADMITTED, "the first one's work"
    )
    await spare.order(world.admission(second))
    # Once only: the door cannot be passed twice because a console was changed.
    assert await spare.refused(world.admission(first)) is RefusalCode.ALREADY_ADMITTED
    told = [entry["data"]["ticket"] for entry in world.events("candidate.admitted")]
    assert told == [first.ticket_no, second.ticket_no]


async def test_f26_a_console_found_again_must_sign_in_again(world: Any, kit: Any) -> None:
    """Whoever finds the lost console finds nobody signed in at it."""
    admin = await world.console(kit.ADMIN)
    await world.plan(admin)
    found = await world.visitor()
    assert await found.refused(ConfirmExit(0, "01", "s")) is RefusalCode.NOT_SIGNED_IN
    assert not found.client.board.current
