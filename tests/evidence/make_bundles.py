"""Makes tests/evidence/bundles-1: answer bundles of format 1, sound and faulty, and their table.

    python -m tests.evidence.make_bundles           write the faulty ones and the table anew
    python -m tests.evidence.make_bundles --check   make them in memory and compare every byte
    python -m tests.evidence.make_bundles --first   make sound.kdbundle, once and for ever

``sound.kdbundle`` was sealed by the product, with its randomness, and never changes. Everything
else follows from it and from seeds. The one thing that cannot be repeated, a key sealed to another
headquarters, is kept in ``sealed-to-another.txt``. The keys are made for this folder and protect
nothing. docs/answer-bundle.md is the format.
"""

import hashlib
import io
import json
import struct
import sys
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.evidence.bundle_content import LEDGER_LINES, SESSION, sittings
from venue_server.upload.bundle import Sealer, bundle_info, seal_bundle
from venue_server.upload.extract import SessionExtract
from venue_server.wire import hpke
from venue_server.wire.canonical import b64, canonical, unb64
from venue_server.wire.receipt_code import receipt_code
from venue_server.wire.signed import sign
from venue_server.wire.stream import StreamReader

FOLDER = Path(__file__).with_name("bundles-1")
SOUND, OTHER_KEY = "sound.kdbundle", "sealed-to-another.txt"
VENUE, SECOND_VENUE = "V01", "V02"
SEALED_AT = 1_795_320_000_000
CHUNK = 4096
Json = dict[str, Any]
Members = list[tuple[str, bytes]]


def seeded(name: str, size: int = 32) -> bytes:
    """Bytes that follow from a name."""
    out = b""
    while len(out) < size:
        out += hashlib.sha256(f"kaodian-evidence/bundle/{name}/{len(out)}".encode()).digest()
    return out[:size]


def signing(name: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seeded(f"signing-{name}"))


HEADQUARTERS = hpke.from_private_raw(seeded("headquarters", 96))
ANOTHER = hpke.from_private_raw(seeded("another-headquarters", 96))
VENUES = {name: signing(name) for name in (VENUE, SECOND_VENUE)}
STRANGER = signing("stranger")


def make_sound() -> bytes:
    """The one bundle that the product sealed."""
    with tempfile.TemporaryDirectory() as folder:
        ledger = Path(folder) / "ledger.jsonl"
        ledger.write_bytes(b"".join(LEDGER_LINES))
        extract = SessionExtract(
            venue_id=VENUE,
            plan_id="EV-PLAN",
            session_id=SESSION,
            mode="REHEARSAL",
            paper_id="EV-2026",
            subject_code="9901",
            subject_title="综合知识",
            sittings=sittings(),
            ledger_file=ledger,
            effective_start_ms=SEALED_AT - 9_000_000,
            ended_at_ms=SEALED_AT - 1_800_000,
            extra={"papers": []},
        )
        sealer = Sealer(VENUES[VENUE], HEADQUARTERS.public_raw())
        records = {"room_records": [{"room_id": "01", "实考": 2}]}
        target = Path(folder) / SOUND
        seal_bundle(target, sealer, extract, records, SEALED_AT)
        return target.read_bytes()


class Sound:
    """The sound bundle taken apart."""

    def __init__(self, raw: bytes) -> None:
        (length,) = struct.unpack(">I", raw[8:12])
        self.raw = raw
        self.header: Json = json.loads(raw[12 : 12 + length])["payload"]
        names = (self.header["venue_id"], self.header["session_id"], self.header["bundle_id"])
        self.key = HEADQUARTERS.open(unb64(self.header["sealed_key"]), bundle_info(*names))
        stream = StreamReader(self.key, io.BytesIO(raw[12 + length :]))
        with zipfile.ZipFile(io.BufferedReader(stream)) as archive:
            self.members: Members = [(name, archive.read(name)) for name in archive.namelist()]


