"""Uploads as files: what tus 1.0 needs remembered, durable before it is promised.

    uploads/<id>.json   length, bundle_id, sha256; written once when the upload is created
    uploads/<id>.data   the bytes so far; its size is the offset

Blocking; the handlers call it in threads. An offset is given out only after an fsync, so a kill or
a power cut between two requests loses nothing the client was told.
"""

import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from venue_server.storage.files import sync_directory, write_whole

MAX_LENGTH = 64 * 1024**3
BUNDLE_ID = re.compile(r"[0-9a-f]{32}")
_UPLOAD_ID = re.compile(r"[0-9a-f]{32}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class UploadInfo(msgspec.Struct, frozen=True):
    """What the client declared when it created the upload; ``length`` in bytes."""

    length: int
    bundle_id: str
    sha256: str


@dataclass(frozen=True)
class Upload:
    """One upload and how many bytes of it are here."""

    upload_id: str
    info: UploadInfo
    offset: int
    data: Path

    @property
    def complete(self) -> bool:
        return self.offset == self.info.length


def declared(length: int, metadata: dict[str, str]) -> UploadInfo | None:
    """The creation request as a value, or None when a field is missing or no valid name."""
    bundle_id, sha256 = metadata.get("bundle_id", ""), metadata.get("sha256", "")
    if not 0 < length <= MAX_LENGTH:
        return None
    if not BUNDLE_ID.fullmatch(bundle_id) or not _SHA256.fullmatch(sha256):
        return None
    return UploadInfo(length, bundle_id, sha256)


class UploadShelf:
    """Every upload of one data folder."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / "uploads"
        self._folder.mkdir(exist_ok=True, mode=0o700)

    def create(self, info: UploadInfo) -> str:
        """Make an empty upload, durably, and return its id."""
        upload_id = secrets.token_hex(16)
        self._data(upload_id).touch(mode=0o600)
        write_whole(self._info(upload_id), msgspec.json.encode(info))
        return upload_id

    def find(self, upload_id: str) -> Upload | None:
        """An upload with its durable offset, or None."""
        info_file, data = self._info(upload_id), self._data(upload_id)
        if not _UPLOAD_ID.fullmatch(upload_id) or not info_file.exists():
            return None
        info = msgspec.json.decode(info_file.read_bytes(), type=UploadInfo)
        return Upload(upload_id, info, _synced_size(data), data)

    def append(self, upload: Upload, at: int, piece: bytes) -> int:
        """Put ``piece`` at offset ``at`` (not yet synced); returns the next offset.

        Raises ValueError when it would go past the declared length.
        """
        if at + len(piece) > upload.info.length:
            raise ValueError("more than declared")
        with upload.data.open("r+b") as handle:
            handle.seek(at)
            handle.write(piece)
        return at + len(piece)

    def sync(self, upload: Upload) -> int:
        """fsync; returns the durable offset."""
        return _synced_size(upload.data)

    def remove(self, upload_id: str) -> None:
        """Forget an upload: the client will be told 404 and create another."""
        self._info(upload_id).unlink(missing_ok=True)
        self._data(upload_id).unlink(missing_ok=True)
        sync_directory(self._folder)

    def complete(self) -> Iterator[Upload]:
        """Every upload that is all here, for the look round after a restart."""
        for info_file in sorted(self._folder.glob("*.json")):
            upload = self.find(info_file.stem)
            if upload is not None and upload.complete:
                yield upload

    def _info(self, upload_id: str) -> Path:
        return self._folder / f"{upload_id}.json"

    def _data(self, upload_id: str) -> Path:
        return self._folder / f"{upload_id}.data"


def _synced_size(path: Path) -> int:
    fd = os.open(path, os.O_RDWR)
    try:
        os.fsync(fd)
        return os.fstat(fd).st_size
    finally:
        os.close(fd)
