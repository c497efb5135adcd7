"""``invigilator-app``: the composition root of the console."""

import argparse
import logging
import signal
import sys
from importlib.resources import files
from pathlib import Path

from platformdirs import user_data_path
from PySide6.QtCore import QCoreApplication, QLocale, QTimer, QTranslator
from PySide6.QtWidgets import QApplication

from invigilator_app.desk import Desk
from invigilator_app.link.bridge import Bridge
from invigilator_app.link.venue import VenuePort, VenueSettings
from invigilator_app.printing.posting import print_sheets
from invigilator_app.screens.texts import Texts
from invigilator_app.screens.theme import ZOOMS
from invigilator_app.screens.window import ConsoleWindow
from venue_server.wire.process_memory import forbid_core_files
from venue_server.wire.version import VERSION

_WINDOW = (1280, 960)
_log = logging.getLogger(__name__)


def main(argv: list[str] | None = None) -> int:
    """Run the console until its window is closed; returns the exit status."""
    options = _parse(sys.argv[1:] if argv is None else argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    forbid_core_files()  # passwords and code words are typed here
    app = QApplication(sys.argv[:1])
    if options.print_sheets is not None:
        return print_sheets(options.print_sheets, options.book)
    app.setApplicationName("invigilator-app")
    translator = load_language(app, options.language)
    texts = Texts(options.language)
    settings = VenueSettings(options.data, options.server, options.enrol_server, VERSION)
    bridge = Bridge(VenuePort(settings))
    window = ConsoleWindow(texts, options.zoom)
    desk = Desk(bridge, window)
    for number in (signal.SIGINT, signal.SIGTERM):
        # By the event loop, because exit() before exec() would be forgotten.
        signal.signal(number, lambda *_: QTimer.singleShot(0, _leave))
    if options.windowed:
        window.resize(*_WINDOW)
        window.show()
    else:
        window.showMaximized()
    bridge.start()
    _log.info("console is up, version %s", VERSION)
    try:
        return app.exec()
    finally:
        bridge.stop()
        del desk, translator


def _leave() -> None:
    QCoreApplication.exit(0)


def load_language(app: QApplication, language: str) -> QTranslator | None:
    """Chinese is the source language; English comes from the committed translation. The caller
    keeps the returned translator alive."""
    if language == "zh":
        QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
        return None
    QLocale.setDefault(QLocale(QLocale.Language.English))
    translator = QTranslator()
    path = files("invigilator_app.screens") / "console_en.qm"
    if not translator.load(str(path)):
        raise FileNotFoundError(str(path))
    app.installTranslator(translator)
    return translator


def _parse(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "invigilator-app", description="Invigilators' console (监考台)"
    )
    parser.add_argument(
        "--data",
        type=Path,
        default=user_data_path("kaodian-console", appauthor=False),
        help="folder of this console's identity",
    )
    parser.add_argument("--server", default="", metavar="HOST:PORT")
    parser.add_argument("--enrol-server", default="", metavar="HOST:PORT")
    parser.add_argument("--language", choices=("zh", "en"), default="zh")
    parser.add_argument("--zoom", type=int, choices=ZOOMS, default=ZOOMS[0])
    parser.add_argument("--windowed", action="store_true", help="do not fill the screen")
    parser.add_argument(
        "--print-sheets",
        type=Path,
        metavar="FOLDER",
        help="write the sheets that a venue posts (C02) into a folder as PDF, and end",
    )
    parser.add_argument(
        "--book",
        type=Path,
        metavar="FILE",
        help="for --print-sheets: what `venue-server staff book --json` printed; without it the "
        "standard texts without a venue's name",
    )
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