def zipped(members: Members) -> bytes:
    """Stored, not deflated: the same bytes with every zlib."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # one case has a name twice, and means it
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
    return sink.getvalue()


def chunks(key: bytes, plain: bytes, name: str) -> tuple[bytes, list[bytes]]:
    """Header and sealed chunks of a stream."""
    prefix = seeded(f"nonce-{name}", 7)
    header = struct.pack(">8sI7s5x", b"KDSTRM01", CHUNK, prefix)
    pieces = [plain[at : at + CHUNK] for at in range(0, len(plain), CHUNK)] or [b""]
    sealed = []
    for index, piece in enumerate(pieces):
        nonce = prefix + struct.pack(">IB", index, index == len(pieces) - 1)
        sealed.append(AESGCM(key).encrypt(nonce, piece, header))
    return header, sealed


def file_of(
    header: Json,
    stream: bytes,
    signers: list[Ed25519PrivateKey] | None = None,
    magic: bytes = b"KDBNDL01",
    write: Callable[[Json], bytes] = canonical,
) -> bytes:
    """A bundle file whose header names the stream's digest."""
    payload = {**header, "stream_sha256": hashlib.sha256(stream).hexdigest()}
    raw = write(sign(payload, signers or [VENUES[VENUE]]))
    return magic + struct.pack(">I", len(raw)) + raw + stream


