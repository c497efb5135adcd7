"""QTI 3.0 Results Reporting of one sitting, against the standard's own schema."""

import os
from pathlib import Path

import msgspec
import pytest
from lxml import etree

from venue_server.upload.extract import Declaration
from venue_server.upload.results import NAMESPACE, assessment_result, nc_name

NS = {"q": NAMESPACE}
AWKWARD = "第一段\n\n第二段 <b>&amp; \x00\x0b 😀 \u3000尾"


@pytest.fixture
def schema() -> etree.XMLSchema:
    folder = os.environ.get("KAODIAN_QTI_XSD")
    if not folder:
        pytest.skip("KAODIAN_QTI_XSD names no folder with the QTI 3.0 schemas")
    (file,) = Path(folder).rglob("imsqti_resultv3p0_v1p0.xsd")
    return etree.XMLSchema(etree.parse(file))


def made(world, kit, answers, **changes) -> etree._Element:
    entries = kit.chain("S1/01", answers)
    one = kit.replace(kit.sitting(1, entries), **changes)
    declared = {("I1", "RESPONSE"): Declaration("single", "identifier")}
    session = kit.replace(world.extract([one]), declarations=declared)
    return etree.fromstring(assessment_result(session, one, entries))


ANSWERS = [
    ("I1", {"RESPONSE": ["A"]}),
    ("I1", {"RESPONSE": ["C"]}),
    ("I2", {"RESPONSE": ["B", "A"], "RESPONSE2": []}),
    ("1-odd item", {"1": [AWKWARD]}),
]


def test_o06_valid_by_the_schema(world, kit, schema) -> None:
    schema.assertValid(made(world, kit, ANSWERS))
    schema.assertValid(made(world, kit, ANSWERS, submitted_at_ms=None, opened_at_ms=None))
    absent = kit.sitting(3, [])
    schema.assertValid(etree.fromstring(assessment_result(world.extract([absent]), absent, [])))


def test_the_last_answer_of_each_item_counts(world, kit) -> None:
    root = made(world, kit, ANSWERS)
    first = root.find("q:itemResult[@identifier='I1']", NS)
    assert first.xpath("q:responseVariable/q:candidateResponse/q:value/text()", namespaces=NS) == [
        "C"
    ]
    variable = first.find("q:responseVariable", NS)
    assert (variable.get("cardinality"), variable.get("baseType")) == ("single", "identifier")
    second = root.find("q:itemResult[@identifier='I2']", NS)
    assert second.xpath("q:responseVariable[1]//q:value/text()", namespaces=NS) == ["B", "A"]
    assert second.xpath("q:responseVariable[2]//q:value", namespaces=NS) == []
    assert second.find("q:responseVariable", NS).get("baseType") is None


STATED = {
    "I1": ["RESPONSE", "single", "string"],  # the venue knows better: identifier
    "I2": ["RESPONSE", "multiple", "directedPair", "RESPONSE2", "anything", "pair", "half"],
}


def test_what_the_station_stated_of_an_answer_is_in_the_result(world, kit, schema) -> None:
    entries = kit.chain("S1/01", [("I2", {"RESPONSE": ["a x", "b y"], "RESPONSE2": ["c"]})])
    opened = msgspec.structs.replace(entries[0], values=STATED)
    one = kit.sitting(1, entries)
    root = etree.fromstring(assessment_result(world.extract([one]), one, [opened, *entries[1:]]))
    schema.assertValid(root)
    variables = root.findall("q:itemResult[@identifier='I2']/q:responseVariable", NS)
    assert [(one.get("cardinality"), one.get("baseType")) for one in variables] == [
        ("multiple", "directedPair"),
        ("ordered", None),  # what no schema knows counts as not stated
    ]


def test_what_the_venue_knows_counts_before_what_a_station_stated(world, kit) -> None:
    entries = kit.chain("S1/01", ANSWERS)
    opened = msgspec.structs.replace(entries[0], values=STATED)
    one = kit.sitting(1, entries)
    declared = {("I1", "RESPONSE"): Declaration("single", "identifier")}
    session = kit.replace(world.extract([one]), declarations=declared)
    root = etree.fromstring(assessment_result(session, one, [opened, *entries[1:]]))
    variable = root.find("q:itemResult[@identifier='I1']/q:responseVariable", NS)
    assert variable.get("baseType") == "identifier"


def test_no_scores_no_keys(world, kit) -> None:
    root = made(world, kit, ANSWERS)
    for forbidden in ("outcomeVariable", "correctResponse"):
        assert root.findall(f".//q:{forbidden}", NS) == []


def test_names_never_begin_with_a_digit_and_stay_different(world, kit) -> None:
    root = made(world, kit, ANSWERS)
    assert root.find("q:context", NS).get("sourcedId") == "c_2601010101"
    names = [item.get("identifier") for item in root.findall("q:itemResult", NS)]
    assert names == ["I1", "I2", "item_1-odd_20_item"]
    ids = ["S1/01", "S1_01", "S1.01", "S1 01", "S1_2F_01"]
    assert len({nc_name("sitting", one) for one in ids}) == len(ids)


def test_awkward_text_survives_as_far_as_xml_can_carry_it(world, kit) -> None:
    root = made(world, kit, ANSWERS)
    (text,) = root.xpath("//q:itemResult[last()]//q:value/text()", namespaces=NS)
    assert text == AWKWARD.replace("\x00", "\ufffd").replace("\x0b", "\ufffd")


def test_an_unfinished_sitting_says_so(world, kit) -> None:
    root = made(world, kit, ANSWERS, submitted_at_ms=None)
    states = {item.get("sessionStatus") for item in root.findall("q:itemResult", NS)}
    assert states == {"pendingSubmission"}
