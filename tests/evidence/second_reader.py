"""A second reader of sealed papers, written from docs/sealed-paper.md alone.

    python tests/evidence/second_reader.py tests/evidence/papers-1

It shares no code with the project (a test looks at its imports). It judges every case of the table
of tests/evidence/papers-1 and says where the table is of another opinion.
"""

import base64
import binascii
import hashlib
import hmac
import io
import json
import re
import struct
import sys
import zipfile
from pathlib import Path
from typing import Any

import rfc8785
import shamir_mnemonic
import zfec
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PrivateKey, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from shamir_mnemonic.share import Share

Json = dict[str, Any]
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
DIGEST = re.compile(r"[0-9a-f]{64}")
LAST_INSTANT = 253_402_300_799_999
SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class No(Exception):
    """A refusal: its code."""


def demand(holds: object, code: str) -> None:
    if not holds:
        raise No(code)


# ---- section 7: signed documents -----------------------------------------------------------


def signed_document(data: bytes, kind: str, keys: list[bytes], threshold: int) -> Json:
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise No("DOC-01") from error
    demand(depth_fits(document), "DOC-01")
    demand(isinstance(document, dict), "DOC-01")
    payload, signatures = document.get("payload"), document.get("signatures")
    demand(isinstance(payload, dict) and isinstance(signatures, list), "DOC-01")
    version = payload.get("version")
    demand(isinstance(payload.get("type"), str) and isinstance(version, str), "DOC-01")
    demand(payload["type"] == kind, "DOC-02")
    demand(version.split(".")[0] == "1", "DOC-03")
    try:
        message = b"kaodian-signed/1\0" + kind.encode() + b"\0" + rfc8785.dumps(payload)
    except ValueError as error:
        raise No("DOC-01") from error
    named = {hashlib.sha256(key).hexdigest()[:32]: key for key in keys}
    good = {e["key"] for e in signatures if isinstance(e, dict) and signs(e, named, message)}
    demand(len(good) >= threshold, "DOC-04")
    return payload


def depth_fits(value: Any) -> bool:
    level = [value]
    for _ in range(64):
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
    return not level


def signs(entry: Json, named: dict[str, bytes], message: bytes) -> bool:
    try:
        key = Ed25519PublicKey.from_public_bytes(named[entry["key"]])
        key.verify(unbase64(entry["sig"]), message)
    except (KeyError, TypeError, ValueError, InvalidSignature):
        return False
    return True


# ---- section 6: the manifest ---------------------------------------------------------------


def manifest_of(case: Json, files: Path, table: Json) -> Json:
    keys = [base64.b64decode(text) for text in table["headquarters_keys"]]
    data = (files / case["manifest"]).read_bytes()
    m = signed_document(data, "kaodian.manifest", keys, table["threshold"])
    try:
        demand(sound(m), "DOC-01")
    except (KeyError, TypeError, AttributeError) as error:
        raise No("DOC-01") from error
    demand(case["venue"] in m["venues"], "PAP-10")
    demand(m["mode"] == case["mode"], "DOC-07")
    demand(m["subject_code"] == case["subject"], "PAP-09")
    demand(m["mode"] != "LIVE" or all(m["attestations"].values()), "PAP-18")
    demand(case["received_at_ms"] < m["expires_at_ms"], "PAP-08")
    demand(case["received_at_ms"] >= m["not_before_ms"], "PAP-16")
    return m


def sound(m: Json) -> bool:
    ids = ("package_id", "paper_id", "form_id", "subject_code")
    instants = ("not_before_ms", "release_at_ms", "expires_at_ms")
    counts = ("k", "n", "block_size", "ciphertext_size")
    if not all(ID.fullmatch(m[name]) for name in ids) or not isinstance(m["title"], str):
        return False
    if m["mode"] not in ("LIVE", "REHEARSAL", "PRACTICE") or not m["venues"].keys():
        return False
    if not all(type(m[name]) is int and m[name] >= 1 for name in counts):
        return False
    if not 2 <= m["k"] <= m["n"] <= 16 or m["block_size"] > 64 * 1024 * 1024:
        return False
    if not all(type(m[name]) is int and 0 <= m[name] <= LAST_INSTANT for name in instants):
        return False
    if not m["not_before_ms"] <= m["release_at_ms"] < m["expires_at_ms"]:
        return False
    if [entry["fragment"] for entry in m["fragments"]] != list(range(1, m["n"] + 1)):
        return False
    digests = [m["ciphertext_sha256"], m["release_commitment"]]
    lengths = block_lengths(m)
    for entry in m["fragments"]:
        digests += [entry["sha256"], entry["header_sha256"], *entry["blocks"]]
        if len(entry["blocks"]) != len(lengths) or entry["size"] <= sum(lengths) + 12:
            return False
    named = ("subject_mapping", "permutation_match", "rendering")
    return all(DIGEST.fullmatch(each) for each in digests) and all(
        isinstance(m["attestations"][name], bool) for name in named
    )


