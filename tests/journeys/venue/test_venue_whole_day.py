"""One small day from the signed plan to the wiped keys, through the doors people use."""

import base64
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from venue_server.headquarters.service_keys import HeadquartersKeys
from venue_server.rehearsal.headquarters_side import FORM_ID, PAPER_ID, SESSION_ID
from venue_server.rehearsal.options import DayTimes
from venue_server.upload.opening import OpenedBundle, open_bundle
from venue_server.wire.console_orders import (
    AllowLogin,
    ConfirmExit,
    GetRoomRecord,
    GetStatus,
    Reconcile,
    SealSession,
    SignRoomRecord,
    UploadSession,
    VerifyLedger,
    WipeSession,
)
from venue_server.wire.names import DataState, SessionState, SittingState, SubmitKind
from venue_server.wire.receipt_code import receipt_code
from venue_server.wire.record_orders import GetCloseCheck
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.signed import public_keys
from venue_server.wire.station_messages import SaveAck
from venue_server.wire.stream import StreamReader
from venue_server.wire.wiping_orders import WipePaper

STORY = [
    "venue.initialised",
    "server.started",
    "clock.set",
    "plan.imported",
    "receipt.opened",
    "paper.manifest-accepted",
    "paper.fragment-accepted",
    "paper.fragment-accepted",
    "paper.fragment-accepted",
    "paper.complete",
    "receipt.closed",
    "machine.enrolled",
    "paper.verified-at-station",
    "candidate.admitted",
    "room.login-allowed",
    "candidate.logged-in",
    "candidate.confirmed",
    "candidate.rules-acknowledged",
    "release.armed",
    "release.token-held",
    "session.started",
    "release.done",
    "candidate.paper-opened",
    "candidate.submitted",
    "session.ended",
    "answers.collected",
    "answers.backed-up",
    "session.reconciled",
    "record.signed",
    "session.sealed",
    "upload.begun",
    "upload.receipt-matched",
    "wipe.begun",
    "wipe.done",
]


@dataclass
class People:
    """Who acts in this day."""

    admin: Any
    chief: Any
    rooms: dict[str, Any]


def is_subsequence(wanted: list[str], found: list[str]) -> bool:
    rest = iter(found)
    return all(each in rest for each in wanted)


async def test_a_whole_day_from_the_plan_to_the_wiped_keys(world: Any, kit: Any) -> None:
    admin, chief = await world.console(kit.ADMIN), await world.console(kit.CHIEF)
    await world.plan(admin)
    await world.receive(admin)
    first = await world.station(admin, "01", "01")
    other = await world.station(admin, "02", "02")
    people = People(admin, chief, await world.invigilators())
    papers = [await station.fetch() for station in (first, other)]

    await admission(world, kit.DAY, people, first, other)
    await world.arm(chief)
    await world.released(chief)
    for station, paper in zip((first, other), papers, strict=True):
        opens(await station.content_key(), paper)
    chains = await answering(world, kit, people, first, other)
    await ending(world, kit.DAY, people, first, other)
    before = await chief.order(GetCloseCheck(0, SESSION_ID))
    assert before["closed"] is False
    assert {p["number"] for p in before["sessions"][SESSION_ID] if p["open"]} == {2, 3, 5, 8}
    await closing(world, people, first)
    heads = {chain.sitting_id: chain.head for chain in chains}
    opened = bundle(world.keys, world.data)
    assert {s.head.sitting_id: s.head.head for s in opened.sittings if s.chain} == heads
    forensic(opened, first, other)
    await wiping(world, people, first, other)

    events = [entry["event"] for entry in world.ledger()]
    assert is_subsequence(STORY, events)
    again = SealSession(0, SESSION_ID, world.second("admin-a"))
    assert await chief.refused(again) is RefusalCode.NOT_RECONCILED
    done = await chief.order(GetCloseCheck(0, SESSION_ID))
    assert done["closed"] is True, done["next"]
    verdict = await admin.order(VerifyLedger(0))
    assert verdict["ok"] is True, verdict


