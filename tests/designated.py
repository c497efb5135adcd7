"""The designated server and the bundle key of plans that tests make (L01, O06)."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from venue_server.headquarters.service_keys import init_headquarters


@cache
def destination() -> dict[str, Any]:
    """The two fields of a plan, of a headquarters that nobody runs."""
    with TemporaryDirectory() as folder:
        keys = init_headquarters(Path(folder) / "hq")
    server = {"base_url": "https://hq.test", "certificate_pem": keys.certificate_pem}
    return {"designated_server": server, "bundle_public": keys.bundle_public}
