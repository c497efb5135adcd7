"""The receipt by command line against a real server: media, mirror, custody, check, signature."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.venue.test_venue_command_line import OK, REFUSED, by, run
from venue_server.gateway import orders_intake
from venue_server.headquarters.service_papers import publish_package
from venue_server.intake import service
from venue_server.intake.custody.media import FoundMedium
from venue_server.rehearsal.headquarters_side import SESSION_ID
from venue_server.wire.names import Mode

__all__ = ["run"]

STICK = FoundMedium("dev:KS-0042/1234-ABCD", removable=True, disc=False)


@pytest.fixture
async def planned(world: Any, kit: Any, run: Any) -> Any:
    """The plan is imported and the window is open."""
    plan = world.headquarters.write_plan(world.cast, kit.DAY, world.folder / "plan.json")
    ran = await run(
        "plan", "import", str(plan), *by(world, "admin-a", "admin-b"), typed=("admin-a", "admin-b")
    )
    assert ran.code == OK
    world.go(kit.DAY.at(-60))
    return world


async def test_d18_a_medium_and_the_mirror_make_the_package_and_the_chief_signs(
    planned: Any, kit: Any, run: Any
) -> None:
    world = planned
    pair, admin, chief = by(world, "admin-a", "chief-1"), by(world, "admin-a"), by(world, "chief-1")

    async def shown() -> str:
        ran = await run("intake", "status", SESSION_ID, *admin, typed=("admin-a",))
        assert ran.code == OK
        return str(ran.out)

    assert "intake open" in await shown()
    ran = await run("intake", "fetch", *admin, typed=("admin-a",))
    assert (ran.code, "[PAP-15]" in ran.err) == (REFUSED, True)
    await run("intake", "open", SESSION_ID, *pair, typed=("admin-a", "chief-1"))
    medium = world.medium(2)
    ran = await run("intake", "import", str(medium), *admin, typed=("admin-a",))
    assert ran.json["packages"][0]["have"] == [2]
    ran = await run("intake", "fetch", *admin, typed=("admin-a",))
    assert (ran.code, "[RCP-04]" in ran.err) == (REFUSED, True), ran.err
    publish_package(world.keys.data_dir, world.template.sealed)
    ran = await run("intake", "fetch", *admin, typed=("admin-a",))
    assert (ran.code, ran.json["state"], ran.json["have"]) == (OK, "COMPLETE", [1, 2, 3])
    await run("intake", "close", *pair, typed=("admin-a", "chief-1"))
    ran = await run("intake", "check", SESSION_ID, *chief, typed=("chief-1",))
    assert (ran.code, "✗" in ran.out) == (OK, False), ran.out
    ran = await run("intake", "status", SESSION_ID, "--json", *chief, typed=("chief-1",))
    code = ran.json["sheet"]["code"]
    ran = await run("intake", "sign", SESSION_ID, "00000000", *chief, typed=("chief-1",))
    assert (ran.code, "[RCP-07]" in ran.err) == (REFUSED, True)
    ran = await run("intake", "sign", SESSION_ID, code, *chief, typed=("chief-1",))
    assert ran.code == OK
    assert "chief-1" in await shown()
    ran = await run("intake", "custody", *chief, typed=("chief-1",))
    assert "RECEIVED" in ran.out
    assert "链条完整" in ran.out


async def test_d03_a_stick_is_registered_handed_out_read_and_taken_back(
    planned: Any, kit: Any, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = planned

    def on_stick(folder: Path) -> FoundMedium | None:
        return STICK if folder.name == "medium" else None

    monkeypatch.setattr(service, "medium_of", on_stick)
    monkeypatch.setattr(orders_intake, "medium_of", on_stick)
    medium = world.medium(1, 2, 3)
    pair, admin = by(world, "admin-a", "chief-1"), by(world, "admin-a")
    await run("intake", "open", SESSION_ID, *pair, typed=("admin-a", "chief-1"))
    importing = ["intake", "import", str(medium), *admin]
    ran = await run(*importing, typed=("admin-a",))
    assert (ran.code, "[MED-01]" in ran.err) == (REFUSED, True)
    validity = ["--from", str(kit.DAY.at(-90)), "--until", str(kit.DAY.at(90))]
    about = ["--label", "U-01", "--keeper", "deputy-1", "--user", "admin-a", *validity]
    register = ["intake", "register", "--folder", str(medium), *about, *pair]
    ran = await run(*register, typed=("admin-a", "chief-1"))
    assert (ran.code, ran.json["medium_id"]) == (OK, STICK.medium_id)
    over = ["--kind", "U盘", "--quantity", "1", "--packaging", "密封袋", "--seal", "F-12"]
    over += ["--result", "完好", "--item", STICK.medium_id, "--deliverer", "张三", "考试院", "7788"]
    ran = await run("intake", "hand-over", *over, *pair, typed=("admin-a", "chief-1"))
    assert (ran.code, "[RCP-08]" in ran.err) == (REFUSED, True), "one deliverer"
    over += ["--deliverer", "李四", "考试院", "5678", "--more", "deputy-1"]
    ran = await run("intake", "hand-over", *over, *pair, typed=("admin-a", "chief-1", "deputy-1"))
    assert ran.code == OK
    keep = ["intake", "keep", STICK.medium_id, "--place", "保密室", "--supervisor", "chief-1"]
    keep += ["--until", str(kit.DAY.at(0)), *by(world, "deputy-1", "admin-b")]
    ran = await run(*keep, typed=("deputy-1", "admin-b"))
    assert ran.code == OK
    both = ["--supervisor", "chief-1", *by(world, "deputy-1", "admin-a")]
    ran = await run("intake", "hand-out", STICK.medium_id, *both, typed=("deputy-1", "admin-a"))
    assert (ran.code, ran.json["out"]) == (OK, True)
    ran = await run(*importing, typed=("admin-a",))
    assert (ran.code, ran.json["state"]) == (OK, "COMPLETE")
    ran = await run("intake", "take-back", STICK.medium_id, *both, typed=("deputy-1", "admin-a"))
    assert (ran.code, ran.json["out"]) == (OK, False)
    ran = await run("intake", "custody", STICK.medium_id, *admin, typed=("admin-a",))
    assert ran.code == OK
    for step in ("HANDED_OVER", "KEPT", "HANDED_OUT", "RETURNED"):
        assert step in ran.out
    assert "7788" not in ran.out
    assert "链条完整 / no gap" in ran.out
    ran = await run(*importing, typed=("admin-a",))
    assert (ran.code, "[MED-04]" in ran.err) == (REFUSED, True)


async def test_d03_an_agreement_of_two_needs_a_reason(planned: Any, run: Any) -> None:
    world = planned
    pair = by(world, "admin-a", "chief-1")
    await run("intake", "open", SESSION_ID, *pair, typed=("admin-a", "chief-1"))
    importing = ["intake", "import", str(world.medium(1)), *pair]
    ran = await run(*importing, "--reason", " ", typed=("admin-a", "chief-1"))
    assert (ran.code, "[MED-09]" in ran.err) == (REFUSED, True)
    ran = await run(*importing, "--reason", "介质损坏", typed=("admin-a", "chief-1"))
    assert ran.code == OK


async def test_d09_a_live_release_is_not_armed_before_the_chief_has_signed(
    planned: Any, kit: Any, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mode is changed under the running server: a LIVE venue would want a LIVE day."""
    world = planned
    pair, chief = by(world, "admin-a", "chief-1"), by(world, "chief-1")
    await run("intake", "open", SESSION_ID, *pair, typed=("admin-a", "chief-1"))
    importing = ["intake", "import", str(world.medium(1, 2, 3)), *by(world, "admin-a")]
    assert (await run(*importing, typed=("admin-a",))).code == OK
    await run("intake", "close", *pair, typed=("admin-a", "chief-1"))
    intake = world.node._intake
    monkeypatch.setattr(intake, "_rules", replace(intake._rules, mode=Mode.LIVE))
    world.go(kit.DAY.at(-30))
    await world.invigilators()
    arming = ["release", "arm", SESSION_ID, *by(world, "chief-1", "admin-a")]
    ran = await run(*arming, typed=("chief-1", "admin-a"))
    assert (ran.code, "[RCP-06]" in ran.err) == (REFUSED, True)
    status = await run("intake", "status", SESSION_ID, "--json", *chief, typed=("chief-1",))
    code = status.json["sheet"]["code"]
    assert (await run("intake", "sign", SESSION_ID, code, *chief, typed=("chief-1",))).code == OK
    ran = await run(*arming, typed=("chief-1", "admin-a"))
    assert (ran.code, ran.json["release_at_ms"]) == (OK, kit.DAY.at(-2))
