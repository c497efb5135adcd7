"""Graphic and media interactions: read, bounded, counted as answered (G10, H04, Y03)."""

from random import Random

import pytest
from lxml import etree

from candidate_station.paper import PreparedItem, accept_values, is_answered
from candidate_station.paper.graphic import (
    GapPiece,
    GraphicGapMatchInteraction,
    Hotspot,
    HotspotInteraction,
    MediaInteraction,
    Picture,
    SelectPointInteraction,
)
from candidate_station.paper.preparing import prepare_item
from candidate_station.paper.sanitise import UnsupportedContentError
from candidate_station.simulation.answering import change_item
from venue_server.wire.paper_index import FORMAT, InteractionIndex, ItemIndex, PaperIndex

NS = 'xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"'
FILES = frozenset({"items/i.xml", "media/a.png", "media/b.mp3", "media/c.webm"})
IMG = '<img src="media/a.png" width="206" height="280" alt="图"/>'
ADDRESS = "kaodian-paper://paper/file/media/a.png"
SPOT = '<qti-hotspot-choice identifier="A" shape="circle" coords="77,115,8" hotspot-label="北"/>'


def prepare(kind: str, attributes: str, inside: str, cardinality: str = "multiple", sitting="s"):
    body = (
        f'<qti-{kind}-interaction response-identifier="R" {attributes}>{inside}'
        f"</qti-{kind}-interaction>"
    )
    item = ItemIndex("i", "items/i.xml", "题", [], [InteractionIndex("R", kind, cardinality, "")])
    index = PaperIndex(FORMAT, "p", "A", "01", "卷", "zh-CN", "seed", [], {"i": item}, {})
    xml = (
        f"<qti-assessment-item {NS}><qti-item-body>{body}</qti-item-body></qti-assessment-item>"
    ).encode()
    return prepare_item(index, item, sitting, {"items/i.xml": xml}, FILES)


def test_a_hotspot_interaction_is_read():
    item = prepare("hotspot", 'max-choices="1" class="qti-selections-dark mine"', IMG + SPOT)
    (read,) = item.interactions
    assert read == HotspotInteraction(
        "R", False, 0, 1, "", Picture(ADDRESS, 206, 280, "图"),
        (Hotspot("A", "circle", (77, 115, 8), "北"),), ("qti-selections-dark",),
    )  # fmt: skip
    assert item.media == ("media/a.png",)


@pytest.mark.parametrize(
    ("shape", "coords", "numbers"),
    [
        ("rect", "1,2,3,4", (1, 2, 3, 4)),
        ("rect", " 1, 2 ,3,4 ", (1, 2, 3, 4)),
        ("circle", "1,2.5,3", (1, 2.5, 3)),
        ("ellipse", "1,2,3,4", (1, 2, 3, 4)),
        ("poly", "0,0,5,0,5,5", (0, 0, 5, 0, 5, 5)),
        ("default", "", ()),
        ("default", "0,0,9,9", ()),
    ],
)
def test_every_shape_is_read(shape, coords, numbers):
    spot = f'<qti-hotspot-choice identifier="A" shape="{shape}" coords="{coords}"/>'
    (read,) = prepare("hotspot", "", IMG + spot).interactions
    assert isinstance(read, HotspotInteraction) and read.hotspots[0].coords == numbers


