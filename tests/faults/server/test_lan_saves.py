"""Saves that do not fit: asked for, acknowledged again or kept aside; never lost (L02, F13)."""

from typing import Any

import pytest

from venue_server.client.link_state import LinkState
from venue_server.rehearsal.headquarters_side import SESSION_ID
from venue_server.wire.console_orders import AllowLogin, ForceSubmit, Reconcile
from venue_server.wire.messages import Refused
from venue_server.wire.names import SessionState, SittingState, SubmitKind
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.station_messages import (
    AcknowledgeRules,
    ConfirmIdentity,
    LoggedIn,
    PaperOpened,
    Save,
    SaveAck,
    Submit,
)


async def told(station: Any, message: Any, kind: type = Refused) -> Any:
    """Send one message and wait for the next answer of a kind."""
    before = len(station.heard.messages)
    assert station.client.link.send(message)
    return await station.heard.next(kind, before)


async def saved(station: Any, sitting_id: str, *entries: Any) -> tuple[SaveAck, RefusalCode | None]:
    """Send a batch; the acknowledgement, and the refusal that came with it."""
    before = len(station.heard.messages)
    assert station.client.link.send(Save(sitting_id, list(entries)))
    ack = await station.heard.next(SaveAck, before)
    # Answers come in order: after a request's own answer everything earlier has arrived.
    await station.client.log_in("nobody", "nobody")
    refused = [m for m in station.heard.messages[before:] if isinstance(m, Refused) and m.re == 0]
    return ack, refused[-1].code if refused else None


def kept_aside(world: Any) -> list[tuple[str, str, int]]:
    events = world.events("answers.quarantined")
    return [(e["actor"], e["data"]["code"], e["data"]["count"]) for e in events]


async def test_l02_a_gap_is_asked_for_and_filled_by_sending_again(exam_day: Any, kit: Any) -> None:
    station, now = exam_day.first, exam_day.world.now_ms
    chain = kit.Chain(station.sitting_id)
    for number in range(6):
        chain.add(now(), str(number))
    await saved(station, station.sitting_id, *chain.entries[:2])
    ack, refusal = await saved(station, station.sitting_id, *chain.entries[4:])
    assert (ack.seq, ack.head) == (2, chain.entries[1].hash)
    assert refusal is RefusalCode.SAVE_GAP
    ack, refusal = await saved(station, station.sitting_id, *chain.entries)
    assert (ack.seq, ack.head, refusal) == (6, chain.head, None)
    assert kept_aside(exam_day.world) == []


async def test_h08_duplicates_are_acknowledged_again_and_stored_once(
    exam_day: Any, kit: Any
) -> None:
    station, now = exam_day.first, exam_day.world.now_ms
    chain = kit.Chain(station.sitting_id)
    for number in range(3):
        chain.add(now(), str(number))
    for batch in (chain.entries, chain.entries, chain.entries[:1], chain.entries[1:]):
        ack, refusal = await saved(station, station.sitting_id, *batch)
        assert (ack.seq, ack.head, refusal) == (3, chain.head, None)
    ack, refusal = await saved(station, station.sitting_id)
    assert (ack.seq, refusal) == (3, None), "an empty batch asks where the server stands"
    history = (await station.log_in()).sitting.history
    assert history == chain.entries


async def test_f13_another_machines_writes_are_kept_aside_its_closing_mark_too(
    exam_day: Any, kit: Any
) -> None:
    """An old station that comes back after its candidate moved must not continue the chain."""
    world, right, wrong = exam_day.world, exam_day.first, exam_day.other
    sitting_id = right.sitting_id
    chain = kit.Chain(sitting_id)
    await right.save(chain.add(world.now_ms(), "mine"))
    branch = kit.Chain(sitting_id)
    branch.entries = list(chain.entries)
    branch.add(world.now_ms(), "theirs")
    ack, refusal = await saved(wrong, sitting_id, branch.entries[-1])
    assert (ack.seq, refusal) == (1, RefusalCode.SITTING_ENDED)
    closing = kit.Chain(sitting_id)
    closing.entries = list(chain.entries)
    closing.add(world.now_ms(), kind="submit")
    ack, refusal = await saved(wrong, sitting_id, closing.entries[-1])
    assert (ack.seq, refusal) == (1, RefusalCode.SITTING_ENDED)
    assert kept_aside(world) == [(wrong.machine_id, "SIT-02", 1)] * 2
    ack, refusal = await saved(right, sitting_id, chain.add(world.now_ms(), "mine again"))
    assert (ack.seq, refusal) == (2, None), "the candidate goes on undisturbed"
    ack, refusal = await saved(wrong, sitting_id, *chain.entries)
    assert (ack.seq, refusal) == (2, None), "what is here already does no harm"


