"""F22: administrator A does not come: before the plan is imported, and later in the day."""

from typing import Any

from tests.journeys.venue.venue_roster import SESSION
from venue_server.wire.console_orders import ImportPlan
from venue_server.wire.names import Role
from venue_server.wire.people_orders import Delegate, EndDelegation, GetPeople
from venue_server.wire.refusals import RefusalCode


async def test_f22_b_takes_over_and_a_deputy_checks_what_b_does(world: Any, kit: Any) -> None:
    """With A away nobody could check B (N03): the deputy does A's post, recorded, for a time."""
    b, deputy = await world.console(kit.ADMIN_B), await world.console(kit.DEPUTY)
    file = world.headquarters.write_plan(world.cast, world.day, world.folder / "plan.json")
    alone = ImportPlan(0, str(file), world.second(kit.ADMIN_B))
    assert await b.refused(alone) is RefusalCode.SAME_PERSON
    checked = ImportPlan(0, str(file), world.second(kit.DEPUTY))
    assert await b.refused(checked) is RefusalCode.ROLE_NOT_ALLOWED
    until = world.now_ms() + 4 * 3_600_000
    take_over = Delegate(
        0, Role.SYSADMIN, kit.ADMIN, kit.DEPUTY, "A角未到岗", world.second(kit.CHIEF), until
    )
    done = await b.order(take_over)
    await b.order(checked)
    assert await b.refused(take_over) is RefusalCode.DELEGATION_INVALID
    told = world.events("staff.post-delegated")[0]
    assert told["actor"] == f"{kit.ADMIN_B},{kit.CHIEF}"
    assert told["data"]["reason"] == "A角未到岗"
    # Open until somebody ends it: the close check knows.
    assert world.node is not None
    sources = world.node._day._parts.sources
    assert [each.rule for each in sources.points(SESSION)] == ["N03"]
    await deputy.order(EndDelegation(0, done["delegation_id"]))
    assert sources.points(SESSION) == []
    assert await deputy.refused(EndDelegation(0, done["delegation_id"])) is (
        RefusalCode.DELEGATION_UNKNOWN
    )


async def test_f22_a_take_over_survives_a_restart_and_ends_by_itself(world: Any, kit: Any) -> None:
    b = await world.console(kit.ADMIN_B)
    await world.plan(await world.console(kit.ADMIN))
    until = world.now_ms() + 10 * 60_000
    second = world.second(kit.CHIEF)
    await b.order(Delegate(0, Role.SYSADMIN, kit.ADMIN, kit.ADMIN_B, "A角离岗", second, until))
    await world.restart()
    chief = await world.console(kit.CHIEF)
    assert [e["running"] for e in (await chief.order(GetPeople(0)))["delegations"]] == [True]
    world.go(until)
    assert [e["running"] for e in (await chief.order(GetPeople(0)))["delegations"]] == [False]
