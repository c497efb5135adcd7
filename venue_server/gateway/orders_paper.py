"""Orders about the sealed paper: its seal shown, reserves approved for use."""

from pathlib import Path

from venue_server.gateway.console_desk import Handler, Ordered, Result
from venue_server.gateway.desk_parts import DeskParts
from venue_server.release.reserves import DOCUMENT, PERSONS, read_approval
from venue_server.sitting.forms import Form, Substitution
from venue_server.storage.media_lanes import on_medium
from venue_server.wire.console_orders import (
    ApproveReserve,
    ConsoleMessage,
    ImportReserveApproval,
    WitnessSeal,
)
from venue_server.wire.refusals import Refusal, RefusalCode


class PaperOrders:
    """Two people wherever the regulation wants two."""

    def __init__(self, parts: DeskParts) -> None:
        self._parts = parts

    def handlers(self) -> dict[str, Handler]:
        """Order name to handler."""
        return {
            "WitnessSeal": self._witness,
            "ApproveReserve": self._approve,
            "ImportReserveApproval": self._import_approval,
        }

    # ---- the seal shown ------------------------------------------------------------------

    async def _witness(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        """Both invigilators are of this room (the desk asked); the witness must sit in it (D17)."""
        assert isinstance(message, WitnessSeal)
        parts = self._parts
        session = parts.sittings.current_session()
        seals = [paper.seal for paper in parts.forms.papers(session)]
        if session is None or not seals:
            return Refusal(RefusalCode.FRAGMENTS_MISSING)
        refusal = await parts.sittings.witness_seal(
            session.session_id,
            message.room_id,
            message.ticket_no,
            ordered.both,
            [f"{seal.paper_id}/{seal.form_id} {seal.short_digest}" for seal in seals],
        )
        return refusal or {"seals": len(seals)}

    # ---- reserves ------------------------------------------------------------------------

    async def _approve(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, ApproveReserve)
        assert ordered.second is not None
        form = Form(message.paper_id, message.form_id)
        use = Substitution(form, message.room_id, message.replaces)
        persons = ordered.both
        return await self._use(message.session_id, use, message.reason, persons, PERSONS)

    async def _import_approval(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, ImportReserveApproval)
        assert ordered.second is not None
        parts = self._parts
        try:
            data = await on_medium(Path(message.file), Path(message.file).read_bytes)
        except OSError as error:
            return Refusal(RefusalCode.DOCUMENT_MALFORMED, error.strerror or message.file)
        approval = read_approval(
            data, parts.headquarters_keys, parts.headquarters_threshold, parts.venue_id
        )
        if isinstance(approval, Refusal):
            return approval
        persons = ordered.both
        approved_by = f"{approval.approved_by} ({persons})"
        return await self._use(
            approval.session_id, approval.substitution, approval.reason, approved_by, DOCUMENT
        )

    async def _use(
        self, session_id: str, use: Substitution, reason: str, approved_by: str, way: str
    ) -> Result | Refusal:
        refusal = await self._parts.reserves.approve(session_id, use, reason, approved_by, way)
        if refusal is not None:
            return refusal
        return {"form": str(use.form), "room_id": use.room_id, "replaces": use.replaces}
