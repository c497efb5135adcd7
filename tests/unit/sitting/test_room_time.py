"""Orders about the time of rooms: what is refused, what becomes of the instants, what is told."""

from dataclasses import dataclass
from typing import Any

import pytest

from venue_server.ledger.catalogue import Event
from venue_server.sitting.policy import has_ended
from venue_server.sitting.roomtime.service import RoomTimes
from venue_server.wire.day_records import RecordField
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.roomtime_orders import Approval

START = 1_790_000_000_000
MINUTE = 60_000
LEAD = 10_000
HQ = Approval("人社部考试中心", "考中心函〔2026〕7号", "王主任", START)


@dataclass
class Day:
    """A venue with its rooms' times, on a clock the test sets."""

    venue: Any
    clock: Any
    times: RoomTimes

    async def started(self) -> "Day":
        """The session as it runs from its planned start on."""
        self.clock.minutes(-5)
        assert await self.venue.service.arm_session("s1") is None
        assert await self.venue.service.start_session("s1", START) is None
        return self

    def of(self, room_id: str) -> Any:
        return self.venue.service.session("s1").times_in(room_id)

    def end(self, room_id: str) -> float:
        """Minutes after the planned start."""
        return float((self.of(room_id).end_ms - START) / MINUTE)


@pytest.fixture
def day(venue: Any, clock: Any) -> Day:
    return Day(
        venue, clock, RoomTimes(venue.store, venue.ledger, venue.service, clock, lambda: LEAD)
    )


def code(answer: object) -> RefusalCode:
    assert isinstance(answer, Refusal), answer
    return answer.code


# ---- per-room start -----------------------------------------------------------------------------


async def test_g08_a_held_room_has_no_instants_and_the_others_go_on(day: Day) -> None:
    day.clock.minutes(-10)
    assert await day.times.hold("s1", "R2", "门锁故障", "chief") is None
    await day.started()
    day.clock.minutes(30)
    held = day.venue.service.session("s1")
    assert held.start_in("R2") is None and held.start_in("R1") == START
    assert not has_ended(day.of("R2"), START + 10**12)
    assert day.end("R1") == 90


async def test_g08_a_held_room_starts_later_and_everything_of_it_with_it(day: Day) -> None:
    day.clock.minutes(-10)
    await day.times.hold("s1", "R2", "门锁故障", "chief")
    await day.started()
    day.clock.minutes(12)
    at = await day.times.start("s1", "R2", 0, "已开门", "chief")
    assert at == START + 12 * MINUTE + LEAD
    times = day.of("R2")
    assert times.effective_start_ms == at
    assert times.admission_closes_ms == at + 5 * MINUTE
    assert times.closed_until_ms == at + 75 * MINUTE
    assert times.end_ms == at + 90 * MINUTE
    assert day.of("R1").end_ms == START + 90 * MINUTE
    assert day.venue.service.session("s1").whole.end_ms == times.end_ms


async def test_g08_no_room_starts_before_the_session_or_without_its_lead(day: Day) -> None:
    day.clock.minutes(-10)
    await day.times.hold("s1", "R2", "门锁故障", "chief")
    early = await day.times.start("s1", "R2", START - 1, "已开门", "chief")
    assert code(early) is RefusalCode.ROOM_START_TOO_SOON
    await day.started()
    day.clock.minutes(12)
    soon = START + 12 * MINUTE + LEAD - 1
    assert code(await day.times.start("s1", "R2", soon, "已开门", "chief")) is (
        RefusalCode.ROOM_START_TOO_SOON
    )
    assert await day.times.start("s1", "R2", soon + 1, "已开门", "chief") == soon + 1


async def test_g08_a_room_is_started_once_and_held_only_before_the_release(day: Day) -> None:
    day.clock.minutes(-10)
    await day.times.hold("s1", "R2", "门锁故障", "chief")
    await day.started()
    assert code(await day.times.hold("s1", "R1", "太迟", "chief")) is (
        RefusalCode.SESSION_WRONG_STATE
    )
    assert isinstance(await day.times.start("s1", "R2", 0, "已开门", "chief"), int)
    again = await day.times.start("s1", "R2", 0, "已开门", "chief")
    assert code(again) is RefusalCode.ROOM_NOT_HELD


