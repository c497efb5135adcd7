"""The paper's way to a station: offer, wrapping key, form key; nothing that opens before (E02)."""

from dataclasses import dataclass, field

import pytest

from venue_server.stations.delivery import Delivery, PaperOnOffer, ReleasedForm
from venue_server.stations.store import Machine
from venue_server.wire import hpke
from venue_server.wire.canonical import b64, unb64
from venue_server.wire.form_key import FormKeyError, unwrap_form_key, wrapping_info
from venue_server.wire.messages import FormKey, Message, PaperOffer, PaperSeal, WrappingKey

SEAL = PaperSeal("paper", "A", "ABCD1234", verified=True)
PAPER = PaperOnOffer(SEAL, "/papers/paper/A", 100, "ab" * 32)
FORM = ReleasedForm(bytes(range(32)), 5_000)


@dataclass
class Machines:
    """Two stations and what was put into their outboxes."""

    keys: dict[str, hpke.HpkePrivate] = field(
        default_factory=lambda: {name: hpke.generate() for name in ("m1", "m2")}
    )
    sent: dict[str, list[Message]] = field(default_factory=lambda: {"m1": [], "m2": []})

    def __post_init__(self) -> None:
        self.delivery = Delivery(lambda machine_id, m: self.sent[machine_id].append(m))

    def machine(self, name: str) -> Machine:
        public = b64(self.keys[name].public_raw())
        return Machine(name, "station", name, "01", name[-1], "ab", public)

    def of(self, name: str, kind: type[Message]) -> list[Message]:
        return [each for each in self.sent[name] if isinstance(each, kind)]

    def wrapping(self, name: str) -> bytes:
        message = self.of(name, WrappingKey)[-1]
        assert isinstance(message, WrappingKey)
        info = wrapping_info(message.paper_id, message.form_id, name)
        return self.keys[name].open(unb64(message.sealed), info)

    def content_key(self, name: str) -> bytes:
        message = self.of(name, FormKey)[-1]
        assert isinstance(message, FormKey)
        return unwrap_form_key(self.wrapping(name), unb64(message.wrapped), "paper", "A")


@pytest.fixture
def machines() -> Machines:
    return Machines()


def test_without_a_paper_nothing_is_offered_or_given(machines: Machines) -> None:
    machines.delivery.offer(machines.machine("m1"))
    machines.delivery.give_keys(machines.machine("m1"))
    assert machines.sent["m1"] == []


def test_e02_before_the_release_a_station_has_its_own_wrapping_key_only(machines: Machines) -> None:
    machines.delivery.set_paper(PAPER)
    machines.delivery.offer(machines.machine("m1"))
    machines.delivery.give_keys(machines.machine("m1"))
    assert [type(each) for each in machines.sent["m1"]] == [PaperOffer, WrappingKey]
    assert not machines.delivery.keyed("m1")
    assert len(machines.wrapping("m1")) == 32


def test_e02_at_the_release_everyone_with_a_wrapping_key_gets_the_form(machines: Machines) -> None:
    machines.delivery.set_paper(PAPER)
    machines.delivery.give_keys(machines.machine("m1"))
    assert machines.delivery.release(FORM) == 1
    assert machines.content_key("m1") == FORM.key
    assert machines.sent["m2"] == [], "a station without the paper waits"
    machines.delivery.give_keys(machines.machine("m2"))
    assert machines.content_key("m2") == FORM.key
    assert machines.delivery.keyed("m2")


def test_e02_no_station_can_open_anothers_key(machines: Machines) -> None:
    machines.delivery.set_paper(PAPER)
    for name in ("m1", "m2"):
        machines.delivery.give_keys(machines.machine(name))
    machines.delivery.release(FORM)
    sealed = machines.of("m2", WrappingKey)[0]
    assert isinstance(sealed, WrappingKey)
    with pytest.raises(hpke.HpkeError):
        machines.keys["m1"].open(unb64(sealed.sealed), wrapping_info("paper", "A", "m2"))
    wrapped = machines.of("m2", FormKey)[0]
    assert isinstance(wrapped, FormKey)
    with pytest.raises(FormKeyError):
        unwrap_form_key(machines.wrapping("m1"), unb64(wrapped.wrapped), "paper", "A")


def test_f3_a_station_that_comes_back_gets_a_fresh_wrapping_key(machines: Machines) -> None:
    machines.delivery.set_paper(PAPER)
    machines.delivery.give_keys(machines.machine("m1"))
    first = machines.wrapping("m1")
    machines.delivery.release(FORM)
    machines.delivery.give_keys(machines.machine("m1"))
    assert machines.wrapping("m1") != first
    assert machines.content_key("m1") == FORM.key


def test_e06_another_paper_takes_every_key_with_it(machines: Machines) -> None:
    machines.delivery.set_paper(PAPER)
    machines.delivery.give_keys(machines.machine("m1"))
    machines.delivery.release(FORM)
    machines.delivery.set_paper(PAPER)
    assert machines.delivery.keyed("m1"), "the same paper again changes nothing"
    other = PaperOnOffer(PaperSeal("paper", "B", "FFFF0000", True), "/papers/paper/B", 9, "cd" * 32)
    machines.delivery.set_paper(other)
    assert not machines.delivery.keyed("m1")
    before = len(machines.sent["m1"])
    machines.delivery.give_keys(machines.machine("m1"))
    assert [type(each) for each in machines.sent["m1"][before:]] == [WrappingKey]


def test_l10_a_wiped_paper_is_given_to_nobody(machines: Machines) -> None:
    machines.delivery.set_paper(PAPER)
    machines.delivery.give_keys(machines.machine("m1"))
    machines.delivery.release(FORM)
    machines.delivery.set_paper(None)
    machines.sent["m1"].clear()
    machines.delivery.offer(machines.machine("m1"))
    machines.delivery.give_keys(machines.machine("m1"))
    assert machines.sent["m1"] == []
    assert not machines.delivery.keyed("m1")


def test_o03_the_key_is_in_no_repr() -> None:
    assert repr(FORM.key) not in repr(FORM)
    assert "5000" in repr(FORM)
