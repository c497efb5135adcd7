"""What the table of group I asks: incidents, the time of rooms and of one candidate.

The day lasts 90 minutes; instants are minutes after its start.
"""

from collections.abc import Callable, Sequence

import msgspec

from tests.unit.requirements.venue_day import (
    Day,
    Play,
    minutes,
    told,
)
from tests.unit.sitting.conftest import MINUTE, START
from venue_server.ledger.catalogue import Event
from venue_server.records.incidents import rules
from venue_server.records.incidents.automatic import raised_by
from venue_server.records.incidents.interruptions import incident_about
from venue_server.records.incidents.rules import IncidentEntry
from venue_server.release.schedule import ReleaseFacts
from venue_server.sitting.credit.lost_time import Act, Outage, lost_time
from venue_server.sitting.policy import has_ended
from venue_server.wire.credit_orders import Credit, GapCause
from venue_server.wire.incidents import (
    GraveClass,
    IncidentFacts,
    IncidentKind,
    IncidentStep,
    IncidentView,
    Severity,
)
from venue_server.wire.names import SubmitKind
from venue_server.wire.roomtime_orders import Approval

MS = 1 / MINUTE
HQ = Approval("部考试中心", "函〔2026〕7号", "王主任", START)
SEVERE, MAJOR, NOTE = Severity.SEVERE, Severity.MAJOR, Severity.NOTE
POWER = IncidentFacts(
    what="停电",
    seats=["01"],
    started_at_ms=START,
    ended_at_ms=START + 5 * MINUTE,
    cause="跳闸",
    action="合闸",
    camera="C-07",
    camera_marks="09:12-09:20",
)
READY = ReleaseFacts(
    now_ms=1_000,
    clock_trusted=True,
    release_at_ms=1_000,
    package_complete=True,
    armed=True,
    secret_present=True,
)


# ---- incidents ---------------------------------------------------------------------------


def incident(
    *entries: IncidentEntry,
    kind: IncidentKind = IncidentKind.POWER,
    severity: Severity = MAJOR,
    grave: GraveClass = GraveClass.NONE,
    facts: IncidentFacts = POWER,
) -> IncidentView:
    first = IncidentEntry(
        IncidentStep.OPENED, START, "a", kind=kind, severity=severity, grave=grave, facts=facts
    )
    return rules.standing("I001", "s1", "R1", "", [first, *entries])


REPORTED = IncidentEntry(IncidentStep.REPORTED, START, "b", to="考试中心", way="电话")
GOING_ON = incident(facts=msgspec.structs.replace(POWER, ended_at_ms=0))


def closes(one: IncidentView, result: str = "已恢复") -> Callable[[], object]:
    return lambda: told(rules.may_close(one, result))


def without(name: str) -> IncidentView:
    blank: object = 0 if name.endswith("_ms") else ""
    return incident(facts=msgspec.structs.replace(POWER, **{name: blank}))


def reported(to: str, way: str) -> Play:
    """(told, does it still keep the session from being sealed as unreported?)"""

    async def play(day: Day) -> object:
        await opened(day, SEVERE)
        done = told(await day.incidents.report("I001", to, way, "", "主考", "chief"))
        points = [(each.rule, each.blocks_sealing) for each in day.incidents.open_points("s1")]
        return done, points

    return play


async def opened(day: Day, severity: Severity = MAJOR) -> object:
    none = GraveClass.NONE
    return await day.incidents.open(
        "s1", "R1", IncidentKind.POWER, severity, none, POWER, "监考甲", "inv-1"
    )


def raises(
    event: Event, running: Sequence[str] = ("s1",), **data: str | int
) -> Callable[[], object]:
    """Severity and class of the incident that a fact opens by itself, None for no incident."""

    def ask() -> object:
        made = raised_by(event, 7, "m1", data, running)
        return (made.severity.value, made.grave.value) if made else None

    return ask


