"""The media of a paper: typed by content, named by digest, each file once."""

import hashlib
import io
from dataclasses import dataclass
from typing import BinaryIO

from venue_server.headquarters.clean_svg import clean_svg
from venue_server.headquarters.media_length import TAIL_SIZE, play_seconds
from venue_server.headquarters.media_type import HEAD_SIZE, SVG, MediaFault, MediaType, sniff
from venue_server.headquarters.package_source import PackageSource
from venue_server.headquarters.picture_size import Pixels, picture_size
from venue_server.headquarters.problems import Rule
from venue_server.wire.archives import ZIP_FAULTS

PIECE = 1024 * 1024


@dataclass(frozen=True)
class MediaFile:
    """``name`` is the path inside the sealed paper. ``pixels`` is the size of a picture and
    ``seconds`` the length of sound or film, None when the file does not say. ``content`` is what
    goes into the paper when that is not the file as it stands."""

    source_path: str
    name: str
    type: MediaType
    size: int
    pixels: Pixels | None = None
    seconds: float | None = None
    content: bytes | None = None


class MediaStore:
    """Looks at each referenced file once and streams it."""

    def __init__(self, source: PackageSource) -> None:
        self._source = source
        self._known: dict[str, MediaFile | MediaFault] = {}
        self._named: dict[str, MediaFile] = {}

    def look(self, path: str) -> MediaFile | MediaFault:
        """What the file at ``path`` inside the package is."""
        if path not in self._known:
            found = self._known[path] = self._read(path)
            if isinstance(found, MediaFile):
                self._named[found.name] = found
        return self._known[path]

    def named(self, name: str) -> MediaFile | None:
        """The file that goes into the paper under this name."""
        return self._named.get(name)

    def used(self, names: set[str]) -> list[MediaFile]:
        """The files of these names, one for each name."""
        return [self._named[name] for name in sorted(names)]

    def open(self, file: MediaFile) -> BinaryIO:
        """A fresh stream over what goes into the paper."""
        if file.content is not None:
            return io.BytesIO(file.content)
        return self._source.open(file.source_path)

    def _read(self, path: str) -> MediaFile | MediaFault:
        try:
            return self._read_whole(path)
        except ZIP_FAULTS as error:
            return MediaFault(Rule.PACKAGE_UNREADABLE, f"{path}: {error}")

    def _read_whole(self, path: str) -> MediaFile | MediaFault:
        size = self._source.sizes[path]
        digest = hashlib.sha256()
        with self._source.open(path) as file:
            head = file.read(HEAD_SIZE)
            found = sniff(head, whole=size <= len(head))
            if isinstance(found, MediaFault):
                return found
            if found is SVG:
                return _svg(path, clean_svg(head))
            digest.update(head)
            tail = head[-TAIL_SIZE:]
            while piece := file.read(PIECE):
                digest.update(piece)
                tail = (tail + piece)[-TAIL_SIZE:]
        return MediaFile(
            path,
            _name(digest.hexdigest(), found),
            found,
            size,
            picture_size(found.extension, head),
            play_seconds(found.extension, head, tail, size),
        )


def _svg(path: str, content: bytes) -> MediaFile:
    name = _name(hashlib.sha256(content).hexdigest(), SVG)
    return MediaFile(path, name, SVG, len(content), picture_size("svg", content), None, content)


def _name(digest: str, kind: MediaType) -> str:
    return f"media/{digest[:16]}.{kind.extension}"
