"""What is made once a run: people, keys, an initialised venue, the sealed sample paper."""

import json
import random
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from venue_server import __main__ as command_line
from venue_server.headquarters.sample import sample_package_path
from venue_server.headquarters.service_keys import (
    init_headquarters,
)
from venue_server.rehearsal.cast import Cast, Person, id_number
from venue_server.rehearsal.headquarters_side import VENUE_ID, Headquarters
from venue_server.rehearsal.options import DayTimes
from venue_server.settings import load_settings, save_settings
from venue_server.sitting.plan import Candidate, Room, Seat
from venue_server.wire.names import IdDocument, Role

START_MS = 1_800_000_000_000
DAY = DayTimes(START_MS)
SEATS = 4

CHIEF, DEPUTY, ADMIN, ADMIN_B = "chief-1", "deputy-1", "admin-a", "admin-b"
DIRECTOR = "director-1"


def invent() -> Cast:
    """Two rooms with four seats each, two invigilators a room, nobody real."""
    rng = random.Random(7)
    rooms = [Room("01", "第一考场"), Room("02", "第二考场")]
    seats = [
        Seat(room.room_id, f"{n:02d}", n % 2, n // 2) for room in rooms for n in range(1, SEATS + 1)
    ]
    candidates = [
        Candidate(
            ticket_no=f"2699{seat.room_id}0{seat.seat_no}",
            name=f"应试{seat.room_id}{seat.seat_no}",
            id_document=IdDocument.RESIDENT_ID,
            id_number=id_number(rng),
            room_id=seat.room_id,
            seat_no=seat.seat_no,
        )
        for seat in seats
    ]
    return Cast(rooms, seats, candidates, _staff(rooms), len(candidates))


def _staff(rooms: list[Room]) -> list[Person]:
    def person(person_id: str, role: Role, *room_ids: str) -> Person:
        return Person(person_id, person_id, (role,), room_ids, f"password of {person_id}")

    staff = [
        person(CHIEF, Role.CHIEF),
        person(DEPUTY, Role.DEPUTY),
        person(ADMIN, Role.SYSADMIN),
        person(ADMIN_B, Role.SYSADMIN),
        person("inspector-1", Role.INSPECTOR),
        person(DIRECTOR, Role.ZONE_DIRECTOR),
    ]
    for room in rooms:
        staff += [
            person(f"inv-{room.room_id}-1", Role.INVIGILATOR, room.room_id),
            person(f"inv-{room.room_id}-2", Role.INVIGILATOR, room.room_id),
        ]
    return staff


@dataclass(frozen=True)
class Template:
    """A venue before its day: ``venue`` was initialised, ``sealed`` is the paper for it."""

    folder: Path
    cast: Cast

    @property
    def venue(self) -> Path:
        return self.folder / "venue"

    @property
    def sealed(self) -> Path:
        """Manifest and five fragments, of which any three are enough."""
        return self.folder / "sealed" / "venue"

    @property
    def own(self) -> Path:
        """What never leaves headquarters: keys, release secret, code shares."""
        return self.folder / "sealed" / "headquarters"

    def code_shares(self) -> list[str]:
        """The two custodians' words."""
        files = sorted(self.own.glob("code-share-*.txt"))
        return [file.read_text().splitlines()[1] for file in files]


def make_template(folder: Path) -> Template:
    """Initialise headquarters and venue by their command lines, and seal the sample paper."""
    cast = invent()
    keys = init_headquarters(folder / "headquarters")
    headquarters = Headquarters(keys, "https://127.0.0.1:1")
    public = headquarters.public_file(folder / "headquarters.json")
    venue = folder / "venue"
    words = ["init", "--data", str(venue), "--venue-id", VENUE_ID, "--venue-name", "试考考点"]
    words += ["--mode", "REHEARSAL", "--headquarters", str(public), "--listen", "127.0.0.1:0"]
    words += ["--enrol-port", "0", "--same-device", "--light-passwords", "--no-advertise"]
    assert command_line.main(words) == 0
    settings = load_settings(venue)
    # The machines of these tests speak only when a test says so: nobody is lost by being silent.
    small = msgspec.structs.replace(
        settings,
        reserve_bytes=1 << 20,
        disk_floor_bytes=0,
        hand_in_grace_s=0.05,
        heartbeat_lost_s=600.0,
        argon2_memory_kib=64,
    )
    save_settings(venue, small)
    people = [
        {
            "person_id": each.person_id,
            "name": each.name,
            "roles": list(each.roles),
            "rooms": list(each.rooms),
            "password": each.password,
        }
        for each in cast.staff
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", [json.dumps(each) + "\n" for each in people])
        assert command_line.main(["staff", "add", "--data", str(venue), "--from-stdin"]) == 0
    headquarters.register((venue / "keys/venue.ed25519.pub").read_text().strip())
    venue_public = (venue / "keys/venue.hpke.pub").read_text().strip()
    headquarters.seal(sample_package_path(), folder / "sealed", venue_public, DAY)
    return Template(folder, cast)
