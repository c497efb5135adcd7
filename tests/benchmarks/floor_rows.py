"""Floor: bare group commits of answer rows through sqlite3. Usage: FOLDER GROUP SEALED-SIZE.

For each line of input, a number of rows, commits that many and prints the seconds it took, and how
many of them were CPU.
"""

import os
import sqlite3
import sys
import time
from pathlib import Path

TABLE = """CREATE TABLE response (sitting_id VARCHAR NOT NULL, seq INTEGER NOT NULL,
 hash VARCHAR(64) NOT NULL, sealed BLOB NOT NULL, received_at_ms INTEGER NOT NULL)"""
INDEX = "CREATE UNIQUE INDEX response_by_run ON response (seq >> 4, sitting_id, seq)"


def main(folder: Path, group: int, size: int) -> None:
    """Serve the questions."""
    database = sqlite3.connect(folder / "floor.sqlite", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute(TABLE)
    database.execute(INDEX)
    seq = 0
    print("ready", flush=True)
    for line in sys.stdin:
        groups = []
        for _ in range(-(-int(line) // group)):
            seq += 1
            groups.append(
                [
                    (f"rehearsal-am.26{n:05d}", seq, "0" * 64, os.urandom(size), 1_800_000_000_000)
                    for n in range(group)
                ]
            )
        began, used = time.perf_counter(), time.process_time()
        for rows in groups:
            database.execute("BEGIN")
            database.executemany("INSERT INTO response VALUES (?, ?, ?, ?, ?)", rows)
            database.execute("COMMIT")
        print(time.perf_counter() - began, time.process_time() - used, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
