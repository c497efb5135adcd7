"""SQL of exported bundles and hand-over records. Both tables are append-only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from venue_server.storage.schema import (
    bundle,
    bundle_export,
    bundle_hand_over,
    session,
    upload_outbox,
)
from venue_server.upload.handing_over.rules import Export, HandOverState
from venue_server.wire.names import DataState

_STILL_HERE = (HandOverState.NONE, HandOverState.EXPORTED)


def insert_export(tx: Connection, value: Export) -> None:
    """A bundle was written to a medium and read back."""
    row = {**value.__dict__, "persons": ",".join(value.persons)}
    tx.execute(bundle_export.insert().values(**row))


def exports_of(tx: Connection, session_id: str) -> list[Export]:
    """Every export of a session, oldest first."""
    rows = tx.execute(
        select(bundle_export)
        .where(bundle_export.c.session_id == session_id)
        .order_by(bundle_export.c.at_ms, bundle_export.c.export_id)
    ).mappings()
    return [_export(row) for row in rows]


def _export(row: Mapping[Any, Any]) -> Export:
    first, _, second = row["persons"].partition(",")
    return Export(**{**row, "persons": (first, second)})


def insert_hand_over(
    tx: Connection, hand_over_id: str, at_ms: int, exports: Sequence[Export], document: str
) -> None:
    """Two gave these bundles to two others; ``document`` is the signed record."""
    for each in exports:
        tx.execute(
            bundle_hand_over.insert().values(
                hand_over_id=hand_over_id,
                session_id=each.session_id,
                bundle_id=each.bundle_id,
                at_ms=at_ms,
                document=document,
            )
        )


def hand_overs_of(tx: Connection, session_id: str) -> list[str]:
    """The signed hand-over records that name the session's present bundle, oldest first."""
    present = _present(tx, session_id)
    rows = tx.execute(
        select(bundle_hand_over.c.document)
        .where(bundle_hand_over.c.session_id == session_id)
        .where(bundle_hand_over.c.bundle_id == present)
        .order_by(bundle_hand_over.c.at_ms)
    )
    return list(rows.scalars())


def hand_over_state(tx: Connection, session_id: str) -> HandOverState:
    """How far the session's present bundle came: what wiping and the close check go by (L09, L10).

    An export or a hand-over of a bundle that was sealed anew since counts no more.
    """
    receipt = tx.execute(
        select(bundle.c.receipt).where(bundle.c.session_id == session_id)
    ).scalar_one_or_none()
    if receipt is not None:
        return HandOverState.CONFIRMED
    if hand_overs_of(tx, session_id):
        return HandOverState.HANDED_OVER
    present = _present(tx, session_id)
    if any(each.bundle_id == present for each in exports_of(tx, session_id)):
        return HandOverState.EXPORTED
    return HandOverState.NONE


@dataclass(frozen=True)
class Waiting:
    """A session whose upload failed and goes on trying; ``needs_people``: what went wrong last is
    not mended by that."""

    session_id: str
    sealed_at_ms: int
    needs_people: bool
    last_problem: str


def waiting(tx: Connection) -> list[Waiting]:
    """Those that nobody handed over by hand, in the order of sealing."""
    joined = bundle.join(upload_outbox).join(session, session.c.session_id == bundle.c.session_id)
    query = (
        select(
            *(bundle.c.session_id, bundle.c.sealed_at_ms),
            *(upload_outbox.c.needs_people, upload_outbox.c.last_problem),
        )
        .select_from(joined)
        .where(session.c.data_state == DataState.UPLOADING)
        .where(upload_outbox.c.attempts > 0)
        .order_by(bundle.c.sealed_at_ms)
    )
    found = [
        Waiting(session_id, at_ms, bool(people), problem)
        for session_id, at_ms, people, problem in tx.execute(query)
    ]
    return [each for each in found if hand_over_state(tx, each.session_id) in _STILL_HERE]


def _present(tx: Connection, session_id: str) -> str | None:
    query = select(upload_outbox.c.bundle_id).where(upload_outbox.c.session_id == session_id)
    return tx.execute(query).scalar_one_or_none()
