"""Each page shows its state and says what the candidate wants, by mouse and by keyboard."""

from dataclasses import replace

import msgspec
import pytest
import segno
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from candidate_station.inspection.result import CheckResult, Verdict
from candidate_station.screens.login_input import normalise
from candidate_station.screens.words import clock, fill, grouped, span
from candidate_station.session.intents import (
    AgreeRules,
    AskSubmit,
    CancelSubmit,
    ConfirmDetails,
    ConfirmSubmit,
    EnterLogin,
    EnterStartCode,
    GoTo,
    RaiseHand,
    RejectDetails,
    Step,
    ToggleFlag,
)
from candidate_station.session.notices import Notice
from candidate_station.session.screen_state import SaveState, Screen
from venue_server.wire.wiping_orders import AnswerPlace

ALT = Qt.KeyboardModifier.AltModifier


def _text(station) -> str:
    """Everything that can be read on the window now."""
    seen = [
        widget.text()
        for widget in station.window.findChildren(QWidget)
        if isinstance(widget, QLabel | QPushButton) and widget.isVisible()
    ]
    return "\n".join(seen)


def _show(station, state) -> str:
    station.window.show_state(state)
    station.window.activateWindow()
    QApplication.processEvents()
    return _text(station)


# ---- what is shown -------------------------------------------------------------------------


def test_enrol_shows_the_code_large(station, states):
    assert "K 7 Q M - 4 X T B" in _show(station, states["enrol"])


def test_f11_waiting_shows_seat_session_clock_and_seal(station, states):
    text = _show(station, states["waiting"])
    for part in (
        "等待登录",
        "17",
        "考场 07",
        "经济基础知识（中级）",
        "09:00",
        "90 分钟",
        "08:40:00",
    ):
        assert part in text
    assert "9f3c 27ab" in text and "✓ 校验一致" in text


def test_d17_an_unverified_seal_is_not_called_good(station, states):
    seal = states["waiting"].seal
    state = replace(states["waiting"], seal=type(seal)("P", "A", "9f3c 27ab", False))
    text = _show(station, state)
    assert "尚未校验" in text and "✓" not in text


def test_h03_no_time_is_shown_before_the_clock_is_known(station, states):
    text = _show(station, replace(states["waiting"], clock_known=False, exam_now_ms=0))
    assert "正在校时" in text and "08:00" not in text


def test_c08_waiting_shows_only_what_failed_in_the_self_check(station, states):
    _show(station, states["waiting"])
    station.window.show_checks(
        (
            CheckResult("CHK-FONT", "≥ 1", "3", Verdict.OK),
            CheckResult("CHK-DISK", "≥ 2 GiB", "0.4 GiB", Verdict.FAIL),
        )
    )
    text = _text(station)
    assert "CHK-DISK" in text and "≥ 2 GiB" in text and "0.4 GiB" in text
    assert "CHK-FONT" not in text


def test_f12_login_shows_the_refusal_with_its_code(station, states):
    assert "[ADM-08] 机位不符，请到指定机位登录：23" in _show(station, states["login"])


def test_o08_confirm_shows_the_masked_number_and_the_photo(station, states):
    text = _show(station, states["confirm"])
    for part in ("阿卜杜热依木·买买提", "3601**********123X", "320100260017", "07", "17"):
        assert part in text
    photo = station.window.findChild(QLabel, "photo")
    assert photo.isVisible() and not photo.pixmap().isNull()


@pytest.mark.parametrize("photo", ["", "not base64!", "bm90IGEgcGljdHVyZQ=="])
def test_f11_a_missing_or_broken_photo_leaves_the_page_usable(station, states, photo):
    candidate = replace_struct(states["confirm"].candidate, photo=photo)
    _show(station, replace(states["confirm"], candidate=candidate))
    assert not station.window.findChild(QLabel, "photo").isVisible()


def test_h01_the_prompt_grows_when_the_exam_has_started(station, states):
    assert "距开考 00:20:00" in _show(station, states["rules"])
    assert "考试已经开始，计时正在进行" in _show(station, states["rules_late"])


def test_g12_countdown_has_no_item_area(station, states, item_area):
    text = _show(station, states["countdown"])
    assert "00:20:00" in text and "09:00:00" in text
    assert not item_area.isVisible()


