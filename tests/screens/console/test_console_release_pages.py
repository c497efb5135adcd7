"""The ceremony page: arming, the sealed code, seals, reserves, the freeze."""

from PySide6.QtWidgets import QComboBox, QLineEdit

from invigilator_app.screens.reason_dialog import ReasonDialog
from invigilator_app.screens.second_dialog import SecondDialog
from tests.screens.console.hands import dialog, press, sign_second
from venue_server.wire.console_orders import (
    ApproveReserve,
    ArmRelease,
    EnterCodeShare,
    FreezeRelease,
    LiftFreeze,
    LiftFreezeTogether,
    WitnessSeal,
)
from venue_server.wire.console_views import Done, VenueChanged
from venue_server.wire.names import (
    PackageState,
    ReadyVerdict,
    SessionState,
    SittingState,
)

# ---- release -----------------------------------------------------------------------------


def before_release(make, **changes):
    """Everything ready, five minutes before the release point."""
    fields = {
        "session_state": SessionState.LOGIN_ALLOWED,
        "package_state": PackageState.COMPLETE,
        "release_armed": False,
        "release_key_present": False,
        "stations_ready": 80,
        "ready": make.ready_lines(),
    }
    seats = [make.seat(at, paper="verified", state=SittingState.RULES_ACK) for at in range(1, 40)]
    return make.FakeLine(
        now=make.START - 5 * make.MINUTE,
        first=make.board(
            make.venue(**(fields | changes)),
            [make.room(1, session_state=SessionState.LOGIN_ALLOWED)],
            {"r1": seats},
        ),
    )


def test_e01_chief_and_administrator_arm_and_the_countdown_runs(start, qtbot, make) -> None:
    line = before_release(make)
    line.replies[ArmRelease] = lambda order: Done(0, {"release_at_ms": make.START})
    console = start(line)
    console.sign_in("zhukao")
    duty = console.window.duty
    duty.open_page(duty.ceremony)
    page = duty.ceremony
    assert page.seal.digest.text() == "A  7F3A-91C4-0B2E" and not page.override.isVisible()
    press(qtbot, page.arm)
    sign_second(qtbot, console, make, "admin")
    console.until(lambda: "已启用释放" in page.outcome.head.text())
    (order,) = console.line.orders
    assert order == ArmRelease(0, "20261122-1", make.through_second("admin"))
    console.board(
        VenueChanged(
            make.venue(session_state=SessionState.ARMED, package_state=PackageState.COMPLETE)
        )
    )
    assert page.release.count.text() == "05:00" and not page.arm.isVisible()


def test_d07_the_same_person_cannot_sign_twice(start, qtbot, make) -> None:
    console = start(before_release(make))
    console.sign_in("zhukao")
    duty = console.window.duty
    duty.open_page(duty.ceremony)
    press(qtbot, duty.ceremony.arm)
    sign_second(qtbot, console, make, "zhukao")
    asked = dialog(console, SecondDialog)
    assert "另一名" in asked.problem.text() and console.line.orders == []


def test_e01_no_go_keeps_the_button_shut_and_says_so(start, make) -> None:
    console = start(before_release(make, ready=make.ready_lines(CLOCK=ReadyVerdict.NO_GO)))
    console.sign_in("zhukao")
    duty = console.window.duty
    duty.open_page(duty.ceremony)
    assert not duty.ceremony.arm.isEnabled() and "开考条件未满足" in duty.ceremony.why.text()


