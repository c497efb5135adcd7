"""Upload spoken to the reference server of tus, ``@tus/server`` on Node (not our own stand-in).

Needs node and npm; the packages go into a cache folder. Skipped only when the runtime is missing or
npm cannot be reached.
"""

import asyncio
import fcntl
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from venue_server.headquarters.service_keys import HeadquartersKeys, init_headquarters
from venue_server.sitting.plan import DesignatedServer
from venue_server.upload.pinned import PinnedServer, UploadFault
from venue_server.upload.tus import CHUNK_SIZE, UploadGoneError, upload_file

pytestmark = pytest.mark.node

PACKAGE = {
    "private": True,
    "type": "module",
    "dependencies": {"@tus/server": "^2", "@tus/file-store": "^2"},
}
SERVER = """
import fs from 'node:fs'
import https from 'node:https'
import {Server} from '@tus/server'
import {FileStore} from '@tus/file-store'
const [certificate, key, directory] = process.argv.slice(2)
const tus = new Server({
  path: '/uploads', relativeLocation: true, datastore: new FileStore({directory}),
})
const options = {cert: fs.readFileSync(certificate), key: fs.readFileSync(key)}
const server = https.createServer(options, (request, response) => tus.handle(request, response))
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
"""
NO_NETWORK = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "ENETUNREACH", "E403", "E407")


@pytest.fixture(scope="module")
def installed() -> Path:
    """A folder with the Node packages, installed once."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("node or npm is not installed")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "kaodian-tests" / "tus-server-2"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        (folder / "server.mjs").write_text(SERVER)
        if not (folder / "installed").exists():
            (folder / "package.json").write_text(json.dumps(PACKAGE))
            command = ["npm", "install", "--no-audit", "--no-fund", "--fetch-timeout=30000"]
            done = subprocess.run(
                command, cwd=folder, capture_output=True, text=True, timeout=110, check=False
            )
            if done.returncode != 0:
                if any(word in done.stderr for word in NO_NETWORK):
                    pytest.skip("npm cannot reach its registry to install @tus/server")
                pytest.fail(f"npm install: {done.stderr[-2000:]}")
            (folder / "installed").touch()
    return folder


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> HeadquartersKeys:
    return init_headquarters(tmp_path_factory.mktemp("node") / "hq")


class NodeServer:
    """The reference server as a process; its files survive :meth:`kill`."""

    def __init__(self, installed: Path, keys: HeadquartersKeys, store: Path) -> None:
        self._arguments = [str(keys.certificate_file), str(keys.tls_key_file), str(store)]
        self._folder = installed
        self.store = store
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            ["node", "server.mjs", *self._arguments],
            cwd=self._folder,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def received(self) -> bytes:
        (data,) = (path for path in self.store.iterdir() if path.suffix != ".json")
        return data.read_bytes()


@pytest.fixture
def node(installed: Path, keys: HeadquartersKeys, tmp_path: Path) -> Iterator[NodeServer]:
    store = tmp_path / "store"
    store.mkdir()
    server = NodeServer(installed, keys, store)
    yield server
    server.kill()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "bundle"
    path.write_bytes(os.urandom(5 * CHUNK_SIZE + 12345))
    return path


METADATA = {"bundle_id": "a" * 32, "sha256": "b" * 64}


class Sending:
    """One client that remembers the upload's address, as the bundle row does."""

    def __init__(self, keys: HeadquartersKeys, source: Path) -> None:
        self._certificate = keys.certificate_pem
        self._source = source
        self.url: str | None = None

    def send(self, port: int, stop: threading.Event | None = None) -> None:
        place = DesignatedServer(f"https://127.0.0.1:{port}/", self._certificate)
        server = PinnedServer(place, timeout_s=10)
        try:
            upload_file(
                server, self._source, METADATA, self.url, self._remember, stop or threading.Event()
            )
        finally:
            server.close()

    def _remember(self, url: str) -> None:
        self.url = url


@pytest.fixture
def sending(keys: HeadquartersKeys, source: Path) -> Sending:
    return Sending(keys, source)


def test_l08_a_whole_upload(node: NodeServer, sending: Sending, source: Path) -> None:
    sending.send(node.port)
    assert node.received() == source.read_bytes()
    (info,) = node.store.glob("*.json")
    assert json.loads(info.read_text())["metadata"] == METADATA
    sending.send(node.port)  # asks, finds everything there, sends nothing
    assert node.received() == source.read_bytes()


async def test_l08_a_cut_line_and_the_rest_later(
    node: NodeServer, sending: Sending, source: Path
) -> None:
    async with cutting(node.port, 2 * CHUNK_SIZE + 300_000) as port:
        with pytest.raises(UploadFault):
            await asyncio.to_thread(sending.send, port)
        held = len(node.received())
        assert 2 * CHUNK_SIZE <= held < 3 * CHUNK_SIZE
        await asyncio.to_thread(sending.send, port)
    assert node.received() == source.read_bytes()


class cutting:  # reads as a context
    """A TCP way to ``upstream`` that resets everything once, after ``limit`` bytes."""

    def __init__(self, upstream: int, limit: int) -> None:
        self._upstream = upstream
        self._left: int | None = limit

    async def __aenter__(self) -> int:
        self._server = await asyncio.start_server(self._handle, "127.0.0.1", 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await self._server.wait_closed()

    async def _handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self._upstream)

        def abort() -> None:
            writer.transport.abort()
            up_writer.transport.abort()

        await asyncio.gather(
            self._pump(reader, up_writer, True, abort), self._pump(up_reader, writer, False, abort)
        )

    async def _pump(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        count: bool,
        abort: Callable[[], None],
    ) -> None:
        try:
            while data := await reader.read(16384):
                if count and self._left is not None:
                    self._left -= len(data)
                    if self._left < 0:
                        self._left = None
                        return
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            abort()


def test_l08_the_server_killed_in_the_middle(
    node: NodeServer, sending: Sending, source: Path, keys: HeadquartersKeys
) -> None:
    class AfterTwoPieces(threading.Event):
        asked = 0

        def is_set(self) -> bool:
            self.asked += 1
            if self.asked == 3:
                node.kill()
            return False

    with pytest.raises(UploadFault):
        sending.send(node.port, AfterTwoPieces())
    held = len(node.received())
    assert held == 2 * CHUNK_SIZE
    node.start()
    assert sending.url is not None
    sending.url = f"https://127.0.0.1:{node.port}/{sending.url.split('/', 3)[3]}"
    sending.send(node.port)
    assert node.received() == source.read_bytes()


def test_l08_an_upload_the_server_does_not_know_is_gone(node: NodeServer, sending: Sending) -> None:
    sending.url = f"https://127.0.0.1:{node.port}/uploads/{'0' * 32}"
    with pytest.raises(UploadGoneError):
        sending.send(node.port)
