"""Two stations claim one candidate: refused, said aloud, both branches kept (F13, F24)."""

from typing import Any

import pytest

from venue_server.responses.branching.service import Branches
from venue_server.responses.service import Responses
from venue_server.storage.engine import StoreFault
from venue_server.wire.alarms import AlarmCode
from venue_server.wire.names import SubmitKind
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.station_messages import LoggedIn
from venue_server.wire.swap_orders import DecideBranch, Keep, OfferTail, SittingMoved


async def test_f24_a_second_log_in_is_refused_and_alarms_with_both_machines(
    exam_day: Any, kit: Any
) -> None:
    day = exam_day
    spare = await kit.spare_in(day)
    assert await spare.log_in() == Refusal(RefusalCode.WRONG_SEAT, "01 01")
    await day.chief.board(
        lambda b: (
            b.venue is not None
            and [
                (each.args["first"], each.args["second"])
                for each in b.venue.alarms
                if each.code is AlarmCode.CLAIMED_TWICE
            ]
            == [("01-01", "01-91")]
        ),
        "the alarm",
    )
    told = day.world.events("candidate.claimed-twice")[-1]["data"]
    assert (told["live_at"], told["claimed_at"]) == (day.first.machine_id, spare.machine_id)
    chain = kit.Chain(day.first.sitting_id)
    assert (await day.next_save(day.first, chain, "still at work")).seq == 1


async def test_f24_a_machine_that_never_held_the_sitting_merges_nothing(
    exam_day: Any, kit: Any
) -> None:
    day, world = exam_day, exam_day.world
    chain = kit.Chain(day.first.sitting_id)
    await day.next_save(day.first, chain, "mine")
    foreign = kit.Chain(chain.sitting_id)
    foreign.entries = list(chain.entries)
    claimed = foreign.add(world.now_ms(), "claimed", item="Q02")
    spare = await kit.spare_in(day)
    assert spare.client.link.send(OfferTail(chain.sitting_id, [claimed]))
    assert not (await spare.heard.next(SittingMoved)).moved.settled
    await day.chief.board(
        lambda b: (
            b.venue is not None and AlarmCode.BRANCH_OPEN in [each.code for each in b.venue.alarms]
        ),
        "the alarm",
    )
    assert (await day.next_save(day.first, chain, "goes on")).seq == 2


async def test_f24_where_nothing_was_answered_twice_the_hand_in_takes_the_tail_along(
    exam_day: Any, kit: Any
) -> None:
    """The spare never got to enter it: the rule merges it after the hand-in, under the receipt."""
    day, world = exam_day, exam_day.world
    chain = kit.Chain(day.first.sitting_id)
    await day.next_save(day.first, chain, "a")
    old = kit.Chain(chain.sitting_id)
    old.entries = list(chain.entries)
    tail = [old.add(world.now_ms(), "b", item="Q02")]
    spare = await kit.spare_in(day)
    await kit.swap_to(day, chain.sitting_id)
    assert isinstance(await spare.log_in(), LoggedIn)
    await spare.save(chain.add(world.now_ms(), "c"))
    world.go(kit.DAY.at(91))
    await spare.save(chain.add(world.now_ms(), "AUTO", kind="submit"))
    receipt = await spare.client.submit(chain.sitting_id, SubmitKind.AUTO, 3, chain.head)
    assert not isinstance(receipt, Refusal), receipt
    assert day.first.client.link.send(OfferTail(chain.sitting_id, tail))
    (merged,) = await world.recorded("answers.merged")
    assert (merged["data"]["from_seq"], merged["data"]["to_seq"]) == (3, 4)
    assert merged["data"]["receipt_head"] == receipt.head, "the receipt's entry stays in the chain"


@pytest.mark.parametrize("interrupted", ["append", "_extended"])
async def test_f24_a_decision_that_a_fault_interrupts_is_carried_out_by_itself(
    exam_day: Any, kit: Any, monkeypatch: pytest.MonkeyPatch, interrupted: str
) -> None:
    """The disk refuses once, after the decision is written and before its entries are, or after
    these and before the hand-in names them."""
    day, world = exam_day, exam_day.world
    chain = kit.Chain(day.first.sitting_id)
    await day.next_save(day.first, chain, "a")
    foreign = kit.Chain(chain.sitting_id)
    foreign.entries = list(chain.entries)
    branch = [foreign.add(world.now_ms(), "b", item="Q02")]
    await day.next_save(day.first, chain, "c")
    spare = await kit.spare_in(day)
    assert spare.client.link.send(OfferTail(chain.sitting_id, branch))
    await spare.heard.next(SittingMoved)
    world.go(kit.DAY.at(91))
    await day.first.save(chain.add(world.now_ms(), "AUTO", kind="submit"))
    await day.first.client.submit(chain.sitting_id, SubmitKind.AUTO, 3, chain.head)
    tried: list[int] = []
    holder = Responses if interrupted == "append" else Branches
    real = getattr(holder, interrupted)

    async def no_append(self: Any, *given: Any) -> bool:
        tried.append(1)
        return False if len(tried) == 1 else bool(await real(self, *given))

    def no_extension(self: Any, *given: Any) -> None:
        tried.append(1)
        if len(tried) == 1:
            raise StoreFault("the disk refuses")
        real(self, *given)

    monkeypatch.setattr(holder, interrupted, no_append if interrupted == "append" else no_extension)
    second = world.second(kit.ADMIN)
    decide = DecideBranch(0, chain.sitting_id, spare.machine_id, Keep.BRANCH, "监控", second)
    assert await day.chief.refused(decide) is RefusalCode.SAVE_NOT_DURABLE
    (merged,) = await world.recorded("answers.merged")
    assert (merged["data"]["from_seq"], merged["data"]["to_seq"]) == (3, 4)
    assert len(world.events("answers.branch-decided")) == 1
