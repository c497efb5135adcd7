"""H07: candidate, invigilator, administrator and collectors are told the same of every answer."""

import asyncio
import re
from collections.abc import Callable
from typing import Any

import pytest

from venue_server.rehearsal.headquarters_side import SESSION_ID
from venue_server.wire.console_orders import ForceSubmit
from venue_server.wire.station_messages import Heartbeat
from venue_server.wire.wiping_orders import AnswerPlace, AnswersAt, GetAnswers

PATIENCE_S = 60.0


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("venue_server.responses.service.LOOK_S", 0.05)
    monkeypatch.setattr("venue_server.gateway.answer_keeper.LOOK_S", 0.05)


class Views:
    """The four views of one day, and what they contradict each other in."""

    def __init__(self, day: Any) -> None:
        self.day = day
        self.said: list[str] = []

    async def rows(self) -> dict[str, dict[str, Any]]:
        told = await self.day.admin.order(GetAnswers(0, SESSION_ID))
        self.totals = told["totals"]
        return {f"{each['room_id']}-{each['seat_no']}": each for each in told["rows"]}

    async def contradictions(self) -> list[str]:
        rows = await self.rows()
        board = self.day.chief.client.board
        found: list[str] = []
        for station in self.day.stations:
            name = f"{station.room_id}-{station.seat_no}"
            row, risk = rows[name], board.seats[station.room_id][station.seat_no].at_risk
            for field in ("only_station", "one_disk", "unheard"):
                if row[field] != getattr(risk, field):
                    found.append(f"{name} {field}: table {row[field]}, board {risk}")
            told = station.heard.all(AnswersAt)
            place = told[-1].place if told else AnswerPlace.NOWHERE
            # A candidate's word is of what was acknowledged; of the rest the station itself tells.
            listens = station in self.day.world.stations and not row["only_station"]
            if listens and row["place"] != place:
                found.append(f"{name}: table {row['place']}, candidate {place}")
        sums = {
            "kaodian_answers_only_at_station": "only_station",
            "kaodian_answers_on_one_disk": "one_disk",
            "kaodian_answers_stations_unheard": "unheard",
        }
        metrics = (self.day.world.data / "run" / "answers.prom").read_text()
        for name, field in sums.items():
            (value,) = re.findall(rf"^{name}{{.*}} (\d+)$", metrics, re.MULTILINE)
            if int(value) != self.totals[field]:
                found.append(f"{name}: {value}, table {self.totals[field]}")
            if self.totals[field] != sum(int(each[field]) for each in rows.values()):
                found.append(f"{field}: the table's sum is not its rows'")
        return found

    async def until(self, fits: Callable[[dict[str, dict[str, Any]]], bool], what: str) -> None:
        """Wait until the administrator's table fits."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not fits(await self.rows()):  # noqa: ASYNC110
                    await asyncio.sleep(0.05)  # a disk that goes tells nobody
        except TimeoutError:
            raise AssertionError(f"{what}: {await self.rows()}") from None

    async def agree(self, where: str) -> dict[str, dict[str, Any]]:
        """Wait until all say the same; the views are told one after the other."""
        found: list[str] = []
        try:
            async with asyncio.timeout(PATIENCE_S):
                while found := await self.contradictions():  # noqa: ASYNC110
                    await asyncio.sleep(0.05)  # the next of the views is written
        except TimeoutError:
            raise AssertionError(f"{where}: {found}") from None
        return await self.rows()


async def test_h07_all_views_agree_from_the_first_fault_to_the_receipt(
    exam_day: Any, kit: Any
) -> None:
    day, world = exam_day, exam_day.world
    views = Views(day)
    first, other = day.first, day.other
    theirs = f"{other.room_id}-{other.seat_no}"
    chain = kit.Chain(first.sitting_id)
    for text in "ab":
        await day.next_save(first, chain, text)
    await first.heard.next(AnswersAt, 0, lambda each: each.place is AnswerPlace.SECOND)
    rows = await views.agree("two copies")
    assert rows["01-01"]["place"] == "SECOND"

    second = world.data / "second"
    second.rename(world.data.parent / "drawer")
    await first.heard.next(AnswersAt, 0, lambda each: each.place is AnswerPlace.SERVER)
    rows = await views.agree("a copy is missing")
    assert rows["01-01"]["one_disk"] == 2
    (world.data.parent / "drawer").rename(second)
    await day.chief.board(lambda b: b.seats["01"]["01"].at_risk.one_disk == 0, "two copies again")
    await views.agree("the copy is back")

    first.client.link.send(Heartbeat(3, 2, "ANSWER"))
    await day.chief.board(lambda b: b.seats["01"]["01"].at_risk.only_station == 3, "a backlog")
    await first.close()
    world.stations.remove(first)
    await day.chief.board(lambda b: b.seats["01"]["01"].at_risk.unheard, "it is away")
    rows = await views.agree("a station is away")
    assert (rows["01-01"]["only_station"], rows["01-01"]["unheard"]) == (3, True)

    await kit.closing.hand_in(day, other)
    world.go(kit.DAY.at(100))
    await world.recorded("session.ended")
    await day.chief.order(ForceSubmit(0, "01", first.sitting_id, world.second(kit.ADMIN)))
    await kit.closing.backed_up(day)
    rows = await views.agree("backed up")
    assert rows[theirs]["place"] == "BACKUP"

    archives = list(world.data.glob("**/*.kdbackup"))
    away = [each.rename(each.with_suffix(".away")) for each in archives]
    second.rename(world.data.parent / "drawer")
    await views.until(lambda rows: rows[theirs]["one_disk"] > 0, "one disk is all there is")
    await views.agree("the backups are gone, and the second copy")
    (world.data.parent / "drawer").rename(second)
    for each, there in zip(away, archives, strict=True):
        each.rename(there)
    await views.until(lambda rows: rows[theirs]["one_disk"] == 0, "everything is back")
    await views.agree("everything is back")

    await kit.closing.sign_and_seal(day)
    await kit.closing.upload(day)
    await other.heard.next(AnswersAt, 0, lambda each: each.place is AnswerPlace.HEADQUARTERS)
    rows = await views.agree("the receipt is here")
    assert rows[theirs]["place"] == "HEADQUARTERS"
