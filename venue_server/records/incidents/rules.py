"""Rules of incidents: entries to what stands, when one may close, what is owed (I01-I13). Pure.

Entries are appended, never changed; an addition replaces the fields it names, and an addition
after the closing opens the incident again, because what was closed was something else.
"""

import functools
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta, timezone

import msgspec

from venue_server.staff.person import Person
from venue_server.wire.incidents import (
    GRAVE_TEXTS,
    KIND_TEXTS,
    SEVERITY_TEXTS,
    GraveClass,
    IncidentFacts,
    IncidentKind,
    IncidentStep,
    IncidentView,
    Report,
    Severity,
)
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.remarks import Remark, RemarkCode, remark

PAPER_DEFECTS = 3
"""So many reports of the same item number are an alarm (F14)."""

MAX_TEXT = 2000  # characters of one field

_LADDER = list(Severity)
_MEASURED = frozenset(
    {
        IncidentKind.POWER,
        IncidentKind.LAN,
        IncidentKind.STATION,
        IncidentKind.SERVER,
        IncidentKind.EVACUATION,
    }
)
"""Kinds that interrupt somebody: start and end are measured before they close (I12)."""
_CHINA = timezone(timedelta(hours=8))


class IncidentEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One entry as it is kept. OPENED names ``kind``, session and room; the rest as the step
    needs it."""

    step: IncidentStep
    at_ms: int
    by: str
    kind: IncidentKind = IncidentKind.OTHER
    severity: Severity | None = None
    grave: GraveClass = GraveClass.NONE
    facts: IncidentFacts = IncidentFacts()
    to: str = ""
    way: str = ""
    reference: str = ""
    reason: str = ""
    result: str = ""


def clean(facts: IncidentFacts) -> IncidentFacts:
    """The facts without blanks at the ends, each text cut to what a form may hold."""
    texts = {
        name: value.strip()[:MAX_TEXT]
        for name in IncidentFacts.__struct_fields__
        if isinstance(value := getattr(facts, name), str)
    }
    seats = [seat.strip() for seat in facts.seats if seat.strip()]
    return msgspec.structs.replace(facts, seats=seats[:100], **texts)


def severity_of(asked: Severity, grave: GraveClass) -> Severity:
    """A class of S1 §46 is severe whatever was asked (I04)."""
    return Severity.SEVERE if grave is not GraveClass.NONE else asked


def higher(one: Severity, other: Severity | None) -> Severity:
    """The higher of two steps of the ladder."""
    return one if other is None else max(one, other, key=_LADDER.index)


def standing(
    incident_id: str, session_id: str, room_id: str, key: str, entries: Sequence[IncidentEntry]
) -> IncidentView:
    """What an incident's entries add up to; the first one is its opening."""
    first = entries[0]
    assert first.step is IncidentStep.OPENED, incident_id
    opened = IncidentView(
        incident_id=incident_id,
        kind=first.kind,
        severity=severity_of(first.severity or Severity.NOTE, first.grave),
        grave=first.grave,
        session_id=session_id,
        room_id=room_id,
        opened_at_ms=first.at_ms,
        opened_by=first.by,
        key=key,
        facts=first.facts,
    )
    return functools.reduce(_after, entries[1:], opened)


def _after(now: IncidentView, entry: IncidentEntry) -> IncidentView:
    now = msgspec.structs.replace(now, entries=now.entries + 1)
    match entry.step:
        case IncidentStep.ADDED:
            grave = entry.grave if entry.grave is not GraveClass.NONE else now.grave
            return msgspec.structs.replace(
                now,
                severity=severity_of(higher(now.severity, entry.severity), grave),
                grave=grave,
                facts=_merged(now.facts, entry.facts),
                closed_at_ms=0,
                closed_by="",
                result="",
                countersigned=[],
            )
        case IncidentStep.REPORTED:
            made = Report(entry.at_ms, entry.by, entry.to, entry.way, entry.reference)
            return msgspec.structs.replace(now, reports=[*now.reports, made])
        case IncidentStep.CONTAINED:
            # Whatever has to be contained has to be reported (I05: 控制扩散，同时上报).
            return msgspec.structs.replace(
                now, contained_at_ms=entry.at_ms, severity=Severity.SEVERE
            )
        case IncidentStep.CLOSED:
            return msgspec.structs.replace(
                now, closed_at_ms=entry.at_ms, closed_by=entry.by, result=entry.result
            )
        case IncidentStep.COUNTERSIGNED:
            return msgspec.structs.replace(now, countersigned=[*now.countersigned, entry.by])
        case IncidentStep.OPENED:
            raise AssertionError("an incident is opened once")


