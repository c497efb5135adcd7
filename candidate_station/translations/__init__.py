"""The station's languages: Chinese is the source, English comes from ``station_en.qm``.

``station_en.ts`` is the edited file; ``tests/screens/station`` keeps the two alike and complete.
"""

from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLocale, QTranslator

LANGUAGES = ("zh", "en")


class Languages:
    """Installs and removes the English translators; Qt then tells every widget.

    ``more`` are .qm files of other packages, such as the item renderer's.
    """

    def __init__(self, app: QCoreApplication, more: Sequence[Path] = ()) -> None:
        self._app = app
        # QTranslator reads the bytes in place: they must live as long as it does.
        self._catalogues = [resources.files(__name__).joinpath("station_en.qm").read_bytes()]
        self._catalogues += [path.read_bytes() for path in more]
        self._english = [_translator(app, catalogue) for catalogue in self._catalogues]
        self.current = "zh"

    def use(self, language: str) -> None:
        """Switch to ``zh`` or ``en``."""
        assert language in LANGUAGES, language
        if language == self.current:
            return
        self.current = language
        for translator in self._english:
            if language == "en":
                self._app.installTranslator(translator)
            else:
                self._app.removeTranslator(translator)


def locale_of(language: str) -> QLocale:
    """The locale the windows carry, by which refusals choose their sentence."""
    return QLocale("zh_CN") if language == "zh" else QLocale("en_US")


def _translator(app: QCoreApplication, catalogue: bytes) -> QTranslator:
    translator = QTranslator(app)
    loaded = translator.load(catalogue)
    assert loaded, "a .qm file is package data and unreadable"
    return translator
