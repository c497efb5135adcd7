"""Fetching ciphertext: ranges, resume, corruption, interruption."""

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from venue_server.client import fetch
from venue_server.client.endpoint import TlsEndpoint
from venue_server.client.link_state import LinkDown
from venue_server.client.station import StationClient
from venue_server.wire.messages import PROTOCOL_VERSION, PaperSeal
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.station_messages import PaperOffer, StationHello

SIZE = 300_000


@pytest.fixture
def paper(tmp_path: Path, lan: Any) -> bytes:
    data = os.urandom(SIZE)
    path = tmp_path / "paper"
    path.write_bytes(data)
    lan.papers["P1"] = path
    return data


@pytest.fixture
async def station(
    venue: Any, lan: Any, recorder: Any, running: Any, monkeypatch: pytest.MonkeyPatch
) -> StationClient:
    monkeypatch.setattr(fetch, "RANGE", 100_000)
    client: StationClient = running(
        StationClient(
            TlsEndpoint(venue.machine("s1", lan.port)),
            recorder,
            lambda: StationHello(PROTOCOL_VERSION, "test"),
        )
    )
    await recorder.ups.get()
    return client


def offer_of(data: bytes, name: str = "P1") -> PaperOffer:
    digest = hashlib.sha256(data).hexdigest()
    seal = PaperSeal(name, "A", digest[:8], True)
    return PaperOffer(seal, f"/papers/{name}", len(data), digest)


async def test_e02_fetched_by_ranges_and_verified(
    station: StationClient, paper: bytes, lan: Any, tmp_path: Path
) -> None:
    seen: list[tuple[int, int]] = []
    target = tmp_path / "here.sealed"
    result = await station.fetch_ciphertext(offer_of(paper), target, lambda *p: seen.append(p))
    assert result == target
    assert target.read_bytes() == paper
    assert lan.ranges == ["bytes=0-99999", "bytes=100000-199999", "bytes=200000-299999"]
    assert seen[0] == (0, SIZE) and seen[-1] == (SIZE, SIZE) and seen == sorted(seen)
    assert [p.name for p in tmp_path.iterdir() if p.name.endswith(".part")] == []


async def test_a_verified_file_is_not_fetched_again(
    station: StationClient, paper: bytes, lan: Any, tmp_path: Path
) -> None:
    target = tmp_path / "here.sealed"
    target.write_bytes(paper)
    assert await station.fetch_ciphertext(offer_of(paper), target) == target
    assert lan.ranges == []


async def test_resumed_where_the_connection_broke(
    station: StationClient, paper: bytes, lan: Any, tmp_path: Path
) -> None:
    target = tmp_path / "here.sealed"
    lan.cut_after = 40_000
    with pytest.raises(LinkDown):
        await station.fetch_ciphertext(offer_of(paper), target)
    assert not target.exists()
    (partial,) = tmp_path.glob("*.part")
    held = partial.stat().st_size
    lan.cut_after = None
    lan.ranges.clear()
    assert await station.fetch_ciphertext(offer_of(paper), target) == target
    assert lan.ranges[0] == f"bytes={held}-{held + 99999}"
    assert target.read_bytes() == paper


async def test_corrupt_ciphertext_is_refused_and_fetched_afresh(
    station: StationClient, paper: bytes, lan: Any, tmp_path: Path
) -> None:
    target = tmp_path / "here.sealed"
    good = lan.papers["P1"].read_bytes()
    lan.papers["P1"].write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    refusal = await station.fetch_ciphertext(offer_of(paper), target)
    assert isinstance(refusal, Refusal)
    assert refusal.code is RefusalCode.CIPHERTEXT_CORRUPT
    assert not target.exists() and list(tmp_path.glob("*.part")) == []
    lan.papers["P1"].write_bytes(good)
    assert await station.fetch_ciphertext(offer_of(paper), target) == target


async def test_a_corrupt_partial_file_is_not_trusted(
    station: StationClient, paper: bytes, lan: Any, tmp_path: Path
) -> None:
    target = tmp_path / "here.sealed"
    offer = offer_of(paper)
    partial = tmp_path / f"here.sealed.{offer.sha256[:16]}.part"
    partial.write_bytes(bytes(150_000))
    assert isinstance(await station.fetch_ciphertext(offer, target), Refusal)
    assert await station.fetch_ciphertext(offer, target) == target


async def test_a_partial_file_longer_than_the_paper_is_thrown_away(
    station: StationClient, paper: bytes, lan: Any, tmp_path: Path
) -> None:
    target = tmp_path / "here.sealed"
    offer = offer_of(paper)
    (tmp_path / f"here.sealed.{offer.sha256[:16]}.part").write_bytes(paper + b"x")
    assert isinstance(await station.fetch_ciphertext(offer, target), Refusal)
    assert await station.fetch_ciphertext(offer, target) == target


async def test_a_damaged_target_is_replaced(
    station: StationClient, paper: bytes, lan: Any, tmp_path: Path
) -> None:
    target = tmp_path / "here.sealed"
    target.write_bytes(bytes(SIZE))
    assert await station.fetch_ciphertext(offer_of(paper), target) == target
    assert target.read_bytes() == paper


@pytest.mark.parametrize("shift", [-1, 1])
async def test_another_size_at_the_server_is_refused(
    station: StationClient, paper: bytes, lan: Any, tmp_path: Path, shift: int
) -> None:
    lan.papers["P1"].write_bytes(paper[:-1] if shift < 0 else paper + b"x")
    refusal = await station.fetch_ciphertext(offer_of(paper), tmp_path / "here.sealed")
    assert isinstance(refusal, Refusal)
    assert refusal.code is RefusalCode.CIPHERTEXT_CORRUPT


async def test_a_server_whose_file_ended_before_the_resume_point(
    station: StationClient, paper: bytes, lan: Any, tmp_path: Path
) -> None:
    offer = offer_of(paper)
    (tmp_path / f"here.sealed.{offer.sha256[:16]}.part").write_bytes(paper[:200_000])
    lan.papers["P1"].write_bytes(paper[:1000])
    refusal = await station.fetch_ciphertext(offer, tmp_path / "here.sealed")
    assert isinstance(refusal, Refusal)
    assert refusal.code is RefusalCode.CIPHERTEXT_CORRUPT


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (403, b"", RefusalCode.NOT_ENROLLED),
        (409, b'{"t":"Refused","re":0,"code":"PAP-08"}', RefusalCode.PAPER_EXPIRED),
        (404, b"404: Not Found", RefusalCode.CIPHERTEXT_CORRUPT),
    ],
)
async def test_the_servers_own_no_is_passed_on(
    station: StationClient,
    paper: bytes,
    lan: Any,
    tmp_path: Path,
    status: int,
    body: bytes,
    code: RefusalCode,
) -> None:
    lan.status, lan.error_body = status, body
    refusal = await station.fetch_ciphertext(offer_of(paper), tmp_path / "here.sealed")
    assert isinstance(refusal, Refusal)
    assert refusal.code is code


async def test_a_fault_of_the_server_is_to_be_tried_again(
    station: StationClient, paper: bytes, lan: Any, tmp_path: Path
) -> None:
    lan.status = 500
    with pytest.raises(LinkDown):
        await station.fetch_ciphertext(offer_of(paper), tmp_path / "here.sealed")


async def test_not_while_down(
    station: StationClient, paper: bytes, lan: Any, recorder: Any, tmp_path: Path
) -> None:
    await lan.stop()
    await recorder.downs.get()
    with pytest.raises(LinkDown):
        await station.fetch_ciphertext(offer_of(paper), tmp_path / "here.sealed")
