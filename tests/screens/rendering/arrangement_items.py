"""Items of the tests' own in which text is matched, ordered, filled in, marked, paired or slid."""

Item = tuple[str, list[tuple[str, str, str, str]], list[str]]

PAIRS = ("R", "match", "multiple", "directedPair")
GAPS = ("R", "gap-match", "multiple", "directedPair")
HOSTILE = ("__proto__", "constructor", "a&quot;]&lt;b&gt;", "{{1}}", "toString")


def _set(options: dict[str, str], match_max: int, fixed: str = "") -> str:
    choices = "".join(
        f'<qti-simple-associable-choice identifier="{name}" match-max="{match_max}"'
        f' fixed="{str(name == fixed).lower()}">{text}</qti-simple-associable-choice>'
        for name, text in options.items()
    )
    return f"<qti-simple-match-set>{choices}</qti-simple-match-set>"


def match(attributes: str, first: str, second: str, prompt: str) -> str:
    return (
        f'<qti-match-interaction response-identifier="R" {attributes}>'
        f"<qti-prompt>{prompt}</qti-prompt>{first}{second}</qti-match-interaction>"
    )


def order(attributes: str, options: dict[str, str]) -> str:
    choices = "".join(
        f'<qti-simple-choice identifier="{name}">{text}</qti-simple-choice>'
        for name, text in options.items()
    )
    return (
        f'<qti-order-interaction response-identifier="R" {attributes}>'
        f"<qti-prompt>请按先后顺序排列。</qti-prompt>{choices}</qti-order-interaction>"
    )


SYMPTOMS = {
    "q1": "患者突发胸骨后压榨性疼痛，含服硝酸甘油后缓解，首选的检查是",
    "q2": "怀疑二尖瓣狭窄，明确瓣口面积的检查是",
    "q3": "拟行冠状动脉搭桥术前必须进行的检查是",
}
TESTS = {
    "A": "心电图检查（静息及发作时十二导联）",
    "B": "经胸超声心动图检查",
    "C": "选择性冠状动脉造影",
    "D": "胸部 X 线正侧位片",
    "E": "放射性核素心肌灌注显像",
}
POEMS = {"p1": "静夜思", "p2": "春望", "p3": "琵琶行"}
POETS = {"x": "李白", "y": "杜甫", "z": "白居易", "w": "以上都不是"}
WIDE = {f"t{number}": f"第{number}类指标" for number in range(1, 7)}
STEPS = {"s1": "提出假设", "s2": "收集数据", "s3": "检验假设", "s4": "得出结论"}
WORDS = {"w1": "增长", "w2": "下降", "w3": "持平", "w4": "波动"}


def _gap_text(bound: int = 1) -> str:
    return "".join(
        f'<qti-gap-text identifier="{name}" match-max="{bound}">{text}</qti-gap-text>'
        for name, text in WORDS.items()
    )


def gap(attributes: str, options: str) -> str:
    return (
        f'<qti-gap-match-interaction response-identifier="R" {attributes}>'
        f"<qti-prompt>选词填空。</qti-prompt>{options}"
        '<p>一季度产量同比<qti-gap identifier="g1"/>，二季度环比<qti-gap identifier="g2"/>，'
        '全年大体<qti-gap identifier="g3" class="qti-input-width-15"/>。</p>'
        "</qti-gap-match-interaction>"
    )


def hottext(attributes: str) -> str:
    return (
        f'<qti-hottext-interaction response-identifier="R" {attributes}>'
        "<qti-prompt>指出病句中的错误。</qti-prompt>"
        '<p>通过<qti-hottext identifier="h1">这次学习</qti-hottext>，使'
        '<qti-hottext identifier="h2">我们的<strong>认识</strong></qti-hottext>'
        '<qti-hottext identifier="h3">提高了</qti-hottext>，{{constructor}}而且'
        '<qti-hottext identifier="h4">更加明确</qti-hottext>。</p>'
        "</qti-hottext-interaction>"
    )


def associate(attributes: str, match_max: int = 1) -> str:
    names = {"a": "鲁迅", "b": "老舍", "c": "《呐喊》", "d": "《茶馆》", "e": "《家》"}
    choices = "".join(
        f'<qti-simple-associable-choice identifier="{name}" match-max="{match_max}">{text}'
        "</qti-simple-associable-choice>"
        for name, text in names.items()
    )
    return (
        f'<qti-associate-interaction response-identifier="R" {attributes}>'
        f"<qti-prompt>把作者和作品配成对。</qti-prompt>{choices}</qti-associate-interaction>"
    )