async def admission(world: Any, day: DayTimes, people: People, first: Any, other: Any) -> None:
    """F01-F12: the door and the log-in screen, with every no on the way."""
    door = people.rooms["01"]
    candidate = world.admission(first.candidate)
    assert await door.refused(AllowLogin(0, "01")) is RefusalCode.ADMISSION_NOT_OPEN
    assert await door.refused(candidate) is RefusalCode.ADMISSION_NOT_OPEN
    world.go(day.at(-30))

    no = _changed(candidate, ticket_no="26990199")
    assert await door.refused(no) is RefusalCode.TICKET_UNKNOWN
    no = _changed(candidate, ticket_checked=False)
    assert await door.refused(no) is RefusalCode.DOCUMENTS_INCOMPLETE
    no = _changed(candidate, id_number=other.candidate.id_number)
    assert await door.refused(no) is RefusalCode.ID_MISMATCH
    assert _code(await first.log_in()) is RefusalCode.LOGIN_NOT_ALLOWED
    await door.order(AllowLogin(0, "01"))
    assert _code(await first.log_in()) is RefusalCode.NOT_ADMITTED
    await door.order(candidate)
    assert await door.refused(candidate) is RefusalCode.ALREADY_ADMITTED

    wrong = first.client.log_in(first.candidate.ticket_no, other.candidate.id_number)
    assert _code(await wrong) is RefusalCode.ID_MISMATCH
    await people.rooms["02"].order(world.admission(other.candidate))
    await people.rooms["02"].order(AllowLogin(0, "02"))
    elsewhere = other.client.log_in(first.candidate.ticket_no, first.candidate.id_number)
    assert _code(await elsewhere) is RefusalCode.WRONG_SEAT
    await first.seated()
    await other.seated()


def opens(key: bytes, paper: Any) -> None:
    """E02: the form key opens the ciphertext the station fetched long before."""
    with paper.open("rb") as sealed, zipfile.ZipFile(StreamReader(key, sealed)) as archive:
        index = json.loads(archive.read("paper.json"))
        assert archive.testzip() is None
    assert index["subject_code"] == "9901"


async def answering(world: Any, kit: Any, people: People, first: Any, other: Any) -> list[Any]:
    """G01, G09, L02: saves, a hand-in too early, one in time, and one at zero."""
    world.go(kit.DAY.at(0))
    chains = []
    for station in (first, other):
        chain = kit.Chain(station.sitting_id)
        station.client.paper_opened(station.sitting_id, world.now_ms())
        for number in range(3):
            chain.add(world.now_ms(), f"答案{number}")
        ack = await station.save(*chain.entries)
        assert (ack.seq, ack.head) == (3, chain.head)
        chains.append(chain)

    chain, mine = chains[0], first.sitting_id
    gone = first.client.submit(mine, SubmitKind.EARLY, chain.entries[-1].seq, "0" * 64)
    assert _code(await gone) is RefusalCode.SAVE_GAP
    soon = first.client.submit(mine, SubmitKind.EARLY, 3, chain.head)
    assert _code(await soon) is RefusalCode.ROOM_CLOSED
    world.go(kit.DAY.at(5))
    late = world.candidate("01", "02")
    door = people.rooms["01"]
    assert await door.refused(world.admission(late)) is RefusalCode.ADMISSION_CLOSED

    world.go(kit.DAY.at(75))
    chain.add(world.now_ms(), kind="submit")
    await first.save(chain.entries[-1])
    receipt = await first.client.submit(mine, SubmitKind.EARLY, 4, chain.head)
    assert (receipt.head, receipt.code) == (chain.head, receipt_code(chain.head))
    again = await first.client.submit(mine, SubmitKind.EARLY, 4, chain.head)
    assert again.at_ms == receipt.at_ms, "the same hand-in sent again gets the same receipt"
    return chains


async def ending(world: Any, day: DayTimes, people: People, first: Any, other: Any) -> None:
    """G09, L01: the end comes by itself; then collected and backed up by themselves."""
    assert await people.chief.refused(Reconcile(0, SESSION_ID)) is RefusalCode.SESSION_WRONG_STATE
    leaving = ConfirmExit(0, "02", other.sitting_id)
    refused = await people.rooms["02"].refused(leaving)
    assert refused is RefusalCode.SITTING_WRONG_STATE, "nobody leaves before the hand-in"
    world.go(day.at(90))
    chain_head = await other.client.submit(other.sitting_id, SubmitKind.AUTO, 3, _head(other))
    assert not isinstance(chain_head, Refusal), chain_head
    await people.chief.board(
        lambda b: b.venue is not None and b.venue.data_state is DataState.BACKED_UP, "the backup"
    )
    board = people.chief.client.board
    assert board.venue.session_state is SessionState.ENDED
    await people.chief.board(lambda b: b.seats["01"]["02"].state is SittingState.ABSENT, "K04")
    for station in (first, other):
        console = people.rooms[station.room_id]
        await console.order(ConfirmExit(0, station.room_id, station.sitting_id))


