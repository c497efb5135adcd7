"""F8, a late candidate: refused at and after the cut-off by everybody's order, and recorded."""

from typing import Any

import msgspec
import pytest

from venue_server.rehearsal.headquarters_side import SESSION_ID
from venue_server.wire.admission_orders import AdmitInDoubt, GetDoorLog, LookUpCandidate
from venue_server.wire.names import PersonCheck, Role, SittingState
from venue_server.wire.refusals import RefusalCode


@pytest.fixture
async def started(world: Any, kit: Any) -> Any:
    """The exam runs; one seat's candidate did not come. Invigilators' consoles by room."""
    admin, chief = await world.console(kit.ADMIN), await world.console(kit.CHIEF)
    await world.plan(admin)
    await world.receive(admin)
    station = await world.station(admin, "01", "01")
    await station.fetch()
    rooms = await world.invigilators()
    await world.open_doors(rooms, station)
    await world.arm(chief)
    world.go(world.day.at(0) + 1000)
    await world.released(chief)
    return rooms


def sittings(world: Any) -> Any:
    return world.node._day._parts.sittings


def closes_ms(world: Any) -> int:
    """When admission to the first room closes."""
    times = sittings(world).current_session().times_in("01")
    return int(times.admission_closes_ms)


async def test_f05_no_role_admits_after_the_cut_off_by_any_order(
    world: Any, kit: Any, started: Any
) -> None:
    """「一律」: everybody of the venue tries, alone and by two; nobody gets anybody in."""
    late = world.candidate("01", "02")
    order = world.admission(late)
    world.go(closes_ms(world))
    refused: dict[str, RefusalCode] = {}
    for person in world.cast.staff:
        console = await world.console(person.person_id)
        refused[person.person_id] = await console.refused(order)
    answers = set(refused.values())
    not_theirs = {RefusalCode.ROLE_NOT_ALLOWED, RefusalCode.ROOM_NOT_YOURS}
    assert answers <= {RefusalCode.ADMISSION_CLOSED} | not_theirs
    asked = {p.person_id for p in world.cast.staff if {Role.CHIEF, Role.DEPUTY} & set(p.roles)}
    assert asked and {refused[each] for each in asked} == {RefusalCode.ADMISSION_CLOSED}
    both = AdmitInDoubt(0, "01", late.ticket_no, "家远", world.second("inv-01-2"))
    assert await started["01"].refused(both) is RefusalCode.ADMISSION_CLOSED
    rows = sittings(world).sittings(SESSION_ID)
    (row,) = [each for each in rows if each.ticket_no == late.ticket_no]
    assert (row.state, row.admitted_at_ms) == (SittingState.LATE_REFUSED, None)
    told = world.events("candidate.admission-refused")
    assert {each["data"]["code"] for each in told} == {"ADM-01"}
    assert {each["data"]["ticket"] for each in told} == {late.ticket_no}


async def test_f05_the_last_moment_before_is_in_time(world: Any, started: Any) -> None:
    late = world.candidate("01", "02")
    world.go(closes_ms(world) - 60_000)
    done = await started["01"].order(world.admission(late))
    assert done["admitted"]["seat_no"] == "02"


async def test_f14_the_doubtful_one_who_waits_too_long_is_late(world: Any, started: Any) -> None:
    late = world.candidate("01", "02")
    doubtful = msgspec.structs.replace(world.admission(late), person_check=PersonCheck.DOUBT)
    assert await started["01"].refused(doubtful) is RefusalCode.IDENTITY_DOUBTED
    world.go(closes_ms(world))
    both = AdmitInDoubt(0, "01", late.ticket_no, "照片旧", world.second("inv-01-2"))
    assert await started["01"].refused(both) is RefusalCode.ADMISSION_CLOSED
    door = await started["01"].order(GetDoorLog(0, "01"))
    assert door["door"]["doubts"][0]["state"] == "RAISED"
    card = await started["01"].order(LookUpCandidate(0, "01", late.ticket_no))
    assert card["candidate"]["state"] == "LATE_REFUSED"
