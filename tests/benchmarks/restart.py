"""P9: the server is killed with many stored saves; how long until every station is served again.

The saves are put into both copies as the server itself writes them; the last one's chain goes on
after the restart. Each station has an address of its own, as in a venue: after a restart every one
is a stranger at the door. The clock runs from the start of the new process until every station
is back and its next save acknowledged.
"""

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import uvloop
from measuring import Child, Figure, begin_load, median, options, report, say, workspace
from prepared_venue import DAY, PreparedVenue, Seated, prepare, set_exam_time
from raw_station import AT_ONCE, Answers, Inbox, Wire, address_of, connect, contexts, hello

from venue_server.rehearsal.headquarters_side import SESSION_ID, VENUE_ID
from venue_server.responses.answer_keys import AnswerKeys
from venue_server.responses.second_copy import SecondCopy, StoredResponse
from venue_server.responses.store import insert_responses
from venue_server.storage.engine import open_engine
from venue_server.wire.station_messages import SaveAck


def fill(venue: PreparedVenue, saves: int) -> dict[str, Answers]:
    """Write ``saves`` answers into both copies; the chains by sitting."""
    keys = AnswerKeys(venue.data / "keys/answers", venue.data / "second", VENUE_ID, _no_key)
    keys.ensure(SESSION_ID)  # the server has made it
    engine = open_engine(venue.data / "venue.sqlite")
    second = SecondCopy(venue.data / "second" / "responses.journal")
    chains = {each.sitting_id: Answers(each.sitting_id) for each in venue.seated}
    for _ in range(saves // len(chains)):
        rows = []
        for chain in chains.values():
            entry = chain.add()
            sealed = keys.seal(SESSION_ID, entry)
            rows.append(
                StoredResponse(
                    entry.sitting_id, entry.seq, entry.hash, sealed, entry.at_ms, SESSION_ID
                )
            )
        with engine.begin() as tx:
            insert_responses(tx, rows)
        second.append(rows)
    second.close()
    engine.dispose()
    return chains


def _no_key(_session: str) -> bytes:
    raise AssertionError("the session's key is there")


async def serve(
    venue: PreparedVenue,
    seated: Seated,
    dial: Callable[[], Awaitable[Wire]],
    chain: Answers,
) -> int:
    """Come back and save once more, as often as the server cuts us; how often it did."""
    cuts = 0
    entry = chain.frames(1)[0]
    while True:
        try:
            wire = await dial()
            inbox = Inbox(wire)
            welcome = await hello(venue, inbox, seated)
            assert welcome.sitting is not None
            assert welcome.sitting.seq in (chain.seq - 1, chain.seq)
            wire.write(entry)
            ack = await inbox.next(SaveAck)
            assert isinstance(ack, SaveAck) and (ack.seq, ack.head) == (chain.seq, chain.head)
            return cuts
        except ConnectionError:
            cuts += 1
            await asyncio.sleep(random.uniform(0.1, 0.5))


@dataclass(frozen=True)
class Back:
    """Seconds to the open doors, the server's CPU seconds until then, and seconds to the last
    station's acknowledged save."""

    ready: float
    cpu: float
    served: float


async def back(venue: PreparedVenue, chains: dict[str, Answers], label: str) -> Back:
    """Start the server, let everybody come back and save, kill it."""
    tls = contexts(venue)
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(number: int, port: int) -> int:
        async def dial() -> Wire:
            async with gate:
                own = address_of(number)
                (wire,) = await connect(port, [tls[number]], lambda _w, _p: None, own)
                return wire

        seated = venue.seated[number]
        return await serve(venue, seated, dial, chains[seated.sitting_id])

    began = time.perf_counter()
    server = Child("-m", "venue_server", "run", "--data", str(venue.data))
    ready, cpu = time.perf_counter() - began, server.cpu_s()
    port = json.loads(server.first_line)["port"]
    cuts = sum(await asyncio.gather(*(one(n, port) for n in range(len(tls)))))
    served = time.perf_counter() - began
    say(
        f"{label}: answering after {ready:.1f} s ({cpu:.1f} s CPU), "
        f"all served after {served:.1f} s, {cuts} cut, {server.memory() / 1e6:.0f} MB"
    )
    server.kill()
    return Back(ready, cpu, served)


async def measure(venue: PreparedVenue, saves: int, runs: int) -> list[Figure]:
    """Fill, then kill and start again and again."""
    set_exam_time(venue.data, DAY.at(10))
    Child("-m", "venue_server", "run", "--data", str(venue.data)).kill()  # makes the answers' key
    chains = fill(venue, saves)
    stored = sum(each.seq for each in chains.values())
    taken = [await back(venue, chains, f"{stored:,} saves") for _ in range(runs)]
    count = len(chains)
    return [
        Figure("P9 restart to answering", median([each.ready for each in taken]), "s", "-"),
        Figure("P9 CPU until answering", median([each.cpu for each in taken]), "s", "-"),
        Figure(
            f"P9 restart with {stored} saves to {count} stations served",
            median([each.served for each in taken]),
            "s",
            "<= 10 s",
        ),
    ]


def main() -> None:
    """Measure and print."""
    parser = options(__doc__ or "")
    parser.add_argument("--saves", type=int)
    parser.add_argument("--stations", type=int)
    parser.add_argument("--runs", type=int)
    chosen = parser.parse_args()
    begin_load()
    saves = chosen.saves or (20_000 if chosen.short else 1_000_000)
    stations = chosen.stations or (20 if chosen.short else 1000)
    with workspace(chosen.folder) as folder:
        venue = prepare(folder, stations, released=True)
        report(*uvloop.run(measure(venue, saves, chosen.runs or (1 if chosen.short else 5))))


if __name__ == "__main__":
    main()
