"""Orders about records: reconcile a session, show and sign a room's record, may it be sealed?"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from sqlalchemy import Connection

from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.records import statistics, store
from venue_server.records.points import record_points
from venue_server.records.reconciliation import ChainEnd, Reconciliation, reconcile
from venue_server.records.room_record import (
    Note,
    PapersOfRecord,
    RecordContent,
    RoomFacts,
    missing_signatures,
    room_record,
)
from venue_server.records.store import Signature
from venue_server.sitting.policy import has_ended
from venue_server.sitting.service import SittingService
from venue_server.sitting.states import AFTER_END
from venue_server.sitting.store import load_sittings
from venue_server.staff.permissions import AREA_BOUND, may, responsible_for
from venue_server.staff.person import Person
from venue_server.storage.engine import Store
from venue_server.wire.day_records import OpenPoint, RecordLine
from venue_server.wire.names import Role, SessionState
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError

SIGNABLE = (SessionState.ENDED, SessionState.RECONCILED)
SEALED_FOR_GOOD = (SessionState.SEALED, SessionState.UPLOADED, SessionState.WIPED)
"""From here on a record is what was sealed; papers are wiped, and late facts void nothing."""
_SIGNING_ROLES = (Role.CHIEF, Role.INVIGILATOR, Role.ROVING, Role.SYSADMIN, Role.DEPUTY)


@dataclass(frozen=True)
class RoomRecord:
    """A room's record with the signatures under exactly this content."""

    content: RecordContent
    signatures: list[Signature]
    voided: int  # signatures under an earlier content

    @property
    def required(self) -> list[Role]:
        """Whose signature is still missing (K01)."""
        return missing_signatures([one.role for one in self.signatures], self.content.required)

    def as_result(self) -> dict[str, Any]:
        """The answer to the order GetRoomRecord (docs/protocol.md)."""
        return {
            "record": self.content.fields,
            "content_hash": self.content.content_hash,
            "signatures": [_shown(one) for one in self.signatures],
            "required": [role.value for role in self.required],
            "problems": [*self.content.problems, *self.content.unanswered],
            "voided": self.voided,
            "points": [each.as_dict() for each in self.content.points],
            "written": {each.value: text for each, text in self.content.written.items()},
        }


@dataclass(frozen=True)
class RecordSources:
    """What the records hear from other parts, each by session id (and room id); called in any
    thread. ``papers_of``: the papers of a session in one room; ``lines_of``: what the parts of the
    day tell of a room; ``points_of``: what they know to be open."""

    papers_of: Callable[[str, str], PapersOfRecord]
    lines_of: Callable[[str, str], list[RecordLine]] = field(default=lambda _session, _room: [])
    points_of: Callable[[str], list[OpenPoint]] = field(default=lambda _session: [])


