"""Release tokens: the same few signed bytes for every venue, from ``release_at`` on (E02).

``papers/<name>.json`` holds one published form's secret, where name is the SHA-256 of
"paper_id/form_id": a request can therefore name no other file. The token is a signed document
(wire/signed.py, both keys) of type ``kaodian.release-token`` with paper_id, form_id, package_id,
release_secret (base64) and release_at_ms.
"""

from pathlib import Path

import msgspec

from venue_server.headquarters.service_keys import HeadquartersKeys
from venue_server.storage.files import write_whole
from venue_server.vault.release_token import TYPE, VERSION
from venue_server.wire.canonical import canonical, sha256_hex
from venue_server.wire.signed import sign


class PaperSecret(msgspec.Struct, frozen=True):
    """What the sealing tool hands to the release service. ``release_secret`` is base64."""

    paper_id: str
    form_id: str
    package_id: str
    release_secret: str
    release_at_ms: int

    def __repr__(self) -> str:
        return f"PaperSecret({self.paper_id}/{self.form_id}, …)"


class ReleaseShelf:
    """The published secrets of one data folder."""

    def __init__(self, keys: HeadquartersKeys) -> None:
        self._keys = keys
        self._tokens: dict[tuple[str, str, int], bytes] = {}

    def find(self, paper_id: str, form_id: str) -> PaperSecret | None:
        """The secret of a form, or None when nothing was published under that name.

        Raises msgspec.DecodeError: the file is damaged.
        """
        file = _file(self._keys.data_dir, paper_id, form_id)
        if not file.exists():
            return None
        return msgspec.json.decode(file.read_bytes(), type=PaperSecret)

    def token(self, secret: PaperSecret) -> bytes:
        """The signed token as canonical JSON; equal bytes every time, so caches may keep it."""
        name = (secret.paper_id, secret.form_id, secret.release_at_ms)
        if name not in self._tokens:
            payload = {"type": TYPE, "version": VERSION, **msgspec.to_builtins(secret)}
            self._tokens[name] = canonical(sign(payload, self._keys.signing))
        return self._tokens[name]


def publish_paper(data_dir: Path, secret: PaperSecret) -> None:
    """Put a form's secret on the shelf, durably. A running service serves it without a restart."""
    file = _file(data_dir, secret.paper_id, secret.form_id)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_whole(file, msgspec.json.encode(secret))


def _file(data_dir: Path, paper_id: str, form_id: str) -> Path:
    return data_dir / "papers" / f"{sha256_hex(f'{paper_id}/{form_id}'.encode())}.json"