def test_g12_after_the_start_the_countdown_says_the_paper_is_being_opened(station, states):
    late = replace(states["countdown"], exam_now_ms=states["countdown"].timing.effective_start_ms)
    assert "正在打开试卷" in _show(station, late)


def test_e04_the_start_code_page_says_that_time_runs_and_what_was_wrong(station, states):
    late = _show(station, states["start_code"])
    assert "[SIT-09]" in late and "剩余时间 01:29:00" in late
    start_ms = states["start_code"].timing.effective_start_ms
    early = replace(states["start_code"], exam_now_ms=start_ms - 1, refusal=None)
    text = _show(station, early)
    assert "09:00:00 开考" in text and "SIT-09" not in text
    assert "考试时间自开考时刻起计算" in late and "考试时间自开考时刻起计算" in text


def test_e04_the_start_code_is_typed_and_entered_by_keyboard(station, states, qtbot):
    _show(station, states["countdown"])
    _show(station, states["start_code"])
    page = station.window.pages[Screen.START_CODE]
    assert page.code.hasFocus()
    qtbot.keyClick(page.code, Qt.Key.Key_Return)
    qtbot.keyClicks(page.code, "048151")
    qtbot.keyClick(page.code, Qt.Key.Key_Return)
    assert station.intents == [EnterStartCode("048151")], "an empty field asks nothing"
    _show(station, replace(states["start_code"], code_paused=True))
    qtbot.keyClick(page.code, Qt.Key.Key_Return)
    assert not page.enter.isEnabled() and len(station.intents) == 1
    _show(station, states["start_code"])
    qtbot.keyClicks(page.code, "1")
    assert page.code.text() == "1", "the next digit begins anew"


def test_h04_answer_shows_candidate_seat_exam_and_position(station, states):
    text = _show(station, states["answer"])
    for part in (
        "阿卜杜热依木·买买提",
        "320100260017",
        "机位 17",
        "经济基础知识（中级）",
        "一、单项选择题",
        "第 23 题，共 44 题",
        "00:50:00",
    ):
        assert part in text


def test_h04_cells_carry_sign_and_words_beside_the_colour(station, states):
    _show(station, states["answer"])
    cells = station.window.answer.navigator.cells
    assert cells["item-1"].text() == "1\n✓"
    assert cells["item-5"].text() == "5\n·"
    assert cells["item-1"].accessibleName() == "第1题，已作答"
    assert cells["item-23"].accessibleName() == "第23题，未作答，已标记，当前题"


def test_h04_the_flag_triangle_is_painted(station, states):
    _show(station, states["answer"])
    cells = station.window.answer.navigator.cells
    flag = station.window.look.palette.flag

    def corner(item_id: str) -> str:
        picture = cells[item_id].grab().toImage()
        return picture.pixelColor(picture.width() - 6, 4).name()

    assert corner("item-7") == flag
    assert corner("item-6") != flag


@pytest.mark.parametrize(
    ("save_state", "words"),
    [
        (SaveState.SYNCED, "✓ 已同步"),
        (SaveState.LOCAL, "■ 已保存到本机，7 条待同步"),
        (SaveState.FAILED, "✕ 未保存"),
        (SaveState.NOTHING, "… 正在保存"),
    ],
)
def test_h07_saved_state_is_sign_and_words(station, states, save_state, words):
    text = _show(station, replace(states["answer"], save_state=save_state, unsynced=7))
    assert words in text
    others = {"✓ 已同步", "■ 已保存到本机", "✕ 未保存", "… 正在保存"} - {words[:8]}
    shown = [other for other in others if other in text and other not in words]
    assert shown == []


def test_h08_offline_strip_says_go_on(station, states):
    assert "网络中断" not in _show(station, states["answer"])
    assert "网络中断，本机作答中：可继续作答" in _show(station, states["answer_offline"])


def test_g01_submit_is_closed_until_the_room_opens(station, states):
    assert "考场封闭，10:15:00 后可以交卷" in _show(station, states["answer"])
    assert not station.window.answer.submit.isEnabled()
    assert "现在可以交卷" in _show(station, states["answer_offline"])
    assert station.window.answer.submit.isEnabled()


