"""The room start code from the signed plan to the open paper, over the LAN (E04)."""

import json
from typing import Any

from msgspec.structs import replace

from candidate_station.session.effects import OpenJournal, OpenPaper
from candidate_station.session.inputs import (
    CiphertextHeld,
    JournalOpened,
    Now,
    PaperUnsealed,
    Received,
    Tick,
    Wanted,
)
from candidate_station.session.intents import EnterStartCode
from candidate_station.session.machine import SessionMachine
from candidate_station.session.screen_state import Screen, ScreenState
from venue_server.wire.canonical import canonical
from venue_server.wire.console_orders import ImportPlan
from venue_server.wire.names import SittingState
from venue_server.wire.paper_index import FORMAT, PaperIndex
from venue_server.wire.refusals import RefusalCode
from venue_server.wire.roomtime_orders import GetStartCode, HoldRoom, StartRoom
from venue_server.wire.signed import sign
from venue_server.wire.start_code import StartCodeSeal
from venue_server.wire.station_messages import LoggedIn, TimingChanged, Welcome


class Candidate:
    """What a station that heard exactly this shows, and what is typed at it."""

    def __init__(self, station: Any) -> None:
        self.machine = SessionMachine("test")
        self.station = station
        self.mono_s = 0.0
        self.heard = 0

    def at(self, exam_ms: int, *wanted: EnterStartCode) -> ScreenState:
        """Take what came since, then type, at this instant; tries are ten seconds apart."""
        now = Now(self.mono_s, exam_ms)
        for message in self.station.heard.messages[self.heard :]:
            self.feed(Received(message), now)
            if isinstance(message, Welcome) and message.sitting is None:  # the log-in's answers
                seated = replace(self.station.sitting, state=SittingState.RULES_ACK)
                self.feed(Received(LoggedIn(0, seated)), now)
        self.heard = len(self.station.heard.messages)
        for each in wanted:
            self.mono_s += 10
            now = Now(self.mono_s, exam_ms)
            self.feed(Wanted(each), now)
        self.feed(Tick(), now)
        return self.machine.state(now)

    def feed(self, happened: Any, now: Now) -> None:
        for effect in self.machine.handle(happened, now):
            match effect:
                case OpenJournal(sitting_id):
                    self.feed(JournalOpened(sitting_id, ()), now)
                case OpenPaper(offer):
                    seal = offer.seal
                    index = PaperIndex(
                        FORMAT, seal.paper_id, seal.form_id, "S", "卷", "zh", "s", [], {}, {}
                    )
                    self.feed(PaperUnsealed(index), now)
                case _ if hasattr(effect, "offer"):
                    self.feed(CiphertextHeld(effect.offer), now)


async def coded_plan(world: Any, admin: Any, kit: Any) -> None:
    """The day's plan, with start codes wanted."""
    file = world.headquarters.write_plan(world.cast, kit.DAY, world.folder / "codes.json")
    payload = json.loads(file.read_bytes())["payload"]
    payload["sessions"][0]["start_code"] = True
    file.write_bytes(canonical(sign(payload, world.keys.signing)))
    await admin.order(ImportPlan(0, str(file), world.second(kit.ADMIN_B)))


def shown(console: Any, room_id: str) -> str:
    return str(console.client.board.rooms[room_id].start_code)


def seals(station: Any) -> list[StartCodeSeal]:
    """Every sealed code this station was told."""
    heard = station.heard.messages
    views = [each.sitting for each in heard if isinstance(each, Welcome)]
    told = [station.sitting, *views, *(each for each in heard if isinstance(each, TimingChanged))]
    return [each.start_code for each in told if each is not None and each.start_code is not None]


