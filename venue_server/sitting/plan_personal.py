"""The personal part of a plan, sealed to one venue (O08): who steals the file learns no name.

In a sealed plan candidates and staff stand without the fields below; these are in
``personal.sealed``, base64 of one HPKE value (wire/hpke.py) over JSON::

    {"candidates": {ticket_no: {name, id_number, …}}, "staff": {person_id: {name, phone}}}

under the info ``kaodian-plan-personal/1 | venue_id | plan_id``. It lies inside the signed payload,
so it can be neither exchanged nor taken out. The venue keeps the document as it came and opens it
in memory at every start.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from venue_server.wire import hpke
from venue_server.wire.canonical import b64, canonical, unb64
from venue_server.wire.hpke import HpkeError, HpkePrivate
from venue_server.wire.refusals import Refusal, RefusalCode

PERSONAL = "personal"
OF_CANDIDATES = ("name", "id_number", "photo", "name_on_document", "rare_char_note")
OF_STAFF = ("name", "phone", "gender")

Payload = dict[str, Any]


def is_sealed(payload: Mapping[str, Any]) -> bool:
    """Does the plan carry its personal data sealed?"""
    return PERSONAL in payload


def seal_personal(payload: Payload, venue_public: bytes) -> Payload:
    """A plan's payload with its personal data sealed to the venue; raises HpkeError on a bad key.

    ``payload`` obeys plan_rules: a ticket number is the same person in every session.
    """
    people: dict[str, dict[str, Payload]] = {"candidates": {}, "staff": {}}
    bare = json.loads(json.dumps(payload))
    for kind, name, entry, fields in _entries(bare):
        taken = {field: entry.pop(field) for field in fields if field in entry}
        people[kind][name] = taken
    sealed = hpke.seal(venue_public, canonical(people), _info(payload))
    return {**bare, "version": "1.1", PERSONAL: {"sealed": b64(sealed)}}


def open_personal(payload: Payload, key: HpkePrivate | None) -> Payload | Refusal:
    """The payload with its personal data in place, or why that cannot be.

    A plan in clear comes back as it is. Refusals: DOC-09 sealed to another key, DOC-06 the two
    parts do not fit each other.
    """
    if not is_sealed(payload):
        return payload
    people = _opened(payload, key)
    if isinstance(people, Refusal):
        return people
    whole = json.loads(json.dumps({name: payload[name] for name in payload if name != PERSONAL}))
    named: dict[str, set[str]] = {"candidates": set(), "staff": set()}
    try:
        for kind, name, entry, fields in _entries(whole):
            if entry.keys() & set(fields):
                return _unfit("personal data in clear beside the sealed part")
            personal = people[kind][name]
            entry.update({field: personal[field] for field in fields if field in personal})
            named[kind].add(name)
        if any(named[kind] != people[kind].keys() for kind in named):
            return _unfit("a person who stands nowhere in the plan")
    except (KeyError, TypeError, AttributeError):
        return _unfit("somebody of the plan is missing")
    return dict(whole)


def _opened(payload: Payload, key: HpkePrivate | None) -> Any | Refusal:
    elsewhere = Refusal(RefusalCode.PLAN_SEALED_ELSEWHERE)
    try:
        sealed = unb64(payload[PERSONAL]["sealed"])
        text = key.open(sealed, _info(payload)) if key else None
    except (HpkeError, ValueError, KeyError, TypeError, AttributeError):
        return elsewhere
    if text is None:
        return elsewhere
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return _unfit("unreadable")


def _entries(payload: Payload) -> Iterator[tuple[str, str, Payload, tuple[str, ...]]]:
    """Everybody in the plan: kind, id, entry, and which of its fields are personal."""
    for session in payload["sessions"]:
        for entry in session["candidates"]:
            yield "candidates", entry["ticket_no"], entry, OF_CANDIDATES
    for entry in payload.get("staff", []):
        yield "staff", entry["person_id"], entry, OF_STAFF


def _info(payload: Payload) -> bytes:
    where = f"{payload['venue_id']}\0{payload['plan_id']}"
    return b"kaodian-plan-personal/1\0" + where.encode()


def _unfit(detail: str) -> Refusal:
    return Refusal(RefusalCode.PLAN_INVALID, f"{PERSONAL}: {detail}")
