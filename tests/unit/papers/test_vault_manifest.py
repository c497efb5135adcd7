"""A manifest is accepted only as signed, for this venue, subject, mode and time."""

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from venue_server.vault.manifest import PaperManifest, accept_manifest, read_manifest
from venue_server.wire.names import Mode
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.signed import sign

Change = Callable[[dict[str, Any]], None]


def _document(sealed: Any) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(sealed.paper.manifest_file.read_bytes())
    return document


def _code(result: object) -> RefusalCode:
    assert isinstance(result, Refusal), result
    assert result.text("zh") and result.text("en")
    return result.code


def test_two_signatures_are_required(sealed: Any) -> None:
    document = _document(sealed)
    assert isinstance(
        read_manifest(json.dumps(document).encode(), sealed.trusted, 2), PaperManifest
    )
    one = {**document, "signatures": document["signatures"][:1]}
    twice = {**document, "signatures": document["signatures"][:1] * 2}
    for forged in (one, twice):
        found = read_manifest(json.dumps(forged).encode(), sealed.trusted, 2)
        assert _code(found) is RefusalCode.SIGNATURE_INVALID


def test_any_changed_field_breaks_the_signatures(sealed: Any) -> None:
    document = _document(sealed)
    for field, value in document["payload"].items():
        if field in ("type", "version"):
            continue
        changed = {**document["payload"], field: [value, value]}
        data = json.dumps({**document, "payload": changed}).encode()
        assert _code(read_manifest(data, sealed.trusted, 2)) is RefusalCode.SIGNATURE_INVALID, field


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", RefusalCode.DOCUMENT_MALFORMED),
        (b"{}", RefusalCode.DOCUMENT_MALFORMED),
        (b"\xff", RefusalCode.DOCUMENT_MALFORMED),
        (b"[" * 100_000, RefusalCode.DOCUMENT_MALFORMED),
        (b'{"payload":{"type":"kaodian.receipt","version":"1.0"},"signatures":[]}',
         RefusalCode.DOCUMENT_WRONG_TYPE),
        (b'{"payload":{"type":"kaodian.manifest","version":"2.0"},"signatures":[]}',
         RefusalCode.VERSION_UNKNOWN),
        (b'{"payload":{"type":"kaodian.manifest","version":"1.0"},"signatures":[]}',
         RefusalCode.SIGNATURE_INVALID),
    ],
)  # fmt: skip
def test_other_documents_are_refused_by_code(data: bytes, code: RefusalCode, sealed: Any) -> None:
    assert _code(read_manifest(data, sealed.trusted, 2)) is code


def _set(field: str, value: object) -> Change:
    return lambda payload: payload.update({field: value})


@pytest.mark.parametrize(
    "change",
    [
        _set("k", 1),  # one fragment would be the whole paper (D01)
        _set("k", 6),
        _set("n", 17),
        _set("n", 4),
        _set("mode", "PARTY"),
        _set("paper_id", "a/b"),
        _set("form_id", ""),
        _set("ciphertext_size", 10**9),
        _set("ciphertext_sha256", "00"),
        _set("release_at_ms", 10**14),
        _set("not_before_ms", 10**14),
        _set("venues", None),
        _set("attestations", {}),
        lambda payload: payload["fragments"].reverse(),
        lambda payload: payload["fragments"][0]["blocks"].pop(),
        lambda payload: payload["fragments"][0].update(size=5),
        lambda payload: payload.pop("release_commitment"),
    ],
)
def test_signed_nonsense_is_refused(change: Change, sealed: Any) -> None:
    payload = _document(sealed)["payload"]
    change(payload)
    data = json.dumps(sign(payload, sealed.signers)).encode()
    assert _code(read_manifest(data, sealed.trusted, 2)) is RefusalCode.DOCUMENT_MALFORMED


def test_unknown_fields_are_tolerated(sealed: Any) -> None:
    payload = _document(sealed)["payload"] | {"declassify_at_ms": 1, "version": "1.7"}
    data = json.dumps(sign(payload, sealed.signers)).encode()
    assert isinstance(read_manifest(data, sealed.trusted, 2), PaperManifest)


def _accept(manifest: PaperManifest, **changes: Any) -> Refusal | None:
    given: dict[str, Any] = {
        "venue_id": "V01",
        "subject_code": "9901",
        "mode": manifest.mode,
        "now_ms": manifest.release_at_ms - 1,
    }
    return accept_manifest(manifest, **{**given, **changes})


def test_d14_acceptance(sealed: Any) -> None:
    manifest: PaperManifest = sealed.manifest
    assert _accept(manifest) is None
    assert _accept(manifest, now_ms=manifest.not_before_ms) is None
    assert _accept(manifest, now_ms=manifest.expires_at_ms - 1) is None
    for changes, code in [
        ({"venue_id": "V02"}, RefusalCode.PAPER_WRONG_VENUE),
        ({"subject_code": "9902"}, RefusalCode.PAPER_WRONG_SUBJECT),
        ({"mode": Mode.LIVE}, RefusalCode.MODE_MISMATCH),
        ({"now_ms": manifest.expires_at_ms}, RefusalCode.PAPER_EXPIRED),
        ({"now_ms": manifest.not_before_ms - 1}, RefusalCode.RECEIPT_WINDOW_CLOSED),
    ]:
        assert _code(_accept(manifest, **changes)) is code


def test_d14_live_paper_needs_every_attestation(sealed: Any) -> None:
    live = msgspec.structs.replace(sealed.manifest, mode=Mode.LIVE)
    refusal = _accept(live)
    assert _code(refusal) is RefusalCode.ATTESTATION_MISSING
    assert refusal is not None and refusal.detail == "subject_mapping, rendering"
    full = msgspec.structs.replace(
        live,
        attestations=msgspec.structs.replace(
            live.attestations, subject_mapping=True, rendering=True
        ),
    )
    assert _accept(full) is None
