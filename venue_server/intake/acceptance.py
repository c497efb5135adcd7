"""Manifests and fragments into packages, by whatever channel they came (D01, D18).

Every channel ends here, so the channels of one receipt fill the same packages. What was judged is
what is kept: files are copied in first. A fragment with bad blocks leaves its good ones behind, and
with k good blocks for each stripe and k headers the ciphertext is assembled and verified; plaintext
never exists.
"""

import json
from collections.abc import Callable
from pathlib import Path
from secrets import token_hex

from sqlalchemy import Connection

from venue_server.intake import incoming
from venue_server.intake import store as rows
from venue_server.intake.custody.chain import CustodyStep, Step
from venue_server.intake.custody.store import insert_step
from venue_server.intake.fragments import FragmentVerdict, inspect_fragment
from venue_server.intake.packages import PackageFiles
from venue_server.intake.papers import Papers
from venue_server.intake.quarantine import Quarantine
from venue_server.intake.rules import (
    OPEN_TO_FRAGMENTS,
    IntakeRules,
    concerns,
    fits_plan,
    superseded,
)
from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.sitting.service import SittingService
from venue_server.storage import background
from venue_server.storage.engine import Store
from venue_server.storage.files import write_whole
from venue_server.storage.media_lanes import on_medium
from venue_server.vault.layout import FragmentHeader
from venue_server.vault.manifest import PaperManifest, accept_manifest, read_manifest
from venue_server.wire.names import PackageState
from venue_server.wire.refusals import Refusal, RefusalCode

MAX_MANIFEST = 64 * 1024 * 1024
BEHIND = 64 * 1024  # bytes


