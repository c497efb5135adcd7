"""Areas of pictures: shape and coordinates as QTI and HTML write them."""

import re
from dataclasses import dataclass

_DECIMAL = re.compile(r"\d+(\.\d+)?")


@dataclass(frozen=True)
class Shape:
    """``text`` is the coordinates without blanks; ``box`` their bounds (left, top, right,
    bottom) in pixels, None for the whole picture."""

    text: str
    box: tuple[float, float, float, float] | None

    def meets(self, size: tuple[float, float] | None) -> bool:
        """True when some of it lies on a picture of that width and height; unknown is true."""
        if self.box is None or size is None:
            return True
        left, top, _, _ = self.box
        return left < size[0] and top < size[1] and self.box[2] > 0 and self.box[3] > 0


def read_shape(shape: str, coords: str) -> Shape | None:
    """``circle`` x,y,r; ``rect`` left,top,right,bottom; ``ellipse`` x,y,rx,ry; ``poly`` x,y three
    times or more; ``default``, all of the picture. None when it is none of them."""
    words = [word.strip() for word in coords.split(",")] if coords.strip() else []
    if not all(_DECIMAL.fullmatch(word) for word in words):
        return None
    text, n = ",".join(words), [float(word) for word in words]
    match shape, n:
        case "default", _:
            return Shape("", None)
        case "circle", [x, y, r] if r > 0:
            return Shape(text, (x - r, y - r, x + r, y + r))
        case "ellipse", [x, y, rx, ry] if rx > 0 and ry > 0:
            return Shape(text, (x - rx, y - ry, x + rx, y + ry))
        case "rect", [left, top, right, bottom] if left < right and top < bottom:
            return Shape(text, (left, top, right, bottom))
        case "poly", _ if len(n) >= 6 and len(n) % 2 == 0:
            xs, ys = n[0::2], n[1::2]
            return Shape(text, (min(xs), min(ys), max(xs), max(ys)))
    return None
