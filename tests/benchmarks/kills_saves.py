"""R1: the server is killed (kill -9) at random under the most saves; acknowledged must mean stored.

Every station saves as fast as it is acknowledged, a few saves at a time. After each kill the server
starts again, the stations come back, are told where their chain stands and send what is missing,
as real stations do from their journals. Judged at every return and at the end, in both copies:

    lost         acknowledged, but not stored
    claimed      the server says that it holds what no station ever sent
    duplicated   stored twice, or another entry under the same sequence
"""

import asyncio
import json
import random
import sqlite3
from dataclasses import dataclass

import uvloop
from measuring import Child, Figure, begin_load, options, report, say, workspace
from prepared_venue import DAY, PreparedVenue, prepare, set_exam_time
from raw_station import Answers, Inbox, Wire, acknowledged, connect, contexts, hello, message_frame

from venue_server.responses.second_copy import SecondCopy
from venue_server.wire.station_messages import Save

AHEAD = 3  # saves on their way at once
LONGEST_S = 1.2


@dataclass
class Candidate:
    """One station across all kills: what it sent and what was acknowledged."""

    answers: Answers
    acknowledged: int = 0
    lost: int = 0
    claimed: int = 0
    resting: bool = False

    def come_back(self, wire: Wire, seq: int, head: str) -> None:
        """The server says that the chain stands here: send again what is missing, and go on."""
        self.lost += max(0, self.acknowledged - seq)
        self.claimed += not self._sent(seq, head)
        missing = self.answers.entries[seq:]
        if missing:
            wire.write(message_frame(Save(self.answers.sitting_id, missing)))
        wire.on_text = self._take
        self.go_on(wire)

    def _sent(self, seq: int, head: str) -> bool:
        entries = self.answers.entries
        return seq == 0 or (seq <= len(entries) and entries[seq - 1].hash == head)

    def _take(self, wire: Wire, payload: bytes) -> None:
        ack = acknowledged(payload)
        if ack is not None:
            self.claimed += not self._sent(*ack)
            self.acknowledged = max(self.acknowledged, ack[0])
            self.go_on(wire)

    def go_on(self, wire: Wire) -> None:
        """Answer as long as few saves are on their way."""
        while not self.resting and self.answers.seq < self.acknowledged + AHEAD:
            wire.write(self.answers.frames(1)[0])


@dataclass
class Verdict:
    """Counts over all kills."""

    stored: int = 0
    lost: int = 0
    claimed: int = 0
    duplicated: int = 0


async def one_life(venue: PreparedVenue, candidates: list[Candidate], seconds: float) -> None:
    """Start the server, let everybody come back and save, kill it after a while."""
    server = Child("-m", "venue_server", "run", "--data", str(venue.data))
    port = json.loads(server.first_line)["port"]
    wires = await connect(port, contexts(venue), lambda _w, _p: None)

    async def come_back(wire: Wire, number: int) -> None:
        welcome = await hello(venue, Inbox(wire), venue.seated[number])
        assert welcome.sitting is not None
        candidates[number].come_back(wire, welcome.sitting.seq, welcome.sitting.head)

    await asyncio.gather(*(come_back(wire, n) for n, wire in enumerate(wires)))
    await asyncio.sleep(seconds)
    server.kill()
    # What arrived before the kill still counts as acknowledged.
    await asyncio.gather(*(wire.ended for wire in wires))


def judge(venue: PreparedVenue, candidates: list[Candidate]) -> Verdict:
    """Read both copies as they lie on the disk."""
    verdict = Verdict(
        lost=sum(each.lost for each in candidates),
        claimed=sum(each.claimed for each in candidates),
    )
    database = sqlite3.connect(venue.data / "venue.sqlite")
    primary = database.execute("SELECT sitting_id, seq, hash FROM response").fetchall()
    database.close()
    journal = SecondCopy(venue.data / "second" / "responses.journal")
    second = [(each.sitting_id, each.seq, each.hash) for each in journal.recover()]
    journal.close()
    verdict.stored = len(primary)
    for stored in (primary, second):
        chains = {(sitting_id, seq): value for sitting_id, seq, value in stored}
        verdict.duplicated += len(stored) - len(chains)
        for candidate in candidates:
            sitting_id = candidate.answers.sitting_id
            for entry in candidate.answers.entries:
                found = chains.pop((sitting_id, entry.seq), None)
                verdict.lost += found is None and entry.seq <= candidate.acknowledged
                verdict.duplicated += found is not None and found != entry.hash
        verdict.claimed += len(chains)
    return verdict


async def measure(venue: PreparedVenue, kills: int, seed: int) -> list[Figure]:
    """All lives, one after the other, and a last one that levels both copies."""
    chance = random.Random(seed)
    set_exam_time(venue.data, DAY.at(10))
    candidates = [Candidate(Answers(each.sitting_id, keep=True)) for each in venue.seated]
    for number in range(kills):
        await one_life(venue, candidates, chance.uniform(0, LONGEST_S))
        if (number + 1) % 20 == 0 or number + 1 == kills:
            say(f"{number + 1} kills, {sum(each.acknowledged for each in candidates)} acknowledged")
    last = Child("-m", "venue_server", "run", "--data", str(venue.data))
    last.kill()
    verdict = judge(venue, candidates)
    total = sum(each.acknowledged for each in candidates)
    assert total > 0, "nothing was saved"
    say(f"{verdict.stored} stored")
    return [
        Figure(f"R1 acknowledged in {kills} kills", total, "saves", "-"),
        Figure("R1 claimed", verdict.claimed, "saves", "0"),
        Figure("R1 duplicated", verdict.duplicated, "saves", "0"),
        Figure("R1 lost", verdict.lost, "saves", "0"),
    ]


def main() -> None:
    """Kill, judge and print."""
    parser = options(__doc__ or "")
    parser.add_argument("--kills", type=int)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    chosen = parser.parse_args()
    begin_load()
    say(f"seed {chosen.seed}")
    with workspace(chosen.folder) as folder:
        venue = prepare(folder, 10 if chosen.short else 50, released=True)
        kills = chosen.kills or (3 if chosen.short else 200)
        report(*uvloop.run(measure(venue, kills, chosen.seed)))


if __name__ == "__main__":
    main()
