"""A simulated candidate: looks at the screen, thinks, and wants what a candidate may want."""

from dataclasses import dataclass, field
from random import Random

from candidate_station.paper import PreparedItem
from candidate_station.session.driver import StationDriver
from candidate_station.session.intents import (
    AgreeRules,
    AskSubmit,
    ChangeAnswer,
    ConfirmDetails,
    ConfirmSubmit,
    EnterLogin,
    EnterStartCode,
    GoTo,
    Intent,
    ToggleFlag,
)
from candidate_station.session.screen_state import Screen, ScreenState
from candidate_station.simulation.answering import change_item

FASTEST_S = 1.0  # real seconds between two changes at the least, however fast exam time runs
LOGIN_AGAIN_S = 1.5
_PAUSE_S = (0.1, 0.8)  # real seconds before an ordinary click
_FLAG = 0.08
_REVISIT = 0.35


@dataclass(frozen=True)
class Credential:
    """What a candidate brings; ``seat_no`` and ``room_id`` are empty when not given."""

    ticket_no: str
    id_number: str
    seat_no: str = ""
    room_id: str = ""

    def fits(self, room_id: str, seat_no: str) -> bool:
        """True when this is the candidate of a seat (F12: the ticket's last two digits)."""
        if self.room_id and self.room_id != room_id:
            return False
        return seat_no == (self.seat_no or self.ticket_no[-2:])


def credential_for(credentials: list[Credential], room_id: str, seat_no: str) -> Credential | None:
    """The candidate who belongs to a seat; those with a room named come first."""
    fitting = [each for each in credentials if seat_no and each.fits(room_id, seat_no)]
    return max(fitting, key=lambda each: bool(each.room_id), default=None)


@dataclass
class SimulatedCandidate:
    """One candidate at one station. ``think_s`` is the mean exam time between two changes;
    ``leaves_early`` hands in as soon as it is allowed. Times are monotonic seconds."""

    driver: StationDriver
    rng: Random
    credentials: list[Credential]
    think_s: float
    leaves_early: bool
    typed: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    start_code: str = ""  # as the invigilator told it in the room
    _seated: Credential | None = None
    _moved: bool = False
    _screen: Screen | None = None
    _next_at: float = 0.0
    _items: dict[str, PreparedItem] = field(default_factory=dict)

    def takes_the_seat(self, who: Credential | None) -> None:
        """Somebody sits down here whom the list may see elsewhere, or (None) nobody sits here."""
        self._seated, self._moved = who, True

    def look(self, state: ScreenState, now_s: float) -> float:
        """Look at the screen, perhaps act; returns seconds until the next look at the latest."""
        if state.screen is not self._screen:
            self._screen = state.screen
            self._next_at = now_s + self.rng.uniform(*_PAUSE_S)
        if now_s >= self._next_at:
            self._next_at = now_s + self._pause(state.screen)
            for intent in self._wants(state):
                self.driver.post(intent)
        return max(0.01, self._next_at - now_s)

    def _pause(self, screen: Screen) -> float:
        if screen is Screen.ANSWER:
            think = self.rng.expovariate(1 / self.think_s) / self.driver.clock.rate
            return max(FASTEST_S * self.rng.uniform(0.9, 1.3), think)
        return LOGIN_AGAIN_S if screen is Screen.LOGIN else self.rng.uniform(*_PAUSE_S)

    def _wants(self, state: ScreenState) -> list[Intent]:
        match state.screen:
            case Screen.LOGIN:
                mine = self._here(state)
                return [EnterLogin(mine.ticket_no, mine.id_number)] if mine else []
            case Screen.CONFIRM:
                return [ConfirmDetails()]
            case Screen.RULES:
                return [AgreeRules()]
            case Screen.START_CODE if self.start_code and not state.code_paused:
                return [EnterStartCode(self.start_code)]
            case Screen.ANSWER if self.leaves_early and state.may_submit:
                return [AskSubmit()]
            case Screen.CONFIRM_SUBMIT:
                return [ConfirmSubmit()]
            case Screen.ANSWER:
                return self._work(state)
        return []

    def _here(self, state: ScreenState) -> Credential | None:
        if self._moved:
            return self._seated
        return credential_for(self.credentials, state.room_id, state.seat_no)

    def _work(self, state: ScreenState) -> list[Intent]:
        """Answer the next blank item or go back to an earlier one."""
        paper, sitting_id = self.driver.paper, self.driver.sitting_id
        if paper is None or state.input_locked or not state.navigator:
            return []
        blank = [cell.item_id for cell in state.navigator if not cell.answered]
        everything = [cell.item_id for cell in state.navigator]
        revisit = not blank or self.rng.random() < _REVISIT
        item_id = self.rng.choice(everything) if revisit else blank[0]
        if item_id not in self._items:
            self._items[item_id] = paper.item(item_id, sitting_id)
        item = self._items[item_id]
        values = change_item(item, self.rng, self.driver.values(item_id))
        intents: list[Intent] = [GoTo(item_id)]
        if item.interactions:
            self.typed[item_id] = values
            intents.append(ChangeAnswer(item_id, values, item.displayed))
        if self.rng.random() < _FLAG:
            intents.append(ToggleFlag(item_id))
        return intents
