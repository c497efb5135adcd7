"""What may be stored for an item, and when it counts as answered (G10)."""

import pytest

from candidate_station.paper import (
    ChoiceInteraction,
    ExtendedTextInteraction,
    InlineChoiceInteraction,
    Option,
    PreparedItem,
    TextEntryInteraction,
    accept_values,
    is_answered,
)
from candidate_station.paper.answers import MAX_TEXT
from venue_server.wire.paper_index import InteractionIndex, ItemIndex

OPTIONS = tuple(Option(name, "") for name in ("a", "b", "c"))
ITEM = PreparedItem(
    "i", "", "zh-CN", "<div/>",
    (
        ChoiceInteraction("ONE", False, 0, 1, "vertical", "", OPTIONS),
        ChoiceInteraction("MANY", True, 1, 2, "vertical", "", OPTIONS),
        InlineChoiceInteraction("INLINE", OPTIONS),
        TextEntryInteraction("BLANK", "string", 5, "", ""),
        ExtendedTextInteraction("ESSAY", 3, 0, "plain", "", ""),
    ),
)  # fmt: skip
FULL = {"ONE": ["a"], "MANY": ["b", "c"], "INLINE": ["a"], "BLANK": ["x"], "ESSAY": ["y"]}


def test_a_fitting_answer_is_taken_as_it_is():
    assert accept_values(ITEM, FULL) == FULL


def test_absent_responses_come_back_empty():
    assert accept_values(ITEM, {"ONE": ["b"]}) == {
        "ONE": ["b"], "MANY": [], "INLINE": [], "BLANK": [], "ESSAY": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    "values",
    [
        None,
        [],
        {"OTHER": ["a"]},
        {"ONE": ["z"]},
        {"ONE": ["a", "b"]},
        {"ONE": "a"},
        {"ONE": [1]},
        {"MANY": ["a", "b", "c"]},
        {"MANY": ["a", "a"]},
        {"INLINE": ["a", "b"]},
        {"BLANK": ["x", "y"]},
        {"BLANK": [""]},
        {"ESSAY": ["x" * (MAX_TEXT + 1)]},
        {"ESSAY": [None]},
    ],
)
def test_what_the_page_may_not_say_is_refused(values):
    assert accept_values(ITEM, values) is None


def test_no_upper_bound_means_every_option():
    item = PreparedItem(
        "i", "", "", "", (ChoiceInteraction("R", True, 0, 0, "vertical", "", OPTIONS),)
    )
    assert accept_values(item, {"R": ["a", "b", "c"]}) == {"R": ["a", "b", "c"]}


@pytest.mark.parametrize("missing", list(FULL))
def test_g10_answered_only_when_nothing_is_left_open(missing):
    assert is_answered(ITEM, FULL)
    assert not is_answered(ITEM, {**FULL, missing: []})
    assert not is_answered(ITEM, {**FULL, missing: [" \n　"]}), "white space is no answer"


def test_g10_index_and_prepared_item_agree():
    index = ItemIndex(
        "i", "", "", [], [InteractionIndex(one.response_id, one.kind, "", "")
                          for one in ITEM.interactions]
    )  # fmt: skip
    for values in (FULL, {}, {**FULL, "ESSAY": []}):
        assert is_answered(index, values) == is_answered(ITEM, values)


def test_an_item_that_asks_nothing_is_answered():
    assert is_answered(PreparedItem("i", "", "", "", ()), {})


def test_displayed_reports_the_order_of_every_choice():
    assert ITEM.displayed == {name: ["a", "b", "c"] for name in ("ONE", "MANY", "INLINE")}
