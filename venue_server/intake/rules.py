"""Whom the intake believes, who we are, and what a session's plan lets in."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from venue_server.intake.store import Package
from venue_server.sitting.plan import PlannedPaper, PlannedSession
from venue_server.vault.manifest import PaperManifest
from venue_server.wire.names import Mode, PackageState
from venue_server.wire.refusals import Refusal, RefusalCode

OPEN_TO_FRAGMENTS = (PackageState.RECEIVING, PackageState.COMPLETE)
WHOLE = (
    PackageState.COMPLETE,
    PackageState.RELEASED,
    PackageState.ENDED,
    PackageState.UNUSED,
    PackageState.WIPED,
)
Slot = tuple[str, str]
"""Paper id and form id; two empty texts for a session whose plan names no papers."""


@dataclass(frozen=True)
class IntakeRules:
    """``disk_floor``: free bytes that a paper must leave on the disk (R11). ``opened``: packages of
    which a copy of the ledger says that they were opened here before (E07)."""

    venue_id: str
    mode: Mode
    headquarters: dict[str, Ed25519PublicKey]
    threshold: int
    disk_floor: int = 0
    opened: Collection[str] = frozenset()


def slots(planned: PlannedSession) -> dict[Slot, PlannedPaper | None]:
    """What must be here before the session: every planned form, reserves included, or the one
    paper of the subject, whatever its ids."""
    if not planned.papers:
        return {("", ""): None}
    return {(each.paper_id, each.form_id): each for each in planned.papers}


def slot_of(planned: PlannedSession, paper_id: str, form_id: str) -> Slot | None:
    """The slot a paper fills; None when the plan does not name it."""
    if not planned.papers:
        return ("", "")
    slot = (paper_id, form_id)
    return slot if slot in slots(planned) else None


def superseded(planned: PlannedSession, package: Package, known: Iterable[Package]) -> bool:
    """Is another package of the same paper complete, so that this one is not wanted any more?"""
    slot = slot_of(planned, package.paper_id, package.form_id)
    return package.state not in WHOLE and any(
        other.session_id == package.session_id
        and other.state in WHOLE
        and slot_of(planned, other.paper_id, other.form_id) == slot
        for other in known
    )


def concerns(planned: PlannedSession, day: Iterable[PlannedSession], data: bytes) -> bool:
    """Does a manifest on a mirror look like one for this session? Not believed, only sorted: a
    mirror has the packages of every session, and those of others are no fault.

    The same subject may be examined twice a day: then the package belongs to the session whose
    start is nearest to its release. What cannot be read is to be refused by name, so: True.
    """
    try:
        payload = json.loads(data)["payload"]
        subject, release = payload["subject_code"], int(payload["release_at_ms"])
        paper, form = str(payload["paper_id"]), str(payload["form_id"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return True
    if subject != planned.subject_code or slot_of(planned, paper, form) is None:
        return False
    twins = [each for each in day if each.subject_code == subject]
    nearest = min(twins, key=lambda each: abs(each.start_ms - release), default=planned)
    return nearest.session_id == planned.session_id or bool(planned.papers)


def fits_plan(
    planned: PlannedSession,
    manifest: PaperManifest,
    known: Sequence[Package],
    opened: Collection[str] = (),
) -> Refusal | None:
    """May this package come in for the session, next to the ``known`` packages of the venue, when
    those of ``opened`` were opened here once?

    Refusals: RCP-01 the plan does not name it; PAP-11 used, or received for another session;
    RCP-02 another package of the same paper is complete here.
    """
    name = f"{manifest.paper_id}/{manifest.form_id}"
    slot = slot_of(planned, manifest.paper_id, manifest.form_id)
    if slot is None:
        return Refusal(RefusalCode.PAPER_NOT_PLANNED, name)
    here = {package.package_id for package in known}
    if manifest.package_id in opened and manifest.package_id not in here:
        return Refusal(RefusalCode.PAPER_REPLAYED, manifest.package_id)
    for package in known:
        ours = package.session_id == planned.session_id
        if package.package_id == manifest.package_id:
            if not ours or package.state not in OPEN_TO_FRAGMENTS:
                return Refusal(RefusalCode.PAPER_REPLAYED, manifest.package_id)
            continue
        same = ours and slot_of(planned, package.paper_id, package.form_id) == slot
        if same and package.state in WHOLE:
            return Refusal(RefusalCode.PAPER_HERE_ALREADY, name)
    return None