@pytest.mark.parametrize(
    ("kind", "inside"),
    [
        ("hotspot", IMG + SPOT.replace("circle", "star")),
        ("hotspot", IMG + SPOT.replace("77,115,8", "77,115")),
        ("hotspot", IMG + SPOT.replace("77,115,8", "77,115,eight")),
        ("hotspot", IMG + SPOT.replace("circle", "poly").replace("77,115,8", "1,2,3,4,5")),
        ("hotspot", IMG + SPOT + SPOT),
        ("hotspot", IMG + SPOT.replace('"A"', '"A B"')),
        ("hotspot", IMG),
        ("hotspot", SPOT),
        ("hotspot", IMG + IMG + SPOT),
        ("hotspot", '<object data="media/a.png" width="1" height="1"/>' + SPOT),
        ("hotspot", '<img src="media/none.png" width="1" height="1"/>' + SPOT),
        ("hotspot", '<img src="https://elsewhere/a.png" width="1" height="1"/>' + SPOT),
        ("graphic-gap-match", IMG + '<qti-gap-text identifier="P">甲</qti-gap-text>'),
        ("select-point", ""),
        ("media", ""),
        ("media", '<object data="media/b.mp3" type="audio/mpeg"/>'),
    ],
)
def test_what_cannot_be_drawn_is_refused(kind, inside):
    with pytest.raises(UnsupportedContentError):
        prepare(kind, "", inside)


GAPS = (
    IMG + '<qti-gap-img identifier="P1" match-max="1" object-label="甲">'
    '<img src="media/a.png" width="20" height="9" alt="a"/></qti-gap-img>'
    '<qti-gap-text identifier="P2" match-max="0"><b>乙</b> 字</qti-gap-text>'
    '<qti-gap-img identifier="P3"><img src="media/a.png" alt="丙"/></qti-gap-img>'
    '<qti-associable-hotspot identifier="H1" match-max="2" shape="rect" coords="1,2,3,4"/>'
)


def test_pieces_of_a_graphic_gap_match_are_read():
    (read,) = prepare("graphic-gap-match", "", GAPS).interactions
    assert isinstance(read, GraphicGapMatchInteraction)
    told = [(p.option_id, p.label, p.width, p.height, p.match_max) for p in read.options]
    assert told == [("P1", "甲", 20, 9, 1), ("P2", "乙 字", 0, 0, 0), ("P3", "丙", 0, 0, 1)]
    assert read.hotspots[0].match_max == 2 and read.max_associations == 0
    for piece in read.options:
        etree.fromstring(piece.html)


def test_d15_shuffled_pieces_keep_their_order_for_one_sitting_and_are_told():
    item = prepare("graphic-gap-match", 'shuffle="true"', GAPS)
    again = prepare("graphic-gap-match", 'shuffle="true"', GAPS)
    assert item == again
    assert sorted(item.displayed["R"]) == ["P1", "P2", "P3"]
    orders = {
        tuple(prepare("graphic-gap-match", 'shuffle="true"', GAPS, sitting=str(n)).displayed["R"])
        for n in range(40)
    }
    assert len(orders) == 6


@pytest.mark.parametrize(
    ("attributes", "cardinality", "multiple", "most"),
    [
        ("", "single", False, 1),
        ("", "multiple", True, 0),
        ('max-choices="3"', "multiple", True, 3),
        ('max-choices="1"', "multiple", False, 1),
        ('max-choices="0"', "single", False, 1),
    ],
)
def test_how_many_points_may_be_marked(attributes, cardinality, multiple, most):
    (read,) = prepare("select-point", attributes, IMG, cardinality).interactions
    assert isinstance(read, SelectPointInteraction)
    assert (read.multiple, read.max_choices) == (multiple, most)


def test_a_counted_medium_has_no_controls_of_its_own():
    sound = '<audio src="media/b.mp3" autoplay="autoplay" loop="loop" controls="controls"/>'
    attributes = 'autostart="true" loop="true" min-plays="1" max-plays="2"'
    (read,) = prepare("media", attributes, sound, "single").interactions
    assert isinstance(read, MediaInteraction)
    assert (read.min_plays, read.max_plays, read.loop, read.autostart) == (1, 2, True, True)
    assert "controls=" not in read.html and "autoplay" not in read.html and "loop" not in read.html


def test_more_plays_wanted_than_allowed_is_refused():
    with pytest.raises(UnsupportedContentError):
        prepare("media", 'min-plays="3" max-plays="2"', '<audio src="media/b.mp3"/>', "single")


