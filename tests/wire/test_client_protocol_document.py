"""docs/protocol.md names every message and part with exactly its fields."""

import re
import typing
from pathlib import Path

import msgspec
import pytest

from venue_server.wire.alarms import Alarm
from venue_server.wire.chain import ResponseEntry
from venue_server.wire.console_orders import ConsoleMessage
from venue_server.wire.console_views import ToConsole
from venue_server.wire.frames import Part
from venue_server.wire.messages import MAX_FRAME, PROTOCOL_VERSION
from venue_server.wire.remarks import Remark
from venue_server.wire.station_messages import StationMessage, ToStation

TEXT = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text(encoding="utf-8")
UNIONS = (
    StationMessage,
    ToStation,
    ConsoleMessage,
    ToConsole,
)
STRUCTS = {
    *(each for union in UNIONS for each in typing.get_args(union)),
    *Part.__subclasses__(),
    ResponseEntry,
    Alarm,
    Remark,
}


def documented(name: str) -> list[tuple[str, str, bool]]:
    """(field, type, has a default) of the row of ``name``; a list's and dict's insides not."""
    (row,) = re.findall(rf"^\| `{name}` \| (.*?) \|", TEXT, re.MULTILINE)
    found = re.findall(r"`(\w+): (\w+)(\??)(=?)`", row)
    return [(field, kind + mark, default == "=") for field, kind, mark, default in found]


def written(kind: object) -> str:
    """A field's type as the document writes it."""
    if typing.get_origin(kind) is typing.Annotated:
        kind = typing.get_args(kind)[0]
    args = typing.get_args(kind)
    if type(None) in args:
        (inner,) = (each for each in args if each is not type(None))
        return f"{inner.__name__}?"
    name: str = (typing.get_origin(kind) or kind).__name__  # type: ignore[attr-defined]
    return name


@pytest.mark.parametrize("struct", sorted(STRUCTS, key=lambda s: s.__name__))
def test_fields_are_documented(struct: type[msgspec.Struct]) -> None:
    expected = [(f.name, written(f.type), not f.required) for f in msgspec.structs.fields(struct)]
    assert documented(struct.__name__) == expected


def test_numbers_are_documented() -> None:
    assert MAX_FRAME == 4 * 1024 * 1024
    assert f"The LAN protocol, version {PROTOCOL_VERSION}" in TEXT
