"""A station is broken: the candidate goes on at a spare, nothing is lost (F2, F12, F13)."""

from typing import Any

import pytest

from venue_server.wire.console_orders import SealSession
from venue_server.wire.names import SubmitKind
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.station_messages import FormKey, LoggedIn, SaveAck
from venue_server.wire.swap_orders import (
    DecideBranch,
    GetSpares,
    GetSwaps,
    Keep,
    OfferTail,
    SittingMoved,
    TakeAnswers,
)


async def test_f12_the_candidate_goes_on_at_the_spare_with_every_answer(
    exam_day: Any, kit: Any
) -> None:
    day = exam_day
    chain = kit.Chain(day.first.sitting_id)
    for text in "abc":
        await day.next_save(day.first, chain, text)
    spare = await kit.spare_in(day)
    refused = await spare.log_in()
    assert refused == Refusal(RefusalCode.WRONG_SEAT, "01 01")
    done = await kit.swap_to(day, chain.sitting_id)
    assert (done["from_seat"], done["to_seat"], done["kept_seq"]) == ("01", "91", 3)
    told = await day.first.heard.next(SittingMoved)
    assert (told.moved.seat_no, told.moved.kept_seq, told.moved.settled) == ("91", 3, True)
    logged = await spare.log_in()
    assert isinstance(logged, LoggedIn)
    assert logged.sitting.history == chain.entries
    assert logged.sitting.candidate.seat_no == "01", "the drawn seat stays the candidate's"
    assert logged.sitting.timing == day.world.node._day._parts.sittings.times_of(
        day.world.node._day._parts.sittings.sitting(chain.sitting_id)
    )
    await spare.heard.next(FormKey)
    ack = await spare.save(chain.add(day.world.now_ms(), "d"))
    assert (ack.seq, ack.head) == (4, chain.head)
    await day.chief.board(lambda b: b.seats["01"]["01"].moved_to == "91", "the swap on the board")
    await day.chief.board(lambda b: b.seats["01"]["91"].guest_of == "01", "whose guest it is")


async def test_f13_the_old_machine_acts_for_the_sitting_no_more(exam_day: Any, kit: Any) -> None:
    day = exam_day
    chain = kit.Chain(day.first.sitting_id)
    await day.next_save(day.first, chain, "a")
    spare = await kit.spare_in(day)
    await kit.swap_to(day, chain.sitting_id)
    assert isinstance(await spare.log_in(), LoggedIn)
    history = await day.first.client.history(chain.sitting_id, 0)
    assert isinstance(history, Refusal)
    handed_in = await day.first.client.submit(chain.sitting_id, SubmitKind.EARLY, 1, chain.head)
    assert isinstance(handed_in, Refusal)
    again = await day.first.log_in()
    assert again == Refusal(RefusalCode.WRONG_SEAT, "01 91")
    other = kit.Chain(chain.sitting_id)
    other.entries = list(chain.entries)
    late = other.add(day.world.now_ms(), "from the old machine")
    before = len(day.first.heard.messages)
    assert day.first.client.save(chain.sitting_id, [late])
    ack = await day.first.heard.next(SaveAck, before)
    assert ack.seq == 1, "kept aside, not accepted as the sitting's own"


async def test_f13_a_tail_sent_before_anyone_logs_in_is_merged_by_sequence(
    exam_day: Any, kit: Any
) -> None:
    day = exam_day
    chain = kit.Chain(day.first.sitting_id)
    await day.next_save(day.first, chain, "a")
    spare = await kit.spare_in(day)
    await kit.swap_to(day, chain.sitting_id)
    tail = [chain.add(day.world.now_ms(), text) for text in "bc"]
    before = len(day.first.heard.messages)
    assert day.first.client.link.send(OfferTail(chain.sitting_id, tail))
    kept = (await day.first.heard.next(SittingMoved, before)).moved
    assert (kept.kept_seq, kept.kept_head, kept.settled) == (3, chain.head, True)
    logged = await spare.log_in()
    assert logged.sitting.history == chain.entries
    assert (await spare.save(chain.add(day.world.now_ms(), "d"))).seq == 4
    assert day.world.events("answers.merged")[-1]["data"]["to_seq"] == 3


async def test_f13_a_later_tail_comes_back_through_the_station_at_work(
    exam_day: Any, kit: Any
) -> None:
    day = exam_day
    chain = kit.Chain(day.first.sitting_id)
    await day.next_save(day.first, chain, "a")
    old = kit.Chain(chain.sitting_id)
    old.entries = list(chain.entries)
    tail = [old.add(day.world.now_ms(), "b", item="Q02")]
    spare = await kit.spare_in(day)
    await kit.swap_to(day, chain.sitting_id)
    await spare.log_in()
    await spare.save(chain.add(day.world.now_ms(), "c"))
    before = len(day.first.heard.messages)
    assert day.first.client.link.send(OfferTail(chain.sitting_id, tail))
    assert not (await day.first.heard.next(SittingMoved, before)).moved.settled
    offered = await spare.heard.next(TakeAnswers)
    assert (offered.base_seq, offered.entries) == (1, tail)
    before = len(day.first.heard.messages)
    await spare.save(chain.add(day.world.now_ms(), "b", item="Q02"))
    assert (await day.first.heard.next(SittingMoved, before)).moved.settled


