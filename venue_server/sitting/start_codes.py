"""Room start codes (考场启动码, E04): made with the start that a room's stations are told.

A code is made in the transaction that gives its room a start: the release, or the later start of a
room that was held back then. Before that there is none, so nothing can give it away.
"""

import secrets
from collections.abc import Iterable

from sqlalchemy import Connection, update

from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.storage.schema import room
from venue_server.wire.start_code import LENGTH

SALT_BYTES = 16


def make_start_codes(
    tx: Connection, ledger: Ledger, session_id: str, rooms: Iterable[str], actor: str = ""
) -> None:
    """Give each of these rooms its code, once; the ledger says that it was made, never what it is.

    Any six digits, from the operating system's random numbers.
    """
    for room_id in rooms:
        done = tx.execute(
            update(room)
            .where(room.c.session_id == session_id, room.c.room_id == room_id)
            .where(room.c.start_code.is_(None))
            .values(
                start_code=f"{secrets.randbelow(10**LENGTH):0{LENGTH}}",
                start_code_salt=secrets.token_hex(SALT_BYTES),
            )
        )
        if done.rowcount == 1:
            ledger.record(tx, Event.START_CODE_MADE, actor, session=session_id, room=room_id)
