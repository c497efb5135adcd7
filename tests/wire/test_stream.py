"""STREAM: each truncation, flip, splice, reordering of a sealed paper is noticed (D11, R6)."""

import io
import os
import zipfile
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from venue_server.wire.stream import (
    HEADER,
    MAX_CHUNK_SIZE,
    TAG,
    StreamError,
    StreamReader,
    seal_stream,
    sealed_size,
)

KEY = bytes(range(32))
CHUNK = 16


def sealed(plain: bytes, chunk: int = CHUNK, key: bytes = KEY) -> bytes:
    return b"".join(seal_stream(key, [plain], chunk))


def opened(data: bytes, key: bytes = KEY) -> bytes:
    return StreamReader(key, io.BytesIO(data)).read()


lengths = st.integers(0, 5 * CHUNK)


@settings(max_examples=60, deadline=None)
@given(plain=st.binary(max_size=5 * CHUNK), cuts=st.lists(lengths, max_size=4))
def test_however_it_was_cut_it_opens_again_and_has_the_announced_size(
    plain: bytes, cuts: list[int]
) -> None:
    places = [0, *sorted(min(cut, len(plain)) for cut in cuts), len(plain)]
    pieces = [plain[a:b] for a, b in pairwise(places)]
    data = b"".join(seal_stream(KEY, pieces, CHUNK))
    assert len(data) == sealed_size(len(plain), CHUNK)
    assert opened(data) == plain


@settings(max_examples=60, deadline=None)
@given(length=lengths, cut=st.integers(0, 10_000))
def test_r6_any_truncation_fails_on_opening(length: int, cut: int) -> None:
    data = sealed(os.urandom(length))
    with pytest.raises(StreamError):
        StreamReader(KEY, io.BytesIO(data[: cut % len(data)]))


@settings(max_examples=60, deadline=None)
@given(length=lengths, place=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_r6_any_flipped_bit_fails(length: int, place: int, bit: int) -> None:
    data = bytearray(sealed(os.urandom(length)))
    data[place % len(data)] ^= 1 << bit
    with pytest.raises(StreamError):
        opened(bytes(data))


@settings(max_examples=60, deadline=None)
@given(length=lengths, more=st.binary(min_size=1, max_size=3 * CHUNK))
def test_r6_nothing_can_be_appended(length: int, more: bytes) -> None:
    with pytest.raises(StreamError):
        opened(sealed(os.urandom(length)) + more)


def test_r6_chunks_cannot_be_reordered_repeated_or_left_out() -> None:
    data = sealed(os.urandom(3 * CHUNK + 5))
    header, body = data[: HEADER.size], data[HEADER.size :]
    size = CHUNK + TAG
    chunks = [body[at : at + size] for at in range(0, len(body), size)]
    assert len(chunks) == 4
    for order in ([1, 0, 2, 3], [0, 0, 1, 2, 3], [0, 2, 3], [0, 1, 2], [3], [0, 1, 3]):
        with pytest.raises(StreamError):
            opened(header + b"".join(chunks[number] for number in order))


def test_r6_a_chunk_of_another_stream_under_the_same_key_does_not_fit() -> None:
    one, other = sealed(b"a" * 3 * CHUNK), sealed(b"b" * 3 * CHUNK)
    size = CHUNK + TAG
    spliced = one[: HEADER.size + size] + other[HEADER.size + size :]
    with pytest.raises(StreamError):
        opened(spliced)


def test_d11_another_key_opens_nothing() -> None:
    with pytest.raises(StreamError):
        opened(sealed(b"paper"), bytes(32))


def test_d11_the_same_text_is_never_sealed_to_the_same_bytes() -> None:
    assert sealed(b"paper") != sealed(b"paper")


@settings(max_examples=60, deadline=None)
@given(length=lengths, steps=st.lists(st.tuples(lengths, lengths), max_size=6))
def test_it_seeks_like_a_file(length: int, steps: list[tuple[int, int]]) -> None:
    plain = os.urandom(length)
    raw = StreamReader(KEY, io.BytesIO(sealed(plain)))
    reader, model = io.BufferedReader(raw, 7), io.BytesIO(plain)
    for place, count in steps:
        assert reader.seek(place) == model.seek(place)
        assert reader.read(count) == model.read(count)
        assert reader.tell() == model.tell()
    assert reader.seek(0, os.SEEK_END) == length
    back = min(3, length)
    assert reader.seek(-back, os.SEEK_CUR) == length - back
    assert reader.read() == plain[length - back :]
    assert raw.seekable()
    assert raw.readable()


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"KDSTRM01",
        HEADER.pack(b"KDSTRM02", CHUNK, bytes(7)),
        HEADER.pack(b"KDSTRM01", 0, bytes(7)),
        HEADER.pack(b"KDSTRM01", MAX_CHUNK_SIZE + 1, bytes(7)),
    ],
)
def test_r6_a_foreign_header_is_no_stream(header: bytes) -> None:
    with pytest.raises(StreamError):
        StreamReader(KEY, io.BytesIO(header + bytes(64)))


@given(st.integers(0, 5 * CHUNK), st.integers(0, 5 * CHUNK))
def test_a_read_is_never_short_because_a_chunk_ends(start: int, count: int) -> None:
    plain = bytes(range(5 * CHUNK))
    reader = StreamReader(KEY, io.BytesIO(sealed(plain)))
    reader.seek(start)
    assert reader.read(count) == plain[start : start + count]


def test_r6_a_reader_notices_damage_behind_the_last_chunk_only_when_it_gets_there() -> None:
    data = bytearray(sealed(b"x" * 3 * CHUNK))
    data[HEADER.size + CHUNK + TAG] ^= 1
    reader = StreamReader(KEY, io.BytesIO(bytes(data)))
    assert reader.read(CHUNK) == b"x" * CHUNK
    with pytest.raises(StreamError, match="chunk 1"):
        reader.read(1)


@given(st.integers(1, 80), st.integers(0, 300), st.integers(0, 400))
def test_reads_are_whole_wherever_a_chunk_ends(chunk: int, size: int, wanted: int) -> None:
    """A short read in the middle is the end of the file to whoever reads a ZIP."""
    text = bytes(range(256)) + bytes(range(44))
    sealed = b"".join(seal_stream(KEY, [text[:size]], chunk))
    reader = StreamReader(KEY, io.BytesIO(sealed))
    assert reader.read(wanted) == text[: min(size, wanted)]
    assert reader.read(wanted) == text[wanted : min(size, 2 * wanted)]


@pytest.mark.parametrize("chunk", [1, 7, 29, 64, 1000])
def test_e02_a_zip_opens_wherever_a_chunk_ends(chunk: int) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(9):
            archive.writestr(f"items/{number:04d}.xml", bytes([number]) * 57)
    sealed = b"".join(seal_stream(KEY, [packed.getvalue()], chunk))
    with zipfile.ZipFile(StreamReader(KEY, io.BytesIO(sealed))) as archive:
        for number, name in enumerate(archive.namelist()):
            assert archive.read(name) == bytes([number]) * 57
