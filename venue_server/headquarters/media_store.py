"""The media of a paper: typed by content, named by digest, each file once."""

import hashlib
from dataclasses import dataclass

from venue_server.headquarters.media_type import HEAD_SIZE, MediaFault, MediaType, sniff
from venue_server.headquarters.package_source import PackageSource
from venue_server.headquarters.problems import Rule
from venue_server.wire.archives import ZIP_FAULTS

PIECE = 1024 * 1024


@dataclass(frozen=True)
class MediaFile:
    """``name`` is the path inside the sealed paper."""

    source_path: str
    name: str
    type: MediaType
    size: int


class MediaStore:
    """Looks at each referenced file once and streams it."""

    def __init__(self, source: PackageSource) -> None:
        self._source = source
        self._known: dict[str, MediaFile | MediaFault] = {}

    def look(self, path: str) -> MediaFile | MediaFault:
        """What the file at ``path`` inside the package is."""
        if path not in self._known:
            self._known[path] = self._read(path)
        return self._known[path]

    def used(self, names: set[str]) -> list[MediaFile]:
        """The files of these names, one for each name."""
        files = {f.name: f for f in self._known.values() if isinstance(f, MediaFile)}
        return [files[name] for name in sorted(names)]

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
            digest.update(head)
            while piece := file.read(PIECE):
                digest.update(piece)
        name = f"media/{digest.hexdigest()[:16]}.{found.extension}"
        return MediaFile(path, name, found, size)
