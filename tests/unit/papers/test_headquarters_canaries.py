"""O05: a word is planted in every place where a key can stand; none is found in what is sealed."""

import io
import itertools
import random
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.unit.papers.all_kinds import FILES, KINDS, QTI, declaration, item_of, whole_item
from venue_server.headquarters.prepare import PaperNames, Prepared, prepare
from venue_server.headquarters.problems import Rule

Package = Callable[..., Path]
CANARY = re.compile(r"canary\d+z")

# Where a key can stand beside the body of an item. Each "{}" becomes a word of its own.
HEAD = """
<qti-response-declaration identifier="KEYED" cardinality="multiple" base-type="string">
 <qti-correct-response interpretation="{}"><qti-value>{}</qti-value>
  <qti-value field-identifier="{}">{}</qti-value></qti-correct-response>
 <qti-mapping default-value="{}" lower-bound="{}"><qti-map-entry map-key="{}" mapped-value="{}"
  case-sensitive="{}"/></qti-mapping>
</qti-response-declaration>
<qti-response-declaration identifier="AREAS" cardinality="single" base-type="point">
 <qti-area-mapping default-value="{}"><qti-area-map-entry shape="rect" coords="{}"
  mapped-value="{}"/></qti-area-mapping></qti-response-declaration>
<qti-outcome-declaration identifier="{}" cardinality="single" base-type="float"
 normal-maximum="{}" mastery-value="{}" interpretation="{}" long-interpretation="{}">
 <qti-default-value><qti-value>{}</qti-value></qti-default-value>
 <qti-match-table default-value="{}"><qti-match-table-entry source-value="{}" target-value="{}"/>
 </qti-match-table></qti-outcome-declaration>
<qti-outcome-declaration identifier="{}" cardinality="single" base-type="float">
 <qti-interpolation-table><qti-interpolation-table-entry source-value="{}" target-value="{}"/>
 </qti-interpolation-table></qti-outcome-declaration>
<qti-context-declaration identifier="{}"><qti-default-value><qti-value>{}</qti-value>
 </qti-default-value></qti-context-declaration>
<qti-catalog-info><qti-catalog id="{}"><qti-card support="{}"><qti-html-content>{}
 </qti-html-content></qti-card></qti-catalog></qti-catalog-info>
<qti-stylesheet href="{}.css" type="text/css"/>
<!-- {} --><?answer {}?>
"""
BODY = """
<!-- {} --><?answer {}?>
<qti-rubric-block view="scorer" use="{}"><qti-content-body><p>{}</p></qti-content-body>
</qti-rubric-block>
<qti-rubric-block view="author tutor"><p id="{}">{}</p></qti-rubric-block>
<qti-rubric-block><p>{}</p></qti-rubric-block>
<qti-feedback-block outcome-identifier="{}" identifier="{}" show-hide="show"><p>{}</p>
</qti-feedback-block>
<p data-correct="{}" data-answer="{}" template-identifier="{}" answer="{}" bgcolor="{}">
 <qti-feedback-inline outcome-identifier="{}" identifier="{}">{}</qti-feedback-inline>读</p>
<math xmlns="http://www.w3.org/1998/Math/MathML"><semantics><mi>x</mi><annotation>{}</annotation>
 <annotation-xml><mi>{}</mi></annotation-xml></semantics></math>
<p style="width:50%/* {} */;/* {}">宽</p><img src="drawn.svg" alt="图"/>
"""
INSIDE = """<qti-feedback-inline outcome-identifier="{}" identifier="{}">{}</qti-feedback-inline>\
<!-- {} --><?answer {}?>"""
TAIL = """
<qti-response-processing template="{}" template-location="{}"><qti-set-outcome-value
 identifier="{}"><qti-base-value base-type="float">{}</qti-base-value></qti-set-outcome-value>
 <qti-response-condition><qti-response-if><qti-match><qti-variable identifier="{}"/>
 <qti-correct identifier="{}"/></qti-match></qti-response-if></qti-response-condition>
</qti-response-processing>
<qti-modal-feedback outcome-identifier="{}" identifier="{}" title="{}"><qti-content-body>{}
</qti-content-body></qti-modal-feedback>
"""
SVG = """<?xml version="1.0"?><!-- {} --><?answer {}?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:ink="http://www.inkscape.org/namespaces/inkscape"
 width="20" height="10" data-key="{}" ink:label="{}"><!-- {} --><metadata>{}</metadata>
 <ink:note text="{}">{}</ink:note><rect width="5" height="5" data-answer="{}"/>
 <style>rect {fill: red} /* {} */</style><rect style="/* {} */fill:red" width="1"/></svg>"""
