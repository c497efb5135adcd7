"""Shows the calibration paper in the real engine, out of sight, and looks at it (D16).

A view of its own, never the candidate's: it is taken down when the run ends or is cancelled, so
nothing of it is left when answering begins. Everything happens in small steps between events.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPainter

from candidate_station.inspection import calibration_source as source
from candidate_station.inspection.calibration_reference import Digests
from candidate_station.inspection.calibration_verdict import (
    Expected,
    Seen,
    Sight,
    judge,
    not_finished,
)
from candidate_station.inspection.digest import difference, digest
from candidate_station.rendering.item_view import ItemView
from candidate_station.rendering.untranslated import UntranslatedItemView

LAYOUT_ZOOMS = (100, 150, 200)
DIGEST_ZOOMS = (100, 150)
DIGEST_SIZE = QSize(1000, 700)
# What the answer page keeps for itself around the item, by zoom; from 150 % on it grows no more.
FRAME = {100: QSize(274, 229), 150: QSize(399, 307), 200: QSize(399, 307)}
PAGE_WITHIN_MS = 15_000
MEDIA_WITHIN_MS = 5_000
POLL_MS = 20
GRABS = 150  # at most, until a page's picture is of now and steady
STEADY_FOR = 3  # grabs in a row that must be the same
SAME_BELOW = 0.2  # difference of two grabs of the same picture
MARK_PX = 12  # side of the spot that measure.js puts into the corner, in CSS pixels


@dataclass(frozen=True)
class _Page:
    """One showing: an item at a zoom and a size; looked at, or digested."""

    item_id: str
    zoom: int
    size: QSize
    look: bool
    first: bool  # the first look at the item: characters and media as well


class Calibration(QObject):
    """One run. ``finished`` carries the results, in a tuple; a cancelled run is silent.

    ``screen`` is the size of the display the layout is checked for; ``reference`` what
    :func:`.calibration_reference.load_reference` gives.
    """

    finished = Signal(object)

    def __init__(self, screen: QSize, reference: Digests, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._screen, self._reference = screen, reference
        self._paper = source.open_calibration()
        self._glyphs = source.glyphs()
        self._measure = (files(__package__) / "measure.js").read_text(encoding="utf-8")
        self.seen = Seen()
        self._pages = self._plan()
        self._page: _Page | None = None
        self._shown = 0  # pages shown so far
        self._newest, self._same, self._grabs = b"", 0, 0
        self._view: ItemView | None = None
        self._poll = QTimer(self, interval=POLL_MS)
        self._poll.timeout.connect(self._ask)
        self._deadline = QTimer(self, singleShot=True, interval=PAGE_WITHIN_MS)
        self._deadline.timeout.connect(lambda: self._fail("timeout"))

    def start(self) -> None:
        """Begin; everything after this happens in the event loop."""
        self._view = UntranslatedItemView()
        self._view.allow_measuring()
        self._view.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        self._view.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._view.painted.connect(self._on_painted)
        self._view.renderer_died.connect(lambda: self._fail("renderer died"))
        self._view.violated.connect(lambda what: self._fail(f"violated: {what}"))
        self._view.set_paper(self._paper)
        self._next()
        self._view.show()

    def cancel(self) -> None:
        """Take everything down at once; ``finished`` does not come. Never from a call of the view
        itself. Not by deleteLater: at the station's end no event loop would come to it."""
        self._poll.stop()
        self._deadline.stop()
        view, self._view = self._view, None
        if view is not None:
            view.blockSignals(True)
            view.dispose()
            shiboken6.delete(view)
            self._paper.close()

    def _plan(self) -> Iterator[_Page]:
        items = self._paper.item_ids
        for number, zoom in enumerate(LAYOUT_ZOOMS):
            for item_id in items:
                yield _Page(item_id, zoom, self._screen - FRAME[zoom], True, number == 0)
        for zoom in DIGEST_ZOOMS:
            for item_id in items:
                yield _Page(item_id, zoom, DIGEST_SIZE, False, False)

    def _next(self) -> None:
        assert self._view is not None
        self._page = next(self._pages, None)
        if self._page is None:
            self._finish(judge(self.seen, self._expected()))
            return
        self._shown += 1
        self._view.resize(self._page.size)
        self._view.set_zoom(self._page.zoom)
        self._deadline.start()
        self._view.show_item(self._paper.item(self._page.item_id, source.SITTING), {})

    def _on_painted(self, item_id: str) -> None:
        page = self._page
        if page is None or page.item_id != item_id or self._poll.isActive() or self._view is None:
            return
        wanted = {
            "width": round(page.size.width() * 100 / page.zoom),
            "zoom": page.zoom,
            "look": page.look,
            "mark": _mark(self._shown),
            "media_within_ms": MEDIA_WITHIN_MS if page.first else 0,
            "glyphs": self._glyphs if page.first and item_id == self._paper.item_ids[0] else "",
        }
        self._view.run(f"({self._measure})({json.dumps(wanted)}); null")
        self._newest, self._same, self._grabs = b"", 0, 0
        self._poll.start()

    def _ask(self) -> None:
        if self._view is not None:
            self._view.run("globalThis.kaodianMeasured", self._told)

    def _told(self, raw: Any) -> None:
        """The page's findings; nothing while it is still looking."""
        if not isinstance(raw, str) or not raw or self._page is None or not self._poll.isActive():
            return
        found = json.loads(raw)
        if failed := found.get("failed"):
            self._fail(failed)
            return
        if self._page.look:
            self.seen.sights.append(_sight(self._page, found))
        elif not self._digested(self._page):
            return
        self._poll.stop()
        self._deadline.stop()
        self._next()

    def _digested(self, page: _Page) -> bool:
        """Grab until the picture is of now and steady; True when its digest is kept.

        The engine hands frames over when it likes: the first grabs may show the page before, or
        none. One that never comes leaves no digest, which counts as far from the reference.
        """
        assert self._view is not None
        image = self._view.grab().toImage()
        self._grabs += 1
        if not _is_marked(image, page, self._shown):
            return self._grabs >= GRABS
        grid = digest(image)
        self._same = self._same + 1 if difference(self._newest, grid) <= SAME_BELOW else 1
        self._newest = grid
        if self._same < STEADY_FOR and self._grabs < GRABS:
            return False
        self.seen.digests.setdefault(page.zoom, {})[page.item_id] = grid
        return True

    def _expected(self) -> Expected:
        answers = {
            item_id: tuple(one.response_id for one in self._paper.index.items[item_id].interactions)
            for item_id in self._paper.item_ids
        }
        zooms = "/".join(map(str, LAYOUT_ZOOMS))
        place = f"{self._screen.width()}×{self._screen.height()} {zooms}%"
        return Expected(
            answers, source.PICTURES, source.MEDIA, len(self._glyphs), self._reference, place
        )

    def _fail(self, why: str) -> None:
        where = f" ({self._page.item_id}@{self._page.zoom}%)" if self._page else ""
        self._finish((not_finished(why + where),))

    def _finish(self, results: tuple[object, ...]) -> None:
        """Later: we are inside a call of the very engine that is to be taken down."""
        self._poll.stop()
        self._deadline.stop()
        QTimer.singleShot(0, self, lambda: self._finish_now(results))

    def _finish_now(self, results: tuple[object, ...]) -> None:
        if self._view is None:
            return
        self.cancel()
        self.finished.emit(results)


