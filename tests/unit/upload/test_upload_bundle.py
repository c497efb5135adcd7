"""The bundle: opened by the other side, by the document alone, and by nobody else; every flip."""

import base64
import hashlib
import io
import json
import struct
import zipfile
from pathlib import Path

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from venue_server.ledger.verify import verify_lines
from venue_server.upload.bundle import SealedBundle, Sealer, seal_bundle
from venue_server.upload.opening import OpenedBundle, open_bundle
from venue_server.wire import hpke
from venue_server.wire.canonical import b64
from venue_server.wire.names import DataState
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.signed import public_keys


@pytest.fixture
def signing() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


@pytest.fixture
def private() -> hpke.HpkePrivate:
    return hpke.generate()


@pytest.fixture
def venue_keys(signing: Ed25519PrivateKey):
    return public_keys([b64(signing.public_key().public_bytes_raw())])


@pytest.fixture
def sealed(world, kit, signing, private, tmp_path: Path) -> SealedBundle:
    world.add_session(DataState.BACKED_UP)
    sittings = [
        kit.sitting(1, kit.chain("S1/01", [("I1", {"RESPONSE": ["乙"]}), ("I2", {"R": ["x\n"]})])),
        kit.sitting(2, []),
    ]
    sealer = Sealer(signing, private.public_raw())
    records = {"R1": {"present": 1}, "../odd": [1]}
    return seal_bundle(
        tmp_path / "one.kdbundle", sealer, world.extract(sittings), records, kit.NOW_MS
    )


def test_l03_the_other_side_opens_it_whole(sealed, private, venue_keys) -> None:
    opened = open_bundle(sealed.file, private, venue_keys)
    assert isinstance(opened, OpenedBundle), opened
    assert opened.sha256 == sealed.sha256
    assert tuple(one.head for one in opened.sittings) == sealed.sittings
    assert opened.sittings[0].answers == {"I1": {"RESPONSE": ["乙"]}, "I2": {"R": ["x\n"]}}
    assert opened.sittings[0].row["neighbours"] == ["02"]
    assert opened.sittings[1].head.seq == 0
    assert opened.records == {"R1": {"present": 1}, "../odd": [1]}
    assert verify_lines(opened.ledger.split(b"\n")[:-1]).ok
    assert opened.session["subject_title"] == "综合知识"


def test_l03_a_second_implementation_opens_it_by_the_document_alone(
    sealed, private, signing
) -> None:
    """docs/answer-bundle.md, step by step, with nothing of this project but HPKE."""
    raw = sealed.file.read_bytes()
    assert raw[:8] == b"KDBNDL01"
    (length,) = struct.unpack(">I", raw[8:12])
    header, stream = raw[12 : 12 + length], raw[12 + length :]
    document = json.loads(header)
    assert rfc8785.dumps(document) == header
    payload, (signature,) = document["payload"], document["signatures"]
    signing.public_key().verify(
        base64.b64decode(signature["sig"]),
        b"kaodian-signed/1\0kaodian.bundle\0" + rfc8785.dumps(payload),
    )
    assert hashlib.sha256(stream).hexdigest() == payload["stream_sha256"]
    names = (payload["venue_id"], payload["session_id"], payload["bundle_id"])
    info = b"kaodian-bundle/1\0" + "\0".join(names).encode()
    key = private.open(base64.b64decode(payload["sealed_key"]), info)
    magic, chunk_size, prefix = struct.unpack(">8sI7s5x", stream[:24])
    assert magic == b"KDSTRM01"
    body, plain = stream[24:], b""
    chunks = [body[at : at + chunk_size + 16] for at in range(0, len(body), chunk_size + 16)]
    for index, chunk in enumerate(chunks):
        nonce = prefix + struct.pack(">IB", index, index == len(chunks) - 1)
        plain += AESGCM(key).decrypt(nonce, chunk, stream[:24])
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        assert archive.namelist() == [
            "results/S1%2F01.xml",
            "journals/S1%2F01.jsonl",
            "timelines/S1%2F01.json",
            "results/S1%2F02.xml",
            "journals/S1%2F02.jsonl",
            "timelines/S1%2F02.json",
            "sittings.json",
            "session.json",
            "records/R1.json",
            "records/..%2Fodd.json",
            "ledger.jsonl",
        ]
        head = hashlib.sha256(b"kaodian sitting\0S1/01").hexdigest()
        for line in archive.read("journals/S1%2F01.jsonl").splitlines():
            entry = json.loads(line)
            found = entry.pop("hash")
            assert entry["prev"] == head
            head = hashlib.sha256(rfc8785.dumps(entry)).hexdigest()
            assert head == found
        assert json.loads(archive.read("sittings.json"))[0]["head"] == head
        timed = json.loads(archive.read("timelines/S1%2F01.json"))
        assert [item["item_id"] for item in timed["items"]] == ["I1", "I2"]
        assert timed["items"][0]["changes"][-1]["values"] == {"RESPONSE": ["乙"]}


def test_l03_every_flipped_byte_is_found(sealed, private, venue_keys, tmp_path: Path) -> None:
    raw = bytearray(sealed.file.read_bytes())
    damaged = tmp_path / "damaged"
    for place in range(len(raw)):
        raw[place] ^= 1
        damaged.write_bytes(raw)
        raw[place] ^= 1
        assert isinstance(open_bundle(damaged, private, venue_keys), Refusal), place


def test_l03_every_cut_and_every_tail_is_found(sealed, private, venue_keys, tmp_path: Path) -> None:
    raw = sealed.file.read_bytes()
    damaged = tmp_path / "damaged"
    for size in [*range(0, len(raw), 97), len(raw) - 1]:
        damaged.write_bytes(raw[:size])
        assert isinstance(open_bundle(damaged, private, venue_keys), Refusal), size
    damaged.write_bytes(raw + b"\0")
    assert isinstance(open_bundle(damaged, private, venue_keys), Refusal)


def test_l03_nobody_else_opens_it(sealed, private, venue_keys) -> None:
    other = open_bundle(sealed.file, hpke.generate(), venue_keys)
    assert isinstance(other, Refusal)
    assert other.code is RefusalCode.DOCUMENT_MALFORMED
    unknown = open_bundle(sealed.file, private, {})
    assert isinstance(unknown, Refusal)
    assert unknown.code is RefusalCode.SIGNATURE_INVALID


def test_o06_nothing_of_the_content_is_readable(sealed) -> None:
    raw = sealed.file.read_bytes()
    for secret in ("张三", "11010519491231002X", "2601010101", "乙", "RESPONSE", "S1/01"):
        assert secret.encode() not in raw


def test_sealing_leaves_no_half_file(world, kit, signing, private, tmp_path: Path) -> None:
    world.add_session(DataState.BACKED_UP)

    def breaks():
        yield from kit.chain("S1/01", [])
        raise OSError("disk gone")

    one = kit.replace(kit.sitting(1, kit.chain("S1/01", [])), entries=breaks)
    folder = tmp_path / "out"
    folder.mkdir()
    with pytest.raises(OSError, match="disk gone"):
        sealer = Sealer(signing, private.public_raw())
        seal_bundle(folder / "x.kdbundle", sealer, world.extract([one]), {}, kit.NOW_MS)
    assert list(folder.iterdir()) == []
