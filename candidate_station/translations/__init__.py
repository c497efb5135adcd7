"""The station's languages: Chinese is the source, English comes from ``station_en.qm``.

``station_en.ts`` is the edited file; ``tests/screens/station`` keeps the two alike and complete.
"""

from importlib import resources

from PySide6.QtCore import QCoreApplication, QLocale, QTranslator

LANGUAGES = ("zh", "en")


class Languages:
    """Installs and removes the one translator; Qt then tells every widget."""

    def __init__(self, app: QCoreApplication) -> None:
        self._app = app
        self._english = QTranslator(app)
        self._catalogue = resources.files(__name__).joinpath("station_en.qm").read_bytes()
        loaded = self._english.load(self._catalogue)
        assert loaded, "station_en.qm is package data and unreadable"
        self.current = "zh"

    def use(self, language: str) -> None:
        """Switch to ``zh`` or ``en``."""
        assert language in LANGUAGES, language
        if language == self.current:
            return
        self.current = language
        if language == "en":
            self._app.installTranslator(self._english)
        else:
            self._app.removeTranslator(self._english)


def locale_of(language: str) -> QLocale:
    """The locale the windows carry, by which refusals choose their sentence."""
    return QLocale("zh_CN") if language == "zh" else QLocale("en_US")
