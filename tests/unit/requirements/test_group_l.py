"""Group L, collection, backup, upload and wiping: the whole group's law in one table.

``TABLE`` asks the pure rules; ``WAY`` asks the services of one venue whose session goes from the
collected answers to the wiped keys, with no line to headquarters: its receipt is brought.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.unit.requirements.register import Row, built, without_a_row
from tests.unit.sitting.test_reconcile_empty import SITTING
from tests.unit.upload import conftest as upload_kit
from tests.unit.upload.test_backup_archive import copies
from venue_server.backup.service import BackupReport
from venue_server.backup.targets import BackupRules, is_enough
from venue_server.headquarters.service_tus import TusDesk
from venue_server.records.reconciliation import ChainEnd, reconcile
from venue_server.responses.answer_keys import AnswerFault, AnswerKeys
from venue_server.sitting.plan import DesignatedServer
from venue_server.upload.extract import SittingHead
from venue_server.upload.handing_over.rules import HandOverAct, Receiver, may_export, may_hand_over
from venue_server.upload.opening import open_bundle
from venue_server.upload.outcome import UploadPending
from venue_server.upload.pinned import PinnedServer, WrongServerError
from venue_server.upload.receipts import check_receipt, receipt_payload
from venue_server.upload.schedule import FIRST_S, LONGEST_S, SPREAD, delay_s
from venue_server.upload.wiping import WipeOrder
from venue_server.wire import hpke
from venue_server.wire.canonical import b64
from venue_server.wire.names import DataState
from venue_server.wire.refusals import Refusal
from venue_server.wire.remarks import RemarkCode
from venue_server.wire.signed import public_keys, sign

headquarters, kit, world = upload_kit.headquarters, upload_kit.kit, upload_kit.world

ELSEWHERE = {
    "L05": "tests/unit/test_console_day_certificate.py::"
    "test_l05_the_certificate_names_every_verified_copy_with_its_medium"
}
"""What only a printed sheet shows."""


def word(done: object) -> str:
    return done.code.value if isinstance(done, Refusal) else "done"


# ---- the pure rules ----------------------------------------------------------------------

HEAD = "a" * 64
HANDED_IN = replace(SITTING, final_seq=3, final_head=HEAD)


def held(chain: ChainEnd | None, seq: int = 3) -> Callable[[], tuple[int, RemarkCode | None, bool]]:
    """(bundles, what is told, does it block) of somebody who handed in ``seq`` entries."""
    chains = {"s": chain} if chain else {}
    one = HANDED_IN if seq else SITTING

    def ask() -> tuple[int, RemarkCode | None, bool]:
        (row,) = reconcile("am", [one], lambda _one: "", chains).rows
        return row.bundles, row.problem.code if row.problem else None, row.blocking

    return ask


def enough(*places: tuple[str, str], needed: int = 2, apart: bool = True) -> Callable[[], bool]:
    return lambda: is_enough(copies(*places), BackupRules(needed, separate_devices=apart))


KEYS = [Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()]
HEADS = [SittingHead("S1/01", 9, HEAD), SittingHead("S1/02", 0, "b" * 64)]


def receipt(signers: int = 2, **changes: Any) -> Callable[[], str]:
    """What comes of a receipt for bundle B (digest ``d``) that says something else."""
    said: dict[str, Any] = {"bundle_id": "B", "sha256": "d" * 64, "sittings": HEADS} | changes

    def ask() -> str:
        raw = json.dumps(sign(receipt_payload(**said, received_at_ms=1), KEYS[:signers])).encode()
        pinned = public_keys([b64(key.public_key().public_bytes_raw()) for key in KEYS])
        found = check_receipt(raw, pinned, 2, "B", "d" * 64, HEADS)
        return found.code.value if isinstance(found, Refusal) else "done"

    return ask


def pause(failures: int, asked_s: float | None = None) -> Callable[[], tuple[float, float]]:
    """The shortest and the longest wait, in seconds."""

    def ask() -> tuple[float, float]:
        shortest = delay_s(failures, lambda least, _most: least, asked_s)
        return shortest, delay_s(failures, lambda _least, most: most, asked_s)

    return ask


def by_hand(state: DataState, attempts: int = 1) -> Callable[[], str]:
    return lambda: word(may_export("S1", state, attempts))


ACT = HandOverAct(
    ("S1",),
    "U-1",
    "批复",
    "F-1",
    (("a", "甲"), ("b", "乙")),
    (Receiver("丙", "部考试中心", "1"), Receiver("丁", "部考试中心", "2")),
)


def handed(**changes: Any) -> Callable[[], tuple[str, str]]:
    def ask() -> tuple[str, str]:
        refusal = may_hand_over(replace(ACT, **changes))
        return (refusal.code.value, refusal.detail) if refusal else ("done", "")

    return ask


def offered() -> set[str]:
    router = web.UrlDispatcher()
    TusDesk(cast(Any, None), cast(Any, None), cast(Any, None)).add_routes(router)
    return {route.method for route in router.routes()}


GONE, DIFFER = RemarkCode.NO_ANSWERS, RemarkCode.ANSWERS_DIFFER
EMPTY = RemarkCode.FORCED_WITHOUT_ANSWERS
TABLE = [
    Row("L02", "all that was handed in is here", held(ChainEnd(3, HEAD, 1)), (1, None, False)),
    Row("L02", "one entry is missing", held(ChainEnd(2, HEAD, 1)), (0, DIFFER, True)),
    Row("L02", "one is too many", held(ChainEnd(4, HEAD, 1)), (0, DIFFER, True)),
    Row("L02", "another chain of that length", held(ChainEnd(3, "b" * 64, 1)), (0, DIFFER, True)),
    Row("L02", "nothing is here", held(None), (0, GONE, True)),
    Row("L02", "nothing was handed in, by two people", held(None, seq=0), (1, EMPTY, False)),
    Row("L04", "two devices", enough(("a", "1"), ("b", "2")), True),
    Row("L04", "two folders of one device", enough(("a", "1"), ("b", "1")), False),
    Row("L04", "one device", enough(("a", "1")), False),
    Row("L04", "two, where three are wanted", enough(("a", "1"), ("b", "2"), needed=3), False),
    Row("L06", "what headquarters' door takes", offered, {"OPTIONS", "POST", "HEAD", "PATCH"}),
    Row("L08", "exactly this bundle and every sitting", receipt(), "done"),
    Row("L08", "another bundle", receipt(bundle_id="C"), "SES-08"),
    Row("L08", "another digest", receipt(sha256="e" * 64), "SES-08"),
    Row("L08", "one sitting of two", receipt(sittings=HEADS[:1]), "SES-08"),
    Row("L08", "one more", receipt(sittings=[*HEADS, SittingHead("S1/03", 0, HEAD)]), "SES-08"),
    Row("L08", "an entry less", receipt(sittings=[replace(HEADS[0], seq=8), HEADS[1]]), "SES-08"),
    Row("L08", "one signature of two", receipt(signers=1), "DOC-04"),
    Row("L09", "after one failure", pause(1), (FIRST_S / 2, FIRST_S)),
    Row("L09", "after four", pause(4), (FIRST_S * 4, FIRST_S * 8)),
    Row("L09", "after a hundred", pause(100), (LONGEST_S / 2, LONGEST_S)),
    Row("L09", "headquarters asks for a minute", pause(1, 60.0), (60.0, 60.0 * SPREAD)),
    Row("L09", "headquarters asks for a day", pause(1, 86_400.0), (LONGEST_S, LONGEST_S * SPREAD)),
    Row("L09", "by hand: an attempt failed", by_hand(DataState.UPLOADING), "done"),
    Row("L09", "by hand: none yet", by_hand(DataState.UPLOADING, attempts=0), "HND-02"),
    Row("L09", "by hand: only sealed", by_hand(DataState.SEALED), "HND-02"),
    Row("L09", "by hand: not sealed", by_hand(DataState.BACKED_UP), "SES-01"),
    Row("L09", "by hand: the receipt is here", by_hand(DataState.UPLOADED), "HND-01"),
    Row("L09", "two give, two others receive", handed(), ("done", "")),
    Row(
        "L09",
        "one gives twice",
        handed(givers=(("a", "甲"), ("a", "甲"))),
        ("HND-05", "givers < 2"),
    ),
    Row("L09", "one receives", handed(receivers=ACT.receivers[:1]), ("HND-05", "receivers < 2")),
    Row(
        "L09",
        "who gives receives",
        handed(receivers=(replace(ACT.receivers[0], name="甲"), ACT.receivers[1])),
        ("HND-05", "nobody stands on both sides"),
    ),
]


# ---- a session on its way ----------------------------------------------------------------


@dataclass(frozen=True)
class WayRow:
    """One line: what is asked of a venue's stages, and what comes of it."""

    number: str
    situation: str
    outcome: Callable[[Any, Any], Awaitable[object]]
    expected: object

    def __str__(self) -> str:
        return f"{self.number} {self.situation}"


