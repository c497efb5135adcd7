"""A second reader of answer bundles, written from docs/answer-bundle.md and docs/ledger.md alone.

    python tests/evidence/second_bundle_reader.py tests/evidence/bundles-1

It shares no code with the project (a test looks at its imports). It judges every case of the table
of tests/evidence/bundles-1 and says where the table is of another opinion.
"""

import base64
import binascii
import hashlib
import io
import json
import struct
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any
from urllib.parse import quote

import rfc8785
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PrivateKey, Suite

Json = dict[str, Any]
SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
LEDGER_FIRST = "90083b816b6c801b6ddeb939c9ef111255f8a7e64842695bf1ae38e7267020e7"
ENTRY = {
    "sitting_id": str,
    "seq": int,
    "kind": str,
    "item_id": str,
    "values": dict,
    "displayed": dict,
    "at_ms": int,
    "prev": str,
    "hash": str,
}


class No(Exception):
    """A refusal: its code."""


def demand(holds: object, code: str = "DOC-01") -> None:
    if not holds:
        raise No(code)


# ---- header --------------------------------------------------------------------------------


def header_of(raw: bytes, venues: dict[str, bytes]) -> tuple[Json, bytes]:
    """The signed header and everything behind it."""
    demand(raw[:8] == b"KDBNDL01" and len(raw) >= 12)
    (length,) = struct.unpack(">I", raw[8:12])
    demand(length <= 65_536)
    text, stream = raw[12 : 12 + length], raw[12 + length :]
    try:
        document = json.loads(text)
    except ValueError as error:
        raise No("DOC-01") from error
    demand(isinstance(document, dict))
    payload, signatures = document.get("payload"), document.get("signatures")
    demand(isinstance(payload, dict) and isinstance(signatures, list))
    demand(isinstance(payload.get("type"), str) and isinstance(payload.get("version"), str))
    demand(payload["type"] == "kaodian.bundle", "DOC-02")
    demand(payload["version"].split(".")[0] == "1", "DOC-03")
    public = venues.get(payload.get("venue_id", ""))
    demand(any(signs(each, public, payload) for each in signatures), "DOC-04")
    demand(rfc8785.dumps(document) == text and len(signatures) == 1)
    names = ("bundle_id", "venue_id", "session_id", "sealed_key", "stream_sha256")
    demand(all(isinstance(payload.get(name), str) for name in names))
    demand(hashlib.sha256(stream).hexdigest() == payload["stream_sha256"])
    return payload, stream


def signs(entry: Any, public: bytes | None, payload: Json) -> bool:
    if public is None or not isinstance(entry, dict):
        return False
    if entry.get("key") != hashlib.sha256(public).hexdigest()[:32]:
        return False
    message = b"kaodian-signed/1\0kaodian.bundle\0" + rfc8785.dumps(payload)
    try:
        signature = base64.b64decode(entry["sig"], validate=True)
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (KeyError, TypeError, binascii.Error, InvalidSignature):
        return False
    return True


# ---- stream --------------------------------------------------------------------------------


def private_key(raw: bytes) -> MLKEM768X25519PrivateKey:
    """64 bytes of ML-KEM seed, then the 32 of X25519."""
    return MLKEM768X25519PrivateKey(
        MLKEM768PrivateKey.from_seed_bytes(raw[:64]), X25519PrivateKey.from_private_bytes(raw[64:])
    )


def plain_of(payload: Json, stream: bytes, private: bytes) -> bytes:
    names = (payload["venue_id"], payload["session_id"], payload["bundle_id"])
    info = b"kaodian-bundle/1\0" + "\0".join(names).encode()
    try:
        sealed = base64.b64decode(payload["sealed_key"], validate=True)
        key = SUITE.decrypt(sealed, private_key(private), info=info)
    except (binascii.Error, ValueError, InvalidTag) as error:
        raise No("DOC-01") from error
    demand(len(stream) >= 24)
    magic, size, prefix = struct.unpack(">8sI7s5x", stream[:24])
    demand(magic == b"KDSTRM01" and 0 < size <= 16 * 1024 * 1024 and stream[19:24] == bytes(5))
    body = stream[24:]
    demand(body)
    chunks = [body[at : at + size + 16] for at in range(0, len(body), size + 16)]
    plain = b""
    for index, chunk in enumerate(chunks):
        nonce = prefix + struct.pack(">IB", index, index == len(chunks) - 1)
        try:
            plain += AESGCM(key).decrypt(nonce, chunk, stream[:24])
        except (InvalidTag, ValueError) as error:
            raise No("DOC-01") from error
    return plain


# ---- content -------------------------------------------------------------------------------


def members_of(plain: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(plain)) as archive:
            names = archive.namelist()
            demand(len(set(names)) == len(names))
            return {name: archive.read(name) for name in names}
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise No("DOC-01") from error


