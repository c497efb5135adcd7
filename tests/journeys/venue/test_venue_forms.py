"""Two forms for neighbours and a reserve that stays sealed: from the medium to the bundle."""

from typing import Any

import aiohttp
import pytest

from tests.journeys.venue.venue_world import SURELY_MS
from venue_server.rehearsal.headquarters_side import PAPER_ID, RESERVE, SESSION_ID
from venue_server.wire.console_orders import (
    ArmRelease,
    EnterCodeShare,
    GetGoNoGo,
    ImportReserveApproval,
    WitnessSeal,
)
from venue_server.wire.messages import Refused
from venue_server.wire.names import PackageState, SessionState, SittingState
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.station_messages import FormKey, PaperOffer, PaperReady


@pytest.fixture
async def people(forms: Any, kit: Any) -> tuple[Any, Any]:
    """Administrator and chief at their consoles, the plan imported."""
    admin, chief = await forms.world.console(kit.ADMIN), await forms.world.console(kit.CHIEF)
    done = await forms.plan(admin)
    assert done["same_form_neighbours"], "seats 01 and 03 stand one behind the other"
    return admin, chief


def offers(station: Any) -> list[str]:
    return [each.seal.form_id for each in station.heard.all(PaperOffer)]


async def ready(forms: Any, people: tuple[Any, Any], *received: str) -> list[Any]:
    """Received, stations at 01-01 and 01-02 with their papers, invigilators there, doors open."""
    admin, _chief = people
    result = await forms.receive(admin, *received)
    assert result["state"] == "COMPLETE", result
    stations: list[Any] = await forms.stations(admin, ("01", "01"), ("01", "02"))
    await forms.world.invigilators()
    forms.world.go(forms.world.day.at(-29))
    return stations


async def test_c05_neighbours_get_their_own_form_and_only_its_key(
    forms: Any, people: tuple[Any, Any]
) -> None:
    world, (_admin, chief) = forms.world, people
    first, second = await ready(forms, people, "A", "B", "R")
    assert (set(offers(first)), set(offers(second))) == ({"A"}, {"B"})
    shown = chief.client.board.venue
    assert [seal.form_id for seal in shown.seals] == ["A", "B"]
    assert [seal.form_id for seal in shown.reserves] == ["R"]
    await world.arm(chief)
    await world.released(chief)
    assert await first.content_key() != await second.content_key()
    assert {each.form_id for each in first.heard.all(FormKey)} == {"A"}
    assert {each.form_id for each in second.heard.all(FormKey)} == {"B"}
    done = {each["data"]["form"] for each in world.events("release.done")}
    assert done == {"A", "B"}
    # After a restart the same forms, from the same inputs.
    keys = await first.content_key(), await second.content_key()
    await world.restart()
    assert (await first.content_key(), await second.content_key()) == keys
    assert len(world.events("release.done")) == 2


async def test_d10_a_sealed_reserve_is_given_to_no_station(
    forms: Any, people: tuple[Any, Any]
) -> None:
    first, _second = await ready(forms, people, "A", "B", "R")
    offer = first.heard.all(PaperOffer)[0]
    for path, status in ((offer.path, 200), (f"/papers/{RESERVE.paper_id}/R", 404)):
        assert await _get(forms.world, first, path) == status


async def test_e05_a_station_with_its_neighbours_form_is_not_ready(
    forms: Any, people: tuple[Any, Any]
) -> None:
    world = forms.world
    first, second = await ready(forms, people, "A", "B")
    foreign = second.heard.all(PaperOffer)[0]
    before = len(first.heard.messages)
    assert first.client.link.send(PaperReady(PAPER_ID, "B", foreign.sha256))
    told = await first.heard.next(Refused, before)
    assert told.code is RefusalCode.CIPHERTEXT_CORRUPT
    assert world.events("paper.verified-at-station")[-1]["data"]["form"] == "B", "that of 01-02"


