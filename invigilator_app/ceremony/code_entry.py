"""Entering the sealed offline code: two custodians, one after the other (E03).

The first custodian is whoever is signed in. The second has to sign in at this console (or at
another one) before entering theirs, because the server takes the shares from two different
signed-in people only. Words are never kept here.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from invigilator_app.actions.orders import Answer
from venue_server.wire.console_views import Done
from venue_server.wire.messages import Refused
from venue_server.wire.refusals import RefusalCode

SHARE_WORDS = (20, 33)  # SLIP-39: shares of a 128-bit and of a 256-bit secret


class CodeStep(StrEnum):
    FIRST = "FIRST"
    FIRST_SENT = "FIRST_SENT"
    SECOND_SIGN_IN = "SECOND_SIGN_IN"
    SECOND = "SECOND"
    SECOND_SENT = "SECOND_SENT"
    DONE = "DONE"


TRANSITIONS: dict[CodeStep, frozenset[CodeStep]] = {
    CodeStep.FIRST: frozenset({CodeStep.FIRST_SENT}),
    CodeStep.FIRST_SENT: frozenset({CodeStep.FIRST, CodeStep.SECOND_SIGN_IN, CodeStep.DONE}),
    CodeStep.SECOND_SIGN_IN: frozenset({CodeStep.SECOND}),
    CodeStep.SECOND: frozenset({CodeStep.SECOND_SENT, CodeStep.SECOND_SIGN_IN}),
    CodeStep.SECOND_SENT: frozenset(
        {CodeStep.SECOND, CodeStep.SECOND_SIGN_IN, CodeStep.FIRST, CodeStep.DONE}
    ),
    CodeStep.DONE: frozenset(),
}


@dataclass(frozen=True)
class CodeEntry:
    """``first_person`` entered the first share; the second share must come from someone else."""

    step: CodeStep = CodeStep.FIRST
    first_person: str = ""

    def _to(self, step: CodeStep) -> "CodeEntry":
        assert step in TRANSITIONS[self.step], (self.step, step)
        return replace(self, step=step)

    def sent(self, person_id: str) -> "CodeEntry":
        """The person's words went out."""
        if self.step is CodeStep.FIRST:
            return replace(self._to(CodeStep.FIRST_SENT), first_person=person_id)
        return self._to(CodeStep.SECOND_SENT)

    def answered(self, answer: Answer) -> "CodeEntry":
        """The server's answer to the words sent last. Taken but not complete: the next custodian
        signs in; a code is complete but another form's is awaited: that one begins, with whoever is
        signed in. A no (or no answer) lets the words be entered again; a share from the same
        person sends somebody else to sign in."""
        first = self.step is CodeStep.FIRST_SENT
        match answer:
            case Done(result={"complete": True}):
                return self._to(CodeStep.DONE)
            case Done(result={"form": str(form)}) if form and not first:
                return replace(self._to(CodeStep.FIRST), first_person="")
            case Done():
                return self._to(CodeStep.SECOND_SIGN_IN)
            case Refused(code=RefusalCode.RELEASE_DONE):
                return self._to(CodeStep.DONE)
            case Refused(code=RefusalCode.CODE_SAME_PERSON) if not first:
                return self._to(CodeStep.SECOND_SIGN_IN)
            case _:
                return self._to(CodeStep.FIRST if first else CodeStep.SECOND)

    def signed_in(self, person_id: str) -> "CodeEntry":
        """Somebody signed in at this console."""
        if self.step is CodeStep.SECOND_SIGN_IN and person_id != self.first_person:
            return self._to(CodeStep.SECOND)
        if self.step is CodeStep.SECOND and person_id == self.first_person:
            return self._to(CodeStep.SECOND_SIGN_IN)
        return self


def word_count(words: str) -> int:
    """Number of words typed so far."""
    return len(words.split())


def complete(words: str) -> bool:
    """True when the number of words is that of a share; the server checks the words."""
    return word_count(words) in SHARE_WORDS
