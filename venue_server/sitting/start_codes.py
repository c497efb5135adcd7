"""Room start codes (考场启动码, E04): made with the start that a room's stations are told.

A code is made in the transaction that gives its room a start: the release, or the later start of a
room that was held back then. Before that there is none, so nothing can give it away.
"""

import secrets
from collections.abc import Iterable

from sqlalchemy import Connection

from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.sitting.store import keep_start_code
from venue_server.wire.start_code import LENGTH

SALT_BYTES = 16


def make_start_codes(
    tx: Connection, ledger: Ledger, session_id: str, rooms: Iterable[str], actor: str = ""
) -> None:
    """Give each of these rooms its code, once; the ledger says that it was made, never what it is.

    Any six digits, from the operating system's random numbers.
    """
    for room_id in rooms:
        code, salt = f"{secrets.randbelow(10**LENGTH):0{LENGTH}}", secrets.token_hex(SALT_BYTES)
        if keep_start_code(tx, session_id, room_id, code, salt):
            ledger.record(tx, Event.START_CODE_MADE, actor, session=session_id, room=room_id)
