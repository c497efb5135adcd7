"""The roster of machines (which certificate is which seat or console; it is the revocation list),
and the orders to stations to destroy what they hold."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, RowMapping, bindparam, select, update

from venue_server.storage.plain import Ask, Known, Plain
from venue_server.storage.schema import machine, station_wipe
from venue_server.wire.wiping_orders import PaperWiped, WipePaper


@dataclass(frozen=True)
class Machine:
    """One enrolled machine. ``cert_sha256`` is of the DER certificate."""

    machine_id: str
    kind: str
    name: str
    room_id: str
    seat_no: str
    cert_sha256: str
    hpke_public: str


def _machine(row: RowMapping) -> Machine:
    return Machine(**{name: row[name] for name in Machine.__dataclass_fields__})


def active_machines(tx: Connection) -> list[Machine]:
    """Every machine that is enrolled and not revoked."""
    query = select(machine).where(machine.c.revoked_at_ms == 0).order_by(machine.c.machine_id)
    return [_machine(row) for row in tx.execute(query).mappings()]


@dataclass(frozen=True)
class Enrolled:
    """A machine that is, or once was, on the roster; ``revoked_at_ms`` is 0 while it is."""

    machine: Machine
    revoked_at_ms: int


def enrolled_with(tx: Connection, cert_sha256: str) -> Enrolled | None:
    """Whose certificate it is, also of a machine that was revoked since."""
    query = select(machine).where(machine.c.cert_sha256 == cert_sha256)
    row = tx.execute(query).mappings().first()
    return Enrolled(_machine(row), int(row["revoked_at_ms"])) if row is not None else None


def insert_machine(tx: Connection, value: Machine, at_ms: int) -> None:
    """Add one machine to the roster."""
    fields = {name: getattr(value, name) for name in Machine.__dataclass_fields__}
    tx.execute(machine.insert().values(**fields, enrolled_at_ms=at_ms))


def revoke_machine(tx: Connection, machine_id: str, at_ms: int) -> bool:
    """Take a machine off the roster; False when it was not on it."""
    update = machine.update().where(
        machine.c.machine_id == machine_id, machine.c.revoked_at_ms == 0
    )
    return tx.execute(update.values(revoked_at_ms=at_ms)).rowcount == 1


@dataclass(frozen=True)
class StationWipe:
    """One order to one station. ``reported_at_ms`` is None until the station said that it is done;
    ``left`` names what it found on its disk afterwards, which keeps the order open."""

    session_id: str
    machine_id: str
    paper_id: str
    sitting_id: str
    ordered_at_ms: int
    reported_at_ms: int | None
    left: tuple[str, ...]


def insert_wipe(
    tx: Connection, session_id: str, machine_id: str, order: WipePaper, now_ms: int
) -> None:
    """Keep one order."""
    tx.execute(
        station_wipe.insert().values(
            session_id=session_id,
            machine_id=machine_id,
            paper_id=order.paper_id,
            sitting_id=order.sitting_id,
            sha256=json.dumps(order.sha256),
            ordered_at_ms=now_ms,
        )
    )


_PENDING = Plain(
    select(station_wipe.c.paper_id, station_wipe.c.sitting_id, station_wipe.c.sha256).where(
        station_wipe.c.machine_id == bindparam("machine"), station_wipe.c.reported_at_ms.is_(None)
    )
)


_ANY_PENDING = Plain(
    select(station_wipe.c.machine_id).where(station_wipe.c.reported_at_ms.is_(None)).limit(1)
)


def any_pending(known: Known) -> bool:
    """Has any machine an order that it has not reported?"""
    return bool(known(_ANY_PENDING))


def pending_wipes(ask: Ask, machine_id: str) -> list[WipePaper]:
    """Orders of one machine that it has not reported."""
    return [
        WipePaper(paper_id, sitting_id, json.loads(sha256))
        for paper_id, sitting_id, sha256 in ask(_PENDING, machine=machine_id)
    ]


def report_wipe(
    tx: Connection, machine_id: str, message: PaperWiped, done_ms: int | None
) -> list[str]:
    """Note what a machine said; the sessions it was about. ``done_ms`` None: not done yet."""
    where = (
        (station_wipe.c.machine_id == machine_id)
        & (station_wipe.c.paper_id == message.paper_id)
        & station_wipe.c.reported_at_ms.is_(None)
    )
    if message.sitting_id:
        where &= station_wipe.c.sitting_id == message.sitting_id
    sessions = tx.execute(select(station_wipe.c.session_id).where(where)).scalars().all()
    values = {"left_behind": json.dumps(message.left), "reported_at_ms": done_ms}
    tx.execute(update(station_wipe).where(where).values(**values))
    return list(dict.fromkeys(sessions))


def open_wipes(tx: Connection) -> list[StationWipe]:
    """Every order of every session that was not carried out."""
    query = select(station_wipe).where(station_wipe.c.reported_at_ms.is_(None))
    return [_read_wipe(row) for row in tx.execute(query)]


def wipes_of_session(tx: Connection, session_id: str) -> list[StationWipe]:
    """Every order of a session, by machine."""
    query = select(station_wipe).where(station_wipe.c.session_id == session_id)
    return [_read_wipe(row) for row in tx.execute(query.order_by(station_wipe.c.machine_id))]


def _read_wipe(row: Row[Any]) -> StationWipe:
    return StationWipe(
        row.session_id,
        row.machine_id,
        row.paper_id,
        row.sitting_id,
        row.ordered_at_ms,
        row.reported_at_ms,
        tuple(json.loads(row.left_behind)),
    )
