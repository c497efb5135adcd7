"""Attack one target, or all of them, from a seed: findings are printed and kept.

    python -m tests.fuzz.run TARGET… [--count N] [--seconds S] [--seed N] [--keep DIR]
    python -m tests.fuzz.run --atheris TARGET [libFuzzer options]     (pip install atheris)

Without atheris the inputs are mutations of the target's seeds; with it libFuzzer follows the
coverage of our own modules. A finding is an input that made the reader raise; it belongs into
tests/fuzz/corpus/TARGET/ once it is mended.
"""

import argparse
import json
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from random import Random

from tests.fuzz.mutations import json_mutated, mutated, xml_mutated
from tests.fuzz.targets import CORPUS, TARGETS, Target

SLOW_S = 2.0
OURS = ("venue_server", "candidate_station", "shamir_mnemonic")


def inputs(target: Target, seed: str) -> Iterator[bytes]:
    """Mutated seeds for ever."""
    rng = Random(seed)
    seeds = target.seeds()
    trees = [json.loads(each) for each in seeds if _is_json(each)] if target.is_json else []
    while True:
        if trees and rng.random() < 0.7:
            yield json.dumps(json_mutated(rng.choice(trees), rng)).encode()
        elif target.is_xml and rng.random() < 0.8:
            yield xml_mutated(rng.choice(seeds), rng)
        else:
            yield mutated(rng.choice(seeds), rng)


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True


def attack(
    name: str, seed: str, count: int, seconds: float, keep: Path | None = None
) -> tuple[int, Counter[str], dict[str, bytes]]:
    """How many inputs were given, what the reader said, and the findings by their text."""
    target = TARGETS[name]
    told: Counter[str] = Counter()
    findings: dict[str, bytes] = {}
    end = time.monotonic() + seconds
    done = 0
    for data in inputs(target, seed):
        if done >= count or time.monotonic() >= end:
            break
        done += 1
        began = time.monotonic()
        try:
            told[target.run(data)] += 1
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            _found(name, _place(error), data, findings, keep)
        if time.monotonic() - began > SLOW_S:
            _found(name, "slow", data, findings, keep)
    return done, told, findings


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} at {frames[-1].filename}:{frames[-1].lineno}: {error!s:.80}"


def _found(
    name: str, text: str, data: bytes, findings: dict[str, bytes], keep: Path | None
) -> None:
    key = text.rsplit(": ", 1)[0]
    if key in findings:
        return
    findings[key] = data
    print(f"FINDING {name}: {text}", flush=True)
    if keep is not None:
        folder = keep / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / sha256(data).hexdigest()[:16]).write_bytes(data)


def _atheris(name: str, arguments: list[str]) -> None:
    import atheris  # not in any lock file: see docs/testing of the fuzz targets

    with atheris.instrument_imports(include=list(OURS)):
        for module in [m for m in sys.modules if m.split(".")[0] in OURS]:
            del sys.modules[module]
        del sys.modules["tests.fuzz.targets"]
        from tests.fuzz.targets import TARGETS as instrumented

    folder = CORPUS.parent / ".libfuzzer" / name
    folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(instrumented[name].seeds()):
        (folder / f"seed-{number}").write_bytes(seed)
    run = instrumented[name].run
    atheris.Setup([name, str(folder), *arguments], lambda data: run(bytes(data)) and None)
    atheris.Fuzz()


def main(arguments: list[str]) -> int:
    """Run; status 1 when there was a finding."""
    if arguments[:1] == ["--atheris"]:
        _atheris(arguments[1], arguments[2:])
        return 0
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--count", type=int, default=100_000, help="inputs for each target")
    parser.add_argument("--seconds", type=float, default=60.0, help="for each target")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--keep", type=Path, help="write findings here")
    options = parser.parse_args(arguments)
    status = 0
    for name in options.targets or TARGETS:
        began = time.monotonic()
        seed = f"{name}/{options.seed}"
        done, told, findings = attack(name, seed, options.count, options.seconds, options.keep)
        rate = done / (time.monotonic() - began)
        often = ", ".join(f"{what} {count}" for what, count in told.most_common(6))
        print(f"{name}: {done} inputs, {rate:.0f}/s, {len(findings)} findings; {often:.300}")
        status |= bool(findings)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
