"""Reading WebSocket frames of a client (RFC 6455, section 5): bytes in, whole messages out.

Only what a station may send is understood: masked frames, no extension. Whatever else comes ends
the conversation with the code that the RFC gives it.
"""

from enum import IntEnum

CONTROL_LIMIT = 125  # RFC 6455, 5.5
HEAD = 2


class Opcode(IntEnum):
    """RFC 6455, 5.2."""

    CONTINUATION = 0
    TEXT = 1
    BINARY = 2
    CLOSE = 8
    PING = 9
    PONG = 10


class FrameError(Exception):
    """The peer broke the protocol; ``code`` is what it is closed with (RFC 6455, 7.4.1)."""

    def __init__(self, code: int, what: str) -> None:
        super().__init__(what)
        self.code = code


PROTOCOL_ERROR, TOO_BIG = 1002, 1009
_XOR = [bytes(byte ^ key for byte in range(256)) for key in range(256)]
_KNOWN = frozenset(int(each) for each in Opcode)


class FrameReader:
    """One connection's incoming frames. A message has ``largest`` bytes at most."""

    def __init__(self, largest: int) -> None:
        self._largest = largest
        self._buffer = bytearray()
        self._need = HEAD
        self._parts = bytearray()  # of a message in several frames
        self._kind = 0  # its opcode

    def feed(self, data: bytes) -> list[tuple[int, bytes]]:
        """Take what came: the messages and control frames that are whole now, in order, each with
        its opcode. Raises FrameError; nothing can be read from this peer afterwards."""
        buffer = self._buffer
        buffer += data
        found: list[tuple[int, bytes]] = []
        at = 0
        while len(buffer) - at >= self._need:
            at = self._frame(buffer, at, found)
        if at:
            del buffer[:at]
        return found

    def _frame(self, buffer: bytearray, at: int, found: list[tuple[int, bytes]]) -> int:
        """Read one frame, or learn how many bytes it has; where the next one begins."""
        size, begin = buffer[at + 1] & 0x7F, at + 2
        if size > CONTROL_LIMIT:
            begin += 2 if size == 126 else 8
            if len(buffer) < begin:
                self._need = begin - at
                return at
            size = int.from_bytes(buffer[at + 2 : begin], "big")
        self._allowed(buffer[at], buffer[at + 1], size)
        end = begin + 4 + size
        if len(buffer) < end:
            self._need = end - at
            return at
        self._need = HEAD
        payload = unmasked(buffer[begin : begin + 4], buffer[begin + 4 : end])
        self._take(buffer[at] & 0x0F, bool(buffer[at] & 0x80), payload, found)
        return end

    def _allowed(self, first: int, second: int, size: int) -> None:
        opcode, final = first & 0x0F, first & 0x80
        if first & 0x70 or opcode not in _KNOWN:
            raise FrameError(PROTOCOL_ERROR, "unknown bits or opcode")
        if not second & 0x80:
            raise FrameError(PROTOCOL_ERROR, "a client's frame is masked")
        if opcode >= Opcode.CLOSE:
            if size > CONTROL_LIMIT or not final:
                raise FrameError(PROTOCOL_ERROR, "a control frame is short and whole")
            return
        if (opcode == Opcode.CONTINUATION) != bool(self._kind):
            raise FrameError(PROTOCOL_ERROR, "a message within a message")
        if len(self._parts) + size > self._largest:
            raise FrameError(TOO_BIG, "too large")

    def _take(
        self, opcode: int, final: bool, payload: bytes, found: list[tuple[int, bytes]]
    ) -> None:
        if opcode >= Opcode.CLOSE or (final and not self._kind):
            found.append((opcode, payload))
        else:
            self._kind = self._kind or opcode
            self._parts += payload
            if final:
                found.append((self._kind, bytes(self._parts)))
                self._kind, self._parts = 0, bytearray()


def unmasked(mask: bytes | bytearray, payload: bytes | bytearray) -> bytes:
    """RFC 6455, 5.3: every fourth byte goes through the same table, so no loop over the bytes."""
    plain = bytearray(len(payload))
    for place, key in enumerate(mask):
        plain[place::4] = payload[place::4].translate(_XOR[key])
    return bytes(plain)
