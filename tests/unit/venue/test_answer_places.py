"""H07: where every answer is, by one rule; no place ever goes back unless a device is lost."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from venue_server.records.answer_places import Held, SittingAnswers, metrics, totals
from venue_server.wire.wiping_orders import AnswerPlace, AtRisk

ORDER = list(AnswerPlace)
PLACES = ("station", "server", "second", "backup", "headquarters")
SEQ = st.integers(0, 30)


@st.composite
def helds(draw) -> Held:
    return Held(
        draw(SEQ),
        draw(SEQ),
        draw(SEQ),
        tuple(draw(st.lists(SEQ, max_size=3))),
        draw(SEQ),
    )


def grown(held: Held, place: str, by: int) -> Held:
    """One place holds more of the chain than before."""
    if place == "backup":
        first, *rest = held.backups or (0,)
        return replace(held, backups=(first + by, *rest))
    return replace(held, **{place: getattr(held, place) + by})


@given(helds(), st.lists(st.tuples(st.sampled_from(PLACES), st.integers(0, 9)), max_size=12))
def test_h07_the_place_of_no_answer_ever_goes_back(held: Held, steps) -> None:
    for place, by in steps:
        after = grown(held, place, by)
        for seq in range(1, held.newest + 1):
            was, now = held.place_of(seq), after.place_of(seq)
            assert ORDER.index(now) >= ORDER.index(was), (seq, place)
        held = after


@given(helds())
def test_h07_the_place_of_a_sitting_is_that_of_its_least_far_answer(held: Held) -> None:
    places = [ORDER.index(held.place_of(seq)) for seq in range(1, held.newest + 1)]
    assert ORDER.index(held.place) == min(places, default=0)


@given(helds())
def test_h07_the_counts_are_those_of_counting_answer_by_answer(held: Held) -> None:
    disks = (held.server, held.second, *held.backups)
    home = held.headquarters
    seqs = range(1, held.newest + 1)
    only = [s for s in seqs if s <= held.station and s > home and all(s > d for d in disks)]
    one = [s for s in seqs if s > home and sum(s <= d for d in disks) == 1]
    assert (held.only_station, held.one_disk) == (len(only), len(one))


@given(st.integers(1, 30), st.integers(0, 5))
def test_h07_a_lost_second_disk_is_said_at_once(seq: int, at_station: int) -> None:
    whole = Held(seq + at_station, seq, seq)
    assert whole.acknowledged is AnswerPlace.SECOND and whole.one_disk == 0
    lost = replace(whole, second=0)
    assert lost.acknowledged is AnswerPlace.SERVER and lost.one_disk == seq
    risk = lost.at_risk(100, 200)
    assert (risk.one_disk, risk.disk_since_ms) == (seq, 200)
    assert (risk.only_station, risk.station_since_ms) == (at_station, 100 if at_station else 0)


@given(helds())
def test_h07_what_a_candidate_is_told_never_says_more_than_the_truth(held: Held) -> None:
    at_venue = max(held.at_venue, held.headquarters)
    told = ORDER.index(held.acknowledged)
    assert all(ORDER.index(held.place_of(seq)) >= told for seq in range(1, at_venue + 1))


def test_h07_a_backup_medium_is_one_of_the_venues_disks() -> None:
    only_backup = Held(station=9, backups=(9,))
    assert only_backup.place is AnswerPlace.BACKUP and only_backup.one_disk == 9
    assert replace(only_backup, backups=(9, 9)).one_disk == 0
    assert replace(only_backup, headquarters=9).one_disk == 0


def test_o08_metrics_are_counts_by_session_and_about_nobody() -> None:
    held = Held(station=12, server=9)
    one = SittingAnswers("s.26019901", "R1", "07", "26019901", "m1", held, held.at_risk(50, 60))
    gone = replace(one, held=Held(), risk=AtRisk(unheard=True), sitting_id="s.26019902")
    counted = totals([one, gone])
    assert (counted.sittings, counted.answers, counted.unheard) == (1, 12, 1)
    assert (counted.station_since_ms, counted.disk_since_ms) == (50, 60)
    text = metrics({'a"b': counted})
    assert 'kaodian_answers_only_at_station{session="a\\"b"} 3\n' in text
    assert 'kaodian_answers_on_one_disk{session="a\\"b"} 9\n' in text
    assert 'kaodian_answers_sittings_at{session="a\\"b",place="station"} 1\n' in text
    assert 'kaodian_answers_sittings_at{session="a\\"b",place="server"} 0\n' in text
    assert "26019901" not in text and "R1" not in text
