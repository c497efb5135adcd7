"""Let in by groups, with a rest after each (P5)."""

import asyncio

import pytest

from venue_server.gateway import groups
from venue_server.gateway.groups import Group, Groups


async def test_p5_a_group_begins_together_and_the_next_after_its_end_and_a_rest() -> None:
    door = Groups(3, lambda: True)
    turns = [asyncio.create_task(door.turn()) for _ in range(5)]
    loop = asyncio.get_running_loop()
    first = [await turn for turn in turns[:3]]
    began_s = loop.time()
    assert len({id(group) for group in first}) == 1
    assert not any(turn.done() for turn in turns[3:])
    await asyncio.sleep(0.02)
    for group in first:
        group.leave()
    ended_s = loop.time()
    second = [await turn for turn in turns[3:]]
    assert loop.time() - ended_s >= (ended_s - began_s) / 2
    assert len({id(group) for group in second}) == 1
    assert second[0] is not first[0]


@pytest.mark.parametrize("saving", [False, True])
async def test_p5_there_is_a_rest_only_while_somebody_saves(
    monkeypatch: pytest.MonkeyPatch, saving: bool
) -> None:
    rested_s: list[float] = []
    real = asyncio.sleep

    async def slept(seconds: float) -> None:
        rested_s.append(seconds)
        await real(0)

    monkeypatch.setattr(asyncio, "sleep", slept)
    door = Groups(1, lambda: saving)
    group = await door.turn()
    following = asyncio.create_task(door.turn())
    await real(0.03)
    group.leave()
    (await following).leave()
    assert rested_s[0] >= 0.03 if saving else rested_s[0] == groups.REST_S


async def test_r9_who_stands_still_keeps_its_own_place_and_no_other() -> None:
    door = Groups(2, lambda: True)
    stalled = await door.turn()
    for _ in range(5):
        group = await asyncio.wait_for(door.turn(), 10 * groups.GROUP_S + 10)
        group.leave()
    assert door.free == 1
    stalled.leave()
    assert door.free == 2


async def test_r9_who_gives_up_waiting_or_in_its_turn_leaves_its_place() -> None:
    door = Groups(1, lambda: True)
    stalled = await door.turn()
    impatient = asyncio.create_task(door.turn())
    await asyncio.sleep(0)
    impatient.cancel()
    await asyncio.gather(impatient, return_exceptions=True)
    granted = asyncio.create_task(door.turn())
    await asyncio.sleep(0)
    stalled.leave()
    async with asyncio.timeout(30):
        while door.free:  # noqa: ASYNC110  # until the next group is given out
            await asyncio.sleep(0)
    granted.cancel()  # in the moment between the grant and its coming to know of it
    done = await asyncio.gather(granted, return_exceptions=True)
    if isinstance(done[0], Group):
        done[0].leave()
    assert door.free == 1
    last = await door.turn()
    last.leave()


async def test_p5_beside_saves_a_group_is_as_large_as_the_machine_is_fast() -> None:
    """Whoever saves waits several times for a group: on a slow machine for fewer together."""
    door = Groups(16, lambda: True)

    async def next_size() -> int:
        turns = [asyncio.create_task(door.turn()) for _ in range(16)]
        size = (await turns[0]).size
        for turn in turns:
            (await turn).leave()
        if door._giving is not None:
            await door._giving
        return size

    assert await next_size() == groups.FIRST
    door._learn(16, 16 * groups.WORK_S / 5.5)
    assert await next_size() == 5
    door._learn(5, 5 * groups.WORK_S)
    assert await next_size() == groups.LEAST, "however slow it is, some are let in"
    for size in (groups.LEAST, 2 * groups.LEAST, 16):
        door._learn(size, 0.0)
    assert await next_size() == 16, "never more than there are places"


async def test_p5_without_saves_all_places_are_given_at_once() -> None:
    saving = [True]
    door = Groups(16, lambda: saving[0])
    door._learn(16, 1.0)
    saving[0] = False
    turns = [asyncio.create_task(door.turn()) for _ in range(16)]
    assert {(await turn).size for turn in turns} == {16}
