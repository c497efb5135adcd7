"""What must be found of a rehearsed day, one rule each, in the order of the day.

Read from outside: from the verified ledger, from what headquarters opened, from what the stations
were shown. Nothing here asks the script what it meant to do. Pure.
"""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from venue_server.ledger.catalogue import Event
from venue_server.staff.draw import DrawDocument, check, document_hash
from venue_server.staff.duty.rules import midnight_before
from venue_server.wire.canonical import canonical
from venue_server.wire.names import Role
from venue_server.wire.refusals import RefusalCode

Entry = Mapping[str, Any]
Rule = Callable[["Day"], bool]


@dataclass(frozen=True)
class Day:
    """The evidence. ``draws``: the draws of the session as kept, oldest first; ``credited``:
    seconds that each sitting's station was shown; ``absent``: tickets nobody came with, ``late``:
    the one of them that came too late, ``free``: those whose coming was left to a person;
    ``backups``: SHA-256 of files on the backup media; ``close_open``: what the close check still
    names."""

    entries: Sequence[Entry]
    records: Mapping[str, Any]
    draws: Sequence[DrawDocument]
    credited: Mapping[str, int]
    absent: Collection[str]
    late: str
    free: Collection[str]
    backups: Collection[str]
    close_open: Sequence[str]

    def of(self, *events: Event) -> Iterator[Entry]:
        """Entries of these kinds, in order."""
        wanted = {each.value for each in events}
        return (each for each in self.entries if each["event"] in wanted)

    def any(self, event: Event, **data: object) -> bool:
        """Is there such an entry with this data?"""
        return any(_has(each, data) for each in self.of(event))


def findings(day: Day) -> dict[str, bool]:
    """Every rule by its name: was it found?"""
    return {name: rule(day) for name, rule in RULES.items()}


def _has(entry: Entry, data: Mapping[str, object]) -> bool:
    return all(entry["data"].get(key) == value for key, value in data.items())


def _two(entry: Entry) -> bool:
    """Two different people answer for it, whichever way the entry names the second."""
    people = [*str(entry["actor"]).split(","), entry["data"].get("second", "")]
    return len({each for each in people if each}) >= 2


def _pairs(day: Day, begun: Event, ended: Event, key: str) -> bool:
    """Something was begun, and everything begun was ended."""
    first = {each["data"][key] for each in day.of(begun)}
    return bool(first) and first == {each["data"][key] for each in day.of(ended)}


# ---- before the doors --------------------------------------------------------------------


def _accounts(day: Day) -> bool:
    codes = {each["data"]["person"]: _two(each) for each in day.of(Event.CODE_ISSUED)}
    own = {each["actor"] for each in day.of(Event.PASSWORD_SET)}
    return bool(codes) and all(codes.values()) and set(codes) <= own


def _recusal(day: Day) -> bool:
    """Declared, decided, and the draw kept them out of that room."""
    decided = [each["data"] for each in day.of(Event.RECUSAL_DECIDED)]
    last = day.draws[-1].result.rooms if day.draws else {}
    out = [(one["person"], room) for one in decided for room in one["rooms"]]
    return bool(out and last) and all(person not in last[room] for person, room in out)


def _draw(day: Day) -> bool:
    """The seed on the ledger gives these very rooms, on the day of the exam (B02)."""
    told = list(day.of(Event.ROOMS_DRAWN))
    start = day.records["export"]["session"]["planned_start_ms"]
    return (
        bool(told)
        and len(told) == len(day.draws)
        and all(
            check(document)
            and entry["data"]["document_sha256"] == document_hash(document)
            and entry["data"]["seed"] == document.input.seed
            and midnight_before(entry["at_ms"]) == midnight_before(start)
            and _two(entry)
            for entry, document in zip(told, day.draws, strict=True)
        )
    )


def _inspection(day: Day) -> bool:
    """A run with a failure, then one in which the same checks passed, then the seal by two."""
    runs = list(day.of(Event.INSPECTION_RUN))
    bad = next((each for each in runs if each["data"]["failed"]), None)
    seals = list(day.of(Event.VENUE_SEALED))
    if bad is None or not seals:
        return False
    good = [e for e in runs if bad["seq"] < e["seq"] < seals[0]["seq"] and not e["data"]["failed"]]
    return bool(good) and all(map(_two, seals))


