"""The rendering self-test in the real engine: what it sees, when it runs, how it stops (D16)."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from importlib.resources import files

import pytest
from PySide6.QtCore import QObject, QSize, QTranslator, Signal
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from candidate_station.inspection import calibration, calibration_source
from candidate_station.inspection.calibration import DIGEST_ZOOMS, FRAME, Calibration
from candidate_station.inspection.calibration_reference import load_reference, write_reference
from candidate_station.inspection.calibrator import IDLE, Calibrator
from candidate_station.inspection.digest import COLUMNS, ROWS, difference, digest
from candidate_station.inspection.result import Verdict
from candidate_station.paper.interactions import SUPPORTED_KINDS
from candidate_station.rendering.item_view import ItemView, translation_file
from candidate_station.rendering.untranslated import UntranslatedItemView
from candidate_station.screens.schemes import Scheme
from candidate_station.screens.style import Look
from candidate_station.session.screen_state import Screen, ScreenState

SCREEN = QSize(1280, 1024)


def _run(qtbot, screen=SCREEN, reference=None):
    run = Calibration(screen, load_reference() if reference is None else reference)
    with qtbot.waitSignal(run.finished, timeout=90_000) as done:
        run.start()
    return {result.check_id: result for result in done.args[0]}, run


@pytest.fixture
def short(monkeypatch):
    """One zoom of each is enough to show a fault."""
    monkeypatch.setattr(calibration, "LAYOUT_ZOOMS", (100,))
    monkeypatch.setattr(calibration, "DIGEST_ZOOMS", ())


def test_d16_a_good_machine_draws_everything(qtbot):
    results, run = _run(qtbot)
    structure = {n: (r.verdict, r.measured) for n, r in results.items() if n != "CHK-DIGEST"}
    assert {verdict for verdict, _ in structure.values()} == {Verdict.OK}, structure
    assert results["CHK-DIGEST"].verdict in (Verdict.OK, Verdict.WARN), "another font is told"
    assert set(run.seen.digests) == set(DIGEST_ZOOMS)
    grids = list(run.seen.digests[100].values())
    apart = [difference(one, other) for one in grids for other in grids if one is not other]
    assert min(apart) > 0.5, "two pages gave one picture: a stale frame was taken"


def test_d16_missing_characters_are_found(qtbot, short, monkeypatch):
    text = "国\u0378\U000e0fff𠮷"
    monkeypatch.setattr(calibration_source, "glyphs", lambda: text)
    results, _ = _run(qtbot)
    assert results["CHK-GLYPHS"].verdict is Verdict.FAIL
    assert results["CHK-GLYPHS"].measured == "2 (✕ \u0378\U000e0fff)"


def test_d16_a_screen_too_small_is_found(qtbot, short):
    results, _ = _run(qtbot, QSize(560, 600))
    assert results["CHK-LAYOUT"].verdict is Verdict.FAIL
    assert "formulas@100%" in results["CHK-LAYOUT"].measured


def test_d16_damaged_pictures_and_sounds_are_found(qtbot, short, monkeypatch):
    entries = calibration_source._entries

    def damaged(*arguments):
        bad = dict.fromkeys(("media/card.png", "media/tone.opus"), b"damaged" * 100)
        found = entries(*arguments)
        return {name: bad.get(name, content) for name, content in found.items()}

    monkeypatch.setattr(calibration_source, "_entries", damaged)
    monkeypatch.setattr(calibration, "MEDIA_WITHIN_MS", 2_000)
    results, _ = _run(qtbot)
    assert results["CHK-PICTURES"].measured == "4 (✕ media/card.png)"
    assert results["CHK-MEDIA"].measured == "2 (✕ media/tone.opus)"


def test_d16_an_engine_that_does_not_answer_is_told(qtbot, short, monkeypatch):
    monkeypatch.setattr(calibration, "PAGE_WITHIN_MS", 1)
    results, _ = _run(qtbot)
    assert list(results) == ["CHK-RENDER"]
    assert (
        results["CHK-RENDER"].verdict is Verdict.FAIL
        and "timeout" in results["CHK-RENDER"].measured
    )


def test_d16_a_cancelled_run_leaves_nothing_and_says_nothing(qtbot):
    before = {id(widget) for widget in QApplication.allWidgets()}
    run = Calibration(SCREEN, {})
    told: list[object] = []
    run.finished.connect(told.append)
    run.start()
    qtbot.waitUntil(lambda: bool(run.seen.sights), timeout=30_000)
    run.cancel()
    run.cancel()
    qtbot.waitUntil(
        lambda: {id(widget) for widget in QApplication.allWidgets()} <= before, timeout=10_000
    )
    assert told == []


def test_d16_the_stations_language_does_not_change_the_picture(qapp):
    translator = QTranslator()
    assert translator.load(str(translation_file("en")))
    views = [UntranslatedItemView(), ItemView()]
    qapp.installTranslator(translator)
    try:
        source, english = (view._labels() for view in views)
    finally:
        qapp.removeTranslator(translator)
        for view in views:
            view.dispose()
            view.deleteLater()
    assert source.keys() == english.keys()
    assert all(source[name] != english[name] for name in source)


class _Run(QObject):
    """A run that ends when the test says so."""

    finished = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.doings: list[str] = []

    def start(self) -> None:
        self.doings.append("start")

    def cancel(self) -> None:
        self.doings.append("cancel")


@pytest.fixture
def calibrator(qapp):
    runs: list[_Run] = []

    def new_run():
        runs.append(_Run())
        return runs[-1]

    made = Calibrator(new_run)
    made.wake()
    made.runs = runs
    return made


WAITING = ScreenState(screen=Screen.WAITING)


def test_d16_it_runs_once_when_the_station_is_idle(calibrator):
    told: list[object] = []
    calibrator.results.connect(told.append)
    for screen in (Screen.WAITING, Screen.CONNECTING, Screen.WAITING, Screen.ENROL):
        calibrator.show_state(ScreenState(screen=screen))
    (run,) = calibrator.runs
    assert run.doings == ["start"], "a link that comes and goes disturbs nothing"
    run.finished.emit(())
    calibrator.show_state(WAITING)
    assert told == [()] and len(calibrator.runs) == 1


def test_d16_nothing_begins_before_the_station_is_up_or_after_its_end(calibrator):
    asleep = Calibrator(calibrator._new_run)
    asleep.show_state(WAITING)
    calibrator.close()
    calibrator.show_state(WAITING)
    assert calibrator.runs == []
    asleep.wake()
    assert len(calibrator.runs) == 1
    asleep.close()
    asleep.again()
    assert calibrator.runs[0].doings == ["start", "cancel"] and len(calibrator.runs) == 1


@pytest.mark.parametrize("screen", sorted(set(Screen) - IDLE))
def test_d16_it_gets_out_of_a_candidates_way_at_once(calibrator, screen):
    calibrator.show_state(ScreenState(screen=screen))
    assert calibrator.runs == []
    calibrator.show_state(WAITING)
    calibrator.show_state(ScreenState(screen=screen))
    assert calibrator.runs[0].doings == ["start", "cancel"]
    calibrator.again()
    assert len(calibrator.runs) == 1, "not on demand either"
    calibrator.show_state(WAITING)
    assert len(calibrator.runs) == 2, "and is made up for afterwards"


def test_d16_not_when_a_restart_may_be_in_the_middle_of_an_exam(calibrator):
    calibrator.show_state(ScreenState(screen=Screen.CONNECTING))
    calibrator.again()
    assert calibrator.runs == []


def test_d16_not_while_a_candidate_is_known_here(calibrator, states):
    calibrator.show_state(replace(states["answer"], screen=Screen.WAITING))
    assert calibrator.runs == []


def test_d16_on_demand_it_runs_again(calibrator):
    calibrator.show_state(WAITING)
    calibrator.runs[0].finished.emit(())
    calibrator.again()
    assert len(calibrator.runs) == 2


def test_d16_the_button_for_it_shows_with_a_finding_only(station, states, qtbot):
    window = station.window
    window.show_state(states["waiting"])
    button = window.waiting.findChild(QObject, "checkAgain")
    assert not button.isVisible()
    window.show_checks((calibration.not_finished("timeout"),))
    assert button.isVisible()
    with qtbot.waitSignal(window.check_wanted, timeout=5000):
        button.click()


@pytest.mark.parametrize("size", [(1280, 1024), (1366, 768)])
def test_d16_the_layout_is_measured_at_the_size_that_items_get(station, states, size):
    window = station.window
    for zoom, frame in FRAME.items():
        window.resize(*size)
        window.set_look(Look(Scheme.NORMAL, zoom))
        window.show_state(states["answer"])
        QApplication.sendPostedEvents(None, 0)
        QApplication.processEvents()
        got = window.answer.item_area.width()
        assert abs(size[0] - frame.width() - got) <= 8, (zoom, got)


def test_d16_the_paper_holds_every_kind_of_interaction_that_can_be_drawn():
    paper = calibration_source.open_calibration()
    kinds = {one.kind for item in paper.index.items.values() for one in item.interactions}
    assert kinds == SUPPORTED_KINDS


def test_d16_every_page_has_a_reference_at_every_zoom():
    """When this fails: candidate-station --write-calibration-reference FILE (docs)."""
    paper = calibration_source.open_calibration()
    reference = load_reference()
    assert {zoom: sorted(pages) for zoom, pages in reference.items()} == {
        zoom: sorted(paper.item_ids) for zoom in DIGEST_ZOOMS
    }
    grids = [grid for pages in reference.values() for grid in pages.values()]
    assert {len(grid) for grid in grids} == {COLUMNS * ROWS}


def test_d16_the_paper_is_small_and_complete():
    folder = files("candidate_station.inspection") / "calibration_paper" / "media"
    sizes = {f"media/{path.name}": len(path.read_bytes()) for path in folder.iterdir()}
    assert set(sizes) == set(calibration_source.PICTURES) | set(calibration_source.MEDIA)
    assert max(sizes.values()) < 30_000


def test_a_reference_is_read_as_written(tmp_path):
    path = tmp_path / "reference.json"
    write_reference(path, {100: {"b": b"\x01\xff", "a": b"\0"}})
    raw = json.loads(path.read_text())
    assert list(raw["digests"]["100"]) == ["a", "b"] and raw["digests"]["100"]["b"] == "Af8="


def test_a_digest_sees_where_something_is_and_not_how_large_the_picture(qapp):
    def card(scale: int, left: int) -> bytes:
        image = QImage(400 * scale, 280 * scale, QImage.Format.Format_RGB32)
        image.fill(QColor("white"))
        painter = QPainter(image)
        painter.fillRect(left * scale, 50 * scale, 100 * scale, 100 * scale, QColor("black"))
        painter.end()
        return digest(image)

    assert len(card(1, 40)) == COLUMNS * ROWS
    assert difference(card(1, 40), card(2, 40)) < 0.2
    assert difference(card(1, 40), card(1, 200)) > 20


def test_c08_the_command_tells_every_check_on_the_terminal(tmp_path):
    code = "import sys; from candidate_station.app import main; sys.exit(main())"
    arguments = ["--check", "--unsafe-no-sandbox", "--data", str(tmp_path / "data")]
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    assert done.returncode == 1, done.stderr  # the sandbox is off here, and the screen small
    found = {check: verdict for verdict, check, _, _ in lines}
    assert found["CHK-SANDBOX"] == "FAIL"
    assert {found[name] for name in ("CHK-GLYPHS", "CHK-PICTURES", "CHK-MEDIA", "CHK-ITEMS")} == {
        "OK"
    }
