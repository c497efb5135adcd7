"""L04, L10, M01-M07: what the venue holds of each session, from its end to the destruction."""

from typing import Any

from venue_server import __main__ as program
from venue_server.rehearsal.headquarters_side import SESSION_ID
from venue_server.wire.console_orders import WipeSession
from venue_server.wire.record_orders import EnterScorePublication, ExportSession, SetLegalHold
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.wiping_orders import (
    DestroyKept,
    GetDestructionCertificate,
    GetHoldings,
    WipePaper,
)

DAY_MS = 24 * 3600 * 1000


async def held(day: Any) -> tuple[dict[str, Any], dict[str, str], str]:
    """Facts of the one session, its rows by their English label, and what is to be done."""
    told = await day.chief.order(GetHoldings(0))
    (facts,) = told["sessions"]
    (section,) = told["sections"]
    rows = {name.rpartition(" / ")[2]: value for name, value, _verdict in section["rows"]}
    return facts, rows, "\n".join(told["next"])


def starting(rows: dict[str, str], begin: str) -> list[str]:
    return [value for name, value in rows.items() if name.startswith(begin)]


async def test_l10_what_is_held_and_who_must_act_at_every_step(exam_day: Any, kit: Any) -> None:
    day, world = exam_day, exam_day.world
    assert (await day.chief.order(GetHoldings(0)))["sessions"] == [], "nothing before the end"
    await kit.closing.hand_in(day, day.first)
    await kit.closing.hand_in(day, day.other)
    world.go(kit.DAY.at(100))
    await kit.closing.backed_up(day)
    facts, rows, todo = await held(day)
    assert not facts["home"] and "chief: reconcile, sign, seal" in todo
    assert "2 persons" in rows["answers on the server"] and "ciphertext" not in str(rows)
    digests = starting(rows, "backup ")
    assert digests and all(each.endswith("verified") for each in digests)
    await kit.closing.sign_and_seal(day)
    facts, rows, todo = await held(day)
    assert "administrator: upload" in todo and rows["receipt"].endswith("not there yet")
    await kit.closing.upload(day)
    facts, rows, todo = await held(day)
    assert facts["home"] and "wipe" in todo and len(rows["receipt"]) == 16

    await day.admin.order(WipeSession(0, SESSION_ID, world.second("chief-1")))
    facts, rows, todo = await held(day)
    assert facts["wiped"] and "stations that were not wiped" in todo
    assert "its key destroyed" in rows["answers on the server"]
    assert rows["stations wiped"].startswith("0 / ")
    for station in day.stations:
        told = await station.heard.next(WipePaper)
        station.client.paper_wiped(told.paper_id, told.sitting_id)
    await world.recorded("wipe.station", 2)
    facts, rows, todo = await held(day)
    assert "stations that were not wiped" not in todo and "enter the scores' day" in todo

    published_ms = world.now_ms()
    await day.admin.order(ExportSession(0, SESSION_ID))
    scores = EnterScorePublication(0, SESSION_ID, published_ms, "公告1号", world.second("chief-1"))
    await day.admin.order(scores)
    hold = SetLegalHold(0, SESSION_ID, "司法鉴定", "来函", world.second("admin-a"))
    await day.chief.order(hold)
    world.go(published_ms + 186 * DAY_MS)
    facts, rows, todo = await held(day)
    assert (facts["hold"], facts["due"], todo) == ("司法鉴定", [], "")
    await day.chief.order(SetLegalHold(0, SESSION_ID, "", "结案", world.second("admin-a")))
    facts, rows, todo = await held(day)
    assert facts["due"] == ["answers"] and "destroy the answers that are due" in todo
    wanted = GetDestructionCertificate(0, SESSION_ID, "answers")
    assert await day.chief.refused(wanted) is RefusalCode.NOTHING_TO_DESTROY
    second = world.second("admin-a")
    destroyed = DestroyKept(0, SESSION_ID, "answers", "删除", "批复1号", second)
    done = await day.chief.order(destroyed)
    assert await day.admin.order(wanted) == done, "the certificate can be fetched again"
    facts, rows, todo = await held(day)
    assert (facts["destroyed"], facts["due"], todo) == (["answers"], [], "")


def test_m07_the_command_line_tells_what_is_held() -> None:
    parser, who = program.parser(), ["--data", "d", "--person", "p"]
    options = parser.parse_args(["retention", "holds", *who])
    assert options.build(options, []) == GetHoldings(0)
    options = parser.parse_args(["retention", "certificate", "S", "answers", *who])
    assert options.build(options, []) == GetDestructionCertificate(0, "S", "answers")
