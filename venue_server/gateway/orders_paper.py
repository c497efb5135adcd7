"""Orders about the paper: supervised receipt, arming the release, the offline code."""

from pathlib import Path

from venue_server.gateway.console_desk import Handler, Ordered, Result
from venue_server.gateway.desk_parts import DeskParts
from venue_server.intake.service import Intake
from venue_server.sitting.rows import Session
from venue_server.staff.readiness import staff_findings
from venue_server.stations.presence import PaperAt
from venue_server.wire.messages import (
    ArmRelease,
    ConsoleMessage,
    EnterCodeShare,
    ImportFolder,
    OpenReceipt,
)
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.remarks import Remark, RemarkCode, remark


def _verdict(refusal: Refusal | None) -> str:
    """For whoever reads the result as it is; consoles go by the code."""
    return f"{refusal.text('zh')} / {refusal.text('en')}" if refusal else "接受 / accepted"


class PaperOrders:
    """Two people wherever the regulation wants two."""

    def __init__(self, parts: DeskParts, intake: Intake) -> None:
        self._parts = parts
        self._intake = intake

    def handlers(self) -> dict[str, Handler]:
        """Order name to handler."""
        return {
            "OpenReceipt": self._open,
            "ImportFolder": self._import,
            "CloseReceipt": self._close,
            "ArmRelease": self._arm,
            "EnterCodeShare": self._code,
        }

    async def _open(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, OpenReceipt)
        assert ordered.second is not None
        done = await self._intake.open(
            message.session_id, ordered.person.person_id, ordered.second.person_id
        )
        if isinstance(done, Refusal):
            return done
        return {"receipt_id": done.receipt_id, "deadline_ms": done.deadline_ms}

    async def _import(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, ImportFolder)
        done = await self._intake.import_folder(Path(message.folder), ordered.person.person_id)
        if isinstance(done, Refusal):
            return done
        files = [
            {
                "name": each.name,
                "verdict": _verdict(each.refusal),
                "code": each.refusal.code.value if each.refusal else "",
            }
            for each in done.files
        ]
        return {
            "files": files,
            "state": done.state or "",
            "have": done.have,
            "need": done.need,
            "missing": done.missing,
        }

    async def _close(self, ordered: Ordered, _message: ConsoleMessage) -> Result | Refusal:
        assert ordered.second is not None
        done = await self._intake.close(ordered.person.person_id, ordered.second.person_id)
        return done if isinstance(done, Refusal) else {"state": done.value}

    async def _arm(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, ArmRelease)
        assert ordered.second is not None
        parts = self._parts
        session = parts.sittings.current_session()
        if session is None or session.session_id != message.session_id:
            return Refusal(RefusalCode.SESSION_WRONG_STATE, message.session_id)
        held = parts.papers.held(session)
        if held is None:
            return Refusal(RefusalCode.FRAGMENTS_MISSING)
        not_ready = self._not_ready(session, set(message.without))
        if not_ready:
            return Refusal(RefusalCode.RELEASE_NOT_READY, "", not_ready)
        # Shares that do not open must be found now, while there is time to act.
        unreadable = parts.releases.prepare(session.session_id, held)
        if unreadable is not None:
            return unreadable
        refusal = await parts.releases.arm(
            session.session_id, ordered.person.person_id, ordered.second.person_id
        )
        return refusal or {"release_at_ms": held.manifest.release_at_ms}

    def _not_ready(self, session: Session, without: set[str]) -> list[Remark]:
        """What blocks the start: people (A01-A04), and admitted candidates' stations without
        verified ciphertext that nobody has agreed to start without (E05)."""
        parts = self._parts
        plan = parts.sittings.plan
        rooms = [room.room_id for room in plan.rooms] if plan else []
        findings = staff_findings(parts.staff.people(), rooms, parts.day_began_ms())
        told = [each.remark for each in findings if each.blocking]
        seats = [each for each in self._seats_without_paper(session) if each not in without]
        if seats:
            told.append(remark(RemarkCode.PAPER_NOT_VERIFIED, seats=", ".join(seats)))
        return told

    def _seats_without_paper(self, session: Session) -> list[str]:
        parts = self._parts
        ready = {
            (each.room_id, each.seat_no)
            for each in parts.enrolment.machines("station")
            if parts.presence.of(each.machine_id).paper is not PaperAt.NONE
        }
        return [
            f"{each.room_id}-{each.seat_no}"
            for each in parts.sittings.sittings(session.session_id)
            if each.admitted_at_ms is not None and (each.room_id, each.seat_no) not in ready
        ]

    async def _code(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, EnterCodeShare)
        parts = self._parts
        session = parts.sittings.current_session()
        held = parts.papers.held(session)
        if session is None or held is None:
            return Refusal(RefusalCode.FRAGMENTS_MISSING)
        done = await parts.releases.enter_code_share(
            session, held, ordered.person.person_id, message.words
        )
        return done if isinstance(done, Refusal) else {"complete": done}
