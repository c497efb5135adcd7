"""The export of a session: one document for whoever scores, reports and keeps (C07, K05, N04, N08).

Pure: facts in, the payload of a signed document out. Its form is fixed by
``session-export.schema.json`` beside this module; tests hold every export against it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from venue_server.ledger.catalogue import Event
from venue_server.records.retention import Retention
from venue_server.records.stages import belongs, stamps
from venue_server.records.statistics import Statistics
from venue_server.sitting.plan import Plan
from venue_server.sitting.rows import Session, Sitting
from venue_server.wire.day_records import RecordLine

EXPORT_TYPE = "kaodian.session-export"
EXPORT_VERSION = "1.0"
SCHEMA = "session-export.schema.json"
LOG_BEFORE_MS = 5 * 24 * 3600 * 1000
"""Entries that name no session belong to the export from the day on which material may first be
here, five days before the planned start (D08)."""


@dataclass(frozen=True)
class Exporter:
    """Who exports, when, and where the ledger stood: the document's watermark (N08)."""

    person_id: str
    name: str
    at_ms: int
    entries: int
    head: str


@dataclass(frozen=True)
class ExportFacts:
    """Everything of one session. ``forms``: sitting id to (paper id, form id); ``names``: sitting
    id to name; ``room_records`` as they go into the bundle; ``lines`` by room."""

    venue_id: str
    mode: str
    plan: Plan
    session: Session
    sittings: Sequence[Sitting]
    names: Mapping[str, str]
    forms: Mapping[str, tuple[str, str]]
    room_records: Mapping[str, Any]
    lines: Mapping[str, Sequence[RecordLine]]
    statistics: Sequence[Statistics]
    ledger: Iterable[Mapping[str, Any]]
    equipment: Sequence[Mapping[str, Any]]
    retention: Sequence[Retention]


def session_export(facts: ExportFacts, by: Exporter) -> dict[str, Any]:
    """The payload to sign; holds JSON values without floats only."""
    session, planned = facts.session, facts.session.planned
    since = planned.start_ms - LOG_BEFORE_MS
    log = [
        entry
        for entry in facts.ledger
        if belongs(entry, session.session_id)
        and ("session" in entry["data"] or entry["at_ms"] >= since)
    ]
    machines = log_ins(log)
    return {
        "type": EXPORT_TYPE,
        "version": EXPORT_VERSION,
        "exported": {
            "person_id": by.person_id,
            "name": by.name,
            "at_ms": by.at_ms,
            "ledger_entries": by.entries,
            "ledger_head": by.head,
        },
        "venue": {"venue_id": facts.venue_id, "name": facts.plan.venue_name},
        "session": {
            "session_id": session.session_id,
            "plan_id": session.plan_id,
            "mode": facts.mode,
            "state": session.state.value,
            "subject_code": planned.subject_code,
            "subject_title": planned.subject_title,
            "category": planned.category,
            "planned_start_ms": planned.start_ms,
            "duration_s": planned.duration_s,
            "effective_start_ms": session.effective_start_ms,
        },
        "seating": [_seat(facts, one, machines.get(one.ticket_no, [])) for one in facts.sittings],
        "lines": [
            {
                "room_id": room,
                "field": line.field.value,
                "at_ms": line.at_ms,
                "text": line.text,
                "grave": line.grave,
            }
            for room, told in facts.lines.items()
            for line in told
        ],
        "room_records": dict(facts.room_records),
        "statistics": [row.as_dict() for row in facts.statistics],
        "stages": [stamp.as_dict() for stamp in stamps(log, session.session_id)],
        "retention": [each.as_dict() for each in facts.retention],
        "operation_log": log,
        "equipment_log": [dict(row) for row in facts.equipment],
    }


def _seat(facts: ExportFacts, sitting: Sitting, machines: list[dict[str, Any]]) -> dict[str, Any]:
    """One candidate where they really sat, at every machine they logged in at, in order."""
    paper_id, form_id = facts.forms.get(sitting.sitting_id, ("", ""))
    return {
        "sitting_id": sitting.sitting_id,
        "ticket_no": sitting.ticket_no,
        "name": facts.names[sitting.sitting_id],
        "room_id": sitting.room_id,
        "seat_no": sitting.seat_no,
        "machine_id": sitting.machine_id,
        "machines": machines,
        "paper_id": paper_id,
        "form_id": form_id,
        "outcome": _outcome(sitting),
        "state": sitting.state.value,
        "submit_kind": sitting.submit_kind.value if sitting.submit_kind else None,
        "admitted_at_ms": sitting.admitted_at_ms,
        "logged_in_at_ms": sitting.logged_in_at_ms,
        "opened_at_ms": sitting.opened_at_ms,
        "submitted_at_ms": sitting.submitted_at_ms,
        "exited_at_ms": sitting.exited_at_ms,
        "final_seq": sitting.final_seq,
        "final_head": sitting.final_head,
    }


def _outcome(sitting: Sitting) -> str:
    if sitting.present:
        return "PRESENT"
    if sitting.not_held:
        return "NOT_HELD"
    return "ABSENT" if sitting.absent else "UNDECIDED"


def log_ins(log: Iterable[Mapping[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """By ticket number, at which machines somebody logged in, and when; the same machine again is
    no new one."""
    found: dict[str, list[dict[str, Any]]] = {}
    for entry in log:
        if entry["event"] == Event.LOGGED_IN.value:
            machines = found.setdefault(entry["data"]["ticket"], [])
            if not machines or machines[-1]["machine_id"] != entry["actor"]:
                machines.append({"machine_id": entry["actor"], "at_ms": entry["at_ms"]})
    return found


class LedgerIndex:
    """Who is named in which entries: one pass, however many candidates are asked about (Y05)."""

    def __init__(self, log: Iterable[Mapping[str, Any]]) -> None:
        self._named: dict[str, list[Mapping[str, Any]]] = {}
        for entry in log:
            words = {entry["actor"], *(v for v in entry["data"].values() if isinstance(v, str))}
            for word in words - {""}:
                self._named.setdefault(word, []).append(entry)

    def about(self, *names: str) -> list[Mapping[str, Any]]:
        """Every entry that names one of these, once, in order."""
        found = {
            entry["seq"]: entry for name in names if name for entry in self._named.get(name, ())
        }
        return [found[seq] for seq in sorted(found)]
