"""Answers given in time that come late: accepted and marked, never left lying (F4, H08, L02, L03).

A station was cut off. The room's time ended, people may have handed in for it, the session may even
be sealed; then it comes back with what its candidate answered in time.
"""

import re
from typing import Any

from venue_server.rehearsal.headquarters_side import SESSION_ID
from venue_server.wire.console_orders import (
    ForceSubmit,
    GetRoomRecord,
    Reconcile,
    WipeSession,
)
from venue_server.wire.receipt_code import receipt_code
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.station_messages import Save, SaveAck, SittingChanged, StationHello
from venue_server.wire.swap_orders import DecideBranch, GetSwaps, Keep
from venue_server.wire.wiping_orders import SealAnew


async def cut_off(day: Any, kit: Any) -> Any:
    """The chain of the first station: one answer saved, two more only on its own disk."""
    chain = kit.Chain(day.first.sitting_id)
    await day.next_save(day.first, chain, "a")
    for text in "bc":
        chain.add(day.world.now_ms(), text)
    await day.first.close()
    day.world.stations.remove(day.first)
    return chain


async def comes_back(day: Any, chain: Any) -> Any:
    hello = StationHello(1, "test", sitting_id=chain.sitting_id, last_seq=len(chain.entries))
    station = await day.world.connect(day.first.identity, "01", "01", hello)
    await station.welcome()
    return station


async def offers(station: Any, chain: Any) -> SaveAck:
    before = len(station.heard.messages)
    station.client.link.send(Save(chain.sitting_id, list(chain.entries)))
    return await station.heard.next(SaveAck, before)


async def force(day: Any, kit: Any, chain: Any) -> None:
    day.world.go(kit.DAY.at(100))
    await day.world.recorded("session.ended")
    order = ForceSubmit(0, "01", chain.sitting_id, day.world.second(kit.ADMIN))
    await day.chief.order(order)


async def branches(day: Any) -> list[dict[str, Any]]:
    return (await day.admin.order(GetSwaps(0, SESSION_ID)))["branches"]


async def test_h08_what_comes_long_after_the_end_is_accepted_and_marked(
    exam_day: Any, kit: Any
) -> None:
    day, world = exam_day, exam_day.world
    chain = await cut_off(day, kit)
    world.go(kit.DAY.at(100))
    await world.recorded("session.ended")
    station = await comes_back(day, chain)
    assert (await offers(station, chain)).seq == 3
    (told,) = await world.recorded("answers.came-late")
    found = {name: told["data"][name] for name in ("seat", "from_seq", "to_seq", "minutes")}
    assert found == {"seat": "01", "from_seq": 2, "to_seq": 3, "minutes": 10}
    record = await day.chief.order(GetRoomRecord(0, "01"))
    assert re.search(r"机位 01 作答迟到：第 2 至 3 条.*10 分钟后", str(record))


async def test_h08_what_comes_at_once_is_not_marked(exam_day: Any, kit: Any) -> None:
    day, world = exam_day, exam_day.world
    chain = kit.Chain(day.first.sitting_id)
    chain.add(world.now_ms(), "a")
    world.go(kit.DAY.at(90))
    await world.recorded("session.ended")
    assert (await day.first.save(*chain.entries)).seq == 1
    assert world.events("answers.came-late") == []


async def test_h08_what_comes_after_people_handed_in_for_it_is_appended(
    exam_day: Any, kit: Any
) -> None:
    """And the machine is told: its receipt is the chain's new end, nothing of it is unsent."""
    day, world = exam_day, exam_day.world
    chain = await cut_off(day, kit)
    await force(day, kit, chain)
    station = await comes_back(day, chain)
    before = len(station.heard.messages)
    for _ in range(3):  # it hears no answer to the first two
        await offers(station, chain)
    told = await station.heard.next(SittingChanged, before)
    assert (told.sitting.seq, told.sitting.head) == (3, chain.head)
    assert receipt_code(told.sitting.head) == receipt_code(chain.head)
    assert len(world.events("answers.quarantined")) == 1, "the same again is kept once"
    (merged,) = await world.recorded("answers.merged")
    assert (merged["data"]["from_seq"], merged["data"]["to_seq"]) == (1, 3)
    (branch,) = await branches(day)
    assert (branch["decided"], branch["open"]) == ("RULE", False)
    rows = (await day.chief.order(Reconcile(0, SESSION_ID)))["rows"]
    (row,) = [each for each in rows if each["sitting_id"] == chain.sitting_id]
    assert (row["bundles"], row["problem"]) == (1, None)
    record = await day.chief.order(GetRoomRecord(0, "01"))
    assert "按规则并入" in str(record)
    assert (await offers(station, chain)).seq == 3, "and now it is acknowledged"


async def test_f24_what_claims_to_follow_a_candidates_own_hand_in_waits_for_two_people(
    exam_day: Any, kit: Any
) -> None:
    day, world = exam_day, exam_day.world
    chain = await kit.closing.hand_in(day, day.first)
    chain.add(world.now_ms() + 60_000, "afterwards")
    assert (await offers(day.first, chain)).seq == 3
    await day.chief.board(
        lambda b: b.venue is not None and "ALM-51" in str(b.venue.alarms), "a branch that waits"
    )
    (branch,) = await branches(day)
    assert (branch["verdict"], branch["open"]) == ("PEOPLE", True)
    decide = DecideBranch(
        0,
        chain.sitting_id,
        day.first.machine_id,
        Keep.CHAIN,
        "已交卷",
        world.second(kit.ADMIN),
    )
    await day.chief.order(decide)
    (branch,) = await branches(day)
    assert not branch["open"]
    assert world.events("answers.merged") == []


async def test_l03_what_comes_after_the_sealing_is_kept_said_and_goes_into_a_later_version(
    exam_day: Any, kit: Any
) -> None:
    day, world = exam_day, exam_day.world
    await kit.closing.hand_in(day, day.other)
    chain = await cut_off(day, kit)
    await force(day, kit, chain)
    await kit.closing.backed_up(day)
    await kit.closing.sign_and_seal(day)
    station = await comes_back(day, chain)
    assert (await offers(station, chain)).seq == 1, "not acknowledged: it is in no bundle"
    await day.admin.board(
        lambda b: b.venue is not None and "ALM-116" in str(b.venue.alarms), "said to everybody"
    )
    await kit.closing.upload(day)
    wipe = WipeSession(0, SESSION_ID, world.second(kit.CHIEF))
    assert await day.admin.refused(wipe) is RefusalCode.BRANCHES_OPEN
    assert (await day.chief.order(SealAnew(0, SESSION_ID, "密封后送达", world.second(kit.ADMIN))))[
        "version"
    ] == 2
    await world.recorded("answers.merged")
    await day.admin.board(
        lambda b: b.venue is not None and "ALM-116" not in str(b.venue.alarms), "dealt with"
    )
    assert (await offers(station, chain)).seq == 3
    await kit.closing.backed_up(day)
    await kit.closing.sign_and_seal(day)
    await kit.closing.upload(day)
    await day.admin.order(wipe)
