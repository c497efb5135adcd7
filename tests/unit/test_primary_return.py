"""R3: only the very store that went away is taken back; everything else is refused by its code."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import Connection

from venue_server.gateway.primary_return import Ends, Found, Known, look
from venue_server.ledger.book import Ledger, hash_at
from venue_server.ledger.catalogue import Event
from venue_server.responses.acceptance import Head
from venue_server.responses.second_copy import StoredResponse
from venue_server.responses.store import insert_responses
from venue_server.settings import Headquarters, Settings, load_settings, save_settings
from venue_server.storage.engine import Store, open_engine
from venue_server.storage.migrate import migrate
from venue_server.storage.reading import reading
from venue_server.venue_keys import VenueKeys
from venue_server.wire.names import Mode
from venue_server.wire.refusals import RefusalCode

SITTINGS = ("s-1", "s-2")


class Venue:
    """A data folder with a store of three entries and two chains of three answers."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.path = data / "venue.sqlite"
        for name in ("run", "keys"):
            (data / name).mkdir(parents=True)
        self.keys = VenueKeys.create(data / "keys")
        engine = open_engine(self.path)
        migrate(engine)
        store = Store(engine)
        ledger = Ledger(store, [data / "ledger.jsonl"], lambda: 1)
        for number in (1, 2, 3):
            self.write(store, ledger, number)
        self.entries, self.head = ledger.committed
        store.close()

    def write(self, store: Store, ledger: Ledger, number: int) -> None:
        def run(tx: Connection) -> None:
            ledger.record(tx, Event.SERVER_STARTED, pid=number)
            insert_responses(
                tx,
                [
                    StoredResponse(each, number, f"{each}-{number}", b"x", 1, "am")
                    for each in SITTINGS
                ],
            )

        store.submit(run).result(30)

    def known(self, **more: Any) -> Known:
        ends = {each: Head(3, f"{each}-3") for each in SITTINGS}
        public = self.keys.signing.public_key().public_bytes_raw()
        given: dict[str, Any] = {"entries": self.entries, "head": self.head, "ends": ends, **more}
        return Known("v-1", public, **given)


@pytest.fixture
def venue(tmp_path: Path) -> Venue:
    made = Venue(tmp_path / "venue")
    line = Headquarters([], 1, "https://127.0.0.1:1", "")
    save_settings(made.data, Settings("v-1", "一", Mode.REHEARSAL, line))
    return made


def in_neither(_ends: Ends) -> set[str]:
    return set()


def found(venue: Venue, known: Known, second: Callable[[Ends], set[str]] = in_neither) -> Found:
    verdict = look(venue.data, venue.path, known, second)
    assert verdict is not None
    return verdict


def code(verdict: Found) -> RefusalCode | None:
    return verdict.refusal.code if verdict.refusal else None


def test_r3_the_very_store_is_known_by_the_end_of_its_chains(venue: Venue) -> None:
    assert found(venue, venue.known()) == Found(None, 0)
    nothing_said_yet = venue.known(entries=2, head=hash_of(venue, 2), ends={})
    assert found(venue, nothing_said_yet) == Found(None, 0), "it may hold more than was said"


def hash_of(venue: Venue, seq: int) -> str:
    with reading(venue.path) as tx:
        known = hash_at(tx, seq)
    assert known is not None
    return known


def test_r3_no_store_is_no_verdict(venue: Venue) -> None:
    venue.path.unlink()
    assert look(venue.data, venue.path, venue.known(), in_neither) is None


def test_r3_an_older_state_is_refused(venue: Venue) -> None:
    assert code(found(venue, venue.known(entries=4))) is RefusalCode.STORE_OLDER


def test_r3_another_history_is_refused(venue: Venue) -> None:
    assert code(found(venue, venue.known(head="0" * 64))) is RefusalCode.STORE_FOREIGN


def test_r3_another_venues_disk_is_refused(venue: Venue) -> None:
    foreign = msgspec.structs.replace(load_settings(venue.data), venue_id="v-2")
    save_settings(venue.data, foreign)
    assert code(found(venue, venue.known())) is RefusalCode.STORE_FOREIGN


def test_r3_another_key_is_refused(venue: Venue) -> None:
    known = venue.known()
    VenueKeys.create(venue.data / "keys")
    assert code(found(venue, known)) is RefusalCode.STORE_FOREIGN


@pytest.mark.parametrize("end", [Head(4, "s-2-4"), Head(3, "another")])
def test_r3_an_acknowledged_answer_that_only_the_second_copy_has_is_caught_up(
    venue: Venue, end: Head
) -> None:
    known = venue.known(ends={"s-1": Head(3, "s-1-3"), "s-2": end})
    assert found(venue, known, lambda ends: set(ends)) == Found(None, 1)
    assert code(found(venue, known)) is RefusalCode.STORE_OLDER, "in neither copy"


def spoil_store(venue: Venue) -> None:
    venue.path.write_bytes(b"\xa5" * 8192)


def take_keys(venue: Venue) -> None:
    (venue.data / "keys" / "venue.ed25519").unlink()


def spoil_settings(venue: Venue) -> None:
    (venue.data / "venue.json").write_text("{")


def refuse_writes(venue: Venue) -> None:
    (venue.data / "run").rmdir()


@pytest.mark.parametrize("spoil", [spoil_store, take_keys, spoil_settings, refuse_writes])
def test_r3_what_cannot_be_read_or_written_is_refused(
    venue: Venue, spoil: Callable[[Venue], None]
) -> None:
    known = venue.known()
    spoil(venue)
    assert code(found(venue, known)) is RefusalCode.STORE_UNREADABLE
