"""The roster of machines: which certificate is which seat or console. It is the revocation list."""

from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, select

from venue_server.storage.schema import machine


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
