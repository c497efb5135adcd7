"""What must be done with every saved answer beside the WebSocket and SQLite, each by itself.

CPU of the bare calls, one after the other in a warm cache: the least that they can cost, the floor
under what a save costs the server.
"""

import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from measuring import median
from raw_station import Answers

from venue_server.responses.acceptance import Head, accept
from venue_server.responses.answer_keys import AnswerKeys
from venue_server.responses.second_copy import StoredResponse, frame_of
from venue_server.wire.chain import ResponseEntry, entry_hash
from venue_server.wire.codec import decode_station, encode, encode_frame
from venue_server.wire.station_messages import Save, SaveAck

SESSION, SITTING = "rehearsal-am", "rehearsal-am.26000001"
ROUNDS = 5


def _cost_us(run: Callable[[ResponseEntry], object], entries: Sequence[ResponseEntry]) -> float:
    rounds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for entry in entries:
            run(entry)
        rounds.append((time.process_time() - began) / len(entries) * 1e6)
    return median(rounds)


def parts_us(count: int = 4000) -> dict[str, float]:
    """Microseconds of each part."""
    answers = Answers(SITTING)
    entries = [answers.add() for _ in range(count)]
    frames = {entry.seq: encode(Save(SITTING, [entry])).encode() for entry in entries}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / f"{SESSION}.key").write_bytes(os.urandom(32))
        keys = AnswerKeys(Path(folder), Path(folder), "venue", lambda _session: b"")
        keys.ensure(SESSION)
        sealed = keys.seal(SESSION, entries[-1])

        def judged(entry: ResponseEntry) -> object:
            return accept(SITTING, Head(entry.seq - 1, entry.prev), {}, [entry], 2**62)

        def framed(entry: ResponseEntry) -> object:
            return frame_of(StoredResponse(SITTING, entry.seq, entry.hash, sealed, 0, SESSION))

        hashing = _cost_us(entry_hash, entries)
        return {
            "decode": _cost_us(lambda entry: decode_station(frames[entry.seq]), entries),
            "hash (JSON, SHA-256)": hashing,
            "judge": max(0.0, _cost_us(judged, entries) - hashing),
            "seal (JSON, AES-GCM)": _cost_us(lambda entry: keys.seal(SESSION, entry), entries),
            "second copy's frame": _cost_us(framed, entries),
            "acknowledgement": _cost_us(
                lambda entry: encode_frame(SaveAck(SITTING, entry.seq, entry.hash)), entries
            ),
        }
