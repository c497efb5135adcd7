"""The draw of rooms (B02): reproducible, fair, and never against the rules (A04-A06, B03)."""

import hashlib
import re
from collections import Counter
from itertools import permutations
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from venue_server.staff.draw import (
    Drawable,
    DrawDocument,
    DrawInput,
    DrawResult,
    canonical_document,
    check,
    document_hash,
    draw,
)
from venue_server.staff.draw_stream import DrawStream
from venue_server.staff.duty.service import read_document

SEED = hashlib.sha256(b"a seed").hexdigest()


def given_of(
    people: list[Drawable], rooms: list[str], seed: str = SEED, capable: bool = True
) -> DrawInput:
    return DrawInput("s1", rooms, people, capable, seed)


@st.composite
def inputs(make: st.DrawFn) -> DrawInput:
    rooms = [f"{n:02}" for n in range(1, make(st.integers(1, 4)) + 1)]
    people = [
        Drawable(
            f"p{n:02}",
            make(st.sampled_from(["F", "M", ""])),
            make(st.booleans()),
            sorted(make(st.sets(st.sampled_from(rooms), max_size=len(rooms)))),
        )
        for n in range(make(st.integers(0, 11)))
    ]
    seed = make(st.binary(min_size=32, max_size=32)).hex()
    return given_of(people, rooms, seed, make(st.booleans()))


def keeps_the_rules(asked: DrawInput, result: DrawResult) -> bool:
    people = {one.person_id: one for one in asked.people}
    placed = [one for members in result.rooms.values() for one in members]
    return (
        sorted(result.rooms) == sorted(asked.rooms)
        and all(len(members) == 2 for members in result.rooms.values())
        and len(set(placed)) == len(placed)
        and sorted([*placed, *result.spares]) == sorted(people)
        and all(room not in people[p].not_in for room, ps in result.rooms.items() for p in ps)
        and (
            not asked.capable_wanted
            or all(
                any(people[p].computer_capable for p in members)
                for members in result.rooms.values()
            )
        )
    )


def possible(asked: DrawInput) -> bool:
    """By trying: is there any assignment that keeps the rules? Room after room."""

    def fill(rooms: list[str], free: frozenset[str]) -> bool:
        if not rooms:
            return True
        people = {one.person_id: one for one in asked.people}
        allowed = sorted(p for p in free if rooms[0] not in people[p].not_in)
        return any(
            fill(rooms[1:], free - set(pair))
            for pair in permutations(allowed, 2)
            if people[pair[0]].computer_capable or not asked.capable_wanted
        )

    return fill(list(asked.rooms), frozenset(one.person_id for one in asked.people))


@settings(max_examples=150, deadline=None)
@given(inputs())
def test_b02_the_rules_hold_whenever_they_can(asked: DrawInput) -> None:
    result = draw(asked)
    if result is None:
        assert not possible(asked)
    else:
        assert keeps_the_rules(asked, result)


@settings(max_examples=60, deadline=None)
@given(inputs(), st.randoms(use_true_random=False))
def test_b02_the_result_follows_from_the_document_in_any_order(
    asked: DrawInput, mix: object
) -> None:
    result = draw(asked)
    shuffled = list(asked.people)
    mix.shuffle(shuffled)  # type: ignore[attr-defined]
    again = DrawInput(
        asked.session_id, asked.rooms[::-1], shuffled, asked.capable_wanted, asked.seed
    )
    assert draw(again) == result
    if result is not None:
        document = DrawDocument(asked, result)
        assert check(document)
        spoiled = DrawResult(result.rooms, [*result.spares, "one more"], result.unmixed)
        assert not check(DrawDocument(asked, spoiled))
        assert document_hash(document) != document_hash(DrawDocument(asked, spoiled))


def _chi_square(counts: Counter[str], outcomes: int, draws: int) -> float:
    expected = draws / outcomes
    assert len(counts) == outcomes
    return sum((count - expected) ** 2 / expected for count in counts.values())