PICTURE = Picture(ADDRESS, 200, 280, "")
SPOTS = tuple(Hotspot(name, "default", (), "") for name in "ABC")
ITEM = PreparedItem(
    "i", "", "zh-CN", "<div/>",
    (
        HotspotInteraction("ONE", False, 0, 1, "", PICTURE, SPOTS),
        HotspotInteraction("TWO", True, 0, 2, "", PICTURE, SPOTS),
        GraphicGapMatchInteraction(
            "GAPS", 0, 3, "", PICTURE,
            (GapPiece("P", "", "", 0, 0, 1), GapPiece("Q", "", "", 0, 0, 0)),
            (Hotspot("H", "default", (), "", 1), Hotspot("I", "default", (), "", 0)),
        ),
        SelectPointInteraction("POINT", False, 0, 1, "", PICTURE),
        SelectPointInteraction("POINTS", True, 0, 0, "", Picture(ADDRESS, 0, 0, "")),
        MediaInteraction("SOUND", 0, 2, False, False, "", "<div/>"),
        MediaInteraction("FREE", 0, 0, False, False, "", "<div/>"),
    ),
)  # fmt: skip
FULL = {
    "ONE": ["A"], "TWO": ["C", "A"], "GAPS": ["P H", "Q I", "Q I"], "POINT": ["199 279"],
    "POINTS": ["0 0", "32766 1"], "SOUND": ["2"], "FREE": ["9999"],
}  # fmt: skip


def test_a_fitting_answer_is_taken_as_it_is():
    assert accept_values(ITEM, FULL) == FULL


@pytest.mark.parametrize(
    "values",
    [
        {"ONE": ["A", "B"]}, {"ONE": ["Z"]}, {"TWO": ["A", "A"]}, {"TWO": ["A", "B", "C"]},
        {"GAPS": ["P"]}, {"GAPS": ["P H I"]}, {"GAPS": ["P Z"]}, {"GAPS": ["H P"]},
        {"GAPS": ["P H", "P I"]}, {"GAPS": ["P H", "Q H"]}, {"GAPS": ["P  H"]},
        {"GAPS": ["Q I"] * 4}, {"POINT": ["200 0"]}, {"POINT": ["0 280"]}, {"POINT": ["-1 0"]},
        {"POINT": ["01 2"]}, {"POINT": ["1.5 2"]}, {"POINT": ["1 2", "3 4"]}, {"POINT": ["1"]},
        {"POINTS": ["1 1", "1 1"]}, {"POINTS": ["40000 1"]}, {"SOUND": ["3"]}, {"SOUND": ["0"]},
        {"SOUND": ["-1"]}, {"SOUND": ["1", "2"]}, {"SOUND": ["一"]}, {"FREE": ["10000"]},
    ],
)  # fmt: skip
def test_what_the_page_may_not_say_is_refused(values):
    assert accept_values(ITEM, values) is None


ASKS = [one.response_id for one in ITEM.interactions if one.kind != "media"]


@pytest.mark.parametrize("missing", ASKS)
def test_g10_a_picture_left_open_counts_as_unanswered(missing):
    assert is_answered(ITEM, FULL)
    assert not is_answered(ITEM, {**FULL, missing: []})


def test_g10_listening_is_no_answer_and_not_listening_no_gap():
    assert is_answered(ITEM, {**FULL, "SOUND": [], "FREE": []})
    assert not is_answered(ITEM, {"SOUND": ["2"], "FREE": ["1"]})


def test_the_simulator_answers_within_every_bound():
    rng = Random(7)
    values: dict[str, list[str]] = {}
    filled = set()
    for _ in range(400):
        values = change_item(ITEM, rng, values)
        assert accept_values(ITEM, values) == values
        filled |= {name for name, held in values.items() if held}
    assert filled == set(FULL)
