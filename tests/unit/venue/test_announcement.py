"""O03: an announcement on the LAN holds a digest, ports and a version, and nothing else."""

from typing import Any

import pytest
from zeroconf import ServiceInfo

from venue_server.gateway import announce
from venue_server.gateway.listener import Ports
from venue_server.wire import discovery
from venue_server.wire.messages import PROTOCOL_VERSION


async def test_o03_an_announcement_says_nothing_of_venue_paper_or_people(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[ServiceInfo] = []

    class Recorder:
        def __init__(self, **_options: Any) -> None: ...

        async def async_register_service(self, info: ServiceInfo, **_options: Any) -> None:
            told.append(info)

        async def async_unregister_all_services(self) -> None: ...

        async def async_close(self) -> None: ...

    monkeypatch.setattr(announce, "AsyncZeroconf", Recorder)
    authority = b"the DER of the venue's CA"
    async with announce.Announcement(authority, Ports(7443, 7444)):
        pass
    (info,) = told
    hint = discovery.venue_hint(authority)
    assert info.decoded_properties == {
        discovery.TXT_VERSION: str(PROTOCOL_VERSION),
        discovery.TXT_VENUE: hint,
        discovery.TXT_ENROL_PORT: "7444",
    }
    assert (info.name, info.server) == (f"{hint}.{discovery.TYPE}", f"{hint}.local.")
    assert info.port == 7443
