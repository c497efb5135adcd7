"""What the server of the pictures says about answers, backups, wiping and keeping: invented facts
through the server's own views, so that the words on the pictures are the product's."""

from pathlib import Path
from typing import Any, cast

import msgspec

from tests.screens.console import conftest as made
from venue_server.gateway.answer_view import answers_view
from venue_server.gateway.close_screen import close_screen
from venue_server.gateway.holdings_view import Holding, holdings_view
from venue_server.gateway.session_wiping import Leftovers
from venue_server.gateway.status_page import OK
from venue_server.gateway.wipe_view import certificate_view, check_view, stations_of
from venue_server.gateway.wiped_memory import CLEANED
from venue_server.records.answer_places import Held, SittingAnswers
from venue_server.records.close_check import DayFacts, close_check
from venue_server.records.retention import retention
from venue_server.sitting.rows import Session
from venue_server.stations.store import StationWipe
from venue_server.upload.bundle import SealedBundle
from venue_server.upload.delivered import Delivered
from venue_server.upload.store import BundleRow
from venue_server.wire.backup_orders import BackupLabel, BackupMedium, Backups
from venue_server.wire.names import DataState, SessionState
from venue_server.wire.upload_orders import Uploads, UploadStage, UploadView

SESSION, EARLIER = "20261122-1", "20261121-2"
DAY_MS = 24 * 60 * made.MINUTE
ENDED = made.START + 90 * made.MINUTE


def uploads() -> Uploads:
    """One bundle on its way, one that waits for its next attempt, one at headquarters."""
    now, mb = ENDED + 45 * made.MINUTE, 1_000_000
    going = UploadView(
        SESSION, "a" * 32, UploadStage.SENDING, 60 * mb, 18 * mb, True, 85_000, 9, now - 2_000
    )
    paused = UploadView(
        "20261121-3",
        "c" * 32,
        UploadStage.PAUSED,
        42 * mb,
        7 * mb,
        moved_at_ms=now - 6 * made.MINUTE,
        next_attempt_ms=now + made.MINUTE,
        attempts=3,
        problem="PATCH: ReadTimeout",
    )
    home = UploadView(EARLIER, "b" * 32, UploadStage.HOME, 40 * mb, 40 * mb, moved_at_ms=now)
    return Uploads([going, paused, home], 142 * mb, 65 * mb, 85_000, 15)


def _session(session_id: str, state: SessionState, data: DataState) -> Session:
    planned = cast(Any, None)  # the views ask for no more than the names and states
    start = made.START
    return Session(session_id, "plan-1", state, data, start, start, planned, frozenset())


def _answers(over: bool) -> list[SittingAnswers]:
    """Two at risk: seat 07 fell silent with answers of its own, seat 11 is on one disk only."""
    found = []
    for at in range(1, 38):
        newest = 60 + (at * 13) % 70
        held = Held(newest, newest, newest, (newest, newest) if over else (newest - 9,))
        silent = at == 7
        if silent:
            held = Held(newest + 12, newest, newest, held.backups)
        if at == 11:
            held = Held(newest, newest, newest - 4, () if over else (newest - 9,))
        since = made.START + 38 * made.MINUTE
        risk = held.at_risk(since, made.START + 20 * made.MINUTE, silent)
        ticket = f"3601001{at:05}"
        seat = SittingAnswers(f"s-1-{at}", "r1", f"{at:02}", ticket, f"st-1{at:03}", held, risk)
        found.append(seat)
    return found


def answers(over: bool) -> dict[str, Any]:
    """The answer to GetAnswers."""
    state = SessionState.ENDED if over else SessionState.STARTED
    data = DataState.BACKED_UP if over else DataState.COLLECTING
    lost = ["backup-2"] if over else []
    return answers_view(_session(SESSION, state, data), _answers(over), lost)


def labels(session_id: str = SESSION) -> list[BackupLabel]:
    """Two verified copies of a session."""
    brief = made.brief()
    return [
        BackupLabel(
            session_id=session_id,
            line=f"南昌考区-第七中学考点-第1考场-{session_id}",
            exam_title=brief.exam_title,
            subject_title=brief.subject_title,
            start_ms=made.START,
            number=number,
            total=2,
            target=f"backup-{number}",
            medium_id=f"dev:8/{number}",
            serial=f"SN-471{number}",
            file=f"{session_id}-1.kdbackup",
            size=12_345_678,
            sha256="3f0a91c47be21d55" * 4,
            digest="3f0a91c47be21d55",
            verified_at_ms=ENDED + 2 * made.MINUTE,
            took_ms=4_100,
            keeper="档案室",
        )
        for number in (1, 2)
    ]


