"""The search of R7 finds what is there: in memory, in files, in whatever form it lies about."""

import base64
import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.benchmarks import secret_search
from tests.benchmarks.secret_search import (
    key_needles,
    limits,
    may_search,
    search_files,
    search_memory,
    search_told,
    text_needles,
)

HOLDER = """
import sys
held = [bytes.fromhex(line.strip()) for line in sys.stdin]
text = held[1].decode()
wide = text + "\\U0001f600"
print("ready", flush=True)
import time
time.sleep(120)
"""


@given(st.binary(min_size=20, max_size=60), st.binary(max_size=9), st.binary(max_size=9))
def test_base64_is_found_wherever_the_secret_begins(
    secret: bytes, before: bytes, after: bytes
) -> None:
    whole = base64.b64encode(before + secret + after)
    needles = [n.data for n in key_needles("k", secret) if "base64" in n.name]
    assert any(needle in whole for needle in needles)
    assert all(len(needle) >= 20 for needle in needles)


def test_a_text_is_looked_for_in_every_encoding() -> None:
    names = {n.name for n in text_needles("t", "金丝雀canary")}
    assert {"t (utf-8)", "t (utf-16-le)", "t (utf-32-le)", "t (gb18030)", "t (json)"} <= names


def test_r7_what_a_process_holds_is_found_and_nothing_else() -> None:
    if not may_search():
        assert os.geteuid() != 0, "root must be able to look"
        pytest.skip("this user may not read the memory of processes")
    key, text = secrets.token_bytes(32), f"金丝雀{secrets.token_hex(12)}"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        try:
            assert process.stdin is not None and process.stdout is not None
            process.stdin.write(f"{key.hex()}\n{text.encode().hex()}\n".encode())
            process.stdin.close()
            assert process.stdout.readline() == b"ready\n"
            looked, found = search_memory(process.pid, key_needles("key", key))
            assert looked > 1_000_000
            assert {hit.needle for hit in found} >= {"key (raw)", "key (hex)"}
            _looked, found = search_memory(process.pid, text_needles("text", text))
            assert {hit.needle for hit in found} >= {
                "text (utf-8)", "text (utf-16-le)", "text (utf-32-le)",
            }  # fmt: skip
            other = key_needles("other", secrets.token_bytes(32))
            assert search_memory(process.pid, other)[1] == []
            assert search_told(process.pid, [*other, *key_needles("key", key)]) == []
            assert search_told(process.pid, [secret_search.Needle("code", b"held[1].decode")])
            assert set(limits(process.pid)) == {"core", "swap_kib"}
        finally:
            process.kill()


def test_r7_files_are_searched_whole_and_some_are_passed_by(tmp_path: Path) -> None:
    key = secrets.token_bytes(32)
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "deep").write_bytes(bytes(100_000) + key)
    (tmp_path / "own").write_bytes(key)
    looked, found = search_files([tmp_path], key_needles("key", key), but=("own",))
    assert looked == 1
    assert {Path(hit.where).name for hit in found} == {"deep"}
