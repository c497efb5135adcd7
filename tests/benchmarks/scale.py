"""Uploads and release tokens of a whole examination: 5,000 venues that act at one instant.

A discrete-event simulation with the product's own schedules and limits (``upload/schedule.py``,
``upload/delivery.py``, ``release/token_schedule.py``) and a server of stated capacity; beside it,
in the same run, the same venues without jitter and with a fixed interval. No clock and no network:
every figure follows from ``--seed``. docs/scale.md says what is assumed.
"""

import heapq
import math
import random
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import msgspec
from measuring import Figure, options, report, say

from venue_server.release.token_schedule import (
    WATCH_FROM_S,
    Heard,
    first_pause_s,
    pause_s,
    probe_pause_s,
)
from venue_server.upload.delivery import Delivery
from venue_server.upload.pinned import CONNECT_S
from venue_server.upload.schedule import (
    FIRST_S,
    LONGEST_S,
    come_back_s,
    delay_s,
    failures_after,
    receipt_pause_s,
)
from venue_server.upload.timeline import timeline
from venue_server.wire.chain import ResponseEntry, genesis, seal_entry

CANDIDATES = 300  # of one venue: 1.5 million in 5,000
ITEMS, CHANGES = 100, 3
FIXED_S = 60.0
RECEIPT_WAIT_S = Delivery().receipt_wait_s
CUT_SHARE = 0.05  # of attempts that a cut line ends somewhere in the middle


@dataclass(frozen=True)
class Server:
    """What the designated server can do. ``requests_s``: new connections answered in a second;
    ``uploads``: at once, the rest gets 503; ``bytes_s`` in all; ``asks_s``: its Retry-After with
    503; ``opens_s``: bundles opened, verified and receipted in a second; ``by_queue``: whoever asks
    for a receipt is told to come back when its turn comes (the stand-in does), else in a second."""

    requests_s: int
    uploads: int
    bytes_s: float
    opens_s: float
    asks_s: float | None = None
    by_queue: bool = True


# (failures in a row, uniform, what the server asked for) to seconds
Policy = Callable[[int, Callable[[float, float], float], float | None], float]


def without_jitter(failures: int, _uniform: object, _asked: float | None) -> float:
    return float(min(LONGEST_S, FIRST_S * 2.0 ** min(failures - 1, 16)))


def fixed(_failures: int, _uniform: object, _asked: float | None) -> float:
    return FIXED_S


def bundle_bytes() -> float:
    """What one candidate adds to a bundle, by the product's own journal and timeline, deflated."""
    rng, head = random.Random(1), genesis("s")
    entries: list[ResponseEntry] = []
    for seq in range(1, ITEMS * CHANGES + 1):
        shown = rng.sample("ABCD", 4)
        item = f"item-{rng.randrange(ITEMS)}"
        entry = ResponseEntry(
            "s", seq, "response", item, {"R": [rng.choice(shown)]}, {"R": shown}, seq * 9000, head
        )
        entries.append(seal_entry(entry))
        head = entries[-1].hash
    told = b"\n".join(msgspec.json.encode(each) for each in entries)
    timed = msgspec.json.encode(timeline(entries))
    return float(len(zlib.compress(told)) + len(zlib.compress(timed)))


@dataclass
class Line:
    """Uploads under way share the server's line evenly, none faster than its own uplink.

    All go at one rate, so one running sum of bytes serves every one of them.
    """

    server: Server
    uplink: float
    moved: float = 0.0  # bytes that each upload under way has sent since the beginning of time
    at: float = 0.0
    ends: list[tuple[float, int]] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return min(self.uplink, self.server.bytes_s / max(1, len(self.ends)))

    def forward(self, now: float) -> None:
        self.moved += self.rate * (now - self.at)
        self.at = now

    def begin(self, venue: int, size: float) -> None:
        heapq.heappush(self.ends, (self.moved + size, venue))

    def next_end(self) -> float:
        return self.at + (self.ends[0][0] - self.moved) / self.rate if self.ends else float("inf")


@dataclass
class Outcome:
    """What came of one run: instants of the receipts, attempts by venue, arrivals by second and
    among them, on connections that are open already, questions for receipts."""

    done: list[float]
    attempts: list[int]
    arrivals: Counter[int]
    unanswered: int
    sent: list[float] = field(default_factory=list)
    asked: Counter[int] = field(default_factory=Counter)

    def share_s(self, share: float) -> float:
        """Seconds until this share of the venues was done."""
        return sorted(self.done)[min(len(self.done) - 1, int(share * len(self.done)))]

    @property
    def peak_s(self) -> int:
        """Arrivals in the busiest second."""
        return max(self.arrivals.values())


