"""SQL of media, custody steps and hand-over records."""

from sqlalchemy import Connection, select

from venue_server.intake.custody.chain import CustodyStep, Step
from venue_server.intake.custody.media import Medium, MediumKind, MediumState
from venue_server.storage.schema import (
    custody_step,
    hand_over,
    medium,
    package,
    release,
    wipe_certificate,
)


def media(tx: Connection) -> list[Medium]:
    """Every registered medium."""
    rows = tx.execute(select(medium).order_by(medium.c.medium_id)).mappings()
    return [
        Medium(**{**row, "kind": MediumKind(row["kind"]), "state": MediumState(row["state"])})
        for row in rows
    ]


def medium_by_id(tx: Connection, medium_id: str) -> Medium | None:
    """One registered medium."""
    return next((each for each in media(tx) if each.medium_id == medium_id), None)


def insert_medium(tx: Connection, value: Medium) -> None:
    """A medium was registered."""
    tx.execute(medium.insert().values(**value.__dict__))


def move_medium(tx: Connection, medium_id: str, old: MediumState, new: MediumState) -> bool:
    """Move a medium; False when it was not in ``old``."""
    where = (medium.c.medium_id == medium_id) & (medium.c.state == old.value)
    return tx.execute(medium.update().where(where).values(state=new.value)).rowcount == 1


def insert_step(tx: Connection, value: CustodyStep) -> None:
    """Something happened to an item."""
    tx.execute(
        custody_step.insert().values(**{**value.__dict__, "persons": ",".join(value.persons)})
    )


def insert_hand_over(tx: Connection, hand_over_id: str, at_ms: int, document: str) -> None:
    """A hand-over record was signed by everyone."""
    tx.execute(hand_over.insert().values(hand_over_id=hand_over_id, at_ms=at_ms, document=document))


def chain(tx: Connection, item_id: str) -> list[CustodyStep]:
    """An item's chain in order of time: what was recorded here, and the release and the wiping of
    a package as the stages that did them recorded it."""
    rows = tx.execute(
        select(custody_step)
        .where(custody_step.c.item_id == item_id)
        .order_by(custody_step.c.at_ms, custody_step.c.step_id)
    ).mappings()
    steps = [
        CustodyStep(
            **{
                **{name: row[name] for name in CustodyStep.__dataclass_fields__},
                "step": Step(row["step"]),
                "persons": tuple(row["persons"].split(",")) if row["persons"] else (),
            }
        )
        for row in rows
    ]
    return sorted([*steps, *_of_package(tx, item_id)], key=lambda step: step.at_ms)


def _of_package(tx: Connection, item_id: str) -> list[CustodyStep]:
    row = tx.execute(select(package).where(package.c.package_id == item_id)).mappings().first()
    if row is None or row["state"] not in ("RELEASED", "ENDED", "WIPED"):
        return []
    session = row["session_id"]
    found: list[CustodyStep] = []
    opened = tx.execute(select(release).where(release.c.session_id == session)).mappings().first()
    if opened is not None and opened["released_at_ms"] is not None:
        first, _, second = (opened["armed_by"] or "").partition(",")
        found.append(_step(item_id, Step.RELEASED, opened["released_at_ms"], first, second))
    wiped = (
        tx.execute(select(wipe_certificate).where(wipe_certificate.c.session_id == session))
        .mappings()
        .first()
    )
    if wiped is not None and row["state"] == "WIPED":
        first, _, second = wiped["persons"].partition(",")
        found.append(_step(item_id, Step.WIPED, wiped["begun_at_ms"], first, second))
    return found


def _step(item_id: str, step: Step, at_ms: int, first: str, second: str) -> CustodyStep:
    """Two people did it: one is responsible, the other watched."""
    return CustodyStep(item_id, step, at_ms, (first,) if first else (), second)


def package_ids(tx: Connection) -> list[str]:
    """Every package of the venue."""
    return list(tx.execute(select(package.c.package_id)).scalars())
