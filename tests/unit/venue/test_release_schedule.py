"""No paper is released early, whatever else is there (E01): the rule, all its branches."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venue_server.release.schedule import ReleaseFacts, effective_start, may_release
from venue_server.wire.refusals import RefusalCode

READY = ReleaseFacts(
    now_ms=1_000,
    clock_trusted=True,
    release_at_ms=1_000,
    package_complete=True,
    armed=True,
    secret_present=True,
)


def test_e01_released_exactly_at_the_release_point() -> None:
    assert may_release(READY) is None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"now_ms": 999.999}, RefusalCode.RELEASE_TOO_EARLY),
        ({"clock_trusted": False}, RefusalCode.CLOCK_UNTRUSTED),
        ({"armed": False}, RefusalCode.RELEASE_NOT_ARMED),
        ({"secret_present": False}, RefusalCode.RELEASE_NOT_READY),
        ({"package_complete": False}, RefusalCode.FRAGMENTS_MISSING),
        ({"released": True}, RefusalCode.RELEASE_DONE),
        ({"frozen": True}, RefusalCode.RELEASE_FROZEN),
        ({"used_before": True}, RefusalCode.PAPER_REPLAYED),
    ],
)
def test_e01_every_missing_condition_refuses_with_its_code(
    change: dict[str, object], code: RefusalCode
) -> None:
    refusal = may_release(replace(READY, **change))
    assert refusal is not None
    assert refusal.code is code


@given(
    now=st.floats(0, 2_000),
    trusted=st.booleans(),
    armed=st.booleans(),
    secret=st.booleans(),
    complete=st.booleans(),
    frozen=st.booleans(),
    used=st.booleans(),
)
def test_e01_nothing_opens_before_the_point_or_on_an_untrusted_clock(
    now: float, trusted: bool, armed: bool, secret: bool, complete: bool, frozen: bool, used: bool
) -> None:
    facts = ReleaseFacts(now, trusted, 1_000, complete, armed, secret, False, frozen, used)
    if may_release(facts) is None:
        assert not frozen
        assert not used
        assert now >= 1_000
        assert trusted
        assert armed
        assert secret
        assert complete


def test_g08_a_release_in_time_starts_at_the_plan_a_late_one_a_lead_after_now() -> None:
    assert effective_start(900.0, 10_000, 0.5, 1.0) == 10_000
    assert effective_start(20_000.0, 10_000, 0.5, 1.0) == 20_500
    assert effective_start(20_000.0, 10_000, 0.5, 60.0) == 50_000
