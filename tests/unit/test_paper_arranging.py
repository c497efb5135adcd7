"""Match, order, gap match, hottext, associate and slider: described and answered (D15, G10)."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from candidate_station.paper import (
    Arrangement,
    Associable,
    AssociateInteraction,
    GapMatchInteraction,
    HottextInteraction,
    MatchInteraction,
    Option,
    OrderInteraction,
    PreparedItem,
    SliderInteraction,
    accept_values,
    is_answered,
)
from candidate_station.paper.preparing import prepare_item
from candidate_station.paper.sanitise import UnsupportedContentError
from candidate_station.simulation.arranging import random_arrangement
from venue_server.wire.paper_index import FORMAT, InteractionIndex, ItemIndex, PaperIndex

AS_FIRST = str.maketrans("xyz", "abc")
NS = 'xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"'
TYPES = {
    "match": ("multiple", "directedPair"),
    "gap-match": ("multiple", "directedPair"),
    "associate": ("multiple", "pair"),
    "order": ("ordered", "identifier"),
    "hottext": ("multiple", "identifier"),
    "slider": ("single", "float"),
}


def prepare(
    body: str,
    kind: str,
    cardinality: str = "",
    base_type: str = "",
    sitting: str = "sitting",
) -> PreparedItem:
    """Prepare an item with one interaction ``R``."""
    usual = TYPES[kind]
    listed = InteractionIndex("R", kind, cardinality or usual[0], base_type or usual[1])
    item = ItemIndex("i", "i.xml", "题", [], [listed])
    index = PaperIndex(FORMAT, "p", "A", "01", "卷", "zh-CN", "seed", [], {"i": item}, {})
    xml = f"<qti-assessment-item {NS}><qti-item-body>{body}</qti-item-body></qti-assessment-item>"
    names = frozenset({"i.xml", "media/a.png"})
    return prepare_item(index, item, sitting, {"i.xml": xml.encode()}, names)


def described(body: str, kind: str, **how: str) -> Arrangement:
    (interaction,) = prepare(body, kind, **how).interactions
    assert isinstance(interaction, Arrangement)
    return interaction


def associables(ids: str, attributes: str = "") -> str:
    return "".join(
        f'<qti-simple-associable-choice identifier="{name}" match-max="1" {attributes}>{name}'
        "</qti-simple-associable-choice>"
        for name in ids
    )


def matching(attributes: str, first: str = "abc", second: str = "xyz") -> str:
    return (
        f'<qti-match-interaction response-identifier="R" {attributes}>'
        f"<qti-simple-match-set>{associables(first)}</qti-simple-match-set>"
        f"<qti-simple-match-set>{associables(second)}</qti-simple-match-set>"
        "</qti-match-interaction>"
    )


def test_match_is_described():
    interaction = described(matching('max-associations="3" min-associations="2"'), "match")
    assert isinstance(interaction, MatchInteraction)
    assert [one.option_id for one in interaction.sources] == list("abc")
    assert interaction.targets[1] == Associable("y", interaction.targets[1].html, 0, 1)
    assert (interaction.multiple, interaction.min_associations, interaction.max_associations) == (
        True, 2, 3,
    )  # fmt: skip


def test_an_answer_of_one_pair_is_bounded_to_one():
    interaction = described(matching('max-associations="0"'), "match", cardinality="single")
    assert isinstance(interaction, MatchInteraction)
    assert (interaction.multiple, interaction.max_associations) == (False, 1)


def test_d15_both_sets_of_a_match_are_shuffled_each_by_itself():
    orders = set()
    for sitting in map(str, range(30)):
        prepared = prepare(matching('shuffle="true"'), "match", sitting=sitting)
        shown = prepared.displayed["R"]
        assert sorted(shown[:3]) == list("abc") and sorted(shown[3:]) == list("xyz")
        assert shown == prepare(matching('shuffle="true"'), "match", sitting=sitting).displayed["R"]
        orders.add(("".join(shown[:3]), "".join(shown[3:]).translate(AS_FIRST)))
    assert len(orders) > 15
    assert any(first != second for first, second in orders), "the sets do not move together"


@pytest.mark.parametrize("kind", ["associate", "order", "gap-match"])
def test_d15_options_are_shuffled_by_sitting_and_fixed_ones_stay(kind):
    orders = set()
    for sitting in map(str, range(20)):
        shown = prepare(SHUFFLED[kind], kind, sitting=sitting).displayed["R"]
        assert sorted(shown) == list("abcd") and shown[3] == "d"
        orders.add(tuple(shown))
    assert len(orders) == 6


SHUFFLED = {
    "associate": '<qti-associate-interaction response-identifier="R" shuffle="true">'
    + associables("abc")
    + associables("d", 'fixed="true"')
    + "</qti-associate-interaction>",
    "order": '<qti-order-interaction response-identifier="R" shuffle="true">'
    + "".join(f'<qti-simple-choice identifier="{n}">{n}</qti-simple-choice>' for n in "abc")
    + '<qti-simple-choice identifier="d" fixed="true">d</qti-simple-choice>'
    "</qti-order-interaction>",
    "gap-match": '<qti-gap-match-interaction response-identifier="R" shuffle="true">'
    + "".join(f'<qti-gap-text identifier="{n}" match-max="1">{n}</qti-gap-text>' for n in "abc")
    + '<qti-gap-img identifier="d" match-max="2" fixed="true"><img src="media/a.png" alt="图"/>'
    '</qti-gap-img><p>首<qti-gap identifier="g" class="qti-input-width-6 own kd-x"/>中<b>'
    '<qti-gap identifier="h"/></b>尾</p></qti-gap-match-interaction>',
}


def test_gap_match_keeps_text_and_gaps_apart_from_the_options():
    prepared = prepare(SHUFFLED["gap-match"], "gap-match")
    (interaction,) = prepared.interactions
    assert isinstance(interaction, GapMatchInteraction)
    assert interaction.gaps == ("g", "h")
    assert (
        '<p>首<span data-gap="0" class="qti-input-width-6 own"/>中<b><span data-gap="1"/></b>尾</p>'
        in interaction.html
    )
    assert "gap-text" not in interaction.html and "<img" not in interaction.html
    assert 'alt="图"' in interaction.options[3].html and interaction.options[3].match_max == 2
    assert prepared.media == ("media/a.png",)
    assert (interaction.multiple, interaction.max_associations) == (True, 0)


def test_hottext_is_described_with_its_markup_sanitised():
    interaction = described(
        '<qti-hottext-interaction response-identifier="R" max-choices="2" min-choices="1">'
        '<qti-prompt>找</qti-prompt><p onclick="x()">甲<qti-hottext identifier="h1">乙<b>丙</b>'
        '</qti-hottext><qti-hottext identifier="h2">丁</qti-hottext>{{1}}</p>'
        "</qti-hottext-interaction>",
        "hottext",
    )
    assert isinstance(interaction, HottextInteraction)
    assert interaction.words == ("h1", "h2") and interaction.multiple
    assert (
        '<p>甲<span data-hottext="0">乙<b>丙</b></span><span data-hottext="1">丁</span>{{1}}</p>'
        in interaction.html
    )
    assert "找" in interaction.prompt and "找" not in interaction.html


@pytest.mark.parametrize(
    ("attributes", "bounds"),
    [
        ("", (0, 0)),
        ('max-choices="2"', (0, 0)),  # without a minimum everything is ordered
        ('min-choices="1"', (1, 3)),
        ('min-choices="1" max-choices="2"', (1, 2)),
        ('min-choices="1" max-choices="9"', (1, 3)),
    ],
)
def test_order_is_described(attributes, bounds):
    options = "".join(f'<qti-simple-choice identifier="{n}">{n}</qti-simple-choice>' for n in "abc")
    body = f'<qti-order-interaction response-identifier="R" {attributes}>{options}'
    interaction = described(f"{body}</qti-order-interaction>", "order")
    assert isinstance(interaction, OrderInteraction)
    assert (interaction.min_choices, interaction.max_choices) == bounds


def slider(attributes: str) -> str:
    return f'<qti-slider-interaction response-identifier="R" {attributes}/>'


@pytest.mark.parametrize(
    ("attributes", "base_type", "expected"),
    [
        ('lower-bound="0" upper-bound="100"', "integer", ("0", "100", "1")),
        ('lower-bound="-1.50" upper-bound="+2" step="0.5"', "float", ("-1.5", "2", "0.5")),
        ('lower-bound="0" upper-bound="1" step="0"', "float", ("0", "1", "0.01")),
        ('lower-bound="0" upper-bound="900" step="0"', "float", ("0", "900", "1")),
        ('lower-bound="0" upper-bound="9" step="0"', "integer", ("0", "9", "1")),
    ],
)
def test_slider_is_described_in_plain_decimals(attributes, base_type, expected):
    interaction = described(slider(attributes), "slider", base_type=base_type)
    assert isinstance(interaction, SliderInteraction)
    assert (interaction.lower, interaction.upper, interaction.step) == expected


@pytest.mark.parametrize(
    ("kind", "body", "says"),
    [
        ("match", matching("", "ab", "bc"), "missing or repeated"),
        ("match", '<qti-match-interaction response-identifier="R"/>', "two sets"),
        ("associate", SHUFFLED["associate"].replace('"a"', '"a b"'), "blank"),
        ("associate", SHUFFLED["associate"].replace('"a"', '"a&#160;b"'), "blank"),
        ("gap-match", SHUFFLED["gap-match"].replace('"h"', '"g"'), "missing or repeated"),
        ("gap-match", SHUFFLED["gap-match"].replace('"h"', '"a"'), "missing or repeated"),
        (
            "gap-match",
            SHUFFLED["gap-match"].replace("尾", '<qti-gap-text identifier="z">z</qti-gap-text>'),
            "inside the text",
        ),
        (
            "hottext",
            '<qti-hottext-interaction response-identifier="R"><p><qti-hottext identifier="a">'
            '<qti-hottext identifier="b">b</qti-hottext></qti-hottext></p>'
            "</qti-hottext-interaction>",
            "inside another",
        ),
        (
            "hottext",
            '<qti-hottext-interaction response-identifier="R"><p>无</p></qti-hottext-interaction>',
            "missing",
        ),
        (
            "hottext",
            '<qti-hottext-interaction response-identifier="R"><p><qti-text-entry-interaction'
            ' response-identifier="T"/></p></qti-hottext-interaction>',
            "not allowed here",
        ),
        ("slider", slider('lower-bound="1" upper-bound="1"'), "nothing to choose"),
        ("slider", slider('lower-bound="0"'), "upper-bound"),
        ("slider", slider('lower-bound="0" upper-bound="1e9999999"'), "upper-bound"),
    ],
)
def test_what_cannot_be_arranged_is_refused_by_name(kind, body, says):
    with pytest.raises(UnsupportedContentError, match=says):
        prepare(body, kind)


def test_an_integer_slider_has_whole_steps():
    with pytest.raises(UnsupportedContentError, match="integer"):
        prepare(slider('lower-bound="0" upper-bound="1" step="0.5"'), "slider", base_type="integer")


# ---- answers -----------------------------------------------------------------------------------


def options(ids: str, most: int = 1) -> tuple[Associable, ...]:
    return tuple(Associable(name, "", 0, most) for name in ids)


MATCH = MatchInteraction("R", True, 0, 3, "", options("ab", 2), options("xyz", 1))
ASSOCIATE = AssociateInteraction("R", True, 0, 2, "", options("abcd", 2))
GAPS = GapMatchInteraction("R", True, 0, 2, "", options("ab", 1) + options("c", 0), ("g", "h"), "")
ORDER = OrderInteraction("R", 0, 0, "vertical", "", tuple(Option(n, "") for n in "abc"))
SOME = OrderInteraction("R", 1, 2, "vertical", "", tuple(Option(n, "") for n in "abc"))
HOT = HottextInteraction("R", True, 0, 2, "", ("a", "b", "c"), "")
SLIDER = SliderInteraction("R", "float", "-1", "1", "0.1", False, "horizontal", False, "")
ALL = (MATCH, ASSOCIATE, GAPS, ORDER, SOME, HOT, SLIDER)


def fits(interaction: Arrangement, values: list[str]) -> bool:
    item = PreparedItem("i", "", "zh", "<div/>", (interaction,))
    accepted = accept_values(item, {"R": values})
    assert accepted in (None, {"R": values}), "taken as it is or not at all"
    return accepted is not None


@pytest.mark.parametrize(
    ("interaction", "values"),
    [
        (MATCH, ["a x", "a y", "b z"]),
        (ASSOCIATE, ["a b", "c a"]),
        (GAPS, ["c g", "c h"]),
        (ORDER, ["c", "a", "b"]),
        (SOME, ["b"]),
        (SOME, ["c", "a"]),
        (HOT, ["c", "a"]),
        (SLIDER, ["-1"]),
        (SLIDER, ["0.3"]),
        *((interaction, []) for interaction in ALL),
    ],
)
def test_a_fitting_arrangement_is_taken_as_it_is(interaction, values):
    assert fits(interaction, values)
    item = PreparedItem("i", "", "zh", "<div/>", (interaction,))
    assert is_answered(item, {"R": values}) == bool(values), "one value is an answer (G10)"


@pytest.mark.parametrize(
    ("interaction", "values"),
    [
        (MATCH, ["x a"]),
        (MATCH, ["a x", "a x"]),
        (MATCH, ["a x", "b x"]),
        (MATCH, ["a x", "a y", "a z"]),
        (MATCH, ["a"]),
        (MATCH, ["a  x"]),
        (MATCH, ["a x "]),
        (MATCH, ["a\tx"]),
        (MATCH, [""]),
        (ASSOCIATE, ["a a"]),
        (ASSOCIATE, ["a b", "b a"]),
        (ASSOCIATE, ["a b", "a c", "a d"]),
        (ASSOCIATE, ["a e"]),
        (GAPS, ["a g", "b g"]),
        (GAPS, ["a g", "a h"]),
        (GAPS, ["g a"]),
        (GAPS, ["a"]),
        (ORDER, ["a", "b"]),
        (ORDER, ["a", "b", "c", "a"]),
        (SOME, ["a", "b", "c"]),
        (SOME, ["z"]),
        (HOT, ["a", "a"]),
        (HOT, ["a", "b", "c"]),
        (SLIDER, ["0.35"]),
        (SLIDER, ["1.1"]),
        (SLIDER, ["-1.1"]),
        (SLIDER, ["0.1", "0.2"]),
        (SLIDER, ["1e0"]),
        (SLIDER, ["NaN"]),
        (SLIDER, ["٠"]),
    ],
)
def test_an_arrangement_that_nobody_could_make_is_refused(interaction, values):
    assert not fits(interaction, values)


def test_d15_only_what_stands_in_a_drawn_order_is_reported_as_displayed():
    shown = {one.kind: list(one.shown_ids) for one in ALL}
    assert shown["match"] == ["a", "b", "x", "y", "z"] and shown["gap-match"] == ["a", "b", "c"]
    for fixed in (HOT, SLIDER):
        assert PreparedItem("i", "", "zh", "<div/>", (fixed,)).displayed == {}


@given(st.sampled_from(ALL), st.integers(0, 10**9))
def test_simulated_candidates_keep_to_the_rules(interaction, seed):
    values = random_arrangement(interaction, Random(seed))
    assert values and fits(interaction, values)
