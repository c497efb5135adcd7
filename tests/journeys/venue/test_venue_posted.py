"""What a venue posts and prints, as its signed plan says it, over the wire (C02, L04)."""

from typing import Any

import msgspec

from invigilator_app.printing.conduct_sheets import room_rules
from venue_server.wire.people_orders import GetOrganisation
from venue_server.wire.people_views import OrganisationBook


async def test_c02_the_zone_of_the_signed_plan_stands_on_board_and_sheets(
    world: Any, kit: Any
) -> None:
    admin, chief = await world.console(kit.ADMIN), await world.console(kit.CHIEF)
    await world.plan(admin)
    await chief.board(lambda b: b.venue.zone == "试考考区", "the zone of the plan")
    book = msgspec.convert(await chief.order(GetOrganisation(0)), OrganisationBook)
    assert book.zone == "试考考区" and book.rooms
    assert book.printed_name in room_rules(book)
