"""The console worked as its people work it, over a line that speaks the real messages."""

import os

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from invigilator_app.actions.orders import NoAnswer
from invigilator_app.link.port import Line, LinePhase
from invigilator_app.screens.confirm_dialog import ConfirmDialog
from tests.screens.console.hands import dialog, press, sign_second
from venue_server.wire.console_orders import (
    Admit,
    AllowLogin,
    ConfirmEnrolment,
    ConfirmExit,
    ForceSubmit,
    GetRoomRecord,
    GetStatus,
    ImportPlan,
    ListEnrolments,
    Reconcile,
    SealSession,
    SignRoomRecord,
    UploadSession,
    VerifyLedger,
    WipeSession,
)
from venue_server.wire.console_views import Done, RoomChanged, SeatChanged, VenueChanged
from venue_server.wire.intake_orders import (
    CheckPackages,
    FetchPackages,
    GetIntake,
    ImportFolder,
    OpenReceipt,
    SignReceiptSheet,
)
from venue_server.wire.messages import Refused
from venue_server.wire.names import (
    DataState,
    Mode,
    PackageState,
    SeatLink,
    SessionState,
    SittingState,
)
from venue_server.wire.refusals import RefusalCode

# ---- before duty -------------------------------------------------------------------------


def test_enrolment_code_is_shown_large_until_it_is_confirmed(start, make) -> None:
    console = start(make.FakeLine(begin=Line(LinePhase.ENROLLING, "K7QM-2XVD")))
    page = console.window.sign_in
    assert page.code.text() == "K7QM-2XVD" and page.code.isVisible()
    console.line.tell(Line(LinePhase.CONNECTING))
    console.until(lambda: not page.code.isVisible())
    console.line.tell(Line(LinePhase.SIGN_IN))
    console.until(lambda: page.form.isVisible())


def test_wrong_password_is_refused_with_its_code_and_the_password_is_gone(start) -> None:
    console = start()
    form = console.window.sign_in.form
    form.person.setText("zhukao")
    form.password.setText("wrong")
    form.enter.click()
    console.until(lambda: "STF-01" in form.outcome.head.text())
    assert form.password.text() == "" and not console.window.on_duty


def test_sign_in_shows_the_board_with_a_loud_rehearsal_banner(start) -> None:
    console = start()
    console.sign_in("zhukao")
    duty = console.window.duty
    assert console.window.on_duty and duty.banner.isVisible()
    assert "不是正式考试" in duty.banner.text()
    assert duty.header.clock.time.text() == "09:40:00"
    assert "国家授时中心" in duty.header.clock.source.text()


def test_a_live_session_has_no_banner_and_an_untrusted_clock_is_named(start, make) -> None:
    live = make.board(make.venue(mode=Mode.LIVE, clock_trusted=False))
    console = start(make.FakeLine(first=live))
    console.sign_in("zhukao")
    assert not console.window.duty.banner.isVisible()
    assert "不可信" in console.window.duty.header.clock.source.text()


def test_f7_the_header_says_how_exact_and_how_old_time_is(start, make) -> None:
    holding = make.venue(
        mode=Mode.LIVE, clock_state="HOLDOVER", clock_uncertainty_ms=130, clock_age_s=25 * 60
    )
    console = start(make.FakeLine(first=make.board(holding)))
    console.sign_in("zhukao")
    shown = console.window.duty.header.clock
    assert shown.source.text().startswith("✓")
    assert shown.detail.text() == "守时 · ±130 ms · 25 分钟前校时"


def test_f7_a_suspect_time_is_named_in_the_header(start, make) -> None:
    suspect = make.venue(clock_trusted=False, clock_state="SUSPECT", clock_uncertainty_ms=20)
    console = start(make.FakeLine(first=make.board(suspect)))
    console.sign_in("zhukao")
    shown = console.window.duty.header.clock
    assert "不可信" in shown.source.text()
    assert shown.detail.text() == "时间有疑 · ±20 ms"


