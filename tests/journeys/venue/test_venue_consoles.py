"""Consoles: who may see and order what; a board that tells the truth as it changes (A08, O08)."""

import asyncio
import re
from typing import Any

import msgspec

from venue_server.client.link_state import DownCause
from venue_server.rehearsal.headquarters_side import SESSION_ID
from venue_server.wire.console_orders import (
    Admit,
    AllowLogin,
    ConfirmEnrolment,
    ConfirmExit,
    ConsoleHello,
    GetRoomRecord,
    GetStatus,
    ImportPlan,
    ListEnrolments,
    Reconcile,
    SealSession,
    UploadSession,
    VerifyLedger,
    WipeSession,
)
from venue_server.wire.console_views import ConsoleWelcome, RoomChanged, SeatChanged, VenueChanged
from venue_server.wire.frames import Second
from venue_server.wire.intake_orders import ImportFolder, OpenReceipt
from venue_server.wire.messages import Refused
from venue_server.wire.names import IdDocument, SeatLink, SittingState
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.station_messages import Heartbeat

NOBODY_ELSE = Second("admin-b", "password of admin-b")
ORDERS = (
    GetStatus(0),
    ListEnrolments(0),
    ConfirmEnrolment(0, "AAAA-AAAA", "station", "m"),
    AllowLogin(0, "01"),
    Admit(0, "01", "1", IdDocument.RESIDENT_ID, "1", True, True),
    ConfirmExit(0, "01", "s"),
    ImportPlan(0, "/dev/null", NOBODY_ELSE),
    OpenReceipt(0, SESSION_ID, NOBODY_ELSE),
    ImportFolder(0, "/"),
    Reconcile(0, SESSION_ID),
    GetRoomRecord(0, "01"),
    SealSession(0, SESSION_ID, NOBODY_ELSE),
    UploadSession(0, SESSION_ID),
    WipeSession(0, SESSION_ID, NOBODY_ELSE),
    VerifyLedger(0),
)


async def test_a08_before_sign_in_every_order_is_refused_and_recorded(world: Any, kit: Any) -> None:
    visitor = await world.visitor()
    for order in ORDERS:
        assert await visitor.refused(order) is RefusalCode.NOT_SIGNED_IN
    told = world.events("order.refused")
    assert [entry["data"]["order"] for entry in told] == [type(each).__name__ for each in ORDERS]
    assert {(entry["actor"], entry["data"]["code"]) for entry in told} == {("", "STF-03")}
    welcome = visitor.heard.all(ConsoleWelcome)
    assert [each.venue_name for each in welcome] == ["试考考点"]
    assert not visitor.client.board.current, "nothing else is shown to nobody"


async def test_a08_roles_and_rooms_are_enforced_at_the_server_and_recorded(
    world: Any, kit: Any
) -> None:
    admin, chief = await world.console(kit.ADMIN), await world.console(kit.CHIEF)
    inspector, inv = await world.console("inspector-1"), await world.console("inv-01-1")
    await world.plan(admin)
    world.go(kit.DAY.at(-30))
    of_room_2 = world.admission(world.candidate("02", "01"))
    cases = [
        (inv, AllowLogin(0, "02"), "STF-05"),
        (inv, of_room_2, "STF-05"),
        (inv, ConfirmExit(0, "02", "s"), "STF-05"),
        (inv, GetRoomRecord(0, "02"), "STF-05"),
        (inv, ListEnrolments(0), "STF-04"),
        (inv, ImportFolder(0, "/tmp"), "STF-04"),
        (inspector, AllowLogin(0, "01"), "STF-04"),
        (inspector, Reconcile(0, SESSION_ID), "STF-04"),
        (admin, AllowLogin(0, "01"), "STF-04"),
        (admin, SealSession(0, SESSION_ID, world.second(kit.CHIEF)), "STF-04"),
        (chief, ImportPlan(0, "/x", world.second(kit.ADMIN)), "STF-04"),
        (chief, WipeSession(0, SESSION_ID, world.second(kit.ADMIN)), "STF-04"),
        (admin, OpenReceipt(0, SESSION_ID, world.second(kit.ADMIN)), "STF-06"),
        (admin, OpenReceipt(0, SESSION_ID, world.second(kit.ADMIN_B)), "STF-04"),
        (admin, ImportPlan(0, "/x", world.second(kit.CHIEF)), "STF-04"),
        (admin, ImportPlan(0, "/x", Second("nobody", "at all")), "STF-01"),
    ]
    for console, order, code in cases:
        found = await console.refused(order)
        assert found.value == code, (console.client.signed_in.person_id, order, found)
    told = world.events("order.refused")
    assert [(e["actor"], e["data"]["order"], e["data"]["code"]) for e in told] == [
        (c.client.signed_in.person_id, type(order).__name__, code) for c, order, code in cases
    ]
    assert all(entry["data"]["where"] == "local" for entry in told)
    # The chief acts in every room.
    await chief.order(AllowLogin(0, "02"))
    assert await inv.client.order(GetStatus(0))


