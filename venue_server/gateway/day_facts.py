"""Gathers the facts of one session for the close check, from every stage that has some."""

from pathlib import Path

from sqlalchemy import Connection

from venue_server.backup.store import read_copies
from venue_server.backup.targets import BackupRules, places
from venue_server.gateway.closing import Closing
from venue_server.intake.custody.chain import Step
from venue_server.intake.custody.media import MediumState
from venue_server.intake.custody.store import chain, media
from venue_server.records.close_check import ClosePoint, DayFacts, close_check
from venue_server.records.service import RecordsService
from venue_server.sitting.forms import Form, reserve_forms
from venue_server.sitting.rows import Session
from venue_server.sitting.states import AFTER_END
from venue_server.storage import background
from venue_server.storage.engine import Store
from venue_server.upload.handing_over.rules import HandOverState
from venue_server.upload.handing_over.store import hand_over_state
from venue_server.upload.store import BundleRow, read_bundle, read_certificate
from venue_server.wire.names import PackageState, SittingState

_OUT = (SittingState.ABSENT, SittingState.NOT_HELD)
_GONE = (HandOverState.HANDED_OVER, HandOverState.CONFIRMED)
_KEPT_SEALED = (PackageState.RECEIVING, PackageState.COMPLETE, PackageState.UNUSED)


class DayFactsSource:
    """Reads what is durable; nothing is remembered here."""

    def __init__(self, closing: Closing, store: Store, data: Path, copies: BackupRules) -> None:
        self._closing = closing
        self._parts = closing.parts
        self._store = store
        self._data = data
        self._copies = copies

    async def check(self, session: Session) -> list[ClosePoint]:
        """The ten points of one session as they stand now."""
        return close_check(await background.computing(self.facts, session))

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
                one.ticket_no for one in sittings if not one.present and one.state not in _OUT
            ],
            sealed_present=_sealed(bundle, present),
            unsigned_rooms=_unsigned(records, session_id),
            unanswered={
                room: len(records.record(session_id, room).content.unanswered)
                for room in records.rooms(session_id)
            },
            copies=self._store.read(lambda tx: self._copies_of(tx, session_id)),
            copies_needed=self._copies.required,
            receipt=bundle is not None and bundle.receipt is not None,
            handed_over=self._store.read(lambda tx: hand_over_state(tx, session_id)) in _GONE,
            points=records.open_points(session_id),
            code_unconfirmed=[
                form.form_id for form in self._parts.confirmations.unconfirmed(session_id)
            ],
            media_out=self._store.read(media_out),
            wiped=wiped,
            left_behind=self._left_behind(session_id) if wiped else [],
            ledger_problem=self._parts.ledger.verified().problem,
            reserves_lost=self._reserves_lost(session),
        )

    def _copies_of(self, tx: Connection, session_id: str) -> int:
        return places(read_copies(tx, session_id), self._copies)

    def _left_behind(self, session_id: str) -> list[str]:
        """Keys and files that the wiping should have taken, and anything that begins like a paper
        in the clear, wherever it lies in the data folder."""
        wiping = self._closing.session_wiping
        enrolled = {each.machine_id for each in self._parts.enrolment.machines("station")}
        waiting = {
            each.machine_id
            for each in wiping.stations(session_id)
            if each.reported_at_ms is None and each.machine_id in enrolled
        }
        stations = [f"station {machine_id}" for machine_id in sorted(waiting)]
        return [*wiping.leftovers(session_id).names, *stations]

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
    return row is not None and row.finished is not None


def media_out(tx: Connection) -> list[str]:
    """Media that somebody of the venue has. One that went away with sealed answers is whoever's
    who received it, until it is taken back (F18)."""
    out = [each for each in media(tx) if each.state is MediumState.OUT]
    return [each.label or each.medium_id for each in out if not _given_away(tx, each.medium_id)]


def _given_away(tx: Connection, medium_id: str) -> bool:
    moved = (Step.HANDED_OUT, Step.GIVEN)
    moves = [step.step for step in chain(tx, medium_id) if step.step in moved]
    return moves[-1:] == [Step.GIVEN]
