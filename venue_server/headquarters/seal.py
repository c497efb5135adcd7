"""Seals forms: package in, fragments and manifest for the venues out, secrets kept apart.

    OUT/venue/         manifest.json and the fragment files: what may leave headquarters
    OUT/headquarters/  keys.json, release-secret.json, code shares: what never does (0600)

Several forms of one paper get these two folders each, in OUT/FORM. The plain paper is encrypted
piece by piece as it is made and never on a disk; keys and secrets exist in memory and in
OUT/headquarters only.
"""

import hashlib
import json
import secrets
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, BinaryIO, cast

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from venue_server.headquarters.erasure import FragmentWriter
from venue_server.headquarters.keyfiles import write_new
from venue_server.headquarters.order import SealOrder, check_forms
from venue_server.headquarters.prepare import PaperNames, Prepared, check, prepare
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
from venue_server.wire.paper_index import SectionIndex
from venue_server.wire.signed import sign
from venue_server.wire.stream import StreamError, StreamReader, seal_stream

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
    sections: list[SectionIndex]


@dataclass(frozen=True, repr=False)
class _Secrets:
    """S and R; never printed."""

    shared: bytes
    release: bytes


class _Ciphertext:
    """The paper encrypted as it is made, in a file without a name that is gone when this process
    is, however it ends."""

    def __init__(self, file: IO[bytes], key: bytes) -> None:
        self._file = file
        self._key = key
        self.digest = hashlib.sha256()
        self.size = 0

    def keep(self, plain: Iterator[bytes]) -> BinaryIO:
        """Encrypt and write; give the plain paper back, decrypted piece by piece."""
        for piece in seal_stream(self._key, plain):
            self.digest.update(piece)
            self.size += self._file.write(piece)
        self._file.flush()
        return cast(BinaryIO, StreamReader(self._key, cast(BinaryIO, self._file)))

    def pieces(self) -> Iterator[bytes]:
        """The ciphertext from its beginning."""
        self._file.seek(0)
        while piece := self._file.read(_PIECE):
            yield piece


def seal_forms(
    package: Path, out: Path, orders: list[SealOrder], signers: list[Ed25519PrivateKey]
) -> list[SealedPaper] | list[Problem]:
    """Seal every form into a folder of its own, ``out/FORM``, a single one into ``out``; all of
    them or none. Returns the sealed papers, or every reason why not.

    Raises OSError: the disk failed or is full; then ``out`` is incomplete and must be thrown away.
    """
    problems = check_forms(orders, signers)
    if _is_taken(out):
        problems.append(Problem(Rule.ORDER_INVALID, Place(), f"{out} is not an empty folder"))
    if problems:
        return problems
    if len(orders) == 1:
        one = seal_package(package, out, orders[0], signers)
        return one if isinstance(one, list) else [one]
    if blocking := [problem for problem in check(package, orders[0].test) if problem.blocking]:
        return blocking
    sealed: list[SealedPaper] = []
    for order in orders:
        paper = seal_package(package, out / order.form_id, order, signers)
        if isinstance(paper, list):
            shutil.rmtree(out)
            return paper
        sealed.append(paper)
    alike = _alike(sealed)
    return [replace(paper, notices=paper.notices + alike) for paper in sealed]


def _alike(papers: list[SealedPaper]) -> list[Problem]:
    """A notice for each group of forms in which every candidate meets the items in one order."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for paper in papers:
        if not any(section.shuffle for section in paper.sections):
            order = tuple(item for section in paper.sections for item in section.item_ids)
            groups.setdefault(order, []).append(paper.manifest.form_id)
    return [
        Problem(Rule.FORMS_ALIKE, Place(), ", ".join(forms))
        for forms in groups.values()
        if len(forms) > 1
    ]


def seal_package(
    package: Path, out: Path, order: SealOrder, signers: list[Ed25519PrivateKey]
) -> SealedPaper | list[Problem]:
    """Seal one form of ``package`` into the new or empty folder ``out``, or list every reason why
    not.

    Raises OSError: the disk failed or is full; then ``out`` is incomplete and must be thrown away.
    """
    problems = check_forms([order], signers)
    if _is_taken(out):
        problems.append(Problem(Rule.ORDER_INVALID, Place(), f"{out} is not an empty folder"))
    if problems:
        return problems
    out.mkdir(parents=True, exist_ok=True)
    held = _Secrets(secrets.token_bytes(SECRET_SIZE), secrets.token_bytes(SECRET_SIZE))
    key = derive_content_key(held.shared, held.release, order.paper_id, order.form_id)
    with tempfile.TemporaryFile(dir=out) as file:
        ciphertext = _Ciphertext(file, key)
        try:
            prepared = prepare(package, _names(order), ciphertext.keep)
        except StreamError as error:
            raise OSError(f"{out}: the disk gave back other bytes ({error})") from error
        if isinstance(prepared, list):
            return prepared
        return _seal(prepared, ciphertext, held, out, order, signers)


def _is_taken(out: Path) -> bool:
    return out.exists() and (not out.is_dir() or any(out.iterdir()))


def _names(order: SealOrder) -> PaperNames:
    return PaperNames(
        order.paper_id,
        order.form_id,
        order.subject_code,
        order.shuffle_seed or secrets.token_hex(16),
        order.title,
        order.language,
        order.test,
        order.for_candidates,
    )


def _seal(
    prepared: Prepared,
    ciphertext: _Ciphertext,
    held: _Secrets,
    out: Path,
    order: SealOrder,
    signers: list[Ed25519PrivateKey],
) -> SealedPaper:
    venue, own = out / VENUE_FOLDER, out / OWN_FOLDER
    venue.mkdir()
    own.mkdir(mode=0o700)
    package_id = str(uuid.uuid4())
    headers = _headers(order, package_id, held, ciphertext.size)
    names = [f"{package_id[:8]}-{i}of{order.n}.kdfrag" for i in range(1, order.n + 1)]
    with FragmentWriter(venue, names, headers) as writer:
        digest = writer.write(ciphertext.pieces())
        entries = writer.entries()
    if digest != ciphertext.digest.hexdigest():
        raise OSError(f"{out}: the disk gave back other bytes than were written")
    manifest = _manifest(prepared, order, headers[0], held, digest, entries)
    write_new(venue / MANIFEST_NAME, _signed(manifest, signers), 0o644)
    codes = _write_own(own, prepared, order, package_id, held)
    sync_directory(out)
    return SealedPaper(
        manifest,
        venue / MANIFEST_NAME,
        [venue / name for name in names],
        own / KEYS_NAME,
        own / SECRET_NAME,
        codes,
        prepared.notices,
        prepared.index.sections,
    )


def _write_own(
    own: Path, prepared: Prepared, order: SealOrder, package_id: str, held: _Secrets
) -> list[Path]:
    """Keys, release secret, custodians' shares; returns the files of the shares."""
    secret = PaperSecret(
        order.paper_id, order.form_id, package_id, b64(held.release), order.release_at_ms
    )
    keys = {**prepared.keys, "package_id": package_id}
    text = json.dumps(keys, ensure_ascii=False, indent=1).encode()
    write_new(own / KEYS_NAME, text)
    write_new(own / SECRET_NAME, msgspec.json.encode(secret))
    return _write_codes(own, order, held.release)


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
        # Every key was compared with its options and the form with the package, so D15 holds.
        attestations=Attestations(order.attest_subject, True, order.attest_rendering),
        budget=prepared.budget,
        declassify_at_ms=order.declassify_at_ms,
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
