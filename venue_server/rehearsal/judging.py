"""The judgement: what stations saw acknowledged against what headquarters opened."""

import json
import time
from collections import Counter
from typing import Any

import msgspec

from venue_server.clock import Anchor, boot_ms
from venue_server.ledger.catalogue import Event
from venue_server.rehearsal import figures
from venue_server.rehearsal.headquarters_side import RESERVE
from venue_server.rehearsal.scene import RehearsalFailedError, Scene
from venue_server.upload.opening import OpenedBundle, open_bundle
from venue_server.wire.messages import VerifyLedger
from venue_server.wire.names import PackageState, Role
from venue_server.wire.refusals import Refusal
from venue_server.wire.signed import public_keys


class Judge:
    """Compares independent records; trusts neither the server nor its own stages."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    async def judge(self) -> dict[str, Any]:
        """The figures of the report, and ``passed``."""
        ledger = await self.scene.role(Role.SYSADMIN).order(VerifyLedger(0))
        assert self.scene.stations is not None
        await self.scene.stations.stop()
        truth = figures.read_truth(self.scene.truth_file)
        opened = self._opened()
        arrived = {each.head.sitting_id: list(each.chain) for each in opened.sittings if each.chain}
        verdict = figures.judge(truth, arrived)
        receipts = self._receipts_matched(opened)
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
        }
        everyone = len(truth.acknowledged) == self.scene.options.stations
        whole = everyone and set(truth.acknowledged) <= set(arrived)
        clean = verdict.lost == verdict.duplicated == verdict.altered == 0
        clean = clean and not self.scene.events.contradictions and bool(report["answers_equal"])
        clean = clean and bool(report["reserve_stayed_sealed"]) and self._own_forms(opened)
        report["passed"] = bool(whole and clean and report["ledger_verified"] and receipts)
        return report

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
    there = {each.head.sitting_id: each.answers for each in opened.sittings}
    return all(there.get(key) == answers for key, answers in truth.final_answers.items())


def _boot_minus_mono() -> float:
    return boot_ms() - time.clock_gettime(time.CLOCK_MONOTONIC) * 1000
