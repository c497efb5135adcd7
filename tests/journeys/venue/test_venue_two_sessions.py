"""Two sessions a day: the afternoon never makes the morning's answers wait or get lost (L01)."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from venue_server.day import EndKeeper
from venue_server.headquarters.service_keys import HeadquartersKeys, init_headquarters
from venue_server.rehearsal.headquarters_side import SESSION_ID, VENUE_ID
from venue_server.responses.answer_keys import escrow_info
from venue_server.sitting.rows import Session
from venue_server.wire.canonical import canonical
from venue_server.wire.console_orders import (
    GetRoomRecord,
    ImportPlan,
    Reconcile,
    SealSession,
    SignRoomRecord,
    UploadSession,
    WipeSession,
)
from venue_server.wire.hpke import HpkeError
from venue_server.wire.names import SessionState, SubmitKind
from venue_server.wire.refusals import Refusal
from venue_server.wire.signed import sign

AFTERNOON = "rehearsal-pm"
HOURS_LATER = 4
TOMORROW = "tomorrow-am"
DAY_MS = 24 * 3_600_000


def with_afternoon(world: Any, file: Path) -> Path:
    """The day's plan with a second session four hours after the first."""
    payload = json.loads(file.read_bytes())["payload"]
    (morning,) = payload["sessions"]
    later = HOURS_LATER * 3_600_000
    moved = {name: morning[name] + later for name in ("start_ms", "receipt_open_ms")}
    moved["receipt_close_ms"] = morning["receipt_close_ms"] + later
    payload["sessions"].append({**morning, **moved, "session_id": AFTERNOON})
    file.write_bytes(canonical(sign(payload, world.keys.signing)))
    return file


