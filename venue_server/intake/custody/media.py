"""Access media and devices: who keeps them, who may read them, until when (D03, D04, D13).

Rules only. 专人专用、专人保管: each medium has one keeper and one allowed user, two people.
"""

from dataclasses import dataclass
from enum import StrEnum

from venue_server.wire.names import Mode
from venue_server.wire.refusals import Refusal, RefusalCode

NAMELESS = ("dev:/", "disc:/")
"""Ids of media that say nothing of themselves: they cannot be told apart."""


class MediumKind(StrEnum):
    """Kinds of media and devices."""

    USB = "USB"
    DISC = "DISC"  # 光盘: handled like paper (D04)
    DISK = "DISK"
    DEVICE = "DEVICE"  # a machine that receives, by its serial


class MediumState(StrEnum):
    """Where it is."""

    KEPT = "KEPT"
    OUT = "OUT"


@dataclass(frozen=True)
class Medium:
    """One registered medium. ``medium_id`` is what the system reads of it (media_io.py)."""

    medium_id: str
    kind: MediumKind
    label: str
    keeper: str
    user: str
    valid_from_ms: int
    valid_until_ms: int
    seal_no: str
    quantity: int
    state: MediumState


@dataclass(frozen=True)
class FoundMedium:
    """What the system says about the file system that a folder lies on."""

    medium_id: str
    removable: bool
    disc: bool


def may_register(medium: Medium) -> Refusal | None:
    """RCP-10 with what a registration lacks."""
    if not medium.medium_id or medium.medium_id in NAMELESS:
        wrong = "serial"
    elif not medium.label.strip():
        wrong = "label"
    elif medium.keeper == medium.user:
        wrong = "keeper = user"
    elif medium.valid_from_ms >= medium.valid_until_ms:
        wrong = "validity"
    elif medium.quantity < 1:
        wrong = "quantity"
    elif medium.kind is MediumKind.DISC and not medium.seal_no.strip():
        wrong = "seal_no"
    else:
        return None
    return Refusal(RefusalCode.CUSTODY_STEP_INVALID, wrong)


def may_move(medium: Medium, people: set[str], back: bool) -> Refusal | None:
    """May these two people hand the medium out, or take it back?

    Refusals: MED-06 not its keeper and its user; MED-08 it is not where it would have to be.
    """
    if people != {medium.keeper, medium.user}:
        return Refusal(RefusalCode.MEDIUM_WRONG_PEOPLE, medium.label)
    wanted = MediumState.OUT if back else MediumState.KEPT
    if medium.state is not wanted:
        return Refusal(RefusalCode.MEDIUM_WRONG_STATE, f"{medium.label}: {medium.state.value}")
    return None


def may_read(
    found: FoundMedium | None,
    registered: Medium | None,
    person: str,
    now_ms: int,
    mode: Mode,
    agreed: bool,
) -> Refusal | None:
    """May ``person`` read fragments from here now?

    ``found`` is None for a folder on no block device. A plain folder, on a fixed and unregistered
    disk, is for rehearsals and practice, or needs the agreement of two. Refusals: MED-01 not
    registered, MED-02 another user's, MED-03 outside its validity, MED-04 not handed out, MED-09.
    """
    if registered is None:
        if found is not None and (found.removable or found.disc):
            return Refusal(RefusalCode.MEDIUM_UNREGISTERED, found.medium_id)
        if mode is Mode.LIVE and not agreed:
            return Refusal(RefusalCode.FOLDER_NOT_AGREED)
        return None
    if registered.user != person:
        return Refusal(RefusalCode.MEDIUM_NOT_YOURS, registered.label)
    if not registered.valid_from_ms <= now_ms < registered.valid_until_ms:
        return Refusal(RefusalCode.MEDIUM_NOT_VALID, registered.label)
    if registered.state is not MediumState.OUT:
        return Refusal(RefusalCode.MEDIUM_NOT_HANDED_OUT, registered.label)
    return None
