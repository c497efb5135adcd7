"""The cases of tests/evidence/papers-1: what is handed to a venue, and what has to come of it.

A case ends where the first check says no: ``ends`` is that code, or OPENS. ``refused`` names the
fragment files that are refused on the way; the others go on.
"""

import io
import json
import struct
import zipfile
from typing import Any

from tests.evidence.make_papers import (
    EXPIRES,
    FORM,
    NOT_BEFORE,
    OTHER_VENUE,
    PAPER,
    RELEASE_AT,
    SIGNERS,
    STRANGERS,
    SUBJECT,
    VENUE,
    VENUE_KEYS,
    Change,
    Json,
    Package,
    SealedShares,
    flipped,
    plain_paper,
    seeded,
    words_of,
)
from venue_server.wire.canonical import b64, sha256_hex

NOW = RELEASE_AT - 3_600_000
MAX_HEADER = 4 * 1024 * 1024


class Cases:
    """Collects files and rows. A row's files are named; equal bytes are one file."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.rows: list[Json] = []

    def file(self, name: str, data: bytes) -> str:
        """Keep a file; a name stands for one content."""
        assert self.files.setdefault(name, data) == data, name
        return name

    def add(
        self, name: str, ends: str, manifest: str, fragments: list[str], token: str, **more: Any
    ) -> None:
        """One row; ``more`` overrides the venue, subject, mode and instants of a sound one."""
        row = {
            "name": name, "venue": VENUE, "subject": SUBJECT, "mode": "REHEARSAL",
            "received_at_ms": NOW, "release_at_ms": RELEASE_AT, "manifest": manifest,
            "fragments": fragments, "refused": {}, "token": token, "code": [], "ends": ends,
        }  # fmt: skip
        assert more.keys() <= row.keys(), more
        self.rows.append({**row, **more})


class Base:
    """The sound package's files, for the many cases that change one thing."""

    def __init__(self, cases: Cases, package: Package, name: str) -> None:
        self.cases, self.package = cases, package
        self.manifest = cases.file(f"{name}.manifest.json", package.manifest())
        self.fragments = [cases.file(n, data) for n, data in package.fragments.items()]
        self.token = cases.file(f"{name}.token.json", package.token())

    def case(self, name: str, ends: str, **more: Any) -> None:
        """Sound but for ``more``; the files default to k of the sound ones."""
        given = {"manifest": self.manifest, "fragments": self.fragments[:2], "token": self.token}
        given |= more
        self.cases.add(name, ends, **given)

    def manifest_case(self, name: str, ends: str, data: bytes, **more: Any) -> None:
        self.case(name, ends, manifest=self.cases.file(f"{name}.json", data), **more)

    def fragment_case(self, name: str, code: str, data: bytes, **more: Any) -> None:
        """A faulty first fragment beside one sound one: refused, and too few are left."""
        file = self.cases.file(f"{name}.kdfrag", data)
        fragments = [file, self.fragments[1]]
        self.case(name, "PAP-07", fragments=fragments, refused={file: code}, **more)

    def token_case(self, name: str, ends: str, data: bytes, **more: Any) -> None:
        self.case(name, ends, token=self.cases.file(f"{name}.json", data), **more)


def build(shares: SealedShares) -> dict[str, bytes]:
    """Every file of the folder but the sealed shares, the table last."""
    cases = Cases()
    base = Base(cases, Package("sound", shares), "sound")
    other = Package("other", shares)
    _sound(base, shares)
    _manifests(base)
    _fragments(base, other)
    _headquarters_faults(base, shares)
    _releases(base, other)
    cases.file("venue-V01-test-only.hpke", VENUE_KEYS[VENUE].private_raw())
    table = {
        "about": "tests/evidence/README.md",
        "headquarters_keys": [b64(k.public_key().public_bytes_raw()) for k in SIGNERS],
        "threshold": 2,
        "venue_keys": {VENUE: "venue-V01-test-only.hpke"},
        "plaintext_sha256": sha256_hex(plain_paper()),
        "cases": cases.rows,
    }
    text = json.dumps(table, ensure_ascii=False, indent=1).encode() + b"\n"
    return {**cases.files, "table.json": text}


def _set(**fields: Any) -> Change:
    return lambda payload: payload.update(fields)


def _sound(base: Base, shares: SealedShares) -> None:
    package, cases = base.package, base.cases
    one, two, three = base.fragments
    base.case("opens-with-k", "OPENS")
    base.case("opens-with-parity", "OPENS", fragments=[three, two])
    base.case("opens-with-all", "OPENS", fragments=[one, two, three])
    base.case("first-instant", "OPENS", received_at_ms=NOT_BEFORE)
    base.case("last-instant", "OPENS", received_at_ms=EXPIRES - 1)
    newer = _set(version="1.7", declassify_at_ms=1, hint={"a": [1, "二"]})
    base.manifest_case("unknown-minor", "OPENS", package.manifest(newer))
    base.manifest_case("a-stranger-too", "OPENS", package.manifest(keys=[*SIGNERS, STRANGERS[0]]))
    pretty = json.dumps(json.loads(package.manifest()), indent=2).encode()
    base.manifest_case("not-canonical-on-disk", "OPENS", pretty)
    base.token_case("token-unknown-minor", "OPENS", package.token(_set(version="1.3", x=1)))
    two_venues = Package("two-venues", shares, venues=(VENUE, OTHER_VENUE))
    both = Base(cases, two_venues, "two-venues")
    both.case("opens-for-one-of-two-venues", "OPENS")


