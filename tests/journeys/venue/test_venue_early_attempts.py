"""D11, F23: who tries to open the paper too early or with wrong words is counted, locked, told."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.journeys.venue.venue_world import SURELY_MS
from venue_server import node
from venue_server.rehearsal.headquarters_side import FORM_ID, SESSION_ID
from venue_server.wire.console_orders import EnterCodeShare
from venue_server.wire.refusals import RefusalCode

ATTEMPT, LOCKED = "release.attempt-refused", "release.locked"


@pytest.fixture
async def received(world: Any, kit: Any) -> AsyncIterator[Any]:
    """A venue with its paper, nobody armed yet, and no line to headquarters."""
    admin = await world.console(kit.ADMIN)
    await world.plan(admin)
    await world.receive(admin)
    await world.cut_off()
    yield world


def entry(words: str) -> EnterCodeShare:
    return EnterCodeShare(0, SESSION_ID, words)


def alarms(board: Any) -> list[str]:
    told = [each.text("zh") for each in board.venue.alarms] if board.venue else []
    return [each for each in told if "疑似" in each]


async def test_f23_an_early_attempt_is_told_at_once_and_locks_at_the_third(
    received: Any, kit: Any
) -> None:
    world = received
    chief, deputy = await world.console(kit.CHIEF), await world.console(kit.DEPUTY)
    rooms = await world.invigilators()
    words = world.template.code_shares()
    assert alarms(chief.client.board) == []
    for _ in range(2):
        assert await deputy.refused(entry(words[0])) is RefusalCode.RELEASE_TOO_EARLY
    for _ in range(2):
        assert await deputy.refused(entry(words[0])) is RefusalCode.CODE_LOCKED
    assert await chief.refused(entry(words[1])) is RefusalCode.RELEASE_TOO_EARLY
    for console in (chief, rooms["01"]):
        await console.board(lambda board: bool(alarms(board)), "the alarm")
    (alarm,) = alarms(chief.client.board)
    assert SESSION_ID in alarm and words[0] not in alarm

    told = world.events(ATTEMPT)
    assert [each["actor"] for each in told] == [kit.DEPUTY] * 4 + [kit.CHIEF]
    assert [each["data"]["early"] for each in told] == [1, 2, 3, 4, 1]
    assert {each["data"]["code"] for each in told} == {"REL-01"}
    assert [each["actor"] for each in world.events(LOCKED)] == [kit.DEPUTY] * 2

    # At the release point the same two people may do what they are there for; then it is over.
    await world.open_doors(rooms)
    await world.arm(chief)
    world.go(world.day.at(-2) + SURELY_MS)
    assert await deputy.order(entry(words[0])) == {"complete": False, "form": ""}
    assert await chief.order(entry(words[1])) == {"complete": True, "form": FORM_ID}
    await world.released(chief)
    await chief.board(lambda board: not alarms(board), "the end of the alarm")


async def test_d11_wrong_shares_in_a_row_lock_that_person_for_a_while(
    received: Any, kit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, real = received, [0]
    monkeypatch.setattr(node, "_real_ms", lambda: real[0])
    await world.restart()
    chief, deputy = await world.console(kit.CHIEF), await world.console(kit.DEPUTY)
    world.go(world.day.at(-2) + SURELY_MS)
    words = world.template.code_shares()
    mistyped = " ".join(reversed(words[0].split()))
    for _ in range(5):
        assert await deputy.refused(entry(mistyped)) is RefusalCode.CODE_SHARE_INVALID
    assert await deputy.refused(entry(words[0])) is RefusalCode.CODE_LOCKED
    await chief.board(lambda board: bool(alarms(board)), "the alarm")
    assert await chief.order(entry(words[1])) == {"complete": False, "form": ""}, (
        "the others are not locked"
    )
    real[0] = 60_001
    assert await deputy.order(entry(words[0])) == {"complete": True, "form": FORM_ID}
    assert [each["data"]["total"] for each in world.events(ATTEMPT)] == [1, 2, 3, 4, 5]
    assert len(world.events(LOCKED)) == 2
    text = (world.data / "ledger.jsonl").read_text()
    assert mistyped not in text and words[0] not in text
