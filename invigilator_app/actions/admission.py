"""The admission form at the door (F01-F06): what is still missing, and the order it makes."""

from dataclasses import dataclass
from enum import StrEnum

from invigilator_app.actions.identity_number import IdHint, hint, normalised
from invigilator_app.board.deadlines import admission_over
from venue_server.wire.console_orders import Admit
from venue_server.wire.console_views import RoomView
from venue_server.wire.names import IdDocument, NameCheck, PersonCheck
from venue_server.wire.refusals import RefusalCode

DOUBTFUL = frozenset(
    {RefusalCode.ID_MISMATCH, RefusalCode.IDENTITY_DOUBTED, RefusalCode.DOUBT_OPEN}
)
"""Refusals after which two invigilators may decide to let somebody in all the same (F14)."""


class Missing(StrEnum):
    """What keeps the form from being sent."""

    TICKET = "TICKET"
    ID_NUMBER = "ID_NUMBER"
    ID_CHECK = "ID_CHECK"
    TICKET_CHECK = "TICKET_CHECK"


class Warn(StrEnum):
    """What is shown but does not keep the form from being sent: the server decides."""

    CHECKSUM = "CHECKSUM"
    LENGTH = "LENGTH"
    TOO_LATE = "TOO_LATE"  # sent all the same: the server refuses and records the late arrival


@dataclass(frozen=True)
class AdmissionForm:
    """The form as filled in so far."""

    ticket_no: str = ""
    id_document: IdDocument = IdDocument.RESIDENT_ID
    id_number: str = ""
    id_checked: bool = False
    ticket_checked: bool = False
    name: NameCheck = NameCheck.SAME
    person: PersonCheck = PersonCheck.SAME
    belongings_checked: bool = False

    def missing(self) -> tuple[Missing, ...]:
        """In the order of the form; both documents must be ticked (F01, 两证缺一不可)."""
        wanted = (
            (Missing.TICKET, bool(self.ticket_no.strip())),
            (Missing.ID_NUMBER, bool(normalised(self.id_number))),
            (Missing.ID_CHECK, self.id_checked),
            (Missing.TICKET_CHECK, self.ticket_checked),
        )
        return tuple(kind for kind, present in wanted if not present)

    def warnings(self, room: RoomView, now_ms: int) -> tuple[Warn, ...]:
        found = []
        if admission_over(room, now_ms):
            found.append(Warn.TOO_LATE)
        if self.id_document is IdDocument.RESIDENT_ID:
            match hint(self.id_number):
                case IdHint.CHECKSUM_WRONG:
                    found.append(Warn.CHECKSUM)
                case IdHint.INCOMPLETE | IdHint.MALFORMED:
                    found.append(Warn.LENGTH)
        return tuple(found)

    def order(self, room_id: str) -> Admit:
        """The order; a form with something missing makes none."""
        assert not self.missing()
        return Admit(
            0,
            room_id,
            self.ticket_no.strip(),
            self.id_document,
            normalised(self.id_number),
            self.id_checked,
            self.ticket_checked,
            self.name,
            self.person,
            self.belongings_checked,
        )
