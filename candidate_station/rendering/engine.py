"""The locked engine behind ``ItemView``: profile, page and request filter.

Nothing is kept (off the record), nothing is reachable but the paper, the page cannot be left,
and no window, dialog, download, permission or tool can be opened from it. Our scripts run in an
isolated world that content cannot reach; the page's own world has no script at all.
"""

from PySide6.QtCore import QFile, QIODevice, QObject, QTimer, QUrl, Signal
from PySide6.QtWebChannel import QWebChannel  # noqa: F401  # registers its resource
from PySide6.QtWebEngineCore import (
    QWebEngineDownloadRequest,
    QWebEngineFileSystemAccessRequest,
    QWebEngineFullScreenRequest,
    QWebEnginePage,
    QWebEnginePermission,
    QWebEngineProfile,
    QWebEngineRegisterProtocolHandlerRequest,
    QWebEngineScript,
    QWebEngineSettings,
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
)

from candidate_station.paper.description import PAPER_HOST, PAPER_SCHEME
from candidate_station.rendering.scheme import PAGE_URL, PaperSchemeHandler, read_page_file

ISOLATED_WORLD = QWebEngineScript.ScriptWorldId.ApplicationWorld.value
SCRIPT_FILES = (
    "dom.js",
    "parts.js",
    "choice.js",
    "inline_choice.js",
    "text.js",
    "match.js",
    "order.js",
    "gap_match.js",
    "hottext.js",
    "associate.js",
    "slider.js",
    "graphic.js",
    "graphic_drag.js",
    "graphic_gap.js",
    "select_point.js",
    "media.js",
    "layout.js",
    "highlight.js",
    "guard.js",
    "main.js",
)

# Playing needs no gesture: only media.js ever starts one, where the paper asks for it.
_ON = (
    QWebEngineSettings.WebAttribute.AutoLoadImages,
    QWebEngineSettings.WebAttribute.JavascriptEnabled,
    QWebEngineSettings.WebAttribute.ShowScrollBars,
    QWebEngineSettings.WebAttribute.WebRTCPublicInterfacesOnly,
    QWebEngineSettings.WebAttribute.LinksIncludedInFocusChain,
)


class _OnlyThePaper(QWebEngineUrlRequestInterceptor):
    """Blocks every request that is not for the paper."""

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        url = info.requestUrl()
        if url.scheme() != PAPER_SCHEME or url.host() != PAPER_HOST:
            info.block(True)


def _script() -> str:
    """Qt's own client of QWebChannel and our modules, to run once per page."""
    channel = QFile(":/qtwebchannel/qwebchannel.js")
    assert channel.open(QIODevice.OpenModeFlag.ReadOnly)
    parts = [bytes(channel.readAll().data()).decode(), *map(read_page_file, SCRIPT_FILES)]
    return "\n".join(('(function () {\n"use strict";', *parts, "})();"))


def lock_settings(settings: QWebEngineSettings) -> None:
    """Switch off every attribute of the engine but the few that drawing needs.

    An attribute that a newer engine adds is therefore off as well.
    """
    for attribute in QWebEngineSettings.WebAttribute:
        settings.setAttribute(attribute, attribute in _ON)
    settings.setUnknownUrlSchemePolicy(
        QWebEngineSettings.UnknownUrlSchemePolicy.DisallowUnknownUrlSchemes
    )
    settings.setDefaultTextEncoding("utf-8")


