"""Delivery of papers to stations: the offer, a wrapping key each, the form key at release (E02).

Every station is offered the one form of its seat (C05) and gets keys for that form only. Before
release it holds verified ciphertext and a wrapping key of its own, sealed to its HPKE key. At
release only 60 bytes per station cross the LAN: the form key under that wrapping key. Wrapping keys
live in memory; after a restart every station gets a new one at its hello.
"""

import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from venue_server.sitting.forms import Form
from venue_server.stations.store import Machine
from venue_server.wire import hpke
from venue_server.wire.canonical import b64, unb64
from venue_server.wire.form_key import wrap_form_key, wrapping_info
from venue_server.wire.frames import Message
from venue_server.wire.messages import PaperSeal
from venue_server.wire.process_memory import overwrite
from venue_server.wire.station_messages import FormKey, PaperOffer, WrappingKey


@dataclass(frozen=True)
class PaperOnOffer:
    """A sealed paper that stations fetch now."""

    seal: PaperSeal
    path: str
    size: int
    sha256: str

    @property
    def form(self) -> Form:
        """Which form it is."""
        return Form(self.seal.paper_id, self.seal.form_id)


@dataclass(frozen=True)
class ReleasedForms:
    """The opened forms of a session: their content keys, and the instant every station opens its
    own."""

    keys: Mapping[Form, bytes]
    effective_start_ms: int

    def __repr__(self) -> str:
        return f"ReleasedForms({len(self.keys)} forms, start={self.effective_start_ms})"


@dataclass(frozen=True)
class _Wrapped:
    machine: Machine
    form: Form
    key: bytes
    told: WrappingKey


class Delivery:
    """What stations are given. ``send`` puts a message into a machine's outbox."""

    def __init__(self, send: Callable[[str, Message], None]) -> None:
        self._send = send
        self._papers: dict[Form, PaperOnOffer] = {}
        self._form_of: Callable[[Machine], Form | None] = _no_form
        self._released: ReleasedForms | None = None
        self._wrapping: dict[str, _Wrapped] = {}
        self._opened: dict[str, FormKey] = {}  # as it was told, by machine

    def set_papers(
        self, papers: list[PaperOnOffer], form_of: Callable[[Machine], Form | None]
    ) -> list[str]:
        """The papers of the current session (none: there is none any more), and which form a
        machine's seat gets. Returns the machines whose paper is another one now: their keys are
        gone, and what they hold is not their paper any more."""
        fresh = {paper.form: paper for paper in papers}
        if fresh != self._papers:
            self._forget_released()
        stale = [
            machine_id
            for machine_id, wrapped in self._wrapping.items()
            if fresh.get(wrapped.form) != self._papers.get(wrapped.form)
            or form_of(wrapped.machine) != wrapped.form
        ]
        for machine_id in stale:
            self._forget_wrapping(machine_id)
        self._papers, self._form_of = fresh, form_of
        return stale

    def reassign(self, machine: Machine) -> bool:
        """The seat's form may be another one now (a candidate was moved to this machine): offer it.
        True when what the machine held is not its paper any more; its key is gone."""
        wrapped = self._wrapping.get(machine.machine_id)
        stale = wrapped is not None and wrapped.form != self._form_of(machine)
        if stale:
            self._forget_wrapping(machine.machine_id)
        self.offer(machine)
        return stale

    def _forget_wrapping(self, machine_id: str) -> None:
        overwrite(self._wrapping.pop(machine_id).key)
        self._opened.pop(machine_id, None)

    def _forget_released(self, but: Collection[int] = ()) -> None:
        """Keys that are over are overwritten, not only dropped (L10); ``but`` are ids of objects
        that go on."""
        for key in self._released.keys.values() if self._released else ():
            if id(key) not in but:
                overwrite(key)
        self._released = None
        self._opened.clear()

    def offer(self, machine: Machine) -> None:
        """Offer one station the ciphertext of its form."""
        paper = self._paper_of(machine)
        if paper is not None:
            self._send(
                machine.machine_id, PaperOffer(paper.seal, paper.path, paper.size, paper.sha256)
            )

    def is_for(self, machine: Machine, sha256: str) -> bool:
        """Is this the ciphertext of the form this station's seat gets?"""
        paper = self._paper_of(machine)
        return paper is not None and paper.sha256 == sha256

    def give_keys(self, machine: Machine) -> None:
        """Give a station that holds the verified ciphertext of its form its wrapping key, and the
        form key when the papers are already released (a late or returning station)."""
        paper = self._paper_of(machine)
        if paper is None:
            return
        wrapped = self._wrapping.get(machine.machine_id)
        if wrapped is None or wrapped.machine != machine or wrapped.form != paper.form:
            wrapped = self._wrapping[machine.machine_id] = _wrapped(machine, paper.form)
            self._opened.pop(machine.machine_id, None)
        self._send(machine.machine_id, wrapped.told)
        if self._released is not None:
            self._send_form(wrapped, self._released)

    def release(self, forms: ReleasedForms) -> int:
        """Send every station that has a wrapping key the key of its form; returns how many."""
        self._forget_released({id(key) for key in forms.keys.values()})  # derived before
        self._released = forms
        return sum(self._send_form(wrapped, forms) for wrapped in self._wrapping.values())

    def keyed(self, machine_id: str) -> bool:
        """True when the station was given a wrapping key and its form is released."""
        wrapped = self._wrapping.get(machine_id)
        return self._released is not None and bool(wrapped and wrapped.form in self._released.keys)

    def _paper_of(self, machine: Machine) -> PaperOnOffer | None:
        form = self._form_of(machine)
        return self._papers.get(form) if form else None

    def _send_form(self, wrapped: _Wrapped, forms: ReleasedForms) -> bool:
        machine_id, key = wrapped.machine.machine_id, forms.keys.get(wrapped.form)
        if key is None:
            return False
        if machine_id not in self._opened:  # who comes back is told the same words
            paper_id, form_id = wrapped.form
            sealed = wrap_form_key(wrapped.key, key, paper_id, form_id)
            told = FormKey(paper_id, form_id, b64(sealed), forms.effective_start_ms)
            self._opened[machine_id] = told
        self._send(machine_id, self._opened[machine_id])
        return True


def _wrapped(machine: Machine, form: Form) -> _Wrapped:
    """A new wrapping key. A station that comes back is told the same one in the same words: sealing
    costs a quarter of a handshake (P5), and whoever saw the words once learns nothing from seeing
    them again."""
    wrapping = os.urandom(32)
    info = wrapping_info(form.paper_id, form.form_id, machine.machine_id)
    sealed = hpke.seal(unb64(machine.hpke_public), wrapping, info)
    told = WrappingKey(form.paper_id, form.form_id, b64(sealed))
    return _Wrapped(machine, form, wrapping, told)


def _no_form(_machine: Machine) -> Form | None:
    return None
