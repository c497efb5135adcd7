"""At the door on the screen: the card, decisions of two, items, visitors (F08-F14)."""

import base64

import msgspec
import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QImage

from invigilator_app.printing.door_slips import doubt_list, item_receipt, late_notice
from invigilator_app.screens.door_dialog import DoorDialog
from invigilator_app.screens.reason_dialog import ReasonDialog
from invigilator_app.screens.save_pdf import write_sheet
from invigilator_app.screens.second_dialog import SecondDialog
from venue_server.wire.admission_orders import (
    AdmitInDoubt,
    ApproveVisitor,
    CandidateCard,
    CorrectionLine,
    DecideDoubt,
    DoorLog,
    DoubtLine,
    GetDoorLog,
    ItemLine,
    KeepItem,
    LookUpCandidate,
    RequestCorrection,
    ReturnItem,
    SettleDoubt,
    VisitorIn,
    VisitorLine,
    VisitorOut,
)
from venue_server.wire.console_orders import Admit
from venue_server.wire.console_views import Done
from venue_server.wire.messages import Refused
from venue_server.wire.names import (
    ChiefWord,
    DoubtKind,
    DoubtState,
    ItemKind,
    NameCheck,
    PersonCheck,
    SessionState,
)
from venue_server.wire.refusals import RefusalCode

TICKET = "360100100007"
NUMBER = "11010519491231002x"


def photo() -> str:
    image = QImage(60, 80, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.gray)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return base64.b64encode(data.data()).decode()


def card(**changes: object) -> CandidateCard:
    one = CandidateCard(
        TICKET, "古丽娜尔·买买提江", "RESIDENT_ID", "1101**********002X", "r1", "07", "SCHEDULED",
        photo(), "古丽娜㐂·买买提江", "㐂以尔代",
    )  # fmt: skip
    return msgspec.structs.replace(one, **changes)


def log(make, state: DoubtState = DoubtState.PROVISIONAL) -> DoorLog:
    at = make.START
    doubt = DoubtLine(
        "s1.7.1", "r1", TICKET, "欧阳震华", "07", [DoubtKind.PERSON], state, at, note="照片为五年前"
    )
    item = ItemLine(
        "W0001", "r1", TICKET, "欧阳震华", ItemKind.TOOL, "手机一部", at, "jiankao1,jiankao2", True
    )
    visitor = VisitorLine("F0001", "r1", "赵工", "设备公司", "检修空调", "zhukao")
    filed = CorrectionLine("G0001", "r1", TICKET, "NAME", "欧阳㐂", "登记有误", at)
    return DoorLog([doubt], [item], [visitor], [filed])


@pytest.fixture
def line(make):
    before = {"session_state": SessionState.LOGIN_ALLOWED, "login_allowed": False}
    first = make.board(rooms=[make.room(1, **before), make.room(2, **before)])
    made = make.FakeLine(now=make.START - 10 * make.MINUTE, first=first)
    made.replies[LookUpCandidate] = lambda _order: Done(
        0, {"candidate": msgspec.to_builtins(card())}
    )
    made.replies[GetDoorLog] = lambda _order: Done(0, {"door": msgspec.to_builtins(log(make))})
    return made


def admission(console):
    console.window.duty.rooms.admit.click()
    return console.window.duty.rooms.admission


def scan(qtbot, form, text: str = TICKET) -> None:
    """As a barcode scanner: the number and Enter."""
    qtbot.keyClicks(form.ticket, text)
    qtbot.keyClick(form.ticket, Qt.Key.Key_Return)


def fill(qtbot, form) -> None:
    qtbot.keyClicks(form.id_number, NUMBER)
    form.id_checked.setChecked(True)
    form.ticket_checked.setChecked(True)


def sign(console, person: str = "jiankao2") -> None:
    console.until(lambda: console.window.findChild(SecondDialog) is not None)
    dialog = console.window.findChild(SecondDialog)
    dialog.person.setText(person)
    dialog.password.setText("correct horse battery")
    dialog.sign.click()


def of(console, kind):
    return [each for each in console.line.orders if isinstance(each, kind)]


