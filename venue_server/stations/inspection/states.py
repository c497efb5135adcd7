"""The venue's states up to the seal (C08-C10), drawn in docs/states/venue.md."""

from collections.abc import Mapping

from venue_server.wire.inspection_orders import SealState

SEAL_NEXT: Mapping[SealState, frozenset[SealState]] = {
    SealState.UNINSPECTED: frozenset({SealState.INSPECTED}),
    SealState.INSPECTED: frozenset({SealState.SEALED}),
    SealState.SEALED: frozenset({SealState.SEAL_BROKEN}),
    SealState.SEAL_BROKEN: frozenset({SealState.SEALED}),
}
MAY_SEAL = frozenset(here for here, there in SEAL_NEXT.items() if SealState.SEALED in there)
