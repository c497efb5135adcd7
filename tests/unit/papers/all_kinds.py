"""One good item of every kind of interaction, with key, mapping and area mapping."""

import struct
import zlib

QTI = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"


def png(width: int = 200, height: int = 100) -> bytes:
    """A white picture of that size."""

    def chunk(name: bytes, data: bytes) -> bytes:
        whole = name + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    rows = zlib.compress((b"\0" + b"\xff" * width) * height)
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def wav(seconds: int = 2) -> bytes:
    """Silence, 8 bits, 8000 samples a second."""
    data = b"\x80" * 8000 * seconds
    head = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 8000, 8000, 1, 8)
    size = struct.pack("<I", 4 + len(head) + 8 + len(data))
    return b"RIFF" + size + b"WAVE" + head + b"data" + struct.pack("<I", len(data)) + data


FILES = {"map.png": png(), "chip.png": png(40, 20), "talk.wav": wav()}


def declaration(
    cardinality: str, base_type: str, *values: str, more: str = "", name: str = "RESPONSE"
) -> str:
    """A response declaration with these correct values; ``more`` stands behind them."""
    inside = "".join(f"<qti-value>{value}</qti-value>" for value in values)
    correct = f"<qti-correct-response>{inside}</qti-correct-response>" if values else ""
    return (
        f'<qti-response-declaration identifier="{name}" cardinality="{cardinality}" '
        f'base-type="{base_type}">{correct}{more}</qti-response-declaration>'
    )


def mapping(*keys: str) -> str:
    """A mapping that gives one point for each key."""
    entries = "".join(f'<qti-map-entry map-key="{key}" mapped-value="1"/>' for key in keys)
    return f'<qti-mapping default-value="0">{entries}</qti-mapping>'


_R = 'response-identifier="RESPONSE"'
_SIMPLE = "".join(f'<qti-simple-choice identifier="{i}">{i}项</qti-simple-choice>' for i in "ABC")
_ASSOCIABLE = (
    '<qti-simple-associable-choice identifier="{0}" match-max="{1}">{0}'
    "</qti-simple-associable-choice>"
)
_GAP_TEXT = '<qti-gap-text identifier="{0}" match-max="1">{0}</qti-gap-text>'
_AREAS = (
    '<qti-area-mapping default-value="0"><qti-area-map-entry shape="circle" coords="50,50,10" '
    'mapped-value="1"/></qti-area-mapping>'
)


def _set(*options: str) -> str:
    inside = "".join(_ASSOCIABLE.format(option, 1) for option in options)
    return f"<qti-simple-match-set>{inside}</qti-simple-match-set>"


