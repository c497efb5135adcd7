"""What is in the evidence bundles: three candidates, one of them absent, and a short ledger."""

from collections.abc import Callable, Iterable

from venue_server.ledger.verify import GENESIS, canonical_text, entry_hash
from venue_server.upload.extract import SittingExtract
from venue_server.wire.chain import ResponseEntry, genesis, seal_entry

SESSION = "S1"
START = 1_795_311_000_000
Act = tuple[str, str, dict[str, list[str]], dict[str, list[str]]]

_SHOWN = {"RESPONSE": ["D", "A", "C", "B"]}
_OPEN: Act = ("open", "", {"I1": ["RESPONSE", "single", "identifier"]}, {"SECTION": ["I1", "I2"]})
_ACTS: dict[str, list[Act]] = {
    f"{SESSION}/01": [
        _OPEN,
        ("visit", "I1", {}, {}),
        ("response", "I1", {"RESPONSE": ["B"]}, _SHOWN),
        ("flag", "I1", {"flag": ["true"]}, {}),
        ("response", "I1", {"RESPONSE": ["C"]}, _SHOWN),
        ("response", "I2", {"R": ["甲\n\u0001乙"]}, {}),
        ("submit", "", {"submit": ["EARLY"]}, {}),
    ],
    f"{SESSION}/02": [
        _OPEN,
        ("response", "I1", {"RESPONSE": ["D"]}, _SHOWN),
        ("submit", "", {"submit": ["AUTO"]}, {}),
    ],
    f"{SESSION}/03": [],
}


def _chain(sitting_id: str, acts: list[Act]) -> list[ResponseEntry]:
    entries: list[ResponseEntry] = []
    head = genesis(sitting_id)
    for seq, (kind, item, values, displayed) in enumerate(acts, 1):
        at_ms = START + seq * 61_234
        entry = ResponseEntry(sitting_id, seq, kind, item, values, displayed, at_ms, head)
        entries.append(seal_entry(entry))
        head = entries[-1].hash
    return entries


def _given(entries: list[ResponseEntry]) -> Callable[[], Iterable[ResponseEntry]]:
    return lambda: iter(entries)


def sittings() -> list[SittingExtract]:
    """The three; the last never came."""
    found = []
    for number, (sitting_id, acts) in enumerate(_ACTS.items(), 1):
        entries = _chain(sitting_id, acts)
        last = entries[-1] if entries else None
        found.append(
            SittingExtract(
                sitting_id=sitting_id,
                ticket_no=f"26010101{number:02}",
                name="考生〇" + "一二三"[number - 1],
                id_number=f"{number}" * 18,
                room_id="01",
                seat_no=f"{number:02}",
                machine_id=f"m-{number}",
                form_id="A",
                state="SUBMITTED" if last else "ABSENT",
                entries=_given(entries),
                opened_at_ms=START if last else None,
                submitted_at_ms=last.at_ms if last else None,
                final_seq=last.seq if last else None,
                final_head=last.hash if last else None,
                paper_id="EV-2026",
                package_id="ab" * 16,
            )
        )
    return found


def _ledger() -> list[bytes]:
    lines: list[bytes] = []
    head = GENESIS
    for seq, event in enumerate(("session.started", "session.ended"), 1):
        entry = {
            "seq": seq,
            "at_ms": START + seq,
            "event": event,
            "actor": "",
            "roles": [],
            "data": {"session": SESSION},
            "prev": head,
        }
        head = entry["hash"] = entry_hash(entry)
        lines.append(canonical_text(entry).encode() + b"\n")
    return lines


LEDGER_LINES = _ledger()
