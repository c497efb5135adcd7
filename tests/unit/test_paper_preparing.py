"""QTI item → what the renderer draws: sanitised, described, nothing lost (O05, D15)."""

import json
import re

import pytest
from lxml import etree

from candidate_station.paper.description import (
    ChoiceInteraction,
    ExtendedTextInteraction,
    InlineChoiceInteraction,
    PreparedItem,
    TextEntryInteraction,
)
from candidate_station.paper.preparing import prepare_item
from candidate_station.paper.sanitise import UnsupportedContentError
from venue_server.wire.paper_index import (
    FORMAT,
    InteractionIndex,
    ItemIndex,
    PaperIndex,
    StimulusIndex,
)

NS = 'xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"'
M = 'xmlns="http://www.w3.org/1998/Math/MathML"'
FILES = frozenset({"items/i.xml", "stimuli/s.xml", "media/a.png", "media/图 1.png", "media/b.mp3"})


def prepare(
    body: str,
    *listed: tuple[str, str, str, str],
    stimulus: str = "",
    sitting: str = "sitting",
) -> PreparedItem:
    """Prepare an item with this body and these (response id, kind, cardinality, base type)."""
    item = ItemIndex(
        "i", "items/i.xml", "题", ["s"] if stimulus else [],
        [InteractionIndex(*one) for one in listed],
    )  # fmt: skip
    index = PaperIndex(
        FORMAT, "p", "A", "01", "卷", "zh-CN", "seed", [], {"i": item},
        {"s": StimulusIndex("s", "stimuli/s.xml", "案例")},
    )  # fmt: skip
    xml = {
        "items/i.xml": f"<qti-assessment-item {NS}><qti-item-body>{body}</qti-item-body>"
        "</qti-assessment-item>".encode(),
        "stimuli/s.xml": f"<qti-assessment-stimulus {NS}><qti-stimulus-body>{stimulus}"
        "</qti-stimulus-body></qti-assessment-stimulus>".encode(),
    }
    return prepare_item(index, item, sitting, xml, FILES)


def html(body: str) -> str:
    """The sanitised body, without its outer element."""
    whole = prepare(body).html
    etree.fromstring(whole)  # well-formed, or the page could not draw it
    return re.sub(r'^<div xmlns="[^"]*">|</div>$|^<div xmlns="[^"]*"/>$', "", whole)


CHOICE = ("R", "choice", "single", "identifier")


def choice(attributes: str = "", inner: str = "") -> str:
    options = "".join(
        f'<qti-simple-choice identifier="{name}" fixed="{str(name == "d").lower()}">项{name}'
        "</qti-simple-choice>"
        for name in "abcd"
    )
    return (
        f'<qti-choice-interaction response-identifier="R" {attributes}>{inner}{options}'
        "</qti-choice-interaction>"
    )


@pytest.mark.parametrize(
    ("attributes", "cardinality", "expected"),
    [
        ("", "single", (False, 0, 1, "vertical")),
        ('max-choices="1"', "multiple", (False, 0, 1, "vertical")),
        ('max-choices="0"', "multiple", (True, 0, 0, "vertical")),
        ('max-choices="0"', "single", (False, 0, 0, "vertical")),
        ('max-choices="3" min-choices="2"', "multiple", (True, 2, 3, "vertical")),
        ('orientation="horizontal"', "single", (False, 0, 1, "horizontal")),
        ('class="qti-orientation-horizontal x"', "single", (False, 0, 1, "horizontal")),
    ],
)
def test_choice_is_described(attributes, cardinality, expected):
    prepared = prepare(choice(attributes), ("R", "choice", cardinality, "identifier"))
    (described,) = prepared.interactions
    assert isinstance(described, ChoiceInteraction)
    assert (
        described.multiple,
        described.min_choices,
        described.max_choices,
        described.orientation,
    ) == expected
    assert [option.option_id for option in described.options] == list("abcd")
    assert "项a" in described.options[0].html


def test_prompt_and_options_keep_their_markup():
    inner = "<qti-prompt>选 <strong>一</strong> 项</qti-prompt>"
    (described,) = prepare(choice(inner=inner), CHOICE).interactions
    assert "选 <strong>一</strong> 项" in described.prompt


def test_d15_shuffled_by_sitting_and_reported():
    orders = set()
    for sitting in map(str, range(20)):
        prepared = prepare(choice('shuffle="true"'), CHOICE, sitting=sitting)
        order = prepared.displayed["R"]
        assert sorted(order) == list("abcd") and order[3] == "d", "a fixed option stays"
        assert order == prepare(choice('shuffle="true"'), CHOICE, sitting=sitting).displayed["R"]
        orders.add(tuple(order))
    assert len(orders) == 6


