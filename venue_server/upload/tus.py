"""Upload by tus 1.0 (https://tus.io/protocols/resumable-upload), core and creation, by tuspy.

tuspy builds headers and metadata; every request goes through :class:`PinnedServer`, because tuspy's
own ones trust the environment and follow redirects. Blocking: for a worker thread.
"""

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Event
from typing import BinaryIO

from tusclient.client import TusClient
from tusclient.uploader.uploader import Uploader

from venue_server.upload.pinned import Answer, PinnedServer, UploadFault
from venue_server.upload.schedule import BUSY, asked_s, next_piece, piece_after_break

CHUNK_SIZE = 1024 * 1024
SMALLEST = 64 * 1024
"""A way that takes no pieces of CHUNK_SIZE (413), or takes long for them, is given smaller ones,
down to this."""
UPLOADS = "uploads/"
_GONE = (403, 404, 410)


class UploadGoneError(UploadFault):
    """The server no longer knows the upload, or holds another one; a new one must be created."""


class PinnedUploader(Uploader):
    """One upload of one open file. ``url`` resumes an upload: its offset is asked at once."""

    def __init__(
        self,
        server: PinnedServer,
        source: BinaryIO,
        metadata: Mapping[str, str],
        url: str | None,
        piece: int = CHUNK_SIZE,
    ) -> None:
        self._server = server
        self._source = source
        self.size = source.seek(0, os.SEEK_END)
        self.address = url or ""
        self.piece, self._largest = piece, CHUNK_SIZE
        super().__init__(
            file_stream=source,
            url=url,
            client=TusClient(server.url(UPLOADS)),
            metadata=dict(metadata),
        )

    def get_offset(self) -> int:
        """HEAD: how many bytes the server holds durably. It may be fewer than it once said: these
        are sent again. Of another length, or more than there are: not this upload."""
        answer = self._server.ask("HEAD", self.address, self._headers())
        if answer.status_code in _GONE:
            raise UploadGoneError(f"HEAD: {answer.status_code}")
        if answer.status_code not in (200, 204):
            raise refused("HEAD", answer)
        offset = _number(answer.headers.get("Upload-Offset"))
        length = answer.headers.get("Upload-Length")
        if offset is None or offset > self.size or length not in (None, str(self.size)):
            raise UploadGoneError("HEAD: not this upload")
        return offset

    def create_url(self) -> str:
        """POST: make the upload and return its address, at the designated server only."""
        headers: dict[str, str] = self.get_url_creation_headers()  # type: ignore[no-untyped-call]
        answer = self._server.ask("POST", self._server.url(UPLOADS), headers)
        place = answer.headers.get("Location")
        if answer.status_code != 201 or place is None:
            raise refused("POST", answer)
        return self._server.url(place)

    def upload_chunk(self) -> None:
        """PATCH: the next bytes; the offset moves on by what the server took durably. Nothing moves
        where the piece was too large: the next one is smaller. So it is on a slow line, where a
        large one would be long unconfirmed."""
        self._source.seek(self.offset)
        headers = {
            **self._headers(),
            "Upload-Offset": str(self.offset),
            "Content-Type": "application/offset+octet-stream",
        }
        piece = self._source.read(self.piece)
        began_s = time.monotonic()
        try:
            answer = self._server.ask("PATCH", self.address, headers, piece)
        except UploadFault:
            self.piece = piece_after_break(self.piece, SMALLEST)
            raise
        took_s = time.monotonic() - began_s
        if answer.status_code in _GONE:
            raise UploadGoneError(f"PATCH: {answer.status_code}")
        too_large = answer.status_code == 413 and "Retry-After" not in answer.headers
        if too_large and self.piece > SMALLEST:
            self.piece = self._largest = self.piece // 4
            return
        if answer.status_code != 204:
            raise refused("PATCH", answer)
        offset = _number(answer.headers.get("Upload-Offset"))
        if offset is None or offset <= self.offset:
            raise UploadFault("PATCH: the offset did not grow")
        if offset > self.offset + len(piece):
            raise UploadGoneError("PATCH: the server claims bytes that nobody sent")
        self.offset = offset
        self.piece = next_piece(self.piece, took_s, SMALLEST, self._largest)

    def _headers(self) -> dict[str, str]:
        headers: dict[str, str] = self.get_headers()  # type: ignore[no-untyped-call]
        return headers


def refused(what: str, answer: Answer) -> UploadFault:
    """A no of the server, with the wait it asks for where the trouble passes."""
    wait = asked_s(answer.headers) if answer.status_code in BUSY else None
    return UploadFault(f"{what}: {answer.status_code}", wait)


def _number(text: str | None) -> int | None:
    whole = text is not None and text.isascii() and text.isdecimal() and len(text) < 20
    return int(text) if whole and text is not None else None


def upload_file(
    server: PinnedServer,
    path: Path,
    metadata: Mapping[str, str],
    url: str | None,
    remember: Callable[[str], None],
    stop: Event,
    confirmed: Callable[[int], None] = lambda _offset: None,
    piece: int = CHUNK_SIZE,
) -> None:
    """Bring the whole file to the server, from where it was left. What it confirmed is not sent
    again; ``confirmed`` hears how much that is, first where it goes on, then after each piece.

    ``piece``: bytes of the first one; a fault says which would be better next time.
    ``remember`` must make the upload's address durable before it returns: only then is the first
    byte sent. ``stop`` ends the work between two chunks with an UploadFault.
    Raises UploadFault, UploadGoneError, WrongServerError, OSError (the file itself).
    """
    with path.open("rb") as source:
        uploader = PinnedUploader(server, source, metadata, url, piece)
        if url is None:
            created = uploader.create_url()
            remember(created)
            uploader.address = created
        start = uploader.offset
        confirmed(start)
        try:
            while uploader.offset < uploader.size:
                if stop.is_set():
                    raise UploadFault("stopped")
                uploader.upload_chunk()
                confirmed(uploader.offset)
        except UploadFault as fault:
            fault.moved = uploader.offset > start
            fault.piece = uploader.piece
            raise
