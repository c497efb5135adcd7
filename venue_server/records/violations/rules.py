"""Rules of violations: what must be there first, what stands, who must still sign (V01-V09). Pure.

Facts and a suggested item of Order 31, never a judgement (V01). The candidate's signature (or
refusal) is about the facts before it: whatever is added later must be put to them again, and the
chief signs the whole (V06).
"""

import functools
import json
from collections.abc import Iterable, Sequence

import msgspec

from venue_server.records.incidents.rules import MAX_TEXT, clock
from venue_server.sitting.rows import Sitting
from venue_server.sitting.states import AT_SEAT, DOORS
from venue_server.wire.canonical import canonical, sha256_hex
from venue_server.wire.incidents import IncidentView, Severity
from venue_server.wire.names import SessionState, SittingState
from venue_server.wire.order31 import CODES, GRAVE_ARTICLES
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.remarks import Remark, RemarkCode, remark
from venue_server.wire.violations import (
    CandidateSignature,
    ViolationFacts,
    ViolationItem,
    ViolationStep,
    ViolationView,
)

_AT_SEAT = frozenset(
    {
        SittingState.ADMITTED,
        SittingState.LOGGED_IN,
        SittingState.CONFIRMED,
        SittingState.RULES_ACK,
        SittingState.IN_PROGRESS,
        SittingState.SUBMITTED,
        SittingState.EXITED,
        SittingState.TERMINATED,
    }
)
_UNSIGNED = ("content_hash", "chief", "chief_at_ms")
_WITHDRAWAL = ("withdrawn_at_ms", "withdrawn_by", "withdrawn_why", "withdrawn_ref")
_RETURNS = ("returned_at_ms", "returned_by")


class ViolationEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One entry as it is kept."""

    step: ViolationStep
    at_ms: int
    by: str
    second: str = ""
    code: str = ""
    facts: ViolationFacts = ViolationFacts()
    number: str = ""
    what: str = ""
    candidate_signed: bool = False
    content_hash: str = ""
    reason: str = ""
    reference: str = ""


class Subject(msgspec.Struct, frozen=True):
    """Whom a record is about; fixed when it is made."""

    violation_id: str
    session_id: str
    room_id: str
    seat_no: str
    sitting_id: str
    ticket_no: str
    name: str


def clean(facts: ViolationFacts) -> ViolationFacts:
    """The facts without blanks at the ends, each text cut to what a form may hold."""
    texts = {
        name: value.strip()[:MAX_TEXT]
        for name in ViolationFacts.__struct_fields__
        if isinstance(value := getattr(facts, name), str)
    }
    evidence = [each.strip()[:MAX_TEXT] for each in facts.evidence if each.strip()]
    return msgspec.structs.replace(facts, evidence=evidence[:50], **texts)


# ---- what may be recorded ------------------------------------------------------------------


def may_record(sitting: Sitting, code: str, facts: ViolationFacts, now_ms: int) -> Refusal | None:
    """VIO-04 code or facts missing, VIO-03 nobody at a seat (违纪 ⊆ 实考, K03), VIO-02 a warning
    comes first (V02)."""
    known = CODES.get(code)
    missing = [] if known else [RemarkCode.VIOLATION_CODE]
    missing += [] if facts.facts else [RemarkCode.VIOLATION_FACTS]
    if missing or known is None:
        return Refusal(RefusalCode.VIOLATION_INCOMPLETE, code, [Remark(one) for one in missing])
    if sitting.state not in _AT_SEAT:
        return Refusal(RefusalCode.VIOLATION_NOT_PRESENT, sitting.ticket_no)
    if known.warning_required and not _warned_before(facts, now_ms):
        return Refusal(RefusalCode.WARNING_MISSING, code)
    return None


def _warned_before(facts: ViolationFacts, now_ms: int) -> bool:
    happened = facts.happened_at_ms or now_ms
    return bool(facts.warned_by) and 0 < facts.warned_at_ms <= happened <= now_ms


def may_terminate(
    sitting: Sitting, session: SessionState, room_id: str, reason: str
) -> Refusal | None:
    """REL-13 no reason, STF-05 another room, SES-01 the session is over, SIT-04 not at the seat any
    more (V05). Asked before anything of a candidate's is stopped; the transaction asks again."""
    if not reason.strip():
        return Refusal(RefusalCode.REASON_MISSING)
    if sitting.room_id != room_id:
        return Refusal(RefusalCode.ROOM_NOT_YOURS, sitting.room_id)
    if session not in DOORS:
        return Refusal(RefusalCode.SESSION_WRONG_STATE, session.value)
    if sitting.state not in AT_SEAT:
        return Refusal(RefusalCode.SITTING_WRONG_STATE, sitting.state.value)
    return None