def test_an_invigilator_sees_no_administration(start) -> None:
    console = start()
    console.sign_in("jiankao1")
    duty = console.window.duty
    hidden = [b for b, p in zip(duty.nav_buttons, duty.pages, strict=True) if not b.isVisible()]
    assert [b.text() for b in hidden] == ["作答数据", "管理"]


def test_a_lost_line_greys_every_order_and_the_next_line_asks_to_sign_in(start) -> None:
    console = start()
    console.sign_in("zhukao")
    rooms = console.window.duty.rooms
    assert rooms.admit.isEnabled()
    console.line.tell(Line(LinePhase.LOST))
    console.until(lambda: console.window.duty.lost.isVisible())
    assert not rooms.admit.isEnabled() and "09:40:00" in console.window.duty.lost.text()
    console.line.tell(Line(LinePhase.SIGN_IN))
    console.until(lambda: not console.window.on_duty)


def test_sign_out_leaves_nobody_on_duty(start, qtbot) -> None:
    console = start()
    console.sign_in("zhukao")
    press(qtbot, console.window.duty.footer.leave)
    console.until(lambda: console.window.sign_in.form.isVisible())


# ---- room --------------------------------------------------------------------------------


def test_seats_follow_their_changes(start, make) -> None:
    console = start()
    console.sign_in("jiankao1")
    seats = console.window.duty.rooms.map.seats
    assert "答题中" in seats.data(seats.index_of("01"))
    console.board(SeatChanged("r1", make.seat(1, link=SeatLink.OFFLINE, unsynced=5)))
    assert "断线" in seats.data(seats.index_of("01"))
    assert "未同步 5" in seats.data(seats.index_of("01"))


def test_arrow_keys_walk_the_map_and_the_details_follow(start, qtbot) -> None:
    console = start()
    console.sign_in("jiankao1")
    rooms = console.window.duty.rooms
    rooms.jump("01")
    qtbot.keyClick(rooms.map, Qt.Key.Key_Right)
    assert rooms.details.title.text() == "机位 02"
    qtbot.keyClick(rooms.map, Qt.Key.Key_Down)
    below = rooms.map.seats.seat_at(rooms.map.currentIndex())
    assert below is not None and rooms.details.title.text() == f"机位 {below.seat_no}"


def test_attention_leads_to_the_seat(start) -> None:
    console = start()
    console.sign_in("jiankao1")
    rooms = console.window.duty.rooms
    lines = [rooms.attention.list.item(at) for at in range(rooms.attention.list.count())]
    hand = next(line for line in lines if "举手" in line.text())
    rooms.attention.list.itemActivated.emit(hand)
    assert rooms.details.title.text() == "机位 09"


def test_search_finds_a_name_in_another_room(start, qtbot) -> None:
    console = start()
    console.sign_in("zhukao")
    duty = console.window.duty
    duty.open_page(duty.closing)
    qtbot.keyClicks(duty.rooms.search, "360100200022")
    qtbot.keyClick(duty.rooms.search, Qt.Key.Key_Return)
    assert duty.stack.currentWidget() is duty.rooms
    assert duty.rooms.tabs.currentIndex() == 1
    assert duty.rooms.details.title.text() == "机位 22"


def test_e04_the_room_shows_its_start_code_once_there_is_one(start, make) -> None:
    console = start()
    console.sign_in("jiankao1")
    shown = console.window.duty.rooms.start_code
    assert not shown.isVisibleTo(console.window)
    console.board(RoomChanged(make.room(1, start_code="048151")))
    assert shown.isVisibleTo(console.window) and shown.text() == "考场启动码 048 151"
    console.board(RoomChanged(make.room(1)))
    assert not shown.isVisibleTo(console.window)


