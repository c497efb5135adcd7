"""At the door (F01-F06, F10): both documents, the right list, the right person, in time."""

from typing import Any

import pytest

from venue_server.ledger.catalogue import Event
from venue_server.sitting.service import AdmittedView
from venue_server.wire.names import IdDocument, SittingState
from venue_server.wire.refusals import Refusal, RefusalCode


def code(answer: Any) -> RefusalCode | None:
    return answer.code if isinstance(answer, Refusal) else None


def state(venue: Any, seat: str) -> SittingState:
    found: SittingState = venue.service.sitting(f"s1.36011234{seat}").state
    return found


async def test_f01_both_documents_admit(venue: Any, clock: Any) -> None:
    view = await venue.admit("01")
    assert view == AdmittedView(
        sitting_id="s1.3601123401",
        ticket_no="3601123401",
        name="应试0",
        room_id="R1",
        seat_no="01",
        id_number_masked="1101**********002X",
        photo="",
        admitted_at_ms=clock.now,
    )
    assert state(venue, "01") is SittingState.ADMITTED
    told = venue.last_event()
    assert told["event"] == Event.ADMITTED.value
    assert told["actor"] == "inv-1"


@pytest.mark.parametrize("missing", ["id_checked", "ticket_checked"])
async def test_f01_one_document_without_the_other_is_refused(venue: Any, missing: str) -> None:
    answer = await venue.admit("01", **{missing: False})
    assert code(answer) is RefusalCode.DOCUMENTS_INCOMPLETE
    assert state(venue, "01") is SittingState.SCHEDULED


async def test_f02_another_identity_number_becomes_a_recorded_doubt(venue: Any) -> None:
    answer = await venue.admit("01", id_number=venue.numbers[1])
    assert code(answer) is RefusalCode.ID_MISMATCH
    assert state(venue, "01") is SittingState.IDENTITY_DOUBT
    refused, raised = venue.events()[-2:]
    assert refused["event"] == Event.ADMISSION_REFUSED.value
    assert refused["data"]["code"] == "ADM-05"
    assert (raised["event"], raised["data"]["kinds"]) == (Event.DOUBT_RAISED.value, ["NUMBER"])


async def test_f02_a_later_check_that_fits_clears_the_doubt(venue: Any) -> None:
    await venue.admit("01", id_number=venue.numbers[2])
    assert state(venue, "01") is SittingState.IDENTITY_DOUBT
    assert isinstance(await venue.admit("01"), AdmittedView)
    assert state(venue, "01") is SittingState.ADMITTED
    assert Event.DOUBT_WITHDRAWN.value in [each["event"] for each in venue.events()]


async def test_f02_a_number_that_fails_its_check_digit_is_typed_again_and_is_no_doubt(
    venue: Any,
) -> None:
    answer = await venue.admit("01", id_number="110105194912310021")
    assert code(answer) is RefusalCode.ID_IMPLAUSIBLE
    assert venue.last_event()["data"]["number_plausible"] is False
    assert state(venue, "01") is SittingState.SCHEDULED
    other = await venue.admit("01", id_document=IdDocument.OTHER, id_number="110105194912310021")
    assert code(other) is RefusalCode.ID_MISMATCH, "only resident numbers have that check digit"


async def test_f11_the_number_may_be_typed_in_any_width(venue: Any) -> None:
    assert isinstance(await venue.admit("01", id_number="11010519491231 002ｘ"), AdmittedView)


@pytest.mark.parametrize("ticket", ["9999", "", "3601123499"])
async def test_f01_a_ticket_on_no_list_is_refused_and_not_recorded_as_typed(
    venue: Any, ticket: str
) -> None:
    assert code(await venue.admit("01", ticket_no=ticket)) is RefusalCode.TICKET_UNKNOWN
    assert venue.last_event()["data"]["ticket"] == ""


async def test_f10_a_ticket_of_another_room_is_sent_to_the_right_one(venue: Any) -> None:
    answer = await venue.admit("04", "R1")
    assert answer == Refusal(RefusalCode.WRONG_ROOM, "R2 04")
    assert state(venue, "04") is SittingState.SCHEDULED


