"""The stand-in's tus 1.0, spoken to by hand: every rule a client may run into."""

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from venue_server.headquarters.service import serving
from venue_server.headquarters.service_clock import HeadquartersClock
from venue_server.headquarters.service_keys import HeadquartersKeys, init_headquarters

BUNDLE = "a" * 32
TUS = {"Tus-Resumable": "1.0.0"}
OCTETS = {"Content-Type": "application/offset+octet-stream"}


def metadata(bundle_id: str = BUNDLE, sha256: str = "b" * 64) -> dict[str, str]:
    fields = {"bundle_id": bundle_id, "sha256": sha256}
    coded = (f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in fields.items())
    return {"Upload-Metadata": ",".join(coded)}


@pytest.fixture
def keys(tmp_path: Path) -> HeadquartersKeys:
    return init_headquarters(tmp_path / "hq")


@pytest.fixture
async def base(keys: HeadquartersKeys) -> AsyncIterator[str]:
    async with serving(keys, HeadquartersClock(1.0, 0)) as port:
        yield f"https://127.0.0.1:{port}"


@pytest.fixture
async def http(keys: HeadquartersKeys) -> AsyncIterator[aiohttp.ClientSession]:
    trust = ssl.create_default_context(cadata=keys.certificate_pem)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trust)) as session:
        yield session


async def create(http: aiohttp.ClientSession, base: str, length: int) -> str:
    headers = {**TUS, **metadata(), "Upload-Length": str(length)}
    async with http.post(f"{base}/uploads/", headers=headers) as answer:
        assert answer.status == 201
        return base + answer.headers["Location"]


async def patch(http: aiohttp.ClientSession, url: str, offset: int, data: bytes) -> tuple[int, str]:
    headers = {**TUS, **OCTETS, "Upload-Offset": str(offset)}
    async with http.patch(url, headers=headers, data=data) as answer:
        return answer.status, answer.headers.get("Upload-Offset", "")


async def offset(http: aiohttp.ClientSession, url: str) -> str:
    async with http.head(url, headers=TUS) as answer:
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Tus-Resumable"] == "1.0.0"
        return answer.headers["Upload-Offset"]


async def test_options_tell_what_is_spoken(http, base) -> None:
    async with http.options(f"{base}/uploads/") as answer:
        assert answer.status == 204
        assert answer.headers["Tus-Version"] == "1.0.0"
        assert answer.headers["Tus-Extension"] == "creation"
        assert int(answer.headers["Tus-Max-Size"]) > 2**30


async def test_pieces_add_up_and_only_at_the_right_offset(http, base, keys) -> None:
    url = await create(http, base, 10)
    assert await offset(http, url) == "0"
    assert await patch(http, url, 0, b"12345") == (204, "5")
    assert await patch(http, url, 0, b"12345") == (409, "5")
    assert await patch(http, url, 6, b"x") == (409, "5")
    assert (await patch(http, url, 5, b"678901"))[0] == 413
    assert await offset(http, url) == "5"
    assert await patch(http, url, 5, b"67890") == (204, "10")
    async with http.get(f"{base}/receipts/{BUNDLE}") as answer:  # no bundle at all: refused
        assert answer.status == 409
        assert (await answer.json())["code"] == "DOC-01"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({**metadata(), "Upload-Length": "5"}, 412),
        ({**TUS, "Upload-Length": "5"}, 400),
        ({**TUS, "Upload-Metadata": "", "Upload-Length": "5"}, 400),
        ({**TUS, **metadata()}, 400),
        ({**TUS, **metadata(), "Upload-Length": "-1"}, 400),
        ({**TUS, **metadata(), "Upload-Length": "0"}, 400),
        ({**TUS, **metadata(), "Upload-Length": str(2**50)}, 413),
        ({**TUS, **metadata("../../etc"), "Upload-Length": "5"}, 400),
    ],
)
async def test_unsound_creations_are_refused(http, base, keys, headers, status) -> None:
    async with http.post(f"{base}/uploads/", headers=headers) as answer:
        assert answer.status == status
    assert list((keys.data_dir / "uploads").iterdir()) == []


async def test_unsound_pieces_are_refused(http, base) -> None:
    url = await create(http, base, 5)
    for headers, status in (
        ({**OCTETS, "Upload-Offset": "0"}, 412),
        ({**TUS, "Content-Type": "text/plain", "Upload-Offset": "0"}, 415),
        ({**TUS, **OCTETS}, 409),
        ({**TUS, **OCTETS, "Upload-Offset": "-0"}, 409),
    ):
        async with http.patch(url, headers=headers, data=b"12345") as answer:
            assert answer.status == status
    assert await offset(http, url) == "0"


async def test_uploads_nobody_made_are_not_there(http, base) -> None:
    for name in ("0" * 32, "..%2Fkeys%2Fbundle", "x"):
        async with http.head(f"{base}/uploads/{name}", headers=TUS) as answer:
            assert answer.status == 404
    async with http.get(f"{base}/receipts/..%2F..%2Fkeys") as answer:
        assert answer.status == 404


async def test_two_writers_of_one_upload_are_kept_apart(http, base) -> None:
    # Longer than what is sent: a complete upload would be judged, and forgotten as no bundle.
    url = await create(http, base, 3000)
    begun, goes_on = asyncio.Event(), asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield b"x" * 1000
        begun.set()
        await goes_on.wait()
        yield b"y" * 1000

    headers = {**TUS, **OCTETS, "Upload-Offset": "0", "Content-Length": "2000"}

    async def first() -> int:
        async with http.patch(url, headers=headers, data=slowly()) as answer:
            return answer.status

    writing = asyncio.create_task(first())
    await begun.wait()
    while (status := (await patch(http, url, 1000, b"z"))[0]) != 423:
        assert status == 409  # the first one has not arrived yet
    goes_on.set()
    assert await writing == 204
    assert await offset(http, url) == "2000"


async def test_l06_there_is_no_way_to_list_or_download(http, base) -> None:
    url = await create(http, base, 5)
    for place in (url, f"{base}/uploads/", f"{base}/results/", f"{base}/bundles/"):
        async with http.get(place, headers=TUS) as answer:
            assert answer.status in (404, 405)
