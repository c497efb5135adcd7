"""Keepers of a running server: a store that refuses is waited for, a bug is not (F19)."""

import pytest

from venue_server import keeping_up
from venue_server.storage.engine import StoreFault


async def test_f19_a_keeper_begins_again_until_the_store_takes_writes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(keeping_up, "STORE_PAUSE_S", 0)
    begun = []

    async def work() -> None:
        begun.append(len(begun))
        if len(begun) < 3:
            raise StoreFault("disk I/O error (Read-only file system)")

    await keeping_up.kept_up("keeper", work, list)
    assert begun == [0, 1, 2]


async def test_a_keeper_with_a_bug_ends() -> None:
    async def work() -> None:
        raise KeyError("bug")

    with pytest.raises(KeyError):
        await keeping_up.kept_up("keeper", work, list)