class RecordsService:
    """Reconciliation, room records and their signatures."""

    def __init__(
        self,
        store_: Store,
        ledger: Ledger,
        sittings: SittingService,
        now_ms: Callable[[], int],
        sources: RecordSources,
    ) -> None:
        self._store = store_
        self._ledger = ledger
        self._sittings = sittings
        self._now_ms = now_ms
        self._sources = sources
        self.sealing: set[str] = set()
        """Sessions being sealed at this moment: nobody changes or signs their records."""

    # ---- reconciliation -----------------------------------------------------------------

    async def reconcile(
        self, session_id: str, chains: Mapping[str, ChainEnd], actor: str
    ) -> Reconciliation | Refusal:
        """Compare outcomes with the answers held; an ended session that fits becomes RECONCILED.

        Refused (SES-01) before the end. An inconsistent result moves nothing.
        """
        if self._sittings.session(session_id).state is not SessionState.ENDED:
            return self._after_end(session_id, chains)
        made: list[Reconciliation] = []

        def check(tx: Connection) -> None:
            result = self._reconciled(tx, session_id, chains)
            made.append(result)
            if not result.consistent:
                raise RefusedError(Refusal(RefusalCode.NOT_RECONCILED, session_id))
            counts = {"present": result.present, "absent": result.absent}
            self._ledger.record(tx, Event.RECONCILED, actor, session=session_id, **counts)
            present = {one.sitting_id for one in load_sittings(tx, session_id) if one.present}
            answered = {
                sitting_id: chains[sitting_id].answered if sitting_id in chains else 0
                for sitting_id in present
            }
            store.keep_answered(tx, session_id, answered)

        refusal = await self._sittings.advance_session(session_id, SessionState.RECONCILED, check)
        return made[0] if made else refusal or self._after_end(session_id, chains)

    def _after_end(
        self, session_id: str, chains: Mapping[str, ChainEnd]
    ) -> Reconciliation | Refusal:
        state = self._sittings.session(session_id).state
        if state not in AFTER_END:
            return Refusal(RefusalCode.SESSION_WRONG_STATE, state.value)
        return self._store.read(lambda tx: self._reconciled(tx, session_id, chains))

    def _reconciled(
        self, tx: Connection, session_id: str, chains: Mapping[str, ChainEnd]
    ) -> Reconciliation:
        sittings = load_sittings(tx, session_id)
        names = {one.sitting_id: self._sittings.candidate(one).name for one in sittings}
        return reconcile(session_id, sittings, lambda one: names[one.sitting_id], chains)

    # ---- room records -------------------------------------------------------------------

    def record(self, session_id: str, room_id: str) -> RoomRecord:
        """A room's record as it stands now.

        Raises:
            RefusedError: SES-01, no such session or room.
        """
        return self._store.read(lambda tx: self.record_in(tx, session_id, room_id))

    async def sign(
        self, session_id: str, room_id: str, person: Person, role: Role, content_hash: str
    ) -> RoomRecord | Refusal:
        """Sign the content with this hash, as ``role``.

        Refused: STF-04/05 not this person's to sign, SES-01 not ended or already sealed, SES-04
        the content is another by now, SES-02 the counts do not add up, REC-02 nobody looked at
        some point (K07).
        """
        denied = may(person, "SignRoomRecord", room_id) or _may_sign_as(person, role, room_id)
        if denied is not None:
            return denied
        try:
            return await self._store.write(
                lambda tx: self._sign(tx, session_id, room_id, person, role, content_hash)
            )
        except RefusedError as no:
            return no.refusal

    def _sign(
        self,
        tx: Connection,
        session_id: str,
        room_id: str,
        person: Person,
        role: Role,
        content_hash: str,
    ) -> RoomRecord:
        content = self._content(tx, session_id, room_id)
        self._check_signable(tx, session_id, content, content_hash)
        signature = Signature(person.person_id, person.name, role, content_hash, self._now_ms())
        store.sign(tx, session_id, room_id, signature)
        self._ledger.record(
            tx,
            Event.RECORD_SIGNED,
            person.person_id,
            session=session_id,
            room=room_id,
            role=role.value,
            content_hash=content_hash,
        )
        return self.record_in(tx, session_id, room_id)

    def _check_signable(
        self, tx: Connection, session_id: str, content: RecordContent, content_hash: str
    ) -> None:
        state = self._sittings.session_in(tx, session_id).state
        if state not in SIGNABLE or session_id in self.sealing:
            raise RefusedError(Refusal(RefusalCode.SESSION_WRONG_STATE, state.value))
        if content.content_hash != content_hash:
            raise RefusedError(Refusal(RefusalCode.RECORD_CHANGED, content.content["room_id"]))
        if content.problems:
            raise RefusedError(Refusal(RefusalCode.NOT_RECONCILED, "", content.problems))
        if content.unanswered:
            raise RefusedError(Refusal(RefusalCode.POINTS_UNANSWERED, "", content.unanswered))

    def signed_completely(self, session_id: str, room_id: str, content_hash: str) -> bool:
        """Do all signatures that it needs stand under this very content (K01)?"""
        record = self.record(session_id, room_id)
        return record.content.content_hash == content_hash and not record.required

    def may_seal(self, session_id: str) -> Refusal | None:
        """May the session be sealed (K01)? Refused: REC-01 with what other parts say is
        open; SES-02; SES-03 or SES-04 naming the room; REC-02 with the points nobody looked at."""
        session = self._sittings.session(session_id)
        blocking = [each for each in self.open_points(session_id) if each.blocks_sealing]
        if blocking:
            return Refusal(RefusalCode.POINTS_OPEN, "", [each.remark for each in blocking])
        if session.state is not SessionState.RECONCILED:
            return Refusal(RefusalCode.NOT_RECONCILED, session.state.value)
        for room_id in self.rooms(session_id):
            record = self.record(session_id, room_id)
            if record.content.unanswered:
                unanswered = record.content.unanswered
                return Refusal(RefusalCode.POINTS_UNANSWERED, room_id, unanswered)
            if record.required:
                changed = record.voided > 0
                code = RefusalCode.RECORD_CHANGED if changed else RefusalCode.RECORD_UNSIGNED
                return Refusal(code, room_id)
        return None

    async def freeze(self, session_id: str) -> None:
        """Keep every room's record as it is about to be sealed; what was sealed stays."""
        rooms = self.rooms(session_id)

        def run(tx: Connection) -> None:
            if self._sittings.session_in(tx, session_id).state in SEALED_FOR_GOOD:
                return
            for room_id in rooms:
                content = self._content(tx, session_id, room_id)
                store.freeze(tx, session_id, room_id, content.content, content.content_hash)

        await self._store.write(run)

    def open_points(self, session_id: str) -> list[OpenPoint]:
        """What the parts of the day know to be open."""
        return self._sources.points_of(session_id)

    def rooms(self, session_id: str) -> list[str]:
        """The rooms in which somebody sits this session."""
        return sorted({one.room_id for one in self._sittings.sittings(session_id)})

    # ---- reports ------------------------------------------------------------------------

    def statistics(self, session_id: str) -> list[statistics.Statistics]:
        """One line a room and, last, the whole session (``room_id`` empty)."""
        planned = self._sittings.session(session_id).planned
        subject = f"{planned.subject_code} {planned.subject_title}"
        sittings = self._sittings.sittings(session_id)
        rooms = statistics.per_room(sittings, self.lines(session_id), session_id, subject)
        return [*rooms, statistics.added(rooms, session_id, subject)]

    def lines(self, session_id: str) -> dict[str, list[RecordLine]]:
        """What the parts of the day tell, by room."""
        return {room: self._sources.lines_of(session_id, room) for room in self.rooms(session_id)}

    def for_bundle(self, session_id: str) -> dict[str, Any]:
        """What the sealed bundle carries: every room's record with its signatures; statistics."""
        records = {room: self.record(session_id, room) for room in self.rooms(session_id)}
        return {
            "room_records": {
                room: {
                    "content": one.content.content,
                    "content_hash": one.content.content_hash,
                    "signatures": [_shown(each) for each in one.signatures],
                    "edits": [asdict(each) for each in self.edits(session_id, room)],
                }
                for room, one in records.items()
            },
            "statistics": [one.as_dict() for one in self.statistics(session_id)],
        }

    def edits(self, session_id: str, room_id: str) -> list[store.Edit]:
        """Every change of a room's written fields: before, after, reason (N05)."""
        return self._store.read(lambda tx: store.edits(tx, session_id, room_id))

    def record_in(self, tx: Connection, session_id: str, room_id: str) -> RoomRecord:
        """A room's record as this transaction sees it; raises RefusedError (SES-01)."""
        content = self._content(tx, session_id, room_id)
        if self._sittings.session_in(tx, session_id).state in SEALED_FOR_GOOD:
            content = _as_sealed(content, store.frozen(tx, session_id, room_id))
        every = store.signatures(tx, session_id, room_id)
        valid = [one for one in every if one.content_hash == content.content_hash]
        return RoomRecord(content, valid, len(every) - len(valid))

    def _content(self, tx: Connection, session_id: str, room_id: str) -> RecordContent:
        session = self._sittings.session_in(tx, session_id)
        plan = self._sittings.plan_of(session)
        if all(room.room_id != room_id for room in plan.rooms):
            raise RefusedError(Refusal(RefusalCode.SESSION_WRONG_STATE, room_id))
        # What happens at a door or a machine after the end no longer changes the record.
        events = (Event.ADMISSION_REFUSED, Event.LOGGED_IN)
        told = [
            entry
            for entry in store.told(tx, session_id, room_id, *events)
            if not has_ended(session.times_in(room_id), entry["at_ms"])
        ]
        sittings = [one for one in load_sittings(tx, session_id) if one.room_id == room_id]
        lines = self._sources.lines_of(session_id, room_id)
        answers = store.answers(tx, session_id, room_id)
        facts = RoomFacts(
            plan=plan,
            session=session,
            room_id=room_id,
            sittings=sittings,
            papers=self._sources.papers_of(session_id, room_id),
            lines=lines,
            points=record_points(
                sittings,
                store.answered(tx, session_id),
                lines,
                answers,
                plan.thresholds.violation_share_percent,
            ),
            written=store.written(tx, session_id, room_id),
            late=_notes(told, code=RefusalCode.ADMISSION_CLOSED.value),
            doubts=_notes(told, code=RefusalCode.ID_MISMATCH.value),
            logged_in_again=_notes(told, again=True),
        )
        return room_record(facts)


