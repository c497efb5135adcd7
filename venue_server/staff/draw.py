"""The draw of rooms for invigilators (B02). Pure: (roster, constraints, seed) to rooms.

docs/draw.md describes the algorithm step by step so that anybody can compute it again; the same
document always gives the same rooms. Two in every room, one of whom can work a computer (A04,
A05), nobody where they are recused (B03), generally a woman and a man (A06, never enforced).
"""

from collections.abc import Mapping, Sequence

import msgspec

from venue_server.staff.draw_stream import DrawStream
from venue_server.wire.canonical import canonical, sha256_hex

ALGORITHM = "kaodian-draw/1"
PER_ROOM = 2


class Drawable(msgspec.Struct, frozen=True):
    """One person in the draw, with the facts that bear on it."""

    person_id: str
    gender: str = ""
    computer_capable: bool = False
    not_in: list[str] = []


class DrawInput(msgspec.Struct, frozen=True):
    """Everything the result follows from. ``capable_wanted`` is False where the roster knows
    nobody's skills; ``seed`` is 32 bytes in hex."""

    session_id: str
    rooms: list[str]
    people: list[Drawable]
    capable_wanted: bool
    seed: str
    number: int = 1
    algorithm: str = ALGORITHM


class DrawResult(msgspec.Struct, frozen=True):
    """``rooms``: room id to its people, in the order they were drawn; ``spares``: the rest, in the
    order in which they are called; ``unmixed``: rooms without a woman and a man (A06)."""

    rooms: dict[str, list[str]]
    spares: list[str]
    unmixed: list[str]


class DrawDocument(msgspec.Struct, frozen=True):
    """A draw as kept, exported and checked."""

    input: DrawInput
    result: DrawResult


Place = tuple[str, int]  # room, 0 for the place that wants computer skills, 1 for the other


def draw(given: DrawInput) -> DrawResult | None:
    """The rooms, or None when no assignment keeps the rules."""
    stream = DrawStream(bytes.fromhex(given.seed))
    people = {one.person_id: one for one in given.people}
    rooms = stream.shuffled(sorted(given.rooms))
    places = [(room, seat) for seat in range(PER_ROOM) for room in rooms]
    fits = {place: _fitting(place, people, given.capable_wanted) for place in places}
    held = _match_all(places, fits)
    if held is None:
        return None
    drawn: dict[str, list[str]] = {room: [] for room in sorted(given.rooms)}
    fixed: set[str] = set()
    for place in places:
        for wanted in _preferred(place, fits[place], drawn, people, fixed):
            if _give(place, wanted, stream, held, fits, fixed):
                break
        person_id = held[place]
        fixed.add(person_id)
        drawn[place[0]].append(person_id)
    spares = stream.shuffled(sorted(people.keys() - fixed))
    return DrawResult(drawn, spares, _unmixed(drawn, people))


def check(document: DrawDocument) -> bool:
    """Does the result follow from the input?"""
    return document.input.algorithm == ALGORITHM and draw(document.input) == document.result


def document_hash(document: DrawDocument) -> str:
    """SHA-256 of the canonical document, as the ledger records it."""
    return sha256_hex(canonical_document(document))


def canonical_document(document: DrawDocument) -> bytes:
    """The document as canonical JSON (RFC 8785)."""
    return canonical(msgspec.to_builtins(document))


def _fitting(place: Place, people: Mapping[str, Drawable], capable_wanted: bool) -> list[str]:
    room, seat = place
    wants_skills = capable_wanted and seat == 0
    return [
        person_id
        for person_id in sorted(people)
        if room not in people[person_id].not_in
        and (people[person_id].computer_capable or not wants_skills)
    ]


def _preferred(
    place: Place,
    fitting: Sequence[str],
    drawn: Mapping[str, list[str]],
    people: Mapping[str, Drawable],
    fixed: set[str],
) -> list[list[str]]:
    """Whom to draw from, first choice first: the other gender than who is there, then anybody."""
    free = [one for one in fitting if one not in fixed]
    there = {people[one].gender for one in drawn[place[0]]}
    other = [one for one in free if people[one].gender and people[one].gender not in there]
    if not there or "" in there:
        return [free]
    return [other, free]


def _give(
    place: Place,
    wanted: list[str],
    stream: DrawStream,
    held: dict[Place, str],
    fits: Mapping[Place, list[str]],
    fixed: set[str],
) -> bool:
    """Draw one of ``wanted`` for the place so that all others can still be filled; False when none
    of them leaves that possible. Whoever does not is put aside, and drawn again among the rest."""
    left = list(wanted)
    while left:
        chosen = left.pop(stream.below(len(left)))
        if _swap_in(place, chosen, held, fits, fixed):
            return True
    return False


def _swap_in(
    place: Place,
    chosen: str,
    held: dict[Place, str],
    fits: Mapping[Place, list[str]],
    fixed: set[str],
) -> bool:
    """Put ``chosen`` into ``place`` and mend the rest of the matching; False, and nothing changed,
    when that cannot be done."""
    if held[place] == chosen:
        return True
    trial = dict(held)
    losing = next((each for each, who in held.items() if who == chosen), None)
    trial[place] = chosen
    if losing is not None:
        del trial[losing]
        if not _augment(losing, trial, fits, {*fixed, chosen}):
            return False
    held.clear()
    held.update(trial)
    return True


def _match_all(places: Sequence[Place], fits: Mapping[Place, list[str]]) -> dict[Place, str] | None:
    """Some assignment of a different person to every place, or None (Kuhn's algorithm)."""
    held: dict[Place, str] = {}
    for place in places:
        if not _augment(place, held, fits, set()):
            return None
    return held


def _augment(
    start: Place, held: dict[Place, str], fits: Mapping[Place, list[str]], shut: set[str]
) -> bool:
    """Find somebody for ``start``, moving others along an alternating path; ``shut`` people stay
    where they are. Breadth first, so that no depth of recursion bounds a venue's size."""
    holder = {who: place for place, who in held.items()}
    came_from: dict[str, Place] = {}
    waiting = [start]
    for place in waiting:
        for person_id in fits[place]:
            if person_id in shut or person_id in came_from:
                continue
            came_from[person_id] = place
            if person_id not in holder:
                _walk_back(person_id, start, came_from, held)
                return True
            waiting.append(holder[person_id])
    return False


def _walk_back(
    person_id: str, start: Place, came_from: Mapping[str, Place], held: dict[Place, str]
) -> None:
    while True:
        place = came_from[person_id]
        before = held.get(place)
        held[place] = person_id
        if place == start:
            return
        assert before is not None, "an alternating path goes through held places"
        person_id = before


def _unmixed(drawn: Mapping[str, list[str]], people: Mapping[str, Drawable]) -> list[str]:
    """Rooms where everybody's gender is known and the same."""
    found = []
    for room, members in drawn.items():
        genders = {people[one].gender for one in members}
        if len(genders) == 1 and "" not in genders:
            found.append(room)
    return found
