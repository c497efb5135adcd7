"""Reading a ZIP file that somebody else wrote: whatever is wrong with it is one kind of failure.

``zipfile`` raises nine kinds of exceptions for damaged or hostile archives, and reads an entry
whole whatever size its directory claims. A bomb must cost a refusal, not the machine's memory.
"""

import struct
import zipfile
import zlib

ZIP_FAULTS: tuple[type[Exception], ...] = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    KeyError,
    NotImplementedError,  # compression methods and versions
    RuntimeError,  # encrypted entries
    ValueError,  # names that are no UTF-8, offsets before the beginning
    OverflowError,
)
"""What ``zipfile`` raises for a file that is not as it should be; a failing disk is an OSError."""


class ArchiveError(Exception):
    """An entry of a ZIP is damaged, encrypted, or longer than it may be."""


def read_entry(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    """The bytes of one entry, at most ``limit``; memory is bounded by it too.

    Raises ArchiveError, and whatever the file under the archive raises.
    """
    try:
        if archive.getinfo(name).file_size > limit:
            raise ArchiveError(f"{name}: too large")
        with archive.open(name) as file:
            data = file.read(limit + 1)
    except ZIP_FAULTS as error:
        raise ArchiveError(f"{name}: damaged") from error
    if len(data) > limit:
        raise ArchiveError(f"{name}: too large")
    return data
