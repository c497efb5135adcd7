"""Headquarters' notices and orders over the line (F14, I03, I11): checked like a file, never twice,
put into force by two people only; one test for each way in which the line can be wrong."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.faults.server import test_f14_correction_notice as by_hand
from venue_server import day_documents
from venue_server.headquarters.order_commands import build_order
from venue_server.headquarters.service import tls_context
from venue_server.headquarters.service_documents import DocumentShelf, publish_document
from venue_server.rehearsal.headquarters_side import SESSION_ID, VENUE_ID
from venue_server.release.arriving import rules
from venue_server.sitting.ordered.document import TYPE, VERSION, SessionOrder
from venue_server.wire.canonical import canonical, sha256_hex
from venue_server.wire.notice_orders import GetNotices, ImportNotice
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.session_orders import (
    GetSessionOrders,
    ImportSessionOrder,
    OrderKind,
    TakeSessionOrder,
)
from venue_server.wire.signed import sign


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """A venue asks at once again: what is tested is what it does, not how long it waits."""
    monkeypatch.setattr(day_documents, "pause_s", lambda *_args: 0.0)
    monkeypatch.setattr(day_documents, "SHORTEST_S", 0.05)


def order(kind: OrderKind = OrderKind.CANCEL, **change: Any) -> SessionOrder:
    values: dict[str, Any] = {
        "type": TYPE,
        "version": VERSION,
        "venue_id": VENUE_ID,
        "session_id": SESSION_ID,
        "kind": kind,
        "reference": "考中心函〔2026〕7号",
        "issued_at_ms": 1_800_000_000_000,
        "reason": "全市停电",
        "later_session_id": "" if kind is OrderKind.CANCEL else "s-later",
    }
    return SessionOrder(**{**values, **change})


def issue(world: Any, document: bytes) -> str:
    return publish_document(world.keys.data_dir, document)


async def told(console: Any, code: str, fits: Callable[[Any], bool] = lambda _alarm: True) -> None:
    """An alarm stands on the console."""
    await console.board(
        lambda b: (
            b.venue is not None and any(each.code == code and fits(each) for each in b.venue.alarms)
        ),
        code,
    )


async def quiet(console: Any, code: str) -> None:
    await console.board(
        lambda b: b.venue is not None and all(each.code != code for each in b.venue.alarms),
        f"no {code}",
    )


@asynccontextmanager
async def evil(world: Any, bodies: dict[str, bytes]) -> AsyncIterator[list[str]]:
    """Another headquarters at the same address, with the pinned key, that answers as told."""
    await world.cut_off()
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        body = bodies.get(request.path)
        return web.Response(body=body) if body is not None else web.Response(status=404)

    app = web.Application()
    app.router.add_get("/{anything:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    port = int(world.headquarters.base_url.rpartition(":")[2])
    site = web.TCPSite(runner, "127.0.0.1", port, ssl_context=tls_context(world.keys))
    await site.start()
    try:
        yield asked
    finally:
        await runner.cleanup()
        await world.reconnect()


async def asks(asked: list[str], path: str, more: int = 2) -> None:
    """The venue asked so often again, and so has judged what came before."""
    wanted = asked.count(path) + more
    async with asyncio.timeout(60):
        while asked.count(path) < wanted:  # noqa: ASYNC110  # a list tells nobody
            await asyncio.sleep(0.02)


LIST = f"/documents/{VENUE_ID}"


def a_list(world: Any, *documents: bytes, signers: Any = None, venue: str = VENUE_ID) -> bytes:
    listed = [{"sha256": sha256_hex(each), "size": len(each)} for each in documents]
    payload = {
        "type": rules.TYPE,
        "version": "1.0",
        "venue_id": venue,
        "documents": listed,
    }
    return canonical(sign(payload, signers or world.keys.signing))


def served(*documents: bytes) -> dict[str, bytes]:
    return {f"{LIST}/{sha256_hex(each)}": each for each in documents}


# ---- arriving --------------------------------------------------------------------------------


async def test_f14_a_notice_arrives_by_itself_and_is_published_by_two_only(
    exam_day: Any,
) -> None:
    day, world = exam_day, exam_day.world
    issue(world, by_hand.issued(world, numbers=["1"]).read_bytes())
    await told(day.chief, "ALM-103")
    (view,) = (await day.chief.order(GetNotices(0)))["notices"]
    assert view["state"] == "HELD", "arriving puts nothing into force"
    (imported,) = world.events("notice.imported")
    assert imported["actor"] == "", "nobody's order"
    again = ImportNotice(0, str(by_hand.issued(world, numbers=["1"])))
    assert await day.admin.refused(again) is RefusalCode.NOTICE_REPLAYED, "the file of it as well"
    alone = by_hand.order(world, second="chief-1")
    assert await day.chief.refused(alone) is RefusalCode.SAME_PERSON
    await day.chief.order(by_hand.order(world))
    await quiet(day.chief, "ALM-103")
    await world.restart()
    assert len(world.events("line.document")) == len(world.events("notice.imported")) == 1


async def test_i03_an_order_that_arrives_waits_for_chief_and_administrator(exam_day: Any) -> None:
    day, world = exam_day, exam_day.world
    digest = issue(world, build_order(order(), world.keys.signing))
    await told(day.chief, "ALM-104")
    shown = await day.chief.order(GetSessionOrders(0))
    assert shown["orders"] == [] and [each["sha256"] for each in shown["waiting"]] == [digest]
    assert world.events("room.suspended", "session.ordered") == [], "nothing stands still yet"
    take = TakeSessionOrder(0, digest[:8], world.second("admin-a"))
    assert await day.admin.refused(take) is RefusalCode.ROLE_NOT_ALLOWED
    short = TakeSessionOrder(0, digest[:7], world.second("admin-a"))
    assert await day.chief.refused(short) is RefusalCode.ORDER_NOT_WAITING
    themself = TakeSessionOrder(0, digest, world.second("chief-1"))
    assert await day.chief.refused(themself) is RefusalCode.SAME_PERSON
    done = await day.chief.order(take)
    assert done["suspended"], "as an order from a file: the rooms that run stand still"
    await quiet(day.chief, "ALM-104")
    assert (await day.chief.order(GetSessionOrders(0)))["waiting"] == []
    assert await day.chief.refused(take) is RefusalCode.ORDER_NOT_WAITING, "never twice"


async def test_i03_what_came_by_hand_first_does_not_wait(exam_day: Any) -> None:
    day, world = exam_day, exam_day.world
    document = build_order(order(), world.keys.signing)
    file = Path(world.folder) / "order.json"
    file.write_bytes(document)
    await day.chief.order(ImportSessionOrder(0, str(file), world.second("admin-a")))
    issue(world, document)
    await world.recorded("line.document")
    await quiet(day.chief, "ALM-104")
    assert (await day.chief.order(GetSessionOrders(0)))["waiting"] == []


async def test_f18_what_was_issued_while_the_line_was_down_arrives_when_it_is_back(
    exam_day: Any,
) -> None:
    world = exam_day.world
    await world.cut_off()
    issue(world, by_hand.issued(world).read_bytes())
    issue(world, build_order(order(OrderKind.RERUN), world.keys.signing))
    await world.restart_as(world.start_without_time)
    await world.reconnect()
    chief = await world.console("chief-1")
    await told(chief, "ALM-103")
    await told(chief, "ALM-104")
    assert [each["data"]["number"] for each in world.events("line.document")] == [1, 2]


# ---- a line that is wrong --------------------------------------------------------------------


async def test_f14_a_document_with_foreign_signatures_is_refused_told_and_never_asked_again(
    exam_day: Any,
) -> None:
    day, world = exam_day, exam_day.world
    strangers = [Ed25519PrivateKey.generate() for _ in range(2)]
    forged = build_order(order(), strangers)
    async with evil(world, {LIST: a_list(world, forged), **served(forged)}) as asked:
        await told(day.chief, "ALM-105", lambda alarm: alarm.args["code"] == "DOC-04")
        await asks(asked, LIST)
        assert asked.count(f"{LIST}/{sha256_hex(forged)}") == 1
    assert (await day.chief.order(GetSessionOrders(0)))["waiting"] == []
    (kept,) = world.events("line.document")
    assert kept["data"]["code"] == "DOC-04"


async def test_f14_a_list_with_foreign_signatures_is_followed_nowhere(exam_day: Any) -> None:
    day, world = exam_day, exam_day.world
    genuine = build_order(order(), world.keys.signing)
    strangers = [Ed25519PrivateKey.generate() for _ in range(2)]
    body = a_list(world, genuine, signers=strangers)
    async with evil(world, {LIST: body, **served(genuine)}) as asked:
        await told(day.chief, "ALM-105", lambda alarm: alarm.args["number"] == "0")
        await asks(asked, LIST)
        assert set(asked) & set(served(genuine)) == set()
    await quiet(day.chief, "ALM-105")


async def test_f14_an_older_list_that_is_played_again_changes_nothing(exam_day: Any) -> None:
    day, world = exam_day, exam_day.world
    first, second = by_hand.issued(world).read_bytes(), build_order(order(), world.keys.signing)
    old = a_list(world, first)
    for document in (first, second):
        issue(world, document)
    await told(day.chief, "ALM-104")
    other = a_list(world, second, first)
    for body in (old, other):
        async with evil(world, {LIST: body}) as asked:
            await told(day.chief, "ALM-105", lambda alarm: alarm.args["code"] == "DOC-10")
            await asks(asked, LIST)
            assert len((await day.chief.order(GetSessionOrders(0)))["waiting"]) == 1
        await quiet(day.chief, "ALM-105")
    assert len(world.events("line.document")) == 2


async def test_f14_answers_that_are_too_long_are_cut_and_do_not_keep_others_away(
    exam_day: Any,
) -> None:
    day, world = exam_day, exam_day.world
    genuine = build_order(order(), world.keys.signing)
    endless, claimed = b"x" * 2000, {"sha256": "ab" * 32, "size": rules.MAX_DOCUMENT + 1}
    listed = [
        claimed,
        {"sha256": sha256_hex(endless), "size": 1000},
        {"sha256": sha256_hex(genuine), "size": len(genuine)},
    ]
    payload = {"type": rules.TYPE, "version": "1.0", "venue_id": VENUE_ID, "documents": listed}
    body = canonical(sign(payload, world.keys.signing))
    bodies = {LIST: body, **served(genuine, endless), f"{LIST}/{'ab' * 32}": b"y"}
    async with evil(world, bodies) as asked:
        await told(day.chief, "ALM-104")
        await told(day.chief, "ALM-105", lambda alarm: alarm.args["number"] == "1")
        assert f"{LIST}/{'ab' * 32}" not in asked, "what says that it is too long is not asked for"
    numbers = [each["data"]["number"] for each in world.events("line.document")]
    assert sorted(numbers) == [1, 3], "what is longer than it says is none, and is tried again"
    async with evil(world, {LIST: b"z" * (70 * 1024)}) as asked:
        await asks(asked, LIST, more=3)
    assert len((await day.chief.order(GetSessionOrders(0)))["waiting"]) == 1


def test_f14_headquarters_serves_each_venue_its_own_list_of_which_caches_may_keep_the_bytes(
    tmp_path: Path,
) -> None:
    from venue_server.headquarters.service_keys import init_headquarters
    from venue_server.wire.signed import public_keys

    keys = init_headquarters(tmp_path)
    shelf, known = DocumentShelf(keys), public_keys(keys.signing_public)
    mine = build_order(order(), keys.signing)
    elsewhere = build_order(order(venue_id="elsewhere"), keys.signing)
    empty = shelf.list_of(VENUE_ID)
    for document in (elsewhere, mine):
        publish_document(tmp_path, document)
    with pytest.raises(ValueError, match="before"):
        publish_document(tmp_path, mine)
    with pytest.raises(ValueError, match="signed"):
        publish_document(tmp_path, b"{}")
    body = shelf.list_of(VENUE_ID)
    assert body == DocumentShelf(keys).list_of(VENUE_ID) != empty
    found = rules.read_list(body, known, 2, VENUE_ID)
    assert isinstance(found, rules.DocumentList)
    assert [each.sha256 for each in found.documents] == [sha256_hex(mine)]
    other = rules.read_list(body, known, 2, "elsewhere")
    assert getattr(other, "code", None) is RefusalCode.PLAN_WRONG_VENUE
