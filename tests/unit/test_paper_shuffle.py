"""The order of options is a bijection that anyone with the seed can recompute (D15)."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from candidate_station.paper.shuffle import shuffle_key, shuffled

IDS = st.lists(st.tuples(st.uuids(), st.booleans()), max_size=12, unique_by=lambda one: one[0])


@given(IDS, st.binary(min_size=32, max_size=32))
def test_d15_every_order_is_a_bijection_and_fixed_options_stay(options, key):
    values = [value for value, _ in options]
    fixed = [stays for _, stays in options]
    order = shuffled(values, fixed, key)
    assert sorted(order) == sorted(values)
    assert all(order[place] == values[place] for place, stays in enumerate(fixed) if stays)
    assert order == shuffled(values, fixed, key), "the same key gives the same order"


def test_d15_known_orders_never_change():
    """A second implementation must get these; a new release must, too."""
    key = shuffle_key("seed", "sitting-1", "item-1", "RESPONSE")
    assert key.hex() == "6f0a5318104484471725fcd85c88499051234eaa82f40dc60d86c244f9d00f6f"
    assert shuffled(list("ABCDEFGH"), [False] * 8, key) == list("FBGEHDAC")


def test_key_parts_cannot_be_shifted_into_each_other():
    assert shuffle_key("a", "bc", "d", "e") != shuffle_key("ab", "c", "d", "e")


def test_candidates_and_interactions_get_different_orders():
    orders = {
        tuple(shuffled("ABCDEFGH", [False] * 8, shuffle_key("s", sitting, item, "R")))
        for sitting in ("1", "2", "3")
        for item in ("x", "y")
    }
    assert len(orders) == 6


def test_no_order_is_likelier_than_another():
    counted = Counter(
        "".join(shuffled("ABC", [False] * 3, shuffle_key("s", str(number), "i", "R")))
        for number in range(6000)
    )
    assert len(counted) == 6
    assert all(850 < times < 1150 for times in counted.values())  # 1000 ± 5 sigma
