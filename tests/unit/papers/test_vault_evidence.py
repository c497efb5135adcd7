"""A second implementation of docs/sealed-paper.md, written from the document, opens the evidence.

Nothing of the project is imported below the line of fixtures: when this test fails, the format
changed or the document is wrong.
"""

import base64
import hashlib
import io
import itertools
import json
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest
import rfc8785
import shamir_mnemonic
import zfec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PrivateKey, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from venue_server.intake.assembly import Assembled, assemble
from venue_server.intake.fragments import FragmentVerdict, inspect_fragment
from venue_server.vault.keys import derive_content_key
from venue_server.vault.manifest import PaperManifest, read_manifest
from venue_server.vault.release_token import read_release_token
from venue_server.vault.shares import recover_secret
from venue_server.wire.hpke import load_private
from venue_server.wire.signed import public_keys

EVIDENCE = Path(__file__).parents[2] / "evidence" / "sealed-paper-1"


@pytest.fixture
def expected() -> dict[str, Any]:
    values: dict[str, Any] = json.loads((EVIDENCE / "expected.json").read_text())
    return values


def test_this_implementation_opens_the_evidence(expected: dict[str, Any], tmp_path: Path) -> None:
    trusted = public_keys(expected["headquarters_keys"])
    manifest = read_manifest((EVIDENCE / "manifest.json").read_bytes(), trusted, 2)
    assert isinstance(manifest, PaperManifest)
    verdicts = [inspect_fragment(p, manifest, "V01") for p in EVIDENCE.glob("*.kdfrag")]
    good = [verdict for verdict in verdicts if isinstance(verdict, FragmentVerdict)]
    assert len(good) == 3
    result = assemble({v.fragment: v.path for v in good}, manifest, tmp_path / "c")
    assert isinstance(result, Assembled)
    assert result.sha256 == expected["ciphertext_sha256"]
    venue = load_private(EVIDENCE / "venue-test-only.hpke")
    shares = {v.fragment: v.sealed_share for v in good}
    secret = recover_secret(shares, manifest, "V01", venue)
    token = (EVIDENCE / "release-token.json").read_bytes()
    release = read_release_token(token, manifest, trusted, 2)
    assert isinstance(secret, bytes) and isinstance(release, bytes)
    key = derive_content_key(secret, release, manifest.paper_id, manifest.form_id)
    assert (secret.hex(), release.hex(), key.hex()) == (
        expected["shared_secret"],
        expected["release_secret"],
        expected["content_key"],
    )


# ---- the second implementation -----------------------------------------------------------


def _payload(name: str, keys: list[str]) -> dict[str, Any]:
    document = json.loads((EVIDENCE / name).read_bytes())
    payload: dict[str, Any] = document["payload"]
    signed = b"kaodian-signed/1\0" + payload["type"].encode() + b"\0" + rfc8785.dumps(payload)
    public = [base64.b64decode(text) for text in keys]
    by_id = {hashlib.sha256(raw).hexdigest()[:32]: raw for raw in public}
    assert {entry["key"] for entry in document["signatures"]} == set(by_id)
    for entry in document["signatures"]:
        key = Ed25519PublicKey.from_public_bytes(by_id[entry["key"]])
        key.verify(base64.b64decode(entry["sig"]), signed)
    return payload


def _fragment(path: Path) -> tuple[dict[str, Any], bytes]:
    data = path.read_bytes()
    magic, length = struct.unpack_from(">8sI", data)
    assert magic == b"KDFRAG01"
    return json.loads(data[12 : 12 + length]), data[12 + length :]


def _decode(bodies: dict[int, bytes], k: int, n: int, block: int, size: int) -> bytes:
    """Fragments (numbered from 1) to ciphertext."""
    out, offset = b"", 0
    while len(out) < size:
        stripe = min(k * block, size - len(out))
        length = -(-stripe // k)
        pieces = [body[offset : offset + length] for body in bodies.values()]
        whole = b"".join(zfec.Decoder(k, n).decode(pieces, [number - 1 for number in bodies]))
        out, offset = out + whole[:stripe], offset + length
    return out


def _open(key: bytes, sealed: bytes) -> bytes:
    header, body = sealed[:24], sealed[24:]
    magic, chunk, prefix = struct.unpack(">8sI7s5x", header)
    assert magic == b"KDSTRM01"
    count = -(-len(body) // (chunk + 16))
    pieces = []
    for i in range(count):
        nonce = prefix + struct.pack(">IB", i, i == count - 1)
        piece = body[i * (chunk + 16) : (i + 1) * (chunk + 16)]
        pieces.append(AESGCM(key).decrypt(nonce, piece, header))
    return b"".join(pieces)


def test_a_second_implementation_opens_the_evidence(expected: dict[str, Any]) -> None:
    manifest = _payload("manifest.json", expected["headquarters_keys"])
    token = _payload("release-token.json", expected["headquarters_keys"])
    raw = (EVIDENCE / "venue-test-only.hpke").read_bytes()
    private = MLKEM768X25519PrivateKey(
        MLKEM768PrivateKey.from_seed_bytes(raw[:64]), X25519PrivateKey.from_private_bytes(raw[64:])
    )
    suite = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
    bodies, words = {}, {}
    ids = (manifest["package_id"], manifest["paper_id"], manifest["form_id"])
    for entry in manifest["fragments"]:
        header, body = _fragment(EVIDENCE / entry["file"])
        number = entry["fragment"]
        assert header["fragment"] == number
        bodies[number] = body
        info = b"kaodian-share/1\0" + "\0".join(("V01", *ids, str(number))).encode()
        sealed = base64.b64decode(header["shares"]["V01"])
        words[number] = suite.decrypt(sealed, private, info).decode()
    release = base64.b64decode(token["release_secret"])
    names = f"{manifest['paper_id']}\0{manifest['form_id']}"
    commitment = b"kaodian-release-commitment/1\0" + names.encode() + b"\0" + release
    assert hashlib.sha256(commitment).hexdigest() == manifest["release_commitment"]
    for pair in itertools.combinations(bodies, manifest["k"]):
        shared = shamir_mnemonic.combine_mnemonics([words[i] for i in pair])
        info = b"kaodian-content-key/1\0" + names.encode()
        key = HKDF(SHA256(), 32, salt=None, info=info).derive(shared + release)
        assert key.hex() == expected["content_key"]
        ciphertext = _decode(
            {i: bodies[i] for i in pair},
            manifest["k"],
            manifest["n"],
            manifest["block_size"],
            manifest["ciphertext_size"],
        )
        assert hashlib.sha256(ciphertext).hexdigest() == manifest["ciphertext_sha256"]
        plain = _open(key, ciphertext)
        assert hashlib.sha256(plain).hexdigest() == expected["plaintext_sha256"]
        with zipfile.ZipFile(io.BytesIO(plain)) as archive:
            assert archive.namelist()[0] == "paper.json"
            index = json.loads(archive.read("paper.json"))
            assert "一加一" in archive.read(index["items"]["I1"]["href"]).decode()
