"""Orders about station swaps, branches of answers and collected journals. No item content (O02)."""

from dataclasses import asdict
from pathlib import Path
from typing import cast

from venue_server.gateway.console_desk import Handler, Ordered, Result
from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.journal_import import JournalImport, Taken
from venue_server.gateway.journal_words import proof_words
from venue_server.gateway.ready_board import holds_paper
from venue_server.gateway.swap_desk import SwapDesk
from venue_server.gateway.swap_keeper import SwapKeeper
from venue_server.gateway.swap_lines import branch_line, swap_line
from venue_server.responses.branching.service import Standing
from venue_server.sitting.rows import Sitting
from venue_server.sitting.swapping.rules import Asked, Swap, Target
from venue_server.stations.presence import PaperAt
from venue_server.stations.store import Machine
from venue_server.wire.console_orders import ConsoleMessage
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.station_messages import LoginAllowed
from venue_server.wire.swap_orders import (
    DecideBranch,
    GetSpares,
    GetSwaps,
    ImportStationJournal,
    SittingMoved,
    SwapStation,
)

Answer = Result | Refusal


class SwapOrders:
    """Two people for everything that changes something."""

    def __init__(self, parts: DeskParts, keeper: SwapKeeper, journals: JournalImport) -> None:
        self._parts = parts
        self._keeper = keeper
        self._journals = journals
        self._desk = SwapDesk(parts)

    def handlers(self) -> dict[str, Handler]:
        """Order name to handler."""
        return {
            "SwapStation": self._swap,
            "GetSpares": self._spares,
            "GetSwaps": self._swaps,
            "DecideBranch": self._decide,
            "ImportStationJournal": self._import,
        }

    # ---- the swap ------------------------------------------------------------------------

    async def _swap(self, ordered: Ordered, message: ConsoleMessage) -> Answer:
        asked = cast(SwapStation, message)
        parts = self._parts
        sitting = parts.sittings.sitting(asked.sitting_id)
        if sitting is None:
            return Refusal(RefusalCode.SITTING_UNKNOWN, asked.sitting_id)
        machine = self._station(sitting.room_id, asked.seat_no)
        if machine is None:
            return Refusal(RefusalCode.SPARE_UNUSABLE, f"{asked.seat_no} NO_STATION")
        target = self._target(machine)
        if not parts.branches.is_settled(sitting, machine.machine_id):
            return Refusal(RefusalCode.SPARE_UNUSABLE, f"{asked.seat_no} BRANCH_OPEN")
        standing = self._station(sitting.room_id, parts.swaps.seat_now(sitting))
        head = await parts.responses.flushed(sitting.session_id, sitting.sitting_id)
        done = await parts.swaps.swap(
            sitting.sitting_id,
            asked.room_id,
            target,
            standing.machine_id if standing else "",
            (head.seq, head.hash),
            Asked(asked.reason, asked.person_confirmed),
            _two(ordered),
        )
        if isinstance(done, Refusal):
            return done
        self._tell(done, machine)
        return {"swap": asdict(done)}

    def _tell(self, done: Swap, machine: Machine) -> None:
        """The old machine learns at once that it holds the sitting no more; the spare gets the
        candidate's form."""
        parts = self._parts
        sitting = parts.sittings.sitting(done.sitting_id)
        assert sitting is not None, "it was moved just now"
        moved = self._desk.as_moved(sitting, done.from_machine)
        parts.hub.to_station(done.from_machine, SittingMoved(moved))
        old = parts.enrolment.machine(done.from_machine)
        for each in (machine, old):
            if each is not None and parts.delivery.reassign(each):
                parts.presence.paper(each.machine_id, PaperAt.NONE)
        session = parts.sittings.session(sitting.session_id)
        if done.room_id in session.login_rooms:  # a machine that stood aside is a spare again
            parts.hub.to_station(done.to_machine, LoginAllowed(done.room_id))
        for seat in (sitting.seat_no, done.from_seat, done.to_seat):
            parts.hub.seat_changed(done.room_id, seat)
        parts.hub.venue_changed()

    def _station(self, room_id: str, seat_no: str) -> Machine | None:
        stations = self._parts.enrolment.machines("station")
        return next((e for e in stations if (e.room_id, e.seat_no) == (room_id, seat_no)), None)

    def _target(self, machine: Machine) -> Target:
        parts = self._parts
        session = parts.sittings.current_session()
        none_here = session is None or parts.forms.complete(session) is None
        return Target(
            machine.machine_id,
            machine.room_id,
            machine.seat_no,
            parts.presence.is_online(machine.machine_id),
            none_here or holds_paper(parts, machine),
        )

    async def _spares(self, _ordered: Ordered, message: ConsoleMessage) -> Answer:
        asked = cast(GetSpares, message)
        session = self._parts.sittings.current_session()
        if session is None:
            return Refusal(RefusalCode.SESSION_WRONG_STATE)
        sitting = self._parts.sittings.sitting(asked.sitting_id) if asked.sitting_id else None
        here = self._parts.swaps.seat_now(sitting) if sitting else ""
        spares = []
        for machine in self._parts.enrolment.machines("station"):
            if machine.room_id == asked.room_id and machine.seat_no != here:
                target = self._target(machine)
                why = self._parts.swaps.unusable(session.session_id, asked.sitting_id, target)
                if why is None or why.value in ("OFFLINE", "NO_PAPER"):
                    spares.append({"seat_no": machine.seat_no, "why": why.value if why else ""})
        return {"spares": sorted(spares, key=lambda each: each["seat_no"])}

    # ---- branches ------------------------------------------------------------------------

    async def _swaps(self, _ordered: Ordered, message: ConsoleMessage) -> Answer:
        session = self._parts.sittings.asked_session(cast(GetSwaps, message).session_id)
        if isinstance(session, Refusal):
            return session
        swaps = self._parts.swaps.in_session(session.session_id)
        branches = self._parts.branches.in_session(session.session_id)
        return {
            "session_id": session.session_id,
            "swaps": [asdict(each) for each in swaps],
            "branches": [self._branch(each) for each in branches],
            "lines": [
                *({"text": swap_line(each, self._seat_of(each))} for each in swaps),
                *({"text": line} for each in branches for line in branch_line(each)),
            ],
        }

    def _seat_of(self, swap: Swap) -> str:
        sitting = self._parts.sittings.sitting(swap.sitting_id)
        return sitting.seat_no if sitting else swap.from_seat

    def _branch(self, standing: Standing) -> dict[str, object]:
        sitting: Sitting = standing.sitting
        machine = self._parts.enrolment.machine(standing.branch.machine_id)
        return {
            "sitting_id": sitting.sitting_id,
            "ticket_no": sitting.ticket_no,
            "room_id": sitting.room_id,
            "seat_no": sitting.seat_no,
            "machine_id": standing.branch.machine_id,
            "machine_seat": machine.seat_no if machine else "",
            "works_at": sitting.machine_id,
            "entries": len(standing.branch.entries),
            "verdict": standing.verdict.value,
            "decided": standing.decided,
            "open": standing.open,
            "items": [
                {
                    "item_id": item.item_id,
                    "at_ms": item.at_ms,
                    "chain_at_ms": item.chain_at_ms or 0,
                    "stand": item.stand.value,
                }
                for item in standing.items
            ],
        }

    async def _decide(self, ordered: Ordered, message: ConsoleMessage) -> Answer:
        asked = cast(DecideBranch, message)
        done = await self._parts.branches.decide(
            asked.sitting_id, asked.machine_id, asked.keep, asked.reason, ",".join(_two(ordered))
        )
        if isinstance(done, Refusal):
            return done
        await self._keeper.backed_up_again(done.sitting.session_id)
        self._parts.hub.seat_changed(done.sitting.room_id, done.sitting.seat_no)
        sitting = self._parts.sittings.sitting(asked.sitting_id)
        return {"sitting_id": asked.sitting_id, "seq": sitting.final_seq if sitting else 0}

    # ---- journals of dead stations -------------------------------------------------------

    async def _import(self, ordered: Ordered, message: ConsoleMessage) -> Answer:
        asked = cast(ImportStationJournal, message)
        first, second = _two(ordered)
        done = await self._journals.take_in(
            Path(asked.folder), asked.reason.strip(), first, second, asked.accept_unproved
        )
        if isinstance(done, Refusal):
            return done
        return {
            "journals": [asdict(each) for each in done],
            "lines": [{"text": _taken_line(each)} for each in done],
        }


def _two(ordered: Ordered) -> tuple[str, str]:
    assert ordered.second is not None, "the desk saw to it"
    return ordered.person.person_id, ordered.second.person_id


def _taken_line(taken: Taken) -> str:
    """One line for the command line."""
    gap = f", 缺 / lacks {taken.gap_from}-{taken.gap_to}" if taken.gap_from else ""
    gap += f", 已丢失 / lost {taken.lost}" if taken.lost else ""
    chinese, english = proof_words(taken.proof, taken.signed_by)
    proof = f"{chinese} / {english}, " if chinese else ""
    refusal = Refusal(RefusalCode(taken.code)) if taken.code else None
    why = f" [{taken.code}] {refusal.text('zh')} / {refusal.text('en')}" if refusal else ""
    return (
        f"{taken.sitting_id or '?'} ({taken.machine_id or '?'}): {taken.verdict}, {proof}"
        f"日志 / journal {taken.journal_seq}, "
        f"服务器 / server {taken.server_seq} → {taken.now_seq}, "
        f"另存 / kept aside {taken.kept_aside}{gap}{why}"
    )
