"""Wiping: only what came home, all of it, here and at the stations, and never reported falsely."""

from pathlib import Path
from typing import Any

import pytest

from tests.faults.server.server_process import ServerProcess
from venue_server import __main__ as program
from venue_server.client.link_state import LinkError
from venue_server.foundation import STORE
from venue_server.rehearsal.headquarters_side import SESSION_ID
from venue_server.storage.engine import Store, open_engine
from venue_server.upload.store import read_certificate
from venue_server.wire.console_orders import GetStatus, WipeSession
from venue_server.wire.record_orders import GetCloseCheck, GetFeed
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.wiping_orders import (
    AnswerPlace,
    AnswersAt,
    GetAnswers,
    GetWipeCertificate,
    GetWipeCheck,
    PaperWiped,
    WipePaper,
)

WIPED_SERVER = Path(__file__).with_name("wiped_server.py")
POINTS = ("key-gone", "certified-not-said")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("venue_server.gateway.answer_keeper.LOOK_S", 0.05)
    monkeypatch.setattr("venue_server.gateway.wipe_keeper.AGAIN_S", 0.1)


def order(world: Any) -> WipeSession:
    return WipeSession(0, SESSION_ID, world.second("chief-1"))


async def test_l10_the_whole_way_with_its_proof_and_its_certificate(
    exam_day: Any, kit: Any
) -> None:
    day, world = exam_day, exam_day.world
    early = await day.admin.refused(order(world))
    assert early is RefusalCode.NOT_UPLOADED
    assert await day.admin.refused(GetWipeCertificate(0, SESSION_ID)) is RefusalCode.NOT_WIPED_YET
    await kit.closing.come_home(day)
    await day.first.heard.next(AnswersAt, 0, lambda each: each.place is AnswerPlace.HEADQUARTERS)
    where = await day.admin.order(GetAnswers(0, SESSION_ID))
    assert {each["place"] for each in where["rows"] if each["server"]} == {"HEADQUARTERS"}
    assert where["totals"]["by_place"]["HEADQUARTERS"] == where["totals"]["sittings"] == 2

    await day.admin.order(order(world))
    open_still = await day.admin.order(GetWipeCheck(0, SESSION_ID))
    assert open_still["closed"] is False and open_still["left"] == []
    told = await day.first.heard.next(WipePaper)
    assert told.sitting_id == day.first.sitting_id and told.sha256
    day.first.client.link.send(PaperWiped(told.paper_id, told.sitting_id, ["x.sealed"]))
    day.other.client.paper_wiped((await day.other.heard.next(WipePaper)).paper_id)
    await world.recorded("wipe.station", 2)
    found = await day.admin.order(GetWipeCheck(0, SESSION_ID))
    assert found["closed"] is False
    assert [each["left"] for each in found["stations"] if each["left"]] == [["x.sealed"]]
    closed = await day.admin.order(GetCloseCheck(0, SESSION_ID))
    (point,) = [p for p in closed["sessions"][SESSION_ID] if p["number"] == 8]
    assert not point["closed"], "a station that still has its paper keeps the day open"
    day.first.client.paper_wiped(told.paper_id, told.sitting_id)
    await world.recorded("wipe.station", 3)
    assert (await day.admin.order(GetWipeCheck(0, SESSION_ID)))["closed"] is True

    (world.data / "left.xml").write_text("<qti-assessment-item>")
    found = await day.admin.order(GetWipeCheck(0, SESSION_ID))
    assert (found["closed"], found["left"]) == (False, ["left.xml"])

    paper = await day.chief.order(GetWipeCertificate(0, SESSION_ID))
    certificate = paper["certificate"]
    assert certificate["persons"] == [kit.ADMIN, "chief-1"]
    assert certificate["searched_before"]["files"] > 0
    assert certificate["searched_after"]["files"] > 0
    assert {each["name"] for each in certificate["kept"]} >= {"backup media", "sealed bundle"}
    assert len(certificate["backups"]) >= 1 and certificate["delivered_by"] == "receipt"
    facts = "\n".join(f"{row[0]} {row[1]}" for row in paper["sections"][0]["rows"])
    assert certificate["bundle_sha256"] in facts and facts.count(" ____________") == 2


async def test_l11_a_tampered_receipt_never_wipes(exam_day: Any, kit: Any) -> None:
    day, world = exam_day, exam_day.world
    await kit.closing.come_home(day)
    key = world.data / "keys" / "answers" / f"{SESSION_ID}.key"
    store = world.node._base.store
    statement = "UPDATE bundle SET receipt = replace(receipt, 'bundle_sha256', 'bundle_sha255')"
    store.submit(lambda tx: tx.exec_driver_sql(statement)).result()
    assert await day.admin.refused(order(world)) is RefusalCode.RECEIPT_NO_LONGER_VALID
    assert key.exists()
    assert world.events("wipe.begun") == []


