"""Canonical JSON is RFC 8785, whichever encoder wrote it."""

import enum
import hashlib

import msgspec
import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from venue_server.wire.canonical import canonical
from venue_server.wire.chain import ResponseEntry, entry_hash

# Halves of surrogate pairs included: no text of JSON, but Python lets them into a string.
anything = st.text(st.characters())
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**54), 2**54)
    | st.floats()
    | anything
    | st.sampled_from([2**53, 2**53 - 1, -(2**53), 1 - 2**53])
)
documents = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(anything, inner, max_size=5)
        | st.lists(inner, max_size=3).map(tuple)
    ),
    max_leaves=25,
)


def outcome(encode: object, value: object) -> object:
    """The bytes, or which kind of no."""
    assert callable(encode)
    try:
        return encode(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as no:
        return type(no)


@given(documents)
@example({"\U00010000": 1, "\uffff": 2})  # UTF-16 sorts these the other way round
@example({"b": 1, "a": {"": None, "Z": [True, 1.0]}})
@example(['\x00\x1f\x7f\u2028"\\/', 2**53])
def test_n02_the_quick_way_gives_the_bytes_of_rfc_8785(value: object) -> None:
    """Byte for byte, refusals included."""
    assert outcome(canonical, value) == outcome(rfc8785.dumps, value)


def test_every_character_is_written_as_rfc_8785_writes_it() -> None:
    """Escapes differ between JSON encoders more than anything else."""
    text = "".join(chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000)
    assert canonical({"text": text}) == rfc8785.dumps({"text": text})


class Word(enum.StrEnum):
    """A string that is more than a string."""

    A = "a"


@pytest.mark.parametrize("value", [Word.A, {Word.A: 1}, {"k": Word.A}, (1, "b")])
def test_relatives_of_plain_types_are_written_alike(value: object) -> None:
    """Enumerations and tuples take the thorough way."""
    assert canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize("value", [{1: "a"}, {"a": object()}, float("nan"), 2**53, "\ud800"])
def test_what_is_no_json_is_refused(value: object) -> None:
    """In either way."""
    with pytest.raises(rfc8785.CanonicalizationError):
        canonical(value)


@given(
    st.dictionaries(anything, st.lists(anything)),
    anything,
    st.integers(-(2**54), 2**54) | st.sampled_from([2**53, 2**53 - 1, -(2**53), 1 - 2**53]),
)
@example({"\U00010000": ["a"], "\uffff": []}, "t", 1)
def test_l02_an_entry_is_hashed_with_every_field_but_its_hash(
    values: dict[str, list[str]], text: str, at_ms: int
) -> None:
    """A field added to the entry and forgotten in the hash would be unprotected."""
    entry = ResponseEntry(text, 7, text, text, values, values, at_ms, text)
    body = msgspec.structs.asdict(entry)
    del body["hash"]

    def by_the_book(whole: object) -> str:
        return hashlib.sha256(rfc8785.dumps(whole)).hexdigest()

    assert outcome(entry_hash, entry) == outcome(by_the_book, body)
