"""The paper's way to a station: offer, wrapping key, form key; nothing that opens before (E02)."""

from dataclasses import dataclass, field, replace

import pytest

from venue_server.sitting.forms import Form
from venue_server.stations.delivery import Delivery, PaperOnOffer, ReleasedForms
from venue_server.stations.store import Machine
from venue_server.wire import hpke
from venue_server.wire.canonical import b64, unb64
from venue_server.wire.form_key import FormKeyError, unwrap_form_key, wrapping_info
from venue_server.wire.frames import Message
from venue_server.wire.messages import PaperSeal
from venue_server.wire.station_messages import FormKey, PaperOffer, WrappingKey

SEAL = PaperSeal("paper", "A", "ABCD1234", verified=True)
PAPER = PaperOnOffer(SEAL, "/papers/paper/A", 100, "ab" * 32)
A, B = Form("paper", "A"), Form("paper", "B")
KEY = bytes(range(32))
FORM = ReleasedForms({A: KEY}, 5_000)
OTHER = PaperOnOffer(PaperSeal("paper", "B", "FFFF0000", True), "/papers/paper/B", 9, "cd" * 32)


@dataclass
class Machines:
    """Two stations and what was put into their outboxes."""

    keys: dict[str, hpke.HpkePrivate] = field(
        default_factory=lambda: {name: hpke.generate() for name in ("m1", "m2")}
    )
    sent: dict[str, list[Message]] = field(default_factory=lambda: {"m1": [], "m2": []})

    def __post_init__(self) -> None:
        self.delivery = Delivery(lambda machine_id, m: self.sent[machine_id].append(m))

    def all_get(self, *papers: PaperOnOffer) -> list[str]:
        """These papers are on offer, and every seat gets the first one."""
        form = papers[0].form if papers else None
        return self.delivery.set_papers(list(papers), lambda _machine: form)

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
        form = message.paper_id, message.form_id
        return unwrap_form_key(self.wrapping(name), unb64(message.wrapped), *form)


@pytest.fixture
def machines() -> Machines:
    return Machines()


def test_without_a_paper_nothing_is_offered_or_given(machines: Machines) -> None:
    machines.delivery.offer(machines.machine("m1"))
    machines.delivery.give_keys(machines.machine("m1"))
    assert machines.sent["m1"] == []


def test_e02_before_the_release_a_station_has_its_own_wrapping_key_only(machines: Machines) -> None:
    machines.all_get(PAPER)
    machines.delivery.offer(machines.machine("m1"))
    machines.delivery.give_keys(machines.machine("m1"))
    assert [type(each) for each in machines.sent["m1"]] == [PaperOffer, WrappingKey]
    assert not machines.delivery.keyed("m1")
    assert len(machines.wrapping("m1")) == 32


def test_e02_at_the_release_everyone_with_a_wrapping_key_gets_the_form(machines: Machines) -> None:
    machines.all_get(PAPER)
    machines.delivery.give_keys(machines.machine("m1"))
    assert machines.delivery.release(FORM) == 1
    assert machines.content_key("m1") == KEY
    assert machines.sent["m2"] == [], "a station without the paper waits"
    machines.delivery.give_keys(machines.machine("m2"))
    assert machines.content_key("m2") == KEY
    assert machines.delivery.keyed("m2")


def test_e02_no_station_can_open_anothers_key(machines: Machines) -> None:
    machines.all_get(PAPER)
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


def test_f3_p5_a_station_that_comes_back_is_given_its_keys_again(machines: Machines) -> None:
    machines.all_get(PAPER)
    machines.delivery.give_keys(machines.machine("m1"))
    first = machines.wrapping("m1")
    machines.delivery.release(FORM)
    machines.sent["m1"].clear()
    machines.delivery.give_keys(machines.machine("m1"))
    assert machines.wrapping("m1") == first, "sealed once: sealing costs a quarter of a handshake"
    assert machines.content_key("m1") == KEY


def test_p5_the_key_is_told_in_the_same_words_until_something_is_another(
    machines: Machines,
) -> None:
    machines.all_get(PAPER)
    machines.delivery.release(FORM)
    for _ in range(2):
        machines.delivery.give_keys(machines.machine("m1"))
    first, again = machines.of("m1", FormKey)
    assert first == again, "wrapping anew costs, and tells nobody anything else"
    machines.delivery.release(ReleasedForms({A: KEY}, 9_000))
    later = machines.of("m1", FormKey)[-1]
    assert isinstance(later, FormKey) and later.effective_start_ms == 9_000
    machines.delivery.give_keys(replace(machines.machine("m1"), cert_sha256="another"))
    assert machines.content_key("m1") == KEY, "under the new wrapping key"


