"""Where every answer is, told to the candidate, the room, the office and the collectors (H07).

A disk is a folder here, and unplugging is renaming it.
"""

import re
from typing import Any

import pytest

from venue_server import __main__ as program
from venue_server.foundation import STORE
from venue_server.wire.names import SeatLink
from venue_server.wire.station_messages import Heartbeat
from venue_server.wire.wiping_orders import AnswerPlace, AnswersAt, GetAnswers


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("venue_server.responses.service.LOOK_S", 0.05)
    monkeypatch.setattr("venue_server.gateway.answer_keeper.LOOK_S", 0.05)


async def told(station: Any, place: AnswerPlace, after: int = 0) -> AnswersAt:
    return await station.heard.next(AnswersAt, after, lambda each: each.place is place)


def row_of(result: dict[str, Any], station: Any) -> dict[str, Any]:
    seat = station.room_id, station.seat_no
    return next(each for each in result["rows"] if (each["room_id"], each["seat_no"]) == seat)


async def test_h07_a_lost_second_copy_is_said_at_once_everywhere_and_until_it_is_back(
    exam_day: Any, kit: Any
) -> None:
    day, world = exam_day, exam_day.world
    first = day.first
    chain = kit.Chain(first.sitting_id)
    for _ in range(3):
        await day.next_save(first, chain)
    await told(first, AnswerPlace.SECOND)
    whole = row_of(await day.admin.order(GetAnswers(0)), first)
    assert whole["place"] == "SECOND"
    assert (whole["server"], whole["second"], whole["one_disk"]) == (3, 3, 0)

    before = len(first.heard.messages)
    second = world.data / "second"
    second.rename(world.data.parent / "drawer")
    await told(first, AnswerPlace.SERVER, before)
    await day.chief.board(lambda b: b.seats["01"]["01"].at_risk.one_disk == 3, "on one disk")
    since_ms = day.chief.client.board.seats["01"]["01"].at_risk.disk_since_ms
    assert 0 < since_ms <= world.now_ms()
    lost = row_of(await day.admin.order(GetAnswers(0)), first)
    assert (lost["place"], lost["one_disk"]) == ("SERVER", 3)
    metrics = world.data / "run" / "answers.prom"
    await world.until(lambda: '_on_one_disk{session="26-1-1"} 3' in metrics_of(metrics))
    assert first.candidate.ticket_no not in metrics.read_text()

    await world.restart()
    admin, chief = await world.console(kit.ADMIN), await world.console(kit.CHIEF)
    still = row_of(await admin.order(GetAnswers(0)), first)
    assert still["disk_since_ms"] == since_ms, "a restart does not make it younger"

    (world.data.parent / "drawer").rename(second)
    await told(first, AnswerPlace.SECOND)
    await chief.board(lambda b: b.seats["01"]["01"].at_risk.one_disk == 0, "two copies again")
    assert row_of(await admin.order(GetAnswers(0)), first)["one_disk"] == 0


async def test_h07_a_primary_whose_disk_is_gone_is_said_at_once_everywhere(
    exam_day: Any, kit: Any
) -> None:
    """First the primary alone, then the second copy with it: what is left is the station's own."""
    day, world, first = exam_day, exam_day.world, exam_day.first
    chain = kit.Chain(first.sitting_id)
    for _ in range(3):
        await day.next_save(first, chain)
    first.client.link.send(Heartbeat(0, 1, "ANSWER", [], 3))
    await told(first, AnswerPlace.SECOND)
    before, metrics = len(first.heard.messages), world.data / "run" / "answers.prom"
    store, second = world.data / STORE, world.data / "second"

    store.rename(world.data.parent / "unplugged")
    await told(first, AnswerPlace.SERVER, before)
    await day.chief.board(lambda b: b.seats["01"]["01"].at_risk.one_disk == 3, "on one disk")
    since_ms = day.chief.client.board.seats["01"]["01"].at_risk.disk_since_ms
    assert 0 < since_ms <= world.now_ms()
    row = row_of(await day.admin.order(GetAnswers(0)), first)
    assert (row["place"], row["server"], row["second"]) == ("SERVER", 0, 3)
    await world.until(lambda: '_on_one_disk{session="26-1-1"} 3' in metrics_of(metrics))

    before = len(first.heard.messages)
    second.rename(world.data.parent / "drawer")
    await told(first, AnswerPlace.STATION, before)
    await day.chief.board(lambda b: b.seats["01"]["01"].at_risk.only_station == 3, "nowhere else")
    await world.until(lambda: '_only_at_station{session="26-1-1"} 3' in metrics_of(metrics))

    before = len(first.heard.messages)
    (world.data.parent / "drawer").rename(second)
    (world.data.parent / "unplugged").rename(store)
    await told(first, AnswerPlace.SECOND, before)
    await day.chief.board(
        lambda b: (
            b.seats["01"]["01"].at_risk.one_disk == b.seats["01"]["01"].at_risk.only_station == 0
        ),
        "both again",
    )
    assert (await day.next_save(first, chain)).seq == 4


def metrics_of(metrics: Any) -> str:
    """The metrics with whatever the session is called replaced by one name."""
    return re.sub(r'session="[^"]*"', 'session="26-1-1"', metrics.read_text())


async def test_h07_what_only_a_station_has_is_counted_with_the_instant_it_began(
    exam_day: Any, kit: Any
) -> None:
    day, world = exam_day, exam_day.world
    first = day.first
    await day.next_save(first, kit.Chain(first.sitting_id))
    began_ms = world.now_ms()
    first.client.link.send(Heartbeat(4, 2, "ANSWER"))
    await day.chief.board(lambda b: b.seats["01"]["01"].at_risk.only_station == 4, "at risk")
    since_ms = day.chief.client.board.seats["01"]["01"].at_risk.station_since_ms
    assert since_ms >= began_ms
    first.client.link.send(Heartbeat(7, 2, "ANSWER"))
    await day.chief.board(lambda b: b.seats["01"]["01"].at_risk.only_station == 7, "more")
    assert day.chief.client.board.seats["01"]["01"].at_risk.station_since_ms == since_ms
    row = row_of(await day.admin.order(GetAnswers(0, room_id="01")), first)
    assert (row["place"], row["station"], row["server"]) == ("STATION", 8, 1)

    await first.close()
    world.stations.remove(first)
    await day.chief.board(
        lambda b: (
            b.seats["01"]["01"].link is SeatLink.OFFLINE and b.seats["01"]["01"].at_risk.unheard
        ),
        "a silent station may have more",
    )
    row = row_of(await day.admin.order(GetAnswers(0)), first)
    assert row["unheard"] and row["only_station"] == 7
    rooms = {each["room_id"] for each in (await day.admin.order(GetAnswers(0, "", "02")))["rows"]}
    assert rooms == {"02"}


def test_h07_the_command_line_asks_for_it() -> None:
    options = program.parser().parse_args(
        ["answers", "where", "--data", "d", "--person", "p", "--session", "s", "--room", "1"]
    )
    assert options.build(options, []) == GetAnswers(0, "s", "1")