@pytest.fixture
async def day(world: Any, kit: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """An exam whose plan has an afternoon as well."""

    async def plan(admin: Any) -> None:
        file = world.folder / "plan.signed.json"
        world.headquarters.write_plan(world.cast, kit.DAY, file)
        order = ImportPlan(0, str(with_afternoon(world, file)), world.second(kit.ADMIN_B))
        result = await admin.order(order)
        assert result["sessions"] == [SESSION_ID, AFTERNOON]

    monkeypatch.setattr(world, "plan", plan)
    return await kit.begin_exam(world, ("01", "01"), ("02", "02"))


async def test_l01_the_morning_is_collected_signed_and_sent_home_in_the_afternoon(
    day: Any, kit: Any
) -> None:
    world, chief = day.world, day.chief
    chains = [kit.Chain(station.sitting_id) for station in day.stations]
    for station, chain in zip(day.stations, chains, strict=True):
        await day.next_save(station, chain)
    world.go(kit.DAY.at(90))
    await chief.board(lambda b: b.venue.session_state is SessionState.ENDED)
    handed_in = await day.first.client.submit(
        chains[0].sitting_id, SubmitKind.AUTO, 1, chains[0].head
    )
    assert not isinstance(handed_in, Refusal)
    # One station stays away until the afternoon's doors open.
    world.go(kit.DAY.at(60 * HOURS_LATER - 30))
    await chief.board(lambda b: b.venue.session_id == AFTERNOON)
    assert world.events("answers.collected") == []
    late = await day.other.client.submit(chains[1].sitting_id, SubmitKind.AUTO, 1, chains[1].head)
    assert not isinstance(late, Refusal)
    await world.until(lambda: len(world.events("answers.backed-up")) == 1)

    assert (await chief.order(Reconcile(0, SESSION_ID)))["consistent"] is True
    await world.look_at_points(chief)
    for room_id in ("01", "02"):
        for console in world.consoles:
            person = console.client.signed_in
            if person.person_id == kit.CHIEF or room_id in person.rooms:
                record = await console.order(GetRoomRecord(0, room_id))
                assert record["record"], "the morning's, though the afternoon is nearer"
                await console.order(SignRoomRecord(0, room_id, record["content_hash"]))
    await chief.order(SealSession(0, SESSION_ID, world.second(kit.ADMIN)))
    done = await day.admin.order(UploadSession(0, SESSION_ID))
    assert done["receipt"]["sittings"]

    # L10: what came home is wiped; the afternoon's and the venue's own stay.
    keys = world.data / "keys"
    mine = keys / "answers" / f"{SESSION_ID}.key"
    await world.until((keys / "answers" / f"{AFTERNOON}.key").exists)  # by the clock alone
    before = {path: path.read_bytes() for path in keys.rglob("*") if path.is_file()}
    assert mine in before and keys / "answers" / f"{AFTERNOON}.key" in before
    await day.admin.order(WipeSession(0, SESSION_ID, world.second(kit.CHIEF)))
    after = {path: path.read_bytes() for path in keys.rglob("*") if path.is_file()}
    gone = {path.name for path in before.keys() - after.keys()}
    assert gone == {mine.name, f"answers-{SESSION_ID}.escrow"}
    assert all(before[path] == data for path, data in after.items())
    assert chief.client.board.venue.session_id == AFTERNOON


async def test_l09_a_backup_that_fails_is_tried_again_in_a_while_not_all_the_time(
    day: Any, kit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the other session keeps the clockwork busy, a missing medium fills no ledger."""
    world = day.world
    medium = world.data / "backup"
    shutil.rmtree(medium)
    medium.write_text("not a folder")
    chains = [kit.Chain(station.sitting_id) for station in day.stations]
    for station, chain in zip(day.stations, chains, strict=True):
        await day.next_save(station, chain)
    world.go(kit.DAY.at(90))
    await day.chief.board(lambda b: b.venue.session_state is SessionState.ENDED)
    for station, chain in zip(day.stations, chains, strict=True):
        await station.client.submit(chain.sitting_id, SubmitKind.AUTO, 1, chain.head)
    await world.until(lambda: bool(world.events("answers.backup-failed")))
    real, looks = EndKeeper._step, list[str]()

    async def counted(self: EndKeeper, session: Session) -> float:
        looks.append(session.session_id)
        return await real(self, session)

    monkeypatch.setattr(EndKeeper, "_step", counted)
    await world.until(lambda: len(looks) > 10)
    assert len(world.events("answers.backup-failed")) == 1


def tomorrow(world: Any, kit: Any, other: HeadquartersKeys) -> Path:
    """The plan of the day after, of another examination: another server, another key."""
    file: Path = world.headquarters.write_plan(world.cast, kit.DAY, world.folder / "tomorrow.json")
    payload = json.loads(file.read_bytes())["payload"]
    (session,) = payload["sessions"]
    moved = {name: session[name] + DAY_MS for name in ("start_ms", "receipt_open_ms")}
    moved["receipt_close_ms"] = session["receipt_close_ms"] + DAY_MS
    payload |= {
        "plan_id": "tomorrow",
        "sessions": [{**session, **moved, "session_id": TOMORROW}],
        "designated_server": {
            "base_url": "https://127.0.0.1:9/",
            "certificate_pem": other.certificate_pem,
        },
        "bundle_public": other.bundle_public,
    }
    file.write_bytes(canonical(sign(payload, world.keys.signing)))
    return file


async def test_l01_o06_each_session_goes_where_its_own_plan_says_and_under_its_own_key(
    world: Any, kit: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever plan came first, and whichever is the last."""
    other, of_today = init_headquarters(tmp_path / "another-headquarters"), world.plan

    async def plans(admin: Any) -> None:
        file = tomorrow(world, kit, other)
        await admin.order(ImportPlan(0, str(file), world.second(kit.ADMIN_B)))
        await of_today(admin)

    monkeypatch.setattr(world, "plan", plans)
    day = await kit.begin_exam(world, ("01", "01"), ("02", "02"))
    for station in day.stations:
        await kit.closing.hand_in(day, station)
    await kit.closing.backed_up(day)
    await kit.closing.sign_and_seal(day)
    await kit.closing.upload(day)
    (cleared,) = world.events("upload.cleared")
    assert cleared["data"]["server"] == world.headquarters.base_url
    assert len(list((world.keys.data_dir / "receipts").glob("*.json"))) == 1
    name = f"{SESSION_ID}.kdbundle"
    await world.until((world.data / "second" / "outbox" / name).exists)

    world.go(kit.DAY.at(24 * 60 - 30))
    keys = world.data / "keys" / "answers"
    await world.until((keys / f"{TOMORROW}.key").exists)
    sealed, info = (
        (keys / f"answers-{TOMORROW}.escrow").read_bytes(),
        escrow_info(VENUE_ID, TOMORROW),
    )
    assert other.bundle.open(sealed, info) == (keys / f"{TOMORROW}.key").read_bytes()
    with pytest.raises(HpkeError):
        world.keys.bundle.open(sealed, info)
