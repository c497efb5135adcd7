"""What people do on one small session that has ended, and what they hear: for the groups' tables.

The session is that of tests/unit/sitting/test_records_filling.py; importing ``day`` and what it
needs makes the fixtures known to a test file.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.unit.sitting import conftest as sitting_kit
from tests.unit.sitting import test_records_filling as filling_kit
from tests.unit.sitting.test_records_filling import Day
from venue_server.gateway.day_export import DayExport, Exported
from venue_server.records.filling import Printed
from venue_server.records.service import RoomRecord
from venue_server.staff.person import Person
from venue_server.wire.day_records import OpenPoint
from venue_server.wire.names import Mode, Role, SessionState
from venue_server.wire.record_orders import AnswerRecordPoint
from venue_server.wire.refusals import Refusal
from venue_server.wire.remarks import Remark, RemarkCode

clock, hq = sitting_kit.clock, sitting_kit.hq
make_venue, venue = sitting_kit.make_venue, sitting_kit.venue
day = filling_kit.day

INVIGILATOR, CHIEF = Role.INVIGILATOR, Role.CHIEF
NEVER_CAME = ("NOT_LOGGED_IN:3601123402", "NOT_LOGGED_IN:3601123403")


@dataclass(frozen=True)
class DayRow:
    """One line: what somebody does on a day that has ended (or to a book), and what comes of it."""

    number: str
    situation: str
    outcome: Callable[[Any], Awaitable[object]]
    expected: object

    def __str__(self) -> str:
        return f"{self.number} {self.situation}"


def word(done: object) -> str:
    return done.code.value if isinstance(done, Refusal) else "done"


async def ready(day: Day) -> None:
    """Everything but the signatures: reconciled, every point looked at."""
    await filling_kit.reconcile(day)
    for room in ("R1", "R2"):
        points = [each.point for each in day.record(room).content.points]
        order = AnswerRecordPoint(0, room, points)
        assert isinstance(await day.filling.answer("s1", day.people["chief"], order), RoomRecord)


def sealed_by(*first_room: str, then: Callable[[Day], Awaitable[object]] | None = None) -> Any:
    """May it be sealed when these signed room R1, everybody room R2, and then something happens?"""

    async def ask(day: Day) -> str:
        await ready(day)
        await day.sign_all("R2", "inv-3", "inv-4")
        for who in first_room:
            signed = await day.sign(who, CHIEF if who == "chief" else INVIGILATOR)
            assert isinstance(signed, RoomRecord), signed
        if then is not None:
            await then(day)
        refusal = day.records.may_seal("s1")
        return refusal.code.value if refusal else "done"

    return ask


async def unreconciled(day: Day) -> str:
    refusal = day.records.may_seal("s1")
    return refusal.code.value if refusal else "done"


async def something_open(day: Day) -> None:
    remark = Remark(RemarkCode.NOT_HANDED_IN)
    day.points.append(OpenPoint("I02", remark, [CHIEF], "R1", blocks_sealing=True))


def signs(who: Person | str, role: Role, content_hash: str = "", state: str = "") -> Any:
    """What somebody hears who signs room R1 once every point was looked at."""

    async def ask(day: Day) -> str:
        await ready(day)
        if state:
            await day.venue.service.advance_session("s1", SessionState(state))
        person = day.people[who] if isinstance(who, str) else who
        digest = content_hash or day.record().content.content_hash
        return word(await day.records.sign("s1", "R1", person, role, digest))

    return ask


async def unlooked(day: Day) -> str:
    return word(await day.sign("inv-1", INVIGILATOR))


async def struck(day: Day) -> list[object]:
    fields = day.record("R2").content.fields
    return [fields[label] for label in ("换机", "违纪违规", "突发事件及处理", "备注", "缺考")]


def exports(day: Day, folder: Path) -> DayExport:
    """The exports of this day; nobody has a paper, and the disk has room."""
    nobody = SimpleNamespace(of_seat=lambda _room, _seat: None)
    parts = SimpleNamespace(
        ledger=day.venue.ledger,
        sittings=day.venue.service,
        clock=SimpleNamespace(now_ms=day.venue.clock),
        forms=SimpleNamespace(assignment=lambda _session: nobody),
        disks=SimpleNamespace(may_export=lambda _size: None),
        mode=Mode.REHEARSAL,
        venue_id="v1",
    )
    key = Ed25519PrivateKey.generate()
    return DayExport(cast(Any, parts), day.venue.store, day.records, key, folder)


def reminded(ms_after_end: int) -> Any:
    """Is anybody told that the counts are due, so long after the end?"""

    async def ask(day: Day) -> list[str]:
        one = day.venue
        one.clock.now = one.service.session("s1").whole.end_ms + ms_after_end
        return [each.code.value for each in exports(day, Path()).alarms()]

    return ask


def prints(signed: bool, times: int, content_hash: str = "") -> Any:
    """The last of so many prints: 草稿, 正本 or 副本."""

    async def ask(day: Day) -> str:
        await ready(day)
        if signed:
            await day.sign_all("R1", "inv-1", "inv-2")
        digest = content_hash or day.record().content.content_hash
        for _ in range(times):
            done = await day.filling.print("s1", "R1", digest, day.people["inv-1"])
        if not isinstance(done, Printed):
            return word(done)
        shown = done.as_result()
        return "草稿" if shown["draft"] else "副本" if shown["copy"] else "正本"

    return ask


def exported(state: SessionState, folder: Path) -> Any:
    """(who is named in the document, the ledger's last entry, its actor) of an export."""

    async def ask(day: Day) -> object:
        session = replace(day.venue.service.session("s1"), state=state)
        done = await exports(day, folder).export(session, "chief", "王主考")
        if not isinstance(done, Exported):
            return word(done)
        told = json.loads(done.file.read_text("utf-8"))["payload"]["exported"]
        entry = day.venue.last_event()
        digest = entry["data"]["sha256"] == done.sha256
        return told["person_id"], told["name"], told["at_ms"] > 0, entry["actor"], digest

    return ask


async def outcomes(day: Day) -> list[str]:
    """Outcomes in the export, when seat 02 was sent away before the paper opened."""
    sent_away = "UPDATE sitting SET state = 'TERMINATED' WHERE seat_no = '02'"
    await day.venue.store.write(lambda tx: tx.exec_driver_sql(sent_away))
    payload = exports(day, Path()).payload(day.venue.service.session("s1"), "chief", "")
    return [each["outcome"] for each in payload["seating"]]


async def said_to_a_point(day: Day) -> list[str]:
    await day.look(NEVER_CAME[0], remark="因病未到")
    await day.look(NEVER_CAME[1])
    told: list[str] = day.record().content.fields["核查事项"]
    return told
