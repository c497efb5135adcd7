"""The words for every state, matter, reason and role, in one translated place.

Only ``self.tr`` with a literal reaches the translators, so each table is built inside a method.
"""

import string

from PySide6.QtCore import QObject

from invigilator_app.actions.admission import Missing, Warn
from invigilator_app.actions.orders import Answer, NoAnswer
from invigilator_app.actions.permissions import WhyNot
from invigilator_app.actions.two_person import SecondProblem
from invigilator_app.board.attention import Attention, AttentionKind, Urgency
from invigilator_app.board.counts import CountProblem
from invigilator_app.board.deadlines import DeadlineKind
from invigilator_app.board.instants import clock
from invigilator_app.board.seat_state import SeatDisplay
from venue_server.wire.alarms import Alarm
from venue_server.wire.credit_orders import SEAT_AWAY, SEAT_CREDIT_OPEN, SEAT_REVOKE_OPEN
from venue_server.wire.messages import Refused
from venue_server.wire.names import IdDocument, Mode, Role, SeatLink, SubmitKind
from venue_server.wire.notice_orders import SEAT_NOTICE_UNREAD
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.remarks import Remark


class Texts(QObject):
    """Words for values. ``language`` is ``zh`` or ``en`` and picks the refusal sentences."""

    def __init__(self, language: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.language = language

    def alarm(self, alarm: Alarm) -> str:
        """What is out of order at the venue."""
        return alarm.text(self.language)

    def remark(self, remark: Remark) -> str:
        """What the server remarks about a person, answers or a record."""
        return remark.text(self.language)

    def seat(self, state: SeatDisplay) -> str:
        return {
            SeatDisplay.EMPTY: self.tr("空机位"),
            SeatDisplay.NOT_ARRIVED: self.tr("未到"),
            SeatDisplay.ADMITTED: self.tr("已入场"),
            SeatDisplay.NOT_LOGGED_IN: self.tr("未登录"),
            SeatDisplay.LOGGED_IN: self.tr("已登录"),
            SeatDisplay.WAITING: self.tr("等待"),
            SeatDisplay.ANSWERING: self.tr("答题中"),
            SeatDisplay.OFFLINE: self.tr("断线"),
            SeatDisplay.SUBMITTED: self.tr("已交卷"),
            SeatDisplay.EXITED: self.tr("已离场"),
            SeatDisplay.ABSENT: self.tr("缺考"),
            SeatDisplay.NOT_HELD: self.tr("未开考"),
            SeatDisplay.TROUBLE: self.tr("异常"),
        }[state]

    def urgency(self, urgency: Urgency) -> str:
        return {
            Urgency.NOW: self.tr("立即"),
            Urgency.SOON: self.tr("尽快"),
            Urgency.NOTE: self.tr("留意"),
        }[urgency]

    def attention(self, item: Attention) -> str:
        """One line of the list, without the seat."""
        since = self.tr("自 %1").replace("%1", clock(item.since_ms)) if item.since_ms else ""
        number = str(item.count)
        text = {
            AttentionKind.DUPLICATE_LOGIN: self.tr("有人在其他机位用此准考证号登录"),
            AttentionKind.OFFLINE: self.tr("作答中断线"),
            AttentionKind.ANSWERS_AT_RISK: self.tr("作答未同步到服务器：%1 条").replace(
                "%1", number
            ),
            AttentionKind.HAND_RAISED: self.tr("举手"),
            AttentionKind.DETAILS_REJECTED: self.tr("应试人员称屏幕信息不是本人"),
            AttentionKind.IDENTITY_DOUBT: self.tr("身份存疑，须两名监考人员核对"),
            AttentionKind.PAPER_MISSING: self.tr("考试机没有已校验的试卷"),
            AttentionKind.NOT_LOGGED_IN: self.tr("已开考，仍未登录"),
            AttentionKind.FEW_INVIGILATORS: self.tr("在场监考人员 %1 名，至少须 2 名").replace(
                "%1", number
            ),
            AttentionKind.OTHER: self.alert(item.detail),
        }[item.kind]
        if item.kind is AttentionKind.OFFLINE and item.count:
            text += self.tr("，已知 %1 条未同步").replace("%1", number)
        detail = "" if item.kind is AttentionKind.OTHER else item.detail
        return " ".join(part for part in (text, since, detail) if part)

    def deadline(self, kind: DeadlineKind) -> str:
        return {
            DeadlineKind.START: self.tr("开考"),
            DeadlineKind.ADMISSION_CLOSES: self.tr("禁止入场"),
            DeadlineKind.CLOSED_UNTIL: self.tr("封闭至"),
            DeadlineKind.END: self.tr("考试结束"),
        }[kind]

    def why(self, why: WhyNot) -> str:
        return {
            WhyNot.OFFLINE: self.tr("与服务器的连接已断开"),
            WhyNot.ROLE: self.tr("本人角色无权执行此操作"),
            WhyNot.READ_ONLY: self.tr("巡视账号只能查看"),
            WhyNot.ROOM: self.tr("不在本人责任考场范围内"),
            WhyNot.ALREADY: self.tr("已经完成"),
            WhyNot.NO_SESSION: self.tr("没有场次"),
            WhyNot.TOO_EARLY: self.tr("尚未到入场时间"),
            WhyNot.SESSION_OVER: self.tr("本场考试已结束"),
            WhyNot.NOT_SEATED: self.tr("该应试人员不在作答，不需换机"),
            WhyNot.NOT_SUBMITTED: self.tr("尚未交卷，或交卷尚未得到服务器确认"),
            WhyNot.NO_SEAT: self.tr("请先选中一个机位"),
            WhyNot.PAPER_INCOMPLETE: self.tr("试卷包尚未接收完整"),
            WhyNot.NOT_ENDED: self.tr("本场考试尚未结束"),
            WhyNot.NOT_RECONCILED: self.tr("作答数据尚未核对一致"),
            WhyNot.NOT_BACKED_UP: self.tr("尚无经校验的备份"),
            WhyNot.NOT_SEALED: self.tr("尚未密封"),
            WhyNot.NOT_UPLOADED: self.tr("未取得上报回执"),
            WhyNot.FROZEN: self.tr("释放已冻结"),
            WhyNot.RELEASED: self.tr("试卷已释放"),
            WhyNot.ROOM_TIME: self.tr("考场时间状态不适用此操作"),
        }[why]

    def count_problem(self, problem: CountProblem) -> str:
        return {
            CountProblem.SUM: self.tr("应考 ≠ 实考 + 缺考"),
            CountProblem.SEATS: self.tr("机位上的人数与应考人数不符"),
            CountProblem.PRESENT_MORE: self.tr("实考人数多于应考人数"),
        }[problem]

    def role(self, role: Role) -> str:
        return {
            Role.CHIEF: self.tr("主考"),
            Role.DEPUTY: self.tr("副主考"),
            Role.INVIGILATOR: self.tr("监考人员"),
            Role.ROVING: self.tr("流动监考"),
            Role.SYSADMIN: self.tr("系统管理员"),
            Role.INSPECTOR: self.tr("巡视"),
            Role.ZONE_DIRECTOR: self.tr("考区主任"),
        }[role]

    def roles(self, roles: tuple[Role, ...] | list[Role]) -> str:
        return self.tr("、").join(self.role(role) for role in roles)

    def role_named(self, name: str) -> str:
        """A role as it comes in a record; an unknown one as it stands."""
        return self.role(Role(name)) if name in Role.__members__ else name

    def mode(self, mode: Mode) -> str:
        return {
            Mode.LIVE: self.tr("正式考试"),
            Mode.REHEARSAL: self.tr("试考（演练），不是正式考试"),
            Mode.PRACTICE: self.tr("练习，不是正式考试"),
        }[mode]

    def clock_source(self, source: str) -> str:
        """Where exam time comes from, as the server names it."""
        known = {"headquarters": self.tr("总部"), "system": self.tr("本机时钟")}
        return known.get(source, source)

    def clock_state(self, state: str) -> str:
        """How the server judges its own time; nothing where trusted or untrusted says it all."""
        known = {
            "SYSTEM_SYNCED": self.tr("仅系统时钟"),
            "HOLDOVER": self.tr("守时"),
            "SUSPECT": self.tr("时间有疑"),
        }
        return known.get(state, "")

    def link(self, link: SeatLink) -> str:
        return {
            SeatLink.ABSENT: self.tr("今日未连接"),
            SeatLink.ONLINE: self.tr("在线"),
            SeatLink.OFFLINE: self.tr("断线"),
        }[link]

    def paper(self, paper: str) -> str:
        return {
            "none": self.tr("没有"),
            "verified": self.tr("密文已校验"),
            "keyed": self.tr("已收到密钥"),
            "open": self.tr("已打开"),
            "wiped": self.tr("已清除"),
        }.get(paper, paper)

    def submit_kind(self, kind: SubmitKind) -> str:
        return {
            SubmitKind.EARLY: self.tr("提前交卷"),
            SubmitKind.AUTO: self.tr("到时自动交卷"),
            SubmitKind.FORCED: self.tr("强制交卷"),
            SubmitKind.TERMINATED: self.tr("终止考试"),
            SubmitKind.EXCEPTIONAL: self.tr("特殊离场"),
        }[kind]

    def id_document(self, document: IdDocument) -> str:
        return {
            IdDocument.RESIDENT_ID: self.tr("居民身份证"),
            IdDocument.SOCIAL_SECURITY_CARD: self.tr("社会保障卡"),
            IdDocument.PERMANENT_RESIDENCE: self.tr("外国人永久居留证"),
            IdDocument.OTHER: self.tr("其他有效证件"),
        }[document]

    def missing(self, missing: Missing) -> str:
        return {
            Missing.TICKET: self.tr("准考证号"),
            Missing.ID_NUMBER: self.tr("证件号码"),
            Missing.ID_CHECK: self.tr("查验身份证件"),
            Missing.TICKET_CHECK: self.tr("查验准考证"),
        }[missing]

    def warn(self, warn: Warn) -> str:
        return {
            Warn.CHECKSUM: self.tr("证件号码校验位不符，请核对是否录错"),
            Warn.LENGTH: self.tr("居民身份证号码应为18位"),
            Warn.TOO_LATE: self.tr("已过禁止入场时间：提交后服务器将拒绝并记录迟到"),
        }[warn]

    def second_problem(self, problem: SecondProblem) -> str:
        return {
            SecondProblem.NOBODY: self.tr("请输入第二人的账号"),
            SecondProblem.NO_PASSWORD: self.tr("请输入第二人的密码"),
            SecondProblem.SAME_PERSON: self.tr("须由另一名人员签名"),
        }[problem]

    def outcome(self, outcome: str) -> str:
        """A reconciliation outcome or sitting state as the server names it."""
        return {
            "PRESENT": self.tr("实考"),
            "ABSENT": self.tr("缺考"),
            "NOT_HELD": self.tr("未开考"),
            "SUBMITTED": self.tr("已交卷"),
            "EXITED": self.tr("已离场"),
            "IN_PROGRESS": self.tr("答题中"),
            "TERMINATED": self.tr("终止考试"),
            "LATE_REFUSED": self.tr("迟到，禁止入场"),
        }.get(outcome, outcome)

    def verdict(self, verdict: str) -> str:
        """A verdict word of a status row."""
        return {
            "ok": self.tr("✓ 正常"),
            "wait": self.tr("… 等待"),
            "bad": self.tr("✕ 异常"),
        }.get(verdict, verdict)

    def imported(self, code: str) -> str:
        """The verdict on one imported file by its refusal code, empty when accepted."""
        if not code:
            return self.tr("✓ 已接收")
        return self.tr("△ 重复") if code == RefusalCode.FRAGMENT_DUPLICATE else self.tr("✕ 拒绝")

    def either(self, text: str) -> str:
        """This console's half of a server text that says it twice: ``中文 / English``."""
        chinese, separator, english = text.rpartition(" / ")
        # Names and signs of the English half are in the Chinese one as well; its words are Latin.
        data = set(chinese) | set(string.digits)
        words = any(each in string.ascii_letters for each in english)
        said_twice = words and all(each.isascii() or each in data for each in english)
        if not separator or chinese.isascii() or not said_twice:
            return text
        return chinese if self.language == "zh" else english

    def alert(self, alert: str) -> str:
        """A station's alert word with its detail; an unknown word as it stands."""
        word, _, detail = alert.partition(":")
        known = {
            "HAND_RAISED": self.tr("举手"),
            "DETAILS_REJECTED": self.tr("信息不符"),
            "DUPLICATE_LOGIN": self.tr("重复登录"),
            SEAT_CREDIT_OPEN: self.tr("待批准补时（分钟）"),
            SEAT_REVOKE_OPEN: self.tr("待批准撤销补时（分钟）"),
            SEAT_AWAY: self.tr("暂离"),
            SEAT_NOTICE_UNREAD: self.tr("未确认更正通知（号）"),
            "JOURNAL_FAILED": self.tr("考试机磁盘无法写入，请换机"),
            "JOURNAL_DAMAGED": self.tr("考试机有一份损坏的作答日志已另存"),
            "CHAIN_DIVERGED": self.tr("作答记录与服务器不一致，已停止发送：勿关机，报系统管理员"),
            "SITTING_GONE": self.tr("考试机上有其他场次的作答：勿还原，报系统管理员"),
            "SAVES_REFUSED": self.tr("服务器拒收部分作答，保留在考试机：勿关机，报系统管理员"),
            "WIPE_REFUSED": self.tr("有未确认的作答，考试机未清除：勿还原，报系统管理员"),
            "PAPER_REFUSED": self.tr("试卷校验不通过"),
            "HAND_IN_REFUSED": self.tr("交卷被拒绝，作答仍在考试机：报系统管理员"),
            "TIME_SHORTENED": self.tr("收到提前的结束时间，已忽略"),
            "FOCUS_LOST": self.tr("考试窗口失去焦点"),
            "WINDOW_HIDDEN": self.tr("考试窗口被遮挡"),
            "SCREEN_ADDED": self.tr("接入了新的显示器"),
            "USB_INSERTED": self.tr("插入了USB设备"),
            "CABLE_OUT": self.tr("网线断开"),
            "CABLE_BACK": self.tr("网线曾断开，已恢复"),
            "FOREIGN_PROCESS": self.tr("出现考试以外的程序"),
            "FORBIDDEN_PROCESS": self.tr("出现禁止的程序"),
            "RESTARTED": self.tr("考试程序重新启动过"),
            "RENDERER_DIED": self.tr("试题显示组件曾异常退出"),
        }
        return f"{known[word]} {detail}".strip() if word in known else alert

    def refused(self, answer: Refused) -> str:
        """The sentence of a refusal without its code, with its detail."""
        text = Refusal(answer.code, answer.detail, answer.remarks).text(self.language)
        return text.removeprefix(f"[{answer.code.value}] ")

    def trouble(self, answer: Answer | None) -> tuple[str, str]:
        """Headline and sentence for an answer that is not Done."""
        if isinstance(answer, Refused):
            return answer.code.value, self.refused(answer)
        assert answer is None or isinstance(answer, NoAnswer)
        return self.tr("没有收到答复"), self.tr(
            "连接中断，操作可能已执行。请先核对当前状态，再决定是否重试。"
        )
