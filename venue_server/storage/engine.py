"""The primary store: SQLite in WAL mode, synchronous=FULL, one writer thread, group commit.

Every mutation of the venue goes through :meth:`Store.write`. The writer takes all work that waits,
runs each piece in a savepoint of its own inside one transaction, commits once (one fsync for the
group) and only then resolves the callers. A piece that raises is rolled back alone.
Readers use connections of their own and see the last commit.
"""

import asyncio
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import PoolProxiedConnection, QueuePool

from venue_server.storage.bytes_of import is_a_store
from venue_server.storage.known import Changes, KnownReads, KnownRows
from venue_server.storage.plain import Plain, Row, inside
from venue_server.storage.priority import step_forward
from venue_server.storage.read_probe import BoundedReads, LateReadError

GROUP_LIMIT = 512
BUSY_S = 30
LOG_WAIT_MS = 200
P = ParamSpec("P")
T = TypeVar("T")


class StoreFault(Exception):
    """The primary store cannot be written durably, or not be read any more; the system
    administrator must act (F19)."""


class StoreClosedError(StoreFault):
    """Work came after the store was told to stop."""


class StoreDamagedError(StoreFault):
    """What lies at the primary store's place cannot be read as one."""


@dataclass
class _Work:
    run: Callable[[Connection], Any]
    done: "Future[Any]"


