"""Group G, the closed room, hand-in and the end: the whole group's law in one table.

Each line asks the rule or the service that the server itself asks; the expected value is written
out. Instants are minutes after the start; one millisecond is ``MS``.
"""

from collections.abc import Callable

import pytest

from tests.unit.requirements.register import Row, built, without_a_row
from tests.unit.requirements.venue_day import (
    CHIEF,
    DEPUTY,
    DONE,
    HEAD,
    INVIGILATOR,
    LEAD_MS,
    ROVING,
    Day,
    Play,
    at_the_venue,
    minutes,
    missing_tests,
    ordered_by,
    seconded_by,
    told,
)
from tests.unit.sitting.conftest import MINUTE, START
from venue_server.release.schedule import effective_start
from venue_server.responses.acceptance import Head, accept
from venue_server.sitting.policy import has_ended, has_started, may_submit, timing
from venue_server.trusted_time.correction import Difference, permitted, remedy
from venue_server.trusted_time.states import Source
from venue_server.wire.chain import ResponseEntry, genesis, seal_entry
from venue_server.wire.credit_orders import ExitReason
from venue_server.wire.names import MediaClass, Mode, SubmitKind
from venue_server.wire.receipt_code import normal_code, receipt_code
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError

NORMAL, AUDIO, VIDEO = MediaClass.NORMAL, MediaClass.AUDIO, MediaClass.VIDEO
EARLY, AUTO, FORCED = SubmitKind.EARLY, SubmitKind.AUTO, SubmitKind.FORCED
MS = 1 / MINUTE
ELSEWHERE = {
    "G07": "tests/screens/rendering/test_rendering_locked.py"
    "::test_no_windows_dialogs_menus_drops_or_plugins",
    "G10": "tests/unit/station/test_station_machine.py"
    "::test_g10_two_steps_with_counts_and_a_way_back",
}


# ---- what is asked -----------------------------------------------------------------------


def closed(
    duration_s: int, relaxed: bool = False, media: MediaClass = NORMAL, extra_s: int = 0
) -> Callable[[], object]:
    """Seconds from the start for which the room is closed."""
    times = timing(START, duration_s, media, relaxed, extra_s)
    return lambda: (times.closed_until_ms - START) / 1000


def opens(
    duration_s: int, relaxed: bool = False, media: MediaClass = NORMAL
) -> Callable[[], object]:
    """May one hand in a millisecond before the closure ends, then, and a millisecond after?"""
    times = timing(START, duration_s, media, relaxed)
    at = times.closed_until_ms
    return lambda: [may_submit(times, each) for each in (at - 1, at, at + 1)]


def hands_in(minute: float, kind: SubmitKind = EARLY) -> Callable[[], object]:
    """Handing in at a minute of the day's 90, closed for 75."""

    async def play(day: Day) -> object:
        sitting_id = await day.at_work()
        day.clock.now = START + round(minute * MINUTE)
        return await day.submit(sitting_id, kind)

    return at_the_venue(play)


async def early_attempt(day: Day) -> object:
    sitting_id = await day.at_work()
    await day.submit(sitting_id)
    return day.last_event(), day.states(sitting_id)


def taken_ill(reason: str) -> Play:
    async def play(day: Day) -> object:
        sitting_id = await day.at_work()
        day.clock.minutes(10)
        left = await day.credits.exit_specially(
            sitting_id, ExitReason.ILLNESS, reason, "chief,inv-1", (4, HEAD), lambda _tx: None
        )
        return told(left), day.states(sitting_id)

    return play


def planned(duration_s: int, relaxed: bool = True) -> Play:
    async def play(day: Day) -> object:
        one = day.venue.planned_session("s2", duration_s=duration_s, relaxed=relaxed)
        return told(await day.venue.load(plan_id="p2", sessions=[one]))

    return play