def test_f3_another_enrolment_of_a_machine_gets_a_wrapping_key_of_its_own(
    machines: Machines,
) -> None:
    machines.all_get(PAPER)
    before = machines.machine("m1")
    machines.delivery.give_keys(before)
    first = machines.wrapping("m1")
    machines.sent["m1"].clear()
    machines.delivery.give_keys(replace(before, cert_sha256="another"))
    assert machines.wrapping("m1") != first


def test_e06_another_paper_takes_every_key_with_it(machines: Machines) -> None:
    machines.all_get(PAPER)
    machines.delivery.give_keys(machines.machine("m1"))
    machines.delivery.release(FORM)
    machines.all_get(PAPER)
    assert machines.delivery.keyed("m1"), "the same paper again changes nothing"
    assert machines.all_get(OTHER) == ["m1"]
    assert not machines.delivery.keyed("m1")
    before = len(machines.sent["m1"])
    machines.delivery.give_keys(machines.machine("m1"))
    assert [type(each) for each in machines.sent["m1"][before:]] == [WrappingKey]


def test_l10_a_wiped_paper_is_given_to_nobody(machines: Machines) -> None:
    machines.all_get(PAPER)
    machines.delivery.give_keys(machines.machine("m1"))
    machines.delivery.release(FORM)
    machines.all_get()
    machines.sent["m1"].clear()
    machines.delivery.offer(machines.machine("m1"))
    machines.delivery.give_keys(machines.machine("m1"))
    assert machines.sent["m1"] == []
    assert not machines.delivery.keyed("m1")


def test_o03_the_key_is_in_no_repr() -> None:
    assert repr(KEY) not in repr(FORM)
    assert "5000" in repr(FORM)


def _neighbours(machines: Machines) -> None:
    """m1 sits at 01 and gets A, m2 at 02 and gets B."""
    forms = {"1": A, "2": B}
    machines.delivery.set_papers([PAPER, OTHER], lambda machine: forms[machine.seat_no])


def test_c05_each_station_is_offered_and_given_its_own_form_only(machines: Machines) -> None:
    _neighbours(machines)
    for name in ("m1", "m2"):
        machines.delivery.offer(machines.machine(name))
        machines.delivery.give_keys(machines.machine(name))
    offers = [machines.of(name, PaperOffer) for name in ("m1", "m2")]
    assert [[each.seal.form_id for each in told] for told in offers] == [["A"], ["B"]]  # type: ignore[attr-defined]
    assert machines.delivery.is_for(machines.machine("m1"), PAPER.sha256)
    assert not machines.delivery.is_for(machines.machine("m2"), PAPER.sha256)
    other_key = bytes(reversed(KEY))
    assert machines.delivery.release(ReleasedForms({A: KEY, B: other_key}, 5_000)) == 2
    assert machines.content_key("m1") == KEY
    assert machines.content_key("m2") == other_key
    assert {each.form_id for each in machines.of("m1", FormKey)} == {"A"}  # type: ignore[attr-defined]


def test_c05_a_form_that_is_not_released_gives_its_stations_nothing(machines: Machines) -> None:
    _neighbours(machines)
    for name in ("m1", "m2"):
        machines.delivery.give_keys(machines.machine(name))
    assert machines.delivery.release(FORM) == 1
    assert machines.of("m2", FormKey) == []
    assert (machines.delivery.keyed("m1"), machines.delivery.keyed("m2")) == (True, False)


def test_d10_a_reserve_in_one_room_takes_the_keys_of_that_room_only(machines: Machines) -> None:
    _neighbours(machines)
    for name in ("m1", "m2"):
        machines.delivery.give_keys(machines.machine(name))
    reserve = PaperOnOffer(
        PaperSeal("spare", "R", "AAAA0000", True), "/papers/spare/R", 9, "ef" * 32
    )
    forms = {"1": A, "2": reserve.form}
    stale = machines.delivery.set_papers(
        [PAPER, OTHER, reserve], lambda machine: forms[machine.seat_no]
    )
    assert stale == ["m2"]
    machines.delivery.give_keys(machines.machine("m2"))
    assert {each.form_id for each in machines.of("m2", WrappingKey)} == {"B", "R"}  # type: ignore[attr-defined]
    assert machines.delivery.release(ReleasedForms({A: KEY, B: KEY}, 1)) == 1, "m2 has no key for B"