def test_e04_the_start_code_stands_there_as_long_as_somebody_needs_it(start, make) -> None:
    working = [make.seat(at, state=SittingState.IN_PROGRESS) for at in range(1, 40)]
    coded = make.room(1, start_code="048151")
    console = start(make.FakeLine(first=make.board(make.venue(), [coded], {"r1": working})))
    console.sign_in("jiankao1")
    shown = console.window.duty.rooms.start_code
    assert not shown.isVisibleTo(console.window), "everybody's paper is open"
    console.board(SeatChanged("r1", make.seat(3, state=SittingState.ADMITTED)))
    assert shown.isVisibleTo(console.window), "somebody came late"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_e04_the_start_code_leaves_the_room_page_inside_the_screen(start, make, language) -> None:
    console = start(language=language, zoom=150, size=(1366, 768))
    console.sign_in("zhukao")
    console.board(RoomChanged(make.room(1, start_code="048151")))
    QApplication.processEvents()
    assert console.window.duty.rooms.start_code.isVisibleTo(console.window)
    assert (console.window.width(), console.window.height()) == (1366, 768)
    if folder := os.environ.get("KAODIAN_SHOTS"):
        assert console.window.grab().save(f"{folder}/console-start-code-{language}.png")


def test_k03_counts_that_do_not_agree_are_marked(start, make) -> None:
    console = start()
    console.sign_in("jiankao1")
    chip = console.window.duty.rooms.chips["scheduled"]
    assert not chip.text().startswith("✕")
    console.board(RoomChanged(make.room(1, scheduled=41)))
    assert chip.text() == "✕ 应考 41" and "不符" in chip.toolTip()


def opening(make):
    """Doors open, nobody may log in yet, everything before the start."""
    return make.FakeLine(
        now=make.START - 10 * make.MINUTE,
        first=make.board(
            make.venue(session_state=SessionState.OPEN, package_state=PackageState.COMPLETE),
            [make.room(1, session_state=SessionState.OPEN, login_allowed=False)],
            {"r1": [make.seat(at, state=SittingState.SCHEDULED) for at in range(1, 40)]},
        ),
    )


def test_allow_login_asks_with_the_numbers_and_orders_once(start, qtbot, make) -> None:
    console = start(opening(make))
    console.sign_in("jiankao1")
    rooms = console.window.duty.rooms
    qtbot.keyClick(console.window, Qt.Key.Key_F5)
    console.until(lambda: bool(console.window.findChildren(ConfirmDialog)))
    asked = dialog(console, ConfirmDialog)
    assert "应考 39" in asked.findChildren(QLabel)[1].text()
    press(qtbot, asked.yes)
    console.until(lambda: rooms.outcome.isVisible() and "已允许登录" in rooms.outcome.head.text())
    assert console.line.orders == [AllowLogin(0, "r1")]


def test_a08_a_refused_order_shows_its_code(start, qtbot, make) -> None:
    line = opening(make)
    line.replies[AllowLogin] = lambda order: Refused(0, RefusalCode.ROOM_NOT_YOURS)
    console = start(line)
    console.sign_in("zhukao")
    rooms = console.window.duty.rooms
    press(qtbot, rooms.allow)
    press(qtbot, dialog(console, ConfirmDialog).yes)
    console.until(lambda: "STF-05" in rooms.outcome.head.text())


def test_an_order_without_an_answer_says_that_it_may_have_been_done(start, qtbot, make) -> None:
    line = opening(make)
    line.replies[AllowLogin] = lambda order: NoAnswer()
    console = start(line)
    console.sign_in("zhukao")
    rooms = console.window.duty.rooms
    press(qtbot, rooms.allow)
    press(qtbot, dialog(console, ConfirmDialog).yes)
    console.until(lambda: "可能已执行" in rooms.outcome.text.text())


# ---- admission ---------------------------------------------------------------------------


def open_admission(qtbot, console):
    """F6; a button's shortcut clicks after its animation."""
    rooms = console.window.duty.rooms
    qtbot.keyClick(console.window, Qt.Key.Key_F6)
    console.until(lambda: rooms.admission is not None and rooms.admission.isActiveWindow())
    return rooms.admission


def fill(qtbot, form, ticket: str, number: str) -> None:
    qtbot.keyClicks(form.ticket, ticket)
    qtbot.keyClicks(form.id_number, number)
    form.id_checked.setChecked(True)
    form.ticket_checked.setChecked(True)


