"""Media are judged by their bytes; the stations play no AAC and no H.264."""

import pytest

from venue_server.headquarters.media_type import (
    GIF,
    JPEG,
    MP3,
    OGG,
    PNG,
    SVG,
    WAV,
    WEBM_AUDIO,
    WEBM_VIDEO,
    WEBP,
    MediaFault,
    MediaType,
    sniff,
)
from venue_server.headquarters.problems import Rule

EBML = b"\x1a\x45\xdf\xa3\x9fB\x82\x84webm"
TRACKS = b"\x16\x54\xae\x6b"
SVG_HEAD = b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"\x89PNG\r\n\x1a\n", PNG),
        (b"\xff\xd8\xff\xe0", JPEG),
        (b"GIF89a", GIF),
        (b"RIFF\0\0\0\0WEBPVP8 ", WEBP),
        (b"ID3\x04", MP3),
        (b"\xff\xfb\x90\x00", MP3),
        (b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0", WAV),
        (b"OggS" + bytes(24) + b"OpusHead", OGG),
        (b"OggS" + bytes(24) + b"\x01vorbis", OGG),
        (EBML + TRACKS + b"V_VP9 A_OPUS", WEBM_VIDEO),
        (EBML + TRACKS + b"A_VORBIS", WEBM_AUDIO),
        (SVG_HEAD + b'<use xlink:href="#a"/><rect style="fill:url(#g)"/></svg>', SVG),
        (b'\xef\xbb\xbf<?xml version="1.0"?>' + SVG_HEAD + b"</svg>", SVG),
    ],
)
def test_supported(head: bytes, expected: MediaType) -> None:
    assert sniff(head, whole=True) == expected


@pytest.mark.parametrize(
    ("head", "rule"),
    [
        (b"\0\0\0\x20ftypisom", Rule.MEDIA_CODEC),
        (b"\xff\xf1\x50\x80", Rule.MEDIA_CODEC),
        (b"\xff\xfd\x90\x00", Rule.MEDIA_CODEC),
        (b"OggS" + bytes(24) + b"\x80theora", Rule.MEDIA_CODEC),
        (b"OggS" + bytes(24) + b"\x7fFLAC", Rule.MEDIA_CODEC),
        (b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x55\0", Rule.MEDIA_CODEC),
        (b"RIFF\0\0\0\0WAVE", Rule.MEDIA_CODEC),
        (EBML + TRACKS + b"V_MPEG4/ISO/AVC", Rule.MEDIA_CODEC),
        (EBML + TRACKS + b"V_VP9 A_AAC", Rule.MEDIA_CODEC),
        (EBML + TRACKS, Rule.MEDIA_CODEC),
        (EBML, Rule.MEDIA_CODEC),
        (b"\x1a\x45\xdf\xa3\x9fB\x82\x88matroska", Rule.MEDIA_TYPE),
        (b"%PDF-1.7", Rule.MEDIA_TYPE),
        (b"", Rule.MEDIA_TYPE),
        (b"<html/>", Rule.MEDIA_TYPE),
        (SVG_HEAD + b"<script/></svg>", Rule.SVG_ACTIVE),
        (SVG_HEAD + b'<a xlink:href="http://x.org"/></svg>', Rule.SVG_ACTIVE),
        (SVG_HEAD + b'<g onload="x()"/></svg>', Rule.SVG_ACTIVE),
        (SVG_HEAD + b'<rect fill="url(http://x.org/#a)"/></svg>', Rule.SVG_ACTIVE),
        (SVG_HEAD + b"<style>@import 'x';</style></svg>", Rule.SVG_ACTIVE),
        (SVG_HEAD + b"<foreignObject/></svg>", Rule.SVG_ACTIVE),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG_HEAD + b"</svg>", Rule.SVG_ACTIVE),
        (SVG_HEAD, Rule.SVG_ACTIVE),
    ],
)
def test_refused(head: bytes, rule: Rule) -> None:
    fault = sniff(head, whole=True)
    assert isinstance(fault, MediaFault) and fault.rule is rule and fault.detail


def test_svg_too_large_to_judge_is_refused() -> None:
    fault = sniff(SVG_HEAD, whole=False)
    assert isinstance(fault, MediaFault) and fault.rule is Rule.SVG_ACTIVE