async def relaxed_by_hand(day: Day) -> object:
    """Somebody at the venue turns the relaxation off in the signed file."""
    signed = day.venue.hq.plan(plan_id="p2")
    changed = signed.replace(b'"relaxed": true', b'"relaxed": false')
    assert changed != signed
    read = (day.venue.hq.accepted, 2, "v1", Mode.REHEARSAL)
    return told(await day.service.import_plan(changed, *read))


def leaves(room: str, handed_in: bool = True, undecided: bool = False) -> Play:
    async def play(day: Day) -> object:
        sitting_id = await day.at_work()
        if undecided:
            assert told(await day.propose(sitting_id, 5)) == DONE
        day.clock.minutes(80)
        if handed_in:
            assert await day.submit(sitting_id) == DONE
        left = told(await day.service.confirm_exit(sitting_id, room, "inv-1"))
        return left, day.states(sitting_id)[0]

    return play


async def leaves_twice(day: Day) -> object:
    sitting_id = await day.handed_in()
    await day.service.confirm_exit(sitting_id, "R1", "inv-1")
    return told(await day.service.confirm_exit(sitting_id, "R1", "inv-1"))


async def late_release(day: Day) -> object:
    """Start, last admission, end of closure, end when the release came twelve minutes late."""
    await day.venue.start(12 * MINUTE)
    at = day.service.session("s1").times_in("R1")
    instants = (at.effective_start_ms, at.admission_closes_ms, at.closed_until_ms, at.end_ms)
    return [minutes(each) for each in instants]


def held_room(asked_ms: int) -> Play:
    """R2 was held back; at minute 12 somebody starts it. (told, its end, the end of R1)."""

    async def play(day: Day) -> object:
        await day.times.hold("s1", "R2", "门锁故障", "chief")
        await day.venue.start()
        day.clock.minutes(12)
        done = told(await day.times.start("s1", "R2", asked_ms, "已开门", "chief"))
        session = day.service.session("s1")
        ends = [session.times_in(room).end_ms for room in ("R2", "R1")]
        return done, ends[0] - START if done == DONE else 0, minutes(ends[1])

    return play


def saved(at_ms: int, kind: str = "response", last_ms: int | None = 1_000) -> Callable[[], object]:
    """An answer stamped ``at_ms`` in an exam from 100 to 1000 ms: its fate, and is it kept?"""
    head = Head(0, genesis("s1-001"))
    entry = seal_entry(ResponseEntry("s1-001", 1, kind, "q1", {"R": ["A"]}, {}, at_ms, head.hash))

    def ask() -> object:
        found = accept("s1-001", head, {}, [entry], last_ms, first_ms=100)
        fate = found.refusal.code.value if found.refusal else "taken"
        return fate, len(found.strays)

    return ask


def again(seq: int, head: str, kind: SubmitKind = EARLY) -> Play:
    """A second hand-in a minute after the first, at 80."""

    async def play(day: Day) -> object:
        sitting_id = await day.handed_in(80)
        day.clock.minutes(81)
        answer = await day.service.submit(sitting_id, kind, seq, head)
        return minutes(answer) if isinstance(answer, int) else told(answer)

    return play


async def logs_in_again(day: Day) -> object:
    await day.handed_in()
    return told(await day.venue.log_in("01"))


async def not_durable(day: Day) -> object:
    """The server does not hold the answers whose end is handed in."""
    sitting_id = await day.at_work()
    day.clock.minutes(80)

    def lacks(_tx: object) -> None:
        raise RefusedError(Refusal(RefusalCode.SAVE_GAP))

    answer = await day.service.submit(sitting_id, EARLY, 9, HEAD, lacks)
    return told(answer), day.states(sitting_id)[0]


async def opened_before_the_release(day: Day) -> object:
    sitting_id = await day.venue.ready("01")
    return told(await day.service.opened(sitting_id, day.clock.now))


def around(rule: Callable[..., bool], instant: str) -> Callable[[], object]:
    """What a rule says one millisecond before an instant of the 90 minutes, then, and after."""
    times = timing(START, 5400, NORMAL, relaxed=True)
    at: int = getattr(times, instant)
    return lambda: [rule(times, each) for each in (at - 1, at, at + 1)]


