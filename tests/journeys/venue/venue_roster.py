"""A venue whose plan carries a signed roster, and its people with passwords of their own."""

import json
from pathlib import Path
from typing import Any

import msgspec

from venue_server.client.console import ConsoleClient
from venue_server.sitting.plan import PLAN_TYPE, PlannedStaff
from venue_server.wire.canonical import canonical
from venue_server.wire.console_orders import ImportPlan
from venue_server.wire.names import Role
from venue_server.wire.people_orders import DeclareRecusal, IssueCode
from venue_server.wire.refusals import Refusal
from venue_server.wire.signed import sign

SESSION = "rehearsal-am"
LATER = "rehearsal-pm"
INVIGILATORS = ["inv-01-1", "inv-01-2", "inv-02-1", "inv-02-2", "spare-1"]


def roster() -> list[PlannedStaff]:
    """The cast of the venue as headquarters signed it, with a spare and a roving invigilator."""

    def one(person_id: str, role: Role, **more: Any) -> PlannedStaff:
        return PlannedStaff(
            person_id, f"签名{person_id}", [role], badge_no=f"B-{person_id}", **more
        )

    supervising = [
        one(
            each,
            Role.INVIGILATOR,
            gender="FM"[at % 2],
            computer_capable=at % 2 == 0,
            trained=True,
            phone=f"1390000000{at}",
        )
        for at, each in enumerate(INVIGILATORS)
    ]
    return [
        one("chief-1", Role.CHIEF, trained=True),
        one("deputy-1", Role.DEPUTY, trained=True),
        one("admin-a", Role.SYSADMIN, trained=True),
        one("admin-b", Role.SYSADMIN, trained=True),
        *supervising,
        one("roving-1", Role.ROVING, rooms=["01", "02"], gender="F", computer_capable=True),
        PlannedStaff("nurse-1", "医务 江", [], duties="医务", phone="13900000099"),
    ]


def plan_with(
    world: Any,
    staff: list[PlannedStaff],
    name: str = "roster.json",
    times: Any = None,
    linked: bool = False,
) -> Path:
    """The day's plan with this roster, signed by headquarters; ``linked`` adds a second session of
    the same candidates (连考)."""
    where = world.folder / name
    file: Path = world.headquarters.write_plan(world.cast, times or world.day, where)
    payload = json.loads(file.read_bytes())["payload"]
    payload["staff"] = msgspec.to_builtins(staff)
    assert payload["type"] == PLAN_TYPE
    if linked:
        first = payload["sessions"][0] | {"group": "day"}
        later = first | {"session_id": LATER, "start_ms": first["start_ms"] + 3 * 3_600_000}
        payload["sessions"] = [first, later]
    file.write_bytes(canonical(sign(payload, world.keys.signing)))
    return file


async def import_roster(
    world: Any, admin: Any, times: Any = None, linked: bool = False
) -> dict[str, Any]:
    """Import the plan with its roster."""
    file = plan_with(world, roster(), times=times, linked=linked)
    done: dict[str, Any] = await admin.order(ImportPlan(0, str(file), world.second("admin-b")))
    return done


async def first_password(world: Any, admin: Any, person_id: str) -> str:
    """Somebody's own password, set with the code two people printed."""
    issued = await admin.order(IssueCode(0, person_id, world.second("chief-1")))
    password = f"own password of {person_id}"
    visitor = await world.visitor()
    client: ConsoleClient = visitor.client
    done = await client.change_password(person_id, issued["code"], password)
    assert not isinstance(done, Refusal), done
    return password


async def signed_in(world: Any, person_id: str, password: str) -> Any:
    """A console with somebody whose password is not the cast's."""
    visitor = await world.visitor()
    signed = await visitor.client.sign_in(person_id, password)
    assert not isinstance(signed, Refusal), signed
    return visitor


async def declare_all(world: Any, admin: Any) -> dict[str, Any]:
    """Every invigilator signs in and declares that there is nothing; their consoles."""
    consoles = {}
    for person_id in INVIGILATORS:
        known = [one for one in world.cast.staff if one.person_id == person_id]
        password = known[0].password if known else await first_password(world, admin, person_id)
        consoles[person_id] = await signed_in(world, person_id, password)
        await consoles[person_id].order(DeclareRecusal(0, SESSION, "NONE"))
    return consoles
