"""Real items with pictures and counted media: each is drawn, answered and restored.

The items are read where they lie and never copied. Pictures and sounds are read with them; what
lies beside no item is left out.
"""

import os
from pathlib import Path

import pytest
from lxml import etree
from PySide6.QtCore import Qt

from candidate_station.paper import OpenPaper

CORPUS = os.environ.get("KAODIAN_QTI_CORPUS", "")
KINDS = ("hotspot", "graphic-gap-match", "select-point", "media")
QTI = "{http://www.imsglobal.org/xsd/imsqtiasi_v3p0}"
pytestmark = pytest.mark.skipif(not CORPUS, reason="KAODIAN_QTI_CORPUS is not set")


def _sources() -> list[Path]:
    names = [f"<qti-{kind}-interaction".encode() for kind in KINDS]
    found = []
    for path in sorted(Path(CORPUS).rglob("*.xml")):
        raw = path.read_bytes()
        if b"<qti-assessment-item" in raw and any(name in raw for name in names):
            found.append(path)
    return found


def _normalise(root: etree._Element, folder: Path, media: dict[str, bytes]) -> bool:
    """What the sealing tool does to pictures and sounds. False when a file is missing."""
    for element in list(root.iter(f"{QTI}object", f"{QTI}img", f"{QTI}audio", f"{QTI}video")):
        address = element.get("data") or element.get("src")
        if not address or not (folder / address).is_file():
            return False
        family = element.get("type", "image/").partition("/")[0]
        if etree.QName(element).localname == "object":
            element.tag = QTI + {"image": "img", "audio": "audio", "video": "video"}[family]
        name = f"media/{len(media)}{Path(address).suffix}"
        media[name] = (folder / address).read_bytes()
        element.attrib.pop("data", None)
        element.set("src", name)
        element.text = None
    return True


def _item(path: Path, media: dict[str, bytes]):
    reader = etree.XMLParser(remove_comments=True, remove_pis=True)
    root = etree.parse(path, reader).getroot()
    own: dict[str, bytes] = dict(media)
    if not _normalise(root, path.parent, own):
        return None
    listed = []
    for declared in root.iter(f"{QTI}qti-response-declaration"):
        name = declared.get("identifier")
        for asked in root.iter():
            if isinstance(asked.tag, str) and asked.get("response-identifier") == name:
                kind = etree.QName(asked).localname.removeprefix("qti-")
                kind = kind.removesuffix("-interaction")
                if kind not in KINDS:
                    return None
                listed.append((name, kind, declared.get("cardinality"), declared.get("base-type")))
    body = root.find(f"{QTI}qti-item-body")
    for feedback in list(body.iter(f"{QTI}qti-feedback-block", f"{QTI}qti-feedback-inline")):
        feedback.getparent().remove(feedback)
    media.update(own)
    inside = "".join(etree.tostring(child, encoding="unicode") for child in body)
    return inside, listed, []


@pytest.fixture(scope="module")
def paper(make_paper) -> OpenPaper:
    media: dict[str, bytes] = {}
    items = {}
    for number, path in enumerate(_sources()):
        made = _item(path, media)
        if made is not None:
            items[f"i{number}"] = made
    seen = {one[1] for _, listed, _ in items.values() for one in listed}
    assert len(items) >= 8 and seen >= set(KINDS[:3]), sorted(seen)
    return make_paper(items, media)


ANSWER = """(() => { const asked = [...document.querySelectorAll('.kd-graphic')][%d];
 asked.querySelector('[tabindex="0"]').focus(); return asked.className })()"""


def test_h04_real_items_are_drawn_answered_by_keyboard_and_restored(driver, paper):
    for item_id in paper.item_ids:
        driver.show(item_id)
        assert driver.violations == []
        asked = driver.js("document.querySelectorAll('.kd-graphic').length")
        driver.wait_js(
            "[...document.querySelectorAll('.kd-picture')]"
            ".every(p => p.offsetWidth > 20 && p.querySelector('img').naturalWidth > 0)"
        )
        for number in range(asked):
            told = len(driver.answers)
            drawn_as = driver.js(ANSWER % number)
            driver.key(Qt.Key.Key_Space)
            if "kd-gaps" in drawn_as:  # the piece was picked up, the first area has the focus
                driver.key(Qt.Key.Key_Space)
            driver.qtbot.waitUntil(lambda told=told: len(driver.answers) > told, timeout=5000)
        if not asked:
            continue
        values = driver.answers[-1][1]
        assert sum(map(bool, values.values())) >= asked, item_id
        driver.view.set_paper(paper)
        driver.show(item_id, values)
        assert driver.js("JSON.parse(kaodian.state()).values") == values, item_id
