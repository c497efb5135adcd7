"""Nothing gets out, nothing comes in, a dead renderer comes back (O03, G12)."""

import os
import select
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineSettings
from PySide6.QtWidgets import QApplication

from candidate_station.rendering.engine import PaperPage
from candidate_station.rendering.item_view import ItemView
from candidate_station.rendering.scheme import PAGE_URL

MAIN_WORLD = 0


@pytest.fixture
def listener() -> Iterator[tuple[socket.socket, socket.socket]]:
    """A TCP and a UDP socket on the same local port that somebody might call."""
    with (
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
    ):
        udp.bind(tcp.getsockname())
        yield tcp, udp


def _nobody_called(sockets: tuple[socket.socket, ...]) -> bool:
    """Give callers half a second; returns at once when one comes."""
    return select.select(sockets, [], [], 0.5)[0] == []


HOSTILE = """
<link rel="preconnect" href="{u}"/><link rel="dns-prefetch" href="{u}"/>
<link rel="stylesheet" href="{u}/a.css"/><link rel="prefetch" href="{u}/b"/>
<link rel="preload" as="image" href="{u}/c"/><link rel="modulepreload" href="{u}/d.js"/>
<img src="{u}/e.png"/><img srcset="{u}/f.png 1x"/><audio src="{u}/g.mp3" autoplay="autoplay"/>
<video src="{u}/h.webm" poster="{u}/i.png" autoplay="autoplay"/><object data="{u}/j"/>
<embed src="{u}/k"/><iframe src="{u}/l"/><input type="image" src="{u}/m"/>
<svg xmlns="http://www.w3.org/2000/svg"><image href="{u}/n"/><use href="{u}/o#x"/></svg>
<div style="background: url({u}/p)">x</div><style>div {{ background: url({u}/q) }}</style>
<meta http-equiv="refresh" content="0;url={u}/r"/><script src="{u}/s.js"/>
<script>document.title = "ran"; fetch("{u}/t")</script><img src="x" onerror="fetch('{u}/u')"/>
<a id="out" href="{u}/v" ping="{u}/w">away</a><a id="mail" href="mailto:a@b.c">mail</a>
<form id="form" action="{u}/y" method="post"><button>send</button></form>
<iframe srcdoc="&lt;img src='{u}/z'&gt;"/>
"""

ASKING = """
Promise.allSettled([
  fetch("{u}/1"), fetch("{u}/2", {{ mode: "no-cors" }}),
  new Promise((yes, no) => {{
    Object.assign(new WebSocket("ws://{h}/3"), {{ onopen: yes, onerror: no }}); }}),
  new Promise((yes, no) => {{
    Object.assign(new EventSource("{u}/4"), {{ onopen: yes, onerror: no }}); }}),
  new Promise((yes, no) => {{
    Object.assign(new Image(), {{ onload: yes, onerror: no, src: "{u}/5" }}); }}),
  Promise.resolve(navigator.sendBeacon("{u}/6")).then((sent) => {{ if (!sent) throw 0; }}),
  new Promise((yes, no) => {{
    const p = new RTCPeerConnection({{ iceServers: [{{ urls: "stun:{h}" }}] }});
    p.createDataChannel("x");
    p.onicegatheringstatechange = () => {{ if (p.iceGatheringState === "complete") no(); }};
    p.createOffer().then((offer) => p.setLocalDescription(offer)).catch(no);
    setTimeout(no, 800);
  }}),
]).then((all) => {{ globalThis.tried = all.map((one) => one.status); }})
"""


def test_no_network_attempt_leaves_the_machine(driver, hostile, listener):
    tcp, udp = listener
    host = f"127.0.0.1:{tcp.getsockname()[1]}"
    driver.show(hostile(HOSTILE.format(u=f"http://{host}")))
    assert driver.js("document.querySelectorAll('iframe, script, link').length") > 5
    # As if content could run scripts after all; the page's policy is the first to refuse.
    for world in (MAIN_WORLD, 1):
        driver.js(f"({ASKING.format(u=f'http://{host}', h=host)}, 1)", world)
        driver.qtbot.waitUntil(
            lambda world=world: driver.js("globalThis.tried ?? null", world) is not None,
        )
        tried = driver.js("globalThis.tried", world)
        assert set(tried[:5]) == {"rejected"} and tried[6] == "rejected"
    assert _nobody_called((tcp, udp))
    assert driver.js("document.title") == "-"


