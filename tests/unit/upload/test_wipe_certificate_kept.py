"""The certificate says what was not wiped or not looked at, and why (L11)."""

from types import SimpleNamespace
from typing import Any

import pytest

from venue_server.gateway.session_wiping import SessionWiping
from venue_server.gateway.wiped_memory import nothing_here


def kept(degraded: object, enrolled: set[str]) -> dict[str, str]:
    sittings = [SimpleNamespace(sitting_id=f"s{n}", machine_id=f"st{n}") for n in (1, 2)]
    swaps = {"s2": [SimpleNamespace(from_machine="st-broken")]}
    parts: Any = SimpleNamespace(
        responses=SimpleNamespace(degraded=degraded),
        enrolment=SimpleNamespace(
            machines=lambda _role: [SimpleNamespace(machine_id=each) for each in enrolled]
        ),
        sittings=SimpleNamespace(sittings=lambda _session: sittings),
        swaps=SimpleNamespace(of=lambda sitting_id: swaps.get(sitting_id, [])),
    )
    wiping = SessionWiping(parts, None, None, None, nothing_here)  # type: ignore[arg-type]
    return {each["name"]: each["why"] for each in wiping._kept("am")}


@pytest.mark.parametrize("degraded", [None, object()])
def test_l11_a_second_device_that_was_away_is_said_not_to_have_been_searched(
    degraded: object,
) -> None:
    found = kept(degraded, {"st1", "st2", "st-broken"})
    assert ("second device" in found) == (degraded is not None)
    assert not [name for name in found if name.startswith("station")]


def test_l11_a_station_that_was_taken_off_the_roster_is_named_with_what_is_to_be_done() -> None:
    found = kept(None, {"st1", "st2"})
    assert [name for name in found if name.startswith("station")] == ["station st-broken"]
    assert "须人工处理" in found["station st-broken"]
