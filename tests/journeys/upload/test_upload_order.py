"""The one order there is: collected, backed up, sealed, uploading, uploaded, wiped (L01)."""

import json
from pathlib import Path

import pytest

from venue_server.backup.service import BackupReport
from venue_server.ledger.book import compare
from venue_server.upload import wiping
from venue_server.upload.bundle import SealedBundle
from venue_server.upload.outcome import Uploaded
from venue_server.upload.wiping import WipeOrder
from venue_server.wire.names import DataState
from venue_server.wire.refusals import Refusal, RefusalCode

NOTHING = WipeOrder({}, {}, {})
PERSONS = ("p1", "p2")


def code(outcome: object) -> RefusalCode:
    assert isinstance(outcome, Refusal), outcome
    return outcome.code


async def test_l01_the_whole_way(world, service, kit, tmp_path: Path) -> None:
    sittings = await world.sealed()
    assert world.state() is DataState.SEALED
    uploaded = await world.upload.upload(kit.SESSION)
    assert isinstance(uploaded, Uploaded)
    assert uploaded.sittings == 3
    assert world.state() is DataState.UPLOADED
    key = tmp_path / "answers.key"
    key.write_bytes(b"k" * 32)
    certificate = await world.wiping.wipe(
        kit.SESSION, PERSONS, WipeOrder({"answers.key": key}, {}, {})
    )
    assert isinstance(certificate, dict)
    assert certificate["persons"] == ["p1", "p2"]
    assert [item["name"] for item in certificate["items"]] == ["answers.key"]
    assert not key.exists()
    assert world.state() is DataState.WIPED
    assert world.events() == [
        "session.ended",
        "answers.backed-up",
        "answers.backed-up",
        "session.sealed",
        "upload.cleared",
        "upload.begun",
        "upload.done",
        "upload.receipt-matched",
        "wipe.begun",
        "wipe.done",
    ]
    assert compare(world.store, [world.ledger_file]).ok
    answers = next((tmp_path / "hq" / "results").glob("*/answers.json"))
    arrived = json.loads(answers.read_text())
    for one in sittings:
        assert arrived[one.sitting_id]["seq"] == (one.final_seq or 0)
    assert arrived["S1/01"]["answers"]["I2"] == {"RESPONSE": ["甲", "乙"]}


@pytest.mark.parametrize("state", [DataState.COLLECTING, DataState.COLLECTED])
async def test_l01_no_upload_and_no_sealing_before_a_backup(world, kit, state) -> None:
    world.add_session(state)
    assert code(await world.upload.upload(kit.SESSION)) is RefusalCode.BACKUP_MISSING
    sealed = await world.upload.seal(kit.SESSION, world.extract([]), {}, "p1,p2")
    assert code(sealed) is RefusalCode.BACKUP_MISSING
    assert world.state() is state


async def test_l01_no_upload_before_sealing(world, kit) -> None:
    world.add_session(DataState.COLLECTED)
    assert isinstance(await world.backup.make(kit.SESSION, {}), BackupReport)
    assert world.state() is DataState.BACKED_UP
    assert code(await world.upload.upload(kit.SESSION)) is RefusalCode.SESSION_WRONG_STATE


@pytest.mark.parametrize("state", [DataState.COLLECTING, DataState.WIPED])
async def test_l01_no_backup_before_collection_or_after_wiping(world, kit, state) -> None:
    world.add_session(state)
    assert code(await world.backup.make(kit.SESSION, {})) is RefusalCode.SESSION_WRONG_STATE
    assert world.backup.copies(kit.SESSION) == []


@pytest.mark.parametrize("state", [state for state in DataState if state is not DataState.UPLOADED])
async def test_l11_no_wiping_without_a_receipt(world, kit, state, tmp_path: Path) -> None:
    world.add_session(state)
    key = tmp_path / "answers.key"
    key.write_bytes(b"k" * 32)
    order = WipeOrder({"answers.key": key}, {}, {})
    assert code(await world.wiping.wipe(kit.SESSION, PERSONS, order)) is RefusalCode.NOT_UPLOADED
    assert key.read_bytes() == b"k" * 32


async def test_l11_a_state_column_alone_never_wipes(world, kit, tmp_path: Path) -> None:
    await world.sealed()
    world.force(DataState.UPLOADED)
    assert code(await world.wiping.wipe(kit.SESSION, PERSONS, NOTHING)) is RefusalCode.NOT_UPLOADED