def json_of(members: dict[str, bytes], name: str) -> Any:
    demand(name in members)
    try:
        return json.loads(members[name])
    except ValueError as error:
        raise No("DOC-01") from error


def read(raw: bytes, venues: dict[str, bytes], private: bytes) -> Json:
    """What is in a bundle; No with the code otherwise."""
    payload, stream = header_of(raw, venues)
    members = members_of(plain_of(payload, stream, private))
    session = json_of(members, "session.json")
    demand(session["format"] == "kaodian-bundle/1", "DOC-03")
    demand(all(session[name] == payload[name] for name in ("venue_id", "session_id")))
    rows = json_of(members, "sittings.json")
    ids = [row["sitting_id"] for row in rows]
    demand(len(set(ids)) == len(ids))
    journals = {f"journals/{percent(each)}.jsonl" for each in ids}
    demand({name for name in members if name.startswith("journals/")} == journals)
    found = [sitting(row, members) for row in rows]
    demand("ledger.jsonl" in members)
    ledger(members["ledger.jsonl"])
    return {
        "bundle_id": payload["bundle_id"],
        "sittings": [each for each, _answers in found],
        "answers": {each["sitting_id"]: answers for each, answers in found},
    }


def percent(text: str) -> str:
    return quote(text, safe="-._~")


def sitting(row: Json, members: dict[str, bytes]) -> tuple[Json, Json]:
    name = percent(row["sitting_id"])
    demand(f"results/{name}.xml" in members and f"timelines/{name}.json" in members)
    head = hashlib.sha256(b"kaodian sitting\0" + row["sitting_id"].encode()).hexdigest()
    answers: Json = {}
    entries = [entry_of(line) for line in members[f"journals/{name}.jsonl"].splitlines()]
    for seq, entry in enumerate(entries, 1):
        claimed = entry.pop("hash")
        demand(entry["sitting_id"] == row["sitting_id"], "SIT-05")
        demand(entry["seq"] == seq and entry["prev"] == head, "SIT-05")
        head = hashlib.sha256(rfc8785.dumps(entry)).hexdigest()
        demand(head == claimed, "SIT-05")
        if entry["kind"] == "response":
            answers[entry["item_id"]] = entry["values"]
    demand((row["seq"], row["head"]) == (len(entries), head), "SIT-05")
    told = {
        "sitting_id": row["sitting_id"],
        "seq": len(entries),
        "head": head,
        "code": receipt_code(head),
    }
    return told, answers


def entry_of(line: bytes) -> Json:
    try:
        entry = json.loads(line)
    except ValueError as error:
        raise No("DOC-01") from error
    demand(isinstance(entry, dict))
    demand(all(isinstance(entry.get(name), kind) for name, kind in ENTRY.items()))
    return {name: entry[name] for name in ENTRY}


def receipt_code(head: str) -> str:
    """59 bits as 18 digits, then the two that make the whole 1 modulo 97."""
    number = int(bin(int(head, 16) + (1 << 256))[3 : 3 + 59], 2)
    check = next(each for each in range(2, 99) if (number * 100 + each) % 97 == 1)
    digits = str(number).zfill(18) + str(check).zfill(2)
    return "-".join(digits[at : at + 4] for at in range(0, 20, 4))


def ledger(raw: bytes) -> None:
    """Whole lines of canonical JSON, each naming the one before."""
    head = LEDGER_FIRST
    for seq, line in enumerate(raw.split(b"\n")[:-1], 1):
        try:
            entry = json.loads(line)
        except ValueError as error:
            raise No("LED-01") from error
        demand(isinstance(entry, dict) and rfc8785.dumps(entry) == line, "LED-01")
        claimed = entry.pop("hash", None)
        demand((entry.get("seq"), entry.get("prev")) == (seq, head), "LED-01")
        head = hashlib.sha256(rfc8785.dumps(entry)).hexdigest()
        demand(head == claimed, "LED-01")


# ---- the table -----------------------------------------------------------------------------


def judge(folder: Path, case: Json, table: Json) -> tuple[str, Json | None]:
    """The code at which a case ends and what was read."""
    venues = {name: base64.b64decode(key) for name, key in table["venues"].items()}
    private = base64.b64decode(table["headquarters_private_test_only"])
    try:
        return "OPENS", read((folder / case["file"]).read_bytes(), venues, private)
    except No as no:
        return str(no), None


def main(folder: Path) -> int:
    table = json.loads((folder / "table.json").read_text(encoding="utf-8"))
    wrong = 0
    for case in table["cases"]:
        code, found = judge(folder, case, table)
        same = code == case["ends"] and found in (None, table["expected"])
        wrong += not same
        print(f"{'ok ' if same else 'NOT'} {case['name']}: {code}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
