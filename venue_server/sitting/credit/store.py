"""What is remembered of one candidate's time and exceptions. All SQL of this part."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, case, exists, func, select, update

from venue_server.sitting.credit.lost_time import Outage
from venue_server.storage import plain
from venue_server.storage.plain import Ask, Known, Plain
from venue_server.storage.schema import (
    link_gap,
    meta,
    reopening,
    seat_break,
    sitting,
    special_exit,
    time_decision,
    time_proposal,
)
from venue_server.wire.credit_orders import Credit, GapCause

ALIVE = "credit.alive_ms"

# Built once: asked at every hello, and a thousand stations may come back at once (P5).
_REOPENED = (
    select(func.max(reopening.c.final_seq))
    .where(reopening.c.sitting_id == bindparam("which"))
    .scalar_subquery()
)
_OUT = exists().where(
    seat_break.c.sitting_id == bindparam("which"), seat_break.c.back_at_ms.is_(None)
)
_UNDONE_AND_OUT = Plain(select(_REOPENED, _OUT))
_ANY_UNDONE_OR_OUT = Plain(
    select(
        exists().where(reopening.c.reopening_id.is_not(None))
        | exists().where(seat_break.c.back_at_ms.is_(None))
    )
)
_SILENT = Plain(
    select(link_gap.c.gap_id).where(
        link_gap.c.sitting_id == bindparam("which"), link_gap.c.back_at_ms.is_(None)
    )
)
_SILENCE = Plain(
    link_gap.insert(), ("session_id", "sitting_id", "machine_id", "cause", "last_seen_ms")
)
_HEARD = Plain(
    update(link_gap)
    .where(link_gap.c.sitting_id == bindparam("which"), link_gap.c.back_at_ms.is_(None))
    .values(back_at_ms=bindparam("back"))
)


@dataclass(frozen=True)
class Reopening:
    """One hand-in that was undone."""

    sitting_id: str
    seat_no: str
    submitted_at_ms: int
    submit_kind: str
    final_seq: int
    reason: str
    persons: str
    reopened_at_ms: int


@dataclass(frozen=True)
class SpecialExit:
    """Somebody who left while the room was closed."""

    sitting_id: str
    seat_no: str
    cause: str
    reason: str
    persons: str
    exited_at_ms: int


@dataclass(frozen=True)
class Break:
    """One break; ``back_at_ms`` is missing while the candidate is out."""

    sitting_id: str
    seat_no: str
    out_at_ms: int
    out_by: str
    back_at_ms: int | None
    back_by: str | None


# ---- 补时 -------------------------------------------------------------------------------------


def insert_proposal(tx: Connection, **values: Any) -> int:
    """Keep a proposal; returns its number."""
    done = tx.execute(time_proposal.insert().values(**values))
    assert done.inserted_primary_key is not None
    return int(done.inserted_primary_key[0])


def insert_decision(tx: Connection, **values: Any) -> None:
    """Keep a decision. There is one for each proposal: the key says so."""
    tx.execute(time_decision.insert().values(**values))


_REVOCATION, _REVOKED = time_proposal.alias(), time_decision.alias()
_TAKEN_OF = (
    select(func.coalesce(func.sum(_REVOKED.c.taken_s), 0))
    .join(_REVOCATION, _REVOCATION.c.proposal_id == _REVOKED.c.proposal_id)
    .where(_REVOCATION.c.revokes == time_proposal.c.proposal_id)
    .correlate(time_proposal)
    .scalar_subquery()
)
_IN_FORCE = case(
    (time_proposal.c.revokes.is_(None), time_proposal.c.seconds), else_=-time_decision.c.taken_s
)
_CREDITS = (
    select(
        time_proposal,
        time_decision.c.approved,
        time_decision.c.decided_by,
        time_decision.c.decided_at_ms,
        time_decision.c.note.label("decision_note"),
        time_decision.c.taken_s,
        time_decision.c.end_before_ms,
        time_decision.c.end_after_ms,
        _TAKEN_OF.label("revoked_s"),
        sitting.c.room_id,
        sitting.c.seat_no,
        sitting.c.ticket_no,
    )
    .join(sitting, sitting.c.sitting_id == time_proposal.c.sitting_id)
    .outerjoin(time_decision, time_decision.c.proposal_id == time_proposal.c.proposal_id)
)


def _credit(row: Row[Any]) -> Credit:
    return Credit(
        proposal_id=row.proposal_id,
        sitting_id=row.sitting_id,
        room_id=row.room_id,
        seat_no=row.seat_no,
        ticket_no=row.ticket_no,
        seconds=row.seconds,
        measured_ms=row.measured_ms,
        reason=row.reason,
        note=row.note,
        reference=row.reference,
        proposed_by=row.proposed_by,
        proposed_at_ms=row.proposed_at_ms,
        approved=None if row.approved is None else bool(row.approved),
        decided_by=row.decided_by or "",
        decided_at_ms=row.decided_at_ms or 0,
        decision_note=row.decision_note or "",
        revokes=row.revokes or 0,
        taken_s=row.taken_s or 0,
        revoked_s=row.revoked_s,
        end_before_ms=row.end_before_ms or 0,
        end_after_ms=row.end_after_ms or 0,
    )


def credits_of(tx: Connection, session_id: str) -> list[Credit]:
    """Every proposal of a session, oldest first."""
    query = _CREDITS.where(time_proposal.c.session_id == session_id)
    return [_credit(row) for row in tx.execute(query.order_by(time_proposal.c.proposal_id))]


def credit(tx: Connection, proposal_id: int) -> Credit | None:
    """One proposal, or None."""
    row = tx.execute(_CREDITS.where(time_proposal.c.proposal_id == proposal_id)).first()
    return _credit(row) if row else None


def standing_s(tx: Connection, sitting_id: str) -> int:
    """Seconds proposed for a sitting and not rejected, less what was taken back."""
    query = (
        select(func.sum(_IN_FORCE))
        .outerjoin(time_decision, time_decision.c.proposal_id == time_proposal.c.proposal_id)
        .where(time_proposal.c.sitting_id == sitting_id)
        .where((time_decision.c.approved.is_(None)) | (time_decision.c.approved == 1))
    )
    return tx.execute(query).scalar_one() or 0


def undecided(tx: Connection, sitting_id: str) -> int | None:
    """The number of an open proposal of more time for a sitting, or None. One to take time back
    keeps nobody in the room."""
    query = (
        select(time_proposal.c.proposal_id)
        .outerjoin(time_decision, time_decision.c.proposal_id == time_proposal.c.proposal_id)
        .where(time_proposal.c.sitting_id == sitting_id, time_decision.c.proposal_id.is_(None))
        .where(time_proposal.c.revokes.is_(None))
        .order_by(time_proposal.c.proposal_id)
    )
    return tx.execute(query.limit(1)).scalar_one_or_none()


def granted(tx: Connection) -> dict[str, int]:
    """Sitting to its approved 补时 in seconds, less what was taken back; several add up."""
    query = (
        select(time_proposal.c.sitting_id, func.sum(_IN_FORCE))
        .join(time_decision, time_decision.c.proposal_id == time_proposal.c.proposal_id)
        .where(time_decision.c.approved == 1)
        .group_by(time_proposal.c.sitting_id)
    )
    return {sitting_id: int(seconds) for sitting_id, seconds in tx.execute(query)}


def taken(tx: Connection) -> dict[str, int]:
    """Sitting to what was taken back of its 补时, in seconds."""
    query = (
        select(time_proposal.c.sitting_id, func.sum(time_decision.c.taken_s))
        .join(time_decision, time_decision.c.proposal_id == time_proposal.c.proposal_id)
        .where(time_decision.c.taken_s > 0)
        .group_by(time_proposal.c.sitting_id)
    )
    return {sitting_id: int(seconds) for sitting_id, seconds in tx.execute(query)}


# ---- silences ---------------------------------------------------------------------------------


def alive_ms(tx: Connection) -> int | None:
    """The last exam time at which this server is known to have run, or None."""
    value = tx.execute(select(meta.c.value).where(meta.c.key == ALIVE)).scalar_one_or_none()
    return int(value) if value is not None else None


def mark_alive(tx: Connection, now_ms: int) -> None:
    """The server runs now."""
    done = tx.execute(update(meta).where(meta.c.key == ALIVE).values(value=str(now_ms)))
    if done.rowcount == 0:
        tx.execute(meta.insert().values(key=ALIVE, value=str(now_ms)))


def silence_begins(tx: Connection, **values: Any) -> None:
    """A station is not heard any more; one open silence for each sitting."""
    if not plain.inside(tx)(_SILENT, which=values["sitting_id"]):
        plain.change(tx, _SILENCE, **values)


def silence_ends(tx: Connection, sitting_id: str, back_at_ms: int) -> bool:
    """The sitting's station, or the one that took its place, is heard again."""
    return plain.change(tx, _HEARD, which=sitting_id, back=back_at_ms) > 0