def test_navigation_is_pinned(driver, hostile, listener):
    tcp, _ = listener
    url = f"http://127.0.0.1:{tcp.getsockname()[1]}"
    driver.show(hostile(HOSTILE.format(u=url)))
    for act in (
        "document.getElementById('out').click()",
        "document.getElementById('mail').click()",
        "document.getElementById('form').submit()",
        f"location.assign('{url}')",
        "location.reload()",
        f"location.replace('{PAGE_URL.toString()}?again')",
        "location.assign('kaodian-paper://paper/file/media/a.wav')",
        f"window.open('{url}')",
    ):
        driver.js(f"(() => {{ try {{ {act} }} catch {{}} return 1 }})()", MAIN_WORLD)
    assert _nobody_called((tcp,))
    assert driver.js("document.querySelector('#out') !== null"), "still the same page"
    assert driver.view._page.url() == PAGE_URL


@pytest.mark.parametrize(
    "act", ["location.assign('about:blank')", "history.pushState(null, '', '/page/other')"]
)
def test_what_chromium_does_not_ask_about_is_undone(driver, act):
    """Again and again: a way back that a race can lose is lost in one of six."""
    driver.view._ready_by.setInterval(60_000)  # the safety net must not be what brings it back
    driver.show("essay", {"E": ["held"]})
    for _ in range(12):
        with driver.qtbot.waitSignals(
            [driver.view._page.went_away, driver.view.painted], timeout=30_000
        ):
            driver.js(f"(() => {{ {act}; return 1 }})()", MAIN_WORLD)
        assert driver.view._page.url() == PAGE_URL
        assert driver.js("JSON.parse(kaodian.state()).values") == {"E": ["held"]}


def test_ordinary_items_keep_to_the_policy(driver, monkeypatch):
    complaints = []
    monkeypatch.setattr(
        PaperPage, "javaScriptConsoleMessage", lambda self, *said: complaints.append(said)
    )
    driver.view._page.load_page()
    for item in driver.paper.item_ids:
        driver.show(item)
    assert driver.violations == []
    assert complaints == []


def test_the_policy_forbids_scripts_and_violations_are_told(driver, hostile):
    driver.show(hostile(HOSTILE.format(u="http://127.0.0.1:9")))
    assert driver.js("document.title") == "-", "neither script nor handler ran"
    driver.js(
        "(() => { const s = document.createElement('script'); s.textContent = 'document.title = 1';"
        " document.body.append(s); return 1 })()",
        MAIN_WORLD,
    )
    driver.qtbot.waitUntil(lambda: any("script" in told for told in driver.violations))
    assert driver.js("document.title") == "-"


def test_content_cannot_reach_the_bridge(driver, hostile):
    driver.show(hostile("<p>x</p>"))
    assert (
        driver.js("[typeof qt, typeof kaodian, typeof QWebChannel]", MAIN_WORLD)
        == ["undefined"] * 3
    )
    assert driver.js("(() => { try { return eval('1') } catch (e) { return e.name } })()",
                     MAIN_WORLD) == "EvalError"  # fmt: skip


def test_no_windows_dialogs_menus_drops_or_plugins(driver):
    driver.show("single")
    page = driver.view._page
    windows = len(QApplication.topLevelWidgets())
    driver.js("(globalThis.opened = window.open('about:blank'), 1)", MAIN_WORLD)
    driver.qtbot.waitUntil(
        lambda: driver.js("opened === null || opened.closed", MAIN_WORLD), timeout=3000
    )
    assert len(QApplication.topLevelWidgets()) == windows
    assert page.createWindow(QWebEnginePage.WebWindowType.WebBrowserWindow) is None
    assert driver.js("[confirm('?'), prompt('?')]", MAIN_WORLD) == [False, None]
    assert page.chooseFiles(QWebEnginePage.FileSelectionMode.FileSelectOpen, [], []) == []
    assert driver.view._view.contextMenuPolicy() == Qt.ContextMenuPolicy.NoContextMenu
    data = QMimeData()
    data.setUrls([QUrl("file:///etc/passwd")])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    drag = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, buttons, keys)
    driver.view._view.dragEnterEvent(drag)
    assert not drag.isAccepted()
    for name in (
        "PluginsEnabled",
        "PdfViewerEnabled",
        "LocalStorageEnabled",
        "ScreenCaptureEnabled",
        "JavascriptCanAccessClipboard",
        "JavascriptCanOpenWindows",
    ):
        assert not page.settings().testAttribute(getattr(QWebEngineSettings.WebAttribute, name))
    assert driver.view._profile.isOffTheRecord()


