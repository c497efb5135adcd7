"""Places of machines that wait for their code: bounded, and no flood keeps a newcomer out (N10)."""

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venue_server.stations import pending
from venue_server.stations.pending import (
    BEGUN_REAL_S,
    MAX_PENDING,
    PENDING_REAL_S,
    SETTLED_REAL_S,
    Pending,
    PendingList,
)
from venue_server.wire import enrolment as wire

SHOWN = wire.Reveal("", "", "", "")
_numbers = count()


def asks(address: str, since: float, shows: bool = False) -> Pending:
    name = str(next(_numbers))
    return Pending(name, "station", address, "", b"", since, 0, SHOWN if shows else None)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> PendingList:
    """Ten places, four for each address."""
    monkeypatch.setattr(pending, "MAX_PENDING", 10)
    return PendingList(4)


def addresses(found: PendingList) -> list[str]:
    return sorted(each.address for each in found.all())


def test_n10_a_thousand_stations_switched_on_at_once_all_wait() -> None:
    assert MAX_PENDING >= 1000
    found = PendingList(4)
    assert all(found.add(asks(f"10.0.{n // 250}.{n % 250}", n / 1000)) for n in range(1000))


def test_n10_an_address_at_its_limit_exchanges_its_own_oldest(few: PendingList) -> None:
    mine = [asks("a", at) for at in range(4)]
    assert all(few.add(each) for each in mine)
    assert not few.add(asks("a", 3.5)), "too fast"
    newest = asks("a", SETTLED_REAL_S)
    assert few.add(newest)
    assert few.get(mine[0].enrolment_id) is None
    assert few.get(newest.enrolment_id) is newest
    assert len(few.all()) == 4


def test_n10_the_largest_holder_gives_up_what_never_showed_a_code(few: PendingList) -> None:
    shown = asks("a", 0, shows=True)
    hidden = asks("a", 1)
    early = asks("candidate", 2, shows=True)
    for each in (shown, hidden, asks("a", 2), early, *(asks("b", 3) for _ in range(2))):
        assert few.add(each)
    for _ in range(4):
        assert few.add(asks("c", 4))
    few_all = len(few.all())
    assert few_all == 10
    assert few.add(asks("new", 50))
    assert few.get(early.enrolment_id) is early
    assert few.get(shown.enrolment_id) is shown
    assert addresses(few).count("c") == 3, "the largest holder"


def test_n10_when_everyone_has_one_place_a_newcomer_still_gets_one(few: PendingList) -> None:
    shown = [asks(f"s{n}", n, shows=True) for n in range(6)]
    begun = [asks(f"b{n}", 10 + n) for n in range(4)]
    for each in (*shown, *begun):
        assert few.add(each)
    assert few.add(asks("new", 100))
    assert few.get(begun[0].enrolment_id) is None, "who has no code on its screen yet"
    assert not few.add(asks("new", 100)), "a second place of one's own is not worth another's only"


def test_n10_who_does_not_show_a_code_is_forgotten_soon(few: PendingList) -> None:
    begun, shown = asks("a", 0), asks("b", 0, shows=True)
    assert few.add(begun) and few.add(shown)
    few.forget_old(BEGUN_REAL_S)
    assert few.all() == [shown]
    few.forget_old(PENDING_REAL_S)
    assert few.all() == []


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans(), st.floats(0, 30)), max_size=60))
def test_n10_whatever_comes_the_bounds_hold_and_the_first_of_an_address_gets_in(
    calls: list[tuple[int, bool, float]],
) -> None:
    found, now = PendingList(4), 0.0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pending, "MAX_PENDING", 10)
        for number, shows, passes in calls:
            now += passes
            address = f"10.0.0.{number}"
            settled = all(now - each.since >= SETTLED_REAL_S for each in found.all())
            first = address not in addresses(found)
            took = found.add(asks(address, now, shows))
            assert took or not (first and settled)
            held = addresses(found)
            assert len(held) <= 10
            assert max(map(held.count, held)) <= 4
