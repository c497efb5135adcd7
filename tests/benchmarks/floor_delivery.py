"""Peer without nginx: ranges of a file by a bare loop of pread and write over the same TLS.

Usage: KEYS-FOLDER VENUE-ID FILE. One thread a connection, blocking sockets, HTTP just enough.
"""

import os
import re
import socket
import ssl
import sys
import threading
from pathlib import Path

from venue_server.gateway.paper_door import PIECE
from venue_server.stations.authority import load_authority


def _serve(raw: socket.socket, context: ssl.SSLContext, file: int) -> None:
    with context.wrap_socket(raw, server_side=True) as peer:
        buffer = b""
        while True:
            while b"\r\n\r\n" not in buffer:
                data = peer.recv(65536)
                if not data:
                    return
                buffer += data
            head, _, buffer = buffer.partition(b"\r\n\r\n")
            asked = re.search(rb"bytes=(\d+)-(\d+)", head)
            assert asked is not None
            first, end = int(asked[1]), int(asked[2]) + 1
            peer.sendall(
                b"HTTP/1.1 206 Partial Content\r\nContent-Length: %d\r\n\r\n" % (end - first)
            )
            while first < end:
                piece = os.pread(file, min(PIECE, end - first), first)
                peer.sendall(piece)
                first += len(piece)


def main(keys: Path, venue_id: str, path: Path) -> None:
    """Serve until killed."""
    context = load_authority(keys, venue_id).listener_context()
    file = os.open(path, os.O_RDONLY)
    with socket.create_server(("127.0.0.1", 0)) as door:
        print(door.getsockname()[1], flush=True)
        while True:
            peer, _ = door.accept()
            threading.Thread(target=_serve, args=(peer, context, file), daemon=True).start()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
