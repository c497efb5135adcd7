"""The primary disk over a day: outages are recorded, and a disk that is back is taken back (R3).

The descriptors of a disk that was pulled are dead, also when it is plugged in again. So the server
begins again from the start, as after kill -9 and without a hand, once the store that lies there is
known to be its own (gateway/primary_return.py). Any other one is refused with a code, aloud, as
long as it lies there.
"""

import asyncio
import logging
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.primary_return import Found, Known, look
from venue_server.ledger.catalogue import Event
from venue_server.storage.files import write_whole
from venue_server.storage.one_thread import apart
from venue_server.wire.alarms import Alarm, AlarmCode

LOOK_S = 1.0
REFUSED_S = 5.0
"""A refused store is looked at again: what only the second copy has may be back by then."""
NOTE = "primary-returned.json"
_OUT = frozenset({AlarmCode.PRIMARY_FAILING, AlarmCode.PRIMARY_HANGS, AlarmCode.PRIMARY_ELSEWHERE})
_log = logging.getLogger(__name__)


class PrimaryReturned(Exception):
    """The store is back where it was: the server is to begin again on it."""


class Outage(msgspec.Struct, frozen=True):
    """One outage: since when (exam ms), which alarm, how long after the first sign it was noticed
    (real ms), and what was refused in the store's place."""

    since_ms: int
    code: str
    noticed_ms: int
    refused: list[str] = []


@dataclass(frozen=True)
class Primary:
    """The venue's folder, the store in it, and the venue's own public key."""

    data: Path
    store: Path
    public: bytes


class PrimaryKeeper:
    """Looks once a second."""

    def __init__(self, parts: DeskParts, primary: Primary) -> None:
        self._parts = parts
        self._primary = primary
        self._note = primary.data / "run" / NOTE
        self._outage: Outage | None = None
        self._alarm: Alarm | None = None
        self._again_at = 0.0

    def alarms(self) -> list[Alarm]:
        """Another store lies in the primary's place."""
        return [self._alarm] if self._alarm else []

    async def run(self) -> None:
        """Until the primary is back after it was gone: raises PrimaryReturned."""
        await self._tell_return()
        while True:
            await self._follow_outage()
            if self._outage is not None and self._parts.disks.elsewhere():
                await self._look()
            else:
                self._alarm = None
            await asyncio.sleep(LOOK_S)

    # ---- outages -------------------------------------------------------------------------

    async def _follow_outage(self) -> None:
        out = [each for each in self._parts.disks.primary_alarms() if each.code in _OUT]
        if out and self._outage is None:
            noticed = time.monotonic() - self._parts.disks.first_sign()
            self._outage = Outage(
                self._parts.clock.now_ms(), out[0].code.value, int(noticed * 1000)
            )
        elif not out and self._outage is not None:
            await self._record(self._outage, begun_again=False)
            self._outage = None

    async def _tell_return(self) -> None:
        """What the server before this one left to be recorded."""
        try:
            word = await apart("word on the primary", self._note.read_bytes)
            outage = msgspec.json.decode(word, type=Outage)
        except FileNotFoundError:
            return
        except msgspec.MsgspecError:
            outage = None
        if outage is not None:
            await self._record(outage, begun_again=True)
        await apart("word on the primary", self._note.unlink)

    async def _record(self, outage: Outage, *, begun_again: bool) -> None:
        """Both entries once the store takes them; nothing could be written meanwhile."""
        note = self._parts.ledger.note
        await note(
            Event.STORE_DEGRADED,
            copy="primary",
            problem=outage.code,
            since_ms=outage.since_ms,
            noticed_ms=outage.noticed_ms,
        )
        await note(
            Event.STORE_RESTORED,
            copy="primary",
            caught_up=self._parts.responses.levelled[0] if begun_again else 0,
            kept_aside=0,
            begun_again=begun_again,
            refused=outage.refused,
        )

    # ---- a store that is there again -----------------------------------------------------

    async def _look(self) -> None:
        now = asyncio.get_running_loop().time()
        if now < self._again_at:
            return
        known = self._known()
        found = await apart("look at the primary", lambda: self._found(known))
        if found is None:
            self._alarm = None
        elif found.refusal is not None:
            self._refuse(found)
            self._again_at = now + REFUSED_S
        elif self._known() == known and self._parts.disks.elsewhere():
            await self._take_back(found)

    def _found(self, known: Known) -> Found | None:
        primary = self._primary
        return look(primary.data, primary.store, known, self._parts.responses.in_second)

    def _known(self) -> Known:
        parts = self._parts
        return Known(
            parts.venue_id, self._primary.public, *parts.ledger.committed, parts.responses.ends()
        )

    def _refuse(self, found: Found) -> None:
        refusal, outage = found.refusal, self._outage
        assert refusal is not None and outage is not None
        args = {"folder": str(self._primary.data), "code": refusal.code.value}
        alarm = Alarm(AlarmCode.PRIMARY_NOT_TAKEN, args)
        if alarm != self._alarm:
            _log.error("%s (%s)", alarm.text("en"), refusal.detail)
            refused = [*outage.refused, refusal.code.value]
            self._outage = msgspec.structs.replace(outage, refused=refused)
        self._alarm = alarm

    async def _take_back(self, found: Found) -> None:
        """Leave word of the outage on the disk itself, for the server that begins again."""
        assert self._outage is not None
        word = msgspec.json.encode(self._outage)
        with suppress(OSError):  # gone once more; that it begins again is all the same
            await apart("word on the primary", lambda: write_whole(self._note, word))
            raise PrimaryReturned(f"{found.behind} chains are caught up from the second copy")
