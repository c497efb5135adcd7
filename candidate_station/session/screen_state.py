"""What a station's window shows, as one frozen value.

The session machine produces it, the screens only render it and emit intents; nothing else passes
between them (STYLE, habit 7). Instants are exam time, milliseconds since the epoch, UTC.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from venue_server.wire.messages import PaperSeal, SessionBrief, Timing
from venue_server.wire.refusals import Refusal
from venue_server.wire.station_messages import CandidateBrief
from venue_server.wire.wiping_orders import AnswerPlace


class Screen(StrEnum):
    """Which page is up. docs/states/station.md draws the transitions."""

    ENROL = "ENROL"  # not enrolled yet: shows the code to confirm
    CONNECTING = "CONNECTING"  # no server yet, nothing to answer
    WAITING = "WAITING"  # 等待登录: before the invigilator allows log-in
    LOGIN = "LOGIN"
    CONFIRM = "CONFIRM"  # confirm details
    RULES = "RULES"  # 考场规则, 我已阅读
    COUNTDOWN = "COUNTDOWN"  # waiting for the effective start
    START_CODE = "START_CODE"  # 考场启动码: shown over the countdown until the code is right (E04)
    ANSWER = "ANSWER"
    CONFIRM_SUBMIT = "CONFIRM_SUBMIT"
    AWAY = "AWAY"  # 暂离: locked, paper hidden, time runs (H06)
    SUBMITTING = "SUBMITTING"
    SUBMIT_FAILED = "SUBMIT_FAILED"
    RECEIPT = "RECEIPT"
    SUSPENDED = "SUSPENDED"  # 考试暂停: shown over countdown and paper while the room stands still
    BLOCKED = "BLOCKED"  # the paper or the machine is unusable: call an invigilator


class SaveState(StrEnum):
    """Where the newest answer is (H07). Never more optimistic than the truth."""

    NOTHING = "NOTHING"
    LOCAL = "LOCAL"  # 已保存到本机
    SYNCED = "SYNCED"  # 已同步
    FAILED = "FAILED"  # the station's own disk refused


@dataclass(frozen=True)
class NavigatorCell:
    """One number of the item navigator (H04)."""

    number: int
    item_id: str
    section: str
    answered: bool
    flagged: bool
    current: bool
    corrected: bool = False  # headquarters corrected this item (F14)


@dataclass(frozen=True)
class Correction:
    """A notice of headquarters as this candidate sees it: ``numbers`` are the items' numbers in
    their own order, empty for the whole paper; ``here``: it concerns the item on the screen."""

    sequence: int
    numbers: tuple[int, ...]
    zh: str
    en: str
    read: bool
    here: bool


@dataclass(frozen=True)
class ScreenState:
    """Everything on the screen but the item body itself, which the renderer draws."""

    screen: Screen
    venue_name: str = ""
    station_id: str = ""
    room_id: str = ""
    seat_no: str = ""
    online: bool = False
    exam_now_ms: int = 0
    clock_known: bool = False
    session: SessionBrief | None = None
    seal: PaperSeal | None = None
    enrol_code: str = ""
    candidate: CandidateBrief | None = None
    timing: Timing | None = None
    remaining_s: int = 0
    credited_s: int = 0  # 补时 in force, in ``timing`` already
    revoked_s: int = 0  # 补时 taken back, out of ``timing`` already (I07)
    may_submit: bool = False
    navigator: tuple[NavigatorCell, ...] = ()
    item_id: str = ""
    instructions: str = ""  # of the section of the item on the screen, plain text (H02)
    corrections: tuple[Correction, ...] = ()  # unread ones, and those of the item on the screen
    unanswered: int = 0
    flagged: int = 0
    save_state: SaveState = SaveState.NOTHING
    unsynced: int = 0
    place: AnswerPlace = AnswerPlace.NOWHERE  # of everything acknowledged, as the server last said
    receipt_code: str = ""
    receipt_qr: str = ""  # what the QR code beside it says
    refusal: Refusal | None = None
    code_paused: bool = False  # a start code typed now is not taken: the last was just wrong
    notices: tuple[str, ...] = field(default_factory=tuple)
    # True when a change made now would not be taken or could not be kept: freeze the input.
    input_locked: bool = False
