# ruff: noqa: E402  # the engine's environment comes before Qt is used at all
"""A real web view over a small paper of the tests' own, driven by mouse and keyboard.

The engine is prepared when this file is collected: before any QApplication exists.
"""

import io
import json
import os
import secrets
import struct
import wave
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from candidate_station.rendering.chromium import prepare_environment

prepare_environment(test_no_sandbox=os.geteuid() == 0)

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from candidate_station.paper import OpenPaper, PreparedItem, open_paper
from candidate_station.rendering.engine import ISOLATED_WORLD
from candidate_station.rendering.item_view import ItemView
from tests.screens.rendering.arrangement_items import ARRANGEMENTS
from venue_server.wire.paper_index import (
    FORMAT,
    InteractionIndex,
    ItemIndex,
    PaperIndex,
    SectionIndex,
    StimulusIndex,
)
from venue_server.wire.stream import seal_stream

NS = 'xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"'
MATH = 'xmlns="http://www.w3.org/1998/Math/MathML"'
SITTING = "sitting-7"

ROOT = f"<math {MATH}><mi>x</mi><mo>=</mo><msqrt><mn>2</mn></msqrt></math>"
BLOCK = (
    f'<math {MATH} display="block"><mi>s</mi><mo>=</mo><mfrac><mrow><mn>1</mn></mrow>'
    "<mrow><mi>n</mi></mrow></mfrac><munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn>"
    "</mrow><mi>n</mi></munderover><msub><mi>x</mi><mi>i</mi></msub></math>"
)


def _png(width: int, height: int) -> bytes:
    """A plain grey picture."""
    raw = (b"\0" + b"\x60\x70\x80" * width) * height

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + crc

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")


def tone() -> bytes:
    """A second of silence as WAV."""
    target = io.BytesIO()
    with wave.open(target, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(16000))
    return target.getvalue()


def _choice(attributes: str, fixed_last: bool = False) -> str:
    last = ' fixed="true"' if fixed_last else ""
    return (
        f'<qti-choice-interaction response-identifier="R" {attributes}>'
        "<qti-prompt>下列说法正确的是（　）。</qti-prompt>"
        '<qti-simple-choice identifier="c1">普查是专门组织的全面调查</qti-simple-choice>'
        '<qti-simple-choice identifier="c2"><p>抽样调查是全面调查</p></qti-simple-choice>'
        f'<qti-simple-choice identifier="c3">当 {ROOT} 时成立</qti-simple-choice>'
        f'<qti-simple-choice identifier="c4"{last}>以上都不对</qti-simple-choice>'
        "</qti-choice-interaction>"
    )


def _blank(response_id: str, attributes: str = "") -> str:
    return f'<qti-text-entry-interaction response-identifier="{response_id}" {attributes}/>'


_PICK = ("R", "choice", "single", "identifier")
_LONG = "<p>" + "某企业本年经营情况如下。" * 60 + "</p>"

