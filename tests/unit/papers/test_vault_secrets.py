"""D01, D11: shares, release token and offline code open the paper together, and never alone."""

import io
import itertools
import json
from typing import Any

import pytest

from venue_server.headquarters.release_token import build_release_token, load_release_secret
from venue_server.intake.assembly import Assembled, assemble
from venue_server.intake.fragments import FragmentVerdict, inspect_fragment
from venue_server.vault import slip39
from venue_server.vault.keys import check_release_secret, derive_content_key
from venue_server.vault.offline_code import check_code_share, combine_code
from venue_server.vault.release_token import read_release_token
from venue_server.vault.shares import open_share, recover_secret, share_info
from venue_server.wire import hpke
from venue_server.wire.refusals import Refusal, RefusalCode
from venue_server.wire.signed import sign
from venue_server.wire.stream import StreamError, StreamReader


def _shares(sealed: Any) -> dict[int, bytes]:
    shares: dict[int, bytes] = {}
    for path in sealed.paper.fragment_files:
        verdict = inspect_fragment(path, sealed.manifest, "V01")
        assert isinstance(verdict, FragmentVerdict), verdict
        shares[verdict.fragment] = verdict.sealed_share
    return shares


def _token(sealed: Any) -> bytes:
    return build_release_token(load_release_secret(sealed.paper.secret_file), sealed.signers)


def _code(result: object) -> RefusalCode:
    assert isinstance(result, Refusal), result
    return result.code


def test_d01_any_k_shares_give_the_same_secret_and_fewer_none(sealed: Any) -> None:
    shares = _shares(sealed)
    secrets = set()
    for chosen in itertools.combinations(shares, 3):
        picked = {n: shares[n] for n in chosen}
        secret = recover_secret(picked, sealed.manifest, "V01", sealed.venue)
        assert isinstance(secret, bytes)
        secrets.add(secret)
    assert len(secrets) == 1 and len(secrets.pop()) == 32
    for size in (0, 1, 2):
        for chosen in itertools.combinations(shares, size):
            picked = {n: shares[n] for n in chosen}
            found = recover_secret(picked, sealed.manifest, "V01", sealed.venue)
            assert _code(found) is RefusalCode.FRAGMENTS_MISSING


def test_a_share_opens_only_for_its_venue_fragment_and_key(sealed: Any) -> None:
    shares = _shares(sealed)
    assert isinstance(open_share(shares[1], 1, sealed.manifest, "V01", sealed.venue), str)
    for sealed_share, fragment, venue_id, key in [
        (shares[1], 2, "V01", sealed.venue),
        (shares[1], 1, "V02", sealed.venue),
        (shares[1], 1, "V01", hpke.generate()),
        (shares[1][:-1], 1, "V01", sealed.venue),
        (b"", 1, "V01", sealed.venue),
    ]:
        found = open_share(sealed_share, fragment, sealed.manifest, venue_id, key)
        assert _code(found) is RefusalCode.SHARE_UNREADABLE
    mixed = {1: shares[1], 2: shares[1], 3: shares[3]}
    found = recover_secret(mixed, sealed.manifest, "V01", sealed.venue)
    assert _code(found) is RefusalCode.SHARE_UNREADABLE


def test_one_rotten_share_does_no_harm_while_k_others_open(sealed: Any) -> None:
    shares = _shares(sealed)
    whole = recover_secret(shares, sealed.manifest, "V01", sealed.venue)
    spoilt = {**shares, 1: bytes(len(shares[1])), 4: b""}
    assert recover_secret(spoilt, sealed.manifest, "V01", sealed.venue) == whole
    spoilt[2] = shares[3]
    found = recover_secret(spoilt, sealed.manifest, "V01", sealed.venue)
    assert _code(found) is RefusalCode.SHARE_UNREADABLE


def test_shares_of_two_sealings_do_not_combine(sealed: Any) -> None:
    """Shares that open but belong to different secrets: only a malicious sealer makes these."""
    manifest = sealed.manifest
    mixed = {}
    for fragment in (1, 2, 3):
        words = slip39.split(bytes([fragment]) * 32, 3, 5)[fragment - 1]
        info = share_info("V01", manifest.package_id, manifest.paper_id, manifest.form_id, fragment)
        mixed[fragment] = hpke.seal(sealed.venue.public_raw(), words.encode(), info)
    found = recover_secret(mixed, manifest, "V01", sealed.venue)
    assert _code(found) is RefusalCode.SHARE_UNREADABLE