def _manifests(base: Base) -> None:
    package = base.package
    whole = package.manifest()
    base.manifest_case("manifest-empty", "DOC-01", b"")
    base.manifest_case("manifest-truncated", "DOC-01", whole[:-20])
    base.manifest_case("manifest-deep", "DOC-01", b"[" * 20_000)
    nested = b'{"x":' * 700 + b"1" + b"}" * 700
    deep = whole.replace(b'"payload":{', b'"payload":{"deep":' + nested + b",", 1)
    base.manifest_case("manifest-deep-inside", "DOC-01", deep)
    base.manifest_case("manifest-not-utf8", "DOC-01", whole.replace("证".encode(), b"\xff\xfe"))
    place = whole.index(b'"subject_code":"9901"') + len(b'"subject_code":"')
    base.manifest_case("manifest-bit", "DOC-04", flipped(whole, place))
    place = whole.index(b'"sig":"') + 20
    base.manifest_case("manifest-signature-bit", "DOC-04", flipped(whole, place))
    place = whole.index(b"==", place) - 1
    base.manifest_case("manifest-signature-unused-bit", "DOC-04", flipped(whole, place))
    base.manifest_case("signed-by-one", "DOC-04", package.manifest(keys=SIGNERS[:1]))
    base.manifest_case("signed-twice-by-one", "DOC-04", package.manifest(keys=SIGNERS[:1] * 2))
    base.manifest_case("signed-by-strangers", "DOC-04", package.manifest(keys=STRANGERS))
    half = [SIGNERS[0], STRANGERS[0]]
    base.manifest_case("signed-by-one-and-a-stranger", "DOC-04", package.manifest(keys=half))
    base.manifest_case("another-document", "DOC-02", package.token())
    base.manifest_case("unknown-major", "DOC-03", package.manifest(_set(version="2.0")))
    base.manifest_case("version-10", "DOC-03", package.manifest(_set(version="10.0")))
    base.manifest_case("k-is-one", "DOC-01", package.manifest(_set(k=1)))
    base.manifest_case("k-over-n", "DOC-01", package.manifest(_set(k=4)))
    base.manifest_case("path-as-id", "DOC-01", package.manifest(_set(form_id="../x")))
    turned = package.manifest(lambda payload: payload["fragments"].reverse())
    base.manifest_case("fragments-out-of-order", "DOC-01", turned)
    short = package.manifest(lambda payload: payload["fragments"][0]["blocks"].pop())
    base.manifest_case("a-block-less", "DOC-01", short)
    base.manifest_case("release-after-expiry", "DOC-01", package.manifest(_set(expires_at_ms=1)))
    live = package.manifest(_set(mode="LIVE"))
    base.manifest_case("live-without-attestation", "PAP-18", live, mode="LIVE")
    base.case("foreign-venue", "PAP-10", venue=OTHER_VENUE)
    base.case("wrong-mode", "DOC-07", mode="LIVE")
    base.case("wrong-subject", "PAP-09", subject="9902")
    base.case("expired", "PAP-08", received_at_ms=EXPIRES)
    base.case("too-early-to-receive", "PAP-16", received_at_ms=NOT_BEFORE - 1)


def _fragments(base: Base, other: Package) -> None:
    one = base.fragments[0]
    data = base.package.fragments[one]
    begin = 12 + struct.unpack_from(">I", data, 8)[0]
    base.case("one-fragment-less", "PAP-07", fragments=[one])
    base.case("no-fragment", "PAP-07", fragments=[])
    copy = base.cases.file("duplicate.kdfrag", data)
    base.case("duplicate", "PAP-07", fragments=[one, copy], refused={copy: "PAP-05"})
    base.fragment_case("fragment-empty", "PAP-03", b"")
    base.fragment_case("fragment-cut-in-magic", "PAP-03", data[:5])
    base.fragment_case("fragment-cut-in-header", "PAP-03", data[: begin - 1])
    base.fragment_case("fragment-cut-after-header", "PAP-04", data[:begin])
    base.fragment_case("fragment-truncated", "PAP-04", data[:-1])
    base.fragment_case("fragment-overlong", "PAP-04", data + b"\0")
    base.fragment_case("fragment-magic-bit", "PAP-03", flipped(data, 2))
    base.fragment_case("fragment-KDFRAG02", "PAP-03", b"KDFRAG02" + data[8:])
    base.fragment_case("header-length-bit", "PAP-03", flipped(data, 11))
    oversize = struct.pack(">8sI", b"KDFRAG01", MAX_HEADER + 1) + data[12:]
    base.fragment_case("header-oversize", "PAP-03", oversize)
    base.fragment_case("header-id-bit", "PAP-06", flipped(data, data.index(b"package-sound")))
    place = data.index(b'"block_size":200') + len(b'"block_size":20')
    base.fragment_case("header-number-bit", "PAP-04", flipped(data, place))
    place = data.index(b'"V01":"') + 40
    base.fragment_case("share-bit", "PAP-04", flipped(data, place, 1))
    base.fragment_case("block-bit", "PAP-04", flipped(data, begin + 250, 7))
    base.fragment_case("last-block-bit", "PAP-04", flipped(data, len(data) - 1))
    foreign = next(iter(other.fragments.values()))
    base.fragment_case("foreign-package", "PAP-06", foreign)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo("paper.json"), "{}")
    base.fragment_case("whole-paper-zip", "PAP-14", buffer.getvalue())
    base.fragment_case("whole-paper-empty-zip", "PAP-14", b"PK\x05\x06" + bytes(18))
    base.fragment_case("whole-paper-stream", "PAP-14", base.package.stream)


