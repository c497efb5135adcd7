"""``rehearse --show``: the real console and one real station window, for a person to take part."""

import asyncio
import os
from pathlib import Path

from venue_server.rehearsal import processes
from venue_server.rehearsal.people import Actor
from venue_server.rehearsal.processes import Program, python_command
from venue_server.rehearsal.roster import FOUNDERS
from venue_server.rehearsal.scene import Scene
from venue_server.sitting.plan import Candidate
from venue_server.wire.console_orders import ConfirmEnrolment, ListEnrolments

LOOK_S = 0.5


class Windows:
    """Both programs, looking for the server at ``server`` and ``enrol`` (HOST:PORT)."""

    def __init__(self, folder: Path, server: str, enrol: str) -> None:
        self._folder = folder
        self._addresses = ["--server", server, "--enrol-server", enrol, "--windowed"]

    async def open(self) -> list[Program]:
        """Start both; their windows appear when Qt is up."""
        station = [*self._addresses, "--no-discovery", "--data", str(self._folder / "station")]
        if os.geteuid() == 0:
            # Chromium's sandbox does not work as root; a real station never runs as root.
            station.append("--unsafe-no-sandbox")
        console = [*self._addresses, "--data", str(self._folder / "console")]
        programs = {
            "console-window": python_command("invigilator_app.app", *console),
            "station-window": python_command("candidate_station.app", *station),
        }
        return [
            await processes.start(name, command, self._folder / f"{name}.log")
            for name, command in programs.items()
        ]

    async def enrol(self, admin: Actor, candidate: Candidate) -> None:
        """Confirm the two windows' codes, as the administrator would after comparing them."""
        left = {"console", "station"}
        while left:
            waiting = (await admin.order(ListEnrolments(0)))["waiting"]
            assert isinstance(waiting, list)
            for each in waiting:
                if each["kind"] not in left:
                    continue
                left.remove(each["kind"])
                seat = (
                    (candidate.room_id, candidate.seat_no)
                    if each["kind"] == "station"
                    else ("", "")
                )
                name = "演示窗口"
                await admin.order(ConfirmEnrolment(0, each["code"], each["kind"], name, *seat))
            await asyncio.sleep(LOOK_S)


def invitation(scene: Scene) -> list[str]:
    """What the person needs to take part: accounts and the ticket of this rehearsal only."""
    candidate = scene.cast.shown[0]
    lines = [
        f"应试人员 / candidate: {candidate.name}  {candidate.room_id}-{candidate.seat_no}",
        f"    准考证号 / ticket {candidate.ticket_no}  证件号 / ID {candidate.id_number}",
        "监考端账号 / console accounts:",
    ]
    drawn = scene.rooms[candidate.room_id]
    people = [each for each in scene.cast.staff if each.person_id in (*FOUNDERS, *drawn)]
    lines += [f"    {each.name}: {each.person_id}  {each.password}" for each in people]
    lines.append("请在监考端为该应试人员办理入场 / admit this candidate at the console")
    return lines
