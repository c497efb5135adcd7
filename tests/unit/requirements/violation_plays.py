"""What the table of group V asks: violations, signatures, evidence and observations."""

from collections.abc import Callable

from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from tests.unit.requirements.venue_day import DONE, HEAD, Day, Play, told
from venue_server.ledger.catalogue import Event
from venue_server.records.violations import observing, rules
from venue_server.records.violations.rules import ViolationEntry
from venue_server.storage import schema
from venue_server.wire.names import SubmitKind
from venue_server.wire.order31 import CODES, Article
from venue_server.wire.refusals import Refusal
from venue_server.wire.violations import ViolationFacts, ViolationStep, ViolationView

FACTS = ViolationFacts(facts="左手藏有写有公式的纸条", evidence=["纸条一张"])
BY = ("监考甲（inv-1）", "inv-1")
COPYING = "O31-7-1"


async def record(day: Day, sitting_id: str, item: str = COPYING) -> ViolationView:
    made = await day.violations.record("R1", sitting_id, item, FACTS, *BY)
    assert isinstance(made, ViolationView), made
    return made


# ---- items of the order ------------------------------------------------------------------


def items(article: Article) -> Callable[[], object]:
    return lambda: sum(each.article is article for each in CODES.values())


def recorded(
    item: str = COPYING, room: str = "R1", seat: str = "01", facts: ViolationFacts = FACTS
) -> Play:
    """(told, how many records there are)."""

    async def play(day: Day) -> object:
        await day.at_work()
        there = {each.seat_no: each.sitting_id for each in day.service.sittings("s1")}
        done = await day.violations.record(room, there.get(seat, "s1/none"), item, facts, *BY)
        return told(done), len(day.violations.all("s1"))

    return play


def warned(item: str, after_ms: int, by: str = "监考甲") -> Play:
    """Recorded now; the warning was given so long after the act, a second ago."""

    async def play(day: Day) -> object:
        sitting_id = await day.at_work()
        acted = day.clock.now - 1_000
        facts = ViolationFacts(
            facts="x", happened_at_ms=acted, warned_at_ms=acted + after_ms, warned_by=by
        )
        return told(await day.violations.record("R1", sitting_id, item, facts, *BY))

    return play


def opens_incident(item: str) -> Play:
    """(severity, class, report owed) of the incidents that a record opens; and its class."""

    async def play(day: Day) -> object:
        await record(day, await day.at_work(), item)
        found = [(each.severity.value, each.grave.value) for each in day.incidents.all("s1")]
        return found, rules.retention_class(day.violations.all("s1"), [])

    return play


async def words(day: Day) -> object:
    """Is it called suspected? Is anything said of a result?"""
    text = rules.record_text(await record(day, await day.at_work()))
    return ["涉嫌" in text, "成绩无效" in text]


# ---- ending a sitting ----------------------------------------------------------------------


def ended(reason: str = "掀桌", room: str = "R1", minute: float = 10, first: str = "") -> Play:
    """(told, state, last answer, records); ``first`` is what happened before."""

    async def play(day: Day) -> object:
        sitting_id = await day.at_work()
        if first == "handed in":
            day.clock.minutes(80)
            assert await day.submit(sitting_id) == DONE
        day.clock.minutes(minute)
        if first == "session over":
            assert await day.service.end_session("s1") is None
        by = ("主考、监考甲", "chief,inv-1")
        done = await day.violations.terminate(room, sitting_id, reason, (4, HEAD), *by)
        one = day.service.sitting(sitting_id)
        return told(done), one.state.value, one.final_seq, len(day.violations.all("s1"))

    return play


async def after_it_was_ended(day: Day) -> object:
    """Handing in, being ended again; does the candidate count as present?"""
    await ended()(day)
    (one,) = [each for each in day.service.sittings("s1") if each.opened_at_ms]
    again = await day.violations.terminate("R1", one.sitting_id, "再次", (4, HEAD), "x", "x")
    return await day.submit(one.sitting_id), told(again), one.present


async def handed_in_as_ended(day: Day) -> object:
    return await day.submit(await day.at_work(), SubmitKind.TERMINATED)


# ---- signatures ------------------------------------------------------------------------------


def signed(*steps: str) -> Play:
    """What each step of a record is told, and what then keeps the session from being sealed."""

    async def play(day: Day) -> object:
        number = (await record(day, await day.at_work())).violation_id
        answers = [told(await _step(day, number, step)) for step in steps]
        found = observing.open_points(day.violations.all("s1"), [], {}, ended=False)
        return answers, [each.remark.code.name for each in found if each.blocks_sealing]

    return play


