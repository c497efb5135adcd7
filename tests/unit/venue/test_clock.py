"""Trusted exam time: nothing that happens to the machine may move it wrongly (E01, G08, F7, R5)."""

import random
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from venue_server.clock import ClockSources, Taken, VenueClock
from venue_server.trusted_time.correction import SMALL_MS
from venue_server.trusted_time.estimate import Exchange
from venue_server.trusted_time.record import MARK_FILE, read_mark
from venue_server.trusted_time.states import HOLD_AFTER_MS, ClockState, Use

EXAM = 1_800_000_000_000.0

FLOAT_STEP_MS = 0.001  # between two floats of an instant of our days lie 0.00024 ms


@dataclass
class Machine:
    """A machine whose clocks a test turns, and headquarters' true time beside it."""

    boot: float = 1_000.0
    wall: float = EXAM
    true: float = EXAM
    boot_name: str = "boot-1"
    asleep: float = 0.0
    error: float | None = None
    drift: float = 0.0
    rate: float = 1.0
    rng: random.Random = field(default_factory=lambda: random.Random(7))

    def sources(self) -> ClockSources:
        return ClockSources(
            lambda: self.boot,
            lambda: self.wall,
            lambda: self.boot_name,
            lambda: self.asleep,
            lambda: self.error,
        )

    def pass_ms(self, ms: float) -> None:
        """True time passes; this machine's crystal may be wrong."""
        self.boot += ms * (1 + self.drift)
        self.wall += ms
        self.true += ms * self.rate

    def reboot(self, down_ms: float) -> None:
        self.pass_ms(down_ms)
        self.boot_name += "'"
        self.boot = 5.0
        self.asleep = 0.0

    def exchange(self, there_ms: float = 5.0, back_ms: float = 5.0) -> Exchange:
        """Ask headquarters."""
        sent = self.boot
        self.pass_ms(there_ms)
        stamp = float(int(self.true))
        self.pass_ms(back_ms)
        return Exchange(sent, self.boot, stamp)


@pytest.fixture
def machine() -> Machine:
    return Machine()


def start(folder: Path, machine: Machine, practice: bool = False) -> VenueClock:
    """The clock of a server that starts now."""
    marks = [folder / MARK_FILE, folder / f"second-{MARK_FILE}"]
    return VenueClock(folder / "clock.json", machine.sources(), marks, practice)


def trusted(folder: Path, machine: Machine) -> VenueClock:
    """A clock that heard headquarters and wrote it down."""
    clock = start(folder, machine)
    assert clock.take(machine.exchange(), machine.rate) is Taken.SET
    assert clock.state is ClockState.TRUSTED
    assert clock.save()
    mark(clock)
    return clock


def mark(clock: VenueClock, running: bool = True) -> None:
    """What the clockwork does twice a minute."""
    clock.look_back(clock.read_mark())
    new = clock.new_mark(running)
    if new is not None:
        assert clock.keep_mark(new) == []


def error_ms(clock: VenueClock, machine: Machine) -> float:
    return clock.now() - machine.true


# ---- without headquarters ----------------------------------------------------------------


def test_f7_without_headquarters_the_time_is_shown_but_allows_nothing(
    tmp_path: Path, machine: Machine
) -> None:
    clock = start(tmp_path, machine)
    assert clock.state is ClockState.UNSET
    assert clock.now_ms() == int(machine.wall)
    assert clock.certain() == 0.0, "nothing has surely passed: nothing opens or ends"
    assert not any(clock.allows(use) for use in (Use.GUIDE, Use.TOKEN, Use.CODE))
    assert not clock.guides


def test_f7_a_disciplined_system_clock_is_a_weaker_source(tmp_path: Path, machine: Machine) -> None:
    clock = start(tmp_path, machine)
    assert not clock.follow_system(), "the kernel says that it is not synchronised"
    machine.error = 20.0
    assert clock.follow_system()
    assert clock.state is ClockState.SYSTEM_SYNCED
    assert clock.allows(Use.GUIDE) and clock.guides and clock.allows(Use.END)
    assert not clock.allows(Use.TOKEN) and not clock.allows(Use.CODE)
    before = clock.now()
    machine.wall += 3_600_000
    assert clock.now() == before, "followed once, then it runs by itself"


