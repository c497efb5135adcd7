"""Writing the ledger: in the same transaction as the change it tells of, then to its file.

The table is written inside the caller's transaction, so no change exists without its entry. After
the commit the same line is appended to ``ledger.jsonl`` (and to the copy on the second device) and
fsynced. Two independent copies: :func:`compare` finds a change in either.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, func, select

from venue_server.ledger.catalogue import Event
from venue_server.ledger.corrections import missing_of_correction
from venue_server.ledger.verify import (
    GENESIS,
    Verdict,
    canonical_text,
    entry_hash,
    verify_file,
    verify_lines,
)
from venue_server.storage import schema
from venue_server.storage.engine import Store
from venue_server.storage.files import sync_directory
from venue_server.wire.alarms import Alarm, AlarmCode

Value = str | int | bool | list[str]
Told = Callable[[Connection, Event, int, str, dict[str, Value]], None]
"""A listener inside the entry's own transaction: event, sequence, actor, data."""


class LedgerFault(Exception):
    """A ledger file does not fit the store: somebody changed it, or the disk did."""

    def __init__(self, path: Path, line: int) -> None:
        super().__init__(f"{path.name}: line {line} differs from the store")
        self.line = line


LOOKS = 50  # at a book that grows on and on


class Ledger:
    """The book. ``now_ms`` gives exam time; ``files`` are the file and its copies. A file whose
    medium is ``away`` is not touched, and is brought level when the medium is back (R3)."""

    def __init__(
        self,
        store: Store,
        files: list[Path],
        now_ms: Callable[[], int],
        away: Callable[[Path], bool] = lambda _path: False,
    ) -> None:
        self._store = store
        self._files = files
        self._now_ms = now_ms
        self._away = away
        self._written = dict.fromkeys(files, 0)
        self._behind: set[Path] = set()
        self._dirty = False
        self.broken_files: dict[Path, Alarm] = {}
        self._told: list[Told] = []
        for path in files:
            self._catch_up(path)
        store.on_commit(self._publish)

    @property
    def files(self) -> list[Path]:
        """The ledger's file and its copies."""
        return list(self._files)

    def record(self, tx: Connection, event: Event, actor: str = "", **data: Value) -> None:
        """Add one entry inside the caller's transaction. ``actor`` is a person's or machine's id,
        or two persons' with a comma; their roles at this moment are written beside it (N01)."""
        lacking = missing_of_correction(event, data)
        assert not lacking, f"{event} changes what people entered: {lacking} (N05)"
        self._dirty = True
        last = tx.execute(
            select(schema.ledger.c.seq, schema.ledger.c.hash)
            .order_by(schema.ledger.c.seq.desc())
            .limit(1)
        ).first()
        seq, prev = (last.seq + 1, last.hash) if last else (1, GENESIS)
        entry: dict[str, object] = {
            "seq": seq,
            "at_ms": self._now_ms(),
            "event": event.value,
            "actor": actor,
            "roles": _roles(tx, actor),
            "data": dict(data),
            "prev": prev,
        }
        entry["hash"] = entry_hash(entry)
        tx.execute(
            schema.ledger.insert().values(seq=seq, line=canonical_text(entry), hash=entry["hash"])
        )

        for told in self._told:
            told(tx, event, seq, actor, data)

    def tell(self, told: Told) -> None:
        """Call ``told`` with every entry, inside its transaction: what follows from an entry is
        committed with it or not at all."""
        self._told.append(told)

    async def note(self, event: Event, actor: str = "", **data: Value) -> None:
        """Record an event that changes nothing else; durable on return."""
        await self._store.write(lambda tx: self.record(tx, event, actor, **data))

    def head(self) -> tuple[int, str]:
        """(entries, hash of the last) as committed."""
        row = self._store.read(
            lambda tx: tx.execute(
                select(schema.ledger.c.seq, schema.ledger.c.hash)
                .order_by(schema.ledger.c.seq.desc())
                .limit(1)
            ).first()
        )
        return (row.seq, row.hash) if row else (0, GENESIS)

    def verified(self) -> Verdict:
        """:func:`compare` while others write; blocking, for a worker thread. An entry is committed
        a moment before the files have it, so what differs while the book grows is no finding."""
        for _ in range(LOOKS):
            before = self.head()
            self._store.submit(lambda _tx: None).result()  # the files have all of that now
            verdict = compare(self._store, self._files)
            if verdict.ok or self.head() == before:
                break
        return verdict

    def _publish(self) -> None:
        if not self._dirty:  # groups of answers alone have nothing for the ledger
            return
        self._dirty = False
        for path in self._files:
            if path in self._behind or self._away(path):
                self._catch_up(path)
            elif path not in self.broken_files:
                try:
                    self._append_missing(path)
                except OSError as error:
                    self._failing(path, error)

    def _failing(self, path: Path, error: OSError) -> None:
        # The table has the entry; the copy is out of order and everyone may see that. The next
        # entry tries again: disks come back.
        self._behind.add(path)
        args = {"file": str(path), "system": error.strerror or str(error)}
        self.broken_files[path] = Alarm(AlarmCode.LEDGER_FILE_FAILING, args)

    def _append_missing(self, path: Path) -> None:
        rows = self._store.read(
            lambda tx: tx.execute(
                select(schema.ledger.c.seq, schema.ledger.c.line)
                .where(schema.ledger.c.seq > self._written[path])
                .order_by(schema.ledger.c.seq)
            ).all()
        )
        if not rows:
            return
        fresh = not path.exists()
        with path.open("ab") as handle:
            handle.write(b"".join(row.line.encode() + b"\n" for row in rows))
            handle.flush()
            os.fsync(handle.fileno())
        if fresh:
            sync_directory(path.parent)
        self._written[path] = rows[-1].seq

    def _catch_up(self, path: Path) -> None:
        """Bring a file level with the table after a crash between commit and append, or after its
        medium was away."""
        if self._away(path):
            self._behind.add(path)
            self.broken_files.pop(path, None)  # the second copy's own alarm says it
            return
        try:
            data = path.read_bytes() if path.exists() else b""
            whole, _, torn = data.rpartition(b"\n")
            lines = whole.split(b"\n") if whole else []
            self._fit(path, lines, torn)
            if torn:
                os.truncate(path, len(data) - len(torn))
            self._written[path] = len(lines)
            self._append_missing(path)
        except OSError as error:
            self._failing(path, error)
        except LedgerFault as fault:
            self._behind.discard(path)
            args = {"file": path.name, "line": str(fault.line)}
            self.broken_files[path] = Alarm(AlarmCode.LEDGER_FILE_DIFFERS, args)
        else:
            self._behind.discard(path)
            self.broken_files.pop(path, None)

    def _fit(self, path: Path, lines: list[bytes], torn: bytes) -> None:
        rows = self._store.read(
            lambda tx: tx.execute(
                select(schema.ledger.c.line)
                .where(schema.ledger.c.seq <= len(lines) + 1)
                .order_by(schema.ledger.c.seq)
            ).all()
        )
        for number, line in enumerate(lines):
            if number >= len(rows) or rows[number].line.encode() != line:
                raise LedgerFault(path, number + 1)
        if torn and not (
            len(rows) > len(lines) and rows[len(lines)].line.encode().startswith(torn)
        ):
            raise LedgerFault(path, len(lines) + 1)


