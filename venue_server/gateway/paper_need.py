"""How fast papers must go out to be everywhere in time: the floor under their pace (E05)."""

import time

from venue_server.gateway.delivery_pace import LOWEST, floor_of
from venue_server.gateway.desk_parts import DeskParts
from venue_server.stations.presence import PaperAt

LOOK_S = 1.0


class PaperNeed:
    """Looks once a second at who still lacks the paper of the present session."""

    def __init__(self, parts: DeskParts) -> None:
        self._parts = parts
        self._looked_at_s = -LOOK_S
        self._floor = LOWEST

    def floor(self) -> float:
        """Bytes a second, for all stations together."""
        now_s = time.monotonic()
        if now_s - self._looked_at_s >= LOOK_S:
            self._looked_at_s, self._floor = now_s, self._look()
        return self._floor

    def _look(self) -> float:
        parts = self._parts
        papers = parts.forms.papers(parts.sittings.current_session())
        if not papers:
            return LOWEST
        presence = parts.presence
        lacking = sum(
            presence.is_online(each.machine_id)
            and presence.of(each.machine_id).paper is PaperAt.NONE
            for each in parts.enrolment.machines("station")
        )
        size = max(each.manifest.ciphertext_size for each in papers)
        release_at_ms = max(each.manifest.release_at_ms for each in papers)
        left_s = (release_at_ms - parts.clock.now()) / parts.clock.rate / 1000
        return floor_of(lacking * size, left_s)
