"""What the server remarks about people, answers and records, as codes with arguments.

As with alarms, the sentence is made where it is read, in the reader's language. ``args`` hold
numbers and names, never a sentence.
"""

from enum import StrEnum

import msgspec


class RemarkCode(StrEnum):
    """Stable codes; a released code never changes its meaning."""

    SESSION_NOT_ENDED = "RMK-01"
    ABSENT_WITH_ANSWERS = "RMK-02"
    NOT_HANDED_IN = "RMK-03"
    FORCED_WITHOUT_ANSWERS = "RMK-04"
    NO_ANSWERS = "RMK-05"
    ANSWERS_DIFFER = "RMK-06"
    NOTHING_ANSWERED = "RMK-07"
    LOGGED_IN_ONLY = "RMK-08"
    ADMITTED_ONLY = "RMK-09"
    COUNTS_DIFFER = "RMK-10"
    HAND_INS_MISSING = "RMK-11"
    CHIEFS_NOT_ONE = "RMK-12"
    CHIEF_NOT_SIGNED_IN = "RMK-13"
    ADMINISTRATOR_MISSING = "RMK-14"
    MANY_DEPUTIES = "RMK-15"
    FEW_INVIGILATORS = "RMK-16"
    PAPER_NOT_VERIFIED = "RMK-17"
    SEAL_STATIONS = "RMK-70"
    SEAL_APPLICATION = "RMK-71"
    SEAL_SETTINGS = "RMK-72"
    SEAL_DISK = "RMK-73"
    SEAL_CLOCK = "RMK-74"
    SEAL_STATION_CLOCK = "RMK-75"
    SEAL_IS_BROKEN = "RMK-76"
    CHECKS_OPEN = "RMK-77"
    VENUE_NOT_SEALED = "RMK-78"
    # people (A01-A06, B01-B05)
    FEW_ADMINISTRATORS = "RMK-50"
    NO_COMPUTER_SKILLS = "RMK-51"
    ROOM_NOT_MIXED = "RMK-52"
    NOT_TRAINED = "RMK-53"
    AGREEMENT_MISSING = "RMK-54"
    NOT_DECLARED = "RMK-55"
    LOCAL_ADDITIONS = "RMK-56"
    DELEGATION_OPEN = "RMK-57"
    RECUSAL_OPEN = "RMK-58"
    ROOMS_NOT_DRAWN = "RMK-59"
    BRANCH_UNDECIDED = "RMK-40"
    DOUBT_UNSETTLED = "RMK-60"
    DOUBT_FOR_CHIEF = "RMK-61"
    ITEM_NOT_RETURNED = "RMK-62"
    VISITOR_INSIDE = "RMK-63"
    EXTENSION_UNCONFIRMED = "RMK-20"
    ORDER_TO_CARRY = "RMK-270"
    SESSION_NOT_HELD = "RMK-280"
    ORDER_NOT_CARRIED = "RMK-281"
    SEAL_SERVER = "RMK-290"
    INCIDENT_WHAT = "RMK-80"
    INCIDENT_ITEM = "RMK-81"
    INCIDENT_RESULT = "RMK-82"
    INCIDENT_ACTION = "RMK-83"
    INCIDENT_START = "RMK-84"
    INCIDENT_END = "RMK-85"
    INCIDENT_CAUSE = "RMK-86"
    INCIDENT_BACKWARDS = "RMK-87"
    INCIDENT_UNREPORTED = "RMK-88"
    INCIDENT_OPEN = "RMK-89"
    VIOLATION_CODE = "RMK-180"
    VIOLATION_FACTS = "RMK-181"
    VIOLATION_CANDIDATE = "RMK-182"
    VIOLATION_ITEM = "RMK-183"
    VIOLATION_UNASKED = "RMK-184"
    VIOLATION_UNSIGNED = "RMK-185"
    VIOLATION_ABSENT = "RMK-186"
    VIOLATION_SHARE = "RMK-187"
    MANY_VIOLATIONS = "RMK-113"
    OBSERVATIONS_OPEN = "RMK-188"
    NOT_LOGGED_IN = "RMK-90"
    NEVER_OPENED = "RMK-91"
    ZERO_ANSWERED = "RMK-92"
    NOT_SUBMITTED_BY_THEMSELVES = "RMK-93"
    LINE_TO_CONFIRM = "RMK-94"
    NEVER_ANSWERED_POINT = "RMK-95"
    NO_OUTCOME = "RMK-100"
    NOT_SEALED_YET = "RMK-101"
    BUNDLES_DIFFER = "RMK-102"
    RECORD_NOT_SIGNED = "RMK-103"
    COPIES_FEW = "RMK-104"
    NO_RECEIPT = "RMK-105"
    CODE_NOT_CONFIRMED = "RMK-106"
    MEDIUM_NOT_BACK = "RMK-107"
    NOT_WIPED = "RMK-108"
    LEFT_BEHIND = "RMK-109"
    LEDGER_BROKEN = "RMK-110"
    RESERVE_LOST = "RMK-111"
    VIOLATIONS_MANY = "RMK-112"
    CREDIT_UNDECIDED = "RMK-30"
    NOT_BACK = "RMK-31"
    REVOCATION_UNDECIDED = "RMK-274"
    NOT_TRAINED_NORMAL = "RMK-271"
    NOT_TRAINED_AUDIO = "RMK-272"
    NOT_TRAINED_VIDEO = "RMK-273"


