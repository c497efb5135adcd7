"""Brings into the ledger who overrode duty hours at the machine itself (A14).

``duty guard`` works beside a server that may be down, so it only leaves a line in a file; the
running server, or the next one, records it.
"""

import asyncio
from pathlib import Path

import msgspec

from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.storage.engine import StoreFault

FORCED_FILE = "duty-forced.jsonl"
_TAKEN = "duty-forced.taken"
LOOK_S = 5.0


class Forced(msgspec.Struct, frozen=True):
    """One override by the environment: exam time as the guard saw it, until when duty hours last,
    and who ran it, as far as the system says."""

    at_ms: int
    until_ms: int
    user: str


_line = msgspec.json.Decoder(Forced)


def leave(data: Path, forced: Forced) -> None:
    """Leave a line for the server; raises OSError."""
    with (data / FORCED_FILE).open("ab") as file:
        file.write(msgspec.json.encode(forced) + b"\n")


class DutyKeeper:
    """``data`` is the venue's folder."""

    def __init__(self, data: Path, ledger: Ledger) -> None:
        self._file, self._taken = data / FORCED_FILE, data / _TAKEN
        self._ledger = ledger

    async def run(self) -> None:
        """For ever."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """Record what is there. The file is set aside first, so that no line that comes meanwhile
        is lost; a crash in between records a line twice rather than never."""
        try:
            if not self._taken.exists():
                if not self._file.exists():
                    return
                self._file.rename(self._taken)
            for line in self._taken.read_bytes().splitlines():
                await self._record(line)
            self._taken.unlink()
        except (OSError, StoreFault):
            return  # a disk or store that fails has its own alarm; the next look tries again

    async def _record(self, line: bytes) -> None:
        try:
            forced = _line.decode(line)
        except msgspec.DecodeError:
            forced = Forced(0, 0, "?")  # torn by a crash: that it happened is still worth an entry
        await self._ledger.note(
            Event.DUTY_FORCED, user=forced.user, at_ms=forced.at_ms, until_ms=forced.until_ms
        )
