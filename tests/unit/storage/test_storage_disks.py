"""Looks at devices that may hang, the disk's trend, the probe, budgets (F19, R3, R11)."""

import gc
import threading
from pathlib import Path

import pytest

from venue_server.gateway.disks import Disks, PrimaryDisk
from venue_server.own_log import FILE_BYTES, FILES
from venue_server.storage.budgets import BUDGETS, MIB, NEAR, Budget, Used, measure, room_in
from venue_server.storage.disk import DiskReserve, DiskTrend
from venue_server.storage.engine import Store, StoreFault, open_engine
from venue_server.storage.one_thread import BoundedLook, OneThread
from venue_server.storage.primary import Probe, ProbeState, SameFile
from venue_server.storage.read_probe import ReadProbe
from venue_server.wire.alarms import AlarmCode
from venue_server.wire.refusals import RefusalCode


def test_r3_a_look_that_hangs_is_answered_at_once_until_it_returns() -> None:
    goes_on = threading.Event()
    goes_on.set()
    look = BoundedLook("disk", lambda: goes_on.wait(60) and "there", lambda: "hangs", bound_s=0.5)
    assert look() == "there"
    goes_on.clear()
    assert [look(), look(), look()] == ["hangs"] * 3
    assert look.hanging_s() > 0
    goes_on.set()
    assert look._pending is not None
    look._pending.result(30)
    assert look() == "there"
    assert look.hanging_s() == 0


def test_r3_what_a_look_raises_is_its_answer() -> None:
    def broken() -> str:
        raise OSError("no device")

    with pytest.raises(OSError, match="no device"):
        BoundedLook("disk", broken, lambda: "hangs", bound_s=30)()


def test_r3_the_thread_of_looks_ends_with_them() -> None:
    """A medium that is watched no more costs nothing for the rest of the day."""
    look = BoundedLook("medium 4711", lambda: threading.current_thread(), threading.main_thread)
    thread = look()
    assert thread.name == "look at medium 4711" and thread.is_alive()
    del look
    gc.collect()
    thread.join(30)
    assert not thread.is_alive()


def test_r3_a_thread_that_hangs_is_left_alone() -> None:
    goes_on = threading.Event()
    one = OneThread("test")
    one.submit(lambda: goes_on.wait(60))
    assert not one.close(0.05)
    goes_on.set()
    assert one.close(30)


@pytest.mark.parametrize(
    ("looks", "minutes"),
    [
        ([(0, 1000), (10, 1000), (20, 1000)], None),  # nothing is used up
        ([(0, 1000), (60, 900)], None),  # too little was seen
        ([(0, 1000), (30, 950), (60, 900)], 8),  # 100 a minute, 800 above the floor
        ([(0, 1000), (30, 950), (60, 100)], 0),  # the floor is here
        ([(0, 1000), (30, 900), (60, 2000), (90, 1990)], None),  # somebody made room
        ([(0, 10_000_000), (30, 9_999_999), (60, 9_999_998)], None),  # days away
    ],
)
def test_f19_minutes_until_the_floor(looks: list[tuple[int, int]], minutes: int | None) -> None:
    trend = DiskTrend(floor=100)
    for at_s, free in looks:
        trend.add(float(at_s), free)
    assert trend.minutes_left() == minutes


def test_f19_only_the_last_ten_minutes_count() -> None:
    trend = DiskTrend(floor=0)
    for minute in range(60):
        trend.add(minute * 60.0, 10_000 - 100 * min(minute, 30))
    assert trend.minutes_left() is None


def test_r11_budgets_are_measured_and_nothing_is_touched(tmp_path: Path) -> None:
    budgets = (Budget("exports", "e", ("exports/**/*",), 10), Budget("cores", "c", ("core.*",), 0))
    (tmp_path / "exports" / "deep").mkdir(parents=True)
    (tmp_path / "exports" / "deep" / "a").write_bytes(b"123456")
    (tmp_path / "core.77").write_bytes(b"1")
    (tmp_path / "exports" / "link").symlink_to(tmp_path / "core.77")
    used = measure(tmp_path, budgets)
    assert [(each.used, each.over) for each in used] == [(6, False), (1, True)]
    assert room_in("exports", used, 4)
    assert not room_in("exports", used, 5)


