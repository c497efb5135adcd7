"""At the station (F07, F11-F13, H01): log-in, confirmation, rules, opening."""

from typing import Any

from venue_server.ledger.catalogue import Event
from venue_server.sitting.rows import Sitting
from venue_server.wire.names import SittingState
from venue_server.wire.refusals import Refusal, RefusalCode


def code(answer: Any) -> RefusalCode | None:
    return answer.code if isinstance(answer, Refusal) else None


async def admitted(venue: Any, seat: str = "01") -> None:
    assert await venue.service.allow_login("s1", "R1", "inv-1") is None
    assert not isinstance(await venue.admit(seat), Refusal)


async def test_f11_no_log_in_before_the_rooms_command(venue: Any) -> None:
    await venue.admit("01")
    assert code(await venue.log_in("01")) is RefusalCode.LOGIN_NOT_ALLOWED
    await venue.service.allow_login("s1", "R2", "i")
    assert code(await venue.log_in("01")) is RefusalCode.LOGIN_NOT_ALLOWED
    told = venue.last_event()
    assert (told["event"], told["actor"]) == (Event.LOGIN_REFUSED.value, "m01")


async def test_f11_ticket_and_number_in_any_width_log_in(venue: Any, clock: Any) -> None:
    await admitted(venue)
    sitting = await venue.log_in(
        "01", ticket_no="３６０１１２３４ ０１", id_number="11010519491231002x"
    )
    assert isinstance(sitting, Sitting)
    assert (sitting.state, sitting.machine_id) == (SittingState.LOGGED_IN, "m01")
    assert sitting.logged_in_at_ms == clock.now
    assert venue.service.sitting(sitting.sitting_id) == sitting
    assert venue.service.sitting_of_machine("m01") == sitting
    assert venue.service.sitting_of_machine("m02") is None


async def test_f11_wrong_numbers_are_refused_without_naming_a_seat(venue: Any) -> None:
    await admitted(venue)
    unknown = await venue.log_in("01", ticket_no="3601123499")
    assert unknown == Refusal(RefusalCode.TICKET_UNKNOWN)
    wrong = await venue.log_in("02", ticket_no="3601123401")
    assert wrong == Refusal(RefusalCode.ID_MISMATCH)


async def test_f01_who_was_not_admitted_cannot_log_in(venue: Any, clock: Any) -> None:
    await venue.service.allow_login("s1", "R1", "i")
    assert code(await venue.log_in("01")) is RefusalCode.NOT_ADMITTED
    await venue.admit("02", id_number=venue.numbers[0])
    assert code(await venue.log_in("02")) is RefusalCode.NOT_ADMITTED
    await venue.start()
    clock.minutes(5)
    await venue.admit("03")
    assert code(await venue.log_in("03")) is RefusalCode.NOT_ADMITTED


async def test_f12_the_wrong_seat_is_refused_and_the_right_one_shown(venue: Any) -> None:
    await admitted(venue)
    answer = await venue.log_in("01", machine_id="m02", seat_no="02")
    assert answer == Refusal(RefusalCode.WRONG_SEAT, "R1 01")


async def test_f13_one_candidate_one_live_station(venue: Any) -> None:
    await admitted(venue)
    await venue.log_in("01")
    alive_asked: list[str] = []

    def alive(machine: str) -> bool:
        alive_asked.append(machine)
        return True

    answer = await venue.log_in("01", machine_id="new", alive=alive)
    assert code(answer) is RefusalCode.ALREADY_LIVE
    assert alive_asked == ["m01"]
    assert venue.service.sitting_of_machine("m01") is not None


async def test_f13_a_dead_machine_at_the_same_seat_may_be_replaced(venue: Any) -> None:
    sitting_id = await venue.ready("01")
    before = venue.service.sitting(sitting_id)
    after = await venue.log_in("01", machine_id="new")
    assert isinstance(after, Sitting)
    assert (after.machine_id, after.state) == ("new", SittingState.RULES_ACK)
    assert after.logged_in_at_ms == before.logged_in_at_ms
    assert venue.last_event()["data"]["again"] is True


