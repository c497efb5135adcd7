"""HPKE helpers and the wrapped form key: round trips, and nothing opens in another context."""

import stat
from pathlib import Path

import pytest

from venue_server.wire import form_key, hpke


def test_round_trip_through_raw_keys() -> None:
    private = hpke.generate()
    assert len(private.public_raw()) == hpke.PUBLIC_SIZE
    sealed = hpke.seal(private.public_raw(), b"share", b"context")
    assert len(sealed) == len(b"share") + hpke.OVERHEAD
    again = hpke.from_private_raw(private.private_raw())
    assert again.open(sealed, b"context") == b"share"
    assert again.public_raw() == private.public_raw()


def test_another_context_key_or_a_flipped_bit_is_refused() -> None:
    private = hpke.generate()
    sealed = hpke.seal(private.public_raw(), b"share", b"context")
    with pytest.raises(hpke.HpkeError):
        private.open(sealed, b"another context")
    with pytest.raises(hpke.HpkeError):
        hpke.generate().open(sealed, b"context")
    for place in (0, 1100, len(sealed) // 2, len(sealed) - 1):
        broken = bytearray(sealed)
        broken[place] ^= 1
        with pytest.raises(hpke.HpkeError):
            private.open(bytes(broken), b"context")
    with pytest.raises(hpke.HpkeError):
        private.open(b"", b"context")


def test_malformed_keys_are_refused() -> None:
    with pytest.raises(hpke.HpkeError):
        hpke.from_private_raw(b"short")
    with pytest.raises(hpke.HpkeError):
        hpke.seal(b"short", b"", b"")
    with pytest.raises(hpke.HpkeError):
        hpke.seal(b"\xff" * hpke.PUBLIC_SIZE, b"", b"")


def test_private_key_file_is_owner_only_and_never_overwritten(tmp_path: Path) -> None:
    private = hpke.generate()
    path = tmp_path / "venue.key"
    hpke.save_private(private, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert hpke.load_private(path).public_raw() == private.public_raw()
    with pytest.raises(FileExistsError):
        hpke.save_private(private, path)
    assert repr(private) == "HpkePrivate(…)"


def test_form_key_opens_only_for_its_form_and_wrapping_key() -> None:
    wrapping, content = bytes(range(32)), bytes(reversed(range(32)))
    wrapped = form_key.wrap_form_key(wrapping, content, "P1", "A")
    assert len(wrapped) == 60
    assert form_key.unwrap_form_key(wrapping, wrapped, "P1", "A") == content
    for key, value, paper, form in [
        (wrapping, wrapped, "P1", "B"),
        (wrapping, wrapped, "P2", "A"),
        (content, wrapped, "P1", "A"),
        (wrapping, wrapped[:-1], "P1", "A"),
        (wrapping, b"", "P1", "A"),
    ]:
        with pytest.raises(form_key.FormKeyError):
            form_key.unwrap_form_key(key, value, paper, form)


def test_wrapping_info_binds_paper_form_and_machine() -> None:
    infos = {
        form_key.wrapping_info(p, f, m) for p in ("P", "Q") for f in ("A", "B") for m in ("1", "2")
    }
    assert len(infos) == 8
