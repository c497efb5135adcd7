"""Attempts to open a paper that were refused: counted, locked, told (D11, S1 article 46, F23).

A share of the sealed code cannot be guessed (256 bits), so the lock protects no secret: it makes an
attempt visible and slow. Two kinds are told apart. Somebody who enters words *before* the release
point tries what nobody may: the first time stands on every console, from the third time on they
are told that they are locked out, until the point has come. Somebody who mistypes 33 words at the
right time has a room full of candidates waiting: five in a row lock for one minute only.

Pure. Instants are real milliseconds on one clock that only goes forward.
"""

from dataclasses import dataclass, replace

from venue_server.wire.refusals import RefusalCode

EARLY_ALLOWED = 3
WRONG_ALLOWED = 5
WRONG_LOCKED_MS = 60_000
# What somebody did wrong; the others (time not trusted, released already) are nobody's attempt.
EARLY = frozenset({RefusalCode.RELEASE_TOO_EARLY})
WRONG = frozenset(
    {
        RefusalCode.CODE_SHARE_INVALID,
        RefusalCode.CODE_SAME_PERSON,
        RefusalCode.RELEASE_SECRET_WRONG,
    }
)
# A token that is not headquarters' own for this paper and this instant is somebody's work.
FORGED = frozenset(
    {
        RefusalCode.SIGNATURE_INVALID,
        RefusalCode.RELEASE_TOKEN_FOREIGN,
        RefusalCode.RELEASE_SECRET_WRONG,
        RefusalCode.RELEASE_TOO_EARLY,
    }
)


@dataclass(frozen=True, slots=True)
class Attempts:
    """One person's refused entries for one session: ``early`` ever, ``wrong`` in a row, ``total``
    ever, and until when only wrong entries have locked them."""

    early: int = 0
    wrong: int = 0
    total: int = 0
    locked_until_ms: int = 0

    @property
    def tried_early(self) -> bool:
        """Too often before the release point, where there is nothing to enter."""
        return self.early >= EARLY_ALLOWED

    def is_locked(self, now_ms: int) -> bool:
        """Whether an entry is refused whatever it says, because of wrong ones before it."""
        return now_ms < self.locked_until_ms

    def after_refusal(self, code: RefusalCode, now_ms: int) -> "Attempts":
        """One more refused entry."""
        if code in EARLY:
            return replace(self, early=self.early + 1, total=self.total + 1)
        if code not in WRONG:
            return self
        wrong, until = self.wrong + 1, self.locked_until_ms
        if wrong >= WRONG_ALLOWED:
            wrong, until = 0, now_ms + WRONG_LOCKED_MS
        return replace(self, wrong=wrong, total=self.total + 1, locked_until_ms=until)

    def after_success(self) -> "Attempts":
        """A share was taken; the total stays."""
        return replace(self, wrong=0)
