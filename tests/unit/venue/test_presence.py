"""What the server sees of each station now; a silent station never stays green (F1, PITFALLS 8)."""

from dataclasses import dataclass, field

import pytest

from venue_server.stations.presence import MAX_ALERTS, PaperAt, Presence
from venue_server.wire.names import SeatLink

LOST_S = 6.0


@dataclass
class Desk:
    """A presence whose clocks the test turns."""

    now_ms: int = 1_000
    monotonic: float = 10.0
    changed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.presence = Presence(
            lambda: self.now_ms, lambda: self.monotonic, LOST_S, self.changed.append
        )

    def watch(self, seconds: float) -> list[str]:
        """Time passes, and somebody looks each second; who is silent in the end."""
        for _ in range(int(seconds)):
            self.monotonic += 1.0
            self.presence.silent()
        self.monotonic += seconds % 1
        return self.presence.silent()


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_machine_nobody_has_seen_is_absent(desk: Desk) -> None:
    assert desk.presence.of("m").link is SeatLink.ABSENT
    assert not desk.presence.is_online("m")
    assert desk.presence.silent() == []
    assert desk.changed == []


def test_e05_hello_says_whether_the_paper_is_there(desk: Desk) -> None:
    desk.presence.up("m", has_paper=False)
    assert desk.presence.of("m").paper is PaperAt.NONE
    desk.presence.up("m", has_paper=True)
    assert desk.presence.of("m").paper is PaperAt.VERIFIED
    desk.presence.paper("m", PaperAt.OPEN)
    assert desk.presence.of("m").paper is PaperAt.OPEN
    assert desk.changed == ["m", "m", "m"]


def test_f1_a_station_that_says_nothing_is_silent_only_after_the_whole_spell(desk: Desk) -> None:
    desk.presence.up("m", has_paper=False)
    assert desk.watch(LOST_S) == []
    assert desk.watch(0.001) == ["m"]
    desk.presence.heartbeat("m", 0, 0, "waiting", [])
    assert desk.presence.silent() == []


def test_r4_a_server_that_stood_still_itself_cuts_nobody_off_for_it(desk: Desk) -> None:
    """Paused for half a minute; afterwards a silence is one again after the whole spell."""
    desk.presence.up("m", has_paper=False)
    desk.watch(2)
    desk.monotonic += 30
    assert desk.presence.silent() == []
    assert desk.watch(LOST_S - 2) == []
    assert desk.watch(0.001) == ["m"]


def test_f1_exam_time_running_faster_makes_nobody_silent(desk: Desk) -> None:
    desk.presence.up("m", has_paper=False)
    desk.now_ms += 3_600_000
    assert desk.presence.silent() == []


def test_l02_a_station_that_is_gone_keeps_what_it_last_said(desk: Desk) -> None:
    desk.presence.up("m", has_paper=True)
    desk.now_ms = 5_000
    desk.presence.heartbeat("m", 3, 7, "answering", [])
    desk.now_ms = 9_000
    desk.presence.down("m")
    station = desk.presence.of("m")
    assert (station.link, station.unsynced, station.answered) == (SeatLink.OFFLINE, 3, 7)
    assert station.last_seen_ms == 5_000
    desk.monotonic += 100
    assert desk.presence.silent() == [], "it is known to be gone; nothing is left to cut"


def test_p10_a_heartbeat_with_nothing_new_changes_no_board(desk: Desk) -> None:
    desk.presence.up("m", has_paper=True)
    desk.changed.clear()
    desk.presence.heartbeat("m", 1, 0, "answering", [])
    desk.presence.heartbeat("m", 1, 0, "answering", [])
    assert desk.changed == ["m"]


def test_v09_an_alert_is_new_once_and_new_again_after_it_went_away(desk: Desk) -> None:
    desk.presence.up("m", has_paper=True)
    assert desk.presence.heartbeat("m", 0, 0, "s", ["HAND_RAISED"]) == ["HAND_RAISED"]
    assert desk.presence.heartbeat("m", 0, 0, "s", ["HAND_RAISED", "x"]) == ["x"]
    assert desk.presence.heartbeat("m", 0, 0, "s", []) == []
    assert desk.presence.heartbeat("m", 0, 0, "s", ["HAND_RAISED"]) == ["HAND_RAISED"]


def test_r9_a_flood_of_alerts_is_bounded(desk: Desk) -> None:
    desk.presence.up("m", has_paper=True)
    fresh = desk.presence.heartbeat("m", 0, 0, "s", [f"alert {n}" for n in range(1000)])
    assert len(fresh) == MAX_ALERTS
    assert len(desk.presence.of("m").alerts) == MAX_ALERTS