def test_b02_everybody_is_as_likely_in_every_room() -> None:
    """Five alike people for two rooms: 30 outcomes, each as likely (chi-square, p about 1e-6).
    The seeds are fixed: this test cannot flake."""
    people = [Drawable(f"p{n}", "", True) for n in range(5)]
    counts: Counter[str] = Counter()
    draws = 3000
    for n in range(draws):
        seed = hashlib.sha256(n.to_bytes(4, "big")).hexdigest()
        result = draw(given_of(people, ["1", "2"], seed))
        assert result is not None
        counts["|".join(",".join(sorted(result.rooms[room])) for room in ("1", "2"))] += 1
    assert _chi_square(counts, 30, draws) < 84.0  # 29 degrees of freedom


def test_a05_one_with_skills_in_each_room_and_these_are_drawn_alike() -> None:
    people = [Drawable(f"c{n}", "", True) for n in range(2)]
    people += [Drawable(f"p{n}") for n in range(2)]
    counts: Counter[str] = Counter()
    for n in range(800):
        seed = hashlib.sha256(n.to_bytes(4, "big")).hexdigest()
        result = draw(given_of(people, ["1", "2"], seed))
        assert result is not None
        counts[",".join(sorted(result.rooms["1"]))] += 1
    assert _chi_square(counts, 4, 800) < 31.0  # three degrees of freedom, p about 1e-6


def test_a06_a_woman_and_a_man_in_each_room_where_that_can_be() -> None:
    people = [Drawable(f"p{n}", "FM"[n % 2], True) for n in range(8)]
    for n in range(40):
        seed = hashlib.sha256(n.to_bytes(4, "big")).hexdigest()
        result = draw(given_of(people, ["1", "2", "3", "4"], seed))
        assert result is not None
        assert result.unmixed == []
    women = [Drawable(f"p{n}", "F", True) for n in range(4)]
    alone = draw(given_of(women, ["1", "2"]))
    assert alone is not None
    assert alone.unmixed == ["1", "2"], "said, never refused"


def test_b03_the_only_one_who_may_is_found() -> None:
    """Everybody but one is recused from room 1; a careless draw would put that one elsewhere."""
    people = [Drawable(f"p{n}", "", True, ["1"]) for n in range(4)]
    people += [Drawable(f"q{n}", "", True) for n in range(2)]
    for n in range(30):
        seed = hashlib.sha256(n.to_bytes(4, "big")).hexdigest()
        result = draw(given_of(people, ["1", "2", "3"], seed))
        assert result is not None
        assert set(result.rooms["1"]) == {"q0", "q1"}
    assert draw(given_of(people[:5], ["1", "2"])) is None


def test_a_venue_of_forty_rooms_is_drawn() -> None:
    people = [Drawable(f"p{n:03}", "FM"[n % 2], n < 40, [f"{n % 40:02}"]) for n in range(90)]
    asked = given_of(people, [f"{n:02}" for n in range(40)])
    result = draw(asked)
    assert result is not None
    assert keeps_the_rules(asked, result)
    assert len(result.spares) == 10


def test_the_streams_numbers_are_those_of_the_document() -> None:
    """The example of docs/draw.md, computed here by hand."""
    stream = DrawStream(bytes(32))
    block = hashlib.sha256(b"kaodian-draw/1\0" + bytes(32) + bytes(8)).digest()
    assert stream.below(10) == int.from_bytes(block[:8], "big") % 10
    assert stream.below(7) == int.from_bytes(block[8:16], "big") % 7
    assert sorted(DrawStream(bytes(32)).shuffled(range(9))) == list(range(9))


def test_the_worked_example_of_the_document_is_true() -> None:
    text = (Path(__file__).parents[2] / "docs" / "draw.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```json\n(.*?)\n```", text, re.DOTALL)
    document = read_document(example)
    assert isinstance(document, DrawDocument)
    assert check(document)
    assert canonical_document(document).decode() == example
    assert f"Its SHA-256 is `{document_hash(document)}`" in text