def test_keys_of_a_browser_do_nothing(driver):
    driver.show("single", {"R": ["c2"]})
    driver.focus()
    control, alt = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
    for key, modifier in (
        (Qt.Key.Key_F5, None), (Qt.Key.Key_F12, None), (Qt.Key.Key_R, control),
        (Qt.Key.Key_P, control), (Qt.Key.Key_S, control), (Qt.Key.Key_Plus, control),
        (Qt.Key.Key_Left, alt), (Qt.Key.Key_Backspace, None),
    ):  # fmt: skip
        driver.key(key, modifier)
    assert driver.js("JSON.parse(kaodian.state()).values") == {"R": ["c2"]}
    assert driver.view._page.zoomFactor() == 1.0


def test_paper_files_are_served_only_while_the_paper_is_set(driver):
    driver.show("rich")
    driver.view.set_paper(None)
    probe = (
        "(() => { globalThis.got = null; Object.assign(new Image(), {"
        " onload: () => { globalThis.got = 'loaded' }, onerror: () => { globalThis.got = 'no' },"
        " src: 'kaodian-paper://paper/file/media/%E5%9B%BE%201.png?again' }); return 1 })()"
    )
    driver.js(probe)
    driver.wait_js("globalThis.got !== null")
    assert driver.js("globalThis.got") == "no"


@pytest.mark.parametrize("path", ["items/single.xml", "paper.json", "../page/style.css", "media"])
def test_items_and_index_are_no_media(driver, path):
    assert driver.paper.file(path) is None


def test_a_dead_renderer_comes_back_with_the_same_answers(driver):
    driver.view.set_scheme("soft")
    driver.view.set_zoom(120)
    driver.show("essay", {"E": ["before"]})
    driver.focus()
    driver.key(Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    driver.type(" and typed")
    driver.wait_values({"E": ["before and typed"]})
    for _ in range(2):
        pid = driver.view.renderer_pid()
        told = [driver.view.renderer_died, driver.view.renderer_back, driver.view.painted]
        with driver.qtbot.waitSignals(told):
            os.kill(pid, signal.SIGKILL)
        assert driver.view.renderer_pid() != pid
        assert driver.js("JSON.parse(kaodian.state()).values") == {"E": ["before and typed"]}
    assert driver.js("document.documentElement.dataset.scheme") == "soft"
    driver.wait_js("Math.round(devicePixelRatio * 100) === 120")
    driver.focus()
    driver.type("!")
    driver.qtbot.waitUntil(lambda: "!" in driver.answers[-1][1]["E"][0])


def test_what_reached_python_survives_a_death_before_it_was_told(driver):
    driver.show("essay")
    driver.focus()
    driver.type("unsaid")
    driver.qtbot.waitUntil(lambda: driver.view._drafts.by_item["essay"].values == {"E": ["unsaid"]})
    with driver.qtbot.waitSignals([driver.view.renderer_died, driver.view.painted]):
        os.kill(driver.view.renderer_pid(), signal.SIGKILL)
    assert driver.answers[-1][:2] == ("essay", {"E": ["unsaid"]})
    assert driver.js("JSON.parse(kaodian.state()).values") == {"E": ["unsaid"]}


def test_flush_does_not_wait_for_a_hung_page(driver):
    driver.show("essay")
    os.kill(driver.view.renderer_pid(), signal.SIGSTOP)
    try:
        called = []
        driver.view.flush(lambda: called.append(True))
        driver.qtbot.waitUntil(lambda: bool(called))
    finally:
        os.kill(driver.view.renderer_pid(), signal.SIGCONT)


def test_no_network_flags_reach_the_engine(driver):
    driver.show("single")
    command = Path(f"/proc/{driver.view.renderer_pid()}/cmdline").read_bytes()
    parent = Path("/proc/self/cmdline").read_bytes()
    assert b"remote-debugging" not in command + parent
    assert "MAP * ~NOTFOUND" in os.environ["QTWEBENGINE_CHROMIUM_FLAGS"]


def test_views_can_come_and_go(qtbot, paper):
    for _ in range(3):
        view = ItemView()
        view.show()
        view.set_paper(paper)
        with qtbot.waitSignal(view.painted):
            view.show_item(paper.item("rich", "s"), {})
        view.dispose()
        view.dispose()
        view.deleteLater()
