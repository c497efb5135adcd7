"""D18: the erasure code gives the same bytes whoever computes it, or is not used."""

import ctypes
from collections.abc import Callable
from itertools import combinations

import pytest
import zfec
from hypothesis import given, settings
from hypothesis import strategies as st

from venue_server.vault import erasure_code as module
from venue_server.vault.erasure_code import (
    LIBRARY,
    ErasureCode,
    IsalCode,
    ZfecCode,
    erasure_code,
    isal,
)

Make = Callable[[int, int], ErasureCode]


def by_isal(k: int, n: int) -> ErasureCode:
    library = isal()
    if library is None:
        pytest.skip(f"this machine has no {LIBRARY} (Debian: libisal2)")
    return IsalCode(library, k, n)


MAKERS = pytest.mark.parametrize("make", [ZfecCode, by_isal])


def shapes() -> st.SearchStrategy[tuple[int, int]]:
    return st.integers(1, 16).flatmap(lambda k: st.tuples(st.just(k), st.integers(k, 20)))


def decoded(code: ErasureCode, blocks: list[bytes], numbers: list[int]) -> list[bytes]:
    out = [bytearray(len(blocks[0])) for _ in numbers]
    given_ = [memoryview(bytearray(blocks[number])) for number in numbers]
    code.decode_into(given_, numbers, [memoryview(room) for room in out])
    return [bytes(room) for room in out]


@MAKERS
def test_d18_every_three_of_five_give_the_primary_blocks(make: Make) -> None:
    primary = [bytes([at] * 100_001) for at in (7, 11, 13)]
    blocks = zfec.Encoder(3, 5).encode(primary)
    for numbers in combinations(range(5), 3):
        assert decoded(make(3, 5), [*blocks], list(numbers)) == primary, numbers


@MAKERS
@settings(max_examples=60, deadline=None)
@given(shape=shapes(), length=st.integers(1, 300), data=st.data())
def test_d18_the_same_bytes_as_zfec_for_any_shape(
    make: Make, shape: tuple[int, int], length: int, data: st.DataObject
) -> None:
    k, n = shape
    primary = data.draw(
        st.lists(st.binary(min_size=length, max_size=length), min_size=k, max_size=k)
    )
    code = make(k, n)
    blocks = zfec.Encoder(k, n).encode(primary)
    assert code.encode(primary, range(n)) == [bytes(block) for block in blocks]
    numbers = data.draw(st.permutations(range(n)))[:k]
    assert decoded(code, [bytes(block) for block in blocks], numbers) == primary


def test_d18_views_into_larger_memory_stay_within_their_bounds() -> None:
    """Odd offsets and lengths; what lies around the target is untouched."""
    code = by_isal(3, 5)
    primary = [bytes([at] * 4099) for at in (1, 2, 3)]
    blocks = code.encode(primary, range(5))
    around = bytearray(b"\xee" * (3 * 4099 + 10))
    rooms = [memoryview(around)[5 + at * 4099 : 5 + (at + 1) * 4099] for at in range(3)]
    code.decode_into([memoryview(bytearray(blocks[i])) for i in (2, 3, 4)], [2, 3, 4], rooms)
    assert bytes(around) == b"\xee" * 5 + b"".join(primary) + b"\xee" * 5


def test_d18_blocks_of_unequal_length_never_reach_foreign_memory() -> None:
    code = by_isal(2, 3)
    short, long = memoryview(bytearray(10)), memoryview(bytearray(11))
    with pytest.raises(AssertionError):
        code.decode_into([long, short], [1, 2], [memoryview(bytearray(11)) for _ in range(2)])
    with pytest.raises(AssertionError):
        code.encode([b"ab", b"a"], [2])


def test_d18_a_library_that_computes_otherwise_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    class Liar:
        def ec_init_tables(self, *_: object) -> None: ...
        def ec_encode_data(self, *_: object) -> None: ...  # leaves zeros

    monkeypatch.setattr(module, "isal", Liar)
    assert isinstance(erasure_code(3, 5), ZfecCode)


def test_d18_without_the_library_zfec_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: str) -> ctypes.CDLL:
        raise OSError

    monkeypatch.setattr(module.ctypes, "CDLL", missing)
    monkeypatch.setattr(module, "isal", isal.__wrapped__)
    assert isinstance(erasure_code(3, 5), ZfecCode)


def test_d18_this_machine_uses_the_library_it_has() -> None:
    assert isinstance(erasure_code(3, 5), ZfecCode if isal() is None else IsalCode)
