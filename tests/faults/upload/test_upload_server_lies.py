"""The designated server itself is broken or lies: nothing is lost by it (L01, L08, L09).

It has the right certificate, so every byte it answers is taken, judged, and outlived.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
import requests
from aiohttp import web
from hypothesis import example, given
from hypothesis import strategies as st
from urllib3.util import parse_url

from tests.designated import destination
from venue_server.headquarters.service import serving, tls_context
from venue_server.headquarters.service_clock import HeadquartersClock
from venue_server.sitting.plan import DesignatedServer
from venue_server.upload import pinned
from venue_server.upload.delivery import Delivery
from venue_server.upload.outcome import Uploaded, UploadPending
from venue_server.upload.pinned import PinnedServer, WrongServerError
from venue_server.upload.schedule import LONGEST_S, asked_s, receipt_pause_s
from venue_server.upload.store import set_upload_url
from venue_server.upload.tus import CHUNK_SIZE
from venue_server.wire.names import DataState
from venue_server.wire.refusals import Refusal, RefusalCode

ESSAY = 3 * CHUNK_SIZE
_place = {**destination()["designated_server"], "base_url": "https://hq.test:8443/in/"}
HERE = PinnedServer(DesignatedServer(**_place))
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def answering(world: Any, handler: Handler) -> AsyncIterator[list[str]]:
    """The designated server with one handler for everything; what it was asked."""
    seen: list[str] = []

    async def note(request: web.Request) -> web.StreamResponse:
        seen.append(f"{request.method} {request.path}")
        return await handler(request)

    app = web.Application(client_max_size=1 << 30)
    app.router.add_route("*", "/{rest:.*}", note)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    context = tls_context(world.headquarters)
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    world.base_url = f"https://127.0.0.1:{runner.addresses[0][1]}/"
    world.configure(Delivery(timeout_s=1, receipt_wait_s=1))
    try:
        yield seen
    finally:
        await runner.cleanup()


async def then_an_honest_one(world: Any, kit: Any) -> None:
    """Whatever was said before: with a server that does its work the bundle comes home."""
    assert world.state() is DataState.UPLOADING
    assert world.upload.bundle(kit.SESSION).bundle.file.exists()
    async with serving(world.headquarters, HeadquartersClock(1.0, kit.NOW_MS)) as port:
        world.base_url = f"https://127.0.0.1:{port}/"
        world.configure()
        for _ in range(2):  # an address the liar gave may have to be forgotten first
            done = await world.upload.upload(kit.SESSION)
            if isinstance(done, Uploaded):
                break
        assert isinstance(done, Uploaded), done


def created(place: str) -> Handler:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=201, headers={"Location": place})

    return answer


@pytest.mark.parametrize(
    "place",
    ["https://127.0.0.1:99999/u/1", "https://[::1/u/1", "//[/", "https://127.0.0.1:x/", "//evil/"],
)
async def test_l01_an_address_that_is_none_is_a_refusal_and_ends_nothing(
    world: Any, kit: Any, place: str
) -> None:
    """Such a Location once ended the task that keeps uploads going, and with it the server."""
    await world.sealed()
    async with answering(world, created(place)) as seen:
        done = await world.upload.upload(kit.SESSION)
        assert isinstance(done, Refusal) and done.code is RefusalCode.UPLOAD_WRONG_SERVER
        assert seen == ["POST /uploads/"]
    await then_an_honest_one(world, kit)


@pytest.mark.parametrize("to", ["uploads/1", "https://elsewhere.test\\@{here}/u/1"])
async def test_l01_an_address_with_two_meanings_dials_nobody_else(
    world: Any, kit: Any, to: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What reads as this server's to one reader of addresses is another host to the one that
    dials: it was dialled once, and left only because its certificate was another."""
    await world.sealed()
    real, dialled = socket.getaddrinfo, set[str]()

    def resolved(host: str, *more: Any, **named: Any) -> Any:
        dialled.add(str(host))
        return real("127.0.0.1" if host == "elsewhere.test" else host, *more, **named)

    place = ""

    async def pointing(request: web.Request) -> web.Response:
        status = 201 if request.method == "POST" else 503
        return web.Response(status=status, headers={"Location": place})

    async with answering(world, pointing):
        place = to.format(here=world.base_url.split("/")[2])
        monkeypatch.setattr(socket, "getaddrinfo", resolved)
        done = await world.upload.upload(kit.SESSION)
        if "elsewhere" in to:
            assert isinstance(done, Refusal) and done.code is RefusalCode.UPLOAD_WRONG_SERVER
        else:
            assert isinstance(done, UploadPending)
    assert dialled == {"127.0.0.1"}
    await then_an_honest_one(world, kit)