def test_e05_an_unready_station_needs_the_explicit_tick(start, qtbot, make) -> None:
    console = start(before_release(make))
    console.sign_in("zhukao")
    duty = console.window.duty
    duty.open_page(duty.ceremony)
    unready = make.ready_lines(STATIONS=ReadyVerdict.OVERRIDE)
    changes = {"package_state": PackageState.COMPLETE, "release_armed": False, "ready": unready}
    console.board(VenueChanged(make.venue(session_state=SessionState.LOGIN_ALLOWED, **changes)))
    page = duty.ceremony
    assert page.override.isVisible() and not page.arm.isEnabled()
    page.override.setChecked(True)
    assert page.arm.isEnabled()
    press(qtbot, page.arm)
    sign_second(qtbot, console, make, "admin")
    console.until(lambda: bool(console.line.orders))
    assert console.line.orders[0].without == ["r1-12"], "named, as the server named it"


def test_e05_after_the_release_the_opened_stations_are_counted(start, make) -> None:
    console = start(make.FakeLine(now=make.START + 3000))
    console.sign_in("zhukao")
    duty = console.window.duty
    duty.open_page(duty.ceremony)
    bar = duty.ceremony.release.opened
    assert bar.isVisible() and bar.value() < bar.maximum()
    assert "12" in duty.ceremony.release.rest.text()


def test_e03_two_custodians_enter_their_words_one_after_the_other(start, qtbot, make) -> None:
    line = before_release(make, session_state=SessionState.ARMED, release_armed=True)
    line.replies[EnterCodeShare] = lambda order: Done(
        0, {"complete": order.words.startswith("acid")}
    )
    line.now = make.START + 1000
    console = start(line)
    console.sign_in("zhukao")
    duty = console.window.duty
    duty.open_page(duty.ceremony)
    press(qtbot, duty.ceremony.offline)
    page = duty.ceremony.code
    page.understood.setChecked(True)
    page.words.setPlainText("academic " * 20)
    press(qtbot, page.send)
    assert page.words.toPlainText() == "", "the words leave the screen at once"
    console.until(lambda: page.sign_in.isVisible())
    page.sign_in.person.setText("admin")
    page.sign_in.password.setText(make.PASSWORD)
    page.sign_in.enter.click()
    console.until(lambda: page.words.isVisible())
    assert "陈晓东" in page.who.text()
    page.words.setPlainText("acid " * 20)
    press(qtbot, page.send)
    console.until(lambda: "两份密码已收下" in page.outcome.head.text())
    assert [type(order) for order in console.line.orders] == [EnterCodeShare] * 2


# ---- seals, reserves, freezing -----------------------------------------------------------


def test_d17_every_forms_seal_is_shown_and_the_reserves_stay_sealed(start, make) -> None:
    console = start(before_release(make, seals=make.TWO_SEALS, reserves=make.RESERVES))
    console.sign_in("zhukao")
    duty = console.window.duty
    duty.open_page(duty.ceremony)
    seal = duty.ceremony.seal
    assert seal.digest.text().splitlines() == ["A  7F3A91C4", "B  0B2E55D1"]
    assert "JJ02-2026-R / R" in seal.reserves.text() and "未启封" in seal.reserves.text()
    assert duty.ceremony.safeguards.reserve.isVisible()
    assert not duty.ceremony.safeguards.reserve.isEnabled(), "the zone director's alone"


def test_i05_the_chief_freezes_alone_with_a_reason(start, qtbot, make) -> None:
    console = start(before_release(make))
    console.sign_in("zhukao")
    duty = console.window.duty
    duty.open_page(duty.ceremony)
    page = duty.ceremony.safeguards
    assert page.freeze.isVisible() and not page.lift.isVisible()
    press(qtbot, page.freeze)
    asked = dialog(console, ReasonDialog)
    assert not asked.yes.isEnabled(), "never without a reason"
    asked.reason.setText("网上出现疑似试题")
    press(qtbot, asked.yes)
    console.until(lambda: "已记录" in page.outcome.head.text())
    assert console.line.orders == [FreezeRelease(0, "网上出现疑似试题")]
    frozen = {"frozen": "网上出现疑似试题", "release_armed": False}
    fields = {"session_state": SessionState.LOGIN_ALLOWED, **frozen}
    console.board(VenueChanged(make.venue(package_state=PackageState.COMPLETE, **fields)))
    assert "网上出现疑似试题" in page.frozen.text() and page.frozen.isVisible()
    assert not page.freeze.isVisible() and page.lift.isVisible() and page.together.isVisible()
    assert not duty.ceremony.arm.isEnabled() and "冻结" in duty.ceremony.why.text()