def outages_of(tx: Connection, session_id: str) -> dict[str, list[tuple[Outage, str]]]:
    """Sitting to its silences with the machine that fell silent, oldest first."""
    query = select(link_gap).where(link_gap.c.session_id == session_id).order_by(link_gap.c.gap_id)
    found: dict[str, list[tuple[Outage, str]]] = {}
    for row in tx.execute(query):
        outage = Outage(GapCause(row.cause), row.last_seen_ms, row.back_at_ms)
        found.setdefault(row.sitting_id, []).append((outage, row.machine_id))
    return found


# ---- reopened, left, out ----------------------------------------------------------------------


def insert_reopening(tx: Connection, **values: Any) -> None:
    """Keep what was undone, whole."""
    tx.execute(reopening.insert().values(**values))


def any_undone_or_out(known: Known) -> bool:
    """Was any hand-in of this venue undone, or is any candidate on a break now?"""
    return bool(known(_ANY_UNDONE_OR_OUT)[0][0])


def undone_and_out(ask: Ask, sitting_id: str) -> tuple[int, bool]:
    """Hand-ins up to this sequence were undone (0: none was); is this candidate on a break now?"""
    ((undone_seq, out),) = ask(_UNDONE_AND_OUT, which=sitting_id)
    return undone_seq or 0, bool(out)


