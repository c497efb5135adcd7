"""Sealed answers that go by hand: the server's answers as values, and what a hand-over is about."""

from collections.abc import Sequence
from typing import Any

import msgspec

from invigilator_app.actions.results import StatusSection

CONFIRMED = "CONFIRMED"


class ExportTold(msgspec.Struct, frozen=True):
    medium: str
    at_ms: int


class SealedSession(msgspec.Struct, frozen=True):
    """Where one sealed session stands; ``hand_overs`` are records with masked document numbers."""

    session_id: str
    state: str
    exports: list[ExportTold] = []
    hand_overs: list[dict[str, Any]] = []


class HandOverStanding(msgspec.Struct, frozen=True):
    """Answer to GetHandOvers."""

    sections: list[StatusSection]
    sessions: list[SealedSession]


class Exported(msgspec.Struct, frozen=True):
    """Answer to ExportBundle."""

    medium: str
    sha256: str


class HandedOver(msgspec.Struct, frozen=True):
    """Answer to HandOverBundles."""

    hand_over_id: str
    file: str
    on_medium: bool
    record: dict[str, Any]


class ReceiptsTaken(msgspec.Struct, frozen=True):
    """Answer to TakeReceipts."""

    sections: list[StatusSection]
    confirmed: list[str]


def medium_of(session: SealedSession) -> str:
    """The medium that the session was exported to last; empty when it never was."""
    return session.exports[-1].medium if session.exports else ""


def together(sessions: Sequence[SealedSession], medium: str) -> list[str]:
    """The sessions whose bundle is on this medium and whose receipt is not here: handed over as
    one."""
    return [
        each.session_id
        for each in sessions
        if each.state != CONFIRMED and medium and medium_of(each) == medium
    ]
