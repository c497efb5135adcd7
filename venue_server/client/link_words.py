"""Why there is no line to the server, as a refusal with a stable code: what happened, what to do.

Both programs at the seats show the same words. Nothing of the operating system's own texts is in
them, only the address that was tried.
"""

from venue_server.client.enrolment import EnrolmentError, EnrolmentUnreachable
from venue_server.client.link_state import Down, DownCause
from venue_server.wire.refusals import Refusal, RefusalCode

_CODES = {
    DownCause.NO_ADDRESS: RefusalCode.SERVER_NOT_FOUND,
    DownCause.UNREACHABLE: RefusalCode.SERVER_UNREACHABLE,
    DownCause.UNTRUSTED_SERVER: RefusalCode.SERVER_FOREIGN,
    DownCause.WRONG_DATES: RefusalCode.SERVER_DATES,
    DownCause.REFUSED: RefusalCode.NOT_ENROLLED,
    DownCause.BUSY: RefusalCode.SERVER_BUSY,
    DownCause.NOT_A_SERVER: RefusalCode.NOT_A_SERVER,
    DownCause.LOST: RefusalCode.LINE_LOST,
    DownCause.SILENT: RefusalCode.LINE_LOST,
    DownCause.CONGESTED: RefusalCode.LINE_LOST,
    DownCause.CLOSED: RefusalCode.LINE_LOST,
}


def explained(down: Down) -> Refusal:
    """The server's own no where it said one, else what the cause means to a person."""
    return down.refusal or Refusal(_CODES[down.cause], down.address)


def not_found() -> Refusal:
    """Nothing is configured and nothing announces itself."""
    return Refusal(RefusalCode.SERVER_NOT_FOUND)


def not_enrolled_because(error: EnrolmentError, address: str) -> Refusal:
    """Why an enrolment at ``address`` came to nothing."""
    if isinstance(error, EnrolmentUnreachable):
        return Refusal(RefusalCode.SERVER_UNREACHABLE, address)
    return Refusal(RefusalCode.ENROLMENT_UNTRUSTED, address)
