"""Orders about receiving sealed papers: sessions, channels, media, custody, signatures."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import cast

import msgspec

from venue_server.gateway.console_desk import Handler, Ordered, Result
from venue_server.gateway.desk_parts import DeskParts
from venue_server.intake.custody.chain import GAP_TEXTS, CustodyStep, HandOver, Outsider, Step
from venue_server.intake.custody.media import Medium, MediumKind, MediumState
from venue_server.intake.custody.media_io import medium_of
from venue_server.intake.custody.service import Chain, Custody
from venue_server.intake.dry_check import Stations
from venue_server.intake.service import ImportReport, Intake
from venue_server.intake.standing import document, package_document
from venue_server.stations.presence import PaperAt
from venue_server.storage.media_lanes import on_medium
from venue_server.wire.console_orders import ConsoleMessage
from venue_server.wire.intake_orders import (
    CheckPackages,
    GetCustody,
    GetIntake,
    ImportAgreed,
    ImportFolder,
    MoveMedium,
    OpenReceipt,
    RecordHandOver,
    RecordKeeping,
    RegisterMedium,
    SignReceiptSheet,
)
from venue_server.wire.refusals import Refusal, RefusalCode

Answer = Result | Refusal
_BEIJING = timezone(timedelta(hours=8))


def paper_stations(parts: DeskParts) -> Stations:
    """What the stations say about the session's paper and about the room they have for it."""
    presence, machines = parts.presence, parts.enrolment.machines("station")
    online = [each for each in machines if presence.is_online(each.machine_id)]
    holding = [each for each in online if presence.of(each.machine_id).paper is not PaperAt.NONE]
    told = {
        f"{each.room_id}-{each.seat_no}": facts
        for each in machines
        if (facts := parts.reports.of(each.machine_id).facts) is not None
    }
    return Stations(
        len(machines),
        len(online),
        len(holding),
        {seat: facts.disk_free for seat, facts in told.items()},
        {seat: facts.ram_bytes for seat, facts in told.items()},
    )


