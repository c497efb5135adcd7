"""A QR code as a picture: dark on light with the quiet zone the standard wants (ISO/IEC 18004)."""

import segno
from PySide6.QtGui import QImage, QPixmap

QUIET = 4  # modules around the code


def qr_pixmap(text: str, side_px: int) -> QPixmap:
    """``text`` as a QR code about ``side_px`` pixels wide, whole pixels a module, whatever the
    colour scheme."""
    rows = [list(row) for row in segno.make(text, micro=False, error="m").matrix]
    side = len(rows) + 2 * QUIET
    image = QImage(side, side, QImage.Format.Format_Grayscale8)
    image.fill(255)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                image.setPixel(x + QUIET, y + QUIET, 0)
    module = max(2, side_px // side)
    return QPixmap.fromImage(image.scaled(side * module, side * module))