async def test_c05_the_start_waits_for_every_form(forms: Any, people: tuple[Any, Any]) -> None:
    world, (admin, chief) = forms.world, people
    result = await forms.receive(admin, "A")
    assert result["state"] == "COMPLETE"
    (first,) = await forms.stations(admin, ("01", "01"))
    await world.invigilators()
    world.go(world.day.at(-29))
    arm = ArmRelease(0, SESSION_ID, world.second("admin-a"))
    assert await chief.refused(arm) is RefusalCode.FRAGMENTS_MISSING
    assert chief.client.board.venue.package_state is PackageState.RECEIVING
    lines = await chief.order(GetGoNoGo(0, SESSION_ID))
    package = next(line for line in lines["lines"] if line["kind"] == "PACKAGE")
    assert (package["verdict"], package["names"]) == ("NO_GO", [f"{PAPER_ID}/B"])
    assert lines["go"] is False
    assert first.heard.all(FormKey) == []


async def test_c05_one_forms_secret_opens_nothing_until_the_others_is_here(
    forms: Any, people: tuple[Any, Any], kit: Any
) -> None:
    """By the sealed codes, form after form, in any order; nobody says which form a share is for."""
    world, (admin, chief) = forms.world, people
    first, second = await ready(forms, people, "A", "B")
    await world.arm(chief)
    await world.cut_off()
    world.go(world.day.at(-2) + SURELY_MS)
    (b_one, b_two), (a_one, a_two) = forms.code_shares("B"), forms.code_shares("A")

    def share(words: str) -> EnterCodeShare:
        return EnterCodeShare(0, SESSION_ID, words)

    assert await chief.order(share(b_one)) == {"complete": False, "form": ""}
    assert await chief.order(share(a_one)) == {"complete": False, "form": ""}
    assert await admin.order(share(b_two)) == {"complete": False, "form": "B"}
    assert await chief.refused(share(a_two)) is RefusalCode.CODE_SAME_PERSON
    assert world.events("release.done", "session.started") == []
    assert first.heard.all(FormKey) == second.heard.all(FormKey) == []
    # A restart forgets shares half entered, but not a form's secret.
    await world.restart()
    chief, admin = await world.console(kit.CHIEF), await world.console(kit.ADMIN)
    assert await admin.order(share(a_two)) == {"complete": False, "form": ""}
    assert await chief.order(share(a_one)) == {"complete": True, "form": "A"}
    await world.released(chief)
    assert await first.content_key() != await second.content_key()


# ---- reserves --------------------------------------------------------------------------------


async def test_d10_a_reserve_opens_only_by_the_zone_director_and_the_chief(
    forms: Any, people: tuple[Any, Any]
) -> None:
    world, (_admin, chief) = forms.world, people
    await ready(forms, people, "A", "B", "R")
    director = await world.console("director-1")
    approve = forms.approve(room_id="01", replaces="A")
    assert await chief.refused(approve) is RefusalCode.ROLE_NOT_ALLOWED
    assert await director.refused(forms.approve("admin-a")) is RefusalCode.ROLE_NOT_ALLOWED
    assert await director.refused(forms.approve("director-1")) is RefusalCode.SAME_PERSON
    assert await director.refused(forms.approve(reason=" ")) is RefusalCode.REASON_MISSING
    for nothing in ({"form_id": "B"}, {"room_id": "09"}, {"replaces": "R"}):
        assert await director.refused(forms.approve(**nothing)) is RefusalCode.RESERVE_UNKNOWN
    assert world.events("reserve.approved") == []
    await director.order(approve)
    (said,) = world.events("reserve.approved")
    assert (said["actor"], said["data"]["room"]) == ("director-1,chief-1", "01")
    assert said["data"]["reason"] == "试卷缺陷"


async def test_d10_a_reserve_that_is_not_here_cannot_be_approved(
    forms: Any, people: tuple[Any, Any]
) -> None:
    """Nothing could take the approval back, and the start would wait for ever."""
    world, (_admin, chief) = forms.world, people
    await ready(forms, people, "A", "B")
    director = await world.console("director-1")
    assert await director.refused(forms.approve()) is RefusalCode.FRAGMENTS_MISSING
    await world.arm(chief)
    await world.released(chief)


