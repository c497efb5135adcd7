"""How the calibration paper looked on the machine it was released from: ``reference.json``.

Written by ``candidate-station --write-calibration-reference`` on the release machine, whose fonts
the installation names (docs/calibration.md).
"""

import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from candidate_station.inspection.digest import from_text, to_text

Digests = Mapping[int, Mapping[str, bytes]]
FORMAT = "kaodian-calibration/1"


def load_reference() -> dict[int, dict[str, bytes]]:
    """Digests by zoom and item."""
    raw = json.loads((files(__package__) / "reference.json").read_text(encoding="utf-8"))
    assert raw["format"] == FORMAT
    return {
        int(zoom): {item_id: from_text(text) for item_id, text in pages.items()}
        for zoom, pages in raw["digests"].items()
    }


def write_reference(path: Path, digests: Digests) -> None:
    """Write what was seen as the new reference."""
    pages = {
        str(zoom): {item_id: to_text(grid) for item_id, grid in sorted(seen.items())}
        for zoom, seen in sorted(digests.items())
    }
    text = json.dumps({"format": FORMAT, "digests": pages}, indent=1)
    path.write_text(text + "\n", encoding="utf-8")
