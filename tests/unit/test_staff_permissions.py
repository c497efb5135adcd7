"""Who may order what (A01-A08, D07, N03): the whole table, room scope, the second person."""

import typing
from dataclasses import replace

import pytest

from venue_server.staff.permissions import RULES, may, may_second, second_rule, sees
from venue_server.staff.person import Person
from venue_server.wire.console_orders import ConsoleMessage
from venue_server.wire.names import Role
from venue_server.wire.refusals import RefusalCode

C, D, V, R, S, X = (
    Role.CHIEF,
    Role.DEPUTY,
    Role.INVIGILATOR,
    Role.ROVING,
    Role.SYSADMIN,
    Role.INSPECTOR,
)
BEFORE_SIGN_IN = {"ConsoleHello", "TimePing", "SignIn", "SignOut", "ChangePassword"}
Z = Role.ZONE_DIRECTOR

TABLE: dict[str, tuple[set[Role], set[Role]]] = {
    "GetStatus": (set(Role), set()),
    "ListEnrolments": ({S}, set()),
    "ConfirmEnrolment": ({S}, set()),
    "RevokeMachine": ({S}, set()),
    "ForceSubmit": ({C}, {S}),
    "AllowLogin": ({C, D, V}, set()),
    "Admit": ({C, D, V}, set()),
    "ConfirmExit": ({C, D, V}, set()),
    "LookUpCandidate": ({C, D, V}, set()),
    "AdmitInDoubt": ({V}, {V}),
    "SettleDoubt": ({V}, {V}),
    "DecideDoubt": ({C}, set()),
    "RequestCorrection": ({C, D, V}, set()),
    "KeepItem": ({C, D, V}, {C, D, V}),
    "ReturnItem": ({C, D, V}, {C, D, V}),
    "ApproveVisitor": ({C, D}, set()),
    "VisitorIn": ({C, D, V}, set()),
    "VisitorOut": ({C, D, V}, set()),
    "GetDoorLog": ({C, D, V, R, X}, set()),
    "GetCredits": ({C, D, V, R, S, X}, set()),
    "GetLostTime": ({C, D, V, R, S, X}, set()),
    "ProposeTime": ({C, D, V}, set()),
    "RevokeTime": ({C, D, V}, set()),
    "DecideTime": ({C, D}, set()),
    "ReopenSitting": ({C}, {C, D, V}),
    "ExitSpecially": ({C}, {C, D, V}),
    "StartBreak": ({C, D, V}, set()),
    "EndBreak": ({C, D, V}, set()),
    "GetInterruptions": ({C, D, V, R, S, X}, set()),
    "ImportPlan": ({S}, {S}),
    "OpenReceipt": ({S}, {C, D}),
    "ImportFolder": ({S}, {C, D}),
    "ImportAgreed": ({S}, {C, D}),
    "FetchPackages": ({S}, {C, D}),
    "CloseReceipt": ({S}, {C, D}),
    "GetIntake": ({C, D, S, X}, set()),
    "CheckPackages": ({C, D, S}, set()),
    "SignReceiptSheet": ({C}, set()),
    "RegisterMedium": ({S}, {C, D, S}),
    "MoveMedium": ({C, D, S}, {C, D, S}),
    "RecordHandOver": ({C, D, S}, {C, D, S}),
    "RecordKeeping": ({C, D, S}, {C, D, S}),
    "GetCustody": ({C, D, S, X}, set()),
    "StartInspection": ({S}, set()),
    "CheckStations": ({S}, set()),
    "AnswerCheck": ({C, D, S}, set()),
    "SealVenue": ({S}, {C}),
    "GetInspection": ({C, D, S, X}, set()),
    "GetInspectionReport": ({C, D, S, X}, set()),
    "GetDevices": ({C, D, S, X}, set()),
    "ArmRelease": ({C}, {S}),
    "EnterCodeShare": ({C, D, S}, set()),
    "GetGoNoGo": (set(Role), set()),
    "FreezeRelease": ({C, D, S}, set()),
    "LiftFreeze": ({C}, {C, D, S}),
    "LiftFreezeTogether": ({C}, {Role.ZONE_DIRECTOR}),
    "ApproveReserve": ({Role.ZONE_DIRECTOR}, {C}),
    "ImportReserveApproval": ({C}, {S}),
    "WitnessSeal": ({V}, {V}),
    "HoldRoom": ({C}, set()),
    "StartRoom": ({C}, set()),
    "SuspendTime": ({C, D}, set()),
    "ResumeTime": ({C}, set()),
    "ExtendTime": ({C}, set()),
    "ExtendTimeOffline": ({C}, {C, D, S}),
    "ConfirmExtension": ({C}, set()),
    "GetRoomTimes": (set(Role), set()),
    "GetStartCode": ({C, D, V}, set()),
    "Reconcile": ({C, S, V}, set()),
    "GetRoomRecord": ({V, C, D, R, S}, set()),
    "SignRoomRecord": ({V, C, D, R, S}, set()),
    "AnswerRecordPoint": ({V, C, D}, set()),
    "EditRoomRecord": ({V, C, D}, set()),
    "PrintRoomRecord": ({V, C, D, S}, set()),
    "GetCloseCheck": ({C, D, S, X}, set()),
    "GetFeed": ({C, D, S, X}, set()),
    "GetStatistics": ({C, D, S, X}, set()),
    "GetBackups": ({C, D, S, X}, set()),
    "ExportSession": ({C, S}, set()),
    "EnterScorePublication": ({S}, {C, D}),
    "SetLegalHold": ({C}, {S}),
    "SealSession": ({C}, {S}),
    "UploadSession": ({S}, {C, D, S}),
    "WipeSession": ({S}, {C, D}),
    "SwapStation": ({C, D, V}, {S}),
    "GetSpares": ({C, D, V, S}, set()),
    "GetSwaps": ({C, D, S, X}, set()),
    "DecideBranch": ({C}, {S}),
    "ImportStationJournal": ({S}, {C, D}),
    "ExportBundle": ({S}, {C, D, S}),
    "HandOverBundles": ({C, D, S}, {C, D, S}),
    "TakeReceipts": ({S}, set()),
    "GetHandOvers": ({C, D, S, X}, set()),
    "GetUploads": ({C, D, S, X}, set()),
    "GetDuty": ({C, D, S, Role.ZONE_DIRECTOR}, set()),
    "OverrideDutyHours": ({C}, {S}),
    "StaffHere": ({C, D, S}, set()),
    "EnterShift": ({C}, set()),
    "WithdrawShift": ({C}, set()),
    "OpenIncident": ({C, D, V, R, S}, set()),
    "AddToIncident": ({C, D, V, R, S}, set()),
    "ReportIncident": ({C, D}, set()),
    "ContainIncident": ({C, D, S}, set()),
    "CloseIncident": ({C, D}, set()),
    "CountersignIncident": ({R}, set()),
    "GetIncidents": ({C, D, V, R, S, X}, set()),
    "RecordViolation": ({C, D, V, R}, set()),
    "AddToViolation": ({C, D, V, R}, set()),
    "TakeItem": ({C, D, V, R}, {C, D, V, R}),
    "ReturnEvidence": ({C, D, V, R}, {C, D, V, R}),
    "NoteSignature": ({C, D, V, R}, set()),
    "NoteRefusal": ({C, D, V, R}, {C, D, V, R}),
    "SignViolation": ({C}, set()),
    "WithdrawViolation": ({C}, set()),
    "TerminateSitting": ({C}, {V}),
    "DecideObservation": ({C, D, V}, set()),
    "GetViolations": ({C, D, V, R, X}, set()),
    "HoldEvidence": ({C, D}, set()),
    "LiftHold": ({C}, {S, Role.ZONE_DIRECTOR}),
    "VerifyLedger": ({S, C, X}, set()),
    "GetPeople": ({C, D, S, Z}, set()),
    "GetOrganisation": ({C, D, S, Z}, set()),
    "IssueCode": ({S}, {C, D, S}),
    "AddPerson": ({S}, {C, D}),
    "DisableAccount": ({C, D, S}, {C, D, S}),
    "EnableAccount": ({S}, {C, D}),
    "UnlockAccount": ({S}, set()),
    "BeginTotp": (set(Role) - {X}, set()),
    "ConfirmTotp": (set(Role) - {X}, set()),
    "ResetTotp": ({S}, {C, D}),
    "RecordAgreement": ({C, D, S}, set()),
    "DeclareRecusal": (set(Role) - {X}, set()),
    "DecideRecusal": ({C, Z}, set()),
    "DrawRooms": ({C}, {C, D, S}),
    "GetDraw": ({C, D, S, Z}, set()),
    "AssignRoom": ({C}, {C, D, S}),
    "Delegate": ({C, D, S, Z}, {C, D, S, Z}),
    "EndDelegation": ({C, D, S, Z}, set()),
    "GetAnswers": ({C, D, S, X}, set()),
    "GetRetention": ({C, D, S, X}, set()),
    "GetWipeCheck": ({C, D, S, X}, set()),
    "GetWipeCertificate": ({C, D, S, X}, set()),
    "DestroyKept": ({C}, {S}),
    "GetDestructionCertificate": ({C, D, S, X}, set()),
    "GetHoldings": ({C, D, S, X}, set()),
    "SealAnew": ({C}, {S}),
    "ImportNotice": ({C, S}, set()),
    "PublishNotice": ({C}, {C, D, S}),
    "GetNotices": ({C, D, S, R, V, X}, set()),
    "ImportSessionOrder": ({C}, {S}),
    "TakeSessionOrder": ({C}, {S}),
    "GetSessionOrders": ({C, D, S, X}, set()),
}