async def test_f24_a_branch_of_ones_own_is_kept_aside(exam_day: Any, kit: Any) -> None:
    world, station = exam_day.world, exam_day.first
    chain, branch = (kit.Chain(station.sitting_id) for _ in range(2))
    await station.save(chain.add(world.now_ms(), "a"), chain.add(world.now_ms(), "b"))
    branch.add(world.now_ms(), "other")
    ack, refusal = await saved(station, station.sitting_id, *branch.entries)
    assert (ack.seq, ack.head, refusal) == (2, chain.head, RefusalCode.CHAIN_BROKEN)
    assert kept_aside(world) == [(station.machine_id, "SIT-05", 1)]


async def test_g09_answers_after_the_end_are_kept_aside_earlier_ones_still_come_home(
    exam_day: Any, kit: Any
) -> None:
    world, station = exam_day.world, exam_day.first
    chain = kit.Chain(station.sitting_id)
    await station.save(chain.add(world.now_ms(), "early"))
    end = kit.DAY.at(90)
    world.go(end + 5_000)
    await exam_day.chief.board(
        lambda b: b.venue is not None and b.venue.session_state is SessionState.ENDED
    )
    unsent = chain.add(end - 1, "written in time, sent late")
    ack, refusal = await saved(station, station.sitting_id, unsent)
    assert (ack.seq, refusal) == (2, None)
    late = kit.Chain(station.sitting_id)
    late.entries = list(chain.entries)
    ack, refusal = await saved(station, station.sitting_id, late.add(end + 1_000, "too late"))
    assert (ack.seq, refusal) == (2, RefusalCode.SITTING_ENDED)
    assert kept_aside(world) == [(station.machine_id, "SIT-02", 1)]
    chain.add(end + 5_000, kind="submit")
    ack, refusal = await saved(station, station.sitting_id, chain.entries[-1])
    assert (ack.seq, refusal) == (3, None)
    done = await station.client.submit(station.sitting_id, SubmitKind.AUTO, 3, chain.head)
    assert not isinstance(done, Refusal), done


async def test_g11_after_the_hand_in_nothing_is_added_to_what_the_receipt_covers(
    exam_day: Any, kit: Any
) -> None:
    world, station = exam_day.world, exam_day.first
    world.go(kit.DAY.at(75))
    chain = kit.Chain(station.sitting_id)
    chain.add(world.now_ms(), "a")
    chain.add(world.now_ms(), kind="submit")
    await station.save(*chain.entries)
    receipt = await station.client.submit(station.sitting_id, SubmitKind.EARLY, 2, chain.head)
    assert receipt.head == chain.head
    for kind in ("response", "submit"):
        more = kit.Chain(station.sitting_id)
        more.entries = list(chain.entries)
        more.add(world.now_ms(), "more", kind=kind)
        ack, refusal = await saved(station, station.sitting_id, more.entries[-1])
        assert (ack.head, refusal) == (chain.head, RefusalCode.SITTING_ENDED)
    late = await station.client.submit(station.sitting_id, SubmitKind.EARLY, 1, chain.head)
    assert late == Refusal(RefusalCode.SAVE_GAP, "2")


async def test_l02_after_a_forced_hand_in_a_save_is_kept_aside_and_added_by_rule_only(
    exam_day: Any, kit: Any
) -> None:
    world, station = exam_day.world, exam_day.first
    chain = kit.Chain(station.sitting_id)
    await station.save(chain.add(world.now_ms(), "a"))
    await exam_day.next_save(exam_day.other, kit.Chain(exam_day.other.sitting_id))
    force = ForceSubmit(0, "01", station.sitting_id, world.second(kit.ADMIN))
    assert await exam_day.chief.refused(force) is RefusalCode.ROOM_CLOSED
    world.go(kit.DAY.at(90))
    await exam_day.chief.board(
        lambda b: b.venue is not None and b.venue.session_state is SessionState.ENDED
    )
    own = await station.client.submit(station.sitting_id, SubmitKind.FORCED, 1, chain.head)
    assert own == Refusal(RefusalCode.SITTING_WRONG_STATE, "FORCED"), "two people's word only"
    assert await exam_day.chief.order(force) == {"seq": 1}
    unsent = chain.add(kit.DAY.at(89), "unsent")
    ack, refusal = await saved(station, station.sitting_id, unsent)
    assert (ack.seq, refusal) == (1, RefusalCode.SITTING_ENDED)
    assert kept_aside(world) == [(station.machine_id, "SWP-01", 1)]
    (merged,) = await world.recorded("answers.merged")
    assert (merged["data"]["receipt_head"], merged["data"]["to_seq"]) == (ack.head, 2)
    other = ForceSubmit(0, "02", exam_day.other.sitting_id, world.second(kit.ADMIN))
    await exam_day.chief.order(other)
    assert (await exam_day.chief.order(Reconcile(0, SESSION_ID)))["consistent"] is True