OPENING = [False, True, True]
WENT = (DONE, "EXITED")
TABLE = [
    Row("G01", "handing in a millisecond before the closure ends", hands_in(75 - MS), "SIT-01"),
    Row("G01", "at the millisecond", hands_in(75), DONE),
    Row("G01", "a millisecond after", hands_in(75 + MS), DONE),
    Row(
        "G01",
        "the attempt is recorded and changes nothing",
        at_the_venue(early_attempt),
        ("candidate.submit-refused", ("IN_PROGRESS", "")),
    ),
    Row(
        "G01",
        "somebody taken ill leaves with the answers as they stand",
        at_the_venue(taken_ill("突发疾病")),
        (DONE, ("EXITED", "EXCEPTIONAL")),
    ),
    Row(
        "G01",
        "and not without a reason",
        at_the_venue(taken_ill(" ")),
        ("REL-13", ("IN_PROGRESS", "")),
    ),
    Row("G01", "the deputy orders it", ordered_by(DEPUTY, "ExitSpecially"), "STF-04"),
    Row("G01", "the chief signs for both", seconded_by(CHIEF, CHIEF, "ExitSpecially"), "STF-06"),
    Row("G01", "the roving second", seconded_by(CHIEF, ROVING, "ExitSpecially"), "STF-04"),
    Row("G01", "the room's own second", seconded_by(CHIEF, INVIGILATOR, "ExitSpecially"), DONE),
    Row("G02", "one hour", closed(3600), 3600),
    Row("G02", "exactly two hours", closed(7200), 7200),
    Row("G02", "never by hand before the end", opens(7200), OPENING),
    Row(
        "G02",
        "a candidate's own extra time closes nobody's room",
        closed(5400, False, NORMAL, 600),
        5400,
    ),
    Row("G03", "90 minutes, relaxed", closed(5400, relaxed=True), 4500),
    Row("G03", "two hours, relaxed", closed(7200, relaxed=True), 6300),
    Row("G03", "to the millisecond", opens(5400, relaxed=True), OPENING),
    Row("G03", "shorter than a quarter of an hour: from the start", closed(600, relaxed=True), 0),
    Row("G03", "a plan of a second less than 16 minutes", at_the_venue(planned(959)), "DOC-06"),
    Row("G03", "the same without the relaxation", at_the_venue(planned(959, relaxed=False)), DONE),
    Row("G03", "of 16 minutes", at_the_venue(planned(960)), DONE),
    Row("G03", "a switch at the venue breaks the seal", at_the_venue(relaxed_by_hand), "DOC-04"),
    Row("G04", "two hours and a second", closed(7201), 7200),
    Row("G04", "the relaxation has no effect", closed(7201, relaxed=True), 7200),
    Row("G04", "three hours, to the millisecond", opens(10_800, relaxed=True), OPENING),
    Row("G05", "one hour of audio, relaxed", closed(3600, True, AUDIO), 3600),
    Row("G05", "three hours of video", closed(10_800, True, VIDEO), 10_800),
    Row("G05", "to the millisecond", opens(10_800, True, VIDEO), OPENING),
    Row(
        "G06",
        "leaving before the hand-in",
        at_the_venue(leaves("R1", False)),
        ("SIT-04", "IN_PROGRESS"),
    ),
    Row("G06", "another room's invigilator", at_the_venue(leaves("R2")), ("STF-05", "SUBMITTED")),
    Row("G06", "the room's own", at_the_venue(leaves("R1")), WENT),
    Row(
        "G06",
        "while their time is undecided",
        at_the_venue(leaves("R1", undecided=True)),
        ("CRD-04", "SUBMITTED"),
    ),
    Row("G06", "twice", at_the_venue(leaves_twice), "SIT-04"),
    Row("G06", "a roving invigilator consents", ordered_by(ROVING, "ConfirmExit"), "STF-04"),
    Row("G06", "in another room", ordered_by(INVIGILATOR, "ConfirmExit", "R2"), "STF-05"),
    Row(
        "G08",
        "released in time: the plan's start",
        lambda: effective_start(900, 10_000, 0.5, 1),
        10_000,
    ),
    Row("G08", "late: a lead after now", lambda: effective_start(20_000, 10_000, 0.5, 1), 20_500),
    Row("G08", "twelve minutes late: all of it", at_the_venue(late_release), [12, 17, 87, 102]),
    Row(
        "G08",
        "a held room starts with its lead and has its 90 minutes",
        at_the_venue(held_room(0)),
        (DONE, 102 * MINUTE + LEAD_MS, 90),
    ),
    Row(
        "G08",
        "a millisecond sooner than its stations can know",
        at_the_venue(held_room(START + 12 * MINUTE + LEAD_MS - 1)),
        ("TIM-02", 0, 90),
    ),
    Row(
        "G08",
        "time never goes back",
        lambda: remedy(Difference(-5_001, Source.HEADQUARTERS, False, True)),
        "hold",
    ),
    Row("G08", "a step stops short of the end", lambda: permitted(0, 9_000, [5_000], 30), 4_970),
    Row("G09", "a station's own end, two seconds early", hands_in(90 - 2_000 * MS, AUTO), DONE),
    Row("G09", "a millisecond earlier", hands_in(90 - 2_001 * MS, AUTO), "SIT-04"),
    Row("G09", "by itself in the closed room", hands_in(60, AUTO), "SIT-01"),
    Row("G09", "forced before the end", hands_in(90 - MS, FORCED), "SIT-04"),
    Row("G09", "forced at the end", hands_in(90, FORCED), DONE),
    Row("G09", "over to the millisecond", around(has_ended, "end_ms"), OPENING),
    Row("G09", "an answer stamped at the end", saved(1_000), ("taken", 0)),
    Row("G09", "a millisecond late: not taken, kept aside", saved(1_001), ("SIT-02", 1)),
    Row("G09", "the closing mark may come later", saved(1_001, "submit"), ("taken", 0)),
    Row("G10", "more answers after the hand-in", at_the_venue(again(10, HEAD)), "SIT-02"),
    Row("G10", "other answers", at_the_venue(again(9, "cd" * 32)), "SIT-02"),
    Row("G10", "a new log-in", at_the_venue(logs_in_again), "SIT-02"),
    Row("G11", "the receipt got lost: the same instant", at_the_venue(again(9, HEAD)), 80),
    Row("G11", "and as an automatic one", at_the_venue(again(9, HEAD, AUTO)), 80),
    Row(
        "G11",
        "what is not durable is not received",
        at_the_venue(not_durable),
        ("SIT-06", "IN_PROGRESS"),
    ),
    Row("G11", "its code", lambda: receipt_code("0" * 64), "0000-0000-0000-0000-0098"),
    Row(
        "G11", "its code with a wrong digit", lambda: normal_code("0000-0000-0000-0001-0098"), None
    ),
    Row("G12", "open to the millisecond", around(has_started, "effective_start_ms"), OPENING),
    Row(
        "G12",
        "a paper opened before the release",
        at_the_venue(opened_before_the_release),
        "SIT-04",
    ),
    Row("G12", "an answer from before the start", saved(99), ("SIT-08", 1)),
    Row("G12", "at the start", saved(100), ("taken", 0)),
    Row("G12", "after the hand-in", saved(500, last_ms=None), ("SIT-02", 1)),
]


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_group_g(row: Row) -> None:
    assert row.outcome() == row.expected


def test_group_g_has_a_line_for_all_that_is_built() -> None:
    assert len(built("G")) >= 12, "the register was not understood"
    assert without_a_row("G", TABLE) <= set(ELSEWHERE)
    assert not missing_tests(ELSEWHERE)
