"""When the token is looked for: soon enough for candidates, gently enough for headquarters (F5)."""

import itertools
import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venue_server.release.headquarters_line import LineFault, TokenAnswer
from venue_server.release.token_fetch import TokenFetch
from venue_server.release.token_schedule import (
    SPREAD_S,
    Heard,
    Urgency,
    first_pause_s,
    pause_s,
    probe_pause_s,
    urgency,
)

JITTER = st.floats(0, 1)


def questions(
    published_s: float, until_s: float, jitter: random.Random, lead_s: float = 120
) -> list[float]:
    """When a venue asks, counted from the point, of a headquarters that publishes late."""
    at, asked = first_pause_s(lead_s, jitter.random()), []
    while at <= until_s:
        asked.append(at)
        if at >= published_s:
            break
        left = math.ceil(published_s - at)
        at += pause_s(at, Heard(retry_after_s=float(left) if left < 3 else None), jitter.random())
    return asked


@given(st.floats(0, 58.5), st.integers(0, 10**6), st.floats(0, 600))
def test_f5_in_the_first_minute_a_token_is_had_within_a_second_of_its_publication(
    published_s: float, seed: int, lead_s: float
) -> None:
    asked = questions(published_s, 120, random.Random(seed), lead_s)
    assert 0 <= asked[-1] - published_s <= 1.0 + SPREAD_S, "rounded up, and the spread"


@given(st.integers(0, 10**6))
def test_f5_the_load_of_one_venue_is_bounded_for_ever(seed: int) -> None:
    asked = questions(1e9, 4 * 3600, random.Random(seed))
    assert sum(at <= 60 for at in asked) <= 101
    assert sum(at <= 3600 for at in asked) <= 101 + 271 + 301
    assert sum(at > 3600 for at in asked) <= 361
    gaps = [later - earlier for earlier, later in itertools.pairwise(asked)]
    assert min(gaps) >= 0.6


def test_f5_thousands_of_venues_do_not_ask_at_the_same_instant() -> None:
    rng = random.Random(5)
    first = [first_pause_s(120, rng.random()) for _ in range(5_000)]
    per_tenth = [sum(n / 10 <= at < (n + 1) / 10 for at in first) for n in range(5)]
    assert sum(per_tenth) == 5_000
    assert max(per_tenth) < 1.2 * 5_000 / 5


@given(st.floats(0, 1e5), JITTER, st.floats(0, 1e6))
def test_f5_retry_after_is_kept_within_limits(since_s: float, jitter: float, wish: float) -> None:
    plain = pause_s(since_s, Heard(), jitter)
    for is_busy, most in ((True, busy_limit(since_s)), (False, 5.0)):
        heard = Heard(retry_after_s=wish, busy=is_busy)
        pause = pause_s(since_s, heard, jitter)
        kept = min(wish, most)
        assert max(plain, kept) <= pause <= max(plain, kept * 1.5), "never before, a little after"
        assert pause_s(since_s, heard, 0) >= kept


@pytest.mark.parametrize(("busy", "over_s"), [(True, 4.9), (False, 0.49)])
def test_f5_venues_that_heard_the_same_number_do_not_come_back_together(
    busy: bool, over_s: float
) -> None:
    heard, rng = Heard(retry_after_s=10.0, busy=busy), random.Random(5)
    back = [pause_s(10, heard, rng.random()) for _ in range(5_000)]
    assert max(back) - min(back) > over_s
    tenth = (max(back) - min(back)) / 10
    per_tenth = [sum(n <= (at - min(back)) / tenth < n + 1 for at in back) for n in range(10)]
    assert max(per_tenth) < 1.3 * 5_000 / 10


@given(
    st.lists(st.floats(0, 1e9), min_size=200, max_size=200), st.integers(0, 10**6), st.booleans()
)
def test_f5_no_number_keeps_a_venue_from_a_token_past_the_start(
    wishes: list[float], seed: int, busy: bool
) -> None:
    """Two minutes lie between the point and the start: there are questions in every quarter."""
    rng, at, asked = random.Random(seed), 0.0, []
    for wish in wishes:
        asked.append(at)
        at += pause_s(at, Heard(retry_after_s=wish, busy=busy), rng.random())
    assert all(any(n * 30 <= when < (n + 1) * 30 for when in asked) for n in range(2))
    assert any(60 <= when < 120 for when in asked)
    gaps = [later - earlier for earlier, later in itertools.pairwise(asked)]
    assert max(gaps) <= 90.0


