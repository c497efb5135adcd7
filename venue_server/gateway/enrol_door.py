"""HTTP calls of a machine that has no certificate yet (wire/enrolment.py)."""

import asyncio
from collections.abc import Awaitable, Callable

import msgspec
from aiohttp import web

from venue_server.stations.enrolment import Enrolment
from venue_server.wire import enrolment as wire
from venue_server.wire.refusals import Refusal, RefusalCode

MAX_BODY = 64 * 1024
BODY_S = 10.0
"""A body of this size is there at once; who sends it a byte at a time is let go (R9)."""


def _answer(result: msgspec.Struct) -> web.Response:
    if isinstance(result, Refusal):
        body = msgspec.json.encode({"code": result.code, "detail": result.detail})
        return web.Response(body=body, status=409, content_type="application/json")
    body = msgspec.json.encode(result)
    return web.Response(body=body, content_type="application/json")


def enrolment_app(enrolment: Enrolment) -> web.Application:
    """The application of the enrolment listener."""
    app = web.Application(client_max_size=MAX_BODY)

    def call(
        kind: type[msgspec.Struct], run: Callable[[web.Request, object], msgspec.Struct]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handler(request: web.Request) -> web.Response:
            try:
                async with asyncio.timeout(BODY_S):
                    body = await request.read()
                value = msgspec.json.decode(body, type=kind)
            except TimeoutError:
                return web.Response(status=408, headers={"Connection": "close"})
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                return _answer(Refusal(RefusalCode.MESSAGE_MALFORMED))
            return _answer(run(request, value))

        return handler

    def begin(request: web.Request, value: object) -> msgspec.Struct:
        assert isinstance(value, wire.Begin)
        return enrolment.begin(value, request.remote or "")

    def reveal(_request: web.Request, value: object) -> msgspec.Struct:
        assert isinstance(value, wire.Reveal)
        return enrolment.reveal(value)

    def poll(_request: web.Request, value: object) -> msgspec.Struct:
        assert isinstance(value, wire.Poll)
        return enrolment.poll(value)

    app.router.add_post("/enrol/begin", call(wire.Begin, begin))
    app.router.add_post("/enrol/reveal", call(wire.Reveal, reveal))
    app.router.add_post("/enrol/poll", call(wire.Poll, poll))
    return app