async def test_a08_a_board_shows_a_person_their_own_rooms_only(exam_day: Any, kit: Any) -> None:
    day = exam_day
    inv = day.rooms["01"]
    assert set(inv.client.board.rooms) == {"01"}
    assert set(inv.client.board.seats) == {"01"}
    before = len(inv.heard.messages)
    await day.next_save(day.other, kit.Chain(day.other.sitting_id))
    day.other.client.heartbeat(0, 1, "answering")
    await day.chief.board(lambda b: b.seats["02"]["02"].answered == 1)
    day.first.client.heartbeat(0, 2, "answering")
    await inv.board(lambda b: b.seats["01"]["01"].answered == 2)
    late = inv.heard.messages[before:]
    rooms = {m.room_id for m in late if isinstance(m, SeatChanged)}
    rooms |= {m.room.room_id for m in late if isinstance(m, RoomChanged)}
    assert rooms == {"01"}
    assert set(day.chief.client.board.rooms) == {"01", "02"}


async def test_the_board_follows_every_event_of_a_seat(world: Any, kit: Any) -> None:
    admin, chief = await world.console(kit.ADMIN), await world.console(kit.CHIEF)
    await world.plan(admin)

    def seat(b: Any) -> Any:
        return b.seats["01"]["01"]

    await chief.board(lambda b: seat(b).link is SeatLink.ABSENT)
    station = await world.station(admin, "01", "01")
    await chief.board(lambda b: seat(b).link is SeatLink.ONLINE)
    await world.receive(admin)
    await station.fetch()
    await chief.board(lambda b: seat(b).paper == "verified")
    await chief.board(lambda b: b.venue.stations_ready == b.venue.stations_total == 1)
    rooms = await world.invigilators()
    await chief.board(lambda b: b.rooms["01"].invigilators_present == 2)
    world.go(kit.DAY.at(-30))
    await rooms["01"].order(world.admission(station.candidate))
    await chief.board(lambda b: seat(b).state is SittingState.ADMITTED)
    await chief.board(lambda b: b.rooms["01"].admitted == 1)
    await rooms["01"].order(AllowLogin(0, "01"))
    await chief.board(lambda b: b.rooms["01"].login_allowed)
    await station.seated()
    await chief.board(lambda b: seat(b).state is SittingState.RULES_ACK)
    await world.arm(chief)
    await chief.board(lambda b: b.venue.release_armed)
    await world.released(chief)
    await chief.board(lambda b: b.venue.release_key_present)
    await chief.board(lambda b: seat(b).paper == "keyed")
    await station.content_key()
    world.go(kit.DAY.at(0))
    station.client.paper_opened(station.sitting_id, world.now_ms())
    await chief.board(lambda b: (seat(b).paper, seat(b).state.value) == ("open", "IN_PROGRESS"))
    station.client.link.send(Heartbeat(3, 7, "answering", ["HAND_RAISED"]))
    await chief.board(lambda b: (seat(b).unsynced, seat(b).answered) == (3, 7))
    await chief.board(lambda b: seat(b).alerts == ["HAND_RAISED"])
    await chief.board(lambda b: b.rooms["01"].answers_at_risk == 3)
    await station.close()
    world.stations.remove(station)
    await chief.board(lambda b: seat(b).link is SeatLink.OFFLINE)
    await chief.board(lambda b: b.rooms["01"].answers_at_risk == 3, "what it last said stays")


async def test_a_wrong_number_typed_at_the_door_draws_no_seat(world: Any, kit: Any) -> None:
    admin = await world.console(kit.ADMIN)
    await world.plan(admin)
    rooms = await world.invigilators()
    world.go(kit.DAY.at(-30))
    sound = world.admission(world.candidate("01", "01"))
    seats = dict(rooms["01"].client.board.seats["01"])
    for ticket in ("nonsense", "", "26990199", "9" * 500):
        wrong = msgspec.structs.replace(sound, ticket_no=ticket)
        assert await rooms["01"].refused(wrong) is RefusalCode.TICKET_UNKNOWN
    await rooms["01"].order(sound)
    await rooms["01"].board(lambda b: b.seats["01"]["01"].state is SittingState.ADMITTED)
    assert set(rooms["01"].client.board.seats["01"]) == set(seats)
    typed = [e["data"]["ticket"] for e in world.events("candidate.admission-refused")]
    assert typed == [""] * 4, "what is on no list may be anything: it is not recorded"


