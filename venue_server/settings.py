"""The venue's settings: one frozen, typed value read from ``venue.json`` in the data folder."""

from pathlib import Path

import msgspec

from venue_server.storage.files import write_whole
from venue_server.wire.names import Mode

MIB = 1024 * 1024


class Headquarters(msgspec.Struct, frozen=True):
    """What the venue was given by headquarters on paper: keys, threshold, address, certificate."""

    keys: list[str]  # base64 raw Ed25519 public keys
    threshold: int
    base_url: str
    certificate_pem: str
    other_urls: list[str] = []  # a second uplink or mirrors, tried in turn
    other_certificates: list[str] = []  # PEM; accepted besides the first one, at every address


class MirrorAddress(msgspec.Struct, frozen=True):
    """A mirror of headquarters' sealed packages, and the one certificate accepted there."""

    base_url: str
    certificate_pem: str


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that can be set. Folders may be relative to the data folder.

    ``second_folder`` holds the second copy of every answer and must be another device;
    ``backup_folders`` take the backups after the session. ``media`` has the identity of the medium
    that belongs at each of these folders (storage/medium.py); a folder without one takes any. Times
    are real seconds unless named.
    """

    venue_id: str
    venue_name: str
    mode: Mode
    headquarters: Headquarters
    listen_host: str = "0.0.0.0"  # noqa: S104  # the LAN is the point; only mTLS answers
    listen_port: int = 7443
    enrol_port: int = 7444
    second_folder: str = "second"
    backup_folders: list[str] = msgspec.field(default_factory=lambda: ["backup"])
    backups_required: int = 1
    media: dict[str, str] = msgspec.field(default_factory=dict)
    reserve_bytes: int = 256 * MIB
    disk_floor_bytes: int = 128 * MIB
    start_lead_s: float = 0.5
    room_lead_s: float = 10.0  # from an order to start or resume a room until it goes on
    hand_in_grace_s: float = 5.0
    heartbeat_lost_s: float = 6.0
    advertise: bool = True
    argon2_memory_kib: int = 65536
    same_device_allowed: bool = False
    mirrors: list[MirrorAddress] = []  # of sealed packages; empty: headquarters itself
    enrolments_per_address: int = 16
    receiving_cards: list[str] = []  # network cards used only while papers are received (D03)


SETTINGS_FILE = "venue.json"


def load_settings(data: Path) -> Settings:
    """Read ``venue.json``. Raises msgspec.ValidationError naming the field that is wrong."""
    return msgspec.json.decode((data / SETTINGS_FILE).read_bytes(), type=Settings)


def save_settings(data: Path, settings: Settings) -> None:
    """Write ``venue.json`` durably, readable by its owner only."""
    text = msgspec.json.format(msgspec.json.encode(settings), indent=2)
    write_whole(data / SETTINGS_FILE, text + b"\n")
