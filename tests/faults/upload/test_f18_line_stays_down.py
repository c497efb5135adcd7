"""The line to headquarters stays down: sealed bundles go by hand, two and two (F18, L09)."""

import argparse
import errno
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, update

from venue_server.gateway.console_desk import Ordered
from venue_server.gateway.day_facts import media_out
from venue_server.gateway.orders_handover import HandOverOrders
from venue_server.headquarters.service import serving
from venue_server.headquarters.service_clock import HeadquartersClock
from venue_server.headquarters.service_commands import add_commands
from venue_server.intake.custody.chain import Step
from venue_server.intake.custody.media import FoundMedium, Medium, MediumKind, MediumState
from venue_server.intake.custody.store import chain, insert_medium, move_medium
from venue_server.staff.person import Person
from venue_server.storage import schema
from venue_server.upload.handing_over import medium_io
from venue_server.upload.handing_over.medium_io import FOLDER
from venue_server.upload.handing_over.rules import (
    Export,
    HandOverAct,
    HandOverState,
    Receiver,
    may_export,
    may_hand_over,
)
from venue_server.upload.handing_over.service import (
    BY_HAND_AFTER_MS,
    HandingOver,
    HandOverSettings,
    Signed,
)
from venue_server.upload.handing_over.store import hand_over_state, insert_export
from venue_server.upload.outcome import Uploaded, UploadPending
from venue_server.upload.store import insert_bundle
from venue_server.wire.canonical import b64, canonical
from venue_server.wire.frames import Second
from venue_server.wire.handover_orders import (
    ExportBundle,
    GetHandOvers,
    HandOverBundles,
    TakeReceipts,
    TakesOver,
)
from venue_server.wire.names import DataState, Mode, Role
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.signed import key_id, sign, verify

STICK = "dev:STICK-1/0001"
NUMBERS = ("360102198001011234", "360102198102025678")
TAKERS = (Receiver("赵六", "省考试院", NUMBERS[0]), Receiver("钱七", "省考试院", NUMBERS[1]))
ACT = HandOverAct(
    session_ids=("S1",),
    medium_label="U-01",
    reference="赣考函〔2026〕9号",
    seal_no="F-77",
    givers=(("admin-a", "甲"), ("chief-1", "丙")),
    receivers=TAKERS,
)


@dataclass
class ByHand:
    """A venue whose line is dead, one registered stick in its user's hands, and headquarters."""

    world: Any
    desk: HandingOver
    stick: Path
    mode: Mode = Mode.LIVE

    async def failed_upload(self) -> None:
        """Sealed, and one attempt at a server that does not answer."""
        await self.world.sealed()
        assert isinstance(await self.world.upload.upload("S1"), UploadPending)

    async def export(self, **change: Any) -> Export | Refusal:
        named = {"session_id": "S1", "folder": self.stick, "first": "admin-a", "second": "chief-1"}
        return await self.desk.export(**(named | change))

    def state(self) -> HandOverState:
        return self.world.store.read(lambda tx: hand_over_state(tx, "S1"))

    def headquarters(self, *options: str) -> int:
        """``venue-server headquarters import-bundle`` over the stick."""
        parser = argparse.ArgumentParser()
        add_commands(parser.add_subparsers(required=True))
        data = str(self.world.headquarters.data_dir)
        words = ["headquarters", "import-bundle", "--data", data, str(self.stick), *options]
        found = parser.parse_args(words)
        status: int = found.run(found)
        return status


@pytest.fixture
def by_hand(world: Any, tmp_path: Path) -> ByHand:
    stick = tmp_path / "stick"
    stick.mkdir()
    settings = HandOverSettings(
        venue_id="V1",
        mode=Mode.LIVE,
        signing=world.signing,
        records=tmp_path / "records",
        medium_of=lambda folder: (
            FoundMedium(STICK, removable=True, disc=False) if folder == stick else None
        ),
    )
    medium = Medium(
        medium_id=STICK,
        kind=MediumKind.USB,
        label="U-01",
        keeper="deputy-1",
        user="admin-a",
        valid_from_ms=world.now_ms - 1000,
        valid_until_ms=world.now_ms + 24 * 3600 * 1000,
        seal_no="",
        quantity=1,
        state=MediumState.OUT,
    )
    world.store.submit(lambda tx: insert_medium(tx, medium)).result()
    desk = HandingOver(world.store, world.ledger, settings, lambda: world.now_ms)
    return ByHand(world, desk, stick)


