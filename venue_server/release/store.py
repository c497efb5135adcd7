"""SQL of the release: armed by whom, the token held, when it was done."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from venue_server.storage.schema import release


@dataclass(frozen=True)
class Release:
    """The release of one session as stored. ``token`` is the signed token's text."""

    session_id: str
    armed_at_ms: int | None = None
    armed_by: str | None = None
    token: str | None = None
    way: str | None = None
    released_at_ms: int | None = None
    confirmed_at_ms: int | None = None


def release_of(tx: Connection, session_id: str) -> Release:
    """The session's release; an empty one when nothing happened yet."""
    row = tx.execute(select(release).where(release.c.session_id == session_id)).mappings().first()
    return Release(**row) if row else Release(session_id)


def _ensure(tx: Connection, session_id: str) -> None:
    known = tx.execute(select(release.c.session_id).where(release.c.session_id == session_id))
    if known.first() is None:
        tx.execute(release.insert().values(session_id=session_id))


def arm(tx: Connection, session_id: str, persons: str, at_ms: int) -> bool:
    """Note the arming; False when it was armed before."""
    _ensure(tx, session_id)
    where = (release.c.session_id == session_id) & release.c.armed_at_ms.is_(None)
    return (
        tx.execute(
            release.update().where(where).values(armed_at_ms=at_ms, armed_by=persons)
        ).rowcount
        == 1
    )


def hold_token(tx: Connection, session_id: str, token: str, way: str) -> bool:
    """Keep the token; False when there already is one."""
    _ensure(tx, session_id)
    where = (release.c.session_id == session_id) & release.c.token.is_(None)
    return tx.execute(release.update().where(where).values(token=token, way=way)).rowcount == 1


def released(tx: Connection, session_id: str, at_ms: int) -> bool:
    """Note the release; False when it was done before."""
    where = (release.c.session_id == session_id) & release.c.released_at_ms.is_(None)
    return tx.execute(release.update().where(where).values(released_at_ms=at_ms)).rowcount == 1


def confirm(tx: Connection, session_id: str, at_ms: int) -> bool:
    """Headquarters' token agreed with the code; False when it was noted before."""
    where = (release.c.session_id == session_id) & release.c.confirmed_at_ms.is_(None)
    return tx.execute(release.update().where(where).values(confirmed_at_ms=at_ms)).rowcount == 1


def forget_token(tx: Connection, session_id: str) -> None:
    """Wipe the release secret after the session (L10)."""
    tx.execute(release.update().where(release.c.session_id == session_id).values(token=None))
