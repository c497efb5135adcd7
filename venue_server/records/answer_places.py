"""Where every answer is, by one rule over what is recorded (H07, L01). Pure.

On its way home an answer passes: this station → the server → the second copy → a backup medium →
headquarters. A sitting's answers form a chain and every place holds a beginning of it, so one
number says what a place holds: the last sequence it has. All counts and words follow from these
numbers, and as they only grow, no answer's place ever goes back; unless a device is lost, which is
a place that holds nothing any more, and then the same rule says so at once.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from venue_server.wire.wiping_orders import AnswerPlace, AtRisk


@dataclass(frozen=True)
class Held:
    """The last sequence of one sitting's chain at each place; 0: nothing, or the device is lost.

    ``station``: what the station said that it has; its disk is not the venue's, so it never counts
    as one of the venue's copies. ``backups``: one number a backup medium. ``headquarters``: what a
    receipt or a signed hand-over confirms.
    """

    station: int = 0
    server: int = 0
    second: int = 0
    backups: tuple[int, ...] = ()
    headquarters: int = 0

    @property
    def newest(self) -> int:
        """The last sequence that anybody knows of."""
        return max(self.station, self.at_venue, self.headquarters)

    @property
    def at_venue(self) -> int:
        """The last sequence that the venue's own disks hold, one or more."""
        return max(self.server, self.second, *self.backups, 0)

    @property
    def twice(self) -> int:
        """The last sequence that two of the venue's disks hold, or headquarters."""
        disks = sorted((self.server, self.second, *self.backups), reverse=True)
        return max(disks[1], self.headquarters)

    @property
    def only_station(self) -> int:
        """How many answers nobody has but the station."""
        return max(0, self.station - max(self.at_venue, self.headquarters))

    @property
    def one_disk(self) -> int:
        """How many answers one disk of the venue has, and no other place but perhaps a station."""
        return max(0, self.at_venue - self.twice)

    def place_of(self, seq: int) -> AnswerPlace:
        """The furthest place that has this answer."""
        if seq > self.newest:
            return AnswerPlace.NOWHERE
        if seq <= self.headquarters:
            return AnswerPlace.HEADQUARTERS
        if seq <= max(self.backups, default=0):
            return AnswerPlace.BACKUP
        if seq <= self.twice:
            return AnswerPlace.SECOND
        return AnswerPlace.SERVER if seq <= self.at_venue else AnswerPlace.STATION

    @property
    def place(self) -> AnswerPlace:
        """Where the newest answer is: no other is less far on its way."""
        return self.place_of(self.newest) if self.newest else AnswerPlace.NOWHERE

    @property
    def acknowledged(self) -> AnswerPlace:
        """Where everything is that the venue acknowledged; what a candidate is told of it."""
        seq = max(self.at_venue, self.headquarters)
        return self.place_of(seq) if seq else AnswerPlace.NOWHERE

    def at_risk(self, station_since_ms: int, disk_since_ms: int, unheard: bool = False) -> AtRisk:
        """What one fault could lose; a number without answers has no instant."""
        only, one = self.only_station, self.one_disk
        since_ms = station_since_ms if only or unheard else 0
        return AtRisk(only, since_ms, one, disk_since_ms if one else 0, unheard)


@dataclass(frozen=True)
class SittingAnswers:
    """One sitting with what each place holds of it."""

    sitting_id: str
    room_id: str
    seat_no: str
    ticket_no: str
    machine_id: str  # where it goes on, or ended
    held: Held
    risk: AtRisk


@dataclass(frozen=True)
class Totals:
    """Counts over sittings, and nothing about anybody. ``by_place``: how many sittings with answers
    have all of them at least that far; ``answers``: how many answers there are."""

    sittings: int
    answers: int
    by_place: dict[AnswerPlace, int]
    only_station: int
    one_disk: int
    unheard: int  # open sittings whose station is silent
    station_since_ms: int
    disk_since_ms: int


def totals(sittings: Iterable[SittingAnswers]) -> Totals:
    """The sums; an instant is the earliest there is."""
    every = list(sittings)
    found = [each for each in every if each.held.newest]
    order = list(AnswerPlace)
    at = Counter(order.index(each.held.place) for each in found)
    return Totals(
        sittings=len(found),
        answers=sum(each.held.newest for each in found),
        by_place={
            place: sum(count for rank, count in at.items() if rank >= least)
            for least, place in enumerate(order[1:], start=1)
        },
        only_station=sum(each.risk.only_station for each in found),
        one_disk=sum(each.risk.one_disk for each in found),
        unheard=sum(each.risk.unheard for each in every),
        station_since_ms=_earliest([each.risk.station_since_ms for each in every]),
        disk_since_ms=_earliest([each.risk.disk_since_ms for each in found]),
    )


def _earliest(instants: Sequence[int]) -> int:
    return min((each for each in instants if each), default=0)


_METRICS = (
    ("sittings", "Sittings with at least one answer."),
    ("answers", "Answers that anybody knows of."),
    ("only_at_station", "Answers that nobody has but a station."),
    ("on_one_disk", "Answers that only one of the venue's disks has."),
    ("stations_unheard", "Open sittings whose station is silent."),
)


def metrics(per_session: dict[str, Totals]) -> str:
    """Prometheus text exposition: counts by session, nothing about anybody (O08)."""
    lines: list[str] = []
    for name, text in _METRICS:
        lines += [f"# HELP kaodian_answers_{name} {text}", f"# TYPE kaodian_answers_{name} gauge"]
        for session_id, counted in per_session.items():
            numbers = {
                "sittings": counted.sittings,
                "answers": counted.answers,
                "only_at_station": counted.only_station,
                "on_one_disk": counted.one_disk,
                "stations_unheard": counted.unheard,
            }
            lines.append(
                f'kaodian_answers_{name}{{session="{label_value(session_id)}"}} {numbers[name]}'
            )
    lines += [
        "# HELP kaodian_answers_sittings_at Sittings whose every answer came at least that far.",
        "# TYPE kaodian_answers_sittings_at gauge",
    ]
    for session_id, counted in per_session.items():
        lines += [
            f'kaodian_answers_sittings_at{{session="{label_value(session_id)}",'
            f'place="{place.value.lower()}"}} {count}'
            for place, count in counted.by_place.items()
        ]
    return "".join(f"{line}\n" for line in lines)


def label_value(text: str) -> str:
    """``text`` as it stands between the quotes of a label."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