async def _step(day: Day, number: str, step: str) -> object:
    now = day.violations.one(number)
    assert now is not None
    match step:
        case "candidate signs":
            entry = ViolationEntry(ViolationStep.CANDIDATE_SIGNED, day.clock.now, "甲")
            return await day.violations.step(number, "R1", entry, "inv-1")
        case "candidate refuses":
            entry = ViolationEntry(ViolationStep.CANDIDATE_REFUSED, day.clock.now, "甲", "乙")
            return await day.violations.step(number, "R1", entry, "inv-1,inv-2")
        case "chief signs":
            return await day.violations.sign(number, now.content_hash, "主考", "chief")
        case "chief signs another":
            return await day.violations.sign(number, "0" * 64, "主考", "chief")
        case "more evidence":
            return await day.violations.add(number, "R1", ViolationFacts(evidence=["截图"]), *BY)
        case "withdrawn":
            return await day.violations.withdraw(number, "不实", "监控C-07", "主考", "chief")
        case "withdrawn on nothing":
            return await day.violations.withdraw(number, "不实", " ", "主考", "chief")
        case "withdrawn for nothing":
            return await day.violations.withdraw(number, " ", "监控C-07", "主考", "chief")
        case _:
            raise AssertionError(step)


async def refused_before_two(day: Day) -> object:
    await signed("candidate refuses")(day)
    return day.violations.all("s1")[0].witnesses


def kept(*steps: str) -> Play:
    """What each step with item W01 is told: ``t`` taken, ``r`` returned, ``n`` without a name."""

    async def play(day: Day) -> object:
        number = (await record(day, await day.at_work())).violation_id
        answers = []
        for step in steps:
            what = "" if step == "n" else "手机"
            back = step == "r"
            kind = ViolationStep.ITEM_RETURNED if back else ViolationStep.ITEM_TAKEN
            entry = ViolationEntry(kind, day.clock.now, "甲", "乙", number="W01", what=what)

            def check(now: ViolationView, back: bool = back, what: str = what) -> Refusal | None:
                return rules.may_return(now, "W01") if back else rules.may_take(now, "W01", what)

            answers.append(told(await day.violations.step(number, "R1", entry, "a,b", check)))
        return answers

    return play


# ---- evidence and history ----------------------------------------------------------------------


def held(*steps: tuple[str, str, str]) -> Play:
    """What each (act, reason, reference) is told; who holds evidence then."""

    async def play(day: Day) -> object:
        answers = []
        for act, reason, reference in steps:
            if act == "hold":
                done = await day.incidents.hold("s1", "V001", reason, "主考", "chief")
            else:
                done = await day.incidents.lift("s1", "V001", reason, reference, "主考", "chief")
            answers.append(told(done))
        return answers, [(each.subject, len(each.snapshot)) for each in day.incidents.holds("s1")]

    return play


async def history(day: Day) -> object:
    await signed("candidate signs", "withdrawn")(day)
    (kept_record,) = day.violations.for_bundle("s1")["records"]
    (line,) = observing.room_lines(day.violations.all("s1"), "R1")
    return [
        each["step"] for each in kept_record["history"]
    ], "已撤销（依据：监控C-07）" in line.text


async def rewritten(day: Day) -> object:
    """Somebody with the store in hand changes an entry, or deletes it."""
    await record(day, await day.at_work())
    answers = []
    for statement in (
        update(schema.violation_entry).values(document="{}"),
        delete(schema.violation_entry),
    ):
        try:
            await day.venue.store.write(lambda tx, it=statement: tx.execute(it))
        except DBAPIError as no:
            answers.append("append-only" in str(no))
    return answers, len(day.violations.all("s1"))


# ---- observations ------------------------------------------------------------------------------


def observed(*alerts: str, machine: str = "m01") -> Play:
    """(observations, violations, what keeps the session from being sealed)."""

    async def play(day: Day) -> object:
        await day.at_work()
        for alert in alerts:
            await day.venue.ledger.note(Event.STATION_ALERT, machine, alert=alert)
        seen = day.violations.observations("s1")
        points = observing.open_points([], seen, {}, ended=False)
        blocking = [each.rule for each in points if each.blocks_sealing]
        return len(seen), len(day.violations.all("s1")), blocking

    return play


def decided(*steps: tuple[str, str, str]) -> Play:
    """What each (room, record, remark) about one observation is told; its verdict."""

    async def play(day: Day) -> object:
        sitting_id = await day.at_work()
        await day.venue.ledger.note(Event.STATION_ALERT, "m01", alert="FOCUS_LOST")
        await record(day, sitting_id)
        answers = [
            told(await day.violations.decide(1, room, number, remark, *BY))
            for room, number, remark in steps
        ]
        return answers, day.violations.observations("s1")[0].verdict.value

    return play
