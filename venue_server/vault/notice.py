"""``kaodian.notice``: headquarters' correction of a paper, signed, sealed until the release.

A correction can give the paper away, so its text is sealed with what opens the paper (O02, G07):

    key    = HKDF-SHA256(ikm = R, salt = empty, length = 32,
                         info = "kaodian-notice/1" 0x00 paper_id 0x00 form_id)
    sealed = nonce 12 | AES-256-GCM(key, nonce, RFC 8785 of the text, aad)
    aad    = "kaodian-notice/1" 0x00 paper_id 0x00 form_id 0x00 sequence

R is the form's release secret. Nobody at the venue, root included, reads a notice before
headquarters publishes R; from then on the server opens it for the stations of that form.
"""

import os
from collections.abc import Mapping

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from venue_server.wire.canonical import b64, canonical, unb64
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.signed import read_signed

TYPE = "kaodian.notice"
VERSION = "1.0"
MAX_TEXT = 4000
"""Characters of one language."""
MAX_ITEMS = 200
_LABEL = b"kaodian-notice/1"
_NONCE = 12


class NoticeText(msgspec.Struct, frozen=True):
    """What is sealed. ``items`` are QTI item ids, empty: the whole paper. The texts are plain."""

    items: list[str]
    zh: str
    en: str

    def __repr__(self) -> str:
        return "NoticeText(…)"

    @property
    def complete(self) -> bool:
        """Both languages said, nothing too long."""
        texts = (self.zh.strip(), self.en.strip())
        return all(0 < len(text) <= MAX_TEXT for text in texts) and len(self.items) <= MAX_ITEMS


class Notice(msgspec.Struct, frozen=True):
    """Payload of the signed document. ``sequence`` rises by notice for each paper. ``sealed`` maps
    a form's id to its sealed text, base64; ``numbers`` are the items' numbers as printed, for
    consoles; ``venues`` empty: every venue that holds the paper. It never changes anybody's time.
    """

    type: str
    version: str
    paper_id: str
    sequence: int
    sealed: dict[str, str]
    issued_at_ms: int
    valid_from_ms: int
    numbers: list[str] = []
    venues: list[str] = []


def seal_text(text: NoticeText, secret: bytes, paper_id: str, form_id: str, sequence: int) -> str:
    """The text for one form under its release secret, base64."""
    nonce = os.urandom(_NONCE)
    plain = canonical(msgspec.to_builtins(text))
    aad = _aad(paper_id, form_id, sequence)
    return b64(nonce + AESGCM(_key(secret, paper_id, form_id)).encrypt(nonce, plain, aad))


def open_text(notice: Notice, form_id: str, secret: bytes) -> NoticeText | Refusal:
    """The text for one form. Refusal NTC-04: it does not open or is not a notice's text."""
    unreadable = Refusal(RefusalCode.NOTICE_UNREADABLE, f"{notice.paper_id}/{form_id}")
    try:
        sealed = unb64(notice.sealed.get(form_id, ""))
        aad = _aad(notice.paper_id, form_id, notice.sequence)
        cipher = AESGCM(_key(secret, notice.paper_id, form_id))
        plain = cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], aad)
        text = msgspec.json.decode(plain, type=NoticeText)
    except (InvalidTag, ValueError, msgspec.DecodeError):
        return unreadable
    return text if text.complete else unreadable


def read_notice(
    data: bytes, keys: Mapping[str, Ed25519PublicKey], threshold: int, venue_id: str
) -> Notice | Refusal:
    """A verified notice for this venue. Refusals: DOC-01…DOC-05, NTC-01 for another venue."""
    notice = read_signed(data, TYPE, Notice, keys, threshold)
    if isinstance(notice, Refusal):
        return notice
    if notice.sequence < 1 or not notice.sealed:
        return Refusal(RefusalCode.DOCUMENT_MALFORMED, TYPE)
    if notice.venues and venue_id not in notice.venues:
        return Refusal(RefusalCode.NOTICE_FOREIGN, venue_id)
    return notice


def _key(secret: bytes, paper_id: str, form_id: str) -> bytes:
    info = _LABEL + b"\0" + f"{paper_id}\0{form_id}".encode()
    return HKDF(SHA256(), 32, salt=None, info=info).derive(secret)


def _aad(paper_id: str, form_id: str, sequence: int) -> bytes:
    return _LABEL + b"\0" + f"{paper_id}\0{form_id}\0{sequence}".encode()
