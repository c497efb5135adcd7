"""After a wiping no copy of a destroyed key is left in the server's own memory (L10)."""

import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from venue_server.gateway.wiped_memory import WipedMemory
from venue_server.ledger.catalogue import Event
from venue_server.upload.memory_io import Cleaned, marks_of
from venue_server.wire.names import SessionState

CLEANING = """
import base64, json, os
from venue_server.upload.memory_io import PIECE, clean, marks_of

secret = bytearray(os.urandom(32))
first = secret[0]
marks = marks_of(bytes(secret))
other = os.urandom(64)
kept = other[:]
text = base64.b64encode(secret).decode()
held = [bytes(secret), secret.hex(), json.dumps({"release_secret": text}).encode(), "x" + text]
# Across the border of two pieces that are looked at, and at the very end of a mapping.
big = bytearray(4 * PIECE)
for at in range(PIECE - 40, 3 * PIECE, PIECE // 7):
    big[at : at + 32] = secret
before = len(held)
done = clean(marks)
assert done is not None, "this system does not show a program its memory"
assert done.left == 0 and done.filled >= before + 10, done
assert not any(big), "every copy of it"
assert bytes(32) in held and b"release_secret" in held[2], "only the secret itself is filled"
assert other == kept
again = clean(marks)
assert (again.filled, again.left) == (0, 0), again
print("cleaned")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="process_vm_readv is Linux's")
def test_l10_every_copy_of_a_key_in_memory_is_filled_and_nothing_else() -> None:
    """In a process of its own: this one holds secrets that other tests need."""
    done = subprocess.run(
        [sys.executable, "-c", CLEANING], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stdout == "cleaned\n", done.stderr


def test_l10_a_mark_does_not_hold_the_secret() -> None:
    secret = bytes(range(40, 72))
    for mark in marks_of(secret):
        assert len(mark.begin) == 4 and len(mark.digest) == 32
        assert secret not in mark.digest and mark.length >= 16


class Venue:
    """A venue's sessions and ledger; what the cleaning finds is the test's to say."""

    def __init__(self, **states: SessionState) -> None:
        self.states = states
        self.told: list[dict[str, Any]] = []
        self.found = [Cleaned(4096, 3, 0)]
        self.cleaned = 0
        sittings = SimpleNamespace(sessions=self.sessions)
        parts: Any = SimpleNamespace(sittings=sittings, ledger=SimpleNamespace(note=self.note))
        self.memory = WipedMemory(parts, self.clean)
        self.memory.remember("am", [bytes(range(32))])

    def sessions(self) -> list[Any]:
        return [SimpleNamespace(session_id=k, state=v) for k, v in self.states.items()]

    async def note(self, event: Event, **data: Any) -> None:
        assert event is Event.MEMORY_CLEANED
        self.told.append(data)

    def clean(self, marks: Any) -> Cleaned:
        assert marks
        self.cleaned += 1
        return self.found.pop(0)


async def test_l10_the_memory_is_cleaned_once_its_session_is_wiped() -> None:
    venue = Venue(am=SessionState.UPLOADED)
    await venue.memory.clean()
    assert venue.cleaned == 0 and venue.memory.waits("am"), "it is still in use"
    venue.states["am"] = SessionState.WIPED
    await venue.memory.clean()
    await venue.memory.clean()
    assert venue.cleaned == 1 and not venue.memory.waits("am")
    assert venue.told == [{"session": "am", "bytes": 4096, "filled": 3, "left": 0}]
    _label, value, verdict = venue.memory.row("am")
    assert verdict == "ok" and "4096 bytes searched, 3 places filled, 0 left" in value


@pytest.mark.parametrize("pm", [SessionState.ARMED, SessionState.STARTED])
async def test_l10_the_memory_is_left_alone_while_another_session_is_sat(
    pm: SessionState,
) -> None:
    venue = Venue(am=SessionState.WIPED, pm=pm)
    await venue.memory.clean()
    assert venue.cleaned == 0 and venue.memory.row("am")[2] == "wait"
    venue.states["pm"] = SessionState.ENDED
    await venue.memory.clean()
    assert venue.cleaned == 1 and venue.memory.row("am")[2] == "ok"


async def test_l10_what_is_left_is_said_and_looked_for_again() -> None:
    venue = Venue(am=SessionState.WIPED)
    venue.found = [Cleaned(4096, 2, 1), Cleaned(4096, 1, 0)]
    await venue.memory.clean()
    assert venue.memory.waits("am") and venue.memory.row("am")[2] == "bad"
    await venue.memory.clean()
    assert not venue.memory.waits("am") and venue.memory.row("am")[2] == "ok"


def test_l10_a_program_that_was_started_since_holds_nothing() -> None:
    venue = Venue(am=SessionState.WIPED)
    assert not venue.memory.waits("pm") and venue.memory.row("pm")[2] == "ok"
