"""Descriptions of the interactions with a picture, and of a medium whose plays are counted.

Coordinates and sizes are pixels of the picture as its author declared it, whatever size it is
drawn at. ``width`` and ``height`` of a picture are 0 when not declared: then the file's own count.
"""

from dataclasses import dataclass
from typing import Literal

MAX_COORDINATE = 32_767  # of a point on a picture whose size only the file knows
MAX_PLAYS = 9_999  # counted plays of one medium; nobody listens that often


@dataclass(frozen=True)
class Picture:
    """``address`` is the picture's URL on the page."""

    address: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True)
class Hotspot:
    """An area of a picture. ``coords`` by shape: rect left, top, right, bottom; circle x, y, r;
    ellipse x, y, rx, ry; poly x, y, x, y …; default (the whole picture) none.

    ``match_max``: pieces it takes in a graphic gap match, 0 without bound.
    """

    option_id: str
    shape: str
    coords: tuple[float, ...]
    label: str
    match_max: int = 1


@dataclass(frozen=True)
class HotspotInteraction:
    """Areas to choose. ``hotspots`` in document order: the first lies on top."""

    response_id: str
    multiple: bool
    min_choices: int
    max_choices: int
    prompt: str
    picture: Picture
    hotspots: tuple[Hotspot, ...]
    hints: tuple[str, ...] = ()
    kind: Literal["hotspot"] = "hotspot"


@dataclass(frozen=True)
class GapPiece:
    """What is put on a picture: ``html`` holds its image or text; ``label`` names it in words.

    ``width``, ``height``: of its image, 0 for text. ``match_max`` 0: as often as wanted.
    """

    option_id: str
    html: str
    label: str
    width: int
    height: int
    match_max: int


@dataclass(frozen=True)
class GraphicGapMatchInteraction:
    """Pieces to be put into areas of a picture. ``options`` are the pieces in the order shown.

    ``max_associations`` 0 means no upper bound.
    """

    response_id: str
    min_associations: int
    max_associations: int
    prompt: str
    picture: Picture
    options: tuple[GapPiece, ...]
    hotspots: tuple[Hotspot, ...]
    hints: tuple[str, ...] = ()
    kind: Literal["graphic-gap-match"] = "graphic-gap-match"


@dataclass(frozen=True)
class SelectPointInteraction:
    """Points to be marked on a picture, answered as ``"x y"``. ``max_choices`` 0: no bound."""

    response_id: str
    multiple: bool
    min_choices: int
    max_choices: int
    prompt: str
    picture: Picture
    hints: tuple[str, ...] = ()
    kind: Literal["select-point"] = "select-point"


@dataclass(frozen=True)
class MediaInteraction:
    """A sound or film whose plays are counted; the answer is the count.

    ``max_plays`` 0: as often as wanted. ``html`` holds the ``audio`` or ``video`` element.
    """

    response_id: str
    min_plays: int
    max_plays: int
    loop: bool
    autostart: bool
    prompt: str
    html: str
    hints: tuple[str, ...] = ()
    kind: Literal["media"] = "media"


GraphicInteraction = (
    HotspotInteraction | GraphicGapMatchInteraction | SelectPointInteraction | MediaInteraction
)
