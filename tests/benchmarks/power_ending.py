"""R2 from the wiping on: what a power cut may leave of keys, papers and journals, and what it must.

From the first write of a wiping keys and journals go on purpose. So another rule is judged at every
state of the disk:

    proof        whatever is gone, a begun wiping names it, headquarters' receipt holds, a verified
                 backup lies there, and the bundle at headquarters holds every claimed answer
    certificate  a finished one only where no file holds a key any more
    stations     what a station reported as destroyed is gone from its disk
    destruction  what is gone is on the written list of two people; what is certified is gone

and a half-done wiping is given to the real server, started on that disk: it must end it, certify
it and move the session on. A half-done destruction goes on when it is ordered again.
"""

import asyncio
import base64
import contextlib
import hashlib
import json
import os
import signal
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mortal_programs import PATIENCE_S, Mortal, Nursery, until

from venue_server.headquarters.service_keys import THRESHOLD, load_headquarters
from venue_server.ledger.book import Ledger
from venue_server.rehearsal.headquarters_side import SESSION_ID
from venue_server.storage.engine import Store, open_engine
from venue_server.upload.destruction import BEGUN, DONE, Destruction, DestructionOrder
from venue_server.upload.opening import OpenedBundle, open_bundle
from venue_server.upload.receipts import check_receipt
from venue_server.upload.store import (
    BundleRow,
    CertificateRow,
    read_bundle,
    read_certificate,
    read_destruction,
)
from venue_server.wire.journal_format import folder_name
from venue_server.wire.signed import public_keys

KEY = f"keys/answers/{SESSION_ID}.key"
KINDS = ("answers", "records")
Image = dict[str, bytes]
Key = tuple[str, int]


@dataclass
class Told:
    """What a recovered store says about the end of the session."""

    bundle: BundleRow | None
    certificate: CertificateRow | None
    destroyed: dict[str, dict[str, Any] | None]  # what: BEGUN's document
    done: dict[str, dict[str, Any] | None]
    reported: set[str]  # sittings whose journal a station reported as destroyed
    secrets: int  # release secrets still in the store
    state: tuple[str, str]  # of the session and its data

    @property
    def finished(self) -> bool:
        """Is there a certificate of a finished wiping?"""
        found = self.certificate
        return found is not None and json.loads(found.document)["finished_at_ms"] is not None

    def listed_digests(self) -> set[str]:
        """SHA-256 of what the list of a begun destruction names."""
        documents = [each for each in self.destroyed.values() if each]
        return {item["sha256"] for document in documents for item in document["items"]}


def told_by(store: Store, file: Path) -> Told:
    """Read it."""
    with contextlib.closing(sqlite3.connect(file)) as database:
        reported = database.execute(
            "SELECT sitting_id FROM station_wipe WHERE reported_at_ms IS NOT NULL"
        ).fetchall()
        (secrets,) = database.execute(
            "SELECT count(*) FROM form_release WHERE secret IS NOT NULL"
        ).fetchone()
    return store.read(
        lambda tx: Told(
            read_bundle(tx, SESSION_ID),
            read_certificate(tx, SESSION_ID),
            {what: read_destruction(tx, SESSION_ID, what, BEGUN) for what in KINDS},
            {what: read_destruction(tx, SESSION_ID, what, DONE) for what in KINDS},
            {sitting_id for (sitting_id,) in reported if sitting_id},
            secrets,
            _state(file),
        )
    )


@dataclass
class EndingCounts:
    """What was seen of the ending."""

    states: int = 0
    half_done: int = 0  # begun, and not certified: given to the real server
    ended: int = 0
    certified: int = 0
    destroying: int = 0


