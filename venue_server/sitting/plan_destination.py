"""May answers be sealed and sent as a plan says? Asked when the plan comes, not when the exam has
ended: another address, certificate or key can then be had (L01, O06). Pure.
"""

import binascii
from collections.abc import Iterator
from urllib.parse import urlsplit

from cryptography.x509 import InvalidVersion, load_pem_x509_certificates

from venue_server.sitting.plan import Plan
from venue_server.wire import hpke
from venue_server.wire.canonical import unb64


def destination_problems(plan: Plan) -> list[str]:
    """What keeps answers from going where the plan says, as ``place: what``; empty: nothing."""
    return list(_problems(plan))


def _problems(plan: Plan) -> Iterator[str]:
    if not _is_address(plan.designated_server.base_url):
        yield "designated_server.base_url: must be https, with a name or an address"
    try:
        found = len(load_pem_x509_certificates(plan.designated_server.certificate_pem.encode()))
    except (ValueError, InvalidVersion):
        found = 0
    if found != 1:
        yield "designated_server.certificate_pem: must be one certificate"
    try:
        hpke.seal(unb64(plan.bundle_public), b"", b"")
    except (hpke.HpkeError, binascii.Error, ValueError):
        yield "bundle_public: is no public key that answers can be sealed to"


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        usable = parts.port is None or parts.port > 0
    except ValueError:
        return False
    plain = not (parts.username or parts.password or parts.query or parts.fragment)
    return parts.scheme == "https" and bool(parts.hostname) and usable and plain