def _seal_holds(day: Day) -> bool:
    """Looked at again after the sealing and before the start, and never broken (C10)."""
    (start, *_), seals = list(day.of(Event.SESSION_STARTED)), list(day.of(Event.VENUE_SEALED))
    looks = [
        each
        for each in day.of(Event.SEAL_CHECKED)
        if seals and seals[0]["seq"] < each["seq"] < start["seq"]
    ]
    final = min((each["data"]["minutes_before"] for each in looks), default=999)
    broken = any(each["seq"] < start["seq"] for each in day.of(Event.SEAL_BROKEN))
    return final <= 5 and all(each["data"]["holds"] for each in looks) and not broken


def _receipt(day: Day) -> bool:
    opened = list(day.of(Event.RECEIPT_OPENED))
    supervised = all(each["data"]["supervisor"] not in ("", each["actor"]) for each in opened)
    complete = day.any(Event.RECEIPT_CLOSED, outcome="COMPLETE")
    return bool(opened) and supervised and complete and bool(list(day.of(Event.RECEIPT_SIGNED)))


# ---- the doors ---------------------------------------------------------------------------


def _doubt(day: Day) -> bool:
    """Raised, let in by two, found verified by two (F14)."""
    settled = [each for each in day.of(Event.DOUBT_SETTLED) if each["data"]["verified"]]
    let_in = {each["data"]["doubt"] for each in day.of(Event.ADMITTED_IN_DOUBT) if _two(each)}
    return bool(settled) and all(_two(e) and e["data"]["doubt"] in let_in for e in settled)


def _late(day: Day) -> bool:
    code = RefusalCode.ADMISSION_CLOSED.value
    refused = day.any(Event.ADMISSION_REFUSED, ticket=day.late, code=code)
    return refused and not day.any(Event.ADMITTED, ticket=day.late)


def _visitor(day: Day) -> bool:
    approved = {each["data"]["visitor"] for each in day.of(Event.VISITOR_APPROVED)}
    inside = {each["data"]["visitor"] for each in day.of(Event.VISITOR_IN)}
    return approved == inside and _pairs(day, Event.VISITOR_IN, Event.VISITOR_OUT, "visitor")


def _armed(day: Day) -> bool:
    """By two, without anything that would have had to be overridden."""
    armed = list(day.of(Event.RELEASE_ARMED))
    return bool(armed) and all(_two(e) and not e["data"]["without"] for e in armed)


# ---- the exam ----------------------------------------------------------------------------


def _swap(day: Day) -> bool:
    """Two people, and the sitting's row names both machines, the spare last."""
    machines = {
        row["sitting_id"]: [each["machine_id"] for each in row["machines"]]
        for row in day.records["export"]["seating"]
    }
    swaps = list(day.of(Event.STATION_SWAPPED))
    return bool(swaps) and all(
        _two(each)
        and machines[each["data"]["sitting"]][-2:]
        == [each["data"]["from_machine"], each["data"]["to_machine"]]
        for each in swaps
    )


def _credit(day: Day) -> bool:
    """Proposed by one, approved by another, shown at the station (I07, I08)."""
    approved = list(day.of(Event.TIME_APPROVED))
    granted: dict[str, int] = {}
    for each in approved:
        sitting = each["data"]["sitting"]
        granted[sitting] = granted.get(sitting, 0) + each["data"]["seconds"]
    by_another = all(each["actor"] != each["data"]["proposed_by"] for each in approved)
    return bool(granted) and by_another and granted == dict(day.credited)


def _incident(day: Day) -> bool:
    """Every incident that reached headquarters was closed with a result, one by people's report."""
    told = day.records["incidents"]
    closed = all(each["closed_at_ms"] and each["result"] for each in told)
    return closed and any(each["reports"] for each in told)


def _violation(day: Day) -> bool:
    """Signed by the candidate, or refused before two witnesses; and signed by the chief (V06)."""
    told = day.records["violations"]["records"]
    return bool(told) and all(
        (each["candidate"] == "SIGNED" or (each["candidate"], len(each["witnesses"])) == _REFUSED)
        and each["chief"]
        for each in told
    )


_REFUSED = ("REFUSED", 2)


