"""The pinned PySide6 keeps None alive: 6.12.0 on Python 3.11 drops a reference on every void call
and aborts the program after some thousand calls (docs/decisions/0014-pyside6-pin.md)."""

import subprocess
import sys

CALLS = 20_000
PROGRAM = f"""
import sys
from PySide6.QtCore import QObject, QTimer

timer = QTimer()
before = sys.getrefcount(None)
for number in range({CALLS}):
    timer.setInterval(number)
    timer.setSingleShot(True)
lost = before - sys.getrefcount(None)
print(lost)
"""


def test_twenty_thousand_void_calls_cost_no_reference_to_none() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 100, "every void call drops a reference to None"
