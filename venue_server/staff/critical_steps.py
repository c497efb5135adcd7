"""The critical data steps and who checks each (N03; S1 §42: 考务信息管理AB角制), in one table.

Who performs and who checks is read from ``permissions.RULES``; here stands how the check is made.
docs/critical-steps.md is printed from it; a test holds every order against it, so that a new order
is either named here or said to be no data step.
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from venue_server.staff.permissions import RULES, Named
from venue_server.wire.close_texts import ROLE_NAMES
from venue_server.wire.names import Role


class How(Enum):
    """How A≠B is enforced: Chinese and English."""

    SIGNS = "另一人当场签名", "another person signs the order at the same console"
    RECEIPT = (
        "开启接收的两人一人办理、另一人核对，两人姓名均记入台账；核对人已不能履职时须当场签名",
        "of the two who opened the receipt one performs and the other checks, both recorded; "
        "a signature at once where the other may not check any more",
    )
    SEALING = (
        "密封的两人同时准予上报；办理人以外的一人为核对人，已不能履职时须当场签名",
        "the two who seal clear it for upload; one of them, not who performs, is the checker; "
        "a signature at once where neither may check any more",
    )
    LATER = "单人办理，经后列两人命令后方生效", "one person; of no effect before the order named"
    CHECKS = "本身即核对，不得由接收的办理人进行", "is itself the check, never by who performed"
    SHARES = "两份密码须由两人各自输入", "two shares, each from another person (REL-08)"
    SAFE = (
        "单人即可停止，恢复须两人",
        "one person may stop at once; only two let it go on (the order named)",
    )
    SIGNED_THERE = (
        "文件由总部两把密钥签名，逐份核对",
        "the document is signed with two keys of headquarters and compared with what was sealed",
    )
    STAYS = (
        "单人办理；文件留在服务器，带本场签名和导出人，记入台账并在监考台提示",
        "one person; the file stays on the server, signed, names who made it, is in the ledger",
    )


@dataclass(frozen=True)
class Step:
    """One order about data. ``then`` is the later order by two; ``test`` shows the check."""

    order: str
    zh: str
    en: str
    how: How
    test: str
    then: str = ""


_TABLE = (
    "tests/unit/test_staff_permissions.py::"
    "test_d07_n03_the_second_is_a_different_person_of_the_right_role"
)
_SEAL = (
    "tests/journeys/venue/test_venue_inspection.py::"
    "test_c10_a_replaced_station_breaks_the_seal_and_a_reason_renews_it"
)
_GROUP = "tests/unit/requirements/test_group_n.py::test_group_n"
_JOURNEY = "tests/journeys/venue/test_venue_two_people.py::"
_SIGNED = (
    ("ImportPlan", "导入考务计划、考生和人员名册", "import of plan, candidates and staff"),
    ("AddPerson", "增加人员", "a person is added"),
    ("IssueCode", "发放开通码", "a one-time code is issued"),
    ("DisableAccount", "停用账号", "an account is closed"),
    ("EnableAccount", "恢复账号", "an account is opened again"),
    ("ResetTotp", "重置第二因素", "a second factor is reset"),
    ("OpenReceipt", "开启接收", "a receipt session is opened"),
    ("ImportAgreed", "经两人同意导入普通文件夹", "papers from a plain folder, agreed by two"),
    ("CloseReceipt", "结束接收", "a receipt session is closed"),
    ("RegisterMedium", "登记介质和设备", "a medium or device is registered"),
    ("MoveMedium", "介质交接", "a medium is handed out or taken back"),
    ("RecordHandOver", "交接登记", "a hand-over is recorded"),
    ("RecordKeeping", "保管登记", "keepers take over"),
    (
        "SealVenue",
        "考点封存（设备、程序、参数）",
        "the venue is sealed: machines, programs, settings",
    ),
    ("ArmRelease", "准备释放", "the release is armed"),
    ("LiftFreeze", "凭总部文号解除冻结", "a freeze is lifted on headquarters' word"),
    ("LiftFreezeTogether", "与考区主任共同解除冻结", "a freeze is lifted with the zone director"),
    ("ApproveReserve", "批准启用备用卷", "a reserve paper is approved"),
    ("ImportReserveApproval", "导入备用卷批准文件", "a signed approval of a reserve is taken in"),
    ("PublishNotice", "发布更正通知", "a correction notice is put into force"),
    ("ImportSessionOrder", "接收总部场次命令", "headquarters' order about a session is taken in"),
    ("TakeSessionOrder", "接收专线送达的场次命令", "an order that came over the line is taken in"),
    ("WitnessSeal", "见证试卷密封", "the paper's seal is witnessed"),
    ("ForceSubmit", "强制交卷", "a sitting is closed by force"),
    ("SwapStation", "换机", "a candidate changes the station"),
    ("DecideBranch", "裁定作答分支", "one of two branches of answers is kept"),
    ("ImportStationJournal", "导入考试机作答日志", "a station's journal is taken in by hand"),
    ("SealSession", "密封并准予上报", "the answers are sealed and cleared for upload"),
    ("SealAnew", "重新密封", "a session is to be sealed anew"),
    ("ExportBundle", "离线导出密封包", "a sealed bundle is written to a medium"),
    ("HandOverBundles", "移交密封包", "sealed bundles are handed over, two and two"),
    ("EnterScorePublication", "录入成绩公布日期", "the day of publication is entered"),
    ("SetLegalHold", "设置或解除留查", "a hold on keeping is set or lifted"),
    ("LiftHold", "解除证据封存", "a hold on evidence is lifted"),
    ("DestroyKept", "到期销毁", "what was kept long enough is destroyed"),
    ("WipeSession", "清除", "keys and papers are destroyed"),
)
STEPS = (
    *(Step(order, zh, en, How.SIGNS, _TABLE) for order, zh, en in _SIGNED),
    Step(
        "ImportFolder",
        "从介质接收试卷",
        "papers from a medium",
        How.RECEIPT,
        _JOURNEY + "test_n03_what_comes_in_carries_the_names_of_the_two",
    ),
    Step(
        "FetchPackages",
        "从总部镜像接收试卷",
        "papers from headquarters' mirror",
        How.RECEIPT,
        _JOURNEY + "test_n03_what_comes_in_carries_the_names_of_the_two",
    ),
    Step(
        "UploadSession",
        "开始上报",
        "the upload is begun; attempts after it are the program's",
        How.SEALING,
        _JOURNEY + "test_n03_an_upload_needs_the_word_of_two",
    ),
    Step(
        "SignReceiptSheet",
        "主考签收",
        "the chief signs that everything is here",
        How.CHECKS,
        "tests/unit/venue/test_intake_sheet.py::test_n03_who_received_does_not_sign_for_it",
    ),
    Step(
        "EnterCodeShare",
        "输入密封密码",
        "a share of the sealed code is entered",
        How.SHARES,
        "tests/journeys/venue/test_venue_release.py::"
        "test_e03_cut_off_two_custodians_open_with_the_sealed_code",
    ),
    Step(
        "ConfirmEnrolment",
        "登记考试机密钥",
        "a machine's key is confirmed",
        How.LATER,
        _SEAL,
        "SealVenue",
    ),
    Step(
        "RevokeMachine",
        "撤销考试机密钥",
        "a machine's key is revoked",
        How.LATER,
        _SEAL,
        "SealVenue",
    ),
    Step(
        "ImportNotice", "导入更正通知", "a notice is taken in", How.LATER, _GROUP, "PublishNotice"
    ),
    Step(
        "FreezeRelease",
        "冻结释放",
        "the release is frozen",
        How.SAFE,
        "tests/faults/server/test_f23_suspected_leak.py::"
        "test_i05_the_freeze_is_lifted_by_chief_and_zone_director_or_by_headquarters_word",
        "LiftFreeze",
    ),
    Step("HoldEvidence", "封存证据", "evidence is held", How.SAFE, _TABLE, "LiftHold"),
    Step(
        "TakeReceipts",
        "接收总部回执",
        "headquarters' receipts come back by hand",
        How.SIGNED_THERE,
        "tests/unit/requirements/test_group_l.py::test_group_l",
    ),
    Step(
        "ExportSession",
        "导出本场数据",
        "a session's records are exported",
        How.STAYS,
        "tests/journeys/venue/test_venue_records.py::"
        "test_c07_k05_n04_n08_the_export_keeps_its_form_and_is_signed",
    ),
)
NO_DATA_STEP = frozenset(
    [
        "AllowLogin",
        "Admit",
        "LookUpCandidate",
        "AdmitInDoubt",
        "SettleDoubt",
        "DecideDoubt",
        "RequestCorrection",
        "KeepItem",
        "ReturnItem",
        "ApproveVisitor",
        "VisitorIn",
        "VisitorOut",
        "ConfirmExit",
        "ProposeTime",
        "RevokeTime",
        "DecideTime",
        "ReopenSitting",
        "ExitSpecially",
        "StartBreak",
        "EndBreak",
        "CheckPackages",
        "StartInspection",
        "CheckStations",
        "AnswerCheck",
        "HoldRoom",
        "StartRoom",
        "SuspendTime",
        "ResumeTime",
        "ExtendTime",
        "ExtendTimeOffline",
        "ConfirmExtension",
        "Reconcile",
        "SignRoomRecord",
        "AnswerRecordPoint",
        "EditRoomRecord",
        "PrintRoomRecord",
        "OpenIncident",
        "AddToIncident",
        "ReportIncident",
        "ContainIncident",
        "CloseIncident",
        "CountersignIncident",
        "RecordViolation",
        "AddToViolation",
        "TakeItem",
        "ReturnEvidence",
        "NoteSignature",
        "NoteRefusal",
        "SignViolation",
        "WithdrawViolation",
        "TerminateSitting",
        "DecideObservation",
        "VerifyLedger",
        "UnlockAccount",
        "BeginTotp",
        "ConfirmTotp",
        "RecordAgreement",
        "DeclareRecusal",
        "DecideRecusal",
        "DrawRooms",
        "AssignRoom",
        "Delegate",
        "EndDelegation",
        "OverrideDutyHours",
        "StaffHere",
        "EnterShift",
        "WithdrawShift",
    ]
)
"""Orders about people, rooms, time, doors, incidents and records of the day: what two must do
there is said by their own articles."""


def problems() -> list[str]:
    """Why the table is not right; empty: every order of ``RULES`` has its place, as it is checked.
    Orders that only look (``Get…``, ``List…``) need none."""
    named = [each.order for each in STEPS]
    looks = {name for name in RULES if name.startswith(("Get", "List"))}
    found = [f"{name}: twice" for name in set(named) if named.count(name) > 1]
    found += [f"{name}: no such order" for name in {*named, *NO_DATA_STEP} - set(RULES)]
    found += [f"{name}: not decided" for name in set(RULES) - {*named, *NO_DATA_STEP} - looks]
    found += [f"{name}: both" for name in set(named) & NO_DATA_STEP]
    return sorted(found + [text for each in STEPS if (text := _differs(each))])


def _differs(step: Step) -> str:
    rule = RULES.get(step.order)
    if rule is None:
        return ""
    before = {How.RECEIPT: Named.RECEIPT, How.SEALING: Named.SEALING}.get(step.how)
    two = step.how in (How.SIGNS, How.RECEIPT, How.SEALING)
    later = step.how in (How.LATER, How.SAFE)
    if (bool(rule.second), rule.named) != (two, before):
        return f"{step.order}: the rule says otherwise"
    then = RULES.get(step.then)
    if later != bool(step.then) or (later and (then is None or not then.second)):
        return f"{step.order}: the later order takes no two"
    return ""


def document() -> str:
    """docs/critical-steps.md."""
    lines = [
        "# Critical data steps: who performs, who checks",
        "",
        "Printed by `python -m venue_server.staff.critical_steps`; do not edit. Source: S1 §42",
        "「执行考务信息管理AB角制」 (N03). Performer and checker are always different people;",
        "B acts in A's place with A's post by a recorded delegation (`staff delegate`);",
        "recused people and closed accounts neither perform nor check.",
        "",
        "| step | order | performs | checks | how |",
        "|---|---|---|---|---|",
    ]
    return "\n".join([*lines, *map(_row, STEPS), "", *_OF_THE_PROGRAM, ""])


_OF_THE_PROGRAM = (
    "What the program does by itself, without anybody's order: verified backups, attempts of an",
    "upload that two let begin, the resumption of a wiping that two ordered, closing a receipt at",
    "its limit, taking a signed document from headquarters' line (it waits until two take it in).",
)


def _row(step: Step) -> str:
    rule = RULES[step.order]
    how = f"{step.how.value[0]} / {step.how.value[1]}"
    then = f" → `{step.then}`" if step.then else ""
    checks = rule.second or (RULES[step.then].second if step.then else frozenset())
    cells = (
        f"{step.zh} / {step.en}",
        f"`{step.order}`",
        _roles(rule.roles),
        _roles(checks) or "—",
        f"{how}{then}; `{step.test}`",
    )
    return f"| {' | '.join(cells)} |"


def _roles(roles: Iterable[Role]) -> str:
    held = set(roles)
    return ", ".join(
        f"{ROLE_NAMES[role][0]} {ROLE_NAMES[role][1]}" for role in Role if role in held
    )


if __name__ == "__main__":
    sys.stdout.write(document())
