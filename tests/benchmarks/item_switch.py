# ruff: noqa: E402  # the engine's environment comes before Qt is used at all
"""P8: from the key to the first item on the screen, and from one item to the next.

The station's own item area, drawn offscreen, over a paper of 60 items with a picture each (20 MB;
short: 10 items, 1 MB). The engine is up before the key comes, as on the day. Floor for the first
item: decrypting the whole paper and loading a bare page with the same item. Memory is the
proportional share (PSS) of this process and Chromium's, after all switches.
"""

import io
import os
import secrets
import struct
import sys
import time
import zipfile
import zlib

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from candidate_station.rendering.chromium import prepare_environment

prepare_environment(test_no_sandbox=os.geteuid() == 0)

import msgspec
import psutil
import shiboken6
from measuring import Figure, median, options, percentile, report, say
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QApplication

from candidate_station.paper import OpenPaper, open_paper
from candidate_station.rendering.item_view import ItemView
from venue_server.wire.paper_index import (
    FORMAT,
    InteractionIndex,
    ItemIndex,
    PaperIndex,
    SectionIndex,
)
from venue_server.wire.stream import StreamReader, seal_stream

NAMESPACE = 'xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"'
PATIENCE_MS = 20_000
SITTING = "benchmark"


def picture(width: int, height: int) -> bytes:
    """A PNG of noise, which no compression makes smaller."""
    raw = b"".join(b"\0" + secrets.token_bytes(3 * width) for _ in range(height))

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + crc

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(raw, 0)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def _item(name: str) -> bytes:
    choices = "".join(
        f'<qti-simple-choice identifier="c{n}">选项{n}：统计调查的方式之一</qti-simple-choice>'
        for n in range(4)
    )
    return (
        f"<qti-assessment-item {NAMESPACE}><qti-item-body>"
        f"<p>{'某企业本年经营情况如下图所示。' * 12}</p>"
        f'<p><img src="media/{name}.png" alt="图"/></p>'
        f'<qti-choice-interaction response-identifier="R" max-choices="1" shuffle="true">'
        f"<qti-prompt>下列说法正确的是（　）。</qti-prompt>{choices}</qti-choice-interaction>"
        "</qti-item-body></qti-assessment-item>"
    ).encode()


def make_paper(key: bytes, items: int, width: int, height: int) -> tuple[bytes, list[str]]:
    """The sealed paper and its items' names."""
    names = [f"Q{number:02d}" for number in range(items)]
    interaction = InteractionIndex("R", "choice", "single", "identifier")
    index = {name: ItemIndex(name, f"items/{name}.xml", name, [], [interaction]) for name in names}
    section = SectionIndex("s", "第一部分", "", names)
    paper = PaperIndex(FORMAT, "p", "A", "01", "试卷", "zh-CN", "seed", [section], index, {})
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as archive:
        archive.writestr("paper.json", msgspec.json.encode(paper))
        for name in names:
            archive.writestr(f"items/{name}.xml", _item(name))
            archive.writestr(f"media/{name}.png", picture(width, height))
    return b"".join(seal_stream(key, [plain.getvalue()])), names


class Watch:
    """Shows items and measures until they are painted."""

    def __init__(self, view: ItemView) -> None:
        self._view = view
        self._wanted = ""
        self._loop = QEventLoop()
        self._late = QTimer(singleShot=True, interval=PATIENCE_MS)
        self._late.timeout.connect(self._too_late)
        self._ok = True
        view.painted.connect(self._painted)

    def _painted(self, name: str) -> None:
        if name == self._wanted:
            self._loop.quit()

    def _too_late(self) -> None:
        self._ok = False
        self._loop.quit()

    def show(self, paper: OpenPaper, name: str) -> None:
        """Prepare and show one item; returns when it is on the screen."""
        self._wanted = name
        self._late.start()
        self._view.show_item(paper.item(name, SITTING), {})
        self._loop.exec()
        self._late.stop()
        assert self._ok, f"{name} was not painted"


