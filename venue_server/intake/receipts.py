"""Supervised receipt sessions: two people, a window, a limit (D02).

A session that runs over its limit is closed by the clock. What came in stays as ciphertext, but
does not count as received until the two people of a later session have confirmed it at its end.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from secrets import token_hex

from sqlalchemy import Connection

from venue_server.intake import store as rows
from venue_server.intake.papers import Papers
from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.sitting.service import SittingService
from venue_server.staff.duty.rows import Delegation
from venue_server.staff.two_people import Pair, same_two
from venue_server.storage import plain
from venue_server.storage.engine import Store
from venue_server.wire.names import PackageState
from venue_server.wire.refusals import Refusal, RefusalCode


class Receipts:
    """Opens, watches and closes receipt sessions; one at a time in a venue. ``running_posts`` are
    the delegations in force: who has a post of one of the two acts in their place (N03)."""

    def __init__(
        self,
        store: Store,
        ledger: Ledger,
        papers: Papers,
        sittings: SittingService,
        now_ms: Callable[[], int],
        running_posts: Callable[[], Sequence[Delegation]],
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._papers = papers
        self._sittings = sittings
        self._now_ms = now_ms
        self._running_posts = running_posts

    async def open(self, session_id: str, operator: str, supervisor: str) -> rows.Receipt | Refusal:
        """Begin receiving for a session, inside its window.

        Refusals: SES-01 no such session, or another receipt is open; PAP-16 outside the window.
        """
        try:
            planned = self._sittings.planned(session_id)
        except KeyError:
            return Refusal(RefusalCode.SESSION_WRONG_STATE, session_id)
        now = self._now_ms()
        if not planned.receipt_open_ms <= now < planned.receipt_close_ms:
            return Refusal(RefusalCode.RECEIPT_WINDOW_CLOSED, session_id)
        deadline = min(now + planned.receipt_limit_s * 1000, planned.receipt_close_ms)
        name = f"receipt-{token_hex(4)}"
        receipt = rows.Receipt(name, session_id, operator, supervisor, now, deadline)
        return await self._store.write(lambda tx: self._open(tx, receipt))

    def _open(self, tx: Connection, receipt: rows.Receipt) -> rows.Receipt | Refusal:
        running = rows.open_receipt(plain.inside(tx))
        if running is not None and running.deadline_ms > receipt.opened_at_ms:
            return Refusal(RefusalCode.SESSION_WRONG_STATE, running.receipt_id)
        if running is not None:
            self._close(tx, running, rows.EXPIRED)
        rows.insert_receipt(tx, receipt)
        rows.performed(tx, receipt.receipt_id, receipt.operator, receipt.opened_at_ms)
        self._ledger.record(
            tx,
            Event.RECEIPT_OPENED,
            receipt.operator,
            receipt=receipt.receipt_id,
            session=receipt.session_id,
            supervisor=receipt.supervisor,
            deadline_ms=receipt.deadline_ms,
        )
        return receipt

    def any_open(self) -> bool:
        """Is a session open now? Only then do receiving devices belong to the server (D03)."""
        receipt = rows.open_receipt(self._store.known)
        return receipt is not None and self.over(receipt) is None

    def pair(self, _order: object = None) -> Pair | Refusal:
        """The two who opened the session that is open. Refusals: PAP-15 none is."""
        receipt = rows.open_receipt(self._store.known)
        if receipt is None:
            return Refusal(RefusalCode.RECEIPT_NOT_OPEN)
        return receipt.operator, receipt.supervisor

    async def performing(self, two: Pair) -> rows.Receipt | Refusal:
        """The open session of these two, or of those in whose place they act; the first performs,
        the other checks. That the first did is durable on return: they do not sign for it (N03).
        Refusals: PAP-15 none, STF-11 other people's, PAP-17 its time is over."""
        receipt = self._running(two)
        if isinstance(receipt, rows.Receipt):
            name, now_ms = receipt.receipt_id, self._now_ms()
            await self._store.write(lambda tx: rows.performed(tx, name, two[0], now_ms))
        return receipt

    def _running(self, two: Pair) -> rows.Receipt | Refusal:
        receipt = rows.open_receipt(self._store.known)
        if receipt is None:
            return Refusal(RefusalCode.RECEIPT_NOT_OPEN)
        if not self._theirs(receipt, two):
            return Refusal(RefusalCode.NOT_OF_THE_TWO, receipt.receipt_id)
        return self.over(receipt) or replace(receipt, operator=two[0], supervisor=two[1])

    def _theirs(self, receipt: rows.Receipt, two: Pair) -> bool:
        return same_two(two, (receipt.operator, receipt.supervisor), self._running_posts())

    def over(self, receipt: rows.Receipt) -> Refusal | None:
        """PAP-17 when the session's time is over."""
        if self._now_ms() < receipt.deadline_ms:
            return None
        return Refusal(RefusalCode.RECEIPT_TIME_OVER, receipt.receipt_id)

    async def close(self, operator: str, supervisor: str) -> PackageState | Refusal:
        """End receiving; both people sign again, and they are the two who began, or have their
        posts.

        Refusals: PAP-15 none is open, PAP-17 too late: it counts as expired, STF-11 other people.
        """

        def run(tx: Connection) -> PackageState | Refusal:
            receipt = rows.open_receipt(plain.inside(tx))
            if receipt is None:
                return Refusal(RefusalCode.RECEIPT_NOT_OPEN)
            if not self._theirs(receipt, (operator, supervisor)):
                return Refusal(RefusalCode.NOT_OF_THE_TWO, receipt.receipt_id)
            late = self.over(receipt)
            if late is not None:
                self._close(tx, receipt, rows.EXPIRED)
                return late
            state = self.state_of(receipt.session_id)
            rows.performed(tx, receipt.receipt_id, operator, self._now_ms())
            self._close(tx, replace(receipt, operator=operator, supervisor=supervisor), state.value)
            return state

        return await self._store.write(run)

    async def expire(self) -> bool:
        """Close the open session when its time is over; True when it was."""

        def run(tx: Connection) -> bool:
            receipt = rows.open_receipt(plain.inside(tx))
            if receipt is None or self.over(receipt) is None:
                return False
            self._close(tx, receipt, rows.EXPIRED)
            return True

        receipt = rows.open_receipt(self._store.known)
        if receipt is None or self.over(receipt) is None:
            return False  # the usual case costs no transaction
        return await self._store.write(run)

    def _close(self, tx: Connection, receipt: rows.Receipt, outcome: str) -> None:
        rows.close_receipt(tx, receipt.receipt_id, self._now_ms(), outcome)
        adopted = 0
        if outcome != rows.EXPIRED:
            adopted = rows.adopt_expired(tx, receipt.session_id, receipt.receipt_id)
        self._ledger.record(
            tx,
            Event.RECEIPT_CLOSED,
            receipt.operator,
            receipt=receipt.receipt_id,
            outcome=outcome,
            supervisor=receipt.supervisor,
            confirmed_late=adopted,
        )

    def state_of(self, session_id: str) -> PackageState:
        """The least advanced package of a session; EXPECTED when there is none."""
        order = list(PackageState)
        states = [
            package.state
            for package, _manifest in self._papers.packages()
            if package.session_id == session_id
        ]
        return min(states, key=order.index, default=PackageState.EXPECTED)
