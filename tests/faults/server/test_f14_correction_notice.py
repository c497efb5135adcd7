"""F14: a defect in the paper is corrected only by headquarters' signed notice, and everybody whom
it concerns must acknowledge it; one test for each state it can strike in."""

import asyncio
from pathlib import Path
from typing import Any

import msgspec

from venue_server.headquarters.notice_commands import build_notice
from venue_server.headquarters.release_token import load_release_secret
from venue_server.vault.notice import NoticeText
from venue_server.wire.canonical import b64
from venue_server.wire.chain import seal_entry
from venue_server.wire.notice_orders import (
    GetNotices,
    ImportNotice,
    NoticesPublished,
    PublishNotice,
)
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.station_messages import PaperOpened, SaveAck

CANARY = "金丝雀更正内容"
TEXT = NoticeText(["Q01"], f"第一题：{CANARY}", "Question 1: corrected.")


def issued(world: Any, sequence: int = 1, **more: Any) -> Path:
    """Headquarters' notice about the sample paper, as a file."""
    secret = load_release_secret(world.template.own / "release-secret.json")
    data = build_notice(TEXT, [secret], world.keys.signing, sequence, 1000, **more)
    file = Path(world.folder) / f"notice-{sequence}.json"
    file.write_bytes(data)
    return file


def sealed_wrongly(world: Any) -> Path:
    """A genuine notice whose text headquarters sealed under another secret."""
    secret = load_release_secret(world.template.own / "release-secret.json")
    wrong = msgspec.structs.replace(secret, release_secret=b64(b"x" * 32))
    file = Path(world.folder) / "wrong.json"
    file.write_bytes(build_notice(TEXT, [wrong], world.keys.signing, 2, 1000))
    return file


def order(world: Any, sequence: int = 1, second: str = "admin-a") -> PublishNotice:
    secret = load_release_secret(world.template.own / "release-secret.json")
    return PublishNotice(0, secret.paper_id, sequence, world.second(second))


async def published(day: Any, sequence: int = 1) -> None:
    """Imported by an administrator, published by the chief with a second person."""
    file = issued(day.world, sequence, numbers=["1"])
    await day.admin.order(ImportNotice(0, str(file)))
    await day.chief.order(order(day.world, sequence))


def acknowledge(chain: Any, at_ms: int, number: int = 1) -> Any:
    """The candidate's entry, as the station makes it."""
    entry = chain.add(at_ms, kind="notice")
    made = {"notice": [str(number)]}
    chain.entries.pop()
    return _resealed(chain, entry, made)


def _resealed(chain: Any, entry: Any, values: dict[str, list[str]]) -> Any:
    sealed = seal_entry(msgspec.structs.replace(entry, values=values, hash=""))
    chain.entries.append(sealed)
    return sealed


async def unread(console: Any) -> dict[str, list[str]]:
    (view,) = (await console.order(GetNotices(0)))["notices"]
    return {room["room_id"]: room["unread_seats"] for room in view["rooms"]}


async def test_f14_a_notice_reaches_the_stations_and_each_reader_is_counted(
    exam_day: Any, kit: Any
) -> None:
    day, world = exam_day, exam_day.world
    await published(day)
    for station in day.stations:
        told = await station.heard.next(NoticesPublished)
        assert told.sitting_id == station.sitting_id
        (notice,) = told.notices
        assert (notice.sequence, notice.items, notice.zh) == (1, ["Q01"], TEXT.zh)
    assert await unread(day.chief) == {"01": ["01"], "02": ["02"]}
    await day.chief.board(
        lambda b: "NOTICE_UNREAD:1" in b.seats["01"]["01"].alerts, "who has not read it"
    )
    chain = kit.Chain(day.first.sitting_id)
    ack: SaveAck = await day.first.save(acknowledge(chain, world.now_ms()))
    assert ack.seq == 1
    assert await unread(day.chief) == {"01": [], "02": ["02"]}
    assert await unread(day.rooms["01"]) == {"01": []}, "of one's own rooms only"
    await day.chief.board(
        lambda b: "NOTICE_UNREAD:1" not in b.seats["01"]["01"].alerts, "it was read"
    )
    names = ("notice.imported", "notice.published", "notice.read")
    events = [each["event"] for each in world.events(*names)]
    assert events == list(names)


