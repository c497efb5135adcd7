"""Writing the ledger: in the same transaction as the change it tells of, then to its file.

The table is written inside the caller's transaction, so no change exists without its entry. After
the commit the same line is appended to ``ledger.jsonl`` (and to the copy on the second device) and
fsynced. Two independent copies: :func:`compare` finds a change in either.
"""

import json
import os
from collections.abc import Callable
from concurrent.futures import Future, wait
from pathlib import Path

from sqlalchemy import Connection, bindparam, func, select

from venue_server.ledger.catalogue import Event
from venue_server.ledger.corrections import missing_of_correction
from venue_server.ledger.verify import (
    GENESIS,
    Verdict,
    canonical_text,
    verify_file,
    verify_lines,
)
from venue_server.storage import plain, schema
from venue_server.storage.engine import Store
from venue_server.storage.files import sync_directory
from venue_server.storage.gathering import Gathering
from venue_server.storage.one_thread import in_daemon
from venue_server.storage.plain import Plain
from venue_server.wire.alarms import Alarm, AlarmCode
from venue_server.wire.canonical import plainly, sha256_hex

COPY_BOUND_S = 1.5
"""Longest wait for a copy of the ledger on another device, in real seconds."""
START_BOUND_S = 10.0

SECTOR = 512  # bytes a disk writes whole or not at all
Value = str | int | bool | list[str]
Told = Callable[[Connection, Event, int, str, dict[str, Value]], None]
"""A listener inside the entry's own transaction: event, sequence, actor, data."""

# Built once: in a storm of a thousand stations four entries each are written (P5).
_LAST = Plain(
    select(schema.ledger.c.seq, schema.ledger.c.hash).order_by(schema.ledger.c.seq.desc()).limit(1)
)
_AFTER = Plain(
    select(schema.ledger.c.seq, schema.ledger.c.line)
    .where(schema.ledger.c.seq > bindparam("written"))
    .order_by(schema.ledger.c.seq)
)
_INSERT = Plain(schema.ledger.insert())
_ROLES = Plain(select(schema.staff.c.roles).where(schema.staff.c.person_id == bindparam("person")))


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
        self._apart = set(files[1:])
        self._pending: dict[Path, Future[None]] = {}
        self._skipped: set[Path] = set()
        self.broken_files: dict[Path, Alarm] = {}
        self._told: list[Told] = []
        self.committed = self.head()
        """(entries, hash of the last) as this server committed it, known without the store."""
        self._behind.update(files)
        for path in files:
            if path in self._apart:
                self._publish_apart(path, START_BOUND_S)
            else:
                self._publish_to(path)
        store.on_commit(self._publish)
        self._gathering = Gathering(store)

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
        ask = plain.inside(tx)
        last = ask(_LAST)
        seq, prev = (last[0][0] + 1, last[0][1]) if last else (1, GENESIS)
        entry: dict[str, object] = {
            "seq": seq,
            "at_ms": self._now_ms(),
            "event": event.value,
            "actor": actor,
            "roles": _roles(ask, actor),
            "data": dict(data),
            "prev": prev,
        }
        entry["hash"] = sha256_hex(_canonical(entry).encode())
        ask(_INSERT, seq=seq, line=_canonical(entry), hash=entry["hash"])
        for told in self._told:
            told(tx, event, seq, actor, data)

    def tell(self, told: Told) -> None:
        """Call ``told`` with every entry, inside its transaction: what follows from an entry is
        committed with it or not at all."""
        self._told.append(told)

    def note_soon(
        self,
        event: Event,
        actor: str = "",
        also: Callable[[Connection], None] | None = None,
        **data: Value,
    ) -> None:
        """Record an event, with a change that another part makes, together with others that come
        within a moment (``storage/gathering.py``): for what nothing is acknowledged by."""

        def run(tx: Connection) -> None:
            self.record(tx, event, actor, **data)
            if also is not None:
                also(tx)

        self._gathering.add(run)

    async def settle(self) -> None:
        """Write what was to come soon now: somebody is about to decide by what is on record."""
        await self._gathering.settle()

    def hurry(self) -> None:
        """The server stops: what was to come soon is written at once from now on."""
        self._gathering.hurry()

    async def note(self, event: Event, actor: str = "", **data: Value) -> None:
        """Record an event that changes nothing else; durable on return."""
        await self._store.write(lambda tx: self.record(tx, event, actor, **data))

    def head(self) -> tuple[int, str]:
        """(entries, hash of the last) as committed."""
        rows = self._store.ask(_LAST)
        return (rows[0][0], rows[0][1]) if rows else (0, GENESIS)

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
        self.committed = self.head()
        for path in self._files:
            if path in self._apart:
                self._publish_apart(path)
            else:
                self._publish_to(path)

    def _publish_apart(self, path: Path, bound_s: float = COPY_BOUND_S) -> None:
        """A copy on another device, in a thread of its own: one that hangs is waited for once
        and then left alone until it answers; the store's writer must go on (R3). The second copy of
        the answers, on the same device, says aloud that it hangs."""
        waiting = self._pending.get(path)
        if waiting is not None and not waiting.done():
            self._skipped.add(path)
            return
        waiting = in_daemon("ledger copy", lambda: self._publish_until_level(path))
        self._pending[path] = waiting
        finished, _ = wait([waiting], bound_s)
        if finished:
            waiting.result()

    def _publish_until_level(self, path: Path) -> None:
        self._publish_to(path)
        while path in self._skipped:
            self._skipped.discard(path)
            self._publish_to(path)

    def _publish_to(self, path: Path) -> None:
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
        rows = self._store.ask(_AFTER, written=self._written[path])
        if not rows:
            return
        fresh = not path.exists()
        with path.open("ab") as handle:
            handle.write(b"".join(line.encode() + b"\n" for _seq, line in rows))
            handle.flush()
            os.fsync(handle.fileno())
        if fresh:
            sync_directory(path.parent)
        self._written[path] = rows[-1][0]

    def _catch_up(self, path: Path) -> None:
        """Bring a file level with the table after a crash between commit and append, or after its
        medium was away."""
        if self._away(path):
            self._behind.add(path)
            self.broken_files.pop(path, None)  # the second copy's own alarm says it
            return
        try:
            data = path.read_bytes() if path.exists() else b""
            rows = self._lines()
            sure = _without_unwritten(data, b"".join(line + b"\n" for line in rows))
            whole, _, torn = sure.rpartition(b"\n")
            lines = whole.split(b"\n") if whole else []
            _fit(path, lines, torn, rows)
            if len(sure) - len(torn) < len(data):
                os.truncate(path, len(sure) - len(torn))
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

    def _lines(self) -> list[bytes]:
        query = select(schema.ledger.c.line).order_by(schema.ledger.c.seq)
        return [line.encode() for line in self._store.read(lambda tx: tx.execute(query)).scalars()]


