"""Addresses and waiting: pure rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venue_server.client.addresses import MAX_HINTS, Address, AddressBook, parse_address
from venue_server.client.backoff import FIRST_S, LONGEST_S, REFUSED_S, refused_delay, retry_delay


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("10.0.0.5:8443", Address("10.0.0.5", 8443)),
        ("server.lan:1", Address("server.lan", 1)),
        ("[fe80::1]:8443", Address("fe80::1", 8443)),
        (":8443", Address("here", 8443)),
    ],
)
def test_an_address_is_read_and_written(text: str, address: Address) -> None:
    assert parse_address(text, "here") == address
    assert parse_address(str(address)) == address


@pytest.mark.parametrize(
    "text", ["", "host", "host:", "host:0", "host:70000", "a:b:1", "h:x", ":1"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an address"):
        parse_address(text)


def test_configured_addresses_come_in_turn_with_hints_and_the_last_good_one_first() -> None:
    book = AddressBook(["a:1", "b:2"])
    book.learn(Address("hint", 3))
    book.learn(Address("a", 1))
    tried = [book.next() for _ in range(4)]
    assert tried == [("a", 1), ("hint", 3), ("b", 2), ("hint", 3)], "ours and hints in turn"
    book.good(Address("hint", 3))
    assert [book.next() for _ in range(3)] == [("hint", 3), ("a", 1), ("b", 2)]


def test_forged_hints_are_bounded_and_push_nothing_configured_out() -> None:
    book = AddressBook(["a:1"])
    for port in range(1, 1000):
        book.learn(Address("forged", port))
    assert len(book.known()) == 1 + MAX_HINTS
    assert book.known()[0] == ("a", 1)


def test_an_empty_book_has_nothing_to_try() -> None:
    assert AddressBook().next() is None


jitters = st.floats(0, 1, exclude_max=True)


@given(st.integers(1, 100_000), jitters)
def test_r10_waiting_is_bounded(failures: int, jitter: float) -> None:
    assert FIRST_S / 2 <= retry_delay(failures, jitter) <= LONGEST_S


@given(st.integers(1, 50), jitters)
def test_waiting_grows(failures: int, jitter: float) -> None:
    assert retry_delay(failures + 1, jitter) >= retry_delay(failures, jitter)


@given(jitters)
def test_first_retry_is_fast_and_a_refused_machine_asks_slowly(jitter: float) -> None:
    assert retry_delay(1, jitter) < 0.3
    assert REFUSED_S / 2 <= refused_delay(jitter) <= REFUSED_S


def test_r10_ten_seconds_after_a_return_everybody_has_tried() -> None:
    assert LONGEST_S < 10 and REFUSED_S < 10


def test_r9_forged_hints_delay_the_way_back_by_one_attempt_at_most() -> None:
    """Every second attempt goes to the address that was good, or to a configured one."""
    book = AddressBook(["10.0.0.1:1", "10.0.0.2:1"])
    for number in range(MAX_HINTS):
        book.learn(Address(f"10.66.0.{number}", 1))
    tried = [str(book.next()) for _ in range(2 * MAX_HINTS)]
    assert tried[::2] == ["10.0.0.1:1", "10.0.0.2:1"] * (MAX_HINTS // 2)
    assert set(tried[1::2]) == {f"10.66.0.{number}:1" for number in range(MAX_HINTS)}
    book.good(Address("10.66.0.3", 1))
    assert str(book.next()) == "10.66.0.3:1", "what was proved by TLS comes first"
