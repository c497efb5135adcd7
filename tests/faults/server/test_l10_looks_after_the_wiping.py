"""Once the keys are gone every look still answers, also after a restart, and a wiping that a fault
interrupted ends although nothing can be read any more (L10, L11, F24)."""

from typing import Any

import pytest

from venue_server.gateway.closing import Closing
from venue_server.rehearsal.headquarters_side import SESSION_ID
from venue_server.wire.console_orders import (
    GetStatus,
    Reconcile,
    WipeSession,
)
from venue_server.wire.frames import Message
from venue_server.wire.names import SessionState, SubmitKind
from venue_server.wire.record_orders import (
    ExportSession,
    GetCloseCheck,
    GetFeed,
    GetStatistics,
    SetLegalHold,
)
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.swap_orders import DecideBranch, GetSwaps, Keep, OfferTail, SittingMoved
from venue_server.wire.wiping_orders import (
    GetAnswers,
    GetHoldings,
    GetRetention,
    GetWipeCertificate,
    GetWipeCheck,
)

LOOKS: tuple[Message, ...] = (
    GetStatus(0),
    GetFeed(0),
    GetSwaps(0, SESSION_ID),
    GetCloseCheck(0, SESSION_ID),
    GetStatistics(0, SESSION_ID),
    GetAnswers(0, SESSION_ID),
    GetHoldings(0),
    GetRetention(0, SESSION_ID),
    GetWipeCheck(0, SESSION_ID),
    GetWipeCertificate(0, SESSION_ID),
    ExportSession(0, SESSION_ID),
)
"""What people look at of a session. Whoever looks gets an answer, if only that it is over."""


async def with_a_branch(day: Any, kit: Any) -> Any:
    """A day that came home, with another machine's answers that two people decided about; it."""
    world = day.world
    chain = kit.Chain(day.first.sitting_id)
    await day.next_save(day.first, chain, "a")
    foreign = kit.Chain(chain.sitting_id)
    foreign.entries = list(chain.entries)
    branch = [foreign.add(world.now_ms(), "b", item="Q02")]
    await day.next_save(day.first, chain, "c")
    spare = await kit.spare_in(day)
    assert spare.client.link.send(OfferTail(chain.sitting_id, branch))
    await spare.heard.next(SittingMoved)
    await kit.closing.hand_in(day, day.other)
    world.go(kit.DAY.at(75))
    await day.first.save(chain.add(world.now_ms(), kind="submit"))
    await day.first.client.submit(chain.sitting_id, SubmitKind.EARLY, 3, chain.head)
    second = world.second(kit.ADMIN)
    kept = DecideBranch(0, chain.sitting_id, spare.machine_id, Keep.CHAIN, "监控", second)
    await day.chief.order(kept)
    await kit.closing.backed_up(day)
    await kit.closing.sign_and_seal(day)
    await kit.closing.upload(day)
    return spare


async def test_l10_after_the_wiping_and_a_restart_every_look_is_answered(
    exam_day: Any, kit: Any
) -> None:
    day, world = exam_day, exam_day.world
    other = await with_a_branch(day, kit)
    await day.admin.order(WipeSession(0, SESSION_ID, world.second("chief-1")))
    await world.restart()
    chief = await world.console(kit.CHIEF)
    for look in LOOKS:
        answer = await chief.client.order(look)
        assert not isinstance(answer, Refusal), f"{look}: {answer}"
    refused = await chief.refused(Reconcile(0, SESSION_ID))
    assert refused is RefusalCode.SESSION_WRONG_STATE
    parts = world.node._day._parts
    sitting = parts.sittings.sitting(day.first.sitting_id)
    assert parts.branches.is_settled(sitting, other.machine_id), "its hello is answered too"


async def test_l11_a_wiping_killed_before_the_last_step_ends_whatever_was_decided_before(
    exam_day: Any, kit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key is gone, the certificate is there, the session does not say so yet; then a hold."""
    monkeypatch.setattr("venue_server.gateway.wipe_keeper.AGAIN_S", 0.1)
    day, world = exam_day, exam_day.world
    await with_a_branch(day, kit)
    advance = Closing._advance

    async def never_says(self: Closing, session_id: str, to: SessionState, *more: Any) -> Any:
        if to is SessionState.WIPED:
            raise OSError(5, "the disk refuses")
        return await advance(self, session_id, to, *more)

    monkeypatch.setattr(Closing, "_advance", never_says)
    order = WipeSession(0, SESSION_ID, world.second("chief-1"))
    assert await day.admin.refused(order) is RefusalCode.WIPE_UNFINISHED
    await day.chief.order(SetLegalHold(0, SESSION_ID, "举报", "来函", world.second("admin-a")))
    monkeypatch.undo()
    await world.restart()
    chief = await world.console(kit.CHIEF)
    await chief.board(lambda b: b.venue.session_id == "", "the session is closed")
    feed = await chief.order(GetFeed(0))
    assert [each["state"] for each in feed["sessions"]] == ["WIPED"]
