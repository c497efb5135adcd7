"""Headquarters' orders about a session (I03, I11): what is refused, stopped, and told."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest

from venue_server.headquarters.order_commands import build_order
from venue_server.sitting.ordered.document import TYPE, VERSION, SessionOrder, read_order
from venue_server.sitting.ordered.service import OrderBook
from venue_server.sitting.roomtime.service import RoomTimes
from venue_server.storage.schema import session_order
from venue_server.wire.canonical import canonical
from venue_server.wire.names import SessionState, SittingState
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.remarks import RemarkCode
from venue_server.wire.roomtime_orders import Approval
from venue_server.wire.session_orders import OrderKind
from venue_server.wire.signed import sign

MINUTE = 60_000
TICKETS = [f"36011234{seat}" for seat in ("01", "02", "03", "04", "05")]


def order(
    kind: OrderKind = OrderKind.CANCEL, reference: str = "函1号", **more: Any
) -> SessionOrder:
    later = "" if kind is OrderKind.CANCEL else "s2"
    values = {"later_session_id": later, **more}
    return SessionOrder(TYPE, VERSION, "v1", "s1", kind.value, reference, 1000, "停电", **values)


@dataclass
class Day:
    """A venue with its rooms' times and the orders, on a clock the test sets."""

    venue: Any
    clock: Any
    times: RoomTimes
    book: OrderBook
    sealed_at: dict[str, int]

    async def started(self) -> None:
        self.clock.minutes(-5)
        assert await self.venue.service.arm_session("s1") is None
        assert await self.venue.service.start_session("s1", self.venue.start_ms) is None

    async def keep(self, new: SessionOrder) -> list[str] | Refusal:
        data = build_order(new, self.venue.hq.keys)
        found = self.read(data)
        if isinstance(found, Refusal):
            return found
        return await self.book.keep(found, data, "chief,admin")

    def read(self, data: bytes) -> SessionOrder | Refusal:
        return read_order(data, self.venue.hq.accepted, 2, "v1")

    @property
    def session(self) -> Any:
        return self.venue.service.session("s1")


@pytest.fixture
def make_day(make_venue: Callable[[], Any], clock: Any) -> Callable[[], Day]:
    def make() -> Day:
        venue = make_venue()
        times = RoomTimes(venue.store, venue.ledger, venue.service, clock, lambda: 10_000)
        sealed_at: dict[str, int] = {}
        book = OrderBook(venue.store, venue.ledger, venue.service, times, clock, sealed_at.get)
        return Day(venue, clock, times, book, sealed_at)

    return make


@pytest.fixture
async def day(make_day: Callable[[], Day]) -> Day:
    one = make_day()
    await one.venue.load()
    return one


def code(answer: object) -> RefusalCode:
    assert isinstance(answer, Refusal), answer
    return answer.code


# ---- the document -------------------------------------------------------------------------------


async def test_i03_only_headquarters_whole_word_for_this_venue_counts(day: Day) -> None:
    data = build_order(order(), day.venue.hq.keys)
    assert day.read(data) == order()
    document = json.loads(data)
    one = {**document, "signatures": document["signatures"][:1]}
    assert code(day.read(canonical(one))) is RefusalCode.SIGNATURE_INVALID
    edited = {**document, "payload": {**document["payload"], "session_id": "s2"}}
    assert code(day.read(canonical(edited))) is RefusalCode.SIGNATURE_INVALID
    assert code(day.read(b"{}")) is RefusalCode.DOCUMENT_MALFORMED

    def signed(**changes: Any) -> bytes:
        payload = {**document["payload"], **changes}
        return canonical(sign(payload, day.venue.hq.keys))

    assert code(day.read(signed(venue_id="v2"))) is RefusalCode.ORDER_FOREIGN
    assert code(day.read(signed(kind="SHORTEN"))) is RefusalCode.ORDER_KIND_UNKNOWN
    assert code(day.read(signed(version="2.0"))) is RefusalCode.VERSION_UNKNOWN
    assert code(day.read(signed(type="kaodian.notice"))) is RefusalCode.DOCUMENT_WRONG_TYPE
    assert code(day.read(signed(reason=" "))) is RefusalCode.DOCUMENT_MALFORMED
    assert code(day.read(signed(later_session_id="s2"))) is RefusalCode.DOCUMENT_MALFORMED
    assert isinstance(day.read(signed(version="1.9", more=1)), SessionOrder)


@pytest.mark.parametrize(
    "wrong",
    [
        order(reference=" "),
        order(OrderKind.RERUN, later_session_id=""),
        order(OrderKind.CONTINUE, later_session_id="s1"),
        order(OrderKind.RERUN, tickets=TICKETS[:1]),
        order(OrderKind.CONTINUE, tickets=[TICKETS[0], TICKETS[0]]),
    ],
)
def test_i03_headquarters_tool_signs_no_order_without_sense(wrong: SessionOrder) -> None:
    with pytest.raises(ValueError, match=r"reference|later_session_id|tickets"):
        build_order(wrong, [])


