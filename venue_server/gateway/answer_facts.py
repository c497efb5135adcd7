"""Gathers what is recorded about where answers are; the rule is ``records/answer_places.py``."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from sqlalchemy import Connection

from venue_server.backup.archive import SUFFIX
from venue_server.backup.service import BackupTarget
from venue_server.backup.store import BackupCopy, read_copies
from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.primary_gone import look_at_primary, without_primary
from venue_server.records.answer_places import Held, SittingAnswers, Totals, totals
from venue_server.responses.store import ends_of
from venue_server.sitting.rows import Session, Sitting
from venue_server.sitting.states import AFTER_END, CLOSED_SITTINGS
from venue_server.stations.presence import StationNow
from venue_server.storage.background import short_turns
from venue_server.storage.engine import Store, StoreFault
from venue_server.storage.files import sha256_file
from venue_server.storage.media_lanes import within
from venue_server.storage.one_thread import LOOK_BOUND_S, BoundedLook, in_daemon
from venue_server.upload.delivered import Delivered, Trusted, confirmed_before, delivered
from venue_server.upload.store import read_certificate
from venue_server.wire.names import DataState, SeatLink, SessionState
from venue_server.wire.wiping_orders import AnswerPlace, AtRisk

T = TypeVar("T")
BOUND_S = 3.0
"""Longest a look waits for the primary's disk, in real seconds."""
_HOME = (DataState.UPLOADED, DataState.WIPED)
_ON_MEDIA = (DataState.BACKED_UP, DataState.SEALED, DataState.UPLOADING, *_HOME)


@dataclass(frozen=True)
class _Places:
    """What each place holds of a session, by sitting."""

    server: dict[str, int]
    backups: list[dict[str, int]]
    home: dict[str, int]
    wiped: bool


class AnswerFacts:
    """Reads what is durable, and what stations said last; nothing is remembered here."""

    def __init__(self, parts: DeskParts, store: Store, targets: Sequence[BackupTarget]) -> None:
        self._parts = parts
        self._store = store
        self._targets = {each.label: each for each in targets}
        # A medium that hangs may take no thread of everybody's pool for good (R3).
        self._here = {
            each.label: BoundedLook(each.label, lambda each=each: each.problem() is None, _away)  # type: ignore[misc]
            for each in targets
        }
        self._known: dict[str, list[tuple[Sitting, SittingAnswers]]] = {}

    async def of_session(self, session: Session, room_id: str = "") -> list[SittingAnswers]:
        """Every sitting of a session, or of one of its rooms. While the primary's disk is gone: as
        it was known before, less what that disk had. Raises StoreFault when nothing is known."""
        session_id = session.session_id
        gone = look_at_primary(self._parts)
        if not (gone and session_id in self._known):
            try:
                self._known[session_id] = await self._looked_up(session)
            except (StoreFault, TimeoutError) as fault:
                gone = True  # said by the very look; the alarm follows
                if session_id not in self._known:
                    raise StoreFault(str(fault)) from fault
        known, here = self._known[session_id], self._is_current(session)
        found = [self._without_primary(*e, session, here) if gone else e[1] for e in known]
        return [each for each in found if room_id in ("", each.room_id)]

    async def reckoned(self, found: Sequence[SittingAnswers]) -> tuple[list[AnswerPlace], Totals]:
        """What each sitting's candidate is told, and the sums."""
        return await _beside(lambda: ([one.held.acknowledged for one in found], totals(found)))

    async def _looked_up(self, session: Session) -> list[tuple[Sitting, SittingAnswers]]:
        """Bounded, in threads that nothing waits for at the end: a disk may hang in the middle."""
        async with asyncio.timeout(BOUND_S):
            sittings = await _beside(partial(self._parts.sittings.sittings, session.session_id))
            live = self._live(session, sittings)
            found = await _beside(partial(self._read, session, sittings, live))
        return list(zip(sittings, found, strict=True))

    def _without_primary(
        self, sitting: Sitting, one: SittingAnswers, session: Session, here_now: bool
    ) -> SittingAnswers:
        station = self._station_of(sitting, here_now)
        held = without_primary(one.held, station)
        if self._parts.responses.degraded:
            held = replace(held, second=0)
        risk = _risk(self._parts, sitting, station, held, session.state in AFTER_END)
        return replace(one, held=held, risk=risk)

    def _live(self, session: Session, sittings: list[Sitting]) -> dict[str, int] | None:
        """While a session goes on, the ends of its chains are in memory: counting through all its
        answers every second would cost more than saving them."""
        if session.state is not SessionState.STARTED:
            return None
        head = self._parts.responses.head
        return {
            each.sitting_id: head(session.session_id, each.sitting_id).seq
            for each in sittings
            if each.present
        }

    def _read(
        self, session: Session, sittings: list[Sitting], live: dict[str, int] | None
    ) -> list[SittingAnswers]:
        places = self._store.read(lambda tx: self._places(tx, session.session_id, live))
        here = self._is_current(session)
        return [self._one(each, session, places, here) for each in sittings]

    def lost_media(self, session_id: str) -> list[str]:
        """Backup media whose verified copy is no longer there although the medium is."""
        copies = self._store.read(lambda tx: read_copies(tx, session_id))
        return [each.target for each in copies if not self._is_there(each)]

    def backup_proved(self, session_id: str) -> bool:
        """Blocking: is there a verified backup that is what it was? One that is here is read again;
        one on a medium that is not here was carried away by its keeper and counts (L11)."""
        copies = self._store.read(lambda tx: read_copies(tx, session_id))
        return any(self._reads_back(each) for each in copies)

    def _reads_back(self, copy: BackupCopy) -> bool:
        file = self._file(copy)
        try:
            return file is None or sha256_file(file) == copy.sha256
        except OSError:
            return False

    def _places(self, tx: Connection, session_id: str, live: dict[str, int] | None) -> _Places:
        copies = [each for each in read_copies(tx, session_id) if self._is_there(each)]
        trusted = Trusted(self._parts.headquarters_keys, self._parts.headquarters_threshold)
        home = delivered(tx, session_id, trusted)
        wiped = read_certificate(tx, session_id)
        return _Places(
            server=ends_of(tx, session_id) if live is None else live,
            backups=[ends_of(tx, session_id, each.made_at_ms) for each in copies],
            home=confirmed_before(tx, session_id)
            | (dict(home.confirmed) if isinstance(home, Delivered) else {}),
            # From the first destroyed key on nobody at the venue can open its copies.
            wiped=wiped is not None,
        )

    def _is_there(self, copy: BackupCopy) -> bool:
        """Is a verified copy still to be reckoned with? One on a medium that is not here was
        carried away by its keeper; one that is missing on its own medium is lost."""

        def look() -> bool:
            file = self._file(copy)
            return file is None or file.exists()

        # A medium that hangs says nothing against its copy, and holds nobody up (R11).
        return within(f"look {copy.target}", look, LOOK_BOUND_S, True)

    def _file(self, copy: BackupCopy) -> Path | None:
        """Where a copy lies; None when its medium is not here. Blocking."""
        target = self._targets.get(copy.target)
        if target is None or not self._here[copy.target]():
            return None
        return target.folder / f"{quote(copy.session_id, safe='')}-{copy.made_at_ms}{SUFFIX}"

    def _one(
        self, sitting: Sitting, session: Session, places: _Places, here_now: bool
    ) -> SittingAnswers:
        sitting_id = sitting.sitting_id
        stored = places.server.get(sitting_id, 0)
        here = 0 if places.wiped else stored
        station = self._station_of(sitting, here_now)
        waiting = stored + station.unsynced if station is not None and station.unsynced else 0
        held = Held(
            station=max(waiting, sitting.final_seq or 0),
            server=here,
            second=0 if self._parts.responses.degraded else here,
            backups=tuple(min(here, each.get(sitting_id, 0)) for each in places.backups),
            headquarters=places.home.get(sitting_id, 0),
        )
        return SittingAnswers(
            sitting_id,
            sitting.room_id,
            sitting.seat_no,
            sitting.ticket_no,
            sitting.machine_id,
            held,
            _risk(self._parts, sitting, station, held, session.state in AFTER_END),
        )

    def _is_current(self, session: Session) -> bool:
        current = self._parts.sittings.current_session()
        return current is not None and current.session_id == session.session_id

    def _station_of(self, sitting: Sitting, here_now: bool) -> StationNow | None:
        """The station that works on a sitting; None once it works on another session's."""
        if not sitting.machine_id or not here_now:
            return None
        return self._parts.presence.of(sitting.machine_id)


