"""Lanes for the server's own work: how they stand to the answers, and that none takes another's
threads (R11)."""

import asyncio
import gc
import sys
import threading
import weakref
from pathlib import Path

import pytest

from venue_server.storage import background, priority
from venue_server.storage.background import LANES, SHORT_TURN_S, Lane
from venue_server.storage.engine import Store, open_engine
from venue_server.storage.one_thread import OneThread
from venue_server.storage.priority import (
    BESIDE,
    FIRST,
    LAST,
    standing,
    stands_apart,
    step_back,
    step_forward,
)

LONGEST_S = 60


def _standing() -> tuple[int, int]:
    return standing(threading.get_native_id())


async def test_r11_heavy_work_stands_behind_what_computes_and_both_behind_nobody() -> None:
    """Niceness by lane. What computes in Python must not step back: it holds the interpreter."""
    own, _ = _standing()
    behind = (max(own, BESIDE) if stands_apart() else own, LAST)
    for name in ("heavy", "delivery", "upload"):
        assert await LANES[name].run(_standing) == behind, name
    for name in ("quick", "computing"):
        assert (await LANES[name].run(_standing))[0] == own, name


@pytest.mark.parametrize(
    ("group", "weight", "apart"),
    [
        ("0::/system.slice/venue-server.service", "1000", True),
        ("0::/system.slice/venue-server.service", "100", False),
        ("0::/system.slice/venue-server.service", "", False),
        ("1:cpu:/somewhere", "1000", False),
        ("", "1000", False),
    ],
)
def test_r11_only_a_group_of_its_own_weight_sets_the_server_apart(
    tmp_path: Path, group: str, weight: str, apart: bool
) -> None:
    (tmp_path / "proc/self").mkdir(parents=True)
    (tmp_path / "proc/self/cgroup").write_text(group + "\n")
    folder = tmp_path / "sys/fs/cgroup/system.slice/venue-server.service"
    folder.mkdir(parents=True)
    (folder / "cpu.weight").write_text(weight)
    assert stands_apart(tmp_path) is apart


def test_r11_a_thread_steps_back_at_the_processor_only_where_nobody_comes_between(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else it would be put off the processor while it holds what the answers wait for."""
    own, _ = _standing()
    for apart, nice in ((False, own), (True, max(own, BESIDE))):
        monkeypatch.setattr(priority, "stands_apart", lambda apart=apart: apart)
        thread = OneThread("works", step_back)
        assert thread.submit(_standing).result(LONGEST_S) == (nice, LAST)
        assert thread.close(LONGEST_S)


def test_r11_what_writes_answers_is_first_at_the_disk(tmp_path: Path) -> None:
    store = Store(open_engine(tmp_path / "store.sqlite"))
    try:
        own, _ = _standing()
        assert store.submit(lambda _tx: _standing()).result(LONGEST_S) == (own, FIRST)
    finally:
        store.close()
    second = OneThread("second", step_forward)
    assert second.submit(_standing).result(LONGEST_S) == (own, FIRST)
    assert second.close(LONGEST_S)


async def test_r11_a_lane_that_is_full_takes_nothing_from_the_others() -> None:
    """As many works as there are threads, and more, that do not end: each other lane goes on."""
    for held in LANES.values():
        let_on = threading.Event()
        stuck = [asyncio.create_task(held.run(let_on.wait, LONGEST_S)) for _ in range(6)]
        try:
            async with asyncio.timeout(LONGEST_S):
                for other in LANES.values():
                    if other is not held:
                        assert await other.run(int, "7") == 7, (held.name, other.name)
        finally:
            let_on.set()
            await asyncio.gather(*stuck)


async def test_r11_turns_are_short_while_python_computes_and_only_then() -> None:
    usual = sys.getswitchinterval()
    assert await background.computing(sys.getswitchinterval) == pytest.approx(SHORT_TURN_S)
    with pytest.raises(ZeroDivisionError):
        await background.computing(lambda: 1 / 0)
    assert await background.heavy(sys.getswitchinterval) == pytest.approx(usual)
    assert sys.getswitchinterval() == pytest.approx(usual)


async def test_o03_a_lane_keeps_nothing_of_a_work_that_is_done() -> None:
    """Keys and opened answers pass through lanes; they must not live until the next work comes."""

    class Secret:
        def use(self) -> None:
            raise ValueError("it goes wrong")

    secret = Secret()
    alive = weakref.ref(secret)
    lane = Lane("by itself", 1)
    with pytest.raises(ValueError, match="wrong"):
        await lane.run(secret.use)
    del secret

    def gone() -> bool:
        gc.collect()
        return alive() is None

    async with asyncio.timeout(LONGEST_S):
        while not gone():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_r11_a_program_that_stops_waits_for_work_in_hand_and_not_for_ever() -> None:
    let_on, begun = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        let_on.wait(LONGEST_S)

    task = asyncio.create_task(background.heavy(work))
    await asyncio.to_thread(begun.wait, LONGEST_S)
    assert not await background.ended(0.05)
    let_on.set()
    assert await background.ended(LONGEST_S)
    await task
