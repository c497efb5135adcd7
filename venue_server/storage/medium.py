"""Whose medium lies at a folder: a marker file with an identity that the settings know (R3, F3).

A disk that is not mounted leaves an empty folder on the system's own disk, and another disk may be
mounted in its place. Device numbers change with every boot; a file on the medium itself does not.
"""

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import msgspec

from venue_server.storage.devices import disks_under
from venue_server.storage.files import write_whole

MARKER = "kaodian-medium.json"
FORMAT = "kaodian-medium/1"


class MediumProblem(StrEnum):
    """Why a folder may not be written."""

    MISSING = "missing"  # no such folder, or the disk does not answer
    UNMARKED = "unmarked"  # an empty mount point, or a disk that was never registered
    FOREIGN = "foreign"  # another medium's marker
    SAME_DEVICE = "same-device"  # it would be the very disk it is to outlive
    HANGS = "hangs"  # it does not answer, without an error


class Marker(msgspec.Struct, frozen=True):
    """The file on the medium. ``medium_id`` is 32 random hex digits."""

    format: str
    venue_id: str
    medium_id: str


@dataclass(frozen=True)
class MediumRule:
    """What must lie at ``folder``: the medium ``medium_id`` (empty: any), on no disk that
    ``apart_from`` lies on as well (None: on any); another partition of it is the same disk."""

    folder: Path
    medium_id: str = ""
    apart_from: Path | None = None

    def problem(self) -> MediumProblem | None:
        """Look now; some system calls, no writing."""
        try:
            disks = disks_under(self.folder)
            if not self.folder.is_dir():
                return MediumProblem.MISSING
            found = read_marker(self.folder) if self.medium_id else None
            # The device first: an unmounted folder is on the wrong one, whatever lies in it.
            if self.apart_from is not None and disks & disks_under(self.apart_from):
                return MediumProblem.SAME_DEVICE if found else MediumProblem.UNMARKED
        except OSError:
            return MediumProblem.MISSING
        if self.medium_id and found is None:
            return MediumProblem.UNMARKED
        if found is not None and found.medium_id != self.medium_id:
            return MediumProblem.FOREIGN
        return None


def read_marker(folder: Path) -> Marker | None:
    """The marker of a folder; None when there is none that can be read. Raises OSError when the
    medium itself does not answer."""
    try:
        return msgspec.json.decode((folder / MARKER).read_bytes(), type=Marker)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


def mark(folder: Path, venue_id: str) -> str:
    """Give a medium of this venue its identity, durably; one it already has stays."""
    found = read_marker(folder)
    if found is not None and found.venue_id == venue_id:
        return found.medium_id
    marker = Marker(FORMAT, venue_id, os.urandom(16).hex())
    write_whole(folder / MARKER, msgspec.json.encode(marker))
    return marker.medium_id
