"""What the server knows of one station's connection while it lasts."""

import asyncio
from dataclasses import dataclass, field

from venue_server.gateway.connection import Connection
from venue_server.sitting.rows import Sitting
from venue_server.stations.store import Machine


@dataclass
class Conversation:
    """One connection and its candidate, so that a save needs no look-up.

    ``saved`` is clear while answers of this connection are on their way to the disks: what it says
    meanwhile waits, so that everything is answered in its order and nobody fills a queue.
    """

    machine: Machine
    connection: Connection
    sitting: Sitting | None = None
    saved: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.saved.set()
