"""The statement beside exported journals: frozen, hostile, never believed a bit off (F25)."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.evidence.station_export import FROZEN, identity, signed
from venue_server.wire.canonical import b64, canonical, sha256_hex, unb64
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.signed import sign
from venue_server.wire.station_export import (
    MAX_FILES,
    MAX_SITTINGS,
    MAX_STATEMENT,
    ExportedFile,
    ExportedSitting,
    ReadExport,
    StationExport,
    packed,
    read_statement,
    signed_statement,
    unsigned_statement,
)

KEY, CERTIFICATE = identity()
FOLDER = "0" * 32
HASHES = [sha256_hex(bytes([number])) for number in range(3)]
SITTING = ExportedSitting(FOLDER, "am.01", 3, HASHES[-1], 7, packed(HASHES))
FILE = ExportedFile(f"sittings/{FOLDER}/answers.journal", 5, HASHES[0])
SAID = StationExport("station-1", "", 1, [FILE], [SITTING])


def resigned(change: Callable[[dict[str, Any]], object]) -> bytes:
    """A statement signed by a station that says what it likes."""
    payload = json.loads(signed_statement(SAID, KEY, CERTIFICATE))["payload"]
    change(payload)
    return signed(payload)


def judged(data: bytes) -> Any:
    found = read_statement(data)
    return found.code if isinstance(found, Refusal) else found


# ---- frozen --------------------------------------------------------------------------------------


def test_f25_the_frozen_statement_is_read_and_says_what_it_said() -> None:
    found = read_statement((FROZEN / "export.json").read_bytes())
    assert isinstance(found, ReadExport)
    expected = json.loads((FROZEN / "expected.json").read_text())
    assert found.cert_sha256 == expected["cert_sha256"]
    assert msgspec.to_builtins(found.said) == expected["said"]
    (sitting,) = found.said.sittings
    assert len(sitting.signed_hashes()) == sitting.seq == 4


def test_f25_the_frozen_statement_reads_by_the_document_alone() -> None:
    """As docs/protocol.md tells it, with nothing of the project."""
    document = json.loads((FROZEN / "export.json").read_bytes())
    payload, (signature,) = document["payload"], document["signatures"]
    text = json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    der = unb64(payload["certificate"])
    assert signature["key"] == hashlib.sha256(der).hexdigest()
    public = x509.load_der_x509_certificate(der).public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    message = b"kaodian-signed/1\0kaodian.station-export\0" + text.encode()
    public.verify(unb64(signature["sig"]), message, ec.ECDSA(hashes.SHA256()))
    for file in payload["files"]:
        data = (FROZEN / file["name"]).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file["size"], file["sha256"])


def test_f25_a_turned_bit_anywhere_is_never_a_statement() -> None:
    raw = (FROZEN / "export.json").read_bytes()
    for place in range(len(raw)):
        turned = bytearray(raw)
        turned[place] ^= 1 << place % 8
        assert isinstance(read_statement(bytes(turned)), Refusal), place


# ---- who signed ----------------------------------------------------------------------------------


def test_f25_what_a_station_signs_is_read_again() -> None:
    found = read_statement(signed_statement(SAID, KEY, CERTIFICATE))
    assert isinstance(found, ReadExport)
    assert found.cert_sha256 == CERTIFICATE.fingerprint(hashes.SHA256()).hex()
    assert found.sitting(FOLDER) == SITTING and found.sitting("1" * 32) is None
    assert found.file(FILE.name) == FILE and found.file("x") is None
    assert found.said.sittings[0].signed_hashes() == set(HASHES)


def test_f25_without_a_signature_it_says_so_itself() -> None:
    found = read_statement(unsigned_statement(SAID))
    assert isinstance(found, ReadExport) and found.cert_sha256 == ""


def test_f25_a_signature_taken_off_is_not_unsigned_but_bad() -> None:
    document = json.loads(signed_statement(SAID, KEY, CERTIFICATE))
    document["signatures"] = []
    assert judged(canonical(document)) is RefusalCode.SIGNATURE_INVALID


def test_f25_another_key_under_this_certificate_does_not_count() -> None:
    forged = signed_statement(SAID, ec.generate_private_key(ec.SECP256R1()), CERTIFICATE)
    assert judged(forged) is RefusalCode.SIGNATURE_INVALID


def test_f25_headquarters_form_of_signature_is_not_a_stations() -> None:
    payload = json.loads(signed_statement(SAID, KEY, CERTIFICATE))["payload"]
    document = sign(payload, [Ed25519PrivateKey.generate()])
    assert judged(canonical(document)) is RefusalCode.SIGNATURE_INVALID


@pytest.mark.parametrize(
    "signatures",
    [[{}], [7], [{"key": 1, "sig": 2}], [{"key": "x", "sig": "y"}], [{"sig": ""}] * 2],
)
def test_f25_signatures_that_are_none(signatures: list[Any]) -> None:
    document = json.loads(signed_statement(SAID, KEY, CERTIFICATE))
    document["signatures"] = signatures
    assert judged(canonical(document)) is RefusalCode.SIGNATURE_INVALID


# ---- hostile, and signed by a station all the same -----------------------------------------------


HOSTILE: dict[str, Callable[[dict[str, Any]], object]] = {
    "path up": lambda p: p["files"][0].update(name="../../etc/shadow"),
    "absolute path": lambda p: p["files"][0].update(name="/etc/shadow"),
    "path inside": lambda p: p["files"][0].update(name=f"sittings/{FOLDER}/../../x"),
    "another file": lambda p: p["files"][0].update(name="identity/machine-1.pem"),
    "line end": lambda p: p["files"][0].update(name=FILE.name + "\n"),
    "file twice": lambda p: p["files"].append(p["files"][0]),
    "sitting twice": lambda p: p["sittings"].append(p["sittings"][0]),
    "folder": lambda p: p["sittings"][0].update(folder="../x"),
    "digest": lambda p: p["files"][0].update(sha256="X" * 64),
    "negative size": lambda p: p["files"][0].update(size=-1),
    "no number": lambda p: p["files"][0].update(size="5"),
    "head": lambda p: p["sittings"][0].update(head="x"),
    "head of another": lambda p: p["sittings"][0].update(head=HASHES[0]),
    "fewer hashes": lambda p: p["sittings"][0].update(hashes=packed(HASHES[1:])),
    "half a hash": lambda p: p["sittings"][0].update(others=b64(bytes(31))),
    "no base64": lambda p: p["sittings"][0].update(hashes="!"),
    "nothing with a head": lambda p: p["sittings"][0].update(seq=0),
    "nobody's certificate": lambda p: p.update(machine_id=""),
    "files of another kind": lambda p: p.update(files={}),
    "too many files": lambda p: p.update(
        files=[
            {"name": f"sittings/{n:032x}/answers.journal", "size": 0, "sha256": "0" * 64}
            for n in range(MAX_FILES + 1)
        ]
    ),
    "too many sittings": lambda p: p.update(
        sittings=[
            {"folder": f"{n:032x}", "sitting_id": "", "seq": 0, "head": ""}
            for n in range(MAX_SITTINGS + 1)
        ]
    ),
}


@pytest.mark.parametrize("change", HOSTILE.values(), ids=HOSTILE.keys())
def test_n02_a_statement_that_breaks_a_rule_is_malformed_whoever_signed_it(
    change: Callable[[dict[str, Any]], object],
) -> None:
    assert judged(resigned(change)) is RefusalCode.DOCUMENT_MALFORMED


def test_n02_what_is_not_known_stays_and_another_major_version_is_told() -> None:
    assert isinstance(judged(resigned(lambda p: p.update(more=[1], version="1.9"))), ReadExport)
    assert judged(resigned(lambda p: p.update(version="2.0"))) is RefusalCode.VERSION_UNKNOWN
    assert judged(resigned(lambda p: p.update(type="x"))) is RefusalCode.DOCUMENT_WRONG_TYPE


@pytest.mark.parametrize("certificate", ["", "!", b64(b"x"), b64(bytes(5000))])
def test_n02_a_certificate_that_is_none(certificate: str) -> None:
    found = judged(resigned(lambda p: p.update(certificate=certificate)))
    assert found is RefusalCode.SIGNATURE_INVALID


def test_n02_a_key_of_another_curve_is_no_stations() -> None:
    key = ec.generate_private_key(ec.SECP384R1())
    name = x509.Name([])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(CERTIFICATE.not_valid_before_utc)
        .not_valid_after(CERTIFICATE.not_valid_after_utc)
        .sign(key, hashes.SHA256())
    )
    assert judged(signed_statement(SAID, key, certificate)) is RefusalCode.SIGNATURE_INVALID


def test_n02_a_file_beyond_any_size_is_not_even_parsed() -> None:
    assert judged(b" " * (MAX_STATEMENT + 1)) is RefusalCode.DOCUMENT_MALFORMED


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=200)
    | st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["payload", "signatures", "type", "version", "files"]), inner
            )
        ),
        max_leaves=10,
    ).map(lambda value: json.dumps(value).encode())
)
def test_n02_any_bytes_get_an_answer(data: bytes) -> None:
    assert isinstance(read_statement(data), Refusal)
