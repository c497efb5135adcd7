"""Reading one file of a medium: looked at where it lies, then copied in to be judged.

A medium may be pulled at any byte, and the server's disk may fill: the two are told apart, because
the first is mended at the medium and the second by making room. Both are refusals, not faults: the
receipt goes on with the next file or another channel.
"""

import errno
import os
import shutil
from pathlib import Path

from venue_server.intake.fragments import is_whole_paper
from venue_server.storage.media_lanes import beat
from venue_server.vault.layout import FragmentHeader, read_header
from venue_server.wire.canonical import sha256_hex
from venue_server.wire.refusals import Refusal, RefusalCode

PREFIX = "incoming-"
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What a full disk says."""
_STEP = 1024 * 1024


def look(path: Path) -> tuple[FragmentHeader, str] | Refusal:
    """The header of a fragment file and the SHA-256 of its bytes.

    Refusals: PAP-14 a whole paper, PAP-03 no fragment, MED-05 the medium does not read.
    """
    try:
        with path.open("rb") as file:
            if is_whole_paper(file):
                return Refusal(RefusalCode.WHOLE_PAPER_IN_ONE_FILE, path.name)
            found = read_header(file)
    except OSError as error:
        return unreadable(path, error)
    if found is None:
        return Refusal(RefusalCode.FRAGMENT_MALFORMED, path.name)
    return found[0], sha256_hex(found[1])


def files_of(folder: Path) -> list[Path]:
    """The files that lie directly in a medium's folder. Raises OSError."""
    return sorted(each for each in folder.iterdir() if each.is_file())


def unreadable(path: Path, error: OSError) -> Refusal:
    """MED-05: what the system says about the medium, without a path of the server."""
    said = os.strerror(error.errno) if error.errno else type(error).__name__
    return Refusal(RefusalCode.MEDIUM_UNREADABLE, f"{path.name}: {said}")


def room_for(folder: Path, size: int, floor: int) -> bool:
    """Does the disk of ``folder`` keep ``floor`` free bytes when ``size`` more are written?"""
    return shutil.disk_usage(folder).free - size >= floor


def copy_in(source: Path, target: Path) -> Refusal | None:
    """Copy durably to the new file ``target``; the copy is what gets judged.

    Refusals: MED-05, and what was read until then is in ``target``; RCP-03 the disk is full.
    """
    try:
        read = source.open("rb", buffering=0)
    except OSError as error:
        return unreadable(source, error)
    with read, target.open("xb", buffering=0) as write:
        os.fchmod(write.fileno(), 0o600)
        while True:
            try:
                data = read.read(_STEP)
            except OSError as error:
                return unreadable(source, error)
            beat()
            if not data:
                break
            try:
                _write_all(write.fileno(), data)
            except OSError as error:
                if error.errno not in FULL:
                    raise
                return Refusal(RefusalCode.NO_ROOM_FOR_PAPER, source.name)
        os.fsync(write.fileno())
    return None


def _write_all(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]
