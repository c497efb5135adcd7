"""What uploads of a venue go by: its key, and for each session where its own plan sends it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from venue_server.sitting.plan import DesignatedServer
from venue_server.upload.delivery import Delivery


@dataclass(frozen=True)
class Destination:
    """What a session's own signed plan names: where its answers go, and headquarters' raw HPKE key
    that they are sealed to (L01, O06)."""

    server: DesignatedServer
    bundle_public: bytes


@dataclass(frozen=True)
class UploadSettings:
    """``folder`` keeps sealed bundles, signed with ``signing``. ``destination_of`` a session: two
    plans of one venue may name two. ``twins`` is where each bundle lies a second time, on another
    device; None while that is away. ``rate`` is exam seconds per real second."""

    folder: Path
    signing: Ed25519PrivateKey
    destination_of: Callable[[str], Destination]
    headquarters_keys: Mapping[str, Ed25519PublicKey]
    headquarters_threshold: int = 2
    rate: float = 1.0
    twins: Callable[[], Path | None] = lambda: None
    delivery: Delivery = field(default_factory=Delivery)
