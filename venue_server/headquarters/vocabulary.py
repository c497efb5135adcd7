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
VOID = _words("br col hr img source wbr")
FORBIDDEN = _words(
    """
    script iframe frame frameset embed applet form input button select textarea style link base
    meta noscript template canvas portal dialog
    """
)
SUPPORTED_INTERACTIONS = frozenset(
    f"qti-{kind}-interaction"
    for kind in _words(
        """
        choice text-entry extended-text inline-choice match order associate gap-match hottext
        hotspot graphic-gap-match select-point slider media
        """
    )
)
# Parts of interactions: anywhere else they are out of place.
INTERACTION_PARTS = _words(
    """
    qti-prompt qti-simple-choice qti-inline-choice qti-simple-match-set
    qti-simple-associable-choice qti-gap qti-gap-text qti-gap-img qti-hottext qti-hotspot-choice
    qti-associable-hotspot
    """
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

# WAI-ARIA 1.2, without the deprecated ones.
ARIA = frozenset(
    f"aria-{name}"
    for name in _words(
        """
        activedescendant atomic autocomplete braillelabel brailleroledescription busy checked
        colcount colindex colindextext colspan controls current describedby description details
        disabled errormessage expanded flowto haspopup hidden invalid keyshortcuts label labelledby
        level live modal multiline multiselectable orientation owns placeholder posinset pressed
        readonly relevant required roledescription rowcount rowindex rowindextext rowspan selected
        setsize sort valuemax valuemin valuenow valuetext
        """
    )
)
_MESSAGES = "data-min-selections-message data-max-selections-message"
_MATCH = "match-max match-min match-group"
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
        f"orientation {_MESSAGES}",
        "qti-simple-choice": "identifier fixed",
        "qti-text-entry-interaction": "response-identifier expected-length pattern-mask "
        "placeholder-text data-patternmask-message",
        "qti-extended-text-interaction": "response-identifier expected-length expected-lines "
        "max-strings min-strings format pattern-mask placeholder-text data-patternmask-message",
        "qti-inline-choice-interaction": "response-identifier shuffle min-choices "
        "data-min-selections-message",
        "qti-inline-choice": "identifier fixed",
        "qti-order-interaction": "response-identifier shuffle max-choices min-choices orientation "
        f"data-choices-container-width {_MESSAGES}",
        "qti-match-interaction": "response-identifier shuffle max-associations min-associations "
        f"data-first-column-header {_MESSAGES}",
        "qti-associate-interaction": "response-identifier shuffle max-associations "
        f"min-associations {_MESSAGES}",
        "qti-simple-associable-choice": f"identifier fixed {_MATCH}",
        "qti-gap-match-interaction": "response-identifier shuffle max-associations "
        f"min-associations data-choices-container-width {_MESSAGES}",
        "qti-gap-text": f"identifier {_MATCH}",
        "qti-gap-img": f"identifier object-label top left {_MATCH}",
        "qti-gap": "identifier required match-group",
        "qti-hottext-interaction": f"response-identifier max-choices min-choices {_MESSAGES}",
        "qti-hottext": "identifier",
        "qti-hotspot-interaction": f"response-identifier max-choices min-choices {_MESSAGES}",
        "qti-hotspot-choice": "identifier shape coords hotspot-label",
        "qti-graphic-gap-match-interaction": "response-identifier max-associations "
        f"min-associations data-choices-container-width {_MESSAGES}",
        "qti-associable-hotspot": f"identifier shape coords hotspot-label {_MATCH}",
        "qti-select-point-interaction": f"response-identifier max-choices min-choices {_MESSAGES}",
        "qti-slider-interaction": "response-identifier lower-bound upper-bound step step-label "
        "orientation reverse",
        "qti-media-interaction": "response-identifier autostart min-plays max-plays loop "
        "minplays maxplays",
    }.items()
}


def allowed_attribute(element: str, attribute: str) -> bool:
    """True when the stations' renderer knows the attribute. Names without namespace, except
    ``xml:lang``."""
    return (
        attribute in GLOBAL_ATTRIBUTES
        or attribute in ARIA
        or attribute in ATTRIBUTES.get(element, frozenset())
    )


# A candidate's rubric of these elements only is an instruction; anything richer is material to
# read and becomes a shared stimulus.
INSTRUCTION_ELEMENTS = _words(
    "qti-rubric-block qti-content-body p div span br b strong i em u h1 h2 h3 h4 h5 h6"
)
