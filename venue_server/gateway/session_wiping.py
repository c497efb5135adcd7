"""Wiping one session, here and at every station; what was wiped, what was not, and why (L10, L11).

Session by session: between two sessions of a day only what belongs to the one that came home goes,
never the venue's own keys, nor anything of a session that is still to come.
"""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from venue_server.gateway.desk_parts import DeskParts
from venue_server.gateway.wiped_memory import LEFT, Clean, WipedMemory
from venue_server.records.leftovers_io import in_the_clear
from venue_server.records.store import hold
from venue_server.release.store import forget_secrets, secrets_of
from venue_server.responses.answer_keys import AnswerKeys
from venue_server.sitting.forms import main_forms
from venue_server.sitting.rows import Session
from venue_server.stations.store import StationWipe
from venue_server.storage.engine import Store
from venue_server.upload.wiping import Certificate, WipeOrder, Wiping
from venue_server.wire.canonical import unb64
from venue_server.wire.names import PackageState, SessionState
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError
from venue_server.wire.wiping_orders import WipePaper

ANSWER_KEY = "answer key"
SECRET = "release_secret"  # noqa: S105  # a field's name


@dataclass(frozen=True)
class Folders:
    """Where to look for keys: ``data`` and ``second``; ``passed`` are not searched (backup media,
    which are written without what opens a paper, and the disk's reserve of nothing)."""

    data: Path
    second: Path
    passed: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Leftovers:
    """What a search after a wiping found. ``files``: keys and papers that should be gone;
    ``secrets``: release secrets still in the store; ``clear``: files that begin like a paper;
    ``memory``: the server's own may still hold copies."""

    files: list[str]
    secrets: list[str]
    clear: list[str]
    memory: bool = False

    @property
    def names(self) -> list[str]:
        """All of it, by name."""
        secrets = [f"release secret {each}" for each in self.secrets]
        return [*self.files, *secrets, *self.clear, *([LEFT] if self.memory else ())]


