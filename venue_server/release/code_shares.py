"""Shares of sealed codes as custodians enter them: sorted by code, two people each (E03).

Every form has a code of its own. A share says which code it belongs to (SLIP-39's set identifier),
so custodians may enter the shares of several forms in any order, and nobody has to say which form a
sheet of words is for. Shares live in memory only.
"""

from venue_server.vault import slip39
from venue_server.wire.refusals import Refusal, RefusalCode

SHARES_NEEDED = 2


class CodeShares:
    """What was entered for one session so far."""

    def __init__(self) -> None:
        self._by_code: dict[int, dict[str, str]] = {}

    def __repr__(self) -> str:
        return f"CodeShares({len(self._by_code)} codes begun)"

    def enter(self, person_id: str, words: str, codes_awaited: int) -> list[str] | Refusal:
        """Take one share of a well-typed code; returns the shares of its code so far.

        Refused: REL-08 the same person or the same share twice for one code; REL-07 a share of yet
        another code than the ``codes_awaited`` can be: one of those begun is wrong, all begin anew.
        """
        identifier, _index, _threshold = slip39.check(words)
        shares = self._by_code.setdefault(identifier, {})
        text = slip39.tidy(words)
        if person_id in shares or text in shares.values():
            return Refusal(RefusalCode.CODE_SAME_PERSON)
        if len(self._by_code) > codes_awaited:
            self._by_code.clear()
            return Refusal(RefusalCode.CODE_SHARE_INVALID)
        shares[person_id] = text
        return list(shares.values())

    def forget(self, words: str) -> None:
        """The code of this share is done with, right or wrong."""
        self._by_code.pop(slip39.check(words)[0], None)