def test_g02_a_room_closed_to_the_end_says_so(station, states):
    timing = replace_struct(states["answer"].timing, closed_until_ms=states["answer"].timing.end_ms)
    assert "考场封闭至考试结束" in _show(station, replace(states["answer"], timing=timing))


def test_g10_confirm_shows_counts_and_numbers(station, states):
    text = _show(station, states["confirm_submit"])
    assert "未作答：25 题" in text and "已标记：3 题" in text
    numbers = text.split("\n")
    assert "5" in numbers and "13" in numbers and "44" in numbers and "6" not in numbers


def test_g10_everything_answered_is_said_and_lists_nothing(station, states):
    cells = tuple(replace(c, answered=True, flagged=False) for c in states["answer"].navigator)
    state = replace(states["confirm_submit"], navigator=cells, unanswered=0, flagged=0)
    text = _show(station, state)
    assert "全部试题已作答" in text and "未作答题号" not in text


def test_g11_submitting_never_claims_success(station, states):
    text = _show(station, states["submitting"])
    assert "正在等待服务器确认" in text and "3 条记录待同步" in text
    assert "成功" not in text


def test_g11_failure_keeps_the_data_and_calls_an_invigilator(station, states):
    text = _show(station, states["submit_failed"])
    assert "交卷失败" in text and "请举手" in text and "[SIT-07]" in text
    assert "全部作答已保存在本机" in text


def test_h07_failure_claims_no_local_copy_when_the_disk_refused(station, states):
    broken = replace(states["submit_failed"], save_state=SaveState.FAILED)
    assert "已保存在本机" not in _show(station, broken)


@pytest.mark.parametrize(
    ("language", "badge", "receipt"),
    [
        ("zh", "■ 已保存到本机，服务器存储故障", "作答保存在本机，请勿关机"),
        ("en", "■ Saved on this machine; the server's disks fail", "are on this machine"),
    ],
)
def test_h07_disks_that_are_gone_at_the_server_are_said_to_the_candidate(
    station, states, language, badge, receipt
):
    station.speak(language)
    synced = replace(states["answer"], save_state=SaveState.SYNCED, place=AnswerPlace.STATION)
    assert badge in _show(station, synced)
    text = _show(station, replace(states["receipt"], place=AnswerPlace.STATION))
    assert receipt in text and "收妥" not in text


def test_g11_receipt_shows_the_code_in_groups(station, states):
    assert states["receipt"].receipt_code in _show(station, states["receipt"])


def test_h07_a_receipt_says_it_when_this_machine_still_has_answers_the_server_has_not(
    station, states
):
    """The sitting was closed while this machine was away: nothing may be called received."""
    whole = states["receipt"]
    for place in AnswerPlace:
        text = _show(station, replace(whole, unsynced=2, place=place))
        assert "2 条作答只在本机" in text and "请勿关机" in text
        assert not any(word in text for word in ("收妥", "已上报", "备份介质", "交卷成功"))
    assert "交卷成功" in _show(station, whole)


def test_g11_the_qr_beside_the_code_is_drawn_large_enough_for_a_camera(station, states):
    _show(station, states["receipt"])
    picture = station.window.findChild(QLabel, "receiptQr").pixmap()
    modules = len(segno.make(states["receipt"].receipt_qr, micro=False, error="m").matrix) + 8
    assert picture.width() % modules == 0 and picture.width() // modules >= 4
    image = picture.toImage()
    corner = image.pixelColor(0, 0).lightness(), image.pixelColor(18, 18).lightness()
    assert corner == (255, 0), "a quiet zone, then the finder pattern"


def test_blocked_names_the_reason(station, states):
    assert "[PAP-13]" in _show(station, states["blocked"])


def test_notices_are_shown_in_the_language_of_the_window(station, states):
    state = replace(states["answer"], notices=(Notice.TIME_CHANGED, "自由文字"))
    assert "考试时间已调整" in _show(station, state)
    station.speak("en")
    text = _text(station)
    assert "The time was changed" in text and "自由文字" in text


# ---- by mouse ------------------------------------------------------------------------------