# ---- taking it in -------------------------------------------------------------------------------


async def test_i03_replayed_contradicting_foreign_and_late_orders_change_nothing(day: Day) -> None:
    unknown = msgspec.structs.replace(order(), session_id="s9")
    assert code(await day.keep(unknown)) is RefusalCode.ORDER_SESSION_UNKNOWN
    stranger = order(OrderKind.CONTINUE, tickets=["99999999"])
    assert code(await day.keep(stranger)) is RefusalCode.ORDER_TICKET_UNKNOWN
    assert not day.book.views()
    assert await day.keep(order(OrderKind.CONTINUE, "函1号", tickets=TICKETS[:2])) == []
    again = order(OrderKind.CONTINUE, "函1号", tickets=TICKETS[2:3])
    assert code(await day.keep(again)) is RefusalCode.ORDER_REPLAYED
    same = order(OrderKind.CONTINUE, "函2号", later_session_id="s3", tickets=TICKETS[1:3])
    assert code(await day.keep(same)) is RefusalCode.ORDER_CONTRADICTS
    assert code(await day.keep(order(reference="函3号"))) is RefusalCode.ORDER_CONTRADICTS
    others = order(OrderKind.CONTINUE, "函4号", tickets=TICKETS[2:3])
    assert await day.keep(others) == []
    assert [each.reference for each in day.book.views("s1")] == ["函1号", "函4号"]
    assert not day.session.stopped, "the others go on"
    assert day.venue.last_event()["event"] == "session.ordered"


async def test_i03_a_wiped_session_takes_no_order(day: Day) -> None:
    await day.started()
    day.clock.minutes(200)
    assert await day.venue.service.end_session("s1") is None
    for state in (SessionState.RECONCILED, SessionState.SEALED, SessionState.WIPED):
        assert await day.venue.service.advance_session("s1", state) is None
    assert code(await day.keep(order())) is RefusalCode.ORDER_TOO_LATE


async def test_i03_orders_are_append_only_and_survive_a_restart(
    day: Day, make_day: Callable[[], Day]
) -> None:
    await day.started()
    assert await day.keep(order(OrderKind.RERUN)) == ["R1", "R2"]
    with pytest.raises(Exception, match="append-only"):
        await day.venue.store.write(lambda tx: tx.execute(session_order.delete()))
    later = make_day()
    (view,) = later.book.views()
    assert (view.kind, view.later_session_id) == (OrderKind.RERUN, "s2")
    assert later.session.stopped and later.session.times_in("R1").stands


# ---- what it stops ------------------------------------------------------------------------------


async def test_i03_before_the_release_the_papers_stay_shut(day: Day) -> None:
    service = day.venue.service
    day.clock.minutes(-10)
    assert await day.keep(order()) == []
    assert code(await service.arm_session("s1")) is RefusalCode.SESSION_STOPPED


async def test_i03_an_armed_release_does_not_happen(day: Day) -> None:
    day.clock.minutes(-10)
    assert await day.venue.service.arm_session("s1") is None
    assert await day.keep(order()) == []
    refusal = await day.venue.service.start_session("s1", day.venue.start_ms)
    assert code(refusal) is RefusalCode.SESSION_STOPPED
    assert day.session.state is SessionState.ARMED


async def test_i03_a_running_session_stands_until_it_would_have_ended(day: Day) -> None:
    await day.started()
    day.clock.minutes(30)
    assert await day.keep(order()) == ["R1", "R2"]
    assert day.session.times_in("R1").stands and day.session.times_in("R2").stands
    approval = Approval("考试中心", "7号", "王主任", day.venue.start_ms)
    assert code(await day.times.resume("s1", "", "来电", "chief")) is RefusalCode.SESSION_STOPPED
    extended = await day.times.extend("s1", "", 10, "停电", "chief", approval)
    assert code(extended) is RefusalCode.SESSION_STOPPED
    day.clock.minutes(89)
    assert code(await day.venue.service.end_session("s1")) is RefusalCode.SESSION_WRONG_STATE
    day.clock.minutes(90)
    assert await day.venue.service.end_session("s1") is None
    assert day.session.state is SessionState.ENDED
    times = day.session.times_in("R1")
    assert not times.stands and not times.is_suspended(day.clock.now)
    assert times.end_ms == day.venue.start_ms + 90 * MINUTE, "no time was given"
    assert day.times.alarms() == []