async def test_d10_in_one_room_the_reserve_replaces_one_form_and_nothing_is_mixed(
    forms: Any, people: tuple[Any, Any]
) -> None:
    world, (admin, chief) = forms.world, people
    first, second = await ready(forms, people, "A", "B", "R")
    other_room = await world.station(admin, "02", "01")
    await other_room.fetch()
    director = await world.console("director-1")
    heard = len(first.heard.messages)
    await director.order(forms.approve(room_id="01", replaces="A"))
    offer = await first.heard.next(PaperOffer, heard, lambda each: each.seal.form_id == "R")
    await chief.board(lambda b: b.seats["01"]["01"].paper == "none", "that it has no paper now")
    heard = len(first.heard.messages)
    assert isinstance(
        await first.client.fetch_ciphertext(offer, first.folder / "reserve"), type(first.folder)
    )
    assert first.client.paper_ready(offer)
    await chief.board(lambda b: b.seats["01"]["01"].paper == "verified")
    await world.arm(chief)
    await world.released(chief)
    told = await first.heard.next(FormKey, heard)
    assert (told.paper_id, told.form_id) == (RESERVE.paper_id, "R")
    assert {each.form_id for each in second.heard.all(FormKey)} == {"B"}
    await other_room.content_key()
    assert {each.form_id for each in other_room.heard.all(FormKey)} == {"A"}
    late = forms.approve(room_id="02")
    assert await director.refused(late) is RefusalCode.SESSION_WRONG_STATE, "never after the start"


async def test_d10_by_headquarters_document_for_all_rooms_the_main_forms_are_not_used(
    forms: Any, people: tuple[Any, Any]
) -> None:
    world, (_admin, chief) = forms.world, people
    first, second = await ready(forms, people, "A", "B", "R")

    def document(**changes: object) -> ImportReserveApproval:
        return ImportReserveApproval(0, str(forms.approval(**changes)), world.second("admin-a"))

    assert await chief.refused(document(venue_id="other")) is RefusalCode.PLAN_WRONG_VENUE
    assert await chief.refused(document(type="kaodian.plan")) is RefusalCode.DOCUMENT_WRONG_TYPE
    assert await chief.refused(document(form_id="A")) is RefusalCode.RESERVE_UNKNOWN
    forged = document()
    text = (world.folder / "approval.json").read_text().replace("图像缺失", "图像完整")
    (world.folder / "approval.json").write_text(text)
    assert await chief.refused(forged) is RefusalCode.SIGNATURE_INVALID
    await chief.order(document())
    await chief.order(document())  # again is harmless
    assert len(world.events("reserve.approved")) == 1
    await world.restart()
    chief = await world.console("chief-1")
    for station in (first, second):
        offer = await station.heard.next(PaperOffer, 0, lambda each: each.seal.form_id == "R")
        await station.client.fetch_ciphertext(offer, station.folder / "reserve")
        assert station.client.paper_ready(offer)
    await world.invigilators()
    await world.console("admin-a")
    await chief.board(lambda b: b.venue.stations_ready == 2)
    await world.arm(chief)
    await world.released(chief)
    assert [each["data"]["form"] for each in world.events("release.done")] == ["R"]
    world.go(world.day.at(91))
    await chief.board(lambda b: b.venue.session_state is SessionState.ENDED)
    assert [forms.package_state(each) for each in "ABR"] == ["UNUSED", "UNUSED", "ENDED"]
    assert len(world.events("paper.unused")) == 2


async def test_o01_at_the_end_an_unused_reserve_is_accounted_for_sealed(
    forms: Any, people: tuple[Any, Any]
) -> None:
    world, (_admin, chief) = forms.world, people
    await ready(forms, people, "A", "B", "R")
    await world.arm(chief)
    await world.released(chief)
    world.go(world.day.at(91))
    await chief.board(lambda b: b.venue.session_state is SessionState.ENDED)
    (unused,) = world.events("paper.unused")
    assert unused["data"]["session"] == SESSION_ID
    assert [forms.package_state(each) for each in "ABR"] == ["ENDED", "ENDED", "UNUSED"]
    written = b"".join(file.read_bytes() for file in world.data.rglob("*") if file.is_file())
    assert forms.secret("R").encode() not in written, "its secret was never here"


