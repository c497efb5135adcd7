"""One attempt to bring one bundle home: upload, then ask for the receipt. Blocking.

Headquarters needs a moment to open and verify what arrived; the receipt is asked for until
``receipt_wait_s`` real seconds have passed, and otherwise at the next attempt.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

from venue_server.sitting.plan import DesignatedServer
from venue_server.storage.files import sha256_file
from venue_server.upload.bundle import SealedBundle
from venue_server.upload.pinned import PinnedServer, UploadFault
from venue_server.upload.tus import upload_file

_LONGEST_PAUSE_S = 5.0


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
    url: str | None,
    remember: Callable[[str], None],
    limits: Delivery,
    stop: Event,
) -> bytes:
    """Upload from where it was left and return the receipt's bytes, not yet verified.

    Raises UploadFault, UploadGoneError, WrongServerError, RejectedError, OSError.
    """
    if sha256_file(bundle.file) != bundle.sha256:
        raise UploadFault("the bundle on this disk differs from what was sealed")
    pinned = PinnedServer(server, limits.timeout_s)
    try:
        metadata = {"bundle_id": bundle.bundle_id, "sha256": bundle.sha256}
        upload_file(pinned, bundle.file, metadata, url, remember, stop)
        return _receipt(pinned, bundle.bundle_id, limits.receipt_wait_s, stop)
    finally:
        pinned.close()


def _receipt(server: PinnedServer, bundle_id: str, wait_s: float, stop: Event) -> bytes:
    until = time.monotonic() + wait_s
    while True:
        answer = server.ask("GET", f"receipts/{bundle_id}", {})
        if answer.status_code == 200:
            return answer.content
        if answer.status_code == 409:
            raise RejectedError(f"headquarters refused the bundle: {answer.text[:200]}")
        if answer.status_code != 404:
            raise UploadFault(f"GET receipt: {answer.status_code}")
        pause = _pause_s(answer.headers.get("Retry-After"))
        if time.monotonic() + pause > until:
            raise UploadFault("no receipt yet")
        if stop.wait(pause):
            raise UploadFault("stopped")


def _pause_s(retry_after: str | None) -> float:
    if retry_after is None or not retry_after.isdecimal():
        return 1.0
    return min(_LONGEST_PAUSE_S, max(0.1, float(retry_after)))