async def _beside(work: Callable[[], T]) -> T:
    """In a thread of its own, because a disk may hang in the middle; in short turns, because what
    takes a thousand sittings takes as long as many saves (P4)."""

    def in_turns() -> T:
        with short_turns():
            return work()

    return await asyncio.wrap_future(in_daemon("answers", in_turns))


def _away() -> bool:
    return False


def seat_risk(parts: DeskParts, session: Session, sitting: Sitting) -> AtRisk:
    """The same for the board, from what is in memory: a thousand seats are drawn at once. Once the
    session is over it is what the keeper found last (media may be lost); until it looked, the
    stages after the exam are taken by the session's state."""
    over = session.state in AFTER_END
    if over and (found := parts.sources.risks.get(sitting.sitting_id)) is not None:
        return found
    degraded = parts.responses.degraded is not None
    gone = bool(parts.sources.primary_gone_since_ms)
    # With both copies in order only what the station has more of counts, not how much there is.
    counts = degraded or gone
    here = parts.responses.head(session.session_id, sitting.sitting_id).seq if counts else 0
    station = parts.presence.of(sitting.machine_id) if sitting.machine_id else None
    held = Held(
        station=here + (station.unsynced if station else 0),
        server=0 if gone else here,
        second=0 if degraded else here,
        backups=(here,) if session.data_state in _ON_MEDIA else (),
        headquarters=here if session.data_state in _HOME else 0,
    )
    return _risk(parts, sitting, station, held, over)


def _risk(
    parts: DeskParts, sitting: Sitting, station: StationNow | None, held: Held, over: bool
) -> AtRisk:
    is_open = sitting.present and sitting.state not in CLOSED_SITTINGS and not over
    silent = station is not None and station.link is not SeatLink.ONLINE
    since_ms = (station.unsynced_since_ms or station.last_seen_ms) if station else 0
    disks = parts.responses.degraded_since_ms, parts.sources.primary_gone_since_ms
    disk_since_ms = min((each for each in disks if each), default=0)
    return held.at_risk(since_ms, disk_since_ms, is_open and silent)
