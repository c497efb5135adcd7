"""The custody chain of a medium or a package: who had it, where, under whose eyes, without a gap.

Rules only (D05, D06, D19, D20). A chain is a list of steps in order of time. It has a gap where
nobody is named as responsible, where nobody supervised and no camera mark is kept, where fewer than
two keepers watched, and where an item that must be watched was watched by nobody.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from venue_server.wire.refusals import Refusal, RefusalCode

GRACE_MS = 5 * 60_000
"""Between taking an item back and the keepers' signatures, or between two shifts."""
MIN_PEOPLE = 2
MAX_SHIFT_MS = 24 * 3600_000


class Step(StrEnum):
    """What happened to an item."""

    HANDED_OVER = "HANDED_OVER"  # 交接: came from outside, two and two
    RECEIVED = "RECEIVED"  # 接收: a package is complete here
    KEPT = "KEPT"  # 值守: two keepers until an instant
    HANDED_OUT = "HANDED_OUT"  # 发出
    RETURNED = "RETURNED"  # 收回
    GIVEN = "GIVEN"  # 移交: left the venue with sealed answers, two and two (F18)
    RELEASED = "RELEASED"  # 释放
    WIPED = "WIPED"  # 清除


@dataclass(frozen=True)
class CustodyStep:
    """One step. ``persons`` are responsible; ``until_ms`` ends a keepers' shift."""

    item_id: str
    step: Step
    at_ms: int
    persons: tuple[str, ...]
    supervisor: str = ""
    place: str = ""
    until_ms: int | None = None
    camera: str = ""
    note: str = ""


class GapKind(StrEnum):
    """What is wrong with a chain."""

    NO_RESPONSIBLE = "NO_RESPONSIBLE"
    UNSUPERVISED = "UNSUPERVISED"
    ONE_KEEPER = "ONE_KEEPER"
    UNWATCHED = "UNWATCHED"
    OUT_OF_ORDER = "OUT_OF_ORDER"


GAP_TEXTS: dict[GapKind, tuple[str, str]] = {
    GapKind.NO_RESPONSIBLE: ("没有具体责任人", "nobody is named as responsible"),
    GapKind.UNSUPERVISED: ("无监督人，也无监控标记", "neither a supervisor nor a camera mark"),
    GapKind.ONE_KEEPER: ("值守不足2人", "fewer than two keepers"),
    GapKind.UNWATCHED: ("无人值守", "watched by nobody"),
    GapKind.OUT_OF_ORDER: ("环节顺序不符", "a step that cannot follow the one before"),
}


@dataclass(frozen=True)
class Gap:
    """One fault of a chain, from ``at_ms`` to ``until_ms`` (equal for a fault of one step)."""

    kind: GapKind
    at_ms: int
    until_ms: int
    step: Step | None = None


def gaps(chain: Sequence[CustodyStep], now_ms: int, *, watched: bool) -> list[Gap]:
    """Every gap of one item's chain, in order of time.

    ``watched``: the item must be in keepers' custody whenever it is in the venue's hands and not
    handed out. A sealed package in the server's store is not: its safe is the encryption (D06).
    """
    ordered = sorted(chain, key=lambda step: step.at_ms)
    found = [gap for step in ordered for gap in _faults(step)]
    found += _misplaced(ordered)
    if watched:
        found += _unwatched(ordered, now_ms)
    return sorted(found, key=lambda gap: (gap.at_ms, gap.kind))


def _faults(step: CustodyStep) -> Iterable[Gap]:
    people = {person for person in step.persons if person}
    if not people:
        yield Gap(GapKind.NO_RESPONSIBLE, step.at_ms, step.at_ms, step.step)
    if not step.supervisor and not step.camera:
        yield Gap(GapKind.UNSUPERVISED, step.at_ms, step.at_ms, step.step)
    if step.step is Step.KEPT and len(people) < MIN_PEOPLE:
        yield Gap(GapKind.ONE_KEEPER, step.at_ms, step.until_ms or step.at_ms, step.step)


def _misplaced(ordered: Sequence[CustodyStep]) -> Iterable[Gap]:
    out = ended = False
    for step in ordered:
        wrong = (
            ended
            or (step.step is Step.RETURNED and not out)
            or (step.step in (Step.HANDED_OUT, Step.KEPT) and out)
        )
        if wrong:
            yield Gap(GapKind.OUT_OF_ORDER, step.at_ms, step.at_ms, step.step)
        if step.step is Step.HANDED_OUT:
            out = True
        elif step.step is Step.RETURNED:
            out = False
        ended = ended or step.step is Step.WIPED


