"""Copies this station's journals for the venue server, when it can no longer send them (F4, F25).

For an administrator: the copy can be read by whoever has it, because the keys go with it. It is for
a registered medium in two people's hands, and the server takes it in by an order of two people.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from candidate_station.answers.durable import make_private_folder, sync_folder, write_private_file
from venue_server.client.identity import IdentityError, MachineIdentity
from venue_server.wire.journal_format import FILE_NAME

_KEYS = Path("identity") / "journal-keys"


@dataclass(frozen=True)
class Exported:
    """Where the copy lies, and how many sittings it holds."""

    folder: Path
    sittings: int


def export_journals(data: Path, identity: Path, target: Path) -> Exported:
    """Copy every journal of ``data`` with its key into a folder of its own below ``target``.

    Nothing of the station changes; a running station may go on. Raises OSError.
    """
    try:
        machine_id = MachineIdentity.load(identity).machine_id
    except IdentityError:
        machine_id = ""
    folder = target / f"kaodian-{machine_id or 'station-unknown'}"
    make_private_folder(folder / _KEYS)
    count = 0
    for key_file in sorted((data / _KEYS).glob("*.key")):
        source = data / "sittings" / key_file.stem
        copy = folder / "sittings" / key_file.stem
        make_private_folder(copy)
        for journal in sorted(source.glob(f"{FILE_NAME}*")) if source.is_dir() else ():
            write_private_file(copy / journal.name, journal.read_bytes())
        write_private_file(folder / _KEYS / key_file.name, key_file.read_bytes())
        count += 1
    write_private_file(
        folder / "station.json", json.dumps({"machine_id": machine_id}).encode("utf-8")
    )
    sync_folder(target)
    return Exported(folder, count)