async def test_f07_the_cut_off_is_about_the_door_not_the_log_in(venue: Any, clock: Any) -> None:
    await venue.start()
    assert await venue.service.allow_login("s1", "R1", "i") is None
    clock.minutes(4.8)
    assert not isinstance(await venue.admit("01"), Refusal)
    clock.minutes(6)
    assert isinstance(await venue.log_in("01"), Sitting)
    clock.minutes(40)
    assert isinstance(await venue.log_in("01"), Sitting)


async def test_after_the_end_only_an_opened_sitting_may_come_back(venue: Any, clock: Any) -> None:
    opened, unopened = await venue.ready("01"), await venue.ready("02")
    await venue.start()
    clock.minutes(0)
    await venue.open(opened)
    clock.minutes(90)
    assert isinstance(await venue.log_in("01"), Sitting)
    assert code(await venue.log_in("02")) is RefusalCode.SITTING_ENDED
    assert await venue.service.end_session("s1") is None
    assert isinstance(await venue.log_in("01"), Sitting)
    assert code(await venue.log_in("02")) is RefusalCode.SITTING_ENDED
    assert venue.service.sitting(unopened).state is SittingState.ABSENT


async def test_an_unknown_sitting_is_refused_everywhere(venue: Any) -> None:
    service, unknown = venue.service, RefusalCode.SITTING_UNKNOWN
    assert code(await service.confirm("x")) is unknown
    assert code(await service.acknowledge_rules("x", "1")) is unknown
    assert code(await service.opened("x", 1)) is unknown
    assert code(await service.confirm_exit("x", "R1", "i")) is unknown
    assert service.sitting("x") is None


async def test_h01_steps_come_in_order_and_repeating_one_is_harmless(venue: Any) -> None:
    await admitted(venue)
    sitting = await venue.log_in("01")
    early = await venue.service.acknowledge_rules(sitting.sitting_id, "1")
    assert code(early) is RefusalCode.SITTING_WRONG_STATE
    first = await venue.service.confirm(sitting.sitting_id)
    read = await venue.service.acknowledge_rules(sitting.sitting_id, "rules-3")
    assert read.state is SittingState.RULES_ACK
    assert venue.last_event()["data"]["text_version"] == "rules-3"
    before = venue.events()
    assert await venue.service.confirm(sitting.sitting_id) == read
    assert await venue.service.acknowledge_rules(sitting.sitting_id, "rules-3") == read
    assert venue.events() == before
    assert first.confirmed_at_ms == read.confirmed_at_ms


async def test_g12_no_paper_opens_before_the_session_started(venue: Any, clock: Any) -> None:
    sitting_id = await venue.ready("01")
    early = await venue.service.opened(sitting_id, clock.now)
    assert code(early) is RefusalCode.SITTING_WRONG_STATE
    await venue.start()
    clock.minutes(0)
    opened = await venue.service.opened(sitting_id, venue.start_ms + 3)
    assert (opened.state, opened.opened_at_ms) == (SittingState.IN_PROGRESS, venue.start_ms + 3)
    assert await venue.service.opened(sitting_id, venue.start_ms + 999) == opened


async def test_h01_without_the_rules_the_paper_does_not_open(venue: Any, clock: Any) -> None:
    await admitted(venue)
    sitting = await venue.log_in("01")
    await venue.start()
    clock.minutes(1)
    answer = await venue.service.opened(sitting.sitting_id, clock.now)
    assert code(answer) is RefusalCode.SITTING_WRONG_STATE


async def test_h08_a_station_cut_off_until_after_the_end_proves_presence_later(
    venue: Any, clock: Any
) -> None:
    sitting_id = await venue.ready("01")
    await venue.start()
    clock.minutes(90)
    assert await venue.service.end_session("s1") is None
    assert venue.service.sitting(sitting_id).state is SittingState.ABSENT
    opened = await venue.service.opened(sitting_id, venue.start_ms + 5)
    assert opened.state is SittingState.IN_PROGRESS
    counts = venue.service.counts("s1")
    assert (counts.scheduled, counts.present, counts.absent) == (5, 1, 4)


async def test_who_never_logged_in_cannot_become_present_later(venue: Any, clock: Any) -> None:
    await venue.admit("01")
    await venue.start()
    clock.minutes(90)
    assert await venue.service.end_session("s1") is None
    answer = await venue.service.opened("s1.3601123401", venue.start_ms)
    assert code(answer) is RefusalCode.SITTING_WRONG_STATE
