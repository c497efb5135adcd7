"""Signed documents: a JSON payload under the Ed25519 signatures of one or more named keys.

The form is the same for the session plan, the paper manifest, the release token, headquarters'
time, receipts and the room record: ``{"payload": {...}, "signatures": [{"key", "sig"}]}``.
The signature covers ``b"kaodian-signed/1\\0" + type + b"\\0" + RFC 8785(payload)``, so a document
of one type can never be passed off as one of another. Unknown fields are kept, because they are
inside the signed bytes.
"""

import json
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from venue_server.wire.canonical import b64, canonical, sha256_hex, unb64
from venue_server.wire.refusals import Refusal, RefusalCode

_DOMAIN = b"kaodian-signed/1\0"
MAJOR_VERSION = 1
# What is signed nests a few levels; a limit keeps every reader's stack, and its verdict, the same.
MAX_DEPTH = 64

T = TypeVar("T")


def key_id(public: Ed25519PublicKey) -> str:
    """First 32 hex digits of the SHA-256 of the raw public key."""
    return sha256_hex(public.public_bytes_raw())[:32]


def signed_bytes(payload: Mapping[str, Any]) -> bytes:
    """What a signature covers; the payload's ``type`` is part of it."""
    return _DOMAIN + str(payload["type"]).encode() + b"\0" + canonical(dict(payload))


def sign(payload: Mapping[str, Any], keys: list[Ed25519PrivateKey]) -> dict[str, Any]:
    """Sign ``payload`` (which holds ``type`` and ``version`` "major.minor") with every key."""
    message = signed_bytes(payload)
    return {
        "payload": dict(payload),
        "signatures": [
            {"key": key_id(key.public_key()), "sig": b64(key.sign(message))} for key in keys
        ],
    }


def verify(
    document: Any, kind: str, keys: Mapping[str, Ed25519PublicKey], threshold: int
) -> dict[str, Any] | Refusal:
    """Return the payload when at least ``threshold`` distinct keys of ``keys`` signed it.

    ``kind`` is the expected ``type``. Wrong shape, type, unknown major version or too few valid
    signatures come back as a refusal.
    """
    match document:
        case {
            "payload": {"type": str(found), "version": str(version)} as payload,
            "signatures": list(signatures),
        }:
            pass
        case _:
            return Refusal(RefusalCode.DOCUMENT_MALFORMED, kind)
    if found != kind:
        return Refusal(RefusalCode.DOCUMENT_WRONG_TYPE, found)
    if version.split(".")[0] != str(MAJOR_VERSION):
        return Refusal(RefusalCode.VERSION_UNKNOWN, version)
    try:
        message = signed_bytes(payload)
    except (ValueError, TypeError):
        return Refusal(RefusalCode.DOCUMENT_MALFORMED, kind)
    valid = {
        entry["key"]
        for entry in signatures
        if isinstance(entry, dict) and _is_valid(entry, message, keys)
    }
    if len(valid) < threshold:
        return Refusal(RefusalCode.SIGNATURE_INVALID, kind)
    return dict(payload)


def _is_valid(entry: dict[Any, Any], message: bytes, keys: Mapping[str, Ed25519PublicKey]) -> bool:
    public = keys.get(entry.get("key", "")) if isinstance(entry.get("key"), str) else None
    if public is None or not isinstance(entry.get("sig"), str):
        return False
    try:
        public.verify(unb64(entry["sig"]), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def load_document(data: bytes, kind: str) -> Any | Refusal:
    """Parse the bytes of a signed document; malformed or absurdly nested JSON is a refusal, and so
    is text with half a surrogate pair in it, which nothing could write again."""
    malformed = Refusal(RefusalCode.DOCUMENT_MALFORMED, kind)
    try:
        document = json.loads(data)
        if _is_deep(document):
            return malformed
        json.dumps(document, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return malformed
    return document


def signed_payload(
    data: bytes, kind: str, keys: Mapping[str, Ed25519PublicKey], threshold: int
) -> dict[str, Any] | Refusal:
    """The payload of a signed document as it came: parsed and verified. Refusals:
    DOC-01…DOC-04."""
    return verify(load_document(data, kind), kind, keys, threshold)


def read_signed(
    data: bytes,
    kind: str,
    shape: type[T],
    keys: Mapping[str, Ed25519PublicKey],
    threshold: int,
) -> T | Refusal:
    """The payload of a signed document as a ``shape``: parsed, verified, converted. Refusals:
    DOC-01…DOC-04."""
    payload = signed_payload(data, kind, keys, threshold)
    if isinstance(payload, Refusal):
        return payload
    try:
        return msgspec.convert(payload, shape)
    except msgspec.ValidationError as error:
        return Refusal(RefusalCode.DOCUMENT_MALFORMED, f"{kind}: {error}")


def _is_deep(document: Any) -> bool:
    """Whether something lies deeper than :data:`MAX_DEPTH`; without recursion."""
    level = [document]
    for _ in range(MAX_DEPTH):
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return False
    return True


def public_keys(raw: list[str]) -> dict[str, Ed25519PublicKey]:
    """Key ids to keys from a list of base64 raw public keys."""
    keys = [Ed25519PublicKey.from_public_bytes(unb64(text)) for text in raw]
    return {key_id(key): key for key in keys}
