"""The room start code (E04): it does not exist before its room has a start."""

from typing import Any

import pytest

from venue_server.sitting.roomtime.service import RoomTimes
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError
from venue_server.wire.start_code import is_start_code, seal_start_code


@pytest.fixture
async def coded(venue: Any) -> Any:
    """A session that wants start codes, armed, with room R2 held back."""
    await venue.load(plan_id="p2", sessions=[venue.planned_session("s2", start_code=True)])
    venue.clock.minutes(-10)
    times = RoomTimes(venue.store, venue.ledger, venue.service, venue.clock, lambda: 10_000)
    assert await times.hold("s2", "R2", "门锁故障", "chief") is None
    assert await venue.service.arm_session("s2") is None
    venue.times = times
    return venue


def code_of(venue: Any, room_id: str, session_id: str = "s2") -> Any:
    return venue.service.session(session_id).start_code_in(room_id)


def made(venue: Any) -> list[str]:
    """Rooms whose code was made, as the ledger tells it: it never says more than which room."""
    told = [each for each in venue.events() if each["event"] == "room.start_code_made"]
    assert all(set(each["data"]) == {"session", "room"} for each in told)
    return [each["data"]["room"] for each in told]


async def test_e04_a_release_that_is_refused_makes_no_code(coded: Any) -> None:
    early = await coded.service.start_session("s2", coded.start_ms - 1)
    assert isinstance(early, Refusal) and early.code is RefusalCode.RELEASE_TOO_EARLY

    def frozen(_tx: Any) -> None:
        raise RefusedError(Refusal(RefusalCode.RELEASE_FROZEN))

    assert isinstance(await coded.service.start_session("s2", coded.start_ms, frozen), Refusal)
    assert code_of(coded, "R1") is code_of(coded, "R2") is None and made(coded) == []


async def test_e04_each_room_gets_its_code_with_its_own_start(coded: Any) -> None:
    assert await coded.service.start_session("s2", coded.start_ms) is None
    first = code_of(coded, "R1")
    assert len(first.code) == 6 and first.code.isdigit()
    assert code_of(coded, "R2") is None, "a held room has none at the common release"
    assert made(coded) == ["R1"]

    coded.clock.minutes(12)
    await coded.times.start("s2", "R2", 0, "已开门", "chief")
    assert made(coded) == ["R1", "R2"]
    assert code_of(coded, "R2").salt != first.salt
    assert code_of(coded, "R1") == first, "another room's start changes nothing here"
    assert first.code not in repr(coded.service.session("s2")), "it is never printed"


async def test_e04_a_held_room_started_before_the_release_gets_its_code_at_the_release(
    coded: Any,
) -> None:
    late = coded.start_ms + 20 * coded.minute
    assert await coded.times.start("s2", "R2", late, "已开门", "chief") == late
    assert code_of(coded, "R2") is None
    assert await coded.service.start_session("s2", coded.start_ms) is None
    assert sorted(made(coded)) == ["R1", "R2"] and code_of(coded, "R2") is not None


async def test_e04_a_session_whose_plan_does_not_want_codes_has_none(venue: Any) -> None:
    assert await venue.service.arm_session("s1") is None
    assert await venue.service.start_session("s1", venue.start_ms) is None
    assert code_of(venue, "R1", "s1") is None and made(venue) == []


def test_e04_the_seal_is_of_this_code_and_salt_alone() -> None:
    seal = seal_start_code("048151", "aa")
    # printf 'aa:048151' | sha256sum
    assert seal.digest == ("a2f0725a475e7587bc72758067954024cb800ca2259c96b6a2f9aa1bfdfa31ac")
    assert "048151" not in repr(seal)
    for typed in ("048151", " 048 151 ", "０４８１５１"):
        assert is_start_code(seal, typed)
    for typed in ("", "48151", "048150", "0481510", "²48151", "一"):
        assert not is_start_code(seal, typed)
    assert seal_start_code("048151", "ab").digest != seal.digest
