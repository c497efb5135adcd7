"""The items of a section in an order of the candidate's own (D15)."""

from hypothesis import given
from hypothesis import strategies as st

from candidate_station.paper.item_order import drawn_orders, items_in_order
from candidate_station.paper.shuffle import shuffle_key, shuffled
from venue_server.wire.paper_index import FORMAT, ItemIndex, PaperIndex, SectionIndex

ITEMS = [f"q{number}" for number in range(8)]


def index(shuffle: tuple[bool, bool] = (True, False)) -> PaperIndex:
    sections = [
        SectionIndex("A", "一", "", ITEMS[:5], shuffle[0]),
        SectionIndex("B", "二", "", ITEMS[5:], shuffle[1]),
    ]
    items = {name: ItemIndex(name, f"{name}.xml", "", [], []) for name in ITEMS}
    return PaperIndex(FORMAT, "p", "A", "1", "卷", "zh", "seed", sections, items, {})


def order(sitting: str, shuffle: tuple[bool, bool] = (True, False)) -> list[str]:
    return [item.item_id for item, _ in items_in_order(index(shuffle), sitting)]


@given(st.text(max_size=20), st.tuples(st.booleans(), st.booleans()))
def test_d15_every_item_stands_in_its_section_once(sitting, shuffle):
    placed = items_in_order(index(shuffle), sitting)
    assert [section.section_id for _, section in placed] == ["A"] * 5 + ["B"] * 3
    names = [item.item_id for item, _ in placed]
    assert sorted(names) == ITEMS
    assert shuffle[0] or names[:5] == ITEMS[:5]
    assert shuffle[1] or names[5:] == ITEMS[5:]
    assert names == order(sitting, shuffle), "the same sitting gets the same order"


def test_d15_candidates_get_different_orders_by_a_rule_that_anyone_can_repeat():
    assert len({tuple(order(str(number))) for number in range(20)}) > 10
    key = shuffle_key("seed", "sitting-7", "", "A")
    assert order("sitting-7")[:5] == shuffled(ITEMS[:5], [False] * 5, key)
    assert order("sitting-7") == ["q1", "q2", "q0", "q3", "q4", "q5", "q6", "q7"]


def test_d15_two_sections_do_not_move_together():
    same = SectionIndex("A", "", "", ITEMS[:4], True)
    other = SectionIndex("B", "", "", ITEMS[:4], True)
    orders = [
        [shuffled(ITEMS[:4], [False] * 4, shuffle_key("seed", str(n), "", one.section_id))
         for one in (same, other)]
        for n in range(10)
    ]  # fmt: skip
    assert any(first != second for first, second in orders)


def test_d15_the_orders_that_were_drawn_are_what_is_reported():
    assert drawn_orders(index((False, False)), "s") == {}
    assert drawn_orders(index((False, True)), "s") == {"B": order("s", (False, True))[5:]}