def test_f7_a_system_clock_below_the_mark_is_not_followed(tmp_path: Path, machine: Machine) -> None:
    trusted(tmp_path, machine)
    machine.reboot(60_000)
    machine.error = 20.0
    machine.wall -= 120_000
    assert not start(tmp_path, machine).follow_system()
    machine.wall += 120_000
    assert start(tmp_path, machine).follow_system()


def test_f7_a_system_clock_says_nothing_about_compressed_time(
    tmp_path: Path, machine: Machine
) -> None:
    machine.rate = 60.0
    trusted(tmp_path, machine)
    machine.reboot(60_000)
    machine.error = 20.0
    machine.wall += 86_400_000
    assert not start(tmp_path, machine).follow_system()


def test_f7_after_a_reboot_in_an_exam_only_what_surely_passed_counts(
    tmp_path: Path, machine: Machine
) -> None:
    clock = trusted(tmp_path, machine)
    machine.reboot(120_000)
    machine.wall += 10 * 3_600_000
    again = start(tmp_path, machine)
    assert again.state is ClockState.UNSET
    assert machine.true - 121_000 <= again.now() <= machine.true
    assert again.certain() == again.now()
    machine.pass_ms(30_000)
    assert machine.true - 121_000 <= again.certain() <= machine.true
    assert clock.rate == again.rate == 1.0


def test_f7_after_a_reboot_between_exams_the_wall_clock_is_shown(
    tmp_path: Path, machine: Machine
) -> None:
    mark(trusted(tmp_path, machine), running=False)
    machine.reboot(12 * 3_600_000)
    again = start(tmp_path, machine)
    assert again.now() == pytest.approx(machine.wall)
    assert again.certain() < machine.true - 11 * 3_600_000


def test_f7_headquarters_below_the_mark_is_not_believed_alone_but_a_practice_may_be_repeated(
    tmp_path: Path, machine: Machine
) -> None:
    trusted(tmp_path, machine)
    machine.reboot(60_000)
    machine.true -= 3_600_000
    clock = start(tmp_path, machine)
    assert clock.take(machine.exchange(), 1.0) is Taken.SET
    assert clock.state is ClockState.SUSPECT
    assert not clock.allows(Use.CODE)
    practice = start(tmp_path, machine, practice=True)
    assert practice.take(machine.exchange(), 1.0) is Taken.SET
    assert practice.state is ClockState.TRUSTED


# ---- jumps, sleeps, restarts ---------------------------------------------------------------


def test_e01_turning_the_wall_clock_never_moves_trusted_time(
    tmp_path: Path, machine: Machine
) -> None:
    clock = trusted(tmp_path, machine)
    before = clock.now()
    for turned in (3_600_000, -7_200_000, 86_400_000):
        machine.wall += turned
        assert clock.now() == before
        assert clock.state is ClockState.TRUSTED


def test_f3_a_restart_on_the_same_boot_goes_on_without_headquarters(
    tmp_path: Path, machine: Machine
) -> None:
    clock = trusted(tmp_path, machine)
    machine.pass_ms(60_000)
    machine.wall += 86_400_000
    again = start(tmp_path, machine)
    assert again.state is ClockState.TRUSTED
    assert again.now() == clock.now()
    machine.pass_ms(HOLD_AFTER_MS)
    assert start(tmp_path, machine).state is ClockState.HOLDOVER, "its age is kept as well"


def test_f7_a_damaged_anchor_is_no_anchor(tmp_path: Path, machine: Machine) -> None:
    trusted(tmp_path, machine)
    (tmp_path / "clock.json").write_bytes(b"{")
    again = start(tmp_path, machine)
    assert again.state is ClockState.UNSET
    assert again.now() <= machine.true, "the mark still holds"


