"""Stations at a wiping: told until they confirm, and the certificate says who has not (L11)."""

from typing import Any

import pytest

from venue_server.rehearsal.headquarters_side import SESSION_ID
from venue_server.wire.console_orders import RevokeMachine, WipeSession
from venue_server.wire.signed import public_keys, verify
from venue_server.wire.wiping_orders import GetWipeCertificate, GetWipeCheck, PaperWiped, WipePaper

REFUSED = ["0123.sealed"]


async def test_l11_a_station_that_could_not_wipe_is_told_again_without_coming_anew(
    exam_day: Any, kit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("venue_server.gateway.wipe_keeper.TELL_AGAIN_S", 0.2)
    day, world, first = exam_day, exam_day.world, exam_day.first
    await kit.closing.come_home(day)
    gone = day.other
    await day.admin.order(RevokeMachine(0, gone.machine_id))
    await day.admin.order(WipeSession(0, SESSION_ID, world.second("chief-1")))
    told = await first.heard.next(WipePaper)
    first.client.link.send(PaperWiped(told.paper_id, told.sitting_id, REFUSED))
    await world.recorded("wipe.station")
    paper = await day.chief.order(GetWipeCertificate(0, SESSION_ID))
    ours = (world.data / "keys" / "venue.ed25519.pub").read_text().strip()
    signed = verify(paper["signed"], "kaodian.wipe-certificate", public_keys([ours]), 1)
    assert isinstance(signed, dict)
    states = {each["machine_id"]: each for each in signed["stations"]}
    assert states[first.machine_id]["reported_at_ms"] is None
    assert states[first.machine_id]["left"] == REFUSED
    assert signed["stations_at_ms"] >= signed["finished_at_ms"]
    kept = {each["name"]: each["why"] for each in paper["certificate"]["kept"]}
    assert "by hand" in kept[f"station {gone.machine_id}"], "it held a sitting and was not wiped"
    assert gone.machine_id not in states
    facts = [row[:2] for row in paper["sections"][0]["rows"]]
    every = len(states)
    assert ["考试机已确认清除 / stations that confirmed", f"0 / {every}"] in facts
    assert [f"01-01 {first.machine_id}: {REFUSED[0]}"] in [row[1:] for row in facts]

    again = await first.heard.next(WipePaper, len(first.heard.messages))
    assert again == told, "the same order, over the same connection"
    first.client.paper_wiped(told.paper_id, told.sitting_id)
    await world.recorded("wipe.station", 2)
    check = await day.chief.order(GetWipeCheck(0, SESSION_ID))
    assert first.machine_id not in [
        each["machine_id"] for each in check["stations"] if each["reported_at_ms"] is None
    ]
    paper = await day.chief.order(GetWipeCertificate(0, SESSION_ID))
    facts = [row[:2] for row in paper["sections"][0]["rows"]]
    assert ["考试机已确认清除 / stations that confirmed", f"1 / {every}"] in facts
