"""What sittings remember: plans, sessions, rooms and sittings. All SQL of this stage.

A transition is an UPDATE whose WHERE names the state it starts from, checked by its row count.
"""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select, update

from venue_server.sitting.ordered.store import is_stopped
from venue_server.sitting.plan import Candidate, Plan, PlannedSession
from venue_server.sitting.policy import Adjustment
from venue_server.sitting.roomtime.store import adjustments
from venue_server.sitting.rows import RoomTime, Session, Sitting, StartCode
from venue_server.sitting.states import DATA_NEXT, SESSION_NEXT, SITTING_NEXT
from venue_server.storage import plain
from venue_server.storage.plain import Ask, Plain
from venue_server.storage.schema import plan as plan_table
from venue_server.storage.schema import room as room_table
from venue_server.storage.schema import session as session_table
from venue_server.storage.schema import sitting as sitting_table
from venue_server.wire.names import DataState, SessionState, SittingState, SubmitKind
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError

# Built once: a thousand stations may come back at once (P5).
_FIELDS = list(Sitting.__dataclass_fields__)


def _sittings() -> Select[Any]:
    return select(*(sitting_table.c[name] for name in _FIELDS))


_SITTING = Plain(_sittings().where(sitting_table.c.sitting_id == bindparam("which")))
OF_SESSION = Plain(
    _sittings()
    .where(sitting_table.c.session_id == bindparam("session"))
    .order_by(sitting_table.c.room_id, sitting_table.c.seat_no)
)
_AT_MACHINE = Plain(
    _sittings()
    .where(
        sitting_table.c.session_id == bindparam("session"),
        sitting_table.c.machine_id == bindparam("machine"),
    )
    .order_by(sitting_table.c.logged_in_at_ms.desc())
    .limit(1)
)


def sitting_id_of(session_id: str, ticket_no: str) -> str:
    """A sitting's id. It follows from the plan, so importing twice makes the same sittings."""
    return f"{session_id}.{ticket_no}"


def plan_documents(tx: Connection) -> list[str]:
    """Every signed plan, byte for byte, oldest first."""
    rows = tx.execute(select(plan_table.c.document).order_by(plan_table.c.imported_at_ms))
    return [row.document for row in rows]


def plan_document(tx: Connection, plan_id: str) -> str | None:
    """The signed plan of that id, or None."""
    return tx.execute(
        select(plan_table.c.document).where(plan_table.c.plan_id == plan_id)
    ).scalar_one_or_none()


def session_exists(tx: Connection, session_id: str) -> bool:
    """Is there a session of that id, whatever its plan?"""
    found = select(session_table.c.session_id).where(session_table.c.session_id == session_id)
    return tx.execute(found).first() is not None


def insert_plan(tx: Connection, plan: Plan, document: str, now_ms: int) -> None:
    """Keep the document and make the rows of its sessions, rooms and sittings."""
    tx.execute(
        plan_table.insert().values(plan_id=plan.plan_id, document=document, imported_at_ms=now_ms)
    )
    for session in plan.sessions:
        _insert_session(tx, plan, session)


def _insert_session(tx: Connection, plan: Plan, session: PlannedSession) -> None:
    tx.execute(
        session_table.insert().values(
            session_id=session.session_id,
            plan_id=plan.plan_id,
            state=SessionState.PLANNED.value,
            data_state=DataState.COLLECTING.value,
        )
    )
    rooms = [{"session_id": session.session_id, "room_id": room.room_id} for room in plan.rooms]
    if rooms:
        tx.execute(room_table.insert(), rooms)
    if session.candidates:
        rows = [_new_sitting(session.session_id, one) for one in session.candidates]
        tx.execute(sitting_table.insert(), rows)


def _new_sitting(session_id: str, candidate: Candidate) -> dict[str, str]:
    return {
        "sitting_id": sitting_id_of(session_id, candidate.ticket_no),
        "session_id": session_id,
        "room_id": candidate.room_id,
        "seat_no": candidate.seat_no,
        "ticket_no": candidate.ticket_no,
        "state": SittingState.SCHEDULED.value,
    }


def load_sessions(tx: Connection, planned: dict[str, PlannedSession]) -> dict[str, Session]:
    """Every session by id, in the order of their planned start."""
    ids = tx.execute(select(session_table.c.session_id)).scalars().all()
    found = [load_session(tx, planned, session_id) for session_id in ids]
    known = [one for one in found if one is not None]
    return {one.session_id: one for one in sorted(known, key=_start)}


