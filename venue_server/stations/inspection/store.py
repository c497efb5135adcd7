"""SQL of the inspection: facts of stations, runs and results, the steps of the seal."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, select

from venue_server.stations.inspection.measured import Outcome
from venue_server.storage.schema import (
    inspection_result,
    inspection_run,
    meta,
    station_facts,
    venue_seal_step,
)
from venue_server.wire.inspection_orders import CheckVerdict, SealState, StationFacts
from venue_server.wire.remarks import Remark

BASELINE = "inspection.baseline"


@dataclass(frozen=True)
class Told:
    """What a station told last, and the token that was left there for the restart test."""

    at_ms: int = 0
    facts: StationFacts | None = None
    token: str = ""


@dataclass(frozen=True)
class Run:
    """One run: FULL, PARTIAL, or ANSWER (a person answered one check)."""

    run_id: int
    kind: str
    began_at_ms: int
    ended_at_ms: int
    person: str


@dataclass(frozen=True)
class Result:
    """One stored outcome; ``person`` ran the inspection or answered."""

    run_id: int
    at_ms: int
    person: str
    outcome: Outcome


@dataclass(frozen=True)
class SealStep:
    """The venue reached a state."""

    state: SealState = SealState.UNINSPECTED
    at_ms: int = 0
    persons: tuple[str, ...] = ()
    reason: str = ""
    remarks: tuple[Remark, ...] = ()
    digest: str = ""
    document: str = ""


# ---- stations ----------------------------------------------------------------------------


def told(tx: Connection) -> dict[str, Told]:
    """By machine id."""
    return {
        row["machine_id"]: Told(
            row["at_ms"],
            msgspec.json.decode(row["document"], type=StationFacts) if row["document"] else None,
            row["token"],
        )
        for row in tx.execute(select(station_facts)).mappings()
    }


def keep_facts(tx: Connection, machine_id: str, at_ms: int, facts: StationFacts) -> None:
    """The latest facts of a station replace those before."""
    _keep(tx, machine_id, {"at_ms": at_ms, "document": msgspec.json.encode(facts).decode()})


def keep_token(tx: Connection, machine_id: str, at_ms: int, token: str) -> None:
    """A token will be left at a station."""
    _keep(tx, machine_id, {"at_ms": at_ms, "token": token})


def _keep(tx: Connection, machine_id: str, values: dict[str, object]) -> None:
    where = station_facts.c.machine_id == machine_id
    if tx.execute(station_facts.update().where(where).values(**values)).rowcount == 0:
        tx.execute(station_facts.insert().values(machine_id=machine_id, **values))


# ---- runs --------------------------------------------------------------------------------


def insert_run(
    tx: Connection,
    kind: str,
    began_at_ms: int,
    ended_at_ms: int,
    person: str,
    outcomes: Sequence[Outcome],
) -> int:
    """One run with all its results; returns its number."""
    row = {
        "kind": kind,
        "began_at_ms": began_at_ms,
        "ended_at_ms": ended_at_ms,
        "person": person,
    }
    made = tx.execute(inspection_run.insert().values(**row)).inserted_primary_key
    assert made is not None, "a table with a number of its own"
    run_id = int(made[0])
    for each in outcomes:
        tx.execute(
            inspection_result.insert().values(
                run_id=run_id,
                check_id=each.check_id,
                expected=each.expected,
                measured=each.measured,
                verdict=each.verdict.value,
                names=json.dumps(each.names, ensure_ascii=False),
                at_ms=ended_at_ms,
            )
        )
    return run_id


def runs(tx: Connection) -> list[Run]:
    """Every run, oldest first."""
    rows = tx.execute(select(inspection_run).order_by(inspection_run.c.run_id)).mappings()
    return [Run(**row) for row in rows]


def results(tx: Connection) -> list[Result]:
    """Every result of every run, oldest first."""
    query = (
        select(inspection_result, inspection_run.c.person)
        .join(inspection_run, inspection_run.c.run_id == inspection_result.c.run_id)
        .order_by(inspection_result.c.result_id)
    )
    return [
        Result(
            row["run_id"],
            row["at_ms"],
            row["person"],
            Outcome(
                row["check_id"],
                row["expected"],
                row["measured"],
                CheckVerdict(row["verdict"]),
                tuple(json.loads(row["names"])),
            ),
        )
        for row in tx.execute(query).mappings()
    ]


# ---- the seal ----------------------------------------------------------------------------


def insert_step(tx: Connection, old: SealState, new: SealStep) -> bool:
    """The venue moves on; False when it was not in ``old``. One writer: nobody comes between."""
    if last_step(tx).state is not old:
        return False
    tx.execute(
        venue_seal_step.insert().values(
            state=new.state.value,
            at_ms=new.at_ms,
            persons=",".join(new.persons),
            reason=new.reason,
            remarks=msgspec.json.encode(new.remarks).decode(),
            digest=new.digest,
            document=new.document,
        )
    )
    return True


def steps(tx: Connection) -> list[SealStep]:
    """Every step, oldest first."""
    rows = tx.execute(select(venue_seal_step).order_by(venue_seal_step.c.step_id)).mappings()
    return [
        SealStep(
            SealState(row["state"]),
            row["at_ms"],
            tuple(row["persons"].split(",")) if row["persons"] else (),
            row["reason"],
            tuple(msgspec.json.decode(row["remarks"], type=list[Remark])),
            row["digest"],
            row["document"],
        )
        for row in rows
    ]


def last_step(tx: Connection) -> SealStep:
    """The venue's state now; UNINSPECTED before the first step."""
    return next(iter(reversed(steps(tx))), SealStep())


# ---- the baseline ------------------------------------------------------------------------


def baseline(tx: Connection) -> str:
    """The stations' program digest that was laid down; empty when none was."""
    found = tx.execute(select(meta.c.value).where(meta.c.key == BASELINE)).scalar()
    return str(found or "")


def set_baseline(tx: Connection, digest: str) -> None:
    """Lay it down."""
    if tx.execute(meta.update().where(meta.c.key == BASELINE).values(value=digest)).rowcount == 0:
        tx.execute(meta.insert().values(key=BASELINE, value=digest))