async def test_i03_rooms_that_stood_or_were_held_already_end_as_well(day: Day) -> None:
    day.clock.minutes(-10)
    assert await day.times.hold("s1", "R2", "门锁故障", "chief") is None
    await day.started()
    day.clock.minutes(30)
    assert await day.times.suspend("s1", "R1", "停电", "chief") == ["R1"]
    day.clock.minutes(100)
    assert await day.keep(order()) == [], "nothing runs any more"
    assert code(await day.times.start("s1", "R2", 0, "修好", "chief")) is (
        RefusalCode.SESSION_STOPPED
    )
    assert await day.venue.service.end_session("s1") is None


async def test_i11_who_is_not_named_goes_on_to_the_end(day: Day) -> None:
    await day.started()
    day.clock.minutes(30)
    assert await day.keep(order(OrderKind.CONTINUE, tickets=TICKETS[:1])) == []
    assert not day.session.times_in("R1").stands
    assert isinstance(await day.times.suspend("s1", "R1", "停电", "chief"), list)
    assert isinstance(await day.times.resume("s1", "R1", "来电", "chief"), tuple)


# ---- what is told -------------------------------------------------------------------------------


async def test_i11_bundle_record_close_check_and_banner_carry_the_order(day: Day) -> None:
    await day.started()
    assert await day.keep(order(OrderKind.CONTINUE)) == ["R1", "R2"]
    told = day.book.for_bundle("s1")
    assert told["partial"] is True
    assert told["continued"] == [{"in": "s2", "tickets": []}]
    (carried,) = told["orders"]
    found = read_order(canonical(carried["document"]), day.venue.hq.accepted, 2, "v1")
    assert found == order(OrderKind.CONTINUE), "headquarters can verify what it gets back"
    (line,) = day.book.room_lines("s1", "R1")
    assert "续考" in line.text and "函1号" in line.text and "s2" in line.text
    (point,) = day.book.open_points("s1")
    assert point.remark.code is RemarkCode.ORDER_TO_CARRY
    (alarm,) = day.book.alarms()
    assert "s2" in alarm.text("zh") and "函1号" in alarm.text("en")
    day.clock.minutes(95)
    assert await day.venue.service.end_session("s1") is None
    for state in (SessionState.RECONCILED, SessionState.SEALED):
        assert day.book.open_points("s1")
        assert await day.venue.service.advance_session("s1", state) is None
    day.clock.minutes(96)
    day.sealed_at["s1"] = day.clock()
    assert not day.book.open_points("s1")
    assert await day.venue.service.advance_session("s1", SessionState.UPLOADED) is None
    assert day.book.alarms() == []


async def test_l03_an_order_that_comes_after_the_sealing_is_open_until_a_later_one(
    day: Day,
) -> None:
    await day.started()
    day.clock.minutes(95)
    assert await day.venue.service.end_session("s1") is None
    for state in (SessionState.RECONCILED, SessionState.SEALED):
        assert await day.venue.service.advance_session("s1", state) is None
    day.sealed_at["s1"] = day.clock()
    assert day.book.open_points("s1") == []
    assert await day.keep(order(OrderKind.RERUN)) == []
    (point,) = day.book.open_points("s1")
    assert point.remark.code is RemarkCode.ORDER_NOT_CARRIED
    day.clock.minutes(96)
    day.sealed_at["s1"] = day.clock()
    assert day.book.open_points("s1") == [], "a later version carries it"


async def test_i03_a_session_stopped_before_it_began_ends_at_its_planned_start(day: Day) -> None:
    service = day.venue.service
    day.clock.minutes(-30)
    refused = await service.end_unheld("s1")
    assert code(refused) is RefusalCode.SESSION_WRONG_STATE, "nobody ordered it"
    assert await day.keep(order(OrderKind.CANCEL)) == []
    codes = {each.remark.code for each in day.book.open_points("s1")}
    assert codes == {RemarkCode.SESSION_NOT_HELD, RemarkCode.ORDER_TO_CARRY}
    day.clock.minutes(-1 / MINUTE)
    assert code(await service.end_unheld("s1")) is RefusalCode.SESSION_WRONG_STATE, "not yet"
    day.clock.minutes(0)
    assert await service.end_unheld("s1") is None
    states = {each.state for each in service.sittings("s1")}
    assert states == {SittingState.NOT_HELD}
    counts = service.counts("s1")
    assert (counts.present, counts.absent, counts.not_held) == (0, 0, counts.scheduled)
    assert code(await service.end_unheld("s1")) is RefusalCode.SESSION_WRONG_STATE, "once"
    assert day.session.effective_start_ms is None


async def test_i11_a_later_session_names_the_one_it_continues(make_day: Callable[[], Day]) -> None:
    day = make_day()
    later = day.venue.planned_session(continues="s0")
    await day.venue.load(sessions=[later])
    assert day.book.for_bundle("s1") == {
        "partial": False,
        "continued": [],
        "continues": "s0",
        "orders": [],
    }
    itself = await make_day().venue.load(
        plan_id="p2", sessions=[day.venue.planned_session("s3", continues="s3")]
    )
    assert code(itself) is RefusalCode.PLAN_INVALID