class IntakeOrders:
    """Two people wherever the regulation wants two."""

    def __init__(self, parts: DeskParts, intake: Intake) -> None:
        self._parts = parts
        self._intake = intake
        self._custody: Custody = intake.custody

    def handlers(self) -> dict[str, Handler]:
        """Order name to handler."""
        return {
            "OpenReceipt": self._open,
            "ImportFolder": self._import,
            "ImportAgreed": self._import_agreed,
            "FetchPackages": self._fetch,
            "CloseReceipt": self._close,
            "GetIntake": self._standing,
            "CheckPackages": self._check,
            "SignReceiptSheet": self._sign,
            "RegisterMedium": self._register,
            "MoveMedium": self._move,
            "RecordHandOver": self._hand_over,
            "RecordKeeping": self._keep,
            "GetCustody": self._chains,
        }

    # ---- receipt -------------------------------------------------------------------------

    async def _open(self, ordered: Ordered, message: ConsoleMessage) -> Answer:
        first, second = _two(ordered)
        done = await self._intake.receipts.open(
            cast(OpenReceipt, message).session_id, first, second
        )
        if isinstance(done, Refusal):
            return done
        return {"receipt_id": done.receipt_id, "deadline_ms": done.deadline_ms}

    async def _import(self, ordered: Ordered, message: ConsoleMessage) -> Answer:
        folder = Path(cast(ImportFolder, message).folder)
        done = await self._intake.import_folder(folder, _two(ordered))
        return done if isinstance(done, Refusal) else _report(done)

    async def _import_agreed(self, ordered: Ordered, message: ConsoleMessage) -> Answer:
        asked = cast(ImportAgreed, message)
        reason = asked.reason.strip()
        if not reason:
            return Refusal(RefusalCode.FOLDER_NOT_AGREED)
        done = await self._intake.import_folder(Path(asked.folder), _two(ordered), reason)
        return done if isinstance(done, Refusal) else _report(done)

    async def _fetch(self, ordered: Ordered, _message: ConsoleMessage) -> Answer:
        done = await self._intake.fetch(_two(ordered))
        return done if isinstance(done, Refusal) else _report(done)

    async def _close(self, ordered: Ordered, _message: ConsoleMessage) -> Answer:
        done = await self._intake.receipts.close(*_two(ordered))
        return done if isinstance(done, Refusal) else {"state": done.value}

    # ---- looking, checking, signing ------------------------------------------------------

    def _session(self, session_id: str) -> str:
        if session_id:
            return session_id
        current = self._parts.sittings.current_session()
        return current.session_id if current else ""

    async def _standing(self, _ordered: Ordered, message: ConsoleMessage) -> Answer:
        session = self._session(cast(GetIntake, message).session_id)
        if not session:
            return {"sections": [], "packages": [], "next": ["导入考务计划 / import the plan"]}
        found = await self._intake.standing(session)
        return found if isinstance(found, Refusal) else document(found)

    async def _check(self, ordered: Ordered, message: ConsoleMessage) -> Answer:
        session = self._session(cast(CheckPackages, message).session_id)
        done = await self._intake.check(
            session, ordered.person.person_id, paper_stations(self._parts)
        )
        if isinstance(done, Refusal):
            return done
        return {
            "sections": [
                {"title": _package_title(each.package_id), "rows": each.rows} for each in done
            ],
            "passed": all(each.passed for each in done),
            "next": []
            if all(each.passed for each in done)
            else ["重新接收有问题的部分 / receive again what is bad: intake fetch, intake import"],
        }

    async def _sign(self, ordered: Ordered, message: ConsoleMessage) -> Answer:
        asked = cast(SignReceiptSheet, message)
        session = self._session(asked.session_id)
        done = await self._intake.sign(session, ordered.person.person_id, asked.content_hash)
        if isinstance(done, Refusal):
            return done
        return {"content_hash": done.content_hash, "packages": len(done.filled)}

    # ---- media ---------------------------------------------------------------------------

    async def _register(self, ordered: Ordered, message: ConsoleMessage) -> Answer:
        asked = cast(RegisterMedium, message)
        first, second = _two(ordered)
        medium_id = asked.serial.strip()
        if asked.folder.strip():
            folder = Path(asked.folder.strip())
            found = await on_medium(folder, medium_of, folder)
            medium_id = found.medium_id if found else ""
        if asked.kind not in list(MediumKind):
            return Refusal(RefusalCode.CUSTODY_STEP_INVALID, asked.kind)
        medium = Medium(
            medium_id=medium_id,
            kind=MediumKind(asked.kind),
            label=asked.label.strip(),
            keeper=asked.keeper,
            user=asked.user,
            valid_from_ms=asked.valid_from_ms,
            valid_until_ms=asked.valid_until_ms,
            seal_no=asked.seal_no.strip(),
            quantity=asked.quantity,
            state=MediumState.KEPT,
        )
        refusal = await self._custody.register(medium, first, second)
        return refusal or {"medium_id": medium_id}

    async def _move(self, ordered: Ordered, message: ConsoleMessage) -> Answer:
        asked = cast(MoveMedium, message)
        first, second = _two(ordered)
        note = CustodyStep(
            item_id=asked.medium_id,
            step=Step.RETURNED if asked.back else Step.HANDED_OUT,
            at_ms=0,
            persons=(),
            supervisor=asked.supervisor,
            camera=asked.camera,
            note=f"封条 / seal {asked.seal_no}" if asked.seal_no else "",
        )
        refusal = await self._custody.move(asked.medium_id, first, second, asked.back, note)
        return refusal or {"medium_id": asked.medium_id, "out": not asked.back}

    # ---- custody -------------------------------------------------------------------------

    async def _hand_over(self, ordered: Ordered, message: ConsoleMessage) -> Answer:
        asked = cast(RecordHandOver, message)
        receivers = [*_two(ordered)]
        for each in asked.more:
            found = await self._parts.staff.authenticate_second(
                ordered.person, each, "RecordHandOver", ordered.where
            )
            if isinstance(found, Refusal):
                return found
            receivers.append(found.person_id)
        record = HandOver(
            at_ms=0,
            kind=asked.kind,
            quantity=asked.quantity,
            packaging=asked.packaging,
            seal_no=asked.seal_no,
            result=asked.result,
            items=tuple(asked.items),
            deliverers=tuple(
                Outsider(each.name, each.unit, each.document_hint) for each in asked.deliverers
            ),
            receivers=tuple(receivers),
            supervisor=asked.supervisor,
            camera=asked.camera,
        )
        done = await self._custody.hand_over(record)
        return done if isinstance(done, Refusal) else {"hand_over_id": done}

    async def _keep(self, ordered: Ordered, message: ConsoleMessage) -> Answer:
        asked = cast(RecordKeeping, message)
        step = CustodyStep(
            item_id=asked.item_id,
            step=Step.KEPT,
            at_ms=0,
            persons=_two(ordered),
            supervisor=asked.supervisor,
            place=asked.place,
            until_ms=asked.until_ms,
            camera=asked.camera,
        )
        refusal = await self._custody.keep(step)
        return refusal or {"item_id": asked.item_id, "until_ms": asked.until_ms}

    async def _chains(self, _ordered: Ordered, message: ConsoleMessage) -> Answer:
        found = self._custody.chains(cast(GetCustody, message).item_id)
        if isinstance(found, Refusal):
            return found
        return {
            "sections": [{"title": _item_title(each), "rows": _chain_rows(each)} for each in found],
            "items": [
                {
                    "item_id": each.item_id,
                    "steps": [msgspec.to_builtins(step) for step in each.steps],
                    "gaps": [msgspec.to_builtins(gap) for gap in each.gaps],
                }
                for each in found
            ],
        }