async def test_nobody_is_admitted_twice(venue: Any) -> None:
    await venue.admit("01")
    assert code(await venue.admit("01")) is RefusalCode.ALREADY_ADMITTED
    assert state(venue, "01") is SittingState.ADMITTED


async def test_f10_doors_are_closed_until_thirty_minutes_before(venue: Any, clock: Any) -> None:
    clock.now = venue.start_ms - 1_800_001
    assert code(await venue.admit("01")) is RefusalCode.ADMISSION_NOT_OPEN
    clock.now += 1
    assert isinstance(await venue.admit("01"), AdmittedView)


async def test_f05_the_last_millisecond_before_five_minutes(venue: Any, clock: Any) -> None:
    await venue.start()
    clock.now = venue.start_ms + 299_999
    assert isinstance(await venue.admit("01"), AdmittedView)
    clock.now = venue.start_ms + 300_000
    assert code(await venue.admit("02")) is RefusalCode.ADMISSION_CLOSED
    assert state(venue, "02") is SittingState.LATE_REFUSED
    told = venue.last_event()
    assert (told["data"]["code"], told["data"]["ticket"]) == ("ADM-01", "3601123402")


async def test_f05_late_is_late_whatever_the_documents_say_and_stays_so(
    venue: Any, clock: Any
) -> None:
    await venue.start()
    clock.minutes(5)
    for _ in range(2):
        answer = await venue.admit("01", id_checked=False)
        assert code(answer) is RefusalCode.ADMISSION_CLOSED
    assert state(venue, "01") is SittingState.LATE_REFUSED
    clock.minutes(89)
    assert code(await venue.admit("01")) is RefusalCode.ADMISSION_CLOSED


async def test_f05_a_doubt_not_cleared_in_time_is_late(venue: Any, clock: Any) -> None:
    await venue.admit("01", id_number=venue.numbers[1])
    await venue.start()
    clock.minutes(5)
    assert code(await venue.admit("01")) is RefusalCode.ADMISSION_CLOSED
    assert state(venue, "01") is SittingState.LATE_REFUSED


@pytest.mark.parametrize("media", ["AUDIO", "VIDEO"])
async def test_f06_audio_and_video_close_the_door_at_the_start(
    make_venue: Any, clock: Any, media: str
) -> None:
    venue = make_venue()
    await venue.load(sessions=[venue.planned_session(media_class=media, relaxed=False)])
    assert isinstance(await venue.admit("01"), AdmittedView)
    await venue.start()
    clock.now = venue.start_ms - 1
    assert isinstance(await venue.admit("02"), AdmittedView)
    clock.now = venue.start_ms
    assert code(await venue.admit("03")) is RefusalCode.ADMISSION_CLOSED


async def test_g08_admission_stays_open_while_the_start_is_delayed(venue: Any, clock: Any) -> None:
    clock.minutes(12)
    assert isinstance(await venue.admit("01"), AdmittedView)
    await venue.start(late_ms=15 * venue.minute)
    clock.minutes(19.99)
    assert isinstance(await venue.admit("02"), AdmittedView)
    clock.minutes(20)
    assert code(await venue.admit("03")) is RefusalCode.ADMISSION_CLOSED


async def test_after_the_end_nobody_is_admitted(venue: Any, clock: Any) -> None:
    await venue.start()
    clock.minutes(90)
    assert await venue.service.end_session("s1") is None
    assert code(await venue.admit("01")) is RefusalCode.ADMISSION_CLOSED
    assert state(venue, "01") is SittingState.ABSENT


async def test_an_unknown_session_is_refused(venue: Any) -> None:
    answer = await venue.admit("01", session_id="s9")
    assert code(answer) is RefusalCode.SESSION_WRONG_STATE


async def test_o08_no_identity_number_reaches_the_ledger(venue: Any) -> None:
    await venue.admit("01")
    await venue.admit("02", id_number=venue.numbers[0])
    await venue.admit("03", ticket_no=venue.numbers[2])
    text = str(venue.events())
    assert not any(number in text for number in venue.numbers)
