"""Supervised receipt of a sealed paper (D01-D05): operator, supervisor, window, time limit.

Files are copied to the venue first and judged there, so that what was judged is what is kept. An
accepted fragment goes to its package, everything else to quarantine with its code. When k
fragments are here the ciphertext is assembled and verified; plaintext never exists.
"""

import asyncio
import json
import os
import shutil
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection

from venue_server.intake import receivable
from venue_server.intake import store as rows
from venue_server.intake.assembly import assemble
from venue_server.intake.fragments import FragmentVerdict, inspect_fragment
from venue_server.intake.papers import CIPHERTEXT, Papers
from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.sitting.service import SittingService
from venue_server.storage.engine import Store
from venue_server.storage.files import sync_directory, write_whole
from venue_server.vault.manifest import PaperManifest, accept_manifest, read_manifest
from venue_server.wire.names import Mode, PackageState
from venue_server.wire.refusals import Refusal, RefusalCode

MAX_MANIFEST = 64 * 1024 * 1024
INCOMING = "incoming-"


@dataclass(frozen=True)
class Verdict:
    """What became of one file of a folder; ``refusal`` None means accepted."""

    name: str
    kind: str
    refusal: Refusal | None = None


@dataclass(frozen=True)
class ImportReport:
    """One import: every file's verdict, and where the package stands."""

    files: list[Verdict]
    state: PackageState | None
    have: list[int]
    need: int
    missing: list[int]


@dataclass(frozen=True)
class IntakeRules:
    """Whom to believe, who we are, which packages were opened here before (E07)."""

    venue_id: str
    mode: Mode
    headquarters: dict[str, Ed25519PublicKey]
    threshold: int
    opened: Collection[str] = field(default_factory=frozenset)


