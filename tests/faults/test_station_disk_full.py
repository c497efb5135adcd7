"""The station's own disk refuses: nothing is claimed, nothing is half kept, and it heals."""

import errno
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from candidate_station.answers.answer_chain import AnswerChain
from candidate_station.answers.journal import FILE_NAME, JournalError
from candidate_station.answers.shelf import Shelf
from venue_server.wire.chain import ResponseEntry


def entries(count: int) -> tuple[ResponseEntry, ...]:
    chain = AnswerChain("s1")
    for number in range(count):
        chain.add("response", "q1", {"R": ["答" * 200]}, {}, number)
    return chain.entries


def _no_space(*_: object) -> int:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _half_then_no_space(calls: list[int]) -> Callable[[int, bytes, int], int]:
    real = os.pwrite

    def write(descriptor: int, data: bytes, offset: int) -> int:
        calls.append(offset)
        if len(calls) == 1:
            return real(descriptor, bytes(data)[: len(data) // 2], offset)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    return write


@pytest.mark.parametrize("where", ["pwrite", "fsync", "half"])
def test_f19_a_refused_append_claims_nothing_and_can_be_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    five = entries(5)
    shelf = Shelf(tmp_path)
    shelf.open("s1")
    shelf.append("s1", five[:2])
    with monkeypatch.context() as broken:
        if where == "half":
            broken.setattr(os, "pwrite", _half_then_no_space([]))
        else:
            broken.setattr(os, where, _no_space)
        with pytest.raises(JournalError):
            shelf.append("s1", five[2:4])
    shelf.append("s1", five[2:])
    shelf.close_all()
    recovery = Shelf(tmp_path).open("s1")
    assert (recovery.entries, recovery.cut, recovery.quarantine) == (five, 0, None)


def test_f19_a_crash_after_a_half_write_keeps_what_was_claimed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    five = entries(5)
    shelf = Shelf(tmp_path)
    shelf.open("s1")
    shelf.append("s1", five[:2])
    with monkeypatch.context() as broken:
        broken.setattr(os, "pwrite", _half_then_no_space([]))
        with pytest.raises(JournalError):
            shelf.append("s1", five[2:])
    shelf.close_all()
    recovery = Shelf(tmp_path).open("s1")
    assert recovery.entries[:2] == five[:2]
    assert recovery.quarantine is None


LIMITED = """
import resource, signal, sys
from pathlib import Path
from candidate_station.answers.answer_chain import AnswerChain
from candidate_station.answers.journal import JournalError
from candidate_station.answers.shelf import Shelf

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
shelf = Shelf(Path(sys.argv[1]))
shelf.open("s1")
resource.setrlimit(resource.RLIMIT_FSIZE, (6000, resource.RLIM_INFINITY))
chain = AnswerChain("s1")
claimed = 0
try:
    while True:
        chain.add("response", "q1", {"R": ["x" * 300]}, {}, claimed)
        shelf.append("s1", chain.between(claimed, claimed + 1))
        claimed += 1
except JournalError as error:
    print(claimed, error)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
shelf.append("s1", chain.between(claimed, claimed + 1))
print(claimed + 1)
"""


def test_f19_a_real_kernel_limit_in_the_middle_of_a_write(tmp_path: Path) -> None:
    assert resource.RLIM_INFINITY is not None
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path)], capture_output=True, text=True, check=True
    )
    refused, healed = done.stdout.splitlines()
    claimed = int(refused.split()[0])
    assert claimed > 3 and "cannot write the journal" in refused
    recovery = Shelf(tmp_path).open("s1")
    assert (len(recovery.entries), recovery.quarantine) == (claimed + 1, None)
    assert int(healed) == claimed + 1


def test_a_folder_that_cannot_be_made_is_a_journal_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = Shelf(tmp_path)
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", _no_space)
        with pytest.raises(JournalError):
            shelf.open("s1")
    two = entries(2)
    shelf.append("s1", two)
    shelf.close_all()
    assert Shelf(tmp_path).open("s1").entries == two
    assert len(list(tmp_path.glob(f"sittings/*/{FILE_NAME}"))) == 1