def _sight(page: _Page, found: dict[str, Any]) -> Sight:
    return Sight(
        item_id=page.item_id,
        zoom=page.zoom,
        answers=tuple(found["answers"]),
        undrawn=found["undrawn"],
        pictures={name: (size[0], size[1]) for name, size in found["pictures"].items()},
        media=found["media"],
        overflowing=tuple(found["overflowing"]),
        misplaced=tuple(found["misplaced"]),
        missing=found["missing"],
        sized=found["sized"],
    )


def _mark(number: int) -> tuple[int, int, int]:
    """A colour of this showing's own, far from that of the showings around it."""
    return 20 + 40 * (number % 6), 20 + 40 * (number // 6 % 6), 200


def _is_marked(image: QImage, page: _Page, number: int) -> bool:
    """True when the corner holds this showing's spot, which is then painted over."""
    side = round(MARK_PX * page.zoom / 100 * image.devicePixelRatio())
    found = image.pixelColor(image.width() - side // 2, image.height() - side // 2)
    apart = zip((found.red(), found.green(), found.blue()), _mark(number), strict=True)
    if any(abs(one - other) > 8 for one, other in apart):
        return False
    image.setDevicePixelRatio(1)
    painter = QPainter(image)
    painter.fillRect(image.width() - side, image.height() - side, side, side, Qt.GlobalColor.white)
    painter.end()
    return True