def test_f08_a_scanned_ticket_shows_photo_data_and_the_rare_character(start, line, qtbot) -> None:
    console = start(line)
    console.sign_in("jiankao1")
    form = admission(console)
    scan(qtbot, form)
    console.until(form.card.isVisible)
    assert form.card.name.text() == "古丽娜尔·买买提江"
    assert "1101**********002X" in form.card.facts.text()
    assert "㐂以尔代" in form.card.rare.text()
    assert not form.card.photo.pixmap().isNull()
    assert form.id_number.hasFocus()
    fill(qtbot, form)
    form.name_check.setCurrentIndex(form.name_check.findData(NameCheck.RARE_CHARACTER))
    form.belongings.setChecked(True)
    form.submit.click()
    console.until(lambda: "准予入场" in form.outcome.head.text())
    (sent,) = of(console, Admit)
    assert (sent.name_check, sent.belongings_checked) == (NameCheck.RARE_CHARACTER, True)
    assert not form.card.isVisible() and form.name_check.currentIndex() == 0


def test_f10_the_wrong_room_is_said_before_anything_is_typed(start, line, qtbot) -> None:
    line.replies[LookUpCandidate] = lambda _order: Refused(0, RefusalCode.WRONG_ROOM, "r2 11")
    console = start(line)
    console.sign_in("jiankao1")
    form = admission(console)
    scan(qtbot, form)
    console.until(lambda: "ADM-14" in form.outcome.head.text())
    assert "r2 11" in form.outcome.text.text() and not form.card.isVisible()


def test_f14_a_doubt_offers_the_decision_of_two(start, line, qtbot) -> None:
    line.replies[Admit] = lambda _order: Refused(0, RefusalCode.IDENTITY_DOUBTED)
    console = start(line)
    console.sign_in("jiankao1")
    form = admission(console)
    scan(qtbot, form)
    fill(qtbot, form)
    form.person_check.setCurrentIndex(form.person_check.findData(PersonCheck.DOUBT))
    assert not form.in_doubt.isVisible()
    form.submit.click()
    console.until(form.in_doubt.isVisible)
    form.in_doubt.click()
    sign(console)
    console.until(lambda: "准予入场" in form.outcome.head.text())
    (sent,) = of(console, AdmitInDoubt)
    assert (sent.ticket_no, sent.second.person_id) == (TICKET, "jiankao2")
    assert sent.note == "本人与照片"
    assert not form.in_doubt.isVisible()


def test_f05_a_late_one_gets_a_slip_and_no_way_in(start, line, qtbot, tmp_path) -> None:
    line.replies[Admit] = lambda _order: Refused(0, RefusalCode.ADMISSION_CLOSED)
    console = start(line)
    console.sign_in("jiankao1")
    form = admission(console)
    scan(qtbot, form)
    fill(qtbot, form)
    form.submit.click()
    console.until(form.slip.isVisible)
    assert not form.in_doubt.isVisible()
    html = late_notice("考点", "第1考场", TICKET, 1_795_309_500_000, 1_795_309_500_000)
    write_sheet(form.outcome, tmp_path / "late.pdf", html)
    assert (tmp_path / "late.pdf").read_bytes().startswith(b"%PDF")
    assert "任何人无权放行" in html and "09:05" in html


def book(console):
    console.window.duty.rooms.book.click()
    console.until(lambda: console.window.duty.rooms.door is not None)
    dialog = console.window.duty.rooms.door
    assert isinstance(dialog, DoorDialog)
    console.until(lambda: dialog.items.table.rowCount() == 1)
    return dialog


def test_f14_two_settle_a_doubt_and_the_chief_decides_what_they_could_not(
    start, line, make
) -> None:
    console = start(line)
    console.sign_in("jiankao1")
    dialog = book(console)
    tab = dialog.doubts
    assert not tab.same.isEnabled()
    tab.table.selectRow(0)
    assert tab.same.isEnabled() and not tab.stays.isEnabled()
    tab.other.click()
    sign(console)
    console.until(lambda: "已签名" in dialog.outcome.head.text())
    (settled,) = of(console, SettleDoubt)
    assert (settled.doubt_id, settled.verified) == ("s1.7.1", False)


def test_f14_the_chief_decides(start, line, make) -> None:
    open_still = log(make, DoubtState.NOT_VERIFIED)
    line.replies[GetDoorLog] = lambda _order: Done(0, {"door": msgspec.to_builtins(open_still)})
    console = start(line)
    console.sign_in("zhukao")
    dialog = book(console)
    tab = dialog.doubts
    tab.table.selectRow(0)
    assert not tab.same.isEnabled(), "the chief signs no comparison"
    tab.referred.click()
    reason = console.window.findChild(ReasonDialog)
    reason.reason.setText("移交")
    reason.yes.click()
    console.until(lambda: bool(of(console, DecideDoubt)))
    assert of(console, DecideDoubt) == [DecideDoubt(0, "s1.7.1", ChiefWord.REFERRED, "移交")]