def _headquarters_faults(base: Base, shares: SealedShares) -> None:
    """What two signatures stand under and is wrong all the same."""
    cases = base.cases

    def no_base64(header: Json) -> None:
        header["shares"][VENUE] = "no base64!"

    bad = Base(cases, Package("share-text", shares, change_header=no_base64), "share-text")
    bad.case("share-no-base64", "PAP-07", refused=dict.fromkeys(bad.fragments[:2], "PAP-12"))

    def damaged(header: Json) -> None:
        share = header["shares"][VENUE]
        header["shares"][VENUE] = ("B" if share[0] != "B" else "C") + share[1:]

    bad = Base(cases, Package("share-damaged", shares, change_header=damaged), "share-damaged")
    bad.case("share-does-not-open", "PAP-12")
    slow = Base(cases, Package("share-slow", shares, exponent=1), "share-slow")
    slow.case("share-with-iterations", "PAP-12")

    def nobody(header: Json) -> None:
        header["shares"] = {}

    bad = Base(cases, Package("no-share", shares, change_header=nobody), "no-share")
    bad.case("no-share-for-us", "PAP-07", refused=dict.fromkeys(bad.fragments[:2], "PAP-10"))
    wrong = base.package.manifest(_set(ciphertext_sha256="0" * 64))
    base.manifest_case("ciphertext-digest", "PAP-13", wrong)
    newer = Base(cases, Package("stream-02", shares, stream_magic=b"KDSTRM02"), "stream-02")
    newer.case("stream-KDSTRM02", "PAP-13")


def _releases(base: Base, other: Package) -> None:
    package = base.package
    base.case("token-early", "REL-01", release_at_ms=RELEASE_AT - 1)
    base.token_case("token-forged", "DOC-04", package.token(keys=STRANGERS))
    base.token_case("token-signed-by-one", "DOC-04", package.token(keys=SIGNERS[:1]))
    base.token_case("token-truncated", "DOC-01", package.token()[:-3])
    base.token_case("token-unknown-major", "DOC-03", package.token(_set(version="2.0")))
    base.token_case("token-is-the-manifest", "DOC-02", package.manifest())
    base.token_case("token-of-another-package", "REL-03", other.token())
    later = package.token(_set(release_at_ms=RELEASE_AT + 1))
    base.token_case("token-for-another-instant", "REL-03", later)
    wrong = package.token(_set(release_secret=b64(other.release)))
    base.token_case("token-wrong-secret", "REL-04", wrong)
    short = package.token(_set(release_secret=b64(package.release[:31])))
    base.token_case("token-short-secret", "REL-04", short)
    base.token_case("token-no-secret", "REL-04", package.token(_set(release_secret=7)))
    words = words_of("code", package.release, 2, 3)
    told = {"token": ""}
    base.case("code-2-of-3", "OPENS", code=[words[0], words[2]], **told)
    typed = [f"  {words[1].upper()}", words[2].replace(" ", "\t ")]
    base.case("code-as-people-type", "OPENS", code=typed, **told)
    base.case("code-early", "REL-01", code=words[:2], release_at_ms=RELEASE_AT - 1, **told)
    base.case("code-one-alone", "REL-07", code=words[:1], **told)
    base.case("code-the-same-twice", "REL-07", code=[words[0], words[0]], **told)
    first = words[0].split()
    mistyped = " ".join([*first[:9], "academic" if first[9] != "academic" else "acid", *first[10:]])
    base.case("code-mistyped", "REL-07", code=[mistyped, words[1]], **told)
    base.case("code-a-word-less", "REL-07", code=[" ".join(first[:-1]), words[1]], **told)
    foreign = words_of("other-code", other.release, 2, 3)
    base.case("code-of-two-sets", "REL-07", code=[words[0], foreign[1]], **told)
    base.case("code-of-another-paper", "REL-04", code=foreign[:2], **told)
    slow = words_of("slow-code", package.release, 2, 3, exponent=1)
    base.case("code-with-iterations", "REL-07", code=slow[:2], **told)
    short_secret = words_of("short-code", seeded("short", 16), 2, 3)
    base.case("code-of-16-bytes", "REL-07", code=short_secret[:2], **told)
    assert (PAPER, FORM) == ("EV-2026", "A")
