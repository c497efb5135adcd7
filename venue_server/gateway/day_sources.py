"""Who tells the records of the day what: gathered once, by the composition root.

A source answers for one session; it reads what is durable and holds nothing itself.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from venue_server.wire.day_records import OpenPoint, RecordLine
from venue_server.wire.wiping_orders import AtRisk

RoomLines = Callable[[str, str], list[RecordLine]]
"""Session id and room id to this source's lines of that room's record."""

OpenPoints = Callable[[str], list[OpenPoint]]
"""Session id to what this source knows to be open."""


BundlePart = Callable[[str], object]
"""Session id to what the sealed bundle carries of it (JSON values)."""

Hold = Callable[[str], bool]
"""Session id: is anything of it held as evidence, so that nothing may be wiped (V07, M07)?"""


@dataclass
class DaySources:
    """All sources. Parts of the day add themselves in ``venue_server/exam_day.py``."""

    room_lines: list[RoomLines] = field(default_factory=list)
    open_points: list[OpenPoints] = field(default_factory=list)
    bundle_parts: dict[str, BundlePart] = field(default_factory=dict)
    holds: list[Hold] = field(default_factory=list)
    risks: dict[str, AtRisk] = field(default_factory=dict)  # by sitting, once the session is over
    primary_gone_since_ms: int = 0  # 0 while the primary store is there; as the last look found it
    backup_proved: Callable[[str], bool] = lambda _session_id: True  # blocking (L11)

    def lines(self, session_id: str, room_id: str) -> list[RecordLine]:
        """Every line of one room's record, in the order of time."""
        found = [line for source in self.room_lines for line in source(session_id, room_id)]
        return sorted(found, key=lambda line: (line.at_ms, line.text))

    def points(self, session_id: str) -> list[OpenPoint]:
        """Everything that is still open."""
        return [point for source in self.open_points for point in source(session_id)]

    def for_bundle(self, session_id: str) -> dict[str, object]:
        """What the parts of the day put into the bundle, by name."""
        return {name: part(session_id) for name, part in self.bundle_parts.items()}

    def held(self, session_id: str) -> bool:
        """Does anybody hold this session's data as evidence?"""
        return any(hold(session_id) for hold in self.holds)