async def test_l11_without_a_verified_backup_nothing_is_wiped(exam_day: Any, kit: Any) -> None:
    day, world = exam_day, exam_day.world
    await kit.closing.come_home(day)
    store = world.node._base.store
    store.submit(lambda tx: tx.exec_driver_sql("DELETE FROM backup_copy")).result()
    assert await day.admin.refused(order(world)) is RefusalCode.WIPE_WITHOUT_BACKUP
    assert (world.data / "keys" / "answers" / f"{SESSION_ID}.key").exists()


async def test_l10_a_copy_of_the_key_elsewhere_stops_the_wiping_before_it_begins(
    exam_day: Any, kit: Any
) -> None:
    day, world = exam_day, exam_day.world
    await kit.closing.come_home(day)
    key = world.data / "keys" / "answers" / f"{SESSION_ID}.key"
    copy = world.data / "second" / "notes.txt"
    copy.write_text(f"key: {key.read_bytes().hex()}")
    done = await day.admin.client.order(order(world))
    assert isinstance(done, Refusal) and done.code is RefusalCode.KEY_ELSEWHERE
    assert "notes.txt" in done.detail
    assert key.exists() and world.events("wipe.begun") == []
    copy.unlink()
    await day.admin.order(order(world))
    assert not key.exists()


async def test_l11_a_station_that_is_off_while_wiping_is_wiped_when_it_comes_back(
    exam_day: Any, kit: Any
) -> None:
    day, world = exam_day, exam_day.world
    await kit.closing.come_home(day)
    first = day.first
    await first.close()
    world.stations.remove(first)
    await day.admin.order(order(world))
    check = await day.admin.order(GetWipeCheck(0, SESSION_ID))
    waiting = [each["machine_id"] for each in check["stations"] if not each["reported_at_ms"]]
    assert first.machine_id in waiting and check["closed"] is False
    await world.restart()
    again = await world.connect(first.identity, "01", "01")
    told = await again.heard.next(WipePaper)
    assert told.sitting_id == first.sitting_id
    again.client.paper_wiped(told.paper_id, told.sitting_id)
    await world.recorded("wipe.station")
    await again.close()
    world.stations.remove(again)
    once_more = await world.connect(first.identity, "01", "01")
    admin = await world.console(kit.ADMIN)
    await admin.order(GetStatus(0))
    assert once_more.heard.all(WipePaper) == [], "what was reported is not ordered again"


@pytest.mark.parametrize("point", POINTS)
async def test_l11_killed_in_the_middle_of_wiping_it_goes_on_and_tells_no_lie(
    exam_day: Any, kit: Any, point: str
) -> None:
    day, world = exam_day, exam_day.world
    await kit.closing.come_home(day)
    process = ServerProcess(world.data)
    process.program = [str(WIPED_SERVER), point]
    await world.restart_as(process.start)
    admin = await world.console(kit.ADMIN)
    with pytest.raises(LinkError):
        await admin.client.order(order(world))
    await process.dies()
    assert len(world.events("wipe.begun")) == 1
    said = len(world.events("wipe.done"))
    assert said == (1 if point == "certified-not-said" else 0), "never reported before it is done"
    if said == 0:
        assert_not_certified(world)

    await kit.leave_all(world)
    for station in world.stations:
        await station.lost()
        station.heard.messages.clear()
    await world.start()
    chief = await world.console(kit.CHIEF)
    await world.recorded("wipe.done")
    await chief.board(lambda b: b.venue.session_id == "", "a wiped session is nobody's present one")
    feed = await chief.order(GetFeed(0))
    assert [(each["state"], each["data_state"]) for each in feed["sessions"]] == [
        ("WIPED", "WIPED")
    ]
    key = world.data / "keys" / "answers" / f"{SESSION_ID}.key"
    assert not key.exists()
    assert len(world.events("wipe.begun")) == len(world.events("wipe.done")) == 1
    for station in day.stations:
        await station.heard.next(WipePaper)
        told = station.heard.all(WipePaper)[-1]
        station.client.paper_wiped(told.paper_id, told.sitting_id)
    await world.recorded("wipe.station", 2)
    check = await chief.order(GetWipeCheck(0, SESSION_ID))
    assert check["closed"] is True, check
    paper = await chief.order(GetWipeCertificate(0, SESSION_ID))
    names = [each["name"] for each in paper["certificate"]["items"]]
    assert "answer key" in names, "it tells of what was there when it began"
    assert paper["certificate"]["persons"] == [kit.ADMIN, "chief-1"]


def assert_not_certified(world: Any) -> None:
    store = Store(open_engine(world.data / STORE))
    try:
        row = store.read(lambda tx: read_certificate(tx, SESSION_ID))
    finally:
        store.close()
    assert row is not None and '"finished_at_ms": null' in row.document


def test_l10_the_command_line_asks_for_check_and_certificate() -> None:
    parser = program.parser()
    for name, message in (("check", GetWipeCheck), ("certificate", GetWipeCertificate)):
        options = parser.parse_args(["wipe", name, "S", "--data", "d", "--person", "p"])
        assert options.build(options, []) == message(0, "S")