def test_f01_admission_by_keyboard_and_the_form_is_ready_for_the_next(start, qtbot, make) -> None:
    console = start(opening(make))
    console.sign_in("jiankao1")
    form = open_admission(qtbot, console)
    assert not form.submit.isEnabled()
    fill(qtbot, form, "360100100007", "11010519491231002x")
    press(qtbot, form.submit)
    console.until(lambda: "准予入场" in form.outcome.head.text())
    assert "机位 07" in form.outcome.text.text()
    assert form.ticket.text() == "" and form.id_number.number() == ""
    assert not form.id_checked.isChecked() and not form.submit.isEnabled()
    (order,) = console.line.orders
    assert isinstance(order, Admit) and order.id_number == "11010519491231002X"


def test_f01_one_document_alone_cannot_be_sent(start, qtbot, make) -> None:
    console = start(opening(make))
    console.sign_in("jiankao1")
    form = open_admission(qtbot, console)
    fill(qtbot, form, "360100100007", "11010519491231002x")
    form.ticket_checked.setChecked(False)
    assert not form.submit.isEnabled() and "查验准考证" in form.warning.text()


def test_f05_the_cut_off_refusal_is_big_and_names_the_instant(start, qtbot, make) -> None:
    line = make.FakeLine(now=make.START + 5 * make.MINUTE)
    line.replies[Admit] = lambda order: Refused(0, RefusalCode.ADMISSION_CLOSED)
    console = start(line)
    console.sign_in("jiankao1")
    form = open_admission(qtbot, console)
    fill(qtbot, form, "360100100005", "11010519491231002x")
    assert "已过禁止入场时间" in form.warning.text()
    press(qtbot, form.submit)
    console.until(lambda: "ADM-01" in form.outcome.head.text())
    assert "09:05:00" in form.outcome.text.text()
    assert form.ticket.text() == "360100100005", "the refused person's data stay"


def test_o08_the_identity_number_is_masked_as_soon_as_it_is_left(start, qtbot, make) -> None:
    console = start(opening(make))
    console.sign_in("jiankao1")
    form = open_admission(qtbot, console)
    form.id_number.setFocus()
    qtbot.keyClicks(form.id_number, "11010519491231002x")
    assert form.id_number.text() == "11010519491231002x"
    form.id_checked.setFocus()
    assert form.id_number.text() == "1101**********002X"
    assert form.id_number.number() == "11010519491231002x"


def test_g06_exit_only_for_those_who_handed_in(start, qtbot) -> None:
    console = start()
    console.sign_in("jiankao1")
    rooms = console.window.duty.rooms
    rooms.jump("01")
    assert not rooms.exit.isEnabled() and "尚未交卷" in rooms.exit.toolTip()
    rooms.jump("18")
    press(qtbot, rooms.exit)
    press(qtbot, dialog(console, ConfirmDialog).yes)
    console.until(lambda: "已确认离场" in rooms.outcome.head.text())
    assert console.line.orders == [ConfirmExit(0, "r1", "s-1-18")]


def test_a12_the_inspector_can_press_nothing_in_a_room(start) -> None:
    console = start()
    console.sign_in("xunshi")
    rooms = console.window.duty.rooms
    assert not rooms.admit.isEnabled() and not rooms.allow.isEnabled()
    assert rooms.admit.toolTip() == "巡视账号只能查看"


# ---- after the end -----------------------------------------------------------------------


def ended(make, data=DataState.BACKED_UP):
    venue = make.venue(
        session_state=SessionState.ENDED, package_state=PackageState.ENDED, data_state=data
    )
    rooms = [make.room(1, session_state=SessionState.ENDED, present=37, absent=2)]
    return make.FakeLine(
        now=make.START + 95 * make.MINUTE,
        first=make.board(venue, rooms, {"r1": make.mixed_seats(1)}),
    )


