"""Enrolment: the code proves the CA, and everything after rests on that CA."""

import asyncio
import os
import ssl
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from venue_server.client.endpoint import TlsEndpoint
from venue_server.client.enrolment import EnrolmentUnreachable, EnrolmentUntrusted, enrol
from venue_server.client.identity import MachineIdentity
from venue_server.client.link import Link
from venue_server.wire import enrolment as wire
from venue_server.wire import hpke
from venue_server.wire.canonical import unb64
from venue_server.wire.codec import decode_to_station
from venue_server.wire.refusals import Refusal, RefusalCode


class Desk:
    """An honest enrolment listener with one place, and switches for what goes wrong."""

    def __init__(self, venue: Any, server_name: str, main_port: int) -> None:
        self.venue = venue
        self.server_name = server_name
        self.main_port = main_port
        self.context: ssl.SSLContext = venue.server_context(verify=False)
        self.ca_pem = venue.ca_pem
        self.nonce = os.urandom(32)
        self.begun: wire.Begin | None = None
        self.revealed: wire.Reveal | None = None
        self.code = ""
        self.outcome = wire.Outcome("waiting")
        self.refusal: Refusal | None = None
        self.broken = 0  # how many polls to answer with HTTP 500
        self.polled = asyncio.Event()
        self.port = 0
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application()
        app.router.add_post("/enrol/begin", self._begin)
        app.router.add_post("/enrol/reveal", self._reveal)
        app.router.add_post("/enrol/poll", self._poll)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=self.context)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    def confirm(self, _code: str = "") -> None:
        """The person at the server found the code to be the same."""
        assert self.revealed is not None
        csr = x509.load_pem_x509_csr(self.revealed.csr_pem.encode())
        assert csr.is_signature_valid
        public = csr.public_key()
        assert isinstance(public, ec.EllipticCurvePublicKey)
        self.outcome = self.outcome_for(self.venue.issue(public, "m1"))

    def outcome_for(self, cert_pem: str) -> wire.Outcome:
        return wire.Outcome(
            "confirmed",
            cert_pem=cert_pem,
            machine_id="m1",
            server_name=self.server_name,
            headquarters_keys=["a2V5"],
            headquarters_threshold=2,
            addresses=[f":{self.main_port}"],
        )

    async def _begin(self, request: web.Request) -> web.Response:
        if self.refusal is not None:
            return _json(self.refusal, 429)
        self.begun = msgspec.json.decode(await request.read(), type=wire.Begin)
        return _json(wire.Begun("e1", self.ca_pem, self.nonce.hex()))

    async def _reveal(self, request: web.Request) -> web.Response:
        reveal = msgspec.json.decode(await request.read(), type=wire.Reveal)
        csr_der = x509.load_pem_x509_csr(reveal.csr_pem.encode()).public_bytes(Encoding.DER)
        nonce, public = bytes.fromhex(reveal.nonce), unb64(reveal.hpke_public)
        assert self.begun is not None
        assert wire.commitment(nonce, csr_der, public) == self.begun.commit
        self.revealed = reveal
        self.code = wire.code(self.venue.ca_der, csr_der, public, nonce, self.nonce)
        return _json(wire.Revealed("e1"))

    async def _poll(self, request: web.Request) -> web.Response:
        assert msgspec.json.decode(await request.read(), type=wire.Poll).enrolment_id == "e1"
        self.polled.set()
        if self.broken:
            self.broken -= 1
            return web.Response(status=500)
        return _json(self.outcome)


def _json(value: Any, status: int = 200) -> web.Response:
    return web.Response(body=msgspec.json.encode(value), status=status)


@pytest.fixture
async def desk(venue: Any, lan: Any) -> AsyncIterator[Desk]:
    enrolment = Desk(venue, venue.machine("x").server_name, lan.port)
    await enrolment.start()
    yield enrolment
    await enrolment.stop()


def enrol_here(
    desk: Desk, folder: Path, on_code: Callable[[str], None], kind: str = "station", **more: float
) -> Any:
    return enrol(f"127.0.0.1:{desk.port}", kind, folder, on_code, poll_s=0.01, **more)


async def test_enrolled_by_the_same_code_on_both_sides_and_connected(
    desk: Desk, lan: Any, recorder: Any, running: Any, tmp_path: Path
) -> None:
    codes: list[str] = []
    task = asyncio.create_task(enrol_here(desk, tmp_path / "id", codes.append))
    await desk.polled.wait()
    assert codes == [desk.code]
    assert not MachineIdentity.exists(tmp_path / "id")  # nothing before the confirmation
    desk.confirm()
    identity = await task
    assert identity == MachineIdentity.load(tmp_path / "id")
    assert (identity.kind, identity.machine_id) == ("station", "m1")
    assert identity.headquarters_keys == ("a2V5",)
    assert identity.addresses == (f"127.0.0.1:{lan.port}",)
    assert desk.revealed is not None
    assert identity.hpke().public_raw() == unb64(desk.revealed.hpke_public)
    sealed = hpke.seal(unb64(desk.revealed.hpke_public), b"key", b"info")
    assert identity.hpke().open(sealed, b"info") == b"key"
    running(Link(TlsEndpoint(identity), "/station", decode_to_station, recorder))
    assert await recorder.ups.get()


async def test_a_console_has_no_hpke_key(desk: Desk, tmp_path: Path) -> None:
    identity = await enrol_here(desk, tmp_path / "id", desk.confirm, "console")
    assert identity.kind == "console"
    assert identity.hpke_private == b""
    assert desk.revealed is not None
    assert desk.revealed.hpke_public == ""


