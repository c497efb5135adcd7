"""What records remember: signatures, and what the ledger tells about a room. All SQL here."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, or_, select

from venue_server.ledger.catalogue import Event
from venue_server.records.points import PointAnswer
from venue_server.storage import schema
from venue_server.wire.names import Role
from venue_server.wire.record_orders import WrittenField


@dataclass(frozen=True, slots=True)
class Signature:
    """A person's signature under the content with this hash."""

    person_id: str
    name: str
    role: Role
    content_hash: str
    at_ms: int


def sign(tx: Connection, session_id: str, room_id: str, signature: Signature) -> None:
    """Keep a signature; a person's earlier one in this room is replaced."""
    table = schema.record_signature
    key = {"session_id": session_id, "room_id": room_id, "person_id": signature.person_id}
    tx.execute(delete(table).filter_by(**key))
    tx.execute(
        table.insert().values(
            **key,
            role=signature.role.value,
            content_hash=signature.content_hash,
            signed_at_ms=signature.at_ms,
        )
    )


def signatures(tx: Connection, session_id: str, room_id: str) -> list[Signature]:
    """Every signature of a room's record, whatever content it was under, oldest first."""
    table, staff = schema.record_signature, schema.staff
    query = (
        select(table, staff.c.name)
        .join(staff, staff.c.person_id == table.c.person_id)
        .where(table.c.session_id == session_id, table.c.room_id == room_id)
        .order_by(table.c.signed_at_ms, table.c.person_id)
    )
    return [
        Signature(row.person_id, row.name, Role(row.role), row.content_hash, row.signed_at_ms)
        for row in tx.execute(query)
    ]


def told(tx: Connection, session_id: str, room_id: str, *events: Event) -> Iterator[dict[str, Any]]:
    """Ledger entries of these kinds about one room of one session, in order."""
    line = schema.ledger.c.line
    kinds = [line.contains(f'"event":"{event.value}"', autoescape=True) for event in events]
    rows = tx.execute(select(line).where(or_(*kinds)).order_by(schema.ledger.c.seq))
    names = {event.value for event in events}
    for row in rows:
        entry = json.loads(row.line)
        where = (entry["data"].get("session"), entry["data"].get("room"))
        if entry["event"] in names and where == (session_id, room_id):
            yield entry


# ---- points, written fields, prints ----------------------------------------------------------


def keep_answered(tx: Connection, session_id: str, answered: Mapping[str, int]) -> None:
    """Remember how many items of each sitting have an answer, by sitting id."""
    table = schema.reconciled_sitting
    tx.execute(delete(table).where(table.c.session_id == session_id))
    rows = [
        {"session_id": session_id, "sitting_id": sitting_id, "answered": count}
        for sitting_id, count in answered.items()
    ]
    if rows:
        tx.execute(table.insert(), rows)


def answered(tx: Connection, session_id: str) -> dict[str, int]:
    """How many items were answered, by sitting id; empty before reconciliation."""
    table = schema.reconciled_sitting
    rows = tx.execute(select(table).where(table.c.session_id == session_id))
    return {row.sitting_id: row.answered for row in rows}


def insert_answer(tx: Connection, session_id: str, room_id: str, said: PointAnswer) -> None:
    """Somebody looked at a point."""
    tx.execute(
        schema.record_answer.insert().values(
            session_id=session_id,
            room_id=room_id,
            point=said.point,
            remark=said.remark,
            person_id=said.person_id,
            at_ms=said.at_ms,
        )
    )


def answers(tx: Connection, session_id: str, room_id: str) -> list[PointAnswer]:
    """Every answer to a room's points, oldest first."""
    table, staff = schema.record_answer, schema.staff
    query = (
        select(table, staff.c.name)
        .join(staff, staff.c.person_id == table.c.person_id)
        .where(table.c.session_id == session_id, table.c.room_id == room_id)
        .order_by(table.c.answer_id)
    )
    return [
        PointAnswer(row.point, row.remark, row.person_id, row.name, row.at_ms)
        for row in tx.execute(query)
    ]


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a written field: what stood there, what stands there now, and why (N05)."""

    field: WrittenField
    before: str
    after: str
    reason: str
    person_id: str
    at_ms: int


def insert_edit(tx: Connection, session_id: str, room_id: str, edit: Edit) -> None:
    """A written field was changed."""
    values = {name: getattr(edit, name) for name in Edit.__slots__}
    tx.execute(schema.record_edit.insert().values(session_id=session_id, room_id=room_id, **values))


def edits(tx: Connection, session_id: str, room_id: str) -> list[Edit]:
    """Every change of a room's written fields, oldest first."""
    table = schema.record_edit
    query = (
        select(table)
        .where(table.c.session_id == session_id, table.c.room_id == room_id)
        .order_by(table.c.edit_id)
    )
    return [
        Edit(WrittenField(row.field), row.before, row.after, row.reason, row.person_id, row.at_ms)
        for row in tx.execute(query)
    ]