def reconciled(consistent: bool):
    row = {"ticket_no": "3601", "name": "赵军", "seat_no": "07", "outcome": "PRESENT"}
    bad = row | {"bundles": 0, "problem": {"code": "RMK-05", "args": {}}, "blocking": True}
    good = row | {"bundles": 1, "problem": None}
    return {
        "session_id": "20261122-1",
        "rows": [good, good if consistent else bad],
        "scheduled": 39,
        "present": 37,
        "absent": 2,
        "consistent": consistent,
    }


def test_k03_reconciliation_puts_problems_first(start, qtbot, make) -> None:
    line = ended(make)
    line.replies[Reconcile] = lambda order: Done(0, reconciled(False))
    console = start(line)
    console.sign_in("zhukao")
    duty = console.window.duty
    duty.open_page(duty.closing)
    assert duty.closing.counts.figures["present"].text() == "37"
    assert "人数一致" in duty.closing.counts.verdict.text()
    press(qtbot, duty.closing.reconcile)
    console.until(lambda: "不一致" in duty.closing.outcome.head.text())
    assert "没有作答数据" in duty.closing.result.item(0, 5).text()
    line.replies[Reconcile] = lambda order: Done(0, reconciled(True))
    press(qtbot, duty.closing.reconcile)
    console.until(lambda: "核对一致" in duty.closing.outcome.head.text())


def test_an_answer_of_another_form_is_said_and_not_shown_as_done(start, qtbot, make) -> None:
    line = ended(make)
    line.replies[Reconcile] = lambda order: Done(0, {"rows": "?"})
    console = start(line)
    console.sign_in("zhukao")
    duty = console.window.duty
    duty.open_page(duty.closing)
    press(qtbot, duty.closing.reconcile)
    console.until(lambda: "无法识别" in duty.closing.outcome.head.text())


RECORD = {
    "record": {"考场": "第1考场", "应考人数": 39, "异常情况": [], "违纪": None},
    "content_hash": "9f" * 32,
    "signatures": [{"person_id": "jiankao1", "name": "李文静", "role": "INVIGILATOR", "at_ms": 1}],
    "required": ["CHIEF"],
}


def test_k01_signing_names_the_hash_of_what_was_read(start, qtbot, make) -> None:
    line = ended(make)
    line.replies[GetRoomRecord] = lambda order: Done(0, RECORD)
    console = start(line)
    console.sign_in("zhukao")
    page = console.window.duty.record
    console.window.duty.open_page(page)
    assert not page.sign.isEnabled(), "nothing read, nothing to sign"
    press(qtbot, page.load)
    console.until(lambda: page.record is not None)
    assert page.fields.item(2, 1).text() == "无" and "主考" in page.required.text()
    press(qtbot, page.sign)
    press(qtbot, dialog(console, ConfirmDialog).yes)
    console.until(lambda: "已签署" in page.outcome.head.text())
    assert SignRoomRecord(0, "r1", "9f" * 32) in console.line.orders


def test_k01_a_record_changed_meanwhile_is_refused(start, qtbot, make) -> None:
    line = ended(make)
    line.replies[GetRoomRecord] = lambda order: Done(0, RECORD)
    line.replies[SignRoomRecord] = lambda order: Refused(0, RefusalCode.RECORD_CHANGED)
    console = start(line)
    console.sign_in("zhukao")
    page = console.window.duty.record
    console.window.duty.open_page(page)
    press(qtbot, page.load)
    console.until(lambda: page.record is not None)
    press(qtbot, page.sign)
    press(qtbot, dialog(console, ConfirmDialog).yes)
    console.until(lambda: "SES-04" in page.outcome.head.text())


