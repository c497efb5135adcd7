"""F6: packages of another subject, venue, mode or paper; expired, used, foreign ones."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.venue.intake_desk import TWO, Desk, codes, seal_small
from venue_server.intake import store as rows
from venue_server.sitting.plan import PlannedPaper
from venue_server.wire.names import Mode, PackageState

WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "another subject": ({"subject_code": "1234"}, "PAP-09"),
    "another venue": ({"venues": {"elsewhere": "0" * 32}}, "PAP-10"),
    "a live one in a rehearsal": ({"mode": "LIVE"}, "DOC-07"),
    "expired": ({"release_at_ms": 5, "expires_at_ms": 6}, "PAP-08"),
}


@pytest.mark.parametrize("fault", WRONG)
async def test_f6_a_package_for_something_else_is_contained_with_its_fragments(
    desk: Desk, fault: str
) -> None:
    change, code = WRONG[fault]
    desk.put(1, 2, 3, manifest=desk.manifest(**change))
    report = await desk.take()
    assert codes(report) == {
        "manifest.json": code,
        **{f"{n}.kdfrag": "PAP-06" for n in (1, 2, 3)},
    }
    assert report.packages == []
    assert not list(desk.folder.rglob("ciphertext"))


@pytest.fixture
async def live(tmp_path: Path, template: Any, kit: Any) -> AsyncIterator[Desk]:
    """A LIVE venue with a LIVE paper."""
    sealed = seal_small(template, kit.DAY, tmp_path / "sealed", mode=Mode.LIVE)
    made = Desk(tmp_path, template, kit.DAY, sealed, mode=Mode.LIVE)
    await made.plan()
    await made.begin()
    yield made
    made.store.close()


async def test_f6_a_live_package_that_was_used_is_never_taken_in_again(live: Desk) -> None:
    live.put(1, 2, 3)
    done = await live.intake.import_folder(
        live.medium, TWO, "the courier's stick is read on another machine"
    )
    assert getattr(done, "state", None) is PackageState.COMPLETE, done
    ((package, _manifest),) = live.papers.packages()
    await live.store.write(
        lambda tx: rows.move_package(
            tx, package.package_id, PackageState.COMPLETE, PackageState.ENDED
        )
    )
    live.papers.reload()
    again = await live.intake.import_folder(live.medium, TWO, "again")
    assert codes(again)["manifest.json"] == "PAP-11"  # type: ignore[arg-type]  # it was taken in
    assert [e["reason"] for e in live.entries("receipt.folder-agreed")] == [
        "the courier's stick is read on another machine",
        "again",
    ]


async def test_f6_fragments_of_two_packages_on_one_medium_go_to_their_own(
    tmp_path: Path, template: Any, kit: Any
) -> None:
    """Form A, form B and one that the plan does not name, in one folder, in any order."""
    sealed = {
        form: seal_small(template, kit.DAY, tmp_path / f"sealed-{form}", form_id=form)
        for form in ("A", "B", "C")
    }
    desk = Desk(tmp_path, template, kit.DAY, sealed["A"])
    try:
        await desk.plan(
            papers=[
                PlannedPaper("rehearsal-paper", "A"),
                PlannedPaper("rehearsal-paper", "B", reserve=True),
            ]
        )
        await desk.begin()
        desk.put(1, 2, 3)
        desk.add(2, 5, sealed=sealed["B"])
        desk.add(1, 2, 3, sealed=sealed["C"])
        report = await desk.take()
        refused = {name: code for name, code in codes(report).items() if code}
        assert refused == {
            "sealed-C-manifest.json": "RCP-01",
            **{f"sealed-C-{n}.kdfrag": "PAP-06" for n in (1, 2, 3)},
        }
        assert {(p.form_id, p.state, p.reserve) for p in report.packages} == {
            ("A", PackageState.COMPLETE, False),
            ("B", PackageState.RECEIVING, True),
        }
        desk.put(4, sealed=sealed["B"])
        report = await desk.take()
        assert {p.state for p in report.packages} == {PackageState.COMPLETE}
        # Another sealing of form A, when A is complete already, is not taken beside it.
        twin = seal_small(template, kit.DAY, tmp_path / "sealed-A2", form_id="A")
        desk.put(1, sealed=twin)
        assert set(codes(await desk.take()).values()) == {"RCP-02", "PAP-06"}
    finally:
        desk.store.close()
