"""The people page and what each person does for themselves (A01-A15, B02, B03)."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtWidgets import QComboBox, QLineEdit

from invigilator_app.printing.pdf import write_pdf
from invigilator_app.printing.people_sheets import code_slip, draw_sheet, duty_card
from invigilator_app.screens.qr import qr_pixmap
from venue_server.wire.console_views import Done, SignedIn
from venue_server.wire.frames import Second
from venue_server.wire.messages import Refused
from venue_server.wire.names import Role
from venue_server.wire.people_orders import (
    AssignRoom,
    BeginTotp,
    ConfirmTotp,
    DecideRecusal,
    DeclareRecusal,
    Delegate,
    DisableAccount,
    DrawRooms,
    EndDelegation,
    GetDraw,
    GetOrganisation,
    GetPeople,
    IssueCode,
    UnlockAccount,
)
from venue_server.wire.people_views import (
    DelegationView,
    DrawsView,
    DrawView,
    FindingView,
    OrganisationBook,
    OrganisationEntry,
    OrganisationRoom,
    PeopleView,
    PersonView,
)
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.remarks import RemarkCode, remark

SESSION = "20261122-1"
ADDRESS = "otpauth://totp/kaodian:zhukao?digits=6&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&period=30"


def person(person_id: str, name: str, role: Role, *rooms: str, **more: Any) -> PersonView:
    facts: dict[str, Any] = {"here": True, "active": True, "planned": True, "password_set": True}
    return PersonView(person_id, name, [role], [role], list(rooms), **(facts | more))


def people(**changes: Any) -> PeopleView:
    fields: dict[str, Any] = {
        "session_id": SESSION,
        "people": [
            person("zhukao", "周正", Role.CHIEF, declared="NONE"),
            person("fuzhukao", "傅明", Role.DEPUTY, declared="NONE"),
            person("xitong1", "安宁", Role.SYSADMIN, declared="NONE", totp=True),
            person("jiankao1", "李文静", Role.INVIGILATOR, "r1", declared="NONE", badge_no="B-07"),
            person(
                "jiankao2",
                "古丽娜尔·买买提江",
                Role.INVIGILATOR,
                "-",
                declared="CANDIDATE",
                about="360100100012 表兄妹",
                computer_capable=True,
            ),
            person("jiankao3", "陈强", Role.INVIGILATOR, "r1", here=False, locked=True),
            person(
                "linshi1",
                "临时 甲",
                Role.ROVING,
                "r1",
                "r2",
                planned=False,
                active=False,
                disabled="离岗",
            ),
        ],
        "findings": [
            FindingView("A04", remark(RemarkCode.FEW_INVIGILATORS, room="r2", count=1), True, "r2"),
            FindingView("B01", remark(RemarkCode.NOT_TRAINED, names="jiankao3"), False),
        ],
        "rooms": {"r1": ["jiankao1", "jiankao3"]},
        "spares": ["jiankao2"],
        "draws": 1,
        "delegations": [
            DelegationView(3, Role.CHIEF, "zhukao", "fuzhukao", 1, 1_795_320_000_000, "就医", True)
        ],
    }
    return PeopleView(**(fields | changes))


BOOK = OrganisationBook(
    "南昌市第七中学考点",
    "2026年度经济专业技术资格考试",
    "plan-1",
    [(1_795_259_000_000, 1_795_320_000_000)],
    [OrganisationEntry("周正", [Role.CHIEF], "", "市人事考试中心", "13900000001", "B-01", [])],
    [OrganisationRoom("r1", "第1考场", 40, {SESSION: 39})],
)
DRAWS = DrawsView(SESSION, [DrawView(1, 1, "a,b", "", "ab" * 32, "{}")])


def done(value: Any) -> Any:
    return lambda _order: Done(0, msgspec.json.decode(msgspec.json.encode(value)))


@pytest.fixture
def open_tab(start: Any, make: Any) -> Any:
    """The people page of a console where somebody is signed in: (console, tab)."""

    def begin(who: str = "zhukao", **options: Any) -> tuple[Any, Any]:
        line = make.FakeLine()
        line.replies = {
            GetPeople: done(people()),
            GetDraw: done(DRAWS),
            GetOrganisation: done(BOOK),
            IssueCode: lambda _o: Done(0, {"person_id": "jiankao1", "code": "ABCD-EFGH-JKMN"}),
            BeginTotp: lambda _o: Done(0, {"uri": ADDRESS}),
        }
        console = start(line, **options)
        console.sign_in(who)
        duty = console.window.duty
        duty.open_page(duty.admin)
        duty.admin.tabs.setCurrentWidget(duty.admin.people)
        console.until(lambda: duty.admin.people.people is not None)
        return console, duty.admin.people

    return begin


def test_b01_the_page_says_for_what_somebody_was_trained(open_tab: Any) -> None:
    _console, tab = open_tab()
    ids = [one.person_id for one in tab.people.people]
    words = tab._words
    trained = person("a", "甲", Role.CHIEF, trained=True, trained_on={"AUDIO": "2026-11-15"})
    assert "培训：语音类 2026-11-15" in words.notes(trained) and "未参加" not in words.notes(
        trained
    )
    other = person("b", "乙", Role.CHIEF, trained_on={"NORMAL": "2026-11-15"})
    assert "△ 未参加本类考试培训" in words.notes(other)
    assert "未参加" not in words.notes(person("c", "丙", Role.INSPECTOR))
    assert "△ 未参加本类考试培训" in tab.table.item(ids.index("jiankao3"), 6).text()


def choose(tab: Any, person_id: str) -> None:
    at = [one.person_id for one in tab.people.people].index(person_id)
    tab.table.selectRow(at)


def sign_second(tab: Any, person_id: str = "fuzhukao") -> Any:
    """Fill the dialog that asks for the second person and sign."""
    from invigilator_app.screens.second_dialog import SecondDialog

    dialog = tab.findChildren(SecondDialog)[-1]
    dialog.person.setText(person_id)
    dialog.password.setText("the second password")
    dialog.totp.setText("123456")
    return dialog


SECOND = Second("fuzhukao", "the second password", "123456")


def test_the_page_says_who_is_here_what_is_missing_and_where(open_tab: Any) -> None:
    _console, tab = open_tab()
    shown = [tab.table.item(y, x).text() for y in range(7) for x in range(7)]
    assert "360100100012 表兄妹" in " ".join(shown)
    assert "待定" in shown
    assert "✕ A04" in tab.findings.text()
    assert "△ B01" in tab.findings.text()
    assert "李文静、陈强" in tab.places.text()
    assert "古丽娜尔" in tab.places.text()
    assert "傅明" not in tab.posts.text()
    assert "fuzhukao" in tab.posts.text()
    assert not tab.assign.isEnabled(), "nobody is chosen yet"


def test_b02_the_chief_draws_with_a_second_person(open_tab: Any) -> None:
    console, tab = open_tab()
    tab.draw.click()
    dialog = sign_second(tab)
    absent, reason = (each for each in dialog.findChildren(QLineEdit)[:2])
    fields = {each: each for each in dialog.findChildren(QLineEdit)}
    free = [each for each in fields if each not in (dialog.person, dialog.password, dialog.totp)]
    absent, reason = free
    absent.setText("jiankao3 linshi1")
    reason.setText("人员变动")
    dialog.sign.click()
    console.until(lambda: "已抽签" in tab.outcome.head.text())
    order = next(each for each in console.line.orders if isinstance(each, DrawRooms))
    assert order == DrawRooms(0, SESSION, SECOND, ["jiankao3", "linshi1"], "人员变动")
    assert sum(isinstance(each, GetPeople) for each in console.line.orders) >= 2


def test_b03_the_chief_decides_and_nothing_goes_out_half_filled(open_tab: Any) -> None:
    from invigilator_app.screens.recusal_dialog import RecusalDialog

    console, tab = open_tab()
    choose(tab, "jiankao2")
    tab.decide.click()
    dialog = tab.findChildren(RecusalDialog)[-1]
    assert not dialog.yes.isEnabled()
    dialog.scope.setCurrentIndex(1)
    dialog.reason.setText("亲属在该考场")
    assert not dialog.yes.isEnabled(), "which rooms?"
    dialog.rooms.setText("r1 r2")
    dialog.yes.click()
    console.until(lambda: any(isinstance(each, DecideRecusal) for each in console.line.orders))
    order = next(each for each in console.line.orders if isinstance(each, DecideRecusal))
    assert order == DecideRecusal(0, SESSION, "jiankao2", "ROOMS", "亲属在该考场", ["r1", "r2"])


def test_f21_somebody_is_put_into_a_room(open_tab: Any) -> None:
    console, tab = open_tab()
    choose(tab, "jiankao2")
    tab.assign.click()
    dialog = sign_second(tab)
    dialog.findChildren(QComboBox)[0].setCurrentIndex(0)
    (reason,) = [
        each
        for each in dialog.findChildren(QLineEdit)
        if each not in (dialog.person, dialog.password, dialog.totp)
    ]
    reason.setText("补位")
    dialog.sign.click()
    console.until(lambda: any(isinstance(each, AssignRoom) for each in console.line.orders))
    order = next(each for each in console.line.orders if isinstance(each, AssignRoom))
    assert order == AssignRoom(0, SESSION, "jiankao2", "r1", "补位", SECOND)


def test_a02_a_post_is_given_and_taken_back(open_tab: Any) -> None:
    console, tab = open_tab()
    choose(tab, "fuzhukao")
    tab.delegate.click()
    sign_second(tab).sign.click()
    console.until(lambda: any(isinstance(each, Delegate) for each in console.line.orders))
    order = next(each for each in console.line.orders if isinstance(each, Delegate))
    assert (order.role, order.giver, order.taker) == (Role.CHIEF, "zhukao", "fuzhukao")
    assert order.until_ms > 0
    console.until(lambda: tab.end.isEnabled())
    tab.end.click()
    console.until(lambda: EndDelegation(0, 3) in console.line.orders)


def test_an_administrator_issues_codes_and_lifts_locks(open_tab: Any) -> None:
    console, tab = open_tab("admin")
    assert not tab.draw.isEnabled()
    choose(tab, "jiankao3")
    tab.unlock.click()
    console.until(lambda: UnlockAccount(0, "jiankao3") in console.line.orders)
    choose(tab, "jiankao1")
    tab.disable.click()
    sign_second(tab).sign.click()
    console.until(lambda: any(isinstance(each, DisableAccount) for each in console.line.orders))
    choose(tab, "jiankao1")
    tab.code.click()
    sign_second(tab).sign.click()
    console.until(lambda: "ABCD-EFGH-JKMN" in tab.outcome.head.text())


def test_each_person_declares_and_makes_a_second_factor(open_tab: Any) -> None:
    console, _tab = open_tab()
    duty = console.window.duty
    duty.footer.personal.click()
    mine = duty.personal
    mine.declare.click()
    console.until(lambda: DeclareRecusal(0, SESSION, "NONE") in console.line.orders)
    mine.kind.setCurrentIndex(1)
    assert not mine.declare.isEnabled()
    mine.about.setText("360100100012")
    mine.reason.setText("表兄妹")
    mine.declare.click()
    wanted = DeclareRecusal(0, SESSION, "CANDIDATE", "360100100012", "表兄妹")
    console.until(lambda: wanted in console.line.orders)
    mine.begin.click()
    console.until(lambda: mine.address.text() == ADDRESS)
    assert not mine.picture.pixmap().isNull()
    mine.code.setText("123456")
    mine.confirm.click()
    console.until(lambda: ConfirmTotp(0, "123456") in console.line.orders)
    console.until(lambda: mine.address.text() == "")
    mine.close_button.click()
    assert mine.code.text() == mine.address.text() == ""


def test_a_first_password_is_set_on_the_sign_in_page(start: Any, make: Any) -> None:
    console = start()
    form = console.window.sign_in.form
    console.until(form.isVisible)
    assert not form.wanted.isVisible()
    form.person.setText("zhukao")
    form.password.setText(make.ONE_TIME_CODE)
    form.enter.click()
    console.until(form.wanted.isVisible)
    assert "PPL-01" in form.outcome.head.text()
    form.password.setText(make.ONE_TIME_CODE)
    form.wanted.setText("a password of my own")
    form.again.setText("another one entirely")
    form.enter.click()
    assert console.line.renewed == []
    form.again.setText("a password of my own")
    form.enter.click()
    console.until(lambda: not form.wanted.isVisible())
    (sent,) = console.line.renewed
    assert (sent.present, sent.password) == (make.ONE_TIME_CODE, "a password of my own")
    assert form.password.text() == form.again.text() == ""


def test_the_second_factor_is_asked_for_when_it_is_wanted(start: Any, make: Any) -> None:
    line = make.FakeLine()
    line.factors["zhukao"] = "654321"
    console = start(line)
    form = console.window.sign_in.form
    console.until(form.isVisible)
    assert not form.totp.isVisible()
    form.person.setText("zhukao")
    form.password.setText(make.PASSWORD)
    form.enter.click()
    console.until(form.totp.isVisible)
    form.password.setText(make.PASSWORD)
    form.totp.setText("654321")
    form.enter.click()
    console.until(lambda: console.window.on_duty)


def test_a_refusal_is_shown_and_the_list_stays(open_tab: Any) -> None:
    console, tab = open_tab()
    console.line.replies[GetPeople] = lambda _o: Refused(0, RefusalCode.SESSION_WRONG_STATE)
    tab.reload.click()
    console.until(lambda: "SES-01" in tab.outcome.head.text())
    assert tab.people is not None


def test_the_sheets_are_printed(tmp_path: Path, qtbot: Any) -> None:
    sheets = {
        "draw": draw_sheet("考点", people(), "ab" * 32),
        "card": duty_card(BOOK),
        "code": code_slip("考点", "jiankao1", "李文静", "ABCD-EFGH-JKMN"),
    }
    assert "13900000001" in sheets["card"]
    assert "责任考场：<b>r1</b>" in sheets["draw"]
    for name, html in sheets.items():
        write_pdf(tmp_path / f"{name}.pdf", html, "")
        assert (tmp_path / f"{name}.pdf").read_bytes().startswith(b"%PDF")


def test_a_qr_code_has_its_quiet_zone_and_its_three_corners(qtbot: Any) -> None:
    image = qr_pixmap(ADDRESS, 1).toImage()
    side = image.width()
    dark = [[image.pixelColor(x, y).value() < 128 for x in range(side)] for y in range(side)]
    assert not any(any(row[:4]) or any(row[-4:]) for row in dark)
    for y, x in ((4, 4), (4, side - 11), (side - 11, 4)):
        assert all(dark[y][x : x + 7]), "a finder pattern's upper edge"
        assert not any(dark[y + 1][x + 1 : x + 6])


def test_a08_a_drawn_room_or_a_delegated_post_changes_the_buttons_at_once(
    start: Any, make: Any
) -> None:
    console = start()
    console.sign_in("jiankao1")
    duty = console.window.duty
    assert duty.state.person.rooms == ["r1"]
    assert console.line.listener is not None
    acting = SignedIn(0, "jiankao1", "李文静", [Role.INVIGILATOR, Role.CHIEF], ["r2"])
    console.line.listener.duty(acting)
    console.until(lambda: duty.state.person.rooms == ["r2"])
    admin = duty.nav_buttons[duty.pages.index(duty.admin)]
    console.until(admin.isVisible)
    other = SignedIn(0, "zhukao", "周正", [Role.INVIGILATOR], ["r1"])
    console.line.listener.duty(other)  # too late: somebody else sits here now
    console.line.listener.duty(acting)
    console.until(lambda: duty.state.person.person_id == "jiankao1")
    assert duty.state.person.rooms == ["r2"]


@pytest.mark.parametrize(
    ("at", "name", "holds"),
    [
        (0, "考场分布", "第1考场"),
        (1, "工作证", "B-01"),
        (2, "考场规则", "第三十条"),
        (3, "违纪违规", "第六条"),
    ],
)
def test_c02_a10_map_and_badges_are_printed_from_the_book(
    open_tab: Any, monkeypatch: pytest.MonkeyPatch, at: int, name: str, holds: str
) -> None:
    console, _tab = open_tab()
    prints = console.window.duty.admin.prints
    console.window.duty.admin.tabs.setCurrentWidget(prints)
    saved: list[tuple[str, str]] = []
    monkeypatch.setattr(prints, "_save", lambda title, html: saved.append((title, html)))
    console.until(lambda: prints.book_sheets[at].isEnabled())
    prints.book_sheets[at].click()
    console.until(lambda: bool(saved))
    assert name in saved[0][0] and holds in saved[0][1]
    assert any(isinstance(each, GetOrganisation) for each in console.line.orders)
