"""Where answers are, wiping, keeping and destruction: parts, messages, orders (L10, L11, M07).

The answers are described in docs/protocol.md; docs/wiping.md tells what they are for. Nothing here
holds item content. Instants are exam time in milliseconds, UTC.
"""

from enum import StrEnum

from venue_server.wire.frames import Message, Part, Second


class AnswerPlace(StrEnum):
    """The furthest place on the way home that an answer has reached, in this order (H07)."""

    NOWHERE = "NOWHERE"  # no answer yet
    STATION = "STATION"  # 只在考试机上
    SERVER = "SERVER"  # 在考点服务器上，一处
    SECOND = "SECOND"  # 考点两处保存
    BACKUP = "BACKUP"  # 已核验的备份介质
    HEADQUARTERS = "HEADQUARTERS"  # 已上报，回执相符


class AtRisk(Part, frozen=True):
    """Answers of one seat that one fault could lose. ``only_station``: nobody but the station has
    them; ``one_disk``: of the venue's disks only one has them. Each since when, 0: not known.
    ``unheard``: the sitting is open and its station silent since ``station_since_ms`` (0: since the
    server started), so that there may be more."""

    only_station: int = 0
    station_since_ms: int = 0
    one_disk: int = 0
    disk_since_ms: int = 0
    unheard: bool = False


class AnswersAt(Message, frozen=True):
    """Server → station: how far everything that was acknowledged of this sitting has come."""

    sitting_id: str
    place: AnswerPlace


class PaperWiped(Message, frozen=True):
    """Station → server: it destroyed its paper, keys and (acknowledged) journal (L10, L11).
    ``left`` names what it found on its disk afterwards; empty is the proof that nothing is left."""

    paper_id: str
    sitting_id: str = ""
    left: list[str] = []


class WipePaper(Message, frozen=True):
    """Server → station: destroy paper, keys and the acknowledged journal of this session.
    ``sha256``: the ciphertexts of the paper's forms, so that half-fetched ones are found too."""

    paper_id: str
    sitting_id: str = ""
    sha256: list[str] = []


class GetAnswers(Message, frozen=True):
    """Where every answer of a session is; an empty session: the one whose records are open or that
    goes on now; an empty room: every room."""

    n: int
    session_id: str = ""
    room_id: str = ""


class GetWipeCheck(Message, frozen=True):
    """Search again for what the wiping of a session should have taken, and what its stations said.
    ``closed`` is true only when nothing is left anywhere."""

    n: int
    session_id: str


class GetWipeCertificate(Message, frozen=True):
    """The certificate of a finished wiping: as it is, signed by the venue, and as facts."""

    n: int
    session_id: str


class GetRetention(Message, frozen=True):
    """How long each thing of a session is kept, from when, and whether it may go (M01-M07). Empty:
    every session that ended."""

    n: int
    session_id: str = ""


class DestroyKept(Message, frozen=True):
    """Destroy what was kept long enough (M07). ``what``: answers or records; ``method`` and
    ``reference`` (the order of the secrecy rules) go onto the certificate. Media that are not here
    are named on it as destroyed by hand: both people state that."""

    n: int
    session_id: str
    what: str
    method: str
    reference: str
    second: Second


class GetDestructionCertificate(Message, frozen=True):
    """The certificate of a finished destruction (M07), as :class:`DestroyKept` answered it."""

    n: int
    session_id: str
    what: str


class GetHoldings(Message, frozen=True):
    """What the venue still holds of each session that ended: answers, second copy, backups, bundle
    and receipt, wiping, periods of keeping; what is open, and who must act (L04, L10, M01-M07)."""

    n: int


class SealAnew(Message, frozen=True):
    """Something was found after the sealing (a dead station's journal): the session is collected,
    backed up, reconciled, signed and sealed again, as a later version. The earlier one stays, and
    is at headquarters already (L03)."""

    n: int
    session_id: str
    reason: str
    second: Second


WipingMessage = (
    GetAnswers
    | GetWipeCheck
    | GetWipeCertificate
    | GetRetention
    | DestroyKept
    | GetDestructionCertificate
    | GetHoldings
    | SealAnew
)
