"""Enrolment at the server: what a stranger may send, and whom a person may let in (R9)."""

import asyncio
import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from venue_server.ledger.book import Ledger
from venue_server.stations.authority import create_authority
from venue_server.stations.enrolment import Enrolment
from venue_server.stations.pending import PENDING_REAL_S, SETTLED_REAL_S
from venue_server.stations.store import Machine
from venue_server.storage.engine import Store, open_engine
from venue_server.storage.migrate import migrate
from venue_server.wire import enrolment as wire
from venue_server.wire import hpke
from venue_server.wire.canonical import b64
from venue_server.wire.refusals import Refusal, RefusalCode

HPKE = hpke.generate().public_raw()
NONCE = bytes(32)

PER_ADDRESS = 4


@dataclass
class Desk:
    """The enrolment desk of a venue over ``folder``; ``monotonic`` is turned by hand."""

    folder: Path
    store: Store
    monotonic: float = 100.0

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.store, [self.folder / "ledger.jsonl"], lambda: 7)
        self.authority = create_authority(self.folder, "venue")
        self.enrolment = self.open()

    def open(self) -> Enrolment:
        return Enrolment(
            self.store,
            self.ledger,
            self.authority,
            ["key"],
            2,
            lambda: 7,
            lambda: self.monotonic,
            PER_ADDRESS,
        )

    def events(self) -> str:
        return (self.folder / "ledger.jsonl").read_text() if self.ledger.head()[0] else ""


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    engine = open_engine(tmp_path / "venue.sqlite")
    migrate(engine)
    store = Store(engine)
    yield Desk(tmp_path, store)
    store.close()


@dataclass
class NewMachine:
    """A machine without a certificate, as honest as the test wants it."""

    request: x509.CertificateSigningRequest
    public: bytes = HPKE
    nonce: bytes = NONCE
    kind: str = "station"

    @property
    def der(self) -> bytes:
        return self.request.public_bytes(Encoding.DER)

    @property
    def pem(self) -> str:
        return self.request.public_bytes(Encoding.PEM).decode()

    def begin(self) -> wire.Begin:
        return wire.Begin(self.kind, wire.commitment(self.nonce, self.der, self.public))

    def reveal(self, enrolment_id: str) -> wire.Reveal:
        return wire.Reveal(enrolment_id, self.nonce.hex(), self.pem, b64(self.public))

    def asks(self, enrolment: Enrolment) -> str:
        """Go as far as a shown code; returns the enrolment id."""
        begun = enrolment.begin(self.begin(), "10.0.0.9")
        assert isinstance(begun, wire.Begun), begun
        revealed = enrolment.reveal(self.reveal(begun.enrolment_id))
        assert isinstance(revealed, wire.Revealed), revealed
        return begun.enrolment_id