class PaperProfile(QWebEngineProfile):
    """Off the record, no cache, no cookies, no downloads, no spelling help."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        assert self.isOffTheRecord()
        self.setHttpCacheType(QWebEngineProfile.HttpCacheType.NoCache)
        self.setPersistentCookiesPolicy(
            QWebEngineProfile.PersistentCookiesPolicy.NoPersistentCookies
        )
        self.setPersistentPermissionsPolicy(
            QWebEngineProfile.PersistentPermissionsPolicy.AskEveryTime
        )
        self.setSpellCheckEnabled(False)
        self.setPushServiceEnabled(False)
        self._interceptor = _OnlyThePaper(self)
        self.setUrlRequestInterceptor(self._interceptor)
        self.handler = PaperSchemeHandler(self)
        self.installUrlSchemeHandler(PAPER_SCHEME.encode(), self.handler)
        self.downloadRequested.connect(self._refuse_download)

    @staticmethod
    def _refuse_download(request: QWebEngineDownloadRequest) -> None:
        request.cancel()


class PaperPage(QWebEnginePage):
    """The one page; it shows ``PAGE_URL`` and can go nowhere else.

    ``went_away``: it did all the same and must be loaded afresh.
    """

    went_away = Signal()

    def __init__(self, profile: PaperProfile) -> None:
        super().__init__(profile)
        lock_settings(self.settings())
        self._script = _script()
        self._may_load = False
        self._loading = self._load_wanted = False
        self.loadStarted.connect(self._note_loading)
        self.loadFinished.connect(self._note_loaded)
        self.renderProcessTerminated.connect(self._note_loaded)
        # Not as a QWebEngineScript: one in six renderers that replace a dead one never runs them.
        self.loadFinished.connect(self._run_script)
        self.urlChanged.connect(self._notice_leaving)
        self.permissionRequested.connect(self._deny)
        self.fullScreenRequested.connect(self._refuse_full_screen)
        self.fileSystemAccessRequested.connect(self._refuse_files)
        self.registerProtocolHandlerRequested.connect(self._refuse_protocol)

    def load_page(self, at_once: bool = False) -> None:
        """Load the page afresh; the only navigation that is ever accepted.

        One begun while another load is just ending is lost without a word (one about:blank in
        six), so it waits for that end; ``at_once`` is for a load that never ends.
        """
        self._load_wanted = self._loading and not at_once
        if not self._load_wanted:
            self._may_load = True
            self.load(PAGE_URL)

    def _note_loading(self) -> None:
        self._loading = True

    def _note_loaded(self, *_: object) -> None:
        self._loading = False
        if self._load_wanted:
            # Never from inside the engine's own signal: a load begun there may be cancelled.
            QTimer.singleShot(0, self, self._load_as_wanted)

    def _load_as_wanted(self) -> None:
        if self._load_wanted:
            self.load_page()

    def acceptNavigationRequest(
        self, url: QUrl | str, kind: QWebEnginePage.NavigationType, is_main_frame: bool
    ) -> bool:
        accepted = self._may_load and is_main_frame and QUrl(url) == PAGE_URL
        self._may_load = False
        return accepted

    def _run_script(self, loaded: bool) -> None:
        if loaded and self.url() == PAGE_URL:
            self.runJavaScript(self._script, ISOLATED_WORLD)

    def _notice_leaving(self, url: QUrl) -> None:
        """about:blank and history.pushState are never asked about; the view undoes them."""
        if url != PAGE_URL and not url.isEmpty():
            self.went_away.emit()

    def createWindow(  # type: ignore[override]  # None: no window
        self, kind: QWebEnginePage.WebWindowType
    ) -> None:
        return None

    def chooseFiles(self, *_: object) -> list[str]:
        return []

    def javaScriptAlert(self, *_: object) -> None:
        return None

    def javaScriptConfirm(self, *_: object) -> bool:
        return False

    def javaScriptPrompt(self, *_: object) -> tuple[bool, str]:
        return False, ""

    def javaScriptConsoleMessage(self, *_: object) -> None:
        """Nothing from the page reaches a log: it could quote the paper (O03)."""

    @staticmethod
    def _deny(permission: QWebEnginePermission) -> None:
        permission.deny()

    @staticmethod
    def _refuse_full_screen(request: QWebEngineFullScreenRequest) -> None:
        request.reject()

    @staticmethod
    def _refuse_files(request: QWebEngineFileSystemAccessRequest) -> None:
        request.reject()

    @staticmethod
    def _refuse_protocol(request: QWebEngineRegisterProtocolHandlerRequest) -> None:
        request.reject()