def _as_sealed(now: RecordContent, sealed: tuple[dict[str, Any], str] | None) -> RecordContent:
    """What was sealed instead of what the facts would say now."""
    if sealed is None:
        return now
    return replace(now, content=sealed[0], content_hash=sealed[1], problems=[])


def signing_role(person: Person) -> Role | None:
    """As what a person signs who did not say: the highest of their roles that signs."""
    return next((role for role in _SIGNING_ROLES if role in person.roles), None)


def _may_sign_as(person: Person, role: Role, room_id: str) -> Refusal | None:
    if role not in person.roles or role not in _SIGNING_ROLES:
        return Refusal(RefusalCode.ROLE_NOT_ALLOWED, role.value)
    if role in AREA_BOUND and not responsible_for(person, room_id):
        return Refusal(RefusalCode.ROOM_NOT_YOURS, room_id)
    return None


def _notes(told: list[dict[str, Any]], **data: str | bool) -> list[Note]:
    """Notes of the entries whose data hold these values."""
    return [
        Note(entry["at_ms"], entry["data"]["ticket"])
        for entry in told
        if all(entry["data"].get(name) == value for name, value in data.items())
    ]


def _shown(signature: Signature) -> dict[str, Any]:
    return {**asdict(signature), "role": signature.role.value}
