"""The stand-in headquarters as a client sees it: its time, and tokens from the instant on."""

import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from venue_server.headquarters.service import serving
from venue_server.headquarters.service_clock import HeadquartersClock
from venue_server.headquarters.service_keys import (
    HeadquartersKeys,
    init_headquarters,
    load_headquarters,
)
from venue_server.headquarters.service_release import PaperSecret, publish_paper
from venue_server.wire.signed import public_keys, verify

START_MS = 1_767_225_600_000
RELEASE_MS = START_MS + 60_000


class Monotonic:
    """A monotonic clock moved by hand."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def keys(tmp_path: Path) -> HeadquartersKeys:
    return init_headquarters(tmp_path / "hq")


@pytest.fixture
def monotonic() -> Monotonic:
    return Monotonic()


@pytest.fixture
async def base(keys: HeadquartersKeys, monotonic: Monotonic) -> AsyncIterator[str]:
    clock = HeadquartersClock(10.0, START_MS, monotonic)
    async with serving(keys, clock) as port:
        yield f"https://127.0.0.1:{port}"


@pytest.fixture
async def http(keys: HeadquartersKeys) -> AsyncIterator[aiohttp.ClientSession]:
    trust = ssl.create_default_context(cadata=keys.certificate_pem)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trust)) as session:
        yield session


def test_f5_time_goes_on_while_the_service_is_down(monotonic: Monotonic) -> None:
    first = HeadquartersClock(10.0, START_MS, monotonic)
    monotonic.seconds += 7
    again = HeadquartersClock(10.0, START_MS, monotonic, first.origin_s)
    assert again.now_ms() == first.now_ms() == START_MS + 70_000


async def test_time_is_signed_and_bound_to_the_question(
    base: str, http: aiohttp.ClientSession, keys: HeadquartersKeys, monotonic: Monotonic
) -> None:
    monotonic.seconds += 2
    async with http.get(f"{base}/time", params={"nonce": "00ff"}) as answer:
        document = await answer.json()
    payload = verify(document, "kaodian.time", public_keys(keys.signing_public), 2)
    assert isinstance(payload, dict)
    assert payload["now_ms"] == START_MS + 20_000
    assert (payload["rate"], payload["nonce"]) == (10.0, "00ff")


async def test_e02_no_token_before_release_and_the_same_bytes_after(
    base: str, http: aiohttp.ClientSession, keys: HeadquartersKeys, monotonic: Monotonic
) -> None:
    secret = PaperSecret("P1", "A", "pkg", "c2VjcmV0", RELEASE_MS)
    publish_paper(keys.data_dir, secret)
    monotonic.seconds += 5.9999
    async with http.get(f"{base}/release/P1/A") as early:
        assert early.status == 404
        assert early.headers["Retry-After"] == "1"
        assert early.headers["Cache-Control"] == "no-store"
        assert b"c2VjcmV0" not in await early.read()
    monotonic.seconds += 0.0002
    async with http.get(f"{base}/release/P1/A") as answer:
        assert "immutable" in answer.headers["Cache-Control"]
        document, body = await answer.json(), await answer.read()
    payload = verify(document, "kaodian.release-token", public_keys(keys.signing_public), 2)
    assert isinstance(payload, dict)
    assert (payload["package_id"], payload["release_secret"]) == ("pkg", "c2VjcmV0")
    assert payload["release_at_ms"] == RELEASE_MS
    async with http.get(f"{base}/release/P1/A") as again:
        assert await again.read() == body


async def test_f5_caches_may_stand_between_thousands_of_venues_and_headquarters(
    base: str, http: aiohttp.ClientSession, keys: HeadquartersKeys, monotonic: Monotonic
) -> None:
    publish_paper(keys.data_dir, PaperSecret("P1", "A", "pkg", "c2VjcmV0", RELEASE_MS))
    address = f"{base}/release/P1/A"
    monotonic.seconds += 0.5
    async with http.head(address) as early:
        assert early.status == 404
        assert early.headers["Cache-Control"] == "public, max-age=5", "not beyond the point"
    monotonic.seconds += 6
    async with http.head(address) as there:
        assert there.status == 200
        assert await there.read() == b""
    async with http.get(address) as answer:
        tag = answer.headers["ETag"]
    async with http.get(address, headers={"If-None-Match": tag}) as again:
        assert (again.status, again.headers["ETag"]) == (304, tag)
        assert "immutable" in again.headers["Cache-Control"]
    async with http.get(address, headers={"If-None-Match": '"other"'}) as other:
        assert other.status == 200


async def test_e02_unknown_papers_and_path_tricks_find_nothing(
    base: str, http: aiohttp.ClientSession
) -> None:
    for name in ("P9/A", "..%2f..%2fkeys/signing-1.pem", "%2e%2e/A"):
        async with http.get(f"{base}/release/{name}") as answer:
            assert answer.status == 404


def test_keys_are_made_once_and_read_back(keys: HeadquartersKeys) -> None:
    again = load_headquarters(keys.data_dir)
    assert again.signing_public == keys.signing_public
    assert again.bundle_public == keys.bundle_public
    with pytest.raises(FileExistsError):
        init_headquarters(keys.data_dir)
    assert (keys.data_dir / "keys" / "signing-1.pem").stat().st_mode & 0o777 == 0o600


def test_a_secret_never_shows_in_its_repr() -> None:
    assert "c2Vj" not in repr(PaperSecret("P1", "A", "pkg", "c2VjcmV0", RELEASE_MS))
