"""The rare ends of a day: a station back after everything is closed, a hold in the middle of a
wiping, a medium that is lost, a day of the scores that was entered wrongly."""

import asyncio
from typing import Any

import pytest

from venue_server.rehearsal.headquarters_side import SESSION_ID
from venue_server.upload import wiping
from venue_server.wire.alarms import AlarmCode
from venue_server.wire.console_orders import ForceSubmit, WipeSession
from venue_server.wire.messages import Refused
from venue_server.wire.record_orders import EnterScorePublication, SetLegalHold
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.station_messages import SaveAck
from venue_server.wire.wiping_orders import (
    DestroyKept,
    GetHoldings,
    GetRetention,
    GetWipeCheck,
    WipePaper,
)

DAY_MS = 24 * 3600 * 1000


def wipe(world: Any) -> WipeSession:
    return WipeSession(0, SESSION_ID, world.second("chief-1"))


def hold(world: Any, reason: str) -> SetLegalHold:
    return SetLegalHold(0, SESSION_ID, reason, "来函1号", world.second("admin-a"))


async def test_l02_answers_that_come_after_the_day_is_closed_are_refused_and_told_never_wiped(
    exam_day: Any, kit: Any
) -> None:
    day, world = exam_day, exam_day.world
    await kit.closing.hand_in(day, day.other)
    chain = kit.Chain(day.first.sitting_id)
    await day.next_save(day.first, chain, "a")
    late = [chain.add(world.now_ms(), text) for text in "bc"]
    first = day.first
    await first.close()
    world.stations.remove(first)
    world.go(kit.DAY.at(100))
    await world.recorded("session.ended")
    await day.chief.order(ForceSubmit(0, "01", chain.sitting_id, world.second(kit.ADMIN)))
    await kit.closing.backed_up(day)
    await kit.closing.sign_and_seal(day)
    await kit.closing.upload(day)
    await day.admin.order(WipeSession(0, SESSION_ID, world.second("chief-1")))

    back = await world.connect(first.identity, "01", "01")
    told = await back.heard.next(WipePaper)
    assert told.sitting_id == chain.sitting_id
    back.client.save(chain.sitting_id, late)
    refused = await back.heard.next(Refused)
    assert refused.code is RefusalCode.ANSWERS_TOO_LATE
    assert back.heard.all(SaveAck) == [], "nothing is promised that cannot be kept"
    await day.chief.board(lambda b: AlarmCode.ANSWERS_TOO_LATE in alarms(b), "everybody is told")
    check = await day.admin.order(GetWipeCheck(0, SESSION_ID))
    left = {each["seat"]: each["left"] for each in check["stations"]}
    assert left["01-01"] == ["answers 2-3"] and not check["closed"]
    back.client.save(chain.sitting_id, late)
    await back.heard.next(Refused, len(back.heard.messages))
    assert len(world.events("wipe.station")) == 1, "told once, however often it tries"

    await world.restart()
    admin, chief = await world.console(kit.ADMIN), await world.console(kit.CHIEF)
    await chief.board(lambda b: AlarmCode.ANSWERS_TOO_LATE in alarms(b), "after a restart too")
    told = await back.heard.next(WipePaper)
    back.client.paper_wiped(told.paper_id, told.sitting_id)
    await chief.board(lambda b: AlarmCode.ANSWERS_TOO_LATE not in alarms(b), "brought out")
    check = await admin.order(GetWipeCheck(0, SESSION_ID))
    assert not [each for each in check["stations"] if each["left"]]


def alarms(board: Any) -> set[AlarmCode]:
    return {each.code for each in board.venue.alarms} if board.venue else set()


