"""Faults a rehearsal may be asked for: the day must go on and lose nothing (TIMELINE F3, F4, F5).

Each fault hits the real programs from outside, as it would at a venue, and is put right the way
the runbook says.
"""

import asyncio
from enum import StrEnum

from venue_server.rehearsal import processes
from venue_server.rehearsal.headquarters_side import SESSION_ID, TWO_FORMS_AND_A_RESERVE
from venue_server.rehearsal.people import OrderRefusedError
from venue_server.rehearsal.scene import RehearsalFailedError, Scene
from venue_server.rehearsal.switch import Switch
from venue_server.wire.console_orders import EnterCodeShare
from venue_server.wire.names import Role, SessionState
from venue_server.wire.refusals import Refusal, RefusalCode

READY_S = 60.0
AWAY_REAL_S = 2.0
SERVER_KILLED_MIN = 20
LAN_CUT_MIN, LAN_BACK_MIN = 84, 92  # over the end of the exam


class Fault(StrEnum):
    """What may be asked for with ``--fault``."""

    SERVER_KILLED = "server-killed"  # F3: kill -9 while everybody answers, started again
    LAN_CUT = "lan-cut"  # F4: the switch is dead from before the end until after it
    HEADQUARTERS_DOWN = "headquarters-down"  # F5: no line at the release point, the sealed code


class Faults:
    """What goes wrong in one rehearsal."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.wanted = frozenset(Fault(each) for each in scene.options.faults)
        self.done: list[dict[str, object]] = []  # for the report
        self._switch = Switch()

    async def station_ports(self) -> tuple[int, int]:
        """Where stations find the server: through the switch when it is going to fail."""
        if Fault.LAN_CUT not in self.wanted:
            return self.scene.server_ports
        main, enrol = self.scene.server_ports
        return await self._switch.open(main), await self._switch.open(enrol)

    def close(self) -> None:
        """Nothing of this stays behind."""
        self._switch.close()

    # ---- F5 ------------------------------------------------------------------------------

    async def before_the_release(self) -> None:
        """The line to headquarters goes."""
        if Fault.HEADQUARTERS_DOWN in self.wanted:
            program = self.scene.programs[0]
            program.process.kill()
            await program.process.wait()
            self._happened(Fault.HEADQUARTERS_DOWN, "总部线路中断 / no line to headquarters (F5)")

    async def at_the_release(self) -> None:
        """Two custodians open their envelopes after the release point, for every form."""
        if Fault.HEADQUARTERS_DOWN not in self.wanted:
            return
        custodians = (self.scene.role(Role.CHIEF), self.scene.role(Role.SYSADMIN, 1))
        await self.scene.until(self.scene.times.at(-2))
        for paper in TWO_FORMS_AND_A_RESERVE:
            if paper.reserve:
                continue
            own = self.scene.folder / "sealed" / paper.form_id / "headquarters"
            for custodian, file in zip(
                custodians, sorted(own.glob("code-share-*.txt")), strict=True
            ):
                words = file.read_text().splitlines()[1]
                await self._enter(custodian.person.person_id, words)

    async def _enter(self, person_id: str, words: str) -> None:
        actor = self.scene.actors[person_id]
        while True:
            done = await actor.attempt(EnterCodeShare(0, SESSION_ID, words))
            if not isinstance(done, Refusal):
                return
            if done.code is not RefusalCode.RELEASE_TOO_EARLY:
                raise OrderRefusedError("EnterCodeShare", done)
            # The venue waits until its clock is certain; a person tries again a little later.
            await self.scene.until(int(actor.client.clock.now_ms()) + 20_000)

    async def after_the_exam(self) -> None:
        """The line is back, at the same address and with time having gone on."""
        if Fault.HEADQUARTERS_DOWN not in self.wanted:
            return
        headquarters, before = self.scene.headquarters, self.scene.programs[0]
        port = headquarters.base_url.rpartition(":")[2]
        again = ["--listen", f"127.0.0.1:{port}", "--clock-began", str(headquarters.clock_began_s)]
        log = self.scene.folder / "headquarters.log"
        command = [*before.command, *again]
        program = self.scene.programs[0] = await processes.start("headquarters", command, log)
        await program.next_event("ready", READY_S)

    # ---- F3 and F4 -----------------------------------------------------------------------

    async def during_the_exam(self) -> None:
        """What happens while candidates answer."""
        if Fault.SERVER_KILLED in self.wanted:
            await self._minute(SERVER_KILLED_MIN)
            await self._kill_the_server()
        if Fault.LAN_CUT in self.wanted:
            await self._minute(LAN_CUT_MIN)
            self._happened(Fault.LAN_CUT, "考场交换机断电 / the switch is dead (F4)")
            if self._switch.cut() < self.scene.options.stations:
                raise RehearsalFailedError("not every station was connected before the cut")
            await self._minute(LAN_BACK_MIN)
            self._switch.heal()

    def _happened(self, fault: Fault, text: str) -> None:
        self.scene.progress.note(text)
        at_ms = int(self.scene.role(Role.CHIEF).client.clock.now_ms())
        self.done.append({"fault": fault.value, "at_ms": at_ms})

    async def _minute(self, minute: int) -> None:
        # A release that came late shifts the exam: the board knows when it began.
        room = next(iter(self.scene.role(Role.CHIEF).client.board.rooms.values()))
        assert room.timing is not None and room.session_state is not SessionState.PLANNED
        await self.scene.until(room.timing.effective_start_ms + minute * 60_000)

    async def _kill_the_server(self) -> None:
        server = next(each for each in self.scene.programs if each.name == "venue-server")
        server.process.kill()
        await server.process.wait()
        self._happened(Fault.SERVER_KILLED, "考点服务器断电 / the server is killed (F3)")
        await asyncio.sleep(AWAY_REAL_S)  # somebody has to walk there
        words = ("venue_server", "run", "--data", str(self.scene.venue))
        again = await self.scene.start("venue-server", *words)
        await again.next_event("serving", READY_S)
        (self.scene.folder / "venue-server.pid").write_text(f"{again.process.pid}\n")