def contained(reason: str) -> Play:
    """(told, severity, who holds the evidence)."""

    async def play(day: Day) -> object:
        await opened(day)
        done = told(await day.incidents.contain("I001", reason, "主考", "chief"))
        one = day.incidents.one("I001")
        assert one is not None
        return done, one.severity.value, [each.subject for each in day.incidents.holds("s1")]

    return play


def frozen(*steps: str) -> Play:
    """What each step is told; ``f`` freezes, ``l`` lifts, in capitals without a reason."""

    async def play(day: Day) -> object:
        answers = []
        for step in steps:
            reason = " " if step.isupper() else "疑似泄密"
            act = day.freezing.freeze if step.lower() == "f" else day.freezing.lift
            answers.append(told(await act("chief", reason)))
        return answers

    return play


# ---- the time of rooms ---------------------------------------------------------------------


def extended(at: float, length: int, approval: Approval | None = HQ) -> Play:
    """(told, end of R1, does it keep the session from being sealed?)"""

    async def play(day: Day) -> object:
        await day.at_work()
        day.clock.now = START + round(at * MINUTE)
        done = await day.times.extend("s1", "R1", length, "停电", "chief,admin", approval)
        end = minutes(day.service.session("s1").times_in("R1").end_ms)
        return told(done), end, [each.blocks_sealing for each in day.times.open_points("s1")]

    return play


async def confirmed(day: Day) -> object:
    await extended(30, 20, None)(day)
    answers = [told(await day.times.confirm(1, HQ, "chief")) for _ in range(2)]
    return answers, day.times.open_points("s1")


def before_the_next(doors: float) -> Play:
    """Ten minutes more while the next session's doors open at this minute."""

    async def play(day: Day) -> object:
        start = START + round((doors + 30) * MINUTE)
        follows = day.venue.planned_session("s2", start_ms=start)
        await day.venue.load(plan_id="p2", sessions=[follows])
        await day.at_work()
        return told(await day.times.extend("s1", "R1", 10, "停电", "chief", HQ))

    return play


async def suspended(day: Day) -> object:
    """Stopped at 30, looked at hours later, resumed at 200: over meanwhile? minutes left after."""
    await day.at_work()
    day.clock.minutes(30)
    await day.times.suspend("s1", "", "疏散", "chief")
    day.clock.minutes(200)
    over = has_ended(day.service.session("s1").times_in("R1"), day.clock.now)
    await day.times.resume("s1", "", "总部同意", "chief")
    times = day.service.session("s1").times_in("R2")
    return over, (times.end_ms - times.resumes_at_ms) / MINUTE


def standing_still(minute: float) -> Play:
    """Alarms of a room that stands still from minute 30 on."""

    async def play(day: Day) -> object:
        await day.at_work()
        day.clock.minutes(30)
        await day.times.suspend("s1", "R1", "停电", "chief")
        day.clock.now = START + round(minute * MINUTE)
        state = day.service.session("s1").state.value
        return [each.args["minutes"] for each in day.times.alarms()], state

    return play


# ---- the time of one candidate ---------------------------------------------------------------


def credited(*proposals: int, decided_by: str = "chief", approve: bool = True) -> Play:
    """(what the last decision is told, the candidate's own end)."""

    async def play(day: Day) -> object:
        sitting_id = await day.at_work()
        answer: object = None
        for length in proposals:
            answer = made = await day.propose(sitting_id, length)
            if isinstance(made, Credit):
                answer = await day.credits.decide(made.proposal_id, approve, "", decided_by)
        return told(answer), day.end(sitting_id)

    return play


async def decided_twice(day: Day) -> object:
    await credited(5, approve=False)(day)
    return told(await day.credits.decide(1, True, "", "chief"))


async def credited_after_the_end(day: Day) -> object:
    sitting_id = await day.at_work()
    day.clock.minutes(90)
    assert await day.service.end_session("s1") is None
    return told(await day.propose(sitting_id, 5))


