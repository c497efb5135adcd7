"""Upload by tus 1.0 (https://tus.io/protocols/resumable-upload), core and creation, by tuspy.

tuspy builds headers and metadata; every request goes through :class:`PinnedServer`, because tuspy's
own ones trust the environment and follow redirects. Blocking: for a worker thread.
"""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Event
from typing import BinaryIO

from requests import Response
from tusclient.client import TusClient
from tusclient.uploader.uploader import Uploader

from venue_server.upload.pinned import PinnedServer, UploadFault

CHUNK_SIZE = 1024 * 1024
UPLOADS = "uploads/"
_GONE = (403, 404, 410)
_BUSY = (429, 503)


class UploadGoneError(UploadFault):
    """The server no longer knows the upload; a new one must be created."""


class PinnedUploader(Uploader):
    """One upload of one open file. ``url`` resumes an upload: its offset is asked at once."""

    def __init__(
        self, server: PinnedServer, source: BinaryIO, metadata: Mapping[str, str], url: str | None
    ) -> None:
        self._server = server
        self._source = source
        self.size = source.seek(0, os.SEEK_END)
        self.address = url or ""
        super().__init__(
            file_stream=source,
            url=url,
            client=TusClient(server.url(UPLOADS)),
            metadata=dict(metadata),
        )

    def get_offset(self) -> int:
        """HEAD: how many bytes the server holds durably."""
        answer = self._server.ask("HEAD", self.address, self._headers())
        if answer.status_code in _GONE:
            raise UploadGoneError(f"HEAD: {answer.status_code}")
        if answer.status_code in _BUSY:
            raise _refused("HEAD", answer)
        return _number(answer.headers.get("Upload-Offset"), self.size, "HEAD")

    def create_url(self) -> str:
        """POST: make the upload and return its address, at the designated server only."""
        headers: dict[str, str] = self.get_url_creation_headers()  # type: ignore[no-untyped-call]
        answer = self._server.ask("POST", self._server.url(UPLOADS), headers)
        place = answer.headers.get("Location")
        if answer.status_code != 201 or place is None:
            raise _refused("POST", answer)
        return self._server.url(place)

    def upload_chunk(self) -> None:
        """PATCH: the next bytes; the offset moves on by what the server took durably."""
        self._source.seek(self.offset)
        headers = {
            **self._headers(),
            "Upload-Offset": str(self.offset),
            "Content-Type": "application/offset+octet-stream",
        }
        answer = self._server.ask("PATCH", self.address, headers, self._source.read(CHUNK_SIZE))
        if answer.status_code in _GONE:
            raise UploadGoneError(f"PATCH: {answer.status_code}")
        if answer.status_code != 204:
            raise _refused("PATCH", answer)
        offset = _number(answer.headers.get("Upload-Offset"), self.size, "PATCH")
        if offset <= self.offset:
            raise UploadFault("PATCH: the offset did not grow")
        self.offset = offset

    def _headers(self) -> dict[str, str]:
        headers: dict[str, str] = self.get_headers()  # type: ignore[no-untyped-call]
        return headers


def _refused(what: str, answer: Response) -> UploadFault:
    """A no of the server, with the wait it asks for where it is busy (RFC 9110, in seconds)."""
    asked = answer.headers.get("Retry-After", "") if answer.status_code in _BUSY else ""
    return UploadFault(
        f"{what}: {answer.status_code}",
        float(asked) if asked.isdecimal() and len(asked) < 7 else None,
    )


def _number(text: str | None, most: int, what: str) -> int:
    if text is None or not text.isdecimal() or int(text) > most:
        raise UploadFault(f"{what}: no valid Upload-Offset")
    return int(text)


def upload_file(
    server: PinnedServer,
    path: Path,
    metadata: Mapping[str, str],
    url: str | None,
    remember: Callable[[str], None],
    stop: Event,
) -> None:
    """Bring the whole file to the server, from where it was left.

    ``remember`` must make the upload's address durable before it returns: only then is the first
    byte sent. ``stop`` ends the work between two chunks with an UploadFault.
    Raises UploadFault, UploadGoneError, WrongServerError, OSError (the file itself).
    """
    with path.open("rb") as source:
        uploader = PinnedUploader(server, source, metadata, url)
        if url is None:
            created = uploader.create_url()
            remember(created)
            uploader.address = created
        start = uploader.offset
        try:
            while uploader.offset < uploader.size:
                if stop.is_set():
                    raise UploadFault("stopped")
                uploader.upload_chunk()
        except UploadFault as fault:
            fault.moved = uploader.offset > start
            raise
