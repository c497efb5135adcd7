"""SQL of the release: armed by whom, each form's secret, freezes, reserves approved for use."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from venue_server.sitting.forms import Form, Substitution
from venue_server.storage import plain
from venue_server.storage.plain import Ask, Known, Plain
from venue_server.storage.schema import form_release, release, release_freeze, reserve_use
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError

TOKEN, CODE = "token", "code"  # the two ways a secret comes by


@dataclass(frozen=True)
class Release:
    """The release of one session as stored."""

    session_id: str
    armed_at_ms: int | None = None
    armed_by: str | None = None
    released_at_ms: int | None = None


@dataclass(frozen=True)
class HeldSecret:
    """The release secret of one form, as JSON, and the way it came. Never printed."""

    secret: str
    way: str

    def __repr__(self) -> str:
        return f"HeldSecret({self.way})"


@dataclass(frozen=True)
class Freeze:
    """A freeze that holds: who froze when, and why."""

    freeze_id: int
    frozen_at_ms: int
    frozen_by: str
    reason: str


_FREEZE_NOW = Plain(
    select(*(release_freeze.c[name] for name in Freeze.__dataclass_fields__)).where(
        release_freeze.c.lifted_at_ms.is_(None)
    )
)


@dataclass(frozen=True)
class ReserveUse:
    """A reserve approved in the place of main forms; ``way`` is ``document`` or ``persons``."""

    substitution: Substitution
    reason: str
    approved_by: str
    way: str
    approved_at_ms: int


# ---- the release of a session ----------------------------------------------------------------


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


def released(tx: Connection, session_id: str, at_ms: int) -> bool:
    """Note the release; False when it was done before."""
    where = (release.c.session_id == session_id) & release.c.released_at_ms.is_(None)
    return tx.execute(release.update().where(where).values(released_at_ms=at_ms)).rowcount == 1


# ---- the forms' secrets ----------------------------------------------------------------------


def secrets_of(tx: Connection, session_id: str) -> dict[Form, HeldSecret]:
    """The secrets that are here, by form."""
    query = select(form_release).where(
        form_release.c.session_id == session_id, form_release.c.secret.is_not(None)
    )
    return {
        Form(row.paper_id, row.form_id): HeldSecret(row.secret, row.way)
        for row in tx.execute(query)
    }


def ways_of(tx: Connection, session_id: str) -> dict[Form, str]:
    """The forms whose secret is here, and the way it came."""
    query = select(form_release.c.paper_id, form_release.c.form_id, form_release.c.way).where(
        form_release.c.session_id == session_id, form_release.c.secret.is_not(None)
    )
    return {Form(paper_id, form_id): way for paper_id, form_id, way in tx.execute(query)}


def hold_secret(tx: Connection, session_id: str, form: Form, secret: str, way: str) -> bool:
    """Keep a form's secret; False when there already is one."""
    place = {"session_id": session_id, "paper_id": form.paper_id, "form_id": form.form_id}
    known = select(form_release.c.way).filter_by(**place)
    if tx.execute(known).first() is not None:
        return False
    tx.execute(form_release.insert().values(**place, secret=secret, way=way))
    return True


_UNCONFIRMED = Plain(
    select(form_release.c.paper_id, form_release.c.form_id)
    .join(release, release.c.session_id == form_release.c.session_id)
    .where(
        form_release.c.session_id == bindparam("session"),
        form_release.c.way == CODE,
        form_release.c.confirmed_at_ms.is_(None),
        release.c.released_at_ms.is_not(None),
    )
)


def unconfirmed(ask: Ask, session_id: str) -> list[Form]:
    """Forms that the sealed code released and no token of headquarters has confirmed (F5); asked
    every second."""
    return [Form(*row) for row in ask(_UNCONFIRMED, session=session_id)]


def confirm(tx: Connection, session_id: str, form: Form, at_ms: int) -> bool:
    """Headquarters' token agreed with the code; False when it was noted before."""
    where = (
        (form_release.c.session_id == session_id)
        & (form_release.c.paper_id == form.paper_id)
        & (form_release.c.form_id == form.form_id)
        & form_release.c.confirmed_at_ms.is_(None)
    )
    update = form_release.update().where(where)
    return tx.execute(update.values(confirmed_at_ms=at_ms)).rowcount == 1


def forget_secrets(tx: Connection, session_id: str) -> None:
    """Wipe the release secrets after the session (L10)."""
    where = form_release.c.session_id == session_id
    tx.execute(form_release.update().where(where).values(secret=None))


# ---- freezes ---------------------------------------------------------------------------------


def freeze_now(tx: Connection) -> Freeze | None:
    """The freeze that holds, if any."""
    return freeze_of(plain.inside(tx))


def freeze_of(known: Known) -> Freeze | None:
    """The freeze that holds, if any."""
    rows = known(_FREEZE_NOW)
    return Freeze(*rows[0]) if rows else None


def insert_freeze(tx: Connection, at_ms: int, person_id: str, reason: str) -> None:
    """Freeze; the caller saw that nothing is frozen."""
    values = {"frozen_at_ms": at_ms, "frozen_by": person_id, "reason": reason}
    tx.execute(release_freeze.insert().values(**values))


def lift_freeze(
    tx: Connection, freeze_id: int, at_ms: int, persons: str, reason: str, reference: str
) -> bool:
    """Lift a freeze; False when it was lifted before."""
    open_one = release_freeze.c.lifted_at_ms.is_(None)
    where = (release_freeze.c.freeze_id == freeze_id) & open_one
    values = {
        "lifted_at_ms": at_ms,
        "lifted_by": persons,
        "lift_reason": reason,
        "reference": reference,
    }
    return tx.execute(release_freeze.update().where(where).values(**values)).rowcount == 1


# ---- reserves in use -------------------------------------------------------------------------


def reserves_used(tx: Connection) -> dict[str, list[ReserveUse]]:
    """Every approved use by session, in the order of approval."""
    found: dict[str, list[ReserveUse]] = {}
    for row in tx.execute(select(reserve_use).order_by(reserve_use.c.approved_at_ms)):
        form = Form(row.paper_id, row.form_id)
        use = ReserveUse(
            Substitution(form, row.room_id, row.replaces),
            row.reason,
            row.approved_by,
            row.way,
            row.approved_at_ms,
        )
        found.setdefault(row.session_id, []).append(use)
    return found


def insert_reserve_use(tx: Connection, session_id: str, use: ReserveUse) -> bool:
    """Keep an approval; False when this very one is known already.

    Raises:
        RefusedError: REL-12, another reserve was approved for the same place.
    """
    where = use.substitution
    for known in (each.substitution for each in _uses(tx, session_id)):
        if known == where:
            return False
        if (known.room_id, known.replaces) == (where.room_id, where.replaces):
            raise RefusedError(Refusal(RefusalCode.RESERVE_UNKNOWN, str(known.form)))
    tx.execute(
        reserve_use.insert().values(
            session_id=session_id,
            room_id=where.room_id,
            replaces=where.replaces,
            paper_id=where.form.paper_id,
            form_id=where.form.form_id,
            reason=use.reason,
            approved_by=use.approved_by,
            way=use.way,
            approved_at_ms=use.approved_at_ms,
        )
    )
    return True


def _uses(tx: Connection, session_id: str) -> Iterable[ReserveUse]:
    return reserves_used(tx).get(session_id, [])
