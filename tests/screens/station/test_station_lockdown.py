"""Lock-down: undo first, own widgets only, observations and no verdicts."""

import itertools
import json

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from candidate_station.lockdown.desktop import EmptyClipboard, FullScreen
from candidate_station.lockdown.keys import KeyGuard, held
from candidate_station.lockdown.steps import FILE_NAME, Lockdown
from candidate_station.lockdown.surroundings_watch import SurroundingsWatch
from candidate_station.lockdown.watch import Observation, Watch

CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier
META = Qt.KeyboardModifier.MetaModifier
Key = Qt.Key


class Recorder:
    """A step that writes down what it sees on the disk when it is performed."""

    def __init__(self, name, log, folder, fails=False):
        self.name, self._log, self._folder, self._fails = name, log, folder, fails

    def perform(self):
        named = json.loads((self._folder / FILE_NAME).read_text())["begun"]
        self._log.append(("perform", self.name, tuple(named)))
        if self._fails:
            raise OSError("the desktop said no")

    def revert(self):
        self._log.append(("revert", self.name))


def test_the_undo_is_on_disk_before_the_step_is_done(tmp_path):
    log: list[object] = []
    steps = [Recorder("one", log, tmp_path), Recorder("two", log, tmp_path)]
    lockdown = Lockdown(tmp_path, steps)
    lockdown.enter()
    assert log == [("perform", "one", ("one",)), ("perform", "two", ("one", "two"))]
    log.clear()
    lockdown.leave()
    assert log == [("revert", "two"), ("revert", "one")]
    assert not (tmp_path / FILE_NAME).exists()


def test_a_clean_start_recovers_nothing(tmp_path):
    assert not Lockdown(tmp_path, []).recover()


def test_h10_the_next_start_reverts_an_interrupted_lockdown(tmp_path):
    log: list[object] = []
    Lockdown(tmp_path, [Recorder("one", log, tmp_path), Recorder("two", log, tmp_path)]).enter()
    log.clear()
    after_power_cut = Lockdown(
        tmp_path, [Recorder("one", log, tmp_path), Recorder("two", log, tmp_path)]
    )
    assert after_power_cut.recover()
    assert log == [("revert", "two"), ("revert", "one")]
    assert not after_power_cut.recover()


def test_a_step_that_fails_is_reverted_too(tmp_path):
    log: list[object] = []
    steps = [Recorder("one", log, tmp_path), Recorder("two", log, tmp_path, fails=True)]
    lockdown = Lockdown(tmp_path, steps)
    with pytest.raises(OSError, match="the desktop said no"):
        lockdown.enter()
    lockdown.leave()
    assert log[-2:] == [("revert", "two"), ("revert", "one")]


@pytest.mark.parametrize("content", [b"", b"{", b'{"begun": 3}'])
def test_an_unreadable_restore_file_reverts_everything(tmp_path, content):
    log: list[object] = []
    (tmp_path / FILE_NAME).write_bytes(content)
    assert Lockdown(tmp_path, [Recorder("one", log, tmp_path)]).recover()
    assert log == [("revert", "one")]


def test_a_step_of_another_version_in_the_file_is_passed_over(tmp_path):
    (tmp_path / FILE_NAME).write_text('{"begun": ["gone", "one"]}')
    log: list[object] = []
    assert Lockdown(tmp_path, [Recorder("one", log, tmp_path)]).recover()
    assert log == [("revert", "one")]


@pytest.mark.parametrize(
    ("key", "modifiers"),
    [
        (Key.Key_F4, ALT), (Key.Key_F1, NONE), (Key.Key_F5, NONE), (Key.Key_F11, NONE),
        (Key.Key_F12, NONE), (Key.Key_W, CTRL), (Key.Key_N, CTRL), (Key.Key_T, CTRL),
        (Key.Key_P, CTRL), (Key.Key_S, CTRL), (Key.Key_I, CTRL | SHIFT), (Key.Key_Left, ALT),
        (Key.Key_Print, NONE), (Key.Key_Super_L, NONE), (Key.Key_E, META), (Key.Key_F4, CTRL | ALT),
    ],
)  # fmt: skip
def test_kiosk_keys_are_held(key, modifiers):
    assert held(key, modifiers)


@pytest.mark.parametrize(
    ("key", "modifiers"),
    [
        (Key.Key_A, NONE), (Key.Key_A, SHIFT), (Key.Key_C, CTRL), (Key.Key_V, CTRL),
        (Key.Key_X, CTRL), (Key.Key_Z, CTRL), (Key.Key_A, CTRL), (Key.Key_N, ALT),
        (Key.Key_Tab, NONE), (Key.Key_Backtab, SHIFT), (Key.Key_Space, CTRL),
        (Key.Key_Space, SHIFT),
        (Key.Key_Period, CTRL), (Key.Key_Shift, SHIFT), (Key.Key_Return, NONE),
        (Key.Key_Left, NONE),
    ],
)  # fmt: skip
def test_editing_mnemonics_and_input_method_keys_pass(key, modifiers):
    assert not held(key, modifiers)