def code(found: object) -> RefusalCode:
    assert isinstance(found, Refusal), found
    return found.code


async def test_f18_the_whole_way_by_hand(by_hand: ByHand, capsys: Any) -> None:
    world = by_hand.world
    await by_hand.failed_upload()
    assert by_hand.state() is HandOverState.NONE

    exported = await by_hand.export()
    assert isinstance(exported, Export) and exported.medium_label == "U-01"
    copied = by_hand.stick / FOLDER / exported.bundle_id / "bundle.kdbundle"
    assert copied.read_bytes() == world.upload.bundle("S1").bundle.file.read_bytes()
    assert by_hand.state() is HandOverState.EXPORTED

    signed = await by_hand.desk.hand_over(ACT)
    assert isinstance(signed, Signed) and signed.on_medium
    assert by_hand.state() is HandOverState.HANDED_OVER
    assert world.state() is DataState.UPLOADING  # the line goes on trying
    (step,) = world.store.read(lambda tx: chain(tx, STICK))  # the medium's own chain says so
    assert (step.step, step.persons) == (Step.GIVEN, ("admin-a", "chief-1"))
    assert (step.supervisor, step.note) == ("赵六, 钱七", signed.hand_over_id)

    receipts = by_hand.stick.parent / "receipts"
    assert by_hand.headquarters("--open", "--receipts", str(receipts)) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["opened"] and told["hand_over"] == signed.hand_over_id

    taken = await by_hand.desk.take_receipts(receipts, "admin-a", world.upload)
    assert taken == {"S1": Uploaded("S1", exported.bundle_id, 3)}
    assert world.state() is DataState.UPLOADED
    assert by_hand.state() is HandOverState.CONFIRMED
    assert world.events()[-5:] == [
        "hand-over.exported",
        "hand-over.recorded",
        "upload.done",
        "upload.receipt-matched",
        "hand-over.receipt-brought",
    ]
    # Nothing more goes by hand, and the line has nothing more to do.
    assert code(await by_hand.export()) is RefusalCode.RECEIVED_ALREADY
    assert code(await by_hand.desk.hand_over(ACT)) is RefusalCode.RECEIVED_ALREADY
    assert isinstance(await world.upload.upload("S1"), Uploaded)


async def test_l09_line_and_hand_meet_at_the_same_receipt(by_hand: ByHand, capsys: Any) -> None:
    """The medium is at headquarters and opened there; then the line comes back."""
    world = by_hand.world
    await by_hand.failed_upload()
    await by_hand.export()
    assert by_hand.headquarters("--open") == 0
    first = (world.headquarters.data_dir / "receipts").glob("*.json").__next__().read_bytes()
    async with serving(world.headquarters, HeadquartersClock(1.0, world.now_ms)) as port:
        world.base_url = f"https://127.0.0.1:{port}/"
        world.configure()
        assert isinstance(await world.upload.upload("S1"), Uploaded)
    assert world.upload.bundle("S1").receipt.encode() == first
    events = world.events()
    again = await by_hand.desk.take_receipts(by_hand.stick, "admin-a", world.upload)
    assert isinstance(again, dict) and isinstance(again["S1"], Uploaded)
    assert world.events() == [*events, "hand-over.receipt-brought"]
    assert by_hand.headquarters("--open") == 0  # the same receipt once more
    assert world.state() is DataState.UPLOADED


def test_f18_a_first_attempt_that_drips_for_half_an_hour_counts_as_tried() -> None:
    """It neither ends nor fails; people must not be kept from carrying the answers."""
    for state, minutes, allowed in (
        (DataState.UPLOADING, 29, False),
        (DataState.UPLOADING, 30, True),
        (DataState.SEALED, 300, False),
    ):
        refusal = may_export("S1", state, 0, minutes * 60_000)
        assert (refusal is None) is allowed, (state, minutes)


