"""How far an upload is and how long it takes still, from confirmed bytes alone (L08, L09)."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venue_server.upload.metrics import metrics
from venue_server.upload.progress import (
    SETTLE_S,
    SLOT_S,
    STALL_S,
    WINDOW_S,
    InAll,
    Share,
    Track,
    begin,
    confirm,
    in_all,
    pace,
)
from venue_server.upload.schedule import QUICK_PIECE_S, SLOW_PIECE_S, next_piece
from venue_server.upload.standing import Attempt, uploads_now
from venue_server.upload.store import OutgoingRow, Reached
from venue_server.wire.names import DataState
from venue_server.wire.upload_orders import UploadStage, UploadView
from venue_server.wire.upload_texts import (
    amount,
    bundle_texts,
    bytes_text,
    left_texts,
    percent,
    stage_texts,
)

MIB = 1024 * 1024
T0 = 1_795_309_200_000
SOMETIME = st.floats(-1e6, 1e9, allow_nan=False)
WORDS = st.lists(st.tuples(SOMETIME, st.integers(-5, 10**13)), max_size=30)


def heard(track: Track, words: list[tuple[float, int]]) -> Track:
    for at_s, offset in words:
        track = confirm(track, offset, at_s)
    return track


def steady(rate: int, seconds: int, size: int = 10**12, each_s: int = 5) -> Track:
    """A line that confirms at ``rate`` bytes a second, a piece every ``each_s`` seconds."""
    track = confirm(begin(size, 0, 0.0), 0, 0.0)
    return heard(track, [(float(at), rate * at) for at in range(each_s, seconds + 1, each_s)])


# ---- any words, any clock --------------------------------------------------------------------


@given(st.integers(0, 10**12), st.integers(-5, 10**13), SOMETIME, WORDS, SOMETIME)
def test_l09_whatever_is_heard_and_whenever_the_figures_hold_together(
    size: int, known: int, began_s: float, words: list[tuple[float, int]], now_s: float
) -> None:
    track = heard(begin(size, known, began_s), words)
    told = pace(track, now_s)
    assert 0 <= track.confirmed <= size
    assert told.still_s >= 0
    assert told.rate is None or (told.rate > 0 and math.isfinite(told.rate))
    assert (told.left_min is not None) == (told.rate is not None or track.confirmed == size)
    assert told.left_min is None or told.left_min >= 0
    if told.stalled:
        assert told.rate is None and told.left_min is None and track.confirmed < size
    if words:
        assert track.confirmed == min(max(words[-1][1], 0), size), "the last word counts"


@given(WORDS)
def test_l09_instants_never_run_backwards_whatever_the_clock_does(
    words: list[tuple[float, int]],
) -> None:
    track = heard(begin(10**12, 0, 0.0), words)
    instants = [mark.at_s for mark in track.marks]
    assert instants == sorted(instants)
    confirmed = [mark.confirmed for mark in track.marks]
    assert confirmed == sorted(set(confirmed)), "each mark is growth, but for the first"


@given(st.lists(st.floats(0.001, 3.0), min_size=1, max_size=2000))
def test_p10_what_is_remembered_stays_small_on_any_line(pauses: list[float]) -> None:
    track, now_s = confirm(begin(10**12, 0, 0.0), 0, 0.0), 0.0
    for at, pause in enumerate(pauses, start=1):
        now_s += pause
        track = confirm(track, at * MIB, now_s)
    assert len(track.marks) <= 2 * WINDOW_S / SLOT_S + 4
    assert track.confirmed == len(pauses) * MIB


@given(st.integers(1, 10**8), st.integers(int(SETTLE_S) + 5, 3600))
def test_l09_a_steady_line_is_told_at_its_rate(rate: int, seconds: int) -> None:
    seconds -= seconds % 5
    told = pace(steady(rate, seconds), float(seconds))
    assert told.rate == pytest.approx(rate)
    assert told.left_min is not None
    promised_s = told.left_min * 60
    needed_s = (10**12 - rate * seconds) / rate
    assert needed_s <= promised_s * 1.0001 and promised_s <= needed_s + 60.1


# ---- the window, standing still, beginning again ---------------------------------------------


def test_l09_the_rate_is_that_of_the_last_two_minutes() -> None:
    fast = steady(1_000_000, 600)
    slow = heard(fast, [(600.0 + at, 600_000_000 + 1000 * at) for at in range(5, 301, 5)])
    assert pace(slow, 900.0).rate == pytest.approx(1000, rel=0.05)


def test_l09_a_line_that_dies_is_told_slower_and_then_as_a_standstill() -> None:
    track = steady(100_000, 60)
    rates = [pace(track, 60.0 + later).rate or 0.0 for later in (0, 30, 60, 90)]
    assert rates == sorted(rates, reverse=True) and rates[0] > rates[-1] > 0
    just = pace(track, 60.0 + STALL_S - 0.1)
    assert not just.stalled and just.left_min is not None
    dead = pace(track, 60.0 + STALL_S)
    assert dead.stalled and dead.rate is None and dead.left_min is None
    again = confirm(track, 6_100_000, 400.0)
    assert not pace(again, 400.0).stalled, "the next byte ends it"


def test_l09_a_standstill_from_the_first_second_is_one_as_well() -> None:
    asked = begin(MIB, 0, 100.0)
    assert not pace(asked, 100.0).stalled
    assert pace(asked, 100.0 + STALL_S).stalled


def test_l08_what_was_confirmed_before_is_kept_and_is_no_speed() -> None:
    """The first word of an attempt is where it goes on: a minute's rate is not made of it."""
    track = confirm(begin(100 * MIB, 60 * MIB, 0.0), 60 * MIB, 1.0)
    assert track.confirmed == 60 * MIB and track.asked
    assert pace(track, 30.0).rate is None
    track = confirm(track, 61 * MIB, 11.0)
    assert pace(track, 11.0).rate == pytest.approx(MIB / 10)