def _open(key: bytes, sealed: bytes) -> OpenPaper:
    opened = open_paper(key, io.BytesIO(sealed))
    assert isinstance(opened, OpenPaper), opened
    return opened


def first_items(
    view: ItemView, watch: Watch, key: bytes, sealed: bytes, name: str, runs: int
) -> list[float]:
    """Milliseconds from the key to the first item, each time from an empty screen."""
    taken = []
    for _ in range(runs):
        began = time.perf_counter()
        paper = _open(key, sealed)
        view.set_paper(paper)
        watch.show(paper, name)
        taken.append((time.perf_counter() - began) * 1000)
        view.set_paper(None)
        paper.close()
    return taken


def bare(key: bytes, sealed: bytes, name: str, runs: int) -> list[float]:
    """Milliseconds to decrypt everything and to load a bare page with the item's markup."""
    profile = QWebEngineProfile()
    page, view = QWebEnginePage(profile), QWebEngineView()
    view.setPage(page)
    view.resize(1100, 700)
    view.show()
    paper = _open(key, sealed)
    html = f"<!doctype html><meta charset=utf-8>{paper.item(name, SITTING).html}"
    paper.close()
    taken = []
    for number in range(runs + 1):
        loop = QEventLoop()
        view.loadFinished.connect(loop.quit)
        began = time.perf_counter()
        reader = StreamReader(key, io.BytesIO(sealed))
        while reader.read(1 << 17):
            pass
        view.setHtml(html)
        loop.exec()
        if number:  # the first starts the engine
            taken.append((time.perf_counter() - began) * 1000)
    for part in (view, page, profile):  # the only order the engine bears
        shiboken6.delete(part)
    return taken


def switches(watch: Watch, paper: OpenPaper, names: list[str], count: int) -> list[float]:
    """Milliseconds of each switch to the next item, to painted; the first round is not counted."""
    taken = []
    for number in range(len(names) + count):
        began = time.perf_counter()
        watch.show(paper, names[number % len(names)])
        if number >= len(names):
            taken.append((time.perf_counter() - began) * 1000)
    return taken


def memory() -> float:
    """MB of this process and everything it started, shared pages by their share."""
    own = psutil.Process()
    return sum(each.memory_full_info().pss for each in (own, *own.children(recursive=True))) / 1e6


def main() -> None:
    """Measure and print."""
    chosen = options(__doc__ or "").parse_args()
    application = QApplication(sys.argv[:1])
    items, width, height = (10, 190, 180) if chosen.short else (60, 400, 280)
    key = secrets.token_bytes(32)
    sealed, names = make_paper(key, items, width, height)
    say(f"paper of {len(sealed) / 1e6:.1f} MB, {items} items")
    view = ItemView()
    view.resize(1100, 700)
    view.show()
    watch = Watch(view)
    first_items(view, watch, key, sealed, names[0], 1)  # the engine is up
    firsts = first_items(view, watch, key, sealed, names[0], 5)
    paper = _open(key, sealed)
    view.set_paper(paper)
    taken = switches(watch, paper, names, 50 if chosen.short else 500)
    held = memory()
    floors = bare(key, sealed, names[0], 5)
    say(
        f"first item {min(firsts):.0f} to {max(firsts):.0f} ms, bare {median(floors):.0f} ms; "
        f"switch p99 {percentile(taken, 0.99):.1f} ms"
    )
    first = median(firsts)
    figures = [
        Figure("P8 key to first item", first, "ms", "<= 500 ms", first / median(floors)),
        Figure(f"P8 item area after {len(taken)} switches", held, "MB", "<= 450 MB"),
        Figure("P8 item switch", median(taken), "ms", "<= 30 ms"),
    ]
    view.dispose()
    paper.close()
    application.processEvents()
    report(*figures)


if __name__ == "__main__":
    main()