class Uploads:
    """Every venue of one run; all of them begin at 0."""

    def __init__(self, venues: int, server: Server, policy: Policy, seed: int) -> None:
        self._rng = random.Random(seed)
        self._server, self._policy = server, policy
        size = bundle_bytes() * CANDIDATES
        self._left = [size * self._rng.uniform(0.5, 1.5) for _ in range(venues)]
        self.total = sum(self._left)
        self._line = Line(server, uplink=20e6 / 8)
        self._failures = [0] * venues
        self._cut = [0.0] * venues
        self._moved = [False] * venues
        self._ready: dict[int, float] = {}  # when headquarters has opened what a venue sent
        self._opened_until = 0.0
        self._asking: dict[int, tuple[float, int]] = {}  # since when, and how often
        self._due: list[tuple[float, int]] = [(0.0, venue) for venue in range(venues)]
        self.outcome = Outcome([], [0] * venues, Counter(), 0)

    def run(self, opens_at: float) -> Outcome:
        """Until everybody is done. Before ``opens_at`` nobody is answered."""
        heapq.heapify(self._due)
        while self._due or self._line.ends:
            ends = self._line.next_end()
            if self._due and self._due[0][0] < ends:
                now, venue = heapq.heappop(self._due)
                self._line.forward(now)
                if venue in self._asking:
                    self._ask(now, venue)
                else:
                    self._arrive(now, venue, opens_at)
            else:
                self._line.forward(ends)
                _, venue = heapq.heappop(self._line.ends)
                self._ended(ends, venue)
        return self.outcome

    def _arrive(self, now: float, venue: int, opens_at: float) -> None:
        self.outcome.attempts[venue] += 1
        self.outcome.arrivals[int(now)] += 1
        self._moved[venue] = False
        if now < opens_at or self.outcome.arrivals[int(now)] > self._server.requests_s:
            self.outcome.unanswered += 1
            self._again(now + CONNECT_S, venue, None)
        elif not self._left[venue]:  # HEAD says that all is there
            self._begin_asking(now, venue)
        elif len(self._line.ends) >= self._server.uploads:
            self._again(now, venue, self._server.asks_s)
        else:
            cut = self._rng.random() < CUT_SHARE
            part = self._left[venue] * (self._rng.random() if cut else 1.0)
            self._cut[venue] = self._left[venue] - part
            self._line.begin(venue, part)

    def _again(self, now: float, venue: int, asked: float | None) -> None:
        self._failures[venue] = failures_after(self._failures[venue], self._moved[venue])
        pause = self._policy(self._failures[venue], self._rng.uniform, asked)
        heapq.heappush(self._due, (now + pause, venue))

    def _ended(self, now: float, venue: int) -> None:
        self._left[venue] = self._cut[venue]
        if self._left[venue]:  # the line was cut; the server keeps what it has (tus)
            self._moved[venue] = True
            self._again(now, venue, None)
            return
        self.outcome.sent.append(now)
        self._opened_until = max(self._opened_until, now) + 1 / self._server.opens_s
        self._ready[venue] = self._opened_until
        self._begin_asking(now, venue)

    def _begin_asking(self, now: float, venue: int) -> None:
        self._asking[venue] = (now, 0)
        self._ask(now, venue)

    def _ask(self, now: float, venue: int) -> None:
        """One question for the receipt, as upload/delivery.py asks."""
        since, asked = self._asking[venue]
        self.outcome.asked[int(now)] += 1
        if self._ready[venue] <= now:
            del self._asking[venue]
            self.outcome.done.append(now)
            return
        wait = float(math.ceil(self._ready[venue] - now)) if self._server.by_queue else 1.0
        pause = receipt_pause_s(asked + 1, self._rng.uniform, wait)
        if now + pause > since + RECEIPT_WAIT_S:
            del self._asking[venue]
            self._again(now, venue, come_back_s(wait))
        else:
            self._asking[venue] = (since, asked + 1)
            heapq.heappush(self._due, (now + pause, venue))


def probes(venues: int, seed: int) -> Counter[int]:
    """Looks at the line by second before the release point, from when it is watched on."""
    rng = random.Random(seed)
    seen: Counter[int] = Counter()
    for _ in range(venues):
        left = WATCH_FROM_S - rng.uniform(0, 60)  # servers were not started together
        while left > 0:
            seen[int(left)] += 1
            left -= probe_pause_s(left, reachable=True, jitter=rng.random())
    return seen


def tokens(venues: int, late_s: float, heard: Heard, seed: int) -> Counter[int]:
    """Questions for the release token by second after the point, published ``late_s`` after it;
    ``heard`` is what every question before that hears."""
    rng = random.Random(seed)
    asked: Counter[int] = Counter()
    for _ in range(venues):
        at = first_pause_s(300.0, rng.random())
        while True:
            asked[int(at)] += 1
            if at >= late_s:
                break
            at += pause_s(at, heard, rng.random())
    return asked


