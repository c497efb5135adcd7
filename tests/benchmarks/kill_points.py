"""R1: where a program is killed by name. Each point lies before or after a function of the product.

``before`` and ``after`` are of one call; after a coroutine means after its last await. Where the
place is an fsync, it is that of one module: ``before`` it everything is written and nothing is
durable, ``after`` it the disk has promised and nobody was told.
"""

import importlib
import inspect
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from types import ModuleType
from typing import Any

Reached = Callable[[int], None]

WHERE = {
    # release
    "release: token fetched, not durable": (
        "before venue_server.release.service:Releases.take_token"
    ),
    "release: token durable": "after venue_server.release.service:Releases.take_token",
    "release: before its commit": "before venue_server.release.service:Releases._keep_release",
    "release: committed, keys not pushed": "before venue_server.day:ReleaseKeeper._push",
    # answers, at the server
    "save: in the primary's transaction": "after venue_server.responses.store:insert_responses",
    "save: primary committed": "before venue_server.ledger.book:Ledger._publish",
    "save: before the second copy": "before venue_server.responses.second_copy:SecondCopy.append",
    "save: second copy written, not synced": "before-fsync venue_server.responses.second_copy",
    "save: second copy synced": "after-fsync venue_server.responses.second_copy",
    "save: both durable, not acknowledged": (
        "before venue_server.gateway.answer_desk:AnswerDesk._stored"
    ),
    "save: acknowledged": "after venue_server.gateway.answer_desk:AnswerDesk._stored",
    "start: copies read, not levelled": (
        "before venue_server.responses.second_side:SecondSide._write"
    ),
    # the ledger's files
    "ledger: committed, file behind": "before venue_server.ledger.book:Ledger._append_missing",
    "ledger: file written, not synced": "before-fsync venue_server.ledger.book",
    # hand-in, reopening, swap, what another machine kept
    "hand-in: before its commit": "after venue_server.sitting.service:SittingService._submit",
    "hand-in: committed, no receipt": "after venue_server.sitting.service:SittingService.submit",
    "reopen: before": "before venue_server.sitting.credit.service:CreditService.reopen",
    "reopen: committed, not told": "after venue_server.sitting.credit.service:CreditService.reopen",
    "swap: before": "before venue_server.sitting.swapping.service:Swaps.swap",
    "swap: committed, not told": "after venue_server.sitting.swapping.service:Swaps.swap",
    "branch: before it is kept": "before venue_server.responses.branching.service:Branches.keep",
    "branch: kept, not acknowledged": (
        "after venue_server.responses.branching.service:Branches.keep"
    ),
    "branch: decided, not appended": (
        "before venue_server.responses.branching.service:Branches._carry_out"
    ),
    "branch: appended, hand-in not extended": (
        "before venue_server.responses.branching.service:Branches._extended"
    ),
    # the end
    "end: before its commit": "before venue_server.day:EndKeeper._end_papers",
    "collect: committed, no backup": "before venue_server.day_backup:BackupKeeper._back_up",
    "backup: snapshot taken, no archive": "before venue_server.backup.archive:_write_tar",
    "backup: archive written, not proven": "before venue_server.backup.archive:read_back",
    "backup: proven, not recorded": "before venue_server.backup.service:BackupService._record",
    "sign: before its commit": "before venue_server.records.service:RecordsService._sign",
    "seal: frozen, no bundle": "after venue_server.records.service:RecordsService.freeze",
    "seal: in the middle of the bundle": "before venue_server.upload.bundle:_timeline",
    "seal: bundle there, not recorded": (
        "before venue_server.upload.service:UploadService._record_sealed"
    ),
    "seal: recorded, session not advanced": "after venue_server.upload.service:UploadService.seal",
    "upload: begun, nothing sent": "before venue_server.upload.service:UploadService._deliver",
    "upload: address made, not remembered": (
        "after venue_server.upload.tus:PinnedUploader.create_url"
    ),
    "upload: bytes sent": "after venue_server.upload.tus:PinnedUploader.upload_chunk",
    "upload: receipt there, not recorded": (
        "before venue_server.upload.outbox:Outbox._record_uploaded"
    ),
    "upload: recorded, session not advanced": (
        "after venue_server.upload.service:UploadService.upload"
    ),
    "wipe: begun, nothing destroyed": "before venue_server.upload.wiping:_destroy",
    "wipe: first key destroyed": "after venue_server.upload.wiping:shred",
    "wipe: everything destroyed, no certificate": (
        "before venue_server.upload.wiping:Wiping._finish"
    ),
    "wipe: certified, stations not told": (
        "before venue_server.gateway.session_wiping:SessionWiping.tell_stations"
    ),
    # at the stations
    "station: paper verified, not remembered": (
        "before candidate_station.session.paper_shelf:PaperShelf.remember"
    ),
    "station: journal made, not synced": "before-fsync candidate_station.answers.durable",
    "station: before the journal": "before candidate_station.answers.journal:Journal.append",
    "station: journal written, not synced": "before-fsync candidate_station.answers.journal",
    "station: journal synced, not shown": (
        "after candidate_station.answers.journal:Journal.append"
    ),
    "station: before the outbox clears": (
        "before candidate_station.answers.outbox:Outbox.acknowledged"
    ),
    "station: outbox cleared": "after candidate_station.answers.outbox:Outbox.acknowledged",
    "station: receipt heard, not marked": "before candidate_station.answers.shelf:Shelf.settle",
    "station: receipt marked": "after candidate_station.answers.shelf:Shelf.settle",
    "station: key destroyed, journal there": "after candidate_station.answers.shelf:shred",
}
POINTS = list(WHERE)