def open_engine(path: Path) -> Engine:
    """An engine on the SQLite file ``path``; every connection durable (WAL, synchronous=FULL)."""
    is_a_store(path)
    engine = create_engine(
        f"sqlite:///{path}",
        poolclass=QueuePool,
        pool_size=4,
        max_overflow=8,
        connect_args={"timeout": BUSY_S, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _durable(connection: Any, _record: Any) -> None:
        # pysqlite's own implicit BEGIN would break savepoints; the "begin" hook takes over.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA secure_delete=ON")
        # Triggers of known.py, and whatever is sorted: no file beside the store, none that a full
        # or read-only /tmp could refuse.
        cursor.execute("PRAGMA temp_store=MEMORY")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # By the driver: every read begins so, several each second.
        driver = connection.connection.driver_connection
        assert driver is not None, "as it begins"
        driver.execute("BEGIN")

    return engine


_LOOK = "SELECT 1 FROM sqlite_schema LIMIT 1"


class Store:
    """One writer over the primary store; see the module's text for the promise."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._queue: queue.SimpleQueue[_Work | None] = queue.SimpleQueue()
        self._guards: list[Callable[[], None]] = []
        self._after_commit: list[Callable[[], None]] = []
        self.busy_since: float | None = None
        """Since when (steady seconds) the writer has been in a group; None between groups."""
        self.fault = ""
        """What the last group's commit failed with; empty after one that succeeded."""
        self.fault_since = 0.0
        """When the first group of those that failed began (steady seconds)."""
        self._thread = threading.Thread(target=self._serve, name="store-writer", daemon=True)
        self._closed = False
        self._asking: PoolProxiedConnection | None = None
        self._marking: PoolProxiedConnection | None = None
        self._asks = threading.Lock()
        self._changes = Changes()
        self._known = KnownRows(lambda ask, **values: self.ask(ask, **values), self._changes)
        self._reads = KnownReads(lambda run: self.read(run), self._changes)
        self._late: Callable[[], bool] = lambda: False
        self._loop_thread = 0
        self._thread.start()

    def guard(self, check: Callable[[], None]) -> None:
        """Call ``check`` in the writer thread before every group and after its commit. The
        StoreFault it raises fails the group: a store that is not the one it was must not
        acknowledge anything, nor what went into it while its place was taken."""
        self._guards.append(check)

    def check(self) -> None:
        """Raises what a guard does: what is read may not be the store's any more."""
        for check in self._guards:
            check()

    def on_commit(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` in the writer thread after every group commit (the ledger's file)."""
        self._after_commit.append(listener)

    def submit(self, run: Callable[[Connection], T]) -> "Future[T]":
        """Queue ``run`` for the next group; the future resolves after the commit's fsync.

        ``run`` is called in the writer thread with a connection inside a savepoint; what it raises
        is the future's exception. A failed commit is a StoreFault for the whole group.
        """
        done: Future[T] = Future()
        if self._closed:
            done.set_exception(StoreClosedError("the store is closed"))
        else:
            self._queue.put(_Work(run, done))
        return done

    async def write(self, run: Callable[[Connection], T]) -> T:
        """Await :meth:`submit`: when this returns, the change is durable."""
        return await asyncio.wrap_future(self.submit(run))

    def bound_reads(self, late: Callable[[], bool]) -> None:
        """From now on the calling thread, an event loop's, waits for a read for a bounded time only
        while ``late`` says that the device does not answer at once (R3)."""
        self._bounded = BoundedReads()
        self._loop_thread, self._late = threading.get_ident(), late

    def read(self, run: Callable[[Connection], T]) -> T:
        """Run a read in the calling thread on a pooled connection; sees the last commit. Raises
        StoreFault when the device does not give what was written, or not in time (R3)."""
        if self._late() and threading.get_ident() == self._loop_thread:
            return self._read_bounded(run)
        with _devices_faults(), self.engine.connect() as connection:
            return run(connection)

    def _read_bounded(self, run: Callable[[Connection], T]) -> T:
        def read() -> T:
            with _devices_faults(), self.engine.connect() as connection:
                return run(connection)

        try:
            return self._bounded(read)
        except LateReadError as error:
            raise StoreFault(str(error)) from error

    def ask(self, statement: Plain, **values: Any) -> list[Row]:
        """One plain statement by itself, in the calling thread, over a connection that is kept for
        such; sees the last commit. Raises StoreFault as :meth:`read` does."""
        if self._late() and threading.get_ident() == self._loop_thread:
            return self._read_bounded(lambda tx: inside(tx)(statement, **values))
        with self._asks, _devices_faults():
            if self._asking is None:
                self._asking = self.engine.raw_connection()
            driver = self._asking.driver_connection
            assert driver is not None, "kept open"
            return list(driver.execute(statement.text, statement.with_values(values)).fetchall())

    def known(self, statement: Plain, **values: Any) -> list[Row]:
        """:meth:`ask` for what everybody asks and hardly anything changes: the rows of the last
        time, unless their tables changed since (``known.py``)."""
        return self._known.rows(statement, **values)

    def known_now(self, statement: Plain, **values: Any) -> list[Row] | None:
        """The same without reading anything: None when something may have changed."""
        return self._known.rows_now(statement, **values)

    def known_read(
        self, read: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """:meth:`read` of ``read(tx, ...)``, a function of a stage's store, for what everybody asks
        and hardly anything changes: what it found the last time, unless a table that it reads
        changed since (``known.py``)."""
        return self._reads.result(read, *args, **kwargs)

    def empty_log(self) -> bool:
        """Move the write-ahead log into the database and cut it to nothing, so that neither holds
        what was deleted; False when somebody read on and on. Blocking, but not for long: nobody
        writes while it waits for readers, and a session may be sat."""
        connection = self.engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute(f"PRAGMA busy_timeout={LOG_WAIT_MS}")
            busy, _log, _moved = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            cursor.execute(f"PRAGMA busy_timeout={BUSY_S * 1000}")
            return not busy
        finally:
            connection.close()

    def close(self) -> None:
        """Finish what is queued, then stop the writer and release every connection."""
        self._closed = True
        self._queue.put(None)
        self._thread.join()
        if self._loop_thread:
            self._bounded.close()
        with self._asks:
            for kept in (self._asking, self._marking):
                if kept is not None:
                    kept.close()
            self._asking = self._marking = None
        self.engine.dispose()

    def _mark_for_readers(self) -> None:
        """The first reader after a commit writes down how far it reads, in memory that is mapped
        from the disk; on a disk that hangs that write waits, and with it an event loop that only
        wanted to read. So this thread is that reader (sqlite.org/walformat.html, 2.3.1; R3)."""
        if self._marking is None:
            self._marking = self.engine.raw_connection()
        driver = self._marking.driver_connection
        assert driver is not None, "kept open"
        driver.execute(_LOOK).fetchone()

    def _serve(self) -> None:
        step_forward()
        going = True
        while going:
            group: list[_Work] = []
            item = self._queue.get()
            while True:
                if item is None:
                    going = False
                    break
                group.append(item)
                if len(group) >= GROUP_LIMIT or self._queue.empty():
                    break
                item = self._queue.get()
            if group:
                self.busy_since = time.monotonic()
                self._commit(group)
                self.busy_since = None

    def _commit(self, waiting: list[_Work]) -> None:
        # Who gave up while waiting is left out; from here on nobody can give up any more, so that
        # resolving the callers below cannot fail.
        group = [work for work in waiting if work.done.set_running_or_notify_cancel()]
        outcomes: list[tuple[_Work, Any, BaseException | None]] = []
        try:
            self.check()
            try:
                with self.engine.connect() as connection:
                    self._changes.begin(connection)
                    with connection.begin():
                        outcomes.extend(_run_in_savepoint(connection, work) for work in group)
            finally:
                self._reads.forget(self._changes.ended())
            self._mark_for_readers()
            self.check()
        except Exception as error:  # noqa: BLE001  # supervisor: nothing of the group is durable
            if not self.fault:
                self.fault_since = self.busy_since or time.monotonic()
            self.fault = _system(error)
            _fail(group, error)
            return
        self.fault = ""
        # Listeners first: when a caller goes on, the ledger's file already has its entry.
        broken = [error for error in map(_call, self._after_commit) if error is not None]
        if broken:  # durable, but not everywhere it must be: nobody may rely on it
            _fail(group, broken[0])
            return
        for work, result, raised in outcomes:
            if raised is None:
                work.done.set_result(result)
            else:
                work.done.set_exception(raised)


_DEVICE = frozenset(
    {
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,  # also what reading a device that vanished is called
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_NOTADB,
    }
)


@contextmanager
def _devices_faults() -> Iterator[None]:
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        if _is_the_devices(error):
            raise StoreFault(_system(error)) from error
        raise


def _is_the_devices(error: Exception) -> bool:
    """Does SQLite blame the file and its device, not the statement?"""
    said = getattr(error, "orig", error)
    return getattr(said, "sqlite_errorcode", 0) & 0xFF in _DEVICE


def _system(error: Exception) -> str:
    """What the system said, without the statement and its values."""
    return str(error.orig if isinstance(error, DBAPIError) else error)


def _call(listener: Callable[[], None]) -> Exception | None:
    try:
        listener()
    except Exception as error:  # noqa: BLE001  # supervisor: the writer goes on
        return error
    return None


def _fail(group: list[_Work], error: Exception) -> None:
    fault = StoreFault(str(error))
    for work in group:
        work.done.set_exception(fault)


def _run_in_savepoint(
    connection: Connection, work: _Work
) -> tuple[_Work, Any, BaseException | None]:
    # By the driver: SQLAlchemy's savepoints cost more than most pieces of work themselves.
    driver = connection.connection.driver_connection
    assert driver is not None, "inside the group's transaction"
    driver.execute("SAVEPOINT piece")
    try:
        result = work.run(connection)
    except Exception as error:  # noqa: BLE001  # supervisor: handed to whoever asked
        try:
            driver.execute("ROLLBACK TO piece")
            driver.execute("RELEASE piece")
        except sqlite3.Error:
            # A full or broken disk ended the whole transaction: a matter of the whole group.
            raise error from None
        # One damaged page is a matter of whoever needs it, as a StoreFault; others go on.
        return work, None, StoreFault(_system(error)) if _is_the_devices(error) else error
    driver.execute("RELEASE piece")
    return work, result, None
