"""Station swaps: who sits where now, and the order that moves a candidate to a spare (F2).

Swaps are few and asked for with every save of a moved candidate and every drawing of a board, so
they are kept in memory beside the table.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.sitting.book import SittingBook
from venue_server.sitting.policy import has_ended
from venue_server.sitting.rows import Sitting
from venue_server.sitting.store import load_sitting, load_sittings
from venue_server.sitting.swapping import store as swap_store
from venue_server.sitting.swapping.rules import (
    Asked,
    Swap,
    Target,
    Unusable,
    may_bring_tail,
    may_swap,
    unusable,
)
from venue_server.storage.engine import Store
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError

Place = tuple[str, str]
"""Room id and seat number."""

CLAIM_SHOWN_MS = 10 * 60_000


@dataclass(frozen=True)
class Claim:
    """Two stations claimed one candidate (F24): at work at ``first``, refused at ``second``."""

    ticket_no: str
    first: str
    second: str
    at_ms: int


class Swaps:
    """All swaps of the venue. ``now_ms`` is exam time."""

    def __init__(
        self, store: Store, ledger: Ledger, sittings: SittingBook, now_ms: Callable[[], int]
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._sittings = sittings
        self._now_ms = now_ms
        self._of: dict[str, list[Swap]] = {}
        self._claims: dict[str, Claim] = {}
        for swap in store.read(swap_store.all_swaps):
            self._of.setdefault(swap.sitting_id, []).append(swap)

    # ---- looking -------------------------------------------------------------------------

    def of(self, sitting_id: str) -> list[Swap]:
        """A sitting's swaps, oldest first."""
        return list(self._of.get(sitting_id, ()))

    def any_of(self, sitting_id: str) -> bool:
        """Was this sitting ever moved to another machine?"""
        return sitting_id in self._of

    def in_session(self, session_id: str) -> list[Swap]:
        """Every swap of a session, oldest first."""
        if not self._of:
            return []  # as on most days, and asked with every hello
        found = [each for swaps in list(self._of.values()) for each in swaps]
        mine = (each for each in found if each.session_id == session_id)
        return sorted(mine, key=lambda each: each.swap_id)

    def seat_now(self, sitting: Sitting) -> str:
        """The seat at whose machine a sitting goes on; its own unless it was moved."""
        swaps = self._of.get(sitting.sitting_id)
        return swaps[-1].to_seat if swaps else sitting.seat_no

    def placed(self, session_id: str) -> dict[Place, Swap]:
        """Where moved candidates sit now: spare's place to their last swap. Who was moved back to
        their own seat is not in it."""
        last = {each.sitting_id: each for each in self.in_session(session_id)}
        return {
            (swap.room_id, swap.to_seat): swap
            for swap in last.values()
            if swap.to_seat != self._of[swap.sitting_id][0].from_seat
        }

    def home(self, session_id: str, place: Place) -> Place:
        """The seat of the candidate who sits at ``place`` now: the form follows the candidate."""
        swap = self.placed(session_id).get(place)
        return (swap.room_id, self._of[swap.sitting_id][0].from_seat) if swap else place

    def may_bring_tail(self, sitting: Sitting, machine_id: str) -> bool:
        """May this machine still continue the sitting's chain, though it holds it no more?"""
        return may_bring_tail(sitting, self._of.get(sitting.sitting_id, ()), machine_id)

    def held_before(self, sitting_id: str, machine_id: str) -> bool:
        """Did the candidate really sit at this machine before a swap?"""
        return any(each.held and each.from_machine == machine_id for each in self.of(sitting_id))

    def unusable(self, session_id: str, sitting_id: str, target: Target) -> Unusable | None:
        """Why a machine cannot be the spare of a sitting now (an empty id: of anybody)."""
        return unusable(
            target, sitting_id, self._sittings.sittings(session_id), self._last_of(session_id)
        )

    def _last_of(self, session_id: str) -> list[Swap]:
        last = [swaps[-1] for swaps in list(self._of.values())]
        return [each for each in last if each.session_id == session_id]

    def claimed(self, ticket_no: str, first: str, second: str) -> None:
        """A second station claimed a candidate who is at work; the ledger has it for good."""
        self._claims[ticket_no] = Claim(ticket_no, first, second, self._now_ms())

    def claims(self) -> list[Claim]:
        """The second claims of the last ten minutes."""
        since = self._now_ms() - CLAIM_SHOWN_MS
        return [each for each in self._claims.values() if each.at_ms >= since]

    # ---- the order -----------------------------------------------------------------------

    async def swap(
        self,
        sitting_id: str,
        room_id: str,
        target: Target,
        standing: str,
        kept: tuple[int, str],
        asked: Asked,
        persons: tuple[str, str],
    ) -> Swap | Refusal:
        """Let go of the old machine and let the candidate log in at ``target``.

        ``standing`` is the machine at which the candidate stands or sits now, ``kept`` the
        server's durable end of the chain, ``persons`` who orders and who confirms. Refusals: SIT-02
        handed in or over, SIT-03, STF-05, ADM-* not admitted, SWP-02 to SWP-05.
        """

        def run(tx: Connection) -> Swap:
            known = swap_store.all_swaps(tx)  # not from memory: two orders may come at once
            sitting = self._movable(tx, sitting_id, room_id, asked)
            swaps = [each for each in known if each.sitting_id == sitting_id]
            here = swaps[-1].to_seat if swaps else sitting.seat_no
            self._check_target(tx, sitting, here, target, known)
            value = Swap(
                swap_id=0,
                session_id=sitting.session_id,
                sitting_id=sitting_id,
                room_id=sitting.room_id,
                at_ms=self._now_ms(),
                from_seat=here,
                from_machine=sitting.machine_id or standing,
                held=bool(sitting.machine_id),
                to_seat=target.seat_no,
                to_machine=target.machine_id,
                kept_seq=kept[0],
                kept_head=kept[1],
                reason=asked.reason.strip(),
                persons=",".join(persons),
            )
            if not swap_store.let_go(tx, sitting):
                refusal = Refusal(RefusalCode.SITTING_WRONG_STATE, sitting.state.value)
                raise RefusedError(refusal)
            self._record(tx, value, sitting.seat_no)
            return swap_store.insert_swap(tx, value)

        try:
            done = await self._store.write(run)
        except RefusedError as no:
            return no.refusal
        self._of.setdefault(sitting_id, []).append(done)
        return done

    def _movable(self, tx: Connection, sitting_id: str, room_id: str, asked: Asked) -> Sitting:
        sitting = load_sitting(tx, sitting_id)
        if sitting is None:
            raise RefusedError(Refusal(RefusalCode.SITTING_UNKNOWN, sitting_id))
        session = self._sittings.session_in(tx, sitting.session_id)
        started = session.effective_start_ms is not None
        over = started and has_ended(self._sittings.times_of(sitting), self._now_ms())
        refusal = may_swap(sitting, session.state, over, room_id, asked)
        if refusal is not None:
            raise RefusedError(refusal)
        return sitting

    def _check_target(
        self, tx: Connection, sitting: Sitting, here: str, target: Target, known: list[Swap]
    ) -> None:
        if target.room_id != sitting.room_id:
            raise RefusedError(Refusal(RefusalCode.SWAP_OTHER_ROOM, target.room_id))
        last = {each.sitting_id: each for each in known if each.session_id == sitting.session_id}
        rows = load_sittings(tx, sitting.session_id)
        why = unusable(target, sitting.sitting_id, rows, last.values())
        if target.seat_no == here:
            why = Unusable.SAME
        if why is not None:
            detail = f"{target.seat_no} {why.value}"
            raise RefusedError(Refusal(RefusalCode.SPARE_UNUSABLE, detail))

    def _record(self, tx: Connection, swap: Swap, seat_no: str) -> None:
        self._ledger.record(
            tx,
            Event.STATION_SWAPPED,
            swap.persons,
            session=swap.session_id,
            room=swap.room_id,
            sitting=swap.sitting_id,
            seat=seat_no,
            from_seat=swap.from_seat,
            from_machine=swap.from_machine,
            to_seat=swap.to_seat,
            to_machine=swap.to_machine,
            kept_seq=swap.kept_seq,
            kept_head=swap.kept_head,
            reason=swap.reason,
        )
