"""The sealed sample paper and its venue, as in the journeys (tests/journeys/venue)."""

from tests.journeys.venue.conftest import kit, template

__all__ = ["kit", "template"]
