"""What all tests share: their collector of garbage looks seldom."""

import gc

import pytest

OBJECTS = 10_000
"""New objects between two looks; Python's own number is 700."""


def pytest_configure() -> None:
    """Nine thousand tests are read in: nothing of that is garbage."""
    gc.disable()


def pytest_collection_finish(session: pytest.Session) -> None:
    """What was read in stays to the end: no look goes through it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS, 20, 20)
    gc.enable()
