"""The receipt sheet: what of the plan is here, block by block, as the chief signs it (D09).

Rules only. The signature is bound to a hash over every package, fragment and instant of receipt, so
a fragment that comes later or is replaced makes it void. Also: reminders of how long papers lie at
the venue (D08).
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from venue_server.intake.rules import WHOLE, Slot, slot_of, slots
from venue_server.intake.store import EXPIRED, ClosedReceipt, Fragment, Package
from venue_server.sitting.plan import PlannedSession
from venue_server.wire.alarms import Alarm, AlarmCode
from venue_server.wire.canonical import canonical
from venue_server.wire.names import PackageState
from venue_server.wire.refusals import Refusal, RefusalCode

DAY_MS = 24 * 3600_000
EARLIEST_DAYS, LATEST_DAYS = 5, 3
MIN_CODE = 8


@dataclass(frozen=True)
class Held:
    """One package and its whole fragments."""

    package: Package
    fragments: dict[int, Fragment]


@dataclass(frozen=True)
class Sheet:
    """``blockers``: why it cannot be signed (zh / en). ``filled``: slot to its complete package."""

    content_hash: str
    filled: dict[Slot, Held]
    blockers: list[str]


def sheet(
    planned: PlannedSession, packages: Sequence[Held], receipts: Sequence[ClosedReceipt]
) -> Sheet:
    """The sheet of one session from what is stored."""
    filled: dict[Slot, Held] = {}
    for held in packages:
        slot = slot_of(planned, held.package.paper_id, held.package.form_id)
        if slot is not None and held.package.state in WHOLE:
            filled.setdefault(slot, held)
    blockers = [
        f"{name or '试卷包'}：未接收完整 / {name or 'the package'}: not complete"
        for name in ("/".join(slot).strip("/") for slot in slots(planned) if slot not in filled)
    ]
    blockers += _unconfirmed(filled.values(), receipts)
    return Sheet(content_hash(planned.session_id, filled.values()), filled, blockers)


def _unconfirmed(held: Iterable[Held], receipts: Sequence[ClosedReceipt]) -> list[str]:
    """Fragments of receipt sessions that are still open or ran over their limit (D02)."""
    outcomes = {each.receipt.receipt_id: each.outcome for each in receipts}
    used = {piece.receipt_id for each in held for piece in each.fragments.values()}
    told: list[str] = []
    for receipt_id in sorted(used):
        outcome = outcomes.get(receipt_id)
        if outcome is None:
            told.append(f"{receipt_id}：接收尚未结束 / {receipt_id}: still open")
        elif outcome == EXPIRED:
            late = f"{receipt_id}：接收超时，须重新确认 / {receipt_id}: ran over, confirm again"
            told.append(late)
    return told


def content_hash(session_id: str, held: Iterable[Held]) -> str:
    """SHA-256 over what was received, as 64 hex digits."""
    content = {
        "session_id": session_id,
        "packages": [
            {
                "package_id": each.package.package_id,
                "paper_id": each.package.paper_id,
                "form_id": each.package.form_id,
                "manifest": hashlib.sha256(each.package.manifest.encode()).hexdigest(),
                "ciphertext_sha256": each.package.ciphertext_sha256,
                "fragments": [
                    [piece.number, piece.sha256, piece.received_at_ms, piece.receipt_id]
                    for piece in sorted(each.fragments.values(), key=lambda one: one.number)
                ],
            }
            for each in sorted(held, key=lambda one: one.package.package_id)
        ],
    }
    return hashlib.sha256(canonical(content)).hexdigest()


def may_sign(found: Sheet, seen: str) -> Refusal | None:
    """May the chief, who saw the sheet that begins with ``seen``, sign this one?

    Refusals: RCP-05 with what is missing, RCP-07 it is another sheet now.
    """
    if found.blockers:
        return Refusal(RefusalCode.RECEIPT_INCOMPLETE, "；".join(found.blockers))
    code = seen.strip().lower()
    if len(code) < MIN_CODE or not found.content_hash.startswith(code):
        return Refusal(RefusalCode.RECEIPT_SHEET_CHANGED, found.content_hash[:MIN_CODE])
    return None


# ---- how long papers lie here (D08) -----------------------------------------------------------


def too_early(planned: PlannedSession, now_ms: int) -> Alarm | None:
    """A reminder when papers are here more than five days before the session."""
    days = (planned.start_ms - now_ms) // DAY_MS
    if days < EARLIEST_DAYS:
        return None
    return Alarm(AlarmCode.PAPERS_EARLY, {"session": planned.session_id, "days": str(days)})


def too_long(
    planned: PlannedSession, end_ms: int, states: Iterable[PackageState], now_ms: int
) -> Alarm | None:
    """A reminder when sealed papers still lie here three days after the end."""
    left = [state for state in states if state is not PackageState.WIPED]
    days = (now_ms - end_ms) // DAY_MS
    if not left or days < LATEST_DAYS:
        return None
    return Alarm(AlarmCode.PAPERS_LATE, {"session": planned.session_id, "days": str(days)})
