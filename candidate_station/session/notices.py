"""Short sentences for the candidate's status line, and alerts for the invigilator's board."""

from enum import StrEnum


class Notice(StrEnum):
    """What a candidate is told beside the normal screen. The value is the Chinese sentence."""

    SERVER_AWAY = "暂时连接不到服务器，正在自动重连，请稍候"
    ANSWERS_FOUND = "本机保存有作答记录，连接服务器后继续"
    ANSWERS_RETURNED = "原考试机上的作答已并入"
    RESTORING = "正在从服务器恢复作答记录，请稍候"
    KEY_AWAITED = "考试已开始，正在等待试卷密钥"
    PAPER_AWAITED = "正在接收试卷"
    RELEASE_HELD = "试卷暂缓发放，请在座位上安静等候监考人员通知"
    TIME_CHANGED = "考试时间已调整，以剩余时间为准"
    CREDIT_REVOKED = "补时录入有误，未用部分已撤销；已用时间不受影响，以剩余时间为准"
    DISK_FAILED = "本机磁盘无法写入，请立即举手报告监考人员"
    ANSWER_TOO_LONG = "作答内容过长，最后一次修改未保存"
    NOT_YET_SUBMITTABLE = "未到可交卷时间"

    def text(self, language: str = "zh") -> str:
        """The sentence in ``zh`` or ``en``."""
        return self.value if language.startswith("zh") else _ENGLISH[self]


_ENGLISH: dict[Notice, str] = {
    Notice.SERVER_AWAY: "The server cannot be reached; connecting again. Please wait.",
    Notice.ANSWERS_FOUND: "Answers were found on this machine; continuing once the server is back.",
    Notice.ANSWERS_RETURNED: "Answers from your first machine were brought here.",
    Notice.RESTORING: "Your answers are being restored from the server. Please wait.",
    Notice.KEY_AWAITED: "The examination has begun; waiting for the paper's key.",
    Notice.PAPER_AWAITED: "Receiving the paper.",
    Notice.RELEASE_HELD: "The paper is held back for now. Stay seated and wait for the staff.",
    Notice.TIME_CHANGED: "The time was changed; the remaining time shown counts.",
    Notice.CREDIT_REVOKED: "Extra time entered by mistake was taken back; what you used stays. "
    "The remaining time shown counts.",
    Notice.DISK_FAILED: "This machine cannot write to its disk. Raise your hand at once.",
    Notice.ANSWER_TOO_LONG: "The answer is too long; the last change was not saved.",
    Notice.NOT_YET_SUBMITTABLE: "It is too early to hand in.",
}


class Alert(StrEnum):
    """What a station reports about itself with each heartbeat, as long as it is true.

    A candidate's own calls (raised hand, rejected details) are wire's SeatAlert.
    """

    JOURNAL_FAILED = "JOURNAL_FAILED"  # the station's disk refuses answers: swap the station
    JOURNAL_DAMAGED = "JOURNAL_DAMAGED"  # a damaged journal was set aside
    CHAIN_DIVERGED = "CHAIN_DIVERGED"  # the server holds another history (F24): nothing is sent
    SITTING_GONE = "SITTING_GONE"  # answers of a sitting the server does not see at this seat
    SAVES_REFUSED = "SAVES_REFUSED"  # the server refuses the rest; it stays on this machine
    WIPE_REFUSED = "WIPE_REFUSED"  # something is not acknowledged, so nothing was destroyed
    PAPER_REFUSED = "PAPER_REFUSED"
    HAND_IN_REFUSED = "HAND_IN_REFUSED"
    TIME_SHORTENED = "TIME_SHORTENED"  # an earlier end arrived and was ignored
