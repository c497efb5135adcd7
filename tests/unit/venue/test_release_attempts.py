"""D11: refused attempts to open a paper are counted, and lock; mistyping alone never for long."""

from hypothesis import given
from hypothesis import strategies as st

from venue_server.release.attempts import (
    EARLY,
    EARLY_ALLOWED,
    WRONG,
    WRONG_ALLOWED,
    WRONG_LOCKED_MS,
    Attempts,
)
from venue_server.wire.refusals import RefusalCode

WRONG_CODE = RefusalCode.CODE_SHARE_INVALID
EARLY_CODE = RefusalCode.RELEASE_TOO_EARLY


def after(*codes: RefusalCode, at_ms: int = 1000) -> Attempts:
    attempts = Attempts()
    for code in codes:
        attempts = attempts.after_refusal(code, at_ms)
    return attempts


def test_d11_the_fifth_wrong_share_in_a_row_locks_for_a_minute() -> None:
    four = after(*[WRONG_CODE] * (WRONG_ALLOWED - 1))
    assert not four.is_locked(1000)
    five = four.after_refusal(RefusalCode.RELEASE_SECRET_WRONG, 1000)
    assert five.total == WRONG_ALLOWED
    assert five.is_locked(1000) and five.is_locked(1000 + WRONG_LOCKED_MS - 1)
    assert not five.is_locked(1000 + WRONG_LOCKED_MS)


def test_d11_a_right_share_in_between_begins_the_row_again_but_not_the_count() -> None:
    row = after(*[WRONG_CODE] * 4).after_success()
    assert (row.wrong, row.total) == (0, 4)
    assert not row.after_refusal(WRONG_CODE, 1).is_locked(1)


def test_d11_the_third_early_attempt_is_one_too_many() -> None:
    assert not after(*[EARLY_CODE] * (EARLY_ALLOWED - 1)).tried_early
    third = after(*[EARLY_CODE] * EARLY_ALLOWED)
    assert third.tried_early and third.total == EARLY_ALLOWED
    assert not third.is_locked(1000), "at the release point the custodian may enter the words"


def test_d11_what_is_nobodys_fault_counts_for_nothing() -> None:
    for code in RefusalCode:
        if code not in EARLY | WRONG:
            assert after(code) == Attempts()


@given(st.lists(st.sampled_from(sorted(EARLY | WRONG)), max_size=30), st.integers(0, 10**12))
def test_d11_every_refusal_is_counted_and_no_lock_outlasts_its_minute(
    codes: list[RefusalCode], now_ms: int
) -> None:
    attempts = after(*codes, at_ms=now_ms)
    assert attempts.total == len(codes)
    assert attempts.early == sum(code in EARLY for code in codes)
    assert not attempts.is_locked(now_ms + WRONG_LOCKED_MS)
    wrong = sum(code in WRONG for code in codes)
    assert attempts.is_locked(now_ms) == (wrong >= WRONG_ALLOWED)
