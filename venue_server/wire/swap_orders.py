"""Station swaps, branches of answers, and journals collected from dead stations (F12, F13, L02).

Parts and messages between server and stations, and the orders of people. The answers are described
in docs/protocol.md. Instants are exam time in milliseconds, UTC. No item content to consoles (O02).
"""

from enum import StrEnum

from venue_server.wire.chain import ResponseEntry
from venue_server.wire.frames import Message, Part, Second


class Keep(StrEnum):
    """Which branch of a sitting's answers stands, decided by two people (F24)."""

    CHAIN = "CHAIN"  # what the server accepted; the branch stays kept aside
    BRANCH = "BRANCH"  # the branch's answers are appended and stand


class Moved(Part, frozen=True):
    """To a station whose sitting goes on elsewhere: at which seat, and how much of this station's
    own chain the server holds (entry ``kept_seq`` with hash ``kept_head``; 0: nothing is known).
    ``settled``: nothing that this station brought waits for people any more."""

    sitting_id: str
    seat_no: str
    kept_seq: int
    kept_head: str
    settled: bool = False


class SittingMoved(Message, frozen=True):
    """Server → station: at the swap, and as the answer to each OfferTail."""

    moved: Moved


class OfferTail(Message, frozen=True):
    """Station → server: entries of a sitting that went on elsewhere, oldest first. The server keeps
    every one of them before it answers with SittingMoved; it merges them or keeps them aside."""

    sitting_id: str
    entries: list[ResponseEntry]


class TakeAnswers(Message, frozen=True):
    """Server → station at work: answers that the machine before it never sent. For each item that
    was not answered here after entry ``base_seq``, the station records the answer as the next entry
    of its own chain. Again is harmless."""

    sitting_id: str
    base_seq: int
    entries: list[ResponseEntry]


class SwapStation(Message, frozen=True):
    """A candidate goes on at a spare of the same room (F12, F13, F2). ``seat_no`` is the spare's;
    ``person_confirmed``: both people compared the person with the photo."""

    n: int
    room_id: str
    sitting_id: str
    seat_no: str
    reason: str
    person_confirmed: bool
    second: Second


class GetSpares(Message, frozen=True):
    """The spares of a room for one candidate, and why each of them can or cannot be used now."""

    n: int
    room_id: str
    sitting_id: str = ""


class GetSwaps(Message, frozen=True):
    """Swaps and branches of the session whose answers are still here, without any content."""

    n: int
    session_id: str = ""


class DecideBranch(Message, frozen=True):
    """The chief and an administrator decide about a branch of a handed-in sitting (F24)."""

    n: int
    sitting_id: str
    machine_id: str
    keep: Keep
    reason: str
    second: Second


class ImportStationJournal(Message, frozen=True):
    """Take in the journals copied from a station that does not come back (L02, [P-29], F4, F25).
    ``reason`` is needed for a plain folder of a LIVE venue, and with ``accept_unproved``: take in
    also what no station signed, or one that was revoked since. What contradicts a signature is
    never taken in by it."""

    n: int
    folder: str
    second: Second
    reason: str = ""
    accept_unproved: bool = False


UNPROVED = "unproved:"
"""Before the machine's id in the name of a branch: it came on a medium under that machine's name,
and nothing proves that the machine wrote it. Such a branch is never merged by rule."""


SwapMessage = SwapStation | GetSpares | GetSwaps | DecideBranch | ImportStationJournal
