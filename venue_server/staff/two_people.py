"""Who checks an order whose two people signed before (N03, S1 §42: 考务信息管理AB角制). Pure.

Two people opened the receipt, two sealed the answers; what they thereby cleared is performed by one
and checked by another, and both names stand in the ledger. B takes over from A by a recorded
delegation, which is looked at for every order anew, as recusals and closed accounts are.
"""

from collections.abc import Iterable, Sequence

from venue_server.staff.duty.rows import Delegation
from venue_server.staff.permissions import Named, may_second
from venue_server.staff.person import Person
from venue_server.wire.refusals import Refusal, RefusalCode

Pair = tuple[str, str]
"""Person ids of the two who signed."""


def acts_for(person_id: str, holder: str, running: Iterable[Delegation]) -> bool:
    """Is this the person themself, or who has a post of theirs by a delegation in force?"""
    return person_id == holder or any(
        each.giver == holder and each.taker == person_id for each in running
    )


def same_two(two: Pair, signed: Pair, running: Sequence[Delegation]) -> bool:
    """Are these two the two who signed, or people in their place, in either order?"""
    (one, other), (first, second) = two, signed
    if one == other:
        return False
    straight = acts_for(one, first, running) and acts_for(other, second, running)
    return straight or (acts_for(one, second, running) and acts_for(other, first, running))


def checker(
    performer: Person,
    signed: Pair,
    named: Named,
    order_name: str,
    people: Sequence[Person],
    running: Sequence[Delegation],
) -> Person | Refusal:
    """Who checks what ``performer`` orders, of the two who signed. ``people`` as they may act now,
    ``running`` the delegations in force.

    A receipt is the business of the two who opened it, so the performer must be one of them:
    STF-11. What was cleared under the sealing is performed by any who may order it. STF-12 when
    nobody of those who signed may check any more (recused, closed account, other post): then a
    second person signs now.
    """
    here = {one.person_id: one for one in people}
    others = [
        other
        for own, other in (signed, signed[::-1])
        if named is not Named.RECEIPT or acts_for(performer.person_id, own, running)
    ]
    if not others:
        return Refusal(RefusalCode.NOT_OF_THE_TWO, "+".join(signed))
    for other in others:
        for person_id in (other, *(each.taker for each in running if each.giver == other)):
            found = here.get(person_id)
            if found is not None and may_second(performer, found, order_name) is None:
                return found
    return Refusal(RefusalCode.SIGNER_GONE, "+".join(others))
