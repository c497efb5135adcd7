"""I03: headquarters stops a session before its release. It ends without being held, nobody is
called absent, what there is of it is sealed and goes to headquarters, and the day can be closed.
And an order that comes after the sealing: the close check says what is left to do (L03)."""

import json
import re
from pathlib import Path
from typing import Any

from tests.faults.server.test_i03_orders_of_headquarters import issued
from venue_server.rehearsal.headquarters_side import SESSION_ID
from venue_server.sitting.forms import Form
from venue_server.upload.opening import OpenedBundle, open_bundle
from venue_server.wire.console_orders import (
    ArmRelease,
    GetRoomRecord,
    Reconcile,
    SealSession,
    SignRoomRecord,
    UploadSession,
    WipeSession,
)
from venue_server.wire.names import DataState, PackageState, SessionState, SittingState
from venue_server.wire.record_orders import GetCloseCheck
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.session_orders import ImportSessionOrder
from venue_server.wire.signed import public_keys
from venue_server.wire.station_messages import ReleaseHeld
from venue_server.wire.wiping_orders import SealAnew


async def open_codes(chief: Any) -> set[str]:
    """The remarks of every open point."""
    told = await chief.order(GetCloseCheck(0, SESSION_ID))
    return set(re.findall(r"RMK-\d+", json.dumps(told)))


async def test_i03_a_session_stopped_before_its_release_ends_unheld_and_the_day_closes(
    world: Any, kit: Any
) -> None:
    admin, chief = await world.console(kit.ADMIN), await world.console(kit.CHIEF)
    station = await world.station(admin, "01", "01")
    await world.plan(admin)
    await world.receive(admin)
    world.go(kit.DAY.at(-20))
    rooms = await world.invigilators()
    await world.open_doors(rooms, station)
    await chief.order(ArmRelease(0, SESSION_ID, world.second(kit.ADMIN), ["01-01"]))
    file = str(issued(world))
    done = await chief.order(ImportSessionOrder(0, file, world.second(kit.ADMIN)))
    assert done["suspended"] == [], "nothing runs yet"
    assert (await station.heard.next(ReleaseHeld)).held, "candidates are told to wait"
    assert "RMK-280" in await open_codes(chief), "what becomes of it is said at once"
    world.go(kit.DAY.at(0))
    await chief.board(lambda b: b.venue.session_state is SessionState.ENDED, "it ends")
    (ended,) = world.events("session.ended")
    scheduled = len(world.cast.candidates)
    assert ended["data"] | {"session": ""} == {
        "session": "",
        "scheduled": scheduled,
        "present": 0,
        "absent": [],
        "not_held": scheduled,
    }
    parts = world.node._day._parts
    assert {each.state for each in parts.sittings.sittings(SESSION_ID)} == {SittingState.NOT_HELD}
    ((package, _manifest),) = parts.papers.packages()
    assert package.state is PackageState.UNUSED, "its paper was never opened"
    assert parts.releases.secret_of(SESSION_ID, Form(package.paper_id, package.form_id)) is None
    again = ArmRelease(0, SESSION_ID, world.second(kit.ADMIN))
    assert await chief.refused(again) in (
        RefusalCode.SESSION_STOPPED,
        RefusalCode.SESSION_WRONG_STATE,
    )
    await world.restart()
    admin, chief = await world.console(kit.ADMIN), await world.console(kit.CHIEF)
    await chief.board(lambda b: b.venue.data_state is DataState.BACKED_UP, "the backup")
    told = await chief.order(Reconcile(0, SESSION_ID))
    assert told["consistent"] is True
    assert (told["present"], told["absent"], told["not_held"]) == (0, 0, scheduled)
    await world.look_at_points(chief)
    alone = []
    for room in world.cast.rooms:
        record = await chief.order(GetRoomRecord(0, room.room_id))
        assert record["record"]["缺考"] == 0 and record["record"]["未开考"] > 0
        if record["required"] == ["CHIEF"]:  # nobody was let in: nothing to invigilate (K01)
            alone.append(room.room_id)
        for number in (1, 2) if room.room_id not in alone else ():
            one = await world.console(f"inv-{room.room_id}-{number}")
            await one.order(SignRoomRecord(0, room.room_id, record["content_hash"]))
        await chief.order(SignRoomRecord(0, room.room_id, record["content_hash"]))
    assert alone and len(alone) < len(world.cast.rooms)
    await chief.order(SealSession(0, SESSION_ID, world.second(kit.ADMIN)))
    await admin.order(UploadSession(0, SESSION_ID))
    opened = sealed(world)
    assert opened.records["orders"]["orders"][0]["document"] == json.loads(Path(file).read_bytes())
    await chief.board(lambda b: b.venue.session_state is SessionState.UPLOADED, "it came home")
    await admin.order(WipeSession(0, SESSION_ID, world.second(kit.CHIEF)))
    left = {code for code in await open_codes(chief) if code.startswith("RMK-2")}
    assert left == set(), "nothing of it is open any more"


def sealed(world: Any) -> OpenedBundle:
    (bundle,) = (world.data / "outbox").glob("*.kdbundle")
    public = (world.data / "keys" / "venue.ed25519.pub").read_text().strip()
    opened = open_bundle(bundle, world.keys.bundle, public_keys([public]))
    assert isinstance(opened, OpenedBundle), opened
    return opened


async def test_i11_an_order_after_the_sealing_is_open_until_a_later_version_carries_it(
    exam_day: Any, kit: Any
) -> None:
    day, world, chief = exam_day, exam_day.world, exam_day.chief
    for station in day.stations:
        await kit.closing.hand_in(day, station)
    await kit.closing.backed_up(day)
    await kit.closing.sign_and_seal(day)
    file = str(issued(world, "RERUN", "later-1"))
    await chief.order(ImportSessionOrder(0, file, world.second(kit.ADMIN)))
    assert "RMK-281" in await open_codes(chief)
    await kit.closing.upload(day)
    assert "RMK-281" in await open_codes(chief), "headquarters has answers without their order"
    await world.restart()
    chief = await world.console(kit.CHIEF)
    assert "RMK-281" in await open_codes(chief)
    anew = SealAnew(0, SESSION_ID, "补带总部命令", world.second(kit.ADMIN))
    await chief.order(anew)
    codes = await open_codes(chief)
    assert "RMK-281" not in codes and "RMK-270" in codes, "it is to be sealed with them"
