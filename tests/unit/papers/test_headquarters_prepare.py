"""The plain paper: index, references, sections, order, media."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from venue_server.headquarters.prepare import PaperNames, check
from venue_server.headquarters.problems import Rule
from venue_server.headquarters.sample import sample_package_path
from venue_server.headquarters.vocabulary import SUPPORTED_INTERACTIONS

Write = Callable[..., str]
Package = Callable[..., Path]
Plain = Callable[..., Any]
PNG = b"\x89PNG\r\n\x1a\n" + b"picture"
QTI = "{http://www.imsglobal.org/xsd/imsqtiasi_v3p0}"
WAV = b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0"
REF = '<qti-assessment-item-ref identifier="{0}" href="{1}"/>'


def _item(prepared: Any, item_id: str) -> etree._Element:
    with zipfile.ZipFile(prepared.path) as archive:
        return etree.fromstring(archive.read(prepared.index.items[item_id].href))


def _section(inside: str, attributes: str = 'identifier="S" title="甲"') -> str:
    return f"<qti-assessment-section {attributes}>{inside}</qti-assessment-section>"


def test_paper_json_is_first_and_complete(plain: Plain) -> None:
    prepared = plain(sample_package_path())
    with zipfile.ZipFile(prepared.path) as archive:
        names = archive.namelist()
        raw = json.loads(archive.read(names[0]))
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert names[0] == "paper.json"
    assert raw["format"] == "kaodian-paper/1" and raw["title"] == "考务工作基础知识（试考）"
    assert raw["language"] == "zh-CN" and raw["subject_code"] == "9901"
    index = prepared.index
    assert [item for section in index.sections for item in section.item_ids] == list(index.items)
    kinds = {i.kind for item in index.items.values() for i in item.interactions}
    assert kinds == {name[4:-12] for name in SUPPORTED_INTERACTIONS}
    assert len(index.items) == 38 and len([n for n in names if n.startswith("media/")]) == 10
    assert [i.response_id for i in index.items["Q18"].interactions] == ["R1", "R2", "R3"]
    cases = [item for item in index.items.values() if item.stimulus_ids == ["CASE"]]
    assert len(cases) == 4


def test_references_become_paths_inside_the_paper(
    make_package: Package, choice: Write, plain: Plain
) -> None:
    body = (
        '<img alt="" src="pic%20one.png" onx="" style="width:50%"/>'
        '<img alt="" src="./../a/pic%20one.png"/>'
    ).replace(' onx=""', "")
    package = make_package({"a/i.xml": choice(body)}, files={"a/pic one.png": PNG})
    prepared = plain(package)
    pictures = _item(prepared, "I1").findall(f".//{QTI}img")
    sources = {picture.get("src", "") for picture in pictures}
    assert len(sources) == 1
    with zipfile.ZipFile(prepared.path) as archive:
        assert archive.read(sources.pop()) == PNG
        assert len([n for n in archive.namelist() if n.startswith("media/")]) == 1


def test_object_becomes_what_it_shows(make_package: Package, choice: Write, plain: Plain) -> None:
    body = '<object data="a.png" type="x">山<b>水</b></object><object data="b.wav">声</object>'
    package = make_package({"i.xml": choice(body)}, files={"a.png": PNG, "b.wav": WAV})
    root = _item(plain(package), "I1")
    picture, sound = root.find(f".//{QTI}img"), root.find(f".//{QTI}audio")
    assert root.find(f".//{QTI}object") is None
    assert picture is not None and picture.get("alt") == "山水" and not len(picture)
    assert sound is not None and sound.get("controls") and sound.get("src", "").endswith(".wav")


def test_only_playable_sources_stay(make_package: Package, choice: Write, plain: Plain) -> None:
    body = '<audio><source src="a.m4a" type="audio/mp4"/><source src="b.wav"/></audio>'
    files = {"a.m4a": b"\0\0\0\x18ftypM4A ", "b.wav": WAV}
    prepared = plain(make_package({"i.xml": choice(body)}, files=files))
    sources = _item(prepared, "I1").findall(f".//{QTI}source")
    assert [source.get("type") for source in sources] == ["audio/wav"]
    assert [notice.rule for notice in prepared.notices] == [Rule.SOURCE_DROPPED]


def test_one_item_twice_in_a_test(make_package: Package, choice: Write, plain: Plain) -> None:
    test = _section(REF.format("first", "sub/i.xml") + REF.format("second", "./sub/i.xml"))
    prepared = plain(make_package({"sub/i.xml": choice()}, test=test))
    assert prepared.index.sections[0].item_ids == ["first", "second"]
    assert len({item.href for item in prepared.index.items.values()}) == 1


def test_without_a_test_all_items_in_manifest_order(
    make_package: Package, choice: Write, plain: Plain
) -> None:
    items = {f"{n}.xml": choice(identifier=n) for n in ("zz", "aa", "mm")}
    prepared = plain(make_package(items))
    assert [s.item_ids for s in prepared.index.sections] == [["zz", "aa", "mm"]]


def test_nested_sections_are_flattened_with_their_titles(
    make_package: Package, choice: Write, plain: Plain
) -> None:
    inner = _section(REF.format("B", "i.xml"), 'identifier="S2" title="乙" visible="true"')
    hidden = _section(REF.format("D", "i.xml"), 'identifier="S3" title="藏" visible="false"')
    rubric = (
        '<qti-rubric-block view="candidate" use="instructions"><qti-content-body><p>每题 1 分</p>'
        '<p>共 4 题</p></qti-content-body></qti-rubric-block><qti-rubric-block view="scorer">'
        "<qti-content-body>秘密</qti-content-body></qti-rubric-block>"
    )
    test = _section(rubric + REF.format("A", "i.xml") + inner + REF.format("C", "i.xml") + hidden)
    sections = plain(make_package({"i.xml": choice()}, test=test)).index.sections
    assert [(s.section_id, s.title, s.item_ids) for s in sections] == [
        ("S", "甲", ["A"]),
        ("S2", "甲 · 乙", ["B"]),
        ("S~2", "甲", ["C"]),
        ("S3", "甲", ["D"]),
    ]
    assert {s.instructions for s in sections} == {"每题 1 分\n共 4 题"}


def test_rich_rubric_becomes_a_shared_stimulus(
    make_package: Package, choice: Write, plain: Plain
) -> None:
    rubric = (
        '<qti-rubric-block view="candidate"><qti-content-body><p>读图</p>'
        '<img alt="" src="a.png"/></qti-content-body></qti-rubric-block>'
    )
    test = _section(rubric + REF.format("A", "i.xml") + REF.format("B", "i.xml"))
    prepared = plain(make_package({"i.xml": choice()}, test=test, files={"a.png": PNG}))
    assert prepared.index.sections[0].instructions == ""
    assert {tuple(i.stimulus_ids) for i in prepared.index.items.values()} == {("rubric-S",)}
    with zipfile.ZipFile(prepared.path) as archive:
        text = archive.read(prepared.index.stimuli["rubric-S"].href).decode()
    assert "读图" in text and 'src="media/' in text


def test_shared_stimulus_is_stored_once(make_package: Package, choice: Write, plain: Plain) -> None:
    ref = '<qti-assessment-stimulus-ref identifier="S" href="../s/case.xml"/>'
    items = {f"i/{n}.xml": choice(identifier=n, head=ref) for n in ("A", "B")}
    case = (
        '<qti-assessment-stimulus xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" '
        'identifier="S" title="案"><qti-stimulus-body><p>文</p></qti-stimulus-body>'
        "</qti-assessment-stimulus>"
    )
    prepared = plain(make_package(items, files={"s/case.xml": case.encode()}))
    assert list(prepared.index.stimuli) == ["S"]
    ref_element = _item(prepared, "B").find(f"{QTI}qti-assessment-stimulus-ref")
    assert ref_element is not None and ref_element.get("href") == "stimuli/0001.xml"


SHUFFLED = _section(
    '<qti-selection select="4"/><qti-ordering shuffle="true"/>'
    '<qti-assessment-item-ref identifier="X" href="i.xml" fixed="true" required="true"/>'
    + "".join(REF.format(n, "i.xml") for n in "ABCDEF")
)


def test_d15_selection_and_order_are_fixed_by_the_seed(
    make_package: Package, choice: Write, plain: Plain
) -> None:
    package = make_package({"i.xml": choice()}, test=SHUFFLED)
    orders = set()
    for seed in ("1", "2", "3", "4"):
        prepared = plain(package, PaperNames("P1", "A", "9901", seed))
        order = prepared.index.sections[0].item_ids
        assert (
            order == plain(package, PaperNames("P1", "A", "9901", seed)).index.sections[0].item_ids
        )
        assert order[0] == "X" and len(order) == 4 == len(set(order))
        assert prepared.keys["fixed"] == [{"section": "S", "from": ["X", *"ABCDEF"], "to": order}]
        assert [notice.rule for notice in prepared.notices] == [Rule.FORM_FIXED]
        orders.add(tuple(order))
    assert len(orders) > 1


def test_mathml_is_brought_to_what_stations_draw(
    make_package: Package, choice: Write, plain: Plain
) -> None:
    body = (
        '<math xmlns="http://www.w3.org/1998/Math/MathML"><semantics><mfenced open="[" '
        'separators=";"><mi>a</mi><mi>b</mi><mi>c</mi></mfenced><annotation>secret</annotation>'
        '<annotation-xml><p xmlns="http://www.w3.org/1999/xhtml">x</p></annotation-xml>'
        "</semantics></math>"
    )
    prepared = plain(make_package({"i.xml": choice(body)}))
    math = _item(prepared, "I1").find(".//{http://www.w3.org/1998/Math/MathML}math")
    assert math is not None
    assert "".join(map(str, math.itertext())) == "[a;b;c)"
    names = {etree.QName(element).localname for element in math.iter()}
    assert names == {"math", "mrow", "mo", "mi"}


def test_zip_folder_and_zip_with_a_top_folder_are_alike(
    make_package: Package, choice: Write, tmp_path: Path, plain: Plain
) -> None:
    package = make_package({"i.xml": choice()})
    for prefix in ("", "top/"):
        path = tmp_path / f"p{len(prefix)}.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in package.rglob("*"):
                archive.write(file, prefix + file.relative_to(package).as_posix())
        assert check(path) == []
        assert list(plain(path).index.items) == ["I1"]


def test_notices_tell_what_was_left_out(make_package: Package, choice: Write, plain: Plain) -> None:
    head = '<qti-stylesheet href="a.css" type="text/css"/>'
    body = '<p bgcolor="red" style="background:url(a.png)">x</p>'
    prepared = plain(make_package({"i.xml": choice(body, head=head)}))
    assert [(n.rule, n.detail) for n in prepared.notices] == [
        (Rule.STYLE_DROPPED, "a.css"),
        (Rule.ATTRIBUTE_DROPPED, "p/@bgcolor"),
        (Rule.ATTRIBUTE_DROPPED, "p/@style"),
    ]
    paragraph = _item(prepared, "I1").find(f".//{QTI}p")
    assert paragraph is not None and dict(paragraph.attrib) == {}


@pytest.mark.parametrize("view", ["candidate", "candidate scorer"])
def test_rubric_for_the_candidate_stays(
    view: str, make_package: Package, choice: Write, plain: Plain
) -> None:
    inside = "<qti-content-body>注意</qti-content-body>"
    body = f'<qti-rubric-block view="{view}">{inside}</qti-rubric-block>'
    rubric = _item(plain(make_package({"i.xml": choice(body)})), "I1").find(
        f".//{QTI}qti-rubric-block"
    )
    assert rubric is not None and rubric.get("view") == "candidate"
