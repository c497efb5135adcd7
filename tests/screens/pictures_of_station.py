"""Every page of the station, with the real item area where a question is shown."""

import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "station"))

import conftest as made
from pictures import LANGUAGES, SIZES, ZOOMS, grabbed, save, settle, still
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication
from test_station_with_items import Source

from candidate_station.link.item_presenter import ItemPresenter
from candidate_station.rendering.item_view import ItemView, translation_file
from candidate_station.screens.schemes import Scheme
from candidate_station.screens.style import Look
from candidate_station.screens.window import StationWindow
from candidate_station.session.screen_state import Screen
from candidate_station.translations import Languages
from venue_server.wire.refusals import Refusal, RefusalCode

PAINTED_MS = 20_000
FRAME_MS = 500
IN_DOCS = {  # name of the picture: state, language, zoom
    "station-enrol": ("enrol_no_server", "zh", 100),
    "station-waiting": ("waiting", "zh", 100),
    "station-login": ("login", "zh", 100),
    "station-confirm": ("confirm", "zh", 100),
    "station-rules-en": ("rules", "en", 100),
    "station-countdown": ("countdown", "zh", 100),
    "station-answer": ("answer", "zh", 100),
    "station-answer-offline-en": ("answer_offline", "en", 150),
    "station-suspended": ("suspended", "zh", 100),
    "station-confirm-submit": ("confirm_submit", "zh", 100),
    "station-submitting-en": ("submitting", "en", 100),
    "station-submit-failed": ("submit_failed", "zh", 100),
    "station-receipt": ("receipt", "zh", 100),
}


class Station:
    """The window as the program puts it together, without a server behind it."""

    def __init__(self, app: QApplication) -> None:
        self.app = app
        english = translation_file("en")
        self.languages = Languages(app, [english] if english else [])
        self.view = ItemView()
        self.window = StationWindow(self.view)
        self.presenter = ItemPresenter(self.view, Source())
        self.window.look_changed.connect(self.presenter.show_look)
        self.states = made.sample_states()
        waiting = replace(self.states["enrol"], enrol_code="")
        unreachable = Refusal(RefusalCode.SERVER_UNREACHABLE, "10.0.0.1:7444")
        self.states["enrol_no_server"] = replace(waiting, refusal=unreachable)
        self.window.show()

    def show(self, name: str, language: str, zoom: int, size: tuple[int, int]) -> None:
        state = self.states[name]
        self.languages.use(language)
        self.window.set_language(language)
        self.window.set_look(Look(Scheme.NORMAL, zoom))
        self.window.resize(*size)
        self.window.show_state(state)
        # Whoever sits down begins at 100 percent: a state without a candidate had taken it back.
        self.window.set_look(Look(Scheme.NORMAL, zoom))
        self.presenter.show_state(state)
        settle(self.app)
        if state.screen is Screen.ANSWER:
            self._drawn()

    def _drawn(self) -> None:
        """The page answers once after all that was asked before; then the compositor's frame."""
        loop = QEventLoop()
        QTimer.singleShot(PAINTED_MS, loop.quit)
        self.view.flush(lambda: QTimer.singleShot(FRAME_MS, loop.quit))
        loop.exec()


def main(folder: Path, everything: bool) -> int:
    app = QApplication(sys.argv[:1])
    still(app)
    station = Station(app)
    if everything:
        for language in LANGUAGES:
            for zoom in ZOOMS:
                for size in SIZES:
                    for name in station.states:
                        station.show(name, language, zoom, size)
                        shot = f"station-{name}-{language}-{size[0]}x{size[1]}-{zoom}"
                        save(grabbed(app, station.window), folder, shot)
    else:
        for shot, (name, language, zoom) in IN_DOCS.items():
            station.show(name, language, zoom, SIZES[0])
            save(grabbed(app, station.window), folder, shot)
    station.view.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), "--all" in sys.argv))
