"""Orders after the exam: reconcile, record, sign, seal, upload, wipe."""

from venue_server.gateway.closing import Closing
from venue_server.gateway.console_desk import Handler, Ordered, Result
from venue_server.records.service import signing_role
from venue_server.sitting.rows import Session
from venue_server.sitting.service import SittingService
from venue_server.upload.outcome import UploadPending
from venue_server.wire.console_orders import (
    ConsoleMessage,
    ForceSubmit,
    GetRoomRecord,
    Reconcile,
    SealSession,
    SignRoomRecord,
    UploadSession,
    WipeSession,
)
from venue_server.wire.names import SessionState
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError

RECORDS_OPEN = (SessionState.ENDED, SessionState.RECONCILED)


def of_record(sittings: SittingService, session_id: str = "") -> Session | Refusal:
    """The named session; without a name the one whose records are open: the first that ended and
    is not sealed, however near the next one is, otherwise the current one. Refused: SES-01."""
    try:
        if session_id:
            return sittings.session(session_id)
    except KeyError:
        return Refusal(RefusalCode.SESSION_WRONG_STATE, session_id)
    open_ones = (each for each in sittings.sessions() if each.state in RECORDS_OPEN)
    session = next(open_ones, None) or sittings.current_session()
    return session or Refusal(RefusalCode.SESSION_WRONG_STATE)


class ClosingOrders:
    """Thin: permission was checked at the desk, order and proof are the stages'."""

    def __init__(self, closing: Closing) -> None:
        self._closing = closing

    def handlers(self) -> dict[str, Handler]:
        """Order name to handler."""
        return {
            "ForceSubmit": self._force,
            "Reconcile": self._reconcile,
            "GetRoomRecord": self._record,
            "SignRoomRecord": self._sign,
            "SealSession": self._seal,
            "UploadSession": self._upload,
            "WipeSession": self._wipe,
        }

    def _session(self, session_id: str) -> Session | Refusal:
        try:
            return self._closing.parts.sittings.session(session_id)
        except KeyError:
            return Refusal(RefusalCode.SESSION_WRONG_STATE, session_id)

    def _of_record(self) -> Session | Refusal:
        return of_record(self._closing.parts.sittings)

    async def _force(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, ForceSubmit)
        assert ordered.second is not None
        persons = ordered.both
        done = await self._closing.force_submit(message.sitting_id, persons)
        return done if isinstance(done, Refusal) else {"seq": done}

    async def _reconcile(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, Reconcile)
        session = self._session(message.session_id)
        if isinstance(session, Refusal):
            return session
        if self._closing.keyless(session.session_id):
            return Refusal(RefusalCode.SESSION_WRONG_STATE, session.state.value)
        done = await self._closing.records.reconcile(
            session.session_id,
            self._closing.chains(session.session_id),
            ordered.person.person_id,
        )
        return done if isinstance(done, Refusal) else done.as_result()

    async def _record(self, _ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, GetRoomRecord)
        session = self._of_record()
        if isinstance(session, Refusal):
            return session
        try:
            record = self._closing.records.record(session.session_id, message.room_id)
            beside = self._closing.beside_record(session.session_id)
            return {**record.as_result(), "beside": beside}
        except RefusedError as no:
            return no.refusal

    async def _sign(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, SignRoomRecord)
        session = self._of_record()
        if isinstance(session, Refusal):
            return session
        role = signing_role(ordered.person)
        if role is None:
            return Refusal(RefusalCode.ROLE_NOT_ALLOWED, "SignRoomRecord")
        done = await self._closing.records.sign(
            session.session_id, message.room_id, ordered.person, role, message.content_hash
        )
        return done if isinstance(done, Refusal) else done.as_result()

    async def _seal(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, SealSession)
        assert ordered.second is not None
        session = self._session(message.session_id)
        if isinstance(session, Refusal):
            return session
        persons = ordered.both
        done = await self._closing.seal(session, persons)
        return done if isinstance(done, Refusal) else {"bundle_sha256": done}

    async def _upload(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, UploadSession)
        session = self._session(message.session_id)
        if isinstance(session, Refusal):
            return session
        done = await self._closing.upload(session.session_id, ordered.both)
        if isinstance(done, Refusal):
            return done
        if isinstance(done, UploadPending):
            return {
                "pending": {
                    "attempts": done.attempts,
                    "next_attempt_ms": done.next_attempt_ms,
                    "problem": done.problem,
                }
            }
        return {"receipt": {"bundle_id": done.bundle_id, "sittings": done.sittings}}

    async def _wipe(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, WipeSession)
        assert ordered.second is not None
        session = self._session(message.session_id)
        if isinstance(session, Refusal):
            return session
        persons = (ordered.person.person_id, ordered.second.person_id)
        try:
            done = await self._closing.wipe(session, persons)
        except OSError as error:  # a disk: what was begun is gone on with by itself
            return Refusal(RefusalCode.WIPE_UNFINISHED, str(error))
        return done if isinstance(done, Refusal) else {"certificate": done}
