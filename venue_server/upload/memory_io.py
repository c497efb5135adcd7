"""Looks for destroyed keys in this program's own memory and fills what it finds with zeros (L10).

Copies that nobody uses any more lie there for as long as the program runs: buffers that libraries
gave back, pages that a connection of the store kept from before the secret was cleared, which it
drops at its next look. Linux shows a program its memory by
``process_vm_readv``, which unlike a plain read says so when something has gone meanwhile.
Blocking; for a worker thread. Not while a session is sat: what is found is nobody's any more, but
somebody else may be given the place in the very moment in which it is filled.
"""

import ctypes
import hashlib
import os
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from venue_server.upload.key_search_io import forms

BEGIN = 4
"""Bytes of a secret that its mark keeps in clear: enough to find it, no help to anybody else."""
PIECE = 256 * 1024
OVERLAP = 256  # no form of a key is longer


@dataclass(frozen=True)
class Mark:
    """What recognises one form of a secret without keeping it."""

    begin: bytes
    length: int
    digest: bytes


@dataclass(frozen=True)
class Cleaned:
    """``size`` bytes were looked at, ``filled`` copies filled with zeros; ``left`` were still there
    when it looked again."""

    size: int
    filled: int
    left: int


def marks_of(secret: bytes) -> set[Mark]:
    """The marks of every form in which a secret may lie about, and of its halves."""
    half = len(secret) // 2
    every = {secret[:half], secret[half:], *forms(secret)}
    return {Mark(e[:BEGIN], len(e), hashlib.sha256(e).digest()) for e in every}


def clean(marks: Collection[Mark]) -> Cleaned | None:
    """Fill every copy with zeros, then look again. None where a program may not see its memory."""
    if not marks or not _may_look():
        return None
    size, filled = _pass(marks, fill=True)
    _size, left = _pass(marks, fill=False)
    return Cleaned(size, filled, left)


class _Span(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("size", ctypes.c_size_t))


def _may_look() -> bool:
    here = (ctypes.c_char * 16).from_buffer(bytearray(16))
    return _copy("process_vm_readv", here, ctypes.addressof(here), 16) == 16


def _pass(marks: Collection[Mark], *, fill: bool) -> tuple[int, int]:
    by_begin: dict[bytes, list[Mark]] = {}
    for mark in marks:
        by_begin.setdefault(mark.begin, []).append(mark)
    begins = re.compile(b"|".join(map(re.escape, by_begin)), re.DOTALL)
    piece = bytearray(PIECE)
    window = (ctypes.c_char * PIECE).from_buffer(piece)
    own = range(ctypes.addressof(window), ctypes.addressof(window) + PIECE)
    looked = found = 0
    for at, size in _pieces(own):
        got = _copy("process_vm_readv", window, at, size)
        looked += max(got, 0)
        for hit in begins.finditer(piece, 0, max(got, 0)):
            known = _whole(piece, hit.start(), got, by_begin[hit.group()])
            if known is not None:
                found += 1
                if fill:
                    _fill(at + hit.start(), known)
    ctypes.memset(window, 0, PIECE)
    return looked, found


def _whole(piece: bytearray, start: int, end: int, marks: Collection[Mark]) -> Mark | None:
    """The longest mark that this really is."""
    for mark in sorted(marks, key=lambda each: -each.length):
        if start + mark.length <= end:
            with memoryview(piece)[start : start + mark.length] as part:
                if hashlib.sha256(part).digest() == mark.digest:
                    return mark
    return None


def _fill(address: int, mark: Mark) -> None:
    """Zeros over it, if it is there still."""
    now = ctypes.create_string_buffer(mark.length)
    if _copy("process_vm_readv", now, address, mark.length) != mark.length:
        return
    with memoryview(now) as still:
        same = hashlib.sha256(still).digest() == mark.digest
    ctypes.memset(now, 0, mark.length)
    if same:
        _copy("process_vm_writev", now, address, mark.length)


def _copy(call: str, local: ctypes.Array[ctypes.c_char], remote: int, size: int) -> int:
    """Between ``local`` and an address of this process; bytes copied, -1 when it is not there."""
    function = getattr(ctypes.CDLL(None, use_errno=True), call, None)
    if function is None:
        return -1
    function.restype = ctypes.c_ssize_t
    here, there = _Span(ctypes.addressof(local), size), _Span(remote, size)
    pid, one, none = ctypes.c_int(os.getpid()), ctypes.c_ulong(1), ctypes.c_ulong(0)
    return int(function(pid, ctypes.byref(here), one, ctypes.byref(there), one, none))


def _pieces(own: range) -> Iterator[tuple[int, int]]:
    """Address and size of pieces, overlapping a little, of every mapping that is readable, writable
    and nobody else's; ``own`` is left out."""
    for begin, end in _without(own, _mappings()):
        for at in range(begin, end, PIECE - OVERLAP):
            yield at, min(PIECE, end - at)


def _without(own: range, mappings: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for begin, end in mappings:
        if own.stop <= begin or end <= own.start:
            yield begin, end
        else:
            yield begin, max(begin, own.start)
            yield min(end, own.stop), end


def _mappings() -> list[tuple[int, int]]:
    found = []
    for line in Path("/proc/self/maps").read_text().splitlines():
        place, rights, *_rest = line.split(maxsplit=5)
        if rights.startswith("rw") and rights.endswith("p"):
            begin, end = (int(each, 16) for each in place.split("-"))
            found.append((begin, end))
    return found