class Cases:
    """Every case as (name, code, bytes); code OPENS where it opens."""

    def __init__(self, sound: Sound, sealed_to_another: str) -> None:
        self.sound = sound
        self.sealed_to_another = sealed_to_another

    def built(self, name: str, members: Members | None = None, **header: Any) -> bytes:
        """Sealed anew with other members or another header."""
        start, sealed = chunks(self.sound.key, zipped(members or self.sound.members), name)
        return file_of({**self.sound.header, **header}, start + b"".join(sealed))

    def all(self) -> Iterator[tuple[str, str, bytes]]:
        yield "sound", "OPENS", self.sound.raw
        yield from self._versions()
        yield from self._outside()
        yield from self._signatures()
        yield from self._stream()
        yield from self._content()
        yield from self._chains()

    def _versions(self) -> Iterator[tuple[str, str, bytes]]:
        yield "stored-and-small-chunks", "OPENS", self.built("small")
        yield "minor-version", "OPENS", self.built("minor", version="1.7", later={"unknown": [1]})
        yield "major-version", "DOC-03", self.built("major", version="2.0")
        yield "older-version", "DOC-03", self.built("older", version="0.9")
        yield "content-version", "DOC-03", self.built("content-2", self._session(format="x/2"))

    def _outside(self) -> Iterator[tuple[str, str, bytes]]:
        raw = self.sound.raw
        (length,) = struct.unpack(">I", raw[8:12])
        yield "empty", "DOC-01", b""
        yield "magic", "DOC-01", b"KDBNDL02" + raw[8:]
        yield "cut-in-magic", "DOC-01", raw[:5]
        yield "cut-in-header", "DOC-01", raw[: 12 + length // 2]
        yield "cut-after-header", "DOC-01", raw[: 12 + length]
        yield "cut-by-one", "DOC-01", raw[:-1]
        yield "one-too-many", "DOC-01", raw + b"\0"
        yield "header-oversize", "DOC-01", raw[:8] + struct.pack(">I", 65_537) + raw[12:]
        middle = 12 + length + (len(raw) - 12 - length) // 2
        flipped = bytes([raw[middle] ^ 1])
        yield "stream-bit", "DOC-01", raw[:middle] + flipped + raw[middle + 1 :]

    def _signatures(self) -> Iterator[tuple[str, str, bytes]]:
        header = self.sound.header
        start, sealed = chunks(self.sound.key, zipped(self.sound.members), "signed")
        stream = start + b"".join(sealed)
        whole = file_of(header, stream)
        changed = whole.replace(b'"mode":"REHEARSAL"', b'"mode":"REHEARSED"')
        yield "header-changed", "DOC-04", changed
        yield "signed-by-a-stranger", "DOC-04", file_of(header, stream, [STRANGER])
        yield "signed-by-another-venue", "DOC-04", file_of(header, stream, [VENUES[SECOND_VENUE]])
        both = [VENUES[VENUE], STRANGER]
        yield "signed-by-two", "DOC-01", file_of(header, stream, both)
        spaced = file_of(header, stream, write=lambda each: json.dumps(each).encode())
        yield "header-not-canonical", "DOC-01", spaced
        foreign = {**header, "type": "kaodian.receipt"}
        yield "another-document", "DOC-02", file_of(foreign, stream)
        lacking = {name: value for name, value in header.items() if name != "sealed_key"}
        yield "header-lacks-the-key", "DOC-01", file_of(lacking, stream)

    def _stream(self) -> Iterator[tuple[str, str, bytes]]:
        """Signed by the venue and yet not what it says: the venue lies, or a disk did."""
        header = self.sound.header
        start, sealed = chunks(self.sound.key, zipped(self.sound.members), "stream")
        assert len(sealed) >= 3, "chunks can be exchanged"
        yield "last-chunk-gone", "DOC-01", file_of(header, start + b"".join(sealed[:-1]))
        swapped = [sealed[1], sealed[0], *sealed[2:]]
        yield "chunks-swapped", "DOC-01", file_of(header, start + b"".join(swapped))
        bad = bytes([sealed[0][0] ^ 1]) + sealed[0][1:]
        yield "chunk-bit-signed", "DOC-01", file_of(header, start + bad + b"".join(sealed[1:]))
        other = {"sealed_key": self.sealed_to_another}
        yield "another-headquarters", "DOC-01", self.built("another-key", **other)
        yield "key-of-another-session", "DOC-01", self.built("moved", session_id="S9")
        yield "no-zip", "DOC-01", self._plain(b"not a zip")

    def _plain(self, plain: bytes) -> bytes:
        start, sealed = chunks(self.sound.key, plain, "plain")
        return file_of(self.sound.header, start + b"".join(sealed))

    def _content(self) -> Iterator[tuple[str, str, bytes]]:
        members = self.sound.members
        rows = json.loads(dict(members)["sittings.json"])
        journal = next(name for name, _ in members if name.startswith("journals/"))
        extra = [*members, ("later/unknown.bin", b"\0\1")]
        yield "unknown-member", "OPENS", self.built("unknown", extra)
        yield "of-another-session", "DOC-01", self.built("foreign", self._session(session_id="S9"))
        yield "of-another-venue", "DOC-01", self.built("foreign-v", self._session(venue_id="V9"))
        twice = self._with("sittings.json", json.dumps([*rows, rows[0]]).encode())
        yield "sitting-twice", "DOC-01", self.built("twice", twice)
        yield (
            "sitting-unlisted",
            "DOC-01",
            self.built("unlisted", self._with("sittings.json", json.dumps(rows[1:]).encode())),
        )
        forged = next(data for name, data in members if name == journal).replace(b'"B"', b'"C"')
        yield "member-twice", "DOC-01", self.built("member-twice", [*members, (journal, forged)])
        for name in (journal, "session.json", "sittings.json", "ledger.jsonl"):
            left = [(each, data) for each, data in members if each != name]
            short = name.split("/")[0].split(".")[0]
            yield f"no-{short}", "DOC-01", self.built(f"no-{short}", left)
        ledger = dict(members)["ledger.jsonl"]
        harmed = self._with("ledger.jsonl", ledger.replace(b'"S1"', b'"S2"', 1))
        yield "ledger-bit", "LED-01", self.built("ledger", harmed)

    def _chains(self) -> Iterator[tuple[str, str, bytes]]:
        name, journal = next(
            (name, data) for name, data in self.sound.members if name.startswith("journals/")
        )
        lines = journal.splitlines(keepends=True)
        changed = journal.replace(b'"B"', b'"C"', 1)
        assert changed != journal
        yield "answer-changed", "SIT-05", self.built("changed", self._with(name, changed))
        for what, left in (
            ("entry-gone", lines[:1] + lines[2:]),
            ("last-entry-gone", lines[:-1]),
            ("entries-swapped", [lines[1], lines[0], *lines[2:]]),
        ):
            yield what, "SIT-05", self.built(what, self._with(name, b"".join(left)))
        not_json = self._with(name, b"{}\n" + b"".join(lines[1:]))
        yield "entry-malformed", "DOC-01", self.built("malformed", not_json)
        rows = json.loads(dict(self.sound.members)["sittings.json"])
        rows[0]["head"] = "0" * 64
        other_head = self._with("sittings.json", json.dumps(rows).encode())
        yield "another-head", "SIT-05", self.built("head", other_head)

    def _with(self, name: str, data: bytes) -> Members:
        return [(each, data if each == name else old) for each, old in self.sound.members]

    def _session(self, **change: Any) -> Members:
        session = {**json.loads(dict(self.sound.members)["session.json"]), **change}
        return self._with("session.json", json.dumps(session).encode())


def expected(sound: Sound) -> Json:
    """What a reader must find in every bundle that opens."""
    rows = json.loads(dict(sound.members)["sittings.json"])
    return {
        "bundle_id": sound.header["bundle_id"],
        "sittings": [
            {
                "sitting_id": row["sitting_id"],
                "seq": row["seq"],
                "head": row["head"],
                "code": receipt_code(row["head"]),
            }
            for row in rows
        ],
        "answers": {
            f"{SESSION}/01": {"I1": {"RESPONSE": ["C"]}, "I2": {"R": ["甲\n\u0001乙"]}},
            f"{SESSION}/02": {"I1": {"RESPONSE": ["D"]}},
            f"{SESSION}/03": {},
        },
    }


def folder_content() -> dict[str, bytes]:
    """Every file of the folder but the two that are kept."""
    sound = Sound((FOLDER / SOUND).read_bytes())
    cases = list(Cases(sound, (FOLDER / OTHER_KEY).read_text().strip()).all())
    files = {f"{name}.kdbundle": raw for name, _code, raw in cases if name != "sound"}
    public = {name: b64(key.public_key().public_bytes_raw()) for name, key in VENUES.items()}
    table = {
        "format": "kaodian-bundle/1",
        "headquarters_private_test_only": b64(seeded("headquarters", 96)),
        "venues": public,
        "expected": expected(sound),
        "cases": [
            {"name": name, "file": f"{name}.kdbundle", "ends": code} for name, code, _ in cases
        ],
    }
    files["table.json"] = json.dumps(table, ensure_ascii=False, indent=1).encode() + b"\n"
    return files


def first() -> None:
    """Make what cannot be repeated; refuses to do it twice."""
    FOLDER.mkdir(exist_ok=True)
    with (FOLDER / SOUND).open("xb") as file:
        file.write(make_sound())
    sound = Sound((FOLDER / SOUND).read_bytes())
    info = bundle_info(VENUE, SESSION, sound.header["bundle_id"])
    sealed = b64(hpke.seal(ANOTHER.public_raw(), sound.key, info))
    (FOLDER / OTHER_KEY).write_text(sealed + "\n")


def differing() -> list[str]:
    """Files that are not what this script makes, or that nothing makes."""
    made = folder_content()
    kept = {SOUND, OTHER_KEY}
    here = {path.name for path in FOLDER.iterdir()} - kept
    wrong = [name for name, data in made.items() if (FOLDER / name).read_bytes() != data]
    return sorted({*wrong, *(here - made.keys())})


def main(arguments: list[str]) -> int:
    if "--check" in arguments:
        wrong = differing()
        print("\n".join(wrong) or "as made")
        return 1 if wrong else 0
    if "--first" in arguments:
        first()
    for name, data in folder_content().items():
        (FOLDER / name).write_bytes(data)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
