"""The words of the supported profile: elements and attributes, and what is refused for ever."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# HTML of QTI 3 bodies that the stations' renderer draws.
HTML = _words(
    """
    abbr acronym address article aside b bdi bdo big blockquote br caption cite code col colgroup
    dd del dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li
    ol p pre q rb rp rt rtc ruby samp section small span strong sub sup table tbody td tfoot th
    thead tr tt u ul var wbr a audio video source
    """
)
FORBIDDEN = _words(
    """
    script iframe frame frameset embed applet form input button select textarea style link base
    meta noscript template canvas portal dialog
    """
)
SUPPORTED_INTERACTIONS = frozenset(
    {
        "qti-choice-interaction",
        "qti-text-entry-interaction",
        "qti-extended-text-interaction",
        "qti-inline-choice-interaction",
    }
)
NEVER_INTERACTIONS = frozenset(
    {
        "qti-portable-custom-interaction",
        "qti-custom-interaction",
        "qti-drawing-interaction",
        "qti-position-object-interaction",
        "qti-position-object-stage",
        "qti-end-attempt-interaction",
    }
)
MATHML_ELEMENTS = _words(
    """
    math mrow mi mn mo ms mtext mspace mfrac msqrt mroot mstyle merror mpadded mphantom mfenced
    msub msup msubsup munder mover munderover mmultiscripts mprescripts none mtable mtr mtd
    semantics
    """
)
MATHML_DROPPED = frozenset({"annotation", "annotation-xml"})

GLOBAL_ATTRIBUTES = frozenset({"id", "class", "title", "lang", "xml:lang", "dir", "role"})
ATTRIBUTES: dict[str, frozenset[str]] = {
    name: frozenset(words.split())
    for name, words in {
        "img": "src alt width height",
        "audio": "src controls",
        "video": "src controls width height poster",
        "source": "src type",
        "td": "colspan rowspan headers scope abbr",
        "th": "colspan rowspan headers scope abbr",
        "col": "span",
        "colgroup": "span",
        "ol": "start reversed type",
        "li": "value",
        "a": "href",
        "object": "data type width height",
        "qti-assessment-item": "identifier title adaptive time-dependent label",
        "qti-assessment-stimulus": "identifier title label",
        "qti-assessment-stimulus-ref": "identifier href title",
        "qti-response-declaration": "identifier cardinality base-type",
        "qti-rubric-block": "view use",
        "qti-choice-interaction": "response-identifier shuffle max-choices min-choices "
        "orientation data-min-selections-message data-max-selections-message",
        "qti-simple-choice": "identifier fixed",
        "qti-text-entry-interaction": "response-identifier expected-length pattern-mask "
        "placeholder-text data-patternmask-message",
        "qti-extended-text-interaction": "response-identifier expected-length expected-lines "
        "max-strings min-strings format pattern-mask placeholder-text data-patternmask-message",
        "qti-inline-choice-interaction": "response-identifier shuffle min-choices "
        "data-min-selections-message",
        "qti-inline-choice": "identifier fixed",
    }.items()
}


def allowed_attribute(element: str, attribute: str) -> bool:
    """True when the stations' renderer knows the attribute. Names without namespace, except
    ``xml:lang``."""
    return (
        attribute in GLOBAL_ATTRIBUTES
        or attribute.startswith("aria-")
        or attribute in ATTRIBUTES.get(element, frozenset())
    )


# A candidate's rubric of these elements only is an instruction; anything richer is material to
# read and becomes a shared stimulus.
INSTRUCTION_ELEMENTS = _words(
    "qti-rubric-block qti-content-body p div span br b strong i em u h1 h2 h3 h4 h5 h6"
)