def may_sign(now: ViolationView, content_hash: str) -> Refusal | None:
    """VIO-06 withdrawn, VIO-05 another content, VIO-04 the candidate was not asked (V06)."""
    if not now.counts:
        return Refusal(RefusalCode.VIOLATION_WITHDRAWN, now.violation_id)
    if now.content_hash != content_hash:
        return Refusal(RefusalCode.VIOLATION_CHANGED, now.violation_id)
    if now.candidate is CandidateSignature.MISSING:
        asked = Remark(RemarkCode.VIOLATION_CANDIDATE)
        return Refusal(RefusalCode.VIOLATION_INCOMPLETE, now.violation_id, [asked])
    return None


def may_take(now: ViolationView, number: str, what: str) -> Refusal | None:
    """VIO-04 without number or description, or with a number that is used."""
    used = number in {item.number for item in now.items}
    if number and what and not used:
        return None
    missing = Remark(RemarkCode.VIOLATION_ITEM)
    return Refusal(RefusalCode.VIOLATION_INCOMPLETE, number, [missing])


def may_return(now: ViolationView, number: str) -> Refusal | None:
    """VIO-04 unless the item is here."""
    if any(item.number == number and not item.returned_at_ms for item in now.items):
        return None
    missing = Remark(RemarkCode.VIOLATION_ITEM)
    return Refusal(RefusalCode.VIOLATION_INCOMPLETE, number, [missing])


# ---- what stands ---------------------------------------------------------------------------


def standing(subject: Subject, entries: Sequence[ViolationEntry]) -> ViolationView:
    """What a record's entries add up to."""
    first = entries[0]
    assert first.step is ViolationStep.RECORDED, subject.violation_id
    made = ViolationView(
        code=first.code,
        recorded_at_ms=first.at_ms,
        recorded_by=first.by,
        facts=first.facts,
        **msgspec.structs.asdict(subject),
    )
    return functools.reduce(_after, entries[1:], _hashed(made))


def _after(now: ViolationView, entry: ViolationEntry) -> ViolationView:
    match entry.step:
        case ViolationStep.CHIEF_SIGNED:
            return msgspec.structs.replace(now, chief=entry.by, chief_at_ms=entry.at_ms)
        case ViolationStep.WITHDRAWN:
            return msgspec.structs.replace(
                now,
                withdrawn_at_ms=entry.at_ms,
                withdrawn_by=entry.by,
                withdrawn_why=entry.reason,
                withdrawn_ref=entry.reference,
            )
        case ViolationStep.ITEM_RETURNED:
            return msgspec.structs.replace(now, items=_returned(now.items, entry))
        case _:
            return _hashed(msgspec.structs.replace(_changed(now, entry), chief="", chief_at_ms=0))


def _changed(now: ViolationView, entry: ViolationEntry) -> ViolationView:
    """What changes the content that the chief signs."""
    match entry.step:
        case ViolationStep.ITEM_TAKEN:
            staff = [entry.by, entry.second]
            item = ViolationItem(
                entry.number, entry.what, entry.at_ms, staff, entry.candidate_signed
            )
            return msgspec.structs.replace(now, items=[*now.items, item])
        case ViolationStep.CANDIDATE_SIGNED:
            signed = CandidateSignature.SIGNED
            return msgspec.structs.replace(now, candidate=signed, witnesses=[entry.by])
        case ViolationStep.CANDIDATE_REFUSED:
            refused = CandidateSignature.REFUSED
            both = [entry.by, entry.second]
            return msgspec.structs.replace(now, candidate=refused, witnesses=both)
        case ViolationStep.ADDED:
            return msgspec.structs.replace(
                now,
                facts=_merged(now.facts, entry.facts),
                candidate=CandidateSignature.MISSING,
                witnesses=[],
            )
        case _:
            raise AssertionError(entry.step)