# Kind to (head, body); the line that follows the declaration is free for feedback and the like.
KINDS: dict[str, tuple[str, str]] = {
    "choice": (
        declaration("single", "identifier", "A", more=mapping("A", "B")),
        f"<qti-choice-interaction {_R} shuffle='true' max-choices='1'><qti-prompt>选"
        f"</qti-prompt>{_SIMPLE}</qti-choice-interaction>",
    ),
    "inline-choice": (
        declaration("single", "identifier", "A"),
        f"<p>甲<qti-inline-choice-interaction {_R} shuffle='false'>"
        "<qti-inline-choice identifier='A'>一</qti-inline-choice>"
        "<qti-inline-choice identifier='B' fixed='true'>二</qti-inline-choice>"
        "</qti-inline-choice-interaction></p>",
    ),
    "text-entry": (
        declaration("single", "integer", "42"),
        f"<p>得<qti-text-entry-interaction {_R} expected-length='4'/></p>",
    ),
    "extended-text": (
        declaration("single", "string"),
        f"<qti-extended-text-interaction {_R} expected-lines='5' format='plain'>"
        "<qti-prompt>述</qti-prompt></qti-extended-text-interaction>",
    ),
    "order": (
        declaration("ordered", "identifier", "B", "A", "C"),
        f"<qti-order-interaction {_R} shuffle='true' orientation='vertical'>"
        f"<qti-prompt>排</qti-prompt>{_SIMPLE}</qti-order-interaction>",
    ),
    "match": (
        declaration("multiple", "directedPair", "A X", "B Y", more=mapping("A X")),
        f"<qti-match-interaction {_R} class='qti-match-tabular' shuffle='false' "
        "max-associations='0' data-first-column-header='序'><qti-prompt>配</qti-prompt>"
        f"{_set('A', 'B')}{_set('X', 'Y', 'Z')}</qti-match-interaction>",
    ),
    "associate": (
        declaration("multiple", "pair", "A B"),
        f"<qti-associate-interaction {_R} shuffle='true' max-associations='2'>"
        + "".join(_ASSOCIABLE.format(i, 1) for i in "ABCD")
        + "</qti-associate-interaction>",
    ),
    "gap-match": (
        declaration("multiple", "directedPair", "W1 G1", "P1 G2"),
        f"<qti-gap-match-interaction {_R} shuffle='false' max-associations='2'>"
        "<qti-prompt>填</qti-prompt>"
        + _GAP_TEXT.format("W1")
        + "<qti-gap-img identifier='P1' match-max='1' object-label='图'><object data='chip.png' "
        "type='image/png'>筹</object></qti-gap-img>"
        "<p>先 <qti-gap identifier='G1' required='true'/> 后 <qti-gap identifier='G2'/></p>"
        "</qti-gap-match-interaction>",
    ),
    "hottext": (
        declaration("multiple", "identifier", "H2"),
        f"<qti-hottext-interaction {_R} max-choices='0'><p>甲<qti-hottext identifier='H1'>乙"
        "</qti-hottext>丙<qti-hottext identifier='H2'><b>丁</b></qti-hottext></p>"
        "</qti-hottext-interaction>",
    ),
    "hotspot": (
        declaration("single", "identifier", "S1"),
        f"<qti-hotspot-interaction {_R} max-choices='1'><object data='map.png' type='image/png' "
        "width='200' height='100'>地图</object>"
        "<qti-hotspot-choice identifier='S1' shape='circle' coords='20,20,10' "
        "hotspot-label='甲'/><qti-hotspot-choice identifier='S2' shape='poly' "
        "coords='60,10,90,10,75,40'/></qti-hotspot-interaction>",
    ),
    "graphic-gap-match": (
        declaration("multiple", "directedPair", "T1 S1"),
        f"<qti-graphic-gap-match-interaction {_R} max-associations='2'>"
        "<picture><source srcset='map.png'/><img src='map.png' alt='地图'/></picture>"
        "<qti-gap-img identifier='T1' match-max='1'><img src='chip.png' alt='筹'/></qti-gap-img>"
        + _GAP_TEXT.format("T2")
        + "<qti-associable-hotspot identifier='S1' shape='rect' coords='10,10,60,40' "
        "match-max='1'/></qti-graphic-gap-match-interaction>",
    ),
    "select-point": (
        declaration("multiple", "point", "50 50", more=_AREAS),
        f"<qti-select-point-interaction {_R} max-choices='2'><img src='map.png' alt='地图'/>"
        "</qti-select-point-interaction>",
    ),
    "slider": (
        declaration("single", "integer", "30"),
        f"<qti-slider-interaction {_R} lower-bound='0' upper-bound='100' step='10' "
        "step-label='true' orientation='horizontal' reverse='false'><qti-prompt>移"
        "</qti-prompt></qti-slider-interaction>",
    ),
    "media": (
        declaration("single", "integer"),
        f"<qti-media-interaction {_R} autostart='false' min-plays='1' max-plays='2' loop='false'>"
        "<object data='talk.wav' type='audio/wav'>录音</object></qti-media-interaction>",
    ),
}


def item_of(kind: str, identifier: str = "") -> str:
    """The whole item of one kind. The declaration is on line 2, the body begins on line 4."""
    head, body = KINDS[kind]
    return whole_item(head, body, identifier or f"I-{kind}")


def whole_item(head: str, body: str, identifier: str = "I1") -> str:
    """One item; head on line 2, body on line 4."""
    return (
        f'<qti-assessment-item xmlns="{QTI}" identifier="{identifier}" title="t" '
        'adaptive="false" time-dependent="false">\n'
        f"{head}\n<qti-item-body>\n{body}\n</qti-item-body>\n</qti-assessment-item>"
    )
