"""R6: manifests, documents, tokens and fragments that are wrong, by the million.

    ./kaodian benchmark fuzz_papers [--short] [--count N] [--seconds S] [--seed TEXT]
    ./kaodian benchmark fuzz_papers --targets manifest signed-manifest --seconds 7200

First every single bit of a manifest and of a fragment is turned; then mutated inputs are given to
the readers of papers in turn until ``--count`` of them were judged or the time is over. A finding
is whatever raises, or a turned bit that is accepted; it is printed and ends the run with status 1.
"""

import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import measuring
from measuring import Figure, say

from tests.fuzz import run as fuzz
from tests.fuzz.targets import EVIDENCE, OK, TARGETS

DOCUMENTS = ("manifest", "signed-manifest", "token", "signed-token")
FRAGMENTS = ("fragment", "share", "stream", "code")
COUNT, SECONDS = 1_000_000, 300.0
SHORT_COUNT, SHORT_SECONDS = 4_000, 10.0


def every_bit(name: str, data: bytes) -> tuple[int, Counter[str]]:
    """Turn each bit; how many were turned, and what was said."""
    run, told = TARGETS[name].run, Counter[str]()
    changed = bytearray(data)
    for bit in range(len(data) * 8):
        changed[bit // 8] ^= 1 << bit % 8
        told[run(bytes(changed))] += 1
        changed[bit // 8] ^= 1 << bit % 8
    return len(data) * 8, told


def main() -> int:
    parser = measuring.options(__doc__ or "")
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--targets", nargs="+", default=[*DOCUMENTS, *FRAGMENTS], choices=TARGETS)
    given = parser.parse_args()
    count = SHORT_COUNT if given.short else given.count
    findings = 0
    turned: dict[str, int] = {}
    for name, file in (("manifest", "sound.manifest.json"), ("fragment", "sound-1of3.kdfrag")):
        turned[name], told = every_bit(name, (EVIDENCE / file).read_bytes())
        findings += told[OK]
        say(f"{name}, each bit: {dict(told)}")
    given_to = Counter[str]()
    end = time.monotonic() + (SHORT_SECONDS if given.short else given.seconds)
    targets = given.targets
    share = count // len(targets)
    for at, name in enumerate(targets):
        left = (end - time.monotonic()) / (len(targets) - at)
        done, told, found = fuzz.attack(name, f"{name}/{given.seed}", share, left)
        findings += len(found)
        given_to["documents" if name in DOCUMENTS else "fragments"] += done
        say(f"{name}: {done}, {dict(told.most_common(8))}")
    measuring.report(
        Figure("R6 findings", findings, "inputs that raised or passed", "0"),
        Figure("R6 bits of a manifest turned", turned["manifest"], "bits", "all"),
        Figure("R6 bits of a fragment turned", turned["fragment"], "bits", "all"),
        Figure("R6 fuzzed documents", given_to["documents"], "inputs", "1000000 with fragments"),
        Figure("R6 fuzzed fragments and shares", given_to["fragments"], "inputs", "-"),
    )
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