@pytest.mark.parametrize("state", list(DataState))
@pytest.mark.parametrize("attempts", [0, 1, 9])
def test_f18_only_a_failed_upload_goes_by_hand(state: DataState, attempts: int) -> None:
    refusal = may_export("S1", state, attempts)
    if state is DataState.UPLOADING and attempts:
        assert refusal is None
    elif state in (DataState.UPLOADED, DataState.WIPED):
        assert code(refusal) is RefusalCode.RECEIVED_ALREADY
    elif state in (DataState.SEALED, DataState.UPLOADING):
        assert code(refusal) is RefusalCode.UPLOAD_NOT_TRIED
    else:
        assert code(refusal) is RefusalCode.SESSION_WRONG_STATE


async def test_f18_before_an_upload_was_tried_nothing_leaves(by_hand: ByHand) -> None:
    assert code(await by_hand.export()) is RefusalCode.SESSION_WRONG_STATE
    await by_hand.world.sealed()
    assert code(await by_hand.export()) is RefusalCode.UPLOAD_NOT_TRIED
    assert list(by_hand.stick.iterdir()) == []


async def test_d03_l09_only_a_registered_medium_of_this_person_that_is_handed_out(
    by_hand: ByHand, tmp_path: Path
) -> None:
    world = by_hand.world
    await by_hand.failed_upload()
    assert code(await by_hand.export(folder=tmp_path)) is RefusalCode.MEDIUM_UNREGISTERED
    assert code(await by_hand.export(first="admin-b")) is RefusalCode.MEDIUM_NOT_YOURS
    gone = tmp_path / "pulled"
    assert code(await by_hand.export(folder=gone)) is RefusalCode.MEDIUM_UNREADABLE
    world.now_ms += 25 * 3600 * 1000
    assert code(await by_hand.export()) is RefusalCode.MEDIUM_NOT_VALID
    world.now_ms -= 25 * 3600 * 1000
    world.store.submit(
        lambda tx: move_medium(tx, STICK, MediumState.OUT, MediumState.KEPT)
    ).result()
    assert code(await by_hand.export()) is RefusalCode.MEDIUM_NOT_HANDED_OUT
    assert list(by_hand.stick.iterdir()) == []
    assert by_hand.state() is HandOverState.NONE


def _pulled(monkeypatch: pytest.MonkeyPatch) -> None:
    def fsync(_fd: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(medium_io.os, "fsync", fsync)


def _full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(medium_io.shutil, "disk_usage", lambda _path: SimpleNamespace(free=10))


def _lies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(medium_io, "read_back", lambda _path: "0" * 64)


@pytest.mark.parametrize("fault", [_pulled, _full, _lies])
async def test_f18_a_medium_that_fails_counts_for_nothing(
    by_hand: ByHand, fault: Callable[[pytest.MonkeyPatch], None]
) -> None:
    await by_hand.failed_upload()
    with pytest.MonkeyPatch.context() as broken:
        fault(broken)
        assert code(await by_hand.export()) is RefusalCode.EXPORT_FAILED
    assert [each for each in by_hand.stick.rglob("*") if each.is_file()] == []
    assert by_hand.state() is HandOverState.NONE
    assert code(await by_hand.desk.hand_over(ACT)) is RefusalCode.NOT_EXPORTED
    assert isinstance(await by_hand.export(), Export)  # the same medium, once it works


async def test_f18_a_bundle_damaged_on_the_server_is_not_exported(by_hand: ByHand) -> None:
    await by_hand.failed_upload()
    file: Path = by_hand.world.upload.bundle("S1").bundle.file
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)
    assert code(await by_hand.export()) is RefusalCode.EXPORT_FAILED
    assert by_hand.state() is HandOverState.NONE


# ---- the record ------------------------------------------------------------------------------

