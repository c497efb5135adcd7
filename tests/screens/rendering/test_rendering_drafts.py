"""The renderer's memory: what is newest, what is told, what is ignored."""

import json

import pytest

from candidate_station.paper import PreparedItem, TextEntryInteraction
from candidate_station.rendering.drafts import Drafts, parse_message

BLANK = TextEntryInteraction("T", "string", 0, "", "")
ITEM = PreparedItem("i", "", "zh-CN", "<div/>", (BLANK,))


def said(showing: object, text: str, edited: object = True) -> dict[str, object]:
    return {"showing": showing, "edited": edited, "values": {"T": [text] if text else []}}


@pytest.fixture
def drafts() -> Drafts:
    drafts = Drafts()
    drafts.drawn(1, drafts.put(ITEM, {"T": ["known"], "GONE": ["x"]}))
    return drafts


def test_it_starts_from_what_the_station_knows(drafts):
    assert drafts.by_item["i"].values == {"T": ["known"]}
    assert drafts.untold() == []


def test_a_change_is_told_once(drafts):
    draft = drafts.absorb(said(1, "new"))
    assert draft is not None and draft.values == {"T": ["new"]}
    assert drafts.untold() == [draft]
    assert drafts.untold() == []
    assert drafts.absorb(said(1, "new")) is None, "nothing changed"


@pytest.mark.parametrize(
    "message",
    [
        {},
        said(2, "x"),
        said("1", "x"),
        said(1, "x", edited=False),
        said(1, "x", edited=1),
        {**said(1, "x"), "values": {"OTHER": ["x"]}},
        {**said(1, "x"), "values": None},
    ],
)
def test_what_is_ignored(drafts, message):
    assert drafts.absorb(message) is None
    assert drafts.by_item["i"].values == {"T": ["known"]}


def test_a_late_word_from_an_older_showing_counts_until_the_newer_one_is_used(drafts):
    drafts.drawn(2, drafts.put(ITEM, {"T": ["known"]}))
    assert drafts.absorb(said(1, "late")) is not None
    assert drafts.absorb(said(2, "newest")) is not None
    assert drafts.absorb(said(1, "too late")) is None
    assert drafts.by_item["i"].values == {"T": ["newest"]}


def test_what_the_candidate_did_counts_more_than_a_station_that_lags(drafts):
    draft = drafts.absorb(said(1, "new"))
    assert drafts.put(ITEM, {"T": ["known"]}) is draft
    assert draft.values == {"T": ["new"]}


def test_before_the_candidate_does_anything_the_station_is_right(drafts):
    assert drafts.put(ITEM, {"T": ["other"]}).values == {"T": ["other"]}


def test_a_word_on_its_way_is_not_lost_when_the_station_corrects_the_start(drafts):
    drafts.drawn(2, drafts.put(ITEM, {"T": ["other"]}))
    assert drafts.absorb(said(1, "typed")) is not None
    assert [draft.values for draft in drafts.untold()] == [{"T": ["typed"]}]


@pytest.mark.parametrize("raw", [None, 1, "", "{", "[]", "null", '"x"'])
def test_only_a_json_object_is_a_message(raw):
    assert parse_message(raw) == {}


def test_a_message_comes_through():
    assert parse_message(json.dumps(said(1, "x"))) == said(1, "x")
