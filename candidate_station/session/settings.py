"""What a station must be told from outside."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class StationSettings:
    """``server`` and ``enrol`` are ``host:port`` of the venue server's two listeners, empty when
    only discovery (a hint, never trusted) may find them. ``data_dir`` holds identity, journals and
    sealed papers; it belongs to this station alone."""

    data_dir: Path
    server: str = ""
    enrol: str = ""
    discovery: bool = True
