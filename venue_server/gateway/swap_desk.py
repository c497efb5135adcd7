"""What stations are told and bring when a sitting moved to another machine (F2, F13, F24, F25).

The rules: ``sitting/swapping/rules.py``, ``responses/branching/rules.py``.
"""

from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.sitting_view import answer_deadline_ms, answers_from_ms
from venue_server.gateway.stranded_answers import CLOSED, came_too_late
from venue_server.ledger.catalogue import Event
from venue_server.sitting.identity import normalise
from venue_server.sitting.rows import Sitting
from venue_server.sitting.store import sitting_id_of
from venue_server.stations.store import Machine
from venue_server.wire.chain import ResponseEntry, genesis
from venue_server.wire.messages import Refused
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.station_messages import StationHello
from venue_server.wire.swap_orders import Moved, OfferTail, SittingMoved

_SECOND_CLAIM = (RefusalCode.WRONG_SEAT, RefusalCode.ALREADY_LIVE)


class SwapDesk:
    """The station desk's help with sittings that are not, or no longer, at a machine."""

    def __init__(self, parts: DeskParts) -> None:
        self._parts = parts

    # ---- where a sitting is --------------------------------------------------------------

    def moved(self, machine: Machine, hello: StationHello, here: Sitting | None) -> Moved | None:
        """What a machine is told whose hello names a sitting that goes on elsewhere; ``here`` is
        the one that is at the machine."""
        if here is not None and here.sitting_id == hello.sitting_id:
            return None
        sitting = self._parts.sittings.sitting(hello.sitting_id) if hello.sitting_id else None
        if sitting is None or sitting.machine_id == machine.machine_id:
            return None
        seat = sitting.room_id, self._parts.swaps.seat_now(sitting)
        never_moved = not sitting.machine_id and not self._parts.swaps.of(sitting.sitting_id)
        if never_moved or seat == (machine.room_id, machine.seat_no):
            return None  # it is this seat's to log in again
        return self.as_moved(sitting, machine.machine_id)

    def as_moved(
        self, sitting: Sitting, machine_id: str, last: ResponseEntry | None = None
    ) -> Moved:
        """Where the sitting is now, and what of this machine's chain is here: up to ``last``, or
        what was here at the swap."""
        swaps = self._parts.swaps.of(sitting.sitting_id)
        own = [each for each in swaps if each.held and each.from_machine == machine_id]
        kept = (own[-1].kept_seq, own[-1].kept_head) if own else (0, genesis(sitting.sitting_id))
        if last is not None:
            kept = last.seq, last.hash
        return Moved(
            sitting.sitting_id,
            self._parts.swaps.seat_now(sitting),
            *kept,
            settled=self._parts.branches.is_settled(sitting, machine_id),
        )

    # ---- the old machine's tail ----------------------------------------------------------

    async def tail(self, machine: Machine, message: OfferTail) -> SittingMoved | Refused:
        """Take what an earlier machine still has: by sequence while nobody works at the spare yet,
        else aside. Everything is durable before the answer."""
        sitting = self._parts.sittings.sitting(message.sitting_id)
        entries = message.entries
        if (
            sitting is None
            or not entries
            or sitting.machine_id == machine.machine_id
            or any(each.sitting_id != sitting.sitting_id for each in entries)
        ):
            return Refused(0, RefusalCode.SITTING_UNKNOWN, message.sitting_id)
        session = self._parts.sittings.session(sitting.session_id)
        if await came_too_late(self._parts, machine.machine_id, entries, sitting):
            return Refused(0, RefusalCode.ANSWERS_TOO_LATE, sitting.sitting_id)
        if session.state in CLOSED:  # kept for a later version of the bundle (L03)
            await self._parts.branches.keep(sitting, machine.machine_id, entries)
        else:
            await self.take(sitting, machine.machine_id, entries)
        self._parts.hub.venue_changed()
        return SittingMoved(self.as_moved(sitting, machine.machine_id, entries[-1]))

    async def take(self, sitting: Sitting, machine_id: str, entries: list[ResponseEntry]) -> int:
        """Merge by sequence what continues the chain, as far as this machine may; how many entries
        were kept aside. ``sitting`` was read just now: nothing waits between looking who holds it
        and judging the entries."""
        parts = self._parts
        before = parts.responses.head(sitting.session_id, sitting.sitting_id)
        last_ms = answer_deadline_ms(parts, sitting, sitting.machine_id)
        aside = 0
        own = machine_id == sitting.machine_id != ""
        own = own or parts.swaps.may_bring_tail(sitting, machine_id)
        if own and last_ms is not None:
            accepted = await parts.responses.save(
                sitting.session_id,
                sitting.sitting_id,
                machine_id,
                entries,
                last_ms,
                answers_from_ms(parts, sitting),
            )
            aside = accepted.aside
            if accepted.head.seq > before.seq:
                await parts.ledger.note(
                    Event.ANSWERS_MERGED,
                    machine_id,
                    session=sitting.session_id,
                    room=sitting.room_id,
                    sitting=sitting.sitting_id,
                    machine=machine_id,
                    from_seq=before.seq,
                    to_seq=accepted.head.seq,
                    head=accepted.head.hash,
                )
        return aside + await parts.branches.keep(sitting, machine_id, entries)

    # ---- two stations, one candidate -----------------------------------------------------

    async def refused_log_in(self, machine: Machine, ticket_no: str, code: RefusalCode) -> None:
        """A log-in was refused: is the candidate at work at another machine (F24)?"""
        parts = self._parts
        session = parts.sittings.current_session()
        if session is None or code not in _SECOND_CLAIM:
            return
        sitting_id = sitting_id_of(session.session_id, normalise(ticket_no))
        sitting = parts.sittings.sitting(sitting_id)
        if sitting is None or not parts.presence.is_online(sitting.machine_id):
            return
        first = parts.enrolment.machine(sitting.machine_id)
        place = f"{first.room_id}-{first.seat_no}" if first else sitting.machine_id
        here = f"{machine.room_id}-{machine.seat_no}"
        parts.swaps.claimed(sitting.ticket_no, place, here)
        await parts.ledger.note(
            Event.CLAIMED_TWICE,
            machine.machine_id,
            session=sitting.session_id,
            room=sitting.room_id,
            sitting=sitting.sitting_id,
            live_at=sitting.machine_id,
            claimed_at=machine.machine_id,
        )
        parts.hub.venue_changed()

    # ---- local data lost -----------------------------------------------------------------

    async def data_lost(self, machine: Machine, hello: StationHello, sitting: Sitting) -> None:
        """A station came back to its sitting without entries that its last heartbeat named and the
        server never got: the gap is said exactly (F25)."""
        mine = hello.last_seq if hello.sitting_id == sitting.sitting_id else 0
        await self._say_lost(machine.machine_id, machine, sitting, mine)

    def holder(self, session_id: str, ticket_no: str) -> str:
        """The machine that a candidate logged in at last, before they log in somewhere."""
        sitting_id = sitting_id_of(session_id, normalise(ticket_no))
        sitting = self._parts.sittings.sitting(sitting_id)
        return sitting.machine_id if sitting else ""

    async def took_over(self, before: str, machine: Machine, sitting: Sitting) -> None:
        """A newly enrolled machine goes on at the seat of one whose disk is gone (F25)."""
        if before not in ("", machine.machine_id):
            await self._say_lost(before, machine, sitting, 0)

    async def _say_lost(self, known_of: str, machine: Machine, sitting: Sitting, mine: int) -> None:
        parts = self._parts
        known = parts.presence.of(known_of).last_seq
        head = parts.responses.head(sitting.session_id, sitting.sitting_id)
        here = max(mine, head.seq)
        if known <= here:
            return
        await parts.ledger.note(
            Event.STATION_DATA_LOST,
            machine.machine_id,
            session=sitting.session_id,
            room=sitting.room_id,
            sitting=sitting.sitting_id,
            seat=sitting.seat_no,
            held_seq=head.seq,
            lost_from=here + 1,
            lost_to=known,
        )
        parts.presence.forget_last_seq(known_of)
