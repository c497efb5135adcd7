"""What headquarters orders when it seals a form, and the rules an order must keep."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from venue_server.headquarters.problems import Findings, Place, Problem, Rule
from venue_server.vault.manifest import ID_PATTERN, MAX_N, MIN_K
from venue_server.wire.hpke import PUBLIC_SIZE
from venue_server.wire.names import Mode
from venue_server.wire.signed import key_id

BLOCK_SIZE = 1024 * 1024
MIN_SIGNERS = 2


@dataclass(frozen=True)
class SealOrder:
    """One form to seal. Instants are milliseconds since the epoch, UTC.

    ``venues`` maps venue id to raw HPKE public key. ``code_threshold`` of ``code_shares``
    custodians open the form offline; 0 shares means no offline code. ``attest_subject`` and
    ``attest_rendering`` are statements by people (D14, D16); that the key fits the options (D15)
    the tool checks itself. An empty ``shuffle_seed`` means a fresh random one. ``for_candidates``:
    where the test shuffles items, each candidate gets an order of their own.
    """

    paper_id: str
    form_id: str
    subject_code: str
    venues: Mapping[str, bytes]
    release_at_ms: int
    expires_at_ms: int
    not_before_ms: int = 0
    mode: Mode = Mode.REHEARSAL
    k: int = 3
    n: int = 5
    block_size: int = BLOCK_SIZE
    code_threshold: int = 2
    code_shares: int = 2
    classification: str = "机密"
    declassify_at_ms: int | None = None
    title: str = ""
    language: str = ""
    test: str = ""
    shuffle_seed: str = field(default="", repr=False)
    for_candidates: bool = False
    attest_subject: bool = False
    attest_rendering: bool = False


def check_order(order: SealOrder, signers: list[Ed25519PrivateKey]) -> list[Problem]:
    """Every rule the order breaks."""
    findings = Findings()
    for fault in _faults(order, signers):
        findings.add(Rule.ORDER_INVALID, Place(), fault)
    return findings.blocking()


def check_forms(orders: list[SealOrder], signers: list[Ed25519PrivateKey]) -> list[Problem]:
    """Every rule broken by the orders of several forms of one paper, each on its own and all
    together."""
    problems = [problem for order in orders for problem in check_order(order, signers)]
    findings = Findings()
    forms = [order.form_id for order in orders]
    for form_id in sorted({form_id for form_id in forms if forms.count(form_id) > 1}):
        findings.add(Rule.ORDER_INVALID, Place(), f"form {form_id!r} twice")
    seeds = [order.shuffle_seed for order in orders if order.shuffle_seed]
    if len(set(seeds)) != len(seeds):
        findings.add(Rule.ORDER_INVALID, Place(), "one shuffle seed for two forms")
    if not orders:
        findings.add(Rule.ORDER_INVALID, Place(), "no form")
    return list(dict.fromkeys(problems + findings.blocking()))


def _faults(order: SealOrder, signers: list[Ed25519PrivateKey]) -> list[str]:
    ids = [order.paper_id, order.form_id, order.subject_code, *order.venues]
    faults = [f"id {text!r}" for text in ids if not re.match(ID_PATTERN, text)]
    if not MIN_K <= order.k <= order.n <= MAX_N:
        faults.append(f"k={order.k}, n={order.n}: {MIN_K} <= k <= n <= {MAX_N}")
    if len({key_id(key.public_key()) for key in signers}) < MIN_SIGNERS:
        faults.append(f"{MIN_SIGNERS} different signing keys are required")
    if not order.venues:
        faults.append("no venue")
    faults += [f"key of {v}" for v, key in order.venues.items() if len(key) != PUBLIC_SIZE]
    if not order.not_before_ms <= order.release_at_ms < order.expires_at_ms:
        faults.append("not before <= release < expiry")
    if order.declassify_at_ms is not None and order.declassify_at_ms < order.release_at_ms:
        faults.append("release <= declassification")
    if order.code_shares and not 2 <= order.code_threshold <= order.code_shares <= MAX_N:
        faults.append(f"code {order.code_threshold} of {order.code_shares}")
    if not 1 <= order.block_size <= 64 * 1024 * 1024:
        faults.append(f"block size {order.block_size}")
    if order.mode == Mode.LIVE and not (order.attest_subject and order.attest_rendering):
        faults.append("LIVE needs the attestations of subject and rendering")
    return faults
