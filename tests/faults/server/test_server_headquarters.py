"""The line to headquarters: pinned, fresh, signed; an impostor's time is no time (E01, F7)."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import web

from venue_server.headquarters.service import serving, tls_context
from venue_server.headquarters.service_clock import HeadquartersClock
from venue_server.headquarters.service_keys import HeadquartersKeys, init_headquarters
from venue_server.release.headquarters_line import (
    MAX_ANSWER,
    HeadquartersLine,
    LineFault,
    TokenAnswer,
)
from venue_server.settings import Headquarters
from venue_server.wire.canonical import canonical
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.signed import sign

NOW_MS = 1_800_000_000_000
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> HeadquartersKeys:
    return init_headquarters(tmp_path_factory.mktemp("headquarters") / "hq")


def known(keys: HeadquartersKeys, port: int) -> Headquarters:
    base = f"https://127.0.0.1:{port}"
    return Headquarters(keys.signing_public, 2, base, keys.certificate_pem)


class Impostor:
    """Answers where headquarters should, with whatever the test wants."""

    def __init__(self, keys: HeadquartersKeys) -> None:
        self.keys = keys
        self.port = 0
        self.answer: Answer | None = None

    async def handle(self, request: web.Request) -> web.StreamResponse:
        assert self.answer is not None
        return await self.answer(request)

    def says(self, body: bytes, status: int = 200) -> None:
        async def answer(_request: web.Request) -> web.Response:
            return web.Response(body=body, status=status)

        self.answer = answer

    def time(self, signers: int = 2, **change: Any) -> None:
        """A signed time for the nonce asked for, with something changed."""

        async def answer(request: web.Request) -> web.Response:
            nonce = request.query["nonce"]
            payload = {"type": "kaodian.time", "version": "1.0", "now_ms": NOW_MS, "rate": 1.0}
            document = sign({**payload, "nonce": nonce, **change}, self.keys.signing[:signers])
            return web.Response(body=canonical(document))

        self.answer = answer


@pytest.fixture
async def impostor(keys: HeadquartersKeys) -> AsyncIterator[Impostor]:
    made = Impostor(keys)
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", made.handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls_context(keys)).start()
    made.port = runner.addresses[0][1]
    yield made
    await runner.cleanup()


async def test_f7_headquarters_own_time_is_taken(keys: HeadquartersKeys) -> None:
    async with (
        serving(keys, HeadquartersClock(60.0, NOW_MS)) as port,
        HeadquartersLine(known(keys, port)) as line,
    ):
        answer = await line.time()
        assert not isinstance(answer, Refusal)
        assert NOW_MS <= answer["now_ms"] < NOW_MS + 60 * 60_000
        assert answer["rate"] == 60.0
        assert (await line.release_token("paper", "A")).token is None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"signers": 1}, RefusalCode.SIGNATURE_INVALID),
        ({"type": "kaodian.release-token"}, RefusalCode.DOCUMENT_WRONG_TYPE),
        ({"version": "2.0"}, RefusalCode.VERSION_UNKNOWN),
        ({"nonce": "0" * 32}, RefusalCode.SIGNATURE_INVALID),
        ({"now_ms": "1"}, RefusalCode.DOCUMENT_MALFORMED),
        ({"now_ms": True}, RefusalCode.DOCUMENT_MALFORMED),
        ({"now_ms": -1}, RefusalCode.DOCUMENT_MALFORMED),
        ({"rate": 0}, RefusalCode.DOCUMENT_MALFORMED),
        ({"rate": None}, RefusalCode.DOCUMENT_MALFORMED),
    ],
)
async def test_f7_a_time_that_is_not_signed_fresh_and_sound_is_refused(
    impostor: Impostor, keys: HeadquartersKeys, change: dict[str, Any], code: RefusalCode
) -> None:
    impostor.time(**change)
    async with HeadquartersLine(known(keys, impostor.port)) as line:
        answer = await line.time()
    assert isinstance(answer, Refusal)
    assert answer.code is code


@pytest.mark.parametrize(
    "body", [b"", b"{", b"null", b"[" * 5000, b"\xff", json.dumps({}).encode()]
)
async def test_f7_nonsense_is_refused(
    impostor: Impostor, keys: HeadquartersKeys, body: bytes
) -> None:
    impostor.says(body)
    async with HeadquartersLine(known(keys, impostor.port)) as line:
        answer = await line.time()
    assert isinstance(answer, Refusal)
    assert answer.code is RefusalCode.DOCUMENT_MALFORMED


async def test_r9_endless_answers_errors_and_redirects_are_nothing(
    impostor: Impostor, keys: HeadquartersKeys
) -> None:
    async def elsewhere(_request: web.Request) -> web.Response:
        raise web.HTTPFound("/other")

    async with HeadquartersLine(known(keys, impostor.port)) as line:
        for status in (404, 500, 503):
            impostor.says(b"x", status)
            assert (await line.release_token("paper", "A")).token is None
        impostor.says(b"x" * (MAX_ANSWER + 1))
        assert (await line.release_token("paper", "A")).token is None
        impostor.says(b"x" * MAX_ANSWER)
        assert (await line.release_token("paper", "A")).token == b"x" * MAX_ANSWER
        impostor.answer = elsewhere
        assert (await line.release_token("paper", "A")).token is None


async def test_r9_another_certificate_is_not_headquarters(
    impostor: Impostor, keys: HeadquartersKeys, tmp_path: Path
) -> None:
    impostor.time()
    other = init_headquarters(tmp_path / "other")
    pinned = Headquarters(
        keys.signing_public, 2, f"https://127.0.0.1:{impostor.port}", other.certificate_pem
    )
    async with HeadquartersLine(pinned) as line:
        with pytest.raises(LineFault, match="Fingerprint"):
            await line.time()


async def test_f5_every_line_is_held_to_the_same_pins(
    impostor: Impostor, keys: HeadquartersKeys, tmp_path: Path
) -> None:
    """Two addresses with certificates of their own, one of them known, then both."""
    other = init_headquarters(tmp_path / "other")
    async with serving(keys, HeadquartersClock(1.0, NOW_MS)) as port:
        strange = await _serve_as(other, impostor)
        wrong = f"https://127.0.0.1:{strange.addresses[0][1]}"
        impostor.says(b"token")
        one = msgspec.structs.replace(known(keys, port), base_url=wrong, other_urls=[_url(port)])
        async with HeadquartersLine(one) as line:
            with pytest.raises(LineFault, match="Fingerprint"):
                await line.release_token("paper", "A")
            assert (await line.release_token("paper", "A")).token is None, "the known one"
            assert not await line.published("paper", "A")
        both = msgspec.structs.replace(one, other_certificates=[other.certificate_pem])
        async with HeadquartersLine(both) as line:
            assert (await line.release_token("paper", "A")).token == b"token"
        await strange.cleanup()


async def test_f5_a_line_without_the_token_hands_over_to_the_next(
    impostor: Impostor, keys: HeadquartersKeys
) -> None:
    impostor.says(b"token")
    async with serving(keys, HeadquartersClock(1.0, NOW_MS)) as port:
        two = msgspec.structs.replace(known(keys, port), other_urls=[_url(impostor.port)])
        async with HeadquartersLine(two) as line:
            assert (await line.release_token("paper", "A")).token is None
            assert (await line.release_token("paper", "A")).token == b"token"
            assert (await line.release_token("paper", "A")).token == b"token", "it stays there"


async def test_f5_what_headquarters_wishes_is_heard(
    impostor: Impostor, keys: HeadquartersKeys
) -> None:
    async def answer(request: web.Request) -> web.Response:
        status, wish = request.match_info["tail"].rsplit("/", 2)[-2:]
        return web.Response(status=int(status), headers={"Retry-After": wish})

    impostor.answer = answer
    async with HeadquartersLine(known(keys, impostor.port)) as line:
        assert await line.release_token("404", "7") == TokenAnswer(None, 7.0, busy=False)
        assert await line.release_token("503", "30") == TokenAnswer(None, 30.0, busy=True)
        assert await line.release_token("429", "soon") == TokenAnswer(None, None, busy=True)
        assert await line.release_token("404", "-3") == TokenAnswer(None, None, busy=False)


async def _serve_as(keys: HeadquartersKeys, impostor: Impostor) -> web.AppRunner:
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", impostor.handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls_context(keys)).start()
    return runner


def _url(port: int) -> str:
    return f"https://127.0.0.1:{port}"


async def test_f7_an_answer_cut_in_the_middle_is_a_fault_of_the_line(
    impostor: Impostor, keys: HeadquartersKeys
) -> None:
    async def cut(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Length": "1000"})
        await answer.prepare(request)
        await answer.write(b"half")
        assert request.transport is not None
        request.transport.abort()
        return answer

    impostor.answer = cut
    async with HeadquartersLine(known(keys, impostor.port)) as line:
        with pytest.raises(LineFault):
            await line.time()


async def test_f7_headquarters_that_comes_back_later_is_believed_then(world: Any, kit: Any) -> None:
    """A server that starts while the WAN is down says so, and trusts the time once it is back."""
    await world.stop()
    (world.data / "clock.json").unlink()
    await world.cut_off()
    await world.start_without_time()
    chief = await world.console(kit.CHIEF)
    assert chief.client.board.venue.clock_trusted is False
    assert any("不可信" in alarm.text("zh") for alarm in chief.client.board.venue.alarms)
    await world.reconnect()
    await chief.board(lambda b: b.venue.clock_trusted, "trusted time")
    await chief.board(lambda b: not any("不可信" in alarm.text("zh") for alarm in b.venue.alarms))
    assert len(world.events("clock.set")) == 2