async def test_signing_out_ends_what_the_console_is_told(world: Any, kit: Any) -> None:
    admin = await world.console(kit.ADMIN)
    inv = await world.console("inv-01-1")
    await world.plan(admin)
    await inv.board(lambda b: "01" in b.rooms)
    await inv.client.sign_out()
    assert inv.client.signed_in is None
    before = len(inv.heard.messages)
    await world.station(admin, "01", "01")
    await admin.board(lambda b: b.seats["01"]["01"].link is SeatLink.ONLINE)
    about = (SeatChanged, RoomChanged, VenueChanged)
    assert [m for m in inv.heard.messages[before:] if isinstance(m, about)] == []
    assert await inv.refused(AllowLogin(0, "01")) is RefusalCode.NOT_SIGNED_IN
    assert [e["actor"] for e in world.events("staff.signed-out")] == ["inv-01-1"]
    await admin.board(lambda b: b.rooms["01"].invigilators_present == 0)
    # Another person takes over the same console.
    signed = await inv.client.sign_in("inv-02-1", world.person("inv-02-1").password)
    assert not isinstance(signed, Refusal)
    await inv.board(lambda b: set(b.rooms) == {"02"})


async def test_a_lost_console_is_signed_in_nowhere(world: Any, kit: Any) -> None:
    inv = await world.console("inv-01-1")
    await world.restart()
    again = await world.visitor()
    assert await again.refused(AllowLogin(0, "01")) is RefusalCode.NOT_SIGNED_IN
    assert inv.client.signed_in is None


async def test_wrong_passwords_lock_and_tell_nothing(world: Any, kit: Any) -> None:
    visitor = await world.visitor()
    codes = []
    for _ in range(6):
        done = await visitor.client.sign_in("chief-1", "wrong password again")
        assert isinstance(done, Refusal)
        codes.append(done.code.value)
    assert codes == ["STF-01"] * 5 + ["STF-02"]
    right = await visitor.client.sign_in("chief-1", world.person("chief-1").password)
    assert isinstance(right, Refusal) and right.code is RefusalCode.SIGN_IN_LOCKED
    assert re.fullmatch(r"0[0-4]:[0-5]\d|05:00", right.detail), "it says how long to wait"
    unknown = await visitor.client.sign_in("not-a-person", "x")
    assert unknown == Refusal(RefusalCode.SIGN_IN_FAILED)
    told = world.events("staff.sign-in-refused")
    assert [entry["actor"] for entry in told] == ["chief-1"] * 7 + [""]


async def test_r9_an_enrolled_console_works_over_the_lan_and_is_named_in_the_ledger(
    world: Any, kit: Any
) -> None:
    admin = await world.console(kit.ADMIN)
    identity = await world.enrolled("console", admin)
    remote = await world.console("inv-01-1", world.endpoint(identity))
    assert await remote.refused(AllowLogin(0, "02")) is RefusalCode.ROOM_NOT_YOURS
    (refused,) = world.events("order.refused")
    assert refused["data"]["where"] == identity.machine_id
    signed = [entry["data"]["where"] for entry in world.events("staff.signed-in")]
    assert signed == ["local", identity.machine_id]


async def test_r9_an_unknown_order_or_version_is_named(world: Any, kit: Any) -> None:
    visitor = await world.visitor()
    before = len(visitor.heard.messages)
    visitor.client.link.send(ConsoleHello(99, "future"))
    refused = await visitor.heard.next(Refused, before)
    assert (refused.re, refused.code, refused.detail) == (0, RefusalCode.VERSION_UNKNOWN, "99")
    await visitor.heard.until(lambda: bool(visitor.heard.downs), "the end")
    assert visitor.heard.downs[0].cause is DownCause.REFUSED


async def test_two_consoles_of_one_person_and_many_orders_at_once(world: Any, kit: Any) -> None:
    """Orders from several consoles at once are each carried out once or refused."""
    admin = await world.console(kit.ADMIN)
    await world.plan(admin)
    one, two = await world.console("inv-01-1"), await world.console("inv-01-1")
    world.go(kit.DAY.at(-30))
    order = world.admission(world.candidate("01", "01"))
    done = await asyncio.gather(*(c.client.order(order) for c in (one, two, one, two)))
    refused = [each.code for each in done if isinstance(each, Refusal)]
    assert refused == [RefusalCode.ALREADY_ADMITTED] * 3
    assert len(world.events("candidate.admitted")) == 1
