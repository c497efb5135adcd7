"""Every change leaves its trace: the catalogue and every place that writes it (N01, N05)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from venue_server.ledger.catalogue import TEXTS, Event
from venue_server.ledger.corrections import CORRECTIONS, TRACES, missing_of_correction

SERVER = Path(__file__).parents[2] / "venue_server"
REPLACES = ("edited", "changed", "corrected", "amended", "withdrawn")
STATES = {Event.CLOCK_CORRECTED, Event.DOUBT_WITHDRAWN, Event.VIOLATION_WITHDRAWN}
"""Named like a correction, but no person's entry is replaced: the server's clock, and records to
which another one is added (F14, V08)."""


def writings() -> Iterator[tuple[str, Event, ast.Call]]:
    """Every call ``….record(tx, Event.X, …)`` and ``….note(Event.X, …)`` of the server."""
    for path in SERVER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            for argument in node.args:
                named = ast.unparse(argument)
                if named.startswith("Event.") and named[6:] in Event.__members__:
                    yield f"{path.name}:{node.lineno}", Event[named[6:]], node


def test_n01_every_event_is_written_somewhere_or_named_by_a_rule() -> None:
    text = "".join(path.read_text("utf-8") for path in SERVER.rglob("*.py"))
    assert [event for event in Event if text.count(f"Event.{event.name}") < 2] == []
    assert set(TEXTS) == set(Event)


def test_n05_whatever_replaces_an_entry_of_a_person_is_a_correction() -> None:
    named = {event for event in Event if event.value.endswith(REPLACES)} - STATES
    assert named - CORRECTIONS == set()


def test_n05_every_correction_is_written_with_before_after_and_reason() -> None:
    found = [(where, call) for where, event, call in writings() if event in CORRECTIONS]
    assert found
    for where, call in found:
        assert {word.arg for word in call.keywords} >= set(TRACES), where
        assert len(call.args) == 3, f"{where}: transaction, event and actor"


@pytest.mark.parametrize("event", sorted(CORRECTIONS))
def test_n05_the_ledger_takes_no_correction_that_lacks_its_trace(event: Event) -> None:
    whole = dict.fromkeys(TRACES, "x")
    assert missing_of_correction(event, whole) == []
    for name in TRACES:
        assert missing_of_correction(event, {k: v for k, v in whole.items() if k != name}) == [name]
    assert missing_of_correction(Event.RECORD_SIGNED, {}) == []
