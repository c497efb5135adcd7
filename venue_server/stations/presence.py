"""What the server sees of each station now: connection, answers waiting there, paper, alerts.

Only memory: after a restart every station says hello again, and those that do not were here before
(``gateway/not_back.py``). The board is drawn from this.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from venue_server.wire.names import SeatLink

MAX_ALERTS = 20
SLEPT_S = 2.0
"""Looks come several times a second. After such a pause it was this machine that stood still."""


class PaperAt(StrEnum):
    """How far the paper of the current session is at one station (E05)."""

    NONE = "none"
    VERIFIED = "verified"
    KEYED = "keyed"
    OPEN = "open"
    WIPED = "wiped"


@dataclass
class StationNow:
    """One station. ``last_seen_ms`` is exam time; ``deadline`` a monotonic instant in seconds."""

    machine_id: str
    link: SeatLink = SeatLink.ABSENT
    last_seen_ms: int = 0
    deadline: float = 0.0
    unsynced: int = 0
    unsynced_since_ms: int = 0  # exam time since when it always had some; 0: it has none
    last_seq: int = 0  # of the station's own journal, as its last heartbeat said
    answered: int = 0
    screen: str = ""
    paper: PaperAt = PaperAt.NONE
    alerts: list[str] = field(default_factory=list)


class Presence:
    """Every station's now. ``changed`` is told the machine id after each visible change."""

    def __init__(
        self,
        now_ms: Callable[[], int],
        monotonic: Callable[[], float],
        lost_after_s: float,
        changed: Callable[[str], None],
    ) -> None:
        self._now_ms = now_ms
        self._monotonic = monotonic
        self._lost_after_s = lost_after_s
        self._changed = changed
        self._stations: dict[str, StationNow] = {}
        self._looked = monotonic()

    def of(self, machine_id: str) -> StationNow:
        """The station's now; a fresh one when it never connected."""
        station = self._stations.get(machine_id)
        if station is None:
            station = self._stations[machine_id] = StationNow(machine_id)
        return station

    def is_online(self, machine_id: str) -> bool:
        """True while the station's connection is alive."""
        return self.of(machine_id).link is SeatLink.ONLINE

    def any_offline(self) -> bool:
        """Did a station that was here today go away?"""
        return any(each.link is SeatLink.OFFLINE for each in self._stations.values())

    def up(self, machine_id: str, has_paper: bool) -> None:
        """The station said hello."""
        station = self.of(machine_id)
        station.link = SeatLink.ONLINE
        station.paper = PaperAt.VERIFIED if has_paper else PaperAt.NONE
        self._touch(station)
        self._changed(machine_id)

    def down(self, machine_id: str) -> None:
        """Its connection ended."""
        station = self.of(machine_id)
        station.link = SeatLink.OFFLINE
        self._changed(machine_id)

    def was_here(self, machine_id: str, seen_ms: int) -> None:
        """It was here in the run of the server before this one, up to ``seen_ms`` at least."""
        station = self.of(machine_id)
        if station.link is SeatLink.ABSENT:
            station.link, station.last_seen_ms = SeatLink.OFFLINE, seen_ms
            self._changed(machine_id)

    def heartbeat(
        self,
        machine_id: str,
        unsynced: int,
        answered: int,
        screen: str,
        alerts: list[str],
        last_seq: int = 0,
    ) -> list[str]:
        """Take a heartbeat; returns the alerts that are new."""
        station = self.of(machine_id)
        station.last_seq = last_seq
        fresh = [alert for alert in alerts[:MAX_ALERTS] if alert not in station.alerts]
        before = (station.unsynced, station.answered, station.screen, station.alerts)
        if not unsynced:
            station.unsynced_since_ms = 0
        elif not station.unsynced_since_ms:
            station.unsynced_since_ms = self._now_ms()
        station.unsynced, station.answered = unsynced, answered
        station.screen, station.alerts = screen, alerts[:MAX_ALERTS]
        self._touch(station)
        if before != (station.unsynced, station.answered, station.screen, station.alerts):
            self._changed(machine_id)
        return fresh

    def paper(self, machine_id: str, paper: PaperAt) -> None:
        """The paper moved on at the station."""
        self.of(machine_id).paper = paper
        self._changed(machine_id)

    def forget_last_seq(self, machine_id: str) -> None:
        """What it had is lost, and was said."""
        self.of(machine_id).last_seq = 0

    def silent(self) -> list[str]:
        """Online stations that have said nothing for too long; their connection is to be cut.

        A server that itself stood still (a paused virtual machine) blames nobody for it: what was
        said meanwhile waits to be read, and a thousand stations cut at once would be a storm."""
        now, before = self._monotonic(), self._looked
        self._looked = now
        if now - before > SLEPT_S:
            for station in self._stations.values():
                station.deadline += now - before
            return []
        return [
            station.machine_id
            for station in self._stations.values()
            if station.link is SeatLink.ONLINE and station.deadline < now
        ]

    def _touch(self, station: StationNow) -> None:
        station.last_seen_ms = self._now_ms()
        station.deadline = self._monotonic() + self._lost_after_s
