"""Re-reads what was accepted: finds decay, mends it, and carries out the dry check (D18)."""

import shutil
from dataclasses import dataclass

from venue_server.intake import dry_check
from venue_server.intake import store as rows
from venue_server.intake.acceptance import Acceptance
from venue_server.intake.papers import HeldPaper, Papers
from venue_server.intake.rules import IntakeRules
from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.storage import background
from venue_server.storage.engine import Store
from venue_server.vault.manifest import PaperManifest, read_manifest
from venue_server.wire.hpke import HpkePrivate
from venue_server.wire.names import PackageState


@dataclass(frozen=True)
class Checked:
    """The dry check of one package."""

    package_id: str
    passed: bool
    rows: list[dry_check.Row]


class Checking:
    """``private`` opens the venue's key shares; what they hold never leaves dry_check.py."""

    def __init__(
        self,
        store: Store,
        ledger: Ledger,
        papers: Papers,
        acceptance: Acceptance,
        rules: IntakeRules,
        private: HpkePrivate,
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._papers = papers
        self._acceptance = acceptance
        self._rules = rules
        self._private = private

    async def check(self, manifest: PaperManifest, stations: dry_check.Stations) -> Checked:
        """Find decay, mend what can be mended, and judge what is here then."""
        await self._recheck(manifest)
        facts = await background.heavy(self._facts, manifest, stations)
        found = dry_check.rows_of(facts, manifest)
        return Checked(manifest.package_id, dry_check.passed(found), found)

    async def _recheck(self, manifest: PaperManifest) -> None:
        """Find what decayed since it was accepted, and mend it as far as what is here allows."""
        files, have = self._acceptance.files(manifest), self._acceptance.have(manifest.package_id)
        decay = await background.heavy(files.decayed, set(have))
        whole = self._acceptance.state(manifest.package_id) is PackageState.COMPLETE
        if not decay.fragments and (decay.ciphertext or not whole):
            return
        if decay.fragments or whole:
            await self._ledger.note(
                Event.PAPER_DAMAGED,
                package=manifest.package_id,
                fragments=[f"#{n}: {bad[:8]}" for n, bad in decay.fragments.items()],
                ciphertext=not decay.ciphertext,
            )
        for number in decay.fragments:
            # The row first: a kill in between leaves a file without a row, never the reverse.
            await self._store.write(
                lambda tx, n=number: rows.forget_fragment(tx, manifest.package_id, n)  # type: ignore[misc]  # a loop's lambda
            )
            files.demote(number)
        await self._acceptance.finish(manifest)
        left = await background.heavy(
            files.decayed, set(self._acceptance.have(manifest.package_id))
        )
        here = len(self._acceptance.have(manifest.package_id))
        if whole and (not left.ciphertext or here < manifest.k):
            # It cannot be opened as it is: wanted again, and nothing may be armed on it.
            old, new = PackageState.COMPLETE, PackageState.RECEIVING
            await self._store.write(lambda tx: rows.move_package(tx, manifest.package_id, old, new))
            self._papers.reload()
            self._acceptance.changed(manifest)

    def _facts(self, manifest: PaperManifest, stations: dry_check.Stations) -> dry_check.Facts:
        package, _ = next(
            each for each in self._papers.packages() if each[1].package_id == manifest.package_id
        )
        files, have = self._acceptance.files(manifest), self._acceptance.have(manifest.package_id)
        held = HeldPaper(package, manifest, files.folder, self._rules.venue_id)
        document = (files.folder / "manifest.json").read_bytes()
        again = read_manifest(document, self._rules.headquarters, self._rules.threshold)
        shares = dry_check.try_shares(
            {n: share for n, share in held.sealed_shares().items() if n in have},
            manifest,
            self._rules.venue_id,
            self._private,
        )
        return dry_check.Facts(
            signed=again == manifest,
            decay=files.decayed(set(have)),
            have=len(have),
            shares=shares,
            plain_size=dry_check.plain_size(files.ciphertext, manifest),
            budget=dry_check.budget_of(package.manifest),
            disk_free=shutil.disk_usage(files.folder).free,
            disk_floor=self._rules.disk_floor,
            stations=stations,
        )
