"""``ItemView``: the item area of the answer screen. The only widget that knows the web engine.

Python holds the newest values of every item shown (:mod:`.drafts`); the page draws and reports.
A renderer that dies is replaced and shows the same item with the same values again.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QKeyEvent
from PySide6.QtWebChannel import QWebChannel
from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineSettings
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QVBoxLayout, QWidget

from candidate_station.paper import OpenPaper, PreparedItem
from candidate_station.paper.highlights import marks_of, spans
from candidate_station.rendering.arrangement_labels import ArrangementLabels
from candidate_station.rendering.bridge import Bridge
from candidate_station.rendering.drafts import Draft, Drafts, parse_message
from candidate_station.rendering.engine import ISOLATED_WORLD, PaperPage, PaperProfile
from candidate_station.rendering.graphic_labels import GraphicLabels

TELL_AFTER_MS = 250  # typing pause after which the station is told (H07)
FLUSH_WITHIN_MS = 500  # a page that does not answer is not waited for any longer
RELOAD_AFTER_MS = (0, 200, 1000, 3000)  # after the first, second … death in a row
READY_WITHIN_MS = 5000  # a page that never speaks is loaded again, each time after twice as long
MARKER = Qt.Key.Key_F24  # on no keyboard of a station; the page swallows it
SCHEMES = ("normal", "dark", "soft")
ZOOM_PERCENT = (100, 200)


def translation_file(language: str) -> Path | None:
    """The .qm file of this package for ``language`` (``en``), or None for the source language."""
    path = Path(__file__).with_name(f"rendering_{language}.qm")
    return path if path.exists() else None


class _View(QWebEngineView):
    """A view that nothing can be dropped on."""

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        event.ignore()


class ItemView(QWidget):
    """Shows one prepared item and reports its answers.

    Signals: ``answered(item_id, values, displayed)``: the item's whole answer, at most
    TELL_AFTER_MS after a key stroke, at once otherwise. ``painted(item_id)``: the item is on the
    screen. ``marked(item_id, marks)``: all marks in its text (H05).
    ``renderer_died()``: it is being restored; ``renderer_back()``: it is. ``violated(what)``: the
    content tried what its security policy forbids (the directive), or the page failed
    (``page-error``).
    """

    answered = Signal(str, dict, dict)
    painted = Signal(str)
    marked = Signal(str, list)
    renderer_died = Signal()
    renderer_back = Signal()
    violated = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drafts = Drafts()
        self._marks: dict[str, list[str]] = {}  # by item, as the candidate left them here
        self._marking = False
        self._shown: Draft | None = None
        self._showing = 0  # number of the last drawing of an item
        self._scheme, self._zoom, self._frozen = SCHEMES[0], ZOOM_PERCENT[0], False
        self._ready, self._deaths, self._focus_wanted = False, 0, False
        self._markers = 0  # sent to this page
        self._flushes = 0
        self._waiting: dict[int, Callable[[], None]] = {}
        self._more_labels = self.more_labels()
        self._tell_later = QTimer(self, singleShot=True, interval=TELL_AFTER_MS)
        self._tell_later.timeout.connect(self._tell)
        self._ready_by = QTimer(self, singleShot=True, interval=READY_WITHIN_MS)
        self._ready_by.timeout.connect(self._load_again)
        self._build_engine()
        self._view = _View(self)
        self._view.setPage(self._page)
        self._view.setAcceptDrops(False)
        self._view.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setFocusProxy(self._view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._view)
        self._load()

    def _build_engine(self) -> None:
        # The profile must outlive its page; both live until dispose() or the application's end.
        self._profile = PaperProfile(QCoreApplication.instance())
        self._page = PaperPage(self._profile)
        self._page.renderProcessTerminated.connect(self._on_death)
        self._page.went_away.connect(self._on_went_away)
        self._bridge = Bridge(self)
        self._bridge.page_ready.connect(self._on_ready)
        self._bridge.page_changed.connect(self._on_changed)
        self._bridge.page_settled.connect(self._flushed)
        self._bridge.page_painted.connect(self._on_painted)
        self._bridge.page_marked.connect(self._on_marked)
        self._bridge.page_violated.connect(self.violated)
        channel = QWebChannel(self)
        channel.registerObject("bridge", self._bridge)
        self._page.setWebChannel(channel, ISOLATED_WORLD)
        application = QCoreApplication.instance()
        assert application is not None
        application.aboutToQuit.connect(self.dispose)

    # What the station asks for

    def set_paper(self, paper: OpenPaper | None) -> None:
        """Serve media from ``paper`` from now on. None clears the screen and its memory (G12).

        Answers of the paper before are not told any more: :meth:`flush` first.
        """
        self._tell()
        self._profile.handler.paper = paper
        self._shown, self._drafts, self._marks = None, Drafts(), {}
        self._call_in_turn("clear")

    def show_item(self, prepared: PreparedItem, values: Mapping[str, list[str]]) -> None:
        """Show an item with its present ``values``; what was typed in the one before is told.

        What the candidate did here since :meth:`set_paper` counts more than ``values``, which may
        lag behind. So every sitting begins with ``set_paper``. Asking again for the item on the
        screen changes nothing.
        """
        self._tell()
        drawn = self._shown.values if self._shown else None
        draft = self._drafts.put(prepared, values)
        if draft is self._shown and draft.values == drawn:
            self._call("announce")
            return
        self._shown = draft
        self._show()

    def set_marks(self, item_id: str, marks: Sequence[str]) -> None:
        """The marks of an item that is about to be shown; what was marked here counts more."""
        self._marks.setdefault(item_id, list(marks))

    def set_marking(self, on: bool) -> None:
        """Let the candidate mark words of the item's text, or no more (H05)."""
        self._marking = on
        if on:
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        self._call("setMarking", on)

    def set_zoom(self, percent: int) -> None:
        """100 to 200 per cent (H05); the page reflows."""
        self._zoom = max(ZOOM_PERCENT[0], min(ZOOM_PERCENT[1], percent))
        self._page.setZoomFactor(self._zoom / 100)

    def set_scheme(self, name: str) -> None:
        """One of SCHEMES."""
        assert name in SCHEMES, name
        self._scheme = name
        self._call("setScheme", name)

    def set_frozen(self, frozen: bool) -> None:
        """Freeze or thaw the input; reading and scrolling go on. What was typed is told."""
        self._tell()
        self._frozen = frozen
        self._call_in_turn("setFrozen", frozen)

    def focus_item(self) -> None:
        """Move the keyboard focus to the item's first interaction."""
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        self._focus_wanted = not self._ready
        self._call("focusFirst")

    def flush(self, then: Callable[[], None] | None = None) -> None:
        """Tell everything typed. ``then`` is called once the page has confirmed it, or after
        FLUSH_WITHIN_MS when it does not answer; what had reached us is told in either case."""
        self._tell()
        self._flushes += 1
        number = self._flushes
        if then is not None:
            self._waiting[number] = then
        QTimer.singleShot(
            FLUSH_WITHIN_MS if self._ready else 0, self, partial(self._flushed, number)
        )
        self._call_in_turn("settle", number)

    def _flushed(self, number: int) -> None:
        self._tell()
        if then := self._waiting.pop(number, None):
            then()

    def renderer_pid(self) -> int:
        """Process id of the renderer, for :func:`.chromium.renderer_is_confined`; 0 when none."""
        return self._page.renderProcessPid()

    def allow_measuring(self) -> None:
        """Let :meth:`run` read canvases back, as no candidate's page may. Calibration only."""
        self._page.settings().setAttribute(
            QWebEngineSettings.WebAttribute.ReadingFromCanvasEnabled, True
        )

    def run(self, code: str, then: Callable[[object], None] | None = None) -> None:
        """Run a script of the program in the page's isolated world; ``then`` gets its value.

        For the calibration, which looks at what was drawn. Never for anything from a paper.
        """
        if then is None:
            self._page.runJavaScript(code, ISOLATED_WORLD)
        else:
            self._page.runJavaScript(code, ISOLATED_WORLD, then)

    def dispose(self) -> None:
        """Take the engine down in the only order it bears: view, page, profile."""
        if not shiboken6.isValid(self._profile):
            return
        self._ready = False
        self._tell_later.stop()
        self._ready_by.stop()
        self._profile.handler.stop()
        for part in (self._view, self._page, self._profile):
            if shiboken6.isValid(part):
                shiboken6.delete(part)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._call("setLabels", self._labels())
            if self._shown is not None:
                self._show()
        super().changeEvent(event)

    # Towards the page

    def _call(self, name: str, *arguments: object) -> None:
        """Call ``kaodian.name(arguments)``; a page that is not ready yet is told all by itself."""
        if self._ready:
            # ensure_ascii keeps the text a plain JavaScript literal, whatever it contains.
            code = f"kaodian.{name}({', '.join(json.dumps(argument) for argument in arguments)})"
            self._page.runJavaScript(code, ISOLATED_WORLD)

    def _call_in_turn(self, name: str, *arguments: object) -> None:
        """As :meth:`_call`, but behind every key stroke that was made before (main.js, MARKER)."""
        self._markers += 1
        if (surface := self._view.focusProxy()) is not None and self._ready:
            # Given to the widget itself: event filters are for the candidate's keys.
            surface.event(QKeyEvent(QEvent.Type.KeyPress, MARKER, Qt.KeyboardModifier.NoModifier))
        self._call(name, self._markers, *arguments)

    def _show(self) -> None:
        assert self._shown is not None
        if not self._ready:
            return
        self._showing += 1
        self._drafts.drawn(self._showing, self._shown)
        prepared = self._shown.prepared.to_builtins()
        values = list(self._shown.values.items())
        places = list(self._shown.places.items())
        marks = spans(self._marks.get(self._shown.prepared.item_id, [])) or []
        self._call_in_turn("show", self._showing, prepared, values, places, marks)

    def _labels(self) -> dict[str, str]:
        return {
            "choose": self.tr("请选择"),
            "choose_several": self.tr("多选题"),
            "choose_exactly": self.tr("多选题，选 {n} 项"),
            "choose_at_least": self.tr("至少选 {n} 项"),
            "choose_at_most": self.tr("最多选 {n} 项"),
            "comma": self.tr("，"),
            "blank": self.tr("填空"),
            "essay": self.tr("作答区"),
            "characters": self.tr("字数 {n}"),
            "check_format": self.tr("请检查格式"),
            "material": self.tr("材料 {n}"),
            "question": self.tr("试题"),
        } | {name: text for labels in self._more_labels for name, text in labels.texts().items()}

    def more_labels(self) -> tuple[ArrangementLabels | GraphicLabels, ...]:
        """The words of further kinds of interaction, each a translation context of its own."""
        return ArrangementLabels(self), GraphicLabels(self)

    # From the page

    def _on_ready(self) -> None:
        """A fresh page: give it the whole state again."""
        self._ready, self._markers = True, 0
        self._ready_by.stop()
        self._ready_by.setInterval(READY_WITHIN_MS)
        self._page.setZoomFactor(self._zoom / 100)
        self._call("setLabels", self._labels())
        self._call("setScheme", self._scheme)
        self._call_in_turn("setFrozen", self._frozen)
        if self._shown is not None:
            self._show()
        if self._marking:
            self._call("setMarking", True)
        if self._focus_wanted:
            self.focus_item()
        if self._deaths:
            self.renderer_back.emit()

    def _on_changed(self, raw: str) -> None:
        message = parse_message(raw)
        draft = self._drafts.absorb(message)
        if draft is not None and draft is self._shown and message["showing"] != self._showing:
            self._show()  # typed just before this very item was drawn again: draw what is true
        if message.get("settled"):
            self._tell()
        elif not self._tell_later.isActive():
            self._tell_later.start()

    def _tell(self) -> None:
        self._tell_later.stop()
        for draft in self._drafts.untold():
            self.answered.emit(draft.prepared.item_id, draft.values, draft.prepared.displayed)

    def _on_painted(self, item_id: str) -> None:
        self._deaths = 0
        if self._shown is not None and self._shown.prepared.item_id == item_id:
            self.painted.emit(item_id)

    def _on_marked(self, raw: str) -> None:
        message = parse_message(raw)
        item_id, marks = message.get("item_id"), marks_of(message.get("marks"))
        known = isinstance(item_id, str) and item_id in self._drafts.by_item
        if known and marks is not None and marks != self._marks.get(str(item_id)):
            self._marks[str(item_id)] = marks
            self.marked.emit(item_id, marks)

    # Losing the page and getting it back

    def _load(self, at_once: bool = False) -> None:
        self._page.load_page(at_once)
        self._ready_by.start()

    def _load_again(self) -> None:
        self._ready_by.setInterval(self._ready_by.interval() * 2)
        self._load(at_once=True)

    def _lost(self, back_after_ms: int) -> None:
        self._ready = False
        self._tell()
        # Never from inside the engine's own signal: a load begun there may be cancelled.
        QTimer.singleShot(back_after_ms, self._page, self._load)

    def _on_went_away(self) -> None:
        if self._ready:
            self._lost(0)

    def _on_death(self, status: QWebEnginePage.RenderProcessTerminationStatus, code: int) -> None:
        delay = RELOAD_AFTER_MS[min(self._deaths, len(RELOAD_AFTER_MS) - 1)]
        self._deaths += 1
        self._lost(delay)
        self.renderer_died.emit()
