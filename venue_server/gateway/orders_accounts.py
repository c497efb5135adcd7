"""Orders about accounts: codes, additions, ends, locks, second factors, undertakings."""

from collections.abc import Callable
from typing import cast

from venue_server.gateway.console_desk import Handler, Ordered, Result
from venue_server.gateway.desk_parts import DeskParts
from venue_server.staff.person import NO_ROOM, Person
from venue_server.wire.console_orders import ConsoleMessage
from venue_server.wire.names import Role
from venue_server.wire.people_orders import (
    AddPerson,
    ConfirmTotp,
    DisableAccount,
    EnableAccount,
    IssueCode,
    RecordAgreement,
    ResetTotp,
    UnlockAccount,
)
from venue_server.wire.refusals import Refusal

Answer = Result | Refusal


class AccountOrders:
    """``changed`` tells the desk that people may act otherwise than before."""

    def __init__(self, parts: DeskParts, changed: Callable[[], None]) -> None:
        self._parts = parts
        self._accounts = parts.people.accounts
        self._changed = changed

    def handlers(self) -> dict[str, Handler]:
        """Order name to handler."""
        return {
            "IssueCode": self._code,
            "AddPerson": self._add,
            "DisableAccount": self._disable,
            "EnableAccount": self._enable,
            "UnlockAccount": self._unlock,
            "BeginTotp": self._begin_totp,
            "ConfirmTotp": self._confirm_totp,
            "ResetTotp": self._reset_totp,
            "RecordAgreement": self._agreement,
        }

    async def _code(self, ordered: Ordered, message: ConsoleMessage) -> Answer:
        person_id = cast(IssueCode, message).person_id
        now_ms = self._parts.clock.now_ms()
        assert ordered.second is not None
        agrees = bool(ordered.second.roles & {Role.CHIEF, Role.DEPUTY})
        done = await self._accounts.issue_code(person_id, by_both(ordered), now_ms, agrees)
        if isinstance(done, Refusal):
            return done
        return {"person_id": person_id, "code": done}

    async def _add(self, ordered: Ordered, message: ConsoleMessage) -> Answer:
        asked = cast(AddPerson, message)
        roles = frozenset(asked.roles)
        bound = roles & {Role.INVIGILATOR, Role.ROVING}
        rooms = frozenset(asked.rooms) or (frozenset({NO_ROOM}) if bound else frozenset())
        person = Person(asked.person_id.strip(), asked.name.strip(), roles, rooms)
        by = ordered.both
        done = await self._accounts.add(person, asked.valid_until_ms, asked.reason, by)
        return done if isinstance(done, Refusal) else {"person_id": done.person_id}

    async def _disable(self, ordered: Ordered, message: ConsoleMessage) -> Answer:
        asked = cast(DisableAccount, message)
        now_ms = self._parts.clock.now_ms()
        done = await self._accounts.disable(asked.person_id, asked.reason, by_both(ordered), now_ms)
        self._changed()
        return done or {"person_id": asked.person_id}

    async def _enable(self, ordered: Ordered, message: ConsoleMessage) -> Answer:
        asked = cast(EnableAccount, message)
        done = await self._accounts.enable(asked.person_id, asked.reason, by_both(ordered))
        return done or {"person_id": asked.person_id}

    async def _unlock(self, ordered: Ordered, message: ConsoleMessage) -> Answer:
        asked = cast(UnlockAccount, message)
        done = await self._accounts.unlock(asked.person_id, ordered.person.person_id)
        return done or {"person_id": asked.person_id}

    async def _begin_totp(self, ordered: Ordered, _message: ConsoleMessage) -> Answer:
        done = await self._accounts.begin_totp(ordered.person.person_id)
        return done if isinstance(done, Refusal) else {"uri": done}

    async def _confirm_totp(self, ordered: Ordered, message: ConsoleMessage) -> Answer:
        code, now_ms = cast(ConfirmTotp, message).code, self._parts.clock.now_ms()
        return await self._accounts.confirm_totp(ordered.person.person_id, code, now_ms) or {}

    async def _reset_totp(self, ordered: Ordered, message: ConsoleMessage) -> Answer:
        asked = cast(ResetTotp, message)
        done = await self._accounts.reset_totp(asked.person_id, by_both(ordered))
        return done or {"person_id": asked.person_id}

    async def _agreement(self, ordered: Ordered, message: ConsoleMessage) -> Answer:
        asked = cast(RecordAgreement, message)
        done = await self._accounts.record_agreement(
            asked.person_id, asked.reference, ordered.person.person_id
        )
        return done or {"person_id": asked.person_id}


def by_both(ordered: Ordered) -> tuple[str, str]:
    """The two who signed an order."""
    assert ordered.second is not None
    return ordered.person.person_id, ordered.second.person_id
