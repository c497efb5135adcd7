"""The plain paper as a ZIP: given away in pieces, then read again and searched for keys.

Nothing here needs a file: sealing encrypts each piece as it comes, so the plain paper is never on
a disk (docs/sealed-paper.md §10).
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import msgspec
from lxml import etree

from venue_server.headquarters.canonical_ids import option_ids
from venue_server.headquarters.media_store import PIECE, MediaFile, MediaStore
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


class _Sink:
    """Takes what ZipFile writes and gives it away in pieces; cannot seek, and says so by having
    neither ``tell`` nor ``seek``."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing to close."""

    def take(self) -> bytes:
        data = b"".join(self._pieces)
        self._pieces.clear()
        return data


def container_pieces(
    index: PaperIndex, files: PaperFiles, media: list[MediaFile], store: MediaStore
) -> Iterator[bytes]:
    """The ZIP: ``paper.json``, the documents, then the media, streamed."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr(_entry(INDEX_NAME), msgspec.json.encode(index))
        for name in sorted(files.documents):
            archive.writestr(_entry(name), files.documents[name])
            yield sink.take()
        for file in media:
            entry = _entry(file.name, zipfile.ZIP_STORED)
            entry.file_size = file.size
            with store.open(file) as reader, archive.open(entry, "w") as writer:
                while piece := reader.read(PIECE):
                    writer.write(piece)
                    yield sink.take()
    yield sink.take()


def _entry(name: str, compression: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _DATE)
    entry.compress_type = compression
    entry.external_attr = 0o600 << 16
    return entry


@dataclass
class ReadBack:
    """A plain paper as a station reads it: its faults, its index, the option ids of each
    response of each item."""

    faults: list[Fault]
    index: PaperIndex | None = None
    options: dict[str, dict[str, list[str]]] = field(default_factory=dict)


def read_back(source: Path | BinaryIO) -> ReadBack:
    """Read a plain paper to its last byte and list every fault, keys above all (O05)."""
    with zipfile.ZipFile(source) as archive:
        names = archive.namelist()
        if names[:1] != [INDEX_NAME]:
            return ReadBack([Fault(INDEX_NAME, "is not the first entry")])
        index = msgspec.json.decode(archive.read(INDEX_NAME), type=PaperIndex)
        read = ReadBack(_name_faults(index, names), index)
        if (damaged := archive.testzip()) is not None:
            read.faults.append(Fault(damaged, "is damaged"))
        for name in names[1:]:
            if name.endswith(".xml") and not name.startswith("media/"):
                read.faults += [Fault(name, what) for what in holds_keys(archive.read(name))]
        present = set(names)
        for item_id, item in index.items.items():
            if item.href in present:
                read.options[item_id] = option_ids(etree.fromstring(archive.read(item.href)))
    return read


def _name_faults(index: PaperIndex, names: list[str]) -> list[Fault]:
    faults: list[Fault] = []
    if index.format != FORMAT:
        faults.append(Fault(INDEX_NAME, f"format {index.format}"))
    wanted = {item.href for item in index.items.values()}
    wanted |= {stimulus.href for stimulus in index.stimuli.values()}
    faults += [Fault(name, "missing") for name in sorted(wanted - set(names))]
    for name in names[1:]:
        if name.startswith("media/"):
            continue
        if not name.endswith(".xml"):
            faults.append(Fault(name, "does not belong in a paper"))
        elif name not in wanted:
            faults.append(Fault(name, "is not in the index"))
    return faults
