"""Which events change something that people had entered before: they say before, after, why (N05).

Every other event is an occurrence or one step of a state machine, whose name says what was before
and what is after.
"""

from collections.abc import Mapping

from venue_server.ledger.catalogue import Event

CORRECTIONS = frozenset(
    {
        Event.RECORD_EDITED,
        Event.SCORES_PUBLISHED,
        Event.HOLD_CHANGED,
        Event.SHIFT_WITHDRAWN,
    }
)
"""An event that lets a person replace an entry of a person belongs here."""

TRACES = ("before", "after", "reason")


def missing_of_correction(event: Event, data: Mapping[str, object]) -> list[str]:
    """What a correction's data lack; empty for every other event."""
    return [name for name in TRACES if name not in data] if event in CORRECTIONS else []