async def test_v07_a_hold_keeps_a_wiping_from_beginning_and_what_was_begun_ends(
    exam_day: Any, kit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys that are half gone keep nothing: it ends, and the hold keeps bundle and records."""
    monkeypatch.setattr("venue_server.gateway.wipe_keeper.AGAIN_S", 0.1)
    day, world = exam_day, exam_day.world
    await kit.closing.come_home(day)
    await day.chief.order(hold(world, "举报"))
    assert await day.admin.refused(wipe(world)) is RefusalCode.KEPT_BY_HOLD
    assert world.events("wipe.begun") == []
    await day.chief.order(hold(world, ""))

    destroy, stuck = wiping._destroy, [True]

    def sticks(order: Any) -> None:
        for path in order.shred.values():
            wiping.shred(path)
        if stuck:
            raise OSError(5, "the disk refuses")
        destroy(order)

    monkeypatch.setattr(wiping, "_destroy", sticks)
    assert await day.admin.refused(wipe(world)) is RefusalCode.WIPE_UNFINISHED
    await world.recorded("wipe.begun")
    await day.chief.order(hold(world, "司法鉴定"))
    (facts,) = (await day.chief.order(GetHoldings(0)))["sessions"]
    assert (facts["begun"], facts["wiped"], facts["hold"]) == (True, False, "司法鉴定")
    assert world.events("wipe.done") == []
    stuck.clear()
    await world.recorded("wipe.done")
    await day.chief.board(lambda b: b.venue.session_id == "", "the session is closed")
    (facts,) = (await day.chief.order(GetHoldings(0)))["sessions"]
    assert (facts["wiped"], facts["hold"]) == (True, "司法鉴定")
    published_ms = world.now_ms()
    scores = EnterScorePublication(0, SESSION_ID, published_ms, "公告", world.second("chief-1"))
    await day.admin.order(scores)
    world.go(published_ms + 200 * DAY_MS)
    gone = DestroyKept(0, SESSION_ID, "answers", "删除", "批复", world.second("admin-a"))
    assert await day.chief.refused(gone) is RefusalCode.KEPT_BY_HOLD


async def test_v07_a_hold_that_comes_while_everything_is_searched_is_in_time(
    exam_day: Any, kit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The search of a whole disk takes its time, and nothing is destroyed before it."""
    day, world = exam_day, exam_day.world
    await kit.closing.come_home(day)
    loop, search = asyncio.get_running_loop(), wiping._search

    def searches(order: Any, secrets: Any, begun: bool) -> Any:
        if not begun:
            holding = day.chief.order(hold(world, "举报"))
            asyncio.run_coroutine_threadsafe(holding, loop).result(60)
        return search(order, secrets, begun=begun)

    monkeypatch.setattr(wiping, "_search", searches)
    assert await day.admin.refused(wipe(world)) is RefusalCode.KEPT_BY_HOLD
    assert world.events("wipe.begun") == []
    assert (world.data / "keys" / "answers" / f"{SESSION_ID}.key").exists()
    check = await day.admin.order(GetWipeCheck(0, SESSION_ID))
    assert check["stations"] == [], "no station was ordered to destroy anything"


async def test_m01_a_day_of_the_scores_entered_wrongly_is_corrected_before_anything_goes(
    exam_day: Any, kit: Any
) -> None:
    day, world = exam_day, exam_day.world
    await kit.closing.come_home(day)
    await day.admin.order(wipe(world))
    first_ms = world.now_ms()

    def scores(at_ms: int) -> EnterScorePublication:
        return EnterScorePublication(0, SESSION_ID, at_ms, "公告", world.second("chief-1"))

    async def until() -> dict[str, str]:
        told = await day.chief.order(GetRetention(0))
        return {each["what"]: each["until"] for each in told["things"]}

    await day.admin.order(scores(first_ms))
    too_early = await until()
    future = await day.admin.refused(scores(first_ms + 400 * DAY_MS))
    assert future is RefusalCode.RECORD_TEXT_MISSING, "nothing is entered that lies in the future"
    world.go(first_ms + 190 * DAY_MS)
    corrected_ms = first_ms + 60 * DAY_MS
    await day.admin.order(scores(corrected_ms))
    later = await until()
    assert all(later[what] > too_early[what] for what in later)
    gone = DestroyKept(0, SESSION_ID, "answers", "删除", "批复", world.second("admin-a"))
    assert await day.chief.refused(gone) is RefusalCode.KEPT_LONGER, "due only by the wrong day"
    told = [each["data"] for each in world.events("retention.scores-published")]
    assert [each["before"] for each in told] == ["", str(first_ms)], "both stand in the ledger"


async def test_l04_backups_that_are_gone_are_told_and_the_last_one_stops_the_wiping(
    exam_day: Any, kit: Any
) -> None:
    day, world = exam_day, exam_day.world
    await kit.closing.come_home(day)
    archives = list(world.data.glob("**/*.kdbackup"))
    assert archives
    for each in archives:
        each.unlink()
    told = await day.chief.order(GetHoldings(0))
    assert "backup is missing" in str(told["sections"])
    assert "make the backup" in "".join(told["next"])
    assert await day.admin.refused(wipe(world)) is RefusalCode.WIPE_WITHOUT_BACKUP
    assert (world.data / "keys" / "answers" / f"{SESSION_ID}.key").exists()