def test_f7_the_mark_on_the_other_device_is_enough(tmp_path: Path, machine: Machine) -> None:
    trusted(tmp_path, machine)
    (tmp_path / MARK_FILE).unlink()
    machine.reboot(1_000)
    assert start(tmp_path, machine).certain() > EXAM


def test_r5_a_sleep_makes_time_less_certain_until_headquarters_speaks(
    tmp_path: Path, machine: Machine
) -> None:
    clock = trusted(tmp_path, machine)
    machine.pass_ms(600_000)
    machine.asleep += 600_000
    machine.boot += 1_400  # what the battery clock got wrong
    clock.slept()
    assert clock.state is ClockState.HOLDOVER
    assert clock.certain() <= machine.true
    shown = [clock.now()]
    assert clock.take(machine.exchange(), 1.0) is Taken.AGREED
    for _ in range(600):
        shown.append(clock.now())
        machine.pass_ms(100)
    assert shown == sorted(shown), "slewed, never back"
    assert abs(error_ms(clock, machine)) < 40
    assert clock.state is ClockState.TRUSTED


def test_r5_a_memory_set_back_to_an_earlier_state_is_noticed_by_the_mark(
    tmp_path: Path, machine: Machine
) -> None:
    clock = trusted(tmp_path, machine)
    snapshot = machine.boot
    machine.pass_ms(300_000)
    mark(clock)
    machine.boot = snapshot  # the virtual machine's memory, not its disk
    assert clock.look_back(clock.read_mark()) == pytest.approx(300_000, abs=500)
    assert clock.state is ClockState.SUSPECT and clock.set_back
    assert clock.look_back(clock.read_mark()) == 0, "one return is told once"
    assert clock.new_mark(True) is None, "a suspect time is no mark"
    assert start(tmp_path, machine).state is ClockState.SUSPECT, "a restart finds it as well"


# ---- agreement and contradiction -----------------------------------------------------------


def test_f7_slow_answers_are_not_taken(tmp_path: Path, machine: Machine) -> None:
    clock = start(tmp_path, machine)
    assert clock.take(machine.exchange(500.0, 501.0), 1.0) is Taken.SLOW
    assert clock.state is ClockState.UNSET


def test_f7_one_contradiction_moves_nothing_and_agreement_ends_it(
    tmp_path: Path, machine: Machine
) -> None:
    clock = trusted(tmp_path, machine)
    before = clock.now()
    asked = machine.exchange()
    wrong = asked._replace(exam_ms=asked.exam_ms + 30_000)
    assert clock.take(wrong, 1.0) is Taken.DISPUTED
    assert clock.now() - before == pytest.approx(10.0, abs=0.1)
    assert clock.state is ClockState.SUSPECT
    assert not clock.allows(Use.CODE) and clock.allows(Use.TOKEN)
    assert clock.take(machine.exchange(), 1.0) is Taken.AGREED
    assert clock.state is ClockState.TRUSTED


def test_f7_an_old_answer_is_a_contradiction(tmp_path: Path, machine: Machine) -> None:
    clock = trusted(tmp_path, machine)
    old = machine.exchange()
    machine.pass_ms(30_000)
    again = Exchange(machine.boot, machine.boot + 10, old.exam_ms)
    assert clock.take(again, 1.0) is Taken.DISPUTED
    assert clock.now() > machine.true - 100


def test_f7_contradictions_that_contradict_each_other_are_never_confirmed(
    tmp_path: Path, machine: Machine
) -> None:
    clock = trusted(tmp_path, machine)
    for off in (30_000, 60_000, 30_000, 60_000, 30_000):
        asked = machine.exchange()
        assert clock.take(asked._replace(exam_ms=asked.exam_ms + off), 1.0) is Taken.DISPUTED


def test_f7_what_was_confirmed_before_a_sleep_counts_no_more(
    tmp_path: Path, machine: Machine
) -> None:
    clock = trusted(tmp_path, machine)
    assert clock.confirmed_gap_ms() is None
    machine.boot -= 20_000
    for _ in range(3):
        clock.take(machine.exchange(), 1.0)
    assert clock.confirmed_gap_ms() == pytest.approx(20_000, abs=20)
    clock.slept()
    assert clock.confirmed_gap_ms() is None