LACKING = [
    ({"session_ids": ()}, "sessions"),
    ({"session_ids": ("S1", "S1")}, "sessions"),
    ({"medium_label": " "}, "medium_label"),
    ({"reference": ""}, "reference"),
    ({"seal_no": ""}, "seal_no"),
    ({"givers": ACT.givers[:1]}, "givers < 2"),
    ({"givers": (ACT.givers[0], ACT.givers[0])}, "givers < 2"),
    ({"receivers": TAKERS[:1]}, "receivers < 2"),
    ({"receivers": (TAKERS[0], replace(TAKERS[0], name="孙八"))}, "receivers < 2"),
    ({"receivers": (TAKERS[0], replace(TAKERS[1], unit=" "))}, "receivers: name, unit, document"),
    ({"receivers": (TAKERS[0], replace(TAKERS[1], document=""))}, "receivers: name, unit, doc"),
    ({"receivers": (TAKERS[0], replace(TAKERS[1], name="甲 "))}, "nobody stands on both sides"),
]


@pytest.mark.parametrize(("change", "what"), LACKING)
async def test_l09_a_record_that_lacks_something_is_refused(
    by_hand: ByHand, change: dict[str, Any], what: str
) -> None:
    refusal = await by_hand.desk.hand_over(replace(ACT, **change))
    assert code(refusal) is RefusalCode.HAND_OVER_LACKS
    assert isinstance(refusal, Refusal) and refusal.detail.startswith(what)


_names = st.sampled_from(["甲", "乙", "丙", "赵六", "钱七", ""])
_takers = st.builds(
    Receiver, _names, st.sampled_from(["省考试院", ""]), st.sampled_from([*NUMBERS])
)


@given(
    givers=st.lists(st.tuples(st.sampled_from(["a", "b"]), _names), max_size=3),
    takers=st.lists(_takers, max_size=3),
)
def test_l09_never_fewer_than_two_and_two_different_people(
    givers: list[tuple[str, str]], takers: list[Receiver]
) -> None:
    """Whatever is entered: an accepted record names two givers and two other receivers."""
    act = replace(ACT, givers=tuple(givers), receivers=tuple(takers))
    if may_hand_over(act) is None:
        assert len({person for person, _name in givers}) >= 2
        assert len({each.document for each in takers}) >= 2
        assert all(each.name and each.unit for each in takers)
        assert not {name for _person, name in givers} & {each.name for each in takers}


async def test_l09_the_record_is_signed_and_holds_what_left(by_hand: ByHand) -> None:
    world = by_hand.world
    await by_hand.failed_upload()
    exported = await by_hand.export()
    assert isinstance(exported, Export)
    signed = await by_hand.desk.hand_over(ACT)
    assert isinstance(signed, Signed)
    public = world.signing.public_key()
    on_stick = json.loads((Path(exported.folder) / "hand-over.json").read_bytes())
    for document in (signed.document, on_stick, json.loads(signed.file.read_bytes())):
        payload = verify(document, "kaodian.hand-over", {key_id(public): public}, 1)
        assert isinstance(payload, dict)
        assert payload["bundles"][0]["sha256"] == exported.sha256
        assert [each["document"] for each in payload["receivers"]] == list(NUMBERS)


async def test_o08_no_document_number_is_in_the_ledger_or_in_a_view(by_hand: ByHand) -> None:
    world = by_hand.world
    await by_hand.failed_upload()
    answers = []
    orders = HandOverOrders(SimpleNamespace(uploads=world.upload), by_hand.desk).handlers()
    admin = Person("admin-a", "甲", frozenset({Role.SYSADMIN}), frozenset())
    chief = Person("chief-1", "丙", frozenset({Role.CHIEF}), frozenset())
    second = Second("chief-1", "secret")
    takers = [TakesOver(each.name, each.unit, each.document) for each in TAKERS]
    order = HandOverBundles(0, ["S1"], "U-01", "函9号", "F-77", takers, second)
    for each in (
        ExportBundle(0, "S1", str(by_hand.stick), second),
        order,
        GetHandOvers(0),
    ):
        answers.append(await orders[type(each).__name__](Ordered(admin, chief, "local"), each))
    assert answers[2]["sessions"][0]["state"] == "HANDED_OVER"
    assert "赵六" in str(answers[2]["sections"])
    said = str(answers) + repr(order) + world.ledger_file.read_text()
    assert "赵六" in said and "3601**********1234" in said
    assert not any(number in said for number in NUMBERS)
    nothing = await orders["TakeReceipts"](
        Ordered(admin, None, "local"), TakeReceipts(0, str(by_hand.stick))
    )
    assert code(nothing) is RefusalCode.NO_RECEIPT_FILE