def _merged(old: IncidentFacts, new: IncidentFacts) -> IncidentFacts:
    named = {name: getattr(new, name) for name in IncidentFacts.__struct_fields__}
    return msgspec.structs.replace(old, **{name: value for name, value in named.items() if value})


# ---- what may be done ----------------------------------------------------------------------


def may_open(kind: IncidentKind, facts: IncidentFacts) -> Refusal | None:
    """INC-02 when what happened, or a defective item's number, is missing."""
    missing = []
    if not facts.what:
        missing.append(RemarkCode.INCIDENT_WHAT)
    if kind is IncidentKind.PAPER and not facts.item_no:
        missing.append(RemarkCode.INCIDENT_ITEM)
    return _incomplete(missing, _backwards(facts))


def may_add(now: IncidentView, facts: IncidentFacts, severity: Severity | None) -> Refusal | None:
    """INC-05 the severity would fall; INC-02 the end would lie before the start."""
    if severity is not None and higher(now.severity, severity) is not severity:
        return Refusal(RefusalCode.SEVERITY_FALLS, now.severity.value)
    return _incomplete([], _backwards(_merged(now.facts, facts)))


def may_close(now: IncidentView, result: str) -> Refusal | None:
    """INC-03 it is closed already, INC-04 a report is owed, INC-02 something is missing."""
    if now.closed:
        return Refusal(RefusalCode.INCIDENT_CLOSED, now.incident_id)
    if now.must_report:
        return Refusal(RefusalCode.INCIDENT_UNREPORTED, now.incident_id)
    missing = [] if result.strip() else [RemarkCode.INCIDENT_RESULT]
    if not now.facts.action:
        missing.append(RemarkCode.INCIDENT_ACTION)
    if now.kind in _MEASURED and now.severity is not Severity.NOTE:
        missing += [] if now.facts.started_at_ms else [RemarkCode.INCIDENT_START]
        missing += [] if now.facts.ended_at_ms else [RemarkCode.INCIDENT_END]
        missing += [] if now.facts.cause else [RemarkCode.INCIDENT_CAUSE]
    return _incomplete(missing, False)


def _backwards(facts: IncidentFacts) -> bool:
    return bool(facts.ended_at_ms) and facts.ended_at_ms < facts.started_at_ms


def _incomplete(missing: list[RemarkCode], backwards: bool) -> Refusal | None:
    codes = [*missing, RemarkCode.INCIDENT_BACKWARDS] if backwards else missing
    if not codes:
        return None
    return Refusal(RefusalCode.INCIDENT_INCOMPLETE, "", [Remark(code) for code in codes])


# ---- what is owed --------------------------------------------------------------------------


def open_remark(now: IncidentView) -> Remark | None:
    """What is still to be done about an incident, or None."""
    if now.must_report:
        return remark(RemarkCode.INCIDENT_UNREPORTED, incident=now.incident_id)
    if not now.closed:
        return remark(RemarkCode.INCIDENT_OPEN, incident=now.incident_id)
    return None


def escalation_min(now: IncidentView, thresholds_min: Sequence[int], at_ms: int) -> int:
    """Which threshold an interruption without an end has passed, in minutes; 0: none. The next
    level decides then; nothing is cancelled by itself (I09)."""
    facts = now.facts
    if now.kind not in _MEASURED or now.closed or facts.ended_at_ms or not facts.started_at_ms:
        return 0
    passed = [each for each in thresholds_min if at_ms - facts.started_at_ms >= each * 60_000]
    return max(passed, default=0)


