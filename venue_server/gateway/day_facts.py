"""Gathers the facts of one session for the close check, from every stage that has some."""

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from venue_server.backup.store import read_copies
from venue_server.gateway.closing import Closing
from venue_server.intake.custody.media import MediumState
from venue_server.intake.custody.store import hand_overs, media
from venue_server.records.close_check import ClosePoint, DayFacts, close_check
from venue_server.records.leftovers_io import in_the_clear
from venue_server.records.service import RecordsService
from venue_server.release.store import secrets_of
from venue_server.sitting.forms import Form, reserve_forms
from venue_server.sitting.rows import Session
from venue_server.sitting.states import AFTER_END
from venue_server.storage.engine import Store
from venue_server.upload.store import BundleRow, read_bundle, read_certificate
from venue_server.wire.names import PackageState, SittingState

_KEPT_SEALED = (PackageState.RECEIVING, PackageState.COMPLETE, PackageState.UNUSED)


@dataclass(frozen=True)
class CopyRule:
    """How many verified copies there must be, and whether on as many devices (L04)."""

    needed: int
    separate_devices: bool


class DayFactsSource:
    """Reads what is durable; nothing is remembered here."""

    def __init__(self, closing: Closing, store: Store, data: Path, copies: CopyRule) -> None:
        self._closing = closing
        self._parts = closing.parts
        self._store = store
        self._data = data
        self._copies = copies

    async def check(self, session: Session) -> list[ClosePoint]:
        """The ten points of one session as they stand now."""
        return close_check(await asyncio.to_thread(self.facts, session))

    def facts(self, session: Session) -> DayFacts:
        """Everything the check needs; blocking (it verifies the ledger and scans the folder)."""
        session_id = session.session_id
        sittings = self._parts.sittings.sittings(session_id)
        present = {one.sitting_id for one in sittings if one.present}
        bundle = self._store.read(lambda tx: read_bundle(tx, session_id))
        records = self._closing.records
        wiped = self._store.read(lambda tx: _is_wiped(tx, session_id))
        return DayFacts(
            session_id=session_id,
            ended=session.state in AFTER_END,
            present=len(present),
            undecided=[
                one.ticket_no
                for one in sittings
                if not one.present and one.state is not SittingState.ABSENT
            ],
            sealed_present=_sealed(bundle, present),
            unsigned_rooms=_unsigned(records, session_id),
            unanswered={
                room: len(records.record(session_id, room).content.unanswered)
                for room in records.rooms(session_id)
            },
            copies=self._store.read(lambda tx: self._copies_of(tx, session_id)),
            copies_needed=self._copies.needed,
            receipt=bundle is not None and bundle.receipt is not None,
            handed_over=self._store.read(lambda tx: _handed_over(tx, session_id, bundle)),
            points=records.open_points(session_id),
            code_unconfirmed=[
                form.form_id for form in self._parts.confirmations.unconfirmed(session_id)
            ],
            media_out=self._store.read(_media_out),
            wiped=wiped,
            left_behind=self._left_behind(session_id) if wiped else [],
            ledger_problem=self._parts.ledger.verified().problem,
            reserves_lost=self._reserves_lost(session),
        )

    def _copies_of(self, tx: Connection, session_id: str) -> int:
        copies = read_copies(tx, session_id)
        separate = self._copies.separate_devices
        return len({copy.device if separate else copy.target for copy in copies})

    def _left_behind(self, session_id: str) -> list[str]:
        """Keys and files that the wiping should have taken, and anything that begins like a paper
        in the clear, wherever it lies in the data folder."""
        named = self._closing.destroyed_by_wiping(session_id)
        found = [name for name, file in named.items() if file.exists()]
        held = self._store.read(lambda tx: secrets_of(tx, session_id))
        found += [f"release secret {form}" for form in held]
        return found + in_the_clear(self._data)

    def _reserves_lost(self, session: Session) -> list[str]:
        approved = {use.substitution.form for use in self._parts.reserves.used(session.session_id)}
        kept = {
            Form(each.paper_id, each.form_id)
            for each in self._parts.papers.of_session(session.session_id)
            if each.state in (*_KEPT_SEALED, PackageState.WIPED)
        }
        planned = reserve_forms(session.planned)
        return [str(form) for form in planned if form not in kept | approved]


def _sealed(bundle: BundleRow | None, present: set[str]) -> int | None:
    if bundle is None:
        return None
    return sum(one.sitting_id in present for one in bundle.bundle.sittings)


def _unsigned(records: RecordsService, session_id: str) -> list[str]:
    return [room for room in records.rooms(session_id) if records.record(session_id, room).required]


def _is_wiped(tx: Connection, session_id: str) -> bool:
    row = read_certificate(tx, session_id)
    return row is not None and json.loads(row.document)["finished_at_ms"] is not None


def _handed_over(tx: Connection, session_id: str, bundle: BundleRow | None) -> bool:
    """Does a signed hand-over record name the sealed bundle (L09)?"""
    names = {session_id, bundle.bundle.bundle_id} if bundle else set()
    return any(names & set(json.loads(document)["items"]) for document in hand_overs(tx))


def _media_out(tx: Connection) -> list[str]:
    return [each.label or each.medium_id for each in media(tx) if each.state is MediumState.OUT]
