"""The calibration paper (校准卷): package data, opened like a paper but never sealed.

It lies beside this module as it would in a sealed ZIP: ``paper.json``, ``items/``, ``media/``.
"""

import io
import json
import zipfile
from importlib.resources import files
from importlib.resources.abc import Traversable

from candidate_station.paper import OpenPaper, open_plain_paper
from candidate_station.paper.interactions import SUPPORTED_KINDS

SITTING = "calibration"

# Natural size in pixels, or duration in seconds, of each medium, as made.
PICTURES = {
    "media/card.png": (320, 200),
    "media/bars.jpg": (240, 160),
    "media/bands.webp": (160, 120),
    "media/drawing.svg": (200, 140),
    "media/piece.png": (48, 24),
}
MEDIA = {"media/tone.mp3": 1.541, "media/tone.opus": 1.507, "media/film.webm": 2.008}

# Rare characters of names of people and places, from Extensions B to E, most of them in the Table
# of General Standard Chinese Characters (通用规范汉字表, 2013).
RARE = (
    "·𠮷𠅤𠙶𠳐𡎚𡐓𣗋𣲗𣲘𤧛𤩽𤫉𥔲𥕢𥖨𥻗𦈡𦒍𦙶𦝼𦭜𦰡𧿹𨐈𨙸𨚕𨟠𨭉𨱏𨱑𨱔𨺙𩽾𪨶𪩘𫄧𫄨𫄷𫄸𫍯𫍲𫐄𫐐"
    "𫓧𫔎𫖯𫖳𫗧𫘝𫘨𫘪𫚉𫚖𫚭𫛭𫞩𫟅𫟹𫟼𫠆𫠊𫠜𫢸𫫇𫭟𫭢𫭼𫮃𫰛𫵷𫶇𫷷𫸩𬀩𬀪𬂩𬃊𬇕𬇙𬇹𬉼𬊈𬊤𬌗𬍛𬍡𬍤"
    "𬒈𬒔𬒗𬕂𬘓𬘘𬘡𬘩𬘫𬘬𬘭𬘯𬙂𬙊𬙋𬜬𬜯𬞟𬟁𬟽𬣙𬣞𬣡𬣳𬤇𬤊𬤝𬨂𬨎𬩽𬪩𬬩𬬭𬬮𬬱𬬸𬬹𬬻𬬿𬭁𬭎𬭚𬭛𬭤"
    "𬭩𬭬𬭯𬭳𬭶𬭸𬭼𬮱𬮿𬯀𬯎𬱖𬱟𬳵𬳶𬳽𬳿𬴂𬴃𬴊𬶋𬶍𬶏𬶐𬶟𬶠𬶨𬶭𬶮𬷕𬸘𬸚𬸣𬸦𬸪𬹼𬺈𬺓"
)
SYMBOLS = "，。、；：？！“”‘’（）《》〈〉【】「」—…·～￥％‰℃㎡①②③④⑤⑥⑦⑧⑨⑩ⅠⅡⅢⅣ±×÷√∑∫≤≥≠≈∞∈αβγδθλμπσφω"


def glyphs() -> str:
    """The characters that a station must be able to draw: all Chinese ones of GB 2312-80, the
    symbols that items use, and the rare ones."""
    chinese = []
    for row in range(0xB0, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                chinese.append(bytes((row, cell)).decode("gb2312"))
            except UnicodeDecodeError:
                continue  # a place of the code that holds no character
    return "".join(dict.fromkeys([*chinese, *SYMBOLS, *RARE]))


def _entries(folder: Traversable, prefix: str = "") -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for child in sorted(folder.iterdir(), key=lambda each: each.name):
        if child.is_dir():
            found |= _entries(child, f"{prefix}{child.name}/")
        elif prefix or child.name == "paper.json":
            found[prefix + child.name] = child.read_bytes()
    return found


def _drawable(raw: bytes) -> bytes:
    """The index without items of interactions that this renderer does not draw."""
    index = json.loads(raw)
    index["items"] = {
        name: item
        for name, item in index["items"].items()
        if all(one["kind"] in SUPPORTED_KINDS for one in item["interactions"])
    }
    for section in index["sections"]:
        section["item_ids"] = [name for name in section["item_ids"] if name in index["items"]]
    return json.dumps(index).encode()


def open_calibration() -> OpenPaper:
    """The paper, in memory. Raises RefusedError when the package data is damaged."""
    entries = _entries(files(__package__) / "calibration_paper")
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as archive:
        archive.writestr("paper.json", _drawable(entries.pop("paper.json")))
        for name, content in entries.items():
            archive.writestr(name, content)
    return open_plain_paper(plain)
