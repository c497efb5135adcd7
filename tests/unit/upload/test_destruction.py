"""M07: a destruction that a power cut interrupts goes on from what it wrote down before."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from venue_server.ledger.book import Ledger
from venue_server.storage.engine import Store
from venue_server.upload import destruction
from venue_server.upload.destruction import Destruction, DestructionOrder
from venue_server.wire.refusals import Refusal, RefusalCode


def order(files: dict[str, Path], by_hand: tuple[str, ...] = (), **changes: Any) -> Any:
    fields = {
        "session_id": "S",
        "what": "records",
        "persons": ("chief", "admin"),
        "method": "删除",
        "reference": "批复",
        "files": files,
        "by_hand": by_hand,
        "kept": (),
        "why": {"months": 60},
    }
    return DestructionOrder(**(fields | changes))  # type: ignore[arg-type]


async def test_m07_an_interrupted_destruction_goes_on_and_tells_of_everything(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Destruction(store, Ledger(store, [tmp_path / "ledger.jsonl"], lambda: 7), lambda: 7)
    files = {name: tmp_path / name for name in ("a", "b")}
    for path in files.values():
        path.write_text(path.name)
    delete = destruction._delete

    def cut(paths: list[Path]) -> None:
        delete(paths[:1])
        raise OSError("power")

    with monkeypatch.context() as broken:
        broken.setattr(destruction, "_delete", cut)
        with pytest.raises(OSError, match="power"):
            await made.destroy(order(files))
    assert not files["a"].exists() and files["b"].exists()
    assert made.begun("S", "records") and made.certificate("S", "records") is None

    done = await made.destroy(order({}, persons=("other", "people")))
    assert isinstance(done, dict)
    assert [each["name"] for each in done["items"]] == ["a", "b"]
    assert done["persons"] == ["chief", "admin"], "those who ordered it"
    assert not files["b"].exists() and not made.begun("S", "records")
    with pytest.raises(IntegrityError, match="append-only"):
        store.submit(lambda tx: tx.exec_driver_sql("DELETE FROM destruction")).result()


async def test_m07_nothing_is_certified_of_nothing(store: Store, tmp_path: Path) -> None:
    made = Destruction(store, Ledger(store, [tmp_path / "ledger.jsonl"], lambda: 7), lambda: 7)
    none = await made.destroy(order({"gone": tmp_path / "gone"}))
    assert isinstance(none, Refusal) and none.code is RefusalCode.NOTHING_TO_DESTROY
    by_hand = await made.destroy(order({}, ("backup disk-a",)))
    assert isinstance(by_hand, dict) and by_hand["by_hand"] == ["backup disk-a"]


async def test_v07_a_hold_that_comes_before_the_list_is_written_stops_it(
    store: Store, tmp_path: Path
) -> None:
    made = Destruction(store, Ledger(store, [tmp_path / "ledger.jsonl"], lambda: 7), lambda: 7)
    kept = tmp_path / "a"
    kept.write_text("a")
    held = Refusal(RefusalCode.KEPT_BY_HOLD, "举报")
    assert await made.destroy(order({"a": kept}, still=lambda _tx: held)) == held
    assert kept.exists() and not made.begun("S", "records")