def uploads(state: DataState) -> Any:
    async def ask(world: Any, kit: Any) -> str:
        world.add_session(state)
        return word(await world.upload.upload(kit.SESSION))

    return ask


def seals(state: DataState, **changes: Any) -> Any:
    """Sealing in that state; ``changes`` are of the one candidate's answers."""

    async def ask(world: Any, kit: Any) -> str:
        world.add_session(state)
        one = kit.sitting(1, kit.chain("S1/01", [("I1", {"RESPONSE": ["B"]})]))
        extract = world.extract([kit.replace(one, **changes)])
        return word(await world.upload.seal(kit.SESSION, extract, {}, "a,b"))

    return ask


def backs_up(state: DataState, one_lost: bool = False) -> Any:
    async def ask(world: Any, kit: Any) -> tuple[str, DataState]:
        world.add_session(state)
        if one_lost:
            (world.root / "disk-b").rmdir()
        done = await world.backup.make(kit.SESSION, {})
        return "done" if isinstance(done, BackupReport) else word(done), world.state()

    return ask


def server(url: str, place: str = "uploads/") -> Any:
    """The address that would be asked, or that it is refused."""

    async def ask(world: Any, _kit: Any) -> str:
        try:
            pinned = PinnedServer(DesignatedServer(url, world.headquarters.certificate_pem))
            return pinned.url(place)
        except WrongServerError:
            return "refused"

    return ask


