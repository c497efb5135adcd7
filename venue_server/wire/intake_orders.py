"""Orders about the receipt of sealed papers: channels, media, custody, signatures (D01-D09, D13).

The answers are described in docs/protocol.md. Instants are exam time in milliseconds, UTC.
"""

from venue_server.wire.frames import Message, Part, Second


class OpenReceipt(Message, frozen=True):
    """Open a supervised receipt session (D02): signed-in operator plus supervisor."""

    n: int
    session_id: str
    second: Second


class ImportFolder(Message, frozen=True):
    """Take in every fragment of a folder on the server: a registered medium's mount point, or,
    where the mode allows it, any folder (D03). One of the two of the receipt session performs it,
    the other is its checker; ``second`` may sign as the other (N03)."""

    n: int
    folder: str
    second: Second | None = None


class ImportAgreed(Message, frozen=True):
    """As ImportFolder from a plain folder of a LIVE venue, agreed by two with a reason (D03)."""

    n: int
    folder: str
    reason: str
    second: Second


class FetchPackages(Message, frozen=True):
    """Fetch what is missing from headquarters' mirror, range by range (D18); by the two of the
    receipt session, as ImportFolder."""

    n: int
    second: Second | None = None


class CloseReceipt(Message, frozen=True):
    n: int
    second: Second


class GetIntake(Message, frozen=True):
    """What is here, what is missing, what to do next. An empty session means the current one."""

    n: int
    session_id: str = ""


class CheckPackages(Message, frozen=True):
    """The dry check of a session's sealed packages; it shows nothing of their content (D18)."""

    n: int
    session_id: str


class SignReceiptSheet(Message, frozen=True):
    """The chief signs that everything planned is here (D09). ``content_hash``: at least the first
    eight hex digits of the sheet that was seen."""

    n: int
    session_id: str
    content_hash: str


class RegisterMedium(Message, frozen=True):
    """Register a medium or device (D03, D04). ``folder``: where it is mounted, so that the system
    tells its serial; or ``serial`` for a device that has no file system. ``user`` may read it,
    ``keeper`` has it in custody."""

    n: int
    kind: str
    folder: str
    serial: str
    label: str
    keeper: str
    user: str
    valid_from_ms: int
    valid_until_ms: int
    second: Second
    seal_no: str = ""
    quantity: int = 1


class MoveMedium(Message, frozen=True):
    """Hand a medium out, or take it back (``back``): keeper and user sign together (D03)."""

    n: int
    medium_id: str
    back: bool
    second: Second
    supervisor: str = ""
    seal_no: str = ""
    camera: str = ""


class Deliverer(Part, frozen=True):
    """Somebody from outside who hands over. ``document_hint``: the end of a document number."""

    name: str
    unit: str
    document_hint: str


class RecordHandOver(Message, frozen=True):
    """Two or more hand over, two or more receive: the signed-in person, the second one and whoever
    else signs in ``more`` (D05, D13). ``items``: media or package ids it was about."""

    n: int
    kind: str
    quantity: int
    packaging: str
    seal_no: str
    result: str
    items: list[str]
    deliverers: list[Deliverer]
    second: Second
    more: list[Second] = []
    supervisor: str = ""
    camera: str = ""


class RecordKeeping(Message, frozen=True):
    """Two keepers take an item into their custody until ``until_ms`` (D06)."""

    n: int
    item_id: str
    place: str
    until_ms: int
    second: Second
    supervisor: str = ""
    camera: str = ""


class GetCustody(Message, frozen=True):
    """The custody chain of every item, or of one, with its gaps (D19, D20)."""

    n: int
    item_id: str = ""


IntakeMessage = (
    OpenReceipt
    | ImportFolder
    | ImportAgreed
    | FetchPackages
    | CloseReceipt
    | GetIntake
    | CheckPackages
    | SignReceiptSheet
    | RegisterMedium
    | MoveMedium
    | RecordHandOver
    | RecordKeeping
    | GetCustody
)
