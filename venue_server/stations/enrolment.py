"""Enrolment at the server: pending machines, their codes, and the person who confirms one.

States of a pending machine: begun -> revealed (its code is known) -> confirmed. Nothing is kept on
disk before a person confirmed the code; a restart makes the machine begin again.
"""

import asyncio
import os
from collections.abc import Callable
from secrets import token_hex

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from sqlalchemy import Connection

from venue_server.ledger.book import Ledger
from venue_server.ledger.catalogue import Event
from venue_server.stations.authority import VenueAuthority, server_name, sound_request
from venue_server.stations.pending import Pending, PendingList
from venue_server.stations.store import (
    Enrolled,
    Machine,
    active_machines,
    enrolled_with,
    insert_machine,
    revoke_machine,
)
from venue_server.storage.engine import Store
from venue_server.wire import enrolment as wire
from venue_server.wire import hpke
from venue_server.wire.canonical import unb64
from venue_server.wire.refusals import Refusal, RefusalCode


class Enrolment:
    """The desk for machines without a certificate, and the roster of those with one."""

    def __init__(
        self,
        store: Store,
        ledger: Ledger,
        authority: VenueAuthority,
        headquarters_keys: list[str],
        threshold: int,
        now_ms: Callable[[], int],
        monotonic: Callable[[], float],
        per_address: int,
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._authority = authority
        self._headquarters = (headquarters_keys, threshold)
        self._now_ms = now_ms
        self._monotonic = monotonic
        self.per_address = per_address
        self._pending = PendingList(per_address)
        self._main_port = 0
        self._by_certificate: dict[str, Machine] = {}
        self._by_id: dict[str, Machine] = {}
        self._one_at_a_time = asyncio.Lock()
        self._load()

    def _load(self) -> None:
        machines = self._store.read(active_machines)
        self._by_certificate = {machine.cert_sha256: machine for machine in machines}
        self._by_id = {machine.machine_id: machine for machine in machines}

    def listening(self, main_port: int) -> None:
        """Enrolled machines are told where the main listener is (an empty host: where they are)."""
        self._main_port = main_port

    # ---- the roster ----------------------------------------------------------------------

    def identify(self, cert_sha256: str) -> Machine | None:
        """The machine a certificate belongs to; None when it is unknown or revoked."""
        return self._by_certificate.get(cert_sha256)

    def once_enrolled(self, cert_sha256: str) -> Enrolled | None:
        """The machine a certificate belongs to or belonged to: for what it signed, not for what it
        may do now."""
        return self._store.read(lambda tx: enrolled_with(tx, cert_sha256))

    def machine(self, machine_id: str) -> Machine | None:
        """The machine of that id, while it is on the roster."""
        return self._by_id.get(machine_id)

    def machines(self, kind: str) -> list[Machine]:
        """Every enrolled machine of a kind."""
        return [machine for machine in self._by_certificate.values() if machine.kind == kind]

    async def revoke(self, machine_id: str, actor: str) -> bool:
        """Take a machine off the roster; its connection is refused from now on."""

        def run(tx: Connection) -> bool:
            gone = revoke_machine(tx, machine_id, self._now_ms())
            if gone:
                self._ledger.record(tx, Event.MACHINE_REVOKED, actor, machine=machine_id)
            return gone

        revoked = await self._store.write(run)
        self._load()
        return revoked

    # ---- the three calls of the new machine ----------------------------------------------

    def begin(self, request: wire.Begin, address: str) -> wire.Begun | Refusal:
        """Take the commitment, give the nonce."""
        self._pending.forget_old(self._monotonic())
        if request.kind not in ("station", "console") or len(request.commit) != 64:
            return Refusal(RefusalCode.MESSAGE_MALFORMED)
        pending = Pending(
            enrolment_id=token_hex(16),
            kind=request.kind,
            address=address,
            commit=request.commit,
            server_nonce=os.urandom(32),
            since=self._monotonic(),
            since_ms=self._now_ms(),
        )
        if not self._pending.add(pending):
            return Refusal(RefusalCode.TOO_MANY)
        return wire.Begun(pending.enrolment_id, self._authority.pem, pending.server_nonce.hex())

    def reveal(self, request: wire.Reveal) -> wire.Revealed | Refusal:
        """Open the commitment; from here the code can be compared."""
        pending = self._pending.get(request.enrolment_id)
        if pending is None or pending.reveal is not None:
            return Refusal(RefusalCode.ENROLMENT_UNKNOWN)
        csr = sound_request(request.csr_pem)
        try:
            nonce, public = bytes.fromhex(request.nonce), unb64(request.hpke_public)
        except ValueError:
            return Refusal(RefusalCode.MESSAGE_MALFORMED)
        if csr is None or not _can_be_sealed_to(pending.kind, public):
            return Refusal(RefusalCode.MESSAGE_MALFORMED)
        csr_der = csr.public_bytes(serialization.Encoding.DER)
        if wire.commitment(nonce, csr_der, public) != pending.commit:
            return Refusal(RefusalCode.ENROLMENT_UNKNOWN, "commitment")
        pending.code = wire.code(self._authority.der, csr_der, public, nonce, pending.server_nonce)
        pending.reveal = request
        return wire.Revealed(pending.enrolment_id)

    def poll(self, request: wire.Poll) -> wire.Outcome | Refusal:
        """Whether somebody confirmed the code yet."""
        pending = self._pending.get(request.enrolment_id)
        if pending is None:
            return Refusal(RefusalCode.ENROLMENT_UNKNOWN)
        return pending.outcome or wire.Outcome(state="waiting")

    # ---- the person ----------------------------------------------------------------------

    def waiting(self) -> list[Pending]:
        """Machines whose code waits to be compared."""
        self._pending.forget_old(self._monotonic())
        return [each for each in self._pending.all() if each.reveal and each.waits]

    async def confirm(
        self, code: str, kind: str, name: str, room_id: str, seat_no: str, actor: str
    ) -> Machine | Refusal:
        """The code on the machine is the code here: issue its certificate and enter it.

        One at a time, so that two people confirming at once fill a seat, or use a code, only once.
        """
        async with self._one_at_a_time:
            return await self._confirm(code, kind, name, room_id, seat_no, actor)

    async def _confirm(
        self, code: str, kind: str, name: str, room_id: str, seat_no: str, actor: str
    ) -> Machine | Refusal:
        wanted = code.strip().upper()
        found = [each for each in self.waiting() if each.code == wanted and each.kind == kind]
        if len(found) != 1:
            return Refusal(RefusalCode.ENROLMENT_UNKNOWN, wanted)
        if kind == "station" and self._seat_taken(room_id, seat_no):
            return Refusal(RefusalCode.SEAT_TAKEN, f"{room_id}-{seat_no}")
        pending = found[0]
        assert pending.reveal is not None
        machine_id = f"{kind}-{token_hex(6)}"
        issued = self._authority.issue(pending.reveal.csr_pem, machine_id)
        if isinstance(issued, Refusal):
            return issued
        fingerprint = x509.load_pem_x509_certificate(issued.encode()).fingerprint(hashes.SHA256())
        machine = Machine(
            machine_id=machine_id,
            kind=kind,
            name=name,
            room_id=room_id,
            seat_no=seat_no,
            cert_sha256=fingerprint.hex(),
            hpke_public=pending.reveal.hpke_public,
        )
        await self._enter(machine, actor)
        keys, threshold = self._headquarters
        pending.outcome = wire.Outcome(
            state="confirmed",
            cert_pem=issued,
            machine_id=machine_id,
            server_name=server_name(self._authority.venue_id),
            headquarters_keys=keys,
            headquarters_threshold=threshold,
            addresses=[f":{self._main_port}"] if self._main_port else [],
        )
        return machine

    async def _enter(self, machine: Machine, actor: str) -> None:
        def run(tx: Connection) -> None:
            insert_machine(tx, machine, self._now_ms())
            self._ledger.record(
                tx,
                Event.MACHINE_ENROLLED,
                actor,
                machine=machine.machine_id,
                kind=machine.kind,
                room=machine.room_id,
                seat=machine.seat_no,
                certificate=machine.cert_sha256,
            )

        await self._store.write(run)
        self._by_certificate[machine.cert_sha256] = machine
        self._by_id[machine.machine_id] = machine

    def _seat_taken(self, room_id: str, seat_no: str) -> bool:
        return any(
            (machine.room_id, machine.seat_no) == (room_id, seat_no)
            for machine in self.machines("station")
        )


def _can_be_sealed_to(kind: str, public: bytes) -> bool:
    """A station's key is tried once here, so that its wrapping key cannot fail on the day."""
    if kind == "console":
        return not public
    try:
        hpke.seal(public, b"", b"")
    except hpke.HpkeError:
        return False
    return True