# item id → (body, interactions, stimuli)
ITEMS: dict[str, tuple[str, list[tuple[str, str, str, str]], list[str]]] = {
    "single": ("<p>题干</p>" + _choice('max-choices="1"'), [_PICK], []),
    "shuffled": (_choice('max-choices="1" shuffle="true"', fixed_last=True), [_PICK], []),
    "multiple": (
        _choice('max-choices="2" min-choices="2"'),
        [("R", "choice", "multiple", "identifier")],
        [],
    ),
    "blanks": (
        "<p>首都是" + _blank("T1", 'expected-length="6"') + "。</p>"
        "<table><tr><th>年份</th><th>增速</th></tr>"
        "<tr><td>2023</td><td>" + _blank("T2") + "</td></tr></table>",
        [("T1", "text-entry", "single", "string"), ("T2", "text-entry", "single", "integer")],
        [],
    ),
    "essay": (
        '<qti-extended-text-interaction response-identifier="E" expected-lines="8">'
        "<qti-prompt>请论述。</qti-prompt></qti-extended-text-interaction>",
        [("E", "extended-text", "single", "string")],
        [],
    ),
    "inline": (
        '<p>总量指标是<qti-inline-choice-interaction response-identifier="I">'
        '<qti-inline-choice identifier="a">时期指标</qti-inline-choice>'
        '<qti-inline-choice identifier="b">Stock</qti-inline-choice>'
        f'<qti-inline-choice identifier="c">{ROOT}</qti-inline-choice>'
        "</qti-inline-choice-interaction>之一。</p>",
        [("I", "inline-choice", "single", "identifier")],
        [],
    ),
    "case": (_choice('max-choices="1"'), [_PICK], ["s1", "s2"]),
    "rich": (
        f'<p>行内 {ROOT} 公式</p>{BLOCK}<p><img src="media/图 1.png" alt="图"/></p>'
        '<p><audio src="media/a.wav"></audio></p><p><ruby>漢<rt>hàn</rt></ruby>'
        "{{constructor.constructor('x')()}} ${7*7}</p>" + _choice('max-choices="1"'),
        [_PICK],
        [],
    ),
}
ITEMS |= ARRANGEMENTS
STIMULI = {"s1": ("案例一", _LONG), "s2": ("附表", "<table><tr><td>一季度</td></tr></table>")}
MEDIA = {"media/图 1.png": _png(120, 80), "media/a.wav": tone()}


def _document(root: str, body: str, content: str) -> bytes:
    return f"<{root} {NS}><{body}>{content}</{body}></{root}>".encode()


Items = Mapping[str, tuple[str, list[tuple[str, str, str, str]], list[str]]]


def _index(sources: Items) -> PaperIndex:
    items = {
        name: ItemIndex(
            name, f"items/{name}.xml", name, stimuli, [InteractionIndex(*one) for one in listed]
        )
        for name, (_, listed, stimuli) in sources.items()
    }
    stimuli = {n: StimulusIndex(n, f"stimuli/{n}.xml", title) for n, (title, _) in STIMULI.items()}
    section = SectionIndex("s", "第一部分", "", list(items))
    return PaperIndex(FORMAT, "p", "A", "01", "试卷", "zh-CN", "seed", [section], items, stimuli)


def _paper(sources: Items, media: Mapping[str, bytes]) -> OpenPaper:
    """A paper, sealed and opened again."""
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as archive:
        archive.writestr("paper.json", msgspec.json.encode(_index(sources)))
        for name, (body, _, _) in sources.items():
            archive.writestr(
                f"items/{name}.xml", _document("qti-assessment-item", "qti-item-body", body)
            )
        for name, (_, body) in STIMULI.items():
            archive.writestr(
                f"stimuli/{name}.xml",
                _document("qti-assessment-stimulus", "qti-stimulus-body", body),
            )
        for name, content in media.items():
            archive.writestr(name, content)
    key = secrets.token_bytes(32)
    opened = open_paper(key, io.BytesIO(b"".join(seal_stream(key, [plain.getvalue()]))))
    assert isinstance(opened, OpenPaper), opened
    return opened


@pytest.fixture(scope="session")
def make_paper() -> Iterator[Callable[[Items, Mapping[str, bytes]], OpenPaper]]:
    """Makes papers of other items: {item id: (body, interactions, stimuli)} and media files."""
    made: list[OpenPaper] = []

    def make(sources: Items, media: Mapping[str, bytes]) -> OpenPaper:
        made.append(_paper(sources, {**MEDIA, **media}))
        return made[-1]

    yield make
    for paper in made:
        paper.close()


@pytest.fixture(scope="session")
def png() -> Callable[[int, int], bytes]:
    """Makes a plain grey picture of a width and height."""
    return _png


@pytest.fixture(scope="session")
def paper(make_paper: Callable[[Items, Mapping[str, bytes]], OpenPaper]) -> OpenPaper:
    """The tests' paper."""
    return make_paper(ITEMS, {})


