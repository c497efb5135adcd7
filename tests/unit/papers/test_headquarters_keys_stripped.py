"""O05: nothing of keys, scoring, feedback or scorers' rubrics is left in a prepared paper."""

import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from venue_server.headquarters.container import read_back
from venue_server.headquarters.problems import Rule
from venue_server.headquarters.sample import sample_package_path
from venue_server.wire.answer_keys import holds_keys

Write = Callable[..., str]
Package = Callable[..., Path]
Plain = Callable[..., Any]
QTI = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"

# Everything of an item that must go, each with a word that is found nowhere else.
CANARY_HEAD = """
<qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier">
 <qti-correct-response interpretation="canary-interpretation">
  <qti-value>A</qti-value></qti-correct-response>
  <qti-mapping default-value="77.125">
  <qti-map-entry map-key="A" mapped-value="31.875"/></qti-mapping>
</qti-response-declaration>
<qti-response-declaration identifier="AREA" cardinality="single" base-type="point">
 <qti-area-mapping>
  <qti-area-map-entry shape="rect" coords="canary-coords" mapped-value="1"/></qti-area-mapping>
</qti-response-declaration>
<qti-outcome-declaration identifier="canary-outcome" cardinality="single" base-type="float">
 <qti-default-value><qti-value>canary-default</qti-value></qti-default-value>
</qti-outcome-declaration>
<qti-catalog-info><qti-catalog id="c"><qti-card>
 <qti-html-content>canary-catalog</qti-html-content></qti-card></qti-catalog></qti-catalog-info>
<qti-context-declaration identifier="canary-context"/>
"""
CANARY_BODY = """
<!-- canary-comment --><?pi canary-pi?>
<qti-rubric-block view="scorer"><qti-content-body>
 canary-rubric</qti-content-body></qti-rubric-block>
<qti-rubric-block view="tutor author"><qti-content-body>
 canary-tutor</qti-content-body></qti-rubric-block>
<qti-feedback-block outcome-identifier="F" identifier="x">canary-block</qti-feedback-block>
<p>before <qti-feedback-inline outcome-identifier="F"
 identifier="x">canary-inline</qti-feedback-inline> after</p>
<p data-correct="canary-data" class="keep">kept</p>
<qti-choice-interaction response-identifier="RESPONSE">
 <qti-simple-choice identifier="A">alpha<qti-feedback-inline
  outcome-identifier="F" identifier="y">canary-choice</qti-feedback-inline></qti-simple-choice>
 <qti-simple-choice identifier="B">beta</qti-simple-choice>
</qti-choice-interaction></qti-item-body>
<qti-response-processing template="canary-template"/>
<qti-modal-feedback outcome-identifier="F" identifier="z"><qti-content-body>
 canary-modal</qti-content-body></qti-modal-feedback>
<qti-item-body-end/>
"""


def _everything(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())


def test_o05_every_planted_value_is_gone_and_kept_at_headquarters(
    make_package: Package, item: Write, tmp_path: Path, plain: Plain
) -> None:
    xml = item(CANARY_BODY, CANARY_HEAD).replace("<qti-item-body-end/>\n\n</qti-item-body>", "")
    prepared = plain(make_package({"i.xml": xml}))
    left = _everything(prepared.path)
    for planted in re.findall(r"canary-\w+|77\.125|31\.875", xml):
        assert planted.encode() not in left, planted
    for kept in (b"alpha", b"beta", b"before  after", b"kept"):
        assert kept in left
    document = json.dumps(prepared.keys)
    for planted in ("canary-interpretation", "canary-coords", "canary-default", "canary-rubric",
                    "canary-tutor", "canary-block", "canary-inline", "canary-choice",
                    "canary-template", "canary-modal", "canary-catalog", "31.875"):  # fmt: skip
        assert planted in document, planted


def test_o05_no_stripped_text_of_the_sample_is_in_its_container(
    tmp_path: Path, plain: Plain
) -> None:
    """Every text of three or more characters that was stripped is searched for."""
    prepared = plain(sample_package_path())
    left = _everything(prepared.path).decode("utf-8", "ignore")
    parts = [part["xml"] for file in prepared.keys["files"] for part in file["parts"]]
    assert len(parts) > 100
    searched = 0
    for part in parts:
        for text in re.findall(r'(?:>|map-key=")([^<>"]{3,})[<"]', str(part)):
            if text.strip():
                searched += 1
                assert text.strip() not in left, text
    assert searched >= 7  # text keys, mapped texts, rubrics, explanations
    for name in ("correct", "mapping", "map-entry", "outcome", "processing", "feedback", "scorer",
                 "封场检测", "评分要点", "解析", "参考答案", "命题说明"):  # fmt: skip
        assert name not in left, name


def test_o05_prepared_sample_passes_its_own_check_and_a_planted_key_fails_it(
    tmp_path: Path, plain: Plain
) -> None:
    prepared = plain(sample_package_path())
    assert read_back(prepared.path).faults == []
    with zipfile.ZipFile(prepared.path, "a") as archive:
        archive.writestr("items/9999.xml", f'<x xmlns="{QTI}"><qti-correct-response/></x>')
        archive.writestr("notes.txt", "x")
    assert {(fault.file, fault.what) for fault in read_back(prepared.path).faults} == {
        ("items/9999.xml", "qti-correct-response (line 1)"),
        ("items/9999.xml", "is not in the index"),
        ("notes.txt", "does not belong in a paper"),
    }


@pytest.mark.parametrize(
    "inside",
    [
        "<qti-correct-response/>",
        "<correctResponse/>",
        "<qti-map-entry/>",
        "<qti-area-mapping/>",
        "<qti-outcome-declaration/>",
        "<responseProcessing/>",
        "<qti-template-processing/>",
        "<qti-feedback-inline/>",
        "<qti-modal-feedback/>",
        "<qti-catalog-info/>",
        '<qti-rubric-block view="scorer"/>',
        "<qti-rubric-block/>",
        '<p data-correct="A"/>',
        '<p mapped-value="1"/>',
        "<!-- the answer is A -->",
        "<?answer A?>",
    ],
)
def test_o05_holds_keys_finds(inside: str) -> None:
    assert len(holds_keys(f"<a>{inside}</a>".encode())) == 1


def test_o05_holds_keys_accepts_clean_and_refuses_unreadable() -> None:
    clean = '<a><qti-rubric-block view="candidate"/><li value="3">x</li></a>'
    assert holds_keys(clean.encode()) == []
    assert holds_keys(b"<a>") == ["unreadable XML"]
    assert holds_keys(b"<!DOCTYPE a><a/>") == ["document type declaration"]
    assert len(holds_keys(b"<!-- key --><a/>")) == 1


def test_visible_feedback_and_catalog_are_told(
    make_package: Package, choice: Write, plain: Plain
) -> None:
    extra = (
        '<qti-feedback-block outcome-identifier="F" identifier="x" show-hide="hide">read me'
        "</qti-feedback-block>"
    )
    package = make_package({"i.xml": choice(extra, head="<qti-catalog-info/>")})
    prepared = plain(package)
    assert [notice.rule for notice in prepared.notices] == [
        Rule.CATALOG_DROPPED,
        Rule.SHOWN_FEEDBACK_DROPPED,
    ]
