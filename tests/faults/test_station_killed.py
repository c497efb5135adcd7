"""kill -9 of a station that is appending: everything it had claimed is there afterwards."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from candidate_station.answers.shelf import Shelf
from venue_server.wire.journal_format import FILE_NAME, folder_name

WRITER = """
import sys
from pathlib import Path
from candidate_station.answers.answer_chain import AnswerChain
from candidate_station.answers.shelf import Shelf
from venue_server.wire.journal_format import FILE_NAME, folder_name

shelf = Shelf(Path(sys.argv[1]))
chain = AnswerChain("s1", shelf.open("s1").entries)
number = chain.seq
while True:
    chain.add("response", f"q{number % 9}", {"R": ["答" * (number % 50)]}, {}, number)
    shelf.append("s1", chain.between(number, number + 1))
    number += 1
    print(number, chain.head, flush=True)
"""


@pytest.mark.parametrize("lines", [1, 7, 40])
def test_f01_every_claimed_entry_survives_kill_9(tmp_path: Path, lines: int) -> None:
    claimed = (0, "")
    for _ in range(3):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True
        ) as writer:
            assert writer.stdout is not None
            for _ in range(lines):
                writer.stdout.readline()
            os.kill(writer.pid, signal.SIGKILL)
            # What it still printed before it died was claimed, too.
            for line in writer.stdout:
                number, head = line.split()
                claimed = (int(number), head)
        shelf = Shelf(tmp_path)
        recovery = shelf.open("s1")
        shelf.close_all()
        assert recovery.quarantine is None
        seq, head = claimed
        assert len(recovery.entries) >= max(seq, lines)
        assert seq == 0 or recovery.entries[seq - 1].hash == head


def test_l11_killed_while_it_overwrote_a_key_the_station_starts_again(tmp_path: Path) -> None:
    """Noise in place of a key is a journal that was being destroyed, not the end of the station."""
    shelf = Shelf(tmp_path)
    for sitting_id in ("s1", "s2"):
        shelf.open(sitting_id)
    shelf.close_all()
    (tmp_path / "sittings" / folder_name("s2") / FILE_NAME).touch()  # the newer of the two
    (key,) = (tmp_path / "identity" / "journal-keys").glob(f"{folder_name('s2')}.key")
    assert Shelf(tmp_path).newest() == "s2"
    key.write_bytes(b"fu\x05\x84\x12\xe4\xc2M\xf9" * (key.stat().st_size // 9 + 1))
    assert Shelf(tmp_path).newest() == "s1"
