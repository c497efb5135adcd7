"""A room's network switch made of real packets: network namespaces, joined by a switch of ours.

Every namespace has one TAP device; this process holds their other ends and forwards each Ethernet
frame, or loses it, as a cable or a switch would. TCP is the kernel's own on both sides, so what a
loss of a tenth of all packets or a cable that works one way does to it is real. Needs the right to
make network namespaces and TAP devices; :func:`why_not` says what is missing.
"""

import asyncio
import fcntl
import os
import random
import shutil
import struct
import subprocess
from dataclasses import dataclass, field

TUN = "/dev/net/tun"
_TUNSETIFF = 0x400454CA
_IFF_TAP, _IFF_NO_PI = 0x0002, 0x1000
FRAME = 65_536
NET = "10.77.0"
BURST = 64  # frames taken from one port before the next one's turn


def why_not() -> str:
    """Why there can be no packet switch here; empty when there can."""
    for program in ("ip", "unshare", "nsenter"):
        if shutil.which(program) is None:
            return f"{program} is not installed"
    if not os.access(TUN, os.R_OK | os.W_OK):
        return f"no access to {TUN}"
    try:
        with _Namespace("probe") as probe:
            os.close(_tap("kdprobe", probe.pid, f"{NET}.250"))
    except (OSError, subprocess.CalledProcessError) as error:
        return f"no network namespace or TAP device: {error}"
    return ""


class _Namespace:
    """A network namespace that lasts as long as its only process."""

    def __init__(self, name: str) -> None:
        self.name = name
        # It says a word when it is in there, and ends when our end of the pipe does.
        self._keeper = subprocess.Popen(
            ["unshare", "--net", "sh", "-c", "echo in; exec cat"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.pid = self._keeper.pid
        assert self._keeper.stdout is not None
        if not self._keeper.stdout.readline():
            self.close()
            raise PermissionError("unshare --net")

    def __enter__(self) -> "_Namespace":
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def close(self) -> None:
        for pipe in (self._keeper.stdin, self._keeper.stdout):
            if pipe is not None:
                pipe.close()
        self._keeper.wait()


def _tap(device: str, pid: int, address: str) -> int:
    """A TAP device inside the namespace of ``pid``; the descriptor of its other end."""
    fd = os.open(TUN, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        fcntl.ioctl(fd, _TUNSETIFF, struct.pack("16sH", device.encode(), _IFF_TAP | _IFF_NO_PI))
        inside = ["nsenter", f"--net=/proc/{pid}/ns/net", "ip"]
        for command in (
            ["ip", "link", "set", device, "netns", str(pid)],
            [*inside, "address", "add", f"{address}/24", "dev", device],
            [*inside, "link", "set", "lo", "up"],
            [*inside, "link", "set", device, "up"],
        ):
            subprocess.run(command, check=True, capture_output=True)
    except BaseException:
        os.close(fd)
        raise
    return fd


@dataclass
class Port:
    """One socket of the switch with what is wrong with its cable. ``loss`` is the share of frames
    lost each way; ``hears`` and ``speaks`` are the two directions, from the machine's view."""

    name: str
    address: str
    namespace: _Namespace
    fd: int
    hears: bool = True
    speaks: bool = True
    loss: float = 0.0
    passed: int = 0
    lost: int = 0


@dataclass
class PacketSwitch:
    """Forwards frames between its ports: ``powered`` is the whole switch."""

    rng: random.Random = field(default_factory=lambda: random.Random(4))
    powered: bool = True
    ports: list[Port] = field(default_factory=list)
    _where: dict[bytes, Port] = field(default_factory=dict)

    def plug_in(self, name: str) -> Port:
        """A new machine (a namespace) on the network."""
        namespace = _Namespace(name)
        number = len(self.ports) + 1
        address = f"{NET}.{number}"
        fd = _tap(f"kd{os.getpid() % 100_000}p{number}", namespace.pid, address)
        port = Port(name, address, namespace, fd)
        self.ports.append(port)
        asyncio.get_running_loop().add_reader(fd, self._take, port)
        return port

    def inside(self, port: Port, *command: str) -> list[str]:
        """The command line that runs ``command`` on that machine."""
        return ["nsenter", f"--net=/proc/{port.namespace.pid}/ns/net", *command]

    def close(self) -> None:
        """Everything is gone."""
        for port in self.ports:
            asyncio.get_running_loop().remove_reader(port.fd)
            os.close(port.fd)
            port.namespace.close()
        self.ports.clear()

    def _take(self, port: Port) -> None:
        for _ in range(BURST):
            try:
                frame = os.read(port.fd, FRAME)
            except BlockingIOError:
                return
            self._where[frame[6:12]] = port
            to = self._where.get(frame[:6])
            for other in [to] if to is not None else self.ports:
                if other is not port:
                    self._pass(frame, port, other)

    def _pass(self, frame: bytes, source: Port, target: Port) -> None:
        carried = self.powered and source.speaks and target.hears
        loss = max(source.loss, target.loss)
        if not carried or (loss and self.rng.random() < loss):
            source.lost += 1
            return
        source.passed += 1
        try:
            os.write(target.fd, frame)
        except (BlockingIOError, OSError):  # its queue is full: a switch drops then
            source.lost += 1
