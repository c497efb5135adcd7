"""The station's journal: durable on return, unreadable without its key, gone after the wipe."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from candidate_station.answers.answer_chain import AnswerChain
from candidate_station.answers.journal import FILE_NAME, Journal, JournalError
from candidate_station.answers.shelf import Shelf
from venue_server.wire.chain import ResponseEntry
from venue_server.wire.journal_format import KEY_SIZE

SECRET = "我的答案是乙"


def entries(count: int, sitting_id: str = "s1") -> tuple[ResponseEntry, ...]:
    chain = AnswerChain(sitting_id)
    for number in range(count):
        chain.add("response", "q1", {"R": [f"{SECRET}{number}"]}, {}, number)
    return chain.entries


def journal_file(data: Path) -> Path:
    (found,) = data.glob(f"sittings/*/{FILE_NAME}")
    return found


def test_h07_what_was_appended_is_read_again(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    assert shelf.open("s1").entries == ()
    all_entries = entries(9)
    shelf.append("s1", all_entries[:1])
    shelf.append("s1", all_entries[1:])
    shelf.close_all()
    recovery = Shelf(tmp_path).open("s1")
    assert recovery.entries == all_entries
    assert (recovery.cut, recovery.quarantine) == (0, None)


def test_h07_append_fsyncs_before_it_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = Shelf(tmp_path)
    shelf.open("s1")
    synced: list[int] = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda fd: (synced.append(os.fstat(fd).st_size), real(fd))[1])
    shelf.append("s1", entries(3))
    assert synced == [journal_file(tmp_path).stat().st_size]


def test_a_new_journal_syncs_its_folder_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders: set[str] = set()
    real = os.fsync

    def watch(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            folders.add(os.readlink(f"/proc/self/fd/{descriptor}"))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", watch)
    Shelf(tmp_path).open("s1")
    folder = journal_file(tmp_path).parent
    assert {str(folder), str(folder.parent), str(tmp_path)} <= folders


def test_answers_are_private_and_not_plain_on_disk(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.open("sitting-of-li")
    shelf.append("sitting-of-li", entries(3, "sitting-of-li"))
    path = journal_file(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    raw = path.read_bytes()
    assert SECRET.encode() not in raw and b'"q1"' not in raw and b"sitting-of-li" not in raw
    for key in (tmp_path / "identity" / "journal-keys").iterdir():
        assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_the_same_entry_never_looks_the_same_twice(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    for sitting_id in ("s1", "s2"):
        shelf.open(sitting_id)
        shelf.append(sitting_id, entries(1, sitting_id))
    first, second = (p.read_bytes()[52:] for p in tmp_path.glob(f"sittings/*/{FILE_NAME}"))
    assert first != second


def test_l11_destroy_leaves_neither_key_nor_journal(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.open("s1")
    shelf.append("s1", entries(2))
    assert shelf.exists("s1")
    shelf.destroy("s1")
    assert not shelf.exists("s1")
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []
    shelf.destroy("s1")


def key_of(data: Path) -> Path:
    (key,) = data.glob("identity/journal-keys/*.key")
    return key


def overwritten(key: Path) -> None:
    key.write_bytes(os.urandom(key.stat().st_size))


def unlinked(key: Path) -> None:
    key.unlink()


@pytest.mark.parametrize("died_after", [overwritten, unlinked])
def test_l11_a_destruction_that_died_after_its_key_goes_on(
    tmp_path: Path, died_after: Callable[[Path], None]
) -> None:
    """The receipt's mark is there, but without the key nobody can read what it speaks of."""
    shelf = Shelf(tmp_path)
    shelf.open("s1")
    two = entries(2)
    shelf.append("s1", two)
    shelf.settle("s1", two[-1].hash)
    shelf.close_all()
    died_after(key_of(tmp_path))
    again = Shelf(tmp_path)
    assert again.newest() == ""
    assert again.may_be_destroyed("s1")
    again.destroy("s1")
    assert again.left("s1") == []


def test_l11_answers_without_a_receipt_are_not_destroyed_while_anything_opens_them(
    tmp_path: Path,
) -> None:
    shelf = Shelf(tmp_path)
    assert shelf.may_be_destroyed("s1"), "nothing is here"
    shelf.open("s1")
    shelf.append("s1", entries(2))
    assert not shelf.may_be_destroyed("s1")
    shelf.close_all()
    key = key_of(tmp_path)
    key.write_bytes(key.read_bytes()[:KEY_SIZE] + b"xx")
    assert not Shelf(tmp_path).may_be_destroyed("s1"), "only the name rotted: it opens still"


def test_only_a_receipt_for_the_last_entry_settles_a_sitting(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.open("s1")
    three = entries(3)
    shelf.append("s1", three[:2])
    assert not shelf.is_settled("s1")
    shelf.settle("s1", three[1].hash)
    assert shelf.is_settled("s1")
    shelf.append("s1", three[2:])
    assert not shelf.is_settled("s1")
    shelf.settle("s1", three[2].hash)
    shelf.close_all()
    again = Shelf(tmp_path)
    assert again.is_settled("s1")
    assert again.newest() == ""


def test_h10_a_restart_finds_the_newest_open_sitting(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    assert shelf.newest() == ""
    for number, sitting_id in enumerate(("s1", "s2", "s3")):
        shelf.open(sitting_id)
        shelf.append(sitting_id, entries(1, sitting_id))
        path = max(tmp_path.glob(f"sittings/*/{FILE_NAME}"), key=lambda p: p.stat().st_mtime_ns)
        os.utime(path, (1000 + number, 1000 + number))
    assert shelf.newest() == "s3"
    shelf.settle("s3", entries(1, "s3")[0].hash)
    assert shelf.newest() == "s2"


def test_two_processes_never_share_a_journal(tmp_path: Path) -> None:
    first = Shelf(tmp_path)
    first.open("s1")
    with pytest.raises(JournalError):
        Shelf(tmp_path).open("s1")


def test_a_journal_opened_late_gets_only_what_it_misses(tmp_path: Path) -> None:
    five = entries(5)
    shelf = Shelf(tmp_path)
    shelf.open("s1")
    shelf.append("s1", five[:2])
    shelf.close_all()
    late = Shelf(tmp_path)
    late.append("s1", five)
    late.close_all()
    assert Shelf(tmp_path).open("s1").entries == five


def test_a_journal_opened_late_with_another_history_is_refused(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.open("s1")
    shelf.append("s1", entries(2))
    shelf.close_all()
    fork = AnswerChain("s1")
    fork.add("visit", "q9", {}, {}, 1)
    late = Shelf(tmp_path)
    for _ in range(2):
        with pytest.raises(JournalError):
            late.append("s1", fork.entries)
    late.close_all()
    assert Shelf(tmp_path).open("s1").entries == entries(2)


def test_another_sittings_file_is_not_taken(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    folder.mkdir()
    key = bytes(32)
    journal, _ = Journal.open(folder, "s1", key)
    journal.append(entries(2))
    journal.close()
    journal.close()
    other, recovery = Journal.open(folder, "s2", key)
    assert recovery.entries == () and recovery.quarantine is not None
    assert recovery.quarantine.read_bytes().startswith(b"KDJRNL01")
    other.append(entries(1, "s2"))
    other.close()
