"""Readers of answer bundles under attack: from outside, and by a venue that signs what it likes.

Each takes bytes and returns the code of the refusal, or ``ok`` (targets.py).
"""

import json
from functools import cache
from pathlib import Path

import msgspec

from tests.evidence import make_bundles
from venue_server.upload.chain_check import check_chain
from venue_server.upload.opening import named_venue, open_bundle
from venue_server.wire.chain import ResponseEntry
from venue_server.wire.refusals import Refusal
from venue_server.wire.signed import public_keys

KEYS = public_keys([json.loads((make_bundles.FOLDER / "table.json").read_text())["venues"]["V01"]])
_line = msgspec.json.Decoder(ResponseEntry)


@cache
def sound() -> make_bundles.Sound:
    """The evidence's sound bundle, taken apart."""
    return make_bundles.Sound((make_bundles.FOLDER / make_bundles.SOUND).read_bytes())


def bundles() -> list[bytes]:
    """Whole files to begin from."""
    return [path.read_bytes() for path in sorted(make_bundles.FOLDER.glob("*.kdbundle"))]


def opened(file: Path) -> str:
    """A bundle from anywhere."""
    named_venue(file)
    found = open_bundle(file, make_bundles.HEADQUARTERS, KEYS)
    if isinstance(found, Refusal):
        assert found.text("zh") and found.text("en")
        return found.code.value
    return "ok"


def resealed(data: bytes) -> bytes:
    """A file whose outside is in order, with this content."""
    start, sealed = make_bundles.chunks(sound().key, data, "fuzz")
    return make_bundles.file_of(sound().header, start + b"".join(sealed))


def contents() -> list[bytes]:
    """ZIP archives to begin from."""
    return [make_bundles.zipped(sound().members)]


def with_member(name: str, data: bytes) -> bytes:
    """The sound content with one member's bytes exchanged."""
    members = [(each, data if each == name else old) for each, old in sound().members]
    return make_bundles.zipped(members)


def members(*names: str) -> list[bytes]:
    """The JSON of these members, to begin from."""
    return [dict(sound().members)[name] for name in names]


def journal(data: bytes) -> str:
    """Lines of a journal, as ``answers verify`` reads them."""
    try:
        entries = [_line.decode(each) for each in data.splitlines()]
    except (msgspec.DecodeError, UnicodeDecodeError):
        return "unreadable"
    return "ok" if check_chain("S1/01", entries).whole else "SIT-05"