@pytest.mark.parametrize("keep", Keep)
async def test_f24_answers_given_at_both_wait_for_two_people(
    exam_day: Any, kit: Any, keep: Keep
) -> None:
    day, world = exam_day, exam_day.world
    chain = kit.Chain(day.first.sitting_id)
    await day.next_save(day.first, chain, "a")
    old = kit.Chain(chain.sitting_id)
    old.entries = list(chain.entries)
    tail = [old.add(world.now_ms(), "OLD-ANSWER")]
    spare = await kit.spare_in(day)
    await kit.swap_to(day, chain.sitting_id)
    await spare.log_in()
    await spare.save(chain.add(world.now_ms(), "new"))
    before = len(day.first.heard.messages)
    for _ in range(2):  # again is harmless
        assert day.first.client.link.send(OfferTail(chain.sitting_id, tail))
    await day.first.heard.until(lambda: len(day.first.heard.messages) >= before + 2, "two answers")
    shown = await day.admin.order(GetSwaps(0))
    (branch,) = shown["branches"]
    assert branch["entries"] == 1, "kept once"
    assert [each["stand"] for each in branch["items"]] == ["CONFLICT"]
    assert "OLD-ANSWER" not in str(shown) and "new" not in str(shown)
    decide = DecideBranch(
        0, chain.sitting_id, day.first.machine_id, keep, "以原机为准", world.second(kit.ADMIN)
    )
    assert await day.chief.refused(decide) is RefusalCode.BRANCH_TOO_EARLY
    sources, session_id = world.node._day._parts.sources, chain.sitting_id.rpartition(".")[0]
    assert [each.blocks_sealing for each in sources.points(session_id)] == [True]
    world.go(kit.DAY.at(91))
    closing = chain.add(world.now_ms(), "AUTO", kind="submit")
    await spare.save(closing)
    receipt = await spare.client.submit(chain.sitting_id, SubmitKind.AUTO, 3, chain.head)
    assert not isinstance(receipt, Refusal), receipt
    seal = SealSession(0, session_id, world.second(kit.ADMIN))
    assert await day.chief.refused(seal) is RefusalCode.BRANCHES_OPEN
    before = len(day.first.heard.messages)
    done = await day.chief.order(decide)
    assert done["seq"] == (4 if keep is Keep.BRANCH else 3)
    entries = world.node._day._parts.responses.entries(
        chain.sitting_id.rpartition(".")[0], chain.sitting_id
    )
    assert [each.hash for each in entries[:3]] == [each.hash for each in chain.entries]
    last = [each for each in entries if each.item_id == "Q01"][-1].values["RESPONSE"]
    assert last == (["OLD-ANSWER"] if keep is Keep.BRANCH else ["new"])
    assert (await day.first.heard.next(SittingMoved, before)).moved.settled
    assert await day.chief.refused(decide) is RefusalCode.BRANCH_UNKNOWN
    assert sources.points(session_id) == []


async def test_f12_a_swap_needs_a_spare_of_the_room_a_reason_and_the_person(
    exam_day: Any, kit: Any
) -> None:
    day = exam_day
    sitting_id = day.first.sitting_id
    order, inv = kit.swap_order, day.rooms["01"]
    assert await inv.refused(order(day, sitting_id)) is RefusalCode.SPARE_UNUSABLE
    spare = await kit.spare_in(day)
    assert (await inv.order(GetSpares(0, "01")))["spares"] == [{"seat_no": "91", "why": ""}]
    for changes, code in (
        ({"reason": " "}, RefusalCode.SWAP_REASON_MISSING),
        ({"person_confirmed": False}, RefusalCode.PERSON_UNCONFIRMED),
        ({"second": day.world.second("inv-01-2")}, RefusalCode.ROLE_NOT_ALLOWED),
        ({"room_id": "02"}, RefusalCode.ROOM_NOT_YOURS),
        ({"seat": "01"}, RefusalCode.SPARE_UNUSABLE),
        ({"seat": "02"}, RefusalCode.SPARE_UNUSABLE),
    ):
        assert await inv.refused(order(day, sitting_id, **changes)) is code, changes
    await spare.close()
    day.world.stations.remove(spare)
    await day.admin.board(lambda b: b.seats["01"]["91"].link.value == "OFFLINE", "the spare gone")
    assert await inv.refused(order(day, sitting_id)) is RefusalCode.SPARE_UNUSABLE


async def test_f12_again_and_again_and_back_to_the_own_seat(exam_day: Any, kit: Any) -> None:
    day = exam_day
    chain = kit.Chain(day.first.sitting_id)
    await day.next_save(day.first, chain, "a")
    first, second = await kit.spare_in(day, "91"), await kit.spare_in(day, "92")
    seats = [("91", first), ("92", second), ("01", day.first), ("91", first)]
    for number, (seat, station) in enumerate(seats, start=2):
        await kit.swap_to(day, chain.sitting_id, seat)
        assert isinstance(await station.log_in(), LoggedIn), seat
        ack = await station.save(chain.add(day.world.now_ms(), seat))
        assert ack.seq == number
    spares = await day.rooms["01"].order(GetSpares(0, "01", chain.sitting_id))
    assert [each["seat_no"] for each in spares["spares"]] == ["01", "92"], "the own seat, too"
    listed = await day.admin.order(GetSwaps(0))
    assert [each["to_seat"] for each in listed["swaps"]] == ["91", "92", "01", "91"]
    await day.chief.board(lambda b: b.seats["01"]["01"].moved_to == "91", "the last swap counts")


async def test_f12_a_restart_of_the_server_knows_every_swap(exam_day: Any, kit: Any) -> None:
    day, world = exam_day, exam_day.world
    chain = kit.Chain(day.first.sitting_id)
    await day.next_save(day.first, chain, "a")
    spare = await kit.spare_in(day)
    await kit.swap_to(day, chain.sitting_id)
    await world.restart()
    assert isinstance(await spare.log_in(), LoggedIn)
    assert (await spare.save(chain.add(world.now_ms(), "b"))).seq == 2
