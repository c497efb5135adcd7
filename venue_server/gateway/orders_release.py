"""Orders about the release: arming it, the offline code, freezing it, the go/no-go board."""

from collections.abc import Callable

from venue_server.gateway.console_desk import Handler, Ordered, Result
from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.ready_board import as_text, ready_lines
from venue_server.release.readiness import agreed, blocking
from venue_server.sitting.rows import Session
from venue_server.wire.console_orders import (
    ArmRelease,
    ConsoleMessage,
    EnterCodeShare,
    FreezeRelease,
    GetGoNoGo,
    LiftFreeze,
    LiftFreezeTogether,
)
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.station_messages import ReleaseHeld


class ReleaseOrders:
    """Two people wherever the regulation wants two; one is enough to stop everything (I05)."""

    def __init__(self, parts: DeskParts, may_arm: Callable[[str], Refusal | None]) -> None:
        self._parts = parts
        self._may_arm = may_arm  # is the receipt sheet signed (D09)?

    def handlers(self) -> dict[str, Handler]:
        """Order name to handler."""
        return {
            "GetGoNoGo": self._board,
            "ArmRelease": self._arm,
            "EnterCodeShare": self._code,
            "FreezeRelease": self._freeze,
            "LiftFreeze": self._lift,
            "LiftFreezeTogether": self._lift_together,
        }

    def _current(self, session_id: str) -> Session | Refusal:
        session = self._parts.sittings.current_session()
        if session is None or session.session_id != session_id:
            return Refusal(RefusalCode.SESSION_WRONG_STATE, session_id)
        return session

    async def _board(self, _ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, GetGoNoGo)
        session = self._current(message.session_id)
        if isinstance(session, Refusal):
            return session
        lines = ready_lines(self._parts, session)
        return {
            "go": not blocking(lines, ()),
            "lines": [
                {
                    "kind": line.kind.value,
                    "verdict": line.verdict.value,
                    "have": line.have,
                    "need": line.need,
                    "names": line.names,
                    "text": as_text(line),
                }
                for line in lines
            ],
        }

    # ---- arming --------------------------------------------------------------------------

    async def _arm(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, ArmRelease)
        assert ordered.second is not None
        parts = self._parts
        session = self._current(message.session_id)
        if isinstance(session, Refusal):
            return session
        papers = parts.forms.complete(session)
        if papers is None:
            return Refusal(RefusalCode.FRAGMENTS_MISSING, ", ".join(parts.forms.missing(session)))
        if parts.freezing.now() is not None:
            return Refusal(RefusalCode.RELEASE_FROZEN)
        if used := parts.releases.used_before(papers):
            return Refusal(RefusalCode.PAPER_REPLAYED, ", ".join(used))
        if unsigned := self._may_arm(session.session_id):
            return unsigned
        lines = ready_lines(parts, session)
        not_ready = blocking(lines, message.without)
        if not_ready:
            return Refusal(RefusalCode.RELEASE_NOT_READY, "；".join(map(as_text, not_ready)))
        # Shares that do not open must be found now, while there is time to act.
        unreadable = parts.releases.prepare(session.session_id, papers)
        if unreadable is not None:
            return unreadable
        refusal = await parts.releases.arm(
            session.session_id,
            ordered.person.person_id,
            ordered.second.person_id,
            agreed(lines, message.without),
        )
        return refusal or {"release_at_ms": max(each.manifest.release_at_ms for each in papers)}

    # ---- the offline code ----------------------------------------------------------------

    async def _code(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, EnterCodeShare)
        parts = self._parts
        session = parts.sittings.current_session()
        papers = parts.forms.complete(session)
        if session is None or papers is None:
            return Refusal(RefusalCode.FRAGMENTS_MISSING)
        done = await parts.releases.enter_code_share(
            session, papers, ordered.person.person_id, message.words
        )
        if isinstance(done, Refusal):
            return done
        return {"complete": done.complete, "form": done.form.form_id if done.form else ""}

    # ---- freezing ------------------------------------------------------------------------

    async def _freeze(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, FreezeRelease)
        refusal = await self._parts.freezing.freeze(ordered.person.person_id, message.reason)
        if refusal is None:
            self._parts.hub.to_stations(ReleaseHeld(True), lambda _machine_id: True)
        return refusal or {}

    async def _lift(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, LiftFreeze)
        if not message.reference.strip():
            return Refusal(RefusalCode.REASON_MISSING, "总部批准文号 / headquarters' reference")
        return await self._thaw(ordered.both, message.reason, message.reference)

    async def _lift_together(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, LiftFreezeTogether)
        assert ordered.second is not None
        persons = ordered.both
        return await self._thaw(persons, message.reason, "")

    async def _thaw(self, persons: str, reason: str, reference: str) -> Result | Refusal:
        refusal = await self._parts.freezing.lift(persons, reason, reference)
        if refusal is None:
            held = ReleaseHeld(self._parts.release_held())  # by headquarters' order it may be still
            self._parts.hub.to_stations(held, lambda _machine_id: True)
        return refusal or {}