def _unwatched(ordered: Sequence[CustodyStep], now_ms: int) -> Iterable[Gap]:
    """Stretches of custody that no shift of two keepers covers, longer than the grace."""
    shifts = [
        (step.at_ms, step.until_ms)
        for step in ordered
        if step.step is Step.KEPT and step.until_ms and len(set(step.persons)) >= MIN_PEOPLE
    ]
    for begin, end in _in_custody(ordered, now_ms):
        at = begin
        for start, until in sorted(shifts):
            if until <= at or start >= end:
                continue
            if start - at > GRACE_MS:
                yield Gap(GapKind.UNWATCHED, at, start)
            at = until
        if min(end, now_ms) - at > GRACE_MS:
            yield Gap(GapKind.UNWATCHED, at, min(end, now_ms))


def _in_custody(ordered: Sequence[CustodyStep], now_ms: int) -> Iterable[tuple[int, int]]:
    """From coming into the venue's hands, or back into the keeper's, to going out again."""
    since: int | None = None
    for step in ordered:
        if step.step in (Step.HANDED_OVER, Step.RECEIVED, Step.RETURNED, Step.KEPT):
            since = step.at_ms if since is None else since
        elif step.step in (Step.HANDED_OUT, Step.WIPED) and since is not None:
            yield since, step.at_ms
            since = None
    if since is not None and since < now_ms:
        yield since, now_ms


# ---- the hand-over record (D05) ----------------------------------------------------------------


@dataclass(frozen=True)
class Outsider:
    """Somebody who delivers."""

    name: str
    unit: str
    document_hint: str

    @property
    def who(self) -> tuple[str, str]:
        """Two people may share a name, never a name and a document."""
        return "".join(self.name.split()), "".join(self.document_hint.split()).upper()


@dataclass(frozen=True)
class HandOver:
    """Both sides checked kind, quantity, packaging and seal. ``receivers`` are person ids, all
    signed in; ``receiver_names`` their names."""

    at_ms: int
    kind: str
    quantity: int
    packaging: str
    seal_no: str
    result: str
    items: tuple[str, ...]
    deliverers: tuple[Outsider, ...]
    receivers: tuple[str, ...]
    receiver_names: tuple[str, ...] = field(default=())
    supervisor: str = ""
    camera: str = ""


def may_hand_over(record: HandOver) -> Refusal | None:
    """RCP-08 with what the record lacks."""
    wrong = _lacking(record)
    return Refusal(RefusalCode.HAND_OVER_INVALID, wrong) if wrong else None


def _lacking(record: HandOver) -> str:
    for name in ("kind", "packaging", "seal_no", "result"):
        if not getattr(record, name).strip():
            return name
    if record.quantity < 1:
        return "quantity"
    if any(not all(part.strip() for part in _parts(each)) for each in record.deliverers):
        return "deliverers: name, unit, document"
    if len({each.who for each in record.deliverers}) < MIN_PEOPLE:
        return f"deliverers < {MIN_PEOPLE}"
    if len(set(record.receivers)) < MIN_PEOPLE:
        return f"receivers < {MIN_PEOPLE}"
    names = {"".join(name.split()) for name in record.receiver_names}
    if any(each.who[0] in names for each in record.deliverers):
        return "nobody stands on both sides"
    return ""


def _parts(each: Outsider) -> tuple[str, str, str]:
    return each.name, each.unit, each.document_hint


# ---- keeping (D06) -----------------------------------------------------------------------------


def may_keep(step: CustodyStep, chain: Sequence[CustodyStep]) -> Refusal | None:
    """RCP-10 with what is wrong with a keepers' shift."""
    people = set(step.persons)
    until = step.until_ms or 0
    last = [each.step for each in chain if each.step in (Step.HANDED_OUT, Step.RETURNED)][-1:]
    if len(people) < MIN_PEOPLE:
        wrong = "two keepers"
    elif not step.place.strip():
        wrong = "place"
    elif not step.at_ms < until <= step.at_ms + MAX_SHIFT_MS:
        wrong = "until"
    elif step.supervisor in people:
        wrong = "supervisor"
    elif last == [Step.HANDED_OUT]:
        wrong = "handed out"
    else:
        return None
    return Refusal(RefusalCode.CUSTODY_STEP_INVALID, wrong)
