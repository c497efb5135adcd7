"""Getting an identity: load the station's own, or enrol until a person has confirmed the code."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from candidate_station.session.settings import StationSettings
from venue_server.client.discovery import first_found
from venue_server.client.enrolment import EnrolmentError, enrol
from venue_server.client.identity import IdentityError, MachineIdentity
from venue_server.client.link_words import not_enrolled_because, not_found
from venue_server.wire.refusals import Refusal, RefusalCode

KIND = "station"
RETRY_S = 2.0
SEARCH_S = 5.0

OnCode = Callable[[str, Refusal | None], None]


def identity_folder(settings: StationSettings) -> Path:
    """Where the station's identity lies; journal keys lie below it."""
    return settings.data_dir / "identity"


async def join(settings: StationSettings, on_code: OnCode) -> MachineIdentity:
    """The station's identity, enrolling for as long as it takes.

    ``on_code`` hears the code to show, or an empty code with the refusal of the last attempt. A
    damaged identity is enrolled anew; journals and their keys stay. Raises OSError when the
    identity cannot be saved.
    """
    folder = identity_folder(settings)
    if MachineIdentity.exists(folder):
        try:
            return await asyncio.to_thread(MachineIdentity.load, folder)
        except IdentityError:
            on_code("", Refusal(RefusalCode.IDENTITY_UNREADABLE))
    while True:
        joined = await _attempt(settings, folder, on_code)
        if isinstance(joined, MachineIdentity):
            return joined
        on_code("", joined)
        await asyncio.sleep(RETRY_S)


async def _attempt(
    settings: StationSettings, folder: Path, on_code: OnCode
) -> MachineIdentity | Refusal:
    """One attempt; a refusal also when no server could be reached or none could be believed."""
    address = settings.enrol or await _discovered(settings)
    if not address:
        return not_found()
    try:
        return await enrol(address, KIND, folder, lambda code: on_code(code, None))
    except EnrolmentError as error:
        return not_enrolled_because(error, address)


async def _discovered(settings: StationSettings) -> str:
    """The enrolment address of a server that announced itself, or nothing."""
    if not settings.discovery:
        return ""
    try:
        found = await first_found(SEARCH_S)
    except OSError:
        return ""
    return str(found.enrol) if found is not None and found.enrol is not None else ""
