"""The code a candidate copies from the screen finds its own errors (G11)."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venue_server.wire.receipt_code import normal_code, read_qr, receipt_code, receipt_qr

heads = st.binary(min_size=1, max_size=8).map(lambda seed: hashlib.sha256(seed).hexdigest())


def test_g11_the_code_of_known_heads() -> None:
    """Computed with bc(1): 0, then 2^59 - 1 = 576460752303423487, then one bit below the code."""
    assert receipt_code("0" * 64) == "0000-0000-0000-0000-0098"
    assert receipt_code("f" * 64) == "5764-6075-2303-4234-8768"
    assert receipt_code("0" * 14 + "1f" + "0" * 48) == receipt_code("0" * 64)
    assert receipt_code("0" * 14 + "20" + "0" * 48) == "0000-0000-0000-0000-0195"


@given(head=heads)
def test_g11_a_code_is_its_own_normal_form(head: str) -> None:
    code = receipt_code(head)
    assert normal_code(code) == code
    assert int(code.replace("-", "")) % 97 == 1  # ISO/IEC 7064 MOD 97-10
    assert normal_code(code.replace("-", " ")) == normal_code(code.replace("-", "")) == code
    wide = code.translate({ord("0") + n: ord("０") + n for n in range(10)} | {ord("-"): "－"})
    assert normal_code(wide) == code


@given(head=heads, place=st.integers(0, 19), digit=st.integers(1, 9))
def test_g11_one_wrong_digit_is_always_found(head: str, place: int, digit: int) -> None:
    digits = receipt_code(head).replace("-", "")
    wrong = (int(digits[place]) + digit) % 10
    assert normal_code(f"{digits[:place]}{wrong}{digits[place + 1 :]}") is None


@given(head=heads, place=st.integers(0, 18))
def test_g11_two_neighbours_swapped_are_always_found(head: str, place: int) -> None:
    digits = receipt_code(head).replace("-", "")
    first, second = digits[place], digits[place + 1]
    swapped = f"{digits[:place]}{second}{first}{digits[place + 2 :]}"
    assert (normal_code(swapped) is None) == (first != second)


@pytest.mark.parametrize("text", ["", "-", "1234", "0" * 20, "x" * 20, "0000-0000-0000-0000-009"])
def test_g11_what_is_no_code_is_none(text: str) -> None:
    assert normal_code(text) is None


def test_g11_the_qr_says_the_sitting_and_the_whole_head() -> None:
    assert receipt_qr("上午/01 2", "ab" * 32) == (
        "KAODIAN-RECEIPT/1 %E4%B8%8A%E5%8D%88%2F01%202 " + "ab" * 32
    )


@given(head=heads, sitting_id=st.text(min_size=1, max_size=40))
def test_g11_a_qr_is_read_as_it_was_written(head: str, sitting_id: str) -> None:
    try:
        sitting_id.encode()
    except UnicodeEncodeError:
        return  # half a character: no id is made of it
    assert read_qr(receipt_qr(sitting_id, head)) == (sitting_id, head)


@pytest.mark.parametrize(
    "text", ["", "KAODIAN-RECEIPT/1", f"KAODIAN-RECEIPT/2 S {'a' * 64}", f"S {'a' * 64}"]
)
def test_g11_what_is_no_receipts_qr_is_none(text: str) -> None:
    assert read_qr(text) is None
