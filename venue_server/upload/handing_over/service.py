"""Exporting, handing over and taking the receipt back (F18, L09).

    UPLOADING, an attempt failed --export--> on a registered medium, read back
        --hand over, two and two--> recorded and signed --receipt brought--> UPLOADED

The upload goes on trying all the while. Whichever comes first, line or hand, the other finds the
receipt there already and changes nothing.
"""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from venue_server.backup.store import data_state
from venue_server.intake.custody.chain import CustodyStep, Step
from venue_server.intake.custody.media import FoundMedium
from venue_server.intake.custody.store import insert_step, medium_by_id
from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.storage.engine import Store
from venue_server.storage.files import write_whole
from venue_server.storage.media_lanes import MediumStalledError, mount_of, on_medium
from venue_server.upload.handing_over.medium_io import receipts_on, write_bundle, write_record
from venue_server.upload.handing_over.rules import (
    Export,
    HandOverAct,
    HandOverState,
    hand_over_payload,
    may_carry,
    may_export,
    may_hand_over,
)
from venue_server.upload.handing_over.store import (
    exports_of,
    hand_over_state,
    hand_overs_of,
    insert_export,
    insert_hand_over,
    waiting,
)
from venue_server.upload.outcome import Uploaded
from venue_server.upload.receipts import RECEIPT_TYPE
from venue_server.upload.service import UploadService
from venue_server.upload.store import BundleRow, read_bundle, sealed_at, sessions_with_bundles
from venue_server.upload.twin import Twins
from venue_server.wire.alarms import Alarm, AlarmCode
from venue_server.wire.canonical import canonical, sha256_hex
from venue_server.wire.names import Mode
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.signed import load_document, sign

PLAIN_FOLDER = "—"
BY_HAND_AFTER_MS = 4 * 3600 * 1000
"""How long after sealing a failing upload is left to itself before people are told to go by hand.
The rules name no figure (F18: "by E+x h"); the other end is a day after the exam."""


@dataclass(frozen=True)
class HandOverSettings:
    """``records`` keeps the signed records as files; ``medium_of`` says what a folder lies on;
    ``twins`` is where bundles lie a second time (upload/twin.py)."""

    venue_id: str
    mode: Mode
    signing: Ed25519PrivateKey
    records: Path
    medium_of: Callable[[Path], FoundMedium | None]
    twins: Callable[[], Path | None] = lambda: None


@dataclass(frozen=True)
class Signed:
    """A hand-over as recorded: its id, the signed document, its file on the server, and whether it
    could still be put beside the bundles on the medium."""

    hand_over_id: str
    document: dict[str, Any]
    file: Path
    on_medium: bool


@dataclass(frozen=True)
class Standing:
    """Where one session's bundle stands; the records are the signed documents."""

    session_id: str
    state: HandOverState
    bundle: BundleRow
    exports: Sequence[Export]
    records: Sequence[dict[str, Any]]


