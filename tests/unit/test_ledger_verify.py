"""The stand-alone verifier (N01, N02, R8): every flipped byte and every moved row is named."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venue_server.ledger import verify
from venue_server.ledger.verify import (
    GENESIS,
    canonical_text,
    entry_hash,
    verify_file,
    verify_lines,
)


def chain(count: int) -> list[bytes]:
    """``count`` linked entries as lines, with Chinese text, an apostrophe and an escape in them."""
    lines, prev = [], GENESIS
    for seq in range(1, count + 1):
        entry: dict[str, Any] = {
            "seq": seq,
            "at_ms": 1_790_000_000_000 + seq,
            "event": "candidate.admitted",
            "actor": "监考甲",
            "data": {"room": "R1", "ticket": f"36011234{seq:02}", "note": 'a"b\\c\n'},
            "prev": prev,
        }
        entry["hash"] = prev = entry_hash(entry)
        lines.append(canonical_text(entry).encode())
    return lines


LINES = chain(5)
WHOLE = b"\n".join(LINES) + b"\n"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.jsonl"
    path.write_bytes(WHOLE)
    return path


def named_line(problem: str) -> int:
    assert problem.startswith("line "), problem
    return int(problem.removeprefix("line ").split(":")[0])


def test_an_untouched_ledger_verifies(book: Path) -> None:
    verdict = verify_file(book)
    assert verdict.ok
    assert (verdict.entries, verdict.head) == (5, json.loads(LINES[-1])["hash"])


def test_an_empty_ledger_verifies(tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b"")
    assert verify_file(tmp_path / "empty") == verify.Verdict(True, 0, GENESIS)


@pytest.mark.parametrize("flip", [0x01, 0x20, 0x80, 0xFF])
def test_n02_any_flipped_byte_is_found_and_its_line_named(flip: int) -> None:
    for place in range(len(WHOLE) - 1):
        broken = bytearray(WHOLE)
        broken[place] ^= flip
        verdict = verify_lines(bytes(broken).split(b"\n")[:-1])
        assert not verdict.ok, place
        assert named_line(verdict.problem) == WHOLE.count(b"\n", 0, place) + 1, place


def test_n02_a_flipped_last_line_feed_is_a_cut_last_line(book: Path) -> None:
    book.write_bytes(WHOLE[:-1] + b"\x0b")
    assert verify_file(book).problem == "line 5: the last line is cut off"


@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 255))
def test_n02_any_other_byte_in_any_place_is_found(place: int, value: int) -> None:
    broken = WHOLE[:place] + bytes([value]) + WHOLE[place + 1 :]
    verdict = verify_lines(broken.split(b"\n")[:-1])
    assert (verdict.ok and verdict.entries == 5) == (broken == WHOLE)


@given(st.integers(0, len(WHOLE)), st.binary(min_size=1, max_size=4))
def test_n02_inserted_bytes_are_found(place: int, extra: bytes) -> None:
    broken = WHOLE[:place] + extra + WHOLE[place:]
    verdict = verify_lines(broken.split(b"\n")[:-1])
    tail_only = place == len(WHOLE) and b"\n" not in extra
    assert not verdict.ok or tail_only


@pytest.mark.parametrize("gone", range(4))
def test_r8_a_removed_row_is_named(gone: int) -> None:
    verdict = verify_lines(LINES[:gone] + LINES[gone + 1 :])
    assert not verdict.ok
    assert named_line(verdict.problem) == gone + 1
    assert "removed" in verdict.problem


@pytest.mark.parametrize("place", range(4))
def test_r8_two_rows_exchanged_are_named(place: int) -> None:
    lines = [*LINES]
    lines[place], lines[place + 1] = lines[place + 1], lines[place]
    verdict = verify_lines(lines)
    assert not verdict.ok
    assert named_line(verdict.problem) == place + 1


@pytest.mark.parametrize("place", range(5))
def test_r8_a_row_written_twice_is_named(place: int) -> None:
    verdict = verify_lines(LINES[: place + 1] + LINES[place:])
    assert not verdict.ok
    assert named_line(verdict.problem) == place + 2


@pytest.mark.parametrize("cut", [1, 5, 100])
def test_r8_a_line_cut_in_the_middle_is_named(book: Path, cut: int) -> None:
    book.write_bytes(WHOLE[:-cut])
    verdict = verify_file(book)
    assert not verdict.ok
    assert verdict.problem == "line 5: the last line is cut off"


def forged(lines: list[bytes], place: int, rehash: bool) -> list[bytes]:
    entry = json.loads(lines[place])
    entry["data"]["ticket"] = "3601123499"
    if rehash:
        entry["hash"] = entry_hash(entry)
    return [*lines[:place], canonical_text(entry).encode(), *lines[place + 1 :]]


def test_n02_a_rewritten_entry_is_named() -> None:
    verdict = verify_lines(forged(LINES, 2, rehash=False))
    assert verdict.problem == "line 3: content does not match its hash"


def test_n02_a_rewritten_entry_with_its_own_hash_breaks_the_next_one() -> None:
    verdict = verify_lines(forged(LINES, 2, rehash=True))
    assert verdict.problem == "line 4: does not follow the entry before it"


def test_n02_an_entry_in_another_spelling_is_found() -> None:
    spaced = json.dumps(json.loads(LINES[0]), ensure_ascii=False).encode()
    verdict = verify_lines([spaced, *LINES[1:]])
    assert verdict.problem == "line 1: not in canonical form"


@pytest.mark.parametrize(
    "junk", [b"", b"7", b"[]", b"null", b"\xff", b'"x"', b"NaN", b"[" * 100_000]
)
def test_junk_lines_are_named(junk: bytes) -> None:
    verdict = verify_lines([LINES[0], junk, *LINES[1:]])
    assert not verdict.ok
    assert named_line(verdict.problem) == 2


# ---- the command line --------------------------------------------------------------------


def run(*arguments: str) -> tuple[int, str]:
    """The verifier's file alone, by an interpreter that knows no installed package."""
    script = Path(verify.__file__)
    command = [sys.executable, "-I", "-S", str(script), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_n01_the_verifier_needs_nothing_but_the_file_and_the_standard_library(book: Path) -> None:
    head = json.loads(LINES[-1])["hash"]
    status, said = run(str(book), "--head", head, "--entries", "5")
    assert (status, said) == (0, f"OK\nentries 5\nhead    {head}\n")


def test_r8_a_cut_tail_is_found_by_the_printed_head_or_count(book: Path) -> None:
    head = json.loads(LINES[-1])["hash"]
    book.write_bytes(b"\n".join(LINES[:3]) + b"\n")
    assert run(str(book))[0] == 0  # a shorter chain is still a chain
    for option in (("--head", head), ("--entries", "5")):
        status, said = run(str(book), *option)
        assert status == 1
        assert said.startswith("BROKEN")


def test_a_broken_file_is_exit_status_1_and_names_the_line(book: Path) -> None:
    book.write_bytes(WHOLE.replace(b"3601123403", b"3601123404"))
    status, said = run(str(book))
    assert status == 1
    assert said.startswith("BROKEN: line 3: content does not match its hash")
