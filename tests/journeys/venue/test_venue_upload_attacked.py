"""The designated server goes mad while the venue's server runs: people are told, nothing ends, and
the answers come home when it is itself again (L01, L08, L09)."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from aiohttp import web

from venue_server.client.console import BoardState
from venue_server.gateway.upload_keeper import METRICS
from venue_server.headquarters import service_tus
from venue_server.rehearsal.headquarters_side import SESSION_ID
from venue_server.wire.alarms import AlarmCode
from venue_server.wire.console_orders import GetStatus, UploadSession
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.upload_orders import GetUploads, UploadStage


async def test_l01_l09_the_server_goes_on_and_says_whom_to_call(
    exam_day: Any, kit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    day, world = exam_day, exam_day.world
    for station in day.stations:
        await kit.closing.hand_in(day, station)
    await kit.closing.backed_up(day)
    await kit.closing.sign_and_seal(day)

    await day.admin.board(_stage(UploadStage.NOT_BEGUN), "what is sealed and waits")
    real = service_tus._answer

    def mad(status: int, more: Mapping[str, str] | None = None) -> web.Response:
        told = {"Location": "https://[::1/uploads/1"} if status == 201 else more
        return real(status, told)

    with monkeypatch.context() as patch:
        patch.setattr(service_tus, "_answer", mad)
        refused = await day.admin.refused(UploadSession(0, SESSION_ID))
        assert refused is RefusalCode.UPLOAD_WRONG_SERVER
        await world.until(lambda: len(world.events("upload.failed")) > 1)  # the outbox tried again
        await day.admin.board(
            lambda b: AlarmCode.UPLOAD_REFUSED in {each.code for each in b.venue.alarms},
            "the alarm",
        )
        await day.admin.board(
            lambda b: _stage(UploadStage.PAUSED)(b) and b.uploads.bundles[0].needs_people,
            "that it waits, and for whom",
        )
    shown = await day.admin.order(GetUploads(0))
    (waiting,) = shown["uploads"]["bundles"]
    assert waiting["problem"].startswith("SES-07") and waiting["confirmed"] == 0
    assert not world.node.failed.is_set(), "no keeper ended"
    assert await day.admin.order(GetStatus(0))
    await world.until(lambda: bool(world.events("upload.receipt-matched")))
    await day.admin.board(
        lambda b: AlarmCode.UPLOAD_REFUSED not in {each.code for each in b.venue.alarms},
        "the alarm gone",
    )
    await day.admin.board(_stage(UploadStage.HOME), "that it is home")
    (home,) = day.admin.client.board.uploads.bundles
    assert home.confirmed == home.total > 0
    confirmed = f'kaodian_upload_confirmed_bytes{{session="{SESSION_ID}"}} {home.total}\n'
    await world.until(lambda: confirmed in (world.data / "run" / METRICS).read_text())
    invigilator = day.rooms["01"].client.board
    assert invigilator.venue is not None and invigilator.uploads is None, "it is not theirs"


def _stage(stage: UploadStage) -> Callable[[BoardState], bool]:
    """Is the one bundle told to be there?"""
    return lambda b: b.uploads is not None and [e.stage for e in b.uploads.bundles] == [stage]