@given(st.text(max_size=40), st.sampled_from(["", "/", "//", "https://", "https:", "\\\\"]))
@example("elsewhere\\@hq.test:8443/", "https://")
@example("elsewhere\\@hq.test:8443/", "//")
def test_l01_no_text_leads_anywhere_but_to_the_designated_server(text: str, before: str) -> None:
    """Whatever stands in a Location: refused, or dialled at the designated server."""
    try:
        url = HERE.url(before + text)
    except WrongServerError:
        return
    try:
        prepared = requests.Request("GET", url).prepare().url
    except requests.RequestException:
        return  # an UploadFault
    dialled = parse_url(prepared or "")
    assert (dialled.scheme, dialled.host, dialled.port) == ("https", "hq.test", 8443)


def at_offset(said: str, length: str | None = None, status: int = 200) -> Handler:
    """Creates, and then says this to HEAD; takes every piece without a word of its offset."""

    async def answer(request: web.Request) -> web.Response:
        if request.method == "POST":
            return web.Response(status=201, headers={"Location": "/uploads/1"})
        if request.method == "GET":
            return web.Response(status=404, headers={"Retry-After": "1"})
        more = {"Upload-Offset": said} | ({"Upload-Length": length} if length else {})
        return web.Response(status=204 if request.method == "PATCH" else status, headers=more)

    return answer


@pytest.mark.parametrize("said", ["9" * 5000, "-1", "", "1e3", "\u0663", str(2**70)])
async def test_l08_an_offset_that_is_no_number_ends_nothing(
    world: Any, kit: Any, said: str
) -> None:
    await world.sealed()
    async with answering(world, at_offset(said)):
        for _ in range(2):
            assert isinstance(await world.upload.upload(kit.SESSION), UploadPending)
    await then_an_honest_one(world, kit)


async def test_l08_bytes_that_nobody_sent_are_not_believed(world: Any, kit: Any) -> None:
    """It says after one piece that it holds everything."""
    await world.sealed(ESSAY)
    size = world.upload.bundle(kit.SESSION).bundle.size
    async with answering(world, at_offset(str(size))) as seen:
        pending = await world.upload.upload(kit.SESSION)
        assert isinstance(pending, UploadPending) and "nobody sent" in pending.problem
        assert "GET" not in "".join(seen), "no receipt is asked for"
        assert world.upload.bundle(kit.SESSION).upload_url is None, "it begins anew"
    await then_an_honest_one(world, kit)


@pytest.mark.parametrize(
    ("said", "length"), [("0", "7"), ("99999999", None), ("99999999", "99999999")]
)
async def test_l08_another_upload_under_the_known_address_is_not_gone_on_with(
    world: Any, kit: Any, said: str, length: str | None
) -> None:
    await world.sealed()
    async with answering(world, at_offset(said, length)) as seen:
        world.store.submit(_remember(kit.SESSION, f"{world.base_url}uploads/1")).result()
        pending = await world.upload.upload(kit.SESSION)
        assert isinstance(pending, UploadPending) and "not this upload" in pending.problem
        assert seen == ["HEAD /uploads/1"]
        assert world.upload.bundle(kit.SESSION).upload_url is None
    await then_an_honest_one(world, kit)


def _remember(session_id: str, address: str | None) -> Callable[[Any], None]:
    return lambda tx: set_upload_url(tx, session_id, address)


async def test_l08_an_error_with_an_offset_is_an_error(world: Any, kit: Any) -> None:
    await world.sealed()
    size = world.upload.bundle(kit.SESSION).bundle.size
    async with answering(world, at_offset(str(size), status=500)) as seen:
        world.store.submit(_remember(kit.SESSION, f"{world.base_url}uploads/1")).result()
        pending = await world.upload.upload(kit.SESSION)
        assert isinstance(pending, UploadPending) and "HEAD: 500" in pending.problem
        assert seen == ["HEAD /uploads/1"]
    await then_an_honest_one(world, kit)