async def test_e04_a_room_s_code_comes_with_its_release_and_opens_its_papers(
    world: Any, kit: Any
) -> None:
    admin, chief = await world.console(kit.ADMIN), await world.console(kit.CHIEF)
    inspector = await world.console("inspector-1")
    await coded_plan(world, admin, kit)
    await world.receive(admin)
    first, other = [await world.station(admin, *at) for at in (("01", "01"), ("02", "02"))]
    for station in (first, other):
        await station.fetch()
    rooms = await world.invigilators()
    await world.open_doors(rooms, first, other)
    await chief.order(HoldRoom(0, "02", "门锁故障"))
    await world.arm(chief)

    # Armed, and not released: there is no code, and nobody was told anything of one.
    assert await chief.refused(GetStartCode(0, "01")) is RefusalCode.START_CODE_NONE
    assert shown(chief, "01") == shown(rooms["01"], "01") == ""
    assert seals(first) == seals(other) == [] and world.events("room.start_code_made") == []

    await world.released(chief)
    await rooms["01"].board(lambda b: b.rooms["01"].start_code != "")
    code = shown(rooms["01"], "01")
    assert len(code) == 6 and code.isdigit()
    assert (await chief.order(GetStartCode(0, "01")))["start_code"] == code
    await chief.board(lambda b: b.rooms["01"].start_code == code)

    # Only who may tell it in the room sees it; the held room has none.
    for console in (inspector, admin):
        await console.board(lambda b: b.rooms["01"].timing is not None)
        assert shown(console, "01") == ""
        assert await console.refused(GetStartCode(0, "01")) is RefusalCode.ROLE_NOT_ALLOWED
    assert await rooms["02"].refused(GetStartCode(0, "01")) is RefusalCode.ROOM_NOT_YOURS
    assert await chief.refused(GetStartCode(0, "02")) is RefusalCode.START_CODE_NONE
    assert shown(chief, "02") == "" and seals(other) == []

    # The candidate types it.
    await first.content_key()
    await first.heard.next(TimingChanged)
    candidate, start = Candidate(first), kit.DAY.at(0)
    assert candidate.at(start - 1).screen is Screen.START_CODE
    wrong = f"{(int(code) + 1) % 10**6:06}"
    refused = candidate.at(start, EnterStartCode(wrong))
    assert refused.screen is Screen.START_CODE and refused.refusal is not None
    assert refused.refusal.code is RefusalCode.START_CODE_WRONG
    assert candidate.at(start, EnterStartCode(code)).screen is Screen.ANSWER

    # The held room gets its code with its own later start.
    world.go(kit.DAY.at(6))
    assert first.client.paper_opened(first.sitting_id, world.now_ms())
    await chief.board(lambda b: b.seats["01"]["01"].state is SittingState.IN_PROGRESS)
    await chief.order(StartRoom(0, "02", "已开门"))
    await rooms["02"].board(lambda b: b.rooms["02"].start_code != "")
    second = shown(rooms["02"], "02")
    told = await other.heard.next(TimingChanged)
    assert told.start_code != seals(first)[-1], "each room has a salt of its own"
    late = Candidate(other)
    assert late.at(told.timing.effective_start_ms).screen is Screen.START_CODE
    opened = late.at(told.timing.effective_start_ms, EnterStartCode(second))
    assert opened.screen is Screen.ANSWER

    # A restart of everything: the same codes; whose paper was open is not asked again.
    await world.restart()
    chief = await world.console(kit.CHIEF)
    assert (await chief.order(GetStartCode(0, "01")))["start_code"] == code
    assert (await chief.order(GetStartCode(0, "02")))["start_code"] == second
    assert seals(first) == [] and seals(other) == [told.start_code]

    made = world.events("room.start_code_made")
    assert [each["data"]["room"] for each in made] == ["01", "02"]
    assert all(set(each["data"]) == {"session", "room"} for each in made)


async def test_e04_a_session_without_codes_tells_none(exam_day: Any) -> None:
    assert await exam_day.chief.refused(GetStartCode(0, "01")) is RefusalCode.START_CODE_NONE
    assert seals(exam_day.first) == [] and shown(exam_day.chief, "01") == ""
