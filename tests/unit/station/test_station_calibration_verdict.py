"""What was seen of the calibration paper, judged: each fault is named, each alone (D16)."""

from dataclasses import replace

import pytest

from candidate_station.inspection.calibration_verdict import (
    Expected,
    Seen,
    Sight,
    judge,
    not_finished,
)
from candidate_station.inspection.result import CheckResult, Verdict

GRID = bytes(range(200)) * 2
EXPECTED = Expected(
    answers={"one": ("R",), "two": ()},
    pictures={"media/a.png": (30, 20)},
    media={"media/b.mp3": 1.5},
    glyphs=100,
    digests={100: {"one": GRID, "two": GRID}},
    place="1280×1024 100%",
)
ONE = Sight("one", 100, ("R",), 0, {"media/a.png": (30, 20)}, {"media/b.mp3": 1.52}, (), (), "")
TWO = Sight("two", 100, (), 0, {}, {}, (), (), "")


def _judge(*sights: Sight, digests: dict[int, dict[str, bytes]] | None = None):
    grids = {100: {"one": GRID, "two": GRID}} if digests is None else digests
    results = judge(Seen(list(sights), grids), EXPECTED)
    return {result.check_id: result for result in results}


def _wrong(results: dict[str, CheckResult]) -> dict[str, Verdict]:
    return {n: r.verdict for n, r in results.items() if r.verdict is not Verdict.OK}


def test_d16_everything_in_order():
    results = _judge(ONE, TWO)
    assert list(results) == [
        "CHK-GLYPHS", "CHK-PICTURES", "CHK-MEDIA", "CHK-ITEMS", "CHK-LAYOUT", "CHK-DIGEST",
    ]  # fmt: skip
    assert _wrong(results) == {}


@pytest.mark.parametrize(
    ("change", "check", "named"),
    [
        ({"missing": "囍"}, "CHK-GLYPHS", "99 (✕ 囍)"),
        ({"pictures": {"media/a.png": (0, 0)}}, "CHK-PICTURES", "0 (✕ media/a.png)"),
        ({"pictures": {}}, "CHK-PICTURES", "0 (✕ media/a.png)"),
        ({"media": {"media/b.mp3": None}}, "CHK-MEDIA", "0 (✕ media/b.mp3)"),
        ({"media": {"media/b.mp3": 1.7}}, "CHK-MEDIA", "0 (✕ media/b.mp3)"),
        ({"answers": ()}, "CHK-ITEMS", "1 (✕ one)"),
        ({"undrawn": 1}, "CHK-ITEMS", "1 (✕ one)"),
        ({"misplaced": ("mfrac", "mfrac")}, "CHK-ITEMS", "1 (✕ one mfrac)"),
        ({"overflowing": ("table",)}, "CHK-LAYOUT", "1 (✕ one@100% table)"),
        ({"sized": False}, "CHK-LAYOUT", "1 (✕ one@100% size)"),
    ],
)
def test_d16_each_fault_of_the_structure_fails_and_is_named(change, check, named):
    results = _judge(replace(ONE, **change), TWO)
    assert _wrong(results) == {check: Verdict.FAIL}
    assert results[check].measured == named


def test_d16_an_item_that_was_not_seen_is_a_fault():
    assert _wrong(_judge(ONE)) == {"CHK-ITEMS": Verdict.FAIL}


@pytest.mark.parametrize(
    ("grids", "measured"),
    [
        ({100: {"one": bytes(b + 2 for b in GRID), "two": GRID}}, "2.0 (one@100%)"),
        ({100: {"one": GRID, "two": GRID}, 150: {"one": GRID}}, "255.0 (one@150%)"),
        ({100: {"one": GRID}}, "255.0 (two@100%)"),
        ({}, "255.0 (one@100%)"),
    ],
)
def test_d16_another_look_is_told_and_not_fatal(grids, measured):
    results = _judge(ONE, TWO, digests=grids)
    assert _wrong(results) == {"CHK-DIGEST": Verdict.WARN}
    assert results["CHK-DIGEST"].measured == measured


def test_d16_without_a_reference_the_look_is_not_known():
    results = judge(Seen([ONE, TWO], {}), replace(EXPECTED, digests={}))
    (found,) = [r for r in results if r.verdict is not Verdict.OK]
    assert (found.check_id, found.measured, found.verdict) == ("CHK-DIGEST", "?", Verdict.WARN)


def test_d16_small_differences_of_a_machine_are_none():
    near = {100: {"one": bytes(b + 1 for b in GRID), "two": GRID}}
    assert _wrong(_judge(ONE, TWO, digests=near)) == {}


def test_d16_a_run_that_did_not_end_is_a_fault():
    result = not_finished("timeout")
    assert (result.check_id, result.verdict) == ("CHK-RENDER", Verdict.FAIL)