def person(*roles: Role, rooms: tuple[str, ...] = (), person_id: str = "p") -> Person:
    return Person(person_id, person_id, frozenset(roles), frozenset(rooms))


def test_every_order_of_the_wire_has_a_rule() -> None:
    orders = {kind.__name__ for kind in typing.get_args(ConsoleMessage)} - BEFORE_SIGN_IN
    assert set(RULES) == orders == set(TABLE)


@pytest.mark.parametrize("order", TABLE)
@pytest.mark.parametrize("role", list(Role))
def test_a08_each_role_may_exactly_what_the_table_says(order: str, role: Role) -> None:
    refusal = may(person(role, rooms=("R1",)), order, "R1")
    if role in TABLE[order][0]:
        assert refusal is None
    else:
        assert refusal is not None
        assert refusal.code is RefusalCode.ROLE_NOT_ALLOWED
    assert second_rule(order) == TABLE[order][1]


@pytest.mark.parametrize(
    "order", ["AllowLogin", "Admit", "ConfirmExit", "SignRoomRecord", "GetStartCode"]
)
def test_a08_an_invigilator_acts_in_their_own_rooms_only(order: str) -> None:
    one = person(Role.INVIGILATOR, rooms=("R1", "R2"))
    assert may(one, order, "R2") is None
    for elsewhere in ("R3", None, ""):
        refusal = may(one, order, elsewhere)
        assert refusal is not None
        assert refusal.code is RefusalCode.ROOM_NOT_YOURS


