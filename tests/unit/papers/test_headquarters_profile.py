"""Every rule of the profile refuses with its file, line and item (issue: located error list)."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from venue_server.headquarters.prepare import check
from venue_server.headquarters.problem_texts import TEXTS, as_json, describe
from venue_server.headquarters.problems import Place, Problem, Rule

Write = Callable[..., str]
Package = Callable[..., Path]

SINGLE = '<qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="{}"/>'
TEXT = '<p><qti-text-entry-interaction response-identifier="RESPONSE"/></p>'
OPTIONS = (
    '<qti-simple-choice identifier="A">a</qti-simple-choice>'
    '<qti-simple-choice identifier="B">b</qti-simple-choice>'
)
CHOICE = '<qti-choice-interaction response-identifier="RESPONSE">{}</qti-choice-interaction>'

# What stands in front of a good choice in the body (line 4) and the one problem it makes.
BODIES = [
    ("<qti-upload-interaction/>", Rule.NOT_YET, "qti-upload-interaction"),
    ("<qti-portable-custom-interaction/>", Rule.NEVER_SUPPORTED, "qti-portable-custom-interaction"),
    ("<qti-drawing-interaction/>", Rule.NEVER_SUPPORTED, "qti-drawing-interaction"),
    ("<qti-position-object-stage/>", Rule.NEVER_SUPPORTED, "qti-position-object-stage"),
    ("<qti-custom-interaction/>", Rule.NEVER_SUPPORTED, "qti-custom-interaction"),
    ("<script>1</script>", Rule.FORBIDDEN_ELEMENT, "script"),
    ('<iframe src="x.html"/>', Rule.FORBIDDEN_ELEMENT, "iframe"),
    ("<form/>", Rule.FORBIDDEN_ELEMENT, "form"),
    ('<p onclick="x()">p</p>', Rule.EVENT_HANDLER, "p/@onclick"),
    ('<img alt="" src="none.png"/>', Rule.FILE_MISSING, "none.png"),
    ('<img alt="" src="http://x.org/a.png"/>', Rule.EXTERNAL_REFERENCE, "http://x.org/a.png"),
    ('<img alt="" src="//x.org/a.png"/>', Rule.EXTERNAL_REFERENCE, "//x.org/a.png"),
    ('<img alt="" src="../../a.png"/>', Rule.HREF_OUTSIDE, "../../a.png"),
    ('<img alt="" src="/etc/passwd"/>', Rule.HREF_OUTSIDE, "/etc/passwd"),
    ('<img alt=""/>', Rule.ATTRIBUTE_INVALID, "img/@src"),
    ('<a href="https://x.org">x</a>', Rule.EXTERNAL_REFERENCE, "https://x.org"),
    ('<a href="javascript:x()">x</a>', Rule.EXTERNAL_REFERENCE, "javascript:x()"),
    ('<img alt="" src="a.txt"/>', Rule.MEDIA_TYPE, "a.txt: unknown"),
    ('<audio src="a.mp4"/>', Rule.MEDIA_CODEC, "a.mp4: MP4 (AAC/H.264)"),
    ('<object data="a.mp4" type="video/mp4"/>', Rule.MEDIA_CODEC, "a.mp4: MP4 (AAC/H.264)"),
    ('<video src="a.mp3"/>', Rule.MEDIA_TYPE, "a.mp3: audio/mpeg"),
    ('<img alt="" src="a.svg"/>', Rule.SVG_ACTIVE, "a.svg: script (line 1)"),
    ("<marquee>x</marquee>", Rule.UNKNOWN_ELEMENT, "marquee"),
    ("<qti-prompt>x</qti-prompt>", Rule.MISPLACED, "qti-prompt"),
    ("<qti-printed-variable/>", Rule.UNKNOWN_ELEMENT, "qti-printed-variable"),
    ('<x xmlns="urn:x"/>', Rule.UNKNOWN_ELEMENT, "{urn:x}x"),
    ('<svg xmlns="http://www.w3.org/2000/svg"/>', Rule.UNKNOWN_ELEMENT,
     "{http://www.w3.org/2000/svg}svg"),
    ('<math xmlns="http://www.w3.org/1998/Math/MathML"><apply/></math>', Rule.UNKNOWN_ELEMENT,
     "MathML apply"),
    ('<math xmlns="http://www.w3.org/1998/Math/MathML"><mi onclick="x">x</mi></math>',
     Rule.EVENT_HANDLER, "onclick"),
    ('<p id="a"/><p id="a"/>', Rule.DUPLICATE_ID, "a"),
    ("<track/>", Rule.NOT_YET, "track"),
]  # fmt: skip
FILES = {
    "items/a.txt": b"plain text",
    "items/a.mp4": b"\0\0\0\x18ftypmp42",
    "items/a.mp3": b"ID3\x04",
    "items/a.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
}


@pytest.mark.parametrize(("body", "rule", "detail"), BODIES, ids=[b[2] for b in BODIES])
def test_body_problem_is_located(
    body: str, rule: Rule, detail: str, make_package: Package, choice: Write
) -> None:
    package = make_package({"items/i.xml": choice(body)}, files=FILES)
    problems = [p for p in check(package) if p.blocking]
    assert problems == [Problem(rule, Place("items/i.xml", 4, "I1"), detail)]


# A whole item: head (line 2) and body (line 4), and the rules it breaks with their lines.
ITEMS = [
    ("", CHOICE.format(OPTIONS), {(Rule.RESPONSE_MISSING, 4)}),
    (SINGLE.format("string"), CHOICE.format(OPTIONS), {(Rule.RESPONSE_TYPE, 4)}),
    (SINGLE.format("identifier"), TEXT, {(Rule.RESPONSE_TYPE, 4)}),
    (SINGLE.format("identifier"), CHOICE.format(OPTIONS) * 2, {(Rule.RESPONSE_SHARED, 4)}),
    (SINGLE.format("identifier"), CHOICE.format(""), {(Rule.CHOICES_MISSING, 4)}),
    (SINGLE.format("identifier"), CHOICE.format(OPTIONS * 2), {(Rule.DUPLICATE_ID, 4)}),
    (SINGLE.format("identifier"), CHOICE.format(OPTIONS + "<p/>"), {(Rule.MISPLACED, 4)}),
    (SINGLE.format("identifier"),
     CHOICE.format(OPTIONS + "<qti-simple-choice>c</qti-simple-choice>"),
     {(Rule.IDENTIFIER_MISSING, 4)}),
    (SINGLE.format("identifier"),
     CHOICE.format(OPTIONS).replace("RESPONSE\"", "RESPONSE\" max-choices=\"2\""),
     {(Rule.ATTRIBUTE_INVALID, 4)}),
    (SINGLE.format("identifier"),
     CHOICE.format(OPTIONS).replace("RESPONSE\"", "RESPONSE\" max-choices=\"x\""),
     {(Rule.ATTRIBUTE_INVALID, 4)}),
    (SINGLE.format("identifier").replace("single", "multiple"),
     CHOICE.format(OPTIONS).replace("RESPONSE\"", "RESPONSE\" max-choices=\"1\" min-choices=\"2\""),
     {(Rule.ATTRIBUTE_INVALID, 4)}),
    (SINGLE.format("string"),
     '<qti-extended-text-interaction response-identifier="RESPONSE" format="xhtml"/>',
     {(Rule.NOT_YET, 4)}),
    (SINGLE.format("identifier"),
     '<p><qti-inline-choice-interaction response-identifier="RESPONSE">'
     '<qti-inline-choice identifier="A"><b>a</b></qti-inline-choice>'
     '<qti-inline-choice identifier="B">b</qti-inline-choice></qti-inline-choice-interaction></p>',
     {(Rule.NOT_YET, 4)}),
    (SINGLE.format("identifier"),
     CHOICE.format(OPTIONS + f'<qti-simple-choice identifier="C">{TEXT}</qti-simple-choice>'),
     {(Rule.MISPLACED, 4)}),
    (SINGLE.format("identifier") * 2, CHOICE.format(OPTIONS), {(Rule.DUPLICATE_ID, 2)}),
    (SINGLE.format("string").replace("/>", "><qti-default-value><qti-value>x</qti-value>"
     "</qti-default-value></qti-response-declaration>"), TEXT, {(Rule.RESPONSE_DEFAULT, 2)}),
    (SINGLE.format("identifier").replace("/>", "><qti-correct-response><qti-value>Z</qti-value>"
     "</qti-correct-response></qti-response-declaration>"), CHOICE.format(OPTIONS),
     {(Rule.KEY_UNKNOWN_CHOICE, 2)}),
    (SINGLE.format("identifier").replace("/>", '><qti-mapping><qti-map-entry map-key="Z" '
     'mapped-value="1"/></qti-mapping></qti-response-declaration>'), CHOICE.format(OPTIONS),
     {(Rule.KEY_UNKNOWN_CHOICE, 2)}),
    ("<qti-template-declaration/><qti-template-processing/>" + SINGLE.format("string"), TEXT,
     {(Rule.TEMPLATE, 2)}),
    ("<qti-companion-materials-info/>" + SINGLE.format("string"), TEXT, {(Rule.NOT_YET, 2)}),
    ("<qti-something/>" + SINGLE.format("string"), TEXT, {(Rule.UNKNOWN_ELEMENT, 2)}),
    ('<qti-assessment-stimulus-ref identifier="S" href="no.xml"/>' + SINGLE.format("string"), TEXT,
     {(Rule.FILE_MISSING, 2)}),
]  # fmt: skip


@pytest.mark.parametrize(("head", "body", "expected"), ITEMS)
def test_item_problem_is_located(
    head: str, body: str, expected: set[tuple[Rule, int]], make_package: Package, item: Write
) -> None:
    package = make_package({"i.xml": item(body, head)})
    problems = [p for p in check(package) if p.blocking]
    assert {(p.rule, p.place.line) for p in problems} == expected
    assert {(p.place.file, p.place.item_id) for p in problems} == {("i.xml", "I1")}


def test_the_list_is_complete_and_each_problem_says_how_to_mend(
    make_package: Package, choice: Write, item: Write
) -> None:
    package = make_package(
        {
            "a.xml": choice('<script/>\n<p onload="x"/>\n<img alt="" src="no.png"/>'),
            "b.xml": item("", attributes='data-x="1"', identifier="I2").replace(
                '"false"', '"true"', 1
            ),
            "c.xml": "<broken>",
        }
    )
    problems = [p for p in check(package) if p.blocking]
    assert [(p.place.file, p.place.line, p.rule) for p in problems] == [
        ("a.xml", 4, Rule.FORBIDDEN_ELEMENT),
        ("a.xml", 5, Rule.EVENT_HANDLER),
        ("a.xml", 6, Rule.FILE_MISSING),
        ("b.xml", 1, Rule.ADAPTIVE),
        ("c.xml", 1, Rule.XML_MALFORMED),
    ]
    text = describe(problems[0])
    assert "a.xml:4 [I1] forbidden-element «script»" in text and "禁止的元素" in text
    assert as_json(problems[0])["mend_en"] == TEXTS[Rule.FORBIDDEN_ELEMENT].mend_en


def test_every_rule_has_its_sentences() -> None:
    assert set(TEXTS) == set(Rule)
    assert all(all(text) for text in TEXTS.values())


TESTS = [
    ('<qti-assessment-section identifier="S" title="s"><qti-pre-condition/>'
     '<qti-assessment-item-ref identifier="A" href="i.xml"/></qti-assessment-section>',
     Rule.BRANCHING),
    ('<qti-assessment-section identifier="S" title="s">'
     '<qti-assessment-item-ref identifier="A" href="i.xml"/>'
     '<qti-assessment-item-ref identifier="A" href="i.xml"/></qti-assessment-section>',
     Rule.DUPLICATE_ID),
    ('<qti-assessment-section identifier="S" title="s"><qti-selection select="2"/>'
     '<qti-assessment-item-ref identifier="A" href="i.xml"/></qti-assessment-section>',
     Rule.SELECTION),
    ('<qti-assessment-section identifier="S" title="s">'
     '<qti-assessment-item-ref identifier="A" href="gone.xml"/></qti-assessment-section>',
     Rule.FILE_MISSING),
    ('<qti-assessment-section identifier="S" title="s">'
     '<qti-assessment-item-ref identifier="A" href="imsmanifest.xml"/></qti-assessment-section>',
     Rule.WRONG_ROOT),
    ('<qti-assessment-section identifier="S" title="s"><qti-assessment-section-ref identifier="X" '
     'href="s.xml"/><qti-assessment-item-ref identifier="A" href="i.xml"/>'
     "</qti-assessment-section>", Rule.NOT_YET),
    ('<qti-assessment-section identifier="S" title="s"><qti-assessment-item-ref identifier="A" '
     'href="i.xml"><qti-template-default/></qti-assessment-item-ref></qti-assessment-section>',
     Rule.TEMPLATE),
]  # fmt: skip


@pytest.mark.parametrize(("inside", "rule"), TESTS, ids=[t[1].value for t in TESTS])
def test_test_problem_is_located(
    inside: str, rule: Rule, make_package: Package, choice: Write
) -> None:
    package = make_package({"i.xml": choice()}, test=inside)
    problems = [p for p in check(package) if p.blocking]
    assert [(p.rule, p.place.file, p.place.line) for p in problems] == [(rule, "test.xml", 1)]


def test_another_test_than_those_in_the_package(make_package: Package, choice: Write) -> None:
    package = make_package({"i.xml": choice()}, test="<x/>")
    assert [p.rule for p in check(package, test="OTHER")] == [Rule.TEST_UNKNOWN]


@pytest.mark.parametrize(
    ("xml", "rule"),
    [
        ('<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1"/>', Rule.QTI_VERSION),
        ("<questestinterop/>", Rule.QTI_VERSION),
        ("<qti-assessment-test/>", Rule.WRONG_ROOT),
        ("<qti-assessment-item/>", Rule.QTI_VERSION),
        ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', Rule.DOCTYPE),
        ("<a>&undefined;</a>", Rule.XML_MALFORMED),
        ("", Rule.XML_MALFORMED),
    ],
)
def test_hostile_or_foreign_xml(xml: str, rule: Rule, make_package: Package) -> None:
    problems = check(make_package({"i.xml": xml}))
    assert [p.rule for p in problems] == [rule]
    assert "root:" not in str(problems)


def test_package_faults(tmp_path: Path) -> None:
    nothing = tmp_path / "nothing.zip"
    assert [p.rule for p in check(nothing)] == [Rule.PACKAGE_UNREADABLE]
    nothing.write_bytes(b"not a zip")
    assert [p.rule for p in check(nothing)] == [Rule.PACKAGE_UNREADABLE]
    empty = tmp_path / "empty"
    empty.mkdir()
    assert [p.rule for p in check(empty)] == [Rule.MANIFEST_MISSING]
    (empty / "imsmanifest.xml").write_text("<manifest><resources/></manifest>")
    assert [p.rule for p in check(empty)] == [Rule.NO_ITEMS]
    old = '<manifest><resource identifier="a" type="imsqti_item_xmlv2p1" href="a"/></manifest>'
    (empty / "imsmanifest.xml").write_text(old)
    assert [p.rule for p in check(empty)] == [Rule.QTI_VERSION]
    (empty / "link.xml").symlink_to("/etc/passwd")
    assert Rule.PACKAGE_UNSAFE in [p.rule for p in check(empty)]


@pytest.mark.parametrize("name", ["../evil.xml", "/evil.xml", "a\\..\\evil.xml", "C:/evil.xml"])
def test_zip_that_leads_outside_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / "p.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("imsmanifest.xml", "<manifest/>")
        info = zipfile.ZipInfo("x")
        info.filename = name
        archive.writestr(info, "x")
    assert [p.rule for p in check(path)] == [Rule.PACKAGE_UNSAFE]


def test_zip_bomb_is_refused_unopened(tmp_path: Path) -> None:
    path = tmp_path / "p.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("imsmanifest.xml", "<manifest/>")
        archive.writestr("bomb.png", bytes(17 * 1024 * 1024))
    assert [p.detail for p in check(path)] == ["extreme compression"]
