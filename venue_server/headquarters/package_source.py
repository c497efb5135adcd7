"""A content package as named streams: a folder or a ZIP, with everything unsafe refused.

Nothing here reads a whole file into memory except :meth:`PackageSource.read_xml_bytes`, which is
bounded.
"""

import stat
import zipfile
from abc import ABC, abstractmethod
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast
from urllib.parse import unquote, urlsplit

from venue_server.headquarters.problems import Findings, Place, Rule
from venue_server.wire.archives import ZIP_FAULTS

MAX_XML = 8 * 1024 * 1024
MAX_ENTRIES = 20_000
MAX_TOTAL = 64 * 1024**3
BOMB_SIZE = 16 * 1024 * 1024
BOMB_RATIO = 200
MANIFEST = "imsmanifest.xml"
_OPEN_FAULTS: tuple[type[Exception], ...] = (OSError, *ZIP_FAULTS)


class PackageSource(ABC):
    """The files of one package by their path inside it (``/`` as separator)."""

    def __init__(self, sizes: dict[str, int]) -> None:
        self.sizes = sizes

    @abstractmethod
    def open(self, name: str) -> BinaryIO:
        """A fresh stream over one file."""

    @abstractmethod
    def close(self) -> None:
        """Let go of what is held open."""

    def read_xml_bytes(self, name: str, place: Place, findings: Findings) -> bytes | None:
        """The bytes of an XML file, or None with a problem when it is absurdly large."""
        if self.sizes[name] > MAX_XML:
            findings.add(Rule.PACKAGE_UNSAFE, place, f"{name}: XML > {MAX_XML} bytes")
            return None
        try:
            with self.open(name) as file:
                return file.read(MAX_XML + 1)
        except ZIP_FAULTS as error:
            findings.add(Rule.PACKAGE_UNREADABLE, place, f"{name}: {error}")
            return None

    def __enter__(self) -> "PackageSource":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class FolderSource(PackageSource):
    """A package unpacked in a folder."""

    def __init__(self, root: Path, sizes: dict[str, int]) -> None:
        super().__init__(sizes)
        self._root = root

    def open(self, name: str) -> BinaryIO:
        return (self._root / name).open("rb")

    def close(self) -> None:
        """A folder holds nothing open."""


class ZipSource(PackageSource):
    """A package in a ZIP file; ``base`` is the folder inside it that holds the manifest."""

    def __init__(self, archive: zipfile.ZipFile, base: str, sizes: dict[str, int]) -> None:
        super().__init__(sizes)
        self._archive = archive
        self._base = base

    def open(self, name: str) -> BinaryIO:
        return cast(BinaryIO, self._archive.open(self._base + name))

    def close(self) -> None:
        self._archive.close()


def open_package(path: Path, findings: Findings) -> PackageSource | None:
    """Open a package; None with problems when it is missing, unsafe or without manifest."""
    place = Place(path.name)
    if path.is_dir():
        return _open_folder(path, place, findings)
    try:
        archive = zipfile.ZipFile(path)
    except _OPEN_FAULTS as error:
        findings.add(Rule.PACKAGE_UNREADABLE, place, str(error))
        return None
    source = _open_zip(archive, place, findings)
    if source is None:
        archive.close()
    return source


def _open_folder(root: Path, place: Place, findings: Findings) -> PackageSource | None:
    sizes: dict[str, int] = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_symlink():
            findings.add(Rule.PACKAGE_UNSAFE, Place(name), "symbolic link")
        elif path.is_file():
            sizes[name] = path.stat().st_size
    if MANIFEST not in sizes:
        findings.add(Rule.MANIFEST_MISSING, place)
        return None
    return FolderSource(root, sizes)


def _open_zip(archive: zipfile.ZipFile, place: Place, findings: Findings) -> PackageSource | None:
    entries = [info for info in archive.infolist() if not info.filename.endswith("/")]
    total = sum(info.file_size for info in entries)
    if len(entries) > MAX_ENTRIES or total > MAX_TOTAL:
        findings.add(Rule.PACKAGE_UNSAFE, place, f"{len(entries)} entries, {total} bytes")
        return None
    sizes: dict[str, int] = {}
    for info in entries:
        fault = _entry_fault(info, sizes)
        if fault:
            findings.add(Rule.PACKAGE_UNSAFE, Place(info.filename), fault)
        sizes[info.filename] = info.file_size
    if findings.blocking():
        return None
    base = _base(sizes)
    if base is None:
        findings.add(Rule.MANIFEST_MISSING, place)
        return None
    inside = {n[len(base) :]: s for n, s in sizes.items() if n.startswith(base)}
    return ZipSource(archive, base, inside)


def _entry_fault(info: zipfile.ZipInfo, seen: dict[str, int]) -> str:
    path = PurePosixPath(info.filename)
    if not path.parts:
        return "entry without a name"
    if path.is_absolute() or ".." in path.parts or "\\" in info.filename or ":" in path.parts[0]:
        return "path outside the package"
    if info.header_offset < 0:
        return "damaged directory"
    if info.flag_bits & 0x1:
        return "encrypted entry"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "symbolic link"
    if info.filename in seen:
        return "two entries of the same name"
    if info.file_size > BOMB_SIZE and info.file_size > BOMB_RATIO * max(1, info.compress_size):
        return "extreme compression"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "unknown compression"
    return ""


def _base(sizes: dict[str, int]) -> str | None:
    """The folder of the manifest: the root, or the only top folder."""
    if MANIFEST in sizes:
        return ""
    tops = {name.split("/", 1)[0] for name in sizes if not name.startswith("__MACOSX/")}
    base = f"{tops.pop()}/" if len(tops) == 1 else ""
    return base if base and base + MANIFEST in sizes else None


def resolve(source: PackageSource, base_file: str, href: str) -> str | Rule:
    """The path inside the package that ``href`` in ``base_file`` means, or the rule it breaks."""
    parts = urlsplit(href.strip())
    if parts.scheme or parts.netloc:
        return Rule.EXTERNAL_REFERENCE
    folder = PurePosixPath(base_file).parent
    for candidate in (unquote(parts.path), parts.path):
        path = _normal(folder, candidate)
        if path is None:
            return Rule.HREF_OUTSIDE
        if path in source.sizes:
            return path
    return Rule.FILE_MISSING


def _normal(folder: PurePosixPath, href: str) -> str | None:
    if href.startswith("/"):
        return None
    parts: list[str] = []
    for part in (folder / href).parts:
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)
