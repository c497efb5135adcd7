"""Signed documents: two hands, one meaning, nothing changed on the way (C06, DOC-01 to DOC-04)."""

import copy
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from venue_server.wire.canonical import b64
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.signed import key_id, load_document, public_keys, sign, verify

KIND = "kaodian.test"
ONE, TWO, STRANGER = (Ed25519PrivateKey.generate() for _ in range(3))
KNOWN = {key_id(each.public_key()): each.public_key() for each in (ONE, TWO)}
PAYLOAD = {"type": KIND, "version": "1.3", "value": 7, "unknown": {"kept": ["✓"]}}


def judged(document: Any, kind: str = KIND, threshold: int = 2) -> Any:
    found = verify(document, kind, KNOWN, threshold)
    return found.code if isinstance(found, Refusal) else found


def test_c06_two_known_hands_are_believed_and_unknown_fields_stay() -> None:
    document = json.loads(json.dumps(sign(PAYLOAD, [ONE, TWO])))
    assert judged(document) == PAYLOAD


def test_c06_a_key_that_signed_twice_is_one_hand() -> None:
    assert judged(sign(PAYLOAD, [ONE, ONE])) is RefusalCode.SIGNATURE_INVALID
    assert judged(sign(PAYLOAD, [ONE])) is RefusalCode.SIGNATURE_INVALID
    assert judged(sign(PAYLOAD, [ONE]), threshold=1) == PAYLOAD


def test_c06_a_stranger_counts_for_nothing_and_harms_nothing() -> None:
    assert judged(sign(PAYLOAD, [ONE, STRANGER])) is RefusalCode.SIGNATURE_INVALID
    assert judged(sign(PAYLOAD, [STRANGER, ONE, TWO])) == PAYLOAD


def test_c06_a_signature_under_anothers_name_does_not_count() -> None:
    document = sign(PAYLOAD, [ONE, STRANGER])
    document["signatures"][1]["key"] = key_id(TWO.public_key())
    assert judged(document) is RefusalCode.SIGNATURE_INVALID


@pytest.mark.parametrize("change", [{"value": 8}, {"version": "1.4"}, {"more": 1}])
def test_n02_any_change_of_the_payload_is_noticed(change: dict[str, object]) -> None:
    document = sign(PAYLOAD, [ONE, TWO])
    document["payload"].update(change)
    assert judged(document) is RefusalCode.SIGNATURE_INVALID
    document = sign(PAYLOAD, [ONE, TWO])
    del document["payload"]["unknown"]
    assert judged(document) is RefusalCode.SIGNATURE_INVALID


def test_a_document_of_one_type_is_never_one_of_another() -> None:
    document = sign(PAYLOAD, [ONE, TWO])
    assert judged(document, "kaodian.plan") is RefusalCode.DOCUMENT_WRONG_TYPE
    document["payload"]["type"] = "kaodian.plan"
    assert judged(document, "kaodian.plan") is RefusalCode.SIGNATURE_INVALID


@pytest.mark.parametrize("version", ["2.0", "0.9", "", "one"])
def test_an_unknown_major_version_is_named(version: str) -> None:
    document = sign({**PAYLOAD, "version": version}, [ONE, TWO])
    assert judged(document) is RefusalCode.VERSION_UNKNOWN


SOUND = sign(PAYLOAD, [ONE, TWO])


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        "text",
        {},
        {"payload": PAYLOAD},
        {"signatures": []},
        {"payload": [], "signatures": []},
        {"payload": {"type": 1, "version": "1.0"}, "signatures": []},
        {"payload": {"version": "1.0"}, "signatures": []},
        {"payload": PAYLOAD, "signatures": {}},
        {"payload": {**PAYLOAD, "value": float("nan")}, "signatures": SOUND["signatures"]},
        {"payload": {**PAYLOAD, "value": 2**60}, "signatures": SOUND["signatures"]},
        {"payload": {**PAYLOAD, "value": "\ud800"}, "signatures": SOUND["signatures"]},
    ],
)
def test_a_wrong_shape_is_malformed(document: Any) -> None:
    assert judged(document) is RefusalCode.DOCUMENT_MALFORMED


@pytest.mark.parametrize(
    "entry",
    [
        None,
        "text",
        [],
        {},
        {"key": 1, "sig": "x"},
        {"key": SOUND["signatures"][1]["key"]},
        {"key": SOUND["signatures"][1]["key"], "sig": 7},
        {"key": SOUND["signatures"][1]["key"], "sig": "not base64 ✓"},
        {"key": SOUND["signatures"][1]["key"], "sig": b64(bytes(63))},
        {"key": ["a"], "sig": b64(bytes(64))},
    ],
)
def test_an_unsound_signature_counts_for_nothing(entry: Any) -> None:
    document = copy.deepcopy(SOUND)
    document["signatures"][1] = entry
    assert judged(document) is RefusalCode.SIGNATURE_INVALID


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b"[" * 100_000])
def test_bytes_that_are_no_json_are_malformed(data: bytes) -> None:
    found = load_document(data, KIND)
    assert isinstance(found, Refusal)
    assert found.code is RefusalCode.DOCUMENT_MALFORMED


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 7))
def test_n02_any_flipped_bit_of_the_bytes_is_refused_or_means_the_same(at: int, bit: int) -> None:
    data = bytearray(json.dumps(SOUND).encode())
    data[at % len(data)] ^= 1 << bit
    document = load_document(bytes(data), KIND)
    found = document if isinstance(document, Refusal) else verify(document, KIND, KNOWN, 2)
    assert isinstance(found, Refusal) or found == PAYLOAD


def test_keys_are_known_by_the_beginning_of_their_digest() -> None:
    raw = [b64(each.public_key().public_bytes_raw()) for each in (ONE, TWO)]
    assert set(public_keys(raw)) == set(KNOWN)
    assert all(len(name) == 32 for name in KNOWN)