def test_f7_a_confirmed_second_is_made_good_without_a_step(
    tmp_path: Path, machine: Machine
) -> None:
    clock = trusted(tmp_path, machine)
    for lost in (-1_500.0, 1_500.0):
        machine.boot -= lost
        taken = [clock.take(machine.exchange(), 1.0) for _ in range(3)]
        assert taken == [Taken.DISPUTED, Taken.DISPUTED, Taken.CONFIRMED]
        before = clock.now()
        clock.slew_to_rivals()
        assert clock.now() == pytest.approx(before, abs=0.01)
        shown = []
        for _ in range(400):
            shown.append(clock.now())
            assert clock.certain() <= machine.true
            machine.pass_ms(100)
        assert shown == sorted(shown)
        assert abs(error_ms(clock, machine)) < 40
        assert clock.state is ClockState.TRUSTED


def test_r5_a_paused_machine_is_carried_forward_but_never_over_an_instant(
    tmp_path: Path, machine: Machine
) -> None:
    clock = trusted(tmp_path, machine)
    machine.boot -= 600_000  # ten minutes that this machine did not live through
    for _ in range(3):
        taken = clock.take(machine.exchange(), 1.0)
    assert taken is Taken.CONFIRMED
    assert clock.confirmed_gap_ms() == pytest.approx(600_000, abs=20)
    release = machine.true - 120_000
    stepped = clock.step_to_rivals([release])
    assert stepped > 0
    assert clock.now() == pytest.approx(release - 30_000, abs=1)
    assert clock.state is ClockState.SUSPECT, "the rest is still open"
    for _ in range(3):
        taken = clock.take(machine.exchange(), 1.0)
    assert taken is Taken.CONFIRMED
    assert clock.step_to_rivals([release]) == 0, "short of the instant it waits"
    machine.pass_ms(31_000)
    for _ in range(3):
        clock.take(machine.exchange(), 1.0)
    clock.step_to_rivals([release])
    assert abs(error_ms(clock, machine)) < 10
    assert clock.state is ClockState.TRUSTED


def test_e01_what_is_certain_never_passes_a_source_that_is_behind(
    tmp_path: Path, machine: Machine
) -> None:
    clock = trusted(tmp_path, machine)
    machine.boot += 40_000  # the steady clock ran ahead, however that came about
    clock.take(machine.exchange(), 1.0)
    assert clock.state is ClockState.SUSPECT
    assert clock.certain() <= machine.true
    assert clock.ahead_ms() == pytest.approx(40_000, abs=30)
    assert clock.real_seconds_until_certain(machine.true + 5_000) >= 5.0


def test_f7_after_a_reboot_headquarters_corrects_a_wrong_system_clock_either_way(
    tmp_path: Path, machine: Machine
) -> None:
    machine.error = 20.0
    for off in (50_000.0, -50_000.0):
        machine.wall = machine.true + off
        clock = VenueClock(tmp_path / f"{off}.json", machine.sources())
        assert clock.follow_system()
        for _ in range(3):
            taken = clock.take(machine.exchange(), 1.0)
        assert taken is Taken.CONFIRMED
        clock.step_to_rivals([machine.true - 1_000])
        assert abs(error_ms(clock, machine)) < 10
        assert clock.state is ClockState.TRUSTED


def test_f7_the_rate_of_a_day_never_changes(tmp_path: Path, machine: Machine) -> None:
    clock = trusted(tmp_path, machine)
    before = clock.rate
    assert clock.take(machine.exchange(), 60.0) is Taken.DISPUTED
    assert clock.rate == before
    assert clock.state is ClockState.SUSPECT


def test_g08_a_rehearsal_runs_at_its_rate(tmp_path: Path, machine: Machine) -> None:
    machine.rate = 60.0
    clock = trusted(tmp_path, machine)
    machine.pass_ms(1_000)
    assert abs(error_ms(clock, machine)) < 60 * 12
    assert clock.real_seconds_until(machine.true + 60_000) == pytest.approx(1.0, abs=0.02)
    assert clock.real_seconds_until(0) == 0.0
    assert clock.reading().system_ahead_ms is None