class Remark(msgspec.Struct, frozen=True):
    """One thing a person should know."""

    code: RemarkCode
    args: dict[str, str] = {}

    def text(self, language: str = "zh") -> str:
        """The sentence, in ``zh`` or ``en``; an argument that is missing is left blank."""
        sentence = TEXTS[self.code][0 if language.startswith("zh") else 1]
        for name, value in self.args.items():
            sentence = sentence.replace("{" + name + "}", value)
        return sentence


def remark(code: RemarkCode, **args: object) -> Remark:
    """A remark about these."""
    return Remark(code, {name: str(value) for name, value in args.items()})


_C = RemarkCode
TEXTS: dict[RemarkCode, tuple[str, str]] = {
    _C.CREDIT_UNDECIDED: (
        "补时申请未决定：机位 {seat}，{minutes} 分钟，编号 {number}",
        "a proposal of more time is undecided: seat {seat}, {minutes} min, number {number}",
    ),
    _C.NOT_TRAINED_NORMAL: (
        "未按期参加普通电子化考试考务培训：{names}",
        "not trained in time for ordinary electronic sessions: {names}",
    ),
    _C.NOT_TRAINED_AUDIO: (
        "未按期参加语音类考试考务培训：{names}",
        "not trained in time for sessions with listening or speaking: {names}",
    ),
    _C.NOT_TRAINED_VIDEO: (
        "未按期参加视频类考试考务培训：{names}",
        "not trained in time for sessions with video: {names}",
    ),
    _C.REVOCATION_UNDECIDED: (
        "撤销补时申请未决定：机位 {seat}，编号 {number}",
        "a proposal to take time back is undecided: seat {seat}, number {number}",
    ),
    _C.NOT_BACK: (
        "暂离未登记返回：机位 {seat}",
        "a break without a recorded return: seat {seat}",
    ),
    _C.SESSION_NOT_ENDED: ("场次尚未结束", "the session has not ended"),
    _C.ABSENT_WITH_ANSWERS: ("缺考但有作答数据", "absent, but there are answers"),
    _C.SESSION_NOT_HELD: (
        "总部命令 {reference} 停止了本场：不开考，到计划开考时刻自动结束，无人计缺考",
        "order {reference} stopped this session: it is not held and ends at its planned start",
    ),
    _C.ORDER_NOT_CARRIED: (
        "总部命令 {reference} 在密封之后接收，密封包未带此命令：取得回执后须重新密封",
        "order {reference} came after the sealing and is in no bundle: seal anew after the receipt",
    ),
    _C.ORDER_TO_CARRY: (
        "总部命令 {reference}：已有作答须原样密封、上报",
        "headquarters' order {reference}: seal and upload what exists as it is",
    ),
    _C.EXTENSION_UNCONFIRMED: (
        "第 {number} 号顺延（{minutes} 分钟）待总部确认",
        "extension {number} ({minutes} minutes) waits for headquarters' consent",
    ),
    _C.NOT_HANDED_IN: (
        "未交卷，请从考试机回收",
        "not handed in; collect the answers from the station",
    ),
    _C.FORCED_WITHOUT_ANSWERS: (
        "强制交卷，没有作答数据",
        "closed by two people, without any answer",
    ),
    _C.NO_ANSWERS: ("没有作答数据", "there are no answers"),
    _C.ANSWERS_DIFFER: (
        "作答数据与交卷回执不一致",
        "the answers are not those that were handed in",
    ),
    _C.NOTHING_ANSWERED: ("已交卷，答题数为0", "handed in with no item answered"),
    _C.LOGGED_IN_ONLY: ("已登录，未打开试卷", "logged in, but never opened the paper"),
    _C.ADMITTED_ONLY: ("已入场未登录", "admitted, but never logged in"),
    _C.COUNTS_DIFFER: (
        "应考{scheduled}人 ≠ 实考{present} + 缺考{absent}",
        "{scheduled} scheduled, but {present} present and {absent} absent",
    ),
    _C.HAND_INS_MISSING: (
        "实考{present}人，已交卷{submitted}人",
        "{present} present, {submitted} handed in",
    ),
    _C.CHIEFS_NOT_ONE: ("主考须为1名，现为{count}名", "{count} chiefs, must be one"),
    _C.CHIEF_NOT_SIGNED_IN: ("主考未登录", "the chief is not signed in"),
    _C.ADMINISTRATOR_MISSING: (
        "缺少已登录的系统管理员（不得由主考、监考人员兼任）",
        "no signed-in system administrator who is neither chief nor invigilator",
    ),
    _C.MANY_DEPUTIES: ("副主考{count}名，多于2名", "{count} deputies, more than 2"),
    _C.FEW_INVIGILATORS: (
        "{room}考场已登录监考人员{count}名，至少须2名",
        "room {room}: {count} invigilators signed in, at least 2 needed",
    ),
    _C.FEW_ADMINISTRATORS: (
        "已登录系统管理员{count}名，须{need}名（不得由主考、监考人员兼任）",
        "{count} system administrators signed in who are nothing else, {need} needed",
    ),
    _C.NO_COMPUTER_SKILLS: (
        "{room}考场没有具备计算机应用能力的监考人员",
        "room {room}: no invigilator with computer skills",
    ),
    _C.ROOM_NOT_MIXED: (
        "{room}考场监考人员性别相同（一般男女各一人）",
        "room {room}: the invigilators are not a woman and a man",
    ),
    _C.NOT_TRAINED: ("未参加考务培训：{names}", "not trained: {names}"),
    _C.AGREEMENT_MISSING: (
        "未登记工作协议、安全责任书：{names}",
        "no undertaking on record: {names}",
    ),
    _C.NOT_DECLARED: ("尚未申报回避情况：{names}", "not declared about recusal: {names}"),
    _C.LOCAL_ADDITIONS: (
        "不在总部签名名册内：{names}",
        "not on headquarters' signed roster: {names}",
    ),
    _C.DELEGATION_OPEN: (
        "{giver}的职务由{taker}代行，尚未结束",
        "{taker} still acts for {giver}",
    ),
    _C.RECUSAL_OPEN: ("回避申报尚未决定：{names}", "recusal not decided: {names}"),
    _C.ROOMS_NOT_DRAWN: ("本场尚未抽签确定考场", "rooms were not drawn for this session"),
    _C.PAPER_NOT_VERIFIED: (
        "考试机没有已校验的试卷：{seats}",
        "stations without a verified paper: {seats}",
    ),
    _C.SEAL_STATIONS: ("考试机有更换或增减：{seats}", "stations were changed: {seats}"),
    _C.SEAL_APPLICATION: (
        "考试机程序与封场时不同：{seats}",
        "another program than when sealed: {seats}",
    ),
    _C.SEAL_SERVER: (
        "服务器程序与封场时不同：{sealed} → {now}",
        "another server program than when sealed: {sealed} → {now}",
    ),
    _C.SEAL_SETTINGS: ("服务器设置已改动", "the server's settings were changed"),
    _C.SEAL_DISK: (
        "服务器剩余磁盘{free} MB，须{need} MB",
        "{free} MB free on the server's disk, {need} MB needed",
    ),
    _C.SEAL_CLOCK: ("服务器时间不可信（{state}）", "the server's time is not trusted ({state})"),
    _C.SEAL_STATION_CLOCK: (
        "考试机时间偏差过大：{seats}",
        "the clocks of these stations are off: {seats}",
    ),
    _C.SEAL_IS_BROKEN: ("封场失效，未重新封场", "the seal is broken and was not renewed"),
    _C.CHECKS_OPEN: ("封场检测未通过项：{checks}", "checks of the inspection are open: {checks}"),
    _C.VENUE_NOT_SEALED: ("考点未封场", "the venue was not sealed"),
    _C.BRANCH_UNDECIDED: (
        "{seat} 有作答分支未裁定（{machine}）",
        "{seat}: a branch of answers waits for a decision ({machine})",
    ),
    _C.DOUBT_UNSETTLED: (
        "{room}考场 {ticket} 身份存疑，尚未由两名监考人员核验签名",
        "room {room}, {ticket}: identity in doubt, not yet settled by two signatures",
    ),
    _C.DOUBT_FOR_CHIEF: (
        "{room}考场 {ticket} 身份未能核实，须主考决定",
        "room {room}, {ticket}: the identity could not be verified; the chief must decide",
    ),
    _C.ITEM_NOT_RETURNED: (
        "{room}考场 暂扣物品未退还：收据 {receipt}",
        "room {room}: a kept item was not given back, receipt {receipt}",
    ),
    _C.VISITOR_INSIDE: (
        "{room}考场 有其他人员尚未登记离开：{name}",
        "room {room}: a visitor has not left yet: {name}",
    ),
    _C.INCIDENT_WHAT: ("缺少：情况", "missing: what happened"),
    _C.INCIDENT_ITEM: ("缺少：题号", "missing: the item's number"),
    _C.INCIDENT_RESULT: ("缺少：处理结果", "missing: the result"),
    _C.INCIDENT_ACTION: ("缺少：采取的措施", "missing: what was done"),
    _C.INCIDENT_START: ("缺少：开始时间", "missing: when it began"),
    _C.INCIDENT_END: ("缺少：恢复时间", "missing: when it was over"),
    _C.INCIDENT_CAUSE: ("缺少：原因", "missing: the cause"),
    _C.INCIDENT_BACKWARDS: ("恢复时间早于开始时间", "it is over before it began"),
    _C.INCIDENT_UNREPORTED: ("{incident} 须立即上报", "{incident} must be reported at once"),
    _C.INCIDENT_OPEN: ("{incident} 尚未办结", "{incident} is not closed"),
    _C.VIOLATION_CODE: ("缺少：条款", "missing: the item of Order 31"),
    _C.VIOLATION_FACTS: ("缺少：事实", "missing: the facts"),
    _C.VIOLATION_CANDIDATE: (
        "应试人员尚未签字，也未记录拒签",
        "the candidate neither signed nor was noted as refusing",
    ),
    _C.VIOLATION_ITEM: ("暂扣物品编号有误", "the kept item's number is wrong"),
    _C.VIOLATION_UNASKED: (
        "违纪记录 {violation}（{ticket}）待应试人员签字",
        "violation {violation} ({ticket}): the candidate has not been asked to sign",
    ),
    _C.VIOLATION_UNSIGNED: (
        "违纪记录 {violation}（{ticket}）待主考签字",
        "violation {violation} ({ticket}): the chief has not signed",
    ),
    _C.VIOLATION_ABSENT: (
        "违纪记录 {violation}（{ticket}）的应试人员未计入实考",
        "violation {violation} ({ticket}): the candidate does not count as present",
    ),
    _C.VIOLATION_SHARE: (
        "{room}考场违纪{violations}人，实考{present}人，比例过高：须报告总部，注明时间和对象",
        "room {room}: {violations} with violations of {present} present, a high share: tell"
        " headquarters, and note when and whom",
    ),
    _C.MANY_VIOLATIONS: (
        "{room}考场违纪{count}人，占实考{percent}%，请报考试主管部门",
        "room {room}: violations of {count} people, {percent} % of those present; report it",
    ),
    _C.OBSERVATIONS_OPEN: (
        "{room}考场有{count}条考试机观察未处理",
        "room {room}: {count} observations of stations are undecided",
    ),
    _C.RESERVE_LOST: ("备用卷去向不明：{paper}", "reserve paper not accounted for: {paper}"),
    _C.NOT_LOGGED_IN: ("{ticket} 未登录", "{ticket} never logged in"),
    _C.NEVER_OPENED: (
        "{ticket} 已登录，未打开试卷",
        "{ticket} logged in, but never opened the paper",
    ),
    _C.ZERO_ANSWERED: (
        "{ticket} 已交卷，答题数为0",
        "{ticket} handed in with no item answered",
    ),
    _C.NOT_SUBMITTED_BY_THEMSELVES: (
        "{ticket} 未交卷，由两人强制交卷",
        "{ticket} did not hand in; two people closed the sitting",
    ),
    _C.LINE_TO_CONFIRM: ("{field}：{text}", "{field}: {text}"),
    _C.NEVER_ANSWERED_POINT: (
        "{room}考场有{count}项待核查",
        "room {room}: {count} points to be looked at",
    ),
    _C.NO_OUTCOME: ("{ticket} 没有结果（实考或缺考）", "{ticket} is neither present nor absent"),
    _C.NOT_SEALED_YET: ("作答数据尚未密封", "the answers are not sealed yet"),
    _C.BUNDLES_DIFFER: (
        "实考{present}人，密封作答{sealed}份",
        "{present} present, {sealed} in the sealed bundle",
    ),
    _C.RECORD_NOT_SIGNED: ("{room}考场记录单签名不全", "room {room}: signatures are missing"),
    _C.COPIES_FEW: (
        "已校验备份{count}份，至少须{needed}份",
        "{count} verified backups, at least {needed} needed",
    ),
    _C.NO_RECEIPT: (
        "未取得上报回执，也没有交接记录",
        "no upload receipt and no hand-over record",
    ),
    _C.CODE_NOT_CONFIRMED: (
        "密封码释放待总部确认：{form}",
        "released by the sealed code, not yet confirmed: {form}",
    ),
    _C.MEDIUM_NOT_BACK: ("介质尚未归还：{medium}", "medium not returned: {medium}"),
    _C.NOT_WIPED: ("试卷和密钥尚未清除", "papers and keys are not wiped yet"),
    _C.LEFT_BEHIND: ("清除后仍有留存：{name}", "still here after wiping: {name}"),
    _C.LEDGER_BROKEN: ("台账校验不通过：{problem}", "the ledger does not verify: {problem}"),
    _C.VIOLATIONS_MANY: (
        "实考{present}人，违纪{violations}人",
        "{present} present, but violations of {violations}",
    ),
}

