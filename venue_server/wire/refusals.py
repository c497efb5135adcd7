"""The catalogue of refusals: expected answers with a stable code, in Chinese and English.

A refusal is a value, not an exception. ``docs/refusals.md`` is generated from this catalogue.
Codes never change their meaning; new ones are added at the end of their family.
"""

from enum import StrEnum

import msgspec

from venue_server.wire.remarks import Remark


class RefusalCode(StrEnum):
    """Stable codes, grouped by who usually has to act."""

    # documents and versions
    DOCUMENT_MALFORMED = "DOC-01"
    DOCUMENT_WRONG_TYPE = "DOC-02"
    VERSION_UNKNOWN = "DOC-03"
    SIGNATURE_INVALID = "DOC-04"
    PLAN_WRONG_VENUE = "DOC-05"
    PLAN_INVALID = "DOC-06"
    MODE_MISMATCH = "DOC-07"
    PLAN_IN_CLEAR = "DOC-08"
    PLAN_SEALED_ELSEWHERE = "DOC-09"
    LIST_OLDER = "DOC-10"
    # papers and fragments (ARCHITECTURE, Papers)
    PAPER_INVALID = "PAP-01"
    PAPER_HOLDS_KEYS = "PAP-02"
    FRAGMENT_MALFORMED = "PAP-03"
    FRAGMENT_CORRUPT = "PAP-04"
    FRAGMENT_DUPLICATE = "PAP-05"
    FRAGMENT_FOREIGN = "PAP-06"
    FRAGMENTS_MISSING = "PAP-07"
    PAPER_EXPIRED = "PAP-08"
    PAPER_WRONG_SUBJECT = "PAP-09"
    PAPER_WRONG_VENUE = "PAP-10"
    PAPER_REPLAYED = "PAP-11"
    SHARE_UNREADABLE = "PAP-12"
    CIPHERTEXT_CORRUPT = "PAP-13"
    WHOLE_PAPER_IN_ONE_FILE = "PAP-14"
    RECEIPT_NOT_OPEN = "PAP-15"
    RECEIPT_WINDOW_CLOSED = "PAP-16"
    RECEIPT_TIME_OVER = "PAP-17"
    ATTESTATION_MISSING = "PAP-18"
    # receipt and custody (D03-D09)
    PAPER_NOT_PLANNED = "RCP-01"
    PAPER_HERE_ALREADY = "RCP-02"
    NO_ROOM_FOR_PAPER = "RCP-03"
    MIRROR_FAILED = "RCP-04"
    RECEIPT_INCOMPLETE = "RCP-05"
    RECEIPT_UNSIGNED = "RCP-06"
    RECEIPT_SHEET_CHANGED = "RCP-07"
    HAND_OVER_INVALID = "RCP-08"
    CUSTODY_ITEM_UNKNOWN = "RCP-09"
    CUSTODY_STEP_INVALID = "RCP-10"
    # the venue-sealing inspection (C08-C11)
    CHECKS_OPEN = "INS-01"
    SEAL_WRONG_STATE = "INS-02"
    CHECK_UNKNOWN = "INS-03"
    SEAL_REASON_MISSING = "INS-04"
    RECHECK_MISSING = "INS-05"
    INSPECTION_BUSY = "INS-06"
    BASELINE_INVALID = "INS-07"
    # access media and devices (D03, D04)
    MEDIUM_UNREGISTERED = "MED-01"
    MEDIUM_NOT_YOURS = "MED-02"
    MEDIUM_NOT_VALID = "MED-03"
    MEDIUM_NOT_HANDED_OUT = "MED-04"
    MEDIUM_UNREADABLE = "MED-05"
    MEDIUM_WRONG_PEOPLE = "MED-06"
    MEDIUM_KNOWN = "MED-07"
    MEDIUM_WRONG_STATE = "MED-08"
    FOLDER_NOT_AGREED = "MED-09"
    # release
    RELEASE_TOO_EARLY = "REL-01"
    RELEASE_NOT_ARMED = "REL-02"
    RELEASE_TOKEN_FOREIGN = "REL-03"
    RELEASE_SECRET_WRONG = "REL-04"
    CLOCK_UNTRUSTED = "REL-05"
    RELEASE_NOT_READY = "REL-06"
    CODE_SHARE_INVALID = "REL-07"
    CODE_SAME_PERSON = "REL-08"
    RELEASE_DONE = "REL-09"
    RELEASE_FROZEN = "REL-10"
    RELEASE_NOT_FROZEN = "REL-11"
    RESERVE_UNKNOWN = "REL-12"
    REASON_MISSING = "REL-13"
    CODE_LOCKED = "REL-14"
    # correction notices
    NOTICE_FOREIGN = "NTC-01"
    NOTICE_REPLAYED = "NTC-02"
    NOTICE_OLDER = "NTC-03"
    NOTICE_UNREADABLE = "NTC-04"
    NOTICE_UNKNOWN = "NTC-05"
    NOTICE_NOT_YET = "NTC-06"
    NOTICE_PUBLISHED = "NTC-07"
    # headquarters' orders about sessions
    ORDER_FOREIGN = "ORD-01"
    ORDER_SESSION_UNKNOWN = "ORD-02"
    ORDER_REPLAYED = "ORD-03"
    ORDER_CONTRADICTS = "ORD-04"
    ORDER_TOO_LATE = "ORD-05"
    ORDER_KIND_UNKNOWN = "ORD-06"
    ORDER_TICKET_UNKNOWN = "ORD-07"
    SESSION_STOPPED = "ORD-08"
    ORDER_NOT_WAITING = "ORD-09"
    # people
    SIGN_IN_FAILED = "STF-01"
    SIGN_IN_LOCKED = "STF-02"
    NOT_SIGNED_IN = "STF-03"
    ROLE_NOT_ALLOWED = "STF-04"
    ROOM_NOT_YOURS = "STF-05"
    SAME_PERSON = "STF-06"
    PROPOSAL_UNKNOWN = "STF-07"
    PERSON_UNKNOWN = "STF-08"
    PASSWORD_TOO_WEAK = "STF-09"
    PERSON_EXISTS = "STF-10"
    NOT_OF_THE_TWO = "STF-11"
    SIGNER_GONE = "STF-12"
    # accounts, the draw of rooms, recusals, delegated posts (A01-A15, B01-B05)
    PASSWORD_TO_SET = "PPL-01"
    TOTP_NEEDED = "PPL-02"
    TOTP_WRONG = "PPL-03"
    ACCOUNT_DISABLED = "PPL-04"
    ACCOUNT_NOT_VALID = "PPL-05"
    NOT_YOURSELF = "PPL-06"
    DELEGATION_INVALID = "PPL-07"
    DELEGATION_UNKNOWN = "PPL-08"
    RECUSAL_INVALID = "PPL-09"
    DRAW_NOT_TODAY = "PPL-10"
    DRAW_TOO_LATE = "PPL-11"
    DRAW_UNANSWERED = "PPL-12"
    RECUSAL_UNDECIDED = "PPL-13"
    DRAW_IMPOSSIBLE = "PPL-14"
    DRAW_MISSING = "PPL-15"
    ASSIGNMENT_INVALID = "PPL-16"
    HEAD_MUST_AGREE = "PPL-17"
    # admission and log-in
    ADMISSION_CLOSED = "ADM-01"
    ADMISSION_NOT_OPEN = "ADM-02"
    DOCUMENTS_INCOMPLETE = "ADM-03"
    TICKET_UNKNOWN = "ADM-04"
    ID_MISMATCH = "ADM-05"
    LOGIN_NOT_ALLOWED = "ADM-06"
    NOT_ADMITTED = "ADM-07"
    WRONG_SEAT = "ADM-08"
    ALREADY_LIVE = "ADM-09"
    ALREADY_ADMITTED = "ADM-10"
    DOUBT_OPEN = "ADM-11"
    ID_IMPLAUSIBLE = "ADM-12"
    IDENTITY_DOUBTED = "ADM-13"
    WRONG_ROOM = "ADM-14"
    DOUBT_UNKNOWN = "ADM-15"
    LOGIN_CLOSED = "ADM-16"
    CORRECTION_OF_BOTH = "ADM-17"
    CORRECTION_EMPTY = "ADM-18"
    ITEM_UNKNOWN = "ADM-19"
    VISITOR_UNKNOWN = "ADM-20"
    ENTRY_INCOMPLETE = "ADM-21"
    # sitting and answers
    ROOM_CLOSED = "SIT-01"
    SITTING_ENDED = "SIT-02"
    SITTING_UNKNOWN = "SIT-03"
    SITTING_WRONG_STATE = "SIT-04"
    CHAIN_BROKEN = "SIT-05"
    SAVE_GAP = "SIT-06"
    SAVE_NOT_DURABLE = "SIT-07"
    NOT_STARTED = "SIT-08"
    START_CODE_WRONG = "SIT-09"
    START_CODE_NONE = "SIT-10"
    # the time of rooms
    ROOM_NOT_HELD = "TIM-01"
    ROOM_START_TOO_SOON = "TIM-02"
    ROOM_TIME_NOT_RUNNING = "TIM-03"
    ROOM_NOT_SUSPENDED = "TIM-04"
    APPROVAL_INCOMPLETE = "TIM-05"
    NEXT_SESSION = "TIM-06"
    EXTENSION_LENGTH = "TIM-07"
    EXTENSION_UNKNOWN = "TIM-08"
    # one candidate's time and exceptions (I07, I10, G01, H06)
    NOTHING_MEASURED = "CRD-01"
    CREDIT_ABOVE_CAP = "CRD-02"
    CREDIT_DECIDED = "CRD-03"
    CREDIT_OPEN = "CRD-04"
    CREDIT_TOO_LATE = "CRD-05"
    REOPEN_TOO_LATE = "CRD-06"
    SOMEBODY_OUT = "CRD-07"
    NOT_OUT = "CRD-08"
    NOTHING_TO_REVOKE = "CRD-09"
    # session, records, upload
    SESSION_WRONG_STATE = "SES-01"
    NOT_RECONCILED = "SES-02"
    RECORD_UNSIGNED = "SES-03"
    RECORD_CHANGED = "SES-04"
    BACKUP_MISSING = "SES-05"
    BACKUP_MISMATCH = "SES-06"
    UPLOAD_WRONG_SERVER = "SES-07"
    RECEIPT_MISMATCH = "SES-08"
    NOT_UPLOADED = "SES-09"
    # records of the day
    POINTS_OPEN = "REC-01"
    POINTS_UNANSWERED = "REC-02"
    POINT_UNKNOWN = "REC-03"
    RECORD_TEXT_MISSING = "REC-04"
    RECORD_FIELD_CHANGED = "REC-05"
    # machines
    NOT_ENROLLED = "LAN-01"
    ENROLMENT_UNKNOWN = "LAN-02"
    MESSAGE_MALFORMED = "LAN-03"
    MESSAGE_TOO_LARGE = "LAN-04"
    SEAT_TAKEN = "LAN-05"
    TOO_MANY = "LAN-06"
    ORDER_UNKNOWN = "LAN-07"
    SERVER_RUNS = "LAN-08"
    # what a machine at a seat finds out by itself when it looks for the server
    SERVER_NOT_FOUND = "LNK-01"
    SERVER_UNREACHABLE = "LNK-02"
    SERVER_FOREIGN = "LNK-03"
    SERVER_DATES = "LNK-04"
    NOT_A_SERVER = "LNK-05"
    SERVER_BUSY = "LNK-06"
    LINE_LOST = "LNK-07"
    ENROLMENT_UNTRUSTED = "LNK-08"
    IDENTITY_UNREADABLE = "LNK-09"
    LEDGER_BROKEN = "LED-01"
    RESERVE_MISSING = "LED-02"
    STORE_MISSING = "LED-03"
    MEDIUM_SAME_DEVICE = "LED-04"
    MEDIUM_IN_USE = "LED-05"
    # backup, budgets of what is no answer (L04, R11)
    NO_ROOM_BESIDE_ANSWERS = "BAK-01"
    STORE_DAMAGED = "LED-06"
    STORE_AWAY = "LED-07"
    STORE_FOREIGN = "LED-08"
    STORE_OLDER = "LED-09"
    STORE_UNREADABLE = "LED-10"
    # station swaps, branches, collected journals (F12, F13, F24, L02)
    SITTING_MOVED = "SWP-01"
    SPARE_UNUSABLE = "SWP-02"
    SWAP_OTHER_ROOM = "SWP-03"
    PERSON_UNCONFIRMED = "SWP-04"
    SWAP_REASON_MISSING = "SWP-05"
    BRANCH_UNKNOWN = "SWP-06"
    BRANCH_TOO_EARLY = "SWP-07"
    BRANCHES_OPEN = "SWP-08"
    JOURNAL_MISSING = "SWP-09"
    JOURNAL_UNREADABLE = "SWP-10"
    JOURNAL_UNSIGNED = "SWP-11"
    JOURNAL_ALTERED = "SWP-12"
    JOURNAL_SIGNER_UNKNOWN = "SWP-13"
    JOURNAL_SIGNATURE_BAD = "SWP-14"
    JOURNAL_OTHER_STATION = "SWP-15"
    JOURNAL_SIGNER_REVOKED = "SWP-16"
    # the sealed answers by hand, when the line stays down (F18, L09)
    RECEIVED_ALREADY = "HND-01"
    UPLOAD_NOT_TRIED = "HND-02"
    EXPORT_FAILED = "HND-03"
    NOT_EXPORTED = "HND-04"
    HAND_OVER_LACKS = "HND-05"
    NO_RECEIPT_FILE = "HND-06"
    # duty hours, badges, shifts (A10, A13, A14)
    DUTY_HOURS = "DTY-01"
    BADGE_UNKNOWN = "DTY-02"
    SHIFT_INVALID = "DTY-03"
    NOT_SIGNED_IN_BY_BADGE = "DTY-04"
    # incidents (I)
    INCIDENT_UNKNOWN = "INC-01"
    INCIDENT_INCOMPLETE = "INC-02"
    INCIDENT_CLOSED = "INC-03"
    INCIDENT_UNREPORTED = "INC-04"
    SEVERITY_FALLS = "INC-05"
    INCIDENT_COUNTERSIGNED = "INC-06"
    # violations and observations (V)
    VIOLATION_UNKNOWN = "VIO-01"
    WARNING_MISSING = "VIO-02"
    VIOLATION_NOT_PRESENT = "VIO-03"
    VIOLATION_INCOMPLETE = "VIO-04"
    VIOLATION_CHANGED = "VIO-05"
    VIOLATION_WITHDRAWN = "VIO-06"
    OBSERVATION_UNKNOWN = "VIO-07"
    EVIDENCE_HELD = "VIO-08"
    EVIDENCE_NOT_HELD = "VIO-09"
    SITTING_TERMINATED = "VIO-10"
    # wiping, keeping, destruction, sealing anew (L03, L10, L11, M01-M07)
    WIPE_WITHOUT_BACKUP = "WIP-01"
    RECEIPT_NO_LONGER_VALID = "WIP-02"
    KEY_ELSEWHERE = "WIP-03"
    SCORES_UNKNOWN = "WIP-04"
    KEPT_LONGER = "WIP-05"
    KEPT_BY_HOLD = "WIP-06"
    NOTHING_TO_DESTROY = "WIP-07"
    NOT_WIPED_YET = "WIP-08"
    EARLIER_VERSION_AWAY = "WIP-09"
    ANSWERS_TOO_LATE = "WIP-10"
    WIPE_UNFINISHED = "WIP-11"