TEST = """<!-- {} --><?answer {}?>
<qti-assessment-section identifier="S" title="全部">
 <qti-rubric-block view="scorer"><qti-content-body>{}</qti-content-body></qti-rubric-block>
 <qti-item-session-control show-solution="{}"/>REFS
</qti-assessment-section>"""
REF = """<qti-assessment-item-ref identifier="{0}" href="{0}.xml" category="{{}}">
 <qti-weight identifier="{{}}" value="{{}}"/><qti-variable-mapping source-identifier="{{}}"
 target-identifier="{{}}"/></qti-assessment-item-ref>"""


class Canaries:
    """Fills each ``{}`` with a word that is found nowhere else."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1000)

    def word(self) -> str:
        return f"canary{next(self._numbers)}z"

    def fill(self, template: str) -> str:
        return re.sub(r"\{\}", lambda _: self.word(), template)


def _keyed_item(kind: str, canaries: Canaries) -> str:
    """The good item of a kind with keys in every place, its stimulus reference and tail."""
    head, body = KINDS[kind]
    body = re.sub(  # feedback and notes inside each option that holds text
        r"(</qti-(simple-choice|simple-associable-choice|hottext|gap-text|prompt)>)",
        lambda found: canaries.fill(INSIDE) + found[1],
        body,
    )
    ref = '<qti-assessment-stimulus-ref identifier="CASE" href="case.xml"/>'
    xml = whole_item(ref + head + canaries.fill(HEAD), canaries.fill(BODY) + body, kind)
    xml = xml.replace("</qti-item-body>", "</qti-item-body>" + canaries.fill(TAIL))
    return canaries.fill("<!-- {} --><?answer {}?>") + xml


@pytest.fixture
def keyed_package(make_package: Package) -> Path:
    """Every kind of item, a test, a stimulus, a drawing and a stray file, full of keys."""
    canaries = Canaries()
    case = (
        f'<qti-assessment-stimulus xmlns="{QTI}" identifier="CASE" title="案例"><!-- {{}} -->'
        "<qti-stimulus-body><p data-key='{}'>材料</p><qti-feedback-block outcome-identifier='{}' "
        "identifier='{}'>{}</qti-feedback-block><qti-rubric-block view='scorer'>{}"
        "</qti-rubric-block></qti-stimulus-body><qti-catalog-info><qti-catalog id='{}'/>"
        "</qti-catalog-info></qti-assessment-stimulus>"
    )
    items = {f"{kind}.xml": _keyed_item(kind, canaries) for kind in KINDS}
    test = canaries.fill(TEST).replace(
        "REFS", "".join(canaries.fill(REF.format(kind)) for kind in KINDS)
    )
    more = {
        "case.xml": canaries.fill(case).encode(),
        "drawn.svg": canaries.fill(SVG).encode(),
        "answers.txt": canaries.fill("{} {}").encode(),
    }
    root = make_package(items, test=test, files={**FILES, **more})
    outcomes = canaries.fill(
        "<qti-outcome-declaration identifier='{}' cardinality='single' base-type='float'>"
        "<qti-default-value><qti-value>{}</qti-value></qti-default-value>"
        "</qti-outcome-declaration><qti-test-part "
    )
    end = canaries.fill(
        "</qti-test-part><qti-outcome-processing><qti-set-outcome-value identifier='{}'>"
        "<qti-base-value base-type='float'>{}</qti-base-value></qti-set-outcome-value>"
        "</qti-outcome-processing><qti-test-feedback access='atEnd' outcome-identifier='{}' "
        "identifier='{}' title='{}'><qti-content-body>{}</qti-content-body></qti-test-feedback>"
    )
    text = (root / "test.xml").read_text().replace("<qti-test-part ", outcomes, 1)
    (root / "test.xml").write_text(text.replace("</qti-test-part>", end, 1))
    manifest = (root / "imsmanifest.xml").read_text()
    note = (
        "<metadata><schema>{}</schema><lom><general><description>{}</description></general></lom>"
        "</metadata>"
    )
    (root / "imsmanifest.xml").write_text(
        manifest.replace("<resources>", canaries.fill(f"<!-- {{}} -->{note}<resources>"), 1)
    )
    return root


def test_o05_no_planted_word_is_found_on_the_sealed_side(
    keyed_package: Path, sealed: Any, tmp_path: Path
) -> None:
    planted = _planted(keyed_package)
    assert len(planted) > 1000
    again = sealed.seal_again(tmp_path / "out", package=keyed_package, form_id="K")
    kept = again.key_file.read_text()
    assert len(set(CANARY.findall(kept))) > 800, "keys stay at headquarters"
    everything = sealed.open(again, tmp_path / "ciphertext")
    assert "材料".encode() in everything["stimuli/0001.xml"]
    for path in again.manifest_file.parent.iterdir():
        everything[path.name] = path.read_bytes()
    for name, data in everything.items():
        found = set(CANARY.findall(name)) | set(CANARY.findall(data.decode("utf-8", "replace")))
        assert not found & planted, (name, found)


def _planted(package: Path) -> set[str]:
    files = [path for path in package.rglob("*") if path.is_file()]
    return {word for path in files for word in CANARY.findall(path.read_text("utf-8", "replace"))}


# What would have to be cut out of the question itself refuses the package instead.
REFUSED = [
    (declaration("single", "identifier", "A").replace("</qti-response", "canary1z</qti-response"),
     KINDS["choice"][1], Rule.MISPLACED),
    (KINDS["choice"][0].replace("<qti-correct", "<qti-default-value><qti-value>canary1z"
     "</qti-value></qti-default-value><qti-correct"), KINDS["choice"][1], Rule.RESPONSE_DEFAULT),
    (KINDS["choice"][0] + "<qti-template-declaration identifier='canary1z'/>", KINDS["choice"][1],
     Rule.TEMPLATE),
    (KINDS["choice"][0] + "<qti-template-processing><qti-set-correct-response identifier='R'/>"
     "</qti-template-processing>", KINDS["choice"][1], Rule.TEMPLATE),
    (KINDS["choice"][0], "<p><qti-printed-variable identifier='canary1z'/></p>"
     + KINDS["choice"][1], Rule.UNKNOWN_ELEMENT),
]  # fmt: skip


@pytest.mark.parametrize(("head", "body", "rule"), REFUSED)
def test_o05_what_cannot_be_stripped_refuses_the_package(
    head: str, body: str, rule: Rule, make_package: Package, plain: Any
) -> None:
    paper = plain(make_package({"i.xml": whole_item(head, body)}))
    assert isinstance(paper.result, list)
    assert rule in {problem.rule for problem in paper.result}
    assert not paper.path.exists()


def test_o05_template_defaults_of_a_test_refuse_it(make_package: Package, plain: Any) -> None:
    test = (
        '<qti-assessment-section identifier="S" title="s"><qti-assessment-item-ref '
        'identifier="A" href="i.xml"><qti-template-default template-identifier="T">'
        '<qti-base-value base-type="identifier">canary1z</qti-base-value></qti-template-default>'
        "</qti-assessment-item-ref></qti-assessment-section>"
    )
    paper = plain(make_package({"i.xml": item_of("choice")}, test=test))
    assert [problem.rule for problem in paper.result] == [Rule.TEMPLATE]


KEYS = [
    "<qti-correct-response {ns}><qti-value>{}</qti-value></qti-correct-response>",
    "<correctResponse {ns}><value>{}</value></correctResponse>",
    "<qti-mapping {ns}><qti-map-entry map-key='{}' mapped-value='{}'/></qti-mapping>",
    "<qti-area-mapping {ns}><qti-area-map-entry coords='{}' mapped-value='{}'/></qti-area-mapping>",
    "<qti-feedback-inline {ns} identifier='{}'>{}</qti-feedback-inline>",
    "<qti-feedback-block {ns} identifier='{}'><p>{}</p></qti-feedback-block>",
    "<qti-modal-feedback {ns} identifier='{}'>{}</qti-modal-feedback>",
    "<qti-rubric-block {ns} view='scorer'>{}</qti-rubric-block>",
    "<qti-catalog-info {ns}><qti-card>{}</qti-card></qti-catalog-info>",
    "<qti-response-processing {ns} template='{}'/>",
    "<qti-outcome-declaration {ns} identifier='{}'><x>{}</x></qti-outcome-declaration>",
    "<qti-weight {ns} value='{}'/>",
    "<!-- {} -->",
    "<?key {}?>",
]
ATTRIBUTES = ["data-correct", "data-key", "answer", "template-identifier", "data-catalog-idref"]


def _plant(root: etree._Element, draw: random.Random, canaries: Canaries) -> None:
    """One key somewhere in an item: an element, a comment or an attribute that is no one's."""
    element = draw.choice([e for e in root.iter() if isinstance(e.tag, str)])
    if draw.random() < 0.3:
        element.set(draw.choice(ATTRIBUTES), canaries.word())
        return
    template = draw.choice(KEYS).replace("{ns}", f"xmlns='{QTI}'")
    wrapped = f"<x>{canaries.fill(template)}</x>"
    (key,) = etree.fromstring(wrapped)
    element.insert(draw.randrange(len(element) + 1), key)