class HandingOver:
    """The way by hand, beside the uploads of one venue. ``now_ms`` is exam time."""

    def __init__(
        self,
        store: Store,
        ledger: Ledger,
        settings: HandOverSettings,
        now_ms: Callable[[], int],
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._settings = settings
        self._now_ms = now_ms
        self._twins = Twins(settings.twins)
        self._busy: dict[str, asyncio.Lock] = {}  # by medium: one that hangs holds up no other

    # ---- out -------------------------------------------------------------------------------

    async def export(
        self, session_id: str, folder: Path, first: str, second: str
    ) -> Export | Refusal:
        """Write the session's bundle to the medium at ``folder`` and read it back.

        SES-01, HND-01, HND-02 (:func:`may_export`); MED-01 to MED-05; HND-03 the medium fails.
        Both people and the medium are in the ledger with the digest.
        """
        async with self._busy.setdefault(mount_of(folder), asyncio.Lock()):
            may = self._store.read(lambda tx: self._may_export(tx, session_id))
            if isinstance(may, Refusal):
                return may
            medium = await self._may_carry(folder, first)
            if isinstance(medium, Refusal):
                return medium
            try:
                place = await on_medium(folder, write_bundle, folder, may.bundle, self._twins)
            except MediumStalledError as error:
                return Refusal(RefusalCode.EXPORT_FAILED, f"{folder.name}: {error.strerror}")
            if isinstance(place, Refusal):
                return place
            done = Export(
                export_id=f"export-{token_hex(4)}",
                session_id=session_id,
                bundle_id=may.bundle.bundle_id,
                sha256=may.bundle.sha256,
                size=may.bundle.size,
                medium_id=medium[0],
                medium_label=medium[1],
                folder=str(place),
                at_ms=self._now_ms(),
                persons=(first, second),
            )
            await self._store.write(lambda tx: self._record_export(tx, done))
            return done

    def _may_export(self, tx: Connection, session_id: str) -> BundleRow | Refusal:
        row = read_bundle(tx, session_id)
        attempts = row.attempts if row else 0
        since = self._now_ms() - (sealed_at(tx, session_id) or 0)
        refusal = may_export(session_id, data_state(tx, session_id), attempts, since)
        if refusal is not None:
            return refusal
        assert row is not None, "what is being uploaded was sealed"
        return row

    async def _may_carry(self, folder: Path, person: str) -> tuple[str, str] | Refusal:
        """Id and label of the medium, if this person may write to it now."""
        try:
            if not await on_medium(folder, folder.is_dir):
                return Refusal(RefusalCode.MEDIUM_UNREADABLE, folder.name)
            found = await on_medium(folder, self._settings.medium_of, folder)
        except MediumStalledError as error:
            return Refusal(RefusalCode.MEDIUM_UNREADABLE, f"{folder.name}: {error.strerror}")
        medium_id = found.medium_id if found else ""
        known = self._store.read(lambda tx: medium_by_id(tx, medium_id))
        refusal = may_carry(found, known, person, self._now_ms(), self._settings.mode)
        if refusal is not None:
            return refusal
        return (known.medium_id, known.label) if known else ("", PLAIN_FOLDER)

    def _record_export(self, tx: Connection, done: Export) -> None:
        insert_export(tx, done)
        self._ledger.record(
            tx,
            Event.BUNDLE_EXPORTED,
            ",".join(done.persons),
            session=done.session_id,
            bundle=done.bundle_id,
            sha256=done.sha256,
            medium=done.medium_id,
            label=done.medium_label,
        )

    # ---- over --------------------------------------------------------------------------------

    async def hand_over(self, act: HandOverAct) -> Signed | Refusal:
        """Record and sign that two gave the medium to two others; durable on return.

        HND-05 what the record lacks; HND-04 a session whose present bundle is not on this medium;
        HND-01 headquarters has it already. A lost medium is recorded again with another one.
        """
        refusal = may_hand_over(act)
        if refusal is not None:
            return refusal
        name, at_ms = f"hand-over-{token_hex(4)}", self._now_ms()

        def run(tx: Connection) -> tuple[list[Export], dict[str, Any]] | Refusal:
            exports: list[Export] = []
            for session_id in act.session_ids:
                found = self._on_medium(tx, session_id, act.medium_label)
                if isinstance(found, Refusal):
                    return found
                exports.append(found)
            if len({each.medium_id for each in exports}) > 1:  # two media under one label
                return Refusal(RefusalCode.NOT_EXPORTED, act.medium_label)
            venue = self._settings.venue_id
            document = sign(
                hand_over_payload(name, venue, at_ms, act, exports), [self._settings.signing]
            )
            insert_hand_over(tx, name, at_ms, exports, canonical(document).decode())
            if exports[0].medium_id:
                insert_step(tx, _given(exports[0].medium_id, at_ms, act, name))
            self._record_hand_over(tx, name, act, document)
            return exports, document

        done = await self._store.write(run)
        if isinstance(done, Refusal):
            return done
        exports, document = done
        return await on_medium("records by hand", self._write_out, name, document, exports)

    def _on_medium(self, tx: Connection, session_id: str, label: str) -> Export | Refusal:
        if hand_over_state(tx, session_id) is HandOverState.CONFIRMED:
            return Refusal(RefusalCode.RECEIVED_ALREADY, session_id)
        row = read_bundle(tx, session_id)
        present = row.bundle.bundle_id if row else ""
        fitting = [
            each
            for each in exports_of(tx, session_id)
            if each.medium_label == label and each.bundle_id == present
        ]
        return fitting[-1] if fitting else Refusal(RefusalCode.NOT_EXPORTED, session_id)

    def _record_hand_over(
        self, tx: Connection, name: str, act: HandOverAct, document: dict[str, Any]
    ) -> None:
        self._ledger.record(
            tx,
            Event.BUNDLE_HANDED_OVER,
            ",".join(person for person, _name in act.givers),
            hand_over=name,
            sessions=list(act.session_ids),
            receivers=[f"{each.name} ({each.unit})" for each in act.receivers],
            label=act.medium_label,
            seal=act.seal_no,
            reference=act.reference,
            document=sha256_hex(canonical(document)),
        )

    def _write_out(self, name: str, document: dict[str, Any], exports: list[Export]) -> Signed:
        raw = canonical(document)
        self._settings.records.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = self._settings.records / f"{name}.json"
        write_whole(file, raw)
        on_medium = [write_record(Path(each.folder), raw) for each in exports]
        return Signed(name, document, file, all(on_medium))

    # ---- back --------------------------------------------------------------------------------

    async def take_receipts(
        self, path: Path, person: str, uploads: UploadService
    ) -> dict[str, Uploaded | Refusal] | Refusal:
        """Take receipts that came back by hand; each session's outcome by its id.

        They pass the very checks of a receipt that came over the line (SES-08, DOC-01 to DOC-04).
        HND-06 when nothing there names a bundle of this venue; MED-05 when it does not read.
        """
        try:
            raw = await on_medium(path, lambda: list(receipts_on(path)))
        except OSError:
            return Refusal(RefusalCode.MEDIUM_UNREADABLE, path.name)
        waiting = {row.bundle.bundle_id: row.session_id for row in self._bundles()}
        outcome: dict[str, Uploaded | Refusal] = {}
        for each in raw:
            session_id = waiting.get(_bundle_named(each))
            if session_id is None:
                continue
            done = await uploads.take_receipt(session_id, each)
            outcome[session_id] = done
            if isinstance(done, Uploaded):
                await self._ledger.note(
                    Event.RECEIPT_BY_HAND, person, session=session_id, receipt=sha256_hex(each)
                )
        return outcome or Refusal(RefusalCode.NO_RECEIPT_FILE, path.name)

    # ---- reminding -----------------------------------------------------------------------

    def alarms(self) -> list[Alarm]:
        """The sessions whose upload stays out and that nobody handed over yet (F18), and at once
        those that no other attempt will bring home: who is to be called is in the reason."""
        out, long_ago_ms = self._store.known_read(waiting), self._now_ms() - BY_HAND_AFTER_MS
        told = [
            Alarm(AlarmCode.UPLOAD_REFUSED, {"session": each.session_id, "why": each.last_problem})
            for each in out
            if each.needs_people
        ]
        late = [each.session_id for each in out if each.sealed_at_ms <= long_ago_ms]
        if late:
            told.append(Alarm(AlarmCode.UPLOAD_STAYS_OUT, {"sessions": ", ".join(late)}))
        return told

    # ---- looking -----------------------------------------------------------------------------

    def _bundles(self) -> list[BundleRow]:
        def run(tx: Connection) -> list[BundleRow]:
            rows = [read_bundle(tx, each) for each in sessions_with_bundles(tx)]
            return [row for row in rows if row is not None]

        return self._store.read(run)

    def standing(self) -> list[Standing]:
        """Every sealed session, oldest first."""

        def run(tx: Connection) -> list[Standing]:
            found = []
            for session_id in sessions_with_bundles(tx):
                row = read_bundle(tx, session_id)
                if row is not None:
                    found.append(
                        Standing(
                            session_id,
                            hand_over_state(tx, session_id),
                            row,
                            exports_of(tx, session_id),
                            [json.loads(each) for each in hand_overs_of(tx, session_id)],
                        )
                    )
            return found

        return self._store.read(run)


def _given(medium_id: str, at_ms: int, act: HandOverAct, name: str) -> CustodyStep:
    """The medium's own chain says where it went; who receives watches who gives (D05)."""
    return CustodyStep(
        item_id=medium_id,
        step=Step.GIVEN,
        at_ms=at_ms,
        persons=tuple(person for person, _name in act.givers),
        supervisor=", ".join(each.name for each in act.receivers),
        place=act.place,
        note=name,
    )


def _bundle_named(raw: bytes) -> str:
    """The bundle a receipt speaks of, before anything of it is trusted."""
    match load_document(raw, RECEIPT_TYPE):
        case {"payload": {"bundle_id": str(bundle_id)}}:
            return bundle_id
        case _:
            return ""
