"""One fragment file against the manifest: accepted, or refused with the code of its fault (D01).

PAP-14  a whole paper in one file (a ZIP or a bare sealed stream)
PAP-03  not a fragment file at all
PAP-06  a fragment of another package
PAP-05  this fragment is here already
PAP-10  holds no key share for this venue
PAP-04  the right fragment, but damaged: which blocks, or the header, or the length
PAP-12  undamaged, but what headquarters wrote as this venue's share is no base64
"""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from venue_server.storage.media_lanes import beat
from venue_server.vault.layout import FragmentHeader, read_header
from venue_server.vault.manifest import PaperManifest
from venue_server.wire.canonical import unb64
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.stream import MAGIC as STREAM_MAGIC

_ZIP_MAGICS = (b"PK\x03\x04", b"PK\x05\x06")
_NAMED_BLOCKS = 8


@dataclass(frozen=True)
class FragmentVerdict:
    """An accepted fragment: its number (1 to n) and its share of S, still sealed to the venue."""

    fragment: int
    path: Path
    sealed_share: bytes = field(repr=False)


def inspect_fragment(
    path: Path, manifest: PaperManifest, venue_id: str, have: Collection[int] = ()
) -> FragmentVerdict | Refusal:
    """Check one file, streaming. ``have`` are the fragments received before. Raises OSError."""
    with path.open("rb") as file:
        if is_whole_paper(file):
            return Refusal(RefusalCode.WHOLE_PAPER_IN_ONE_FILE, path.name)
        found = read_header(file)
        if found is None:
            return Refusal(RefusalCode.FRAGMENT_MALFORMED, path.name)
        header, raw = found
        refusal = _check_header(header, raw, manifest, have, path.name)
        if refusal is not None:
            return refusal
        sealed = header.shares.get(venue_id)
        if sealed is None:
            return Refusal(RefusalCode.PAPER_WRONG_VENUE, path.name)
        damage = _damage(file, header.fragment, manifest)
        if damage:
            return Refusal(RefusalCode.FRAGMENT_CORRUPT, f"{path.name}: {damage}")
    try:
        return FragmentVerdict(header.fragment, path, unb64(sealed))
    except ValueError:
        return Refusal(RefusalCode.SHARE_UNREADABLE, f"{path.name}: #{header.fragment}")


def is_whole_paper(file: BinaryIO) -> bool:
    """Does ``file`` begin like a ZIP or a bare sealed stream? Leaves it at its beginning."""
    head = file.read(8)
    file.seek(0)
    return head.startswith(_ZIP_MAGICS) or head.startswith(STREAM_MAGIC)


def _check_header(
    header: FragmentHeader,
    raw: bytes,
    manifest: PaperManifest,
    have: Collection[int],
    name: str,
) -> Refusal | None:
    same = (
        header.package_id == manifest.package_id
        and header.paper_id == manifest.paper_id
        and header.form_id == manifest.form_id
    )
    if not same:
        return Refusal(RefusalCode.FRAGMENT_FOREIGN, name)
    if not 1 <= header.fragment <= manifest.n:
        return Refusal(RefusalCode.FRAGMENT_MALFORMED, f"{name}: #{header.fragment}")
    if hashlib.sha256(raw).hexdigest() != manifest.entry(header.fragment).header_sha256:
        return Refusal(RefusalCode.FRAGMENT_CORRUPT, f"{name}: header")
    if header.fragment in have:
        return Refusal(RefusalCode.FRAGMENT_DUPLICATE, f"{name}: #{header.fragment}")
    return None


def _damage(file: BinaryIO, fragment: int, manifest: PaperManifest) -> str:
    """What is wrong with the blocks that follow the header, or nothing."""
    bad = list(bad_blocks(file, fragment, manifest))
    if bad:
        named = ", ".join(str(block) for block in bad[:_NAMED_BLOCKS])
        more = " …" if len(bad) > _NAMED_BLOCKS else ""
        return f"block {named}{more} / {manifest.layout.stripes}"
    return "bytes after the last block" if file.read(1) else ""


def bad_blocks(file: BinaryIO, fragment: int, manifest: PaperManifest) -> Iterator[int]:
    """Numbers, from 1, of the blocks that are damaged or missing; ``file`` stands at block 1."""
    layout, digests = manifest.layout, manifest.entry(fragment).blocks
    for stripe, digest in enumerate(digests):
        block = file.read(layout.block_length(stripe))
        beat()
        if hashlib.sha256(block).hexdigest() != digest:
            yield stripe + 1