@pytest.fixture
def window(qtbot):
    window = QWidget()
    layout = QVBoxLayout(window)
    for _ in range(2):
        layout.addWidget(QLineEdit())
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


class Keys(QLineEdit):
    def __init__(self):
        super().__init__()
        self.seen: list[int] = []

    def keyPressEvent(self, event):
        self.seen.append(event.key())
        super().keyPressEvent(event)


def test_the_guard_holds_keys_of_every_widget_even_a_later_one(qtbot, window):
    guard = KeyGuard(window)
    guard.perform()
    later = Keys()
    window.layout().addWidget(later)
    later.setFocus()
    qtbot.waitUntil(later.hasFocus)
    qtbot.keyClick(later, Key.Key_F5)
    qtbot.keyClick(later, Key.Key_P, CTRL)
    qtbot.keyClick(later, Key.Key_A)
    assert later.seen == [Key.Key_Control, Key.Key_A]
    guard.revert()
    qtbot.keyClick(later, Key.Key_F5)
    assert later.seen[-1] == Key.Key_F5


def test_the_guard_survives_widgets_that_are_gone(qtbot, window):
    guard = KeyGuard(window)
    guard.perform()
    victim = window.findChildren(QLineEdit)[0]
    victim.deleteLater()
    qtbot.waitUntil(lambda: not shiboken6.isValid(victim))
    guard.revert()
    guard.revert()


def test_the_clipboard_is_emptied_both_ways(qapp):
    step = EmptyClipboard()
    for act in (step.perform, step.revert):
        QGuiApplication.clipboard().setText("secret")
        act()
        assert QGuiApplication.clipboard().text() == ""


def test_full_screen_is_frameless_and_covers_the_screen(qapp, window):
    FullScreen(window).perform()
    assert window.geometry() == QGuiApplication.primaryScreen().geometry()
    assert window.windowFlags() & Qt.WindowType.FramelessWindowHint


def test_v09_focus_loss_is_observed_once_and_its_end_too(qtbot, window):
    watch = Watch(window, exposed=lambda: True)
    told: list[tuple[str, bool]] = []
    watch.observed.connect(lambda word, now: told.append((word, now)))
    watch.perform()
    app = QGuiApplication.instance()
    inactive, active = (
        Qt.ApplicationState.ApplicationInactive,
        Qt.ApplicationState.ApplicationActive,
    )
    for state in (inactive, inactive, active):
        app.applicationStateChanged.emit(state)
    watch.revert()
    app.applicationStateChanged.emit(inactive)
    assert told == [(Observation.FOCUS_LOST, True), (Observation.FOCUS_LOST, False)]


def test_h09_what_changes_around_the_station_is_told_while_it_is_locked(qtbot, tmp_path):
    devices = tmp_path / "sys/bus/usb/devices"
    devices.mkdir(parents=True)
    step = SurroundingsWatch(tmp_path, every_s=0.01)
    told: list[tuple[str, bool]] = []
    step.observed.connect(lambda word, now: told.append((word, now)))
    step.revert()  # bears being called when nothing was performed
    step.perform()
    ports = itertools.count(1)

    def noticed() -> bool:
        """Plug in one after the other: the first may still be part of how it began."""
        (devices / f"3-{next(ports)}").mkdir()
        return bool(told)

    qtbot.waitUntil(noticed, timeout=30_000)
    step.revert()
    assert told[0][0].startswith("USB_INSERTED:3-")
    assert told[0][1] is True


def test_r1_a_page_that_died_is_told_once_until_it_is_back(window):
    watch = Watch(window, exposed=lambda: True)
    told: list[tuple[str, bool]] = []
    watch.observed.connect(lambda word, now: told.append((word, now)))
    for _ in range(2):
        watch.renderer_died()
    watch.renderer_back()
    assert told == [(Observation.RENDERER_DIED, True), (Observation.RENDERER_DIED, False)]


def test_v09_a_covered_window_is_observed(window):
    exposed = [True]
    watch = Watch(window, exposed=lambda: exposed[0])
    told: list[tuple[str, bool]] = []
    watch.observed.connect(lambda word, now: told.append((word, now)))
    watch.look()
    exposed[0] = False
    watch.look()
    watch.look()
    exposed[0] = True
    watch.look()
    assert told == [(Observation.WINDOW_HIDDEN, True), (Observation.WINDOW_HIDDEN, False)]


def test_the_real_window_knows_whether_it_is_exposed(qtbot, window):
    watch = Watch(window)
    told: list[tuple[str, bool]] = []
    watch.observed.connect(lambda word, now: told.append((word, now)))
    watch.look()
    handle = window.windowHandle()
    window.hide()
    qtbot.waitUntil(lambda: not handle.isExposed())
    watch.look()
    assert told == [(Observation.WINDOW_HIDDEN, True)]