def backups() -> dict[str, Any]:
    """The answer to GetBackups."""
    media = [
        BackupMedium("backup-1", "/srv/kaodian/backup-1", "dev:8/1", "", 2),
        BackupMedium("backup-2", "/srv/kaodian/backup-2", "dev:8/2", "", 2),
    ]
    return cast(dict[str, Any], msgspec.to_builtins(Backups(media, labels(), 2)))


def _kept(published_ms: int | None, grave: bool, hold: str = "") -> list[dict[str, Any]]:
    day = None if published_ms is None else "2026-11-30"
    return [
        each.as_dict() | {"from": day, "purgeable": False, "destroyed": False, "begun": False}
        for each in retention("", grave, published_ms, hold)
    ]


def _certificate(session_id: str) -> dict[str, Any]:
    searched = {"files": 812, "bytes": 93_210_034, "found": 0}
    return {
        "session_id": session_id,
        "bundle_id": "9c1f0e7755aa0b12" * 2,
        "bundle_sha256": "9c1f0e7755aa0b12" * 4,
        "delivered_by": "receipt",
        "receipt_sha256": "77aa31c0ffee0021" * 4,
        "backups": [{"target": each.target, "sha256": each.sha256} for each in labels(session_id)],
        "persons": ["admin", "zhukao"],
        "begun_at_ms": ENDED - DAY_MS,
        "finished_at_ms": ENDED - DAY_MS + 3_000,
        "items": [
            {"how": "shred", "name": "answer key", "sha256": "ab" * 32},
            {"how": "remove", "name": "paper JJ02-2026-1/A", "sha256": "cd" * 32},
        ],
        "kept": [{"name": "backup media", "why": "密文，无密钥 / ciphertext, no key"}],
        "searched_before": searched,
        "searched_after": searched,
    }


def _stations() -> list[StationWipe]:
    ordered = ENDED - DAY_MS
    return [
        StationWipe(
            EARLIER,
            f"st-1{at:03}",
            "JJ02-2026-1",
            f"s-1-{at}",
            ordered,
            None if at == 7 else ordered + 40_000,
            (),
        )
        for at in range(1, 38)
    ]


def holdings() -> dict[str, Any]:
    """The answer to GetHoldings: yesterday's session is wiped, today's is only backed up."""
    sealed = SealedBundle("9c1f" * 8, Path("/v/outbox/b"), "9c1f0e7755aa0b12" * 4, 1, ())
    row = BundleRow(EARLIER, sealed, None, "receipt", 1, 0, 0, "")
    common: dict[str, Any] = {"second": True, "required": 2, "earlier": (), "begun": False}
    open_one = Holding(
        session=_session(SESSION, SessionState.ENDED, DataState.BACKED_UP),
        answers=_answers(True),
        stored=5203,
        copies=labels()[:1],
        lost=["backup-2"],
        bundle=None,
        home=None,
        certificate=None,
        stations=(),
        kept=_kept(None, grave=True),
        **common,
    )
    wiped = Holding(
        session=_session(EARLIER, SessionState.WIPED, DataState.WIPED),
        answers=_answers(False),
        stored=4890,
        copies=labels(EARLIER),
        lost=[],
        bundle=row,
        home=Delivered("77aa31c0ffee0021" * 4, {}),
        certificate=_certificate(EARLIER),
        stations=_stations(),
        kept=_kept(ENDED, grave=False, hold=""),
        **common,
    )
    return holdings_view([open_one, wiped])


_SEATS = {f"st-1{at:03}": f"r1-{at:02}" for at in range(1, 38)}


def wipe_check() -> dict[str, Any]:
    """The answer to GetWipeCheck: one station has not come back yet."""
    found = Leftovers([], [], [])
    cleaned = CLEANED.format(size=412_844_032, filled=7)
    memory = ["服务器内存 / server's memory", cleaned, OK]
    return check_view(EARLIER, _certificate(EARLIER), found, _stations(), _SEATS, memory)


def wipe_certificate() -> dict[str, Any]:
    """The answer to GetWipeCertificate."""
    names = {"admin": "陈晓东", "zhukao": "周立新"}
    return certificate_view(_certificate(EARLIER), stations_of(_stations(), _SEATS), {}, names)


def closing() -> dict[str, Any]:
    """The answer to GetCloseCheck, in the evening with things open."""
    facts = DayFacts(
        SESSION,
        ended=True,
        present=37,
        undecided=(),
        sealed_present=None,
        unsigned_rooms=("第1考场",),
        unanswered={"第1考场": 2},
        copies=1,
        copies_needed=2,
        media_out=("U-01",),
    )
    kept = {SESSION: retention("", True, None)}
    told = close_screen({SESSION: close_check(facts)}, kept, 412, "9f1c03aa77e2b410" * 4)
    return cast(dict[str, Any], msgspec.to_builtins(told))