async def test_g08_a_room_that_became_ready_in_time_opens_with_the_others(day: Day) -> None:
    day.clock.minutes(-10)
    await day.times.hold("s1", "R2", "门锁故障", "chief")
    assert await day.times.start("s1", "R2", 0, "已开门", "chief") is None
    await day.started()
    assert day.venue.service.session("s1").start_in("R2") == START


async def test_orders_about_time_want_a_reason_and_a_room_of_the_session(day: Day) -> None:
    day.clock.minutes(-10)
    assert code(await day.times.hold("s1", "R2", "  ", "chief")) is RefusalCode.REASON_MISSING
    assert code(await day.times.hold("s1", "R9", "无", "chief")) is RefusalCode.SESSION_WRONG_STATE


async def test_the_session_ends_when_its_last_room_does(day: Day) -> None:
    day.clock.minutes(-10)
    await day.times.hold("s1", "R2", "门锁故障", "chief")
    await day.started()
    day.clock.minutes(12)
    await day.times.start("s1", "R2", 0, "已开门", "chief")
    day.clock.minutes(101)
    assert code(await day.venue.service.end_session("s1")) is RefusalCode.SESSION_WRONG_STATE
    day.clock.now = day.of("R2").end_ms
    assert await day.venue.service.end_session("s1") is None


# ---- suspension ---------------------------------------------------------------------------------


async def test_f16_a_suspended_venue_stands_and_goes_on_together(day: Day) -> None:
    await day.started()
    day.clock.minutes(30)
    assert await day.times.suspend("s1", "", "停电", "chief") == ["R1", "R2"]
    day.clock.minutes(200)
    assert day.of("R1").is_suspended(day.clock.now)
    assert code(await day.venue.service.end_session("s1")) is RefusalCode.SESSION_WRONG_STATE
    resumed = await day.times.resume("s1", "", "总部同意恢复", "chief")
    at = START + 200 * MINUTE + LEAD
    assert resumed == (["R1", "R2"], at)
    assert day.of("R1").resumes_at_ms == at
    assert day.of("R1").end_ms == at + 60 * MINUTE


async def test_f16_one_room_alone_leaves_the_others_as_they_are(day: Day) -> None:
    await day.started()
    day.clock.minutes(30)
    assert await day.times.suspend("s1", "R2", "空调漏水", "chief") == ["R2"]
    assert not day.of("R1").is_suspended(day.clock.now)
    assert code(await day.times.suspend("s1", "R2", "再次", "chief")) is (
        RefusalCode.ROOM_TIME_NOT_RUNNING
    )
    assert code(await day.times.resume("s1", "R1", "无", "chief")) is RefusalCode.ROOM_NOT_SUSPENDED


async def test_f17_a_resumption_that_was_not_reached_is_called_off(day: Day) -> None:
    await day.started()
    day.clock.minutes(30)
    await day.times.suspend("s1", "", "火警", "chief")
    day.clock.minutes(40)
    await day.times.resume("s1", "", "误报", "chief")
    day.clock.now += LEAD - 1
    assert await day.times.suspend("s1", "", "又响", "chief") == ["R1", "R2"]
    day.clock.minutes(60)
    assert day.of("R1").is_suspended(day.clock.now)
    await day.times.resume("s1", "", "解除", "chief")
    assert day.of("R1").end_ms - day.of("R1").resumes_at_ms == 60 * MINUTE


async def test_f16_a_second_interruption_adds_to_the_first(day: Day) -> None:
    await day.started()
    for begun, over in ((10, 20), (50, 55)):
        day.clock.minutes(begun)
        await day.times.suspend("s1", "R1", "停电", "chief")
        day.clock.now = START + over * MINUTE - LEAD
        await day.times.resume("s1", "R1", "来电", "chief")
    assert day.end("R1") == 90 + 10 + 5
    assert day.end("R2") == 90