def test_d11_all_fragments_without_the_release_secret_open_nothing(
    sealed: Any, tmp_path: Any
) -> None:
    paths = dict(enumerate(sealed.paper.fragment_files, start=1))
    assembled = assemble(paths, sealed.manifest, tmp_path / "ciphertext")
    assert isinstance(assembled, Assembled)
    ciphertext = assembled.path.read_bytes()
    secret = recover_secret(_shares(sealed), sealed.manifest, "V01", sealed.venue)
    release = read_release_token(_token(sealed), sealed.manifest, sealed.trusted, 2)
    assert isinstance(secret, bytes) and isinstance(release, bytes)
    right = derive_content_key(secret, release, "KW-2026", "A")
    assert StreamReader(right, io.BytesIO(ciphertext)).read(2) == b"PK"
    for key in (
        derive_content_key(secret, bytes(32), "KW-2026", "A"),
        derive_content_key(bytes(32), release, "KW-2026", "A"),
        derive_content_key(secret, release, "KW-2026", "B"),
        secret,
        release,
    ):
        with pytest.raises(StreamError):
            StreamReader(key, io.BytesIO(ciphertext))
    everything = ciphertext + b"".join(p.read_bytes() for p in paths.values())
    everything += sealed.paper.manifest_file.read_bytes()
    for words in ("主考", "监考", "qti-", "paper.json"):
        assert words.encode() not in everything
    for hidden in (secret, release, right, secret.hex().encode(), release.hex().encode()):
        assert hidden not in everything


def test_release_token_faults(sealed: Any) -> None:
    manifest, trusted = sealed.manifest, sealed.trusted
    document = json.loads(_token(sealed))
    good = document["payload"]
    assert isinstance(read_release_token(_token(sealed), manifest, trusted, 2), bytes)

    def code(changes: dict[str, object], signers: Any = None) -> RefusalCode:
        token = sign({**good, **changes}, signers or sealed.signers)
        return _code(read_release_token(json.dumps(token).encode(), manifest, trusted, 2))

    assert code({}, sealed.signers[:1]) is RefusalCode.SIGNATURE_INVALID
    assert code({"type": "kaodian.manifest"}) is RefusalCode.DOCUMENT_WRONG_TYPE
    assert code({"version": "9.0"}) is RefusalCode.VERSION_UNKNOWN
    for field, value in [
        ("package_id", "x"), ("paper_id", "x"), ("form_id", "B"), ("release_at_ms", 1)
    ]:  # fmt: skip
        assert code({field: value}) is RefusalCode.RELEASE_TOKEN_FOREIGN
    for secret in ("", "AAAA", "not base64!", None, 7, "A" * 44):
        assert code({"release_secret": secret}) is RefusalCode.RELEASE_SECRET_WRONG
    assert _code(read_release_token(b"x", manifest, trusted, 2)) is RefusalCode.DOCUMENT_MALFORMED


def test_offline_code_needs_its_threshold_of_right_shares(sealed: Any) -> None:
    """2 of 3 custodians; words may be typed in capitals and with odd blanks."""
    shares = [path.read_text().splitlines()[1] for path in sealed.paper.code_files]
    assert len(shares) == 3
    release = read_release_token(_token(sealed), sealed.manifest, sealed.trusted, 2)
    for pair in itertools.combinations(shares, 2):
        typed = [f"  {words.upper().replace(' ', '   ')} " for words in pair]
        assert combine_code(typed, sealed.manifest) == release
    words = shares[0].split()
    mistyped = " ".join([words[1], words[0], *words[2:]])
    assert check_code_share(shares[0]) is None
    for wrong in (mistyped, "", "hello world", " ".join(words[:-1])):
        assert _code(check_code_share(wrong)) is RefusalCode.CODE_SHARE_INVALID
        found = combine_code([wrong, shares[1]], sealed.manifest)
        assert _code(found) is RefusalCode.CODE_SHARE_INVALID
    for too_few in ([], shares[:1], [shares[0]] * 2):
        found = combine_code(too_few, sealed.manifest)
        assert _code(found) is RefusalCode.CODE_SHARE_INVALID


def test_offline_code_of_another_paper_is_refused(sealed: Any, tmp_path: Any) -> None:
    other = sealed.seal_again(tmp_path / "other", code_shares=2)
    shares = [path.read_text().splitlines()[1] for path in other.code_files]
    assert _code(combine_code(shares, sealed.manifest)) is RefusalCode.RELEASE_SECRET_WRONG
    assert check_release_secret(b"short", sealed.manifest) is not None


def test_d11_secrets_are_headquarters_alone_and_owner_only(sealed: Any) -> None:
    own = [sealed.paper.key_file, sealed.paper.secret_file, *sealed.paper.code_files]
    for path in own:
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.name == "headquarters" and path.parent.stat().st_mode & 0o077 == 0
    names = sorted(path.name for path in (sealed.out / "venue").iterdir())
    assert names == sorted(["manifest.json", *(path.name for path in sealed.paper.fragment_files)])
    assert sorted(path.name for path in sealed.out.iterdir()) == ["headquarters", "venue"]