class SessionWiping:
    """The destruction itself is ``upload/wiping.py``; this knows what belongs to a session."""

    def __init__(
        self,
        parts: DeskParts,
        store: Store,
        answer_keys: AnswerKeys,
        folders: Callable[[], Folders],
        clean_own: Clean,
    ) -> None:
        self._parts = parts
        self._store = store
        self._answer_keys = answer_keys
        self._folders = folders
        self.memory = WipedMemory(parts, clean_own)

    async def wipe(
        self, wiping: Wiping, session: Session, persons: tuple[str, str]
    ) -> Certificate | Refusal:
        """Destroy the answers' key, the release secret and the papers, and order the stations to.
        The session itself is moved on by the caller."""
        session_id = session.session_id
        if session.state is SessionState.WIPED:
            return Refusal(RefusalCode.NOT_UPLOADED, session_id)
        done = await wiping.wipe(session_id, persons, self._order(session))
        if isinstance(done, Refusal):
            return done
        self.tell_stations(session_id)
        self._answer_keys.forget(session_id)
        self._parts.responses.forget(session_id)
        self._parts.releases.forget(session_id)
        return done

    def _order(self, session: Session) -> WipeOrder:
        session_id, folders = session.session_id, self._folders()
        remove = self.destroyed_by_wiping(session_id)
        key = remove.pop(ANSWER_KEY)
        stations = self._station_orders(session)
        store_file = Path(str(self._store.engine.url.database))
        own = [store_file, *(store_file.with_name(store_file.name + end) for end in _LOGS)]
        return WipeOrder(
            shred={ANSWER_KEY: key},
            remove=remove,
            destroy={"release secret": lambda: self._forget_release(session_id)},
            begun=lambda tx: self._begin(tx, session_id, stations),
            kept=self._kept(session_id),
            secrets=lambda: self._secrets(session_id, key),
            folders=(folders.data, folders.second),
            own=(*own, *folders.passed),
        )

    def _begin(
        self, tx: Connection, session_id: str, stations: Mapping[str, list[WipePaper]]
    ) -> None:
        """In the transaction that begins it. Reading the backups and searching every file takes its
        time: what was held back meanwhile is not begun (V07). Raises RefusedError."""
        held = hold(tx, session_id)
        if held:
            raise RefusedError(Refusal(RefusalCode.KEPT_BY_HOLD, held))
        if self._parts.sources.held(session_id):
            raise RefusedError(Refusal(RefusalCode.EVIDENCE_HELD, session_id))
        self._parts.station_wipes.order(tx, session_id, stations)

    def _kept(self, session_id: str) -> list[dict[str, str]]:
        """What is not destroyed, or was not looked at, and why."""
        kept = list(_KEPT)
        if self._parts.responses.degraded is not None:
            kept.append({"name": "second device", "why": _NOT_SEARCHED})
        enrolled = {each.machine_id for each in self._parts.enrolment.machines("station")}
        gone = sorted(set(self._held(session_id)) - enrolled)
        return kept + [{"name": f"station {each}", "why": _REVOKED} for each in gone]

    def _secrets(self, session_id: str, key: Path) -> list[bytes]:
        """The keys that are still here, to look for: the answers', and the released secrets."""
        held = self._store.read(lambda tx: secrets_of(tx, session_id))
        found = [_secret_bytes(one.secret) for one in held.values()]
        if key.exists():
            found.append(key.read_bytes())
        self.memory.remember(session_id, [*found, *self._parts.releases.shared_of(session_id)])
        return found

    @property
    def second(self) -> Path:
        """The second copy's folder."""
        return self._folders().second

    def destroyed_by_wiping(self, session_id: str) -> dict[str, Path]:
        """Keys and files that are gone once the session was wiped, by their certificate's names."""
        return {
            ANSWER_KEY: self._answer_keys.file(session_id),
            "escrowed answer key": self._answer_keys.escrow_file(session_id),
            **self._paper_files(session_id),
        }

    def leftovers(self, session_id: str) -> Leftovers:
        """Search for what the wiping should have taken; blocking."""
        named = self.destroyed_by_wiping(session_id)
        held = self._store.read(lambda tx: secrets_of(tx, session_id))
        folders = self._folders()
        second = folders.second
        apart = second.is_dir() and not second.is_relative_to(folders.data)
        return Leftovers(
            [name for name, file in named.items() if file.exists()],
            [str(form) for form in held],
            [*in_the_clear(folders.data), *(in_the_clear(second) if apart else ())],
            self.memory.waits(session_id),
        )

    def _paper_files(self, session_id: str) -> dict[str, Path]:
        """The files of every package of the session. A reserve that was never opened goes as it
        came, sealed, and the certificate names it so (O01)."""
        found: dict[str, Path] = {}
        for package in self._parts.papers.of_session(session_id):
            folder = self._parts.papers.folder(package.package_id)
            sealed = "unused sealed " if package.state is PackageState.UNUSED else ""
            name = f"{sealed}paper {package.paper_id}/{package.form_id}"
            for file in sorted(folder.iterdir()) if folder.is_dir() else ():
                found[f"{name} {file.name}"] = file
        return found

    def _forget_release(self, session_id: str) -> None:
        def run(tx: Connection) -> None:
            forget_secrets(tx, session_id)

        self._store.submit(run).result()
        # The log keeps old pages until it is written anew: a secret wiped from the table is still
        # there. Somebody reading at this very moment keeps it: then it is tried again, for after a
        # restart nobody knows any more what to look for.
        if not self._store.empty_log():
            raise OSError("the store's log is being read and could not be emptied")

    # ---- stations ------------------------------------------------------------------------

    def _station_orders(self, session: Session) -> Mapping[str, list[WipePaper]]:
        """What every enrolled station has to destroy: every paper of the session, and the journals
        of the sittings it ever held, also those that went on elsewhere."""
        held = self._held(session.session_id)
        papers = self._papers_at_stations(session)
        return {
            machine.machine_id: _orders(
                papers, list(dict.fromkeys(held.get(machine.machine_id, [])))
            )
            for machine in self._parts.enrolment.machines("station")
        }

    def _held(self, session_id: str) -> dict[str, list[str]]:
        """The sittings that each machine ever held, by its id."""
        held: dict[str, list[str]] = {}
        for sitting in self._parts.sittings.sittings(session_id):
            before = [each.from_machine for each in self._parts.swaps.of(sitting.sitting_id)]
            for machine_id in filter(None, (*before, sitting.machine_id)):
                held.setdefault(machine_id, []).append(sitting.sitting_id)
        return held

    def _papers_at_stations(self, session: Session) -> dict[str, list[str]]:
        """Which papers stations may hold, with their ciphertexts' digests: the main ones, also
        those replaced later, and reserves that were used."""
        needed = self._parts.forms.assignment(session).needed
        ids = dict.fromkeys(form.paper_id for form in (*needed, *main_forms(session.planned)))
        found: dict[str, list[str]] = {paper_id: [] for paper_id in ids}
        for package in self._parts.papers.of_session(session.session_id):
            if package.paper_id in found and package.ciphertext_sha256:
                found[package.paper_id].append(package.ciphertext_sha256)
        return found

    def tell_stations(self, session_id: str) -> None:
        """Send what is still to be reported to those that are connected; the others hear at their
        next hello."""
        wipes = self._parts.station_wipes
        self._tell({e.machine_id for e in wipes.of_session(session_id) if not e.reported_at_ms})

    def tell_again(self) -> None:
        """Whoever is connected and has not reported, of whatever session: what kept it may be over,
        and nobody should have to restart a machine for it."""
        self._tell(self._parts.station_wipes.waiting() & set(self._parts.hub.stations))

    def _tell(self, machine_ids: Collection[str]) -> None:
        for machine_id in machine_ids:
            for order in self._parts.station_wipes.pending(machine_id):
                self._parts.hub.to_station(machine_id, order)

    def stations(self, session_id: str) -> list[StationWipe]:
        """What each station was ordered, and whether it reported."""
        return self._parts.station_wipes.of_session(session_id)


