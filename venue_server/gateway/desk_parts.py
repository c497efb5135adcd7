"""What the desks work with: the venue's services, gathered once by the composition root."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from venue_server.clock import VenueClock
from venue_server.gateway.alarms import Alarms
from venue_server.gateway.day_sources import DaySources
from venue_server.gateway.disks import Disks
from venue_server.gateway.hub import Hub
from venue_server.gateway.people_day import PeopleDay
from venue_server.intake.papers import Papers
from venue_server.ledger.book import Ledger
from venue_server.release.confirmation import Confirmations
from venue_server.release.forms import SessionForms
from venue_server.release.freezing import Freezing
from venue_server.release.notices.service import Notices
from venue_server.release.reserves import Reserves
from venue_server.release.service import Releases
from venue_server.responses.branching.service import Branches
from venue_server.responses.service import Responses
from venue_server.sitting.credit.service import CreditService
from venue_server.sitting.service import SittingService
from venue_server.sitting.swapping.service import Swaps
from venue_server.staff.service import StaffService
from venue_server.stations.delivery import Delivery
from venue_server.stations.enrolment import Enrolment
from venue_server.stations.inspection.reports import StationReports
from venue_server.stations.inspection.service import Inspection
from venue_server.stations.presence import Presence
from venue_server.stations.wiping import StationWipes
from venue_server.wire.names import Mode


@dataclass(frozen=True)
class DeskParts:
    """Services both desks use, in data order."""

    venue_id: str
    venue_name: str
    mode: Mode
    headquarters_keys: Mapping[str, Ed25519PublicKey]
    headquarters_threshold: int
    clock: VenueClock
    day_began_ms: Callable[[], int]
    ledger: Ledger
    staff: StaffService
    people: PeopleDay
    enrolment: Enrolment
    presence: Presence
    sittings: SittingService
    papers: Papers
    reserves: Reserves
    forms: SessionForms
    freezing: Freezing
    notices: Notices
    receipt_signed: Callable[[str], bool]  # by session id: did the chief sign for the papers (D09)?
    releases: Releases
    confirmations: Confirmations
    delivery: Delivery
    responses: Responses
    swaps: Swaps
    branches: Branches
    alarms: Alarms
    hub: Hub
    sources: DaySources
    reports: StationReports  # what stations tell of their machines (C08)
    inspection: Inspection
    credits: CreditService
    station_wipes: StationWipes  # what each station was ordered to destroy (L10)
    disks: Disks

    def release_held(self) -> bool:
        """Does a freeze, or headquarters' order to stop the present session, keep its paper shut
        (I05, I03)? Stations then tell candidates to wait."""
        session = self.sittings.current_session()
        stopped = session is not None and session.stopped and session.effective_start_ms is None
        return stopped or self.freezing.now() is not None
