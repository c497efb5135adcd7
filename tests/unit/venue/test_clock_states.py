"""States of the clock: the drawing, the table, and what each state allows (E01, F7)."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venue_server.clock import Reading
from venue_server.gateway.clock_face import STATE_WORDS, clock_alarm, clock_row
from venue_server.trusted_time.states import (
    ALLOWS,
    EXACT_MS,
    HOLD_AFTER_MS,
    NEXT,
    ClockFacts,
    ClockState,
    Source,
    Use,
    judge,
)

TEXT = (Path(__file__).parents[3] / "docs" / "states" / "clock.md").read_text(encoding="utf-8")


def test_the_drawing_is_the_table() -> None:
    drawn = set(re.findall(r"^    (\w+) --> (\w+)$", TEXT, re.MULTILINE))
    assert drawn == {(here.value, to.value) for here in NEXT for to in NEXT[here]}


def test_the_document_says_what_each_state_allows() -> None:
    rows = re.findall(r"^\| `(\w+)` \|[^|]*\| (\S+) \| (\S+) \| (\S+) \| (\S+) \|$", TEXT, re.M)
    said = {state: [each == "yes" for each in columns] for state, *columns in rows}
    assert said == {state.value: [use in ALLOWS[state] for use in Use] for state in ClockState}


def test_every_state_is_named_and_reachable() -> None:
    assert set(ALLOWS) == set(NEXT) == set(ClockState) == set(STATE_WORDS)
    assert {to for here in NEXT for to in NEXT[here]} == set(ClockState) - {ClockState.UNSET}


def test_p5_every_state_but_the_one_without_an_anchor_guides_others() -> None:
    """A ping looks at the anchor only (``VenueClock.guides``)."""
    guiding = {state for state in ClockState if Use.GUIDE in ALLOWS[state]}
    assert guiding == set(ClockState) - {ClockState.UNSET}


FACTS = st.builds(
    ClockFacts,
    source=st.sampled_from(Source),
    age_ms=st.floats(0, 2 * HOLD_AFTER_MS),
    uncertainty_ms=st.floats(0, 2 * EXACT_MS),
    disputed=st.booleans(),
)


@given(FACTS)
def test_e01_the_code_needs_headquarters_uncontradicted_time(facts: ClockFacts) -> None:
    allowed = ALLOWS[judge(facts)]
    if Use.CODE in allowed:
        assert facts.source is Source.HEADQUARTERS
        assert not facts.disputed
    if Use.TOKEN in allowed:
        assert facts.source is Source.HEADQUARTERS or facts.disputed
    assert Use.END in allowed


@given(FACTS)
def test_f7_trusted_means_fresh_exact_and_uncontradicted(facts: ClockFacts) -> None:
    trusted = judge(facts) is ClockState.TRUSTED
    assert trusted == (
        facts.source is Source.HEADQUARTERS
        and not facts.disputed
        and facts.age_ms <= HOLD_AFTER_MS
        and facts.uncertainty_ms <= EXACT_MS
    )


def reading(state: ClockState, age_ms: float = 0.0, rival_ms: float | None = None) -> Reading:
    return Reading(state, Source.HEADQUARTERS, 12.3, age_ms, -3_600_000.0, rival_ms)


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (reading(ClockState.UNSET), "不可信"),
        (reading(ClockState.SYSTEM_SYNCED), "系统时钟"),
        (reading(ClockState.HOLDOVER, 46 * 60_000), "46 min"),
        (reading(ClockState.SUSPECT, 0, 12_000.0), "12.0 s behind"),
        (reading(ClockState.SUSPECT, 0, -7_500.0), "7.5 s ahead of"),
    ],
)
def test_f7_what_is_wrong_with_time_is_said_in_both_languages(shown: Reading, words: str) -> None:
    (alarm,) = clock_alarm(shown)
    assert words in alarm.text("zh") + alarm.text("en")


def test_f7_a_clock_in_order_raises_no_alarm_and_shows_its_figures() -> None:
    assert clock_alarm(reading(ClockState.TRUSTED)) == []
    assert clock_alarm(reading(ClockState.HOLDOVER, 20 * 60_000)) == []
    row = clock_row(reading(ClockState.TRUSTED, 61_000))
    assert "±12 ms" in row and "61 s ago" in row and "-3600.0 s" in row
    unset = Reading(ClockState.UNSET, Source.NONE, None, None, None, None)
    assert clock_row(unset) == STATE_WORDS[ClockState.UNSET]
