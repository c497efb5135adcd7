"""Trusted exam time: nothing the operating system's clock does may move it (E01, G08, F7)."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from venue_server.clock import ClockSources, VenueClock


@dataclass
class Machine:
    """A machine whose clocks a test turns."""

    boot: float = 1_000.0
    wall: float = 1_800_000_000_000.0
    boot_name: str = "boot-1"

    def sources(self) -> ClockSources:
        return ClockSources(lambda: self.boot, lambda: self.wall, lambda: self.boot_name)

    def pass_ms(self, ms: float) -> None:
        self.boot += ms
        self.wall += ms


@pytest.fixture
def machine() -> Machine:
    return Machine()


def test_f7_without_headquarters_the_time_is_shown_but_not_trusted(
    tmp_path: Path, machine: Machine
) -> None:
    clock = VenueClock(tmp_path / "clock.json", machine.sources())
    assert not clock.trusted
    assert clock.now_ms() == int(machine.wall)


def test_e01_turning_the_wall_clock_never_moves_trusted_time(
    tmp_path: Path, machine: Machine
) -> None:
    clock = VenueClock(tmp_path / "clock.json", machine.sources())
    assert clock.anchor_to(5_000_000.0, 1.0, 10.0, "headquarters")
    before = clock.now()
    machine.wall += 3_600_000
    assert clock.now() == before
    assert clock.wall_jump_ms() == 3_600_000
    assert clock.wall_jump_ms() == 0, "one jump is told once"
    machine.wall -= 7_200_000
    assert clock.now() == before
    assert clock.wall_jump_ms() == -7_200_000


def test_g08_a_rehearsal_runs_at_its_rate(tmp_path: Path, machine: Machine) -> None:
    clock = VenueClock(tmp_path / "clock.json", machine.sources())
    clock.anchor_to(0.0, 60.0, 0.0, "headquarters")
    machine.pass_ms(1_000)
    assert clock.now() == pytest.approx(60_000)
    assert clock.real_seconds_until(120_000) == pytest.approx(1.0)
    assert clock.real_seconds_until(0) == 0.0


def test_f3_a_restart_on_the_same_boot_goes_on_without_headquarters(
    tmp_path: Path, machine: Machine
) -> None:
    clock = VenueClock(tmp_path / "clock.json", machine.sources())
    clock.anchor_to(9_000_000.0, 1.0, 20.0, "headquarters")
    expected = clock.now()
    machine.pass_ms(60_000)
    machine.wall += 86_400_000
    again = VenueClock(tmp_path / "clock.json", machine.sources())
    assert again.trusted
    assert again.now() == pytest.approx(expected + 60_000)


def test_f7_after_a_reboot_the_anchor_is_worth_nothing(tmp_path: Path, machine: Machine) -> None:
    clock = VenueClock(tmp_path / "clock.json", machine.sources())
    clock.anchor_to(9_000_000.0, 1.0, 20.0, "headquarters")
    machine.boot_name = "boot-2"
    machine.boot = 5.0
    assert not VenueClock(tmp_path / "clock.json", machine.sources()).trusted


def test_f7_slow_or_replayed_time_is_not_taken(tmp_path: Path, machine: Machine) -> None:
    clock = VenueClock(tmp_path / "clock.json", machine.sources())
    assert not clock.anchor_to(9_000_000.0, 1.0, 1_001.0, "headquarters")
    assert not clock.trusted
    assert clock.anchor_to(9_000_000.0, 1.0, 10.0, "headquarters")
    machine.pass_ms(30_000)
    assert not clock.anchor_to(9_000_000.0, 1.0, 10.0, "headquarters"), "half a minute old"
    assert clock.now() == pytest.approx(9_030_005)