def test_text_entry_is_described():
    (described,) = prepare(
        '<p>a<qti-text-entry-interaction response-identifier="T" expected-length="8"'
        ' pattern-mask="[0-9]+" placeholder-text="数" class="qti-input-width-6 own"/>b</p>',
        ("T", "text-entry", "single", "integer"),
    ).interactions
    assert described == TextEntryInteraction(
        "T", "integer", 8, "[0-9]+", "数", ("qti-input-width-6",)
    )


def test_extended_text_is_described():
    (described,) = prepare(
        '<qti-extended-text-interaction response-identifier="E" expected-lines="5"'
        ' expected-length="800" format="preformatted"><qti-prompt>写</qti-prompt>'
        "</qti-extended-text-interaction>",
        ("E", "extended-text", "single", "string"),
    ).interactions
    assert isinstance(described, ExtendedTextInteraction)
    assert (described.expected_lines, described.expected_length) == (5, 800)
    assert described.format == "preformatted" and "写" in described.prompt


def test_inline_choice_is_described_with_its_formulas():
    prepared = prepare(
        '<p>是<qti-inline-choice-interaction response-identifier="I" shuffle="false">'
        '<qti-inline-choice identifier="x">甲</qti-inline-choice>'
        f'<qti-inline-choice identifier="y"><math {M}><mi>b</mi></math></qti-inline-choice>'
        "</qti-inline-choice-interaction>。</p>",
        ("I", "inline-choice", "single", "identifier"),
    )
    (described,) = prepared.interactions
    assert isinstance(described, InlineChoiceInteraction)
    assert prepared.displayed == {"I": ["x", "y"]}
    assert "<mi>b</mi>" in described.options[1].html


def test_placeholders_stand_where_the_interactions_stood():
    prepared = prepare(
        '<p>首<qti-text-entry-interaction response-identifier="T"/>中</p>' + choice() + "<p>尾</p>",
        CHOICE,
        ("T", "text-entry", "single", "string"),
    )
    assert '<p>首<span data-slot="0"/>中</p><div data-slot="1"/><p>尾</p>' in prepared.html
    assert [one.response_id for one in prepared.interactions] == ["T", "R"]


def test_the_description_is_plain_json():
    prepared = prepare(choice(), CHOICE, stimulus="<p>材料</p>")
    plain = json.loads(json.dumps(prepared.to_builtins()))
    assert plain["interactions"][0]["kind"] == "choice"
    assert plain["interactions"][0]["options"][0]["option_id"] == "a"
    assert plain["stimuli"][0]["title"] == "案例" and "材料" in plain["stimuli"][0]["html"]


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("<p>a<script>alert(1)</script>b</p>", "<p>ab</p>"),
        ("<style>p{background:url(http://x)}</style><p>a</p>", "<p>a</p>"),
        ('<p onclick="x()" onmouseover="y()">a</p>', "<p>a</p>"),
        ('<a href="javascript:x()" ping="http://x">a</a>', "<span>a</span>"),
        ('<a href="http://x">a</a>', "<span>a</span>"),
        ('<iframe src="http://x">z</iframe>a', "a"),
        ('<form action="http://x"><input name="q"/></form>a', "a"),
        ('<link rel="preconnect" href="http://x"/><meta http-equiv="refresh"/>a', "a"),
        ('<base href="http://x"/><template><p>t</p></template>a', "a"),
        ('<svg xmlns="http://www.w3.org/2000/svg"><script>x()</script></svg>a', "a"),
        ("<custom-thing><b>a</b></custom-thing>", "<b>a</b>"),
        ('<p class="kd-option x 1bad">a</p>', '<p class="x">a</p>'),
        ('<p id="top" aria-describedby="top">a</p>',
         '<p id="c-top" aria-describedby="c-top">a</p>'),
        ('<p style="background:url(http://x);text-align:center;position:fixed">a</p>',
         '<p data-style="text-align:center">a</p>'),
        ('<p style="width:expression(1);text-indent:2em">a</p>',
         '<p data-style="text-indent:2em">a</p>'),
        ('<td colspan="2" width="9" background="http://x">a</td>', '<td colspan="2">a</td>'),
        ('<p data-slot="0" contenteditable="true" tabindex="5" autofocus="true">a</p>', "<p>a</p>"),
        ("<qti-feedback-block><p>对</p></qti-feedback-block>a", "a"),
        ('<qti-rubric-block view="scorer"><p>评分</p></qti-rubric-block>a', "a"),
        ('<qti-rubric-block view="candidate"><p>说明</p></qti-rubric-block>',
         "<div><p>说明</p></div>"),
        ("<p>{{x}} ${y} &lt;b&gt; <!-- c --><?pi x?>z</p>", "<p>{{x}} ${y} &lt;b&gt; z</p>"),
        ("<ruby>漢<rt>hàn</rt></ruby>", "<ruby>漢<rt>hàn</rt></ruby>"),
        ("<table><tr><td>1</td></tr></table>", "<table><tr><td>1</td></tr></table>"),
        ('<object type="text/html" data="http://x">代替文字</object>', "代替文字"),
    ],
)  # fmt: skip
def test_content_is_reduced_to_the_allow_list(dirty, clean):
    assert html(dirty) == clean