class Intake:
    """Receipt sessions and imports. One import at a time."""

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
        self._quarantine = quarantine
        self._now_ms = now_ms
        self._complete = complete
        self._busy = asyncio.Lock()

    # ---- receipt sessions ----------------------------------------------------------------

    async def open(self, session_id: str, operator: str, supervisor: str) -> rows.Receipt | Refusal:
        """Begin receiving for a session, inside its window (D02)."""
        try:
            planned = self._sittings.planned(session_id)
        except KeyError:
            return Refusal(RefusalCode.SESSION_WRONG_STATE, session_id)
        now = self._now_ms()
        if not planned.receipt_open_ms <= now < planned.receipt_close_ms:
            return Refusal(RefusalCode.RECEIPT_WINDOW_CLOSED, session_id)
        deadline = min(now + planned.receipt_limit_s * 1000, planned.receipt_close_ms)
        receipt = rows.Receipt(
            f"receipt-{token_hex(4)}", session_id, operator, supervisor, now, deadline
        )

        def run(tx: Connection) -> rows.Receipt | Refusal:
            running = rows.open_receipt(tx)
            if running is not None and running.deadline_ms > now:
                return Refusal(RefusalCode.SESSION_WRONG_STATE, running.receipt_id)
            if running is not None:
                self._close(tx, running, "EXPIRED")
            rows.insert_receipt(tx, receipt)
            self._ledger.record(
                tx,
                Event.RECEIPT_OPENED,
                operator,
                receipt=receipt.receipt_id,
                session=session_id,
                supervisor=supervisor,
                deadline_ms=deadline,
            )
            return receipt

        return await self._store.write(run)

    async def close(self, operator: str, supervisor: str) -> PackageState | Refusal:
        """End receiving; both people sign again, and they are the two who began (D02)."""

        def run(tx: Connection) -> PackageState | Refusal:
            receipt = rows.open_receipt(tx)
            if receipt is None:
                return Refusal(RefusalCode.RECEIPT_NOT_OPEN)
            if {operator, supervisor} != {receipt.operator, receipt.supervisor}:
                return Refusal(RefusalCode.SAME_PERSON, receipt.receipt_id)
            state = self._state_of(receipt.session_id)
            self._close(tx, receipt, state.value)
            return state

        return await self._store.write(run)

    def _close(self, tx: Connection, receipt: rows.Receipt, outcome: str) -> None:
        rows.close_receipt(tx, receipt.receipt_id, self._now_ms(), outcome)
        self._ledger.record(
            tx, Event.RECEIPT_CLOSED, receipt.operator, receipt=receipt.receipt_id, outcome=outcome
        )

    def _state_of(self, session_id: str) -> PackageState:
        packages = self._papers.of_session(session_id)
        return receivable.state_together(self._sittings.planned(session_id), packages)

    # ---- importing -----------------------------------------------------------------------

    async def import_folder(self, folder: Path, operator: str) -> ImportReport | Refusal:
        """Take in everything of a folder; every file gets a verdict by name."""
        async with self._busy:
            receipt = self._store.read(rows.open_receipt)
            if receipt is None or receipt.operator != operator:
                return Refusal(RefusalCode.RECEIPT_NOT_OPEN)
            if self._now_ms() >= receipt.deadline_ms:
                return Refusal(RefusalCode.RECEIPT_TIME_OVER, receipt.receipt_id)
            if not folder.is_dir():
                return Refusal(RefusalCode.FRAGMENT_MALFORMED, folder.name)
            return await self._import(receipt, folder)

    async def _import(self, receipt: rows.Receipt, folder: Path) -> ImportReport | Refusal:
        files = sorted(each for each in folder.iterdir() if each.is_file())
        fragments = [path for path in files if path.suffix != ".json"]
        verdicts: list[Verdict] = []
        for path in files:
            if path not in fragments:
                refusal = await self._take_manifest(receipt, path)
                verdicts.append(Verdict(path.name, "manifest", refusal))
        packages = self._expected(receipt.session_id)
        if not packages:
            no = RefusalCode.FRAGMENT_FOREIGN
            verdicts += [
                Verdict(each.name, "fragment", Refusal(no, each.name)) for each in fragments
            ]
            return ImportReport(verdicts, None, [], 0, [])
        for folder in (self._papers.folder(package.package_id) for package in packages):
            for left in folder.glob(f"{INCOMING}*"):
                left.unlink()  # of an import that was killed; the medium has it still
        for path in fragments:
            package = receivable.package_of(path, packages)
            refusal = await self._take_fragment(receipt, package, path)
            verdicts.append(Verdict(path.name, "fragment", refusal))
        for package in packages:
            await self._assemble(receipt.session_id, package)
        waiting = [each for each in packages if self._state(each) is PackageState.RECEIVING]
        return self._report([*waiting, packages[-1]][0], verdicts)

    def _expected(self, session_id: str) -> list[PaperManifest]:
        """The session's packages that may still take fragments, in the order they came."""
        return [
            manifest
            for package, manifest in self._papers.packages()
            if package.session_id == session_id and package.state in receivable.OPEN_TO_FRAGMENTS
        ]

    def _report(self, manifest: PaperManifest, verdicts: list[Verdict]) -> ImportReport:
        have = sorted(self._store.read(lambda tx: rows.fragments(tx, manifest.package_id)))
        missing = [each.fragment for each in manifest.fragments if each.fragment not in have]
        return ImportReport(verdicts, self._state(manifest), have, manifest.k, missing)

    # ---- the manifest --------------------------------------------------------------------

    async def _take_manifest(self, receipt: rows.Receipt, path: Path) -> Refusal | None:
        if path.stat().st_size > MAX_MANIFEST:
            refusal = Refusal(RefusalCode.MESSAGE_TOO_LARGE, path.name)
            await self._note_refused(receipt, path.name, refusal)
            return refusal
        data = path.read_bytes()
        manifest = read_manifest(data, self._rules.headquarters, self._rules.threshold)
        if isinstance(manifest, Refusal):
            await self._refuse(receipt, path, manifest)
            return manifest
        no = self._fits(receipt, manifest) or receivable.refuse_package(
            manifest,
            self._sittings.planned(receipt.session_id),
            [known for known, _manifest in self._papers.packages()],
            self._rules.opened,
        )
        if no is not None:
            await self._refuse(receipt, path, no)
            return no
        if self._state(manifest) is None:
            await self._keep_manifest(receipt, manifest, data)
        return None

    def _state(self, manifest: PaperManifest) -> PackageState | None:
        known = {each.package_id: each.state for each, _manifest in self._papers.packages()}
        return known.get(manifest.package_id)

    def _fits(self, receipt: rows.Receipt, manifest: PaperManifest) -> Refusal | None:
        planned = self._sittings.planned(receipt.session_id)
        return accept_manifest(
            manifest,
            venue_id=self._rules.venue_id,
            subject_code=planned.subject_code,
            mode=self._rules.mode,
            now_ms=self._now_ms(),
        )

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
                receipt.operator,
                receipt=receipt.receipt_id,
                package=manifest.package_id,
                subject=manifest.subject_code,
                sha256=manifest.ciphertext_sha256,
            )

        await self._store.write(run)
        self._papers.reload()

    # ---- fragments -----------------------------------------------------------------------

    async def _take_fragment(
        self, receipt: rows.Receipt, manifest: PaperManifest, path: Path
    ) -> Refusal | None:
        have = self._store.read(lambda tx: rows.fragments(tx, manifest.package_id))
        if path.stat().st_size > max(each.size for each in manifest.fragments):
            # Judged where it lies: a forgotten disk image must not fill the server's disk (R11).
            large = await asyncio.to_thread(
                inspect_fragment, path, manifest, self._rules.venue_id, have
            )
            assert isinstance(large, Refusal), "no fragment is that large"
            await self._note_refused(receipt, path.name, large)
            return large
        copy = self._papers.folder(manifest.package_id) / f"{INCOMING}{token_hex(4)}"
        await asyncio.to_thread(_copy, path, copy)
        verdict = await asyncio.to_thread(
            inspect_fragment, copy, manifest, self._rules.venue_id, have
        )
        if isinstance(verdict, Refusal):
            refusal = Refusal(verdict.code, verdict.detail.replace(copy.name, path.name))
            await self._refuse(receipt, copy, refusal, path.name, ours=True)
            return refusal
        await self._keep_fragment(receipt, manifest, verdict, path.name)
        return None

    async def _keep_fragment(
        self, receipt: rows.Receipt, manifest: PaperManifest, verdict: FragmentVerdict, name: str
    ) -> None:
        target = verdict.path.with_name(f"fragment-{verdict.fragment}")
        verdict.path.replace(target)
        sync_directory(target.parent)
        digest = manifest.entry(verdict.fragment).sha256

        def run(tx: Connection) -> None:
            at_ms = self._now_ms()
            rows.insert_fragment(
                tx, manifest.package_id, verdict.fragment, target.name, digest, at_ms
            )
            self._ledger.record(
                tx,
                Event.FRAGMENT_ACCEPTED,
                receipt.operator,
                receipt=receipt.receipt_id,
                package=manifest.package_id,
                fragment=verdict.fragment,
                file=name,
                sha256=digest,
            )

        await self._store.write(run)

    async def _refuse(
        self,
        receipt: rows.Receipt,
        path: Path,
        refusal: Refusal,
        name: str = "",
        ours: bool = False,
    ) -> None:
        kept = self._quarantine / f"{self._now_ms()}-{token_hex(3)}-{name or path.name}"
        if ours:
            path.replace(kept)
        else:
            await asyncio.to_thread(_copy, path, kept)
        sync_directory(self._quarantine)
        await self._note_refused(receipt, name or path.name, refusal, kept.name)

    async def _note_refused(
        self, receipt: rows.Receipt, name: str, refusal: Refusal, kept: str = ""
    ) -> None:
        await self._ledger.note(
            Event.FRAGMENT_REFUSED,
            receipt.operator,
            receipt=receipt.receipt_id,
            file=name,
            code=refusal.code.value,
            quarantined=kept,
        )

    async def _assemble(self, session_id: str, manifest: PaperManifest) -> None:
        found = self._store.read(lambda tx: rows.fragments(tx, manifest.package_id))
        folder = self._papers.folder(manifest.package_id)
        if len(found) < manifest.k or self._state(manifest) is not PackageState.RECEIVING:
            return
        files = {number: folder / file for number, file in found.items()}
        result = await asyncio.to_thread(assemble, files, manifest, folder / CIPHERTEXT)
        if isinstance(result, Refusal):
            await self._ledger.note(
                Event.FRAGMENT_REFUSED,
                package=manifest.package_id,
                code=result.code.value,
                detail=result.detail,
            )
            return

        def run(tx: Connection) -> None:
            old, new = PackageState.RECEIVING, PackageState.COMPLETE
            if rows.move_package(tx, manifest.package_id, old, new, result.sha256):
                self._ledger.record(
                    tx,
                    Event.PAPER_COMPLETE,
                    package=manifest.package_id,
                    sha256=result.sha256,
                    size=result.size,
                )

        await self._store.write(run)
        self._papers.reload()
        self._complete(session_id)


def _copy(source: Path, target: Path) -> None:
    """Copy durably; the copy is what gets judged."""
    with source.open("rb") as read, target.open("xb") as write:
        os.fchmod(write.fileno(), 0o600)
        shutil.copyfileobj(read, write, 1024 * 1024)
        write.flush()
        os.fsync(write.fileno())