async def test_l08_an_offset_that_went_back_is_sent_again(world: Any, kit: Any) -> None:
    """Its disk lost what it had promised: tus' HEAD says so, and the bytes come once more."""
    await world.sealed(ESSAY)
    bundle = world.upload.bundle(kit.SESSION).bundle
    held = bytearray()

    async def forgetting(request: web.Request) -> web.Response:
        if request.method == "POST":
            return web.Response(status=201, headers={"Location": "/uploads/1"})
        if request.method == "PATCH":
            if int(request.headers["Upload-Offset"]) != len(held):
                return web.Response(status=409)
            held.extend(await request.read())
            if len(held) == 2 * CHUNK_SIZE:
                del held[CHUNK_SIZE // 2 :]
                return web.Response(status=503)
        if request.method == "GET":
            return web.Response(status=404, headers={"Retry-After": "1"})
        status = 204 if request.method == "PATCH" else 200
        return web.Response(status=status, headers={"Upload-Offset": str(len(held))})

    async with answering(world, forgetting):
        for _ in range(2):
            assert isinstance(await world.upload.upload(kit.SESSION), UploadPending)
        assert bytes(held) == bundle.file.read_bytes()
    await then_an_honest_one(world, kit)


async def test_f18_a_way_that_takes_small_pieces_only_gets_small_ones(world: Any, kit: Any) -> None:
    """A proxy before headquarters limits bodies: 413 for every piece, for ever, once."""
    await world.sealed(ESSAY)
    bundle = world.upload.bundle(kit.SESSION).bundle
    held, sizes = bytearray(), []

    async def narrow(request: web.Request) -> web.Response:
        if request.method == "POST":
            return web.Response(status=201, headers={"Location": "/uploads/1"})
        if request.method == "GET":
            return web.Response(status=404, headers={"Retry-After": "1"})
        piece = await request.read()
        sizes.append(len(piece))
        if len(piece) > 300_000:
            return web.Response(status=413)
        held.extend(piece)
        return web.Response(status=204, headers={"Upload-Offset": str(len(held))})

    async with answering(world, narrow):
        assert isinstance(await world.upload.upload(kit.SESSION), UploadPending)
        assert bytes(held) == bundle.file.read_bytes()
        assert sizes[:2] == [CHUNK_SIZE, CHUNK_SIZE // 4], "asked once, not for every piece"
    world.store.submit(_remember(kit.SESSION, None)).result()

    async def never(request: web.Request) -> web.Response:
        if request.method == "POST":
            return web.Response(status=201, headers={"Location": "/uploads/1"})
        return web.Response(status=413)

    async with answering(world, never) as seen:
        pending = await world.upload.upload(kit.SESSION)
        assert isinstance(pending, UploadPending) and pending.problem == "PATCH: 413"
        assert seen == ["POST /uploads/", *["PATCH /uploads/1"] * 3]
    await then_an_honest_one(world, kit)


async def test_l09_all_is_there_but_nothing_is_known_of_it_so_it_is_sent_anew(
    world: Any, kit: Any
) -> None:
    """HEAD says that all has come; the receipt's 404 never says that anything is being opened."""
    await world.sealed()
    size = world.upload.bundle(kit.SESSION).bundle.size

    async def knows_nothing(request: web.Request) -> web.Response:
        if request.method == "GET":
            return web.Response(status=404)
        return web.Response(headers={"Upload-Offset": str(size)})

    async with answering(world, knows_nothing):
        world.store.submit(_remember(kit.SESSION, f"{world.base_url}uploads/1")).result()
        pending = await world.upload.upload(kit.SESSION)
        assert isinstance(pending, UploadPending) and "nothing" in pending.problem
        assert world.upload.bundle(kit.SESSION).upload_url is None
    await then_an_honest_one(world, kit)


@pytest.mark.parametrize(("status", "asked", "wait_s"), [(503, "90", 90.0), (429, "", 1.0)])
async def test_f18_a_busy_server_is_left_alone_where_the_receipt_is_asked_for_too(
    world: Any, kit: Any, status: int, asked: str, wait_s: float
) -> None:
    await world.sealed()
    size = world.upload.bundle(kit.SESSION).bundle.size

    async def busy(request: web.Request) -> web.Response:
        if request.method == "GET":
            return web.Response(status=status, headers={"Retry-After": asked} if asked else {})
        return web.Response(headers={"Upload-Offset": str(size)})

    async with answering(world, busy) as seen:
        world.store.submit(_remember(kit.SESSION, f"{world.base_url}uploads/1")).result()
        pending = await world.upload.upload(kit.SESSION)
        assert isinstance(pending, UploadPending)
        assert pending.next_attempt_ms == world.now_ms + wait_s * 1000
        assert len(seen) == 2
        assert world.upload.bundle(kit.SESSION).upload_url is not None, "what is there stays"


async def test_f18_a_receipt_that_takes_long_is_asked_for_when_headquarters_says(
    world: Any, kit: Any
) -> None:
    """Longer than an attempt waits: until then the line is left alone; nothing is sent twice."""
    await world.sealed()
    size = world.upload.bundle(kit.SESSION).bundle.size

    async def opening(request: web.Request) -> web.Response:
        if request.method == "GET":
            return web.Response(status=404, headers={"Retry-After": "240"})
        return web.Response(headers={"Upload-Offset": str(size)})

    async with answering(world, opening) as seen:
        world.store.submit(_remember(kit.SESSION, f"{world.base_url}uploads/1")).result()
        for _ in range(2):
            pending = await world.upload.upload(kit.SESSION)
            assert isinstance(pending, UploadPending) and pending.problem == "no receipt yet"
            assert pending.next_attempt_ms == world.now_ms + 240_000
        assert [each.split()[0] for each in seen] == ["HEAD", "GET"] * 2


async def test_l09_venues_told_the_same_do_not_ask_for_receipts_together() -> None:
    assert receipt_pause_s(1, lambda a, b: a, 4.0) == 4.0, "never before what was asked"
    assert receipt_pause_s(1, lambda a, b: b, 4.0) == 6.0
    soon = [receipt_pause_s(asked, lambda a, b: a, 1.0) for asked in range(1, 8)]
    assert soon == [1, 1, 2, 4, 7.5, 7.5, 7.5], "who always says soon is not asked all the time"
    plain = [receipt_pause_s(asked, lambda a, b: b) for asked in range(1, 8)]
    assert plain == [1, 2, 4, 8, 15, 15, 15]
    assert [receipt_pause_s(asked, lambda a, b: a) for asked in (1, 2)] == [0.5, 1.0]


def test_f18_retry_after_as_a_date_is_read_against_the_servers_own_clock() -> None:
    now = datetime(2031, 5, 1, 9, tzinfo=UTC)
    date = format_datetime(now, usegmt=True)

    def wait(said: str, at: str = date) -> float | None:
        return asked_s({"Retry-After": said, "Date": at})

    assert wait(format_datetime(now + timedelta(seconds=75), usegmt=True)) == 75.0
    assert wait(date) is None, "already past: nothing is asked for"
    assert wait(format_datetime(now + timedelta(days=9000), usegmt=True)) is not None
    for mangled in ("", "soon", "-5", "1e9", "\u0663", "Thu, 99 Nov 2026 00:00:00 GMT", "\x00"):
        assert wait(mangled) is None
        assert asked_s({"Retry-After": date, "Date": mangled}) is None
    assert wait("120") == 120.0
    assert wait("9" * 4400) == LONGEST_S


@pytest.mark.parametrize("how", ["long", "slow", "cut", "packed"])
async def test_l09_a_receipt_without_end_is_given_up(
    world: Any, kit: Any, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its bytes never fill this machine's memory, nor hold the upload for ever."""
    monkeypatch.setattr(pinned, "MAX_BODY", 300_000)
    await world.sealed()
    size = world.upload.bundle(kit.SESSION).bundle.size
    over = asyncio.Event()

    async def body(request: web.Request) -> web.StreamResponse:
        if request.method != "GET":
            return web.Response(headers={"Upload-Offset": str(size)})
        more = {"Content-Encoding": "gzip"} if how == "packed" else {}
        answer = web.StreamResponse(headers=more)
        if how == "cut":
            answer.content_length = 1000
        await answer.prepare(request)
        try:
            while not over.is_set():
                await answer.write(b"{" * (1 if how == "slow" else 50_000 if how == "long" else 9))
                if how in ("cut", "packed"):
                    break
                await asyncio.sleep(0.05 if how == "slow" else 0)
        except ConnectionError:
            pass
        if how == "cut":
            assert request.transport is not None
            request.transport.abort()
        return answer

    async with answering(world, body):
        world.configure(Delivery(timeout_s=0.5, receipt_wait_s=1))
        world.store.submit(_remember(kit.SESSION, f"{world.base_url}uploads/1")).result()
        done = await world.upload.upload(kit.SESSION)
        over.set()
        if how == "packed":
            assert isinstance(done, Refusal) and done.code is RefusalCode.DOCUMENT_MALFORMED
        else:
            assert isinstance(done, UploadPending)
            told = {"long": "too long", "slow": "too slow", "cut": "ProtocolError"}
            assert told[how] in done.problem
    await then_an_honest_one(world, kit)


@pytest.mark.parametrize("status", [413, 507])
async def test_f18_no_room_at_headquarters_passes(world: Any, kit: Any, status: int) -> None:
    """With and without a word about when: the bundle waits, and is sent when there is room."""
    await world.sealed()
    for asked, wait_s in (("600", LONGEST_S), ("60", 60.0), ("", 4.0)):

        async def full(_request: web.Request, asked: str = asked) -> web.Response:
            return web.Response(status=status, headers={"Retry-After": asked} if asked else {})

        async with answering(world, full):
            pending = await world.upload.upload(kit.SESSION)
        assert isinstance(pending, UploadPending)
        assert pending.next_attempt_ms == world.now_ms + wait_s * 1000
    await then_an_honest_one(world, kit)


async def test_l01_a_plan_without_a_readable_certificate_is_a_refusal(world: Any, kit: Any) -> None:
    """Importing refuses such a plan; one that was kept must not end the server either."""
    await world.sealed()
    right, world.certificate_pem = world.certificate_pem, "-----BEGIN CERTIFICATE-----\nAAAA\n"
    world.configure()
    done = await world.upload.upload(kit.SESSION)
    assert isinstance(done, Refusal) and done.code is RefusalCode.UPLOAD_WRONG_SERVER
    world.certificate_pem = right
    await then_an_honest_one(world, kit)
