"""What was seen of the calibration paper → results of the self-check (D16). Pure.

Structure decides: characters, pictures, sounds, layout. A digest that differs while the structure
is right means another font or engine: told (WARN), not fatal.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from candidate_station.inspection.digest import TOLERANCE, difference
from candidate_station.inspection.result import CheckResult, Verdict

DURATION_WITHIN_S = 0.1
_SHOWN = 12  # missing characters or faults named in one line


@dataclass(frozen=True)
class Sight:
    """What measure.js saw of one item at one zoom."""

    item_id: str
    zoom: int
    answers: tuple[str, ...]
    undrawn: int
    pictures: Mapping[str, tuple[int, int]]
    media: Mapping[str, float | None]
    overflowing: tuple[str, ...]
    misplaced: tuple[str, ...]
    missing: str
    sized: bool = True


@dataclass(frozen=True)
class Expected:
    """``answers``: responses by item; pictures and media by file; ``digests`` by zoom and item.

    ``glyphs`` is how many characters are asked for.
    """

    answers: Mapping[str, tuple[str, ...]]
    pictures: Mapping[str, tuple[int, int]]
    media: Mapping[str, float]
    glyphs: int
    digests: Mapping[int, Mapping[str, bytes]]
    place: str  # the size measured at, in words


@dataclass
class Seen:
    """Everything seen of the paper. ``digests`` as in :class:`Expected`."""

    sights: list[Sight] = field(default_factory=list)
    digests: dict[int, dict[str, bytes]] = field(default_factory=dict)


def judge(seen: Seen, expected: Expected) -> tuple[CheckResult, ...]:
    """One result per subject, in the order shown."""
    return (
        _glyphs(seen, expected),
        _pictures(seen, expected),
        _media(seen, expected),
        _items(seen, expected),
        _layout(seen, expected),
        _digest(seen, expected),
    )


def not_finished(why: str) -> CheckResult:
    """The calibration did not come to its end."""
    return CheckResult("CHK-RENDER", "OK", why, Verdict.FAIL)


def _glyphs(seen: Seen, expected: Expected) -> CheckResult:
    """No character may be an empty box (豆腐块)."""
    missing = "".join(dict.fromkeys("".join(sight.missing for sight in seen.sights)))
    drawn = expected.glyphs - len(missing)
    shown = f"{drawn}" + (f" (✕ {missing[:_SHOWN]})" if missing else "")
    return _result("CHK-GLYPHS", str(expected.glyphs), shown, not missing)


def _pictures(seen: Seen, expected: Expected) -> CheckResult:
    found: dict[str, tuple[int, int]] = {}
    for sight in seen.sights:
        found |= sight.pictures
    wrong = [name for name, size in expected.pictures.items() if found.get(name) != size]
    return _counted("CHK-PICTURES", len(expected.pictures), wrong)


def _media(seen: Seen, expected: Expected) -> CheckResult:
    found: dict[str, float | None] = {}
    for sight in seen.sights:
        found |= sight.media
    wrong = []
    for name, wanted in expected.media.items():
        length = found.get(name)
        if length is None or abs(length - wanted) > DURATION_WITHIN_S:
            wrong.append(name)
    return _counted("CHK-MEDIA", len(expected.media), wrong)


def _items(seen: Seen, expected: Expected) -> CheckResult:
    """Every interaction is there to be answered; formulas and ruby stand where they must."""
    wrong = []
    for item_id, answers in expected.answers.items():
        sights = [sight for sight in seen.sights if sight.item_id == item_id]
        whole = all(
            set(sight.answers) == set(answers) and not sight.undrawn and not sight.misplaced
            for sight in sights
        )
        if not sights or not whole:
            parts = [part for sight in sights for part in sight.misplaced]
            wrong.append(f"{item_id} {' '.join(dict.fromkeys(parts))}".strip())
    return _counted("CHK-ITEMS", len(expected.answers), wrong)


def _layout(seen: Seen, expected: Expected) -> CheckResult:
    """Nothing is cut off, and nothing has to be scrolled sideways."""
    wrong = [
        f"{sight.item_id}@{sight.zoom}% {part}" for sight in seen.sights for part in _faults(sight)
    ]
    shown = "0" if not wrong else f"{len(wrong)} (✕ {', '.join(wrong[:3])})"
    return _result("CHK-LAYOUT", f"0 @ {expected.place}", shown, not wrong)


def _faults(sight: Sight) -> tuple[str, ...]:
    return sight.overflowing if sight.sized else ("size", *sight.overflowing)


def _digest(seen: Seen, expected: Expected) -> CheckResult:
    places = [(zoom, item_id) for zoom, pages in expected.digests.items() for item_id in pages]
    places += [(zoom, item_id) for zoom, pages in seen.digests.items() for item_id in pages]
    apart: dict[str, float] = {}
    for zoom, item_id in places:
        grid = seen.digests.get(zoom, {}).get(item_id, b"")
        reference = expected.digests.get(zoom, {}).get(item_id, b"")
        apart[f"{item_id}@{zoom}%"] = difference(grid, reference)
    wanted = f"≤ {TOLERANCE:.1f}"
    if not apart:
        return CheckResult("CHK-DIGEST", wanted, "?", Verdict.WARN)
    name, worst = max(apart.items(), key=lambda each: each[1])
    near = worst <= TOLERANCE
    verdict = Verdict.OK if near else Verdict.WARN
    return CheckResult("CHK-DIGEST", wanted, f"{worst:.1f} ({name})", verdict)


def _counted(check_id: str, wanted: int, wrong: list[str]) -> CheckResult:
    shown = str(wanted - len(wrong)) + (f" (✕ {', '.join(wrong[:3])})" if wrong else "")
    return _result(check_id, str(wanted), shown, not wrong)


def _result(check_id: str, expected: str, measured: str, good: bool) -> CheckResult:
    return CheckResult(check_id, expected, measured, Verdict.OK if good else Verdict.FAIL)