# ---- the seal shown --------------------------------------------------------------------------


async def test_d17_two_invigilators_and_a_candidate_witness_the_seal(
    forms: Any, people: tuple[Any, Any]
) -> None:
    world = forms.world
    first, _second = await ready(forms, people, "A", "B", "R")
    (_admin, chief) = people
    one = next(c for c in world.consoles if c.client.signed_in.person_id == "inv-01-1")

    def witness(second: str = "inv-01-2", ticket: str = "") -> WitnessSeal:
        number = ticket or first.candidate.ticket_no
        return WitnessSeal(0, "01", number, world.second(second))

    assert await one.refused(witness()) is RefusalCode.NOT_ADMITTED, "nobody is in the room yet"
    await one.order(world.admission(first.candidate))
    assert await one.refused(witness("inv-01-1")) is RefusalCode.SAME_PERSON
    assert await one.refused(witness("inv-02-1")) is RefusalCode.ROOM_NOT_YOURS
    elsewhere = world.candidate("02", "01").ticket_no
    assert await one.refused(witness(ticket=elsewhere)) is RefusalCode.NOT_ADMITTED
    await one.order(witness())
    await chief.board(lambda b: b.rooms["01"].seal_witnessed and not b.rooms["02"].seal_witnessed)
    (said,) = world.events("paper.seal-witnessed")
    assert said["actor"] == "inv-01-1,inv-01-2"
    assert said["data"]["witness"] == first.candidate.ticket_no
    assert len(said["data"]["seals"]) == 2, "each form, no reserve"
    await world.arm(chief)
    await world.released(chief)
    assert await one.refused(witness()) is RefusalCode.SESSION_WRONG_STATE


# ---- before the start ------------------------------------------------------------------------


async def test_g12_answers_stamped_between_release_and_start_are_refused(
    world: Any, kit: Any
) -> None:
    """The keys are out two minutes before the papers may open: a station that jumped the gun gets
    nothing accepted, and what it sent is kept aside."""
    admin, chief = await world.console(kit.ADMIN), await world.console(kit.CHIEF)
    await world.plan(admin)
    await world.receive(admin)
    station = await world.station(admin, "01", "01")
    await station.fetch()
    rooms = await world.invigilators()
    await world.open_doors(rooms, station)
    await world.arm(chief)
    await world.released(chief)
    await station.content_key()
    before = len(station.heard.messages)
    assert station.client.paper_opened(station.sitting_id, world.now_ms())
    told = await station.heard.next(Refused, before)
    assert told.code is RefusalCode.NOT_STARTED
    early = kit.Chain(station.sitting_id)
    ack = await station.save(early.add(world.now_ms(), "too early"))
    assert ack.seq == 0
    assert world.events("candidate.paper-opened") == []
    assert chief.client.board.seats["01"]["01"].state is SittingState.RULES_ACK
    (aside,) = world.events("answers.quarantined")
    assert aside["data"]["code"] == "SIT-08"
    # A stamp of before the start is refused whenever it comes.
    world.go(kit.DAY.at(1))
    stamped = kit.Chain(station.sitting_id)
    ack = await station.save(stamped.add(kit.DAY.at(-1), "typed early, sent late"))
    assert ack.seq == 0
    honest = kit.Chain(station.sitting_id)
    ack = await station.save(honest.add(kit.DAY.at(0) + 5, "in time"))
    assert ack.seq == 1


async def _get(world: Any, station: Any, path: str) -> int:
    """The status of one HTTP GET with a station's certificate."""
    identity = station.identity
    connector = aiohttp.TCPConnector(ssl=identity.ssl_context())
    url = f"https://127.0.0.1:{world.ports.main}{path}"
    async with (
        aiohttp.ClientSession(connector=connector) as session,
        session.get(url, server_hostname=identity.server_name) as answer,
    ):
        return int(answer.status)
