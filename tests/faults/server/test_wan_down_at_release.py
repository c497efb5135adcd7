"""No line to headquarters at the release point (F5): warned in time, opened by two custodians only
after the point, confirmed when the line is back; and a server killed anywhere around it."""

import asyncio
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest
from aiohttp import web

from tests.faults.server.server_process import ServerProcess
from tests.journeys.venue.venue_world import SURELY_MS
from venue_server.client import backoff
from venue_server.headquarters.release_token import build_release_token, load_release_secret
from venue_server.headquarters.service import HeadquartersService
from venue_server.headquarters.service_release import ReleaseShelf
from venue_server.rehearsal.headquarters_side import SESSION_ID
from venue_server.release.headquarters_line import HeadquartersLine, TokenAnswer
from venue_server.settings import load_settings, save_settings
from venue_server.wire.console_orders import EnterCodeShare
from venue_server.wire.names import SessionState
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.station_messages import FormKey


@dataclass
class Ready:
    """A session that wants arming; one station holds the paper."""

    world: Any
    chief: Any
    admin_b: Any
    station: Any

    async def by_code(self) -> None:
        """Two custodians enter their words."""
        one, two = self.world.template.code_shares()
        await self.chief.order(EnterCodeShare(0, SESSION_ID, one))
        await self.admin_b.order(EnterCodeShare(0, SESSION_ID, two))
        await self.started()

    async def started(self) -> None:
        await self.chief.board(
            lambda b: b.venue.session_state is SessionState.STARTED, "the release"
        )

    async def alarm(self, words: str, there: bool = True) -> None:
        await self.chief.board(
            lambda b: any(words in each.text("zh") for each in b.venue.alarms) is there,
            f"alarm {words}",
        )

    def untouched(self) -> bool:
        told = self.station.heard.all(FormKey)
        return not told and not self.world.events("release.done", "session.started")


async def make_ready(world: Any, kit: Any) -> Ready:
    admin, chief = await world.console(kit.ADMIN), await world.console(kit.CHIEF)
    await world.plan(admin)
    await world.receive(admin)
    station = await world.station(admin, "01", "01")
    await station.fetch()
    await world.invigilators()
    return Ready(world, chief, await world.console(kit.ADMIN_B), station)


@pytest.fixture
async def ready(world: Any, kit: Any) -> Ready:
    return await make_ready(world, kit)


async def test_f5_the_whole_window_without_a_line_is_said_and_the_code_opens_only_after_it(
    ready: Ready,
) -> None:
    world = ready.world
    point = world.day.at(-2)
    await world.cut_off()
    for minutes, words in ((44, "检查"), (29, "备用线路"), (14, "通知密码保管人"), (4, "信封")):
        world.go(point - minutes * 60_000)
        await ready.alarm(words)
    await world.arm(ready.chief)
    one, _two = world.template.code_shares()
    early = EnterCodeShare(0, SESSION_ID, one)
    assert await ready.chief.refused(early) is RefusalCode.RELEASE_TOO_EARLY
    world.go(point)
    await ready.alarm("两名保管人输入密封码")
    assert ready.untouched()
    world.go(point + SURELY_MS)
    await ready.by_code()
    assert await ready.station.content_key()
    steps = [entry["data"]["within_min"] for entry in world.events("line.lost")]
    assert steps == [45, 30, 15, 5, 0]
    (released,) = world.events("release.done")
    assert released["data"]["way"] == "code"
    assert released["at_ms"] >= point
    assert len(world.events("release.by-code")) == 1
    await ready.alarm("待总部令牌确认")

    await world.reconnect()
    await world.recorded("release.confirmed")
    await ready.alarm("待总部令牌确认", there=False)
    await asyncio.sleep(0.3)
    assert len(world.events("release.confirmed")) == len(world.events("release.done")) == 1


