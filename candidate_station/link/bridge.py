"""The one bridge between the two threads: states come as a Qt signal, intents go by the loop.

The driver (client library, journal, session machine) runs on an asyncio loop in a thread of its
own, so nothing of it ever waits for the screen and no network or fsync happens in the GUI thread.
"""

import asyncio
import logging
import threading
from collections.abc import Callable
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QObject, Signal

from candidate_station.session.intents import Intent

STOP_WITHIN_S = 10.0
_log = logging.getLogger(__name__)


class Driver(Protocol):
    """What the bridge needs of ``session.driver.StationDriver``."""

    async def run(self) -> None:
        """Work until ``stop``."""

    def post(self, intent: Intent) -> None:
        """Take an intent of the candidate."""

    def stop(self) -> None:
        """Make ``run`` return after everything is safe."""


@runtime_checkable
class TakesObservations(Protocol):
    """A driver that carries the lock-down's observations to the invigilators (V09)."""

    def observe(self, word: str, true_now: bool) -> None:
        """``word`` began to be true, or is over."""


class StationBridge(QObject):
    """Starts the driver, carries both ways, stops it. Signals arrive in the GUI thread.

    ``state`` carries ScreenStates; ``failed`` fires when the driver died: the program must end
    and be started again by its session, which brings the candidate back to the same item (H10).
    """

    state = Signal(object)
    failed = Signal()
    anew_wanted = Signal()  # a paper that was open here is destroyed: the program is to begin anew
    check_wanted = Signal(object)  # inspection.facts.Asked: the server wants this machine checked

    def __init__(self) -> None:
        super().__init__()
        self._driver: Driver | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._work, name="station-link")

    def start(self, driver: Driver) -> None:
        """Start the thread with the driver, which was built with ``state.emit``; once only."""
        assert self._driver is None, "started twice"
        self._driver = driver
        self._thread.start()

    def post(self, intent: object) -> None:
        """Hand an intent over; lost only when the loop has already ended."""
        if self._driver is not None:
            self._call(self._driver.post, intent)

    def observe(self, word: str, true_now: bool) -> None:
        """Log an observation and hand it over; never more than that (V09)."""
        _log.warning("observed: %s %s", word, "began" if true_now else "is over")
        if isinstance(self._driver, TakesObservations):
            self._call(self._driver.observe, word, true_now)

    def stop(self) -> bool:
        """Stop the driver and wait for it. False when it did not end in STOP_WITHIN_S."""
        if self._driver is None:
            self._loop.close()
            return True
        self._call(self._driver.stop)
        self._thread.join(STOP_WITHIN_S)
        return not self._thread.is_alive()

    def _call(self, function: Callable[..., None], *arguments: object) -> None:
        try:
            self._loop.call_soon_threadsafe(function, *arguments)
        except RuntimeError:  # the loop is closed: the program is ending
            _log.info("the link has ended; %s is not delivered", function.__name__)

    def _work(self) -> None:
        """The thread. This is the driver's supervisor: whatever it dies of ends the program."""
        assert self._driver is not None
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._driver.run())
        except Exception:  # noqa: BLE001  # supervisor: logged, and the program restarts
            _log.exception("the station's driver died")
            self.failed.emit()
        finally:
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
            self._loop.close()