class Refusal(msgspec.Struct, frozen=True):
    """An expected no. ``detail`` names the thing (a file, a seat), never a secret; ``remarks`` say
    what exactly stands in the way."""

    code: RefusalCode
    detail: str = ""
    remarks: list[Remark] = []

    def text(self, language: str = "zh") -> str:
        """The sentence a person reads, in ``zh`` or ``en``."""
        sentence = TEXTS[self.code][0 if language.startswith("zh") else 1]
        separator, also = ("：", "；") if language.startswith("zh") else (": ", "; ")
        said = [self.detail] if self.detail else []
        said += [each.text(language) for each in self.remarks]
        tail = separator + also.join(said) if said else ""
        return f"[{self.code.value}] {sentence}{tail}"


class RefusedError(Exception):
    """Carries a refusal out of a transaction or a thread; turned back into a value at the desk."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.text("en"))
        self.refusal = refusal


_C = RefusalCode
TEXTS: dict[RefusalCode, tuple[str, str]] = {
    _C.DOCUMENT_MALFORMED: ("文件格式不正确", "the document is malformed"),
    _C.DOCUMENT_WRONG_TYPE: ("文件类型不符", "this is another kind of document"),
    _C.VERSION_UNKNOWN: (
        "文件版本不受支持，请升级软件",
        "unknown format version; upgrade the software",
    ),
    _C.SIGNATURE_INVALID: (
        "签名无效或数量不足，文件不可信",
        "signatures are invalid or too few; do not trust this document",
    ),
    _C.PLAN_WRONG_VENUE: ("该考务计划不属于本考点", "this plan belongs to another venue"),
    _C.PLAN_INVALID: ("考务计划内容不合规则", "the plan breaks a rule"),
    _C.MODE_MISMATCH: (
        "正式、试考、练习数据不得混用",
        "live, rehearsal and practice data must not be mixed",
    ),
    _C.PLAN_IN_CLEAR: (
        "正式计划中的个人信息须加密",
        "a live plan must carry its personal data sealed",
    ),
    _C.LIST_OLDER: (
        "总部文件清单比已收到的旧，或与其不一致",
        "headquarters' list of documents is older than what came, or says otherwise",
    ),
    _C.PLAN_SEALED_ELSEWHERE: (
        "计划中的个人信息不能用本考点密钥打开",
        "the plan's personal data does not open with this venue's key",
    ),
    _C.PAPER_INVALID: ("试卷内容不符合支持范围", "the paper is outside the supported profile"),
    _C.PAPER_HOLDS_KEYS: (
        "试卷中含有答案或评分信息，拒绝接收",
        "the paper still holds answer keys or scoring",
    ),
    _C.FRAGMENT_MALFORMED: ("碎片文件格式不正确", "the fragment file is malformed"),
    _C.FRAGMENT_CORRUPT: (
        "碎片内容损坏，请重新获取该碎片",
        "the fragment is corrupt; fetch it again",
    ),
    _C.FRAGMENT_DUPLICATE: ("该碎片已接收", "this fragment was already received"),
    _C.FRAGMENT_FOREIGN: ("该碎片不属于本试卷包", "this fragment belongs to another package"),
    _C.FRAGMENTS_MISSING: ("碎片数量不足，无法合成", "not enough fragments"),
    _C.PAPER_EXPIRED: ("试卷包已超过有效期", "the package has expired"),
    _C.PAPER_WRONG_SUBJECT: ("试卷科目与场次科目不一致", "the paper is for another subject"),
    _C.PAPER_WRONG_VENUE: ("试卷包不属于本考点", "the package is for another venue"),
    _C.PAPER_REPLAYED: ("正式试卷包只能使用一次", "a live package can be used only once"),
    _C.SHARE_UNREADABLE: (
        "碎片中的密钥份额无法读取",
        "the key share in the fragment cannot be read",
    ),
    _C.CIPHERTEXT_CORRUPT: (
        "合成后的密文校验不符",
        "the assembled ciphertext does not match its digest",
    ),
    _C.WHOLE_PAPER_IN_ONE_FILE: (
        "拒绝接收未碎片化的完整试卷",
        "a whole paper in one file is refused",
    ),
    _C.RECEIPT_NOT_OPEN: ("尚未在监督下开启接收", "no supervised receipt session is open"),
    _C.RECEIPT_WINDOW_CLOSED: ("不在规定的接收时间窗口内", "outside the receipt window"),
    _C.RECEIPT_TIME_OVER: ("接收操作已超过限时", "the receipt session ran over its time limit"),
    _C.ATTESTATION_MISSING: (
        "试卷包缺少部考试中心的核验声明",
        "headquarters' attestation is missing from the package",
    ),
    _C.PAPER_NOT_PLANNED: (
        "考务计划未列入该试卷，拒绝接收",
        "the plan does not name this paper for the session",
    ),
    _C.PAPER_HERE_ALREADY: (
        "该试卷已有完整的试卷包",
        "a complete package of this paper is here already",
    ),
    _C.NO_ROOM_FOR_PAPER: (
        "磁盘空间不足，请清出空间后继续接收",
        "not enough disk space; make room, then go on receiving",
    ),
    _C.MIRROR_FAILED: (
        "无法从总部镜像取得，请改用其他渠道",
        "headquarters' mirror does not deliver; use another channel",
    ),
    _C.RECEIPT_INCOMPLETE: (
        "试卷包尚未全部接收完整，不能签收",
        "not every planned package is received and confirmed; nothing to sign yet",
    ),
    _C.RECEIPT_UNSIGNED: (
        "主考尚未签收试卷包，不能启用释放",
        "the chief has not signed the receipt sheet; the release cannot be armed",
    ),
    _C.RECEIPT_SHEET_CHANGED: (
        "接收清单已有变动，请核对后重新签收",
        "the receipt sheet has changed; look again, then sign",
    ),
    _C.HAND_OVER_INVALID: (
        "交接记录无效：交付方、接收方各需至少2名不同人员",
        "the hand-over is not valid: each side needs at least two different people",
    ),
    _C.CUSTODY_ITEM_UNKNOWN: ("没有该介质或试卷包", "no such medium or package"),
    _C.CUSTODY_STEP_INVALID: ("保管记录不合规则", "the custody entry breaks a rule"),
    _C.MEDIUM_UNREGISTERED: (
        "介质未登记，不得接入",
        "this medium is not registered; it must not be read",
    ),
    _C.MEDIUM_NOT_YOURS: (
        "介质专人专用，本人不是指定使用人",
        "another person is the medium's allowed user",
    ),
    _C.MEDIUM_NOT_VALID: ("介质不在有效期内", "the medium is outside its validity"),
    _C.MEDIUM_NOT_HANDED_OUT: (
        "介质尚未由保管人发出",
        "the keeper has not handed this medium out",
    ),
    _C.MEDIUM_UNREADABLE: (
        "介质无法读取或已拔出，请重新接入或改用其他渠道",
        "the medium cannot be read or was pulled; connect it again or use another channel",
    ),
    _C.MEDIUM_WRONG_PEOPLE: (
        "须由介质保管人和使用人双方签名",
        "the medium's keeper and its user must both sign",
    ),
    _C.MEDIUM_KNOWN: ("该介质已登记", "this medium is registered already"),
    _C.MEDIUM_WRONG_STATE: (
        "介质当前状态不允许此操作",
        "not possible in the medium's present state",
    ),
    _C.FOLDER_NOT_AGREED: (
        "正式考试须使用登记介质；使用普通文件夹须两人同意并说明原因",
        "a live paper comes on a registered medium; a plain folder needs two people and a reason",
    ),
    _C.RELEASE_TOO_EARLY: ("未到释放时间", "the release point has not come"),
    _C.RELEASE_NOT_ARMED: (
        "尚未由两人确认启用释放",
        "the release has not been armed by two people",
    ),
    _C.RELEASE_TOKEN_FOREIGN: ("释放令牌不属于本试卷", "the release token is for another paper"),
    _C.RELEASE_SECRET_WRONG: (
        "释放密钥与清单不符",
        "the release secret does not match the manifest",
    ),
    _C.CLOCK_UNTRUSTED: ("服务器时间不可信，不能释放", "the server's time is not trusted"),
    _C.RELEASE_NOT_READY: ("开考条件未满足", "the start conditions are not met"),
    _C.CODE_SHARE_INVALID: ("密码份额无效", "the sealed code share is invalid"),
    _C.CODE_SAME_PERSON: (
        "两份密码须由不同人员输入",
        "the code shares must come from different people",
    ),
    _C.RELEASE_DONE: ("试卷已释放", "the paper is already released"),
    _C.RELEASE_FROZEN: (
        "试卷释放已冻结，任何方式均不得释放",
        "the release is frozen; nothing opens a paper by any way",
    ),
    _C.RELEASE_NOT_FROZEN: ("试卷释放未被冻结", "the release is not frozen"),
    _C.RESERVE_UNKNOWN: (
        "没有该备用卷或该备用卷不可启用",
        "there is no such reserve paper, or it cannot be used there",
    ),
    _C.NOTICE_FOREIGN: (
        "更正通知不属于本考点或本考点的试卷",
        "the notice is for another venue or for a paper that is not here",
    ),
    _C.NOTICE_REPLAYED: ("该更正通知已接收过", "this notice was taken in before"),
    _C.NOTICE_OLDER: (
        "已有编号更大的更正通知，请总部重新编号签发",
        "a later notice is known; headquarters must issue it with a new number",
    ),
    _C.NOTICE_UNREADABLE: (
        "更正通知的内容打不开，请总部重新签发",
        "the notice's text does not open; headquarters must issue it again",
    ),
    _C.NOTICE_UNKNOWN: ("没有该更正通知", "there is no such notice"),
    _C.NOTICE_NOT_YET: ("更正通知尚未生效", "the notice is not valid yet"),
    _C.NOTICE_PUBLISHED: ("该更正通知已发布", "this notice was published before"),
    _C.ORDER_FOREIGN: ("该命令属于其他考点", "the order is for another venue"),
    _C.ORDER_SESSION_UNKNOWN: ("没有该场次", "there is no such session here"),
    _C.ORDER_REPLAYED: ("该文号的命令已接收过", "an order of this number was taken in before"),
    _C.ORDER_CONTRADICTS: (
        "与先前接收的命令相抵触，请报告总部",
        "contradicts an earlier order; report it to headquarters",
    ),
    _C.ORDER_TOO_LATE: (
        "该场次数据已清除，命令无法执行",
        "nothing of this session is here any more",
    ),
    _C.ORDER_KIND_UNKNOWN: ("不认识的命令种类", "unknown kind of order"),
    _C.ORDER_TICKET_UNKNOWN: (
        "准考证号不在该场次内",
        "a ticket number is not registered in this session",
    ),
    _C.ORDER_NOT_WAITING: (
        "没有待接收的这一场次命令",
        "no such order of headquarters is waiting here",
    ),
    _C.SESSION_STOPPED: (
        "总部已命令本场次停止：不得释放、恢复或顺延",
        "headquarters ordered this session to stop: no release, no resumption, no extension",
    ),
    _C.REASON_MISSING: ("须写明事由", "a reason must be given"),
    _C.CODE_LOCKED: (
        "多次尝试未成，已暂停本人输入密码份额，并已告警",
        "too many refused attempts; your entry of code shares is locked and an alarm was raised",
    ),
    _C.SIGN_IN_FAILED: ("账号或密码错误", "wrong account or password"),
    _C.SIGN_IN_LOCKED: (
        "连续输错密码，账号已锁定：由系统管理员解除锁定，或等待（分:秒）",
        "too many wrong passwords, the account is locked: an administrator unlocks it, or wait"
        " (min:s)",
    ),
    _C.NOT_SIGNED_IN: ("请先登录", "sign in first"),
    _C.ROLE_NOT_ALLOWED: ("该角色无权执行此操作", "this role may not do that"),
    _C.ROOM_NOT_YOURS: ("不在本人责任考场范围内", "this room is outside your area"),
    _C.SAME_PERSON: ("须由另一名人员确认", "a different person must confirm"),
    _C.PROPOSAL_UNKNOWN: ("待确认事项不存在或已过期", "no such pending matter, or it has expired"),
    _C.PERSON_UNKNOWN: ("人员不存在", "no such person"),
    _C.PASSWORD_TOO_WEAK: ("密码至少12个字符", "the password needs at least 12 characters"),
    _C.PERSON_EXISTS: ("该账号已存在", "this account exists already"),
    _C.NOT_OF_THE_TWO: (
        "接收由另外两人开启，须由这两人或依授权代行其职的人员办理",
        "two other people opened this receipt: it is theirs, or that of who has their post",
    ),
    _C.SIGNER_GONE: (
        "先前签名的人员现已不能核对，须由另一名人员当场签名",
        "who signed before may not check any more: a second person must sign now",
    ),
    _C.PASSWORD_TO_SET: (
        "请先用一次性开通码设置本人密码",
        "set your own password first, with the one-time code",
    ),
    _C.TOTP_NEEDED: ("请输入动态验证码", "the code of the second factor is needed"),
    _C.TOTP_WRONG: (
        "动态验证码不正确或已使用过，请等待下一个",
        "the second factor's code is wrong or was used before; wait for the next one",
    ),
    _C.ACCOUNT_DISABLED: ("账号已停用", "this account is disabled"),
    _C.ACCOUNT_NOT_VALID: ("不在账号有效期内", "outside the time for which this account is valid"),
    _C.NOT_YOURSELF: ("须由其他人员办理", "somebody else must do this"),
    _C.DELEGATION_INVALID: (
        "不能这样移交或委托职务",
        "a post cannot be handed over or delegated like this",
    ),
    _C.DELEGATION_UNKNOWN: ("没有该项委托或已结束", "no such delegation, or it has ended"),
    _C.RECUSAL_INVALID: ("回避申报或决定内容不完整", "the declaration or decision is not complete"),
    _C.DRAW_NOT_TODAY: (
        "考试当天零时（北京时间）起方可抽签",
        "rooms are drawn from midnight (Beijing time) of the exam day on",
    ),
    _C.DRAW_TOO_LATE: ("考场已启用，不得再抽签", "rooms are in use; nothing is drawn any more"),
    _C.DRAW_UNANSWERED: ("有人员尚未申报回避情况", "some people have not declared about recusal"),
    _C.RECUSAL_UNDECIDED: ("有回避申报尚未决定", "a declared recusal is not decided yet"),
    _C.DRAW_IMPOSSIBLE: (
        "现有人员无法满足抽签条件（每考场2名，其中1名会操作计算机，并遵守回避决定）",
        "no assignment keeps the rules: two a room, one with computer skills, nobody recused",
    ),
    _C.DRAW_MISSING: ("本场尚未抽签", "rooms were not drawn for this session"),
    _C.ASSIGNMENT_INVALID: ("不能这样安排该人员", "this person cannot be assigned like this"),
    _C.HEAD_MUST_AGREE: (
        "该人员已设密码，重置须由主考或副主考作为第二人",
        "a password is set; the chief or a deputy must be the second person to replace it",
    ),
    _C.ADMISSION_CLOSED: (
        "已过禁止入场时间，一律禁止入场",
        "admission is closed; nobody may enter",
    ),
    _C.ADMISSION_NOT_OPEN: ("尚未到入场时间", "admission is not open yet"),
    _C.DOCUMENTS_INCOMPLETE: (
        "须同时查验身份证件和准考证",
        "both the identity document and the ticket must be checked",
    ),
    _C.TICKET_UNKNOWN: ("准考证号不在本场次名单中", "this ticket is not on the session's list"),
    _C.ID_MISMATCH: ("身份信息与报名信息不一致", "the identity does not match the registration"),
    _C.LOGIN_NOT_ALLOWED: ("监考人员尚未允许登录", "the invigilator has not allowed log-in yet"),
    _C.NOT_ADMITTED: ("该应试人员尚未办理入场", "this candidate has not been admitted"),
    _C.WRONG_SEAT: ("机位不符，请到指定机位登录", "wrong seat; log in at the assigned seat"),
    _C.ALREADY_LIVE: ("该应试人员已在其他机位登录", "this candidate is live at another station"),
    _C.ALREADY_ADMITTED: ("该应试人员已入场", "this candidate is already admitted"),
    _C.DOUBT_OPEN: (
        "身份存疑：须由两名监考人员共同决定是否先行入场",
        "the identity is in doubt: two invigilators must decide together",
    ),
    _C.ID_IMPLAUSIBLE: (
        "身份证号码校验不通过：请核对后重新输入；证件上确为此号的，按存疑处理",
        "the identity number fails its check digit: type it again; if the document really says so,"
        " treat it as a doubt",
    ),
    _C.IDENTITY_DOUBTED: (
        "本人、姓名与登记信息不符，已列入存疑名单",
        "the person or the name does not match; put on the list of doubts",
    ),
    _C.WRONG_ROOM: (
        "不在本考场，请到指定考场、机位",
        "not this room; send the candidate to the assigned room and seat",
    ),
    _C.DOUBT_UNKNOWN: (
        "没有该存疑事项，或已经处理",
        "there is no such doubt, or it is settled",
    ),
    _C.LOGIN_CLOSED: (
        "已过登录截止时间，不能首次登录",
        "log-in is closed; nobody may log in for the first time",
    ),
    _C.CORRECTION_OF_BOTH: (
        "姓名和身份证件号码不得同时更正",
        "name and identity number may never both be corrected",
    ),
    _C.CORRECTION_EMPTY: ("须写明更正内容", "the correction must say what is to be corrected"),
    _C.ITEM_UNKNOWN: (
        "没有该收据，或物品已处理",
        "there is no such receipt, or the item is not kept any more",
    ),
    _C.VISITOR_UNKNOWN: (
        "未经批准，或已经离开：一律不得进入考场",
        "not approved for this room, or gone already: nobody else may enter",
    ),
    _C.ENTRY_INCOMPLETE: ("登记内容不完整", "the entry is incomplete"),
    _C.ROOM_CLOSED: ("考场封闭期间不得交卷", "the room is closed; hand-in is not allowed yet"),
    _C.SITTING_ENDED: ("作答已结束", "the sitting has ended"),
    _C.SITTING_UNKNOWN: ("没有该场作答", "no such sitting"),
    _C.SITTING_WRONG_STATE: ("当前状态不允许此操作", "not possible in the present state"),
    _C.CHAIN_BROKEN: (
        "作答记录链不连续，已隔离保存",
        "the answer chain does not fit; kept in quarantine",
    ),
    _C.SAVE_GAP: ("缺少之前的作答记录，请补发", "earlier answers are missing; send them again"),
    _C.SAVE_NOT_DURABLE: (
        "服务器暂时无法可靠保存，答案保留在本机",
        "the server cannot store durably now; the answer stays on the station",
    ),
    _C.NOT_STARTED: ("尚未开考，不接受作答", "the exam has not begun; no answer is taken"),
    _C.START_CODE_WRONG: (
        "考场启动码不正确，请核对后重新输入",
        "the room start code is not right; check it and type it again",
    ),
    _C.START_CODE_NONE: (
        "该考场现无启动码：试卷尚未发放，或本场不使用启动码",
        "the room has no start code: its papers are not released, or the session uses none",
    ),
    _C.ROOM_NOT_HELD: ("该考场未暂缓开考", "this room is not held back"),
    _C.ROOM_START_TOO_SOON: (
        "开考时刻过早：不得早于本场开考时刻，且须留出通知考试机的时间",
        "too soon: never before the session's start, and its stations must be told in time",
    ),
    _C.ROOM_TIME_NOT_RUNNING: (
        "没有正在计时的考场：尚未开考、已暂停或已结束",
        "no room whose time is running: not started, suspended, or over",
    ),
    _C.ROOM_NOT_SUSPENDED: ("没有已暂停的考场", "no room is suspended"),
    _C.APPROVAL_INCOMPLETE: (
        "总部批准不完整：须有批准机关、文号、批准人和已过去的批准时间",
        "headquarters' consent needs an authority, a number, a person and a time that has passed",
    ),
    _C.NEXT_SESSION: (
        "与后一场次使用同一考场的时间冲突，须先暂缓后一场次的该考场",
        "a later session needs the room by then; hold that session's room first",
    ),
    _C.EXTENSION_LENGTH: (
        "顺延须为 1 至 1440 分钟",
        "an extension has 1 to 1440 minutes",
    ),
    _C.EXTENSION_UNKNOWN: ("没有此待确认的顺延", "no such extension waits to be confirmed"),
    _C.NOTHING_MEASURED: (
        "没有测得损失时间，须写明补时分钟数和依据",
        "no lost time was measured; say how much and why",
    ),
    _C.CREDIT_ABOVE_CAP: (
        "超过考点可批准的补时上限，须有上级批复文号",
        "more than the venue may approve; headquarters' reference is needed",
    ),
    _C.CREDIT_DECIDED: ("该补时已作出决定", "this proposal was decided already"),
    _C.CREDIT_OPEN: (
        "该应试人员的补时申请尚未决定，请先由主考批准或不批准",
        "a proposal of more time is undecided; the chief must decide it first",
    ),
    _C.CREDIT_TOO_LATE: (
        "该应试人员已离场或本场次已结束，不能补时",
        "the candidate has left or the session is over; no time can be added",
    ),
    _C.REOPEN_TOO_LATE: (
        "本人考试时间已到，不能恢复作答",
        "the candidate's time is over; the hand-in stays",
    ),
    _C.SOMEBODY_OUT: ("本考场已有人暂离", "somebody of this room is out already"),
    _C.NOT_OUT: ("该应试人员没有暂离", "this candidate is not out"),
    _C.NOTHING_TO_REVOKE: (
        "该补时没有可撤销的部分：尚未批准、已用完或已撤销",
        "nothing of this credit can be taken back: not approved, used up, or taken back already",
    ),
    _C.SESSION_WRONG_STATE: ("场次状态不允许此操作", "the session is in another state"),
    _C.NOT_RECONCILED: ("作答数据尚未核对一致", "the answers are not reconciled yet"),
    _C.RECORD_UNSIGNED: (
        "考场情况记录单签名不全，不得密封",
        "the room record lacks signatures; sealing is refused",
    ),
    _C.RECORD_CHANGED: (
        "记录单签名后内容有变，签名作废",
        "the record changed after signing; the signatures are void",
    ),
    _C.BACKUP_MISSING: ("尚无经校验的备份，不得上报", "no verified backup; upload is refused"),
    _C.BACKUP_MISMATCH: (
        "备份回读校验不符，请更换介质",
        "the backup reads back differently; use another medium",
    ),
    _C.UPLOAD_WRONG_SERVER: (
        "不是指定服务器，拒绝上报",
        "this is not the designated server; upload refused",
    ),
    _C.RECEIPT_MISMATCH: ("回执与上报内容不一致", "the receipt does not match what was uploaded"),
    _C.NOT_UPLOADED: ("未取得上报回执，不得清除数据", "no upload receipt; wiping is refused"),
    _C.RECEIVED_ALREADY: (
        "已取得上级回执，不再移交",
        "headquarters' receipt is here: nothing is handed over",
    ),
    _C.UPLOAD_NOT_TRIED: (
        "尚未尝试上报，须先向指定服务器上报",
        "the upload was not tried yet: upload to the designated server first",
    ),
    _C.EXPORT_FAILED: (
        "导出未成或回读不符，请更换介质重新导出",
        "the export failed or reads back differently; export again on another medium",
    ),
    _C.NOT_EXPORTED: (
        "该场次未导出到此介质，或导出后已重新密封",
        "the session was not exported on this medium, or was sealed anew since",
    ),
    _C.HAND_OVER_LACKS: ("移交记录缺项", "the hand-over record lacks something"),
    _C.NO_RECEIPT_FILE: (
        "未找到本考点待收的回执文件",
        "no receipt for a bundle of this venue that waits for one",
    ),
    _C.DUTY_HOURS: (
        "值班时段内不得更新、恢复或停机，须两人批准",
        "no update, restore or stop inside duty hours unless two people allow it",
    ),
    _C.BADGE_UNKNOWN: ("没有该证章或人员", "no such badge or person here"),
    _C.SHIFT_INVALID: (
        "没有该值班班次，或班次缺地点、起止时间不对",
        "there is no such shift, or it lacks a place or has wrong times",
    ),
    _C.NOT_SIGNED_IN_BY_BADGE: (
        "该人员今日未凭证章签到",
        "this person has not signed in by badge today",
    ),
    _C.POINTS_OPEN: (
        "还有须先办结的事项，不能密封",
        "something must be closed first: nothing can be sealed",
    ),
    _C.POINTS_UNANSWERED: (
        "考场情况记录单还有待核查事项，须由人逐项核查或说明",
        "points of the room record still need a person's tick or remark",
    ),
    _C.POINT_UNKNOWN: ("没有这项待核查事项", "there is no such point to look at"),
    _C.RECORD_TEXT_MISSING: ("须写明内容和变更原因", "text and reason of the change are needed"),
    _C.RECORD_FIELD_CHANGED: (
        "该栏内容已被他人修改，请重新调取",
        "somebody else changed this field meanwhile; load it again",
    ),
    _C.NOT_ENROLLED: ("本机未登记或登记已撤销", "this machine is not enrolled, or was revoked"),
    _C.ENROLMENT_UNKNOWN: ("登记码不存在或已过期", "no such enrolment code, or it has expired"),
    _C.MESSAGE_MALFORMED: ("消息格式不正确", "the message is malformed"),
    _C.MESSAGE_TOO_LARGE: ("消息过大", "the message is too large"),
    _C.SEAT_TAKEN: ("该机位已有登记的考试机", "this seat already has an enrolled station"),
    _C.TOO_MANY: ("请求过多，请稍候", "too many requests; wait a moment"),
    _C.ORDER_UNKNOWN: ("未知的命令", "unknown order"),
    _C.SERVER_RUNS: (
        "另一服务器已在此数据目录上运行",
        "another server runs on this data folder",
    ),
    _C.SERVER_NOT_FOUND: (
        "局域网内没有找到考点服务器：检查网线和服务器是否开机；仍找不到，由系统管理员指定服务器地址",
        "no venue server was found on the LAN: check the cable and that the server is on; else an"
        " administrator gives its address",
    ),
    _C.SERVER_UNREACHABLE: (
        "服务器没有应答，自动重试：检查服务器是否开机、网线、交换机和地址",
        "the server does not answer, trying again: check that it is on, cable, switch and address",
    ),
    _C.SERVER_FOREIGN: (
        "对方不是本机登记的考点服务器，未连接：系统管理员核对地址；地址无误则立即报告主考",
        "this is not the server of the venue this machine enrolled with, not connected: an"
        " administrator checks the address; if it is right, tell the chief at once",
    ),
    _C.SERVER_DATES: (
        "服务器证书不在有效期内，未连接：系统管理员核对本机和服务器的日期时间",
        "the server's certificate is not valid at this date, not connected: an administrator checks"
        " date and time of this machine and of the server",
    ),
    _C.NOT_A_SERVER: (
        "该地址上不是考点服务器：系统管理员核对地址和端口",
        "what answers there is no venue server: an administrator checks address and port",
    ),
    _C.SERVER_BUSY: ("服务器忙，自动重试，无需操作", "the server is busy, trying again by itself"),
    _C.LINE_LOST: (
        "与服务器的连接中断，正在自动重连：长时间不恢复，检查网线和交换机",
        "the connection to the server broke, reconnecting by itself: if it stays away, check cable"
        " and switch",
    ),
    _C.ENROLMENT_UNTRUSTED: (
        "登记未完成，对方的答复无法核实：系统管理员核对地址，再登记一次；再次出现则立即报告主考",
        "not enrolled, what came back proves nothing: an administrator checks the address and"
        " enrols again; if it happens again, tell the chief at once",
    ),
    _C.IDENTITY_UNREADABLE: (
        "本机的登记信息无法读取，重新登记：系统管理员确认新登记码后即可使用",
        "this machine's identity cannot be read, it enrols anew: an administrator confirms the new"
        " code",
    ),
    _C.LEDGER_BROKEN: ("台账校验不通过", "the ledger does not verify"),
    _C.NO_ROOM_BESIDE_ANSWERS: (
        "空间留给作答：超出预算或接近下限，先移出旧文件",
        "the space is kept for answers: over the budget or near the floor, move old files away",
    ),
    _C.RESERVE_MISSING: (
        "预留磁盘空间不足，拒绝启动",
        "the disk reserve is missing; refusing to start",
    ),
    _C.STORE_DAMAGED: (
        "主存储已损坏，拒绝启动；请从备份恢复，恢复前先接好第二份存储介质，其中作答会自动补回",
        "the primary store is damaged; refusing to start. Restore a backup with the second device"
        " mounted before the start: every answer it has comes back by itself",
    ),
    _C.STORE_AWAY: (
        "主存储不可用，命令未能记录；恢复后请核对，再重新下达",
        "the primary store does not answer, the order is not on record; look again once it is back"
        " and give it anew",
    ),
    _C.STORE_FOREIGN: (
        "不是断开前的主存储",
        "this is not the store that went away",
    ),
    _C.STORE_OLDER: (
        "是本考点较早的存储，缺少已确认的内容",
        "this is an older state of the store: what was acknowledged is missing in it",
    ),
    _C.STORE_UNREADABLE: (
        "无法读取或无法写入",
        "it cannot be read, or not be written",
    ),
    _C.STORE_MISSING: (
        "主存储不存在，拒绝启动；请勿重新初始化，先恢复数据盘或备份",
        "the primary store is missing; refusing to start. Do not set up anew: bring the data disk"
        " or a backup back first",
    ),
    _C.CHECKS_OPEN: ("必查项尚未全部通过", "mandatory checks are still open"),
    _C.SEAL_WRONG_STATE: ("尚未检测，或已封场", "not inspected yet, or sealed already"),
    _C.CHECK_UNKNOWN: (
        "没有这一须由人员回答的检测项",
        "no check of this id is answered by a person",
    ),
    _C.SEAL_REASON_MISSING: ("重新封场须注明原因", "a broken seal is renewed only with a reason"),
    _C.RECHECK_MISSING: (
        "封场失效的部分尚未重新检测",
        "what broke the seal was not inspected again",
    ),
    _C.INSPECTION_BUSY: ("另一次检测正在进行", "another inspection is going on"),
    _C.BASELINE_INVALID: ("程序基准校验码须为64位十六进制数", "the baseline must be 64 hex digits"),
    _C.MEDIUM_SAME_DEVICE: (
        "该文件夹与主存储在同一设备，须使用另一设备",
        "this folder is on the same device as the data; another device is needed",
    ),
    _C.MEDIUM_IN_USE: (
        "该介质已用于其他考点或其他用途，请使用空介质",
        "this medium belongs to another venue or purpose; use an empty one",
    ),
    _C.SITTING_MOVED: (
        "请联系监考人员；作答已转移到机位",
        "call an invigilator; the sitting goes on at seat",
    ),
    _C.SPARE_UNUSABLE: ("该机位不能作为备用机", "this seat cannot be used as a spare"),
    _C.SWAP_OTHER_ROOM: (
        "只能换到同一考场的备用机",
        "a swap goes to a spare of the same room only",
    ),
    _C.PERSON_UNCONFIRMED: (
        "须由两人对照照片核对本人后换机",
        "both people compare the person with the photo before a swap",
    ),
    _C.SWAP_REASON_MISSING: ("请写明原因", "state the reason"),
    _C.BRANCH_UNKNOWN: ("没有待处理的作答分支", "no branch of answers waits for a decision"),
    _C.BRANCH_TOO_EARLY: (
        "该应试人员仍在作答，交卷后再裁定",
        "the candidate is still answering; decide after the hand-in",
    ),
    _C.BRANCHES_OPEN: (
        "尚有作答分支未裁定，不得密封",
        "branches of answers wait for a decision; sealing is refused",
    ),
    _C.JOURNAL_MISSING: (
        "该文件夹中没有考试机作答日志",
        "there is no station's journal in this folder",
    ),
    _C.JOURNAL_UNREADABLE: (
        "考试机作答日志无法读取",
        "the station's journal cannot be read",
    ),
    _C.JOURNAL_UNSIGNED: (
        "这份单机数据没有考试机签名，未导入；核实来源后由两人写明原因，选择接受未经证明的数据",
        "no station signed this data, and nothing was taken in; when its origin is clear, two "
        "people state the reason and accept what is not proved",
    ),
    _C.JOURNAL_ALTERED: (
        "数据中有考试机签名未涵盖的作答，这些作答未并入，已另存待两人裁定",
        "there are answers that the station's signature does not cover; those were not merged, "
        "they are kept aside for two people",
    ),
    _C.JOURNAL_SIGNER_UNKNOWN: (
        "签名者不是本考点登记过的考试机，未并入，已另存待两人裁定",
        "whoever signed it is no station of this venue; not merged, kept aside for two people",
    ),
    _C.JOURNAL_SIGNATURE_BAD: (
        "签名说明无效，未并入，已另存待两人裁定；请由原考试机重新导出",
        "the signed statement does not verify; not merged, kept aside for two people; export it "
        "once more at the station",
    ),
    _C.JOURNAL_OTHER_STATION: (
        "签名的考试机不是该应试人员用过的机器，未并入，已另存待两人裁定",
        "it was signed by a station at which this candidate never sat; not merged, kept aside for "
        "two people",
    ),
    _C.JOURNAL_SIGNER_REVOKED: (
        "签名的考试机已被吊销，未导入；核实来源后由两人写明原因，选择接受未经证明的数据",
        "the station that signed it was revoked, and nothing was taken in; when its origin is "
        "clear, two people state the reason and accept what is not proved",
    ),
    _C.INCIDENT_UNKNOWN: ("没有该事件", "there is no such incident"),
    _C.INCIDENT_INCOMPLETE: ("内容不完整", "something is missing"),
    _C.INCIDENT_CLOSED: ("该事件已办结", "the incident is closed"),
    _C.INCIDENT_UNREPORTED: (
        "须先登记上报情况，才能办结",
        "it must be reported before it is closed",
    ),
    _C.SEVERITY_FALLS: ("级别只能提高", "the severity may only rise"),
    _C.INCIDENT_COUNTERSIGNED: (
        "您已复签现有内容",
        "you have countersigned what stands already",
    ),
    _C.VIOLATION_UNKNOWN: ("没有该违纪记录", "there is no such violation record"),
    _C.WARNING_MISSING: (
        "该条款以提醒为前提：先填写提醒的时间和人员",
        "this item presupposes a warning: say when and by whom",
    ),
    _C.VIOLATION_NOT_PRESENT: (
        "应试人员未入场，不能记录违纪；情况记入突发事件",
        "the candidate is not in the room; write an incident instead",
    ),
    _C.VIOLATION_INCOMPLETE: ("内容不完整", "something is missing"),
    _C.VIOLATION_CHANGED: (
        "记录已有变化，请核对新内容后签名",
        "the record has changed; look at it again before signing",
    ),
    _C.VIOLATION_WITHDRAWN: ("该记录已撤销", "the record was withdrawn"),
    _C.OBSERVATION_UNKNOWN: (
        "没有该观察，或已处理",
        "there is no such observation, or it is decided",
    ),
    _C.EVIDENCE_HELD: ("证据保全中，不得清除数据", "evidence is held; nothing may be wiped"),
    _C.EVIDENCE_NOT_HELD: ("没有证据保全", "no evidence is held"),
    _C.SITTING_TERMINATED: (
        "本场考试已终止，请听从监考人员安排离场",
        "your exam was ended; please leave the room as the staff tell you",
    ),
    _C.WIPE_WITHOUT_BACKUP: (
        "没有经核验的备份，不得清除数据",
        "no verified backup; wiping is refused",
    ),
    _C.RECEIPT_NO_LONGER_VALID: (
        "留存的上报回执验证不通过，不得清除数据",
        "the stored upload receipt does not verify; wiping is refused",
    ),
    _C.KEY_ELSEWHERE: (
        "密钥在别处还有副本，先查明并清除",
        "a key lies elsewhere as well; find out why and remove it first",
    ),
    _C.SCORES_UNKNOWN: (
        "成绩公布日期未登记，不得销毁",
        "the day of the scores is not known; nothing may be destroyed",
    ),
    _C.KEPT_LONGER: ("保管期限未满，不得销毁", "the period of keeping is not over"),
    _C.KEPT_BY_HOLD: ("封存留查中，不得销毁", "a legal hold keeps it; nothing may be destroyed"),
    _C.NOTHING_TO_DESTROY: ("没有可销毁的内容", "there is nothing to destroy"),
    _C.NOT_WIPED_YET: (
        "密钥与试卷尚未清除，不得销毁",
        "keys and papers are not wiped yet; destroy afterwards",
    ),
    _C.EARLIER_VERSION_AWAY: (
        "前一版本尚未上报，不得重新密封",
        "the earlier version is not at headquarters yet; upload it first",
    ),
    _C.ANSWERS_TOO_LATE: (
        "本场数据已清除，作答保留在考试机上，须由两人导出送交总部",
        "the session was wiped; the answers stay at the station, two people bring them out",
    ),
    _C.WIPE_UNFINISHED: (
        "清除未完成，服务器将自动继续",
        "the wiping is not finished; the server goes on by itself",
    ),
}
