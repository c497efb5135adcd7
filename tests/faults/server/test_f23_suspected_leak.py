"""A leak is suspected (I05, F23): one person freezes, and nothing is released by any way until two
people, or the chief on headquarters' word, lift the freeze. One test per state it can strike in."""

import shutil
import sqlite3
from contextlib import closing
from typing import Any

import pytest

from tests.journeys.venue.venue_world import SURELY_MS
from venue_server.rehearsal.headquarters_side import SESSION_ID
from venue_server.wire.console_orders import (
    ArmRelease,
    EnterCodeShare,
    FreezeRelease,
    GetGoNoGo,
    LiftFreeze,
    LiftFreezeTogether,
)
from venue_server.wire.incident_orders import GetIncidents
from venue_server.wire.names import SessionState
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.station_messages import FormKey, ReleaseHeld


@pytest.fixture
async def people(world: Any, kit: Any) -> tuple[Any, Any, Any]:
    """Administrator, chief, and a station that holds the paper; doors are open."""
    admin, chief = await world.console(kit.ADMIN), await world.console(kit.CHIEF)
    await world.plan(admin)
    await world.receive(admin)
    station = await world.station(admin, "01", "01")
    await station.fetch()
    await world.invigilators()
    world.go(world.day.at(-29))
    return admin, chief, station


def untouched(world: Any, station: Any) -> bool:
    return not station.heard.all(FormKey) and not world.events("release.done", "session.started")


async def looked(world: Any) -> None:
    """The clockwork tried and was refused because of the freeze."""
    await world.until(
        lambda: any(e["data"]["code"] == "REL-10" for e in world.events("release.refused"))
    )


async def freeze(console: Any, reason: str = "网上出现疑似试题") -> None:
    await console.order(FreezeRelease(0, reason))


async def test_i05_each_head_and_administrator_can_freeze_alone_others_cannot(
    world: Any, people: tuple[Any, Any, Any]
) -> None:
    admin, chief, station = people
    invigilator = next(c for c in world.consoles if c.client.signed_in.person_id == "inv-01-1")
    order = FreezeRelease(0, "疑似泄密")
    assert await invigilator.refused(order) is RefusalCode.ROLE_NOT_ALLOWED
    assert await admin.refused(FreezeRelease(0, "  ")) is RefusalCode.REASON_MISSING
    await freeze(admin)
    assert await chief.refused(order) is RefusalCode.RELEASE_FROZEN, "once is enough"
    assert (await station.heard.next(ReleaseHeld)).held
    await chief.board(lambda b: b.venue.frozen == "网上出现疑似试题")
    await chief.board(lambda b: any("冻结" in alarm.text("zh") for alarm in b.venue.alarms))
    (said,) = world.events("release.frozen")
    assert (said["actor"], said["data"]["reason"]) == ("admin-a", "网上出现疑似试题")


async def test_f23_frozen_before_arming_the_release_cannot_be_armed(
    world: Any, people: tuple[Any, Any, Any]
) -> None:
    _admin, chief, station = people
    await freeze(chief)
    arm = ArmRelease(0, SESSION_ID, world.second("admin-a"), ["FREEZE"])
    assert await chief.refused(arm) is RefusalCode.RELEASE_FROZEN
    lines = (await chief.order(GetGoNoGo(0, SESSION_ID)))["lines"]
    assert [line["verdict"] for line in lines if line["kind"] == "FREEZE"] == ["NO_GO"]
    assert untouched(world, station)


async def test_f23_frozen_while_armed_neither_token_nor_code_nor_restart_opens(
    world: Any, people: tuple[Any, Any, Any], kit: Any
) -> None:
    admin, chief, station = people
    await world.arm(chief)
    await freeze(admin)
    world.go(world.day.at(-2) + SURELY_MS)
    await looked(world)
    one = EnterCodeShare(0, SESSION_ID, world.template.code_shares()[0])
    assert await chief.refused(one) is RefusalCode.RELEASE_FROZEN
    assert untouched(world, station)
    await world.restart()
    assert (await station.welcome()).release_held, "a station that comes back is told to wait"
    chief = await world.console(kit.CHIEF)
    assert await chief.refused(one) is RefusalCode.RELEASE_FROZEN
    world.go(world.day.at(5))
    assert untouched(world, station)
    await chief.order(LiftFreeze(0, "总部核实无泄密", "人考〔2027〕12号", world.second("admin-a")))
    await world.released(chief)
    await station.content_key()
    assert station.heard.all(FormKey)[0].effective_start_ms >= world.day.at(5), "nothing is cut off"


