"""Reserve papers (备用卷): sealed until the zone director (考区主任) approves, with a reason (D10).

The approval comes as a document signed by headquarters' keys, or by the zone director and the chief
signing together at the console. It puts the reserve in the place of a main form for one room or for
all, before the release; a form that nobody needs any more is not opened.
"""

from collections.abc import Callable, Mapping

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection

from venue_server.intake.papers import HeldPaper, Papers
from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.release import store as rows
from venue_server.sitting.forms import Form, Substitution, main_forms, reserve_forms
from venue_server.sitting.plan import PlannedSession
from venue_server.sitting.rows import Session
from venue_server.sitting.service import SittingService
from venue_server.sitting.states import BEFORE_START
from venue_server.storage.engine import Store
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError
from venue_server.wire.signed import read_signed

APPROVAL_TYPE = "kaodian.reserve-approval"
DOCUMENT, PERSONS = "document", "persons"  # names of the two ways
MAX_REASON = 500  # characters


class ReserveApproval(msgspec.Struct, frozen=True):
    """Payload of the signed document. ``room_id`` empty: every room; ``replaces`` empty: every main
    form, else the id of one."""

    type: str
    version: str
    venue_id: str
    session_id: str
    paper_id: str
    form_id: str
    reason: str
    approved_by: str
    room_id: str = ""
    replaces: str = ""

    @property
    def substitution(self) -> Substitution:
        """What it puts where."""
        return Substitution(Form(self.paper_id, self.form_id), self.room_id, self.replaces)


def read_approval(
    data: bytes, keys: Mapping[str, Ed25519PublicKey], threshold: int, venue_id: str
) -> ReserveApproval | Refusal:
    """A verified approval for this venue. Refusals: DOC-01…DOC-05."""
    approval = read_signed(data, APPROVAL_TYPE, ReserveApproval, keys, threshold)
    if isinstance(approval, Refusal):
        return approval
    if approval.venue_id != venue_id:
        return Refusal(RefusalCode.PLAN_WRONG_VENUE, approval.venue_id)
    return approval


def refuse_use(planned: PlannedSession, use: Substitution) -> Refusal | None:
    """Is it a reserve of this session, and is there something it can replace?"""
    mains = {main.form_id for main in main_forms(planned)}
    rooms = {one.room_id for one in planned.candidates}
    if use.form not in reserve_forms(planned):
        return Refusal(RefusalCode.RESERVE_UNKNOWN, str(use.form))
    if use.replaces and use.replaces not in mains:
        return Refusal(RefusalCode.RESERVE_UNKNOWN, use.replaces)
    if use.room_id and use.room_id not in rooms:
        return Refusal(RefusalCode.RESERVE_UNKNOWN, use.room_id)
    return None


class Reserves:
    """Approvals of the venue's reserves; ``changed`` is told after each."""

    def __init__(
        self,
        store: Store,
        ledger: Ledger,
        sittings: SittingService,
        papers: Papers,
        now_ms: Callable[[], int],
        changed: Callable[[], None],
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._sittings = sittings
        self._papers = papers
        self._now_ms = now_ms
        self._changed = changed
        self._used = store.read(rows.reserves_used)

    def used(self, session_id: str) -> list[rows.ReserveUse]:
        """The approved uses of a session."""
        return self._used.get(session_id, [])

    async def approve(
        self, session_id: str, use: Substitution, reason: str, approved_by: str, way: str
    ) -> Refusal | None:
        """Put a reserve in the place of main forms; the same approval again is harmless.

        Refused: REL-13 no reason, SES-01 unknown session or already released, REL-12.
        """
        text = reason.strip()[:MAX_REASON]
        if not text:
            return Refusal(RefusalCode.REASON_MISSING)

        def run(tx: Connection) -> None:
            session = self._sittings.session_in(tx, session_id)
            if session.state not in BEFORE_START:
                raise RefusedError(Refusal(RefusalCode.SESSION_WRONG_STATE, session.state.value))
            refusal = refuse_use(session.planned, use)
            if refusal is None and all(one.form != use.form for one in self._held(session)):
                # Nothing could take the approval back, and the start would wait for ever.
                refusal = Refusal(RefusalCode.FRAGMENTS_MISSING, str(use.form))
            if refusal is not None:
                raise RefusedError(refusal)
            approved = rows.ReserveUse(use, text, approved_by, way, self._now_ms())
            if rows.insert_reserve_use(tx, session_id, approved):
                self._record(tx, session_id, approved)

        try:
            await self._store.write(run)
        except RefusedError as no:
            return no.refusal
        self._used = self._store.read(rows.reserves_used)
        self._changed()
        return None

    def _held(self, session: Session) -> list[HeldPaper]:
        return self._papers.all_held(session)

    def _record(self, tx: Connection, session_id: str, approved: rows.ReserveUse) -> None:
        self._ledger.record(
            tx,
            Event.RESERVE_APPROVED,
            approved.approved_by,
            session=session_id,
            form=str(approved.substitution.form),
            room=approved.substitution.room_id,
            replaces=approved.substitution.replaces,
            reason=approved.reason,
            way=approved.way,
        )