def test_a08_the_chief_is_bound_to_no_room_even_as_invigilator_too() -> None:
    assert may(person(Role.CHIEF, Role.INVIGILATOR, rooms=("R1",)), "Admit", "R9") is None


def test_a08_a_role_that_grants_nothing_here_does_not_widen_the_area() -> None:
    admin = person(Role.SYSADMIN, Role.INVIGILATOR, rooms=("R1",))
    refusal = may(admin, "Admit", "R2")
    assert refusal is not None
    assert refusal.code is RefusalCode.ROOM_NOT_YOURS


def test_a12_an_inspector_only_looks() -> None:
    allowed = {order for order in RULES if may(person(Role.INSPECTOR), order, "R1") is None}
    looks = {"GetStatus", "VerifyLedger", "GetIntake", "GetCustody", "GetGoNoGo", "GetDoorLog"}
    looks |= {"GetInspection", "GetInspectionReport", "GetDevices", "GetSwaps", "GetRoomTimes"}
    looks |= {
        "GetIncidents",
        "GetViolations",
        "GetCloseCheck",
        "GetStatistics",
        "GetFeed",
        "GetBackups",
    }
    looks |= {"GetCredits", "GetInterruptions", "GetLostTime", "GetHandOvers"}
    looks |= {"GetHoldings", "GetDestructionCertificate"}
    looks |= {"GetAnswers", "GetRetention", "GetWipeCheck", "GetWipeCertificate", "GetNotices"}
    looks |= {"GetSessionOrders", "GetUploads"}
    looks |= {"GetCredits", "GetInterruptions", "GetLostTime"}
    assert allowed == looks


def test_an_unknown_order_is_nobodys() -> None:
    refusal = may(person(*Role), "ShortenTime", "R1")
    assert refusal is not None
    assert refusal.code is RefusalCode.ORDER_UNKNOWN
    assert second_rule("ShortenTime") == frozenset()


def test_a08_who_is_bound_to_rooms_sees_only_these() -> None:
    assert not sees(person(Role.INVIGILATOR, rooms=("R1",)), "R2")
    assert not sees(person(Role.ROVING, rooms=("R1",)), "R2")
    assert sees(person(Role.ROVING, rooms=("R1", "R2")), "R2")
    assert sees(person(Role.INSPECTOR), "R2")
    assert sees(person(Role.SYSADMIN, Role.INVIGILATOR, rooms=("R1",)), "R2")


def test_b03_whoever_may_not_act_sees_and_orders_nothing() -> None:
    gone = replace(person(*Role, person_id="gone"), active=False)
    refusal = may(gone, "GetStatus")
    assert refusal is not None
    assert refusal.code is RefusalCode.ACCOUNT_DISABLED
    assert not sees(gone, "R1")
    assert not sees(person(), "R1"), "an account whose only post went to somebody else"
    second = may_second(person(Role.CHIEF), gone, "ArmRelease")
    assert second is not None
    assert second.code is RefusalCode.ACCOUNT_DISABLED


def test_d07_n03_the_second_is_a_different_person_of_the_right_role() -> None:
    chief = person(Role.CHIEF, Role.SYSADMIN, person_id="a")
    same = may_second(chief, chief, "ArmRelease")
    assert same is not None
    assert same.code is RefusalCode.SAME_PERSON
    wrong = may_second(chief, person(Role.DEPUTY, person_id="b"), "ArmRelease")
    assert wrong is not None
    assert wrong.code is RefusalCode.ROLE_NOT_ALLOWED
    assert may_second(chief, person(Role.SYSADMIN, person_id="b"), "ArmRelease") is None


def test_an_order_that_needs_no_second_takes_none() -> None:
    refusal = may_second(person(Role.CHIEF), person(*Role, person_id="b"), "AllowLogin")
    assert refusal is not None
    assert refusal.code is RefusalCode.ROLE_NOT_ALLOWED
