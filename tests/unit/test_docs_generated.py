"""docs/ledger.md and docs/refusals.md are what their generators print, and say everything."""

from pathlib import Path

import pytest

from venue_server.ledger import document as ledger_document
from venue_server.ledger.catalogue import TEXTS as EVENT_TEXTS
from venue_server.ledger.catalogue import Event
from venue_server.staff import critical_steps
from venue_server.stations.inspection import document as inspection_document
from venue_server.wire import refusals_document
from venue_server.wire.refusals import TEXTS as REFUSAL_TEXTS
from venue_server.wire.refusals import RefusalCode

DOCS = Path(__file__).parents[2] / "docs"
COMMANDS = {
    "ledger.md": (ledger_document.document, "venue_server.ledger.document"),
    "inspection.md": (inspection_document.document, "venue_server.stations.inspection.document"),
    "critical-steps.md": (critical_steps.document, "venue_server.staff.critical_steps"),
    "refusals.md": (refusals_document.document, "venue_server.wire.refusals_document"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_generated_document_is_up_to_date(name: str) -> None:
    document, module = COMMANDS[name]
    committed = (DOCS / name).read_text(encoding="utf-8")
    assert committed == document(), f"run: python -m {module} > docs/{name}"


def test_k05_every_event_has_words_in_both_languages_and_a_row() -> None:
    assert set(EVENT_TEXTS) == set(Event)
    text = ledger_document.document()
    for event, (chinese, english) in EVENT_TEXTS.items():
        assert f"| `{event.value}` | {chinese} | {english} |" in text


def test_every_refusal_has_words_in_both_languages_and_a_row() -> None:
    assert set(REFUSAL_TEXTS) == set(RefusalCode)
    text = refusals_document.document()
    for code, (chinese, english) in REFUSAL_TEXTS.items():
        assert f"| {code.value} | `{code.name}` | {chinese} | {english} |" in text


def test_refusal_codes_of_a_family_count_on_without_a_gap() -> None:
    numbers: dict[str, list[int]] = {}
    for code in RefusalCode:
        family, number = code.value.split("-")
        numbers.setdefault(family, []).append(int(number))
    assert {family: list(range(1, len(found) + 1)) for family, found in numbers.items()} == numbers


def test_n03_every_order_is_a_critical_data_step_or_said_to_be_none() -> None:
    assert critical_steps.problems() == []


def test_n03_every_critical_step_names_a_test_that_exists() -> None:
    for step in critical_steps.STEPS:
        file, name = step.test.split("::")
        assert f"def {name}(" in (DOCS.parent / file).read_text(encoding="utf-8"), step.test
