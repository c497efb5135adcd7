"""What a candidate may want: the only things the screens ever tell the session machine."""

from dataclasses import dataclass


@dataclass(frozen=True)
class EnterLogin:
    ticket_no: str
    id_number: str


@dataclass(frozen=True)
class ConfirmDetails:
    """The candidate says the details shown are theirs."""


@dataclass(frozen=True)
class RejectDetails:
    """The details are not theirs: back to log-in, the invigilator is told."""


@dataclass(frozen=True)
class AgreeRules:
    """我已阅读 (H01)."""


@dataclass(frozen=True)
class ChangeAnswer:
    """An item's whole answer as it now stands; replaces the one before."""

    item_id: str
    values: dict[str, list[str]]
    displayed: dict[str, list[str]]


@dataclass(frozen=True)
class GoTo:
    item_id: str


@dataclass(frozen=True)
class Step:
    """Next (+1) or previous (-1) item."""

    by: int


@dataclass(frozen=True)
class ToggleFlag:
    item_id: str


@dataclass(frozen=True)
class MarkText:
    """All marks in an item's text, each ``start-end``; replaces those before (H05)."""

    item_id: str
    marks: tuple[str, ...]


@dataclass(frozen=True)
class ReadNotice:
    """我已阅读 under a correction notice of headquarters (F14)."""

    sequence: int


@dataclass(frozen=True)
class EnterStartCode:
    """The room start code as typed (考场启动码, E04)."""

    code: str


@dataclass(frozen=True)
class AskSubmit:
    """交卷 pressed: show the confirmation with the unanswered count (G10)."""


@dataclass(frozen=True)
class CancelSubmit:
    """Back to answering."""


@dataclass(frozen=True)
class ConfirmSubmit:
    """Really hand in."""


@dataclass(frozen=True)
class RaiseHand:
    """举手: ask for an invigilator; shown at the seat on the console until they come."""

    up: bool


Intent = (
    EnterLogin
    | ConfirmDetails
    | RejectDetails
    | AgreeRules
    | ChangeAnswer
    | GoTo
    | Step
    | ToggleFlag
    | MarkText
    | ReadNotice
    | EnterStartCode
    | AskSubmit
    | CancelSubmit
    | ConfirmSubmit
    | RaiseHand
)