def repeated_defects(incidents: Iterable[IncidentView]) -> dict[str, int]:
    """Item numbers with so many open reports that it is the paper, not the seat (F14)."""
    counts: dict[str, int] = {}
    for one in incidents:
        if one.kind is IncidentKind.PAPER and not one.closed:
            counts[one.facts.item_no] = counts.get(one.facts.item_no, 0) + 1
    return {number: count for number, count in counts.items() if count >= PAPER_DEFECTS}


def are_lost(lost: int, stations: int, percent: int) -> bool:
    """Are so many of a session's stations gone at once that it is a grave problem (I04)? One
    station alone never is: it is a station's fault (F1, F2)."""
    return lost >= 2 and lost * 100 >= percent * stations


# ---- texts ---------------------------------------------------------------------------------


def report_text(venue: str, exam: str, now: IncidentView) -> str:
    """The first-time report as it is read out or sent (I01), in Chinese."""
    facts = now.facts
    lines = [
        ("突发事件报告", now.incident_id),
        ("考点", venue),
        ("考试", exam),
        ("场次", now.session_id),
        ("类别", KIND_TEXTS[now.kind][0]),
        ("级别", SEVERITY_TEXTS[now.severity][0]),
        ("第四十六条", GRAVE_TEXTS[now.grave][0]),
        ("地点", place(now)),
        ("发生", clock(facts.started_at_ms or now.opened_at_ms)),
        ("恢复", clock(facts.ended_at_ms) if facts.ended_at_ms else "尚未恢复"),
        ("情况", facts.what),
        ("原因", facts.cause or "正在查明"),
        ("已采取措施", facts.action or "正在处置"),
        ("批准文号", facts.approval_ref or "无"),
        ("监控", f"{facts.camera} {facts.camera_marks}".strip() or "无"),
    ]
    return "\n".join(f"{label}：{value}" for label, value in lines)


def may_countersign(now: IncidentView, by: str) -> Refusal | None:
    """Somebody else than who wrote it down, and once for what stands (A07). Refused: STF-06,
    INC-06."""
    if by == now.opened_by:
        return Refusal(RefusalCode.SAME_PERSON, now.incident_id)
    if by in now.countersigned:
        return Refusal(RefusalCode.INCIDENT_COUNTERSIGNED, now.incident_id)
    return None


def record_text(now: IncidentView) -> str:
    """One line of the room record (S1 §40(四)), in Chinese."""
    facts = now.facts
    end = f"—{clock(facts.ended_at_ms)}" if facts.ended_at_ms else ""
    parts = [
        f"{now.incident_id} {KIND_TEXTS[now.kind][0]}（{SEVERITY_TEXTS[now.severity][0]}）",
        f"{clock(facts.started_at_ms or now.opened_at_ms)}{end}",
        place(now),
        f"试题编号{facts.item_no}" if facts.item_no else "",
        facts.what,
        f"措施：{facts.action}" if facts.action else "",
        f"结果：{now.result}" if now.closed else "尚未办结",
        f"复签：{'、'.join(now.countersigned)}" if now.countersigned else "",
    ]
    return "，".join(part for part in parts if part)


def place(now: IncidentView) -> str:
    """Where: seats of a room, the room, or the venue."""
    if not now.room_id:
        return "全考点"
    seats = "、".join(now.facts.seats)
    return f"{now.room_id}考场{seats}机位" if seats else f"{now.room_id}考场"


def signer(*people: Person) -> str:
    """Who it was, as it stands in an entry and on a form: name and id of each."""
    return "、".join(f"{one.name}（{one.person_id}）" for one in people)


def clock(at_ms: int) -> str:
    """China's local time, to the second."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(_CHINA).strftime("%H:%M:%S")


def encoded(entry: IncidentEntry) -> str:
    """The entry as canonical enough JSON: the same entry always gives the same text."""
    return json.dumps(msgspec.to_builtins(entry), ensure_ascii=False, sort_keys=True)


def decoded(document: str) -> IncidentEntry:
    """Back from the store."""
    return msgspec.json.decode(document, type=IncidentEntry)
