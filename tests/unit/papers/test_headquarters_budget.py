"""The budget in the manifest: numbers for the dry check, and nothing of the content."""

import json
import struct
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.papers.all_kinds import FILES, item_of, png, wav
from venue_server.headquarters.clean_svg import clean_svg
from venue_server.headquarters.media_length import play_seconds

Package = Callable[..., Path]


def test_budget_counts_what_is_in_the_paper(
    make_package: Package, sealed: Any, tmp_path: Path
) -> None:
    items = {f"{kind}.xml": item_of(kind) for kind in ("media", "hotspot", "gap-match")}
    paper = sealed.seal_again(tmp_path / "out", package=make_package(items, files=FILES))
    payload = json.loads(paper.manifest_file.read_text())["payload"]
    sizes = [len(data) for data in FILES.values()]
    entries = sealed.open(paper, tmp_path / "c")
    assert payload["budget"] == {
        "plain_size": paper.manifest.budget.plain_size,
        "items": 3,
        "media_files": 3,
        "media_bytes": sum(sizes),
        "largest_media": max(sizes),
        "video_seconds": 0,
        "audio_seconds": 2,
    }
    assert payload["budget"]["plain_size"] > sum(sizes) and len(entries) == 7
    text = json.dumps(payload["budget"])
    assert not any(name in text for name in entries)


def test_unknown_length_is_left_out(make_package: Package, sealed: Any, tmp_path: Path) -> None:
    files = {**FILES, "talk.wav": b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0"}
    package = make_package({"i.xml": item_of("media")}, files=files)
    paper = sealed.seal_again(tmp_path / "out", package=package)
    budget = json.loads(paper.manifest_file.read_text())["payload"]["budget"]
    assert "audio_seconds" not in budget and budget["video_seconds"] == 0
    assert paper.manifest.budget.audio_seconds is None


def _ogg(head: bytes, samples: int) -> bytes:
    page = b"OggS\0\x02" + bytes(20) + b"\1\x13" + head
    return page + bytes(9000) + b"OggS\0\x04" + struct.pack("<q", samples) + bytes(30)


def _mp3(*, xing: bool, frames: int = 100) -> bytes:
    """MPEG-1 layer III, 128 kbit/s, 44.1 kHz: 417 bytes and 1152 samples a frame."""
    body = b"\xff\xfb\x90\x00" + bytes(32)
    if xing:
        body += b"Info\0\0\0\1" + struct.pack(">I", frames)
    return b"ID3\x04\0\0\0\0\0\x05abcde" + body.ljust(417, b"\0") + bytes(417 * (frames - 1))


WEBM = (
    b"\x1a\x45\xdf\xa3\x9fB\x82\x84webm\x15\x49\xa9\x66\x8e\x2a\xd7\xb1\x83\x0f\x42\x40"
    b"\x44\x89\x88" + struct.pack(">d", 12_500.0)
)


@pytest.mark.parametrize(
    ("extension", "data", "seconds"),
    [
        ("wav", wav(3), 3.0),
        ("ogg", _ogg(b"OpusHead", 48_000 * 5), 5.0),
        ("ogg", _ogg(b"\x01vorbis\0\0\0\0\x01" + struct.pack("<I", 8000), 8000 * 7), 7.0),
        ("webm", WEBM, 12.5),
        ("mp3", _mp3(xing=True, frames=1000), 1000 * 1152 / 44_100),
        ("mp3", _mp3(xing=False), 100 * 1152 / 44_100),
        ("webm", WEBM[:25], None),
        ("mp3", b"ID3\x04\0\0\0\0\0\0" + bytes(50), None),
        ("ogg", b"OggS", None),
        ("png", png(), None),
    ],
)
def test_length_of_sound_and_film(extension: str, data: bytes, seconds: float | None) -> None:
    found = play_seconds(extension, data, data[-65536:], len(data))
    assert found == (None if seconds is None else pytest.approx(seconds, rel=0.01))


def test_length_agrees_with_the_standard_library(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(44_100)
        file.writeframes(bytes(44_100 * 4))
    data = path.read_bytes()
    assert play_seconds("wav", data, data, len(data)) == pytest.approx(1.0)


def test_o05_drawing_keeps_what_is_drawn_and_nothing_else() -> None:
    dirty = (
        b'<?xml version="1.0"?><!--a--><?b c?><svg xmlns="http://www.w3.org/2000/svg" '
        b'xmlns:i="urn:i" xmlns:xlink="http://www.w3.org/1999/xlink" xml:lang="zh" i:x="1" '
        b'data-y="2" viewBox="0 0 9 9"><title>t</title><metadata><i:m/></metadata><i:n>z</i:n>'
        b'<g id="g"><rect width="3"/></g><use xlink:href="#g"/><!--d--></svg>'
    )
    clean = clean_svg(dirty)
    assert clean == (
        b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        b'xml:lang="zh" viewBox="0 0 9 9"><title>t</title><g id="g"><rect width="3"/></g>'
        b'<use xlink:href="#g"/></svg>'
    )
    assert clean_svg(clean) == clean
