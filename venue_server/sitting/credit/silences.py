"""When stations were not heard: noted as it happens, so that it can be measured later (I12)."""

from collections.abc import Callable

from sqlalchemy import Connection

from venue_server.ledger.book import Ledger
from venue_server.sitting.credit import store
from venue_server.sitting.credit.lost_time import Outage
from venue_server.sitting.rows import Sitting
from venue_server.sitting.service import SittingService
from venue_server.storage.engine import Store
from venue_server.wire.credit_orders import GapCause
from venue_server.wire.names import SessionState, SittingState

_IN_PROGRESS = SittingState.IN_PROGRESS


class Silences:
    """Keeps silences as they happen. ``mark_ms``: how old the mark of a running server may be when
    it is killed, in exam time."""

    def __init__(
        self,
        store_: Store,
        ledger: Ledger,
        sittings: SittingService,
        now_ms: Callable[[], int],
        mark_ms: int,
    ) -> None:
        self._store = store_
        self._ledger = ledger
        self._sittings = sittings
        self._now_ms = now_ms
        self._mark_ms = mark_ms
        self._before_ms = store_.read(store.alive_ms)  # how far the run before this one came
        at_work = _at_work(sittings)  # when this run began
        self._at_work = {each.sitting_id for each in at_work}
        self.here_before = {each.machine_id: self._here_ms(each) for each in at_work}
        """Their machines, each with the exam time at which it was here for certain."""
        self._met: set[str] = set()

    # ---- silences (I12) ------------------------------------------------------------------

    def silent(
        self,
        sitting: Sitting,
        machine_id: str,
        last_seen_ms: int,
        cause: GapCause = GapCause.LINK,
    ) -> Callable[[Connection], None]:
        """The connection of a sitting's station ended: what to write of it."""
        if sitting.state is not _IN_PROGRESS:
            return _nothing
        values = _silence(sitting, machine_id, cause, last_seen_ms)
        return lambda tx: store.silence_begins(tx, **values)

    async def heard(self, sitting: Sitting) -> None:
        """A station has this sitting (again)."""
        if sitting.state is _IN_PROGRESS:
            await self._store.write(self.hearing(sitting))

    def hearing(self, sitting: Sitting) -> Callable[[Connection], None]:
        """A station has this sitting (again): what to write of it. The first meeting after a
        restart of the server also says that the server was away, which nobody was there to note."""
        if sitting.state is not _IN_PROGRESS:
            return _nothing
        first, now = sitting.sitting_id not in self._met, self._now_ms()
        self._met.add(sitting.sitting_id)
        since = self._here_ms(sitting)
        # Of one that opened its paper alone it was known later that it did so before this run.
        was_away = first and (sitting.sitting_id in self._at_work or since == self._before_ms)

        def run(tx: Connection) -> None:
            ended = store.silence_ends(tx, sitting.sitting_id, now)
            if was_away and not ended:
                values = _silence(sitting, sitting.machine_id, GapCause.SERVER, since)
                store.silence_begins(tx, **values)
                store.silence_ends(tx, sitting.sitting_id, now)

        return run

    def _here_ms(self, sitting: Sitting) -> int:
        return max(sitting.opened_at_ms or 0, self._before_ms or 0)

    async def mark_alive(self) -> None:
        """Remember that the server runs now."""
        await self._store.write(lambda tx: store.mark_alive(tx, self._now_ms()))

    def outages(self, session_id: str) -> dict[str, list[tuple[Outage, str]]]:
        """Sitting to its silences, each with the machine that fell silent. One that began as the
        server itself stopped is the server's."""
        found = self._store.read(lambda tx: store.outages_of(tx, session_id))
        return {
            sitting_id: [(self._told_by_server(one), machine_id) for one, machine_id in each]
            for sitting_id, each in found.items()
        }

    def _told_by_server(self, outage: Outage) -> Outage:
        before = self._before_ms
        if before is None or not before - self._mark_ms <= outage.last_seen_ms <= before:
            return outage
        return Outage(GapCause.SERVER, outage.last_seen_ms, outage.back_at_ms)


def _at_work(sittings: SittingService) -> list[Sitting]:
    started = [one for one in sittings.sessions() if one.state is SessionState.STARTED]
    every = [each for one in started for each in sittings.sittings(one.session_id)]
    return [each for each in every if each.state is _IN_PROGRESS and each.machine_id]


def _nothing(_tx: Connection) -> None:
    """Only who is at work loses time."""


def _silence(
    sitting: Sitting, machine_id: str, cause: GapCause, last_seen_ms: int
) -> dict[str, str | int]:
    return {
        "session_id": sitting.session_id,
        "sitting_id": sitting.sitting_id,
        "machine_id": machine_id,
        "cause": cause.value,
        "last_seen_ms": last_seen_ms,
    }
