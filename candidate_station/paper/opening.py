"""Opens a sealed paper in memory: decrypt, check everything listed, refuse with a code.

The plaintext never touches a disk: the ZIP is read through :class:`StreamReader`, which decrypts
one chunk at a time. Everything is checked once on opening, so that no item fails in the middle of
an exam. Errors name files, never keys or seeds (O03).
"""

import threading
import zipfile
from pathlib import PurePosixPath
from typing import BinaryIO, cast

import msgspec

from candidate_station.paper.description import PreparedItem
from candidate_station.paper.preparing import prepare_item
from candidate_station.paper.sanitise import UnsupportedContentError
from venue_server.wire.answer_keys import holds_keys
from venue_server.wire.archives import ZIP_FAULTS, ArchiveError, read_entry
from venue_server.wire.paper_index import FORMAT, PaperIndex
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError
from venue_server.wire.stream import StreamError, StreamReader

INDEX_NAME = "paper.json"
MAX_XML = 8 * 1024 * 1024  # bytes of one item or stimulus
MAX_MEDIA = 512 * 1024 * 1024  # bytes of one media file held in memory while it is shown

# Fixed here and not taken from the machine's mime.types, so that every station serves the same.
_MIME = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".svg": "image/svg+xml",
    ".bmp": "image/bmp",
    ".avif": "image/avif",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".oga": "audio/ogg",
    ".flac": "audio/flac",
    ".wav": "audio/wav",
    ".webm": "video/webm",
    ".vtt": "text/vtt",
}


class PaperUnreadableError(Exception):
    """A part of an opened paper fails authentication: the station's copy is damaged."""


class _Format(msgspec.Struct):
    format: str = ""


# Made here, in one thread: msgspec works out a type at its first use, and two threads doing so at
# once (many stations of one process opening their papers) ended in a null pointer.
_format = msgspec.json.Decoder(_Format)
_index = msgspec.json.Decoder(PaperIndex)


def _refuse(code: RefusalCode, detail: str = "") -> RefusedError:
    return RefusedError(Refusal(code, detail))


class OpenPaper:
    """A paper that a candidate may read. Safe to use from several threads.

    ``xml`` holds the items and stimuli by href; media are decrypted when asked for.
    """

    def __init__(self, index: PaperIndex, archive: zipfile.ZipFile, xml: dict[str, bytes]) -> None:
        self._index = index
        self._archive: zipfile.ZipFile | None = archive
        self._names = frozenset(archive.namelist())
        self._xml = xml
        self._lock = threading.Lock()

    @property
    def index(self) -> PaperIndex:
        return self._index

    @property
    def item_ids(self) -> tuple[str, ...]:
        """Items in the order of the sections."""
        return tuple(item for section in self._index.sections for item in section.item_ids)

    def item(self, item_id: str, sitting_id: str) -> PreparedItem:
        """Prepare an item for one sitting; the same arguments always give the same order.

        KeyError for an item that the paper does not list, or once the paper is closed.
        """
        return prepare_item(
            self._index, self._index.items[item_id], sitting_id, self._xml, self._names
        )

    def file(self, path: str) -> tuple[bytes, str] | None:
        """Bytes and media type of a media file; None when absent, not media, or closed.

        Raises PaperUnreadableError when the station's copy is damaged.
        """
        mime = _MIME.get(PurePosixPath(path).suffix.lower())
        with self._lock:
            if self._archive is None or path not in self._names or mime is None:
                return None
            try:
                return read_entry(self._archive, path, MAX_MEDIA), mime
            except (StreamError, ArchiveError) as error:
                raise PaperUnreadableError(path) from error

    def close(self) -> None:
        """Forget the key and the content."""
        with self._lock:
            archive, self._archive = self._archive, None
            self._xml = {}
            if archive is not None:
                archive.close()


