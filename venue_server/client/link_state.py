"""The states of a link, why one went down, and what a failed attempt means. Rules only, no I/O.

docs/states/link.md is the drawing.
"""

import ssl
from dataclasses import dataclass, field
from enum import StrEnum

import aiohttp

from venue_server.wire.refusals import Refusal, RefusalCode


class LinkState(StrEnum):
    """Where a link is."""

    DISCONNECTED = "DISCONNECTED"  # not connected, waiting for the next attempt
    CONNECTING = "CONNECTING"
    UP = "UP"
    REFUSED = "REFUSED"  # the server does not take this machine; asks again slowly
    CLOSED = "CLOSED"  # closed by its owner, for good


_S = LinkState
TRANSITIONS: dict[LinkState, frozenset[LinkState]] = {
    _S.DISCONNECTED: frozenset({_S.CONNECTING, _S.CLOSED}),
    _S.CONNECTING: frozenset({_S.UP, _S.DISCONNECTED, _S.REFUSED, _S.CLOSED}),
    _S.UP: frozenset({_S.DISCONNECTED, _S.REFUSED, _S.CLOSED}),
    _S.REFUSED: frozenset({_S.CONNECTING, _S.CLOSED}),
    _S.CLOSED: frozenset(),
}


class DownCause(StrEnum):
    """Why a link is not up."""

    NO_ADDRESS = "NO_ADDRESS"  # nothing configured and nothing discovered yet
    UNREACHABLE = "UNREACHABLE"  # no TCP or TLS connection in time
    UNTRUSTED_SERVER = "UNTRUSTED_SERVER"  # certificate of another CA or another name
    WRONG_DATES = "WRONG_DATES"  # its certificate is not valid at this machine's date
    REFUSED = "REFUSED"  # see Down.refusal
    BUSY = "BUSY"  # the server asks to come again later (HTTP 429 or 503)
    NOT_A_SERVER = "NOT_A_SERVER"  # it speaks, but not this protocol
    LOST = "LOST"  # the connection broke or the server closed it
    SILENT = "SILENT"  # nothing heard for too long: a cut cable, a dead server
    CONGESTED = "CONGESTED"  # the server stopped reading and the send queue is full
    CLOSED = "CLOSED"  # closed by its owner


@dataclass(frozen=True)
class Down:
    """Why a link went down or an attempt failed. ``refusal`` is set when the server said no,
    ``address`` is ``host:port`` where one was tried."""

    cause: DownCause
    detail: str = ""
    refusal: Refusal | None = None
    address: str = field(default="", compare=False)


class LinkError(Exception):
    """No answer: it is not known whether the server acted on the request."""


class LinkDown(LinkError):
    """The link is down, or went down before the answer came."""

    def __init__(self, down: Down) -> None:
        super().__init__(f"link down: {down.cause}")
        self.down = down


class DeadlineMissed(LinkError):
    """The link is up but the answer did not come in time."""


class UnexpectedReply(LinkError):
    """The server answered with another kind of message than the protocol says."""


# Unnumbered refusals that end a connection: asking again at once cures nothing.
FINAL_CODES = frozenset({RefusalCode.NOT_ENROLLED, RefusalCode.VERSION_UNKNOWN})
_NOT_ENROLLED = Refusal(RefusalCode.NOT_ENROLLED)
_FORBIDDEN = frozenset({401, 403})
_BUSY = frozenset({429, 503})
_DATES = frozenset({9, 10})  # X509_V_ERR_CERT_NOT_YET_VALID, _HAS_EXPIRED (OpenSSL, x509_vfy.h)
POLICY_VIOLATION = 1008  # WebSocket close code of a revoked machine (RFC 6455 §7.4.1)


def refused(refusal: Refusal = _NOT_ENROLLED) -> Down:
    """The server does not take this machine."""
    return Down(DownCause.REFUSED, refusal=refusal)


def closed_by_server(close_code: int | None) -> Down:
    """What the end of a connection means; None when it broke without a close frame."""
    if close_code == POLICY_VIOLATION:
        return refused()
    return Down(DownCause.LOST, f"close code {close_code}")


def failed_attempt(error: Exception, hangups: int) -> Down:
    """What an exception from connecting means.

    In TLS 1.3 the client's handshake ends before the server has looked at its certificate, so a
    refused certificate shows as an alert or a bare hang-up afterwards. An alert is certain. A
    hang-up may also be a server that is just stopping: only the second in a row (``hangups``
    before this one) counts as a refusal.
    """
    match error:
        case aiohttp.ClientConnectorCertificateError():
            return _untrusted(error.certificate_error)
        case aiohttp.ClientConnectorSSLError():
            return Down(DownCause.UNTRUSTED_SERVER, _tls_reason(error))
        case aiohttp.WSServerHandshakeError(status=status):
            return _failed_upgrade(status)
        case aiohttp.ClientConnectorError() | TimeoutError():
            return Down(DownCause.UNREACHABLE, type(error).__name__)
        case _ if "CERT" in (reason := _tls_reason(error)) or "UNKNOWN_CA" in reason:
            return refused()
        case _ if is_hangup(error):
            return refused() if hangups else Down(DownCause.LOST, "closed after the handshake")
    return Down(DownCause.NOT_A_SERVER, type(error).__name__)


def _untrusted(error: Exception) -> Down:
    dates = getattr(error, "verify_code", 0) in _DATES
    cause = DownCause.WRONG_DATES if dates else DownCause.UNTRUSTED_SERVER
    return Down(cause, type(error).__name__)


def is_hangup(error: Exception) -> bool:
    """True when the connection was made and then closed without an answer."""
    return not isinstance(error, aiohttp.ClientConnectorError) and isinstance(
        error, aiohttp.ServerDisconnectedError | ConnectionError | aiohttp.ClientOSError
    )


def _failed_upgrade(status: int) -> Down:
    if status in _FORBIDDEN:
        return refused()
    cause = DownCause.BUSY if status in _BUSY else DownCause.NOT_A_SERVER
    return Down(cause, f"HTTP {status}")


def _tls_reason(error: BaseException) -> str:
    """OpenSSL's name of the failure anywhere in the chain of causes, or nothing.

    aiohttp's own TLS errors are SSLErrors too, but without a ``reason``; they wrap the real one.
    """
    seen: BaseException | None = error
    while seen is not None:
        reason = getattr(seen, "reason", None) if isinstance(seen, ssl.SSLError) else None
        if isinstance(reason, str):
            return reason
        wrapped = seen.os_error if isinstance(seen, aiohttp.ClientConnectorError) else None
        seen = wrapped or seen.__cause__ or seen.__context__
    return ""
