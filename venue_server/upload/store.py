"""What upload remembers: sealed bundles, the outbox, receipts, certificates."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select, update

from venue_server.storage import plain, schema
from venue_server.storage.plain import Ask, Plain
from venue_server.upload.bundle import SealedBundle
from venue_server.upload.extract import SittingHead
from venue_server.wire.names import DataState


@dataclass(frozen=True)
class Reached:
    """How far an attempt came: bytes that headquarters confirmed, and when it confirmed the last
    of them (exam ms, 0: not known)."""

    confirmed: int
    moved_at_ms: int


NOTHING_REACHED = Reached(0, 0)


@dataclass(frozen=True)
class BundleRow:
    """A sealed bundle as remembered; ``receipt`` is the signed document, once it matched.
    ``failures`` counts the last attempts in a row that moved no byte; ``needs_people``: what went
    wrong last is not mended by trying again; ``reached``: how far the last failed attempt came."""

    session_id: str
    bundle: SealedBundle
    upload_url: str | None
    receipt: str | None
    attempts: int
    failures: int
    next_attempt_ms: int
    last_problem: str
    needs_people: bool = False
    reached: Reached = NOTHING_REACHED


@dataclass(frozen=True)
class OutgoingRow:
    """A bundle with its outbox row, as far as its progress is told; ``reached``: as the last
    failed attempt left it."""

    session_id: str
    bundle_id: str
    size: int
    state: DataState
    attempts: int
    next_attempt_ms: int
    last_problem: str
    needs_people: bool
    reached: Reached


_CERTIFICATE = Plain(
    select(
        schema.wipe_certificate.c.begun_at_ms,
        schema.wipe_certificate.c.persons,
        schema.wipe_certificate.c.document,
    ).where(schema.wipe_certificate.c.session_id == bindparam("session"))
)


@dataclass(frozen=True)
class CertificateRow:
    """A wiping as remembered; ``document`` is the certificate as JSON."""

    begun_at_ms: int
    persons: tuple[str, str]
    document: str

    @property
    def finished(self) -> dict[str, Any] | None:
        """The certificate, once the wiping came to its end."""
        said: dict[str, Any] = json.loads(self.document)
        return said if said["finished_at_ms"] is not None else None


def insert_bundle(
    tx: Connection, session_id: str, sealed: SealedBundle, at_ms: int, sealed_by: str
) -> None:
    """Remember a sealed bundle and put it into the outbox, due at once."""
    tx.execute(
        schema.bundle.insert().values(
            session_id=session_id,
            file=str(sealed.file),
            sha256=sealed.sha256,
            size=sealed.size,
            sealed_at_ms=at_ms,
            sealed_by=sealed_by,
        )
    )
    tx.execute(
        schema.upload_outbox.insert().values(
            session_id=session_id,
            bundle_id=sealed.bundle_id,
            sealed_sittings=json.dumps([asdict(one) for one in sealed.sittings]),
            next_attempt_ms=at_ms,
        )
    )


def read_bundle(tx: Connection, session_id: str) -> BundleRow | None:
    """The bundle of a session, or None before it was sealed."""
    joined = schema.bundle.join(schema.upload_outbox)
    query = select(schema.bundle, schema.upload_outbox).select_from(joined)
    row = tx.execute(query.where(schema.bundle.c.session_id == session_id)).first()
    return _bundle_row(row) if row else None


def sealed_at(tx: Connection, session_id: str) -> int | None:
    """When the present bundle of a session was sealed, or None before it was."""
    query = select(schema.bundle.c.sealed_at_ms).where(schema.bundle.c.session_id == session_id)
    return tx.execute(query).scalar_one_or_none()


def sealers(tx: Connection, session_id: str) -> str | None:
    """The two who sealed a session, comma-separated, or None before it was sealed."""
    query = select(schema.bundle.c.sealed_by).where(schema.bundle.c.session_id == session_id)
    return tx.execute(query).scalar_one_or_none()


def _bundle_row(row: "Row[tuple[object, ...]]") -> BundleRow:
    heads = tuple(SittingHead(**one) for one in json.loads(row.sealed_sittings))
    return BundleRow(
        session_id=row.session_id,
        bundle=SealedBundle(row.bundle_id, Path(row.file), row.sha256, row.size, heads),
        upload_url=row.upload_url,
        receipt=row.receipt,
        attempts=row.attempts,
        failures=row.failures,
        next_attempt_ms=row.next_attempt_ms,
        last_problem=row.last_problem,
        needs_people=bool(row.needs_people),
        reached=Reached(row.confirmed, row.moved_at_ms),
    )


def outgoing(tx: Connection) -> list[OutgoingRow]:
    """Every sealed bundle of a session that is not wiped, in the order of sealing. Light: it is
    read every few seconds, and no head of a sitting is."""
    sealed, outbox, session = schema.bundle, schema.upload_outbox, schema.session
    told = [each for each in outbox.c if each is not outbox.c.sealed_sittings]
    query = (
        select(sealed.c.size, sealed.c.uploaded_at_ms, session.c.data_state, *told)
        .select_from(sealed.join(outbox))
        .join(session, session.c.session_id == sealed.c.session_id)
        .where(session.c.data_state != DataState.WIPED)
        .order_by(sealed.c.sealed_at_ms, sealed.c.session_id)
    )
    return [
        OutgoingRow(
            row.session_id,
            row.bundle_id,
            row.size,
            DataState(row.data_state),
            row.attempts,
            row.next_attempt_ms,
            row.last_problem,
            bool(row.needs_people),
            Reached(row.confirmed, row.uploaded_at_ms or row.moved_at_ms),
        )
        for row in tx.execute(query)
    ]


def sessions_with_bundles(tx: Connection) -> list[str]:
    """The sessions that were sealed, in the order of their sealing."""
    query = select(schema.bundle.c.session_id).order_by(schema.bundle.c.sealed_at_ms)
    return list(tx.execute(query).scalars())


@dataclass(frozen=True)
class EarlierVersion:
    """A bundle that was sealed, came home, and was superseded by a sealing anew (L03)."""

    version: int
    bundle_id: str
    file: Path
    sha256: str
    sealed_at_ms: int
    sealed_by: str
    superseded_at_ms: int
    persons: str
    reason: str
    sittings: tuple[SittingHead, ...]


def supersede(tx: Connection, session_id: str, at_ms: int, persons: str, reason: str) -> int:
    """Put the sealed bundle among the earlier versions, so that another may be sealed; the number
    it had. It must have its receipt."""
    row = tx.execute(
        select(
            schema.bundle, schema.upload_outbox.c.bundle_id, schema.upload_outbox.c.sealed_sittings
        )
        .select_from(schema.bundle.join(schema.upload_outbox))
        .where(schema.bundle.c.session_id == session_id)
    ).one()
    version = len(earlier_versions(tx, session_id)) + 1
    tx.execute(
        schema.bundle_version.insert().values(
            session_id=session_id,
            version=version,
            bundle_id=row.bundle_id,
            file=row.file,
            sha256=row.sha256,
            size=row.size,
            sealed_at_ms=row.sealed_at_ms,
            sealed_by=row.sealed_by,
            receipt=row.receipt,
            sealed_sittings=row.sealed_sittings,
            superseded_at_ms=at_ms,
            persons=persons,
            reason=reason,
        )
    )
    for table in (schema.upload_outbox, schema.bundle):
        tx.execute(delete(table).where(table.c.session_id == session_id))
    return version


def earlier_versions(tx: Connection, session_id: str) -> list[EarlierVersion]:
    """The superseded bundles of a session, the first one first."""
    table = schema.bundle_version
    query = select(table).where(table.c.session_id == session_id).order_by(table.c.version)
    return [
        EarlierVersion(
            row.version,
            row.bundle_id,
            Path(row.file),
            row.sha256,
            row.sealed_at_ms,
            row.sealed_by,
            row.superseded_at_ms,
            row.persons,
            row.reason,
            tuple(SittingHead(**one) for one in json.loads(row.sealed_sittings)),
        )
        for row in tx.execute(query)
    ]


def set_upload_url(tx: Connection, session_id: str, url: str | None) -> None:
    """Remember where the upload goes on; None begins a new one."""
    tx.execute(
        update(schema.bundle).where(schema.bundle.c.session_id == session_id).values(upload_url=url)
    )


def set_next_attempt(
    tx: Connection,
    session_id: str,
    attempts: int,
    failures: int,
    next_attempt_ms: int,
    problem: str,
    needs_people: bool = False,
    reached: Reached = NOTHING_REACHED,
) -> None:
    """Remember a failed attempt, how far it came, and when the next is due."""
    tx.execute(
        update(schema.upload_outbox)
        .where(schema.upload_outbox.c.session_id == session_id)
        .values(
            attempts=attempts,
            failures=failures,
            next_attempt_ms=next_attempt_ms,
            last_problem=problem,
            needs_people=int(needs_people),
            confirmed=reached.confirmed,
            moved_at_ms=reached.moved_at_ms,
        )
    )


def set_receipt(tx: Connection, session_id: str, receipt: str, at_ms: int) -> None:
    """Remember the receipt that matched."""
    tx.execute(
        update(schema.bundle)
        .where(schema.bundle.c.session_id == session_id)
        .values(receipt=receipt, uploaded_at_ms=at_ms)
    )


def next_due(tx: Connection) -> tuple[str, int] | None:
    """(session id, due instant) of the upload to go on with first, or None."""
    row = tx.execute(
        select(schema.upload_outbox.c.session_id, schema.upload_outbox.c.next_attempt_ms)
        .join(schema.session, schema.session.c.session_id == schema.upload_outbox.c.session_id)
        .where(schema.session.c.data_state == DataState.UPLOADING)
        .order_by(schema.upload_outbox.c.next_attempt_ms)
        .limit(1)
    ).first()
    return (row.session_id, row.next_attempt_ms) if row else None


def read_certificate(tx: Connection, session_id: str) -> CertificateRow | None:
    """The wiping of a session, begun or finished; None before it began."""
    return certificate_of(plain.inside(tx), session_id)


def certificate_of(ask: Ask, session_id: str) -> CertificateRow | None:
    """The same for whoever asks again and again."""
    rows = ask(_CERTIFICATE, session=session_id)
    if not rows:
        return None
    begun_at_ms, persons, document = rows[0]
    first, second = persons.split(",")
    return CertificateRow(begun_at_ms, (first, second), document)


def insert_certificate(
    tx: Connection, session_id: str, at_ms: int, persons: tuple[str, str], document: str
) -> None:
    """Remember that a wiping began, and what it is going to destroy."""
    tx.execute(
        schema.wipe_certificate.insert().values(
            session_id=session_id,
            begun_at_ms=at_ms,
            persons=",".join(persons),
            document=document,
        )
    )


def set_certificate(tx: Connection, session_id: str, document: str) -> None:
    """Replace the draft by the finished certificate."""
    tx.execute(
        update(schema.wipe_certificate)
        .where(schema.wipe_certificate.c.session_id == session_id)
        .values(document=document)
    )


def keep_destruction(
    tx: Connection, session_id: str, what: str, step: str, at_ms: int, document: Mapping[str, Any]
) -> None:
    """Append one step of a destruction (M07)."""
    tx.execute(
        schema.destruction.insert().values(
            session_id=session_id,
            what=what,
            step=step,
            at_ms=at_ms,
            persons=",".join(document["persons"]),
            document=json.dumps(document, ensure_ascii=False),
        )
    )


def read_destruction(
    tx: Connection, session_id: str, what: str, step: str
) -> dict[str, Any] | None:
    """The newest entry of one step of a destruction, or None."""
    table = schema.destruction
    query = select(table.c.document).where(
        table.c.session_id == session_id, table.c.what == what, table.c.step == step
    )
    found = tx.execute(query.order_by(table.c.entry_id.desc()).limit(1)).scalar_one_or_none()
    document: dict[str, Any] | None = json.loads(found) if found else None
    return document
