"""The dry check of a sealed package, days before it is needed (D18, and what failed elsewhere: a
paper with heavy media that nobody had tried to open).

Everything that can be known without R is known: the manifest's signatures, every block and the
whole ciphertext, the header of the STREAM, that enough key shares are this venue's and open, and
that any k of them combine to one and the same S. S is forgotten at once and never leaves this
module; without R it opens nothing. What stations can say, they say.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from venue_server.intake.packages import Decay
from venue_server.vault.manifest import PaperManifest
from venue_server.vault.shares import open_share, recover_secret
from venue_server.wire.hpke import HpkePrivate
from venue_server.wire.refusals import Refusal
from venue_server.wire.stream import HEADER, MAGIC, MAX_CHUNK_SIZE, TAG, sealed_size

OK, WAIT, BAD = "ok", "wait", "bad"
Row = list[str]
MIB = 1024 * 1024
HEAVY_PAPER, TOO_HEAVY = 1024 * MIB, 4096 * MIB
"""Stations open the paper in memory: from here on it is said, and from there on refused."""
STATION_DISK = 256 * MIB
"""Besides the ciphertext a station keeps journals, and the system wants some room as well."""
OPENED_COPIES, STATION_MEMORY = 3, 1536 * MIB
"""An open paper lies in memory whole, an item's media once more decoded in the engine; the system,
the engine and the program need the rest."""
BUDGET = (
    ("items", "试题数 / items"),
    ("media_files", "媒体文件 / media files"),
    ("media_bytes", "媒体字节 / media bytes"),
    ("largest_media", "最大媒体 / largest medium"),
    ("video_seconds", "视频秒数 / seconds of video"),
    ("audio_seconds", "音频秒数 / seconds of audio"),
)


@dataclass(frozen=True)
class Shares:
    """How many shares are here for this venue, how many open, and whether they combine."""

    here: int
    opened: int
    combine: bool


@dataclass(frozen=True)
class Stations:
    """What the stations said about the session's paper."""

    known: int
    online: int
    verified: int
    disk_free: Mapping[str, int] = field(default_factory=dict)  # bytes, by "room-seat"
    ram: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Facts:
    """What was found out about one package. ``plain_size`` None: the STREAM makes no sense."""

    signed: bool
    decay: Decay
    have: int
    shares: Shares
    plain_size: int | None
    budget: dict[str, int]
    disk_free: int
    disk_floor: int
    stations: Stations


def try_shares(
    sealed: Mapping[int, bytes], manifest: PaperManifest, venue_id: str, private: HpkePrivate
) -> Shares:
    """Open every share, and combine them in overlapping groups of k; nothing of it is returned."""
    words = {n: open_share(each, n, manifest, venue_id, private) for n, each in sealed.items()}
    good = sorted(number for number, share in words.items() if not isinstance(share, Refusal))
    del words
    seen: set[bytes] = set()
    combine = len(good) >= manifest.k
    for begin in range(len(good) - manifest.k + 1):
        group = {number: sealed[number] for number in good[begin : begin + manifest.k]}
        secret = recover_secret(group, manifest, venue_id, private)
        if isinstance(secret, Refusal):
            combine = False
        else:
            seen.add(hashlib.sha256(secret).digest())
    return Shares(len(sealed), len(good), combine and len(seen) == 1)


