"""Which packages a session may receive, and how far they are together. Rules over what is known."""

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from venue_server.intake.store import Package
from venue_server.sitting.plan import PlannedSession
from venue_server.vault.layout import read_header
from venue_server.vault.manifest import PaperManifest
from venue_server.wire.names import PackageState
from venue_server.wire.refusals import Refusal, RefusalCode

OPEN_TO_FRAGMENTS = (PackageState.RECEIVING, PackageState.COMPLETE)


def refuse_package(
    manifest: PaperManifest,
    planned: PlannedSession,
    known: Iterable[Package],
    opened: Collection[str],
) -> Refusal | None:
    """May this package be taken in for the session? ``known`` are all packages of the venue,
    ``opened`` those of which a copy of the ledger says that they were opened here.

    Refused: PAP-19 the plan names its forms and not this one (C05, D10); PAP-11 a package opens
    once, for the one session it was received for (E07).
    """
    form = manifest.paper_id, manifest.form_id
    if planned.papers and form not in {(one.paper_id, one.form_id) for one in planned.papers}:
        return Refusal(RefusalCode.FORM_NOT_PLANNED, "/".join(form))
    same = next((each for each in known if each.package_id == manifest.package_id), None)
    if same is None:
        used = manifest.package_id in opened
    else:
        ours = same.session_id == planned.session_id
        used = not ours or same.state not in OPEN_TO_FRAGMENTS
    return Refusal(RefusalCode.PAPER_REPLAYED, manifest.package_id) if used else None


def state_together(planned: PlannedSession, packages: Sequence[Package]) -> PackageState:
    """The state of a session's papers together: that of the one least far."""
    if not packages:
        return PackageState.EXPECTED
    here = {(each.paper_id, each.form_id) for each in packages}
    if any((one.paper_id, one.form_id) not in here for one in planned.papers):
        return PackageState.RECEIVING
    return min((each.state for each in packages), key=list(PackageState).index)


def package_of(path: Path, packages: Sequence[PaperManifest]) -> PaperManifest:
    """To which of the session's packages a file says it belongs; one that names none of them is
    judged against the last that came, and refused there by its own fault."""
    with path.open("rb") as file:
        found = read_header(file)
    named = found[0].package_id if found else ""
    return next((each for each in packages if each.package_id == named), packages[-1])