def test_f09_items_are_kept_and_given_back_by_two(start, line) -> None:
    console = start(line)
    console.sign_in("jiankao1")
    dialog = book(console)
    tab = dialog.items
    tab.ticket.setText(TICKET)
    assert not tab.keep.isEnabled()
    tab.what.setText("计算器")
    tab.keep.click()
    sign(console)
    console.until(lambda: "已暂扣" in dialog.outcome.head.text())
    (kept,) = of(console, KeepItem)
    assert (kept.what, kept.candidate_signed) == ("计算器", False)
    assert tab.what.text() == ""
    tab.table.selectRow(0)
    tab.give.click()
    sign(console)
    console.until(lambda: bool(of(console, ReturnItem)))
    assert of(console, ReturnItem)[0].receipt_no == "W0001"


def test_a09_a_visit_is_approved_by_a_head_and_logged_by_the_room(start, line) -> None:
    console = start(line)
    console.sign_in("jiankao1")
    tab = book(console).visitors
    for field in (tab.name, tab.unit, tab.reason):
        field.setText("甲")
    assert not tab.approve.isEnabled(), "an invigilator approves nobody"
    tab.table.selectRow(0)
    assert tab.enter.isEnabled() and not tab.go.isEnabled()
    tab.enter.click()
    console.until(lambda: bool(of(console, VisitorIn)))
    assert of(console, VisitorOut) == []


def test_a09_the_chief_approves(start, line) -> None:
    console = start(line)
    console.sign_in("zhukao")
    dialog = book(console)
    tab = dialog.visitors
    for field, text in ((tab.name, "赵工"), (tab.unit, "公司"), (tab.reason, "检修")):
        field.setText(text)
    tab.approve.click()
    console.until(lambda: "已批准" in dialog.outcome.head.text())
    assert of(console, ApproveVisitor) == [ApproveVisitor(0, "r1", "赵工", "公司", "检修")]
    assert tab.name.text() == ""


def test_f04_a_correction_has_one_field(start, line) -> None:
    console = start(line)
    console.sign_in("jiankao1")
    dialog = book(console)
    tab = dialog.corrections
    for field, text in ((tab.ticket, TICKET), (tab.wish, NUMBER), (tab.reason, "登记有误")):
        field.setText(text)
    tab.field.setCurrentIndex(1)
    tab.file.click()
    console.until(lambda: "已提交" in dialog.outcome.head.text())
    (filed,) = of(console, RequestCorrection)
    assert (filed.name, filed.id_number) == ("", NUMBER)
    assert tab.wish.text() == "", "a number does not stay on the screen"


def test_a12_the_inspector_looks_and_presses_nothing(start, line) -> None:
    console = start(line)
    console.sign_in("xunshi")
    dialog = book(console)
    dialog.doubts.table.selectRow(0)
    dialog.items.table.selectRow(0)
    dialog.visitors.table.selectRow(0)
    pressed = (dialog.doubts.same, dialog.items.give, dialog.visitors.enter, dialog.visitors.go)
    assert not any(each.isEnabled() for each in pressed)


def test_an_order_that_is_refused_says_so_and_keeps_what_was_typed(start, line) -> None:
    line.replies[KeepItem] = lambda _order: Refused(0, RefusalCode.WRONG_ROOM, "r2 11")
    console = start(line)
    console.sign_in("jiankao1")
    dialog = book(console)
    dialog.items.ticket.setText(TICKET)
    dialog.items.what.setText("计算器")
    dialog.items.keep.click()
    sign(console)
    console.until(lambda: "ADM-14" in dialog.outcome.head.text())
    assert dialog.items.what.text() == "计算器"


def test_the_slips_escape_what_people_typed(make) -> None:
    lines = log(make)
    item = msgspec.structs.replace(lines.items[0], what="<b>手机</b>")
    assert "&lt;b&gt;手机" in item_receipt("考点", "第1考场", item)
    assert "欧阳震华" in doubt_list("考点", "第1考场", lines.doubts)
