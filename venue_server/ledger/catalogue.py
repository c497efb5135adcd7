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
    STAFF_COMPLETED = "staff.completed"
    CODE_ISSUED = "staff.code-issued"
    PASSWORD_SET = "staff.password-set"  # noqa: S105  # an event's name
    STAFF_DISABLED = "staff.disabled"
    STAFF_ENABLED = "staff.enabled"
    STAFF_UNLOCKED = "staff.unlocked"
    TOTP_SET = "staff.second-factor-set"
    TOTP_REMOVED = "staff.second-factor-removed"
    AGREEMENT_RECORDED = "staff.agreement-recorded"
    RECUSAL_DECLARED = "staff.recusal-declared"
    RECUSAL_DECIDED = "staff.recusal-decided"
    ROOMS_DRAWN = "staff.rooms-drawn"
    ROOM_ASSIGNED = "staff.room-assigned"
    ROOM_STAFFING = "staff.room-staffing"
    POST_DELEGATED = "staff.post-delegated"
    DELEGATION_ENDED = "staff.delegation-ended"
    INSPECTOR_LOOKED = "staff.inspector-looked"
    ORGANISATION_SHOWN = "staff.organisation-shown"
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
    NOTICE_IMPORTED = "notice.imported"
    NOTICE_PUBLISHED = "notice.published"
    NOTICE_READ = "notice.read"
    SEAL_WITNESSED = "paper.seal-witnessed"
    LOGIN_ALLOWED = "room.login-allowed"
    ADMITTED = "candidate.admitted"
    DOUBT_RAISED = "doubt.raised"
    DOUBT_WITHDRAWN = "doubt.withdrawn"
    ADMITTED_IN_DOUBT = "doubt.admitted"
    DOUBT_SETTLED = "doubt.settled"
    DOUBT_DECIDED = "doubt.decided"
    CORRECTION_REQUESTED = "correction.requested"
    ITEM_KEPT = "item.kept"
    ITEM_RETURNED = "item.returned"
    VISITOR_APPROVED = "visitor.approved"
    VISITOR_IN = "visitor.in"
    VISITOR_OUT = "visitor.out"
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
    TIME_REVOCATION_PROPOSED = "time.revocation_proposed"
    TIME_REVOKED = "time.revoked"
    TIME_REVOCATION_REJECTED = "time.revocation_rejected"
    ANSWERED_IN_REVOKED_TIME = "response.in_revoked_time"
    REOPENED = "candidate.reopened"
    EXITED_SPECIALLY = "candidate.exited-specially"
    BREAK_BEGUN = "candidate.break-begun"
    BREAK_ENDED = "candidate.break-ended"
    ANSWERS_QUARANTINED = "answers.quarantined"
    ANSWERS_CAME_LATE = "answers.came-late"
    SESSION_STARTED = "session.started"
    ROOM_HELD = "room.held"
    ROOM_STARTED = "room.started"
    START_CODE_MADE = "room.start_code_made"
    TIME_SUSPENDED = "time.suspended"
    TIME_RESUMED = "time.resumed"
    TIME_EXTENDED = "time.extended"
    EXTENSION_CONFIRMED = "time.extension-confirmed"
    SESSION_ORDERED = "session.ordered"
    LINE_DOCUMENT = "line.document"
    SESSION_ENDED = "session.ended"
    COLLECTED = "answers.collected"
    BACKED_UP = "answers.backed-up"
    BACKUP_FAILED = "answers.backup-failed"
    BACKUP_OTHER_DEVICE = "answers.backup-other-device"
    RECONCILED = "session.reconciled"
    RECORD_SIGNED = "record.signed"
    RECORD_ANSWERED = "record.point-answered"
    RECORD_EDITED = "record.edited"
    RECORD_PRINTED = "record.printed"
    RECORDS_EXPORTED = "record.exported"
    SCORES_PUBLISHED = "retention.scores-published"
    HOLD_CHANGED = "retention.hold-changed"
    DESTRUCTION_BEGUN = "retention.destruction-begun"
    DESTROYED = "retention.destroyed"
    SEALED = "session.sealed"
    SEAL_ANEW = "session.seal-anew"
    UPLOAD_CLEARED = "upload.cleared"
    UPLOAD_BEGUN = "upload.begun"
    UPLOAD_FAILED = "upload.failed"
    BUNDLE_MENDED = "upload.bundle-mended"
    UPLOADED = "upload.done"
    RECEIPT_MATCHED = "upload.receipt-matched"
    BUNDLE_EXPORTED = "hand-over.exported"
    BUNDLE_HANDED_OVER = "hand-over.recorded"
    RECEIPT_BY_HAND = "hand-over.receipt-brought"
    DUTY_OVERRIDDEN = "duty.overridden"
    DUTY_FORCED = "duty.forced"
    STAFF_PRESENCE = "duty.presence"
    SHIFT_ENTERED = "duty.shift-entered"
    SHIFT_WITHDRAWN = "duty.shift-withdrawn"
    WIPE_BEGUN = "wipe.begun"
    WIPED = "wipe.done"
    WIPE_RESUMED = "wipe.resumed"
    STATION_WIPED = "wipe.station"
    MEMORY_CLEANED = "wipe.memory"
    STATION_CHECKED = "station.checked"
    RESTART_TEST = "station.restart-test"
    INSPECTION_RUN = "inspection.run"
    CHECK_ANSWERED = "inspection.answered"
    BASELINE_SET = "inspection.baseline"
    VENUE_SEALED = "venue.sealed"
    SEAL_CHECKED = "venue.seal-checked"
    SEAL_BROKEN = "venue.seal-broken"
    DEVICES_OUTSIDE = "devices.outside-window"
    STORE_DEGRADED = "store.degraded"
    STORE_RESTORED = "store.restored"
    STATION_SWAPPED = "station.swapped"
    CLAIMED_TWICE = "candidate.claimed-twice"
    ANSWERS_MERGED = "answers.merged"
    BRANCH_DECIDED = "answers.branch-decided"
    JOURNAL_IMPORTED = "answers.journal-imported"
    JOURNAL_REFUSED = "answers.journal-refused"
    STATION_DATA_LOST = "station.data-lost"
    INCIDENT_OPENED = "incident.opened"
    INCIDENT_ADDED = "incident.added"
    INCIDENT_REPORTED = "incident.reported"
    INCIDENT_CONTAINED = "incident.contained"
    INCIDENT_CLOSED = "incident.closed"
    INCIDENT_COUNTERSIGNED = "incident.countersigned"
    VIOLATION_ENTERED = "violation.entered"
    VIOLATION_WITHDRAWN = "violation.withdrawn"
    OBSERVATION_DECIDED = "observation.decided"
    EVIDENCE_HELD = "evidence.held"
    EVIDENCE_FREED = "evidence.freed"
    TERMINATED = "candidate.terminated"


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
    Event.STAFF_COMPLETED: ("按签名名册更新人员", "an account was completed by the signed roster"),
    Event.CODE_ISSUED: ("签发开通码", "two people issued a one-time code for a first password"),
    Event.PASSWORD_SET: ("设置密码", "a person set their own password"),
    Event.STAFF_DISABLED: ("停用账号", "an account was disabled"),
    Event.STAFF_ENABLED: ("恢复账号", "an account was enabled again"),
    Event.STAFF_UNLOCKED: ("解除登录锁定", "an administrator lifted a lock-out"),
    Event.TOTP_SET: ("启用动态验证码", "a second factor was confirmed"),
    Event.TOTP_REMOVED: ("取消动态验证码", "two people removed a second factor"),
    Event.AGREEMENT_RECORDED: ("登记责任书", "a person's undertakings were put on record"),
    Event.RECUSAL_DECLARED: ("申报回避情况", "a person declared about recusal"),
    Event.RECUSAL_DECIDED: ("回避决定", "a recusal was decided"),
    Event.ROOMS_DRAWN: ("抽签确定考场", "rooms were drawn for invigilators"),
    Event.ROOM_ASSIGNED: ("人工安排考场", "two people assigned somebody to a room"),
    Event.ROOM_STAFFING: (
        "考场在场监考人数",
        "a room fell below two invigilators while it was sat in, or is well again",
    ),
    Event.POST_DELEGATED: ("移交或委托职务", "a post was handed over or delegated"),
    Event.DELEGATION_ENDED: ("结束委托", "a delegation was ended"),
    Event.INSPECTOR_LOOKED: ("巡视查看", "an inspector looked at something"),
    Event.ORGANISATION_SHOWN: ("查看组织册", "the organisation book was shown or printed"),
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
    Event.NOTICE_IMPORTED: ("接收更正通知", "a correction notice of headquarters was taken in"),
    Event.NOTICE_PUBLISHED: ("发布更正通知", "a correction notice was published by two people"),
    Event.NOTICE_READ: ("应试人员已读更正通知", "a candidate acknowledged a correction notice"),
    Event.SEAL_WITNESSED: ("封签当众展示", "the intact seal was shown and witnessed in a room"),
    Event.LOGIN_ALLOWED: ("允许登录", "log-in was allowed in a room"),
    Event.ADMITTED: ("入场", "a candidate was admitted"),
    Event.DOUBT_RAISED: ("身份存疑", "an identity came into doubt at the door"),
    Event.DOUBT_WITHDRAWN: ("存疑撤销", "a later check of the number fits"),
    Event.ADMITTED_IN_DOUBT: ("存疑先行入场", "two invigilators admitted a candidate in doubt"),
    Event.DOUBT_SETTLED: ("存疑核验", "two signed whether the identity is verified"),
    Event.DOUBT_DECIDED: ("主考决定存疑", "the chief decided about an unverified identity"),
    Event.CORRECTION_REQUESTED: ("申请更正信息", "a correction of a registration was asked for"),
    Event.ITEM_KEPT: ("暂扣物品", "an item was taken into custody"),
    Event.ITEM_RETURNED: ("退还物品", "a kept item was given back or handed over"),
    Event.VISITOR_APPROVED: ("批准进入考场", "somebody else's visit to a room was approved"),
    Event.VISITOR_IN: ("其他人员进入考场", "a visitor entered a room"),
    Event.VISITOR_OUT: ("其他人员离开考场", "a visitor left a room"),
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
    Event.TIME_REVOCATION_PROPOSED: (
        "提出撤销补时",
        "taking back the unconsumed part of a credit was proposed",
    ),
    Event.TIME_REVOKED: (
        "撤销补时未用部分",
        "the unconsumed part of a credit was taken back; both ends are told",
    ),
    Event.TIME_REVOCATION_REJECTED: (
        "不批准撤销补时",
        "a proposal to take a credit back was rejected",
    ),
    Event.ANSWERED_IN_REVOKED_TIME: (
        "撤销补时通知到达前的作答",
        "answers were accepted that a station took before it heard of a revocation",
    ),
    Event.REOPENED: ("误操作交卷恢复作答", "a hand-in was undone by two people"),
    Event.EXITED_SPECIALLY: ("特殊离场", "a candidate left while the room was closed"),
    Event.BREAK_BEGUN: ("暂离", "a candidate left the seat, the station locked"),
    Event.BREAK_ENDED: ("暂离返回", "a candidate came back, the station unlocked"),
    Event.ANSWERS_QUARANTINED: ("作答隔离", "answers that did not fit were kept aside"),
    Event.ANSWERS_CAME_LATE: (
        "作答迟到，已接收",
        "answers given in time came long after the end and were accepted",
    ),
    Event.ROOM_HELD: ("考场暂缓开考", "a room was held back from the common start"),
    Event.ROOM_STARTED: ("考场单独开考", "a room that was held back got its start"),
    Event.START_CODE_MADE: ("考场启动码生成", "a room's start code was made (never what it is)"),
    Event.TIME_SUSPENDED: ("考试暂停", "rooms were suspended, their remaining time frozen"),
    Event.TIME_RESUMED: ("考试恢复", "suspended rooms were told when to go on"),
    Event.TIME_EXTENDED: ("顺延", "rooms got more time"),
    Event.EXTENSION_CONFIRMED: ("顺延已确认", "headquarters consented to an extension"),
    Event.LINE_DOCUMENT: (
        "总部文件自专线到达",
        "a document of headquarters arrived over the line",
    ),
    Event.SESSION_ORDERED: (
        "接收总部场次命令",
        "an order of headquarters about a session was taken in by two people",
    ),
    Event.SESSION_STARTED: ("开考", "the session started"),
    Event.SESSION_ENDED: ("考试结束", "the session ended"),
    Event.COLLECTED: ("回收", "answers were collected"),
    Event.BACKED_UP: ("备份", "a backup was made and read back"),
    Event.BACKUP_FAILED: ("备份失败", "a backup failed"),
    Event.BACKUP_OTHER_DEVICE: (
        "备份介质内容相符但设备不同",
        "a backup medium holds what was proved, on another device",
    ),
    Event.RECONCILED: ("核对", "the session was reconciled"),
    Event.RECORD_SIGNED: ("签名", "a room record was signed"),
    Event.RECORD_ANSWERED: ("核查事项确认", "points of a room record were looked at"),
    Event.RECORD_EDITED: ("修改记录单", "a written field of a room record was changed"),
    Event.RECORD_PRINTED: ("打印记录单", "a room record was printed"),
    Event.RECORDS_EXPORTED: ("导出场次数据", "a session's records were exported"),
    Event.SCORES_PUBLISHED: ("登记成绩公布日期", "the day of the scores was entered"),
    Event.DESTRUCTION_BEGUN: ("开始销毁", "the destruction of what was kept began"),
    Event.DESTROYED: ("销毁完成", "what was kept was destroyed"),
    Event.HOLD_CHANGED: ("变更封存留查", "a legal hold was set or lifted"),
    Event.SEALED: ("密封", "the session was sealed"),
    Event.SEAL_ANEW: ("重新密封", "the session is to be sealed again, as a later version"),
    Event.UPLOAD_CLEARED: ("准予上报", "two people cleared the sealed answers for upload"),
    Event.UPLOAD_BEGUN: ("开始上报", "the upload began"),
    Event.UPLOAD_FAILED: ("上报未成", "an upload attempt failed"),
    Event.BUNDLE_MENDED: (
        "密封数据包取自第二份存储",
        "a sealed bundle was not what was sealed, and was put back from its second copy",
    ),
    Event.UPLOADED: ("上报完成", "the upload ended"),
    Event.RECEIPT_MATCHED: ("回执相符", "headquarters' receipt matches"),
    Event.BUNDLE_EXPORTED: (
        "离线导出",
        "a sealed bundle was written to a medium and read back",
    ),
    Event.BUNDLE_HANDED_OVER: ("离线移交", "two gave sealed bundles to two who received them"),
    Event.RECEIPT_BY_HAND: ("回执带回", "headquarters' receipt came back by hand"),
    Event.DUTY_OVERRIDDEN: ("值班时段放行", "two people allowed a stop inside duty hours"),
    Event.DUTY_FORCED: (
        "强行越过值班时段",
        "duty hours were overridden by whoever runs the machine",
    ),
    Event.STAFF_PRESENCE: ("工作人员签到或离开", "a person of the staff came or left"),
    Event.SHIFT_ENTERED: ("登记值班班次", "a shift of the duty roster was entered"),
    Event.SHIFT_WITHDRAWN: ("撤销值班班次", "a shift of the duty roster was withdrawn"),
    Event.WIPE_BEGUN: ("开始清除", "wiping began"),
    Event.WIPED: ("清除完成", "keys and papers were destroyed"),
    Event.WIPE_RESUMED: ("继续清除", "a wiping that was interrupted went on"),
    Event.STATION_WIPED: ("考试机清除", "a station destroyed its paper and journal"),
    Event.MEMORY_CLEANED: ("服务器内存清理", "the server cleaned its own memory of destroyed keys"),
    Event.STATION_CHECKED: ("考试机自检", "a station told other facts of itself than before"),
    Event.RESTART_TEST: ("重启测试", "a token was left on a station for the restart test"),
    Event.INSPECTION_RUN: ("封场检测", "the venue was inspected, wholly or in part"),
    Event.CHECK_ANSWERED: ("回答检测项", "a person answered a check of the inspection"),
    Event.BASELINE_SET: ("设定程序基准", "the stations' program digest was laid down"),
    Event.VENUE_SEALED: ("封场", "two people sealed the venue"),
    Event.SEAL_CHECKED: ("复核封场", "the seal was checked before the exam"),
    Event.SEAL_BROKEN: ("封场失效", "the venue is not as it was sealed"),
    Event.DEVICES_OUTSIDE: ("窗口外有接收设备", "receiving devices seen outside a receipt"),
    Event.STORE_DEGRADED: ("存储降级", "a copy of the answers is out of order"),
    Event.STORE_RESTORED: ("存储恢复", "both copies are in order again"),
    Event.STATION_SWAPPED: ("换机", "a candidate goes on at a spare station"),
    Event.CLAIMED_TWICE: ("两机同时登录同一应试人员", "two stations claim one candidate"),
    Event.ANSWERS_MERGED: (
        "并入原机作答",
        "answers that an earlier machine had kept were merged",
    ),
    Event.BRANCH_DECIDED: ("裁定作答分支", "two people decided about a branch of answers"),
    Event.JOURNAL_IMPORTED: ("导入单机数据", "the journals of a dead station were taken in"),
    Event.JOURNAL_REFUSED: (
        "单机数据未经证明，未并入",
        "what no station's signature proves was not merged",
    ),
    Event.STATION_DATA_LOST: (
        "考试机本机数据丢失",
        "a station came back without answers that it had; the gap is named",
    ),
    Event.INCIDENT_OPENED: ("突发事件登记", "an incident was opened, by a person or by itself"),
    Event.INCIDENT_ADDED: ("突发事件补充", "something was added to an incident"),
    Event.INCIDENT_REPORTED: ("突发事件上报", "an incident was reported"),
    Event.INCIDENT_CONTAINED: ("突发事件控制", "an incident was contained and its data are held"),
    Event.INCIDENT_CLOSED: ("突发事件办结", "an incident was closed with its result"),
    Event.INCIDENT_COUNTERSIGNED: (
        "突发事件复签",
        "a roving invigilator countersigned an incident",
    ),
    Event.VIOLATION_ENTERED: ("违纪记录", "an entry was added to a violation record"),
    Event.VIOLATION_WITHDRAWN: ("违纪记录撤销", "a violation record was withdrawn on evidence"),
    Event.OBSERVATION_DECIDED: ("观察处理", "a person decided what an observation means"),
    Event.EVIDENCE_HELD: ("证据保全", "everything of a session is held as evidence"),
    Event.EVIDENCE_FREED: ("解除证据保全", "a hold on evidence was lifted"),
    Event.TERMINATED: ("终止考试", "two people ended a sitting for disorder; its answers stay"),
}
