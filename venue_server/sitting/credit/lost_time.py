"""What a candidate lost, measured from the answers' chain and the stations' heartbeats (I07, I12).

Pure rules over what is durable. A restart shows in the chain itself: the paper is opened anew
(``open``), so a dead station is told from a line that was away while the candidate went on. Only
the first costs time; the other is listed with nothing lost, whatever it may have looked like from
the server.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from venue_server.wire.credit_orders import GapCause, LostTime
from venue_server.wire.names import SubmitKind

MINUTE_MS = 60_000
TOGETHER = 3
"""Interruptions of so many seats of one room that began together are one event of the room."""


@dataclass(frozen=True)
class Act:
    """One entry of the chain: its kind, when (exam time, ms), and how it closed the chain."""

    kind: str
    at_ms: int
    submit: str = ""


@dataclass(frozen=True)
class Outage:
    """The server did not hear a station: from its last heartbeat until it was back (missing while
    it is away). ``cause`` is LINK or SERVER."""

    cause: GapCause
    last_seen_ms: int
    back_at_ms: int | None


def lost_time(
    acts: Sequence[Act], outages: Sequence[Outage], start_ms: int, end_ms: int
) -> list[LostTime]:
    """Every interruption of one sitting between its start and its end, oldest first."""
    restarts = [
        _restart(acts, at, outages)
        for at in range(1, len(acts))
        if acts[at].kind == "open" or acts[at - 1].kind == "submit"
    ]
    lines = [_outage(acts, each) for each in outages if not _explained(each, restarts)]
    inside = [_within(each, start_ms, end_ms) for each in (*restarts, *lines)]
    found = [each for each in inside if each is not None]
    return sorted(found, key=lambda each: (each.start_ms, each.cause))


def _restart(acts: Sequence[Act], at: int, outages: Sequence[Outage]) -> LostTime:
    """The paper was opened anew, or answers went on after a hand-in: lost from the last sign of
    life to the first act afterwards."""
    before, opened = acts[at - 1], acts[at]
    after = acts[at + 1] if opened.kind == "open" and at + 1 < len(acts) else opened
    until = opened.at_ms if after.kind == "open" else after.at_ms
    if before.kind == "submit":
        auto = before.submit != SubmitKind.EARLY.value
        cause = GapCause.OLD_END if auto else GapCause.HAND_IN
        return LostTime(cause, before.at_ms, until, until - before.at_ms if auto else 0, 0)
    heard = [
        each.last_seen_ms
        for each in outages
        if each.last_seen_ms <= opened.at_ms
        and (each.back_at_ms is None or each.back_at_ms >= before.at_ms)
    ]
    since = max([before.at_ms, *heard])
    return LostTime(GapCause.STATION, since, until, max(0, until - since), 0)


def _outage(acts: Sequence[Act], outage: Outage) -> LostTime:
    since, until = outage.last_seen_ms, outage.back_at_ms
    inside = [act for act in acts if since < act.at_ms and (until is None or act.at_ms < until)]
    return LostTime(outage.cause, since, until, 0, len(inside))


def _explained(outage: Outage, restarts: Iterable[LostTime]) -> bool:
    """Is this silence the restart that is listed already?"""
    return any(
        each.cause is GapCause.STATION
        and each.end_ms is not None
        and outage.last_seen_ms <= each.end_ms
        and (outage.back_at_ms is None or outage.back_at_ms >= each.start_ms)
        for each in restarts
    )


def _within(gap: LostTime, start_ms: int, end_ms: int) -> LostTime | None:
    """The part of it that lies in the sitting's own time."""
    if gap.start_ms >= end_ms or (gap.end_ms is not None and gap.end_ms <= start_ms):
        return None
    since = max(gap.start_ms, start_ms)
    until = None if gap.end_ms is None else min(gap.end_ms, end_ms)
    measured = max(0, (until or since) - since) if gap.measured_ms else 0
    return LostTime(gap.cause, since, until, measured, gap.acts)


def whole_minutes(ms: int) -> int:
    """Seconds in whole minutes, rounded up (I07)."""
    return -(-ms // MINUTE_MS) * 60


def room_events(begun: Iterable[tuple[str, int]], within_ms: int) -> dict[tuple[str, int], int]:
    """Number what began together: (sitting, start) to the number of its event, 0 for one alone.

    ``begun`` are interruptions of one room; those that follow each other within ``within_ms`` and
    concern at least ``TOGETHER`` sittings are one event of the room.
    """
    order = sorted(set(begun), key=lambda each: (each[1], each[0]))
    groups: list[list[tuple[str, int]]] = [order[:1]] if order else []
    for before, each in pairwise(order):
        if each[1] - before[1] <= within_ms:
            groups[-1].append(each)
        else:
            groups.append([each])
    events: dict[tuple[str, int], int] = {}
    number = 0
    for group in groups:
        together = len({sitting for sitting, _start in group}) >= TOGETHER
        number += together
        events.update(dict.fromkeys(group, number if together else 0))
    return events
