"""What was refused, kept aside as it came for whoever investigates; every refusal in the ledger."""

from collections.abc import Callable
from pathlib import Path
from secrets import token_hex

from venue_server.intake import incoming
from venue_server.intake.store import Receipt
from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.storage.files import sync_directory, write_whole
from venue_server.wire.refusals import Refusal


class Quarantine:
    """One folder. Names in it begin with the instant; methods that keep something return its name
    there and may raise OSError."""

    def __init__(self, folder: Path, ledger: Ledger, now_ms: Callable[[], int]) -> None:
        self.folder = folder
        self._ledger = ledger
        self._now_ms = now_ms

    def write(self, name: str, data: bytes) -> str:
        """Keep bytes."""
        kept = self._place(name)
        write_whole(kept, data)
        return kept.name

    def move(self, path: Path, name: str) -> str:
        """Keep a file of ours, on the same file system."""
        kept = self._place(name)
        path.replace(kept)
        sync_directory(self.folder)
        return kept.name

    def copy(self, path: Path, most: int, has_room: Callable[[int], bool]) -> str:
        """Keep a copy of a medium's file of at most ``most`` bytes; its name, or nothing."""
        try:
            size = path.stat().st_size
        except OSError:
            return ""  # the medium is gone: its file's verdict stands, and nothing is kept
        if size > most or not has_room(size):
            return ""
        kept = self._place(path.name)
        if incoming.copy_in(path, kept) is not None:
            kept.unlink(missing_ok=True)
            return ""
        sync_directory(self.folder)
        return kept.name

    def _place(self, name: str) -> Path:
        return self.folder / f"{self._now_ms()}-{token_hex(3)}-{Path(name).name}"

    async def note(self, receipt: Receipt, name: str, refusal: Refusal, kept: str = "") -> None:
        """Its entry in the ledger."""
        await self._ledger.note(
            Event.FRAGMENT_REFUSED,
            receipt.both,
            receipt=receipt.receipt_id,
            file=name,
            code=refusal.code.value,
            quarantined=kept,
        )