async def closing(world: Any, people: People, first: Any) -> None:
    """K01, L01-L08: reconcile, sign, seal, upload; no step before the one it needs."""
    admin, chief, rooms = people.admin, people.chief, people.rooms
    seal = SealSession(0, SESSION_ID, world.second("admin-a"))
    wipe = WipeSession(0, SESSION_ID, world.second("chief-1"))
    assert await chief.refused(seal) is RefusalCode.NOT_RECONCILED
    assert (await chief.order(Reconcile(0, SESSION_ID)))["consistent"] is True
    assert await chief.refused(seal) is RefusalCode.POINTS_UNANSWERED
    await world.look_at_points(chief)
    assert await chief.refused(seal) is RefusalCode.RECORD_UNSIGNED
    assert await rooms["01"].refused(SignRoomRecord(0, "01", "f" * 64)) is (
        RefusalCode.RECORD_CHANGED
    )
    for room_id in rooms:
        second = next(
            c for c in world.consoles if c.client.signed_in.person_id == f"inv-{room_id}-2"
        )
        for console in (rooms[room_id], second, chief):
            record = await console.order(GetRoomRecord(0, room_id))
            await console.order(SignRoomRecord(0, room_id, record["content_hash"]))
    await chief.order(seal)
    assert await admin.refused(wipe) is RefusalCode.NOT_UPLOADED
    result = await admin.order(UploadSession(0, SESSION_ID))
    assert result["receipt"]["sittings"], result
    status = await admin.order(GetStatus(0))
    assert status["released_at_ms"] > 0


async def wiping(world: Any, people: People, first: Any, other: Any) -> None:
    """L10: keys, secret and papers are destroyed; stations are told; nothing opens any more."""
    assert first.heard.all(WipePaper) == []
    paper = next((world.data / "papers").iterdir())
    key = world.data / "keys" / "answers" / f"{SESSION_ID}.key"
    assert key.exists()
    secret = json.loads((world.template.own / "release-secret.json").read_text())["release_secret"]
    assert {path.name for path in holding(world, secret)} <= {"venue.sqlite", "venue.sqlite-wal"}
    assert holding(world, secret), "until the wipe it is in the store, and in no backup"
    wipe = WipeSession(0, SESSION_ID, world.second("chief-1"))
    await people.admin.order(wipe)
    assert holding(world, secret) == []
    for station in (first, other):
        told = await station.heard.next(WipePaper)
        assert told.sitting_id == station.sitting_id
        station.client.paper_wiped(told.paper_id)
    assert not key.exists()
    assert not list(paper.iterdir())
    async with first.client.link.get(f"/papers/{PAPER_ID}/{FORM_ID}", {}) as answer:
        assert answer.status == 404
    again = await people.admin.client.order(wipe)
    assert _code(again) is RefusalCode.NOT_UPLOADED, "once"


def forensic(opened: OpenedBundle, *stations: Any) -> None:
    """Y05, C07: what the bundle says of everyone who sat, and of the session as a whole."""
    export = opened.records["export"]
    assert export["type"] == "kaodian.session-export"
    machines = {
        row["sitting_id"]: [each["machine_id"] for each in row["machines"]]
        for row in export["seating"]
    }
    for station in stations:
        (one,) = [s for s in opened.sittings if s.head.sitting_id == station.sitting_id]
        assert set(one.answers) <= {item["item_id"] for item in one.timeline["items"]}
        told = {entry["event"] for entry in one.timeline["events"]}
        assert told >= {"candidate.admitted", "candidate.logged-in", "candidate.paper-opened"}
        assert one.timeline["neighbours"] == one.row["neighbours"]
        assert machines[station.sitting_id] == [one.row["machine_id"]]
    record = opened.records["room_records"]["01"]
    assert record["content"]["record"]["核查事项"] != "无"


def holding(world: Any, secret: str) -> list[Path]:
    """Every file of the venue and its media with the release secret in it."""
    text, raw = secret.encode(), base64.b64decode(secret)
    files = [path for path in world.data.rglob("*") if path.is_file() and path.name != "reserve"]
    return [path for path in files if any(form in path.read_bytes() for form in (text, raw))]


def bundle(keys: HeadquartersKeys, data: Any) -> OpenedBundle:
    """The one bundle that arrived at headquarters, opened with headquarters' key."""
    (file,) = (keys.data_dir / "bundles").glob("*.kdbundle")
    public = (data / "keys" / "venue.ed25519.pub").read_text().strip()
    opened = open_bundle(file, keys.bundle, public_keys([public]))
    assert isinstance(opened, OpenedBundle), opened
    return opened


def _code(done: object) -> RefusalCode:
    assert isinstance(done, Refusal), done
    return done.code


def _head(station: Any) -> str:
    return str(station.heard.all(SaveAck)[-1].head)


def _changed(message: Any, **change: object) -> Any:
    return msgspec.structs.replace(message, **change)
