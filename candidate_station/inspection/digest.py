"""A picture of a page as a small grid of grey values, and how far two of them are apart.

Each of ``COLUMNS`` × ``ROWS`` blocks holds the mean brightness (0 to 255) of its part of the
picture. Measured (docs/calibration.md): other hinting or anti-aliasing moves the mean block by 0.7
at most, another Chinese font by 3 to 7, none at all by 14. The tolerance lies between.
"""

import base64

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

COLUMNS, ROWS = 40, 28
TOLERANCE = 1.5  # mean difference per block, in grey values


def digest(image: QImage) -> bytes:
    """One byte per block, row by row."""
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    small = grey.scaled(
        COLUMNS,
        ROWS,
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    ).convertToFormat(QImage.Format.Format_Grayscale8)
    raw, step = bytes(small.constBits()), small.bytesPerLine()  # lines are padded
    return b"".join(raw[row * step : row * step + COLUMNS] for row in range(ROWS))


def difference(one: bytes, other: bytes) -> float:
    """Mean absolute difference per block; 255 when the grids do not fit."""
    if len(one) != len(other) or not one:
        return 255.0
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) / len(one)


def to_text(grid: bytes) -> str:
    return base64.b64encode(grid).decode()


def from_text(text: str) -> bytes:
    """Raises ValueError for what is no base64."""
    return base64.b64decode(text, validate=True)
