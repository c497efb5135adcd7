"""Makes tests/evidence/papers-1: sealed papers of format 1, sound and faulty, and their table.

    python -m tests.evidence.make_papers           write the folder anew
    python -m tests.evidence.make_papers --check   make it in memory and compare every byte

Everything follows from the seeds below. Only HPKE encapsulates with randomness that cannot be
given, so sealed shares are kept in ``sealed-shares.json``: one that still opens to its words is
used again, and the folder comes out byte for byte the same.

The keys are made for this folder and protect nothing. docs/sealed-paper.md is the format.
"""

import hashlib
import io
import json
import struct
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import shamir_mnemonic.shamir
import zfec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from venue_server.vault.keys import derive_content_key, release_commitment
from venue_server.vault.shares import share_info, venue_key_id
from venue_server.wire import hpke
from venue_server.wire.canonical import b64, canonical, unb64
from venue_server.wire.signed import sign

FOLDER = Path(__file__).with_name("papers-1")
RELEASE_AT, NOT_BEFORE, EXPIRES = 1_800_000_000_000, 1_799_990_000_000, 1_800_100_000_000
K, N, BLOCK = 2, 3, 200
PAPER, FORM, SUBJECT = "EV-2026", "A", "9901"
VENUE, OTHER_VENUE = "V01", "V02"

Json = dict[str, Any]
Change = Callable[[Json], None]


def seeded(name: str, size: int = 32) -> bytes:
    """Bytes that follow from a name."""
    out = b""
    while len(out) < size:
        out += hashlib.sha256(f"kaodian-evidence/{name}/{len(out)}".encode()).digest()
    return out[:size]


SIGNERS = [Ed25519PrivateKey.from_private_bytes(seeded(f"headquarters-{i}")) for i in (1, 2)]
STRANGERS = [Ed25519PrivateKey.from_private_bytes(seeded(f"stranger-{i}")) for i in (1, 2)]
VENUE_KEYS = {
    venue: hpke.from_private_raw(seeded(f"venue-{venue}", 96)) for venue in (VENUE, OTHER_VENUE)
}


@contextmanager
def seeded_shares(name: str) -> Iterator[None]:
    """SLIP-39 shares that follow from a name."""
    genuine = shamir_mnemonic.shamir.RANDOM_BYTES
    counter = iter(range(1000))
    shamir_mnemonic.shamir.RANDOM_BYTES = lambda size: seeded(f"{name}/{next(counter)}", size)
    try:
        yield
    finally:
        shamir_mnemonic.shamir.RANDOM_BYTES = genuine


def words_of(name: str, secret: bytes, k: int, n: int, exponent: int = 0) -> list[str]:
    """Shares of a secret, always the same."""
    with seeded_shares(name):
        made = shamir_mnemonic.generate_mnemonics(1, [(k, n)], secret, iteration_exponent=exponent)
    return [str(words) for words in made[0]]


class SealedShares:
    """Sealed shares by what is sealed for whom; new ones only where the kept one does not open."""

    def __init__(self, file: Path) -> None:
        self._kept: Json = json.loads(file.read_text()) if file.exists() else {}
        self.used: dict[str, str] = {}

    def seal(self, name: str, venue: str, words: bytes, info: bytes) -> str:
        name = f"{name}/{venue}"
        kept = self._kept.get(name, "")
        try:
            good = VENUE_KEYS[venue].open(unb64(kept), info) == words
        except (hpke.HpkeError, ValueError):
            good = False
        self.used[name] = (
            kept if good else b64(hpke.seal(VENUE_KEYS[venue].public_raw(), words, info))
        )
        return self.used[name]


class Package:
    """One sealed form, every byte of it following from its name."""

    def __init__(
        self,
        name: str,
        shares: SealedShares,
        *,
        venues: tuple[str, ...] = (VENUE,),
        stream_magic: bytes = b"KDSTRM01",
        change_header: Change | None = None,
        exponent: int = 0,
    ) -> None:
        self.package_id = f"package-{name}"
        self.shared, self.release = seeded(f"{name}/S"), seeded(f"{name}/R")
        self.key = derive_content_key(self.shared, self.release, PAPER, FORM)
        self.stream = _stream(self.key, seeded(f"{name}/prefix", 7), plain_paper(), stream_magic)
        words = words_of(f"{name}/S", self.shared, K, N, exponent)
        bodies = _bodies(self.stream)
        self.fragments: dict[str, bytes] = {}
        entries: list[Json] = []
        for number in range(1, N + 1):
            header = {
                "package_id": self.package_id, "paper_id": PAPER, "form_id": FORM,
                "fragment": number, "k": K, "n": N, "block_size": BLOCK,
                "ciphertext_size": len(self.stream),
                "shares": {
                    venue: shares.seal(
                        f"{name}/{number}", venue, words[number - 1].encode(),
                        share_info(venue, self.package_id, PAPER, FORM, number),
                    )
                    for venue in venues
                },
            }  # fmt: skip
            if change_header is not None:
                change_header(header)
            text = canonical(header)
            head = struct.pack(">8sI", b"KDFRAG01", len(text)) + text
            data = head + b"".join(bodies[number - 1])
            file = f"{name}-{number}of{N}.kdfrag"
            self.fragments[file] = data
            entries.append(
                {
                    "fragment": number,
                    "file": file,
                    "size": len(data),
                    "sha256": _sha(data),
                    "header_sha256": _sha(head),
                    "blocks": [_sha(b) for b in bodies[number - 1]],
                }
            )
        self.payload: Json = {
            "type": "kaodian.manifest", "version": "1.0", "package_id": self.package_id,
            "paper_id": PAPER, "form_id": FORM, "subject_code": SUBJECT, "title": "证据卷",
            "venues": {v: venue_key_id(VENUE_KEYS[v].public_raw()) for v in venues},
            "mode": "REHEARSAL", "classification": "机密", "k": K, "n": N, "block_size": BLOCK,
            "ciphertext_size": len(self.stream), "ciphertext_sha256": _sha(self.stream),
            "fragments": entries,
            "release_commitment": release_commitment(self.release, PAPER, FORM),
            "release_at_ms": RELEASE_AT, "not_before_ms": NOT_BEFORE, "expires_at_ms": EXPIRES,
            "attestations": {
                "subject_mapping": True, "permutation_match": True, "rendering": False,
            },
        }  # fmt: skip

    def manifest(
        self, change: Change | None = None, keys: list[Ed25519PrivateKey] = SIGNERS
    ) -> bytes:
        """The signed manifest, its payload changed before signing."""
        payload: Json = json.loads(json.dumps(self.payload))
        if change is not None:
            change(payload)
        return canonical(sign(payload, keys))

    def token(self, change: Change | None = None, keys: list[Ed25519PrivateKey] = SIGNERS) -> bytes:
        """The release token, its payload changed before signing."""
        payload: Json = {
            "type": "kaodian.release-token", "version": "1.0", "package_id": self.package_id,
            "paper_id": PAPER, "form_id": FORM, "release_at_ms": RELEASE_AT,
            "release_secret": b64(self.release),
        }  # fmt: skip
        if change is not None:
            change(payload)
        return canonical(sign(payload, keys))


