"""Half-done wipings end by themselves, each in its own time (L10, L11)."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from venue_server.gateway import wipe_keeper
from venue_server.gateway.wipe_keeper import WipeKeeper
from venue_server.wire.names import SessionState
from venue_server.wire.refusals import Refusal, RefusalCode


class Venue:
    """Two sessions whose wiping was begun; what becomes of a try is the test's to say."""

    def __init__(self) -> None:
        self.state = {"am": SessionState.UPLOADED, "pm": SessionState.UPLOADED}
        self.tried: list[str] = []
        self.told = 0
        self.does: dict[str, Any] = {}
        sittings = SimpleNamespace(plan=object(), sessions=self.sessions, session=self.session)
        self.parts = SimpleNamespace(sittings=sittings)
        memory = SimpleNamespace(clean=ends)
        self.session_wiping = SimpleNamespace(tell_again=self.tell_again, memory=memory)

    def session(self, session_id: str) -> Any:
        return SimpleNamespace(session_id=session_id, state=self.state[session_id])

    def sessions(self) -> list[Any]:
        return [self.session(each) for each in self.state]

    def unfinished_wiping(self, session: Any) -> tuple[str, str] | None:
        return None if session.state is SessionState.WIPED else ("admin-a", "chief-1")

    def tell_again(self) -> None:
        self.told += 1

    async def wipe(self, session: Any, persons: tuple[str, str]) -> Any:
        assert persons == ("admin-a", "chief-1")
        self.tried.append(session.session_id)
        done = await self.does[session.session_id]()
        if done is None:
            self.state[session.session_id] = SessionState.WIPED
        return done


async def ends() -> None:
    return None


async def hangs() -> None:
    await asyncio.Event().wait()


async def disk_refuses() -> None:
    raise OSError(5, "the disk refuses")


async def key_elsewhere() -> Refusal:
    return Refusal(RefusalCode.KEY_ELSEWHERE, "notes.txt")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wipe_keeper, "LOOK_S", 0.01)
    monkeypatch.setattr(wipe_keeper, "AGAIN_S", 0.02)
    monkeypatch.setattr(wipe_keeper, "TELL_AGAIN_S", 0.01)


async def until(venue: Venue, fits: Any) -> None:
    keeper = asyncio.create_task(WipeKeeper(venue).run())  # type: ignore[arg-type]
    try:
        async with asyncio.timeout(30):
            while not fits():
                await asyncio.sleep(0.01)
                assert not keeper.done(), "it never ends by itself"
    finally:
        keeper.cancel()
        await asyncio.gather(keeper, return_exceptions=True)


@pytest.mark.parametrize("stuck", [hangs, disk_refuses, key_elsewhere])
async def test_l11_a_wiping_that_cannot_end_holds_up_no_other(stuck: Any) -> None:
    venue = Venue()
    venue.does = {"am": stuck, "pm": ends}
    await until(venue, lambda: venue.state["pm"] is SessionState.WIPED and venue.told > 2)
    assert venue.state["am"] is SessionState.UPLOADED
    assert venue.tried.count("pm") == 1


@pytest.mark.parametrize("at_first", [disk_refuses, key_elsewhere])
async def test_l11_it_is_tried_again_until_it_ends_and_then_no_more(at_first: Any) -> None:
    venue = Venue()
    tries = iter([at_first, at_first, ends])
    venue.does = {"am": lambda: next(tries)(), "pm": ends}
    await until(venue, lambda: SessionState.UPLOADED not in venue.state.values())
    assert venue.tried.count("am") == 3
    before = list(venue.tried)
    await until(venue, lambda: venue.told > 20)
    assert venue.tried == before