@dataclass
class Ending:
    """Judges states from the wiping on. ``folder`` is where the day was played and every state is
    put again; ``headquarters`` is what headquarters really has."""

    folder: Path
    headquarters: Path
    restarts: "Restarts"
    counts: EndingCounts = field(default_factory=EndingCounts)
    key: bytes = b""  # the answers' key before anything was destroyed
    _arrived: dict[str, set[Key]] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        return self.folder / "venue"

    def remember(self, image: Image) -> None:
        """Before the wiping: what is to be destroyed."""
        self.key = self.key or image.get(str(self.data / KEY), b"")

    def to_be_ended(self, told: Told) -> bool:
        """Is there a wiping to go on with?"""
        return told.certificate is not None and told.state != ("WIPED", "WIPED")

    def judge(self, told: Told, image: Image, claimed: set[Key]) -> list[str]:
        """Everything but a restart; what is wrong."""
        self.counts.states += 1
        gone = self._gone(image, claimed)
        broken = self._proof(told, image, claimed) if gone or told.certificate else []
        if gone and told.certificate is None:
            broken.append(f"{gone} is gone and no wiping was begun")
        if told.finished:
            self.counts.certified += 1
            broken += self._left(told, image)
        for sitting_id in told.reported:
            if any(f"/journal-keys/{folder_name(sitting_id)}" in path for path in image):
                broken.append(f"a station reported the journal of {sitting_id} and has its key")
        return broken + self._lists(told, image)

    def _gone(self, image: Image, claimed: set[Key]) -> str:
        if image.get(str(self.data / KEY)) != self.key:
            return "the answers' key"
        for sitting_id in sorted({sitting for sitting, _seq in claimed}):
            name = folder_name(sitting_id)
            if not any(f"/journal-keys/{name}" in path for path in image):
                return f"the journal of {sitting_id}"
        return ""

    def _proof(self, told: Told, image: Image, claimed: set[Key]) -> list[str]:
        row = told.bundle
        if row is None or row.receipt is None:
            return ["a wiping without a receipt"]
        keys = load_headquarters(self.headquarters)
        public, bundle = public_keys(keys.signing_public), row.bundle
        found = check_receipt(
            row.receipt.encode(), public, THRESHOLD, bundle.bundle_id, bundle.sha256,
            bundle.sittings,
        )  # fmt: skip
        broken = [] if isinstance(found, dict) else [f"the receipt does not hold: {found}"]
        missing = claimed - self._at_headquarters(row.bundle.sha256, image)
        if missing:
            broken.append(f"{len(missing)} claimed answers are not at headquarters")
        backups = [data for path, data in image.items() if "/venue/backup" in path]
        if not backups and told.destroyed["records"] is None:
            broken.append("a wiping without a backup")
        return broken

    def _at_headquarters(self, sha256: str, image: Image) -> set[Key]:
        if sha256 not in self._arrived:
            keys = load_headquarters(self.headquarters)
            public = image[str(self.data / "keys/venue.ed25519.pub")].decode().strip()
            held: set[Key] = set()
            for file in (self.headquarters / "bundles").glob("*.kdbundle"):
                if hashlib.sha256(file.read_bytes()).hexdigest() == sha256:
                    opened = open_bundle(file, keys.bundle, public_keys([public]))
                    assert isinstance(opened, OpenedBundle), opened
                    held = {(s.head.sitting_id, seq) for s in opened.sittings for seq, _ in s.chain}
            self._arrived[sha256] = held
        return self._arrived[sha256]

    def _left(self, told: Told, image: Image) -> list[str]:
        """What should be gone, of a certified wiping: by name, and byte by byte."""
        forms = (self.key, self.key.hex().encode(), base64.b64encode(self.key))
        broken = [
            f"{path} holds the answers' key"
            for path, data in image.items()
            if any(form in data for form in forms)
        ]
        document = json.loads(told.certificate.document) if told.certificate else {}
        names = {item["name"] for item in document["items"]}
        if "answer key" not in names:
            broken.append("the certificate does not name the answers' key")
        files = [str(self.data / KEY), str(self.data / KEY.replace(".key", ".escrow"))]
        files += [path for path in image if path.startswith(f"{self.data}/papers/")]
        broken += [f"{path} is there after the certificate" for path in files if path in image]
        return broken + ([f"{told.secrets} release secrets are there"] if told.secrets else [])

    def _lists(self, told: Told, image: Image) -> list[str]:
        """Destruction: certified is gone; the rest of a begun one may be there or not."""
        if any(told.destroyed.values()):
            self.counts.destroying += 1
        return [
            f"{item['name']} is certified as destroyed and there"
            for document in told.done.values()
            if document
            for item in document["items"]
            if item["file"] in image
        ]

    # ---- going on ------------------------------------------------------------------------

    def go_on(self, store: Store, told: Told) -> list[str]:
        """A destruction that was begun is ordered again, on the disk as it is now."""
        broken: list[str] = []
        for what, begun in told.destroyed.items():
            if begun is None or told.done[what]:
                continue
            ledger = Ledger(store, [self.data / "ledger.jsonl"], lambda: 1)
            order = DestructionOrder(
                SESSION_ID, what, ("chief-1", "admin-a"), begun["method"], begun["reference"],
                {}, [], [], begun["why"],
            )  # fmt: skip
            done = asyncio.run(Destruction(store, ledger, lambda: 1).destroy(order))
            if not isinstance(done, dict) or done["items"] != begun["items"]:
                broken.append(f"the destruction of {what} does not go on: {done}")
            elif any(Path(item["file"]).exists() for item in begun["items"]):
                broken.append(f"the destruction of {what} left something")
        return broken

    def restart(self) -> list[str]:
        """The state lies in ``folder``: start the real server there, and see the wiping end."""
        self.counts.half_done += 1
        broken = self.restarts.until_wiped(self.data)
        if broken:
            return broken
        self.counts.ended += 1
        image = {
            str(path): path.read_bytes()
            for path in self.folder.rglob("*")
            if path.is_file() and path.name != "reserve"
        }
        store = Store(open_engine(self.data / "venue.sqlite"))
        try:
            told = told_by(store, self.data / "venue.sqlite")
        finally:
            store.close()
        return self._left(told, image) if told.finished else ["no certificate after the restart"]