def test_l01_seal_upload_wipe_open_one_after_the_other(start, qtbot, make) -> None:
    line = ended(make)
    line.replies[SealSession] = lambda order: Done(0, {"bundle_sha256": "ab" * 32})
    line.replies[UploadSession] = lambda order: Done(0, {"receipt": {"回执编号": "HQ-1"}})
    line.replies[WipeSession] = lambda order: Done(0, {"certificate": {"证书": "W-1"}})
    console = start(line)
    console.sign_in("both")
    page = console.window.duty.data
    console.window.duty.open_page(page)

    def at(data: DataState) -> None:
        venue = line.first.venue
        console.board(VenueChanged(msgspec.structs.replace(venue, data_state=data)))

    assert (page.seal.isEnabled(), page.upload.isEnabled(), page.wipe.isEnabled()) == (
        True,
        False,
        False,
    )
    press(qtbot, page.seal)
    sign_second(qtbot, console, make, "admin")
    console.until(lambda: "已密封" in page.outcome.head.text())
    at(DataState.SEALED)
    press(qtbot, page.upload)
    press(qtbot, dialog(console, ConfirmDialog).yes)
    console.until(lambda: "已上报" in page.outcome.head.text())
    assert page.proof.item(0, 1).text() == "HQ-1" and not page.wipe.isEnabled()
    at(DataState.UPLOADED)
    press(qtbot, page.wipe)
    sign_second(qtbot, console, make, "admin")
    console.until(lambda: "已清除" in page.outcome.head.text())
    kinds = [type(order) for order in console.line.orders]
    assert kinds == [SealSession, UploadSession, WipeSession]


def test_l09_a_failed_upload_shows_its_code_and_stays_open(start, qtbot, make) -> None:
    line = ended(make, DataState.SEALED)
    line.replies[UploadSession] = lambda order: Refused(0, RefusalCode.UPLOAD_WRONG_SERVER)
    console = start(line)
    console.sign_in("admin")
    page = console.window.duty.data
    console.window.duty.open_page(page)
    press(qtbot, page.upload)
    press(qtbot, dialog(console, ConfirmDialog).yes)
    console.until(lambda: "SES-07" in page.outcome.head.text())
    assert page.upload.isEnabled() and not page.wipe.isEnabled()


def test_n03_where_who_sealed_may_not_check_any_more_another_signs(start, qtbot, make) -> None:
    line = ended(make, DataState.SEALED)
    gone = Refused(0, RefusalCode.SIGNER_GONE)
    line.replies[UploadSession] = lambda order: (
        gone if order.second is None else Done(0, {"receipt": {"回执编号": "HQ-1"}})
    )
    console = start(line)
    console.sign_in("admin")
    page = console.window.duty.data
    console.window.duty.open_page(page)
    press(qtbot, page.upload)
    press(qtbot, dialog(console, ConfirmDialog).yes)
    console.until(lambda: "STF-12" in page.outcome.head.text())
    sign_second(qtbot, console, make, "zhukao")
    console.until(lambda: "已上报" in page.outcome.head.text())
    signed = make.through_second("zhukao")
    assert [order.second for order in console.line.orders] == [None, signed]


def test_n03_b_signs_for_whoever_opened_the_receipt_and_is_gone(start, qtbot, make) -> None:
    line = make.FakeLine()
    got = {"files": [], "state": "COMPLETE", "have": [1], "need": 1, "missing": []}
    line.replies[FetchPackages] = lambda order: (
        Refused(0, RefusalCode.SIGNER_GONE) if order.second is None else Done(0, got)
    )
    console = start(line)
    console.sign_in("admin")
    duty = console.window.duty
    duty.open_page(duty.admin)
    tab = duty.admin.intake
    duty.admin.tabs.setCurrentWidget(tab)
    press(qtbot, tab.fetch)
    console.until(lambda: "STF-12" in tab.outcome.head.text())
    sign_second(qtbot, console, make, "zhukao")
    console.until(lambda: "碎片已足够" in tab.outcome.head.text())