async def test_f16_what_is_over_is_not_suspended(day: Day) -> None:
    await day.started()
    day.clock.minutes(90)
    assert code(await day.times.suspend("s1", "", "迟了", "chief")) is (
        RefusalCode.ROOM_TIME_NOT_RUNNING
    )


async def test_i09_a_long_interruption_is_an_alarm_and_never_ends_anything(day: Day) -> None:
    await day.started()
    day.clock.minutes(30)
    await day.times.suspend("s1", "R1", "停电", "chief")
    day.clock.minutes(59.99)
    assert day.times.alarms() == []
    day.clock.minutes(60)
    (alarm,) = day.times.alarms()
    assert alarm.args == {"room": "R1", "minutes": "30"}
    day.clock.minutes(600)
    assert day.of("R1").is_suspended(day.clock.now)
    await day.times.resume("s1", "R1", "来电", "chief")
    day.clock.now += LEAD
    assert day.times.alarms() == []


# ---- extension ----------------------------------------------------------------------------------


async def test_i02_an_extension_needs_headquarters_whole_consent(day: Day) -> None:
    await day.started()
    day.clock.minutes(30)
    for lacking in (
        Approval("", "7号", "王主任", START),
        Approval("部考试中心", " ", "王主任", START),
        Approval("部考试中心", "7号", "", START),
        Approval("部考试中心", "7号", "王主任", 0),
        Approval("部考试中心", "7号", "王主任", START + 32 * MINUTE),  # not yet
    ):
        refused = await day.times.extend("s1", "", 20, "停电", "chief", lacking)
        assert code(refused) is RefusalCode.APPROVAL_INCOMPLETE
    assert day.end("R1") == 90


async def test_i02_an_extension_moves_the_end_of_the_rooms_it_names(day: Day) -> None:
    await day.started()
    day.clock.minutes(30)
    assert await day.times.extend("s1", "R2", 20, "广播干扰", "chief", HQ) == (1, ["R2"])
    assert (day.end("R1"), day.end("R2")) == (90, 110)
    assert day.of("R2").closed_until_ms == START + 95 * MINUTE
    assert await day.times.extend("s1", "", 5, "广播干扰", "chief", HQ) == (2, ["R1", "R2"])
    assert (day.end("R1"), day.end("R2")) == (95, 115)
    assert day.times.open_points("s1") == []


@pytest.mark.parametrize("minutes", [0, -5, 1441])
async def test_i02_nothing_shortens_time(day: Day, minutes: int) -> None:
    await day.started()
    day.clock.minutes(1)
    refused = await day.times.extend("s1", "", minutes, "无", "chief", HQ)
    assert code(refused) is RefusalCode.EXTENSION_LENGTH


async def test_i02_offline_two_people_are_enough_until_headquarters_confirms(day: Day) -> None:
    await day.started()
    day.clock.minutes(30)
    done = await day.times.extend("s1", "", 20, "停电，外线中断", "chief,admin", None)
    assert done == (1, ["R1", "R2"])
    assert day.end("R1") == 110
    (point,) = day.times.open_points("s1")
    assert point.blocks_sealing and point.remark.args == {"number": "1", "minutes": "20"}
    assert code(await day.times.confirm(9, HQ, "chief")) is RefusalCode.EXTENSION_UNKNOWN
    assert await day.times.confirm(1, HQ, "chief") is None
    assert day.times.open_points("s1") == []
    assert code(await day.times.confirm(1, HQ, "chief")) is RefusalCode.EXTENSION_UNKNOWN
    assert day.end("R1") == 110


async def test_f16_an_extension_while_suspended_counts_in_full(day: Day) -> None:
    await day.started()
    day.clock.minutes(85)
    await day.times.suspend("s1", "R1", "停电", "chief")
    day.clock.minutes(120)  # long after the end it would have had
    await day.times.extend("s1", "R1", 10, "停电", "chief", HQ)
    await day.times.resume("s1", "R1", "来电", "chief")
    times = day.of("R1")
    assert times.end_ms - times.resumes_at_ms == 15 * MINUTE


