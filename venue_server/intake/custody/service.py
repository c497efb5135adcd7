"""Registers media, records hand-overs and custody, and answers with the chain (D03-D06, D13).

Every act is one transaction with its ledger entry; entries hold names of people and things, never a
document's number.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from secrets import token_hex

import msgspec
from sqlalchemy import Connection

from venue_server.intake.custody import store as rows
from venue_server.intake.custody.chain import (
    CustodyStep,
    Gap,
    GapKind,
    HandOver,
    Step,
    gaps,
    may_hand_over,
    may_keep,
)
from venue_server.intake.custody.media import (
    FoundMedium,
    Medium,
    MediumState,
    may_move,
    may_read,
    may_register,
)
from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.staff.person import Person
from venue_server.storage.engine import Store
from venue_server.wire.alarms import Alarm, AlarmCode
from venue_server.wire.canonical import canonical
from venue_server.wire.names import Mode
from venue_server.wire.refusals import Refusal, RefusalCode


@dataclass(frozen=True)
class Chain:
    """An item's custody, judged. ``medium`` is None for a package."""

    item_id: str
    medium: Medium | None
    steps: list[CustodyStep]
    gaps: list[Gap]


class Custody:
    """``people`` answers who is known at this venue; ``now_ms`` is exam time."""

    def __init__(
        self,
        store: Store,
        ledger: Ledger,
        people: Callable[[], list[Person]],
        now_ms: Callable[[], int],
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._people = people
        self._now_ms = now_ms

    # ---- media ---------------------------------------------------------------------------

    async def register(self, medium: Medium, first: str, second: str) -> Refusal | None:
        """Put a medium on the register. Refusals: RCP-10, STF-08 keeper or user, MED-07."""
        refusal = may_register(medium) or self._known(medium.keeper, medium.user)
        if refusal is not None:
            return refusal

        def run(tx: Connection) -> Refusal | None:
            if rows.medium_by_id(tx, medium.medium_id) is not None:
                return Refusal(RefusalCode.MEDIUM_KNOWN, medium.medium_id)
            rows.insert_medium(tx, medium)
            self._ledger.record(
                tx,
                Event.MEDIUM_REGISTERED,
                first,
                second=second,
                medium=medium.medium_id,
                kind=medium.kind.value,
                label=medium.label,
                keeper=medium.keeper,
                user=medium.user,
            )
            return None

        return await self._store.write(run)

    async def move(
        self, medium_id: str, first: str, second: str, back: bool, note: CustodyStep
    ) -> Refusal | None:
        """Hand a medium out to its user, or take it back. ``note`` carries supervisor, camera mark
        and seal. Refusals: RCP-09, STF-08, and those of :func:`may_move`."""
        refusal = self._known(*filter(None, (note.supervisor,)))
        if refusal is not None:
            return refusal

        def run(tx: Connection) -> Refusal | None:
            medium = rows.medium_by_id(tx, medium_id)
            if medium is None:
                return Refusal(RefusalCode.CUSTODY_ITEM_UNKNOWN, medium_id)
            no = may_move(medium, {first, second}, back)
            if no is not None:
                return no
            old, new = medium.state, MediumState.KEPT if back else MediumState.OUT
            assert rows.move_medium(tx, medium_id, old, new), "one writer"
            responsible = medium.keeper if back else medium.user
            step = Step.RETURNED if back else Step.HANDED_OUT
            rows.insert_step(
                tx,
                replace(
                    note, item_id=medium_id, step=step, at_ms=self._now_ms(), persons=(responsible,)
                ),
            )
            self._ledger.record(
                tx,
                Event.MEDIUM_RETURNED if back else Event.MEDIUM_HANDED_OUT,
                first,
                second=second,
                medium=medium_id,
                responsible=responsible,
                supervisor=note.supervisor,
            )
            return None

        return await self._store.write(run)

    async def may_read(
        self, found: FoundMedium | None, person: str, mode: Mode, agreed: bool
    ) -> Refusal | None:
        """May this person read the medium now? Both answers are in the ledger."""
        medium_id = found.medium_id if found else ""
        known = self._store.read(lambda tx: rows.medium_by_id(tx, medium_id))
        refusal = may_read(found, known, person, self._now_ms(), mode, agreed)
        await self._ledger.note(
            Event.MEDIUM_REFUSED if refusal else Event.MEDIUM_READ,
            person,
            medium=medium_id,
            registered=known is not None,
            **({"code": refusal.code.value} if refusal else {}),
        )
        return refusal

    # ---- hand-over and keeping -------------------------------------------------------------

    async def hand_over(self, record: HandOver) -> str | Refusal:
        """Keep a hand-over record; its id. Refusals: RCP-08, RCP-09 an item, STF-08."""
        names = {each.person_id: each.name for each in self._people()}
        record = replace(
            record,
            at_ms=self._now_ms(),
            receiver_names=tuple(names.get(each, "") for each in record.receivers),
        )
        people = (*record.receivers, *filter(None, (record.supervisor,)))
        refusal = may_hand_over(record) or self._known(*people)
        if refusal is not None:
            return refusal
        name = f"handover-{token_hex(4)}"
        document = canonical({"hand_over_id": name, **msgspec.to_builtins(record)}).decode()

        def run(tx: Connection) -> str | Refusal:
            unknown = [each for each in record.items if not _exists(tx, each)]
            if unknown:
                return Refusal(RefusalCode.CUSTODY_ITEM_UNKNOWN, ", ".join(unknown))
            rows.insert_hand_over(tx, name, record.at_ms, document)
            for item in record.items:
                rows.insert_step(tx, _handed_over(item, record, name))
            self._ledger.record(
                tx,
                Event.HANDED_OVER,
                record.receivers[0],
                hand_over=name,
                receivers=list(record.receivers),
                deliverers=[f"{each.name} ({each.unit})" for each in record.deliverers],
                kind=record.kind,
                quantity=record.quantity,
                seal=record.seal_no,
                result=record.result,
            )
            return name

        return await self._store.write(run)

    async def keep(self, step: CustodyStep) -> Refusal | None:
        """Two keepers begin their shift. Refusals: RCP-09, RCP-10, STF-08 the supervisor."""
        step = replace(step, step=Step.KEPT, at_ms=self._now_ms())
        refusal = self._known(*filter(None, (step.supervisor,)))
        if refusal is not None:
            return refusal

        def run(tx: Connection) -> Refusal | None:
            if not _exists(tx, step.item_id):
                return Refusal(RefusalCode.CUSTODY_ITEM_UNKNOWN, step.item_id)
            no = may_keep(step, rows.chain(tx, step.item_id))
            if no is not None:
                return no
            rows.insert_step(tx, step)
            self._ledger.record(
                tx,
                Event.KEPT,
                step.persons[0],
                item=step.item_id,
                keepers=list(step.persons),
                place=step.place,
                until_ms=step.until_ms or 0,
                supervisor=step.supervisor,
            )
            return None

        return await self._store.write(run)

    # ---- looking -------------------------------------------------------------------------

    def media(self) -> list[Medium]:
        """The register."""
        return self._store.known_read(rows.media)

    def chains(self, item_id: str = "") -> list[Chain] | Refusal:
        """Every item's chain with its gaps, or one item's. Refusals: RCP-09."""

        def run(tx: Connection) -> list[Chain]:
            media = {each.medium_id: each for each in rows.media(tx)}
            ids = [*media, *rows.package_ids(tx)]
            wanted = [each for each in ids if item_id in ("", each)]
            return [self._chain(each, media.get(each), rows.chain(tx, each)) for each in wanted]

        found = self._store.read(run)
        if item_id and not found:
            return Refusal(RefusalCode.CUSTODY_ITEM_UNKNOWN, item_id)
        return found

    def unwatched(self) -> list[Alarm]:
        """The media that nobody watches now (D06)."""
        now = self._now_ms() + 1  # a shift that begins this very instant counts
        told: list[str] = []
        for medium in self.media():
            steps = self._store.known_read(rows.chain, medium.medium_id)
            for gap in gaps(steps, now, watched=_carried_papers(steps)):
                if gap.kind is GapKind.UNWATCHED and gap.until_ms == now:
                    told.append(medium.label)
        return [Alarm(AlarmCode.MEDIUM_UNWATCHED, {"media": ", ".join(told)})] if told else []

    def _chain(self, item_id: str, medium: Medium | None, steps: list[CustodyStep]) -> Chain:
        watched = medium is not None and _carried_papers(steps)
        return Chain(item_id, medium, steps, gaps(steps, self._now_ms(), watched=watched))

    def _known(self, *person_ids: str) -> Refusal | None:
        known = {each.person_id for each in self._people()}
        strangers = [each for each in person_ids if each not in known]
        return Refusal(RefusalCode.PERSON_UNKNOWN, ", ".join(strangers)) if strangers else None


def _carried_papers(steps: list[CustodyStep]) -> bool:
    """A medium that brought papers is watched; one that never did is a thing in a drawer."""
    return any(step.step is Step.HANDED_OVER for step in steps)


def _exists(tx: Connection, item_id: str) -> bool:
    return rows.medium_by_id(tx, item_id) is not None or item_id in rows.package_ids(tx)


def _handed_over(item: str, record: HandOver, name: str) -> CustodyStep:
    return CustodyStep(
        item_id=item,
        step=Step.HANDED_OVER,
        at_ms=record.at_ms,
        persons=record.receivers,
        # Who delivers watches who receives, and the other way round (D05).
        supervisor=record.supervisor or record.deliverers[0].name,
        camera=record.camera,
        note=name,
    )