def revoked(
    minute: float,
    minutes: int = 0,
    reason: str = "误录",
    decided_by: str = "chief",
    approve: bool = True,
    times: int = 1,
) -> Play:
    """Ten minutes were approved at work; taken back at this minute, ``times`` over: (what the last
    order is told, the candidate's own end)."""

    async def play(day: Day) -> object:
        sitting_id = await day.at_work()
        made = await day.propose(sitting_id, 10)
        assert isinstance(made, Credit)
        await day.credits.decide(made.proposal_id, True, "", "chief")
        answer: object = None
        for _ in range(times):
            answer = asked = await day.credits.propose_revocation(
                made.proposal_id, "R1", reason, 60 * minutes, "inv-1"
            )
            day.clock.now = START + round(minute * MINUTE)
            if isinstance(asked, Credit):
                answer = await day.credits.decide(asked.proposal_id, approve, "", decided_by)
        return told(answer), day.end(sitting_id)

    return play


async def revoked_before_it_was_approved(day: Day) -> object:
    made = await day.propose(await day.at_work(), 10)
    assert isinstance(made, Credit)
    return told(await day.credits.propose_revocation(made.proposal_id, "R1", "误录", 0, "inv-1"))


async def revoked_in_another_room(day: Day) -> object:
    sitting_id = await day.at_work()
    made = await day.propose(sitting_id, 10)
    assert isinstance(made, Credit)
    await day.credits.decide(made.proposal_id, True, "", "chief")
    return told(await day.credits.propose_revocation(made.proposal_id, "R2", "误录", 0, "inv-2"))


async def answered_on_after_it_was_revoked(day: Day) -> object:
    """(the own end, until when a station that never heard of it may have answered)."""
    await revoked(30)(day)
    (sitting_id,) = [each.sitting_id for each in day.service.sittings("s1") if each.present]
    sitting = day.service.sitting(sitting_id)
    return day.end(sitting_id), minutes(day.service.answers_count_until_ms(sitting))


def seven_minutes_more(minute: float) -> Play:
    """The station's own hand-in at this minute, seven minutes having been approved at work."""

    async def play(day: Day) -> object:
        sitting_id = await day.at_work()
        made = await day.propose(sitting_id, 7)
        assert isinstance(made, Credit)
        await day.credits.decide(made.proposal_id, True, "", "chief")
        day.clock.now = START + round(minute * MINUTE)
        return await day.submit(sitting_id, SubmitKind.AUTO)

    return play


def reopened(minute: float, reason: str = "误操作", left: bool = False) -> Play:
    """Handed in at 80, undone at this minute: (told, state, own end)."""

    async def play(day: Day) -> object:
        sitting_id = await day.handed_in(80)
        if left:
            await day.service.confirm_exit(sitting_id, "R1", "inv-1")
        day.clock.now = START + round(minute * MINUTE)
        done = told(await day.credits.reopen(sitting_id, reason, "chief,inv-1"))
        return done, day.states(sitting_id)[0], day.end(sitting_id)

    return play


async def reopened_at_work(day: Day) -> object:
    return told(await day.credits.reopen(await day.at_work(), "误操作", "chief,inv-1"))


def lost(*acts: Act, outages: tuple[Outage, ...] = ()) -> Callable[[], object]:
    found = lost_time(acts, outages, 0, 5_400_000)
    return lambda: [(each.cause.value, each.measured_ms) for each in found]


OPEN, LATER = Act("open", 1_000), Act("response", 380_000)
SILENT = (Outage(GapCause.LINK, 200_000, 350_000),)


def about(room: str, seat: str, minute: float) -> Callable[[], object]:
    """Does the incident at seat 01 of R1, minutes 0 to 5, name what happened here then?"""
    at_ms = START + round(minute * MINUTE)
    return lambda: incident_about(room, seat, at_ms, at_ms + MINUTE, [incident()]) is not None
