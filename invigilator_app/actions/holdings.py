"""What the venue still holds of each session: the server's answers as values (L04, L10, M07)."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import msgspec

from invigilator_app.actions.results import StatusSection

ANSWERS, RECORDS = "answers", "records"
_BEIJING = timezone(timedelta(hours=8))


class HeldSession(msgspec.Struct, frozen=True):
    """One session. ``home``: headquarters has it; ``due`` and ``destroyed`` name kinds."""

    session_id: str
    home: bool
    begun: bool
    wiped: bool
    hold: str
    published_on: str | None
    due: list[str]
    destroyed: list[str]


class Holdings(msgspec.Struct, frozen=True):
    """Answer to GetHoldings; a section a session, by its id."""

    sessions: list[HeldSession]
    sections: list[StatusSection]
    next: list[str]


class WipeChecked(msgspec.Struct, frozen=True):
    """Answer to GetWipeCheck."""

    closed: bool
    sections: list[StatusSection]


class Certified(msgspec.Struct, frozen=True):
    """Answer to GetWipeCertificate, DestroyKept and GetDestructionCertificate."""

    certificate: dict[str, Any]
    sections: list[StatusSection]


def published_at_ms(day: date, now_ms: int) -> int:
    """The instant that stands for a day of publication: its end in Beijing, or now if that is
    earlier, because nothing is entered that lies in the future."""
    end = datetime.combine(day, time(23, 59, 59), _BEIJING)
    return min(int(end.timestamp() * 1000), now_ms)


def day_of(at_ms: int) -> date:
    """Beijing's date of an instant."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(_BEIJING).date()