def load_session(
    tx: Connection, planned: dict[str, PlannedSession], session_id: str
) -> Session | None:
    """One session as this transaction sees it, or None."""
    query = select(session_table).where(session_table.c.session_id == session_id)
    row = tx.execute(query).first()
    if row is None or session_id not in planned:
        return None
    rooms = tx.execute(select(room_table).where(room_table.c.session_id == session_id)).all()
    stopped = is_stopped(tx, session_id)
    return _session(row, planned[session_id], rooms, adjustments(tx, session_id), stopped)


def _start(session: Session) -> tuple[int, str]:
    return session.planned.start_ms, session.session_id


def _session(
    row: Row[Any],
    planned: PlannedSession,
    rooms: Sequence[Row[Any]],
    adjusted: Mapping[str, tuple[Adjustment, ...]],
    stopped: bool,
) -> Session:
    return Session(
        session_id=row.session_id,
        plan_id=row.plan_id,
        state=SessionState(row.state),
        data_state=DataState(row.data_state),
        effective_start_ms=row.effective_start_ms,
        released_at_ms=row.released_at_ms,
        planned=planned,
        login_rooms=frozenset(each.room_id for each in rooms if each.login_allowed_at_ms),
        witnessed_rooms=frozenset(each.room_id for each in rooms if each.seal_witnesses),
        room_time={
            each.room_id: RoomTime(
                each.held_at_ms is not None,
                each.effective_start_ms,
                adjusted.get(each.room_id, ()),
                StartCode(each.start_code, each.start_code_salt) if each.start_code else None,
            )
            for each in rooms
        },
        rooms=tuple(sorted({candidate.room_id for candidate in planned.candidates})),
        stopped=stopped,
    )


def room_exists(tx: Connection, session_id: str, room_id: str) -> bool:
    """Does the session use this room?"""
    found = select(room_table.c.room_id).where(
        room_table.c.session_id == session_id, room_table.c.room_id == room_id
    )
    return tx.execute(found).first() is not None


def allow_login(tx: Connection, session_id: str, room_id: str, now_ms: int) -> bool:
    """Allow log-in in a room; False when it already was."""
    done = tx.execute(
        update(room_table)
        .where(room_table.c.session_id == session_id, room_table.c.room_id == room_id)
        .where(room_table.c.login_allowed_at_ms.is_(None))
        .values(login_allowed_at_ms=now_ms)
    )
    return done.rowcount == 1


def witness_seal(tx: Connection, session_id: str, room_id: str, witnesses: str) -> bool:
    """Keep who showed and witnessed the seals in a room; False when it is known already."""
    done = tx.execute(
        update(room_table)
        .where(room_table.c.session_id == session_id, room_table.c.room_id == room_id)
        .where(room_table.c.seal_witnesses.is_(None))
        .values(seal_witnesses=witnesses)
    )
    return done.rowcount == 1


def keep_start_code(tx: Connection, session_id: str, room_id: str, code: str, salt: str) -> bool:
    """Keep a room's start code; False when it has one already."""
    done = tx.execute(
        update(room_table)
        .where(room_table.c.session_id == session_id, room_table.c.room_id == room_id)
        .where(room_table.c.start_code.is_(None))
        .values(start_code=code, start_code_salt=salt)
    )
    return done.rowcount == 1


def session_state(tx: Connection, session_id: str) -> SessionState:
    """The state as this transaction sees it."""
    query = select(session_table.c.state).where(session_table.c.session_id == session_id)
    return SessionState(tx.execute(query).scalar_one())


def move_session(tx: Connection, session_id: str, to: SessionState, **values: int) -> None:
    """Move a session on.

    Raises:
        RefusedError: SES-01, its state does not lead to ``to``.
    """
    now = session_state(tx, session_id)
    done = tx.execute(
        update(session_table)
        .where(session_table.c.session_id == session_id)
        .where(session_table.c.state.in_([s.value for s, n in SESSION_NEXT.items() if to in n]))
        .values(state=to.value, **values)
    )
    if done.rowcount != 1:
        raise RefusedError(Refusal(RefusalCode.SESSION_WRONG_STATE, f"{now.value} → {to.value}"))