def _when(at_ms: int) -> str:
    """``2026-11-22 09:00``, in Beijing time as everywhere people look."""
    return f"{datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(_BEIJING):%Y-%m-%d %H:%M}"


def _two(ordered: Ordered) -> tuple[str, str]:
    assert ordered.second is not None, "the desk saw to it"
    return ordered.person.person_id, ordered.second.person_id


def _report(done: ImportReport) -> Result:
    """Every file's verdict; the counts are those of the package that is least far."""
    return {
        "files": [
            {
                "name": each.name,
                "verdict": each.refusal.text("zh") if each.refusal else "接受 / accepted",
                "code": each.refusal.code.value if each.refusal else "",
            }
            for each in done.files
        ],
        "state": done.state.value if done.state else "",
        "have": done.have,
        "need": done.need,
        "missing": done.missing,
        "packages": [package_document(each) for each in done.packages],
    }


def _package_title(package_id: str) -> str:
    return "试卷包 {0} / package {0}".format(package_id)  # noqa: UP032  # both languages in one


def _item_title(each: Chain) -> str:
    if each.medium is None:
        return _package_title(each.item_id)
    medium = each.medium
    return (
        f"{medium.kind.value} {medium.label} {medium.state.value} "
        f"保管 / keeper {medium.keeper}，使用 / user {medium.user}: {each.item_id}"
    )


def _chain_rows(each: Chain) -> list[list[str]]:
    """The steps in order, then every gap, or that there is none."""
    rows = [
        [
            f"{_when(step.at_ms)} {step.step.value}",
            " · ".join(
                part
                for part in (
                    "+".join(step.persons) or "—",
                    f"监督 / supervised {step.supervisor}" if step.supervisor else "",
                    step.place,
                    f"至 / until {_when(step.until_ms)}" if step.until_ms else "",
                    f"监控 / camera {step.camera}" if step.camera else "",
                    step.note,
                )
                if part
            ),
            "ok",
        ]
        for step in each.steps
    ]
    for gap in each.gaps:
        chinese, english = GAP_TEXTS[gap.kind]
        where = gap.step.value if gap.step else f"{_when(gap.at_ms)} – {_when(gap.until_ms)}"
        rows.append([f"缺口 / gap {where}", f"{chinese} / {english}", "bad"])
    if not each.gaps:
        rows.append(["结论 / verdict", "链条完整 / no gap", "ok"])
    return rows