def request(key: object = None) -> x509.CertificateSigningRequest:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "server.venue")])
    private = key or ec.generate_private_key(ec.SECP256R1())
    digest = None if isinstance(private, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    builder = x509.CertificateSigningRequestBuilder().subject_name(name)
    return builder.sign(private, digest)  # type: ignore[arg-type]


def machine(**changes: object) -> NewMachine:
    return NewMachine(request(), **changes)  # type: ignore[arg-type]


def code_of(found: object) -> RefusalCode:
    assert isinstance(found, Refusal), found
    return found.code


async def confirmed(enrolment: Enrolment, seat: str = "01", kind: str = "station") -> Machine:
    new = machine(kind=kind, public=HPKE if kind == "station" else b"")
    new.asks(enrolment)
    done = await enrolment.confirm(enrolment.waiting()[0].code, kind, "m", "01", seat, "admin")
    assert isinstance(done, Machine), done
    return done


# ---- the whole way ---------------------------------------------------------------------------


async def test_r9_a_machine_is_on_the_roster_only_after_a_person_confirmed_its_code(
    desk: Desk,
) -> None:
    new = machine()
    enrolment_id = new.asks(desk.enrolment)
    waiting = desk.enrolment.poll(wire.Poll(enrolment_id))
    assert isinstance(waiting, wire.Outcome)
    assert (waiting.state, waiting.cert_pem) == ("waiting", "")
    assert desk.enrolment.machines("station") == []

    (shown,) = desk.enrolment.waiting()
    done = await desk.enrolment.confirm(f" {shown.code.lower()} ", "station", "m", "01", "01", "a")
    assert isinstance(done, Machine), "a person types it as they like"
    outcome = desk.enrolment.poll(wire.Poll(enrolment_id))
    assert isinstance(outcome, wire.Outcome)
    assert (outcome.state, outcome.machine_id) == ("confirmed", done.machine_id)
    leaf = x509.load_pem_x509_certificate(outcome.cert_pem.encode())
    leaf.verify_directly_issued_by(desk.authority.certificate)
    assert leaf.fingerprint(hashes.SHA256()).hex() == done.cert_sha256
    names = leaf.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    assert names[0].value == done.machine_id, "the name is the server's, not the request's"
    usage = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    assert desk.enrolment.identify(done.cert_sha256) == done
    assert desk.open().identify(done.cert_sha256) == done, "after a restart as well"
    assert '"machine.enrolled"' in desk.events()


async def test_r9_a_revoked_machine_is_unknown_now_and_after_a_restart(desk: Desk) -> None:
    done = await confirmed(desk.enrolment)
    assert await desk.enrolment.revoke(done.machine_id, "admin")
    assert desk.enrolment.identify(done.cert_sha256) is None
    assert desk.open().identify(done.cert_sha256) is None
    assert not await desk.enrolment.revoke(done.machine_id, "admin"), "once is enough"
    assert desk.events().count('"machine.revoked"') == 1
    again = await confirmed(desk.enrolment)
    assert again.machine_id != done.machine_id, "its seat is free again"


# ---- the person ------------------------------------------------------------------------------


async def test_r9_a_wrong_code_enrols_nobody(desk: Desk) -> None:
    machine().asks(desk.enrolment)
    shown = desk.enrolment.waiting()[0].code
    wrong = "AAAA-AAAA" if shown != "AAAA-AAAA" else "BBBB-BBBB"
    done = await desk.enrolment.confirm(wrong, "station", "m", "01", "01", "a")
    assert code_of(done) is RefusalCode.ENROLMENT_UNKNOWN
    done = await desk.enrolment.confirm(shown, "console", "m", "01", "01", "a")
    assert code_of(done) is RefusalCode.ENROLMENT_UNKNOWN, "a station's code enrols no console"
    done = await desk.enrolment.confirm("", "station", "m", "01", "01", "a")
    assert code_of(done) is RefusalCode.ENROLMENT_UNKNOWN
    assert desk.enrolment.machines("station") == []


async def test_r9_a_code_not_yet_shown_cannot_be_confirmed(desk: Desk) -> None:
    desk.enrolment.begin(machine().begin(), "10.0.0.9")
    assert desk.enrolment.waiting() == []
    done = await desk.enrolment.confirm("", "station", "m", "01", "01", "a")
    assert code_of(done) is RefusalCode.ENROLMENT_UNKNOWN


async def test_f12_a_seat_takes_one_station_and_any_number_of_consoles(desk: Desk) -> None:
    await confirmed(desk.enrolment, "01")
    machine().asks(desk.enrolment)
    code = desk.enrolment.waiting()[0].code
    done = await desk.enrolment.confirm(code, "station", "m", "01", "01", "a")
    assert code_of(done) is RefusalCode.SEAT_TAKEN
    done = await desk.enrolment.confirm(code, "station", "m", "01", "02", "a")
    assert isinstance(done, Machine), "the machine still waits and may go elsewhere"
    for _ in range(2):
        await confirmed(desk.enrolment, "", "console")


async def test_f12_two_people_confirming_at_once_fill_a_seat_once(desk: Desk) -> None:
    for _ in range(2):
        machine().asks(desk.enrolment)
    codes = [each.code for each in desk.enrolment.waiting()]
    done = await asyncio.gather(
        *(desk.enrolment.confirm(code, "station", "m", "01", "01", "a") for code in codes)
    )
    assert sum(isinstance(each, Machine) for each in done) == 1
    assert len(desk.open().machines("station")) == 1


async def test_r9_one_code_confirmed_twice_at_once_enrols_one_machine(desk: Desk) -> None:
    machine().asks(desk.enrolment)
    code = desk.enrolment.waiting()[0].code
    done = await asyncio.gather(
        *(desk.enrolment.confirm(code, "station", "m", "01", seat, "a") for seat in ("01", "02"))
    )
    assert sum(isinstance(each, Machine) for each in done) == 1
    assert len(desk.open().machines("station")) == 1


# ---- the stranger ----------------------------------------------------------------------------


def test_r9_somebody_in_the_middle_who_changes_anything_is_refused(desk: Desk) -> None:
    changes: tuple[dict[str, Any], ...] = (
        {"nonce": b"x" * 32},
        {"public": hpke.generate().public_raw()},
        {"request": request()},
    )
    for change in changes:
        new = machine()
        begun = desk.enrolment.begin(new.begin(), "")
        assert isinstance(begun, wire.Begun)
        other = replace(new, **change)
        found = desk.enrolment.reveal(other.reveal(begun.enrolment_id))
        assert code_of(found) is RefusalCode.ENROLMENT_UNKNOWN
    assert desk.enrolment.waiting() == []


def test_r9_a_revealed_machine_cannot_reveal_something_else_later(desk: Desk) -> None:
    new = machine()
    enrolment_id = new.asks(desk.enrolment)
    shown = desk.enrolment.waiting()[0].code
    found = desk.enrolment.reveal(new.reveal(enrolment_id))
    assert code_of(found) is RefusalCode.ENROLMENT_UNKNOWN
    assert desk.enrolment.waiting()[0].code == shown


@pytest.mark.parametrize(
    "begin",
    [
        wire.Begin("server", "a" * 64),
        wire.Begin("", "a" * 64),
        wire.Begin("station", ""),
        wire.Begin("station", "a" * 65),
    ],
)
def test_r9_a_malformed_beginning_is_refused(desk: Desk, begin: wire.Begin) -> None:
    assert code_of(desk.enrolment.begin(begin, "")) is RefusalCode.MESSAGE_MALFORMED


def revealing(desk: Desk, new: NewMachine, **change: str) -> RefusalCode:
    begun = desk.enrolment.begin(new.begin(), "")
    assert isinstance(begun, wire.Begun)
    sound = new.reveal(begun.enrolment_id)
    reveal = wire.Reveal(
        **{name: getattr(sound, name) for name in sound.__struct_fields__} | change
    )
    return code_of(desk.enrolment.reveal(reveal))


@pytest.mark.parametrize(
    "change",
    [
        {"nonce": "xyz"},
        {"nonce": "１２"},
        {"csr_pem": ""},
        {"csr_pem": "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----"},
        {"hpke_public": "***"},
        {"hpke_public": "é"},
    ],
)
def test_r9_a_malformed_reveal_is_refused(desk: Desk, change: dict[str, str]) -> None:
    assert revealing(desk, machine(), **change) is RefusalCode.MESSAGE_MALFORMED


@pytest.mark.parametrize(
    "public", [b"", b"short", HPKE[:-1], HPKE + b"x", b"\xff" * len(HPKE)], ids=len
)
def test_e02_a_station_that_could_never_be_given_a_key_is_refused_at_once(
    desk: Desk, public: bytes
) -> None:
    assert revealing(desk, machine(public=public)) is RefusalCode.MESSAGE_MALFORMED


def test_a_console_has_no_such_key(desk: Desk) -> None:
    assert revealing(desk, machine(kind="console")) is RefusalCode.MESSAGE_MALFORMED
    machine(kind="console", public=b"").asks(desk.enrolment)


@pytest.mark.parametrize(
    "key",
    [
        rsa.generate_private_key(public_exponent=65537, key_size=2048),
        ed25519.Ed25519PrivateKey.generate(),
        ec.generate_private_key(ec.SECP521R1()),
    ],
    ids=["rsa", "ed25519", "p521"],
)
def test_r9_only_keys_of_our_kind_get_a_certificate(desk: Desk, key: object) -> None:
    new = NewMachine(request(key))
    assert revealing(desk, new) is RefusalCode.MESSAGE_MALFORMED


def test_r9_a_request_nobody_signed_is_refused(desk: Desk) -> None:
    der = bytearray(machine().der)
    der[-1] ^= 1
    new = NewMachine(x509.load_der_x509_csr(bytes(der)))
    assert revealing(desk, new) is RefusalCode.MESSAGE_MALFORMED


def test_r9_a_request_of_a_version_that_is_none_is_refused(desk: Desk) -> None:
    """One turned bit: the library does not call that a wrong value, and nobody must be able to make
    the door fail."""
    der = bytearray(machine().der)
    version = bytes(der).index(b"\x02\x01\x00")
    der[version + 2] = 6
    text = base64.encodebytes(bytes(der)).decode()
    pem = f"-----BEGIN CERTIFICATE REQUEST-----\n{text}-----END CERTIFICATE REQUEST-----\n"
    assert revealing(desk, machine(), csr_pem=pem) is RefusalCode.MESSAGE_MALFORMED


def test_r9_unknown_enrolments_are_refused(desk: Desk) -> None:
    assert code_of(desk.enrolment.reveal(machine().reveal("0" * 32))) is (
        RefusalCode.ENROLMENT_UNKNOWN
    )
    assert code_of(desk.enrolment.poll(wire.Poll("0" * 32))) is RefusalCode.ENROLMENT_UNKNOWN


async def test_r9_a_code_that_waited_too_long_is_worth_nothing(desk: Desk) -> None:
    enrolment_id = machine().asks(desk.enrolment)
    code = desk.enrolment.waiting()[0].code
    desk.monotonic += PENDING_REAL_S + 1
    done = await desk.enrolment.confirm(code, "station", "m", "01", "01", "a")
    assert code_of(done) is RefusalCode.ENROLMENT_UNKNOWN
    assert code_of(desk.enrolment.poll(wire.Poll(enrolment_id))) is RefusalCode.ENROLMENT_UNKNOWN


def test_n10_an_address_has_some_places_and_others_have_theirs(desk: Desk) -> None:
    begin = machine().begin()
    for _ in range(PER_ADDRESS):
        assert isinstance(desk.enrolment.begin(begin, "10.0.0.1"), wire.Begun)
    assert code_of(desk.enrolment.begin(begin, "10.0.0.1")) is RefusalCode.TOO_MANY
    assert isinstance(desk.enrolment.begin(begin, "10.0.0.2"), wire.Begun)
    desk.monotonic += SETTLED_REAL_S
    assert isinstance(desk.enrolment.begin(begin, "10.0.0.1"), wire.Begun), "one of its own goes"