def plain_paper() -> bytes:
    """The ZIP of one item, stored, so that no version of zlib changes a byte."""
    item = (
        '<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="I1" '
        'title="一" adaptive="false" time-dependent="false"><qti-response-declaration '
        'identifier="RESPONSE" cardinality="single" base-type="identifier"/><qti-item-body>'
        '<qti-choice-interaction response-identifier="RESPONSE" max-choices="1"><qti-prompt>'
        '一加一等于几？</qti-prompt><qti-simple-choice identifier="A">二</qti-simple-choice>'
        '<qti-simple-choice identifier="B">三</qti-simple-choice></qti-choice-interaction>'
        "</qti-item-body></qti-assessment-item>"
    )
    interaction = {"response_id": "RESPONSE", "kind": "choice", "cardinality": "single",
                   "base_type": "identifier"}  # fmt: skip
    index = {
        "format": "kaodian-paper/1", "paper_id": PAPER, "form_id": FORM, "subject_code": SUBJECT,
        "title": "证据卷", "language": "zh-CN", "shuffle_seed": "evidence",
        "sections": [{"section_id": "S1", "title": "一", "instructions": "", "item_ids": ["I1"]}],
        "items": {"I1": {"item_id": "I1", "href": "items/0001.xml", "title": "一",
                         "stimulus_ids": [], "interactions": [interaction]}},
        "stimuli": {},
    }  # fmt: skip
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in (
            ("paper.json", json.dumps(index, ensure_ascii=False)), ("items/0001.xml", item)
        ):  # fmt: skip
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text)
    return buffer.getvalue()


def _stream(key: bytes, prefix: bytes, plain: bytes, magic: bytes) -> bytes:
    chunk = 512
    header = struct.pack(">8sI7s5x", magic, chunk, prefix)
    pieces = [plain[at : at + chunk] for at in range(0, len(plain), chunk)]
    sealed = [
        AESGCM(key).encrypt(prefix + struct.pack(">IB", i, i == len(pieces) - 1), piece, header)
        for i, piece in enumerate(pieces)
    ]
    return header + b"".join(sealed)


def _bodies(stream: bytes) -> list[list[bytes]]:
    encoder = zfec.Encoder(K, N)
    bodies: list[list[bytes]] = [[] for _ in range(N)]
    for at in range(0, len(stream), K * BLOCK):
        stripe = stream[at : at + K * BLOCK]
        length = -(-len(stripe) // K)
        padded = stripe.ljust(K * length, b"\0")
        blocks = encoder.encode([padded[i * length : (i + 1) * length] for i in range(K)])
        for number, block in enumerate(blocks):
            bodies[number].append(block)
    return bodies


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def flipped(data: bytes, at: int, bit: int = 0) -> bytes:
    """The bytes with one bit turned."""
    changed = bytearray(data)
    changed[at] ^= 1 << bit
    return bytes(changed)


def main(arguments: list[str]) -> int:
    """Write or check the folder."""
    from tests.evidence.paper_cases import build

    shares = SealedShares(FOLDER / "sealed-shares.json")
    files = build(shares)
    files["sealed-shares.json"] = _json(shares.used)
    if "--check" in arguments:
        there = {path.name: path.read_bytes() for path in FOLDER.iterdir()}
        wrong = sorted(n for n in there.keys() | files.keys() if there.get(n) != files.get(n))
        sys.stdout.write(f"{len(files)} files, different: {wrong or 'none'}\n")
        return 1 if wrong else 0
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.iterdir():
        path.unlink()
    for name, data in files.items():
        (FOLDER / name).write_bytes(data)
    sys.stdout.write(f"{len(files)} files\n")
    return 0


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
