"""Sealed papers on this station's disk, and their opening in memory.

``<data>/papers/<sha256>.sealed`` is ciphertext that was verified, ``<sha256>.offer`` the offer it
came with. Keys and plaintext are never written. All methods block; the driver uses a thread.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import msgspec

from candidate_station.answers.durable import make_private_folder, sync_folder, write_private_file
from candidate_station.paper import OpenPaper, open_paper
from venue_server.wire.canonical import unb64
from venue_server.wire.form_key import FormKeyError, unwrap_form_key, wrapping_info
from venue_server.wire.hpke import HpkeError, HpkePrivate
from venue_server.wire.process_memory import overwrite
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.station_messages import FormKey, PaperOffer, WrappingKey

_SHA256 = re.compile(r"[0-9a-f]{64}")
_offer = msgspec.json.Decoder(PaperOffer)  # made in one thread, as in paper/opening.py


@dataclass(frozen=True)
class Reading:
    """An open paper and the ciphertext file it reads its media from."""

    paper: OpenPaper
    file: BinaryIO

    def close(self) -> None:
        """Forget key and content, let go of the file."""
        self.paper.close()
        self.file.close()


class PaperShelf:
    """The papers folder of one station."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / "papers"

    def path(self, offer: PaperOffer) -> Path:
        """Where the ciphertext of ``offer`` belongs; makes the folder. Raises OSError.

        ValueError: the offer's digest is not one.
        """
        if not _SHA256.fullmatch(offer.sha256):
            raise ValueError("the offer names no SHA-256")
        make_private_folder(self._folder)
        return self._folder / f"{offer.sha256}.sealed"

    def remember(self, offer: PaperOffer) -> None:
        """Keep the offer beside its verified ciphertext, for a restart."""
        write_private_file(self.path(offer).with_suffix(".offer"), msgspec.json.encode(offer))

    def forget(self, offer: PaperOffer) -> None:
        """Do not trust the held copy any more."""
        self.path(offer).unlink(missing_ok=True)

    def newest_verified(self) -> PaperOffer | None:
        """The newest offer whose ciphertext is here and has the right SHA-256."""
        found = sorted(self._folder.glob("*.offer"), key=lambda path: -path.stat().st_mtime_ns)
        for path in found:
            try:
                offer = _offer.decode(path.read_bytes())
                with self.path(offer).open("rb") as file:
                    if hashlib.file_digest(file, "sha256").hexdigest() == offer.sha256:
                        return offer
            except (OSError, ValueError):
                continue
        return None

    def destroy(self, paper_id: str, sha256: Sequence[str] = ()) -> None:
        """Remove every copy of a paper, half-fetched ones too. Raises OSError. An offer goes last:
        after a power cut in between it still says which files belong to the paper."""
        offers = self._offers(paper_id)
        for digest in dict.fromkeys([*offers, *filter(_SHA256.fullmatch, sha256)]):
            copies = list(self._folder.glob(f"{digest}.*"))
            for copy in sorted(copies, key=lambda each: each.suffix == ".offer"):
                copy.unlink()
            if copies:
                sync_folder(self._folder)

    def left(self, paper_id: str, sha256: Sequence[str] = ()) -> list[str]:
        """Names of files of a paper that are still here; empty is the proof of a destruction."""
        digests = [*self._offers(paper_id), *filter(_SHA256.fullmatch, sha256)]
        return sorted({copy.name for each in digests for copy in self._folder.glob(f"{each}.*")})

    def _offers(self, paper_id: str) -> list[str]:
        """The digests of a paper's ciphertexts, by the offers that lie here."""
        found = []
        for path in list(self._folder.glob("*.offer")) if self._folder.is_dir() else ():
            try:
                offer = _offer.decode(path.read_bytes())
            except msgspec.DecodeError:
                continue
            if offer.seal.paper_id == paper_id:
                found.append(offer.sha256)
        return found

    def open(
        self,
        key: HpkePrivate,
        machine_id: str,
        offer: PaperOffer,
        wrapping: WrappingKey,
        form_key: FormKey,
    ) -> Reading | Refusal:
        """Unwrap the form key and open the paper in memory.

        Refusals: RELEASE_SECRET_WRONG when the keys are not for this station or this form, and
        those of :func:`candidate_station.paper.open_paper`.
        """
        paper_id, form_id = offer.seal.paper_id, offer.seal.form_id
        try:
            info = wrapping_info(paper_id, form_id, machine_id)
            wrapping_key = key.open(unb64(wrapping.sealed), info)
            wrapped = unb64(form_key.wrapped)
            content_key = unwrap_form_key(wrapping_key, wrapped, paper_id, form_id)
        except (HpkeError, FormKeyError, ValueError):
            return Refusal(RefusalCode.RELEASE_SECRET_WRONG, f"{paper_id}/{form_id}")
        try:
            file = self.path(offer).open("rb")
        except OSError:
            return Refusal(RefusalCode.CIPHERTEXT_CORRUPT, offer.seal.short_digest)
        try:
            paper = open_paper(content_key, file)
        finally:
            # The cipher has its own copy, which it destroys when the paper is closed.
            overwrite(content_key)
            overwrite(wrapping_key)
        if isinstance(paper, Refusal):
            file.close()
            return paper
        return Reading(paper, file)