async def test_f14_a_server_restart_and_a_reconnection_lose_nothing(
    exam_day: Any, kit: Any
) -> None:
    day, world = exam_day, exam_day.world
    await published(day)
    await day.first.heard.next(NoticesPublished)
    chain = kit.Chain(day.first.sitting_id)
    await day.first.save(acknowledge(chain, world.now_ms()))
    await world.restart()
    await day.first.welcome()
    before = len(day.first.heard.messages)
    assert day.first.client.link.send(PaperOpened(day.first.sitting_id, world.now_ms()))
    again = await day.first.heard.next(NoticesPublished, before)
    assert [each.sequence for each in again.notices] == [1]
    chief = await world.console(kit.CHIEF)
    assert (await unread(chief))["01"] == []


async def test_f14_an_acknowledgement_whose_note_was_lost_is_found_in_the_chain(
    exam_day: Any, kit: Any
) -> None:
    """The server died between the answer's commit and the note: the next meeting mends it."""
    day, world = exam_day, exam_day.world
    chain = kit.Chain(day.first.sitting_id)
    await day.first.save(acknowledge(chain, world.now_ms()))  # nobody published it: not counted
    await published(day)
    await day.first.heard.next(NoticesPublished)
    assert (await unread(day.chief))["01"] == []


async def test_f14_o02_before_the_release_nothing_of_it_is_anywhere(world: Any, kit: Any) -> None:
    admin, chief = await world.console(kit.ADMIN), await world.console(kit.CHIEF)
    await world.plan(admin)
    await world.receive(admin)
    station = await world.station(admin, "01", "01")
    await station.fetch()
    await admin.order(ImportNotice(0, str(issued(world, numbers=["1"]))))
    await chief.order(order(world))
    (view,) = (await chief.order(GetNotices(0)))["notices"]
    assert (view["numbers"], view["state"], view["rooms"]) == ([], "PUBLISHED", [])
    await admin.order(ImportNotice(0, str(sealed_wrongly(world))))
    await chief.order(order(world, 2))
    rooms = await world.invigilators()
    await world.open_doors(rooms, station)
    await world.arm(chief)
    await world.released(chief)
    assert not station.heard.all(NoticesPublished), "the key is out, the paper is not open yet"
    world.go(kit.DAY.at(0))
    assert station.client.paper_opened(station.sitting_id, world.now_ms())
    told = await station.heard.next(NoticesPublished)
    assert [each.zh for each in told.notices] == [TEXT.zh]
    views = (await chief.order(GetNotices(0)))["notices"]
    assert views[0]["numbers"] == ["1"]
    assert [each["state"] for each in views] == ["PUBLISHED", "UNREADABLE"]
    await asyncio.to_thread(_nothing_on_disk, world)


def _nothing_on_disk(world: Any) -> None:
    for file in Path(world.data).rglob("*"):
        if file.is_file() and file.stat().st_size < 50_000_000:
            assert CANARY.encode() not in file.read_bytes(), file


async def test_f14_what_is_not_headquarters_word_is_refused_and_changes_nothing(
    exam_day: Any, kit: Any
) -> None:
    day, world = exam_day, exam_day.world
    file = issued(world)
    genuine = file.read_bytes()
    file.write_bytes(genuine.replace(b'"sequence":1', b'"sequence":2'))
    assert await day.admin.refused(ImportNotice(0, str(file))) is RefusalCode.SIGNATURE_INVALID
    elsewhere = issued(world, venues=["another"])
    assert await day.admin.refused(ImportNotice(0, str(elsewhere))) is RefusalCode.NOTICE_FOREIGN
    assert (await day.chief.order(GetNotices(0)))["notices"] == []
    assert await day.chief.refused(order(world)) is RefusalCode.NOTICE_UNKNOWN
    await day.admin.order(ImportNotice(0, str(issued(world, 2))))
    assert await day.admin.refused(ImportNotice(0, str(issued(world, 2)))) is (
        RefusalCode.NOTICE_REPLAYED
    )
    assert await day.admin.refused(ImportNotice(0, str(issued(world, 1)))) is (
        RefusalCode.NOTICE_OLDER
    )
    alone = order(world, 2, second=kit.CHIEF)
    assert await day.chief.refused(alone) is RefusalCode.SAME_PERSON
    assert await day.rooms["01"].refused(order(world, 2)) is RefusalCode.ROLE_NOT_ALLOWED
    assert not day.first.heard.all(NoticesPublished)
    await day.chief.order(order(world, 2))
    assert await day.chief.refused(order(world, 2)) is RefusalCode.NOTICE_PUBLISHED
    later = issued(world, 3, valid_from_ms=2**50)
    await day.admin.order(ImportNotice(0, str(later)))
    assert await day.chief.refused(order(world, 3)) is RefusalCode.NOTICE_NOT_YET