def _read(archive: zipfile.ZipFile, path: str, limit: int) -> bytes:
    try:
        return read_entry(archive, path, limit)
    except ArchiveError as error:
        raise _refuse(RefusalCode.PAPER_INVALID, str(error)) from error


def _read_index(archive: zipfile.ZipFile) -> PaperIndex:
    if INDEX_NAME not in archive.namelist():
        raise _refuse(RefusalCode.PAPER_INVALID, f"{INDEX_NAME} is missing")
    raw = _read(archive, INDEX_NAME, MAX_XML)
    try:
        if _format.decode(raw).format != FORMAT:
            raise _refuse(RefusalCode.VERSION_UNKNOWN, INDEX_NAME)
        return _index.decode(raw)
    except msgspec.DecodeError as error:
        raise _refuse(RefusalCode.DOCUMENT_MALFORMED, INDEX_NAME) from error


def _check_order(index: PaperIndex) -> None:
    """Each item stands in exactly one place (D15), and every reference is listed."""
    order = [item for section in index.sections for item in section.item_ids]
    if len(set(order)) != len(order) or set(order) != set(index.items):
        raise _refuse(RefusalCode.PAPER_INVALID, "sections do not hold every item exactly once")
    for item_id, item in index.items.items():
        if item.item_id != item_id or not set(item.stimulus_ids) <= set(index.stimuli):
            raise _refuse(RefusalCode.PAPER_INVALID, f"{item_id}: bad entry in {INDEX_NAME}")


def _read_xml(archive: zipfile.ZipFile, index: PaperIndex) -> dict[str, bytes]:
    hrefs = [item.href for item in index.items.values()]
    hrefs += [stimulus.href for stimulus in index.stimuli.values()]
    names = set(archive.namelist())
    if missing := sorted(set(hrefs) - names):
        raise _refuse(RefusalCode.PAPER_INVALID, f"missing: {', '.join(missing)}")
    xml = {href: _read(archive, href, MAX_XML) for href in hrefs}
    for href, raw in xml.items():
        if held := holds_keys(raw):
            raise _refuse(RefusalCode.PAPER_HOLDS_KEYS, f"{href}: {held[0]}")
    return xml


def _check_items(paper: OpenPaper) -> None:
    """Prepare every item once: what cannot be shown is refused now, not in the exam."""
    for item_id in paper.item_ids:
        try:
            paper.item(item_id, sitting_id="")
        except UnsupportedContentError as error:
            raise _refuse(RefusalCode.PAPER_INVALID, f"{item_id}: {error}") from error


def _open(source: BinaryIO) -> OpenPaper:
    try:
        archive = zipfile.ZipFile(source)
    except ZIP_FAULTS as error:
        raise _refuse(RefusalCode.PAPER_INVALID, "not a ZIP") from error
    index = _read_index(archive)
    _check_order(index)
    try:
        paper = OpenPaper(index, archive, _read_xml(archive, index))
    except UnsupportedContentError as error:
        raise _refuse(RefusalCode.PAPER_INVALID, str(error)) from error
    _check_items(paper)
    return paper


def open_plain_paper(source: BinaryIO) -> OpenPaper:
    """Open a paper that was never sealed: the station's own calibration paper.

    Raises RefusedError, with the codes of :func:`open_paper`.
    """
    return _open(source)


def open_paper(key: bytes, ciphertext: BinaryIO) -> OpenPaper | Refusal:
    """Open the sealed paper in ``ciphertext`` (seekable; kept open for the media) with ``key``.

    Refusals: CIPHERTEXT_CORRUPT (damaged, or another key), VERSION_UNKNOWN, DOCUMENT_MALFORMED,
    PAPER_HOLDS_KEYS (O05), PAPER_INVALID with the file or item at fault.
    """
    try:
        return _open(cast(BinaryIO, StreamReader(key, ciphertext)))
    except RefusedError as refused:
        return refused.refusal
    except StreamError as error:
        return Refusal(RefusalCode.CIPHERTEXT_CORRUPT, str(error))
