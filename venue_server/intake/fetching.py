"""Fetches what is missing from headquarters' mirrors, and nothing twice (D18).

Only pieces that no channel has brought yet are asked for. Each is compared with the manifest and
written to its place before the next is looked at, so a kill, a power cut or a broken line costs the
piece in flight. A line that breaks is tried again with growing pauses; one that makes no progress
is given up, and the next mirror has its turn.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass, field
from typing import TypeVar

from venue_server.client.backoff import retry_delay
from venue_server.intake import incoming
from venue_server.intake import store as rows
from venue_server.intake.acceptance import MAX_MANIFEST, Acceptance
from venue_server.intake.mirror_io import MirrorFault, MirrorLacksError, MirrorLine
from venue_server.intake.pieces import Piece, PieceFile, joined
from venue_server.intake.rules import WHOLE
from venue_server.storage import background
from venue_server.vault.manifest import PaperManifest
from venue_server.wire.refusals import Refusal, RefusalCode, RefusedError

T = TypeVar("T")
RUN_BYTES = 8 * 1024 * 1024
"""Bytes asked for in one request: the deadline and the disk are looked at in between."""
GIVE_UP_AFTER = 5
"""Attempts in a row without one new piece."""


@dataclass(frozen=True)
class Mirror:
    """Where sealed packages lie, and the one certificate accepted there."""

    base_url: str
    certificate_pem: str


@dataclass
class Progress:
    """What a fetch does now, for whoever looks at the status meanwhile."""

    package_id: str = ""
    fragment: int = 0
    wanted: int = 0  # bytes
    received: int = 0
    refusals: list[tuple[str, Refusal]] = field(default_factory=list)


class Fetch:
    """One run over the mirrors inside one receipt session."""

    def __init__(
        self,
        acceptance: Acceptance,
        receipt: rows.Receipt,
        over: Callable[[rows.Receipt], Refusal | None],
        venue_id: str,
        progress: Progress,
    ) -> None:
        self._acceptance = acceptance
        self._receipt = receipt
        self._over = over
        self._venue_id = venue_id
        self.progress = progress

    async def run(self, mirrors: Sequence[Mirror]) -> Refusal | None:
        """Fetch until every open package of the session is complete.

        Refusals: RCP-04 no mirror delivers (any more), PAP-17 the receipt's time is over, RCP-03.
        """
        last = Refusal(RefusalCode.MIRROR_FAILED)
        async with AsyncExitStack() as stack:
            for mirror in mirrors:
                line = await stack.enter_async_context(
                    MirrorLine(mirror.base_url, mirror.certificate_pem)
                )
                try:
                    await self._from(line)
                    if not self._incomplete():
                        return None
                except MirrorFault as fault:
                    last = Refusal(RefusalCode.MIRROR_FAILED, str(fault))
                except RefusedError as refused:
                    return refused.refusal
        return last

    def _incomplete(self) -> list[PaperManifest]:
        state = self._acceptance.state
        manifests = self._acceptance.open_packages(self._receipt.session_id)
        return [each for each in manifests if state(each.package_id) not in WHOLE]

    async def _from(self, line: MirrorLine) -> None:
        await self._manifests(line)
        for manifest in self._incomplete():
            await self._package(line, manifest)

    async def _manifests(self, line: MirrorLine) -> None:
        offered = await self._patiently(lambda: line.packages(self._venue_id))
        for package_id in offered:
            if self._acceptance.state(package_id) is not None:
                continue
            data = await self._patiently(lambda p=package_id: line.manifest(p, MAX_MANIFEST))  # type: ignore[misc]  # a loop's lambda
            if not self._acceptance.concerns(self._receipt.session_id, data):
                continue
            name = f"{package_id}/manifest.json"
            taken = await self._acceptance.take_manifest(self._receipt, name, data)
            if isinstance(taken, Refusal):
                self.progress.refusals.append((name, taken))

    async def _patiently(self, ask: Callable[[], Awaitable[T]]) -> T:
        """Ask again after growing pauses. Raises MirrorFault in the end."""
        failures = 0
        while True:
            try:
                return await ask()
            except MirrorLacksError:
                raise
            except MirrorFault:
                failures += 1
                if failures >= GIVE_UP_AFTER:
                    raise
                await _pause(failures)

    # ---- one package ---------------------------------------------------------------------

    async def _package(self, line: MirrorLine, manifest: PaperManifest) -> None:
        """The fragments that lack least come first; stop as soon as the package is complete."""
        acceptance = self._acceptance
        await acceptance.finish(manifest, self._receipt)
        files = acceptance.files(manifest)
        have = acceptance.have(manifest.package_id)
        lacking = {
            number: await background.heavy(files.wanting, number)
            for number in range(1, manifest.n + 1)
            if number not in have
        }
        fault: MirrorFault | None = None
        for number in sorted(lacking, key=lambda each: len(lacking[each])):
            if acceptance.state(manifest.package_id) in WHOLE:
                return
            try:
                await self._fragment(line, manifest, number)
            except MirrorFault as met:
                fault = met  # another fragment may be there
            await acceptance.finish(manifest, self._receipt)
        if fault is not None and acceptance.state(manifest.package_id) not in WHOLE:
            raise fault

    async def _fragment(self, line: MirrorLine, manifest: PaperManifest, number: int) -> None:
        files = self._acceptance.files(manifest)
        failures = 0
        while lack := await background.heavy(files.wanting, number):
            self._begin(manifest, number, lack)
            try:
                came = await self._pass(line, manifest, number, lack)
            except MirrorLacksError:
                raise
            except MirrorFault:
                came = await background.heavy(files.wanting, number) != lack
                failures = 1 if came else failures + 1
                if failures >= GIVE_UP_AFTER:
                    raise
                await _pause(failures)
                continue
            if not came:
                # The mirror's own copy is damaged there: asking again brings the same bytes.
                blocks = ", ".join(str(piece.index) for piece in lack[:8])
                name = f"{manifest.package_id} #{number}: {blocks}"
                no = Refusal(RefusalCode.FRAGMENT_CORRUPT, name)
                await self._acceptance.quarantine.note(self._receipt, f"mirror #{number}", no)
                self.progress.refusals.append((f"mirror #{number}", no))
                raise MirrorFault(f"fragment {number}: block {blocks}")
        partial = files.partial(number)
        await self._acceptance.keep_fragment(
            self._receipt, manifest, number, partial, f"mirror #{number}"
        )

    def _begin(self, manifest: PaperManifest, number: int, lack: list[Piece]) -> None:
        self.progress.package_id, self.progress.fragment = manifest.package_id, number
        self.progress.wanted, self.progress.received = sum(p.length for p in lack), 0

    async def _pass(
        self, line: MirrorLine, manifest: PaperManifest, number: int, lack: list[Piece]
    ) -> bool:
        """Ask once for everything lacking; True when at least one piece came right."""
        files = self._acceptance.files(manifest)
        came = False
        size = manifest.entry(number).size
        for run in joined(lack, RUN_BYTES):
            self._may_go_on(manifest, sum(piece.length for piece in run))
            try:
                with PieceFile(files.partial(number), size) as partial:
                    async with aclosing(line.read(manifest.package_id, number, run)) as stream:
                        async for piece, data in stream:
                            came = await background.heavy(partial.put, piece, data) or came
                            self.progress.received += len(data)
            except OSError as error:
                if error.errno not in incoming.FULL:
                    raise
                no = Refusal(RefusalCode.NO_ROOM_FOR_PAPER, manifest.package_id)
                raise RefusedError(no) from error
        return came

    def _may_go_on(self, manifest: PaperManifest, size: int) -> None:
        refusal = self._over(self._receipt)
        if refusal is None and not self._acceptance.has_room(size):
            refusal = Refusal(RefusalCode.NO_ROOM_FOR_PAPER, manifest.package_id)
        if refusal is not None:
            raise RefusedError(refusal)


async def _pause(failures: int) -> None:
    await asyncio.sleep(retry_delay(failures, random.random()))  # noqa: S311  # jitter, no secret
