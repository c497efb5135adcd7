"""Stage stamps 形成、核查、使用、存储 of the day's data sets (N04). Pure: read from the ledger.

The ledger is the one account of who did what and when; a table of its own could contradict it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from venue_server.ledger.catalogue import Event
from venue_server.wire.day_records import CHECKED, FORMED, STORED, USED

STAGES: Mapping[str, Mapping[str, Event]] = {
    "plan": {
        FORMED: Event.PLAN_IMPORTED,
        CHECKED: Event.PLAN_IMPORTED,
        USED: Event.SESSION_STARTED,
        STORED: Event.BACKED_UP,
    },
    "papers": {
        FORMED: Event.PAPER_COMPLETE,
        CHECKED: Event.RECEIPT_SIGNED,
        USED: Event.RELEASED,
        STORED: Event.WIPED,
    },
    "answers": {
        FORMED: Event.COLLECTED,
        CHECKED: Event.RECONCILED,
        USED: Event.SEALED,
        STORED: Event.RECEIPT_MATCHED,
    },
    "record": {
        FORMED: Event.SESSION_ENDED,
        CHECKED: Event.RECORD_ANSWERED,
        USED: Event.RECORD_SIGNED,
        STORED: Event.SEALED,
    },
}
"""Data set to stage to the event that is its stamp. A paper's storage ends with its wiping: what
stays of it is the certificate. A signed plan arrives already checked by headquarters; its import
is ordered by two people."""


@dataclass(frozen=True)
class Stamp:
    """One stage of one data set, as the ledger first tells of it; ``at_ms`` None: not yet."""

    dataset: str
    stage: str
    event: str
    at_ms: int | None
    actor: str
    seq: int

    def as_dict(self) -> dict[str, Any]:
        """As it is exported."""
        return asdict(self)


def stamps(entries: Iterable[Mapping[str, Any]], session_id: str) -> list[Stamp]:
    """Every stage of every data set of one session, from its ledger entries in order."""
    first: dict[str, Mapping[str, Any]] = {}
    for entry in entries:
        if belongs(entry, session_id):
            first.setdefault(entry["event"], entry)
    return [
        _stamp(dataset, stage, event, first.get(event.value))
        for dataset, stages in STAGES.items()
        for stage, event in stages.items()
    ]


def belongs(entry: Mapping[str, Any], session_id: str) -> bool:
    """Does an entry tell of this session, or of the venue as a whole?"""
    data = entry["data"]
    named = data.get("session")
    if named is None and isinstance(data.get("sessions"), list):
        return session_id in data["sessions"]
    return named is None or named == session_id


def _stamp(dataset: str, stage: str, event: Event, entry: Mapping[str, Any] | None) -> Stamp:
    if entry is None:
        return Stamp(dataset, stage, event.value, None, "", 0)
    return Stamp(dataset, stage, event.value, entry["at_ms"], entry["actor"], entry["seq"])
