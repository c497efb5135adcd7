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
    CREDIT_UNDECIDED = "RMK-30"
    NOT_BACK = "RMK-31"


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
    _C.NOT_BACK: (
        "暂离未登记返回：机位 {seat}",
        "a break without a recorded return: seat {seat}",
    ),
    _C.SESSION_NOT_ENDED: ("场次尚未结束", "the session has not ended"),
    _C.ABSENT_WITH_ANSWERS: ("缺考但有作答数据", "absent, but there are answers"),
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
    _C.PAPER_NOT_VERIFIED: (
        "考试机没有已校验的试卷：{seats}",
        "stations without a verified paper: {seats}",
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