async def test_d03_a_medium_that_left_with_answers_is_not_one_that_never_came_back(
    by_hand: ByHand,
) -> None:
    """The close check's seventh point: it is whoever's who received it."""
    store = by_hand.world.store
    await by_hand.failed_upload()
    await by_hand.export()
    assert store.read(media_out) == ["U-01"]
    assert isinstance(await by_hand.desk.hand_over(ACT), Signed)
    assert store.read(media_out) == []


async def test_l09_two_media_under_one_label_are_not_one_hand_over(by_hand: ByHand) -> None:
    """Labels are written by hand: what left must be on one medium."""
    await by_hand.failed_upload()
    exported = await by_hand.export()
    assert isinstance(exported, Export)

    row = {"session_id": "S2", "plan_id": "P", "state": "SEALED", "data_state": "UPLOADING"}

    def second(tx: Connection) -> None:
        tx.execute(schema.session.insert().values(**row))
        bundle = by_hand.world.upload.bundle("S1").bundle
        insert_bundle(tx, "S2", replace(bundle, bundle_id="e" * 32), 1, "p1,p2")
        twin = {"session_id": "S2", "bundle_id": "e" * 32, "medium_id": "dev:TWIN/1"}
        insert_export(tx, replace(exported, export_id="export-2", **twin))

    by_hand.world.store.submit(second).result()
    refusal = await by_hand.desk.hand_over(replace(ACT, session_ids=("S1", "S2")))
    assert code(refusal) is RefusalCode.NOT_EXPORTED


async def test_l03_a_bundle_that_was_sealed_anew_is_handed_over_anew(by_hand: ByHand) -> None:
    await by_hand.failed_upload()
    await by_hand.export()
    assert isinstance(await by_hand.desk.hand_over(ACT), Signed)
    by_hand.world.store.submit(
        lambda tx: tx.execute(update(schema.upload_outbox).values(bundle_id="f" * 32))
    ).result()
    assert by_hand.state() is HandOverState.NONE
    assert code(await by_hand.desk.hand_over(ACT)) is RefusalCode.NOT_EXPORTED


async def test_f18_people_are_told_to_go_by_hand_and_only_while_it_helps(by_hand: ByHand) -> None:
    world = by_hand.world
    await by_hand.failed_upload()
    assert by_hand.desk.alarms() == []
    world.now_ms += BY_HAND_AFTER_MS
    assert [str(each.code) for each in by_hand.desk.alarms()] == ["ALM-93"]
    assert isinstance(await by_hand.export(), Export)
    assert len(by_hand.desk.alarms()) == 1
    assert isinstance(await by_hand.desk.hand_over(ACT), Signed)
    assert by_hand.desk.alarms() == []


# ---- headquarters' table ---------------------------------------------------------------------


async def test_l03_headquarters_opens_nothing_by_itself(by_hand: ByHand, capsys: Any) -> None:
    await by_hand.failed_upload()
    exported = await by_hand.export()
    assert isinstance(exported, Export)
    assert by_hand.headquarters() == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["opened"], told["session_id"], told["hand_over"]) == (False, "S1", None)
    data: Path = by_hand.world.headquarters.data_dir
    assert list((data / "results").iterdir()) == list((data / "receipts").iterdir()) == []
    assert not (Path(exported.folder) / "receipt.json").exists()


def _flip(place: Path, _world: Any) -> None:
    file = place / "bundle.kdbundle"
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def _cut(place: Path, _world: Any) -> None:
    file = place / "bundle.kdbundle"
    file.write_bytes(file.read_bytes()[:-1])


def _renamed(place: Path, _world: Any) -> None:
    place.rename(place.with_name("0" * 32))


def _record_of_another(place: Path, world: Any) -> None:
    record = json.loads((place / "hand-over.json").read_bytes())
    record["payload"]["bundles"][0]["sha256"] = "0" * 64
    (place / "hand-over.json").write_bytes(canonical(sign(record["payload"], [world.signing])))