def test_r3_a_store_that_is_elsewhere_commits_nothing(tmp_path: Path) -> None:
    path = tmp_path / "venue.sqlite"
    store = Store(open_engine(path))
    store.submit(lambda tx: tx.exec_driver_sql("CREATE TABLE t (x)")).result(30)
    store.guard(SameFile(path).check)
    try:
        path.rename(tmp_path / "away")
        with pytest.raises(StoreFault, match="not where it was"):
            store.submit(lambda tx: tx.exec_driver_sql("INSERT INTO t VALUES (1)")).result(30)
        assert "not where it was" in store.fault
        assert not path.exists(), "no new, empty store in its place"
        (tmp_path / "away").rename(path)
        store.submit(lambda tx: tx.exec_driver_sql("INSERT INTO t VALUES (2)")).result(30)
        assert store.fault == ""
    finally:
        store.close()


class _Answers:
    """What the disks want to know of the answers."""

    degraded = None


class _Probe(Probe):
    """A probe that says what it is told."""

    told = ProbeState()

    def state(self) -> ProbeState:
        return self.told


@pytest.fixture
def primary(tmp_path: Path) -> PrimaryDisk:
    path = tmp_path / "venue.sqlite"
    store = Store(open_engine(path))
    store.submit(lambda tx: tx.exec_driver_sql("CREATE TABLE t (x)")).result(30)
    reserve = DiskReserve(tmp_path, MIB, 0)
    assert reserve.hold()
    return PrimaryDisk(
        tmp_path, store, SameFile(path), reserve, 0, _Probe(tmp_path), ReadProbe(path)
    )


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (ProbeState(), None),
        (ProbeState(sync_ms=20.0), None),
        (ProbeState(sync_ms=900.0), AlarmCode.DISK_SLOW),
        (ProbeState(failed="Read-only file system"), AlarmCode.PRIMARY_FAILING),
        (ProbeState(hanging_s=7.0, failed="x"), AlarmCode.PRIMARY_HANGS),
    ],
)
def test_f19_what_the_probe_sees_is_an_alarm_while_nobody_saves(
    primary: PrimaryDisk, state: ProbeState, code: AlarmCode | None
) -> None:
    disks = Disks(primary, _Answers(), list)  # type: ignore[arg-type]
    primary.probe.told = state  # type: ignore[attr-defined]
    assert [each.code for each in disks.primary_alarms()] == ([code] if code else [])
    rows = {label: fine for label, _, fine in disks.rows()}
    assert rows["主存储 / primary store"] is (code is None)
    primary.store.close()


def test_r11_exports_over_their_budget_or_into_the_reserve_are_refused(
    primary: PrimaryDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    disks = Disks(primary, _Answers(), list)  # type: ignore[arg-type]
    assert disks.may_export(1000) is None
    refused = disks.may_export(1 << 60)
    assert refused is not None and refused.code is RefusalCode.NO_ROOM_BESIDE_ANSWERS
    used = measure(primary.data, (Budget("exports", "e", ("venue.sqlite",), 1),))
    monkeypatch.setattr("venue_server.gateway.disks.measure", lambda _data: used)
    assert disks.may_export(0) is not None
    assert [each.code for each in disks.budget_alarms()] == [AlarmCode.BUDGET_EXCEEDED]
    primary.store.close()


@pytest.mark.parametrize(
    ("used", "code"),
    [
        (0, None),
        (80, None),
        (81, AlarmCode.BUDGET_NEAR),
        (100, AlarmCode.BUDGET_NEAR),
        (101, AlarmCode.BUDGET_EXCEEDED),
    ],
)
def test_r11_a_budget_is_an_alarm_before_it_is_over(
    primary: PrimaryDisk, monkeypatch: pytest.MonkeyPatch, used: int, code: AlarmCode | None
) -> None:
    held = [Used(Budget("exports", "e", (), 100), used)]
    monkeypatch.setattr("venue_server.gateway.disks.measure", lambda _data: held)
    disks = Disks(primary, _Answers(), list)  # type: ignore[arg-type]
    assert [each.code for each in disks.budget_alarms()] == ([code] if code else [])
    primary.store.close()


def test_r11_the_servers_own_log_ends_before_its_alarm() -> None:
    """What rotates by itself must never call people."""
    (logs,) = (each for each in BUDGETS if each.key == "logs")
    assert NEAR * logs.limit >= FILES * FILE_BYTES


def test_r3_the_probe_says_what_the_disk_says(tmp_path: Path) -> None:
    probe = Probe(tmp_path / "gone", every_s=0.01)
    probe.start()
    try:
        ended = threading.Event()
        for _ in range(3000):
            if probe.state().failed:
                break
            ended.wait(0.01)
        assert "No such file" in probe.state().failed
        assert not (tmp_path / "gone").exists(), "the probe never makes the folder"
    finally:
        probe.stop()
