"""P6: delivery of the sealed paper, in MB a CPU second of the server, ranges of 16 MB over mTLS.

Peer in the same run over the same TLS: nginx where it is installed, else a bare blocking loop of
pread and write (which the output says). Every byte is compared with the file.
"""

import hashlib
import json
import os
import shutil
import socket
import ssl
import subprocess
import threading
import time
from pathlib import Path

import psutil
from measuring import Child, Figure, begin_load, median, options, report, say, workspace
from prepared_venue import DAY, SERVER_NAME, PreparedVenue, prepare, set_exam_time
from raw_station import contexts

from venue_server.rehearsal.headquarters_side import FORM_ID, PAPER_ID, VENUE_ID

HERE = Path(__file__).parent
RANGE = 16 * 1024 * 1024
MB = 1_000_000
STATIONS = 4
PATH = f"/papers/{PAPER_ID}/{FORM_ID}"


def fetch(port: int, context: ssl.SSLContext, path: str, size: int, begin: int = 0) -> str:
    """Fetch everything from ``begin`` on in ranges over one connection; SHA-256 of what came."""
    digest = hashlib.sha256()
    buffer = memoryview(bytearray(1 << 18))
    with (
        socket.create_connection(("127.0.0.1", port)) as raw,
        context.wrap_socket(raw, server_hostname=SERVER_NAME) as peer,
    ):
        for first in range(begin, size, RANGE):
            end = min(first + RANGE, size)
            head = f"GET {path} HTTP/1.1\r\nHost: venue\r\nRange: bytes={first}-{end - 1}\r\n\r\n"
            peer.sendall(head.encode())
            answer = b""
            while b"\r\n\r\n" not in answer:
                piece = peer.recv(4096)
                assert piece, "cut off"
                answer += piece
            status, _, rest = answer.partition(b"\r\n\r\n")
            assert status.startswith(b"HTTP/1.1 206"), status
            digest.update(rest)
            left = end - first - len(rest)
            while left > 0:
                count = peer.recv_into(buffer, min(left, len(buffer)))
                assert count, "cut off"
                digest.update(buffer[:count])
                left -= count
    return digest.hexdigest()


def all_stations(port: int, tls: list[ssl.SSLContext], path: str, size: int, digest: str) -> float:
    """Every station fetches everything at once; seconds."""
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda c=context: found.append(fetch(port, c, path, size)))
        for context in tls
    ]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [digest] * len(tls), "not what the file holds"
    return time.perf_counter() - began


class Nginx:
    """nginx over the same file with the same TLS; None of it where it is not installed."""

    def __init__(self, folder: Path, keys: Path, file: Path, port: int) -> None:
        site = folder / "site"
        site.mkdir()
        os.link(file, site / "paper")
        config = folder / "nginx.conf"
        config.write_text(
            f"""daemon off; worker_processes 1; error_log {folder}/error.log; pid {folder}/pid;
            events {{ worker_connections 2048; }}
            http {{ access_log off; sendfile on; server {{
              listen 127.0.0.1:{port} ssl; root {site};
              ssl_protocols TLSv1.3; ssl_verify_client on; ssl_client_certificate {keys}/ca.pem;
              ssl_certificate {keys}/server.pem; ssl_certificate_key {keys}/server.key;
            }} }} user root;"""
        )
        self._process = subprocess.Popen(["taskset", "-c", "0", "nginx", "-c", str(config)])
        self.port = port
        deadline = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                return
            except OSError:
                assert time.monotonic() < deadline, "nginx does not answer"

    def cpu_s(self) -> float:
        main = psutil.Process(self._process.pid)
        times = [each.cpu_times() for each in (main, *main.children())]
        return sum(each.user + each.system for each in times)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


def measure(venue: PreparedVenue, size: int, runs: int) -> Figure:
    """All rounds."""
    # What the server serves is what lies there: a paper of the size wanted takes its place.
    file = next((venue.data / "papers").glob("*/ciphertext"))
    with file.open("wb") as target:
        for _ in range(0, size, MB):
            target.write(os.urandom(MB))
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    set_exam_time(venue.data, DAY.at(-5))
    server = Child("-m", "venue_server", "run", "--data", str(venue.data))
    port = json.loads(server.first_line)["port"]
    keys = venue.data / "keys"
    peer: Nginx | Child
    if shutil.which("nginx"):
        name = "nginx"
        peer = Nginx(venue.folder, keys, file, _free_port())
        peer_port, peer_path = peer.port, "/paper"
    else:
        name = "a bare loop of pread and write (nginx is not installed)"
        peer = Child(str(HERE / "floor_delivery.py"), str(keys), VENUE_ID, str(file))
        peer_port, peer_path = int(peer.first_line), PATH
    say(f"peer: {name}")
    tls = contexts(venue)
    ours: list[float] = []
    theirs: list[float] = []
    for number in range(runs + 1):
        used = server.cpu_s()
        took = all_stations(port, tls, PATH, size, digest)
        ours_now = size * len(tls) / MB / (server.cpu_s() - used)
        used = peer.cpu_s()
        all_stations(peer_port, tls, peer_path, size, digest)
        theirs_now = size * len(tls) / MB / (peer.cpu_s() - used)
        if number == 0:
            continue  # warms the page cache
        ours.append(ours_now)
        theirs.append(theirs_now)
        say(
            f"{ours_now:,.0f} MB a CPU second ({size * len(tls) / MB / took:,.0f} MB/s), "
            f"peer {theirs_now:,.0f}"
        )
    server.stop()
    peer.stop()
    rate = median(ours)
    return Figure(
        "P6 delivery", rate, "MB per CPU second", ">= 1.0 of nginx", rate / median(theirs)
    )


def main() -> None:
    """Measure and print."""
    parser = options(__doc__ or "")
    chosen = parser.parse_args()
    begin_load()
    with workspace(chosen.folder) as folder:
        venue = prepare(folder, STATIONS, released=False)
        size = (32 if chosen.short else 512) * MB
        report(measure(venue, size, 1 if chosen.short else 5))


if __name__ == "__main__":
    main()
