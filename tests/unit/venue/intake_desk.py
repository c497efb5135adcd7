"""The intake of a venue over a folder, without a server: a test turns its clock."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from venue_server.headquarters.order import SealOrder
from venue_server.headquarters.sample import sample_package_path
from venue_server.headquarters.seal import SealedPaper, seal_package
from venue_server.headquarters.service_keys import HeadquartersKeys, load_headquarters
from venue_server.intake import store as rows
from venue_server.intake.custody.service import Custody
from venue_server.intake.fetching import Mirror
from venue_server.intake.papers import Papers
from venue_server.intake.rules import IntakeRules
from venue_server.intake.service import ImportReport, Intake
from venue_server.ledger.book import Ledger
from venue_server.rehearsal.headquarters_side import (
    FORM_ID,
    PAPER_ID,
    SESSION_ID,
    SUBJECT_CODE,
    VENUE_ID,
    Headquarters,
)
from venue_server.sitting.plan_personal import seal_personal
from venue_server.sitting.service import SittingService
from venue_server.staff.duty.rows import Delegation
from venue_server.staff.person import Person
from venue_server.storage.engine import Store, open_engine
from venue_server.storage.migrate import migrate
from venue_server.vault.manifest import PaperManifest
from venue_server.venue_keys import VenueKeys
from venue_server.wire.canonical import canonical, unb64
from venue_server.wire.names import Mode, PackageState, Role
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.signed import public_keys, sign

OPERATOR, SUPERVISOR, KEEPER = "admin-a", "chief-1", "deputy-1"
TWO = (OPERATOR, SUPERVISOR)
"""Who performs, who checks (N03)."""
SMALL_BLOCK = 512
PEOPLE = [
    Person(OPERATOR, "甲", frozenset({Role.SYSADMIN}), frozenset()),
    Person("admin-b", "乙", frozenset({Role.SYSADMIN}), frozenset()),
    Person(SUPERVISOR, "丙", frozenset({Role.CHIEF}), frozenset()),
    Person(KEEPER, "丁", frozenset({Role.DEPUTY}), frozenset()),
]


def seal_small(template: Any, day: Any, out: Path, form_id: str = FORM_ID, **change: Any) -> Path:
    """Seal the sample paper for the template's venue with small blocks, so that every fragment has
    many; the folder with manifest and fragments."""
    venue_public = (template.venue / "keys/venue.hpke.pub").read_text().strip()
    order = SealOrder(
        paper_id=PAPER_ID,
        form_id=form_id,
        subject_code=SUBJECT_CODE,
        venues={VENUE_ID: unb64(venue_public)},
        release_at_ms=day.at(-2),
        expires_at_ms=day.at(24 * 60),
        attest_subject=True,
        attest_rendering=True,
        block_size=SMALL_BLOCK,
    )
    keys = load_headquarters(template.folder / "headquarters")
    done = seal_package(sample_package_path(), out, changed_order(order, **change), keys.signing)
    assert isinstance(done, SealedPaper), done
    return out / "venue"


def changed_order(order: SealOrder, **change: Any) -> SealOrder:
    """The order with something changed."""
    return SealOrder(**{**order.__dict__, **change})


@dataclass
class Desk:
    """The intake of a venue over ``folder``; the test turns the clock and fills the medium."""

    folder: Path
    template: Any
    day: Any
    sealed: Path | None = None
    mode: Mode = Mode.REHEARSAL
    mirrors: Sequence[Mirror] = ()
    now_ms: int = 0
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for name in ("papers", "quarantine", "medium"):
            (self.folder / name).mkdir(exist_ok=True)
        self.now_ms = self.now_ms or self.day.at(-60)
        self.sealed = self.sealed or self.template.sealed
        self.keys = self.headquarters()
        self.open()

    def headquarters(self) -> HeadquartersKeys:
        return load_headquarters(self.template.folder / "headquarters")

    def open(self) -> None:
        """Build everything over what lies in the folder: the start, or a restart after a kill."""
        engine = open_engine(self.folder / "venue.sqlite")
        migrate(engine)
        self.store = Store(engine)
        clock = lambda: self.now_ms  # noqa: E731
        self.ledger = Ledger(self.store, [self.folder / "ledger.jsonl"], clock)
        key = VenueKeys.load(self.template.venue / "keys").hpke
        self.sittings = SittingService(self.store, self.ledger, clock, key=key)
        self.papers = Papers(self.store, self.folder / "papers", VENUE_ID)
        rules = IntakeRules(VENUE_ID, self.mode, public_keys(self.keys.signing_public), 2)
        self.custody = Custody(self.store, self.ledger, lambda: PEOPLE, clock)
        self.posts: list[Delegation] = []
        self.intake = Intake(
            self.store,
            self.ledger,
            self.papers,
            self.sittings,
            rules,
            self.folder / "quarantine",
            clock,
            self.told.append,
            self.custody,
            key,
            self.mirrors,
            lambda: self.posts,
        )

    async def plan(self, **session: Any) -> None:
        """Import the day's plan; ``session`` changes fields of its one session."""
        hq = Headquarters(self.keys, "https://127.0.0.1:1")
        file = hq.write_plan(self.template.cast, self.day, self.folder / "plan.json")
        payload = json.loads(file.read_bytes())["payload"]
        payload["mode"] = self.mode.value
        payload["sessions"][0] |= msgspec.to_builtins(session)
        if self.mode is Mode.LIVE:
            key = VenueKeys.load(self.template.venue / "keys").hpke
            payload = seal_personal(payload, key.public_raw())
        file.write_bytes(canonical(sign(payload, self.keys.signing)))
        known = public_keys(self.keys.signing_public)
        done = await self.sittings.import_plan(file.read_bytes(), known, 2, VENUE_ID, self.mode)
        assert not isinstance(done, Refusal), done

    # ---- the medium ----------------------------------------------------------------------

    @property
    def medium(self) -> Path:
        return self.folder / "medium"

    def fragment(self, number: int, sealed: Path | None = None) -> Path:
        """One of headquarters' five fragments."""
        folder = sealed or self.sealed
        assert folder is not None
        return next(folder.glob(f"*-{number}of5.kdfrag"))

    def put(self, *numbers: int, manifest: bytes | None = b"", sealed: Path | None = None) -> Path:
        """Empty the medium and put the manifest and these fragments on it."""
        shutil.rmtree(self.medium)
        self.medium.mkdir()
        self.add(*numbers, manifest=manifest, sealed=sealed)
        return self.medium

    def add(self, *numbers: int, manifest: bytes | None = b"", sealed: Path | None = None) -> None:
        """Put more on the medium."""
        folder = sealed or self.sealed
        assert folder is not None
        mark = "" if sealed is None else f"{sealed.parent.name}-"
        if manifest is not None:
            sound = (folder / "manifest.json").read_bytes()
            (self.medium / f"{mark}manifest.json").write_bytes(manifest or sound)
        for number in numbers:
            shutil.copy(self.fragment(number, sealed), self.medium / f"{mark}{number}.kdfrag")

    def damage(self, number: int, *blocks: int) -> None:
        """Flip a byte in these blocks (from 1; 0 is the header) of a fragment on the medium."""
        self.flip(self.medium / f"{number}.kdfrag", number, *blocks)

    def flip(self, path: Path, number: int, *blocks: int) -> None:
        """Flip a byte in these blocks of a fragment file."""
        manifest = self.sound_manifest()
        begin = manifest.entry(number).size - manifest.layout.body_size
        data = bytearray(path.read_bytes())
        for block in blocks:
            data[begin + (block - 1) * manifest.block_size if block else 40] ^= 1
        path.write_bytes(data)

    def manifest(self, signers: int = 2, **change: Any) -> bytes:
        """Headquarters' manifest, changed and signed again."""
        assert self.sealed is not None
        payload = json.loads((self.sealed / "manifest.json").read_bytes())["payload"]
        return canonical(sign({**payload, **change}, self.keys.signing[:signers]))

    def sound_manifest(self) -> PaperManifest:
        """What headquarters signed."""
        assert self.sealed is not None
        payload = json.loads((self.sealed / "manifest.json").read_bytes())["payload"]
        return msgspec.convert(payload, PaperManifest)

    # ---- acts ----------------------------------------------------------------------------

    async def begin(self) -> None:
        done = await self.intake.receipts.open(SESSION_ID, OPERATOR, SUPERVISOR)
        assert isinstance(done, rows.Receipt), done

    async def end(self) -> None:
        done = await self.intake.receipts.close(OPERATOR, SUPERVISOR)
        assert isinstance(done, PackageState), done

    async def take(self) -> ImportReport:
        """Import the medium; it must be taken in, whatever its files' verdicts."""
        done = await self.intake.import_folder(self.medium, TWO)
        assert isinstance(done, ImportReport), done
        return done

    # ---- what was written ----------------------------------------------------------------

    def entries(self, event: str) -> list[dict[str, Any]]:
        """The data of every ledger entry of one kind."""
        lines = (self.folder / "ledger.jsonl").read_text().splitlines()
        return [e["data"] for e in map(json.loads, lines) if e["event"] == event]

    def refused(self) -> list[tuple[str, str, str]]:
        """(file, code, name in quarantine) of every refusal in the ledger."""
        return [
            (data.get("file", ""), data["code"], data.get("quarantined", ""))
            for data in self.entries("paper.fragment-refused")
        ]

    def quarantine(self) -> dict[str, bytes]:
        return {f.name: f.read_bytes() for f in (self.folder / "quarantine").iterdir()}

    def state(self) -> PackageState:
        ((package, _manifest),) = self.papers.packages()
        return package.state

    def kept(self, name: str) -> Path:
        """A file of the one package."""
        ((package, _manifest),) = self.papers.packages()
        return self.papers.folder(package.package_id) / name


def code_of(found: object) -> RefusalCode:
    assert isinstance(found, Refusal), found
    return found.code


def codes(report: ImportReport) -> dict[str, str]:
    return {each.name: each.refusal.code.value if each.refusal else "" for each in report.files}