def reopenings(tx: Connection, session_id: str, room_id: str) -> list[Reopening]:
    """What was undone in a room."""
    query = _of_room(reopening, session_id, room_id).order_by(reopening.c.reopening_id)
    return [
        Reopening(
            row.sitting_id,
            row.seat_no,
            row.submitted_at_ms,
            row.submit_kind,
            row.final_seq,
            row.reason,
            row.persons,
            row.reopened_at_ms,
        )
        for row in tx.execute(query)
    ]


def insert_exit(tx: Connection, **values: Any) -> None:
    """Keep who let somebody leave, and why."""
    tx.execute(special_exit.insert().values(**values))


def special_exits(tx: Connection, session_id: str, room_id: str) -> list[SpecialExit]:
    """Who left a closed room."""
    query = _of_room(special_exit, session_id, room_id).order_by(special_exit.c.exited_at_ms)
    return [
        SpecialExit(
            row.sitting_id, row.seat_no, row.cause, row.reason, row.persons, row.exited_at_ms
        )
        for row in tx.execute(query)
    ]


def break_begins(tx: Connection, **values: Any) -> None:
    """A candidate leaves the seat."""
    tx.execute(seat_break.insert().values(**values))


def break_ends(tx: Connection, sitting_id: str, back_at_ms: int, back_by: str) -> bool:
    """They are back; False when they were not out."""
    done = tx.execute(
        update(seat_break)
        .where(seat_break.c.sitting_id == sitting_id, seat_break.c.back_at_ms.is_(None))
        .values(back_at_ms=back_at_ms, back_by=back_by)
    )
    return done.rowcount > 0


def breaks(tx: Connection, session_id: str, room_id: str) -> list[Break]:
    """The break log of a room (H06)."""
    query = (
        select(seat_break, sitting.c.seat_no)
        .join(sitting, sitting.c.sitting_id == seat_break.c.sitting_id)
        .where(seat_break.c.session_id == session_id, seat_break.c.room_id == room_id)
        .order_by(seat_break.c.break_id)
    )
    return [
        Break(row.sitting_id, row.seat_no, row.out_at_ms, row.out_by, row.back_at_ms, row.back_by)
        for row in tx.execute(query)
    ]


def out_now(tx: Connection, session_id: str) -> list[str]:
    """The sittings of a session whose candidates are out."""
    query = select(seat_break.c.sitting_id).where(
        seat_break.c.session_id == session_id, seat_break.c.back_at_ms.is_(None)
    )
    return list(tx.execute(query).scalars())


def _of_room(table: Any, session_id: str, room_id: str) -> Any:
    return (
        select(table, sitting.c.seat_no)
        .join(sitting, sitting.c.sitting_id == table.c.sitting_id)
        .where(table.c.session_id == session_id, sitting.c.room_id == room_id)
    )
