"""I03: headquarters cancels a running session; the venue stops it and seals what exists."""

import json
from pathlib import Path
from typing import Any

from venue_server.headquarters.order_commands import build_order
from venue_server.rehearsal.headquarters_side import SESSION_ID, VENUE_ID
from venue_server.sitting.ordered.document import TYPE, VERSION, SessionOrder
from venue_server.upload.opening import OpenedBundle, open_bundle
from venue_server.wire.console_orders import ForceSubmit
from venue_server.wire.incident_orders import (
    AddToIncident,
    CloseIncident,
    GetIncidents,
    ReportIncident,
)
from venue_server.wire.incidents import IncidentFacts
from venue_server.wire.names import SessionState, SubmitKind
from venue_server.wire.record_orders import GetCloseCheck
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.roomtime_orders import ResumeTime
from venue_server.wire.session_orders import GetSessionOrders, ImportSessionOrder
from venue_server.wire.signed import public_keys
from venue_server.wire.station_messages import TimingChanged


def issued(world: Any, kind: str = "CANCEL", later: str = "") -> Path:
    order = SessionOrder(TYPE, VERSION, VENUE_ID, SESSION_ID, kind, "函1号", 1000, "泄题", later)
    file = Path(world.folder) / "order.json"
    file.write_bytes(build_order(order, world.keys.signing))
    return file


async def test_i03_a_cancelled_session_stands_keeps_everything_and_ends(
    exam_day: Any, kit: Any
) -> None:
    day, world, chief = exam_day, exam_day.world, exam_day.chief
    world.go(kit.DAY.at(30))
    chain = kit.Chain(day.first.sitting_id)
    await day.first.save(chain.add(world.now_ms()))
    file = str(issued(world))
    by_two = ImportSessionOrder(0, file, world.second("admin-a"))
    assert await day.admin.refused(by_two) is RefusalCode.ROLE_NOT_ALLOWED
    alone = ImportSessionOrder(0, file, world.second(kit.CHIEF))
    assert await chief.refused(alone) is RefusalCode.SAME_PERSON
    done = await chief.order(by_two)
    assert done["suspended"] == ["01", "02"]
    for station in day.stations:
        told: TimingChanged = await station.heard.next(
            TimingChanged, fits=lambda m: m.timing.stands
        )
        assert told.sitting_id == station.sitting_id
    await chief.board(lambda b: any(a.code.value == "ALM-97" for a in b.venue.alarms), "banner")
    assert await chief.refused(by_two) is RefusalCode.ORDER_REPLAYED
    assert await chief.refused(ResumeTime(0, "来电")) is RefusalCode.SESSION_STOPPED
    await world.restart()
    chief = await world.console(kit.CHIEF)
    (view,) = (await chief.order(GetSessionOrders(0)))["orders"]
    assert (view["kind"], view["reference"]) == ("CANCEL", "函1号")
    assert await chief.refused(ResumeTime(0, "来电")) is RefusalCode.SESSION_STOPPED
    world.go(kit.DAY.at(90))
    await chief.board(lambda b: b.venue.session_state is SessionState.ENDED, "it ends by itself")
    told = await day.first.heard.next(
        TimingChanged, fits=lambda m: m.timing.suspended_at_ms > 0 and not m.timing.stands
    )
    assert told.timing.end_ms == kit.DAY.at(90), "no time was given"
    done = await day.first.client.submit(day.first.sitting_id, SubmitKind.AUTO, 1, chain.head)
    assert not isinstance(done, Refusal), "what was answered is handed in as it is"
    forced = ForceSubmit(0, "02", day.other.sitting_id, world.second("admin-a"))
    assert (await chief.order(forced))["seq"] == 0, "a station that is gone"


async def test_i11_a_continued_session_is_sealed_as_partial_with_its_order(
    exam_day: Any, kit: Any
) -> None:
    day, world = exam_day, exam_day.world
    for station in day.stations:
        await kit.closing.hand_in(day, station)
    file = issued(world, "CONTINUE", "later-1")
    await day.chief.order(ImportSessionOrder(0, str(file), world.second("admin-a")))
    check = await day.chief.order(GetCloseCheck(0, SESSION_ID))
    assert "RMK-270" in json.dumps(check), "what has to be done with it"
    await kit.closing.backed_up(day)
    (incident,) = (await day.chief.order(GetIncidents(0)))["incidents"]
    assert "续考 函1号" in json.dumps(incident, ensure_ascii=False), "the suspension is one"
    facts = IncidentFacts(cause="泄题", action="按总部命令停止", ended_at_ms=world.now_ms())
    await day.chief.order(AddToIncident(0, "", "I001", facts))
    await day.chief.order(ReportIncident(0, "I001", "部考试中心", "电话", "函1号"))
    await day.chief.order(CloseIncident(0, "I001", "按总部命令停止，已有作答密封上报"))
    await kit.closing.sign_and_seal(day)
    check = await day.chief.order(GetCloseCheck(0, SESSION_ID))
    assert "RMK-270" not in json.dumps(check)
    (bundle,) = (world.data / "outbox").glob("*.kdbundle")
    public = (world.data / "keys" / "venue.ed25519.pub").read_text().strip()
    opened = open_bundle(bundle, world.keys.bundle, public_keys([public]))
    assert isinstance(opened, OpenedBundle), opened
    told = opened.records["orders"]
    assert (told["partial"], told["continued"]) == (True, [{"in": "later-1", "tickets": []}])
    assert told["orders"][0]["document"] == json.loads(file.read_bytes())
    assert len(opened.sittings) >= len(day.stations), "the earlier answers stay with this bundle"
    assert "函1号" in json.dumps(opened.records["room_records"], ensure_ascii=False)
