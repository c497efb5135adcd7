"""The chief's signature under what was received, and the receipt's window (D02, D08, D09)."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.venue.intake_desk import OPERATOR, SUPERVISOR, TWO, Desk, code_of, seal_small
from venue_server.intake import standing as screen
from venue_server.intake.dry_check import Stations
from venue_server.intake.sheet import Sheet
from venue_server.rehearsal.headquarters_side import SESSION_ID
from venue_server.sitting.plan import PlannedPaper
from venue_server.staff.duty.rows import Delegation
from venue_server.wire.names import Mode, PackageState, Role
from venue_server.wire.refusals import Refusal, RefusalCode

DAY_MS = 24 * 3600_000
AGREED = "the test's own folder"


@pytest.fixture
async def desk(tmp_path: Path, template: Any, kit: Any) -> AsyncIterator[Desk]:
    """A LIVE venue: only there does the signature bind."""
    sealed = seal_small(template, kit.DAY, tmp_path / "sealed", mode=Mode.LIVE)
    made = Desk(tmp_path, template, kit.DAY, sealed, mode=Mode.LIVE)
    await made.plan()
    yield made
    made.store.close()


async def receive(desk: Desk, *numbers: int) -> None:
    desk.put(*numbers)
    done = await desk.intake.import_folder(desk.medium, TWO, AGREED)
    assert not isinstance(done, Refusal), done


async def sign(desk: Desk) -> Sheet | Refusal:
    seen = desk.intake.sheet(SESSION_ID).content_hash[:8]
    return await desk.intake.sign(SESSION_ID, SUPERVISOR, seen)


async def test_d09_the_release_waits_for_the_chiefs_signature(desk: Desk) -> None:
    assert code_of(desk.intake.may_arm(SESSION_ID)) is RefusalCode.RECEIPT_UNSIGNED
    assert code_of(await sign(desk)) is RefusalCode.RECEIPT_INCOMPLETE
    await desk.begin()
    await receive(desk, 1, 2, 3)
    assert code_of(await sign(desk)) is RefusalCode.RECEIPT_INCOMPLETE, "the receipt is still open"
    await desk.end()
    for seen in ("", "0" * 8, desk.intake.sheet(SESSION_ID).content_hash[:7]):
        refused = await desk.intake.sign(SESSION_ID, SUPERVISOR, seen)
        assert code_of(refused) is RefusalCode.RECEIPT_SHEET_CHANGED, seen
    assert not desk.intake.completeness_signed(SESSION_ID)
    assert isinstance(await sign(desk), Sheet)
    assert desk.intake.completeness_signed(SESSION_ID)
    assert desk.intake.may_arm(SESSION_ID) is None
    assert isinstance(await sign(desk), Sheet), "again is harmless"
    assert len(desk.entries("receipt.signed")) == 1
    assert code_of(await desk.intake.sign("none", SUPERVISOR, "")) is (
        RefusalCode.SESSION_WRONG_STATE
    )


async def test_n03_who_received_does_not_sign_for_it(desk: Desk) -> None:
    await desk.begin()
    await receive(desk, 1, 2, 3)
    await desk.end()
    seen = desk.intake.sheet(SESSION_ID).content_hash
    refused = await desk.intake.sign(SESSION_ID, OPERATOR, seen)
    assert code_of(refused) is RefusalCode.SAME_PERSON
    assert not desk.intake.completeness_signed(SESSION_ID)
    assert isinstance(await desk.intake.sign(SESSION_ID, SUPERVISOR, seen), Sheet)


@pytest.mark.parametrize("act", ["imports", "closes"])
async def test_n03_who_received_in_anothers_post_does_not_sign_for_it_either(
    desk: Desk, act: str
) -> None:
    stand_in = "chief-2"
    posts = [Delegation(1, Role.SYSADMIN, OPERATOR, stand_in, 0, 0, "换班", "a,b")]
    await desk.begin()
    if act == "closes":
        await receive(desk, 1, 2, 3)
    desk.posts = posts
    two = (stand_in, SUPERVISOR)
    if act == "imports":
        desk.put(1, 2, 3)
        done = await desk.intake.import_folder(desk.medium, two, AGREED)
        assert not isinstance(done, Refusal), done
        desk.posts = []  # the post went back
        await desk.end()
    else:
        assert isinstance(await desk.intake.receipts.close(*two), PackageState)
    seen = desk.intake.sheet(SESSION_ID).content_hash
    assert code_of(await desk.intake.sign(SESSION_ID, stand_in, seen)) is RefusalCode.SAME_PERSON
    assert not desk.intake.completeness_signed(SESSION_ID)
    assert isinstance(await desk.intake.sign(SESSION_ID, SUPERVISOR, seen), Sheet)


@pytest.mark.parametrize("edit", ["a fragment more", "a block replaced"])
async def test_d09_an_edit_makes_the_signature_void(desk: Desk, edit: str) -> None:
    await desk.begin()
    await receive(desk, 1, 2, 3)
    await desk.end()
    await sign(desk)
    desk.now_ms += 60_000
    if edit == "a fragment more":
        await desk.begin()
        await receive(desk, 5)
        await desk.end()
    else:
        desk.flip(desk.kept("fragment-2"), 2, 3)
        await desk.intake.check(SESSION_ID, OPERATOR, Stations(0, 0, 0))
        assert desk.state() is PackageState.COMPLETE
    assert not desk.intake.completeness_signed(SESSION_ID)
    assert code_of(desk.intake.may_arm(SESSION_ID)) is RefusalCode.RECEIPT_UNSIGNED
    assert isinstance(await sign(desk), Sheet)
    assert desk.intake.completeness_signed(SESSION_ID)


async def test_d09_every_planned_form_and_reserve_must_be_here(
    tmp_path: Path, template: Any, kit: Any
) -> None:
    folders = {
        form: seal_small(template, kit.DAY, tmp_path / form, form_id=form) for form in ("A", "B")
    }
    desk = Desk(tmp_path, template, kit.DAY, folders["A"])
    try:
        await desk.plan(
            papers=[
                PlannedPaper("rehearsal-paper", "A"),
                PlannedPaper("rehearsal-paper", "B", reserve=True),
            ]
        )
        await desk.begin()
        desk.put(1, 2, 3)
        await desk.take()
        await desk.end()
        refused = await sign(desk)
        assert code_of(refused) is RefusalCode.RECEIPT_INCOMPLETE
        assert "rehearsal-paper/B" in refused.detail  # type: ignore[union-attr]
        found = await desk.intake.standing(SESSION_ID)
        assert not isinstance(found, Refusal)
        assert found.awaited == [("rehearsal-paper", "B")]
        await desk.begin()
        desk.put(3, 4, 5, sealed=folders["B"])
        await desk.take()
        await desk.end()
        assert isinstance(await sign(desk), Sheet)
        assert desk.intake.may_arm(SESSION_ID) is None
    finally:
        desk.store.close()


async def test_d02_what_came_in_a_session_that_ran_over_must_be_confirmed(desk: Desk) -> None:
    await desk.begin()
    await receive(desk, 1, 2, 3)
    desk.now_ms += desk.sittings.planned(SESSION_ID).receipt_limit_s * 1000
    assert code_of(await desk.intake.receipts.close(OPERATOR, SUPERVISOR)) is (
        RefusalCode.RECEIPT_TIME_OVER
    )
    assert desk.state() is PackageState.COMPLETE, "the ciphertext is kept"
    assert code_of(await sign(desk)) is RefusalCode.RECEIPT_INCOMPLETE
    assert code_of(desk.intake.may_arm(SESSION_ID)) is RefusalCode.RECEIPT_UNSIGNED
    await desk.begin()
    await desk.end()
    assert isinstance(await sign(desk), Sheet)
    assert [e["outcome"] for e in desk.entries("receipt.closed")] == ["EXPIRED", "COMPLETE"]
    assert desk.entries("receipt.closed")[1]["confirmed_late"] == 3


async def test_d02_the_clock_closes_a_session_at_its_limit_once(desk: Desk) -> None:
    assert not await desk.intake.receipts.expire()
    await desk.begin()
    assert not await desk.intake.receipts.expire()
    desk.now_ms += desk.sittings.planned(SESSION_ID).receipt_limit_s * 1000
    assert await desk.intake.receipts.expire()
    assert not await desk.intake.receipts.expire()


async def test_d08_papers_that_came_too_early_or_lie_too_long_are_told(desk: Desk) -> None:
    assert desk.intake.reminders() == [], "no paper, no reminder"
    await desk.begin()
    await receive(desk, 1)
    assert desk.intake.reminders() == []
    session = desk.sittings.session(SESSION_ID)
    assert session is not None
    start, end = session.planned.start_ms, session.whole.end_ms
    for now, told in (
        (start - 5 * DAY_MS + 1, ""),
        (start - 5 * DAY_MS, "before the start"),
        (end + 3 * DAY_MS - 1, ""),
        (end + 3 * DAY_MS, "after the end"),
        (end + 9 * DAY_MS, "9 days after the end"),
    ):
        desk.now_ms = now
        reminders = [each.text("en") for each in desk.intake.reminders()]
        assert [told in each for each in reminders] == ([True] if told else []), now


async def test_d09_the_screen_says_what_to_do_next_at_each_step(desk: Desk) -> None:
    async def step() -> str:
        found = await desk.intake.standing(SESSION_ID)
        assert not isinstance(found, Refusal)
        document = screen.document(found)
        assert document["next"]
        return " ".join(screen.next_steps(found))

    desk.now_ms = desk.day.at(-61)
    assert "wait for the window" in await step()
    desk.now_ms = desk.day.at(-60)
    assert "intake open" in await step()
    await desk.begin()
    assert "no manifest" in await step()
    await receive(desk, 1)
    assert "2 more fragments" in await step()
    await receive(desk, 2, 3)
    assert "intake close" in await step()
    await desk.end()
    code = desk.intake.sheet(SESSION_ID).content_hash[:8]
    assert f"intake sign {SESSION_ID} {code}" in await step()
    await sign(desk)
    assert "intake check" in await step()
    desk.now_ms = desk.day.at(5)
    assert "intake check" in await step()


async def test_d18_the_dry_check_reads_everything_and_opens_nothing(desk: Desk) -> None:
    await desk.begin()
    await receive(desk, 1, 2, 3, 4)
    checked = await desk.intake.check(SESSION_ID, OPERATOR, Stations(9, 8, 7))
    assert not isinstance(checked, Refusal)
    ((rows, passed),) = [(each.rows, each.passed) for each in checked]
    assert passed
    told = {label.split(" / ")[1]: (value, verdict) for label, value, verdict in rows}
    assert told["key shares open"] == ("4 / 4", "ok")
    assert told["shares combine"] == ("是 / yes", "ok")
    assert told["stations hold verified ciphertext"][1] == "wait"
    assert told["size when opened"][1] == "ok"
    assert code_of(await desk.intake.check("none", OPERATOR, Stations(0, 0, 0))) is (
        RefusalCode.SESSION_WRONG_STATE
    )


async def test_d18_the_dry_check_compares_the_stated_budget(desk: Desk) -> None:
    budget = {
        "plain_size": 1,
        "items": 7,
        "media_files": 1,
        "media_bytes": 12,
        "largest_media": 12,
        "newer": "y",
    }
    await desk.begin()
    desk.put(1, 2, 3, manifest=desk.manifest(budget=budget))
    await desk.intake.import_folder(desk.medium, TWO, AGREED)
    checked = await desk.intake.check(SESSION_ID, OPERATOR, Stations(0, 0, 0))
    assert not isinstance(checked, Refusal)
    told = {row[0].split(" / ")[1]: row for row in checked[0].rows}
    assert told["size when opened"][2] == "bad", "another size than headquarters stated"
    assert "≠" in told["size when opened"][1]
    assert told["items"][1] == "7"
    assert "seconds of video" not in told
    assert not checked[0].passed


async def test_d18_stations_without_room_for_the_paper_are_named(desk: Desk) -> None:
    await desk.begin()
    await receive(desk, 1, 2, 3)
    big, small = 64 << 30, 64 << 20
    told = Stations(2, 2, 2, {"01-01": big, "01-02": small}, {"01-01": small, "01-02": big})
    checked = await desk.intake.check(SESSION_ID, OPERATOR, told)
    assert not isinstance(checked, Refusal)
    rows = {row[0].split(" / ")[1]: row for row in checked[0].rows}
    assert rows["stations' disk"][2] == rows["stations' memory"][2] == "bad"
    assert "01-02" in rows["stations' disk"][1] and "01-01" in rows["stations' memory"][1]
    assert not checked[0].passed
    fit = Stations(1, 1, 1, {"01-01": big}, {"01-01": big})
    again = await desk.intake.check(SESSION_ID, OPERATOR, fit)
    assert not isinstance(again, Refusal) and again[0].passed
    nobody = await desk.intake.check(SESSION_ID, OPERATOR, Stations(0, 0, 0))
    assert not isinstance(nobody, Refusal)
    assert {row[2] for row in nobody[0].rows if "stations'" in row[0]} == {"wait"}