def test_l08_fewer_bytes_than_before_are_the_truth_and_a_new_measure() -> None:
    track = steady(100_000, 60)
    fewer = confirm(track, 1_000_000, 61.0)
    assert fewer.confirmed == 1_000_000
    assert pace(fewer, 70.0).rate is None
    assert pace(confirm(fewer, 1_050_000, 71.0), 71.0).rate == pytest.approx(5000)


def test_l09_everything_confirmed_is_no_standstill_however_long_the_receipt_takes() -> None:
    track = confirm(steady(1000, 10, size=20_000), 20_000, 20.0)
    told = pace(track, 20.0 + 10 * STALL_S)
    assert (told.stalled, told.left_min) == (False, 0)


# ---- all of them ------------------------------------------------------------------------------

SHARES = st.lists(
    st.builds(
        lambda size, part, rate, follows: Share(size, int(size * part), rate, follows),
        st.integers(0, 10**12),
        st.floats(0, 1),
        st.none() | st.floats(1e-3, 1e9),
        st.booleans(),
    ),
    max_size=6,
)


@given(SHARES)
def test_l09_the_sum_says_how_long_only_when_every_bundle_moves_or_follows(
    shares: list[Share],
) -> None:
    told = in_all(shares)
    assert told.size == sum(one.size for one in shares)
    assert told.confirmed == sum(one.confirmed for one in shares)
    away = [one for one in shares if one.confirmed < one.size]
    if not away:
        assert told.left_min == 0
    elif any(one.rate is None and not one.follows for one in away) or told.rate is None:
        assert told.left_min is None
    else:
        assert told.left_min is not None and told.left_min >= 1


def test_l09_one_that_waits_for_people_makes_the_sum_unknown() -> None:
    moving = Share(10_000_000, 4_000_000, 10_000.0)
    assert in_all([moving]) == InAll(10_000_000, 4_000_000, 10_000.0, 10)
    assert in_all([moving, Share(6_000_000, 0, follows=True)]).left_min == 20
    assert in_all([moving, Share(6_000_000, 0)]).left_min is None
    assert in_all([]) == InAll(0, 0, None, 0)


# ---- how it is shown -----------------------------------------------------------------------------


def row(state: DataState = DataState.UPLOADING, **changes: object) -> OutgoingRow:
    made = OutgoingRow("S1", "b" * 32, 40 * MIB, state, 0, T0, "", False, Reached(0, 0))
    return replace(made, **changes)  # type: ignore[arg-type]


def stage(one: OutgoingRow, attempt: Attempt | None = None, now_s: float = 0.0) -> UploadStage:
    attempts = {"S1": attempt} if attempt else {}
    (view,) = uploads_now([one], attempts, now_s, T0).bundles
    return view.stage


def test_l09_every_stage_of_an_evening() -> None:
    assert stage(row(DataState.SEALED)) is UploadStage.NOT_BEGUN
    begun = begin(40 * MIB, 0, 0.0)
    assert stage(row(), Attempt(begun)) is UploadStage.SENDING
    assert stage(row(), Attempt(begun), STALL_S) is UploadStage.STALLED
    arrived = confirm(begun, 40 * MIB, 5.0)
    assert stage(row(), Attempt(arrived), 9 * STALL_S) is UploadStage.CHECKING
    assert stage(row(attempts=1, next_attempt_ms=T0 + 60_000)) is UploadStage.PAUSED
    assert stage(row(DataState.UPLOADED), Attempt(begun)) is UploadStage.HOME, "it came by hand"


def test_l08_what_the_outbox_knows_is_not_said_to_be_headquarters_word() -> None:
    """All of it was confirmed once; whether it still is there, headquarters is asked first."""
    known = row(reached=Reached(40 * MIB, T0 - 1000))
    begun = Attempt(begin(40 * MIB, 40 * MIB, 0.0))
    (view,) = uploads_now([known], {"S1": begun}, 0.0, T0).bundles
    assert (view.stage, view.asked, view.confirmed) == (UploadStage.SENDING, False, 40 * MIB)