def slider(attributes: str) -> str:
    return (
        f'<qti-slider-interaction response-identifier="R" {attributes}>'
        "<qti-prompt>估计该指标的百分比。</qti-prompt></qti-slider-interaction>"
    )


_CHOICE = (
    '<qti-choice-interaction response-identifier="C" max-choices="1">'
    '<qti-simple-choice identifier="c1">甲</qti-simple-choice>'
    '<qti-simple-choice identifier="c2">乙</qti-simple-choice></qti-choice-interaction>'
)
_HOSTILE_SET = "".join(
    f'<qti-simple-associable-choice identifier="{name}" match-max="1">项{place}'
    "</qti-simple-associable-choice>"
    for place, name in enumerate(HOSTILE)
)

# item id → (body, interactions, stimuli), as in conftest.ITEMS
ARRANGEMENTS: dict[str, Item] = {
    "match-b1": (
        match('max-associations="0"', _set(SYMPTOMS, 1), _set(TESTS, 0), "请选择最合适的检查。"),
        [PAIRS],
        [],
    ),
    "match-table": (
        match('max-associations="0" shuffle="true"', _set(POEMS, 1), _set(POETS, 0, "w"), "作者？"),
        [PAIRS],
        [],
    ),
    "match-many": (
        match(
            'max-associations="4" min-associations="2"', _set(POEMS, 2), _set(POETS, 0), "可多选。"
        ),
        [PAIRS],
        [],
    ),
    "match-wide": (
        match('max-associations="0"', _set(POEMS, 1), _set(WIDE, 0), "选择。"),
        [PAIRS],
        [],
    ),
    "match-once": (
        match('max-associations="0"', _set(POEMS, 1), _set(POETS, 1), "一一对应。"),
        [PAIRS],
        [],
    ),
    "order": (
        order("", STEPS),
        [("R", "order", "ordered", "identifier")],
        [],
    ),
    "order-shuffled": (
        order('shuffle="true"', STEPS),
        [("R", "order", "ordered", "identifier")],
        [],
    ),
    "order-some": (
        order('min-choices="1" max-choices="2"', STEPS),
        [("R", "order", "ordered", "identifier")],
        [],
    ),
    "order-flat": (
        order('orientation="horizontal"', STEPS),
        [("R", "order", "ordered", "identifier")],
        [],
    ),
    "gap": (gap("", _gap_text()), [GAPS], []),
    "gap-shuffled": (gap('shuffle="true"', _gap_text(2)), [GAPS], []),
    "gap-few": (gap('max-associations="2" class="qti-choices-left"', _gap_text(0)), [GAPS], []),
    "gap-picture": (
        gap(
            "",
            '<qti-gap-img identifier="i1" match-max="1"><img src="media/图 1.png" alt="图甲"/>'
            '</qti-gap-img><qti-gap-text identifier="i2" match-max="1">文字</qti-gap-text>',
        ),
        [GAPS],
        [],
    ),
    "hot-one": (hottext('max-choices="1"'), [("R", "hottext", "single", "identifier")], []),
    "hot-two": (
        hottext('max-choices="2" min-choices="1"'),
        [("R", "hottext", "multiple", "identifier")],
        [],
    ),
    "associate": (
        associate('max-associations="2"'),
        [("R", "associate", "multiple", "pair")],
        [],
    ),
    "associate-shuffled": (
        associate('max-associations="0" shuffle="true"', 0),
        [("R", "associate", "multiple", "pair")],
        [],
    ),
    "slider": (
        slider('lower-bound="0" upper-bound="100" step="5"'),
        [("R", "slider", "single", "integer")],
        [],
    ),
    "slider-fine": (
        slider('lower-bound="-1" upper-bound="1" step="0.1" step-label="true" reverse="true"'),
        [("R", "slider", "single", "float")],
        [],
    ),
    "slider-upright": (
        slider('lower-bound="0" upper-bound="10" step="1" orientation="vertical"'),
        [("R", "slider", "single", "integer")],
        [],
    ),
    "hot-and-choice": (
        hottext('max-choices="1"') + _CHOICE,
        [("R", "hottext", "single", "identifier"), ("C", "choice", "single", "identifier")],
        [],
    ),
    "hostile-ids": (
        '<qti-associate-interaction response-identifier="__proto__" max-associations="0">'
        f"{_HOSTILE_SET}</qti-associate-interaction>",
        [("__proto__", "associate", "multiple", "pair")],
        [],
    ),
}
