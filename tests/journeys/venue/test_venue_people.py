"""People from the signed roster to the drawn rooms, over the real protocol (A01-A15, B01-B05)."""

import base64
import json
import urllib.parse
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from tests.journeys.venue.venue_roster import (
    INVIGILATORS,
    LATER,
    SESSION,
    declare_all,
    first_password,
    import_roster,
    plan_with,
    roster,
    signed_in,
)
from venue_server.rehearsal.options import DayTimes
from venue_server.sitting.plan import PlannedStaff
from venue_server.staff.draw import check
from venue_server.staff.duty.rules import midnight_before
from venue_server.staff.duty.service import read_document
from venue_server.wire.console_orders import Admit, GetStatus, ImportPlan, SignRoomRecord
from venue_server.wire.frames import Second
from venue_server.wire.names import IdDocument, Role
from venue_server.wire.people_orders import (
    AddPerson,
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
from venue_server.wire.refusals import Refusal, RefusalCode


def codes(people: dict[str, Any]) -> set[str]:
    return {each["code"] for each in people["findings"]}


async def test_a15_a_signed_roster_makes_and_completes_the_accounts(world: Any, kit: Any) -> None:
    admin = await world.console(kit.ADMIN)
    done = await import_roster(world, admin)
    assert done["staff"] == len(roster())
    people = await admin.order(GetPeople(0))
    by_id = {each["person_id"]: each for each in people["people"]}
    assert "nurse-1" not in by_id, "staff without a post have no account"
    assert by_id["spare-1"]["password_set"] is False
    assert by_id["inv-01-1"]["rooms"] == ["-"], "rooms are drawn on the day (B02)"
    assert by_id["inv-01-1"]["name"] == "签名inv-01-1"
    assert sorted(by_id["roving-1"]["rooms"]) == ["01", "02"]
    assert by_id["inspector-1"]["planned"] is False
    assert {"A15", "B02", "B05"} <= codes(people)
    # The same plan again changes nobody, and what it says survives a restart.
    count = len(world.events("staff.completed"))
    await admin.order(ImportPlan(0, str(world.folder / "roster.json"), world.second(kit.ADMIN_B)))
    await world.restart()
    assert len(world.events("staff.completed")) == count
    book = await (await world.console(kit.CHIEF)).order(GetOrganisation(0))
    assert {"医务 江", "签名chief-1"} <= {each["name"] for each in book["people"]}
    start = world.day.start_ms
    midnight = (start + 8 * 3_600_000) // 86_400_000 * 86_400_000 - 8 * 3_600_000
    assert book["duty_hours"] == [[midnight - 5 * 3_600_000, start + 150 * 60_000]], "A14"
    assert world.events("staff.organisation-shown")


async def test_a01_a03_a_roster_nobody_could_work_with_is_refused(world: Any, kit: Any) -> None:
    admin = await world.console(kit.ADMIN)
    two = [*roster(), PlannedStaff("chief-9", "又一", [Role.CHIEF])]
    both = [PlannedStaff("x", "兼任", [Role.SYSADMIN, Role.INVIGILATOR])]
    for staff in (two, both, [*roster(), roster()[0]]):
        file = plan_with(world, staff, "bad.json")
        order = ImportPlan(0, str(file), world.second(kit.ADMIN_B))
        assert await admin.refused(order) is RefusalCode.PLAN_INVALID
    edited = json.loads(plan_with(world, roster()).read_bytes())
    edited["payload"]["staff"][0]["name"] = "改名"
    (world.folder / "edited.json").write_text(json.dumps(edited))
    order = ImportPlan(0, str(world.folder / "edited.json"), world.second(kit.ADMIN_B))
    assert await admin.refused(order) is RefusalCode.SIGNATURE_INVALID


async def test_a_first_password_is_set_with_a_code_two_people_printed(world: Any, kit: Any) -> None:
    admin = await world.console(kit.ADMIN)
    await import_roster(world, admin)
    issue = IssueCode(0, "spare-1", world.second(kit.CHIEF))
    own = IssueCode(0, kit.ADMIN, world.second(kit.CHIEF))
    assert await admin.refused(own) is RefusalCode.NOT_YOURSELF
    # Two administrators open an account for the first time; they never take one that is used.
    used = IssueCode(0, kit.CHIEF, world.second(kit.ADMIN_B))
    assert await admin.refused(used) is RefusalCode.HEAD_MUST_AGREE
    assert "code" in await admin.order(IssueCode(0, "spare-1", world.second(kit.ADMIN_B)))
    code = (await admin.order(issue))["code"]
    visitor = (await world.visitor()).client
    answer = await visitor.sign_in("spare-1", code)
    assert isinstance(answer, Refusal)
    assert answer.code is RefusalCode.PASSWORD_TO_SET
    weak = await visitor.change_password("spare-1", code, "short")
    assert isinstance(weak, Refusal)
    assert weak.code is RefusalCode.PASSWORD_TOO_WEAK
    typed = code.lower().replace("-", " ")
    done = await visitor.change_password("spare-1", typed, "a password of my own")
    assert not isinstance(done, Refusal)
    again = await visitor.change_password("spare-1", code, "another password here")
    assert isinstance(again, Refusal), "a code works once"
    assert not isinstance(await visitor.sign_in("spare-1", "a password of my own"), Refusal)
    text = (world.data / "ledger.jsonl").read_text()
    assert code not in text
    assert "a password of my own" not in text


async def test_b02_rooms_are_drawn_on_the_day_and_bind_everybody(world: Any, kit: Any) -> None:
    admin, chief = await world.console(kit.ADMIN), await world.console(kit.CHIEF)
    await import_roster(world, admin)
    draw = DrawRooms(0, SESSION, world.second(kit.DEPUTY))
    assert await chief.refused(draw) is RefusalCode.DRAW_UNANSWERED
    consoles = await declare_all(world, admin)
    assert await chief.refused(GetDraw(0, SESSION)) is RefusalCode.DRAW_MISSING
    done = await chief.order(draw)
    placed = {who: room for room, ones in done["rooms"].items() for who in ones}
    assert sorted([*placed, *done["spares"]]) == sorted(INVIGILATORS)
    assert done["unmixed"] == []
    # One result: again only with a reason, and the old one is kept.
    assert await chief.refused(draw) is RefusalCode.REASON_MISSING
    second = world.second(kit.DEPUTY)
    await chief.order(DrawRooms(0, SESSION, second, reason="人员变动 / a change of people"))
    kept = (await chief.order(GetDraw(0, SESSION)))["draws"]
    assert [each["number"] for each in kept] == [1, 2]
    for each in kept:
        document = read_document(each["document"])
        assert not isinstance(document, Refusal)
        assert check(document)
    told = world.events("staff.rooms-drawn")
    assert [each["data"]["document_sha256"] for each in told] == [e["sha256"] for e in kept]
    # A08: the drawn room is the whole area, told to the console at once.
    people = await chief.order(GetPeople(0))
    for room, members in people["rooms"].items():
        for who in members:
            elsewhere = "02" if room == "01" else "01"
            order = Admit(0, elsewhere, "1", IdDocument.RESIDENT_ID, "1", True, True)
            assert await consoles[who].refused(order) is RefusalCode.ROOM_NOT_YOURS
            await consoles[who].heard.until(
                lambda who=who, room=room: consoles[who].client.signed_in.rooms == [room],
                "the room told",
            )
            assert list(consoles[who].client.board.rooms) == [room]
    (spare,) = people["spares"]
    assert await consoles[spare].refused(SignRoomRecord(0, "01", "x")) is RefusalCode.ROOM_NOT_YOURS
    assert not codes(people) & {"A04", "A05", "B02"}


async def test_b02_never_before_midnight_nor_once_a_room_is_open(world: Any, kit: Any) -> None:
    admin, chief = await world.console(kit.ADMIN), await world.console(kit.CHIEF)
    tomorrow = DayTimes(world.day.start_ms + 24 * 3_600_000)
    await import_roster(world, admin, times=tomorrow)
    consoles = await declare_all(world, admin)
    draw = DrawRooms(0, SESSION, world.second(kit.DEPUTY))
    assert await chief.refused(draw) is RefusalCode.DRAW_NOT_TODAY
    world.go(midnight_before(tomorrow.start_ms))
    first = await chief.order(draw)
    world.go(tomorrow.at(-30))
    who = first["rooms"]["01"][0]
    candidate = next(one for one in world.cast.candidates if one.room_id == "01")
    await consoles[who].order(world.admission(candidate))
    late = DrawRooms(0, SESSION, world.second(kit.DEPUTY), reason="迟了")
    assert await chief.refused(late) is RefusalCode.DRAW_TOO_LATE


async def test_b02_linked_sessions_share_declarations_and_one_draw(world: Any, kit: Any) -> None:
    admin, chief = await world.console(kit.ADMIN), await world.console(kit.CHIEF)
    await import_roster(world, admin, linked=True)
    done = await chief.order(DeclareRecusal(0, SESSION, "NONE"))
    assert done["sessions"] == [SESSION, LATER]
    await declare_all(world, admin)
    drawn = await chief.order(DrawRooms(0, SESSION, world.second(kit.DEPUTY)))
    first, later = [
        (await chief.order(GetDraw(0, session)))["draws"] for session in (SESSION, LATER)
    ]
    assert first == later
    for session in (SESSION, LATER):
        people = await chief.order(GetPeople(0, session))
        assert people["rooms"] == {room: sorted(ones) for room, ones in drawn["rooms"].items()}


async def test_b03_a_recused_person_leaves_at_once(world: Any, kit: Any) -> None:
    admin, chief = await world.console(kit.ADMIN), await world.console(kit.CHIEF)
    await import_roster(world, admin)
    consoles = await declare_all(world, admin)
    one = consoles["inv-01-1"]
    ticket = next(each.ticket_no for each in world.cast.candidates if each.room_id == "02")
    assert await one.refused(DeclareRecusal(0, SESSION, "CANDIDATE", "nobody", "x")) is (
        RefusalCode.RECUSAL_INVALID
    )
    await one.order(DeclareRecusal(0, SESSION, "CANDIDATE", ticket, "兄妹"))
    draw = DrawRooms(0, SESSION, world.second(kit.DEPUTY))
    assert await chief.refused(draw) is RefusalCode.RECUSAL_UNDECIDED
    shown = {e["person_id"]: e for e in (await chief.order(GetPeople(0)))["people"]}
    assert ticket in shown["inv-01-1"]["about"]
    others = {e["person_id"]: e for e in (await admin.order(GetPeople(0)))["people"]}
    assert others["inv-01-1"]["about"] == "", "between this person and the chief"
    decide = DecideRecusal(0, SESSION, "inv-01-1", "ROOMS", "亲属在该考场", ["02"])
    await chief.order(decide)
    for n in range(3):
        done = await chief.order(
            DrawRooms(0, SESSION, world.second(kit.DEPUTY), reason=f"again {n}")
        )
        assert "inv-01-1" not in done["rooms"]["02"]
    assert await chief.refused(DecideRecusal(0, SESSION, kit.CHIEF, "NONE", "自己")) is (
        RefusalCode.NOT_YOURSELF
    )
    await chief.order(DecideRecusal(0, SESSION, "inv-01-1", "VENUE", "自行申请"))
    await one.heard.until(lambda: one.heard.downs != [], "put off the desk")
    visitor = (await world.visitor()).client
    answer = await visitor.sign_in("inv-01-1", world.person("inv-01-1").password)
    assert isinstance(answer, Refusal)
    assert answer.code is RefusalCode.ACCOUNT_DISABLED
    assert "兄妹" not in (world.data / "ledger.jsonl").read_text()


async def test_a01_a02_the_chiefs_post_goes_to_a_deputy_and_comes_back(
    world: Any, kit: Any
) -> None:
    chief, deputy = await world.console(kit.CHIEF), await world.console(kit.DEPUTY)
    until = world.now_ms() + 30 * 60_000
    give = Delegate(
        0, Role.CHIEF, kit.CHIEF, kit.DEPUTY, "身体不适", world.second(kit.DEPUTY), until
    )
    to_admin = Delegate(0, Role.CHIEF, kit.CHIEF, kit.ADMIN, "不行", world.second(kit.DEPUTY))
    assert await chief.refused(to_admin) is RefusalCode.DELEGATION_INVALID
    by_admin = await world.console(kit.ADMIN)
    await world.plan(by_admin)
    assert await by_admin.refused(give) is RefusalCode.DELEGATION_INVALID
    only_chief = DecideRecusal(0, SESSION, "inv-01-1", "NONE", "无关系")
    assert await deputy.refused(only_chief) is RefusalCode.ROLE_NOT_ALLOWED
    await chief.order(give)
    await deputy.order(only_chief)
    assert await chief.refused(only_chief) is RefusalCode.ROLE_NOT_ALLOWED, "one chief (A01)"
    assert await chief.refused(give) is RefusalCode.DELEGATION_INVALID, "it is away already"
    people = await deputy.order(GetPeople(0))
    assert [each["running"] for each in people["delegations"]] == [True]
    world.go(until)
    assert await deputy.refused(only_chief) is RefusalCode.ROLE_NOT_ALLOWED, "it ended by itself"
    await chief.order(only_chief)
    # Handed over for good, and taken back.
    done = await chief.order(
        Delegate(0, Role.CHIEF, kit.CHIEF, kit.DEPUTY, "交接", world.second(kit.DEPUTY))
    )
    await deputy.order(only_chief)
    assert await by_admin.refused(EndDelegation(0, done["delegation_id"])) is (
        RefusalCode.DELEGATION_INVALID
    )
    await chief.order(EndDelegation(0, done["delegation_id"]))
    await chief.order(only_chief)
    assert len(world.events("staff.post-delegated")) == 2


async def test_a_second_factor_is_asked_for_and_each_code_works_once(world: Any, kit: Any) -> None:
    chief, admin = await world.console(kit.CHIEF), await world.console(kit.ADMIN)
    uri = (await chief.order(BeginTotp(0)))["uri"]
    assert uri.startswith("otpauth://totp/")
    query = urllib.parse.parse_qs(urllib.parse.urlparse(uri).query)
    secret = base64.b32decode(query["secret"][0])
    factor = TOTP(secret, 6, SHA1(), 30)

    def code(ahead_s: int = 0) -> str:
        return factor.generate(world.now_ms() // 1000 + ahead_s).decode()

    assert await chief.refused(ConfirmTotp(0, "000000" if code() != "000000" else "1")) is (
        RefusalCode.TOTP_WRONG
    )
    used = code()
    await chief.order(ConfirmTotp(0, used))
    assert await chief.refused(BeginTotp(0)) is RefusalCode.NOT_YOURSELF
    visitor, password = (await world.visitor()).client, world.person(kit.CHIEF).password

    async def enter(text: str) -> RefusalCode | None:
        answer = await visitor.sign_in(kit.CHIEF, password, text)
        return answer.code if isinstance(answer, Refusal) else None

    assert await enter("") is RefusalCode.TOTP_NEEDED
    assert await enter(used) is RefusalCode.TOTP_WRONG, "a code that was used"
    assert await enter(code(30)) is None
    # The second person of an order shows theirs as well.
    order = DisableAccount(0, "inv-02-2", "试", Second(kit.CHIEF, password))
    assert await admin.refused(order) is RefusalCode.TOTP_NEEDED
    world.go(world.now_ms() + 120_000)
    await admin.order(DisableAccount(0, "inv-02-2", "试", Second(kit.CHIEF, password, code())))
    raw = (world.data / "venue.sqlite").read_bytes() + (world.data / "ledger.jsonl").read_bytes()
    assert secret not in raw
    assert query["secret"][0].encode() not in raw


async def test_a12_an_inspector_looks_for_a_time_and_each_look_is_recorded(
    world: Any, kit: Any
) -> None:
    admin = await world.console(kit.ADMIN)
    second, until = world.second(kit.CHIEF), world.now_ms() + 60 * 60_000
    unnamed = AddPerson(0, "a,b", "甲", [Role.ROVING], [], "增补", second)
    assert await admin.refused(unnamed) is RefusalCode.ASSIGNMENT_INVALID
    endless = AddPerson(0, "province-1", "巡视 甲", [Role.INSPECTOR], [], "省级巡视", second)
    assert await admin.refused(endless) is RefusalCode.ACCOUNT_NOT_VALID
    await admin.order(
        AddPerson(0, "province-1", "巡视 甲", [Role.INSPECTOR], [], "省级巡视", second, until)
    )
    password = await first_password(world, admin, "province-1")
    looking = await signed_in(world, "province-1", password)
    await looking.order(GetStatus(0))
    assert [each["data"]["at"] for each in world.events("staff.inspector-looked")] == [
        "Board",
        "GetStatus",
    ]
    world.go(until)
    assert await looking.refused(GetStatus(0)) is RefusalCode.ACCOUNT_DISABLED
    answer = await (await world.visitor()).client.sign_in("province-1", password)
    assert isinstance(answer, Refusal)
    assert answer.code is RefusalCode.ACCOUNT_NOT_VALID


async def test_another_administrator_lifts_a_lock_out(world: Any, kit: Any) -> None:
    visitor = (await world.visitor()).client
    for _ in range(5):
        await visitor.sign_in(kit.DEPUTY, "wrong password")
    password = world.person(kit.DEPUTY).password
    answer = await visitor.sign_in(kit.DEPUTY, password)
    assert isinstance(answer, Refusal)
    assert answer.code is RefusalCode.SIGN_IN_LOCKED
    admin = await world.console(kit.ADMIN)
    assert await admin.refused(UnlockAccount(0, kit.ADMIN)) is RefusalCode.NOT_YOURSELF
    await admin.order(UnlockAccount(0, kit.DEPUTY))
    assert not isinstance(await visitor.sign_in(kit.DEPUTY, password), Refusal)


async def test_b02_two_people_may_put_somebody_elsewhere(world: Any, kit: Any) -> None:
    admin, chief = await world.console(kit.ADMIN), await world.console(kit.CHIEF)
    await import_roster(world, admin)
    await declare_all(world, admin)
    second = world.second(kit.DEPUTY)
    done = await chief.order(DrawRooms(0, SESSION, second))
    (spare,) = done["spares"]
    assert await chief.refused(AssignRoom(0, SESSION, spare, "01", " ", second)) is (
        RefusalCode.REASON_MISSING
    )
    assert await chief.refused(AssignRoom(0, SESSION, kit.ADMIN, "01", "顶替", second)) is (
        RefusalCode.ASSIGNMENT_INVALID
    )
    await chief.order(AssignRoom(0, SESSION, spare, "01", "监考缺席", second))
    people = await chief.order(GetPeople(0))
    assert spare in people["rooms"]["01"]
    assert world.node is not None
    lines = world.node._day._parts.sources.lines(SESSION, "01")
    assert any("监考缺席" in line.text for line in lines)
