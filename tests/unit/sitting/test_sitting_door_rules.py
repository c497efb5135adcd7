"""The door's rule as a pure function: every instant, class and finding (F01-F06, F10, F14)."""

import dataclasses
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from venue_server.sitting.admission import AtDoor, at_door, in_doubt_at_door
from venue_server.sitting.plan import Candidate, PlannedSession
from venue_server.sitting.rows import Session, Sitting
from venue_server.wire.names import (
    DataState,
    DoubtKind,
    IdDocument,
    MediaClass,
    NameCheck,
    PersonCheck,
    SessionState,
    SittingState,
)
from venue_server.wire.refusals import RefusalCode

START = 1_790_000_000_000
NUMBERS = ("11010519491231002X", "110101199003070011")
CANDIDATE = Candidate("3601123401", "应试", IdDocument.RESIDENT_ID, NUMBERS[0], "R1", "01")
SITTING = Sitting(
    "s1.3601123401", "s1", "R1", "01", "3601123401", SittingState.SCHEDULED, "",
    None, None, None, None, None, None, None, None, None, None,
)  # fmt: skip
PLANNED = PlannedSession(
    "s1", "c", "t", START, 5400, MediaClass.NORMAL, True, 0, 0, 60, 1800, [CANDIDATE]
)

entries = st.builds(
    AtDoor,
    st.sampled_from(["R1", "R2"]),
    st.sampled_from(IdDocument),
    st.sampled_from([*NUMBERS, "110105194912310021", ""]),
    st.booleans(),
    st.booleans(),
    st.sampled_from(NameCheck),
    st.sampled_from(PersonCheck),
)
doubts = st.frozensets(st.sampled_from(DoubtKind))
late_ms = st.integers(-5, 5) | st.integers(-4_000_000, 8_000_000)


def session(media: MediaClass, delay_ms: int) -> Session:
    planned = msgspec.structs.replace(PLANNED, media_class=media)
    state, data = SessionState.STARTED, DataState.COLLECTING
    return Session("s1", "p", state, data, START + delay_ms, START, planned, frozenset({"R1"}))


@given(entries, st.sampled_from(MediaClass), st.integers(0, 3_600_000), late_ms, doubts)
def test_f05_f06_nobody_passes_at_or_after_the_cut_off_whatever_is_entered(
    entry: AtDoor, media: MediaClass, delay_ms: int, off_ms: int, doubted: Any
) -> None:
    """The cut-off follows the effective start; alone or by two makes no difference."""
    grace = 300_000 if media is MediaClass.NORMAL else 0
    now = START + delay_ms + grace + off_ms
    known = SITTING, CANDIDATE
    one = at_door(entry, session(media, delay_ms), known, now, doubted)
    two = in_doubt_at_door(entry.room_id, session(media, delay_ms), known, now, doubted)
    if off_ms >= 0:
        assert SittingState.ADMITTED not in (one.becomes, two.becomes)
        assert one.refusal is not None and two.refusal is not None
        late = entry.room_id == "R1"
        assert (one.refusal.code is RefusalCode.ADMISSION_CLOSED) == late
    elif entry.room_id == "R1":
        assert (two.refusal is None) == bool(doubted)


@given(entries, doubts)
def test_f01_f02_f14_one_person_admits_only_who_has_both_documents_and_no_doubt(
    entry: AtDoor, doubted: frozenset[DoubtKind]
) -> None:
    verdict = at_door(entry, session(MediaClass.NORMAL, 0), (SITTING, CANDIDATE), START, doubted)
    sound = (
        entry.room_id == "R1"
        and entry.id_checked
        and entry.ticket_checked
        and entry.id_number == NUMBERS[0]
        and entry.name is NameCheck.SAME
        and entry.person is PersonCheck.SAME
        and doubted <= {DoubtKind.NUMBER}
    )
    assert (verdict.refusal is None) == sound
    assert (verdict.becomes is SittingState.ADMITTED) == sound


@given(entries)
def test_f03_a_noted_rare_character_never_makes_a_doubt_of_the_name(entry: AtDoor) -> None:
    noted = msgspec.structs.replace(CANDIDATE, rare_char_note="㐂以喜代")
    rare = dataclasses.replace(entry, name=NameCheck.RARE_CHARACTER)
    verdict = at_door(rare, session(MediaClass.NORMAL, 0), (SITTING, noted), START)
    assert DoubtKind.NAME not in verdict.doubts
    assert verdict.rare == (verdict.refusal is None)