def test_l09_a_bundle_that_is_due_waits_for_the_one_under_way() -> None:
    first = Attempt(confirm(begin(MIB, 0, 0.0), 0, 0.0))
    rows = [row(size=MIB), row(session_id="S2")]
    told = uploads_now(rows, {"S1": first}, 1.0, T0)
    assert [one.stage for one in told.bundles] == [UploadStage.SENDING, UploadStage.NEXT]
    (alone,) = uploads_now(rows[1:], {}, 1.0, T0).bundles
    assert alone.stage is UploadStage.PAUSED and alone.next_attempt_ms == T0


def test_l08_home_is_whole_and_says_nothing_of_old_trouble() -> None:
    done = row(
        DataState.UPLOADED, attempts=3, last_problem="POST: 503", reached=Reached(MIB, T0 - 5)
    )
    (view,) = uploads_now([done], {}, 0.0, T0).bundles
    assert (view.confirmed, view.left_min, view.problem) == (40 * MIB, 0, "")
    assert bundle_texts(view) == []


def test_l09_a_pause_says_since_when_until_when_and_why_in_both_languages() -> None:
    paused = row(
        attempts=4,
        next_attempt_ms=T0 + 90_000,
        last_problem="PATCH: ReadTimeout",
        reached=Reached(11 * MIB, T0 - 60_000),
    )
    (view,) = uploads_now([paused], {}, 0.0, T0).bundles
    told = {label.split(" / ")[1]: texts for label, texts in bundle_texts(view)}
    assert told["last progress"][0] == "11-22 08:59:00 起没有进展"
    assert told["next attempt"] == ("11-22 09:01:30",) * 2
    assert "外网线路" in told["why"][0] and "4 次" in told["why"][0]
    assert all(texts[1].isascii() for texts in told.values())
    going = Attempt(begin(40 * MIB, 11 * MIB, 0.0))
    (view,) = uploads_now([paused], {"S1": going}, 0.0, T0).bundles
    assert "上次失败 / last failure" in dict(bundle_texts(view)), "it does not wait for it now"
    refused = replace(paused, last_problem="headquarters refused the bundle: x", needs_people=True)
    (view,) = uploads_now([refused], {}, 0.0, T0).bundles
    assert "须由人处理" in stage_texts(view)[0]
    assert "拒收密封包" in dict(bundle_texts(view))["原因 / why"][0]


def test_l09_every_stage_has_words() -> None:
    for one in UploadStage:
        chinese, english = stage_texts(UploadView("S1", "b", one, 1, 0))
        assert chinese and english.isascii()


@given(st.integers(0, 10**16))
def test_l09_no_figure_says_more_than_there_is(count: int) -> None:
    number, unit = bytes_text(count).split(" ")
    factor = {"B": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}[unit]
    assert (
        round(float(number) * 10) * factor
        <= count * 10
        < round(float(number) * 10 + 1) * max(factor, 10)
    )


@given(st.integers(1, 10**15), st.integers(0, 10**15))
def test_l09_a_hundred_percent_is_everything(total: int, confirmed: int) -> None:
    confirmed = min(total, confirmed)
    assert (percent(confirmed, total) == 100) == (confirmed == total)


def test_l09_figures_as_they_are_read() -> None:
    assert amount(12_345_678, 40_000_000) == "12.3 MB / 40.0 MB (30 %)"
    assert amount(0, 0) == "0 B / 0 B (0 %)"
    assert left_texts(None) == ("无法估计", "unknown")
    assert left_texts(7) == ("约 7 分钟", "about 7 min")
    assert left_texts(125) == ("约 2 小时 5 分钟", "about 2 h 5 min")


def test_o08_metrics_are_bytes_and_instants_by_session() -> None:
    paused = row(session_id='a"b', reached=Reached(MIB, T0 + 250), attempts=2)
    text = metrics(uploads_now([paused], {}, 0.0, T0))
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert 'kaodian_upload_confirmed_bytes{session="a\\"b"} 1048576' in lines
    assert 'kaodian_upload_total_bytes{session="a\\"b"} 41943040' in lines
    assert 'kaodian_upload_last_progress_timestamp_seconds{session="a\\"b"} 1795309200.250' in lines
    for line in lines:
        float(line.rsplit(" ", 1)[1])
    assert metrics(uploads_now([], {}, 0.0, T0)).count("# TYPE") == 7


# ---- pieces ------------------------------------------------------------------------------------


@given(
    st.integers(1, 2 * MIB), st.floats(0, 1e6), st.integers(1, 64 * 1024), st.integers(1, 2 * MIB)
)
def test_l09_a_piece_is_never_beyond_its_bounds(
    piece: int, took_s: float, smallest: int, largest: int
) -> None:
    piece = min(piece, largest)
    following = next_piece(piece, took_s, smallest, largest)
    assert 1 <= following <= largest
    if took_s > SLOW_PIECE_S:
        assert following <= piece and following >= min(piece, smallest)
    elif took_s < QUICK_PIECE_S:
        assert following == min(largest, 2 * piece)
    else:
        assert following == piece