def _merged(old: ViolationFacts, new: ViolationFacts) -> ViolationFacts:
    """Evidence adds up; other fields replace what stood there (the entry before stays kept)."""
    named = {name: getattr(new, name) for name in ViolationFacts.__struct_fields__}
    named["evidence"] = [*old.evidence, *new.evidence]
    return msgspec.structs.replace(old, **{name: value for name, value in named.items() if value})


def _returned(items: Sequence[ViolationItem], entry: ViolationEntry) -> list[ViolationItem]:
    both = [entry.by, entry.second]
    return [
        msgspec.structs.replace(item, returned_at_ms=entry.at_ms, returned_by=both)
        if item.number == entry.number
        else item
        for item in items
    ]


def _hashed(now: ViolationView) -> ViolationView:
    content = msgspec.to_builtins(now)
    for name in (*_UNSIGNED, *_WITHDRAWAL):  # of these the signature says nothing
        content.pop(name)
    for item in content["items"]:
        for name in _RETURNS:
            item.pop(name)
    return msgspec.structs.replace(now, content_hash=sha256_hex(canonical(content)))


# ---- what is owed --------------------------------------------------------------------------


def open_remark(now: ViolationView) -> Remark | None:
    """What is missing before the room record may be sealed (V06), or None."""
    if not now.counts or now.chief:
        return None
    waits = now.candidate is CandidateSignature.MISSING
    code = RemarkCode.VIOLATION_UNASKED if waits else RemarkCode.VIOLATION_UNSIGNED
    return remark(code, violation=now.violation_id, ticket=now.ticket_no)


def share_too_high(violations: int, present: int, percent: int) -> bool:
    """Y06: among those present as many have violations as headquarters' share, or more. Exactly the
    share counts: the warning comes below the 60 per cent of J7 §3 and decides nothing."""
    return violations > 0 and violations * 100 >= percent * present


def is_grave(one: ViolationView) -> bool:
    """A serious or very serious violation, unless it was withdrawn (M02, V08)."""
    return one.counts and CODES[one.code].article in GRAVE_ARTICLES


def retention_class(violations: Iterable[ViolationView], incidents: Iterable[IncidentView]) -> str:
    """M02: GRAVE (two years at least) with any serious or very serious violation or any severe
    incident, else NORMAL. Of the whole room's records."""
    grave = any(map(is_grave, violations))
    severe = any(one.severity is Severity.SEVERE for one in incidents)
    return "GRAVE" if grave or severe else "NORMAL"


def record_text(now: ViolationView) -> str:
    """One line of the room record: item, facts, signature (K, 违纪违规)."""
    signed = {
        CandidateSignature.SIGNED: "本人签字",
        CandidateSignature.REFUSED: f"拒签，{'、'.join(now.witnesses)}证明",
        CandidateSignature.MISSING: "未签字",
    }[now.candidate]
    happened = clock(now.facts.happened_at_ms or now.recorded_at_ms)
    parts = [
        f"{now.violation_id} {now.ticket_no} {happened}",
        f"涉嫌第{CODES[now.code].article.value}条（{now.code}）",
        now.facts.facts,
        signed,
    ]
    if not now.counts:
        parts.append(f"已撤销（依据：{now.withdrawn_ref}）")
    return "，".join(parts)


def encoded(entry: ViolationEntry) -> str:
    """The entry as JSON; the same entry always gives the same text."""
    return json.dumps(msgspec.to_builtins(entry), ensure_ascii=False, sort_keys=True)


def decoded(document: str) -> ViolationEntry:
    """Back from the store."""
    return msgspec.json.decode(document, type=ViolationEntry)
