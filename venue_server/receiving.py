"""Composition of the receipt of sealed papers: rules, custody, mirrors, and what they remind of."""

from collections.abc import Callable
from pathlib import Path

from venue_server.foundation import Foundation
from venue_server.gateway.desk_parts import DeskParts
from venue_server.intake.custody.service import Custody
from venue_server.intake.fetching import Mirror
from venue_server.intake.rules import IntakeRules
from venue_server.intake.service import Intake
from venue_server.settings import MirrorAddress, Settings


def receiving(
    base: Foundation,
    parts: DeskParts,
    settings: Settings,
    quarantine: Path,
    papers_changed: Callable[[], None],
) -> Intake:
    """The intake of one running venue."""
    rules = IntakeRules(
        settings.venue_id,
        settings.mode,
        base.headquarters,
        base.threshold,
        settings.disk_floor_bytes,
        base.opened_packages,
    )
    own = MirrorAddress(settings.headquarters.base_url, settings.headquarters.certificate_pem)
    mirrors = settings.mirrors or [own]
    now_ms = parts.clock.now_ms
    intake = Intake(
        base.store,
        base.ledger,
        parts.papers,
        parts.sittings,
        rules,
        quarantine,
        now_ms,
        lambda _session_id: papers_changed(),
        Custody(base.store, base.ledger, parts.staff.people, now_ms),
        base.keys.hpke,
        [Mirror(each.base_url, each.certificate_pem) for each in mirrors],
        parts.people.running,
    )
    parts.alarms.also(intake.reminders)
    parts.alarms.also(intake.custody.unwatched)
    return intake