def test_i05_thawing_takes_a_reference_or_the_zone_director(start, qtbot, make) -> None:
    console = start(before_release(make, frozen="网上出现疑似试题"))
    console.sign_in("zhukao")
    duty = console.window.duty
    duty.open_page(duty.ceremony)
    page = duty.ceremony.safeguards
    press(qtbot, page.lift)
    asked = dialog(console, SecondDialog)
    for field, text in zip(asked.findChildren(QLineEdit), ("核实无泄密", "12号"), strict=False):
        field.setText(text)
    sign_second(qtbot, console, make, "admin")
    console.until(lambda: bool(console.line.orders))
    second = make.through_second("admin")
    assert console.line.orders == [LiftFreeze(0, "核实无泄密", "12号", second)]
    press(qtbot, page.together)
    both = dialog(console, SecondDialog)
    both.findChildren(QLineEdit)[0].setText("核实无泄密")
    sign_second(qtbot, console, make, "zhuren")
    console.until(lambda: len(console.line.orders) == 2)
    second = make.through_second("zhuren")
    assert console.line.orders[1] == LiftFreezeTogether(0, "核实无泄密", second)


def test_d10_the_zone_director_approves_a_reserve_for_one_room(start, qtbot, make) -> None:
    console = start(before_release(make, seals=make.TWO_SEALS, reserves=make.RESERVES))
    console.sign_in("zhuren")
    duty = console.window.duty
    duty.open_page(duty.ceremony)
    page = duty.ceremony.safeguards
    assert page.reserve.isEnabled() and not page.freeze.isEnabled()
    press(qtbot, page.reserve)
    asked = dialog(console, SecondDialog)
    which, room, form = asked.findChildren(QComboBox)
    assert which.currentText() == "JJ02-2026-R / R"
    room.setCurrentIndex(1)
    form.setCurrentIndex(form.findText("B"))
    asked.findChildren(QLineEdit)[0].setText("图像缺失")
    sign_second(qtbot, console, make, "zhukao")
    console.until(lambda: bool(console.line.orders))
    (order,) = console.line.orders
    second = make.through_second("zhukao")
    assert order == ApproveReserve(
        0, "20261122-1", "JJ02-2026-R", "R", "图像缺失", second, "r1", "B"
    )


def test_d17_two_invigilators_record_the_seal_shown_and_its_witness(start, qtbot, make) -> None:
    console = start(before_release(make, seals=make.TWO_SEALS))
    console.sign_in("jiankao1")
    duty = console.window.duty
    duty.open_page(duty.ceremony)
    page = duty.ceremony.safeguards
    press(qtbot, page.witness)
    asked = dialog(console, SecondDialog)
    asked.findChildren(QLineEdit)[0].setText("360100100001")
    sign_second(qtbot, console, make, "jiankao2")
    console.until(lambda: bool(console.line.orders))
    second = make.through_second("jiankao2")
    assert console.line.orders == [WitnessSeal(0, "r1", "360100100001", second)]


def test_no_password_stays_in_any_field(start, qtbot, make) -> None:
    console = start(before_release(make))
    console.sign_in("zhukao")
    duty = console.window.duty
    duty.open_page(duty.ceremony)
    press(qtbot, duty.ceremony.arm)
    sign_second(qtbot, console, make, "admin")
    console.until(lambda: duty.ceremony.outcome.isVisible())
    fields = [
        field
        for field in console.window.findChildren(QLineEdit)
        if field.echoMode() is QLineEdit.EchoMode.Password
    ]
    assert fields and not any(field.text() for field in fields)