def test_l09_an_upload_without_a_receipt_says_that_it_goes_on(start, qtbot, make) -> None:
    line = ended(make, DataState.SEALED)
    pending = {"attempts": 3, "next_attempt_ms": make.START, "problem": "timeout"}
    line.replies[UploadSession] = lambda order: Done(0, {"pending": pending})
    console = start(line)
    console.sign_in("admin")
    page = console.window.duty.data
    console.window.duty.open_page(page)
    press(qtbot, page.upload)
    press(qtbot, dialog(console, ConfirmDialog).yes)
    console.until(lambda: "尚未取得回执" in page.outcome.head.text())
    assert "09:00:00" in page.outcome.text.text() and "timeout" in page.outcome.text.text()


def test_l02_force_hand_in_needs_a_chosen_person_and_two_signatures(start, qtbot, make) -> None:
    console = start(ended(make))
    console.sign_in("zhukao")
    duty = console.window.duty
    duty.open_page(duty.closing)
    page = duty.closing
    press(qtbot, page.force)
    assert "请先" in page.outcome.head.text()
    page.lists["open"].setCurrentCell(0, 0)
    press(qtbot, page.force)
    sign_second(qtbot, console, make, "admin")
    console.until(lambda: "已强制交卷" in page.outcome.head.text())
    assert console.line.orders == [ForceSubmit(0, "r1", "s-1-1", make.through_second("admin"))]


# ---- administration ----------------------------------------------------------------------


def test_d02_receipt_is_opened_by_two_and_every_file_is_judged(start, qtbot, make) -> None:
    line = make.FakeLine()
    line.replies[OpenReceipt] = lambda order: Done(
        0, {"receipt_id": "R-1", "deadline_ms": make.START}
    )
    line.replies[ImportFolder] = lambda order: Done(
        0,
        {
            "files": [
                {"name": "a.frag", "verdict": "accepted", "code": ""},
                {"name": "b.frag", "verdict": "refused", "code": "PAP-04"},
            ],
            "state": "RECEIVING",
            "have": [1],
            "need": 3,
            "missing": [2, 3],
        },
    )
    console = start(line)
    console.sign_in("admin")
    duty = console.window.duty
    duty.open_page(duty.admin)
    tab = duty.admin.intake
    duty.admin.tabs.setCurrentWidget(tab)
    press(qtbot, tab.open)
    sign_second(qtbot, console, make, "zhukao")
    console.until(lambda: "R-1" in tab.outcome.text.text())
    tab.folder.setText("/media/hq")
    press(qtbot, tab.take)
    console.until(lambda: tab.files.rowCount() == 2)
    assert "碎片内容损坏" in tab.files.item(1, 2).text() and "2、3" in tab.outcome.text.text()


STANDING = {
    "sections": [
        {
            "title": "试卷包 / package P/A",
            "rows": [
                ["状态 / state", "接收中 / receiving", "wait"],
                ["碎片2缺块 / fragment 2 lacks", "3 / 30", "bad"],
            ],
        }
    ],
    "next": ["P/A：重新获取缺失的块 / get the missing blocks again: intake fetch"],
    "session_id": "s1",
    "sheet": {"code": "0a1b2c3d", "blockers": [], "signed_by": ""},
}


def test_d09_the_chief_signs_the_sheet_that_is_on_the_screen(start, qtbot, make) -> None:
    line = make.FakeLine()
    line.replies[GetIntake] = lambda order: Done(0, STANDING)
    line.replies[SignReceiptSheet] = lambda order: Done(0, {"content_hash": "0a", "packages": 1})
    console = start(line)
    console.sign_in("zhukao")
    duty = console.window.duty
    duty.open_page(duty.admin)
    tab = duty.admin.intake
    duty.admin.tabs.setCurrentWidget(tab)
    console.until(lambda: tab.standing.table.rowCount() == 2)
    assert "重新获取缺失的块" in tab.standing.next.text()
    assert tab.standing.table.item(1, 1).text() == "碎片2缺块"
    assert not tab.fetch.isEnabled(), "the chief does not fetch"
    press(qtbot, tab.sign)
    console.until(lambda: "已签收" in tab.outcome.head.text())
    signed = [each for each in console.line.orders if isinstance(each, SignReceiptSheet)]
    assert [each.content_hash for each in signed] == ["0a1b2c3d"]


