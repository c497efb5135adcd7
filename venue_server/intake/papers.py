"""The sealed papers at this venue: which ones belong to a session, and where their files lie.

papers/<package>/manifest.json     the signed manifest, byte for byte
papers/<package>/fragment-<n>      accepted fragments, shares of S still sealed in them
papers/<package>/ciphertext        assembled and verified; never decrypted here
quarantine/                        what was refused, kept for whoever investigates
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from venue_server.intake import store as rows
from venue_server.intake.store import Package
from venue_server.sitting.forms import Form
from venue_server.sitting.rows import Session
from venue_server.storage.engine import Store
from venue_server.vault.layout import read_header
from venue_server.vault.manifest import PaperManifest
from venue_server.wire.canonical import unb64
from venue_server.wire.messages import PaperSeal
from venue_server.wire.names import PackageState
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError

CIPHERTEXT = "ciphertext"
HELD = (
    PackageState.COMPLETE,
    PackageState.RELEASED,
    PackageState.ENDED,
    PackageState.UNUSED,
)


@dataclass(frozen=True)
class HeldPaper:
    """A package whose ciphertext is complete and verified."""

    package: Package
    manifest: PaperManifest
    folder: Path
    venue_id: str

    @property
    def ciphertext(self) -> Path:
        """The verified ciphertext."""
        return self.folder / CIPHERTEXT

    @property
    def form(self) -> Form:
        """Which form it carries."""
        return Form(self.manifest.paper_id, self.manifest.form_id)

    @property
    def unopened(self) -> bool:
        """Never released, as far as the store knows."""
        return self.package.state is PackageState.COMPLETE

    @property
    def seal(self) -> PaperSeal:
        """What may be shown of it (D17)."""
        return PaperSeal(
            paper_id=self.manifest.paper_id,
            form_id=self.manifest.form_id,
            short_digest=self.manifest.ciphertext_sha256[:8].upper(),
            verified=True,
            classification=self.manifest.classification,
            declassify_at_ms=self.manifest.declassify_at_ms or 0,
        )

    def sealed_shares(self) -> dict[int, bytes]:
        """The venue's sealed shares of S by fragment number."""
        shares: dict[int, bytes] = {}
        for path in sorted(self.folder.glob("fragment-*")):
            with path.open("rb") as file:
                found = read_header(file)
            if found is not None and self.venue_id in found[0].shares:
                shares[found[0].fragment] = unb64(found[0].shares[self.venue_id])
        return shares

    def mark_released(self, tx: Connection) -> None:
        """COMPLETE to RELEASED inside the release's transaction; a package opens once (E07)."""
        self._move(tx, PackageState.COMPLETE, PackageState.RELEASED)

    def mark_ended(self, tx: Connection) -> None:
        """The session ended."""
        self._move(tx, PackageState.RELEASED, PackageState.ENDED)

    def _move(self, tx: Connection, old: PackageState, new: PackageState) -> None:
        if not rows.move_package(tx, self.package.package_id, old, new):
            raise RefusedError(Refusal(RefusalCode.PAPER_REPLAYED, self.package.package_id))


class Papers:
    """Looks packages up. ``root`` is the papers folder."""

    def __init__(self, store: Store, root: Path, venue_id: str) -> None:
        self._store = store
        self._root = root
        self._venue_id = venue_id
        self._packages: list[Package] = []
        self._manifests: dict[str, PaperManifest] = {}
        self.reload()

    def reload(self) -> None:
        """Read the packages anew, after a commit that changed them."""
        self._packages = self._store.read(rows.packages)
        self._manifests = {
            each.package_id: msgspec.convert(json.loads(each.manifest)["payload"], PaperManifest)
            for each in self._packages
        }

    def folder(self, package_id: str) -> Path:
        """Where a package's files lie."""
        return self._root / package_id

    def packages(self) -> Iterable[tuple[Package, PaperManifest]]:
        """Every package known."""
        return [(each, self._manifests[each.package_id]) for each in self._packages]

    def all_held(self, session: Session | None) -> list[HeldPaper]:
        """Every complete paper of a session, whatever its form, reserves too; oldest first."""
        return [
            HeldPaper(package, manifest, self.folder(package.package_id), self._venue_id)
            for package, manifest in self.packages()
            if session and package.session_id == session.session_id and package.state in HELD
        ]

    def of_session(self, session_id: str) -> list[Package]:
        """Every package received for a session, whatever its state."""
        return [package for package in self._packages if package.session_id == session_id]

    def mark_unused(self, tx: Connection, session_id: str) -> list[str]:
        """At the session's end: what was received and never opened stays sealed (D10). Returns the
        package ids."""
        unopened = (PackageState.RECEIVING, PackageState.COMPLETE)
        return [
            package.package_id
            for package in self.of_session(session_id)
            if any(
                rows.move_package(tx, package.package_id, old, PackageState.UNUSED)
                for old in unopened
            )
        ]

    def mark_wiped(self, tx: Connection, session_id: str) -> None:
        """The files of all packages of a session are destroyed, opened or not (L10, O01)."""
        for package in self.of_session(session_id):
            for old in (PackageState.ENDED, PackageState.UNUSED):
                rows.move_package(tx, package.package_id, old, PackageState.WIPED)