async def bring(world: Any, kit: Any, **changes: Any) -> str:
    """The session is sealed, the line fails, and headquarters' receipt comes by hand."""
    await world.sealed()
    assert isinstance(await world.upload.upload(kit.SESSION), UploadPending)
    bundle = world.upload.bundle(kit.SESSION).bundle
    said = {"bundle_id": bundle.bundle_id, "sha256": bundle.sha256, "sittings": bundle.sittings}
    payload = receipt_payload(**(said | changes), received_at_ms=1)
    raw = json.dumps(sign(payload, world.headquarters.signing)).encode()
    return word(await world.upload.take_receipt(kit.SESSION, raw))


async def sealed_twice(world: Any, kit: Any) -> str:
    await world.sealed()
    return word(await world.upload.seal(kit.SESSION, world.extract([]), {}, "a,b"))


def opened(whose: str, flip: bool = False) -> Any:
    """Opening the sealed file with headquarters' key or with any other."""

    async def ask(world: Any, kit: Any) -> bool:
        await world.sealed()
        file: Path = world.upload.bundle(kit.SESSION).bundle.file
        if flip:
            data = bytearray(file.read_bytes())
            data[-1] ^= 1
            file.write_bytes(data)
        private = world.headquarters.bundle if whose == "headquarters" else hpke.generate()
        keys = public_keys([b64(world.signing.public_key().public_bytes_raw())])
        return not isinstance(open_bundle(file, private, keys), Refusal)

    return ask


def at_rest(sitting_id: str, seq: int, forgotten: bool = False) -> Any:
    """(is the text readable on the disk, does it open as that entry) of candidate 01's second."""

    async def ask(world: Any, kit: Any) -> tuple[bool, bool]:
        (folder := world.root / "keys").mkdir()
        public = hpke.generate().public_raw()
        keys = AnswerKeys(folder, folder, "V1", lambda _session: public)
        keys.ensure("S1")
        entry = kit.chain("S1/01", [("I1", {"RESPONSE": ["canary"]})])[1]
        sealed = keys.seal("S1", entry)
        if forgotten:
            keys.file("S1").unlink()
            keys.forget("S1")
        try:
            opens = keys.open("S1", sitting_id, seq, sealed) == entry
        except AnswerFault:
            opens = False
        return b"canary" in sealed, opens

    return ask


async def failing(world: Any, kit: Any) -> tuple[bool, DataState, bool]:
    """Is it pending, in which state, and is the bundle still here?"""
    await world.sealed()
    pending = isinstance(await world.upload.upload(kit.SESSION), UploadPending)
    return pending, world.state(), world.upload.bundle(kit.SESSION).bundle.file.exists()


def wipes(
    first: str = "a",
    second: str = "b",
    receipt: bool = True,
    backup: bool = True,
    copy: bool = False,
) -> Any:
    """(what comes of a wiping, is the key gone, the state)."""

    async def ask(world: Any, kit: Any) -> tuple[str, bool, DataState]:
        if receipt:
            assert await bring(world, kit) == "done"
        else:
            await world.sealed()
            world.force(DataState.UPLOADED)
        if not backup:
            world.store.submit(lambda tx: tx.exec_driver_sql("DELETE FROM backup_copy")).result()
        key = world.root / "venue" / "answers.key"
        key.write_bytes(b"k" * 32)
        if copy:
            (world.root / "venue" / "forgotten.bak").write_bytes(b"..." + b"k" * 32)
        order = WipeOrder(
            {"answers.key": key},
            {},
            {},
            secrets=lambda: [b"k" * 32],
            folders=(world.root / "venue",),
        )
        done = await world.wiping.wipe(kit.SESSION, (first, second), order)
        return word(done), not key.exists(), world.state()

    return ask


