"""One style sheet (package data), three palettes, four zoom steps.

A high-contrast palette alone hides indicators in Qt, so the schemes are style sheets: the
``$names`` in ``station.qss`` are filled from a palette and from sizes in pixels times the zoom.
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from importlib import resources
from string import Template

from candidate_station.screens.schemes import PALETTES, Palette, Scheme

ZOOM_STEPS = (100, 125, 150, 200)

_SIZES = {
    "small": 15,
    "body": 17,
    "title": 27,
    "big": 40,
    "huge": 104,
    "button": 44,
    "cell": 46,
    "pad": 12,
    "gap": 6,
}
_INSIDE = {"gap": 1, "pad": 1, "cell": 4}


@dataclass(frozen=True)
class Look:
    """How everything is shown. ``zoom`` is one of :data:`ZOOM_STEPS`, in percent."""

    scheme: Scheme = Scheme.NORMAL
    zoom: int = 100

    @property
    def palette(self) -> Palette:
        return PALETTES[self.scheme]

    def px(self, pixels: int) -> int:
        """A length at the present zoom."""
        return round(pixels * self.zoom / 100)


def starting_look(arrangements: Collection[str]) -> Look:
    """Where the screen begins for a candidate with headquarters' access arrangements; they may
    change it as everybody may. What is not about the screen is people's to see to."""
    return Look(
        Scheme.DARK if "HIGH_CONTRAST" in arrangements else Scheme.NORMAL,
        150 if "LARGE_FONT" in arrangements else 100,
    )


def style_sheet(look: Look) -> str:
    """The whole style sheet of one look. Raises KeyError when the sheet names an unknown value."""
    sheet = resources.files("candidate_station.screens").joinpath("station.qss")
    sizes = {f"s_{name}": str(look.px(size)) for name, size in _SIZES.items()}
    # A thicker frame (focus, current item) takes its room from the inside: nothing may move.
    for name, less in _INSIDE.items():
        sizes[f"s_{name}_less"] = str(look.px(_SIZES[name]) - less)
    return Template(sheet.read_text(encoding="utf-8")).substitute(asdict(look.palette), **sizes)
