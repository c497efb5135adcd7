"""Can this machine reach the Internet? It must not (C11): no default route, and no DNS answer.

Reading the routing table needs no rights and sends nothing. One question goes to each configured
name server, with a short deadline of its own: the system's resolver may wait for half a minute.
"""

import os
import socket
from pathlib import Path

ASKED = "example.com"
ANSWER_WITHIN_S = 1.0
_UP = 0x1


def default_route(root: Path = Path("/")) -> bool:
    """Is there a default route, IPv4 or IPv6?"""
    for line in _lines(root / "proc/net/route")[1:]:
        fields = line.split()
        if len(fields) > 7 and fields[1] == fields[7] == "00000000" and int(fields[3], 16) & _UP:
            return True
    for line in _lines(root / "proc/net/ipv6_route"):
        fields = line.split()
        if len(fields) == 10 and fields[0] == "0" * 32 and fields[1] == "00" and fields[9] != "lo":
            return True
    return False


def name_servers(root: Path = Path("/")) -> list[str]:
    """The configured name servers."""
    lines = [line.split() for line in _lines(root / "etc/resolv.conf")]
    return [each[1] for each in lines if len(each) > 1 and each[0] == "nameserver"]


def dns_answers(servers: list[str], port: int = 53) -> bool:
    """Does one of them answer with an address for a name of the Internet? Blocks for a second a
    server at most."""
    return any(_answers(server, port) for server in servers)


def _answers(server: str, port: int) -> bool:
    number = os.urandom(2)
    labels = b"".join(bytes([len(part)]) + part.encode() for part in ASKED.split("."))
    question = number + b"\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00" + labels + b"\0\0\x01\0\x01"
    family = socket.AF_INET6 if ":" in server else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as line:
            line.settimeout(ANSWER_WITHIN_S)
            line.connect((server, port))
            line.send(question)
            said = line.recv(512)
    except OSError:
        return False
    return said[:2] == number and len(said) >= 12 and int.from_bytes(said[6:8], "big") > 0


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
