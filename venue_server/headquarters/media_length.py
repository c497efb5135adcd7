"""How long a sound or film plays, from its first and last bytes; for the dry check of a paper.

WAV: its format chunk. Ogg: the last page's position (RFC 3533). WebM: the duration its header
states. MP3: the frame count of a Xing header, else the bit rate of the first frame.
"""

import re
import struct

TAIL_SIZE = 64 * 1024
_DURATION, _SCALE, _INFO = b"\x44\x89", b"\x2a\xd7\xb1", b"\x15\x49\xa9\x66"
_OPUS_RATE = 48_000
# Kilobits a second by index (MPEG-1 layer III, then MPEG-2 and 2.5), samples a second by index.
_RATES_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0)
_RATES_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0)
_SAMPLES = (44_100, 48_000, 32_000)


def play_seconds(extension: str, head: bytes, tail: bytes, size: int) -> float | None:
    """Seconds of a file of ``size`` bytes that begins with ``head`` and ends with ``tail``; None
    when unknown."""
    read = {"wav": _wav, "ogg": _ogg, "webm": _webm, "mp3": _mp3}.get(extension)
    if read is None:
        return None
    try:
        seconds = read(head, tail, size)
    except (struct.error, IndexError, ZeroDivisionError):
        return None
    return seconds if seconds is not None and 0 <= seconds < 1e6 else None


def _wav(head: bytes, _: bytes, size: int) -> float:
    (bytes_a_second,) = struct.unpack_from("<I", head, head.index(b"fmt ") + 16)
    at = head.find(b"data")
    return (size - (at + 8 if at > 0 else 44)) / float(bytes_a_second)


def _ogg(head: bytes, tail: bytes, _: int) -> float | None:
    at = tail.rfind(b"OggS")
    if at < 0:
        return None
    (position,) = struct.unpack_from("<q", tail, at + 6)
    vorbis = head.find(b"\x01vorbis", 0, 256)
    if vorbis < 0:
        return float(position / _OPUS_RATE)
    (rate,) = struct.unpack_from("<I", head, vorbis + 12)
    return float(position / rate)


def _webm(head: bytes, _: bytes, __: int) -> float | None:
    info = head.find(_INFO)
    part = head[info : info + 4096] if info >= 0 else b""
    at = part.find(_DURATION)
    if at < 0:
        return None
    length = part[at + 2] & 0x7F
    (ticks,) = struct.unpack_from(">f" if length == 4 else ">d", part, at + 3)
    scale = part.find(_SCALE)
    nanoseconds = 1_000_000
    if scale >= 0:
        count = part[scale + 3] & 0x7F
        nanoseconds = int.from_bytes(part[scale + 4 : scale + 4 + count])
    return float(ticks * nanoseconds / 1e9)


def _mp3(head: bytes, _: bytes, size: int) -> float | None:
    start = 0
    if head[:3] == b"ID3":
        start = 10 + sum((head[6 + i] & 0x7F) << 7 * (3 - i) for i in range(4))
    found = re.compile(rb"\xff[\xe2-\xe3\xf2-\xf3\xfa-\xfb]").search(head, start)
    if found is None:
        return None
    at = found.start()
    version = head[at + 1] >> 3 & 3  # 3: MPEG-1, 2: MPEG-2, 0: MPEG-2.5
    rate = _SAMPLES[head[at + 2] >> 2 & 3] // {3: 1, 2: 2, 0: 4}.get(version, 1)
    frame = 1152 if version == 3 else 576
    xing = max(head.find(b"Xing", at, at + 200), head.find(b"Info", at, at + 200))
    if xing > 0 and head[xing + 7] & 1:
        (frames,) = struct.unpack_from(">I", head, xing + 8)
        return float(frames * frame / rate)
    kilobits = (_RATES_1 if version == 3 else _RATES_2)[head[at + 2] >> 4]
    return (size - at) * 8 / (kilobits * 1000)