async def test_i02_a_room_that_the_next_session_needs_is_a_conflict(day: Day) -> None:
    follows = day.venue.planned_session("s2", start_ms=START + 150 * MINUTE, subject_code="ECO-2")
    await day.venue.load(plan_id="p2", sessions=[follows])
    await day.started()
    day.clock.minutes(30)
    # doors open at 120
    assert await day.times.extend("s1", "R1", 30, "停电", "chief", HQ) == (1, ["R1"])
    refused = await day.times.extend("s1", "R1", 1, "停电", "chief", HQ)
    assert code(refused) is RefusalCode.NEXT_SESSION
    assert day.end("R1") == 120
    assert await day.times.hold("s2", "R1", "上一场顺延", "chief") is None
    assert await day.times.extend("s1", "R1", 1, "停电", "chief", HQ) == (2, ["R1"])


async def test_i02_linked_sessions_need_the_room_from_their_start(day: Day) -> None:
    linked = [
        day.venue.planned_session("s3", start_ms=START + 600 * MINUTE, group="g"),
        day.venue.planned_session("s4", start_ms=START + 710 * MINUTE, group="g"),
    ]
    await day.venue.load(plan_id="p2", sessions=linked)
    service = day.venue.service
    day.clock.minutes(599)
    assert await service.arm_session("s3") is None
    assert await service.start_session("s3", START + 600 * MINUTE) is None
    day.clock.minutes(610)
    assert await day.times.extend("s3", "R1", 20, "停电", "chief", HQ) == (1, ["R1"])
    refused = await day.times.extend("s3", "R1", 1, "停电", "chief", HQ)
    assert code(refused) is RefusalCode.NEXT_SESSION


# ---- what is told -------------------------------------------------------------------------------


async def test_k01_the_record_of_a_room_says_what_became_of_its_time(day: Day) -> None:
    day.clock.minutes(-10)
    await day.times.hold("s1", "R2", "门锁故障", "chief")
    await day.started()
    day.clock.minutes(12)
    await day.times.start("s1", "R2", 0, "已开门", "chief")
    day.clock.minutes(30)
    await day.times.suspend("s1", "", "停电", "chief")
    day.clock.minutes(40)
    await day.times.resume("s1", "", "来电", "chief")
    await day.times.extend("s1", "", 20, "停电", "chief,admin", None)
    told = {(line.field, line.text) for line in day.times.room_lines("s1", "R2")}
    held, suspended, extended = (
        next(text for _field, text in told if word in text) for word in ("暂缓", "暂停", "顺延")
    )
    assert "门锁故障" in held and "已开门" in held
    assert "停电" in suspended and "恢复" in suspended
    assert "20 分钟" in extended and "待确认" in extended
    assert {line.field for line in day.times.room_lines("s1", "R1")} == {
        RecordField.EXTENSIONS,
        RecordField.INCIDENTS,
    }
    await day.times.confirm(1, HQ, "chief")
    assert any(HQ.ref_no in line.text for line in day.times.room_lines("s1", "R1"))


async def test_every_order_about_time_is_in_the_ledger(day: Day) -> None:
    day.clock.minutes(-10)
    await day.times.hold("s1", "R2", "门锁故障", "chief")
    await day.started()
    await day.times.start("s1", "R2", 0, "已开门", "chief")
    day.clock.minutes(30)
    await day.times.suspend("s1", "R1", "停电", "chief")
    await day.times.resume("s1", "R1", "来电", "chief")
    await day.times.extend("s1", "R1", 5, "停电", "chief,admin", None)
    await day.times.confirm(1, HQ, "chief")
    told = [entry["event"] for entry in day.venue.events()]
    for event in (
        Event.ROOM_HELD,
        Event.ROOM_STARTED,
        Event.TIME_SUSPENDED,
        Event.TIME_RESUMED,
        Event.TIME_EXTENDED,
        Event.EXTENSION_CONFIRMED,
    ):
        assert told.count(event.value) == 1
