"""What one copy of the answers lacks of the other (R3), whatever order and holes they have."""

from hypothesis import given
from hypothesis import strategies as st

from venue_server.responses.levelling import Side

KEYS = st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), st.integers(1, 12)))


def side(keys: list[tuple[str, int]]) -> Side:
    made = Side()
    for key in keys:
        made.add(*key)
    return made


@given(KEYS, KEYS)
def test_r3_each_side_lacks_exactly_what_only_the_other_has(
    here: list[tuple[str, int]], there: list[tuple[str, int]]
) -> None:
    lacking = side(here).lacks(side(there))
    assert set(lacking) == set(there) - set(here)
    assert len(lacking) == len(set(lacking)), "each once"
    assert all(side(here).has(*key) for key in here)


@given(KEYS)
def test_r3_a_side_lacks_nothing_of_itself(keys: list[tuple[str, int]]) -> None:
    assert side(keys).lacks(side(keys)) == []
