"""SQL of branches: what was kept aside of a sitting, and what was decided about it."""

import dataclasses
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, select

from venue_server.storage.schema import branch_decision, sitting, stray, wipe_certificate
from venue_server.wire.refusals import RefusalCode

BRANCH_CODES = (RefusalCode.SITTING_MOVED.value, RefusalCode.CHAIN_BROKEN.value)
"""Why something was kept aside that is a second history of a sitting; what came too late is not."""


@dataclasses.dataclass(frozen=True)
class Decision:
    """One decision, as the table ``branch_decision`` holds it. ``keep`` RULE: nobody had to
    decide; then ``persons`` is empty."""

    sitting_id: str
    machine_id: str
    upto_stray: int
    keep: str
    reason: str
    persons: str
    at_ms: int
    from_seq: int
    to_seq: int
    to_head: str


def sittings_with_branches(tx: Connection, session_id: str) -> list[str]:
    """Sittings of a session of which a second history was kept aside."""
    query = (
        select(stray.c.sitting_id)
        .join(sitting, sitting.c.sitting_id == stray.c.sitting_id)
        .where(sitting.c.session_id == session_id, stray.c.code.in_(BRANCH_CODES))
        .distinct()
    )
    return list(tx.execute(query).scalars())


def can_be_read(tx: Connection, session_id: str) -> bool:
    """Nothing can any more from the instant on at which the session's wiping was begun (L10)."""
    query = select(wipe_certificate.c.session_id)
    return tx.execute(query.where(wipe_certificate.c.session_id == session_id)).first() is None


def strays_of(tx: Connection, sitting_id: str) -> list[Row[Any]]:
    """What of a second history was kept aside of a sitting, oldest first."""
    query = (
        select(stray)
        .where(stray.c.sitting_id == sitting_id, stray.c.code.in_(BRANCH_CODES))
        .order_by(stray.c.stray_id)
    )
    return list(tx.execute(query))


def newest_stray(tx: Connection, sitting_ids: Iterable[str]) -> int:
    """The number of the newest row, so that nothing is read again that has not changed."""
    query = (
        select(stray.c.stray_id)
        .where(stray.c.sitting_id.in_(list(sitting_ids)))
        .order_by(stray.c.stray_id.desc())
        .limit(1)
    )
    return int(tx.execute(query).scalar_one_or_none() or 0)


def decisions_of(tx: Connection, sitting_id: str) -> list[Decision]:
    """Every decision about a sitting, oldest first."""
    names = [field.name for field in dataclasses.fields(Decision)]
    query = (
        select(*(branch_decision.c[name] for name in names))
        .where(branch_decision.c.sitting_id == sitting_id)
        .order_by(branch_decision.c.decision_id)
    )
    return [Decision(**row) for row in tx.execute(query).mappings()]


def insert_decision(tx: Connection, decision: Decision) -> None:
    """Keep a decision."""
    tx.execute(branch_decision.insert().values(**dataclasses.asdict(decision)))
