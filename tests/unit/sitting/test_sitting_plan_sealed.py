"""O08: a plan's personal data is sealed to its venue; a stolen file shows nobody (C06, E07)."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from venue_server.headquarters.plan_seal import seal_plan
from venue_server.sitting.plan import Plan
from venue_server.sitting.plan_personal import open_personal, seal_personal
from venue_server.sitting.plan_reading import PlanFault, checked_plan
from venue_server.sitting.service import SittingService
from venue_server.storage import schema
from venue_server.wire import hpke
from venue_server.wire.canonical import b64, unb64
from venue_server.wire.names import Mode
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.signed import sign

Payload = dict[str, Any]
KEY = hpke.generate()
STAFF = [{"person_id": "inv-1", "name": "张监考", "roles": ["INVIGILATOR"], "phone": "13900001111"}]


@pytest.fixture
def full(plan_payload: Payload) -> Payload:
    """With a photo, a rare character and a member of staff."""
    first = plan_payload["sessions"][0]["candidates"][0]
    first.update(photo="UEhPVE8=", name_on_document="应试㐂", rare_char_note="㐂以喜代")
    return {**plan_payload, "staff": STAFF, "mode": "LIVE"}


def _judge(hq: Any, payload: Payload, key: hpke.HpkePrivate | None = KEY, venue: str = "v1") -> Any:
    document = json.dumps(sign(payload, hq.keys), ensure_ascii=False).encode()
    return checked_plan(document, hq.accepted, 2, venue, Mode.LIVE, key)


def test_o08_a_stolen_sealed_plan_names_nobody(hq: Any, full: Payload) -> None:
    document = seal_plan(full, hq.keys, KEY.public_raw())
    assert isinstance(document, bytes)
    text = document.decode()
    secrets = [*STAFF[0].values(), "UEhPVE8=", "应试", "㐂"]
    secrets += [one["id_number"] for one in full["sessions"][0]["candidates"]]
    hidden = [each for each in secrets if isinstance(each, str) and each != "inv-1"]
    assert [each for each in hidden if each in text] == []
    assert "3601123401" in text, "who sits where is no secret"
    plan = checked_plan(document, hq.accepted, 2, "v1", Mode.LIVE, KEY)
    assert isinstance(plan, Plan)
    first = plan.sessions[0].candidates[0]
    assert (first.name, first.photo, first.name_on_document) == ("应试0", "UEhPVE8=", "应试㐂")
    assert plan.staff[0].phone == "13900001111"


def test_o08_a_live_plan_in_clear_is_refused(hq: Any, full: Payload) -> None:
    assert _judge(hq, full) == Refusal(RefusalCode.PLAN_IN_CLEAR)
    assert seal_plan(full, hq.keys, None) == [
        "personal: a LIVE plan must be sealed to its venue (--venue)"
    ]


def test_another_venues_plan_is_told_apart_from_a_damaged_one(hq: Any, full: Payload) -> None:
    sealed = seal_personal(full, KEY.public_raw())
    for key in (None, hpke.generate()):
        assert _judge(hq, sealed, key) == Refusal(RefusalCode.PLAN_SEALED_ELSEWHERE)
    assert _judge(hq, sealed, KEY, venue="v2") == Refusal(RefusalCode.PLAN_WRONG_VENUE, "v1")


def test_a_sealed_part_opens_in_its_own_plan_only(hq: Any, full: Payload) -> None:
    sealed = seal_personal(full, KEY.public_raw())
    moved = {**sealed, "plan_id": "p2"}
    assert _judge(hq, moved) == Refusal(RefusalCode.PLAN_SEALED_ELSEWHERE)


def _in_clear_beside(plan: Payload) -> None:
    plan["sessions"][0]["candidates"][0]["name"] = "别人"


def _one_more(plan: Payload) -> None:
    more = {**plan["sessions"][0]["candidates"][0], "ticket_no": "9901"}
    plan["sessions"][0]["candidates"].append(more)


def _one_less(plan: Payload) -> None:
    plan["sessions"][0]["candidates"].pop()


@pytest.mark.parametrize("change", [_in_clear_beside, _one_more, _one_less])
def test_the_two_parts_must_fit(hq: Any, full: Payload, change: Callable[[Payload], None]) -> None:
    sealed = seal_personal(full, KEY.public_raw())
    change(sealed)
    refused = _judge(hq, sealed)
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.detail[:9]) == (RefusalCode.PLAN_INVALID, "personal:")


@pytest.mark.parametrize("junk", [b"", b"{", b"[]", b'{"candidates": 1}', b'{"candidates": {}}'])
def test_a_sealed_part_that_is_no_list_of_people_is_refused(full: Payload, junk: bytes) -> None:
    sealed = seal_personal(full, KEY.public_raw())
    info = b"kaodian-plan-personal/1\0v1\0p1"
    sealed["personal"]["sealed"] = b64(hpke.seal(KEY.public_raw(), junk, info))
    refused = open_personal(sealed, KEY)
    assert isinstance(refused, Refusal)
    assert refused.code is RefusalCode.PLAN_INVALID


def test_every_changed_byte_of_the_seal_is_refused(full: Payload) -> None:
    sealed = seal_personal(full, KEY.public_raw())
    raw = unb64(sealed["personal"]["sealed"])
    for at in (0, 1100, 1136, len(raw) - 1):
        wrong = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
        changed = {**sealed, "personal": {"sealed": b64(wrong)}}
        assert open_personal(changed, KEY) == Refusal(RefusalCode.PLAN_SEALED_ELSEWHERE)


def test_only_personal_fields_come_out_of_the_seal(full: Payload) -> None:
    """Nothing hidden in the sealed part can move a seat that everybody may check."""
    sealed = seal_personal(full, KEY.public_raw())
    info = b"kaodian-plan-personal/1\0v1\0p1"
    people = json.loads(KEY.open(unb64(sealed["personal"]["sealed"]), info))
    people["candidates"]["3601123401"]["seat_no"] = "99"
    text = json.dumps(people).encode()
    sealed["personal"]["sealed"] = b64(hpke.seal(KEY.public_raw(), text, info))
    whole = open_personal(sealed, KEY)
    assert isinstance(whole, dict)
    assert whole["sessions"][0]["candidates"][0]["seat_no"] == "01"


async def test_the_venue_keeps_the_sealed_bytes_and_reads_them_again(
    make_venue: Callable[[], Any], full: Payload, hq: Any
) -> None:
    venue = make_venue()
    document = seal_plan(full, hq.keys, KEY.public_raw())
    assert isinstance(document, bytes)
    service = SittingService(venue.store, venue.ledger, venue.clock, key=KEY)
    assert isinstance(await service.import_plan(document, hq.accepted, 2, "v1", Mode.LIVE), Plan)
    kept = venue.store.read(lambda tx: tx.execute(select(schema.plan.c.document)).scalar_one())
    assert kept.encode() == document
    again = SittingService(venue.store, venue.ledger, venue.clock, key=KEY)
    assert again.candidate(again.sittings("s1")[0]).name == "应试0"
    with pytest.raises(PlanFault):
        SittingService(venue.store, venue.ledger, venue.clock, key=hpke.generate())


def test_the_authority_gets_the_whole_list_before_it_signs(hq: Any, full: Payload) -> None:
    for one in full["sessions"][0]["candidates"][:2]:
        one["name"] = ""
    said = "a name is empty or longer than 50 characters"
    made = seal_plan(full, hq.keys, KEY.public_raw())
    assert made == [f"s1: 3601123401: {said}", f"s1: 3601123402: {said}"]
    for wrong, said in (
        ({"type": "kaodian.time"}, "type: must be kaodian.plan"),
        ({"version": "2.0"}, "version: must be 1.0 or 1.1"),
        ({"personal": {"sealed": ""}}, "personal: sealed already; give the plan in clear"),
    ):
        assert seal_plan({**full, **wrong}, hq.keys, KEY.public_raw()) == [said]
    assert seal_plan(full, hq.keys[:1] * 2, KEY.public_raw()) == [
        "signatures: two different keys must sign"
    ]
