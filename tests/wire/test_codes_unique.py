"""One code, one meaning: two names of an enumeration with one value would be one member, and a
full disk would be told as a damaged store."""

import enum
import importlib
import pkgutil

import pytest

import venue_server.ledger.catalogue
import venue_server.wire


def _enumerations() -> list[type[enum.Enum]]:
    names = [each.name for each in pkgutil.iter_modules(venue_server.wire.__path__)]
    modules = [importlib.import_module(f"venue_server.wire.{name}") for name in names]
    return sorted(
        {
            kind
            for module in (*modules, venue_server.ledger.catalogue)
            for kind in vars(module).values()
            if isinstance(kind, type)
            and issubclass(kind, enum.Enum)
            and kind.__module__ == module.__name__
        },
        key=lambda kind: (kind.__module__, kind.__name__),
    )


@pytest.mark.parametrize("kind", _enumerations(), ids=lambda kind: kind.__name__)
def test_no_two_names_share_a_code(kind: type[enum.Enum]) -> None:
    other = {name: member.name for name, member in kind.__members__.items() if name != member.name}
    assert other == {}


def test_every_code_is_looked_at() -> None:
    names = {kind.__name__ for kind in _enumerations()}
    assert names >= {"AlarmCode", "RefusalCode", "RemarkCode", "Event"}
