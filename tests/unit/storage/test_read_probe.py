"""R3: a device that hangs while it is read holds up nobody for long, and is noticed without one."""

import errno
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from venue_server.storage import read_probe, schema
from venue_server.storage.engine import Store, StoreFault
from venue_server.storage.plain import Plain
from venue_server.storage.read_probe import BoundedReads, LateReadError, ReadProbe

LONGEST_S = 30.0


def wait_for(ready: threading.Event) -> None:
    assert ready.wait(LONGEST_S)


def until(fits: Callable[[], bool], what: str) -> None:
    end, pause = time.monotonic() + LONGEST_S, threading.Event()
    while not fits():
        assert time.monotonic() < end, what
        pause.wait(0.01)


@pytest.fixture
def store(store: Store) -> Store:
    store.submit(lambda tx: tx.execute(schema.meta.insert().values(key="a", value="x"))).result(30)
    return store


class Hanging:
    """A read that hangs until it is let go."""

    def __init__(self) -> None:
        self.free = threading.Event()
        self.begun = threading.Event()

    def __call__(self, _tx: Connection | None = None) -> int:
        self.begun.set()
        wait_for(self.free)
        return 7


def keys(tx: Connection) -> list[str]:
    return list(tx.execute(select(schema.meta.c.key)).scalars())


def test_r3_few_reads_may_hang_and_others_are_answered() -> None:
    reads, hanging = BoundedReads(bound_s=0.05, most=2), Hanging()
    with pytest.raises(LateReadError):
        reads(hanging)
    assert reads(lambda: 3) == 3, "what the cache has is answered beside one that hangs"
    with pytest.raises(LateReadError):
        reads(hanging)
    with pytest.raises(LateReadError, match="does not answer"):
        reads(lambda: 3)
    hanging.free.set()
    until(lambda: len(reads._idle) == 2, "the threads are used again")
    assert reads(lambda: 3) == 3
    reads.close()


def test_r3_while_the_device_is_late_the_loops_reads_are_bounded_and_nobody_elses(
    store: Store,
) -> None:
    late, hanging = threading.Event(), Hanging()
    store.bound_reads(late.is_set)
    statement = Plain(select(schema.meta.c.key))
    assert (store.read(keys), store.ask(statement)) == (["a"], [("a",)])
    late.set()
    with pytest.raises(StoreFault, match="not come back"):
        store.read(hanging)
    assert (store.read(keys), store.ask(statement)) == (["a"], [("a",)]), "from the cache"

    answers: list[int] = []
    elsewhere = threading.Thread(target=lambda: answers.append(store.read(hanging)))
    elsewhere.start()  # an export reads as long as it takes
    elsewhere.join(0.7)
    assert elsewhere.is_alive() and not answers
    hanging.free.set()
    elsewhere.join(LONGEST_S)
    assert answers == [7]


def test_r3_a_read_past_the_cache_that_hangs_is_late_and_one_that_fails_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, hanging = tmp_path / "store", Hanging()
    file.write_bytes(bytes(3 * 4096))
    refuses = threading.Event()

    class Device(read_probe.DirectReader):
        def read(self, *_: object) -> memoryview:
            if refuses.is_set():
                raise OSError(errno.EIO, "Input/output error")
            hanging()
            return memoryview(b"")

    monkeypatch.setattr(read_probe, "DirectReader", Device)
    probe = ReadProbe(file, every_s=0.01)
    probe.start()
    try:
        wait_for(hanging.begun)
        until(probe.late, "late")
        until(lambda: probe.waiting_s() > 0.2, "it waits and waits")
        hanging.free.set()
        until(lambda: not probe.late(), "answered")
        assert probe.failed == ""
        refuses.set()
        until(lambda: probe.failed == "Input/output error", "what the device said")
        refuses.clear()
        until(lambda: probe.failed == "", "it answers again")
    finally:
        probe.stop()


def test_r3_the_probe_reads_the_real_file_past_the_cache(tmp_path: Path) -> None:
    probe = ReadProbe(tmp_path / "store", every_s=0.01)
    probe.start()
    try:
        (tmp_path / "store").write_bytes(bytes(5 * 4096))
        until(lambda: probe._page > 0, "pages are read")
        assert probe.failed == ""
    finally:
        probe.stop()
