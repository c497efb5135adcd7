"""One candidate's own end: the signed access arrangement and approved 补时 (I07, G09)."""

from typing import Any

from venue_server.sitting.credit.service import CreditService
from venue_server.wire.credit_orders import CreditReason
from venue_server.wire.names import SessionState
from venue_server.wire.refusals import Refusal, RefusalCode

EXTRA_S = 900


async def arranged(make_venue: Any) -> tuple[Any, str]:
    """Seat 01 has a quarter of an hour more by the signed plan; the exam runs."""
    venue = make_venue()
    one = venue.planned_session()
    one["candidates"][0]["extra_time_s"] = EXTRA_S
    await venue.load(sessions=[one])
    venue.clock.minutes(-20)
    sitting_id: str = await venue.ready("01")
    venue.clock.minutes(0)
    await venue.start()
    await venue.open(sitting_id)
    return venue, sitting_id


async def test_an_access_arrangement_counts_from_the_beginning_and_moves_only_their_own_end(
    make_venue: Any,
) -> None:
    venue, sitting_id = await arranged(make_venue)
    service = venue.service
    own = service.times_of(service.sitting(sitting_id))
    room = service.session("s1").times_in("R1")
    assert own.end_ms == room.end_ms + 1000 * EXTRA_S
    assert own.closed_until_ms == room.closed_until_ms
    venue.clock.now = room.end_ms + 1000
    assert await service.end_session("s1") == Refusal(
        RefusalCode.SESSION_WRONG_STATE, SessionState.STARTED.value
    )
    assert service.current_session().session_id == "s1"
    venue.clock.now = own.end_ms
    assert await service.end_session("s1") is None


async def test_i07_credit_comes_on_top_and_survives_a_new_process(make_venue: Any) -> None:
    venue, sitting_id = await arranged(make_venue)
    service = venue.service
    before = service.times_of(service.sitting(sitting_id)).end_ms
    credits = CreditService(venue.store, venue.ledger, service, venue.clock, 10_000)
    why = CreditReason.POWER
    made = await credits.propose(sitting_id, "R1", why, 420, "停电", "", [], "inv-1")
    assert not isinstance(made, Refusal)
    assert service.times_of(service.sitting(sitting_id)).end_ms == before
    assert not isinstance(await credits.decide(made.proposal_id, True, "", "chief"), Refusal)
    assert service.times_of(service.sitting(sitting_id)).end_ms == before + 420_000
    kinds = [each["event"] for each in venue.events()]
    assert kinds[-2:] == ["time.proposed", "time.approved"]
    again = make_venue().service
    assert again.times_of(again.sitting(sitting_id)).end_ms == before + 420_000
