"""Supervised receipt of sealed papers (D01-D09, D18): the one door of the intake.

One receipt session takes in any number of packages through any of its channels: registered media,
folders, headquarters' mirror. All of them fill the same packages (acceptance.py); one import, fetch
or check at a time.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from venue_server.intake import incoming
from venue_server.intake import store as rows
from venue_server.intake.acceptance import MAX_MANIFEST, Acceptance
from venue_server.intake.checking import Checked, Checking
from venue_server.intake.custody.media_io import medium_of
from venue_server.intake.custody.service import Custody
from venue_server.intake.dry_check import Stations
from venue_server.intake.fetching import Fetch, Mirror, Progress
from venue_server.intake.papers import Papers
from venue_server.intake.receipts import Receipts
from venue_server.intake.rules import IntakeRules, slot_of, slots
from venue_server.intake.sheet import Held, Sheet, may_sign, sheet, too_early, too_long
from venue_server.intake.standing import PackageStanding, Standing, WindowNow
from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.sitting.service import SittingService
from venue_server.staff.duty.rows import Delegation
from venue_server.staff.two_people import Pair
from venue_server.storage import background
from venue_server.storage.engine import Store
from venue_server.storage.media_lanes import MediumStalledError, on_medium
from venue_server.wire.alarms import Alarm
from venue_server.wire.hpke import HpkePrivate
from venue_server.wire.names import Mode, PackageState
from venue_server.wire.refusals import Refusal, RefusalCode

WATCH_S = 1.0


@dataclass(frozen=True)
class Verdict:
    """What became of one file of a folder; ``refusal`` None means accepted."""

    name: str
    kind: str
    refusal: Refusal | None = None


@dataclass(frozen=True)
class ImportReport:
    """One import or fetch: every file's verdict, and where the session's packages stand."""

    files: list[Verdict]
    packages: list[PackageStanding]

    @property
    def least(self) -> PackageStanding | None:
        """The package that is least far."""
        order = list(PackageState)
        return min(self.packages, key=lambda each: order.index(each.state), default=None)

    @property
    def state(self) -> PackageState | None:
        """Its state; None when no package is known."""
        return self.least.state if self.least else None

    @property
    def have(self) -> list[int]:
        """Its whole fragments."""
        return self.least.have if self.least else []

    @property
    def need(self) -> int:
        """How many are enough."""
        return self.least.need if self.least else 0

    @property
    def missing(self) -> list[int]:
        """Those that are not whole here."""
        return self.least.missing if self.least else []


class Intake:
    """Everything people order about the receipt. ``private`` opens the venue's key shares, for the
    dry check only; ``mirrors`` are asked in order."""

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
        custody: Custody,
        private: HpkePrivate,
        mirrors: Sequence[Mirror] = (),
        running_posts: Callable[[], Sequence[Delegation]] = tuple,
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._papers = papers
        self._sittings = sittings
        self._rules = rules
        self._quarantine = quarantine
        self._now_ms = now_ms
        self._mirrors = mirrors
        self._busy = asyncio.Lock()
        self._progress: Progress | None = None
        self.custody = custody
        self.receipts = Receipts(store, ledger, papers, sittings, now_ms, running_posts)
        self.acceptance = Acceptance(
            store, ledger, papers, sittings, rules, quarantine, now_ms, complete
        )
        self._checking = Checking(store, ledger, papers, self.acceptance, rules, private)

    async def watch(self) -> None:
        """For ever: close a receipt session at its limit (D02)."""
        while True:
            await self.receipts.expire()
            await asyncio.sleep(WATCH_S)

    # ---- folders and media ---------------------------------------------------------------

    async def import_folder(
        self, folder: Path, two: Pair, agreed: str = ""
    ) -> ImportReport | Refusal:
        """Take in everything of a folder; every file gets a verdict by name. ``two`` of the receipt
        session: who performs and who checks (N03); ``agreed``: why both agree to a plain folder of
        a LIVE venue (D03).

        Refusals: PAP-15, STF-11, PAP-17 the receipt session; PAP-03 no such folder; MED-01 to
        MED-05, MED-09 the medium it lies on.
        """
        async with self._busy:
            receipt = await self.receipts.performing(two)
            if isinstance(receipt, Refusal):
                return receipt
            try:
                if not await on_medium(folder, folder.is_dir):
                    return Refusal(RefusalCode.FRAGMENT_MALFORMED, folder.name)
                found = await on_medium(folder, medium_of, folder)
            except MediumStalledError as error:
                return incoming.unreadable(folder, error)
            refusal = await self.custody.may_read(found, two[0], self._rules.mode, bool(agreed))
            if refusal is not None:
                return refusal
            if agreed:
                await self._note_agreed(receipt, agreed)
            return await self._import(receipt, folder)

    async def _note_agreed(self, receipt: rows.Receipt, agreed: str) -> None:
        await self._ledger.note(
            Event.FOLDER_AGREED,
            receipt.both,
            receipt=receipt.receipt_id,
            second=receipt.supervisor,
            reason=agreed,
        )

    async def _import(self, receipt: rows.Receipt, folder: Path) -> ImportReport | Refusal:
        try:
            files = await on_medium(folder, incoming.files_of, folder)
        except OSError as error:
            return incoming.unreadable(folder, error)
        # Manifests first: they say which fragments belong here.
        ordered = sorted(files, key=lambda path: path.suffix != ".json")
        self._clear_incoming(receipt.session_id)
        verdicts: list[Verdict] = []
        for path in ordered:
            kind = "manifest" if path.suffix == ".json" else "fragment"
            try:
                refusal = self.receipts.over(receipt) or await self._take(receipt, path, kind)
            except MediumStalledError as error:
                refusal = incoming.unreadable(path, error)
            verdicts.append(Verdict(path.name, kind, refusal))
        for manifest in self.acceptance.open_packages(receipt.session_id):
            await self.acceptance.finish(manifest, receipt)
        return ImportReport(verdicts, await self._standings(receipt.session_id))

    async def _take(self, receipt: rows.Receipt, path: Path, kind: str) -> Refusal | None:
        if kind == "fragment":
            return await self.acceptance.take_fragment(receipt, path)
        try:
            if (await on_medium(path, path.stat)).st_size > MAX_MANIFEST:
                refusal = Refusal(RefusalCode.MESSAGE_TOO_LARGE, path.name)
                await self.acceptance.quarantine.note(receipt, path.name, refusal)
                return refusal
            data = await on_medium(path, path.read_bytes)
        except OSError as error:
            refusal = incoming.unreadable(path, error)
            await self.acceptance.quarantine.note(receipt, path.name, refusal)
            return refusal
        taken = await self.acceptance.take_manifest(receipt, path.name, data)
        return taken if isinstance(taken, Refusal) else None

    def _clear_incoming(self, session_id: str) -> None:
        """Copies of an import that was killed; the medium has them still."""
        for manifest in self.acceptance.open_packages(session_id):
            for left in self._papers.folder(manifest.package_id).glob(f"{incoming.PREFIX}*"):
                left.unlink()

    # ---- the mirror ----------------------------------------------------------------------

    async def fetch(self, two: Pair) -> ImportReport | Refusal:
        """Fetch what is missing from headquarters' mirrors, for ``two`` of the receipt session.

        Refusals: PAP-15, STF-11, PAP-17, RCP-03, RCP-04. What came before one is kept.
        """
        async with self._busy:
            receipt = await self.receipts.performing(two)
            if isinstance(receipt, Refusal):
                return receipt
            self._progress = Progress()
            who, name = receipt.both, receipt.receipt_id
            await self._ledger.note(Event.FETCH_BEGUN, who, receipt=name)
            fetch = Fetch(
                self.acceptance, receipt, self.receipts.over, self._rules.venue_id, self._progress
            )
            try:
                refusal = await fetch.run(self._mirrors)
            finally:
                refused = self._progress.refusals
                self._progress = None
            code = refusal.code.value if refusal else ""
            await self._ledger.note(Event.FETCH_ENDED, who, receipt=name, code=code)
            if refusal is not None:
                return refusal
            verdicts = [Verdict(name, "mirror", no) for name, no in refused]
            return ImportReport(verdicts, await self._standings(receipt.session_id))

    # ---- the dry check -------------------------------------------------------------------

    async def check(
        self, session_id: str, person: str, stations: Stations
    ) -> list[Checked] | Refusal:
        """Check every package of a session without opening it; what decayed is repaired from what
        is here, or wanted again. Refusals: SES-01 no such session, PAP-07 no package is here."""
        try:
            self._sittings.planned(session_id)
        except KeyError:
            return Refusal(RefusalCode.SESSION_WRONG_STATE, session_id)
        async with self._busy:
            manifests = self.acceptance.open_packages(session_id)
            if not manifests:
                return Refusal(RefusalCode.FRAGMENTS_MISSING, session_id)
            checked = [await self._checking.check(each, stations) for each in manifests]
            for each in checked:
                await self._ledger.note(
                    Event.PAPER_CHECKED, person, package=each.package_id, passed=each.passed
                )
            return checked

    # ---- the sheet -----------------------------------------------------------------------

    def sheet(self, session_id: str) -> Sheet:
        """What is here of the plan, as it would be signed now. Raises KeyError."""
        planned = self._sittings.planned(session_id)
        return sheet(planned, *self._store.known_read(_filled, session_id))

    async def sign(self, session_id: str, person: str, seen: str) -> Sheet | Refusal:
        """The chief signs that everything planned is here (D09).

        Refusals: SES-01 no such session, RCP-05 something is missing, RCP-07 another sheet now,
        STF-06 they received of it themselves, in their own post or in another's: who performs does
        not check (N03).
        """
        try:
            planned = self._sittings.planned(session_id)
        except KeyError:
            return Refusal(RefusalCode.SESSION_WRONG_STATE, session_id)

        def run(tx: Connection) -> Sheet | Refusal:
            found = sheet(planned, *_filled(tx, session_id))
            if person in rows.performers(tx, session_id):
                return Refusal(RefusalCode.SAME_PERSON, session_id)
            refusal = may_sign(found, seen)
            if refusal is not None:
                return refusal
            if rows.signature(tx, session_id, found.content_hash) is None:
                mark = rows.Signature(session_id, found.content_hash, person, self._now_ms())
                rows.insert_signature(tx, mark)
                self._ledger.record(
                    tx,
                    Event.RECEIPT_SIGNED,
                    person,
                    session=session_id,
                    content_hash=found.content_hash,
                    packages=[each.package.package_id for each in found.filled.values()],
                )
            return found

        return await self._store.write(run)

    def signature(self, session_id: str) -> rows.Signature | None:
        """The chief's signature under the sheet as it is now."""
        found = self.sheet(session_id)
        if found.blockers:
            return None
        return self._store.known_read(rows.signature, session_id, found.content_hash)

    def completeness_signed(self, session_id: str) -> bool:
        """Everything planned is here and the chief has signed exactly this (D09)."""
        return self.signature(session_id) is not None

    def may_arm(self, session_id: str) -> Refusal | None:
        """RCP-06 when a LIVE session's receipt sheet is not signed."""
        if self._rules.mode is not Mode.LIVE or self.completeness_signed(session_id):
            return None
        return Refusal(RefusalCode.RECEIPT_UNSIGNED, session_id)

    # ---- the standing --------------------------------------------------------------------

    async def standing(self, session_id: str) -> Standing | Refusal:
        """Where the receipt of a session stands. Refusals: SES-01 no such session."""
        try:
            planned = self._sittings.planned(session_id)
        except KeyError:
            return Refusal(RefusalCode.SESSION_WRONG_STATE, session_id)
        found = self.sheet(session_id)
        packages = await self._standings(session_id)
        running = rows.open_receipt(self._store.known)
        known = {
            slot_of(planned, each.paper_id, each.form_id)
            for each in packages
            if each.state is not PackageState.EXPECTED
        }
        return Standing(
            session_id=session_id,
            window=WindowNow(
                self._now_ms(), planned.receipt_open_ms, planned.receipt_close_ms, running
            ),
            packages=packages,
            awaited=[slot for slot in slots(planned) if slot not in known],
            filled=len(found.filled) == len(slots(planned)),
            sheet=found,
            signature=self.signature(session_id),
            progress=self._progress,
            reminders=[f"{each.text('zh')} / {each.text('en')}" for each in self.reminders()],
            live=self._rules.mode is Mode.LIVE,
            quarantined=sum(1 for _ in self._quarantine.iterdir()),
        )

    async def _standings(self, session_id: str) -> list[PackageStanding]:
        packages = [each for each in self._papers.packages() if each[0].session_id == session_id]
        planned = self._sittings.planned(session_id)
        told: list[PackageStanding] = []
        for package, manifest in packages:
            have = self.acceptance.have(package.package_id)
            partial = await background.heavy(self.acceptance.files(manifest).partials, set(have))
            slot = slots(planned).get((manifest.paper_id, manifest.form_id))
            told.append(
                PackageStanding(
                    package_id=package.package_id,
                    paper_id=manifest.paper_id,
                    form_id=manifest.form_id,
                    classification=manifest.classification,
                    reserve=bool(slot and slot.reserve),
                    state=package.state,
                    have=sorted(have),
                    need=manifest.k,
                    of=manifest.n,
                    blocks=manifest.layout.stripes,
                    lacking={n: len(lack) for n, lack in partial.items()},
                )
            )
        return told

    def reminders(self) -> list[Alarm]:
        """Papers that came too early, or lie here too long (D08)."""
        told: list[Alarm] = []
        now = self._now_ms()
        for session in self._sittings.sessions():
            states = [
                package.state
                for package, _manifest in self._papers.packages()
                if package.session_id == session.session_id
            ]
            if not states:
                continue
            early = too_early(session.planned, now)
            late = too_long(session.planned, session.whole.end_ms, states, now)
            told += [each for each in (early, late) if each]
        return told


def _filled(tx: Connection, session_id: str) -> tuple[list[Held], list[rows.ClosedReceipt]]:
    """What came of a session's packages, and its receipts."""
    packages = [
        Held(package, rows.fragments(tx, package.package_id))
        for package in rows.packages(tx)
        if package.session_id == session_id
    ]
    return packages, rows.receipts(tx, session_id)