HQ = "https://hq.test/x/"
UPLOADED, WIPED = DataState.UPLOADED, DataState.WIPED
WAY = [
    WayRow(
        "L01", "upload before the answers are collected", uploads(DataState.COLLECTING), "SES-05"
    ),
    WayRow("L01", "upload before the backup", uploads(DataState.COLLECTED), "SES-05"),
    WayRow("L01", "upload before sealing", uploads(DataState.BACKED_UP), "SES-01"),
    WayRow("L01", "sealing before the backup", seals(DataState.COLLECTED), "SES-05"),
    WayRow("L01", "sealing after it", seals(DataState.BACKED_UP), "done"),
    WayRow("L01", "to the designated server", server(HQ), HQ + "uploads/"),
    WayRow("L01", "to another one", server(HQ, "https://other.test/x/"), "refused"),
    WayRow("L01", "to another door of it", server(HQ, "https://hq.test:8443/x/"), "refused"),
    WayRow("L01", "without TLS", server("http://hq.test/"), "refused"),
    WayRow("L02", "answers end elsewhere", seals(DataState.BACKED_UP, final_seq=2), "SIT-05"),
    WayRow("L02", "and with another hash", seals(DataState.BACKED_UP, final_head=HEAD), "SIT-05"),
    WayRow("L03", "sealed twice", sealed_twice, "SES-01"),
    WayRow("L03", "headquarters opens it", opened("headquarters"), True),
    WayRow("L03", "anybody else", opened("anybody"), False),
    WayRow("L03", "one bit turned", opened("headquarters", flip=True), False),
    WayRow("L04", "two media", backs_up(DataState.COLLECTED), ("done", DataState.BACKED_UP)),
    WayRow(
        "L04",
        "one of two is gone",
        backs_up(DataState.COLLECTED, one_lost=True),
        ("SES-06", DataState.COLLECTED),
    ),
    WayRow(
        "L04", "before collection", backs_up(DataState.COLLECTING), ("SES-01", DataState.COLLECTING)
    ),
    WayRow("L04", "after wiping", backs_up(WIPED), ("SES-01", WIPED)),
    WayRow("L07", "its own place", at_rest("S1/01", 2), (False, True)),
    WayRow("L07", "as another candidate's", at_rest("S1/02", 2), (False, False)),
    WayRow("L07", "as another entry", at_rest("S1/01", 3), (False, False)),
    WayRow("L07", "when the key is destroyed", at_rest("S1/01", 2, True), (False, False)),
    WayRow("L08", "the receipt fits", bring, "done"),
    WayRow("L08", "it confirms nobody", lambda w, k: bring(w, k, sittings=()), "SES-08"),
    WayRow("L09", "no line: nothing is lost", failing, (True, DataState.UPLOADING, True)),
    WayRow("L10", "the keys go, and it is certified", wipes(), ("done", True, WIPED)),
    WayRow("L10", "a key lies elsewhere, too", wipes(copy=True), ("WIP-03", False, UPLOADED)),
    WayRow("L11", "a state without a receipt", wipes(receipt=False), ("SES-09", False, UPLOADED)),
    WayRow("L11", "no backup any more", wipes(backup=False), ("WIP-01", False, UPLOADED)),
    WayRow("L11", "one person twice", wipes("a", "a"), ("STF-06", False, UPLOADED)),
]


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_group_l(row: Row) -> None:
    assert row.outcome() == row.expected


@pytest.mark.parametrize("row", WAY, ids=str)
async def test_group_l_on_its_way(row: WayRow, world: Any, kit: Any) -> None:
    assert await row.outcome(world, kit) == row.expected


def test_group_l_has_a_line_for_all_that_is_built() -> None:
    assert len(built("L")) >= 11, "the register was not understood"
    assert without_a_row("L", TABLE) <= {row.number for row in WAY} | set(ELSEWHERE)
    root = Path(__file__).parents[3]
    for place in ELSEWHERE.values():
        file, name = place.split("::")
        assert f"def {name}(" in (root / file).read_text("utf-8"), place
