"""Every kind of interaction: sealed as plain QTI 3, or refused with place and reason (D15)."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from tests.unit.papers.all_kinds import FILES, KINDS, declaration, item_of, png, whole_item
from venue_server.headquarters.prepare import check
from venue_server.headquarters.problems import Rule
from venue_server.headquarters.vocabulary import SUPPORTED_INTERACTIONS

Package = Callable[..., Path]
Plain = Callable[..., Any]
NS = "{http://www.imsglobal.org/xsd/imsqtiasi_v3p0}"


def test_the_catalogue_holds_every_kind() -> None:
    assert {f"qti-{kind}-interaction" for kind in KINDS} == SUPPORTED_INTERACTIONS


@pytest.mark.parametrize("kind", KINDS)
def test_d15_good_item_is_sealed_with_its_options(
    kind: str, make_package: Package, plain: Plain
) -> None:
    paper = plain(make_package({"i.xml": item_of(kind)}, files=FILES))
    (item,) = paper.index.items.values()
    assert [interaction.kind for interaction in item.interactions] == [kind]
    root = etree.fromstring(paper.file(item.href))
    assert root.find(f".//{NS}qti-{kind}-interaction") is not None
    assert not list(root.iter(f"{NS}object", f"{NS}picture", f"{NS}qti-correct-response"))
    sources = {e.get("src", "") for e in root.iter() if e.get("src")}
    assert sources == {name for name in paper.names() if name.startswith("media/")}
    named = re.findall(r"identifier=['\"](\w+)['\"]", KINDS[kind][1])
    options = paper.keys["canonical"]["options"][f"I-{kind}"]["RESPONSE"]
    assert options == [name for name in named if name != "RESPONSE"]


def _sealed(kind: str, make_package: Package, plain: Plain, old: str = "", new: str = "") -> Any:
    xml = item_of(kind)
    assert old in xml
    paper = plain(make_package({"i.xml": xml.replace(old, new)}, files=FILES))
    return etree.fromstring(paper.file("items/0001.xml"))


def test_pictures_have_the_size_that_coordinates_mean(make_package: Package, plain: Plain) -> None:
    root = _sealed("graphic-gap-match", make_package, plain)
    sizes = [(e.get("width"), e.get("height"), e.get("alt")) for e in root.iter(f"{NS}img")]
    assert sizes == [("200", "100", "地图"), ("40", "20", "筹")]
    root = _sealed("hotspot", make_package, plain, "width='200' height='100'", "width='100'")
    assert [(e.get("width"), e.get("height")) for e in root.iter(f"{NS}img")] == [("100", "50")]
    root = _sealed("hotspot", make_package, plain, "coords='20,20,10'", "coords=' 20, 20 ,10'")
    assert root.find(f".//{NS}qti-hotspot-choice").get("coords") == "20,20,10"


def test_media_has_limits_and_no_controls_of_its_own(make_package: Package, plain: Plain) -> None:
    root = _sealed("media", make_package, plain, "max-plays='2'", "maxplays='3'")
    media = root.find(f".//{NS}qti-media-interaction")
    assert (media.get("min-plays"), media.get("max-plays")) == ("1", "3")
    assert media.get("maxplays") is None
    (player,) = media
    assert player.tag == f"{NS}audio" and player.get("controls") is None


# Kind, what is changed in its item, and the one problem that makes.
BROKEN = [
    ("order", "'vertical'", "'diagonal'", Rule.ATTRIBUTE_INVALID, "orientation=diagonal"),
    ("order", "shuffle='true'", "shuffle='yes'", Rule.ATTRIBUTE_INVALID, "shuffle=yes"),
    ("order", "shuffle='true'", "max-choices='4'", Rule.ATTRIBUTE_INVALID, "max-choices=4 > 3"),
    ("order", "shuffle='true'", "min-choices='4'", Rule.ATTRIBUTE_INVALID, "min-choices=4 > 3"),
    ("order", ">C<", ">D<", Rule.KEY_UNKNOWN_CHOICE, "D"),
    ("order", '"ordered"', '"multiple"', Rule.RESPONSE_TYPE, "RESPONSE: multiple identifier"),
    ("match", "A X<", "X A<", Rule.KEY_UNKNOWN_CHOICE, "X A"),
    ("match", "A X<", "A<", Rule.KEY_UNKNOWN_CHOICE, "A"),
    ("match", 'map-key="A X"', 'map-key="A Q"', Rule.KEY_UNKNOWN_CHOICE, "A Q"),
    ("match", '"directedPair"', '"pair"', Rule.RESPONSE_TYPE, "RESPONSE: multiple pair"),
    ("match", '"Z"', '"A"', Rule.DUPLICATE_ID, "A"),
    ("match", '"Z"', '"Z Z"', Rule.ATTRIBUTE_INVALID, "identifier=Z Z"),
    ("match", '"Z" match-max="1"', '"Z"', Rule.ATTRIBUTE_INVALID,
     "qti-simple-associable-choice/@match-max"),
    ("match", '"Z" match-max="1"', '"Z" match-max="1" match-min="2"', Rule.ATTRIBUTE_INVALID,
     "match-min > match-max"),
    ("match", '"Z" match-max="1"', '"Z" match-max="1" match-group="A N"', Rule.ATTRIBUTE_INVALID,
     "match-group=N"),
    ("match", "max-associations='0'", "max-associations='1' min-associations='2'",
     Rule.ATTRIBUTE_INVALID, "min-associations > max-associations"),
    ("match", "</qti-simple-match-set><qti-simple-match-set>", "", Rule.CHOICES_MISSING,
     "qti-simple-match-set 1/2"),
    ("associate", "A B<", "A Q<", Rule.KEY_UNKNOWN_CHOICE, "A Q"),
    ("gap-match", "W1 G1", "G1 W1", Rule.KEY_UNKNOWN_CHOICE, "G1 W1"),
    ("gap-match", "<qti-gap identifier='G2'/>", "<qti-gap identifier='G2'><b/></qti-gap>",
     Rule.MISPLACED, "b"),
    ("gap-match", "<qti-gap-img", "<p>早</p><qti-gap-img", Rule.MISPLACED, "qti-gap-img"),
    ("gap-match", "<qti-gap-img", "早<qti-gap-img", Rule.MISPLACED, "qti-gap-img"),
    ("match", "<qti-simple-match-set>", "选项<qti-simple-match-set>", Rule.MISPLACED, "选项"),
    ("order", "</qti-order-interaction>", "答案是甲</qti-order-interaction>", Rule.MISPLACED,
     "答案是甲"),
    ("gap-match", "chip.png", "talk.wav", Rule.MEDIA_TYPE, "audio"),
    ("hottext", "<b>丁</b>", "<qti-hottext identifier='H3'/>", Rule.MISPLACED, "qti-hottext"),
    ("hottext", ">H2<", ">H9<", Rule.KEY_UNKNOWN_CHOICE, "H9"),
    ("hotspot", "coords='20,20,10'", "coords='20,20'", Rule.SHAPE_INVALID, "circle 20,20"),
    ("hotspot", "coords='20,20,10'", "coords='20%,20,10'", Rule.SHAPE_INVALID, "circle 20%,20,10"),
    ("hotspot", "coords='20,20,10'", "coords='900,20,10'", Rule.SHAPE_INVALID,
     "circle 900,20,10: outside the picture"),
    ("hotspot", "'circle'", "'star'", Rule.SHAPE_INVALID, "star 20,20,10"),
    ("hotspot", "<object data='map.png' type='image/png' width='200' height='100'>地图</object>",
     "", Rule.MEDIA_MISSING, "qti-hotspot-interaction"),
    ("hotspot", "'map.png'", "'gone.png'", Rule.FILE_MISSING, "gone.png"),
    ("hotspot", "max-choices='1'", "max-choices='2'", Rule.ATTRIBUTE_INVALID,
     "max-choices=2, single"),
    ("graphic-gap-match", "T1 S1", "S1 T1", Rule.KEY_UNKNOWN_CHOICE, "S1 T1"),
    ("graphic-gap-match", "coords='10,10,60,40' ", "coords='60,10,10,40' ", Rule.SHAPE_INVALID,
     "rect 60,10,10,40"),
    ("select-point", ">50 50<", ">50<", Rule.KEY_INVALID, "50"),
    ("select-point", ">50 50<", ">50 500<", Rule.KEY_INVALID, "50 500"),
    ("select-point", '"50,50,10"', '"50,50"', Rule.KEY_INVALID, "circle 50,50"),
    ("slider", "upper-bound='100'", "upper-bound='-1'", Rule.ATTRIBUTE_INVALID,
     "lower-bound >= upper-bound"),
    ("slider", "upper-bound='100'", "upper-bound='many'", Rule.ATTRIBUTE_INVALID,
     "upper-bound=many"),
    ("slider", "upper-bound='100' ", "", Rule.ATTRIBUTE_INVALID,
     "qti-slider-interaction/@upper-bound"),
    ("slider", "step='10'", "step='0'", Rule.ATTRIBUTE_INVALID, "step=0"),
    ("slider", "step='10'", "step='2.5'", Rule.ATTRIBUTE_INVALID, "lower-bound, step: integer"),
    ("slider", ">30<", ">35<", Rule.KEY_INVALID, "35"),
    ("slider", ">30<", ">300<", Rule.KEY_INVALID, "300"),
    ("media", "min-plays='1'", "min-plays='3'", Rule.ATTRIBUTE_INVALID, "min-plays > max-plays"),
    ("media", "max-plays='2'", "max-plays='-2'", Rule.ATTRIBUTE_INVALID, "max-plays=-2"),
    ("media", "'talk.wav'", "'map.png'", Rule.MEDIA_TYPE, "image"),
    ("media", "<object data='talk.wav' type='audio/wav'>录音</object>", "", Rule.MEDIA_MISSING,
     "qti-media-interaction"),
    ("choice", ">A<", ">A</qti-value><qti-value>B<", Rule.KEY_INVALID, "B"),
    ("text-entry", ">42<", ">forty-two<", Rule.KEY_INVALID, "forty-two"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "old", "new", "rule", "detail"), BROKEN)
def test_d15_broken_interaction_is_refused_for_that_reason(
    kind: str, old: str, new: str, rule: Rule, detail: str, make_package: Package
) -> None:
    xml = item_of(kind)
    assert old in xml
    problems = [
        problem
        for problem in check(make_package({"i.xml": xml.replace(old, new, 1)}, files=FILES))
        if problem.blocking
    ]
    assert [(p.rule, p.detail, p.place.item_id) for p in problems] == [(rule, detail, f"I-{kind}")]
    assert problems[0].place.line in (2, 4)


@pytest.mark.parametrize("kind", ["graphic-order", "graphic-associate", "upload"])
def test_kinds_that_are_not_in_the_profile(kind: str, make_package: Package) -> None:
    body = f'<qti-{kind}-interaction response-identifier="RESPONSE"/>'
    package = make_package({"i.xml": whole_item(declaration("single", "identifier"), body)})
    assert [p.rule for p in check(package) if p.blocking] == [Rule.NOT_YET]


def test_parts_outside_their_interaction_are_out_of_place(make_package: Package) -> None:
    parts = ["qti-gap", "qti-hottext", "qti-hotspot-choice", "qti-simple-match-set"]
    body = "<p>" + "".join(f"<{part}/>" for part in parts) + "</p>" + KINDS["choice"][1]
    package = make_package({"i.xml": whole_item(KINDS["choice"][0], body)})
    problems = [p for p in check(package) if p.blocking]
    assert sorted((p.rule, p.detail) for p in problems) == sorted(
        (Rule.MISPLACED, part) for part in parts
    )


def _jpeg(width: int, height: int) -> bytes:
    size = height.to_bytes(2) + width.to_bytes(2)
    return b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08" + size + b"\x01\x01\x11\x00"


PICTURES = {
    "a.png": png(120, 60),
    "a.gif": b"GIF89a" + (120).to_bytes(2, "little") + (60).to_bytes(2, "little") + b"\0\0\0",
    "a.jpg": _jpeg(120, 60),
    "a.webp": b"RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + (119).to_bytes(3, "little")
    + (59).to_bytes(3, "little"),
    "l.webp": b"RIFF\x1e\0\0\0WEBPVP8L\x0a\0\0\0\x2f" + (119 | 59 << 14).to_bytes(4, "little"),
    "s.webp": b"RIFF\x1e\0\0\0WEBPVP8 \x0a\0\0\0\0\0\0\x9d\x01\x2a"
    + (120).to_bytes(2, "little") + (60).to_bytes(2, "little"),
    "a.svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="120px" height="60"/>',
    "b.svg": b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 60" width="100%"/>',
}  # fmt: skip


@pytest.mark.parametrize("name", PICTURES)
def test_size_of_a_picture_is_read_from_the_file(
    name: str, make_package: Package, plain: Plain
) -> None:
    xml = item_of("select-point").replace("map.png", name)
    paper = plain(make_package({"i.xml": xml}, files={name: PICTURES[name]}))
    image = etree.fromstring(paper.file("items/0001.xml")).find(f".//{NS}img")
    assert image is not None and (image.get("width"), image.get("height")) == ("120", "60")


@pytest.mark.parametrize("data", [b"GIF89a", b"\xff\xd8\xff\xff\xff\xff", png()[:15]])
def test_picture_without_a_size_needs_one_from_its_author(
    data: bytes, make_package: Package
) -> None:
    xml = item_of("select-point")
    package = make_package({"i.xml": xml}, files={"map.png": data})
    assert [(p.rule, p.detail) for p in check(package)] == [
        (Rule.ATTRIBUTE_INVALID, "img/@width, @height")
    ]