def _roles(tx: Connection, actor: str) -> list[str]:
    """The roles of the people who acted; none of a machine or of the server itself."""
    ids = [one for one in actor.split(",") if one]
    if not ids:
        return []
    rows = tx.execute(select(schema.staff.c.roles).where(schema.staff.c.person_id.in_(ids)))
    return sorted({role for roles in rows.scalars() for role in roles.split(",")})


def verify_store(store: Store) -> Verdict:
    """Verify the chain in the table itself."""
    rows = store.read(
        lambda tx: tx.execute(
            select(schema.ledger.c.line, schema.ledger.c.hash).order_by(schema.ledger.c.seq)
        ).all()
    )
    verdict = verify_lines(row.line.encode() for row in rows)
    if verdict.ok:
        for number, row in enumerate(rows, start=1):
            if json.loads(row.line)["hash"] != row.hash:
                return Verdict(False, number - 1, "", f"row {number}: hash column differs")
    return verdict


def compare(store: Store, files: list[Path]) -> Verdict:
    """Verify the table and every file, and that all say the same."""
    verdict = verify_store(store)
    if not verdict.ok:
        return verdict
    for path in files:
        if not path.exists():
            return Verdict(False, 0, "", f"{path.name} is missing")
        found = verify_file(path)
        if not found.ok:
            return Verdict(False, found.entries, found.head, f"{path}: {found.problem}")
        if (found.entries, found.head) != (verdict.entries, verdict.head):
            return Verdict(
                False,
                found.entries,
                found.head,
                f"{path}: {found.entries} entries, the store has {verdict.entries}",
            )
    return verdict


def count_entries(tx: Connection) -> int:
    """How many entries there are."""
    return int(tx.execute(select(func.count()).select_from(schema.ledger)).scalar_one())