def plain_size(ciphertext: Path, manifest: PaperManifest) -> int | None:
    """Bytes of the plaintext as the STREAM's header and length say; None when they make no sense.

    Raises OSError.
    """
    try:
        with ciphertext.open("rb") as file:
            head = file.read(HEADER.size)
    except FileNotFoundError:
        return None
    if len(head) != HEADER.size:
        return None
    magic, chunk, _prefix = HEADER.unpack(head)
    if magic != MAGIC or not 1 <= chunk <= MAX_CHUNK_SIZE or any(head[-5:]):
        return None
    body = manifest.ciphertext_size - HEADER.size
    chunks = max(1, -(-body // (chunk + TAG)))
    size = body - chunks * TAG
    return size if size >= 0 and sealed_size(size, chunk) == manifest.ciphertext_size else None


def budget_of(document: str) -> dict[str, int]:
    """The media budget that headquarters may state in a manifest; only whole numbers count."""
    found = json.loads(document)["payload"].get("budget")
    if not isinstance(found, dict):
        return {}
    return {
        name: value
        for name, value in found.items()
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0
    }


def rows_of(facts: Facts, manifest: PaperManifest) -> list[Row]:
    """Label, value and verdict of each check."""
    bad = facts.decay.fragments
    damage = "；".join(f"#{n}: {', '.join(map(str, lack[:8]))}" for n, lack in bad.items())
    shares = facts.shares
    enough = shares.opened >= manifest.k
    return [
        ["清单签名 / manifest signed", _yes(facts.signed), _ok(facts.signed)],
        [
            "碎片 / fragments",
            f"已有{facts.have}片，需{manifest.k}片 {damage} / "
            f"{facts.have} here, {manifest.k} needed {damage}",
            BAD if facts.have < manifest.k else WAIT if bad else OK,
        ],
        ["密文校验 / ciphertext", _yes(facts.decay.ciphertext), _ok(facts.decay.ciphertext)],
        [
            "密钥份额可读 / key shares open",
            f"{shares.opened} / {shares.here}",
            _ok(enough and shares.opened == shares.here),
        ],
        ["份额可合成 / shares combine", _yes(shares.combine), _ok(shares.combine)],
        *_size_rows(facts),
        *_station_rows(facts),
        *_room_rows(facts, manifest),
    ]


def _size_rows(facts: Facts) -> list[Row]:
    size, stated = facts.plain_size, facts.budget.get("plain_size")
    sound = size is not None and stated in (None, size)
    said = "—" if size is None else _mib(size)
    if size is not None and stated is not None and stated != size:
        said += f" ≠ {_mib(stated)}"
    verdict = _ok(sound)
    if sound and size is not None and size > HEAVY_PAPER:
        verdict = BAD if size > TOO_HEAVY else WAIT
    told = [["开启后大小 / size when opened", said, verdict]]
    told += [[label, str(facts.budget[name]), OK] for name, label in BUDGET if name in facts.budget]
    told.append(
        [
            "服务器剩余磁盘 / server's free disk",
            _mib(facts.disk_free),
            _ok(facts.disk_free >= facts.disk_floor),
        ]
    )
    return told


def _station_rows(facts: Facts) -> list[Row]:
    stations = facts.stations
    missing = stations.online - stations.verified
    return [
        [
            "考试机已校验密文 / stations hold verified ciphertext",
            f"在线{stations.online}台中{stations.verified}台，共登记{stations.known}台 / "
            f"{stations.verified} of {stations.online} online, {stations.known} enrolled",
            OK if stations.online and not missing else WAIT,
        ]
    ]


def _room_rows(facts: Facts, manifest: PaperManifest) -> list[Row]:
    """Have the stations disk for the ciphertext (and the answers), and memory to open it?"""
    stations, plain = facts.stations, facts.plain_size or 0
    disk, memory = manifest.ciphertext_size + STATION_DISK, plain * OPENED_COPIES + STATION_MEMORY
    return [
        _fits("考试机磁盘 / stations' disk", stations.disk_free, disk),
        _fits("考试机内存 / stations' memory", stations.ram, memory),
    ]


def _fits(label: str, have: Mapping[str, int], need: int) -> Row:
    short = sorted(seat for seat, size in have.items() if size < need)
    named = ", ".join(short[:8])
    said = f"≥ {_mib(need)}: {len(have) - len(short)} / {len(have)} {named}".strip()
    return [label, said, WAIT if not have else BAD if short else OK]


def passed(rows: list[Row]) -> bool:
    """Nothing is bad."""
    return all(verdict != BAD for _label, _value, verdict in rows)


def _mib(size: int) -> str:
    return f"{size / MIB:.1f} MiB"


def _yes(value: bool) -> str:
    return "是 / yes" if value else "否 / no"


def _ok(value: bool) -> str:
    return OK if value else BAD
