"""Makes tests/evidence/plans-1: signed plans of version 1, sound and faulty, and their table.

    python -m tests.evidence.make_plans           write the folder anew
    python -m tests.evidence.make_plans --check   make it in memory and compare every byte

Everything follows from seeds but the HPKE value of the sealed plan, which is taken from the folder
while it still opens. The keys protect nothing; docs/plan.md is the format.
"""

import copy
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.evidence.make_papers import SIGNERS, STRANGERS, VENUE_KEYS
from venue_server.sitting.plan_personal import open_personal, seal_personal
from venue_server.wire.canonical import b64, canonical, unb64
from venue_server.wire.signed import sign

FOLDER = Path(__file__).with_name("plans-1")
VENUE, SEALED = "V01", "sealed.json"
START = 1_800_000_000_000
Json = dict[str, Any]


def _candidate(ticket: str, name: str, number: str, **more: Any) -> Json:
    return {
        "ticket_no": ticket, "name": name, "id_document": "RESIDENT_ID", "id_number": number,
        "room_id": "R1", "seat_no": ticket[-2:], "photo": "", **more,
    }  # fmt: skip


def _session(session_id: str, start_ms: int) -> Json:
    return {
        "session_id": session_id, "subject_code": "9901", "subject_title": "科目",
        "start_ms": start_ms, "duration_s": 5400, "media_class": "NORMAL", "relaxed": True,
        "receipt_open_ms": start_ms - 7_200_000, "receipt_close_ms": start_ms - 600_000,
        "receipt_limit_s": 3600, "admission_open_s": 1800, "group": "day", "login_cutoff_s": 1800,
        "tools": ["CALCULATOR"], "category": "", "papers": [],
        "candidates": [
            _candidate("3601123401", "阿卜杜拉·买买提", "11010519491231002X", extra_time_s=1620),
            _candidate(
                "3601123402", "王喜", "110101199003070011",
                name_on_document="王\U00020164", rare_char_note="登记时以喜代",
            ),
        ],
    }  # fmt: skip


def clear() -> Json:
    """A rehearsal's plan in clear."""
    return {
        "type": "kaodian.plan", "version": "1.0", "plan_id": "EV-PLAN", "venue_id": VENUE,
        "venue_name": "考点", "exam_title": "考试", "mode": "REHEARSAL",
        "rooms": [{"room_id": "R1", "name": "第1考场"}],
        "seats": [
            {"room_id": "R1", "seat_no": "01", "x": 0, "y": 0},
            {"room_id": "R1", "seat_no": "02", "x": 1, "y": 0},
        ],
        "sessions": [_session("am", START), _session("am2", START + 7_800_000)],
        "designated_server": {"base_url": "https://hq.invalid", "certificate_pem": ""},
        "bundle_public": "",
        "staff": [{"person_id": "chief", "name": "李主考", "roles": ["CHIEF"], "phone": "139"}],
        "thresholds": {"compensation_cap_s": 1800},
    }  # fmt: skip


def sealed() -> Json:
    """A live plan sealed to V01; its HPKE value is the one of the folder while it fits."""
    whole = {**clear(), "mode": "LIVE", "version": "1.1"}
    file = FOLDER / SEALED
    if file.exists():
        kept: Json = json.loads(file.read_bytes())["payload"]
        if open_personal(kept, VENUE_KEYS[VENUE]) == whole:
            return kept
    return seal_personal(whole, VENUE_KEYS[VENUE].public_raw())


def _changed(payload: Json, change: Callable[[Json], None]) -> Json:
    copied = copy.deepcopy(payload)
    change(copied)
    return copied


def _overlap(plan: Json) -> None:
    plan["sessions"][1]["start_ms"] = START + 5_400_000  # the first one's extra time runs longer


def _second_seat(plan: Json) -> None:
    plan["sessions"][0]["candidates"][1]["seat_no"] = "01"


def _bit(plan: Json) -> None:
    raw = bytearray(unb64(plan["personal"]["sealed"]))
    raw[-1] ^= 1
    plan["personal"]["sealed"] = b64(bytes(raw))


def _cases() -> list[tuple[str, Json, str, str]]:
    """Name, document, mode of the venue, what comes of it."""
    plain, hidden = clear(), sealed()

    def signed(payload: Json) -> Json:
        return sign(payload, SIGNERS)

    edited = _changed(signed(plain), lambda d: _second_seat(d["payload"]))
    first, second = signed(plain)["signatures"], sign(plain, STRANGERS)["signatures"]
    dot = _changed(plain, lambda p: p["sessions"][0]["candidates"][0].update(name="阿•买"))
    return [
        ("clear.json", signed(plain), "REHEARSAL", "READS"),
        (SEALED, signed(hidden), "LIVE", "READS"),
        ("live-in-clear.json", signed({**plain, "mode": "LIVE"}), "LIVE", "DOC-08"),
        ("seal-bit.json", signed(_changed(hidden, _bit)), "LIVE", "DOC-09"),
        ("seal-of-another-plan.json", signed({**hidden, "plan_id": "EV-2"}), "LIVE", "DOC-09"),
        ("seal-taken-out.json", _changed(signed(hidden), lambda d: d["payload"].pop("personal")),
         "LIVE", "DOC-04"),
        ("wrong-mode.json", signed(plain), "LIVE", "DOC-07"),
        ("another-venue.json", signed({**plain, "venue_id": "V02"}), "REHEARSAL", "DOC-05"),
        ("version-2.json", signed({**plain, "version": "2.0"}), "REHEARSAL", "DOC-03"),
        ("seat-edited.json", edited, "REHEARSAL", "DOC-04"),
        ("one-signature.json", {"payload": plain, "signatures": first[:1]}, "REHEARSAL", "DOC-04"),
        ("one-stranger.json", {"payload": plain, "signatures": [first[0], second[0]]},
         "REHEARSAL", "DOC-04"),
        ("linked-overlap.json", signed(_changed(plain, _overlap)), "REHEARSAL", "DOC-06"),
        ("seat-twice.json", signed(_changed(plain, _second_seat)), "REHEARSAL", "DOC-06"),
        ("separator-not-b7.json", signed(dot), "REHEARSAL", "DOC-06"),
    ]  # fmt: skip


def folder() -> dict[str, bytes]:
    """Every file by name."""
    cases = _cases()
    table = {
        "threshold": 2,
        "headquarters_keys": [b64(key.public_key().public_bytes_raw()) for key in SIGNERS],
        "venue": VENUE,
        "venue_key": b64(VENUE_KEYS[VENUE].private_raw()),
        "cases": [
            {"file": name, "mode": mode, "ends": ends} for name, _document, mode, ends in cases
        ],
    }
    files = {name: canonical(document) for name, document, _mode, _ends in cases}
    return {**files, "table.json": json.dumps(table, indent=1).encode() + b"\n"}


def main(arguments: list[str]) -> int:
    """Write the folder, or compare it."""
    made = folder()
    if "--check" in arguments:
        return int(made != {path.name: path.read_bytes() for path in FOLDER.iterdir()})
    FOLDER.mkdir(exist_ok=True)
    for name, data in made.items():
        (FOLDER / name).write_bytes(data)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
