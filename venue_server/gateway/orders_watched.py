"""Orders that try to open the paper: every refusal of one is counted and told (D11)."""

from collections.abc import Mapping

from venue_server.gateway.console_desk import Handler, Ordered, Result
from venue_server.release.watch import ReleaseWatch
from venue_server.wire.console_orders import ConsoleMessage, EnterCodeShare
from venue_server.wire.refusals import Refusal

WATCHED = "EnterCodeShare"


def watched(handlers: Mapping[str, Handler], watch: ReleaseWatch) -> dict[str, Handler]:
    """The handlers, with the one that takes shares of the sealed code under watch."""
    entry = handlers[WATCHED]

    async def enter(ordered: Ordered, message: ConsoleMessage) -> Result | Refusal:
        assert isinstance(message, EnterCodeShare)
        person_id = ordered.person.person_id
        return await watch.entering(message.session_id, person_id, lambda: entry(ordered, message))

    return {**handlers, WATCHED: enter}
