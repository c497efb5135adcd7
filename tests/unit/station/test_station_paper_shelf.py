"""L10: every file of a paper goes, half-fetched ones too, and what is left is named."""

from pathlib import Path

import pytest

from candidate_station.session.paper_shelf import PaperShelf
from venue_server.wire.messages import PaperSeal
from venue_server.wire.station_messages import PaperOffer

MINE, OTHER = "a" * 64, "b" * 64


def offer(paper_id: str, digest: str) -> PaperOffer:
    return PaperOffer(PaperSeal(paper_id, "A", "abcd", True), "/p", 3, digest)


@pytest.fixture
def shelf(tmp_path: Path) -> PaperShelf:
    made = PaperShelf(tmp_path)
    for paper_id, digest in (("am", MINE), ("pm", OTHER)):
        made.path(offer(paper_id, digest)).write_bytes(b"abc")
        made.remember(offer(paper_id, digest))
    return made


def test_l10_only_the_paper_of_the_session_goes(shelf: PaperShelf, tmp_path: Path) -> None:
    shelf.destroy("am")
    assert shelf.left("am") == []
    names = sorted(path.name for path in (tmp_path / "papers").iterdir())
    assert names == [f"{OTHER}.offer", f"{OTHER}.sealed"], "the afternoon's paper stays"


def test_l10_a_half_fetched_one_without_its_offer_is_found_by_its_digest(
    shelf: PaperShelf, tmp_path: Path
) -> None:
    half = tmp_path / "papers" / f"{'c' * 64}.sealed.0123.part"
    half.write_bytes(b"a")
    assert shelf.left("late", ["c" * 64]) == [half.name]
    shelf.destroy("late", ["c" * 64, "../../etc"])
    assert shelf.left("late", ["c" * 64]) == [] and not half.exists()


def test_l10_a_power_cut_leaves_the_offer_that_names_the_rest(
    shelf: PaperShelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlink = Path.unlink

    def cut(self: Path, missing_ok: bool = False) -> None:
        if self.suffix == ".offer":
            raise OSError("power")
        unlink(self, missing_ok)

    with monkeypatch.context() as broken:
        broken.setattr(Path, "unlink", cut)
        with pytest.raises(OSError, match="power"):
            shelf.destroy("am")
    assert shelf.left("am") == [f"{MINE}.offer"]
    shelf.destroy("am")
    assert shelf.left("am") == []
