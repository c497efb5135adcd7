"""The standard's own examples of the arranging interactions: each draws and can be answered.

They are read where KAODIAN_QTI_CORPUS says; nothing of them is kept here.
"""

import os
from pathlib import Path
from random import Random
from typing import Any

import pytest
from lxml import etree
from PySide6.QtCore import Qt

from candidate_station.paper import Arrangement, PreparedItem, accept_values
from candidate_station.paper.arranging import ARRANGED
from candidate_station.paper.interactions import SUPPORTED_KINDS, kind_of
from candidate_station.paper.preparing import parse_xml, prepare_item
from candidate_station.simulation.answering import change_item
from venue_server.wire.paper_index import FORMAT, InteractionIndex, ItemIndex, PaperIndex

CORPUS = Path(os.environ.get("KAODIAN_QTI_CORPUS") or "/nonexistent")
HREF = "item.xml"
KEYS = {  # the fewest keys that answer, from the first tab stop on
    "match": (Qt.Key.Key_Space,),
    "order": (Qt.Key.Key_Space, Qt.Key.Key_Down),
    "gap-match": (Qt.Key.Key_Space, Qt.Key.Key_Tab, Qt.Key.Key_Space),
    "hottext": (Qt.Key.Key_Space,),
    "associate": (Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_Space),
    "slider": (Qt.Key.Key_Up,),
}


def _interactions(root: Any) -> list[Any]:
    return [
        node
        for node in root.iter()
        if isinstance(node.tag, str) and etree.QName(node).localname.endswith("-interaction")
    ]


def _items() -> list[Path]:
    """Items with an arranging interaction, none that the station does not draw, and no picture
    from the web (no paper holds such a one)."""
    found = []
    for path in sorted(CORPUS.rglob("*.xml")):
        raw = path.read_bytes()
        if b"<qti-assessment-item" not in raw or b'src="http' in raw:
            continue
        kinds = {kind_of(node) for node in _interactions(parse_xml(raw))}
        if kinds & set(ARRANGED) and kinds <= SUPPORTED_KINDS:
            found.append(path)
    return found


class Folder:
    """Media of one example, where a paper would be."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def file(self, path: str) -> tuple[bytes, str] | None:
        file = self.folder / path
        return (file.read_bytes(), "image/png") if file.is_file() else None


def _prepared(path: Path) -> PreparedItem:
    root = parse_xml(path.read_bytes())
    declared = {node.get("identifier"): node for node in root.iter("{*}qti-response-declaration")}
    listed = [
        InteractionIndex(
            name := node.get("response-identifier"),
            kind_of(node),
            declared[name].get("cardinality"),
            declared[name].get("base-type", ""),
        )
        for node in _interactions(root)
    ]
    shown = {node.get("src") or node.get("data") for node in root.iter("{*}img", "{*}object")}
    names = frozenset(os.path.normpath(name) for name in shown if name)
    item = ItemIndex(path.stem, HREF, "", [], listed)
    index = PaperIndex(FORMAT, "p", "A", "1", "", "en", "seed", [], {path.stem: item}, {})
    return prepare_item(index, item, "sitting-7", {HREF: path.read_bytes()}, names)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="KAODIAN_QTI_CORPUS is not set")
def test_there_are_examples_of_every_kind():
    kinds = {kind_of(n) for path in _items() for n in _interactions(parse_xml(path.read_bytes()))}
    assert kinds >= set(ARRANGED)
    assert len(_items()) >= 25


@pytest.mark.parametrize("path", _items(), ids=lambda path: "/".join(path.parts[-2:]))
def test_an_example_draws_and_can_be_answered(driver, path):
    prepared = _prepared(path)
    driver.view.set_paper(Folder(path.parent))
    values = change_item(prepared, Random(path.name), {})
    driver.show(prepared, values)
    assert driver.js("JSON.parse(kaodian.state()).values") == values
    driver.view.set_paper(Folder(path.parent))  # another sitting
    driver.show(prepared, {})
    for place, each in enumerate(
        one for one in prepared.interactions if isinstance(one, Arrangement)
    ):
        stop = (
            f"document.querySelectorAll('.kd-arrangement')[{place}]"
            ".querySelector('[tabindex=\"0\"], input')"
        )
        driver.view._view.setFocus()
        driver.wait_js(f"({stop}.focus(), document.activeElement === {stop})")
        for key in KEYS[each.kind]:
            driver.key(key)
        driver.qtbot.waitUntil(
            lambda name=each.response_id: bool(driver.answers and driver.answers[-1][1][name]),
            timeout=5000,
        )
    assert accept_values(prepared, driver.answers[-1][1]) is not None
    assert driver.violations == []