def _absences(day: Day) -> bool:
    """Exactly those who did not come, and the counts add up in every line (K03)."""
    ended = list(day.of(Event.SESSION_ENDED))
    counts = all(
        each["scheduled"] == each["present"] + each["absent"]
        for each in day.records["export"]["statistics"]
    )
    told = set(ended[-1]["data"]["absent"]) if ended else set()
    return counts and bool(ended) and told - set(day.free) == set(day.absent)


# ---- after -------------------------------------------------------------------------------


def _sheets(day: Day) -> bool:
    """Every sheet is what its hash says, and both invigilators of that room's draw and the chief
    signed this very content (K01)."""
    rooms = day.draws[-1].result.rooms if day.draws else {}
    sheets = day.records["room_records"]
    return set(sheets) == set(rooms) and all(
        hashlib.sha256(canonical(sheet["content"])).hexdigest() == sheet["content_hash"]
        and {each["content_hash"] for each in sheet["signatures"]} == {sheet["content_hash"]}
        and set(rooms[room])
        <= {s["person_id"] for s in sheet["signatures"] if s["role"] == Role.INVIGILATOR}
        and any(each["role"] == Role.CHIEF for each in sheet["signatures"])
        for room, sheet in sheets.items()
    )


def _backup(day: Day) -> bool:
    """A backup was read back before the sealing, and its file still has that digest (L01, L04)."""
    made, sealed = list(day.of(Event.BACKED_UP)), list(day.of(Event.SEALED))
    whole = {each["data"]["sha256"] for each in made} <= set(day.backups)
    return bool(made and sealed) and made[0]["seq"] < sealed[0]["seq"] and whole


def _closing(day: Day) -> bool:
    """Sealed by two, the receipt matched, then and only then wiped by two (L08, L11)."""
    sealed, matched = list(day.of(Event.SEALED)), list(day.of(Event.RECEIPT_MATCHED))
    wiped = list(day.of(Event.WIPED))
    if not (sealed and matched and wiped):
        return False
    in_order = sealed[-1]["seq"] < matched[0]["seq"] < wiped[0]["seq"]
    return in_order and _two(sealed[-1]) and _two(wiped[0])


RULES: Mapping[str, Rule] = {
    "plan_imported_by_two": lambda day: all(map(_two, day.of(Event.PLAN_IMPORTED))),
    "accounts_opened_by_code": _accounts,
    "recused_kept_out_of_the_room": _recusal,
    "draw_recomputed_from_its_seed": _draw,
    "inspection_failed_corrected_sealed": _inspection,
    "seal_held_until_the_start": _seal_holds,
    "receipt_supervised_and_signed": _receipt,
    "doubt_cleared_by_two": _doubt,
    "late_candidate_refused": _late,
    "wrong_seat_refused": lambda day: day.any(
        Event.LOGIN_REFUSED, code=RefusalCode.WRONG_SEAT.value
    ),
    "items_given_back": lambda day: _pairs(day, Event.ITEM_KEPT, Event.ITEM_RETURNED, "receipt"),
    "visitor_in_and_out": _visitor,
    "seals_shown_in_every_room": lambda day: (
        {each["data"]["room"] for each in day.of(Event.SEAL_WITNESSED)}
        == set(day.records["room_records"])
    ),
    "release_armed_by_two": _armed,
    "break_begun_and_ended": lambda day: _pairs(
        day, Event.BREAK_BEGUN, Event.BREAK_ENDED, "sitting"
    ),
    "swapped_to_a_spare": _swap,
    "credit_approved_and_shown": _credit,
    "incident_reported_and_closed": _incident,
    "violation_witnessed_and_signed": _violation,
    "absences_counted": _absences,
    "sheets_signed_by_all_three": _sheets,
    "backup_verified": _backup,
    "sealed_uploaded_then_wiped": _closing,
    "media_back": lambda day: _pairs(day, Event.MEDIUM_HANDED_OUT, Event.MEDIUM_RETURNED, "medium"),
    "close_check_nothing_open": lambda day: not day.close_open,
}
SEALS = frozenset({"inspection_failed_corrected_sealed", "seal_held_until_the_start"})
"""Not to be found where a window takes part, whose machine is not restarted for the inspection."""
