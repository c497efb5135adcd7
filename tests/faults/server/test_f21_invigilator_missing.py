"""F21: an invigilator is missing or leaves, before the start or while the room is sat in; a roving
one steps in."""

from typing import Any

import pytest

from tests.journeys.venue.venue_roster import (
    SESSION,
    declare_all,
    first_password,
    import_roster,
    signed_in,
)
from venue_server import day_people
from venue_server.wire.alarms import AlarmCode
from venue_server.wire.console_orders import AllowLogin, ArmRelease, GetGoNoGo, SignOut
from venue_server.wire.people_orders import AssignRoom, DeclareRecusal, DrawRooms, GetPeople
from venue_server.wire.refusals import RefusalCode


@pytest.fixture(autouse=True)
def looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(day_people, "WATCH_S", 0.05)


async def test_f21_before_the_start_a_room_with_one_is_not_opened(world: Any, kit: Any) -> None:
    """One stays away: drawn without them, short in one room, armed once the roving one is there."""
    admin, chief = await world.console(kit.ADMIN), await world.console(kit.CHIEF)
    await import_roster(world, admin)
    await world.receive(admin)
    consoles = await declare_all(world, admin)
    second = world.second(kit.DEPUTY)
    for person_id in ("chief-1", kit.ADMIN):
        await (await world.console(person_id)).order(DeclareRecusal(0, SESSION, "NONE"))
    done = await chief.order(DrawRooms(0, SESSION, second, absent=["spare-1"]))
    assert done["spares"] == []
    leaver = done["rooms"]["01"][0]
    await consoles[leaver].client.sign_out()
    lines = {each["kind"]: each for each in (await chief.order(GetGoNoGo(0, SESSION)))["lines"]}
    assert lines["INVIGILATORS"]["names"] == ["01"]
    arm = ArmRelease(0, SESSION, world.second(kit.ADMIN), ["BACKUP"])
    assert await chief.refused(arm) is RefusalCode.RELEASE_NOT_READY
    roving = await signed_in(world, "roving-1", await first_password(world, admin, "roving-1"))
    assert await roving.refused(AllowLogin(0, "01")) is RefusalCode.ROLE_NOT_ALLOWED
    await roving.order(DeclareRecusal(0, SESSION, "NONE"))
    await chief.order(AssignRoom(0, SESSION, "roving-1", "01", "监考缺席，流动监考补位", second))
    lines = {each["kind"]: each for each in (await chief.order(GetGoNoGo(0, SESSION)))["lines"]}
    assert lines["INVIGILATORS"]["verdict"] == "GO"
    world.go(kit.DAY.at(-30))
    await roving.order(AllowLogin(0, "01"))
    people = await chief.order(GetPeople(0))
    assert "roving-1" in people["rooms"]["01"]
    assert not [each for each in people["findings"] if each["blocking"]]


async def test_f21_while_a_room_is_sat_in_the_gap_is_called_out_and_recorded(
    world: Any, kit: Any
) -> None:
    exam = await kit.begin_exam(world, ("01", "01"))
    await exam.rooms["01"].client.link.ask(SignOut(0), object)  # one of the two leaves
    await exam.chief.board(
        lambda b: any(a.code is AlarmCode.ROOM_UNDERSTAFFED for a in b.venue.alarms),
        "the alarm",
    )
    assert exam.world.node is not None
    parts = exam.world.node._day._parts
    await world.recorded("staff.room-staffing")
    back = await world.console("inv-01-1")
    await exam.chief.board(
        lambda b: not any(a.code is AlarmCode.ROOM_UNDERSTAFFED for a in b.venue.alarms),
        "the end of the alarm",
    )
    await world.recorded("staff.room-staffing", 2)
    session = parts.sittings.current_session().session_id
    texts = [line.text for line in parts.sources.lines(session, "01")]
    assert texts == ["在场监考人员1名", "在场监考人员2名"]
    assert parts.sources.lines(session, "02") == []
    assert back.client.signed_in.rooms == ["01"]