async def test_f5_a_headquarters_that_says_nothing_does_not_hold_up_the_code(
    ready: Ready, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes the question and never answers: the code opens the paper all the same."""
    world, asked = ready.world, asyncio.Event()

    async def silent(_self: HeadquartersLine, _paper_id: str, _form_id: str) -> TokenAnswer:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError("nobody answers")

    monkeypatch.setattr(HeadquartersLine, "release_token", silent)
    world.go(world.day.at(-10))
    await world.arm(ready.chief)
    world.go(world.day.at(-2) + SURELY_MS)
    await asyncio.wait_for(asked.wait(), 30)
    await ready.by_code()
    assert await ready.station.content_key()


async def test_f5_a_release_by_code_is_confirmed_after_a_restart_as_well(ready: Ready) -> None:
    world = ready.world
    world.go(world.day.at(-10))
    await world.arm(ready.chief)
    await world.cut_off()
    world.go(world.day.at(-2) + SURELY_MS)
    await ready.by_code()
    await world.restart()
    await world.reconnect()
    await world.recorded("release.confirmed")


async def test_f5_a_token_that_contradicts_the_code_is_an_alarm(
    ready: Ready, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, keys = ready.world, ready.world.keys
    right = load_release_secret(world.template.own / "release-secret.json")
    wrong = msgspec.structs.replace(right, release_secret="A" * 43 + "=")
    served = [build_release_token(wrong, keys.signing)]
    monkeypatch.setattr(ReleaseShelf, "token", lambda _self, _secret: served[0])
    world.go(world.day.at(-10))
    await world.arm(ready.chief)
    await world.cut_off()
    world.go(world.day.at(-2) + SURELY_MS)
    await ready.by_code()
    await world.reconnect()
    await ready.alarm("立即报告总部")
    await asyncio.sleep(0.3)
    assert [e["data"]["code"] for e in world.events("release.contradicted")] == ["REL-04"]
    assert world.events("release.confirmed") == []
    served[0] = build_release_token(right, keys.signing)
    await world.recorded("release.confirmed")
    await ready.alarm("立即报告总部", there=False)


async def test_f5_a_line_that_comes_back_before_the_point_needs_no_code(ready: Ready) -> None:
    world = ready.world
    await world.cut_off()
    world.go(world.day.at(-20))
    await ready.alarm("备用线路")
    await world.reconnect()
    await ready.alarm("备用线路", there=False)
    await world.recorded("line.back")
    await world.arm(ready.chief)
    world.go(world.day.at(-2))
    await ready.started()
    (released,) = world.events("release.done")
    assert released["data"]["way"] == "token"
    assert world.events("release.by-code") == []


async def test_f5_the_second_uplink_is_as_good_as_the_first(world: Any, kit: Any) -> None:
    await world.stop()
    settings = load_settings(world.data)
    known = settings.headquarters
    second = msgspec.structs.replace(
        known, base_url="https://127.0.0.1:9", other_urls=[known.base_url]
    )
    save_settings(world.data, msgspec.structs.replace(settings, headquarters=second))
    (world.data / "clock.json").unlink()
    await world.start()
    ready = await make_ready(world, kit)
    world.go(world.day.at(-10))
    await world.arm(ready.chief)
    world.go(world.day.at(-2))
    await ready.started()
    (released,) = world.events("release.done")
    assert released["data"]["way"] == "token"
    assert world.events("line.lost") == []


async def test_e01_a_token_published_early_is_held_and_opens_nothing_before_the_point(
    ready: Ready, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = ready.world
    right = load_release_secret(world.template.own / "release-secret.json")
    token = build_release_token(right, world.keys.signing)

    async def early(_self: Any, _request: web.Request) -> web.Response:
        return web.Response(body=token)

    await world.cut_off()
    monkeypatch.setattr(HeadquartersService, "_release", early)
    await world.reconnect()
    world.go(world.day.at(-20))
    await asyncio.sleep(0.3)
    assert world.events("release.token-held") == [], "nobody armed it yet"
    await world.arm(ready.chief)
    await world.recorded("release.token-held")
    await world.cut_off()
    world.go(world.day.at(-2) - 10_000)
    await asyncio.sleep(0.3)
    assert ready.untouched()
    world.go(world.day.at(-2) + SURELY_MS)
    await ready.started()
    assert world.events("line.lost") == [], "with the token here the line is not missed"


# ---- killed around the instant ----------------------------------------------------------------


@pytest.fixture
async def process(world: Any) -> AsyncIterator[ServerProcess]:
    made = ServerProcess(world.data)
    yield made
    if made.runs:
        await made.end(signal.SIGKILL)


async def test_f5_killed_at_every_point_around_the_instant_it_releases_once(
    ready: Ready, process: ServerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backoff, "FIRST_S", 0.05)
    monkeypatch.setattr(backoff, "LONGEST_S", 0.2)
    world, station = ready.world, ready.station
    world.go(world.day.at(-10))
    await world.arm(ready.chief)
    point = world.day.at(-2)

    async def first() -> None:
        world.time.skipped_s += (point - 1_500 - world.headquarters_ms()) / 1000
        process.point = "before-fetch"
        await process.start()

    await world.restart_as(first)
    await process.dies()
    assert world.headquarters_ms() >= point, "it had waited for the point"
    for next_point in ("fetched-not-durable", "durable-not-released", "released-not-pushed"):
        assert ready.untouched()
        process.point = next_point
        await process.start()
        await process.dies()
    assert not station.heard.all(FormKey), "durable, but nobody was told"
    process.point = ""
    station.heard.messages.clear()
    await process.start()
    await station.welcome()
    assert await station.content_key()
    keys = station.heard.all(FormKey)
    assert keys[0].effective_start_ms >= world.day.at(0)
    for name in ("release.token-held", "release.done", "session.started"):
        assert len(world.events(name)) == 1, name
    assert world.events("release.done")[0]["at_ms"] >= point
    assert await process.end(signal.SIGTERM) == 0
