"""Delivery of the paper to stations: the offer, a wrapping key each, the form key at release (E02).

Before release a station holds verified ciphertext and a wrapping key of its own, sealed to its HPKE
key. At release only 60 bytes per station cross the LAN: the form key under that wrapping key.
Wrapping keys live in memory; after a restart every station gets a new one at its hello.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass

from venue_server.stations.store import Machine
from venue_server.wire import hpke
from venue_server.wire.canonical import b64, unb64
from venue_server.wire.form_key import wrap_form_key, wrapping_info
from venue_server.wire.messages import FormKey, Message, PaperOffer, PaperSeal, WrappingKey
from venue_server.wire.process_memory import overwrite


@dataclass(frozen=True)
class PaperOnOffer:
    """The sealed paper that stations fetch now."""

    seal: PaperSeal
    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class ReleasedForm:
    """The opened form: its content key and the instant every station opens it."""

    key: bytes
    effective_start_ms: int

    def __repr__(self) -> str:
        return f"ReleasedForm(start={self.effective_start_ms})"


class Delivery:
    """What stations are given. ``send`` puts a message into a machine's outbox."""

    def __init__(self, send: Callable[[str, Message], None]) -> None:
        self._send = send
        self._paper: PaperOnOffer | None = None
        self._form: ReleasedForm | None = None
        self._wrapping: dict[str, bytes] = {}

    def set_paper(self, paper: PaperOnOffer | None) -> None:
        """The paper of the current session; None when there is none (any more)."""
        if paper != self._paper:
            self._paper = paper
            self._forget()

    def _forget(self) -> None:
        """The keys of a paper that is over are overwritten, not only dropped (L10)."""
        for key in self._wrapping.values():
            overwrite(key)
        self._wrapping.clear()
        if self._form is not None:
            overwrite(self._form.key)
        self._form = None

    def offer(self, machine: Machine) -> None:
        """Offer the ciphertext to one station."""
        if self._paper is not None:
            paper = self._paper
            self._send(
                machine.machine_id, PaperOffer(paper.seal, paper.path, paper.size, paper.sha256)
            )

    def give_keys(self, machine: Machine) -> None:
        """Give a station that holds verified ciphertext its wrapping key, and the form key when the
        paper is already released (a late or returning station)."""
        if self._paper is None:
            return
        wrapping = os.urandom(32)
        info = wrapping_info(
            self._paper.seal.paper_id, self._paper.seal.form_id, machine.machine_id
        )
        sealed = hpke.seal(unb64(machine.hpke_public), wrapping, info)
        seal = self._paper.seal
        self._wrapping[machine.machine_id] = wrapping
        self._send(machine.machine_id, WrappingKey(seal.paper_id, seal.form_id, b64(sealed)))
        if self._form is not None:
            self._send_form(machine.machine_id, self._form)

    def release(self, form: ReleasedForm) -> int:
        """Send the form key to every station that has a wrapping key; returns how many."""
        if self._form is not None and self._form.key is not form.key:
            overwrite(self._form.key)  # the same key, derived before
        self._form = form
        for machine_id in self._wrapping:
            self._send_form(machine_id, form)
        return len(self._wrapping)

    def keyed(self, machine_id: str) -> bool:
        """True when the station was given a wrapping key and the form is released."""
        return self._form is not None and machine_id in self._wrapping

    def _send_form(self, machine_id: str, form: ReleasedForm) -> None:
        assert self._paper is not None
        seal = self._paper.seal
        wrapped = wrap_form_key(self._wrapping[machine_id], form.key, seal.paper_id, seal.form_id)
        message = FormKey(seal.paper_id, seal.form_id, b64(wrapped), form.effective_start_ms)
        self._send(machine_id, message)
