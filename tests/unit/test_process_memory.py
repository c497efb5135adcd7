"""O03: no core file, no debugger of the same user, and overwriting that really overwrites."""

import os
import subprocess
import sys

import pytest

from venue_server.wire.process_memory import overwrite

GUARDED = """
import ctypes, os, resource
from venue_server.wire.process_memory import forbid_core_files, hide_from_others

def looks(pid):
    looker = os.fork()
    if looker == 0:
        try:
            open(f"/proc/{pid}/mem", "rb").close()
        except PermissionError:
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(looker, 0)[1]) == 0

if os.geteuid() == 0:
    os.setgid(65534); os.setuid(65534)
    ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)  # changing the user has hidden it already
before = looks(os.getpid())
assert hide_from_others()
forbid_core_files()
assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
print(before, looks(os.getpid()))
"""


def test_o03_another_process_of_the_same_user_cannot_read_its_memory() -> None:
    """As an ordinary user, as the server runs; root may always look."""
    done = subprocess.run(
        [sys.executable, "-c", GUARDED], capture_output=True, text=True, timeout=60, check=True
    )
    before, after = done.stdout.split()
    assert after == "False"
    if before == "False":
        pytest.skip("this kernel lets nobody look at their own processes")  # yama


def test_o03_bytes_are_overwritten_where_they_lie() -> None:
    for secret in (os.urandom(32), os.urandom(96), bytearray(os.urandom(32))):
        view, size = memoryview(secret), len(secret)
        assert any(view)
        del view
        overwrite(secret)
        assert secret == bytes(size)


def test_o03_short_bytes_may_be_shared_and_are_left_alone() -> None:
    shared = b"a"
    overwrite(shared)
    overwrite(b"")
    assert shared == b"a"