_LOGS = ("-wal", "-shm")
_NOT_SEARCHED = "第二设备不在，未检索 / it was not here and was not searched"
_REVOKED = (
    "已注销，其磁盘上的密封试卷与作答日志未清除，须人工处理 / "
    "taken off the roster: sealed paper and journal on its disk were not wiped, to be done by hand"
)
_KEPT = (
    {
        "name": "answers in store and second copy",
        "why": "密文，密钥已销毁，表只增不删 / ciphertext without its key, in append-only tables",
    },
    {
        "name": "backup media",
        "why": "仅总部能打开，保管至期满 / only headquarters opens them; kept their period",
    },
    {
        "name": "sealed bundle",
        "why": "仅总部能打开，保管至期满 / only headquarters opens it; kept until its period ends",
    },
    {
        "name": "ledger",
        "why": "操作记录，不含作答与密钥 / the record of acts; holds neither answers nor keys",
    },
    {
        "name": "venue key",
        "why": "属于考点，不属于场次 / belongs to the venue, not to a session",
    },
)
"""What a wiping leaves, and why; said on its certificate."""


def _orders(papers: Mapping[str, list[str]], sitting_ids: list[str]) -> list[WipePaper]:
    """Every paper once, every sitting once. Each order names a sitting where there is one: without,
    a station at work on another session would have to wait."""
    first = sitting_ids[0] if sitting_ids else ""
    orders = [WipePaper(paper_id, first, digests) for paper_id, digests in papers.items()]
    return orders + [WipePaper("", each) for each in sitting_ids[1:]]


def _secret_bytes(secret: str) -> bytes:
    """A held release secret, out of the text it is stored as."""
    return unb64(json.loads(secret)[SECRET])