def _prefixed(xml: str) -> str:
    """The same document with ``q:`` in front of every element of QTI."""
    xml = xml.replace("xmlns=", "xmlns:q=", 1).replace(f'xmlns="{QTI}"', "")
    return re.sub(r"<(/?)(?![?!/]|q:)", r"<\1q:", xml)


@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from(sorted(KINDS)),
    seed=st.integers(0, 2**32),
    keys=st.integers(1, 5),
    prefixed=st.booleans(),
)
def test_o05_wherever_a_key_stands_it_is_stripped_or_refuses(
    tmp_path_factory: pytest.TempPathFactory, kind: str, seed: int, keys: int, prefixed: bool
) -> None:
    root = etree.fromstring(item_of(kind))
    draw, canaries = random.Random(seed), Canaries()
    for _ in range(keys):
        _plant(root, draw, canaries)
    xml = str(etree.tostring(root, encoding="unicode"))
    package = _package(
        tmp_path_factory.getbasetemp() / "random", _prefixed(xml) if prefixed else xml
    )
    kept = io.BytesIO()

    def keep(pieces: Iterator[bytes]) -> BinaryIO:
        kept.writelines(pieces)
        return io.BytesIO(kept.getvalue())

    assert _planted(package)
    result = prepare(package, PaperNames("P", "A", "9901", "s"), keep)
    if isinstance(result, Prepared):
        with zipfile.ZipFile(kept) as archive:
            data = b"".join(archive.read(name) for name in archive.namelist())
        assert not CANARY.findall(data.decode("utf-8", "replace")), xml
    else:
        assert all(p.rule is not Rule.KEYS_LEFT for p in result), "only found at the very end"
        assert not kept.getvalue()


def _package(root: Path, xml: str) -> Path:
    root.mkdir(exist_ok=True)
    for name, data in FILES.items():
        (root / name).write_bytes(data)
    (root / "i.xml").write_text(xml)
    (root / "imsmanifest.xml").write_text(
        '<manifest><resource identifier="R" type="imsqti_item_xmlv3p0" href="i.xml"/></manifest>'
    )
    return root