def _click(qtbot, button) -> None:
    assert button.isVisible() and button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_f11_log_in_by_mouse_and_keys_tolerates_width_spaces_and_case(qtbot, station, states):
    _show(station, states["login"])
    page = station.window.pages[Screen.LOGIN]
    # An input method commits full-width characters; synthetic key presses cannot.
    page.ticket.insert(" ３２０１００ 260017")
    page.identity.insert("360102199003078８1x")
    _click(qtbot, page.enter)
    assert station.intents == [EnterLogin("320100260017", "36010219900307881X")]


def test_f11_an_empty_field_is_asked_for_and_nothing_is_sent(qtbot, station, states):
    _show(station, replace(states["login"], refusal=None))
    page = station.window.pages[Screen.LOGIN]
    qtbot.keyClicks(page.ticket, "320100260017")
    _click(qtbot, page.enter)
    assert station.intents == []
    assert "请填写" in _text(station)
    assert station.window.focusWidget() is page.identity


def test_o08_what_was_typed_is_gone_for_the_next_candidate(qtbot, station, states):
    _show(station, states["login"])
    page = station.window.pages[Screen.LOGIN]
    qtbot.keyClicks(page.identity, "360102199003078811")
    _show(station, states["waiting"])
    _show(station, states["login"])
    assert page.identity.text() == "" and page.ticket.text() == ""


@pytest.mark.parametrize(
    ("screen", "button", "intent"),
    [
        ("confirm", "right", ConfirmDetails()),
        ("confirm", "wrong", RejectDetails()),
        ("rules", "agree", AgreeRules()),
        ("answer_offline", "next", Step(1)),
        ("answer_offline", "previous", Step(-1)),
        ("answer_offline", "flag", ToggleFlag("item-23")),
        ("answer_offline", "submit", AskSubmit()),
        ("confirm_submit", "back", CancelSubmit()),
        ("confirm_submit", "really", ConfirmSubmit()),
    ],
)
def test_every_button_says_its_intent(qtbot, station, states, screen, button, intent):
    _show(station, states[screen])
    page = station.window.pages[states[screen].screen]
    _click(qtbot, getattr(page, button))
    assert station.intents == [intent]


def test_h04_a_number_goes_to_its_item(qtbot, station, states):
    _show(station, states["answer"])
    _click(qtbot, station.window.answer.navigator.cells["item-5"])
    assert station.intents == [GoTo("item-5")]


def test_g10_an_unanswered_number_leads_back_to_it(qtbot, station, states):
    _show(station, states["confirm_submit"])
    page = station.window.pages[Screen.CONFIRM_SUBMIT]
    number = next(b for b in page.findChildren(QPushButton) if b.text() == "13")
    _click(qtbot, number)
    assert station.intents == [CancelSubmit(), GoTo("item-13")]


def test_h07_leaving_an_item_flushes_before_the_intent(qtbot, station, states):
    order: list[object] = []
    station.window.leaving.connect(lambda: order.append("flush"))
    station.window.intent.connect(order.append)
    _show(station, states["answer_offline"])
    for button in ("next", "submit"):
        _click(qtbot, getattr(station.window.answer, button))
    assert order == ["flush", Step(1), "flush", AskSubmit()]


def test_raise_hand_stays_up_until_lowered(qtbot, station, states):
    _show(station, states["answer"])
    hand = station.window.top_bar.hand
    _click(qtbot, hand)
    assert "已举手" in hand.text()
    _click(qtbot, hand)
    assert station.intents == [RaiseHand(True), RaiseHand(False)]
    assert "已举手" not in hand.text()


def test_the_next_candidate_finds_hand_zoom_and_colours_as_new(qtbot, station, states):
    _show(station, states["answer"])
    _click(qtbot, station.window.top_bar.hand)
    _click(qtbot, station.window.top_bar.larger)
    _click(qtbot, station.window.top_bar.scheme)
    _click(qtbot, station.window.answer.remaining.toggle)
    assert station.window.look.zoom == 125
    _show(station, states["waiting"])
    assert station.window.look.zoom == 100 and station.window.look.scheme == "normal"
    assert "已举手" not in station.window.top_bar.hand.text()
    assert "00:50:00" in _show(station, states["answer"])


