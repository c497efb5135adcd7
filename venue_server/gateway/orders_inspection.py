"""Orders about the inspection: run, answer, seal, report, and the devices at the server."""

from collections.abc import Callable
from typing import Any

from venue_server.gateway.console_desk import Handler, Ordered, Result
from venue_server.gateway.inspecting import Inspecting
from venue_server.gateway.inspection_view import inspection_view, report_payload
from venue_server.stations.inspection import server_io
from venue_server.wire.console_orders import ConsoleMessage
from venue_server.wire.inspection_orders import (
    AnswerCheck,
    CheckStations,
    SealVenue,
    StartInspection,
)
from venue_server.wire.refusals import Refusal

Sign = Callable[[dict[str, Any]], dict[str, Any]]
"""A payload to its document, signed with the venue's key."""
MAX_NOTE = 200


class InspectionOrders:
    """``sign`` signs the report."""

    def __init__(self, inspecting: Inspecting, sign: Sign) -> None:
        self._inspecting = inspecting
        self._parts = inspecting.parts
        self._sign = sign

    def handlers(self) -> dict[str, Handler]:
        """Order name to handler."""
        return {
            "StartInspection": self._start,
            "CheckStations": self._check_stations,
            "AnswerCheck": self._answer,
            "SealVenue": self._seal,
            "GetInspection": self._look,
            "GetInspectionReport": self._report,
            "GetDevices": self._devices,
        }

    async def _start(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, StartInspection)
        done = await self._inspecting.run(
            ordered.person.person_id, message.only_failed, message.baseline
        )
        return done if isinstance(done, Refusal) else self._view()

    async def _check_stations(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, CheckStations)
        person = ordered.person.person_id
        asked = await self._inspecting.ask_stations(
            person, message.restart_test, message.seat.strip()
        )
        return {**self._view(), "asked": asked}

    async def _answer(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, AnswerCheck)
        note = message.note.strip()[:MAX_NOTE]
        refusal = await self._parts.inspection.answer(
            message.check_id, message.good, note, ordered.person.person_id
        )
        return refusal or self._view()

    async def _seal(self, ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, SealVenue)
        assert ordered.second is not None
        done = await self._inspecting.seal(
            ordered.person.person_id, ordered.second.person_id, message.reason.strip()
        )
        return done if isinstance(done, Refusal) else self._view()

    async def _look(self, _ordered: Ordered, _message: ConsoleMessage) -> Result | Refusal:
        return self._view()

    def _view(self) -> Result:
        return inspection_view(self._inspecting)

    async def _report(self, ordered: Ordered, _message: ConsoleMessage) -> Result | Refusal:
        return {"report": self._sign(report_payload(self._inspecting, ordered.person.person_id))}

    async def _devices(self, _ordered: Ordered, _message: ConsoleMessage) -> Result | Refusal:
        machine = self._inspecting.machine
        outside = set(machine.out_of_place())
        receiving = machine.receiving()
        rows = [
            [
                "接收窗口 / receipt",
                "已开启 / open" if receiving else "未开启 / not open",
                "ok",
            ]
        ]
        for label, names in (
            ("移动介质 / removable medium", server_io.foreign_media(machine.own_folders)),
            ("网卡 / network card", server_io.cards_up()),
        ):
            rows += [[label, each, "bad" if each in outside else "ok"] for each in names]
        steps = ["拔出或断开窗口外的接收设备 / unplug what does not belong here now"]
        return {
            "sections": [{"title": "接收设备 / receiving devices", "rows": rows}],
            "next": steps if outside else [],
            "out_of_place": sorted(outside),
        }