def written(tx: Connection, session_id: str, room_id: str) -> dict[WrittenField, str]:
    """What the written fields say now."""
    return {edit.field: edit.after for edit in edits(tx, session_id, room_id)}


def insert_print(
    tx: Connection, session_id: str, room_id: str, content_hash: str, person_id: str, at_ms: int
) -> int:
    """A record was printed; how often this content was printed before."""
    table = schema.record_print
    same = (
        (table.c.session_id == session_id)
        & (table.c.room_id == room_id)
        & (table.c.content_hash == content_hash)
    )
    before = tx.execute(select(func.count()).select_from(table).where(same)).scalar_one()
    tx.execute(
        table.insert().values(
            session_id=session_id,
            room_id=room_id,
            content_hash=content_hash,
            person_id=person_id,
            at_ms=at_ms,
        )
    )
    return int(before)


def freeze(
    tx: Connection, session_id: str, room_id: str, content: Mapping[str, Any], digest: str
) -> None:
    """Keep a room's record as it is sealed; sealing that is tried again keeps the newer one."""
    table = schema.sealed_record
    tx.execute(delete(table).where(table.c.session_id == session_id, table.c.room_id == room_id))
    tx.execute(
        table.insert().values(
            session_id=session_id,
            room_id=room_id,
            content=json.dumps(content, ensure_ascii=False),
            content_hash=digest,
        )
    )


def frozen(tx: Connection, session_id: str, room_id: str) -> tuple[dict[str, Any], str] | None:
    """The content that was sealed and its hash, or None."""
    table = schema.sealed_record
    row = tx.execute(
        select(table).where(table.c.session_id == session_id, table.c.room_id == room_id)
    ).first()
    return (json.loads(row.content), row.content_hash) if row else None


# ---- how long records are kept, and exports --------------------------------------------------


def enter_scores(
    tx: Connection, session_id: str, published_at_ms: int, reference: str, persons: str, at_ms: int
) -> None:
    """The day of the scores was entered; the newest entry counts."""
    tx.execute(
        schema.score_publication.insert().values(
            session_id=session_id,
            published_at_ms=published_at_ms,
            reference=reference,
            persons=persons,
            at_ms=at_ms,
        )
    )


def scores_published_ms(tx: Connection, session_id: str) -> int | None:
    """When the scores were published, or None."""
    table = schema.score_publication
    query = select(table.c.published_at_ms).where(table.c.session_id == session_id)
    return tx.execute(query.order_by(table.c.entry_id.desc()).limit(1)).scalar_one_or_none()


def set_hold(
    tx: Connection, session_id: str, reason: str, why: str, persons: str, at_ms: int
) -> None:
    """A legal hold was set, or lifted by an empty reason; the newest entry counts."""
    tx.execute(
        schema.legal_hold.insert().values(
            session_id=session_id, reason=reason, why=why, persons=persons, at_ms=at_ms
        )
    )


def hold(tx: Connection, session_id: str) -> str:
    """The reason of the legal hold that stands, or empty."""
    table = schema.legal_hold
    query = select(table.c.reason).where(table.c.session_id == session_id)
    found = tx.execute(query.order_by(table.c.entry_id.desc()).limit(1)).scalar_one_or_none()
    return found or ""


def insert_export(
    tx: Connection, session_id: str, sha256: str, file: str, person_id: str, at_ms: int
) -> None:
    """A session's records were exported."""
    tx.execute(
        schema.session_exported.insert().values(
            session_id=session_id, sha256=sha256, file=file, person_id=person_id, at_ms=at_ms
        )
    )


def exported(tx: Connection, session_id: str) -> bool:
    """Was this session ever exported?"""
    table = schema.session_exported
    query = select(table.c.export_id).where(table.c.session_id == session_id).limit(1)
    return tx.execute(query).first() is not None


def whole_ledger(tx: Connection) -> Iterator[dict[str, Any]]:
    """Every entry of the ledger, in order."""
    for line in tx.execute(select(schema.ledger.c.line).order_by(schema.ledger.c.seq)).scalars():
        yield json.loads(line)