def test_d18_the_administrator_fetches_and_checks(start, qtbot, make) -> None:
    line = make.FakeLine()
    line.replies[GetIntake] = lambda order: Done(0, STANDING)
    line.replies[FetchPackages] = lambda order: Done(
        0, {"files": [], "state": "COMPLETE", "have": [1, 2, 3], "need": 3, "missing": [4, 5]}
    )
    line.replies[CheckPackages] = lambda order: Done(
        0,
        {
            "sections": [
                {"title": "包 / package", "rows": [["密文校验 / ciphertext", "否 / no", "bad"]]}
            ],
            "passed": False,
        },
    )
    console = start(line)
    console.sign_in("admin")
    duty = console.window.duty
    duty.open_page(duty.admin)
    tab = duty.admin.intake
    duty.admin.tabs.setCurrentWidget(tab)
    press(qtbot, tab.fetch)
    console.until(lambda: "碎片已足够" in tab.outcome.head.text())
    assert not tab.sign.isEnabled(), "only the chief signs"
    press(qtbot, tab.check)
    console.until(lambda: "有问题" in tab.outcome.head.text())
    assert tab.standing.table.rowCount() == 1


def test_n03_the_plan_is_imported_by_two_administrators(start, qtbot, make) -> None:
    line = make.FakeLine()
    line.replies[ImportPlan] = lambda order: Done(
        0, {"plan_id": "P-7", "sessions": ["s1", "s2"], "candidates": 80}
    )
    console = start(line)
    console.sign_in("admin")
    duty = console.window.duty
    duty.open_page(duty.admin)
    tab = duty.admin.intake
    duty.admin.tabs.setCurrentWidget(tab)
    tab.plan.setText("/media/hq/plan.json")
    press(qtbot, tab.take_plan)
    sign_second(qtbot, console, make, "admin-b")
    console.until(lambda: "P-7" in tab.outcome.text.text())


def test_enrolment_code_picked_from_the_list_is_confirmed_with_a_seat(start, qtbot, make) -> None:
    line = make.FakeLine()
    line.replies[ListEnrolments] = lambda order: Done(
        0,
        {
            "waiting": [
                {"code": "K7QM-2XVD", "kind": "station", "address": "10.0.0.9:5", "since_ms": 1}
            ]
        },
    )
    console = start(line)
    console.sign_in("admin")
    duty = console.window.duty
    duty.open_page(duty.admin)
    tab = duty.admin.enrolment
    duty.admin.tabs.setCurrentWidget(tab)
    console.until(lambda: tab.table.rowCount() == 1)
    tab.table.setCurrentCell(0, 0)
    assert tab.code.text() == "K7QM-2XVD" and not tab.confirm.isEnabled()
    tab.name.setText("01 号机")
    tab.seat.setText("01")
    press(qtbot, tab.confirm)
    console.until(lambda: "已登记" in tab.outcome.head.text())
    assert ConfirmEnrolment(0, "K7QM-2XVD", "station", "01 号机", "r1", "01") in console.line.orders


def test_status_and_ledger_say_what_is_wrong(start, qtbot, make) -> None:
    line = make.FakeLine()
    line.replies[GetStatus] = lambda order: Done(
        0,
        {
            "sections": [{"title": "磁盘", "rows": [["剩余", "2 GB", "bad"]]}],
            "next": ["清理磁盘"],
        },
    )
    line.replies[VerifyLedger] = lambda order: Done(
        0, {"ok": False, "entries": 9, "head": "00", "problem": "第 7 条"}
    )
    console = start(line)
    console.sign_in("admin")
    duty = console.window.duty
    duty.open_page(duty.admin)
    tab = duty.admin.status
    console.until(lambda: tab.table.rowCount() == 1)
    assert tab.table.item(0, 3).text() == "✕ 异常" and "清理磁盘" in tab.next.text()
    press(qtbot, tab.verify)
    console.until(lambda: "不通过" in tab.outcome.head.text())
    assert "第 7 条" in tab.outcome.text.text()
