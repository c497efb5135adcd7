"""Take the pictures of docs/screens anew: ``python tests/screens/pictures.py [--all] [FOLDER]``.

The real windows of both programs over invented data, offscreen, at fixed sizes and times, so that
the same screens give the same names. ``--all`` takes every page of both at 1280x1024 and 1366x768,
100 and 150 percent, in both languages, to be looked at by eye; give it a folder of its own. Saved
with a palette of at most 256 colours, which keeps a picture of a window below 150 KB.
"""

import argparse
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from PySide6.QtGui import QColor, QImage, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

HERE = Path(__file__).parent
PICTURES = HERE.parents[1] / "docs" / "screens"
SIZES = ((1280, 1024), (1366, 768))
ZOOMS = (100, 150)
LANGUAGES = ("zh", "en")
MAX_COLOURS = 256
PROGRAMS = ("console", "station")


def with_palette(image: QImage) -> QImage:
    """The same picture in its most frequent colours; others become the nearest of them."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    counted = Counter(memoryview(image.constBits()).cast("I"))
    table = [colour for colour, _count in counted.most_common(MAX_COLOURS)]
    return image.convertToFormat(QImage.Format.Format_Indexed8, table)


def save(picture: QPixmap, folder: Path, name: str) -> None:
    """``NAME.png`` in ``folder``. Raises OSError when it cannot be written."""
    if not with_palette(picture.toImage()).save(str(folder / f"{name}.png"), "PNG", 0):
        raise OSError(f"{folder / name}.png could not be written")


def settle(app: QApplication) -> None:
    """Let layouts, style sheets and queued signals take effect."""
    for _ in range(6):
        app.sendPostedEvents(None, 0)
        app.processEvents()


def still(app: QApplication) -> None:
    """Nothing blinks while a picture is taken."""
    app.setCursorFlashTime(0)


def grabbed(app: QApplication, window: QWidget, over: QWidget | None = None) -> QPixmap:
    """The window; ``over``, a dialog in front of it, is drawn where it would stand."""
    settle(app)
    picture = window.grab()
    if over is not None:
        shown = over.grab()
        x, y = (window.width() - shown.width()) // 2, (window.height() - shown.height()) // 2
        _draw(picture, shown, max(0, x), max(0, y))
    return picture


def _draw(picture: QPixmap, shown: QPixmap, x: int, y: int) -> None:
    from PySide6.QtGui import QPainter

    painter = QPainter(picture)
    painter.fillRect(picture.rect(), QColor(0, 0, 0, 90))
    painter.drawPixmap(x, y, shown)
    painter.setPen(QColor("#45525f"))
    painter.drawRect(x - 1, y - 1, shown.width() + 1, shown.height() + 1)
    painter.end()


def main(argv: list[str] | None = None) -> int:
    """One process for each program: each has a style sheet and an environment of its own."""
    parser = argparse.ArgumentParser(description="Take pictures of every screen")
    parser.add_argument("folder", nargs="?", type=Path, default=PICTURES)
    parser.add_argument("--all", action="store_true", help="every page in every size and language")
    options = parser.parse_args(argv)
    options.folder.mkdir(parents=True, exist_ok=True)
    paths = [str(HERE.parents[1]), str(HERE), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": ":".join(paths)}
    for program in PROGRAMS:
        words = [sys.executable, str(HERE / f"pictures_of_{program}.py"), str(options.folder)]
        done = subprocess.run([*words, *(["--all"] if options.all else [])], env=environment)
        if done.returncode:
            print(f"the pictures of the {program} ended with {done.returncode}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
