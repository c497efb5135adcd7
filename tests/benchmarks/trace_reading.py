"""Reads what strace saw of one folder's files: writes, syncs, renames, in the order they ended.

    strace -f -y -xx -s 2000000 -e trace=… -o LOG program …

Only system calls on files below the folder become operations. A call that another thread
interrupted in the log is put together again; an fsync knows when it began, because what was
written during it may or may not be in it.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CALLS = (
    "openat,write,pwrite64,lseek,fsync,fdatasync,ftruncate,"
    "rename,renameat,renameat2,unlink,unlinkat,link,linkat"
)
_LINE = re.compile(r"^(\d+) +(.*)$")
_RESUMED = re.compile(r"^<\.\.\. (\w+) resumed>(.*)$")
_CALL = re.compile(r"^(\w+)\((.*)\) += (-?\d+)(.*)$", re.DOTALL)
_FD = re.compile(r"^-?\w+<(.*?)>")
_STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


@dataclass(frozen=True)
class Begun:
    """A sync began: what was written until here is in it."""

    path: str
    pid: int


@dataclass(frozen=True)
class Wrote:
    path: str
    data: bytes
    offset: int | None  # None: at the end, or where the file stands


@dataclass(frozen=True)
class Sought:
    path: str
    position: int


@dataclass(frozen=True)
class Cut:
    path: str
    size: int


@dataclass(frozen=True)
class Synced:
    path: str
    pid: int


@dataclass(frozen=True)
class Opened:
    """Opened; ``made`` when it was not there, by O_CREAT, ``emptied`` by O_TRUNC."""

    path: str
    made: bool
    emptied: bool
    appending: bool


@dataclass(frozen=True)
class Renamed:
    source: str
    target: str
    kept: bool  # a hard link: the old name stays


@dataclass(frozen=True)
class Removed:
    path: str


Operation = Begun | Wrote | Sought | Cut | Synced | Opened | Renamed | Removed


def can_trace() -> bool:
    """Is there an strace that may trace its own children?"""
    if shutil.which("strace") is None:
        return False
    tried = subprocess.run(
        ["strace", "-o", os.devnull, "true"], check=False, stderr=subprocess.DEVNULL
    )
    return tried.returncode == 0


def read_trace(log: Path, below: Path) -> Iterator[Operation]:
    """The operations on files of a folder, in the order in which they were done."""
    root = f"{below}/"
    pending: dict[int, str] = {}
    with log.open(encoding="ascii", errors="replace") as lines:
        for line in lines:
            found = _LINE.match(line.rstrip("\n"))
            if found is None:
                continue
            pid, text = int(found[1]), found[2]
            if text.endswith("<unfinished ...>"):
                pending[pid] = text.removesuffix("<unfinished ...>").rstrip()
                yield from _begun(pending[pid], pid, root)
                continue
            resumed = _RESUMED.match(text)
            if resumed is not None:
                text = pending.pop(pid, "") + resumed[2]
            elif text.startswith(("fsync", "fdatasync")):
                yield from _begun(text, pid, root)
            yield from _done(text, pid, root)


def _begun(text: str, pid: int, root: str) -> Iterator[Operation]:
    name, _, rest = text.partition("(")
    if name in ("fsync", "fdatasync"):
        path = _fd(rest)
        if path.startswith(root) or path == root[:-1]:
            yield Begun(path, pid)


def _done(text: str, pid: int, root: str) -> Iterator[Operation]:
    call = _CALL.match(text)
    if call is None or int(call[3]) < 0:
        return
    name, rest, result = call[1], call[2], int(call[3])
    if name in ("write", "pwrite64"):
        path = _fd(rest)
        if path.startswith(root):
            data = _bytes(rest)[:result]
            offset = int(rest.rpartition(", ")[2], 0) if name == "pwrite64" else None
            yield Wrote(path, data, offset)
    elif name in ("fsync", "fdatasync"):
        path = _fd(rest)
        if path.startswith(root) or path == root[:-1]:
            yield Synced(path, pid)
    elif name == "ftruncate":
        path = _fd(rest)
        if path.startswith(root):
            yield Cut(path, int(rest.rpartition(", ")[2], 0))
    elif name == "lseek":
        path = _fd(rest)
        if path.startswith(root):
            yield Sought(path, result)
    elif name == "openat":
        opened = _path_of_result(call[4])
        if opened.startswith(root) and "O_DIRECTORY" not in rest:
            flags = rest.rpartition('"')[2]
            yield Opened(opened, "O_CREAT" in flags, "O_TRUNC" in flags, "O_APPEND" in flags)
    elif name.startswith(("rename", "link")):
        source, target = (_bytes(f'"{each}"').decode() for each in _STRING.findall(rest)[:2])
        if source.startswith(root) and target.startswith(root):
            yield Renamed(source, target, name.startswith("link"))
    elif name.startswith("unlink"):
        path = _bytes(rest).decode()
        if path.startswith(root):
            yield Removed(path)


def _fd(rest: str) -> str:
    found = _FD.match(rest)
    gone = found is not None and rest[found.end() :].startswith("(deleted)")
    return _plain(found[1]) if found and not gone else ""


def _path_of_result(text: str) -> str:
    return _plain(text[1:].partition(">")[0]) if text.startswith("<") else ""


def _plain(text: str) -> str:
    """A path as strace shows it under -xx."""
    return bytes.fromhex(text.replace("\\x", "")).decode() if text.startswith("\\x") else text


def _bytes(rest: str) -> bytes:
    found = _STRING.search(rest)
    return bytes.fromhex(found[1].replace("\\x", "")) if found else b""
