"""Every kind of ledger event, once. docs/ledger.md is generated from this list.

A long action has a begun and an ended event. Data fields never hold secrets, item content or
whole identity numbers (O03, O08).
"""

from enum import StrEnum


class Event(StrEnum):
    """Stable names; a released name never changes its meaning."""

    VENUE_INITIALISED = "venue.initialised"
    SERVER_STARTED = "server.started"
    SERVER_STOPPED = "server.stopped"
    CLOCK_SET = "clock.set"
    CLOCK_JUMPED = "clock.jumped"
    CLOCK_SLEPT = "clock.slept"
    CLOCK_DISPUTED = "clock.disputed"
    CLOCK_CORRECTED = "clock.corrected"
    CLOCK_SET_BACK = "clock.set-back"
    CLOCK_STATE = "clock.state"
    CLOCK_RESET = "clock.reset"
    PLAN_IMPORTED = "plan.imported"
    STAFF_ADDED = "staff.added"
    SIGNED_IN = "staff.signed-in"
    SIGN_IN_REFUSED = "staff.sign-in-refused"
    SIGNED_OUT = "staff.signed-out"
    ORDER_REFUSED = "order.refused"
    MACHINE_ENROLLED = "machine.enrolled"
    MACHINE_REVOKED = "machine.revoked"
    MACHINE_REFUSED = "machine.refused"
    STATION_UP = "station.up"
    STATION_DOWN = "station.down"
    STATION_ALERT = "station.alert"
    RECEIPT_OPENED = "receipt.opened"
    RECEIPT_CLOSED = "receipt.closed"
    MANIFEST_ACCEPTED = "paper.manifest-accepted"
    FRAGMENT_ACCEPTED = "paper.fragment-accepted"
    FRAGMENT_REFUSED = "paper.fragment-refused"
    PAPER_COMPLETE = "paper.complete"
    PAPER_DAMAGED = "paper.damaged"
    FRAGMENT_REPAIRED = "paper.fragment-repaired"
    PAPER_CHECKED = "paper.checked"
    FETCH_BEGUN = "paper.fetch-begun"
    FETCH_ENDED = "paper.fetch-ended"
    FOLDER_AGREED = "receipt.folder-agreed"
    RECEIPT_SIGNED = "receipt.signed"
    MEDIUM_REGISTERED = "medium.registered"
    MEDIUM_HANDED_OUT = "medium.handed-out"
    MEDIUM_RETURNED = "medium.returned"
    MEDIUM_READ = "medium.read"
    MEDIUM_REFUSED = "medium.refused"
    HANDED_OVER = "custody.handed-over"
    KEPT = "custody.kept"
    PAPER_VERIFIED_AT_STATION = "paper.verified-at-station"
    RELEASE_ARMED = "release.armed"
    RELEASE_TOKEN_HELD = "release.token-held"  # noqa: S105  # an event's name
    RELEASE_CODE_ENTERED = "release.code-entered"
    RELEASE_REFUSED = "release.refused"
    RELEASE_ATTEMPT_REFUSED = "release.attempt-refused"
    RELEASE_LOCKED = "release.locked"
    RELEASED = "release.done"
    RELEASED_BY_CODE = "release.by-code"
    RELEASE_CONFIRMED = "release.confirmed"
    RELEASE_CONTRADICTED = "release.contradicted"
    LINE_LOST = "line.lost"
    LINE_BACK = "line.back"
    RELEASE_FROZEN = "release.frozen"
    RELEASE_UNFROZEN = "release.unfrozen"
    RESERVE_APPROVED = "reserve.approved"
    PAPER_UNUSED = "paper.unused"
    SEAL_WITNESSED = "paper.seal-witnessed"
    LOGIN_ALLOWED = "room.login-allowed"
    ADMITTED = "candidate.admitted"
    ADMISSION_REFUSED = "candidate.admission-refused"
    LOGGED_IN = "candidate.logged-in"
    LOGIN_REFUSED = "candidate.log-in-refused"
    IDENTITY_CONFIRMED = "candidate.confirmed"
    RULES_ACKNOWLEDGED = "candidate.rules-acknowledged"
    PAPER_OPENED = "candidate.paper-opened"
    SUBMITTED = "candidate.submitted"
    SUBMIT_REFUSED = "candidate.submit-refused"
    EXITED = "candidate.exited"
    FORCED_SUBMIT = "candidate.forced-submit"
    TIME_PROPOSED = "time.proposed"
    TIME_APPROVED = "time.approved"
    TIME_REJECTED = "time.rejected"
    REOPENED = "candidate.reopened"
    EXITED_SPECIALLY = "candidate.exited-specially"
    BREAK_BEGUN = "candidate.break-begun"
    BREAK_ENDED = "candidate.break-ended"
    ANSWERS_QUARANTINED = "answers.quarantined"
    SESSION_STARTED = "session.started"
    SESSION_ENDED = "session.ended"
    COLLECTED = "answers.collected"
    BACKED_UP = "answers.backed-up"
    BACKUP_FAILED = "answers.backup-failed"
    RECONCILED = "session.reconciled"
    RECORD_SIGNED = "record.signed"
    SEALED = "session.sealed"
    UPLOAD_BEGUN = "upload.begun"
    UPLOAD_FAILED = "upload.failed"
    UPLOADED = "upload.done"
    RECEIPT_MATCHED = "upload.receipt-matched"
    WIPE_BEGUN = "wipe.begun"
    WIPED = "wipe.done"
    STORE_DEGRADED = "store.degraded"
    STORE_RESTORED = "store.restored"


