"""What really happened at one station, kept apart from the code that is being tested.

It listens to what crosses the wire: every entry sent, every acknowledgement heard. It never asks
the station's own journal, chain or outbox, so that it can convict them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from candidate_station.session import effects as fx
from candidate_station.session import inputs as ins
from venue_server.wire.chain import ResponseEntry
from venue_server.wire.station_messages import (
    FormKey,
    LoggedIn,
    PaperOpened,
    PaperReady,
    Save,
    SaveAck,
    SittingView,
    SubmitReceipt,
    TimingChanged,
    Welcome,
)
from venue_server.wire.wiping_orders import PaperWiped

Say = Callable[..., None]


@dataclass
class StationTruth:
    """``announce`` prints an event for whoever drives the rehearsal, ``record`` writes one line of
    ground truth. Instants: ``mono_s`` is CLOCK_MONOTONIC, ``exam_ms`` exam time."""

    index: int
    announce: Say
    record: Say
    station_id: str = ""
    sitting_id: str = ""
    ticket_no: str = ""
    enrol_code: str = ""
    wiped: bool = False
    submitted: dict[str, Any] | None = None
    acked: dict[int, str] = field(default_factory=dict)
    answers: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    _entries: dict[int, ResponseEntry] = field(default_factory=dict)
    _made_at: dict[int, float] = field(default_factory=dict)
    _sent_at: dict[int, float] = field(default_factory=dict)
    _key_at: float = 0.0
    _opened_at: set[int] = field(default_factory=set)
    _seen: set[str] = field(default_factory=set)

    def observe(self, happened: ins.Input | fx.Effect, now: ins.Now) -> None:
        """Hear one input or effect of the station."""
        match happened:
            case ins.Enrolling(code) if code and code != self.enrol_code:
                self.enrol_code = code
                self.announce("enrol_code", index=self.index, code=code)
            case ins.Enrolled(station_id):
                self.station_id = station_id
                self._say("enrolled", now)
            case ins.Received(message):
                self._heard(message, now)
            case fx.AppendEntries(_, entries):
                for entry in entries:
                    self._made_at.setdefault(entry.seq, now.mono_s)
            case fx.SendMessage(message):
                self._sent(message, now)

    def summary(self) -> dict[str, Any]:
        """Ground truth of the sitting so far."""
        return {
            "index": self.index,
            "station_id": self.station_id,
            "sitting_id": self.sitting_id,
            "ticket_no": self.ticket_no,
            "acked": [[seq, self.acked[seq]] for seq in sorted(self.acked)],
            "unacked": len(self._unacked()),
            "unheard": [
                [each.seq, each.hash, each.item_id, each.values]
                for each in self._unacked()
                if each.kind == "response"
            ],
            "answers": self.answers,
            "submitted": self.submitted,
            "wiped": self.wiped,
        }

    def _unacked(self) -> list[ResponseEntry]:
        return [self._entries[seq] for seq in sorted(self._entries.keys() - self.acked.keys())]

    def _say(self, event: str, now: ins.Now, **more: Any) -> None:
        self.announce(
            event,
            index=self.index,
            station_id=self.station_id,
            sitting_id=self.sitting_id,
            exam_ms=now.exam_ms,
            mono_s=now.mono_s,
            **more,
        )

    def _once(self, event: str, now: ins.Now, **more: Any) -> None:
        if event not in self._seen:
            self._seen.add(event)
            self._say(event, now, **more)

    def _heard(self, message: Any, now: ins.Now) -> None:
        match message:
            case Welcome():
                self._once("ready", now, room_id=message.room_id, seat_no=message.seat_no)
                if message.sitting is not None:
                    self._met(message.sitting, now)
            case LoggedIn(_, sitting):
                self._met(sitting, now)
                self._once("logged_in", now, ticket_no=self.ticket_no)
            case FormKey():
                self._key_at = self._key_at or now.mono_s
            case SaveAck(sitting_id, seq, head) if sitting_id == self.sitting_id:
                self._acknowledged(seq, head, now)
            case TimingChanged() if message.credited_s:
                self._say("credited", now, seconds=message.credited_s)
            case SubmitReceipt():
                self.submitted = {
                    "kind": message.kind.value,
                    "head": message.head,
                    "code": message.code,
                    "at_ms": message.at_ms,
                }
                self._once("submitted", now, **self.submitted)

    def _met(self, sitting: SittingView, now: ins.Now) -> None:
        """A sitting named by the server; its durable end acknowledges, too."""
        self.sitting_id, self.ticket_no = sitting.sitting_id, sitting.candidate.ticket_no
        self._acknowledged(sitting.seq, sitting.head, now)
        if sitting.credited_s:  # approved while this station was cut off
            self._say("credited", now, seconds=sitting.credited_s)

    def _sent(self, message: Any, now: ins.Now) -> None:
        match message:
            case Save(sitting_id, entries):
                self.sitting_id = sitting_id
                for entry in entries:
                    self._entries[entry.seq] = entry
                    self._sent_at[entry.seq] = now.mono_s
            case PaperOpened(_, opened_at_ms) if opened_at_ms not in self._opened_at:
                self._opened_at.add(opened_at_ms)
                self._say("opened", now, key_mono_s=self._key_at)
            case PaperReady():
                self._once("paper_verified", now)
            case PaperWiped(paper_id):
                self.wiped = True
                self._say("wiped", now, paper_id=paper_id)

    def _acknowledged(self, upto: int, head: str, now: ins.Now) -> None:
        """``upto`` and everything before it is promised; note each entry the first time."""
        for seq in sorted(seq for seq in self._entries if seq <= upto and seq not in self.acked):
            entry = self._entries[seq]
            self.acked[seq] = entry.hash
            if entry.kind == "response":
                self.answers[entry.item_id] = entry.values
            self.record(
                "acked",
                index=self.index,
                sitting_id=entry.sitting_id,
                seq=seq,
                hash=entry.hash,
                kind=entry.kind,
                at_ms=entry.at_ms,
                item_id=entry.item_id,
                values=entry.values,
                latency_ms=_ms(now.mono_s - self._sent_at[seq]),
                age_ms=_ms(now.mono_s - self._made_at.get(seq, self._sent_at[seq])),
            )
        if upto in self.acked and self.acked[upto] != head:
            self._say("contradiction", now, seq=upto, head=head)


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)
