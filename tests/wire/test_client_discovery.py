"""Discovery on the loopback interface, with the real mDNS library on both sides."""

import asyncio
import socket

import pytest
from zeroconf import ServiceInfo
from zeroconf.asyncio import AsyncZeroconf

from venue_server.client.addresses import Address
from venue_server.client.discovery import Discovery, Found, first_found, read_announcement
from venue_server.wire.discovery import TXT_ENROL_PORT, TXT_VENUE, TXT_VERSION, TYPE, venue_hint

LOOPBACK = ["127.0.0.1"]
VENUE = venue_hint(b"a CA")


def test_the_hint_is_opaque() -> None:
    assert len(VENUE) == 16
    assert venue_hint(b"another CA") != VENUE


def test_announcements_are_read() -> None:
    txt = {TXT_VERSION: "1", TXT_VENUE: VENUE, TXT_ENROL_PORT: "8444"}
    found = read_announcement("10.0.0.5", 8443, txt)
    assert found == Found(Address("10.0.0.5", 8443), Address("10.0.0.5", 8444), VENUE, 1)


@pytest.mark.parametrize("port", ["", "0", "65536", "-1", "x", None])
def test_without_an_enrolment_port_there_is_no_enrolment(port: str | None) -> None:
    found = read_announcement("h", 1, {TXT_VERSION: "1", TXT_ENROL_PORT: port})
    assert found is not None
    assert found.enrol is None


@pytest.mark.parametrize("txt", [{}, {TXT_VERSION: None}, {TXT_VERSION: "x"}])
def test_nonsense_is_passed_over(txt: dict[str, str | None]) -> None:
    assert read_announcement("h", 1, txt) is None


async def test_a_server_is_found_and_other_venues_are_left_out() -> None:
    zeroconf = AsyncZeroconf(interfaces=LOOPBACK)
    for name, venue, port in (("one", VENUE, 8443), ("two", "other", 9443)):
        info = ServiceInfo(
            TYPE,
            f"kaodian-test-{name}.{TYPE}",
            port,
            addresses=[socket.inet_aton("127.0.0.1")],
            properties={TXT_VERSION: "1", TXT_VENUE: venue, TXT_ENROL_PORT: str(port + 1)},
            server=f"kaodian-test-{name}.local.",
        )
        await zeroconf.async_register_service(info, cooperating_responders=True)
    heard: asyncio.Queue[Found] = asyncio.Queue()
    everyone: asyncio.Queue[Found] = asyncio.Queue()
    ours = Discovery(heard.put_nowait, VENUE, LOOPBACK)
    anyone = Discovery(everyone.put_nowait, "", LOOPBACK)
    try:
        await ours.start()
        await anyone.start()
        expected = Found(Address("127.0.0.1", 8443), Address("127.0.0.1", 8444), VENUE, 1)
        async with asyncio.timeout(20):
            assert await heard.get() == expected
            ports = set()
            while ports != {8443, 9443}:
                ports.add((await everyone.get()).address.port)
        assert await first_found(20, VENUE, LOOPBACK) == expected
        assert heard.empty()
    finally:
        await ours.close()
        await anyone.close()
        await zeroconf.async_close()


async def test_nobody_answers() -> None:
    assert await first_found(0.05, "no such venue", LOOPBACK) is None
