"""L10: a key is found wherever it lies, in whatever form, across the borders of the pieces read."""

import base64
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venue_server.upload import key_search_io
from venue_server.upload.key_search_io import search

KEY = bytes(range(7, 39))
FORMS = {
    "raw": KEY,
    "hex": KEY.hex().encode(),
    "upper": KEY.hex().upper().encode(),
    "base64": base64.b64encode(KEY),
    "url": base64.urlsafe_b64encode(KEY).rstrip(b"="),
}


@pytest.mark.parametrize("form", FORMS)
@given(before=st.binary(max_size=70), after=st.binary(max_size=20))
def test_l10_it_is_found_in_every_form_at_every_place(
    tmp_path_factory: pytest.TempPathFactory, form: str, before: bytes, after: bytes
) -> None:
    folder = tmp_path_factory.mktemp("search")
    (folder / "deep").mkdir()
    (folder / "deep" / "file").write_bytes(before + FORMS[form] + after)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(key_search_io, "PIECE", 16)
        found = search([folder], [KEY])
    assert found.found == [str(folder / "deep" / "file")]


@given(before=st.binary(max_size=5))
def test_l10_it_is_found_inside_something_longer_in_base64(
    tmp_path_factory: pytest.TempPathFactory, before: bytes
) -> None:
    folder = tmp_path_factory.mktemp("search")
    (folder / "file").write_bytes(base64.b64encode(before + KEY + b"tail"))
    assert search([folder], [KEY]).found


def test_l10_what_is_passed_and_what_is_a_link_is_not_searched(tmp_path: Path) -> None:
    for name in ("own", "medium/copy"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(KEY)
    (tmp_path / "link").symlink_to(tmp_path / "own")
    done = search([tmp_path], [KEY], [tmp_path / "own", tmp_path / "medium"])
    assert (done.files, done.found) == (0, [])
    assert len(search([tmp_path], [KEY]).found) == 2
    assert search([tmp_path], [b"x" * 32]).found == []
