"""SQL of the intake: packages, their fragments, supervised receipt sessions, the signed sheet."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from venue_server.storage.plain import Known, Plain
from venue_server.storage.schema import (
    fragment,
    package,
    receipt_performer,
    receipt_session,
    receipt_signature,
)
from venue_server.wire.names import PackageState

EXPIRED = "EXPIRED"
"""Outcome of a receipt session that ran over its limit."""


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

    @property
    def both(self) -> str:
        """The two who answer for what comes in, who performs first (N03)."""
        return f"{self.operator},{self.supervisor}"


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


@dataclass(frozen=True)
class Fragment:
    """An accepted fragment, and the receipt session it came in."""

    number: int
    file: str
    sha256: str
    received_at_ms: int
    receipt_id: str


def fragments(tx: Connection, package_id: str) -> dict[int, Fragment]:
    """What was accepted of a package, by fragment number."""
    names = [fragment.c[name] for name in Fragment.__dataclass_fields__]
    query = select(*names).where(fragment.c.package_id == package_id).order_by(fragment.c.number)
    return {row["number"]: Fragment(**row) for row in tx.execute(query).mappings()}


def insert_fragment(tx: Connection, package_id: str, value: Fragment) -> None:
    """A fragment was accepted."""
    tx.execute(fragment.insert().values(package_id=package_id, **value.__dict__))


def forget_fragment(tx: Connection, package_id: str, number: int) -> bool:
    """A stored fragment decayed and is wanted again; False when it was not here."""
    where = (fragment.c.package_id == package_id) & (fragment.c.number == number)
    return tx.execute(fragment.delete().where(where)).rowcount == 1


_OPEN_RECEIPT = Plain(
    select(*(receipt_session.c[name] for name in Receipt.__dataclass_fields__)).where(
        receipt_session.c.closed_at_ms.is_(None)
    )
)


def open_receipt(known: Known) -> Receipt | None:
    """The receipt session that is open now, if any; asked every second."""
    rows = known(_OPEN_RECEIPT)
    return Receipt(*rows[0]) if rows else None


@dataclass(frozen=True)
class ClosedReceipt:
    """A receipt session and how it ended; ``outcome`` None while it is open."""

    receipt: Receipt
    closed_at_ms: int | None
    outcome: str | None


def receipts(tx: Connection, session_id: str) -> list[ClosedReceipt]:
    """Every receipt session of an exam session, oldest first."""
    query = (
        select(receipt_session)
        .where(receipt_session.c.session_id == session_id)
        .order_by(receipt_session.c.opened_at_ms)
    )
    return [
        ClosedReceipt(
            Receipt(**{name: row[name] for name in Receipt.__dataclass_fields__}),
            row["closed_at_ms"],
            row["outcome"],
        )
        for row in tx.execute(query).mappings()
    ]


def insert_receipt(tx: Connection, value: Receipt) -> None:
    """Open a receipt session."""
    tx.execute(receipt_session.insert().values(**value.__dict__))


def performed(tx: Connection, receipt_id: str, person_id: str, at_ms: int) -> None:
    """Somebody performed in a receipt session; again is harmless."""
    place = {"receipt_id": receipt_id, "person_id": person_id}
    if tx.execute(select(receipt_performer.c.at_ms).filter_by(**place)).first() is None:
        tx.execute(receipt_performer.insert().values(**place, at_ms=at_ms))


def performers(tx: Connection, session_id: str) -> set[str]:
    """Everybody who performed in a receipt session of an exam session, also in another's post."""
    query = (
        select(receipt_performer.c.person_id)
        .join(receipt_session, receipt_session.c.receipt_id == receipt_performer.c.receipt_id)
        .where(receipt_session.c.session_id == session_id)
    )
    return set(tx.execute(query).scalars())


def close_receipt(tx: Connection, receipt_id: str, at_ms: int, outcome: str) -> bool:
    """Close it; False when it was not open."""
    where = (receipt_session.c.receipt_id == receipt_id) & receipt_session.c.closed_at_ms.is_(None)
    update = receipt_session.update().where(where)
    return tx.execute(update.values(closed_at_ms=at_ms, outcome=outcome)).rowcount == 1


def adopt_expired(tx: Connection, session_id: str, receipt_id: str) -> int:
    """Fragments that came in a session which ran over its limit now count as this one's: both
    people confirmed them at its end. Returns how many."""
    expired = select(receipt_session.c.receipt_id).where(
        (receipt_session.c.session_id == session_id) & (receipt_session.c.outcome == EXPIRED)
    )
    update = fragment.update().where(fragment.c.receipt_id.in_(expired))
    return tx.execute(update.values(receipt_id=receipt_id)).rowcount


# ---- the receipt sheet (D09) -------------------------------------------------------------------


@dataclass(frozen=True)
class Signature:
    """The chief's signature under one content of the sheet."""

    session_id: str
    content_hash: str
    person_id: str
    signed_at_ms: int


def signature(tx: Connection, session_id: str, content_hash: str) -> Signature | None:
    """The signature under exactly this content."""
    where = (receipt_signature.c.session_id == session_id) & (
        receipt_signature.c.content_hash == content_hash
    )
    row = tx.execute(select(receipt_signature).where(where)).mappings().first()
    return Signature(**row) if row else None


def insert_signature(tx: Connection, value: Signature) -> None:
    """The chief signed."""
    tx.execute(receipt_signature.insert().values(**value.__dict__))
