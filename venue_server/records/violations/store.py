"""What violations remember: entries of records, observations and what people made of them."""

import json
from typing import Any

import msgspec
from sqlalchemy import Connection, func, select

from venue_server.records.violations.rules import (
    Subject,
    ViolationEntry,
    decoded,
    encoded,
    standing,
)
from venue_server.storage import schema
from venue_server.wire.violations import ObservationView, Verdict, ViolationView

_entries = schema.violation_entry
_seen, _verdicts = schema.observation, schema.observation_verdict


def next_id(tx: Connection) -> str:
    """A short number for a new record: V001, V002, …"""
    count = tx.execute(select(func.count(_entries.c.violation_id.distinct()))).scalar_one()
    return f"V{count + 1:03d}"


def append(tx: Connection, subject: Subject, entry: ViolationEntry) -> str:
    """Append one entry; returns its document."""
    last = tx.execute(
        select(func.max(_entries.c.seq)).where(_entries.c.violation_id == subject.violation_id)
    ).scalar_one()
    document = encoded(entry)
    tx.execute(
        _entries.insert().values(
            violation_id=subject.violation_id,
            seq=(last or 0) + 1,
            session_id=subject.session_id,
            room_id=subject.room_id,
            subject=json.dumps(msgspec.structs.asdict(subject), ensure_ascii=False),
            document=document,
        )
    )
    return document


def subject_of(view: ViolationView) -> Subject:
    """Whom a record is about."""
    return Subject(*(getattr(view, name) for name in Subject.__struct_fields__))


def load(tx: Connection, violation_id: str) -> ViolationView | None:
    """One record as it stands."""
    rows = select(_entries).where(_entries.c.violation_id == violation_id)
    return next(iter(_standing(tx.execute(rows.order_by(_entries.c.seq)).all())), None)


def load_all(tx: Connection, session_id: str) -> list[ViolationView]:
    """Every record of a session, by number."""
    rows = select(_entries).where(_entries.c.session_id == session_id)
    ordered = rows.order_by(_entries.c.violation_id, _entries.c.seq)
    return _standing(tx.execute(ordered).all())


def _standing(rows: Any) -> list[ViolationView]:
    grouped: dict[str, list[Any]] = {}
    for row in rows:
        grouped.setdefault(row.violation_id, []).append(row)
    return [
        standing(
            msgspec.json.decode(found[0].subject, type=Subject),
            [decoded(row.document) for row in found],
        )
        for found in grouped.values()
    ]


def history(tx: Connection, session_id: str) -> dict[str, list[Any]]:
    """Every entry of a session's records as it was written, by record."""
    rows = select(_entries).where(_entries.c.session_id == session_id)
    found: dict[str, list[Any]] = {}
    for row in tx.execute(rows.order_by(_entries.c.violation_id, _entries.c.seq)):
        found.setdefault(row.violation_id, []).append(json.loads(row.document))
    return found


# ---- observations --------------------------------------------------------------------------


def observe(tx: Connection, **values: Any) -> None:
    """Keep what a station noticed."""
    tx.execute(_seen.insert().values(**values))


def decide(tx: Connection, observation_id: int, **values: Any) -> None:
    """Keep what a person made of it, once."""
    tx.execute(_verdicts.insert().values(observation_id=observation_id, **values))


_whole = select(
    _seen,
    _verdicts.c.verdict,
    _verdicts.c.violation_id,
    _verdicts.c.remark,
    _verdicts.c.decided_by,
    _verdicts.c.decided_at_ms,
).outerjoin(_verdicts, _verdicts.c.observation_id == _seen.c.observation_id)


def observations(tx: Connection, session_id: str) -> list[ObservationView]:
    """Everything stations noticed in a session, oldest first, with what became of it."""
    query = _whole.where(_seen.c.session_id == session_id).order_by(_seen.c.observation_id)
    return [_observation(dict(row._mapping)) for row in tx.execute(query)]


def observed(tx: Connection, observation_id: int) -> ObservationView | None:
    """One of them."""
    row = tx.execute(_whole.where(_seen.c.observation_id == observation_id)).first()
    return _observation(dict(row._mapping)) if row else None


def _observation(row: dict[str, Any]) -> ObservationView:
    row["verdict"] = Verdict(row["verdict"] or "")
    for name in ("violation_id", "remark", "decided_by"):
        row[name] = row[name] or ""
    row["decided_at_ms"] = row["decided_at_ms"] or 0
    return ObservationView(**row)
