"""The judgement: what stations saw acknowledged against what headquarters opened."""

import hashlib
import json
import sys
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any

import msgspec

from venue_server.clock import Anchor, boot_ms
from venue_server.ledger import verify as verifier
from venue_server.ledger.catalogue import Event
from venue_server.rehearsal import figures, processes
from venue_server.rehearsal.day_findings import RULES, SEALS, Day, findings
from venue_server.rehearsal.headquarters_side import RESERVE, SESSION_ID
from venue_server.rehearsal.processes import ProgramFault
from venue_server.rehearsal.scene import RehearsalFailedError, Scene
from venue_server.staff.draw import DrawDocument
from venue_server.upload.opening import OpenedBundle, open_bundle
from venue_server.wire.console_orders import VerifyLedger
from venue_server.wire.names import PackageState, Role
from venue_server.wire.people_orders import GetDraw
from venue_server.wire.people_views import DrawsView
from venue_server.wire.record_orders import GetCloseCheck
from venue_server.wire.refusals import Refusal
from venue_server.wire.signed import public_keys


class _Closed(msgspec.Struct, frozen=True):
    """What is read of the answer to GetCloseCheck."""

    sessions: dict[str, Any]
    next: list[str]


class Judge:
    """Compares independent records; trusts neither the server nor its own stages."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    async def judge(self) -> dict[str, Any]:
        """The figures of the report, and ``passed``."""
        draws = await self._draws()
        closed = await self.scene.role(Role.CHIEF).order(GetCloseCheck(0, SESSION_ID))
        ledger = await self.scene.role(Role.SYSADMIN).order(VerifyLedger(0))
        alone = await self._verified_alone(ledger)
        assert self.scene.stations is not None
        await self.scene.stations.stop()
        truth = figures.read_truth(self.scene.truth_file)
        opened = self._opened()
        arrived = {each.head.sitting_id: list(each.chain) for each in opened.sittings if each.chain}
        verdict = figures.judge(truth, arrived)
        receipts = self._receipts_matched(opened)
        found = findings(self._evidence(opened, draws, _still_open(closed)))
        anchor = msgspec.json.decode((self.scene.venue / "clock.json").read_bytes(), type=Anchor)
        released = self.scene.released_at_ms
        report = {
            "mode": "REHEARSAL",
            "stations": self.scene.options.stations,
            "rate": self.scene.options.rate,
            "present": len(arrived),
            "saves_acknowledged": truth.count,
            "answers_at_headquarters": verdict.at_headquarters,
            "lost": verdict.lost,
            "duplicated": verdict.duplicated,
            "altered": verdict.altered,
            "release_to_last_station_ms": round(
                figures.release_to_last_ms(self.scene.events, anchor, released, _boot_minus_mono()),
                3,
            ),
            "start_skew_ms_p99": round(figures.start_skew_p99_ms(self.scene.events), 3),
            "save_ack_ms_p99": round(figures.percentile(truth.ack_ms, 0.99), 3),
            "save_ack_ms_p50": round(figures.percentile(truth.ack_ms, 0.5), 3),
            "ledger_verified": bool(ledger.get("ok")),
            "ledger_entries": ledger.get("entries"),
            "ledger_head": ledger.get("head"),
            "receipts_matched": receipts,
            "answers_equal": _answers_equal(truth, opened),
            "sittings_by_form": dict(sorted(_forms(opened).items())),
            "reserve_stayed_sealed": _reserve_sealed(opened),
            "contradictions": self.scene.events.contradictions,
            "server_restarted": self.scene.server_gone,
            "ledger_verified_alone": alone,
            "day": found,
            "close_check_open": _still_open(closed),
        }
        everyone = len(truth.acknowledged) == self.scene.options.stations
        whole = everyone and set(truth.acknowledged) <= set(arrived)
        clean = verdict.lost == verdict.duplicated == verdict.altered == 0
        clean = clean and not self.scene.events.contradictions and bool(report["answers_equal"])
        clean = clean and bool(report["reserve_stayed_sealed"]) and self._own_forms(opened)
        ledgers = report["ledger_verified"] and report["ledger_verified_alone"]
        day = all(there for name, there in found.items() if name in self._wanted())
        report["passed"] = bool(whole and clean and ledgers and receipts and day)
        return report

    def _wanted(self) -> frozenset[str]:
        """What the day must show; a window's machine keeps the venue from being sealed."""
        return frozenset(RULES) - (SEALS if self.scene.options.show else frozenset())

    def _evidence(self, opened: OpenedBundle, draws: list[DrawDocument], still: list[str]) -> Day:
        lines = (self.scene.venue / "ledger.jsonl").read_bytes().splitlines()
        cast = self.scene.cast
        came = (*cast.present, *cast.shown)
        return Day(
            entries=[json.loads(line) for line in lines],
            records=opened.records,
            draws=draws,
            credited=self.scene.events.credited,
            absent=[each.ticket_no for each in cast.candidates if each not in came],
            late=cast.late.ticket_no,
            free=[each.ticket_no for each in cast.shown],
            backups=[
                hashlib.sha256(file.read_bytes()).hexdigest()
                for file in (self.scene.folder / "backup-medium").glob("*.kdbackup")
            ],
            close_open=still,
        )

    async def _draws(self) -> list[DrawDocument]:
        """The draws as the venue keeps them; the rules compare them with the ledger."""
        told = await self.scene.role(Role.CHIEF).order(GetDraw(0, SESSION_ID))
        kept = msgspec.convert(told, DrawsView).draws
        return [msgspec.json.decode(each.document, type=DrawDocument) for each in kept]

    async def _verified_alone(self, told: Mapping[str, object]) -> bool:
        """The ledger under the stand-alone verifier, a process that knows nothing of us: as many
        entries as the server vouched for; stations that leave are written down meanwhile."""
        lines = (self.scene.venue / "ledger.jsonl").read_bytes().splitlines(keepends=True)
        file = self.scene.folder / "ledger-as-told.jsonl"
        file.write_bytes(b"".join(lines[: int(str(told.get("entries") or 0))]))
        told_of = ("--head", str(told.get("head")), "--entries", str(told.get("entries")))
        words = ("-I", verifier.__file__, str(file), *told_of)
        try:
            said = await processes.run_once([sys.executable, *words])
        except ProgramFault:
            return False
        return said.startswith("OK")

    def _opened(self) -> OpenedBundle:
        """Headquarters' bundle, opened with headquarters' key, as it arrived."""
        keys = self.scene.headquarters.keys
        bundles = list((keys.data_dir / "bundles").glob("*.kdbundle"))
        if len(bundles) != 1:
            raise RehearsalFailedError(f"{len(bundles)} bundles arrived at headquarters")
        public = (self.scene.venue / "keys/venue.ed25519.pub").read_text().strip()
        opened = open_bundle(bundles[0], keys.bundle, public_keys([public]))
        if isinstance(opened, Refusal):
            raise RehearsalFailedError(opened.text("en"))
        return opened

    def _own_forms(self, opened: OpenedBundle) -> bool:
        """Every candidate answered the form that headquarters drew for their seat (C05)."""
        drawn = {each.ticket_no: each.form_id for each in self.scene.cast.candidates}
        return all(each.row["form_id"] == drawn[each.row["ticket_no"]] for each in opened.sittings)

    def _receipts_matched(self, opened: OpenedBundle) -> bool:
        """What each station showed as its receipt is what headquarters holds."""
        there = {each.head.sitting_id: each.head.head for each in opened.sittings}
        shown = {key: event["head"] for key, event in self.scene.events.submitted.items()}
        return len(shown) == self.scene.options.stations and all(
            there.get(sitting_id) == head for sitting_id, head in shown.items()
        )


