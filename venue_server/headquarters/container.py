"""The plain paper as a ZIP: written in one go, then read again and searched for keys."""

import shutil
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from venue_server.headquarters.media_store import PIECE, MediaFile
from venue_server.headquarters.package_source import PackageSource
from venue_server.wire.answer_keys import holds_keys
from venue_server.wire.paper_index import FORMAT, PaperIndex

INDEX_NAME = "paper.json"
ITEM_NAME = "items/{:04d}.xml"
STIMULUS_NAME = "stimuli/{:04d}.xml"
# The same for every entry: a paper says nothing about when it was made.
_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass
class PaperFiles:
    """What goes into the paper: XML documents by name, and the names of its media."""

    documents: dict[str, bytes] = field(default_factory=dict)
    media_names: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Fault:
    """Something in a plain paper that must not be there, or is missing."""

    file: str
    what: str


def write_container(
    target: Path,
    index: PaperIndex,
    files: PaperFiles,
    media: list[MediaFile],
    source: PackageSource,
) -> None:
    """Write the ZIP: ``paper.json``, the documents, then the media, streamed."""
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(_entry(INDEX_NAME), msgspec.json.encode(index))
        for name in sorted(files.documents):
            archive.writestr(_entry(name), files.documents[name])
        for file in media:
            entry = _entry(file.name, zipfile.ZIP_STORED)
            entry.file_size = file.size
            with source.open(file.source_path) as reader, archive.open(entry, "w") as writer:
                shutil.copyfileobj(reader, writer, PIECE)


def _entry(name: str, compression: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _DATE)
    entry.compress_type = compression
    entry.external_attr = 0o600 << 16
    return entry


def check_container(path: Path) -> list[Fault]:
    """Read a plain paper as the stations do and list every fault, keys above all (O05)."""
    faults: list[Fault] = []
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        if names[:1] != [INDEX_NAME]:
            return [Fault(INDEX_NAME, "is not the first entry")]
        index = msgspec.json.decode(archive.read(INDEX_NAME), type=PaperIndex)
        if index.format != FORMAT:
            faults.append(Fault(INDEX_NAME, f"format {index.format}"))
        wanted = {item.href for item in index.items.values()}
        wanted |= {stimulus.href for stimulus in index.stimuli.values()}
        faults += [Fault(name, "missing") for name in sorted(wanted - set(names))]
        for name in names[1:]:
            if name.endswith(".xml") and not name.startswith("media/"):
                faults += [Fault(name, what) for what in holds_keys(archive.read(name))]
                if name not in wanted:
                    faults.append(Fault(name, "is not in the index"))
            elif not name.startswith("media/"):
                faults.append(Fault(name, "does not belong in a paper"))
    return faults
