"""One attempt to bring one bundle home: upload, then ask for the receipt. Blocking.

Headquarters needs a moment to open and verify what arrived; the receipt is asked for until
``receipt_wait_s`` real seconds have passed, and otherwise at the next attempt. A 404 with
Retry-After says that it is being opened; without one, to the end, that nothing is known of it: what
HEAD said is there is not, and it is sent anew.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from venue_server.sitting.plan import DesignatedServer
from venue_server.upload.bundle import SealedBundle
from venue_server.upload.pinned import PinnedServer, UploadFault
from venue_server.upload.schedule import Uniform, asked_s, come_back_s, receipt_pause_s
from venue_server.upload.tus import UploadGoneError, refused, upload_file


@dataclass(frozen=True)
class Delivery:
    """Real seconds: of one silent request, and of waiting for a receipt."""

    timeout_s: float = 30.0
    receipt_wait_s: float = 60.0


class RejectedError(Exception):
    """Headquarters received the bundle and refused it; it must be sent anew."""


def deliver(
    server: DesignatedServer,
    bundle: SealedBundle,
    file: Path,
    url: str | None,
    remember: Callable[[str], None],
    limits: Delivery,
    stop: Event,
    uniform: Uniform,
    confirmed: Callable[[int], None],
    piece: int,
) -> bytes:
    """Upload ``file``, the bundle as it was sealed, from where it was left and return the receipt's
    bytes, not yet verified. ``confirmed`` hears how many bytes the server says that it holds; the
    first piece is of ``piece`` bytes.

    Raises UploadFault, UploadGoneError, WrongServerError, RejectedError, OSError.
    """
    pinned = PinnedServer(server, limits.timeout_s)
    try:
        metadata = {"bundle_id": bundle.bundle_id, "sha256": bundle.sha256}
        if url is not None and not pinned.leads_here(url):
            url = None  # remembered of another server: asked nothing, and no reason to stop
        upload_file(pinned, file, metadata, url, remember, stop, confirmed, piece)
        return _receipt(pinned, bundle.bundle_id, limits.receipt_wait_s, stop, uniform)
    finally:
        pinned.close()


def _receipt(
    server: PinnedServer, bundle_id: str, wait_s: float, stop: Event, uniform: Uniform
) -> bytes:
    until, asked, known = time.monotonic() + wait_s, 0, False
    while True:
        answer = server.ask("GET", f"receipts/{bundle_id}", {})
        asked += 1
        if answer.status_code == 200:
            return answer.content
        if answer.status_code == 409:
            raise RejectedError(f"headquarters refused the bundle: {answer.text[:200]}")
        if answer.status_code != 404:
            raise refused("GET receipt", answer)
        wanted = asked_s(answer.headers)
        known = known or wanted is not None
        pause = receipt_pause_s(asked, uniform, wanted)
        if time.monotonic() + pause > until:
            if not known:
                raise UploadGoneError("headquarters knows nothing of the bundle")
            raise UploadFault("no receipt yet", come_back_s(wanted))
        if stop.wait(pause):
            raise UploadFault("stopped")
