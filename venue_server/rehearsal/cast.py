"""The people and the room of a rehearsal, invented anew from a seed; nobody real is in them."""

import random
import secrets
from dataclasses import dataclass

from venue_server.sitting.plan import Candidate, Room, Seat
from venue_server.wire.names import IdDocument, Role

SEATS_PER_ROOM = 30
SEATS_PER_ROW = 6
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英文华玉兰建国志红晓宇欣然子涵㼆䶮"
LONG_NAMES = ("阿卜杜热合曼·买买提江·玉素甫", "卓玛·才让", "欧阳靖远")
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ABSENT_EXTRAS = 2  # one never comes, one comes late and is refused


@dataclass(frozen=True)
class Person:
    """A member of the staff with a password of this rehearsal only."""

    person_id: str
    name: str
    roles: tuple[Role, ...]
    rooms: tuple[str, ...]
    password: str

    def __repr__(self) -> str:
        return f"Person({self.person_id})"


@dataclass(frozen=True)
class Cast:
    """Everyone and every place. First the simulated candidates, then those whose seat a person
    takes by hand (``--show``), last the two without a station: absent and late."""

    rooms: list[Room]
    seats: list[Seat]
    candidates: list[Candidate]
    staff: list[Person]
    simulated: int

    @property
    def present(self) -> list[Candidate]:
        """Simulated candidates; they come in time."""
        return self.candidates[: self.simulated]

    @property
    def shown(self) -> list[Candidate]:
        """Candidates played by a person at a real station window."""
        return self.candidates[self.simulated : -ABSENT_EXTRAS]

    @property
    def late(self) -> Candidate:
        """The one who comes after admission has closed."""
        return self.candidates[-1]

    def person(self, role: Role, index: int = 0) -> Person:
        """The ``index``-th person of a role."""
        return [person for person in self.staff if role in person.roles][index]

    def invigilators(self, room_id: str) -> list[Person]:
        """The invigilators of a room."""
        return [
            person
            for person in self.staff
            if Role.INVIGILATOR in person.roles and room_id in person.rooms
        ]


def id_number(rng: random.Random) -> str:
    """An ID number of right form and checksum (GB 11643, ISO 7064 MOD 11-2) in no real region."""
    body = f"9900{rng.randrange(100):02d}{rng.randrange(1970, 2004)}{rng.randrange(1, 13):02d}"
    body += f"{rng.randrange(1, 29):02d}{rng.randrange(1000):03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, ID_WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def _name(rng: random.Random, number: int) -> str:
    if number < len(LONG_NAMES):
        return LONG_NAMES[number]
    return rng.choice(SURNAMES) + "".join(rng.choice(GIVEN) for _ in range(rng.choice((1, 2))))


def _staff(rooms: list[Room]) -> list[Person]:
    def person(person_id: str, name: str, role: Role, *room_ids: str) -> Person:
        return Person(person_id, name, (role,), room_ids, secrets.token_urlsafe(12))

    staff = [
        person("chief-1", "主考 程敬", Role.CHIEF),
        person("deputy-1", "副主考 方直", Role.DEPUTY),
        person("admin-a", "系统管理员甲 安宁", Role.SYSADMIN),
        person("admin-b", "系统管理员乙 毕成", Role.SYSADMIN),
    ]
    for room in rooms:
        staff += [
            person(f"inv-{room.room_id}-1", "监考甲 明正", Role.INVIGILATOR, room.room_id),
            person(f"inv-{room.room_id}-2", "监考乙 严谨", Role.INVIGILATOR, room.room_id),
        ]
    return staff


def invent(stations: int, seed: int, shown: int = 0) -> Cast:
    """A cast for ``stations`` simulated and ``shown`` played candidates, and two who do not sit the
    exam."""
    rng = random.Random(seed)  # noqa: S311  # inventing people, no secret
    total = stations + shown + ABSENT_EXTRAS
    count = -(-total // SEATS_PER_ROOM)
    rooms = [Room(f"{number:02d}", f"第{number}考场") for number in range(1, count + 1)]
    seats: list[Seat] = []
    candidates: list[Candidate] = []
    for number in range(total):
        room = rooms[number % count]
        place = number // count + 1
        seat_no = f"{place:02d}"
        row, column = divmod(place - 1, SEATS_PER_ROW)
        seats.append(Seat(room.room_id, seat_no, column, row))
        candidates.append(
            Candidate(
                ticket_no=f"2699{room.room_id}0{seat_no}",
                name=_name(rng, number),
                id_document=IdDocument.RESIDENT_ID,
                id_number=id_number(rng),
                room_id=room.room_id,
                seat_no=seat_no,
                form_id="AB"[sum(divmod(place - 1, SEATS_PER_ROW)) % 2],  # a chessboard (C05)
            )
        )
    return Cast(rooms, seats, candidates, _staff(rooms), stations)
