"""The identity on disk."""

import ssl
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from venue_server.client.identity import IdentityError, MachineIdentity
from venue_server.wire.discovery import venue_hint


def test_what_is_saved_is_loaded(venue: Any) -> None:
    machine = venue.machine("s1", 8443)
    assert MachineIdentity.exists(machine.directory)
    assert MachineIdentity.load(machine.directory) == machine
    assert machine.hpke().private_raw() == machine.hpke_private
    assert machine.venue == venue_hint(venue.ca_der)


def test_only_the_owner_can_read_it(venue: Any) -> None:
    folder = venue.machine("s1").directory
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {p.stat().st_mode & 0o777 for p in folder.iterdir()} == {0o600}


def test_secrets_are_not_in_the_repr(venue: Any) -> None:
    machine = venue.machine("s1")
    assert "PRIVATE" not in repr(machine)
    assert repr(machine.hpke_private) not in repr(machine)


def test_a_new_enrolment_replaces_the_old_one(venue: Any) -> None:
    old = venue.machine("s1")
    new = replace(venue.machine("s2"), directory=old.directory)
    new.save()
    assert MachineIdentity.load(old.directory) == new
    assert [p.name for p in old.directory.glob("*.pem")] == [new.pem_path.name]


def test_a_crash_between_the_two_files_leaves_the_old_identity(
    venue: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = venue.machine("s1")
    new = replace(venue.machine("s2"), directory=old.directory)
    rename = Path.replace

    def crash(self: Path, target: Path) -> Path:
        if target.name == "identity.json":
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "replace", crash)
    with pytest.raises(KeyboardInterrupt):
        new.save()
    assert MachineIdentity.load(old.directory) == old
    monkeypatch.undo()
    new.save()  # what the crash left does not stop the next attempt
    assert MachineIdentity.load(old.directory) == new


def test_learned_addresses_are_kept(venue: Any) -> None:
    machine = venue.machine("s1").with_addresses(["10.0.0.5:8443", "10.0.0.6:8443"])
    machine.save()
    assert MachineIdentity.load(machine.directory).addresses == ("10.0.0.5:8443", "10.0.0.6:8443")


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "identity.json").unlink(),
        lambda folder: (folder / "identity.json").write_bytes(b"{"),
        lambda folder: (folder / "identity.json").write_bytes(b"{}"),
        lambda folder: next(folder.glob("*.pem")).unlink(),
        lambda folder: next(folder.glob("*.pem")).write_bytes(b"nothing"),
    ],
)
def test_damage_is_named(venue: Any, damage: Any) -> None:
    folder = venue.machine("s1").directory
    damage(folder)
    with pytest.raises(IdentityError):
        MachineIdentity.load(folder)


def test_a_newer_format_is_named(venue: Any) -> None:
    folder = venue.machine("s1").directory
    path = folder / "identity.json"
    path.write_text(path.read_text().replace('"format":1', '"format":2'))
    with pytest.raises(IdentityError, match="format 2"):
        MachineIdentity.load(folder)


def test_tls_13_only_and_nothing_but_the_venues_ca(venue: Any) -> None:
    context = venue.machine("s1").ssl_context()
    assert context.minimum_version is ssl.TLSVersion.TLSv1_3
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.get_ca_certs(binary_form=True) == [venue.ca_der]