POLICIES: dict[str, Policy] = {
    "product": delay_s,
    "no jitter": without_jitter,
    "fixed 60 s": fixed,
}


def upload_figures(venues: int, seed: int) -> list[Figure]:
    """Both scenarios under every policy; the server grows with the number of venues."""
    part = venues / 5000
    plain = Server(int(2000 * part), int(400 * part), 2e9 / 8 * part, 40.0 * part)
    asking = replace(plain, asks_s=60.0)
    slow = replace(plain, opens_s=5.0 * part)
    worst = replace(slow, by_queue=False)
    figures = []
    for scene, opens_at in (("at one instant", 0.0), ("after 30 min without server", 1800.0)):
        first: Outcome | None = None
        for name, server, policy in (
            ("product", plain, POLICIES["product"]),
            ("product, server asks for 60 s", asking, POLICIES["product"]),
            ("product, 5 opened a second", slow, POLICIES["product"]),
            ("product, 5 opened a second, receipt told in a second", worst, POLICIES["product"]),
            ("no jitter", plain, POLICIES["no jitter"]),
            ("fixed 60 s", plain, POLICIES["fixed 60 s"]),
        ):
            uploads = Uploads(venues, server, policy, seed)
            found = uploads.run(opens_at)
            assert len(found.done) == venues, "everybody ends"
            first = first or found
            figures += _told(f"{scene}, {name}", found, first, server, uploads.total, opens_at)
    return figures


def _told(
    what: str, found: Outcome, product: Outcome, server: Server, total: float, opens_at: float
) -> list[Figure]:
    floor = total / server.bytes_s
    after = {share: found.share_s(share) - opens_at for share in (0.5, 0.99, 1.0)}
    peak = max(count for second, count in found.arrivals.items() if second >= opens_at)
    mean = sum(found.attempts) / len(found.attempts)
    busiest, questions = max(found.asked.values()), found.asked.total() / len(found.attempts)
    say(
        f"{what}: 50/99/100 % after {after[0.5]:.0f}/{after[0.99]:.0f}/{after[1.0]:.0f} s "
        f"(the line alone: {floor:.0f} s; all sent after {max(found.sent) - opens_at:.0f} s); "
        f"busiest second {peak} of {server.requests_s}; "
        f"{mean - 1:.1f} retries a venue, at most {max(found.attempts) - 1}; "
        f"{found.unanswered} unanswered; receipts: {questions:.1f} questions a venue, "
        f"{busiest} in the busiest second"
    )
    than = after[0.99] / (product.share_s(0.99) - opens_at)
    return [
        Figure(f"L09 99 % uploaded {what}", after[0.99], "s", "-", after[0.99] / floor),
        Figure(f"L09 99 % against product {what}", than, "times", "-", than),
        Figure(f"L09 busiest second {what}", peak, "arrivals", "-", peak / server.requests_s),
        Figure(f"L09 retries a venue {what}", mean - 1, "attempts", "-"),
        Figure(f"L09 receipts busiest second {what}", busiest, "questions", "-"),
        Figure(f"L09 receipts asked a venue {what}", questions, "questions", "-"),
    ]


def token_figures(venues: int, seed: int) -> list[Figure]:
    """Before the point, at it, and published late by a server that says nothing or asks for five
    seconds."""
    seen = probes(venues, seed)
    peak, mean = max(seen.values()), sum(seen.values()) / venues
    say(f"line probed before the point: busiest second {peak}, {mean:.1f} a venue")
    figures = [Figure("E03 probes busiest second", peak, "questions", "-", peak / venues)]
    for what, late_s, heard in (
        ("at the point", 0.0, Heard()),
        ("30 s late", 30.0, Heard()),
        ("30 s late, server asks for 5 s", 30.0, Heard(retry_after_s=5.0)),
    ):
        asked = tokens(venues, late_s, heard, seed)
        peak, mean = max(asked.values()), sum(asked.values()) / venues
        say(f"token {what}: busiest second {peak} questions, {mean:.1f} a venue")
        name = f"E03 token busiest second, {what}"
        figures.append(Figure(name, peak, "questions", "-", peak / venues))
    return figures


def main() -> None:
    parser = options(str(__doc__))
    parser.add_argument("--venues", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    venues = 500 if chosen.short else chosen.venues
    say(f"one candidate adds {bundle_bytes() / 1024:.1f} KB to a bundle")
    report(*upload_figures(venues, chosen.seed), *token_figures(venues, chosen.seed))


if __name__ == "__main__":
    main()
