"""Small pure conversions from values to what is written on the screen."""

import re
from datetime import datetime, timedelta, timezone

# Every venue of these examinations keeps Beijing time, whatever the station's own zone is set to.
BEIJING = timezone(timedelta(hours=8))


def clock(instant_ms: int, seconds: bool = True) -> str:
    """An instant (ms since the epoch, UTC) as Beijing wall time, ``HH:MM:SS`` or ``HH:MM``."""
    moment = datetime.fromtimestamp(instant_ms / 1000, BEIJING)
    return moment.strftime("%H:%M:%S" if seconds else "%H:%M")


def span(seconds: int) -> str:
    """A duration as ``HH:MM:SS``; never negative."""
    left = max(0, seconds)
    return f"{left // 3600:02d}:{left // 60 % 60:02d}:{left % 60:02d}"


def grouped(code: str, size: int = 4) -> str:
    """A code in groups that a person can copy by hand; existing separators are kept."""
    if "-" in code or " " in code:
        return code
    return " ".join(code[i : i + size] for i in range(0, len(code), size))


def spaced(code: str) -> str:
    """A short code with air between its characters, to be read out across a room."""
    return " ".join(code)


def fill(text: str, *values: object) -> str:
    """Put values into ``%1``, ``%2`` … in one pass: a value holding ``%2`` stays as it is."""
    return re.sub(r"%([1-9])", lambda mark: str(values[int(mark[1]) - 1]), text)
