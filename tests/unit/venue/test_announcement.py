"""The announcement on the LAN: says little (O03), holds up nobody, sees a twin (R9)."""

import asyncio
from typing import Any

import pytest
from zeroconf import ServiceInfo

from venue_server.gateway import announce
from venue_server.gateway.announce import Announcement
from venue_server.gateway.listener import Ports
from venue_server.wire import discovery
from venue_server.wire.alarms import AlarmCode
from venue_server.wire.messages import PROTOCOL_VERSION

AUTHORITY = b"the DER of the venue's CA"
LOOPBACK = ["127.0.0.1"]


async def until(fits: Any) -> None:
    async with asyncio.timeout(60):
        while not fits():  # noqa: ASYNC110  # mDNS tells nobody when it has heard
            await asyncio.sleep(0.02)


async def test_o03_an_announcement_says_nothing_of_venue_paper_or_people() -> None:
    info = Announcement(AUTHORITY, Ports(7443, 7444))._info()
    hint = discovery.venue_hint(AUTHORITY)
    assert info.decoded_properties == {
        discovery.TXT_VERSION: str(PROTOCOL_VERSION),
        discovery.TXT_VENUE: hint,
        discovery.TXT_ENROL_PORT: "7444",
    }
    own = info.name.removesuffix(f".{discovery.TYPE}")
    assert own.startswith(f"{hint}-") and len(own) == len(hint) + 9, "the digest, and chance"
    assert (info.server, info.port) == (f"{own}.local.", 7443)


class Silent:
    """A LAN on which nothing ever returns."""

    asked = 0

    def __init__(self, **_options: Any) -> None: ...

    async def async_register_service(self, _info: ServiceInfo, **_options: Any) -> None:
        type(self).asked += 1
        await asyncio.Event().wait()

    async def async_unregister_all_services(self) -> None: ...

    async def async_close(self) -> None: ...


class Refusing(Silent):
    def __init__(self, **_options: Any) -> None:
        type(self).asked += 1
        raise OSError(19, "No such device")


@pytest.mark.parametrize("lan", [Silent, Refusing])
async def test_r9_a_lan_that_hangs_or_refuses_holds_up_neither_start_nor_stop(
    monkeypatch: pytest.MonkeyPatch, lan: type[Silent]
) -> None:
    monkeypatch.setattr(announce, "AsyncZeroconf", lan)
    monkeypatch.setattr(announce, "AGAIN_S", 0.01)
    lan.asked = 0
    async with asyncio.timeout(30), Announcement(AUTHORITY, Ports(7443, 7444)) as announcement:
        await until(lambda: lan.asked >= (3 if lan is Refusing else 1))
        assert announcement.alarms() == []


async def test_r9_another_server_of_the_same_venue_is_an_alarm_at_both_while_it_is_there() -> None:
    """Real mDNS on loopback: a twin over a copied store, and another venue's server."""
    first = Announcement(AUTHORITY, Ports(7443, 7444), LOOPBACK)
    other = Announcement(b"another CA", Ports(9443, 9444), LOOPBACK)
    async with first, other:
        async with Announcement(AUTHORITY, Ports(8443, 8444), LOOPBACK) as twin:
            await until(lambda: first.alarms() and twin.alarms())
            (alarm,) = first.alarms()
            assert alarm.code is AlarmCode.TWIN_SERVER and ":8443" in alarm.args["addresses"]
            assert ":7443" in twin.alarms()[0].args["addresses"]
            assert other.alarms() == []
        await until(lambda: not first.alarms())