class Restarts:
    """A nursery of its own, from which the real server is started on states of the disk."""

    def __init__(self, control: Path) -> None:
        self._runner = asyncio.Runner()
        self._control = control
        self._nursery: Nursery | None = None

    def until_wiped(self, data: Path) -> list[str]:
        """Start, wait until the session is WIPED, stop; what went wrong."""
        return self._runner.run(self._until_wiped(data))

    async def _until_wiped(self, data: Path) -> list[str]:
        if self._nursery is None:
            self._nursery = Nursery(self._control)
            await self._nursery.open()
        out = data.parent / "restarted.log"
        server = Mortal(self._nursery, "server", "server", ["run", "--data", str(data)], out)
        await server.start()
        try:
            await until(
                lambda: _state(data / "venue.sqlite") == ("WIPED", "WIPED"),
                "the end of the wiping",
                server,
            )
        except AssertionError as no:
            await self._say_where(server)
            return [f"{no} {out.read_text(errors='replace')[-6000:]}"]
        finally:
            with contextlib.suppress(AssertionError):  # it ended by itself: said above
                await server.leave(signal.SIGTERM)
        return []

    async def _say_where(self, server: Mortal) -> None:
        """One that does not end it tells in its output what each of its threads is doing."""
        server.keep_alive = False
        if self._nursery is not None and not self._nursery.ended(server.pid).done():
            os.kill(server.pid, signal.SIGABRT)
            await asyncio.wait_for(asyncio.shield(self._nursery.ended(server.pid)), PATIENCE_S)

    def close(self) -> None:
        """Nobody is left."""
        if self._nursery is not None:
            self._runner.run(self._nursery.close())
        self._runner.close()


def _state(file: Path) -> tuple[str, str]:
    with contextlib.closing(sqlite3.connect(file, timeout=30)) as database:
        query = "SELECT state, data_state FROM session WHERE session_id = ?"
        row = database.execute(query, (SESSION_ID,)).fetchone()
    return (str(row[0]), str(row[1])) if row else ("", "")


def put(image: Image, folder: Path) -> None:
    """Lay a whole state of the disk where it was played."""
    for path, content in image.items():
        target = Path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        os.chmod(target, 0o600)
    (folder / "venue/second").mkdir(parents=True, exist_ok=True)