# ---- drift and uncertainty -----------------------------------------------------------------


def test_r5_a_measured_drift_is_compensated_through_an_hour_alone(
    tmp_path: Path, machine: Machine
) -> None:
    machine.drift = 80e-6
    clock = trusted(tmp_path, machine)
    for _ in range(20):
        machine.pass_ms(300_000)
        assert clock.take(machine.exchange(), 1.0) is Taken.AGREED
    machine.pass_ms(3_600_000)
    assert clock.state is ClockState.HOLDOVER
    assert abs(error_ms(clock, machine)) < 60, "80 ppm alone would be 288 ms"
    unsure = clock.reading().uncertainty_ms
    assert unsure is not None and unsure < 150


@settings(max_examples=60, deadline=None)
@given(
    drift=st.floats(-400e-6, 400e-6),
    rounds=st.lists(
        st.tuples(st.floats(0, 200), st.floats(0, 200), st.floats(0, 600_000)),
        min_size=1,
        max_size=40,
    ),
    rate=st.sampled_from([1.0, 7.5, 90.0]),
)
def test_r5_the_truth_is_always_within_the_uncertainty_and_time_never_goes_back(
    tmp_path_factory: pytest.TempPathFactory,
    drift: float,
    rounds: list[tuple[float, float, float]],
    rate: float,
) -> None:
    machine = Machine(drift=drift, rate=rate)
    clock = VenueClock(tmp_path_factory.mktemp("clock") / "clock.json", machine.sources())
    last = 0.0
    for there, back, pause in rounds:
        taken = clock.take(machine.exchange(there, back), rate)
        assert taken in (Taken.SET, Taken.AGREED)
        for part in (0.0, pause / 2, pause / 2):
            machine.pass_ms(part)
            unsure = clock.reading().uncertainty_ms
            assert unsure is not None
            assert abs(error_ms(clock, machine)) <= unsure * rate + 1
            assert clock.certain() <= machine.true + FLOAT_STEP_MS
            assert clock.now() >= last
            last = clock.now()


def test_f7_small_differences_are_no_contradiction(tmp_path: Path, machine: Machine) -> None:
    clock = trusted(tmp_path, machine)
    machine.boot += SMALL_MS * 0.8
    assert clock.take(machine.exchange(), 1.0) is Taken.AGREED


def test_f19_a_full_disk_costs_the_kept_anchor_not_the_time(
    tmp_path: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = start(tmp_path, machine)

    def full(*_args: object) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr("venue_server.trusted_time.record.write_whole", full)
    clock.take(machine.exchange(), 1.0)
    assert not clock.save()
    new = clock.new_mark(True)
    assert new is not None
    assert len(clock.keep_mark(new)) == 2
    assert clock.state is ClockState.TRUSTED
    monkeypatch.undo()
    assert clock.save(), "written as soon as there is room"
    assert start(tmp_path, machine).state is ClockState.TRUSTED
    assert read_mark([tmp_path / MARK_FILE]) is None


def test_r3_a_mark_is_not_left_in_the_place_of_a_device_that_goes_meanwhile(
    tmp_path: Path, machine: Machine
) -> None:
    place, taken_away = tmp_path / "second", tmp_path / "drawer"
    place.mkdir()
    asked: list[Path] = []

    def usable(file: Path) -> bool:
        """The device is unmounted right after the look at it: its empty place stays."""
        if file.parent == place:
            asked.append(file)
            if len(asked) == 1:
                place.rename(taken_away)
                place.mkdir()
        return file.parent != place or len(asked) == 1

    marks = [tmp_path / MARK_FILE, place / MARK_FILE]
    clock = VenueClock(tmp_path / "clock.json", machine.sources(), marks, usable=usable)
    clock.take(machine.exchange(), 1.0)
    new = clock.new_mark(True)
    assert new is not None
    assert clock.keep_mark(new) == []
    assert read_mark([tmp_path / MARK_FILE]) == new
    assert not list(place.iterdir())
