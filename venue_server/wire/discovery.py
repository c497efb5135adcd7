"""What the venue server announces by mDNS: a hint where it may be, never a reason to trust it.

The record carries no secret and no personal data (ARCHITECTURE, Trust on the LAN). Its SRV port is
the main mTLS listener. Whoever follows the hint still meets a server that must prove itself with a
certificate of the venue's own CA.
"""

from venue_server.wire.canonical import sha256_hex

TYPE = "_kaodian._tcp.local."
TXT_VERSION = "v"  # messages.PROTOCOL_VERSION, decimal
TXT_VENUE = "venue"  # venue_hint() of the venue's CA
TXT_ENROL_PORT = "enrol"  # port of the enrolment listener, decimal


def venue_hint(ca_der: bytes) -> str:
    """Opaque name of a venue: 16 hex digits of the SHA-256 over ``kaodian-venue/1`` and its CA.

    An enrolled machine ignores the announcements of other venues by it.
    """
    return sha256_hex(b"kaodian-venue/1\0" + ca_der)[:16]