def busy_limit(since_s: float) -> float:
    return 10.0 if since_s < 60 else 30.0 if since_s < 600 else 60.0


def test_f5_another_line_is_tried_at_once_and_all_of_them_only_once() -> None:
    assert pause_s(0, Heard(fault=True, faults=1, lines=2), 0) == 0.1
    assert pause_s(0, Heard(fault=True, faults=2, lines=2), 0) == 0.6
    assert pause_s(0, Heard(fault=True, faults=1, lines=1), 0) == 0.6


@given(st.floats(0, 2700), JITTER)
def test_f5_probes_come_more_often_as_the_point_comes_nearer(to_s: float, jitter: float) -> None:
    pause = probe_pause_s(to_s, True, jitter)
    assert probe_pause_s(to_s, False, jitter) <= min(pause, 12.01), "a lost line is looked for"
    assert 1.59 < pause < 72.01
    assert pause <= max(2.41, to_s * 0.121)


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (46, Urgency.NONE),
        (45, Urgency.NOTICE),
        (30, Urgency.WARNING),
        (15, Urgency.ALARM),
        (5, Urgency.CODE_NEAR),
        (0.01, Urgency.CODE_NEAR),
        (0, Urgency.CODE),
        (-10, Urgency.CODE),
    ],
)
def test_f5_an_unreachable_line_is_said_ever_more_loudly(minutes: float, expected: Urgency) -> None:
    assert urgency(minutes * 60_000, reachable=False) is expected
    assert urgency(minutes * 60_000, reachable=True) is Urgency.NONE


# ---- the driver ------------------------------------------------------------------------------


class Line:
    """Answers as told, one after the other."""

    lines = 2

    def __init__(self, *answers: TokenAnswer | LineFault) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def release_token(self, _paper: str, _form: str) -> TokenAnswer:
        self.asked += 1
        answer = self.answers.pop(0)
        if isinstance(answer, LineFault):
            raise answer
        return answer


async def test_f5_the_fetch_keeps_its_pace_and_tries_the_other_line(
    caplog: pytest.LogCaptureFixture,
) -> None:
    now = [100.0]
    line = Line(LineFault("a"), LineFault("b"), TokenAnswer(None, 3.0), TokenAnswer(b"token"))
    fetch = TokenFetch(line, ("p", "A"), lambda: now[0], lambda: 0.5)  # type: ignore[arg-type]
    fetch.point_came(0.0, 120.0)
    assert fetch.wait_s() == pytest.approx(0.25)
    assert await fetch.ask(0.0) is None and line.asked == 0, "not yet its moment"
    fetch.point_came(0.1, 120.0)
    assert fetch.wait_s() == pytest.approx(0.25), "chosen once"
    now[0] += 0.25
    assert await fetch.ask(0.25) is None
    assert fetch.wait_s() == pytest.approx(0.1)
    now[0] += 0.1
    assert await fetch.ask(0.35) is None
    assert fetch.wait_s() == pytest.approx(0.75)
    now[0] += 0.75
    assert await fetch.ask(1.1) is None
    assert fetch.wait_s() == pytest.approx(3.25), "headquarters' wish, and the spread"
    now[0] += 3.25
    assert await fetch.ask(4.35) == b"token"
    assert caplog.text.count("release token") == 1, "an outage is logged when it begins"


async def test_f5_a_late_arming_asks_at_once() -> None:
    line = Line(TokenAnswer(b"token"))
    fetch = TokenFetch(line, ("p", "A"), lambda: 7.0, lambda: 1.0)  # type: ignore[arg-type]
    fetch.point_came(30.0, 120.0)
    assert await fetch.ask(30.0) == b"token"
