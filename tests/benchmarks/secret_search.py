"""Looking for secrets where they must not be: memory of processes, files, arguments, environments.

A needle is a secret in one of the forms it might lie about in. Memory is what /proc/PID/mem gives
for every readable mapping of /proc/PID/maps but the programs' own code: the same bytes a core dump
would hold, and reading them takes the same right (root, or the same user where ptrace is allowed).
"""

import base64
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

PIECE = 32 * 1024 * 1024
OVERLAP = 4096
_INSTALLED = ("/usr/", f"{sys.prefix}/", f"{sys.base_prefix}/")
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "gb18030")


@dataclass(frozen=True)
class Needle:
    """``name`` says what was found; ``data`` is looked for byte by byte."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Hit:
    """One place."""

    needle: str
    where: str


def text_needles(name: str, text: str) -> list[Needle]:
    """A text in every encoding that might be in use, and as JSON, URLs and base64 write it."""
    forms = {encoding: text.encode(encoding) for encoding in ENCODINGS}
    forms["json"] = json.dumps(text)[1:-1].encode()
    forms["url"] = quote(text).encode()
    forms |= _base64(text.encode())
    return _needles(name, forms)


def key_needles(name: str, secret: bytes) -> list[Needle]:
    """Bytes as they are, whole and by halves, in hex and base64."""
    assert len(secret) >= 16, "too short to be told from chance"
    half = len(secret) // 2
    forms = {
        "raw": secret, "first half": secret[:half], "second half": secret[half:],
        "hex": secret.hex().encode(), "HEX": secret.hex().upper().encode(),
        "hex utf-32": secret.hex().encode("utf-32-le"),
    }  # fmt: skip
    return _needles(name, forms | _base64(secret))


def _base64(data: bytes) -> dict[str, bytes]:
    """At each of the three offsets it can have inside something longer."""
    forms = {}
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + data)
        begin = -(-before * 8 // 6) if before else 0
        end = len(whole.rstrip(b"=")) - 1
        forms[f"base64+{before}"] = whole[begin:end]
    return forms


def _needles(name: str, forms: dict[str, bytes]) -> list[Needle]:
    seen: dict[bytes, Needle] = {}
    for form, data in forms.items():
        seen.setdefault(data, Needle(f"{name} ({form})", data))
    return list(seen.values())


# ---- memory ------------------------------------------------------------------------------------


def mappings(pid: int) -> Iterator[tuple[int, int, str]]:
    """Begin, end and name of every readable mapping but of the programs' own code, which is as it
    was installed: two fifths of a server's memory."""
    for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
        place, rights, _offset, _device, _inode, *named = line.split(maxsplit=5)
        name = named[0] if named else "anonymous"
        code = rights[1] != "w" and name.startswith(_INSTALLED)
        if rights[0] == "r" and not code:
            begin, end = (int(each, 16) for each in place.split("-"))
            yield begin, end, name


def pieces(pid: int) -> Iterator[tuple[str, bytes]]:
    """The memory, mapping by mapping, in pieces that overlap a little.

    Raises PermissionError where it may not be read.
    """
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for begin, end, name in mappings(pid):
            at = begin
            while at < end:
                size = min(PIECE, end - at)
                try:
                    memory.seek(at)
                    data = memory.read(size)
                except (OSError, ValueError, OverflowError):
                    break  # the kernel's own pages, or gone meanwhile
                if not data:
                    break
                yield f"{name} {at:x}", data
                at += len(data) if len(data) < size or at + size == end else size - OVERLAP


def search_memory(pid: int, needles: Iterable[Needle]) -> tuple[int, list[Hit]]:
    """How many bytes were looked at, and every mapping with a needle in it."""
    wanted = list(needles)
    looked, hits = 0, []
    for where, data in pieces(pid):
        looked += len(data)
        hits += [Hit(n.name, f"memory of {pid}: {where}") for n in wanted if n.data in data]
    return looked, hits


def search_told(pid: int, needles: Iterable[Needle]) -> list[Hit]:
    """Arguments and environment, which other people's tools show."""
    wanted = list(needles)
    try:
        told = {name: Path(f"/proc/{pid}/{name}").read_bytes() for name in ("cmdline", "environ")}
    except (FileNotFoundError, ProcessLookupError):
        return []  # it ended in order meanwhile
    return [
        Hit(n.name, f"{name} of {pid}")
        for name, data in told.items()
        for n in wanted
        if n.data in data
    ]


# ---- files -------------------------------------------------------------------------------------


def search_files(
    folders: Iterable[Path], needles: Iterable[Needle], but: Iterable[str] = ()
) -> tuple[int, list[Hit]]:
    """How many files were looked at, and every one with a needle in it, ``but`` some names."""
    wanted = list(needles)
    passed = set(but)
    looked, hits = 0, []
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_symlink() or not path.is_file() or path.name in passed:
                continue
            try:
                data = path.read_bytes()
            except FileNotFoundError:
                continue  # a temporary file that had its time
            looked += 1
            hits += [Hit(n.name, str(path)) for n in wanted if n.data in data]
    return looked, hits


def limits(pid: int) -> dict[str, str]:
    """What the kernel says that matters here: core file size, bytes in swap."""
    core = next(
        line
        for line in Path(f"/proc/{pid}/limits").read_text().splitlines()
        if line.startswith("Max core file size")
    ).split()
    status = Path(f"/proc/{pid}/status").read_text()
    swap = next((x.split()[1] for x in status.splitlines() if x.startswith("VmSwap")), "0")
    return {"core": f"{core[4]} {core[5]}", "swap_kib": swap}


def may_search() -> bool:
    """Whether this user may read the memory of the processes it starts."""
    with subprocess.Popen(["sleep", "60"]) as process:
        try:
            return any(data for _where, data in pieces(process.pid))
        except PermissionError:
            return False
        finally:
            process.kill()