def block_lengths(m: Json) -> list[int]:
    """The length of the blocks of each stripe."""
    left, lengths = m["ciphertext_size"], []
    while left > 0:
        stripe = min(left, m["k"] * m["block_size"])
        lengths.append(-(-stripe // m["k"]))
        left -= stripe
    return lengths


# ---- section 5: fragments ------------------------------------------------------------------


def fragment_of(data: bytes, m: Json, venue: str, have: set[int]) -> tuple[int, bytes, list[bytes]]:
    demand(not data.startswith((b"PK\3\4", b"PK\5\6", b"KDSTRM01")), "PAP-14")
    demand(len(data) >= 12 and data.startswith(b"KDFRAG01"), "PAP-03")
    length = struct.unpack_from(">I", data, 8)[0]
    demand(length <= 4 * 1024 * 1024 and len(data) >= 12 + length, "PAP-03")
    try:
        header = json.loads(data[12 : 12 + length])
        ids = [header[name] for name in ("package_id", "paper_id", "form_id")]
        number, shares = header["fragment"], header["shares"]
        numbers = [number, *(header[name] for name in ("k", "n", "block_size", "ciphertext_size"))]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise No("PAP-03") from error
    demand(all(isinstance(each, str) for each in ids), "PAP-03")
    demand(all(type(each) is int for each in numbers) and isinstance(shares, dict), "PAP-03")
    demand(ids == [m["package_id"], m["paper_id"], m["form_id"]], "PAP-06")
    demand(1 <= number <= m["n"], "PAP-03")
    entry = m["fragments"][number - 1]
    demand(sha(data[: 12 + length]) == entry["header_sha256"], "PAP-04")
    demand(number not in have, "PAP-05")
    demand(venue in shares, "PAP-10")
    at, blocks = 12 + length, []
    for size, digest in zip(block_lengths(m), entry["blocks"], strict=True):
        blocks.append(data[at : at + size])
        demand(sha(blocks[-1]) == digest, "PAP-04")
        at += size
    demand(at == len(data), "PAP-04")
    try:
        return number, unbase64(shares[venue]), blocks
    except (ValueError, binascii.Error) as error:
        raise No("PAP-12") from error


def ciphertext_of(bodies: dict[int, list[bytes]], m: Json) -> bytes:
    demand(len(bodies) >= m["k"], "PAP-07")
    chosen = sorted(bodies)[: m["k"]]
    decoder, out = zfec.Decoder(m["k"], m["n"]), b""
    for stripe in range(len(block_lengths(m))):
        size = min(m["k"] * m["block_size"], m["ciphertext_size"] - len(out))
        blocks = [bodies[number][stripe] for number in chosen]
        out += b"".join(decoder.decode(blocks, [number - 1 for number in chosen]))[:size]
    demand(sha(out) == m["ciphertext_sha256"], "PAP-13")
    return out


# ---- sections 1, 5 and 8: the secrets ------------------------------------------------------


def secret_of(sealed: dict[int, bytes], m: Json, venue: str, raw: bytes) -> bytes:
    private = MLKEM768X25519PrivateKey(
        MLKEM768PrivateKey.from_seed_bytes(raw[:64]), X25519PrivateKey.from_private_bytes(raw[64:])
    )
    words = []
    for number, share in sorted(sealed.items()):
        parts = (venue, m["package_id"], m["paper_id"], m["form_id"], str(number))
        info = b"kaodian-share/1\0" + "\0".join(parts).encode()
        try:
            words.append(SUITE.decrypt(share, private, info).decode("ascii"))
        except (InvalidTag, ValueError):
            continue
    return combined(words, m["k"], "PAP-12")


def combined(words: list[str], k: int, code: str) -> bytes:
    """The secret of SLIP-39 shares: one group, exponent 0, 32 bytes, exactly k of them used."""
    good = []
    for each in words:
        try:
            share = Share.from_mnemonic(" ".join(each.lower().split()))
        except (shamir_mnemonic.MnemonicError, ValueError):
            continue
        if share.group_count == 1 and share.iteration_exponent == 0 and len(share.value) == 32:
            good.append(share.mnemonic())
    demand(len(good) >= k, code)
    try:
        return bytes(shamir_mnemonic.combine_mnemonics(good[:k]))
    except (shamir_mnemonic.MnemonicError, ValueError) as error:
        raise No(code) from error


def release_of(case: Json, m: Json, files: Path, table: Json) -> bytes:
    if case["code"]:
        demand(case["release_at_ms"] >= m["release_at_ms"], "REL-01")
        release = combined(case["code"], len(case["code"]), "REL-07")
        demand(commits(release, m), "REL-04")
        return release
    keys = [base64.b64decode(text) for text in table["headquarters_keys"]]
    data = (files / case["token"]).read_bytes()
    token = signed_document(data, "kaodian.release-token", keys, table["threshold"])
    same = ("package_id", "paper_id", "form_id", "release_at_ms")
    demand(all(token.get(name) == m[name] for name in same), "REL-03")
    try:
        release = unbase64(token["release_secret"])
    except (KeyError, TypeError, ValueError):
        release = b""
    demand(commits(release, m), "REL-04")
    demand(case["release_at_ms"] >= m["release_at_ms"], "REL-01")
    return release


def commits(release: bytes, m: Json) -> bool:
    names = f"{m['paper_id']}\0{m['form_id']}\0".encode()
    found = sha(b"kaodian-release-commitment/1\0" + names + release)
    return len(release) == 32 and hmac.compare_digest(found, m["release_commitment"])


# ---- section 4: the stream -----------------------------------------------------------------


def plaintext_of(key: bytes, stream: bytes) -> bytes:
    demand(len(stream) >= 24 + 16, "PAP-13")
    magic, size, prefix = struct.unpack_from(">8sI7s", stream)
    demand(magic == b"KDSTRM01" and 1 <= size <= 16 * 1024 * 1024, "PAP-13")
    header, body, plain = stream[:24], stream[24:], b""
    count = -(-len(body) // (size + 16))
    for i in range(count):
        nonce = prefix + struct.pack(">IB", i, i == count - 1)
        piece = body[i * (size + 16) : (i + 1) * (size + 16)]
        try:
            plain += AESGCM(key).decrypt(nonce, piece, header)
        except (InvalidTag, ValueError) as error:
            raise No("PAP-13") from error
    return plain


def unbase64(text: str) -> bytes:
    """Standard alphabet, padded, unused bits zero."""
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError("not canonical base64")
    return data


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


# ---- a case --------------------------------------------------------------------------------


def judge(case: Json, files: Path, table: Json) -> tuple[str, dict[str, str]]:
    """Where the case ends, and the fragment files refused on the way."""
    refused: dict[str, str] = {}
    try:
        _open(case, files, table, refused)
    except No as no:
        return str(no), refused
    return "OPENS", refused


def _open(case: Json, files: Path, table: Json, refused: dict[str, str]) -> None:
    m = manifest_of(case, files, table)
    bodies: dict[int, list[bytes]] = {}
    shares: dict[int, bytes] = {}
    for name in case["fragments"]:
        data = (files / name).read_bytes()
        try:
            number, share, blocks = fragment_of(data, m, case["venue"], set(bodies))
        except No as no:
            refused[name] = str(no)
            continue
        bodies[number], shares[number] = blocks, share
    stream = ciphertext_of(bodies, m)
    raw = (files / table["venue_keys"][case["venue"]]).read_bytes()
    shared = secret_of(shares, m, case["venue"], raw)
    release = release_of(case, m, files, table)
    info = b"kaodian-content-key/1\0" + f"{m['paper_id']}\0{m['form_id']}".encode()
    key = HKDF(SHA256(), 32, salt=None, info=info).derive(shared + release)
    plain = plaintext_of(key, stream)
    assert sha(plain) == table["plaintext_sha256"]
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        assert archive.namelist()[0] == "paper.json"
        assert json.loads(archive.read("paper.json"))["format"] == "kaodian-paper/1"


def main(folder: Path) -> int:
    table = json.loads((folder / "table.json").read_text())
    wrong = 0
    for case in table["cases"]:
        found = judge(case, folder, table)
        if found != (case["ends"], case["refused"]):
            wrong += 1
            print(f"{case['name']}: {found}, but the table says {case['ends']} {case['refused']}")
    print(f"{len(table['cases'])} cases, {wrong} judged otherwise than the table")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