def test_h03_time_can_be_hidden_but_not_near_the_end(qtbot, station, states):
    _show(station, states["answer"])
    remaining = station.window.answer.remaining
    _click(qtbot, remaining.toggle)
    assert "00:50:00" not in _text(station) and "已隐藏" in _text(station)
    text = _show(station, replace(states["answer"], remaining_s=300))
    assert "00:05:00" in text and "不足5分钟" in text
    assert not remaining.toggle.isEnabled()


def test_h03_a_quarter_of_an_hour_is_announced(station, states):
    assert "不足15分钟" not in _show(station, replace(states["answer"], remaining_s=901))
    assert "不足15分钟" in _show(station, replace(states["answer"], remaining_s=900))


# ---- by keyboard ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("screen", "key", "intent"),
    [
        ("confirm", Qt.Key.Key_Y, ConfirmDetails()),
        ("confirm", Qt.Key.Key_W, RejectDetails()),
        ("rules", Qt.Key.Key_R, AgreeRules()),
        ("answer_offline", Qt.Key.Key_N, Step(1)),
        ("answer_offline", Qt.Key.Key_P, Step(-1)),
        ("answer_offline", Qt.Key.Key_M, ToggleFlag("item-23")),
        ("answer_offline", Qt.Key.Key_S, AskSubmit()),
        ("answer_offline", Qt.Key.Key_H, RaiseHand(True)),
        ("confirm_submit", Qt.Key.Key_B, CancelSubmit()),
        ("confirm_submit", Qt.Key.Key_S, ConfirmSubmit()),
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_h05_mnemonics_reach_every_action(qtbot, station, states, language, screen, key, intent):
    station.speak(language)
    _show(station, states[screen])
    qtbot.keyClick(station.window, key, ALT)
    qtbot.waitUntil(lambda: bool(station.intents))  # the button shows the press
    assert station.intents == [intent]


def test_f11_log_in_by_keyboard_alone(qtbot, station, states):
    _show(station, states["login"])
    qtbot.keyClicks(station.window.focusWidget(), "320100260017")
    qtbot.keyClick(station.window.focusWidget(), Qt.Key.Key_Return)
    qtbot.keyClicks(station.window.focusWidget(), "36010219900307881X")
    qtbot.keyClick(station.window.focusWidget(), Qt.Key.Key_Return)
    assert station.intents == [EnterLogin("320100260017", "36010219900307881X")]


@pytest.mark.parametrize(
    ("screen", "intent"),
    [("confirm", ConfirmDetails()), ("rules", AgreeRules()), ("confirm_submit", CancelSubmit())],
)
def test_g10_enter_does_the_safe_default(qtbot, station, states, screen, intent):
    _show(station, states[screen])
    qtbot.keyClick(station.window.focusWidget(), Qt.Key.Key_Return)
    assert station.intents == [intent]


def test_h05_tab_reaches_every_control_of_the_answer_page(qtbot, station, states):
    _show(station, states["answer_offline"])
    window = station.window
    window.top_bar.hand.setFocus()
    reached = {window.focusWidget()}
    for _ in range(80):
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        reached.add(window.focusWidget())
    page = window.answer
    wanted = {window.top_bar.hand, window.top_bar.larger, window.top_bar.scheme, page.submit}
    wanted |= {page.previous, page.next, page.flag, page.navigator.cells["item-44"]}
    assert wanted <= reached


# ---- small rules ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("  3601 0219 9003 0788 1x ", "36010219900307881X"),
        ("３６０１ｘ", "3601X"),
        ("\u200b3201\ufeff00\u3000260017\t", "320100260017"),
        ("e12345678", "E12345678"),
        ("AB-12", "AB-12"),
        ("", ""),
    ],
)
def test_f11_normalise(typed, read):
    assert normalise(typed) == read


def test_words():
    assert clock(1_795_309_200_000) == "09:00:00" and clock(1_795_309_200_000, False) == "09:00"
    assert span(5400) == "01:30:00" and span(-3) == "00:00:00"
    assert grouped("3FA977C012BED04F") == "3FA9 77C0 12BE D04F"
    assert grouped("3FA9-77C0") == "3FA9-77C0"
    assert fill("%2 %1", "a %2", "b") == "b a %2"


def replace_struct(struct, **changes):
    return msgspec.structs.replace(struct, **changes)
