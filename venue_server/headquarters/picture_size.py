"""Width and height of a picture in pixels, from its first bytes."""

import re
import struct

from lxml import etree

Pixels = tuple[int, int]
_SOF = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_LENGTH = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(?:px)?\s*")


def picture_size(extension: str, head: bytes) -> Pixels | None:
    """The size of a picture of this kind (png jpg gif webp svg); None when the bytes do not
    say, or say nothing sensible."""
    read = {"png": _png, "gif": _gif, "jpg": _jpeg, "webp": _webp, "svg": _svg}.get(extension)
    if read is None:
        return None
    try:
        size = read(head)
    except (struct.error, IndexError):
        return None
    return size if size is not None and size[0] > 0 and size[1] > 0 else None


def _png(head: bytes) -> Pixels | None:
    width, height = struct.unpack_from(">II", head, 16)
    return (width, height) if head[12:16] == b"IHDR" else None


def _gif(head: bytes) -> Pixels:
    width, height = struct.unpack_from("<HH", head, 6)
    return width, height


def _jpeg(head: bytes) -> Pixels | None:
    """The first start-of-frame marker (ITU T.81, B.1.1.3)."""
    at = 2
    while at + 4 <= len(head):
        if head[at] != 0xFF:
            return None
        marker = head[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker in _SOF:
            height, width = struct.unpack_from(">HH", head, at + 5)
            return width, height
        at += 2 + struct.unpack_from(">H", head, at + 2)[0]
    return None


def _webp(head: bytes) -> Pixels | None:
    """Simple, lossless and extended files (RFC 9649)."""
    kind = head[12:16]
    if kind == b"VP8X":
        return (
            int.from_bytes(head[24:27], "little") + 1,
            int.from_bytes(head[27:30], "little") + 1,
        )
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", head, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", head, 26)
        return width & 0x3FFF, height & 0x3FFF
    return None


def _svg(head: bytes) -> Pixels | None:
    """Width and height in pixels, else those of the view box. ``head`` was parsed before."""
    root = etree.fromstring(head, etree.XMLParser(resolve_entities=False, no_network=True))
    given = [_LENGTH.fullmatch(root.get(name, "")) for name in ("width", "height")]
    if given[0] and given[1]:
        return round(float(given[0][1])), round(float(given[1][1]))
    box = root.get("viewBox", "").replace(",", " ").split()
    if len(box) != 4:
        return None
    try:
        return round(float(box[2])), round(float(box[3]))
    except (ValueError, OverflowError):
        return None
