"""What backup remembers: verified copies; and the one function that moves a session's state."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from venue_server.storage import schema
from venue_server.wire.names import DataState
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError


@dataclass(frozen=True)
class BackupCopy:
    """One archive that was read back from its device and found equal. ``device`` names the
    disks it lay on then, by number;
    ``made_at_ms`` when the copying began: everything accepted before is in it; ``file`` its name on
    the medium, ``serial`` what the device says it is (empty: it says nothing), ``size`` in bytes,
    ``took_ms`` real milliseconds for writing and reading back."""

    session_id: str
    target: str
    sha256: str
    device: str
    verified_at_ms: int
    file: str = ""
    medium_id: str = ""
    serial: str = ""
    size: int = 0
    took_ms: int = 0
    made_at_ms: int = 0


def data_state(tx: Connection, session_id: str) -> DataState | None:
    """Where a session's answers are; None for an unknown session."""
    query = select(schema.session.c.data_state).where(schema.session.c.session_id == session_id)
    found = tx.execute(query).scalar_one_or_none()
    return DataState(found) if found is not None else None


def move_data_state(tx: Connection, session_id: str, source: DataState, to: DataState) -> None:
    """``source`` -> ``to``, or RefusedError(SESSION_WRONG_STATE) when it is not in ``source``."""
    moved = tx.execute(
        update(schema.session)
        .where(schema.session.c.session_id == session_id, schema.session.c.data_state == source)
        .values(data_state=to)
    )
    if moved.rowcount != 1:
        raise RefusedError(Refusal(RefusalCode.SESSION_WRONG_STATE, session_id))


def has_answers_since(tx: Connection, session_id: str, at_ms: int) -> bool:
    """Was an answer of the session accepted at ``at_ms`` or later? A copy begun then may lack
    it."""
    query = (
        select(schema.response.c.seq)
        .join(schema.sitting, schema.sitting.c.sitting_id == schema.response.c.sitting_id)
        .where(schema.sitting.c.session_id == session_id, schema.response.c.received_at_ms >= at_ms)
    )
    return tx.execute(query.limit(1)).first() is not None


def keep_copies(tx: Connection, copies: Sequence[BackupCopy]) -> None:
    """Remember verified copies; a newer copy on the same target replaces the row of the older."""
    for copy in copies:
        row = asdict(copy)
        tx.execute(
            insert(schema.backup_copy)
            .values(**row)
            .on_conflict_do_update(index_elements=["session_id", "target"], set_=row)
        )


def read_copies(tx: Connection, session_id: str) -> list[BackupCopy]:
    """Every target's newest verified copy of a session."""
    rows = tx.execute(
        select(schema.backup_copy)
        .where(schema.backup_copy.c.session_id == session_id)
        .order_by(schema.backup_copy.c.target)
    )
    return [BackupCopy(**row._mapping) for row in rows]


def all_copies(tx: Connection) -> list[BackupCopy]:
    """Every verified copy of every session."""
    return [BackupCopy(**row._mapping) for row in tx.execute(select(schema.backup_copy))]


def forget_copies_of_target(tx: Connection, target: str) -> list[str]:
    """A medium is not to be believed any more; the sessions it had copies of."""
    table = schema.backup_copy
    of_target = table.c.target == target
    found = list(tx.execute(select(table.c.session_id).where(of_target)).scalars())
    tx.execute(delete(table).where(of_target))
    return found


def forget_copies(tx: Connection, session_id: str) -> None:
    """Earlier copies count no more: answers came after them. The media keep them."""
    table = schema.backup_copy
    tx.execute(delete(table).where(table.c.session_id == session_id))


def snapshot(source: Path, target: Path) -> None:
    """A consistent copy of the live primary store, by SQLite's online backup, in one step.

    Readers and the writer go on meanwhile (WAL). The copy is one self-contained file, checked, and
    without what opens a paper: a backup is made when that has no use any more, and nobody can wipe
    a medium that lies in a safe.
    Raises sqlite3.Error when the copy cannot be made or is not whole.
    """
    with (
        closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as live,
        closing(sqlite3.connect(target)) as copy,
    ):
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        _forget_secrets(copy)
        (verdict,) = copy.execute("PRAGMA quick_check").fetchone()
        if verdict != "ok":
            raise sqlite3.DatabaseError(f"the copy is not whole: {verdict}")


def _forget_secrets(copy: sqlite3.Connection) -> None:
    """Overwrite, in the copy, the columns that are not for backups."""
    copy.execute("PRAGMA secure_delete=ON")
    for table in schema.metadata.tables.values():
        for column in table.columns:
            if column.info.get(schema.NOT_IN_BACKUPS):
                copy.execute(f'UPDATE "{table.name}" SET "{column.name}" = NULL')  # noqa: S608
    copy.commit()
