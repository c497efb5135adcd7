"""SQL of the intake: packages, their fragments, supervised receipt sessions."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from venue_server.storage.schema import fragment, package, receipt_session
from venue_server.wire.names import PackageState


@dataclass(frozen=True)
class Package:
    """One package as stored; ``manifest`` is the signed document's text."""

    package_id: str
    session_id: str
    paper_id: str
    form_id: str
    manifest: str
    state: PackageState
    ciphertext_sha256: str


@dataclass(frozen=True)
class Receipt:
    """One supervised receipt session (D02)."""

    receipt_id: str
    session_id: str
    operator: str
    supervisor: str
    opened_at_ms: int
    deadline_ms: int


def packages(tx: Connection) -> list[Package]:
    """Every package the venue knows."""
    rows = tx.execute(select(package)).mappings()
    return [Package(**{**row, "state": PackageState(row["state"])}) for row in rows]


def insert_package(tx: Connection, value: Package) -> None:
    """A manifest was accepted."""
    tx.execute(package.insert().values(**value.__dict__))


def move_package(
    tx: Connection, package_id: str, old: PackageState, new: PackageState, sha256: str = ""
) -> bool:
    """Move a package on; False when it was not in ``old``."""
    values = {"state": new.value} | ({"ciphertext_sha256": sha256} if sha256 else {})
    where = (package.c.package_id == package_id) & (package.c.state == old.value)
    return tx.execute(package.update().where(where).values(**values)).rowcount == 1


def fragments(tx: Connection, package_id: str) -> dict[int, str]:
    """Fragment number to file name of what was accepted."""
    query = select(fragment.c.number, fragment.c.file).where(fragment.c.package_id == package_id)
    return {row.number: row.file for row in tx.execute(query)}


def insert_fragment(
    tx: Connection, package_id: str, number: int, file: str, sha256: str, at_ms: int
) -> None:
    """A fragment was accepted."""
    tx.execute(
        fragment.insert().values(
            package_id=package_id, number=number, file=file, sha256=sha256, received_at_ms=at_ms
        )
    )


def open_receipt(tx: Connection) -> Receipt | None:
    """The receipt session that is open now, if any."""
    query = select(receipt_session).where(receipt_session.c.closed_at_ms.is_(None))
    row = tx.execute(query).mappings().first()
    if row is None:
        return None
    return Receipt(**{name: row[name] for name in Receipt.__dataclass_fields__})


def receipt_closed(tx: Connection, session_id: str, outcome: str) -> bool:
    """Was a receipt of the session closed with this outcome, and is none open?"""
    query = select(receipt_session.c.closed_at_ms, receipt_session.c.outcome)
    found = tx.execute(query.where(receipt_session.c.session_id == session_id)).all()
    open_one = any(row.closed_at_ms is None for row in found)
    return not open_one and any(row.outcome == outcome for row in found)


def insert_receipt(tx: Connection, value: Receipt) -> None:
    """Open a receipt session."""
    tx.execute(receipt_session.insert().values(**value.__dict__))


def close_receipt(tx: Connection, receipt_id: str, at_ms: int, outcome: str) -> bool:
    """Close it; False when it was not open."""
    where = (receipt_session.c.receipt_id == receipt_id) & receipt_session.c.closed_at_ms.is_(None)
    update = receipt_session.update().where(where)
    return tx.execute(update.values(closed_at_ms=at_ms, outcome=outcome)).rowcount == 1
