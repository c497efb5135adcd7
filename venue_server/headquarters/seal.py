"""Seals one form: package in, fragments and manifest for the venues out, secrets kept apart.

    OUT/venue/         manifest.json and the fragment files: what may leave headquarters
    OUT/headquarters/  keys.json, release-secret.json, code shares: what never does (0600)

The plain paper exists only in a private temporary folder inside OUT while sealing runs; keys and
secrets exist in memory and in OUT/headquarters only.
"""

import json
import secrets
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from venue_server.headquarters.erasure import FragmentWriter
from venue_server.headquarters.keyfiles import write_new
from venue_server.headquarters.order import SealOrder, check_order
from venue_server.headquarters.prepare import PaperNames, Prepared, prepare
from venue_server.headquarters.problems import Place, Problem, Rule
from venue_server.headquarters.service_release import PaperSecret
from venue_server.storage.files import sync_directory
from venue_server.vault import slip39
from venue_server.vault.keys import SECRET_SIZE, derive_content_key, release_commitment
from venue_server.vault.layout import FragmentHeader
from venue_server.vault.manifest import TYPE, VERSION, Attestations, FragmentEntry, PaperManifest
from venue_server.vault.shares import share_info, venue_key_id
from venue_server.wire import hpke
from venue_server.wire.canonical import b64, canonical
from venue_server.wire.signed import sign
from venue_server.wire.stream import seal_stream, sealed_size

VENUE_FOLDER = "venue"
OWN_FOLDER = "headquarters"
MANIFEST_NAME = "manifest.json"
KEYS_NAME = "keys.json"
SECRET_NAME = "release-secret.json"  # noqa: S105  # the name of a file
_PIECE = 1024 * 1024


@dataclass(frozen=True)
class SealedPaper:
    """What sealing wrote. ``code_files`` are the custodians' shares; one file, one person."""

    manifest: PaperManifest
    manifest_file: Path
    fragment_files: list[Path]
    key_file: Path
    secret_file: Path
    code_files: list[Path]
    notices: list[Problem]


@dataclass(frozen=True, repr=False)
class _Secrets:
    """S and R; never printed."""

    shared: bytes
    release: bytes


def seal_package(
    package: Path, out: Path, order: SealOrder, signers: list[Ed25519PrivateKey]
) -> SealedPaper | list[Problem]:
    """Seal ``package`` into the new or empty folder ``out``, or list every reason why not.

    Raises OSError: the disk failed or is full; then ``out`` is incomplete and must be thrown away.
    """
    problems = check_order(order, signers)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        problems.append(Problem(Rule.ORDER_INVALID, Place(), f"{out} is not an empty folder"))
    if problems:
        return problems
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".sealing-", dir=out) as temporary:
        plain = Path(temporary) / "paper.zip"
        prepared = prepare(package, plain, _names(order))
        if isinstance(prepared, list):
            return prepared
        return _seal(prepared, out, order, signers)


def _names(order: SealOrder) -> PaperNames:
    return PaperNames(
        order.paper_id,
        order.form_id,
        order.subject_code,
        order.shuffle_seed or secrets.token_hex(16),
        order.title,
        order.language,
        order.test,
    )


def _seal(
    prepared: Prepared, out: Path, order: SealOrder, signers: list[Ed25519PrivateKey]
) -> SealedPaper:
    venue, own = out / VENUE_FOLDER, out / OWN_FOLDER
    venue.mkdir()
    own.mkdir(mode=0o700)
    held = _Secrets(secrets.token_bytes(SECRET_SIZE), secrets.token_bytes(SECRET_SIZE))
    package_id = str(uuid.uuid4())
    headers = _headers(order, package_id, held, sealed_size(prepared.path.stat().st_size))
    names = [f"{package_id[:8]}-{i}of{order.n}.kdfrag" for i in range(1, order.n + 1)]
    key = derive_content_key(held.shared, held.release, order.paper_id, order.form_id)
    with FragmentWriter(venue, names, headers) as writer:
        digest = writer.write(seal_stream(key, _pieces(prepared.path)))
        entries = writer.entries()
    manifest = _manifest(prepared, order, headers[0], held, digest, entries)
    write_new(venue / MANIFEST_NAME, _signed(manifest, signers), 0o644)
    secret = PaperSecret(
        order.paper_id, order.form_id, package_id, b64(held.release), order.release_at_ms
    )
    keys = {**prepared.keys, "package_id": package_id}
    text = json.dumps(keys, ensure_ascii=False, indent=1).encode()
    write_new(own / KEYS_NAME, text)
    write_new(own / SECRET_NAME, msgspec.json.encode(secret))
    codes = _write_codes(own, order, held.release)
    sync_directory(out)
    return SealedPaper(
        manifest,
        venue / MANIFEST_NAME,
        [venue / name for name in names],
        own / KEYS_NAME,
        own / SECRET_NAME,
        codes,
        prepared.notices,
    )


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _headers(order: SealOrder, package_id: str, held: _Secrets, size: int) -> list[FragmentHeader]:
    """One header a fragment, each with one share of S sealed to every venue."""
    headers: list[FragmentHeader] = []
    for fragment, words in enumerate(slip39.split(held.shared, order.k, order.n), start=1):
        shares: dict[str, str] = {}
        for venue_id, public in order.venues.items():
            info = share_info(venue_id, package_id, order.paper_id, order.form_id, fragment)
            shares[venue_id] = b64(hpke.seal(public, words.encode(), info))
        headers.append(
            FragmentHeader(
                package_id,
                order.paper_id,
                order.form_id,
                fragment,
                order.k,
                order.n,
                order.block_size,
                size,
                shares,
            )
        )
    return headers


def _manifest(
    prepared: Prepared,
    order: SealOrder,
    header: FragmentHeader,
    held: _Secrets,
    digest: str,
    entries: list[FragmentEntry],
) -> PaperManifest:
    return PaperManifest(
        package_id=header.package_id,
        paper_id=order.paper_id,
        form_id=order.form_id,
        subject_code=order.subject_code,
        title=prepared.index.title,
        venues={venue: venue_key_id(public) for venue, public in order.venues.items()},
        mode=order.mode,
        classification=order.classification,
        k=order.k,
        n=order.n,
        block_size=order.block_size,
        ciphertext_size=header.ciphertext_size,
        ciphertext_sha256=digest,
        fragments=entries,
        release_commitment=release_commitment(held.release, order.paper_id, order.form_id),
        release_at_ms=order.release_at_ms,
        not_before_ms=order.not_before_ms,
        expires_at_ms=order.expires_at_ms,
        # The profile check compared every key with its options, so D15 holds here.
        attestations=Attestations(order.attest_subject, True, order.attest_rendering),
    )


def _signed(manifest: PaperManifest, signers: list[Ed25519PrivateKey]) -> bytes:
    payload = {"type": TYPE, "version": VERSION, **msgspec.to_builtins(manifest)}
    return canonical(sign(payload, signers))


def _write_codes(own: Path, order: SealOrder, release: bytes) -> list[Path]:
    """The offline code, one file for each custodian (D07, E05)."""
    if not order.code_shares:
        return []
    files: list[Path] = []
    shares = slip39.split(release, order.code_threshold, order.code_shares)
    for number, words in enumerate(shares, start=1):
        path = own / f"code-share-{number}of{order.code_shares}.txt"
        head = (
            f"{order.paper_id}/{order.form_id}  {number}/{order.code_shares}"
            f"  ({order.code_threshold})"
        )
        write_new(path, f"{head}\n{words}\n".encode())
        files.append(path)
    return files
