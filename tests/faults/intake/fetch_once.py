"""One receipt session that fetches from a mirror, as a process of its own to be killed.

python -m tests.faults.intake.fetch_once FOLDER TEMPLATE SEALED PORT
"""

import asyncio
import sys
from pathlib import Path

from tests.journeys.venue.venue_template import DAY, Template, invent
from tests.unit.venue.intake_desk import TWO, Desk
from venue_server.headquarters.service_keys import load_headquarters
from venue_server.intake.fetching import Mirror


async def main(folder: Path, template: Path, sealed: Path, port: str) -> None:
    """Plan, open, fetch."""
    keys = load_headquarters(template / "headquarters")
    mirror = Mirror(f"https://127.0.0.1:{port}", keys.certificate_pem)
    desk = Desk(folder, Template(template, invent()), DAY, sealed, mirrors=[mirror])
    await desk.plan()
    await desk.begin()
    await desk.intake.fetch(TWO)


if __name__ == "__main__":
    asyncio.run(main(*map(Path, sys.argv[1:4]), sys.argv[4]))