def test_foreign_markup_cannot_hide_in_mathml():
    shown = html(
        f'<math {M} onclick="x()"><mtext><script xmlns="http://www.w3.org/1999/xhtml">x()</script>'
        '<img xmlns="http://www.w3.org/1999/xhtml" src="http://x"/></mtext>'
        '<mi href="http://x" style="background:url(http://x)">a</mi>'
        '<annotation-xml encoding="text/html"><p>z</p></annotation-xml></math>'
    )
    assert not re.search("script|img|href|style|http://x|onclick", shown)
    assert "<mi>a</mi>" in shown


@pytest.mark.parametrize(
    "address",
    [
        "http://x/a.png", "//x/a.png", "/media/a.png", "file:///etc/passwd", "data:image/png,x",
        "../media/a.png", "media/none.png", "kaodian-paper://paper/file/media/a.png",
        "javascript:x()", "media\\a.png",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "markup",
    [
        '<img src="{}" alt=""/>',
        '<audio src="{}"/>',
        '<video poster="{}"/>',
        '<audio><source src="{}"/></audio>',
    ],
)
def test_only_files_of_the_paper_can_be_shown(markup, address):
    with pytest.raises(UnsupportedContentError, match="not in the paper"):
        prepare(markup.format(address))


def test_media_addresses_are_rewritten_to_the_scheme():
    prepared = prepare(
        '<img src="media/图 1.png" srcset="http://x 2x" alt="图" width="200" height="50%"/>'
        '<img src="media/%E5%9B%BE%201.png"/><audio src="media/b.mp3" autoplay="autoplay"/>'
    )
    address = "kaodian-paper://paper/file/media/%E5%9B%BE%201.png"
    assert prepared.html.count(f'src="{address}"') == 2
    assert "srcset" not in prepared.html and "autoplay" not in prepared.html
    assert 'controls="controls"' in prepared.html and "nodownload" in prepared.html
    assert prepared.media == ("media/图 1.png", "media/b.mp3")


def test_objects_left_over_become_pictures():
    shown = html('<object type="image/png" data="media/a.png"><p>代替</p></object>')
    assert shown == '<img src="kaodian-paper://paper/file/media/a.png" alt=""/>'


def test_fences_that_the_engine_does_not_know_become_operators():
    shown = html(
        f'<math {M}><mi>f</mi><mfenced open="[" separators=";"><mi>x</mi><mi>y</mi><mi>z</mi>'
        "</mfenced></math>"
    )
    assert re.findall(r"<m[io][^>]*>(.)</m[io]>", shown) == list("f[x;y;z)")


def test_semantics_show_once_and_alignment_is_kept():
    shown = html(
        f'<math {M} display="block"><semantics><mtable columnalign="right left"><mtr><mtd>'
        "<mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr></mtable>"
        '<annotation encoding="LaTeX">\\secret</annotation></semantics></math>'
    )
    assert "secret" not in shown and 'display="block"' in shown
    assert re.findall(r'<mtd data-style="text-align:(\w+)">', shown) == ["right", "left"]


@pytest.mark.parametrize(
    ("body", "listed", "says"),
    [
        ('<qti-drawing-interaction response-identifier="R"/>', [("R", "drawing", "single", "file")],
         "drawing interaction is not in the profile"),
        (choice(), [], "disagree"),
        (choice(), [("R", "text-entry", "single", "string")], "disagree"),
        ("<p>a</p>", [CHOICE], "disagree"),
        (choice() + choice(), [CHOICE], "disagree"),
        ('<qti-choice-interaction response-identifier="R"/>', [CHOICE], "option ids"),
        (choice(inner='<qti-simple-choice identifier="a">x</qti-simple-choice>'), [CHOICE],
         "option ids"),
        ('<qti-extended-text-interaction response-identifier="E" format="xhtml"/>',
         [("E", "extended-text", "single", "string")], "xhtml"),
        ('<qti-extended-text-interaction response-identifier="E"/>',
         [("E", "extended-text", "multiple", "string")], "several texts"),
        ("<p><qti-printed-variable/></p>", [], "not in the profile"),
        ('<qti-choice-interaction response-identifier="R"><qti-simple-choice identifier="a">'
         '<qti-text-entry-interaction response-identifier="T"/></qti-simple-choice>'
         "</qti-choice-interaction>", [CHOICE], "not allowed here"),
        ("<p>&unknown;</p>", [], "well-formed"),
        ("<p>", [], "well-formed"),
    ],
)  # fmt: skip
def test_what_cannot_be_shown_truly_is_refused_by_name(body, listed, says):
    with pytest.raises(UnsupportedContentError, match=says):
        prepare(body, *listed)
