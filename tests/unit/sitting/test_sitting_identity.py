"""Identity numbers as typed, checked and shown (F02, F11, O08)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venue_server.sitting.identity import has_valid_checksum, masked, normalise, same_number

VALID = "11010519491231002X"


def test_f11_full_width_spaces_and_small_x_are_the_same_number() -> None:
    for typed in (
        "11010519491231002x",
        " 110105 19491231 002X ",
        "１１０１０５１９４９１２３１００２ｘ",
        "110105\u3000194912310\u200b02X\ufeff",
    ):
        assert normalise(typed) == VALID
        assert same_number(typed, VALID)


def test_f11_an_empty_number_is_never_the_same() -> None:
    assert not same_number(" ", "")


@pytest.mark.parametrize("good", [VALID, "440524188001010014", "11010519491231002x"])
def test_f02_good_checksums(good: str) -> None:
    assert has_valid_checksum(good)


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "X",
        "1101051949123100X2",
        "11010519491231002",
        VALID + "1",
        "1101051949123100２9",
        "A1010519491231002X",
        "¹10105194912310021",
    ],
)
def test_f02_bad_checksums_and_shapes(bad: str) -> None:
    assert not has_valid_checksum(bad)


@given(
    st.text("0123456789", min_size=17, max_size=17),
    st.integers(0, 17),
    st.sampled_from("0123456789X"),
)
def test_f02_mod_11_2_finds_every_single_wrong_character(body: str, place: int, wrong: str) -> None:
    whole = next(body + c for c in "0123456789X" if has_valid_checksum(body + c))
    changed = whole[:place] + wrong + whole[place + 1 :]
    assert has_valid_checksum(changed) == (changed == whole)


@given(st.text("0123456789", min_size=17, max_size=17), st.integers(0, 15))
def test_f02_mod_11_2_finds_two_neighbours_swapped(body: str, place: int) -> None:
    whole = next(body + c for c in "0123456789X" if has_valid_checksum(body + c))
    changed = whole[:place] + whole[place + 1] + whole[place] + whole[place + 2 :]
    assert has_valid_checksum(changed) == (changed == whole)


def test_o08_only_four_characters_at_each_end_are_shown() -> None:
    assert masked("360102199001011234") == "3601**********1234"
    assert masked("11010519491231002x") == "1101**********002X"


@given(st.text("0123456789ABC", max_size=30))
def test_o08_masking_keeps_the_length_and_hides_at_least_half_of_short_numbers(number: str) -> None:
    shown = masked(number)
    assert len(shown) == len(number)
    assert shown.count("*") >= min(len(number), 4) or len(number) > 4
    if number:
        assert "*" in shown