async def test_l11_wiping_needs_two_people(world, kit) -> None:
    wiped = await world.wiping.wipe(kit.SESSION, ("p1", "p1"), NOTHING)
    assert code(wiped) is RefusalCode.SAME_PERSON


async def test_l11_an_interrupted_wiping_goes_on_and_tells_of_everything(
    world, service, kit, tmp_path: Path
) -> None:
    await world.sealed()
    await world.upload.upload(kit.SESSION)
    key = tmp_path / "answers.key"
    key.write_bytes(b"k" * 32)

    def broken() -> None:
        raise OSError("a station is gone")

    keys = {"answers.key": key}
    with pytest.raises(OSError, match="station"):
        await world.wiping.wipe(kit.SESSION, PERSONS, WipeOrder(keys, {}, {"stations": broken}))
    assert not key.exists()
    assert world.state() is DataState.UPLOADED
    world.restart()
    order = WipeOrder(keys, {}, {"stations": lambda: None})
    certificate = await world.wiping.wipe(kit.SESSION, PERSONS, order)
    assert isinstance(certificate, dict)
    assert [item["name"] for item in certificate["items"]] == ["answers.key", "stations"]
    assert certificate == await world.wiping.wipe(kit.SESSION, PERSONS, order)
    assert world.events().count("wipe.begun") == world.events().count("wipe.done") == 1


@pytest.mark.parametrize("point", ["_destroy", "_finish", "_search"])
async def test_l11_wherever_it_stops_it_is_not_done_and_goes_on(
    world, service, kit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    await world.sealed()
    await world.upload.upload(kit.SESSION)
    key = tmp_path / "venue" / "answers.key"
    key.write_bytes(b"k" * 32)

    look = wiping._search

    def cut(*args: object, **named: object) -> object:
        if named.get("begun", True):
            raise OSError("power")
        return look(*args, **named)

    def order() -> WipeOrder:
        secrets = [key.read_bytes()] if key.exists() else []
        return WipeOrder(
            {"answers.key": key}, {}, {}, secrets=lambda: secrets, folders=(tmp_path / "venue",)
        )

    where = wiping.Wiping if point == "_finish" else wiping
    with monkeypatch.context() as broken:
        broken.setattr(where, point, cut)
        with pytest.raises(OSError, match="power"):
            await world.wiping.wipe(kit.SESSION, PERSONS, order())
    assert world.state() is DataState.UPLOADED
    assert world.wiping.certificate(kit.SESSION) is None
    world.restart()
    assert world.wiping.begun(kit.SESSION) == PERSONS
    done = await world.wiping.wipe(kit.SESSION, PERSONS, order())
    assert isinstance(done, dict) and world.state() is DataState.WIPED
    assert [item["name"] for item in done["items"]] == ["answers.key"]
    assert done["searched_before"]["files"] > 0, "it was searched when it began"
    # Once the key is gone nothing can be looked for, and the certificate does not say it was.
    assert (done["searched_after"] is None) == (point != "_destroy")
    assert world.wiping.begun(kit.SESSION) is None and not key.exists()


async def test_l03_sealing_happens_once_and_uploading_twice_changes_nothing(
    world, service, kit
) -> None:
    await world.sealed()
    again = await world.upload.seal(kit.SESSION, world.extract([]), {}, "p1,p2")
    assert code(again) is RefusalCode.SESSION_WRONG_STATE
    first = await world.upload.upload(kit.SESSION)
    assert first == await world.upload.upload(kit.SESSION)
    assert world.events().count("upload.done") == 1


async def test_l02_answers_that_differ_from_the_receipt_are_never_sealed(world, kit) -> None:
    world.add_session(DataState.COLLECTED)
    await world.backup.make(kit.SESSION, {})
    entries = kit.chain("S1/01", [("I1", {"RESPONSE": ["B"]})])
    whole = kit.sitting(1, entries)
    for wrong in (
        kit.replace(whole, final_head="0" * 64),
        kit.replace(whole, entries=lambda: iter(entries[:-1])),
        kit.replace(whole, entries=lambda: iter(entries[1:])),
    ):
        sealed = await world.upload.seal(kit.SESSION, world.extract([wrong]), {}, "p1,p2")
        assert code(sealed) is RefusalCode.CHAIN_BROKEN
        assert world.state() is DataState.BACKED_UP
        assert list((world.root / "venue").glob("*bundle*")) == []
    sealed = await world.upload.seal(kit.SESSION, world.extract([whole]), {}, "p1,p2")
    assert isinstance(sealed, SealedBundle)