class Driver:
    """Hands and eyes on one ItemView."""

    def __init__(self, qtbot: Any, view: ItemView, paper: OpenPaper) -> None:
        self.qtbot = qtbot
        self.view = view
        self.paper = paper
        self.answers: list[tuple[str, dict[str, list[str]], dict[str, list[str]]]] = []
        self.violations: list[str] = []
        view.answered.connect(lambda *told: self.answers.append(told))
        view.violated.connect(self.violations.append)

    def show(self, item: str | PreparedItem, values: Mapping[str, list[str]] | None = None) -> None:
        """Show an item and wait until it is painted."""
        prepared = self.paper.item(item, SITTING) if isinstance(item, str) else item
        with self.qtbot.waitSignal(self.view.painted):
            self.view.show_item(prepared, values or {})

    def js(self, code: str, world: int = ISOLATED_WORLD) -> Any:
        """The value of an expression, evaluated in the page."""
        got: list[Any] = []
        self.view._page.runJavaScript(f"JSON.stringify({code})", world, got.append)
        self.qtbot.waitUntil(lambda: bool(got))
        return json.loads(got[0]) if got[0] else None

    @property
    def surface(self) -> QWidget:
        """The widget that takes Chromium's events."""
        proxy = self.view._view.focusProxy()
        assert proxy is not None
        return proxy

    def point(self, selector: str, index: int = 0) -> QPoint:
        """The middle of an element, in widget pixels."""
        box = self.js(
            f"(b => [b.x + b.width / 2, b.y + b.height / 2])"
            f"(document.querySelectorAll({json.dumps(selector)})[{index}].getBoundingClientRect())"
        )
        scale = self.view._page.zoomFactor()
        return QPoint(round(box[0] * scale), round(box[1] * scale))

    def at(self, selector: str, x: float, y: float, index: int = 0) -> QPoint:
        """A place in an element, each way from 0 to 1, in widget pixels."""
        box = self.js(
            f"(b => [b.x, b.y, b.width, b.height])"
            f"(document.querySelectorAll({json.dumps(selector)})[{index}].getBoundingClientRect())"
        )
        scale = self.view._page.zoomFactor()
        return QPoint(int((box[0] + x * box[2]) * scale), int((box[1] + y * box[3]) * scale))

    def press(self, point: QPoint) -> None:
        QTest.mouseClick(self.surface, Qt.MouseButton.LeftButton, pos=point)

    def click(self, selector: str, index: int = 0) -> None:
        QTest.mouseClick(self.surface, Qt.MouseButton.LeftButton, pos=self.point(selector, index))

    def focus(self) -> None:
        """Put the keyboard into the item's first interaction."""
        self.view.focus_item()
        self.qtbot.waitUntil(lambda: self.js("document.activeElement !== document.body"))

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
        QTest.keyClick(self.surface, key, modifier or Qt.KeyboardModifier.NoModifier)

    def type(self, text: str) -> None:
        QTest.keyClicks(self.surface, text)

    def heard(self, event: str, act: Callable[[], None]) -> None:
        """Do it and wait until the page had the event: only then is it known what did not happen.
        Keys and clicks come to the page by another way than what the view tells it."""
        once = "{capture: true, once: true}"
        note = f"addEventListener('{event}', () => globalThis.heard = true, {once})"
        self.js(f"(globalThis.heard = false, {note})")
        act()
        self.wait_js("globalThis.heard")

    def wait_values(self, values: Mapping[str, list[str]]) -> None:
        """Until the newest answer told is exactly this."""
        self.qtbot.waitUntil(lambda: bool(self.answers) and self.answers[-1][1] == values)

    def wait_js(self, code: str) -> None:
        """Until an expression is true in the page."""
        self.qtbot.waitUntil(lambda: bool(self.js(code)))


@pytest.fixture
def driver(qtbot: Any, paper: OpenPaper) -> Iterator[Driver]:
    view = ItemView()
    view.resize(1100, 700)
    view.show()
    view.activateWindow()
    view.set_paper(paper)
    yield Driver(qtbot, view, paper)
    view.dispose()
    view.close()
    view.deleteLater()


@pytest.fixture
def hostile() -> Callable[[str], PreparedItem]:
    """An item whose markup never went through the sanitiser."""

    def make(body: str) -> PreparedItem:
        html = f'<div xmlns="http://www.w3.org/1999/xhtml">{body}</div>'
        return PreparedItem("hostile", "", "zh-CN", html, ())

    return make