RECORD_LABELS: dict[str, str] = {
    "考试名称": "examination",
    "科目": "subject",
    "考点": "venue",
    "考场": "room",
    "日期": "date",
    "规定起止": "planned from and to",
    "实际起止": "really from and to",
    "考场封闭截止": "closed until",
    "应考": "scheduled",
    "实考": "present",
    "缺考": "absent",
    "未开考": "not held",
    "缺考准考证号": "tickets of absent candidates",
    "迟到拒入": "late, not admitted",
    "证件存疑及处理": "doubts about documents",
    "换机": "moved to another station",
    "补时": "time added",
    "顺延": "session extended",
    "暂离": "left for a moment",
    "违纪违规": "violations",
    "系统、设备异常": "trouble with systems and devices",
    "试卷包号与封存校验码": "package and seal",
    "作答数据份数": "answer bundles",
    "作答数据校验码": "digest of the answers",
    "封签当众展示": "seal shown in the room",
    "备用卷": "reserve papers",
    "误操作交卷处理": "handed in by mistake",
    "特殊离场": "left by exception",
    "暂扣物品": "items kept",
    "进入考场的其他人员": "others in the room",
    "突发事件及处理": "incidents",
    "核查事项": "points looked at",
    "异常情况说明": "explanation of what was unusual",
    "备注": "remarks",
    "备份介质编号": "backup media",
    "上传回执号": "upload receipt",
    "台账摘要": "head of the ledger",
}
"""English for the sheet's labels. What is signed is the Chinese sheet; this is for reading it."""

RECORD_VALUES: dict[str, str] = {
    "无": "none",
    "（已登录未打开试卷）": " (logged in, never opened the paper)",
    "（已入场未登录）": " (admitted, never logged in)",
    "后经查验一致，准予入场": "cleared by a later check, admitted",
    "未准入场": "not admitted",
    "重新登录": "logged in again",
    "两名监考人员展示，应试人员见证": "shown by two invigilators, witnessed by a candidate",
    "未启封": "not opened",
    "；": "; ",
    "已核查": "looked at",
    "（": " (",
    "）": ")",
    "：": ": ",
}
"""English for the words that the program itself writes into the sheet's values."""


def record_label(label: str, language: str) -> str:
    """A label of the sheet in ``zh`` or ``en``."""
    return label if language.startswith("zh") else RECORD_LABELS.get(label, label)


def record_value(value: str, language: str) -> str:
    """A value of the sheet in ``zh`` or ``en``; names and titles stay as they are."""
    if language.startswith("zh"):
        return value
    if value in RECORD_VALUES:
        return RECORD_VALUES[value]
    for chinese, english in RECORD_VALUES.items():
        if len(chinese) > 1 and value.endswith(chinese):
            return value.removesuffix(chinese) + english
    return value
