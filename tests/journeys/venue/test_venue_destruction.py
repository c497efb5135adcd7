"""M01-M07: what was kept long enough is destroyed by two, and never a day too early."""

from typing import Any

from venue_server import __main__ as program
from venue_server.rehearsal.headquarters_side import SESSION_ID
from venue_server.wire.console_orders import WipeSession
from venue_server.wire.frames import Second
from venue_server.wire.record_orders import EnterScorePublication, ExportSession, SetLegalHold
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.wiping_orders import DestroyKept, GetRetention

DAY_MS = 24 * 3600 * 1000


def destroy(world: Any, what: str, method: str = "删除并销毁介质") -> DestroyKept:
    second = world.second("admin-a")
    return DestroyKept(0, SESSION_ID, what, method, "保密局批复1号", second)


def things(result: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["what"]: each for each in result["things"]}


async def test_m07_destruction_by_two_in_its_order_and_not_a_day_early(
    exam_day: Any, kit: Any
) -> None:
    day, world = exam_day, exam_day.world
    await kit.closing.come_home(day)
    export = await day.admin.order(ExportSession(0, SESSION_ID))
    assert await day.chief.refused(destroy(world, "answers")) is RefusalCode.NOT_WIPED_YET
    await day.admin.order(WipeSession(0, SESSION_ID, world.second("chief-1")))
    assert await day.chief.refused(destroy(world, "answers")) is RefusalCode.SCORES_UNKNOWN
    listed = things(await day.chief.order(GetRetention(0)))
    assert listed["answers"]["from"] is None and not listed["answers"]["purgeable"]

    published_ms = world.now_ms()
    scores = EnterScorePublication(0, SESSION_ID, published_ms, "公告1号", world.second("chief-1"))
    await day.admin.order(scores)
    assert await day.chief.refused(destroy(world, "answers")) is RefusalCode.KEPT_LONGER
    world.go(published_ms + 186 * DAY_MS)
    hold = SetLegalHold(0, SESSION_ID, "司法鉴定", "来函", world.second("admin-a"))
    await day.chief.order(hold)
    assert await day.chief.refused(destroy(world, "answers")) is RefusalCode.KEPT_BY_HOLD
    await day.chief.order(SetLegalHold(0, SESSION_ID, "", "结案", world.second("admin-a")))
    listed = things(await day.chief.order(GetRetention(0, SESSION_ID)))
    assert listed["answers"]["purgeable"] and not listed["records"]["purgeable"]
    assert await day.chief.refused(destroy(world, "records")) is RefusalCode.KEPT_LONGER
    assert await day.chief.refused(destroy(world, "else")) is RefusalCode.NOTHING_TO_DESTROY
    no_method = destroy(world, "answers", method=" ")
    assert await day.chief.refused(no_method) is RefusalCode.RECORD_TEXT_MISSING

    (bundle,) = (world.data / "outbox").glob("*.kdbundle")
    twin = world.data / "second" / "outbox" / bundle.name
    await world.until(twin.exists)
    done = await day.chief.order(destroy(world, "answers"))
    certificate = done["certificate"]
    assert not bundle.exists() and not twin.exists()
    assert not list((world.data / "second").glob(f"answers-{SESSION_ID}.escrow"))
    assert certificate["persons"] == ["chief-1", "admin-a"]
    assert certificate["why"]["months"] == 6
    sealed = world.events("session.sealed")[0]["data"]["sha256"]
    assert sealed in {each["sha256"] for each in certificate["items"]}, "the ledger keeps digests"
    assert [e["data"]["what"] for e in world.events("retention.destroyed")] == ["answers"]
    again = await day.chief.order(destroy(world, "answers"))
    assert again["certificate"] == certificate, "once"
    listed = things(await day.chief.order(GetRetention(0)))
    assert listed["answers"]["destroyed"] and not listed["records"]["destroyed"]

    world.go(published_ms + (5 * 366) * DAY_MS)
    done = await day.chief.order(destroy(world, "records"))
    names = [each["name"] for each in done["certificate"]["items"]]
    assert any(name.startswith("export ") for name in names)
    assert any(name.startswith("backup ") for name in names)
    assert not list((world.data / "exports").glob("*.json")), export["file"]
    assert not list(world.data.glob("**/*.kdbackup"))


def test_m07_the_command_line_lists_and_destroys() -> None:
    parser = program.parser()
    both = ["--data", "d", "--person", "p"]
    options = parser.parse_args(["retention", "list", "--session", "S", *both])
    assert options.build(options, []) == GetRetention(0, "S")
    words = ["retention", "destroy", "S", "answers", "--method", "粉碎", "--reference", "批复"]
    options = parser.parse_args([*words, "--second", "q", *both])
    second = Second("q", "x")
    assert options.build(options, [second]) == DestroyKept(
        0, "S", "answers", "粉碎", "批复", second
    )
