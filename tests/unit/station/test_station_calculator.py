"""The calculator's rule (H05): desk arithmetic in decimals, no state without a way out."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from candidate_station.tools.calculator import DIGITS, ERROR, KEYS, Calculator, press, shown


def typed(keys: str) -> Calculator:
    state = Calculator()
    for key in keys.split():
        state = press(state, key)
    return state


@pytest.mark.parametrize(
    ("keys", "display"),
    [
        ("", "0"),
        ("0 0 7", "7"),
        ("1 . 5 . 5", "1.55"),
        (". 1 + . 2 =", "0.3"),
        ("2 + 3 * 4 =", "20"),
        ("8 / 3 =", "2.66666666667"),
        ("2 / 3 =", "0.66666666667"),
        ("1 0 - 1 2 =", "-2"),
        ("5 + * 3 =", "15"),
        ("9 NEG + 4 =", "-5"),
        ("1 / 0 =", ERROR),
        ("1 / 0 = 5 + 5 =", ERROR),
        ("1 / 0 = C 5", "5"),
        ("1 2 3 BACK BACK", "1"),
        ("5 BACK", "0"),
        ("6 * 7 = BACK", "42"),
        ("6 * 7 = 1", "1"),
        ("1 2 M+ 8 M+ C MR", "20"),
        ("1 2 M+ 2 M- MR * 3 =", "30"),
        ("7 M+ MC MR", "0"),
        ("9 9 9 9 9 9 9 9 9 9 9 9 9", "9" * DIGITS),
        ("9 9 9 9 9 9 9 9 9 9 9 9 + 1 =", ERROR),
        ("1 + 2 = =", "3"),
        ("8 * 5 % 2 =", "416"),
    ],
)
def test_h05_golden(keys: str, display: str) -> None:
    assert typed(keys).entry == display


def test_h05_memory_outlives_a_failure_and_c() -> None:
    state = typed("5 M+ 1 / 0 =")
    assert state.failed
    assert press(press(state, "C"), "MR").entry == "5"


@given(st.lists(st.sampled_from(sorted(KEYS)), max_size=60))
def test_h05_any_keys_leave_a_display_that_is_a_number_or_an_error(keys: list[str]) -> None:
    state = Calculator()
    for key in keys:
        state = press(state, key)
        assert state.failed or Decimal(state.entry).is_finite()
        assert sum(each.isdigit() for each in state.entry) <= DIGITS + 1
        assert "E" not in state.entry or state.failed
    assert press(state, "C").entry == "0"


@given(
    st.decimals(-(10**5), 10**5, places=3),
    st.decimals(-(10**5), 10**5, places=3),
    st.sampled_from("+-*"),
)
def test_h05_it_agrees_with_exact_arithmetic(left: Decimal, right: Decimal, sign: str) -> None:
    exact = {"+": left + right, "-": left - right, "*": left * right}[sign]
    state = Calculator(entry=shown(left))
    state = press(state, sign)
    state = Calculator(shown(right), state.left, state.operator, True)
    assert press(state, "=").entry == shown(exact)
