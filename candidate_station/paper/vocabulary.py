"""The allow-list of what an item may show: elements, attributes, style declarations.

Everything that is not named here is unwrapped (its text stays) or, where its content is no text
for a reader, dropped. The lists follow the XHTML subset of QTI 3.0 and MathML Core.
"""

import re

QTI_NS = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
XHTML_NS = "http://www.w3.org/1999/xhtml"
MATHML_NS = "http://www.w3.org/1998/Math/MathML"


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


HTML_ELEMENTS = _names(
    """abbr acronym address article aside b bdi bdo big blockquote br caption cite code col colgroup
    dd del details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i ins kbd
    li mark ol p pre q rb rp rt rtc ruby s samp section small span strong sub summary sup table
    tbody td tfoot th thead time tr tt u ul var wbr"""
)

# Content that is no text for a reader: gone with everything inside it.
DROPPED = _names(
    """script style link meta base title template noscript iframe frame frameset embed applet
    form input button select textarea option canvas svg portal fencedframe
    qti-feedback-inline qti-feedback-block qti-modal-feedback qti-stylesheet qti-catalog-info
    qti-companion-materials-info"""
)

# Renamed to something harmless that keeps its content.
RENAMED = {
    "a": "span",
    "label": "span",
    "font": "span",
    "center": "div",
    "main": "div",
    "nav": "div",
    "qti-content-body": "div",
    "qti-rubric-block": "div",
    "qti-stimulus-body": "div",
    "qti-item-body": "div",
}

GLOBAL_ATTRIBUTES = frozenset({"title", "dir", "aria-label", "aria-hidden"})
ID_ATTRIBUTES = frozenset({"id", "aria-describedby", "aria-labelledby", "headers"})

_CELL = frozenset({"colspan", "rowspan", "scope", "abbr"})
_SIZE = frozenset({"width", "height"})
ATTRIBUTES: dict[str, frozenset[str]] = {
    "td": _CELL,
    "th": _CELL,
    "col": frozenset({"span"}),
    "colgroup": frozenset({"span"}),
    "ol": frozenset({"start", "type", "reversed"}),
    "li": frozenset({"value"}),
    "img": _SIZE | {"alt"},
    "video": _SIZE,
    "details": frozenset({"open"}),
}

STYLE_DECLARATIONS = {
    "text-align": re.compile(r"left|right|center|justify|start|end"),
    "text-indent": re.compile(r"-?\d{1,2}(\.\d+)?(em|px)|0"),
    "text-decoration": re.compile(r"none|underline|line-through|overline"),
    "font-weight": re.compile(r"normal|bold|[1-9]00"),
    "font-style": re.compile(r"normal|italic"),
    "vertical-align": re.compile(r"top|middle|bottom|baseline|sub|super"),
    "width": re.compile(r"\d{1,3}(\.\d+)?(%|em)"),
    "list-style-type": re.compile(r"[a-z-]{1,30}"),
    "white-space": re.compile(r"normal|nowrap|pre|pre-wrap|pre-line"),
}

MATHML_ELEMENTS = _names(
    """math merror mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms
    mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none
    menclose"""
)
MATHML_DROPPED = frozenset({"annotation", "annotation-xml", "maligngroup", "malignmark"})
MATHML_ATTRIBUTES = _names(
    """accent accentunder columnspan depth dir display displaystyle fence form height
    largeop linethickness lspace mathbackground mathcolor mathsize mathvariant maxsize minsize
    movablelimits notation rowspan rspace scriptlevel separator stretchy symmetric
    voffset width"""
)

_TOKEN = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,60}")


def class_tokens(value: str) -> tuple[str, ...]:
    """Class tokens of the content. Those of the renderer itself (``kd-``) cannot be borrowed."""
    return tuple(
        token
        for token in value.split()
        if _TOKEN.fullmatch(token) and not token.lower().startswith("kd-")
    )


def allowed_style(value: str) -> str:
    """The declarations of ``value`` that pass the allow-list, as ``name:value;name:value``."""
    kept = []
    for declaration in value.split(";"):
        name, _, setting = declaration.partition(":")
        rule = STYLE_DECLARATIONS.get(name.strip().lower())
        if rule and rule.fullmatch(setting.strip().lower()):
            kept.append(f"{name.strip().lower()}:{setting.strip().lower()}")
    return ";".join(kept)
