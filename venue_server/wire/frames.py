"""What every message is made of: the base of what is sent, of its parts, and the second person."""

import msgspec


class Message(msgspec.Struct, frozen=True, tag_field="t", tag=True, forbid_unknown_fields=False):
    """Base of everything that is sent."""


class Part(msgspec.Struct, frozen=True):
    """Base of what is only ever sent inside a message."""


class Second(Part, frozen=True):
    """The second person of a two-person order, signing at the same console (D07, N03). ``totp`` is
    the code of their second factor, where they have one."""

    person_id: str
    password: str
    totp: str = ""

    def __repr__(self) -> str:
        return f"Second({self.person_id!r})"