def _still_open(told: Mapping[str, object]) -> list[str]:
    """What the close check names; it must at least have looked at something."""
    seen = msgspec.convert(told, _Closed)
    return seen.next if seen.sessions else ["nothing was looked at"]


def _forms(opened: OpenedBundle) -> Counter[str]:
    """How many candidates answered each form."""
    return Counter(str(each.row["form_id"]) for each in opened.sittings if each.chain)


def _reserve_sealed(opened: OpenedBundle) -> bool:
    """The venue says that the reserve was never opened, and its ledger tells of no release."""
    papers = opened.session["extra"]["papers"]
    (reserve,) = (each for each in papers if each["form_id"] == RESERVE.form_id)
    released = [
        entry["data"]["package"]
        for line in opened.ledger.splitlines()
        if (entry := json.loads(line))["event"] == Event.RELEASED
    ]
    unused = reserve["state"] == PackageState.UNUSED
    return unused and len(released) == len(papers) - 1 and reserve["package_id"] not in released


def _answers_equal(truth: figures.StationTruth, opened: OpenedBundle) -> bool:
    """Every sitting's last answers as its candidate left them are what headquarters reads."""
    there = {each.head.sitting_id: each for each in opened.sittings}
    return truth.acknowledged.keys() <= there.keys() and all(
        there[key].answers == truth.left(key, dict(there[key].chain)) for key in truth.acknowledged
    )


def _boot_minus_mono() -> float:
    return boot_ms() - time.clock_gettime(time.CLOCK_MONOTONIC) * 1000
