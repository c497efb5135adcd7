"""Serves ``kaodian-paper://paper/…`` from memory: the page itself and the paper's media.

    /page/index.html, /page/style.css    package data of this folder
    /file/<path>                         a media file of the paper that is set

Media are decrypted on a thread of the handler's own pool, never on the GUI thread.
"""

from importlib.resources import files
from itertools import count
from urllib.parse import unquote

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QThreadPool, QUrl, Signal
from PySide6.QtWebEngineCore import QWebEngineUrlRequestJob, QWebEngineUrlSchemeHandler

from candidate_station.paper import OpenPaper, PaperUnreadableError
from candidate_station.paper.description import FILE_PREFIX, PAPER_HOST, PAPER_SCHEME

PAGE_URL = QUrl(f"{PAPER_SCHEME}://{PAPER_HOST}/page/index.html")
STYLE_FILES = (
    "base.css",
    "interactions.css",
    "arrangements.css",
    "schemes.css",
    "highlight.css",
    "graphic.css",
)

# No script at all in the page's own world: ours runs in an isolated one (engine.py).
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        f"style-src {PAPER_SCHEME}:",
        f"img-src {PAPER_SCHEME}:",
        f"media-src {PAPER_SCHEME}:",
        "script-src 'none'",
        "connect-src 'none'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
_PAGE = f"""<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"/>
<meta http-equiv="Content-Security-Policy" content="{CONTENT_SECURITY_POLICY}"/>
<title>-</title><link rel="stylesheet" href="style.css"/></head>
<body><main id="kd-root"></main></body></html>
"""


def read_page_file(name: str) -> str:
    """A script or style sheet of this folder."""
    return (files(__package__) / name).read_text(encoding="utf-8")


def _page_file(name: str) -> tuple[bytes, str] | None:
    if name == "index.html":
        # The meta tag cannot carry frame-ancestors; the header does.
        return _PAGE.replace("; frame-ancestors 'none'", "").encode(), "text/html"
    if name == "style.css":
        return "\n".join(map(read_page_file, STYLE_FILES)).encode(), "text/css"
    return None


class PaperSchemeHandler(QWebEngineUrlSchemeHandler):
    """Answers requests of the one page. ``paper`` None serves no media at all (G12)."""

    _fetched = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.paper: OpenPaper | None = None
        self._jobs: dict[int, QWebEngineUrlRequestJob] = {}
        self._numbers = count()
        self._pool = QThreadPool()
        self._pool.setMaxThreadCount(2)
        self._fetched.connect(self._answer)

    def requestStarted(self, job: QWebEngineUrlRequestJob) -> None:
        path = unquote(job.requestUrl().path(QUrl.ComponentFormattingOption.FullyEncoded))
        if bytes(job.requestMethod().data()) != b"GET" or job.requestUrl().host() != PAPER_HOST:
            job.fail(QWebEngineUrlRequestJob.Error.RequestDenied)
            return
        number = next(self._numbers)
        self._jobs[number] = job
        job.destroyed.connect(lambda: self._jobs.pop(number, None))
        if path.startswith("/page/"):
            self._answer(number, _page_file(path.removeprefix("/page/")))
        else:
            paper = self.paper
            self._pool.start(lambda: self._fetch(number, paper, path))

    def _fetch(self, number: int, paper: OpenPaper | None, path: str) -> None:
        """On a pool thread."""
        found = None
        if paper is not None and path.startswith(FILE_PREFIX):
            try:
                found = paper.file(path.removeprefix(FILE_PREFIX))
            except PaperUnreadableError:
                found = None  # shown as a missing picture; the candidate calls the invigilator
        self._fetched.emit(number, found)

    def _answer(self, number: int, found: tuple[bytes, str] | None) -> None:
        job = self._jobs.get(number)
        if job is None:  # the page went on meanwhile
            return
        if found is None:
            job.fail(QWebEngineUrlRequestJob.Error.UrlNotFound)
            return
        content, mime = found
        buffer = QBuffer(self)
        buffer.setData(QByteArray(content))
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        job.destroyed.connect(buffer.deleteLater)
        # A multi-map: lists of values, whatever the stub says (a bare value is cut into letters).
        headers = {QByteArray(k.encode()): [QByteArray(v.encode())] for k, v in _HEADERS.items()}
        job.setAdditionalResponseHeaders(headers)  # type: ignore[arg-type]
        job.reply(QByteArray(mime.encode()), buffer)

    def stop(self) -> None:
        """Wait for the pool; nothing is answered afterwards."""
        self._jobs.clear()
        self._pool.clear()
        self._pool.waitForDone()