async def test_f23_frozen_with_the_secret_already_here_it_stays_shut(
    world: Any, people: tuple[Any, Any, Any]
) -> None:
    """The secret came before the freeze, by the code, while the release was not armed."""
    admin, chief, station = people
    await world.cut_off()
    world.go(world.day.at(-2) + SURELY_MS)
    one, two = world.template.code_shares()
    await chief.order(EnterCodeShare(0, SESSION_ID, one))
    await admin.order(EnterCodeShare(0, SESSION_ID, two))
    await freeze(chief)
    arm = ArmRelease(0, SESSION_ID, world.second("admin-a"))
    assert await chief.refused(arm) is RefusalCode.RELEASE_FROZEN
    assert untouched(world, station)


async def test_i05_the_freeze_is_lifted_by_chief_and_zone_director_or_by_headquarters_word(
    world: Any, people: tuple[Any, Any, Any]
) -> None:
    admin, chief, station = people
    together = LiftFreezeTogether(0, "核实无泄密", world.second("director-1"))
    assert await chief.refused(together) is RefusalCode.RELEASE_NOT_FROZEN
    await freeze(admin)
    assert (
        await admin.refused(LiftFreeze(0, "x", "1", world.second("chief-1")))
        is RefusalCode.ROLE_NOT_ALLOWED
    )
    assert (
        await chief.refused(LiftFreeze(0, "核实", " ", world.second("admin-a")))
        is RefusalCode.REASON_MISSING
    )
    assert (
        await chief.refused(LiftFreeze(0, " ", "1号", world.second("admin-a")))
        is RefusalCode.REASON_MISSING
    )
    alone = LiftFreezeTogether(0, "核实无泄密", world.second("admin-a"))
    assert await chief.refused(alone) is RefusalCode.ROLE_NOT_ALLOWED
    assert world.events("release.unfrozen") == []
    await chief.order(together)
    (said,) = world.events("release.unfrozen")
    assert said["actor"] == "chief-1,director-1"
    assert not (await station.heard.next(ReleaseHeld, 0, lambda told: not told.held)).held
    await freeze(admin, "第二次")
    themself = LiftFreeze(0, "总部核实", "12号", world.second("chief-1"))
    assert await chief.refused(themself) is RefusalCode.SAME_PERSON, "N03: one cannot be two"
    await chief.order(LiftFreeze(0, "总部核实", "12号", world.second("admin-a")))
    assert world.events("release.unfrozen")[-1]["data"]["reference"] == "12号"
    await world.arm(chief)
    await world.released(chief)


async def test_f23_frozen_during_the_exam_candidates_at_work_go_on(
    world: Any, people: tuple[Any, Any, Any], kit: Any
) -> None:
    _admin, chief, station = people
    await world.arm(chief)
    await world.released(chief)
    key = await station.content_key()
    await freeze(chief)
    await world.restart()
    assert await station.content_key() == key, "a station that restarts gets its paper back"
    chief = await world.console(kit.CHIEF)
    assert chief.client.board.venue.session_state is SessionState.STARTED


async def test_e07_an_old_copy_of_the_store_put_back_opens_no_paper_twice(
    world: Any, people: tuple[Any, Any, Any], kit: Any
) -> None:
    """The ledger's files remember what the restored store has forgotten."""
    _admin, chief, station = people
    old = world.folder / "old.sqlite"
    with (
        closing(sqlite3.connect(world.data / "venue.sqlite")) as store,
        closing(sqlite3.connect(old)) as copy,
    ):
        store.backup(copy)
    await world.arm(chief)
    await world.released(chief)
    await station.content_key()

    async def with_the_old_store() -> None:
        for left in world.data.glob("venue.sqlite-*"):
            left.unlink()
        shutil.copy(old, world.data / "venue.sqlite")
        await world.start()

    await world.restart_as(with_the_old_store)
    await world.invigilators()
    chief = await world.console(kit.CHIEF)
    await world.console(kit.ADMIN)
    arm = ArmRelease(0, SESSION_ID, world.second("admin-a"))
    assert await chief.refused(arm) is RefusalCode.PAPER_REPLAYED
    lines = (await chief.order(GetGoNoGo(0, SESSION_ID)))["lines"]
    assert [line["verdict"] for line in lines if line["kind"] == "PACKAGE"] == ["NO_GO"]
    assert station.heard.all(FormKey) == []


async def test_f23_i05_a_freeze_is_a_severe_incident_that_must_be_reported_at_once(
    world: Any, people: tuple[Any, Any, Any]
) -> None:
    admin, chief, _station = people
    await freeze(admin)
    await chief.board(lambda b: any(a.code == "ALM-70" for a in b.venue.alarms), "report now")
    (one,) = (await chief.order(GetIncidents(0)))["incidents"]
    assert (one["kind"], one["severity"], one["grave"]) == ("LEAK", "SEVERE", "46-1")
    assert "网上出现疑似试题" in one["report"]
    await world.restart()
    assert len(world.events("incident.opened")) == 1, "a restart raises it no second time"