def _record_forged(place: Path, _world: Any) -> None:
    record = json.loads((place / "hand-over.json").read_bytes())
    record["payload"]["reference"] = "another"
    (place / "hand-over.json").write_bytes(canonical(record))


def _stranger(_place: Path, world: Any) -> None:
    for file in (world.headquarters.data_dir / "venues").iterdir():
        public = b64(Ed25519PrivateKey.generate().public_key().public_bytes_raw())
        file.write_text(json.dumps({"venue_id": "V1", "public": public}))


@pytest.mark.parametrize(
    ("harm", "expected"),
    [
        (_flip, "DOC-01"),
        (_cut, "DOC-01"),
        (_renamed, "DOC-01"),
        (_record_of_another, "DOC-01"),
        (_record_forged, "DOC-04"),
        (_stranger, "DOC-04"),
    ],
)
async def test_f18_what_is_not_as_it_left_gets_no_receipt(
    by_hand: ByHand, capsys: Any, harm: Callable[[Path, Any], None], expected: str
) -> None:
    await by_hand.failed_upload()
    exported = await by_hand.export()
    assert isinstance(exported, Export)
    await by_hand.desk.hand_over(ACT)
    harm(Path(exported.folder), by_hand.world)
    assert by_hand.headquarters("--open") == 2
    assert json.loads(capsys.readouterr().out)["refused"] == expected
    data: Path = by_hand.world.headquarters.data_dir
    assert list((data / "receipts").iterdir()) == list((data / "by-hand").iterdir()) == []


async def test_f18_a_damaged_second_medium_does_not_take_the_good_ones_place(
    by_hand: ByHand, capsys: Any
) -> None:
    await by_hand.failed_upload()
    exported = await by_hand.export()
    assert isinstance(exported, Export)
    assert by_hand.headquarters() == 0
    _flip(Path(exported.folder), None)
    assert by_hand.headquarters() == 2
    kept = by_hand.world.headquarters.data_dir / "by-hand" / f"{exported.bundle_id}.kdbundle"
    assert kept.read_bytes() == by_hand.world.upload.bundle("S1").bundle.file.read_bytes()


# ---- receipts that came back -----------------------------------------------------------------


async def test_l08_a_brought_receipt_passes_the_checks_of_a_sent_one(
    by_hand: ByHand, capsys: Any
) -> None:
    world = by_hand.world
    await by_hand.failed_upload()
    exported = await by_hand.export()
    assert isinstance(exported, Export)
    assert by_hand.headquarters("--open") == 0
    file = Path(exported.folder) / "receipt.json"
    good = file.read_bytes()
    payload = json.loads(good)["payload"]
    keys = world.headquarters.signing
    partial = {**payload, "sittings": payload["sittings"][:-1]}
    other = {**payload, "bundle_sha256": "0" * 64}
    tries = [
        (canonical(sign(partial, keys)), RefusalCode.RECEIPT_MISMATCH),
        (canonical(sign(other, keys)), RefusalCode.RECEIPT_MISMATCH),
        (canonical(sign(payload, keys[:1])), RefusalCode.SIGNATURE_INVALID),
        (good.replace(b'"seq":', b'"seq":1', 1), RefusalCode.SIGNATURE_INVALID),
    ]
    for raw, expected in tries:
        file.write_bytes(raw)
        taken = await by_hand.desk.take_receipts(by_hand.stick, "admin-a", world.upload)
        assert isinstance(taken, dict) and code(taken["S1"]) is expected
        assert world.state() is DataState.UPLOADING
    for raw in (b"{}", b"[1]", b"\xff", b""):
        file.write_bytes(raw)
        taken = await by_hand.desk.take_receipts(by_hand.stick, "admin-a", world.upload)
        assert code(taken) is RefusalCode.NO_RECEIPT_FILE
    file.write_bytes(good)
    taken = await by_hand.desk.take_receipts(file, "admin-a", world.upload)
    assert isinstance(taken, dict) and isinstance(taken["S1"], Uploaded)
