"""Names shared by every program, in the words of the field (docs/glossary.md)."""

from enum import StrEnum


class Role(StrEnum):
    """People of the venue (requirements A01-A13)."""

    CHIEF = "CHIEF"  # 主考
    DEPUTY = "DEPUTY"  # 副主考
    INVIGILATOR = "INVIGILATOR"  # 监考
    ROVING = "ROVING"  # 流动监考
    SYSADMIN = "SYSADMIN"  # 系统管理员
    INSPECTOR = "INSPECTOR"  # 巡视, read-only
    ZONE_DIRECTOR = "ZONE_DIRECTOR"  # 考区主任: approves reserve papers, lifts a freeze (D10)


class Mode(StrEnum):
    """What a paper or a plan may be used for (E07)."""

    LIVE = "LIVE"
    REHEARSAL = "REHEARSAL"
    PRACTICE = "PRACTICE"


class MediaClass(StrEnum):
    """Media class of a subject; decides the admission cut-off (F05, F06)."""

    NORMAL = "NORMAL"
    AUDIO = "AUDIO"
    VIDEO = "VIDEO"


class SittingState(StrEnum):
    """One candidate's sitting of one session."""

    SCHEDULED = "SCHEDULED"
    ADMITTED = "ADMITTED"
    LATE_REFUSED = "LATE_REFUSED"
    IDENTITY_DOUBT = "IDENTITY_DOUBT"
    LOGGED_IN = "LOGGED_IN"
    CONFIRMED = "CONFIRMED"
    RULES_ACK = "RULES_ACK"
    IN_PROGRESS = "IN_PROGRESS"
    SUBMITTED = "SUBMITTED"
    EXITED = "EXITED"
    TERMINATED = "TERMINATED"
    ABSENT = "ABSENT"
    NOT_HELD = "NOT_HELD"  # headquarters stopped the session before it began: nobody was absent


class SessionState(StrEnum):
    """One session of the venue's day."""

    PLANNED = "PLANNED"
    OPEN = "OPEN"  # doors open
    LOGIN_ALLOWED = "LOGIN_ALLOWED"
    ARMED = "ARMED"  # two people armed the release; waiting for the release point
    STARTED = "STARTED"
    ENDED = "ENDED"
    RECONCILED = "RECONCILED"
    SEALED = "SEALED"
    UPLOADED = "UPLOADED"
    WIPED = "WIPED"


class PackageState(StrEnum):
    """One sealed paper at the venue."""

    EXPECTED = "EXPECTED"
    RECEIVING = "RECEIVING"
    COMPLETE = "COMPLETE"
    RELEASED = "RELEASED"
    ENDED = "ENDED"
    UNUSED = "UNUSED"  # the session ended and it was never opened: a reserve, or a replaced form
    WIPED = "WIPED"


class DataState(StrEnum):
    """Where a session's answers are (L01); each step is reached only from the one before."""

    COLLECTING = "COLLECTING"
    COLLECTED = "COLLECTED"
    BACKED_UP = "BACKED_UP"
    SEALED = "SEALED"
    UPLOADING = "UPLOADING"
    UPLOADED = "UPLOADED"
    WIPED = "WIPED"


class SubmitKind(StrEnum):
    """How a sitting ended."""

    EARLY = "EARLY"
    AUTO = "AUTO"  # at zero, without confirmation (G09)
    FORCED = "FORCED"
    TERMINATED = "TERMINATED"  # ended by two people for disorder (V05)
    EXCEPTIONAL = "EXCEPTIONAL"  # left while the room was closed (G01)


class SeatLink(StrEnum):
    """The live state of a seat's machine as the server sees it."""

    ABSENT = "ABSENT"  # never connected today
    ONLINE = "ONLINE"
    OFFLINE = "OFFLINE"


class IdDocument(StrEnum):
    """Valid identity documents (F01)."""

    RESIDENT_ID = "RESIDENT_ID"  # 居民身份证
    SOCIAL_SECURITY_CARD = "SOCIAL_SECURITY_CARD"  # 社会保障卡
    PERMANENT_RESIDENCE = "PERMANENT_RESIDENCE"  # 外国人永久居留证
    OTHER = "OTHER"


class NameCheck(StrEnum):
    """The name on the document against the registered one, by the invigilator's eyes (F02, F03)."""

    SAME = "SAME"
    RARE_CHARACTER = "RARE_CHARACTER"  # differs only where the registration notes a substitute
    DIFFERENT = "DIFFERENT"


class PersonCheck(StrEnum):
    """Person, photo on the document and photo of the registration side by side (F02, F08)."""

    SAME = "SAME"
    DOUBT = "DOUBT"


class DoubtKind(StrEnum):
    """What does not match at the door (F02, F14)."""

    NUMBER = "NUMBER"
    NAME = "NAME"
    PERSON = "PERSON"


class DoubtState(StrEnum):
    """One identity doubt (F14). Drawing: docs/states/doubt.md."""

    RAISED = "RAISED"  # stands at the door
    WITHDRAWN = "WITHDRAWN"  # only the number was doubted, and a later check fits
    PROVISIONAL = "PROVISIONAL"  # admitted by two invigilators; the chief is told
    VERIFIED = "VERIFIED"  # two signed: it is the registered person
    NOT_VERIFIED = "NOT_VERIFIED"  # two signed that it could not be verified: the chief decides
    DECIDED = "DECIDED"


class ChiefWord(StrEnum):
    """What the chief decides about an identity that could not be verified (F14)."""

    STAYS = "STAYS"  # goes on; headquarters verifies afterwards
    REFERRED = "REFERRED"  # dealt with as a suspected impersonation


class ItemKind(StrEnum):
    """What is kept at the room (F09)."""

    CHEATING_DEVICE = "CHEATING_DEVICE"
    TOOL = "TOOL"
    MATERIAL = "MATERIAL"
    OTHER = "OTHER"


class ReadyKind(StrEnum):
    """The lines of the go/no-go board before the release is armed (TIMELINE T-5)."""

    FREEZE = "FREEZE"  # nobody froze the release (I05)
    PACKAGE = "PACKAGE"  # every form of the session is here, complete, never opened before
    SEAL = "SEAL"  # the venue is sealed after its inspection, and the seal holds (C10)
    RECEIPT = "RECEIPT"  # the supervised receipt was closed, complete, by its two people
    CLOCK = "CLOCK"
    STATIONS = "STATIONS"  # verified ciphertext of the right form at every candidate's station
    PEOPLE = "PEOPLE"  # chief and system administrator (A01-A03)
    INVIGILATORS = "INVIGILATORS"  # two in every room (A04)
    BACKUP = "BACKUP"
    DISK = "DISK"
    RELEASE_KEY = "RELEASE_KEY"


class ReadyVerdict(StrEnum):
    """Of one line. OVERRIDE blocks until both people who arm agree to it by name; WAIT and WARN are
    shown and never block."""

    GO = "GO"
    WAIT = "WAIT"
    WARN = "WARN"
    OVERRIDE = "OVERRIDE"
    NO_GO = "NO_GO"


class SeatAlert(StrEnum):
    """What a seat may call for. In ``Heartbeat.alerts`` and ``SeatView.alerts`` as the value,
    optionally followed by ``:`` and a detail; an unknown word is shown as it stands."""

    HAND_RAISED = "HAND_RAISED"  # 举手
    DETAILS_REJECTED = "DETAILS_REJECTED"  # the candidate says the details shown are not theirs
    DUPLICATE_LOGIN = "DUPLICATE_LOGIN"  # someone tried to log in elsewhere (F24)
