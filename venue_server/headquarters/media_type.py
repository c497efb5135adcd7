"""What a media file really is, by its bytes: the stations play no AAC and no H.264."""

import struct
from dataclasses import dataclass

from lxml import etree

from venue_server.headquarters.problems import Rule
from venue_server.headquarters.safe_xml import local

HEAD_SIZE = 1024 * 1024


@dataclass(frozen=True)
class MediaType:
    """``kind`` is ``image``, ``audio`` or ``video``."""

    kind: str
    mime: str
    extension: str


@dataclass(frozen=True)
class MediaFault:
    """Why a file cannot be used."""

    rule: Rule
    detail: str


PNG = MediaType("image", "image/png", "png")
JPEG = MediaType("image", "image/jpeg", "jpg")
GIF = MediaType("image", "image/gif", "gif")
WEBP = MediaType("image", "image/webp", "webp")
SVG = MediaType("image", "image/svg+xml", "svg")
MP3 = MediaType("audio", "audio/mpeg", "mp3")
WAV = MediaType("audio", "audio/wav", "wav")
OGG = MediaType("audio", "audio/ogg", "ogg")
WEBM_AUDIO = MediaType("audio", "audio/webm", "webm")
WEBM_VIDEO = MediaType("video", "video/webm", "webm")

_WAV_PCM, _WAV_FLOAT, _WAV_EXTENSIBLE = 1, 3, 0xFFFE
_VIDEO_CODECS = (b"V_VP8", b"V_VP9", b"V_AV1")
_AUDIO_CODECS = (b"A_OPUS", b"A_VORBIS")
_UNPLAYABLE_CODECS = (
    b"V_MPEG", b"V_THEORA", b"A_AAC", b"A_AC3", b"A_MPEG", b"A_DTS", b"A_FLAC", b"A_PCM",
)  # fmt: skip
_SVG_REFERENCES = ("href", "src")
_SVG_ACTIVE = frozenset({"script", "foreignObject", "iframe", "handler", "listener"})


def sniff(head: bytes, whole: bool) -> MediaType | MediaFault:
    """The type of a file that begins with ``head``, its first HEAD_SIZE bytes or ``whole``."""
    simple = _by_magic(head)
    if simple is not None:
        return simple
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return _wav(head)
    if head[:4] == b"OggS":
        return _ogg(head)
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return _matroska(head)
    if head[4:8] == b"ftyp":
        return MediaFault(Rule.MEDIA_CODEC, "MP4 (AAC/H.264)")
    if len(head) > 2 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        return _mpeg(head)
    if head.lstrip()[:1] == b"<" or head[:3] == b"\xef\xbb\xbf":
        return _svg(head, whole)
    return MediaFault(Rule.MEDIA_TYPE, "unknown")


def _by_magic(head: bytes) -> MediaType | None:
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith((b"GIF87a", b"GIF89a")):
        return GIF
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head.startswith(b"ID3"):
        return MP3
    return None


def _mpeg(head: bytes) -> MediaType | MediaFault:
    layer = head[1] >> 1 & 3
    if layer == 1:
        return MP3
    return MediaFault(Rule.MEDIA_CODEC, "AAC" if layer == 0 else "MPEG layer I/II")


def _wav(head: bytes) -> MediaType | MediaFault:
    at = head.find(b"fmt ")
    if at < 0 or len(head) < at + 10:
        return MediaFault(Rule.MEDIA_CODEC, "WAV without format")
    (code,) = struct.unpack_from("<H", head, at + 8)
    if code in (_WAV_PCM, _WAV_FLOAT, _WAV_EXTENSIBLE):
        return WAV
    return MediaFault(Rule.MEDIA_CODEC, f"WAV format {code}")


def _ogg(head: bytes) -> MediaType | MediaFault:
    first = head[:256]
    if b"\x80theora" in first or b"fishead" in first:
        return MediaFault(Rule.MEDIA_CODEC, "Ogg Theora")
    if b"OpusHead" in first or b"\x01vorbis" in first:
        return OGG
    return MediaFault(Rule.MEDIA_CODEC, "Ogg with an unknown codec")


def _matroska(head: bytes) -> MediaType | MediaFault:
    if b"webm" not in head[:64]:
        return MediaFault(Rule.MEDIA_TYPE, "Matroska")
    tracks = head.find(b"\x16\x54\xae\x6b")
    if tracks < 0:
        return MediaFault(Rule.MEDIA_CODEC, "WebM without a track list at its beginning")
    end = head.find(b"\x1f\x43\xb6\x75", tracks)  # first cluster
    part = head[tracks : end if end > 0 else len(head)]
    unknown = next((word for word in _UNPLAYABLE_CODECS if word in part), None)
    if unknown is not None:
        return MediaFault(Rule.MEDIA_CODEC, unknown.decode())
    if any(codec in part for codec in _VIDEO_CODECS):
        return WEBM_VIDEO
    if any(codec in part for codec in _AUDIO_CODECS):
        return WEBM_AUDIO
    return MediaFault(Rule.MEDIA_CODEC, "WebM with an unknown codec")


def _svg(head: bytes, whole: bool) -> MediaType | MediaFault:
    if not whole:
        return MediaFault(Rule.SVG_ACTIVE, f"more than {HEAD_SIZE} bytes")
    if b"<!ENTITY" in head:
        return MediaFault(Rule.SVG_ACTIVE, "entity declarations")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(head, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        return MediaFault(Rule.SVG_ACTIVE, str(error))
    if local(root) != "svg":
        return MediaFault(Rule.MEDIA_TYPE, local(root))
    for element in root.iter():
        fault = _svg_fault(element)
        if fault:
            return MediaFault(Rule.SVG_ACTIVE, f"{fault} (line {element.sourceline})")
    return SVG


def _svg_fault(element: etree._Element) -> str:
    name = local(element)
    if name in _SVG_ACTIVE:
        return name
    if name == "style" and _loads(element.text or ""):
        return "style"
    for key, value in element.attrib.items():
        attribute = str(etree.QName(key).localname)
        if attribute.lower().startswith("on"):
            return attribute
        if attribute in _SVG_REFERENCES and not value.strip().startswith(("#", "data:image/")):
            return f"{attribute}={value}"
        if _loads(value):
            return attribute
    return ""


def _loads(css: str) -> bool:
    """True when a style or attribute fetches something: ``url(x)`` with x not a fragment."""
    compact = "".join(css.split()).lower().replace('"', "").replace("'", "")
    return "@import" in compact or "url(" in compact.replace("url(#", "")
