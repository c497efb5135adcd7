"""Messages to bytes and back, with one bound on size and one kind of failure."""

from typing import cast

import msgspec

from venue_server.wire.console_orders import ConsoleMessage
from venue_server.wire.console_views import ToConsole
from venue_server.wire.frames import Message
from venue_server.wire.messages import MAX_FRAME, MAX_SAVE_FRAME
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.station_messages import Save, StationMessage, ToStation

_encoder = msgspec.json.Encoder()
_station = msgspec.json.Decoder(StationMessage)
_console = msgspec.json.Decoder(ConsoleMessage)
_to_station = msgspec.json.Decoder(ToStation)
_to_console = msgspec.json.Decoder(ToConsole)


def encode(message: Message) -> str:
    """One message as the text of one frame."""
    return _encoder.encode(message).decode()


def encode_frame(message: Message) -> bytes:
    """One message as the UTF-8 bytes of one text frame."""
    return _encoder.encode(message)


def _decode(decoder: msgspec.json.Decoder, frame: str | bytes) -> object:  # type: ignore[type-arg]  # the union types differ
    if len(frame) > MAX_FRAME:
        return Refusal(RefusalCode.MESSAGE_TOO_LARGE)
    try:
        return decoder.decode(frame)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Refusal(RefusalCode.MESSAGE_MALFORMED)


def decode_station(frame: str | bytes) -> StationMessage | Refusal:
    """What a station sent."""
    found = cast(StationMessage | Refusal, _decode(_station, frame))
    if isinstance(found, Save) and len(frame) > MAX_SAVE_FRAME:
        return Refusal(RefusalCode.MESSAGE_TOO_LARGE)
    return found


def decode_console(frame: str | bytes) -> ConsoleMessage | Refusal:
    """What a console or the command line sent."""
    return cast(ConsoleMessage | Refusal, _decode(_console, frame))


def decode_to_station(frame: str | bytes) -> ToStation | Refusal:
    """What the server sent to a station."""
    return cast(ToStation | Refusal, _decode(_to_station, frame))


def decode_to_console(frame: str | bytes) -> ToConsole | Refusal:
    """What the server sent to a console."""
    return cast(ToConsole | Refusal, _decode(_to_console, frame))
