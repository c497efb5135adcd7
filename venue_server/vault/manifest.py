"""The signed manifest of one sealed form: what belongs to it, for whom, when and how it opens."""

from typing import Annotated

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from venue_server.vault.layout import PREFIX, Layout
from venue_server.wire.names import Mode
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.signed import read_signed

TYPE = "kaodian.manifest"
VERSION = "1.0"
# SLIP-39 knows at most 16 shares; one fragment alone must never be a whole paper (D01).
MIN_K, MAX_N = 2, 16

# Ids stand in file names, HPKE contexts and key derivation: no separators, no blanks.
ID_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z"
Id = Annotated[str, msgspec.Meta(pattern=ID_PATTERN)]
Digest = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
Count = Annotated[int, msgspec.Meta(ge=1)]
# Up to the last millisecond of the year 9999: later ones cannot be shown to anybody.
Instant = Annotated[int, msgspec.Meta(ge=0, le=253_402_300_799_999)]
Amount = Annotated[int, msgspec.Meta(ge=0)]


class FragmentEntry(msgspec.Struct, frozen=True):
    """One fragment file. ``header_sha256`` covers the bytes before the blocks; ``blocks`` are
    the SHA-256 of each block, stripe by stripe; ``sha256`` covers the whole file."""

    fragment: Count
    file: str
    size: Count
    sha256: Digest
    header_sha256: Digest
    blocks: list[Digest]


class Attestations(msgspec.Struct, frozen=True):
    """What headquarters states to have verified (D14-D16)."""

    subject_mapping: bool
    permutation_match: bool
    rendering: bool

    def missing(self) -> list[str]:
        """The names of those not given."""
        return [name for name in self.__struct_fields__ if not getattr(self, name)]


class Budget(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a station needs to show the paper, in numbers that tell nothing of its content: bytes
    of the plain ZIP, items, media files, their bytes, the largest of them, and whole seconds of
    film and sound when all files say how long they are."""

    plain_size: Amount
    items: Amount
    media_files: Amount
    media_bytes: Amount
    largest_media: Amount
    video_seconds: Amount | None = None
    audio_seconds: Amount | None = None


class PaperManifest(msgspec.Struct, frozen=True):
    """The payload of the signed document. ``venues`` maps each venue's id to the id of its HPKE
    key; instants are milliseconds since the epoch, UTC. ``budget`` and ``declassify_at_ms`` (D12)
    may be missing."""

    package_id: Id
    paper_id: Id
    form_id: Id
    subject_code: Id
    title: str
    venues: dict[str, str]
    mode: Mode
    classification: str
    k: Annotated[int, msgspec.Meta(ge=MIN_K, le=MAX_N)]
    n: Annotated[int, msgspec.Meta(ge=MIN_K, le=MAX_N)]
    block_size: Annotated[int, msgspec.Meta(ge=1, le=64 * 1024 * 1024)]
    ciphertext_size: Count
    ciphertext_sha256: Digest
    fragments: list[FragmentEntry]
    release_commitment: Digest
    release_at_ms: Instant
    not_before_ms: Instant
    expires_at_ms: Instant
    attestations: Attestations
    budget: Budget | None = None
    declassify_at_ms: Instant | None = None

    @property
    def layout(self) -> Layout:
        """The arithmetic of the fragments."""
        return Layout(self.k, self.block_size, self.ciphertext_size)

    def entry(self, fragment: int) -> FragmentEntry:
        """The entry of one fragment, 1 to n."""
        return self.fragments[fragment - 1]


def read_manifest(
    data: bytes, keys: dict[str, Ed25519PublicKey], threshold: int
) -> PaperManifest | Refusal:
    """Parse and verify a manifest: at least ``threshold`` of headquarters' ``keys`` signed it.

    Refusals: DOC-01 malformed, DOC-02 another type, DOC-03 unknown version, DOC-04 signatures.
    """
    manifest = read_signed(data, TYPE, PaperManifest, keys, threshold)
    if isinstance(manifest, Refusal):
        return manifest
    fault = _fault(manifest)
    return Refusal(RefusalCode.DOCUMENT_MALFORMED, f"{TYPE}: {fault}") if fault else manifest


def _fault(manifest: PaperManifest) -> str:
    """What contradicts itself in a manifest, or nothing."""
    layout = manifest.layout
    if manifest.k > manifest.n:
        return "k > n"
    if [entry.fragment for entry in manifest.fragments] != list(range(1, manifest.n + 1)):
        return "fragments"
    for entry in manifest.fragments:
        if len(entry.blocks) != layout.stripes:
            return f"blocks of fragment {entry.fragment}"
        if entry.size <= layout.body_size + PREFIX.size:
            return f"size of fragment {entry.fragment}"
    if not manifest.not_before_ms <= manifest.release_at_ms < manifest.expires_at_ms:
        return "instants"
    return ""


def accept_manifest(
    manifest: PaperManifest, *, venue_id: str, subject_code: str, mode: Mode, now_ms: int
) -> Refusal | None:
    """Whether this venue may take the paper for this subject now, ``now_ms`` in exam time.

    Refusals: PAP-10 another venue, DOC-07 mode, PAP-09 subject (D14), PAP-18 attestations of a
    LIVE paper, PAP-08 expired, PAP-16 too early.
    """
    if venue_id not in manifest.venues:
        return Refusal(RefusalCode.PAPER_WRONG_VENUE, venue_id)
    if manifest.mode != mode:
        return Refusal(RefusalCode.MODE_MISMATCH, f"{manifest.mode} / {mode}")
    if manifest.subject_code != subject_code:
        detail = f"{manifest.subject_code} / {subject_code}"
        return Refusal(RefusalCode.PAPER_WRONG_SUBJECT, detail)
    if manifest.mode == Mode.LIVE and (missing := manifest.attestations.missing()):
        return Refusal(RefusalCode.ATTESTATION_MISSING, ", ".join(missing))
    if now_ms >= manifest.expires_at_ms:
        return Refusal(RefusalCode.PAPER_EXPIRED, manifest.package_id)
    if now_ms < manifest.not_before_ms:
        return Refusal(RefusalCode.RECEIPT_WINDOW_CLOSED, manifest.package_id)
    return None
