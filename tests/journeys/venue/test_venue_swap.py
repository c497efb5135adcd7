"""A swap before the start, and what it leaves in the records (C05, C06, F12, K01)."""

from typing import Any

from venue_server.rehearsal.headquarters_side import SESSION_ID
from venue_server.wire.console_orders import AllowLogin
from venue_server.wire.day_records import RecordField
from venue_server.wire.station_messages import FormKey, LoggedIn, PaperOffer
from venue_server.wire.swap_orders import SittingMoved, SwapStation


async def test_c05_before_the_start_the_form_follows_the_candidate_to_the_spare(
    forms: Any, kit: Any
) -> None:
    world = forms.world
    admin, chief = await world.console(kit.ADMIN), await world.console(kit.CHIEF)
    await forms.plan(admin)
    await forms.receive(admin, "A", "B")
    (broken,) = await forms.stations(admin, ("01", "02"))
    identity = await world.enrolled("station", admin, "01", "91")
    spare = await world.connect(identity, "01", "91", candidate=world.candidate("01", "02"))
    await spare.fetch()
    assert spare.heard.all(PaperOffer)[-1].seal.form_id == "A", "a spare holds the first form"
    await admin.board(lambda b: b.seats["01"]["91"].paper == "verified", "the spare's paper")
    rooms = await world.invigilators()
    world.go(world.day.at(-29))
    await rooms["01"].order(world.admission(broken.candidate))
    await rooms["01"].order(AllowLogin(0, "01"))
    assert isinstance(await broken.log_in(), LoggedIn)
    before = len(spare.heard.messages)
    order = SwapStation(0, "01", broken.sitting_id, "91", "无法开机", True, world.second(kit.ADMIN))
    await rooms["01"].order(order)
    assert (await broken.heard.next(SittingMoved)).moved.kept_seq == 0
    offer = await spare.heard.next(PaperOffer, before)
    assert offer.seal.form_id == "B"
    spare.heard.messages.clear()
    spare.heard.messages.append(offer)
    await spare.fetch()
    await spare.seated()
    await broken.close()
    world.stations.remove(broken)
    await world.arm(chief)  # the empty seat is not missed: its candidate sits at the spare
    await world.released(chief)
    await spare.content_key()
    assert {each.form_id for each in spare.heard.all(FormKey)} == {"B"}


async def test_k01_the_record_says_from_where_to_where_why_and_by_whom(
    exam_day: Any, kit: Any
) -> None:
    day = exam_day
    await kit.spare_in(day)
    await kit.swap_to(day, day.first.sitting_id)
    parts = day.world.node._day._parts
    (line,) = parts.sources.lines(SESSION_ID, "01")
    assert line.field is RecordField.SWAPS
    for word in (
        "原机位 01",
        "机位 91",
        "键盘失灵",
        "inv-01-1,admin-a",
        day.first.candidate.ticket_no,
    ):
        assert word in line.text, word
    assert parts.sources.lines(SESSION_ID, "02") == []
    assert parts.sources.points(SESSION_ID) == []
    told = day.world.events("station.swapped")[-1]["data"]
    assert (told["seat"], told["from_seat"], told["to_seat"]) == ("01", "01", "91")