@dataclass(frozen=True)
class _Place:
    moment: str
    module: ModuleType
    path: list[str]


def install(reached: Reached) -> None:
    """Put every point in its place; ``reached`` is called with its number, in any thread."""
    for number, text in enumerate(WHERE.values()):
        place = _place(text)
        if place.moment.endswith("-fsync"):
            _around_fsync(place, number, reached)
            continue
        owner: Any = place.module
        for name in place.path[:-1]:
            owner = getattr(owner, name)
        last = place.path[-1]
        setattr(owner, last, _around(getattr(owner, last), place.moment, number, reached))


def _place(text: str) -> _Place:
    moment, _, where = text.partition(" ")
    module, _, path = where.partition(":")
    return _Place(moment, importlib.import_module(module), path.split(".") if path else [])


def _around(function: Any, moment: str, number: int, reached: Reached) -> Any:
    before = moment == "before"
    if inspect.iscoroutinefunction(function):

        @wraps(function)
        async def awaited(*args: Any, **named: Any) -> Any:
            if before:
                reached(number)
            done = await function(*args, **named)
            if not before:
                reached(number)
            return done

        return awaited

    @wraps(function)
    def called(*args: Any, **named: Any) -> Any:
        if before:
            reached(number)
        done = function(*args, **named)
        if not before:
            reached(number)
        return done

    return called


class _OwnOs:
    """The ``os`` of one module alone, with an fsync of its own."""

    def __init__(self, fsync: Callable[[int], None]) -> None:
        self.fsync = fsync

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)


def _around_fsync(place: _Place, number: int, reached: Reached) -> None:
    module: Any = place.module
    moment = place.moment.removesuffix("-fsync")
    module.os = _OwnOs(_around(module.os.fsync, moment, number, reached))


def take_out_fsyncs() -> None:
    """A careless product, for the control of power.py: what it says is saved may not be."""
    for name in ("venue_server.responses.second_copy", "candidate_station.answers.journal"):
        module: Any = importlib.import_module(name)
        module.os = _OwnOs(lambda _fd: None)


def destroy_before_it_is_written_down() -> None:
    """A hasty product, for the other control of power.py: the key goes before the list is kept."""
    module: Any = importlib.import_module("venue_server.upload.wiping")
    begin = module.Wiping._begin

    def hasty(
        self: Any, tx: Any, session_id: Any, persons: Any, items: Any, order: Any, b: Any
    ) -> Any:
        for path in order.shred.values():
            module.shred(path)
        return begin(self, tx, session_id, persons, items, order, b)

    module.Wiping._begin = hasty
