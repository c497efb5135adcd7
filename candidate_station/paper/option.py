"""One choosable option of any interaction."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Option:
    """One choosable option; ``option_id`` is its canonical id."""

    option_id: str
    html: str