class Acceptance:
    """Takes in one thing at a time; :class:`Intake` holds the lock."""

    def __init__(
        self,
        store: Store,
        ledger: Ledger,
        papers: Papers,
        sittings: SittingService,
        rules: IntakeRules,
        quarantine: Path,
        now_ms: Callable[[], int],
        complete: Callable[[str], None],
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._papers = papers
        self._sittings = sittings
        self._rules = rules
        self.quarantine = Quarantine(quarantine, ledger, now_ms)
        self._now_ms = now_ms
        self._complete = complete

    # ---- what is open --------------------------------------------------------------------

    def open_packages(self, session_id: str) -> list[PaperManifest]:
        """The session's packages that still take fragments."""
        planned = self._sittings.planned(session_id)
        known = [package for package, _manifest in self._papers.packages()]
        return [
            manifest
            for package, manifest in self._papers.packages()
            if package.session_id == session_id
            and package.state in OPEN_TO_FRAGMENTS
            and not superseded(planned, package, known)
        ]

    def concerns(self, session_id: str, data: bytes) -> bool:
        """Is a manifest that a mirror offers for this session at all?"""
        day = [session.planned for session in self._sittings.sessions()]
        return concerns(self._sittings.planned(session_id), day, data)

    def state(self, package_id: str) -> PackageState | None:
        """The state of a package; None when it is not known."""
        known = {package.package_id: package.state for package, _ in self._papers.packages()}
        return known.get(package_id)

    def files(self, manifest: PaperManifest) -> PackageFiles:
        """The package's files."""
        return PackageFiles(self._papers.folder(manifest.package_id), manifest)

    def have(self, package_id: str) -> dict[int, rows.Fragment]:
        """The whole fragments of a package."""
        return self._store.read(lambda tx: rows.fragments(tx, package_id))

    def has_room(self, size: int) -> bool:
        """May ``size`` more bytes be written?"""
        return incoming.room_for(self.quarantine.folder, size, self._rules.disk_floor)

    # ---- manifests -----------------------------------------------------------------------

    async def take_manifest(
        self, receipt: rows.Receipt, name: str, data: bytes
    ) -> PaperManifest | Refusal:
        """Judge a manifest and keep it; its package then takes fragments.

        Refusals: DOC-01 to DOC-04, DOC-07, PAP-08 to PAP-11, PAP-16, PAP-18, RCP-01, RCP-02; the
        bytes lie in quarantine then.
        """
        manifest = read_manifest(data, self._rules.headquarters, self._rules.threshold)
        no = manifest if isinstance(manifest, Refusal) else self._fits(receipt, manifest)
        if no is not None:
            await self.quarantine.note(receipt, name, no, self.quarantine.write(name, data))
            return no
        assert isinstance(manifest, PaperManifest)
        if self.state(manifest.package_id) is None:
            await self._keep_manifest(receipt, manifest, data)
        return manifest

    def _fits(self, receipt: rows.Receipt, manifest: PaperManifest) -> Refusal | None:
        planned = self._sittings.planned(receipt.session_id)
        known = [package for package, _manifest in self._papers.packages()]
        return accept_manifest(
            manifest,
            venue_id=self._rules.venue_id,
            subject_code=planned.subject_code,
            mode=self._rules.mode,
            now_ms=self._now_ms(),
        ) or fits_plan(planned, manifest, known, self._rules.opened)

    async def _keep_manifest(
        self, receipt: rows.Receipt, manifest: PaperManifest, data: bytes
    ) -> None:
        folder = self._papers.folder(manifest.package_id)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(folder / "manifest.json", data)
        package = rows.Package(
            manifest.package_id,
            receipt.session_id,
            manifest.paper_id,
            manifest.form_id,
            json.dumps(json.loads(data), ensure_ascii=False),
            PackageState.RECEIVING,
            "",
        )

        def run(tx: Connection) -> None:
            rows.insert_package(tx, package)
            self._ledger.record(
                tx,
                Event.MANIFEST_ACCEPTED,
                receipt.both,
                receipt=receipt.receipt_id,
                package=manifest.package_id,
                subject=manifest.subject_code,
                sha256=manifest.ciphertext_sha256,
            )

        await self._store.write(run)
        self._papers.reload()

    # ---- fragments -----------------------------------------------------------------------

    async def take_fragment(self, receipt: rows.Receipt, path: Path) -> Refusal | None:
        """Take in one file of a medium: to its package, or refused by name and kept aside."""
        found = await on_medium(path, incoming.look, path)
        if isinstance(found, Refusal):
            return await self._refuse_in_place(receipt, path, found)
        header, digest = found
        manifest = self._package_of(receipt, header)
        if manifest is None:
            no = Refusal(RefusalCode.FRAGMENT_FOREIGN, path.name)
            return await self._refuse_in_place(receipt, path, no)
        if self._is_here(manifest, header, digest):
            no = Refusal(RefusalCode.FRAGMENT_DUPLICATE, f"{path.name}: #{header.fragment}")
            await self.quarantine.note(receipt, path.name, no)
            return no
        try:
            size = (await on_medium(path, path.stat)).st_size
        except OSError as error:
            return await self._refuse_in_place(receipt, path, incoming.unreadable(path, error))
        if size > _largest([manifest]):
            # Judged where it lies: a forgotten disk image must not fill the server's disk (R11).
            verdict = await on_medium(path, self._inspect, path, manifest)
            assert isinstance(verdict, Refusal), "no fragment is that large"
            await self._salvage(receipt, manifest, header, path, path.name)
            await self.quarantine.note(receipt, path.name, verdict)
            return verdict
        if not self.has_room(size):
            no = Refusal(RefusalCode.NO_ROOM_FOR_PAPER, path.name)
            await self.quarantine.note(receipt, path.name, no)
            return no
        return await self._copy_and_judge(receipt, manifest, header, path)

    def _package_of(self, receipt: rows.Receipt, header: FragmentHeader) -> PaperManifest | None:
        for manifest in self.open_packages(receipt.session_id):
            if header.package_id == manifest.package_id:
                same = (header.paper_id, header.form_id) == (manifest.paper_id, manifest.form_id)
                return manifest if same else None
        return None

    def _is_here(self, manifest: PaperManifest, header: FragmentHeader, digest: str) -> bool:
        right = 1 <= header.fragment <= manifest.n and (
            manifest.entry(header.fragment).header_sha256 == digest
        )
        return right and header.fragment in self.have(manifest.package_id)

    def _inspect(self, path: Path, manifest: PaperManifest) -> FragmentVerdict | Refusal:
        have = self.have(manifest.package_id)
        return inspect_fragment(path, manifest, self._rules.venue_id, have)

    async def _copy_and_judge(
        self, receipt: rows.Receipt, manifest: PaperManifest, header: FragmentHeader, path: Path
    ) -> Refusal | None:
        folder = self._papers.folder(manifest.package_id)
        copy = folder / f"{incoming.PREFIX}{token_hex(4)}"
        broken = await on_medium(path, incoming.copy_in, path, copy)
        if broken is not None:
            if broken.code is RefusalCode.MEDIUM_UNREADABLE and copy.exists():
                await self._salvage(receipt, manifest, header, copy, path.name)
            copy.unlink(missing_ok=True)
            await self.quarantine.note(receipt, path.name, broken)
            return broken
        verdict = await background.heavy(self._inspect, copy, manifest)
        if isinstance(verdict, FragmentVerdict):
            await self.keep_fragment(receipt, manifest, verdict.fragment, copy, path.name)
            return None
        refusal = Refusal(verdict.code, verdict.detail.replace(copy.name, path.name))
        await self._salvage(receipt, manifest, header, copy, path.name)
        kept = self.quarantine.move(copy, path.name)
        await self.quarantine.note(receipt, path.name, refusal, kept)
        return refusal

    async def _salvage(
        self,
        receipt: rows.Receipt,
        manifest: PaperManifest,
        header: FragmentHeader,
        source: Path,
        name: str,
    ) -> None:
        """Keep the good blocks of a damaged fragment; with those of an earlier one it may be
        whole."""
        number = header.fragment
        if not 1 <= number <= manifest.n or number in self.have(manifest.package_id):
            return
        if self._rules.venue_id not in header.shares:
            return  # another venue's: its blocks would do, but it must not count as a fragment
        files = self.files(manifest)
        left = await on_medium(source, files.salvage, number, source)
        if not left:
            await self.keep_fragment(receipt, manifest, number, files.partial(number), name)

    async def keep_fragment(
        self, receipt: rows.Receipt, manifest: PaperManifest, number: int, path: Path, name: str
    ) -> None:
        """``path``, in the package's folder, is the whole fragment ``number``: keep it."""
        self.files(manifest).promote(number, path)
        await self._store.write(
            lambda tx: self.fragment_kept(tx, receipt.receipt_id, manifest, number, name, receipt)
        )

    def fragment_kept(
        self,
        tx: Connection,
        receipt_id: str,
        manifest: PaperManifest,
        number: int,
        name: str,
        receipt: rows.Receipt | None = None,
    ) -> None:
        """Its row and its entry; without ``receipt`` it was repaired from what is here."""
        digest = manifest.entry(number).sha256
        file = self.files(manifest).fragment(number).name
        rows.insert_fragment(
            tx,
            manifest.package_id,
            rows.Fragment(number, file, digest, self._now_ms(), receipt_id),
        )
        self._ledger.record(
            tx,
            Event.FRAGMENT_ACCEPTED if receipt else Event.FRAGMENT_REPAIRED,
            receipt.both if receipt else "",
            receipt=receipt_id,
            package=manifest.package_id,
            fragment=number,
            file=name,
            sha256=digest,
        )

    # ---- refusing ------------------------------------------------------------------------

    async def _refuse_in_place(
        self, receipt: rows.Receipt, path: Path, refusal: Refusal
    ) -> Refusal:
        """Refused by its first bytes; kept aside when it is no larger than fragments are."""
        kept = ""
        if refusal.code is not RefusalCode.MEDIUM_UNREADABLE:
            most = _largest(self.open_packages(receipt.session_id))
            kept = await on_medium(path, self.quarantine.copy, path, most, self.has_room)
        await self.quarantine.note(receipt, path.name, refusal, kept)
        return refusal

    # ---- completing ----------------------------------------------------------------------

    async def finish(self, manifest: PaperManifest, receipt: rows.Receipt | None = None) -> None:
        """Assemble when enough is here, repair what can be repaired, and call it complete."""
        if self.state(manifest.package_id) not in OPEN_TO_FRAGMENTS:
            return
        have = self.have(manifest.package_id)
        outcome = await background.heavy(self.files(manifest).complete, set(have))
        if isinstance(outcome, Refusal):
            await self._ledger.note(
                Event.FRAGMENT_REFUSED,
                package=manifest.package_id,
                code=outcome.code.value,
                detail=outcome.detail,
            )
            return
        receipt_id = receipt.receipt_id if receipt else _latest(have)
        for number in outcome.repaired:
            self.files(manifest).promote(number, self.files(manifest).partial(number))
            name = self.files(manifest).fragment(number).name
            await self._store.write(
                lambda tx, n=number, name=name: self.fragment_kept(  # type: ignore[misc]  # a loop's lambda
                    tx, receipt_id, manifest, n, name
                )
            )
        if outcome.whole and len(have) + len(outcome.repaired) >= manifest.k:
            await self._is_complete(manifest, receipt)

    async def _is_complete(self, manifest: PaperManifest, receipt: rows.Receipt | None) -> None:
        def run(tx: Connection) -> str:
            old, new = PackageState.RECEIVING, PackageState.COMPLETE
            sha256 = manifest.ciphertext_sha256
            if not rows.move_package(tx, manifest.package_id, old, new, sha256):
                return ""
            self._ledger.record(
                tx,
                Event.PAPER_COMPLETE,
                package=manifest.package_id,
                sha256=sha256,
                size=manifest.ciphertext_size,
            )
            if receipt is not None:
                insert_step(tx, _received(manifest.package_id, receipt, self._now_ms()))
            return sha256

        if await self._store.write(run):
            self._papers.reload()
            self.changed(manifest)

    def changed(self, manifest: PaperManifest) -> None:
        """Tell whoever offers papers that one came or went."""
        for package, known in self._papers.packages():
            if known.package_id == manifest.package_id:
                self._complete(package.session_id)


def _received(package_id: str, receipt: rows.Receipt, at_ms: int) -> CustodyStep:
    return CustodyStep(
        item_id=package_id,
        step=Step.RECEIVED,
        at_ms=at_ms,
        persons=(receipt.operator,),
        supervisor=receipt.supervisor,
        place="服务器加密存储 / the server's encrypted store",
        note=receipt.receipt_id,
    )


def _largest(manifests: list[PaperManifest]) -> int:
    """Bytes that a file worth copying has at most: the largest fragment any of the packages has,
    and room for what somebody put behind it; 0 without packages."""
    sizes = [each.size for one in manifests for each in one.fragments]
    return max(sizes) + BEHIND if sizes else 0


def _latest(have: dict[int, rows.Fragment]) -> str:
    """The receipt session of the fragment that came last."""
    newest = max(have.values(), key=lambda each: each.received_at_ms, default=None)
    return newest.receipt_id if newest else ""