def _without_unwritten(data: bytes, wanted: bytes) -> bytes:
    """A file without the end that a power cut left unwritten: from the first zero on that does not
    belong there, where everything else is just what belongs there. (The sector in which the last
    synced line ends is written anew with the next one: it may hold that line, and zeros behind it.)
    Anything else is somebody's change and stays to be named."""
    first = None
    for place in range(0, len(data), SECTOR):
        there = data[place : place + SECTOR]
        right = wanted[place : place + len(there)].ljust(len(there), b"\xff")
        if there == right:
            continue
        wrong = [
            at for at, (is_, ought) in enumerate(zip(there, right, strict=True)) if is_ != ought
        ]
        if any(there[at] for at in wrong):
            return data
        first = place + wrong[0] if first is None else first
    return data if first is None else data[:first]


def _fit(path: Path, lines: list[bytes], torn: bytes, rows: list[bytes]) -> None:
    """Raises LedgerFault at the first line that is not the store's; ``torn`` is one not ended."""
    for number, line in enumerate(lines):
        if number >= len(rows) or rows[number] != line:
            raise LedgerFault(path, number + 1)
    if torn and not (len(rows) > len(lines) and rows[len(lines)].startswith(torn)):
        raise LedgerFault(path, len(lines) + 1)


def _canonical(entry: dict[str, object]) -> str:
    """The same text as ``verify.py`` asks for, in a tenth of the time."""
    fast = plainly(entry)
    return canonical_text(entry) if fast is None else fast.decode()


def _roles(ask: plain.Ask, actor: str) -> list[str]:
    """The roles of the people who acted; none of a machine or of the server itself."""
    rows = [row for one in actor.split(",") if one for row in ask(_ROLES, person=one)]
    return sorted({role for (roles,) in rows for role in roles.split(",")})


def hash_at(tx: Connection, seq: int) -> str | None:
    """The hash of one entry of a store; None when it has none there."""
    if seq == 0:
        return GENESIS
    query = select(schema.ledger.c.hash).where(schema.ledger.c.seq == seq)
    return tx.execute(query).scalar_one_or_none()


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
