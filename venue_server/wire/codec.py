"""Messages to bytes and back, with one bound on size and one kind of failure."""

from collections.abc import Iterable
from typing import TypeVar

import msgspec

from venue_server.wire.canonical import SAFE
from venue_server.wire.console_orders import ConsoleMessage
from venue_server.wire.console_views import ToConsole
from venue_server.wire.frames import Message
from venue_server.wire.messages import MAX_FRAME, MAX_SAVE_FRAME
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.station_messages import Save, StationMessage, ToStation

T = TypeVar("T")
_NO_NUMBERS = frozenset({str, bool, float, type(None)})
_encoder = msgspec.json.Encoder()
_station: msgspec.json.Decoder[StationMessage] = msgspec.json.Decoder(StationMessage)
_console: msgspec.json.Decoder[ConsoleMessage] = msgspec.json.Decoder(ConsoleMessage)
_to_station: msgspec.json.Decoder[ToStation] = msgspec.json.Decoder(ToStation)
_to_console: msgspec.json.Decoder[ToConsole] = msgspec.json.Decoder(ToConsole)


def encode(message: Message) -> str:
    """One message as the text of one frame."""
    return _encoder.encode(message).decode()


def encode_frame(message: Message) -> bytes:
    """One message as the UTF-8 bytes of one text frame."""
    return _encoder.encode(message)


def _decode(decoder: msgspec.json.Decoder[T], frame: str | bytes) -> T | Refusal:
    if len(frame) > MAX_FRAME:
        return Refusal(RefusalCode.MESSAGE_TOO_LARGE)
    try:
        return decoder.decode(frame)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Refusal(RefusalCode.MESSAGE_MALFORMED)


def decode_station(frame: str | bytes) -> StationMessage | Refusal:
    """What a station sent."""
    found = _decode(_station, frame)
    if isinstance(found, Save):
        # The numbers of its entries are bounded by their type.
        return Refusal(RefusalCode.MESSAGE_TOO_LARGE) if len(frame) > MAX_SAVE_FRAME else found
    return found if _exact(found) else Refusal(RefusalCode.MESSAGE_MALFORMED)


def decode_console(frame: str | bytes) -> ConsoleMessage | Refusal:
    """What a console or the command line sent."""
    found = _decode(_console, frame)
    return found if _exact(found) else Refusal(RefusalCode.MESSAGE_MALFORMED)


def _exact(value: object) -> bool:
    """Is every number in it one that has a canonical form and fits into a column? What others send
    is stored, hashed and passed on, far from the frame it came in (R9)."""
    if type(value) in _NO_NUMBERS:
        return True
    if isinstance(value, int):
        return -SAFE < value < SAFE
    inner: Iterable[object] = ()
    if isinstance(value, msgspec.Struct):
        inner = [getattr(value, name) for name in value.__struct_fields__]
    elif isinstance(value, dict):
        inner = value.values()
    elif isinstance(value, list | tuple | set | frozenset):
        inner = value
    # Most of what there is holds no number: looked at here, not in a call each.
    return all(map(_exact, [each for each in inner if type(each) not in _NO_NUMBERS]))


def decode_to_station(frame: str | bytes) -> ToStation | Refusal:
    """What the server sent to a station."""
    return _decode(_to_station, frame)


def decode_to_console(frame: str | bytes) -> ToConsole | Refusal:
    """What the server sent to a console."""
    return _decode(_to_console, frame)
