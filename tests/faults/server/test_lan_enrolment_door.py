"""The enrolment listener under strangers: nothing they send gets them in or brings it down (R9)."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest

from venue_server.client.enrolment import EnrolmentUntrusted, enrol
from venue_server.client.identity import MachineIdentity
from venue_server.stations import pending
from venue_server.stations.authority import VenueAuthority, create_authority
from venue_server.wire.console_orders import ConfirmEnrolment, ListEnrolments
from venue_server.wire.refusals import Refusal, RefusalCode


class Stranger:
    """Somebody with a TLS client and no certificate."""

    def __init__(self, session: aiohttp.ClientSession, base: str) -> None:
        self._session = session
        self._base = base

    async def post(self, step: str, body: bytes) -> tuple[int, Any]:
        """POST raw bytes; status and JSON answer."""
        async with self._session.post(f"{self._base}/enrol/{step}", data=body) as answer:
            text = await answer.text()
            return answer.status, json.loads(text) if text.startswith("{") else text

    async def get(self, path: str) -> int:
        async with self._session.get(self._base + path) as answer:
            return answer.status


@pytest.fixture
async def stranger(world: Any) -> AsyncIterator[Stranger]:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    connector = aiohttp.TCPConnector(ssl=context)
    async with aiohttp.ClientSession(connector=connector) as session:
        yield Stranger(session, f"https://127.0.0.1:{world.ports.enrol}")


async def test_r9_a_machine_comes_in_by_its_code_and_by_nothing_else(world: Any, kit: Any) -> None:
    admin = await world.console(kit.ADMIN)
    shown: list[str] = []
    code = asyncio.get_running_loop().create_future()
    folder = world.folder / "machines" / "m"
    where = f"127.0.0.1:{world.ports.enrol}"
    task = asyncio.create_task(enrol(where, "station", folder, code.set_result, poll_s=0.02))
    shown.append(await kit.patiently(code))
    waiting = (await admin.order(ListEnrolments(0)))["waiting"]
    assert [each["code"] for each in waiting] == shown
    assert waiting[0]["address"] == "127.0.0.1"

    def confirm(code_: str, kind: str = "station") -> ConfirmEnrolment:
        return ConfirmEnrolment(0, code_, kind, "m", "01", "01")

    wrong = "AAAA-AAAA" if shown[0] != "AAAA-AAAA" else "BBBB-BBBB"
    assert await admin.refused(confirm(wrong)) is RefusalCode.ENROLMENT_UNKNOWN
    assert await admin.refused(confirm(shown[0], "console")) is RefusalCode.ENROLMENT_UNKNOWN
    inv = await world.console("inv-01-1")
    assert await inv.refused(confirm(shown[0])) is RefusalCode.ROLE_NOT_ALLOWED
    await admin.order(confirm(shown[0]))
    identity = await kit.patiently(task)
    assert not isinstance(identity, Refusal)
    assert await admin.refused(confirm(shown[0])) is RefusalCode.ENROLMENT_UNKNOWN

    station = await world.connect(identity, "01", "01")
    assert (await station.welcome()).seat_no == "01"
    refusals = [e["data"]["code"] for e in world.events("order.refused")]
    assert refusals == ["LAN-02", "LAN-02", "STF-04", "LAN-02"]


async def test_f12_a_taken_seat_is_refused_and_the_machine_goes_on_waiting(
    world: Any, kit: Any
) -> None:
    admin = await world.console(kit.ADMIN)
    await world.enrolled("station", admin, "01", "01")
    with pytest.raises(AssertionError, match="LAN-05"):
        await world.enrolled("station", admin, "01", "01")
    (waiting,) = (await admin.order(ListEnrolments(0)))["waiting"]
    await admin.order(ConfirmEnrolment(0, waiting["code"], "station", "m", "01", "03"))
    assert len(world.events("machine.enrolled")) == 2


DEEP = b'{"kind":"station","commit":"' + b"a" * 64 + b'","x":' + b"[" * 50_000
UNSOUND = (b"", b"{", b"[]", b"null", b'{"kind":1}', b"\xff\xfe", b"[" * 60_000, DEEP)


@pytest.mark.parametrize("step", ["begin", "reveal", "poll"])
async def test_r9_a_malformed_body_is_answered_lan_03(stranger: Stranger, step: str) -> None:
    for body in UNSOUND:
        answer = await stranger.post(step, body)
        assert answer == (409, {"code": "LAN-03", "detail": ""}), body[:20]


async def test_r9_other_requests_find_nothing(stranger: Stranger) -> None:
    status, _text = await stranger.post("begin", b"x" * 70_000)
    assert status == 413
    assert await stranger.get("/enrol/begin") == 405
    for path in ("/", "/station", "/console", "/papers/rehearsal-paper/A", "/enrol/../station"):
        assert await stranger.get(path) == 404
    status, answer = await stranger.post("poll", b'{"enrolment_id":"0"}')
    assert (status, answer["code"]) == (409, "LAN-02")


async def test_r9_a_flood_is_answered_lan_06_and_hurts_no_enrolled_machine(
    world: Any, kit: Any, stranger: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = await world.console(kit.ADMIN)
    station = await world.station(admin, "01", "01")
    monkeypatch.setattr(pending, "MAX_PENDING", 5)
    body = json.dumps({"kind": "station", "commit": "a" * 64}).encode()
    answers = [await stranger.post("begin", body) for _ in range(12)]
    assert [status for status, _ in answers].count(200) <= 5
    assert {answer["code"] for status, answer in answers if status == 409} == {"LAN-06"}
    again = await stranger.post("begin", body)
    assert again[1]["code"] == "LAN-06"
    assert station.client.link.up
    assert (await admin.order(ListEnrolments(0)))["waiting"] == []


async def test_n10_a_flood_from_many_addresses_keeps_no_new_machine_out(
    world: Any, kit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twenty addresses take every place there is, and go on; a machine that is switched on comes
    in by its code, and so does one whose code was on its screen before."""
    monkeypatch.setattr(pending, "MAX_PENDING", 60)
    monkeypatch.setattr(pending, "SETTLED_REAL_S", 0.0)
    admin = await world.console(kit.ADMIN)
    shown: list[str] = []
    where = f"127.0.0.1:{world.ports.enrol}"
    early = asyncio.create_task(
        enrol(where, "station", world.folder / "early", shown.append, poll_s=0.02)
    )
    await world.until(lambda: bool(shown))
    async with AsyncExitStack() as stack:
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        flood = []
        for last in range(2, 22):
            connector = aiohttp.TCPConnector(ssl=context, local_addr=(f"127.0.0.{last}", 0))
            session = await stack.enter_async_context(aiohttp.ClientSession(connector=connector))
            flood.append(Stranger(session, f"https://{where}"))
        body = json.dumps({"kind": "station", "commit": "a" * 64}).encode()
        for _ in range(6):
            answers = await asyncio.gather(*(each.post("begin", body) for each in flood))
            assert {code for _, a in answers if (code := a.get("code"))} <= {"LAN-06"}
        late = await world.enrolled("station", admin, "01", "02")
        await asyncio.gather(*(each.post("begin", body) for each in flood))
    await admin.order(ConfirmEnrolment(0, shown[0], "station", "m", "01", "01"))
    assert isinstance(await kit.patiently(early), MachineIdentity)
    assert (await (await world.connect(late, "01", "02")).welcome()).seat_no == "02"


async def test_r9_a_listener_that_is_not_the_venues_is_found_out(
    world: Any, kit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody in the middle hands out a CA of their own: the codes on both sides differ, and the
    outcome is only taken over TLS pinned to the CA that the code covered."""
    folder = world.folder / "impostor"
    folder.mkdir()
    impostor = create_authority(folder, "another")
    monkeypatch.setattr(VenueAuthority, "pem", impostor.pem)
    shown: list[str] = []
    where = f"127.0.0.1:{world.ports.enrol}"
    with pytest.raises(EnrolmentUntrusted):
        await enrol(where, "station", world.folder / "m", shown.append, poll_s=0.02)
    monkeypatch.undo()
    admin = await world.console(kit.ADMIN)
    (waiting,) = (await admin.order(ListEnrolments(0)))["waiting"]
    assert shown
    assert waiting["code"] != shown[0]
