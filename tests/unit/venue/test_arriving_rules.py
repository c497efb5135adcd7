"""When headquarters' documents are asked for: soon near a session, gently always (F14, F18)."""

from hypothesis import given
from hypothesis import strategies as st

from venue_server.release.arriving.rules import DocumentList, Listed, judge_list, pause_s
from venue_server.wire.refusals import RefusalCode

JITTER = st.floats(0, 1)


@given(st.booleans(), st.integers(0, 1000), st.one_of(st.none(), st.floats(0, 1e9)), JITTER)
def test_f18_the_pause_is_bounded_whatever_headquarters_asks(
    near: bool, faults: int, asked: float | None, jitter: float
) -> None:
    pause = pause_s(near, faults, asked, jitter)
    assert (15 if near else 300) <= pause <= (450 if near else 900)
    if asked is not None:
        assert pause >= min(asked, 300 if near else 600), "never asked before"


@given(st.booleans(), st.integers(0, 10))
def test_f18_each_fault_in_a_row_makes_it_longer_or_as_long(near: bool, faults: int) -> None:
    assert pause_s(near, faults + 1, None, 0) >= pause_s(near, faults, None, 0)
    assert pause_s(near, 1, None, 0) > pause_s(near, 0, None, 0)


def test_f18_venues_do_not_come_back_together() -> None:
    pauses = [pause_s(True, 3, None, n / 100) for n in range(101)]
    assert max(pauses) >= 1.5 * min(pauses) and len(set(pauses)) == 101


def a_list(*names: str) -> DocumentList:
    return DocumentList("", "", "v", [Listed(name, 1) for name in names])


@given(st.lists(st.sampled_from("abcdef"), unique=True), st.data())
def test_f14_a_list_that_only_grew_is_followed_and_no_other(
    before: list[str], data: st.DataObject
) -> None:
    after = data.draw(st.permutations("abcdef"))
    known = dict(enumerate(before, start=1))
    found = judge_list(a_list(*after), known, len(before))
    assert (found is None) == (list(after[: len(before)]) == before)
    if before:
        shorter = judge_list(a_list(*before[:-1]), known, len(before))
        assert shorter is not None and shorter.code is RefusalCode.LIST_OLDER
    assert judge_list(a_list(*before), {}, len(before) + 1) is not None, "longer was seen"