async def test_r09_another_ca_in_the_middle_shows_another_code(
    desk: Desk, make_venue: Any, tmp_path: Path
) -> None:
    desk.ca_pem = make_venue("attacker").ca_pem
    codes: list[str] = []
    with pytest.raises(EnrolmentUntrusted):  # and could not give the outcome either
        await enrol_here(desk, tmp_path / "id", codes.append)
    assert codes != [desk.code]
    assert not MachineIdentity.exists(tmp_path / "id")


async def test_r09_another_request_in_the_middle_shows_another_code(
    desk: Desk, tmp_path: Path
) -> None:
    """Somebody enrols a machine of their own towards the server in place of this one."""
    codes: list[str] = []
    for name in ("victim", "attacker"):
        desk.polled.clear()
        task = asyncio.create_task(enrol_here(desk, tmp_path / name, codes.append))
        await desk.polled.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert codes[0] != codes[1] == desk.code


async def test_r09_the_outcome_is_only_taken_from_the_venues_own_server(
    desk: Desk, make_venue: Any, tmp_path: Path
) -> None:
    """A relay passes the first two steps on unchanged, so the codes agree, and would then put its
    own headquarters' keys into the outcome."""
    await desk.stop()
    desk.context = make_venue("attacker").server_context(verify=False)
    await desk.start()
    codes: list[str] = []
    with pytest.raises(EnrolmentUntrusted):
        await enrol_here(desk, tmp_path / "id", codes.append)
    assert codes == [desk.code]
    assert not desk.polled.is_set()


async def test_r09_an_enrolled_machine_cannot_be_the_enrolment_listener(
    desk: Desk, venue: Any, tmp_path: Path
) -> None:
    await desk.stop()
    desk.context.load_cert_chain(venue.machine("s9").pem_path)
    await desk.start()
    with pytest.raises(EnrolmentUntrusted):
        await enrol_here(desk, tmp_path / "id", lambda code: None)


async def test_a_certificate_of_another_ca_is_not_taken(
    desk: Desk, make_venue: Any, tmp_path: Path
) -> None:
    def confirm(_code: str) -> None:
        desk.venue = make_venue("attacker")
        desk.confirm()

    with pytest.raises(EnrolmentUntrusted, match="CA"):
        await enrol_here(desk, tmp_path / "id", confirm)


async def test_n02_a_certificate_of_a_version_that_is_none_is_not_taken(
    desk: Desk, tmp_path: Path
) -> None:
    """The library does not call that a wrong value."""

    def confirm(_code: str) -> None:
        desk.confirm()
        der = bytearray(ssl.PEM_cert_to_DER_cert(desk.outcome.cert_pem))
        der[bytes(der).index(b"\xa0\x03\x02\x01\x02") + 4] = 6
        pem = ssl.DER_cert_to_PEM_cert(bytes(der))
        desk.outcome = msgspec.structs.replace(desk.outcome, cert_pem=pem)

    with pytest.raises(EnrolmentUntrusted, match="CA"):
        await enrol_here(desk, tmp_path / "id", confirm)


async def test_a_certificate_for_another_key_is_not_taken(desk: Desk, tmp_path: Path) -> None:
    def confirm(_code: str) -> None:
        other = ec.generate_private_key(ec.SECP256R1())
        desk.outcome = desk.outcome_for(desk.venue.issue(other.public_key(), "m1"))

    with pytest.raises(EnrolmentUntrusted, match="another key"):
        await enrol_here(desk, tmp_path / "id", confirm)


@pytest.mark.parametrize("field", ["machine_id", "server_name"])
async def test_an_incomplete_outcome_is_not_taken(desk: Desk, tmp_path: Path, field: str) -> None:
    def confirm(_code: str) -> None:
        desk.confirm()
        desk.outcome = msgspec.structs.replace(desk.outcome, **{field: ""})

    with pytest.raises(EnrolmentUntrusted, match="incomplete"):
        await enrol_here(desk, tmp_path / "id", confirm)


async def test_a_refusal_by_the_person_is_a_value(desk: Desk, tmp_path: Path) -> None:
    desk.outcome = wire.Outcome("refused", RefusalCode.SEAT_TAKEN)
    result = await enrol_here(desk, tmp_path / "id", lambda code: None)
    assert result == Refusal(RefusalCode.SEAT_TAKEN)


async def test_a_refusal_by_the_listener_is_a_value(desk: Desk, tmp_path: Path) -> None:
    desk.refusal = Refusal(RefusalCode.TOO_MANY)
    codes: list[str] = []
    assert await enrol_here(desk, tmp_path / "id", codes.append) == desk.refusal
    assert codes == []


async def test_nobody_confirms(desk: Desk, tmp_path: Path) -> None:
    result = await enrol_here(desk, tmp_path / "id", lambda code: None, deadline_s=0.1)
    assert result == Refusal(RefusalCode.ENROLMENT_UNKNOWN)


async def test_a_fault_while_waiting_is_waited_out(desk: Desk, tmp_path: Path) -> None:
    desk.broken = 3
    identity = await enrol_here(desk, tmp_path / "id", desk.confirm)
    assert isinstance(identity, MachineIdentity)


async def test_nobody_there(tmp_path: Path, desk: Desk) -> None:
    await desk.stop()
    with pytest.raises(EnrolmentUnreachable):
        await enrol_here(desk, tmp_path / "id", lambda code: None)
    await desk.start()


@pytest.mark.parametrize(("ca_pem", "nonce"), [("no pem", b"x" * 32), (None, b"short")])
async def test_nonsense_is_not_taken(
    desk: Desk, tmp_path: Path, ca_pem: str | None, nonce: bytes
) -> None:
    desk.ca_pem = desk.ca_pem if ca_pem is None else ca_pem
    desk.nonce = nonce
    with pytest.raises(EnrolmentUntrusted):
        await enrol_here(desk, tmp_path / "id", lambda code: None)