TEXTS: dict[Event, tuple[str, str]] = {
    Event.VENUE_INITIALISED: ("考点初始化", "the venue node was set up"),
    Event.SERVER_STARTED: ("服务器启动", "the server started"),
    Event.SERVER_STOPPED: ("服务器停止", "the server stopped in order"),
    Event.CLOCK_SET: ("可信时间建立", "trusted time was established"),
    Event.CLOCK_JUMPED: ("系统时钟跳变", "the system clock jumped; trusted time went on"),
    Event.CLOCK_SLEPT: ("机器休眠", "the machine slept; trusted time counted on, less exactly"),
    Event.CLOCK_DISPUTED: ("时间有疑", "headquarters' time contradicts trusted time"),
    Event.CLOCK_CORRECTED: ("时间更正", "trusted time was corrected by headquarters' time"),
    Event.CLOCK_SET_BACK: ("机器状态回退", "time is below what was reached: a state set back"),
    Event.CLOCK_STATE: ("时间状态改变", "the trust in the server's time changed"),
    Event.CLOCK_RESET: ("时间记录清除", "an administrator had the kept time forgotten"),
    Event.PLAN_IMPORTED: ("导入考务计划", "a signed plan was imported"),
    Event.STAFF_ADDED: ("登记考务人员", "a member of staff was registered"),
    Event.SIGNED_IN: ("人员登录", "a person signed in"),
    Event.SIGN_IN_REFUSED: ("人员登录被拒", "a sign-in was refused"),
    Event.SIGNED_OUT: ("人员退出", "a person signed out"),
    Event.ORDER_REFUSED: ("命令被拒", "an order was refused"),
    Event.MACHINE_ENROLLED: ("机器登记", "a machine was enrolled"),
    Event.MACHINE_REVOKED: ("机器撤销", "a machine was revoked"),
    Event.MACHINE_REFUSED: ("机器被拒", "a machine was refused"),
    Event.STATION_UP: ("考试机上线", "a station came up"),
    Event.STATION_DOWN: ("考试机断线", "a station went down"),
    Event.STATION_ALERT: ("考试机告警", "a station reported an observation"),
    Event.RECEIPT_OPENED: ("开启接收", "a supervised receipt session began"),
    Event.RECEIPT_CLOSED: ("结束接收", "a supervised receipt session ended"),
    Event.MANIFEST_ACCEPTED: ("接受清单", "a manifest was accepted"),
    Event.FRAGMENT_ACCEPTED: ("接受碎片", "a fragment was accepted"),
    Event.FRAGMENT_REFUSED: ("拒绝碎片", "a fragment was refused and quarantined"),
    Event.PAPER_COMPLETE: ("试卷包完整", "the ciphertext is complete and verified"),
    Event.PAPER_DAMAGED: ("试卷包损坏", "a stored fragment or the ciphertext decayed"),
    Event.FRAGMENT_REPAIRED: ("碎片修复", "missing blocks of a fragment were made good"),
    Event.PAPER_CHECKED: ("试卷包检查", "the sealed package was checked without opening it"),
    Event.FETCH_BEGUN: ("开始从镜像获取", "fetching from headquarters' mirror began"),
    Event.FETCH_ENDED: ("结束从镜像获取", "fetching from headquarters' mirror ended"),
    Event.FOLDER_AGREED: ("两人同意使用文件夹", "two people agreed to a plain folder"),
    Event.RECEIPT_SIGNED: ("主考签收", "the chief signed the receipt sheet"),
    Event.MEDIUM_REGISTERED: ("登记介质", "an access medium or device was registered"),
    Event.MEDIUM_HANDED_OUT: ("发出介质", "a medium was handed out"),
    Event.MEDIUM_RETURNED: ("收回介质", "a medium was returned"),
    Event.MEDIUM_READ: ("读取介质", "a medium was read"),
    Event.MEDIUM_REFUSED: ("拒绝介质", "a medium was refused"),
    Event.HANDED_OVER: ("交接", "something was handed over, two and two"),
    Event.KEPT: ("值守", "two keepers took an item into custody"),
    Event.PAPER_VERIFIED_AT_STATION: ("考试机密文校验通过", "a station holds verified ciphertext"),
    Event.RELEASE_ARMED: ("启用释放", "two people armed the release"),
    Event.RELEASE_TOKEN_HELD: ("取得释放令牌", "headquarters' release token is here"),
    Event.RELEASE_CODE_ENTERED: ("输入密码份额", "a share of the sealed code was entered"),
    Event.RELEASE_REFUSED: ("释放被拒", "a release was refused"),
    Event.RELEASE_ATTEMPT_REFUSED: (
        "开启试卷的尝试被拒",
        "somebody's attempt to open the paper was refused and counted",
    ),
    Event.RELEASE_LOCKED: ("暂停输入密码份额", "somebody was locked out of entering the code"),
    Event.RELEASED: ("试卷释放", "the paper was released"),
    Event.RELEASED_BY_CODE: (
        "密封码释放，待总部确认",
        "incident: released by the sealed code, to be confirmed by headquarters' token",
    ),
    Event.RELEASE_CONFIRMED: ("密封码释放已确认", "headquarters' token confirms the sealed code"),
    Event.RELEASE_CONTRADICTED: (
        "总部令牌与已释放试卷不符",
        "headquarters' token contradicts what was released",
    ),
    Event.LINE_LOST: ("临近释放时总部线路不通", "the line to headquarters fails near a release"),
    Event.LINE_BACK: ("总部线路恢复", "the line to headquarters is back"),
    Event.RELEASE_FROZEN: ("冻结释放", "the release was frozen"),
    Event.RELEASE_UNFROZEN: ("解除冻结", "a freeze of the release was lifted"),
    Event.RESERVE_APPROVED: ("批准启用备用卷", "a reserve paper was approved for use"),
    Event.PAPER_UNUSED: ("试卷未启用", "a paper was not used; it stayed sealed"),
    Event.SEAL_WITNESSED: ("封签当众展示", "the intact seal was shown and witnessed in a room"),
    Event.LOGIN_ALLOWED: ("允许登录", "log-in was allowed in a room"),
    Event.ADMITTED: ("入场", "a candidate was admitted"),
    Event.ADMISSION_REFUSED: ("拒绝入场", "an admission was refused"),
    Event.LOGGED_IN: ("应试人员登录", "a candidate logged in"),
    Event.LOGIN_REFUSED: ("应试人员登录被拒", "a candidate's log-in was refused"),
    Event.IDENTITY_CONFIRMED: ("确认信息", "a candidate confirmed their details"),
    Event.RULES_ACKNOWLEDGED: ("阅读规则", "a candidate acknowledged the rules"),
    Event.PAPER_OPENED: ("打开试卷", "a paper opened on a station"),
    Event.SUBMITTED: ("交卷", "a sitting was handed in"),
    Event.SUBMIT_REFUSED: ("交卷被拒", "a hand-in was refused"),
    Event.EXITED: ("离场", "a candidate left with consent"),
    Event.FORCED_SUBMIT: ("强制交卷", "two people closed a sitting whose station is gone"),
    Event.TIME_PROPOSED: ("提出补时", "more time was proposed for a candidate"),
    Event.TIME_APPROVED: ("批准补时", "more time was approved for a candidate"),
    Event.TIME_REJECTED: ("不批准补时", "a proposal of more time was rejected"),
    Event.REOPENED: ("误操作交卷恢复作答", "a hand-in was undone by two people"),
    Event.EXITED_SPECIALLY: ("特殊离场", "a candidate left while the room was closed"),
    Event.BREAK_BEGUN: ("暂离", "a candidate left the seat, the station locked"),
    Event.BREAK_ENDED: ("暂离返回", "a candidate came back, the station unlocked"),
    Event.ANSWERS_QUARANTINED: ("作答隔离", "answers that did not fit were kept aside"),
    Event.SESSION_STARTED: ("开考", "the session started"),
    Event.SESSION_ENDED: ("考试结束", "the session ended"),
    Event.COLLECTED: ("回收", "answers were collected"),
    Event.BACKED_UP: ("备份", "a backup was made and read back"),
    Event.BACKUP_FAILED: ("备份失败", "a backup failed"),
    Event.RECONCILED: ("核对", "the session was reconciled"),
    Event.RECORD_SIGNED: ("签名", "a room record was signed"),
    Event.SEALED: ("密封", "the session was sealed"),
    Event.UPLOAD_BEGUN: ("开始上报", "the upload began"),
    Event.UPLOAD_FAILED: ("上报未成", "an upload attempt failed"),
    Event.UPLOADED: ("上报完成", "the upload ended"),
    Event.RECEIPT_MATCHED: ("回执相符", "headquarters' receipt matches"),
    Event.WIPE_BEGUN: ("开始清除", "wiping began"),
    Event.WIPED: ("清除完成", "keys and papers were destroyed"),
    Event.STORE_DEGRADED: ("存储降级", "a copy of the answers is out of order"),
    Event.STORE_RESTORED: ("存储恢复", "both copies are in order again"),
}