async def test_e01_before_the_release_no_answer_is_accepted(world: Any, kit: Any) -> None:
    admin = await world.console(kit.ADMIN)
    await world.plan(admin)
    await world.receive(admin)
    station = await world.station(admin, "01", "01")
    rooms = await world.invigilators()
    await world.open_doors(rooms, station)
    for kind in ("response", "submit", "open"):
        chain = kit.Chain(station.sitting_id)
        chain.add(world.now_ms(), "too early", kind=kind)
        ack, refusal = await saved(station, station.sitting_id, *chain.entries)
        assert (ack.seq, refusal) == (0, RefusalCode.NOT_STARTED), kind
    assert len(kept_aside(world)) == 3
    opened = await told(station, PaperOpened(station.sitting_id, world.now_ms()))
    assert opened.code is RefusalCode.NOT_STARTED
    done = await station.client.submit(
        station.sitting_id, SubmitKind.EARLY, 0, chain.entries[0].prev
    )
    assert isinstance(done, Refusal)
    assert done.code is RefusalCode.SITTING_WRONG_STATE


async def test_f13_a_station_can_act_for_nobody_but_its_own_candidate(world: Any, kit: Any) -> None:
    admin, chief = await world.console(kit.ADMIN), await world.console(kit.CHIEF)
    await world.plan(admin)
    await world.receive(admin)
    own = await world.station(admin, "01", "01")
    other = await world.station(admin, "02", "02")
    rooms = await world.invigilators()
    world.go(kit.DAY.at(-30))
    await rooms["01"].order(world.admission(own.candidate))
    for console in rooms.values():
        await console.order(AllowLogin(0, console.client.signed_in.rooms[0]))
    assert isinstance(await own.log_in(), LoggedIn)
    link, sitting_id = other.client.link, own.sitting_id
    for message in (
        ConfirmIdentity(0, sitting_id),
        AcknowledgeRules(0, sitting_id, "1"),
        Submit(0, sitting_id, SubmitKind.EARLY, 0, ""),
    ):
        done = await link.request(message)
        assert done == Refusal(RefusalCode.SITTING_UNKNOWN), message
    assert isinstance(await own.client.confirm_identity(sitting_id), LoggedIn)
    assert isinstance(await own.client.acknowledge_rules(sitting_id, "1"), LoggedIn)
    await own.fetch()
    await chief.board(lambda b: b.seats["01"]["01"].paper == "verified")
    await world.arm(chief)
    await world.released(chief)
    link.send(PaperOpened(sitting_id, world.now_ms()))
    ack_of_nobody = await told(other, Save("no such sitting", []))
    assert ack_of_nobody.code is RefusalCode.SITTING_UNKNOWN
    assert world.events("candidate.paper-opened") == []
    await chief.board(lambda b: b.seats["01"]["01"].state is SittingState.RULES_ACK)


async def test_h08_a_station_cut_off_at_the_start_proves_its_opening_by_its_first_answers(
    world: Any, kit: Any
) -> None:
    admin, chief = await world.console(kit.ADMIN), await world.console(kit.CHIEF)
    await world.plan(admin)
    await world.receive(admin)
    station = await world.station(admin, "01", "01")
    await station.fetch()
    rooms = await world.invigilators()
    await world.open_doors(rooms, station)
    await world.arm(chief)
    await world.released(chief)
    await station.content_key()
    await station.close()
    world.stations.remove(station)
    world.go(kit.DAY.at(30))
    chain = kit.Chain(station.sitting_id)
    chain.add(kit.DAY.at(1), "alone")
    back = await world.connect(station.identity, "01", "01")
    assert back.client.link.state is LinkState.UP
    back.sitting = station.sitting
    ack, refusal = await saved(back, station.sitting_id, *chain.entries)
    assert (ack.seq, refusal) == (1, None)
    (opened,) = world.events("candidate.paper-opened")
    assert opened["data"]["opened_at_ms"] == kit.DAY.at(1)
    await chief.board(lambda b: b.seats["01"]["01"].state is SittingState.IN_PROGRESS)


@pytest.mark.parametrize("count", [501])
async def test_r9_a_flood_in_one_frame_is_refused_whole(
    exam_day: Any, kit: Any, count: int
) -> None:
    chain = kit.Chain(exam_day.first.sitting_id)
    for number in range(count):
        chain.add(exam_day.world.now_ms(), str(number))
    ack, refusal = await saved(exam_day.first, chain.sitting_id, *chain.entries)
    assert (ack.seq, refusal) == (0, RefusalCode.TOO_MANY)
