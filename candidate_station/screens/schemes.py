"""The three colour schemes of the station, as plain values.

Contrast is a tested promise: every (ink, ground) pair of :func:`text_pairs` reaches 4.5 : 1 and
every pair of :func:`shape_pairs` 3 : 1 (WCAG 2.2, 1.4.3 and 1.4.11).
"""

from dataclasses import dataclass
from enum import StrEnum


class Scheme(StrEnum):
    """Names are shared with the item renderer's style sheets."""

    NORMAL = "normal"
    DARK = "dark"
    SOFT = "soft"


@dataclass(frozen=True)
class Palette:
    """Colours as #rrggbb. ``on_x`` is the ink used on ground ``x``."""

    ground: str
    surface: str
    ink: str
    muted: str
    line: str
    primary: str
    on_primary: str
    primary_soft: str
    disabled: str
    on_disabled: str
    focus: str
    answered: str
    on_answered: str
    current: str
    on_current: str
    flag: str
    warn: str
    on_warn: str
    alarm: str
    on_alarm: str
    good: str
    on_good: str
    rehearsal: str
    on_rehearsal: str


PALETTES: dict[Scheme, Palette] = {
    Scheme.NORMAL: Palette(
        ground="#eef2f7",
        surface="#ffffff",
        ink="#18212e",
        muted="#4b5768",
        line="#78859a",
        primary="#0b57a8",
        on_primary="#ffffff",
        primary_soft="#e3eefb",
        disabled="#dde2ea",
        on_disabled="#566073",
        focus="#b3261e",
        answered="#1c63b7",
        on_answered="#ffffff",
        current="#ffa726",
        on_current="#1a1200",
        flag="#b3261e",
        warn="#fff0c2",
        on_warn="#4f3500",
        alarm="#b3261e",
        on_alarm="#ffffff",
        good="#e0f3e6",
        on_good="#0f5a2c",
        rehearsal="#6a1b9a",
        on_rehearsal="#ffffff",
    ),
    Scheme.DARK: Palette(
        ground="#000000",
        surface="#0b0b0b",
        ink="#ffffff",
        muted="#d6d6d6",
        line="#9a9a9a",
        primary="#ffd60a",
        on_primary="#000000",
        primary_soft="#1d1d1d",
        disabled="#2b2b2b",
        on_disabled="#b8b8b8",
        focus="#00e5ff",
        answered="#1f5fd0",
        on_answered="#ffffff",
        current="#ff9f1a",
        on_current="#000000",
        flag="#ff5252",
        warn="#3a2f00",
        on_warn="#ffe27a",
        alarm="#ff6b60",
        on_alarm="#000000",
        good="#06301a",
        on_good="#8df0b4",
        rehearsal="#e1a6ff",
        on_rehearsal="#1a0026",
    ),
    Scheme.SOFT: Palette(
        ground="#efe6d2",
        surface="#faf4e6",
        ink="#33291b",
        muted="#5c4f3b",
        line="#8a7a5e",
        primary="#2f5d50",
        on_primary="#fdf8ec",
        primary_soft="#e6ead6",
        disabled="#e2d8c0",
        on_disabled="#665a44",
        focus="#a3341f",
        answered="#35618f",
        on_answered="#fdf8ec",
        current="#eda63f",
        on_current="#241700",
        flag="#9e2a1c",
        warn="#f7e1a3",
        on_warn="#4a3300",
        alarm="#9e2a1c",
        on_alarm="#fff7ec",
        good="#dfe8cc",
        on_good="#27511f",
        rehearsal="#5e2a7e",
        on_rehearsal="#fdf8ec",
    ),
}


def text_pairs(palette: Palette) -> list[tuple[str, str]]:
    """(ink, ground) pairs in which text is written."""
    return [
        (palette.ink, palette.ground),
        (palette.ink, palette.surface),
        (palette.muted, palette.ground),
        (palette.muted, palette.surface),
        (palette.ink, palette.primary_soft),
        (palette.primary, palette.surface),
        (palette.on_primary, palette.primary),
        (palette.on_disabled, palette.disabled),
        (palette.on_answered, palette.answered),
        (palette.on_current, palette.current),
        (palette.on_warn, palette.warn),
        (palette.on_alarm, palette.alarm),
        (palette.on_good, palette.good),
        (palette.on_rehearsal, palette.rehearsal),
    ]


def shape_pairs(palette: Palette) -> list[tuple[str, str]]:
    """(line, ground) pairs of borders, focus rings and the flag triangle."""
    return [
        (palette.line, palette.surface),
        (palette.line, palette.ground),
        (palette.focus, palette.surface),
        (palette.focus, palette.ground),
        (palette.flag, palette.surface),
        (palette.answered, palette.surface),
    ]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio of two #rrggbb colours, 1.0 to 21.0."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
