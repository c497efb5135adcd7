"""Pure rules of upload: back-off and the reading of tus metadata."""

import base64

import pytest

from venue_server.headquarters.service_tus import read_metadata
from venue_server.headquarters.service_uploads import declared
from venue_server.upload.schedule import FIRST_S, LONGEST_S, SPREAD, delay_s


def test_l09_back_off_doubles_to_a_ceiling_and_jitters_over_its_upper_half() -> None:
    longest = [delay_s(attempts, lambda low, high: high) for attempts in range(1, 40)]
    shortest = [delay_s(attempts, lambda low, high: low) for attempts in range(1, 40)]
    assert longest[:4] == [FIRST_S, FIRST_S * 2, FIRST_S * 4, FIRST_S * 8]
    assert longest[-1] == LONGEST_S
    assert longest == sorted(longest)
    assert shortest == [high / 2 for high in longest]


def test_l09_what_headquarters_asks_for_is_kept_and_spread() -> None:
    """Never less than it asked, never together, never for longer than half again the longest."""
    for failures in (1, 9):
        for asked, kept in ((0.0, FIRST_S), (60.0, 60.0), (86_400.0, LONGEST_S)):
            assert delay_s(failures, lambda low, _high: low, asked) == kept
            assert delay_s(failures, lambda _low, high: high, asked) == kept * SPREAD


def text(value: str) -> str:
    return base64.b64encode(value.encode()).decode()


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (f"bundle_id {text('b')},sha256 {text('s')}", {"bundle_id": "b", "sha256": "s"}),
        ("", None),
        ("key !!", None),
        (f"a {text('1')},a {text('2')}", None),
        ("flag", {"flag": ""}),
        ("bad //8=", None),
    ],
)
def test_tus_metadata(header: str, found: dict[str, str] | None) -> None:
    assert read_metadata(header) == found


@pytest.mark.parametrize(
    ("length", "bundle_id", "sha256", "good"),
    [
        (1, "a" * 32, "b" * 64, True),
        (0, "a" * 32, "b" * 64, False),
        (1, "../" + "a" * 29, "b" * 64, False),
        (1, "a" * 32, "", False),
        (2**60, "a" * 32, "b" * 64, False),
    ],
)
def test_only_sound_creations_are_declared(length, bundle_id, sha256, good) -> None:
    found = declared(length, {"bundle_id": bundle_id, "sha256": sha256})
    assert (found is not None) is good