def move_data(tx: Connection, session_id: str, start: DataState, to: DataState) -> None:
    """Move a session's answers on by one step (L01).

    Raises:
        RefusedError: SES-01, the answers are not in ``start``, or that does not lead to ``to``.
    """
    done = tx.execute(
        update(session_table)
        .where(session_table.c.session_id == session_id)
        .where(session_table.c.data_state == start.value)
        .values(data_state=to.value)
    )
    if to not in DATA_NEXT[start] or done.rowcount != 1:
        refusal = Refusal(RefusalCode.SESSION_WRONG_STATE, f"{start.value} → {to.value}")
        raise RefusedError(refusal)


def load_sitting(tx: Connection, sitting_id: str) -> Sitting | None:
    """One sitting, or None."""
    return sitting_of(plain.inside(tx), sitting_id)


def sitting_of(ask: Ask, sitting_id: str) -> Sitting | None:
    """One sitting, or None."""
    rows = ask(_SITTING, which=sitting_id)
    return _sitting(rows[0]) if rows else None


def load_sittings(tx: Connection, session_id: str) -> list[Sitting]:
    """All sittings of a session, by room and seat."""
    return sittings_from(plain.inside(tx)(OF_SESSION, session=session_id))


def sittings_from(rows: Iterable[plain.Row]) -> list[Sitting]:
    """What :data:`OF_SESSION` gave."""
    return [_sitting(row) for row in rows]


def sitting_at(ask: Ask, session_id: str, machine_id: str) -> Sitting | None:
    """The sitting that last logged in at a machine, in one session."""
    rows = ask(_AT_MACHINE, session=session_id, machine=machine_id)
    return _sitting(rows[0]) if rows else None


def _sitting(row: plain.Row) -> Sitting:
    values = list(row)
    values[_STATE] = _STATES[values[_STATE]]
    values[_KIND] = _KINDS[values[_KIND]] if values[_KIND] else None
    return Sitting(*values)


_STATE, _KIND = _FIELDS.index("state"), _FIELDS.index("submit_kind")
# A thousand sittings are read every second: looking up costs a tenth of calling the class.
_STATES = {each.value: each for each in SittingState}
_KINDS = {each.value: each for each in SubmitKind}


def move_sitting(tx: Connection, sitting: Sitting, to: SittingState, **values: Any) -> Sitting:
    """Move a sitting on from the state it was read in, and return it as it now is.

    Raises:
        RefusedError: SIT-04, that state does not lead to ``to``, or it has changed since.
    """
    possible = to in SITTING_NEXT[sitting.state]
    if not (possible and _update(tx, sitting, state=to.value, **values)):
        refusal = Refusal(RefusalCode.SITTING_WRONG_STATE, f"{sitting.state.value} → {to.value}")
        raise RefusedError(refusal)
    return dataclasses.replace(sitting, state=to, **values)


def mark_machine(tx: Connection, sitting: Sitting, machine_id: str) -> Sitting:
    """The sitting goes on at another machine of the same seat; its state stays."""
    done = _update(tx, sitting, machine_id=machine_id)
    assert done, "read in this transaction"
    return dataclasses.replace(sitting, machine_id=machine_id)


def _update(tx: Connection, sitting: Sitting, **values: Any) -> bool:
    done = tx.execute(
        update(sitting_table)
        .where(sitting_table.c.sitting_id == sitting.sitting_id)
        .where(sitting_table.c.state == sitting.state.value)
        .values(**values)
    )
    return done.rowcount == 1


def mark_not_held(tx: Connection, sittings: Iterable[Sitting]) -> list[Sitting]:
    """Mark as NOT_HELD everyone of a session that never began; returns them (I03). Whose sitting
    was ended before (V05) stays TERMINATED."""
    left = [one for one in sittings if one.state is not SittingState.TERMINATED]
    return [move_sitting(tx, one, SittingState.NOT_HELD) for one in left]


def mark_absent(tx: Connection, sittings: Iterable[Sitting]) -> list[Sitting]:
    """Mark as ABSENT everyone whose paper was never opened; returns them (K04). Whose sitting was
    ended before (V05) is among them and stays TERMINATED."""
    return [
        one if one.absent else move_sitting(tx, one, SittingState.ABSENT)
        for one in sittings
        if not one.present and one.state is not SittingState.ABSENT
    ]
